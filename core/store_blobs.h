/*
 * store_blobs.h - files of others' photos: which are still to be fetched,
 * and which have come. Small pictures are fetched by themselves: what is
 * missing is a query over the photos that are readable here, so nothing can
 * fall out of a list. Whole files come when somebody asked for them.
 */
#ifndef CORE_STORE_BLOBS_H
#define CORE_STORE_BLOBS_H

#include "core/store.h"

struct store_blob {
    struct hash name;
    int64_t event; /* row of the event that names it */
};

/* Where a walk over the photos stands, newest first. */
struct store_blob_mark {
    int64_t hlc, row;
};
void store_blob_mark_top(struct store_blob_mark *mark);

/* At most `max` small pictures that aren't here, further on than `mark`,
 * which moves; `*count` 0 at the end. */
MUST_USE enum err store_blobs_small(struct store *s,
                                    struct store_blob_mark *mark,
                                    struct store_blob *out, size_t max,
                                    size_t *count);

/* Somebody wants to see it; nothing when it is here already. */
MUST_USE enum err store_blob_ask(struct store *s, const struct store_blob *b);
/* The first that was asked for, with a name after `after`; ERR_NOT_FOUND. */
MUST_USE enum err store_blob_asked(struct store *s, const struct hash *after,
                                   struct store_blob *out);

/*
 * The file is durable: it is here from now on. ERR_NOT_FOUND when the event
 * that named it has been erased meanwhile: the file is not to stay then.
 */
MUST_USE enum err store_blob_here(struct store *s, const struct store_blob *b,
                                  uint64_t size);

#endif /* CORE_STORE_BLOBS_H */
