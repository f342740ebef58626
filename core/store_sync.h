/*
 * store_sync.h - what only the sync engine keeps: signed pages, and the
 * stored form of any event by its name.
 */
#ifndef CORE_STORE_SYNC_H
#define CORE_STORE_SYNC_H

#include "core/event.h"
#include "core/store.h"

struct store_page {
    int64_t id;                    /* of one that was found */
    struct buf seal, leaves, refs; /* as in sql/0002_sync.sql */
};
void store_page_begin(struct store_page *p);
void store_page_fini(struct store_page *p);

MUST_USE enum err store_page_add(struct store *s, const struct store_page *p);
/* The first one after `id`; ERR_NOT_FOUND at the end. */
MUST_USE enum err store_page_after(struct store *s, int64_t id,
                                   struct store_page *out);

/* Appends the event as it is sent (core/event.h); ERR_NOT_FOUND. */
MUST_USE enum err store_event_wire(struct store *s, const struct event_ref *ref,
                                   struct buf *out);

#endif /* CORE_STORE_SYNC_H */
