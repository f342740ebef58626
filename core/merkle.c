#include "core/merkle.h"

#include "core/crypto.h"

static void hash_leaf(struct bytes data, struct hash *out)
{
    static const uint8_t prefix = 0x00;

    crypto_sha256_2((struct bytes){ &prefix, 1 }, data, out);
}

static void hash_node(const struct hash *left, const struct hash *right,
                      struct hash *out)
{
    uint8_t pair[1 + 2 * sizeof(left->bytes)] = { 0x01 };

    for (size_t i = 0; i < sizeof(left->bytes); i++) {
        pair[1 + i] = left->bytes[i];
        pair[1 + sizeof(left->bytes) + i] = right->bytes[i];
    }
    crypto_sha256((struct bytes){ pair, sizeof(pair) }, out);
}

void merkle_init(struct merkle *m)
{
    *m = (struct merkle){ .size = 0 };
}

static enum err tell(merkle_store_fn store, void *ctx, unsigned level,
                     uint64_t index, const struct hash *node)
{
    return store != NULL ? store(ctx, level, index, node) : ERR_OK;
}

enum err merkle_append(struct merkle *m, struct bytes data,
                       merkle_store_fn store, void *ctx)
{
    uint64_t index = m->size;
    unsigned level = 0;
    struct hash node;
    enum err err;

    if (m->size >= (uint64_t)1 << (MERKLE_LEVELS - 1)) {
        return ERR_FULL;
    }
    hash_leaf(data, &node);
    err = tell(store, ctx, level, index, &node);
    /* As adding one in binary: each set bit is a subtree that is closed. */
    while (!err && index % 2 == 1) {
        hash_node(&m->frontier[level], &node, &node);
        index /= 2;
        level++;
        err = tell(store, ctx, level, index, &node);
    }
    if (err) {
        return err;
    }
    m->frontier[level] = node;
    m->size++;
    return ERR_OK;
}

void merkle_root(const struct merkle *m, struct hash *out)
{
    bool any = false;

    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((m->size >> level & 1) == 0) {
            continue;
        }
        if (any) {
            hash_node(&m->frontier[level], out, out);
        } else {
            *out = m->frontier[level];
            any = true;
        }
    }
    if (!any) {
        crypto_sha256((struct bytes){ NULL, 0 }, out);
    }
}

/* --- proofs: made from stored nodes --- */

/* Level of the largest full subtree below `size` leaves: size > 1. */
static unsigned split_level(uint64_t size)
{
    unsigned level = 0;

    while (((uint64_t)2 << level) < size) {
        level++;
    }
    return level;
}

/* Root of leaves [start, start + size), out of the full subtrees in it. */
static enum err range_root(uint64_t start, uint64_t size, merkle_node_fn node,
                           void *ctx, struct hash *out)
{
    struct hash full;
    bool any = false;

    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        enum err err;

        if ((size >> level & 1) == 0) {
            continue;
        }
        /* What lies above this bit is to its left. */
        err =
            node(ctx, level,
                 (start + (size >> level >> 1 << level << 1)) >> level, &full);
        if (err) {
            return err;
        }
        if (any) {
            hash_node(&full, out, out);
        } else {
            *out = full;
            any = true;
        }
    }
    return ERR_OK;
}

/* The siblings on the way down are found top first, wanted leaf first. */
static void reverse(struct merkle_proof *p, size_t from)
{
    for (size_t i = from, j = p->count; i + 1 < j; i++) {
        const struct hash swap = p->nodes[i];

        j--;
        p->nodes[i] = p->nodes[j];
        p->nodes[j] = swap;
    }
}

/* RFC 6962 section 2.1.1, PATH(m, D[n]). */
enum err merkle_prove(uint64_t index, uint64_t size, merkle_node_fn node,
                      void *ctx, struct merkle_proof *out)
{
    uint64_t start = 0;
    enum err err = ERR_OK;

    out->count = 0;
    if (index >= size || size > (uint64_t)1 << (MERKLE_LEVELS - 1)) {
        return ERR_NOT_FOUND;
    }
    while (size > 1 && !err) {
        const uint64_t left = (uint64_t)1 << split_level(size);
        struct hash *sibling = &out->nodes[out->count++];

        if (index < left) {
            err = range_root(start + left, size - left, node, ctx, sibling);
            size = left;
        } else {
            err = range_root(start, left, node, ctx, sibling);
            start += left;
            index -= left;
            size -= left;
        }
    }
    reverse(out, 0);
    return err;
}

