/*
 * csv.h - reads comma-separated values strictly as RFC 4180 has them: rows
 * end with CR LF or LF, a quoted field may hold commas, line ends and
 * doubled quotes, every row has as many fields as the first.
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "core/buf.h"

#define CSV_FIELDS_MAX 256 /* columns; police.uk files have 12 */

struct csv_reader {
    struct bytes in;
    size_t at;
    uint64_t line;     /* of the next row, from 1 */
    uint64_t row_line; /* where the last row began */
    size_t width;      /* fields in the first row, 0 before it */
    const char *why;   /* plain words after ERR_BAD_DATA */
    struct buf text;   /* owned: unquoted fields of the current row */
    size_t starts[CSV_FIELDS_MAX + 1];
};

/* Reads `in`, which must outlive the reader; a leading BOM is skipped. */
void csv_open(struct csv_reader *r, struct bytes in);
void csv_close(struct csv_reader *r);

/*
 * The next row. ERR_NOT_FOUND at the end. ERR_BAD_DATA with `why` and
 * `row_line` set: a quote in the wrong place, an unclosed quote, a row of
 * another width, text that isn't UTF-8, a NUL.
 */
MUST_USE enum err csv_next(struct csv_reader *r);

/* Field `i` of the current row, i < width; ends with a NUL as well. */
struct bytes csv_field(const struct csv_reader *r, size_t i);

#endif /* CORE_CSV_H */
