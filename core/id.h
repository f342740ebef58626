/*
 * id.h - names of things: UUIDs that sort by time, codes that people type,
 * and the numbers on notices.
 *
 * What people read aloud and type ends in a check character: a weighted sum
 * over GF(32), which finds each single wrong character and neighbours that
 * changed places. Codes are Crockford's base 32: letters in either case, O
 * read as 0, I and L as 1, dashes and spaces ignored.
 */
#ifndef CORE_ID_H
#define CORE_ID_H

#include "core/base.h"

/* --- UUIDv7 (RFC 9562, section 5.7) --- */

/*
 * From milliseconds since 1970 and 10 random bytes, of which 74 bits count.
 * Who makes several in one millisecond and wants them in order counts up in
 * random[0..1] (the 12 bits of rand_a, big-endian, low bits).
 */
void id_uuid7(uint64_t unix_ms, const uint8_t random[10], struct uuid *id_out);

/* --- one-time codes --- */

#define ID_CODE_MAX 32 /* bytes: twice the recovery code */
/* Groups of four characters with dashes, and a NUL. */
#define ID_CODE_TEXT_SIZE (((ID_CODE_MAX * 8 + 4) / 5 + 1) * 5 / 4 + 2)

void id_code_format(struct bytes code, char out[ID_CODE_TEXT_SIZE]);

/*
 * A code of exactly `len` bytes. ERR_BAD_DATA: a character that no code has,
 * or too few or too many, with its place in `*at_out` (may be NULL);
 * ERR_BAD_HASH: mistyped, the check character doesn't fit.
 */
MUST_USE enum err id_code_parse(const char *text, uint8_t *out, size_t len,
                                size_t *at_out);

/* --- notice numbers: WB-07-26-004183-K --- */

#define ID_NOTICE_TEXT_SIZE  22
#define ID_NOTICE_BLOCK_MAX  9999   /* two digits until there are more */
#define ID_NOTICE_SERIAL_MAX 999999 /* six digits */

struct id_notice {
    char council[3]; /* two capital letters and a NUL */
    unsigned block;  /* leased to one incarnation; from 1 */
    unsigned year;   /* 0 to 99 */
    unsigned serial; /* from 1 */
};

void id_notice_format(const struct id_notice *number,
                      char out[ID_NOTICE_TEXT_SIZE]);

/* Dashes or spaces between the parts, either case. Errors as for codes. */
MUST_USE enum err id_notice_parse(const char *text,
                                  struct id_notice *number_out, size_t *at_out);

#endif /* CORE_ID_H */
