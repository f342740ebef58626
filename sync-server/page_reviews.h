/*
 * page_reviews.h - what the list of reviews and the page of one share.
 */
#ifndef SYNC_SERVER_PAGE_REVIEWS_H
#define SYNC_SERVER_PAGE_REVIEWS_H

#include "sync-server/page.h"
#include "sync-server/reviews.h"

/* Leaders and auditors see every patrol, an officer their own. */
bool page_review_may_see(const struct page_rights *rights,
                         const struct session *s, const struct review_log *log);
/* A tag: "To review", "Sent back", "Approved", "On patrol". */
void page_put_review_state(const struct review_log *log, struct buf *out);
/* Who said so, when and why; nothing without a verdict. */
void page_put_verdict(struct council *c, const struct review_log *log,
                      struct buf *out);

#endif /* SYNC_SERVER_PAGE_REVIEWS_H */
