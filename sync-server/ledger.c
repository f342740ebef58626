#include "sync-server/ledger.h"

#include <string.h>

enum err ledger_node(void *ctx, unsigned level, uint64_t index,
                     struct hash *out)
{
    const struct ledger_reader *r = ctx;

    return sdb_node_get(r->db, r->ordinal, level, index, out);
}

/* The tree of the first `size` leaves, from the stored nodes. */
static enum err tree_at(struct sdb *db, uint64_t ordinal, uint64_t size,
                        struct merkle *out)
{
    merkle_init(out);
    out->size = size;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        enum err err;

        if ((size >> level & 1) == 0) {
            continue;
        }
        err = sdb_node_get(db, ordinal, level, (size >> level) - 1,
                           &out->frontier[level]);
        if (err)
            return err == ERR_NOT_FOUND ? ERR_BAD_DATA : err;
    }
    return ERR_OK;
}

enum err ledger_load(struct sdb *db, struct ledger *out)
{
    enum err err = sdb_log_current(db, &out->log);

    out->db = db;
    return err ? err : tree_at(db, out->log.ordinal, out->log.size, &out->tree);
}

static enum err store_node(void *ctx, unsigned level, uint64_t index,
                           const struct hash *node)
{
    struct ledger *l = ctx;

    return sdb_node_put(l->db, l->log.ordinal, level, index, node);
}

enum err ledger_append(struct ledger *l, const struct hash *header,
                       uint64_t *position_out)
{
    const struct bytes leaf = { header->bytes, sizeof(header->bytes) };
    enum err err = merkle_append(&l->tree, leaf, store_node, l);

    if (err)
        return err;
    *position_out = l->log.base + l->log.size;
    l->log.size = l->tree.size;
    return ERR_OK;
}

enum err ledger_save(struct ledger *l)
{
    return sdb_log_put(l->db, &l->log);
}

enum err ledger_start(struct sdb *db, const struct uuid *id, struct ledger *l)
{
    struct sdb_log old;
    enum err err = sdb_log_current(db, &old);

    if (err && err != ERR_NOT_FOUND)
        return err;
    memset(l, 0, sizeof(*l));
    l->db = db;
    l->log.id = *id;
    l->log.ordinal = err ? 1 : old.ordinal + 1;
    l->log.base = err ? 0 : old.base + old.size;
    merkle_init(&l->tree);
    return ledger_save(l);
}

void ledger_checkpoint(const struct ledger *l, struct wire_checkpoint *out)
{
    out->log_id = l->log.id;
    out->size = l->log.size;
    merkle_root(&l->tree, &out->root);
}

enum err ledger_root_at(struct sdb *db, const struct sdb_log *log,
                        uint64_t size, struct hash *out)
{
    struct merkle tree;
    enum err err;

    if (size > log->size) {
        return ERR_NOT_FOUND;
    }
    err = tree_at(db, log->ordinal, size, &tree);
    if (!err) {
        merkle_root(&tree, out);
    }
    return err;
}

enum err ledger_knows(struct sdb *db, const struct uuid *log_id, uint64_t size,
                      const struct hash *root, bool *out)
{
    struct sdb_log log;
    struct hash ours;
    enum err err = sdb_log_find(db, log_id, &log);

    *out = false;
    err = err ? err : ledger_root_at(db, &log, size, &ours);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    *out = hash_eq(&ours, root);
    return ERR_OK;
}
