/*
 * form_text.h - answers written as text, as the command line ("field=value")
 * and imports give them.
 *
 *   text, one_of, yes_no_unknown   as it stands
 *   number                         12
 *   many_of                        a;b;c
 *   date_time                      2026-10-16T10:05:00+01:00, or ms UTC
 *   place                          51.5876543 -3.0012345, words if you like
 *   line, area                     a geometry as core/drawn.h writes it
 *   bytes                          hex
 *
 * records.csv writes the same, so an export can be read back.
 */
#ifndef CORE_FORM_TEXT_H
#define CORE_FORM_TEXT_H

#include "core/arena.h"
#include "core/form_check.h"

/*
 * The answer to the question `key` of `form`, common fields included; only
 * its kind is looked at, the rest is form_check's. An empty text is no
 * answer. The value points into `text` and `arena`.
 * ERR_NOT_FOUND: the form has no such question. ERR_BAD_DATA: the text is
 * none of its kind. ERR_UNSUPPORTED: children are records of their own.
 */
MUST_USE enum err form_read(const struct form *form, const char *key,
                            const char *text, struct arena *arena,
                            struct form_value *value_out);

/*
 * RFC 3339 with "Z" or an offset, seconds and fraction optional, to ms UTC
 * since 1970. ERR_BAD_DATA for anything else, and for dates that no calendar
 * has.
 */
MUST_USE enum err form_read_time(const char *text, int64_t *ms_out);

#endif /* CORE_FORM_TEXT_H */
