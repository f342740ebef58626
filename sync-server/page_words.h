/*
 * page_words.h - a record's fields in words: what is asked, what was
 * answered, who wrote it and by which clock. Plain text; templates escape.
 */
#ifndef SYNC_SERVER_PAGE_WORDS_H
#define SYNC_SERVER_PAGE_WORDS_H

#include "core/form.h"
#include "core/merge.h"
#include "sync-server/page.h"

/* The question; `form` NULL: not published here. */
void page_words_label(const struct form *form, uint64_t field, char *out,
                      size_t size);
/* One value (CBOR) of a field. */
void page_words_value(struct council *c, const struct form *form,
                      uint64_t field, struct bytes value, struct buf *out);
/* A set of codes, merged. */
void page_words_codes(const struct form *form, uint64_t field,
                      struct bytes codes, struct buf *out);
/* "Strike it out: why", of a strike's event. */
void page_words_strike(struct bytes body, struct buf *out);
/* "Amina Yusuf (4127), tablet WB-07" */
void page_words_who(struct council *c, const struct event_header *h, char *out,
                    size_t size);
/* "23 Oct 2026, 15:00:01 UTC by that device's own clock" */
void page_words_when(const struct event_header *h, char *out, size_t size);
/* The same; where the clock was wrong (clocks.h), also that it was. */
void page_words_came(struct council *c, const struct event_header *h,
                     int64_t received_ms, char *out, size_t size);
/* "Corrected", "Recorded": what an operation did; never empty. */
const char *page_words_op(uint64_t op);
/* "Observation", "Notebook entry"; never empty. */
const char *page_words_kind(uint64_t kind);

#endif /* SYNC_SERVER_PAGE_WORDS_H */
