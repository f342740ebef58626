/*
 * store_parcels.h - hand-over files (handover.h) of other tablets that this
 * one carries: taken, uploaded with the next syncs, answered.
 */
#ifndef CORE_STORE_PARCELS_H
#define CORE_STORE_PARCELS_H

#include "core/store.h"

/* Stored: append only. */
enum store_parcel_state {
    PARCEL_WAITING = 0,
    PARCEL_DELIVERED = 1,
    PARCEL_REFUSED = 2
};

struct store_parcel {
    struct hash name; /* SHA-256 of the file, which lies among the blobs */
    uint64_t size;
    enum store_parcel_state state;
    char words[400]; /* why it was refused; else "" */
    int64_t taken_ms;
    bool has_answer;
};
typedef enum err (*store_parcel_fn)(void *ctx, const struct store_parcel *p);

/* The file is durable. Nothing when it was taken before, unless it was
 * refused: then it waits again. ERR_FULL: PARCELS_MAX wait. */
MUST_USE enum err store_parcel_add(struct store *s, const struct hash *name,
                                   uint64_t size, int64_t now_ms);
/* Oldest first. */
MUST_USE enum err store_parcels(struct store *s, store_parcel_fn fn, void *ctx);
/* The first that waits, of at most `max_size` bytes; ERR_NOT_FOUND. */
MUST_USE enum err store_parcel_next(struct store *s, uint64_t max_size,
                                    struct store_parcel *out);
MUST_USE enum err store_parcel_end(struct store *s, const struct hash *name,
                                   enum store_parcel_state state,
                                   struct bytes words, struct bytes answer);
/* ERR_NOT_FOUND: no such one, or no answer yet. */
MUST_USE enum err store_parcel_answer(struct store *s, const struct hash *name,
                                      struct buf *out);

#endif /* CORE_STORE_PARCELS_H */
