/*
 * page_record.h - what the pages about one record share: its fields, what
 * hangs on it, signatures. Open records only; page_closed.c uses the last.
 */
#ifndef SYNC_SERVER_PAGE_RECORD_H
#define SYNC_SERVER_PAGE_RECORD_H

#include "sync-server/children.h"
#include "sync-server/decide.h"
#include "sync-server/held.h"
#include "sync-server/page_words.h"
#include "sync-server/said.h"

/* May this session read the open record `r`? Leaders and auditors any, an
 * officer what they made, an administrator none. */
bool page_record_may_see(const struct page_rights *rights,
                         const struct session *s,
                         const struct decide_record *r);

/* Each field with its values, and who wrote them when; two values stand side
 * by side. Keys of photos, signatures and what it hangs on are left out. */
void page_put_fields(struct council *c, const struct decide_record *r,
                     struct buf *out);

/* Persons, vehicles, rows, then photos, then signatures: page_children.c */
MUST_USE enum err page_put_children(struct council *c,
                                    const struct held_keys *keys,
                                    const struct decide_record *r,
                                    struct buf *out);

/* Questions, answers and reviews of one record: page_questions.c */
void page_put_said(struct council *c, const struct said *said, struct buf *out);

/* What a signature stands in, and who may have co-signed it. */
struct page_signed {
    const struct merge_record *merged;
    struct uuid officer; /* who wrote the words down */
    uint64_t position;   /* of its create in the log */
};
/* One signature, drawn, with what it is worth: page_signature.c */
MUST_USE enum err page_put_signature(struct council *c,
                                     const struct held_keys *keys,
                                     const struct page_signed *s,
                                     struct buf *out);

/* The only value of a field; data NULL: none, or several. */
struct bytes page_record_value(const struct merge_record *m, uint64_t field);
/* The same as text into `out`, cut; "" without one. */
void page_record_text(const struct merge_record *m, uint64_t field, char *out,
                      size_t size);
/* The same as a number; 0 without one. */
int64_t page_record_int(const struct merge_record *m, uint64_t field);
/* As it stands, or stood before somebody struck it beside an edit. */
const struct merge_record *page_record_merged(const struct decide_record *r);

#endif /* SYNC_SERVER_PAGE_RECORD_H */
