/*
 * merkle.h - the Merkle tree of the server's log (RFC 6962, section 2.1):
 * leaf hash SHA-256(0x00 || data), node hash SHA-256(0x01 || left || right).
 *
 * The tree is kept as its frontier: the roots of the full subtrees, largest
 * first, of which a tree of n leaves has popcount(n). Old nodes come from a
 * reader that the caller gives (a table of the store), so nothing here
 * grows with the log.
 */
#ifndef CORE_MERKLE_H
#define CORE_MERKLE_H

#include "core/base.h"

#define MERKLE_LEVELS 48 /* 2^48 leaves: more than a council will write */

struct merkle {
    uint64_t size;                       /* leaves */
    struct hash frontier[MERKLE_LEVELS]; /* [level], set where size has it */
};

/* One stored node: the root of leaves [index << level, +1 << level). */
typedef enum err (*merkle_node_fn)(void *ctx, unsigned level, uint64_t index,
                                   struct hash *out);
/* Told of each node that an append completes, for storing it. */
typedef enum err (*merkle_store_fn)(void *ctx, unsigned level, uint64_t index,
                                    const struct hash *node);

void merkle_init(struct merkle *m);

/*
 * Add one leaf; `data` is hashed with the leaf prefix. `store` may be NULL.
 * After its error the tree is as it was.
 */
MUST_USE enum err merkle_append(struct merkle *m, struct bytes data,
                                merkle_store_fn store, void *ctx);
/* SHA-256 of nothing for the empty tree. */
void merkle_root(const struct merkle *m, struct hash *out);

struct merkle_proof {
    size_t count;
    struct hash nodes[2 * MERKLE_LEVELS];
};

/*
 * Audit path of leaf `index` in the tree of the first `size` leaves.
 * ERR_NOT_FOUND when there is no such leaf; else the error of `node`.
 */
MUST_USE enum err merkle_prove(uint64_t index, uint64_t size,
                               merkle_node_fn node, void *ctx,
                               struct merkle_proof *out);
/* That the first `old_size` leaves are a prefix of the first `size`. */
MUST_USE enum err merkle_prove_prefix(uint64_t old_size, uint64_t size,
                                      merkle_node_fn node, void *ctx,
                                      struct merkle_proof *out);

/* ERR_BAD_HASH unless the proof leads from `data` to `root`. */
MUST_USE enum err merkle_check(struct bytes data, uint64_t index, uint64_t size,
                               const struct merkle_proof *p,
                               const struct hash *root);
MUST_USE enum err merkle_check_prefix(uint64_t old_size,
                                      const struct hash *old_root,
                                      uint64_t size, const struct hash *root,
                                      const struct merkle_proof *p);

#endif /* CORE_MERKLE_H */