/* RFC 6962 section 2.1.2, PROOF(m, D[n]) by SUBPROOF(m, D[n], true). */
enum err merkle_prove_prefix(uint64_t old_size, uint64_t size,
                             merkle_node_fn node, void *ctx,
                             struct merkle_proof *out)
{
    uint64_t start = 0;
    bool is_whole = true; /* the old tree is the left edge until here */
    enum err err = ERR_OK;

    out->count = 0;
    if (old_size > size || size > (uint64_t)1 << (MERKLE_LEVELS - 1)) {
        return ERR_NOT_FOUND;
    }
    if (old_size == 0) {
        return ERR_OK; /* the empty tree is a prefix of each */
    }
    while (old_size < size && !err) {
        const uint64_t left = (uint64_t)1 << split_level(size);
        struct hash *sibling = &out->nodes[out->count++];

        if (old_size <= left) {
            err = range_root(start + left, size - left, node, ctx, sibling);
            size = left;
        } else {
            err = range_root(start, left, node, ctx, sibling);
            start += left;
            old_size -= left;
            size -= left;
            is_whole = false;
        }
    }
    if (!err && !is_whole) {
        err = range_root(start, size, node, ctx, &out->nodes[out->count++]);
    }
    reverse(out, 0);
    return err;
}

/* --- checking: RFC 9162, sections 2.1.3.2 and 2.1.4.2 --- */

enum err merkle_check(struct bytes data, uint64_t index, uint64_t size,
                      const struct merkle_proof *p, const struct hash *root)
{
    uint64_t at = index;
    uint64_t last = size - 1;
    struct hash node;

    if (index >= size) {
        return ERR_BAD_HASH;
    }
    hash_leaf(data, &node);
    for (size_t i = 0; i < p->count; i++) {
        if (last == 0) {
            return ERR_BAD_HASH; /* too long */
        }
        if (at % 2 == 1 || at == last) {
            hash_node(&p->nodes[i], &node, &node);
            while (at % 2 == 0 && at != 0) {
                at >>= 1; /* levels where the right edge has no sibling */
                last >>= 1;
            }
        } else {
            hash_node(&node, &p->nodes[i], &node);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_eq(&node, root) ? ERR_OK : ERR_BAD_HASH;
}

/* Both roots from one walk: the old one takes only what lies to the left. */
static enum err walk_prefix(uint64_t at, uint64_t last,
                            const struct merkle_proof *p, size_t from,
                            struct hash *old_out, struct hash *new_out)
{
    for (size_t i = from; i < p->count; i++) {
        if (last == 0) {
            return ERR_BAD_HASH;
        }
        if (at % 2 == 1 || at == last) {
            hash_node(&p->nodes[i], old_out, old_out);
            hash_node(&p->nodes[i], new_out, new_out);
            while (at % 2 == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash_node(new_out, &p->nodes[i], new_out);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 ? ERR_OK : ERR_BAD_HASH;
}

enum err merkle_check_prefix(uint64_t old_size, const struct hash *old_root,
                             uint64_t size, const struct hash *root,
                             const struct merkle_proof *p)
{
    struct hash old_node;
    struct hash new_node;
    uint64_t at = old_size - 1;
    uint64_t last = size - 1;
    size_t from = 0;
    enum err err;

    if (old_size > size) {
        return ERR_BAD_HASH;
    }
    if (old_size == 0 || old_size == size) {
        merkle_root(&(const struct merkle){ .size = 0 }, &old_node);
        if (p->count != 0 ||
            !hash_eq(old_root, old_size == 0 ? &old_node : root)) {
            return ERR_BAD_HASH;
        }
        return ERR_OK;
    }
    while (at % 2 == 1) {
        at >>= 1;
        last >>= 1;
    }
    /* A full old tree starts from its own root, which isn't in the proof. */
    old_node = *old_root;
    if (at != 0) {
        if (p->count == 0) {
            return ERR_BAD_HASH;
        }
        old_node = p->nodes[from++];
    }
    new_node = old_node;
    err = walk_prefix(at, last, p, from, &old_node, &new_node);
    if (err) {
        return err;
    }
    return hash_eq(&old_node, old_root) && hash_eq(&new_node, root)
               ? ERR_OK
               : ERR_BAD_HASH;
}
