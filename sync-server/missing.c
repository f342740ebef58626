#include "sync-server/missing.h"

#include <string.h>

#include "core/mem.h"

struct missing {
    struct council *c;
    struct sdb_blob *list;
    size_t count, cap;
};

static enum err keep(struct missing *m, const struct sdb_blob *b)
{
    if (m->count == m->cap) {
        const size_t cap = 2 * m->cap + 16;
        struct sdb_blob *more = mem_realloc(m->list, cap * sizeof(*more));

        if (more == NULL)
            return ERR_NOMEM;
        m->list = more;
        m->cap = cap;
    }
    m->list[m->count++] = *b;
    return ERR_OK;
}

static enum err look(void *ctx, const struct sdb_blob *b)
{
    struct missing *m = ctx;
    const struct port *port = m->c->port;
    uint64_t size;
    const enum err err = port->ops->blob_size(port->ctx, &b->name, &size);

    return err == ERR_NOT_FOUND ? keep(m, b) : err;
}

static enum err want(struct missing *m)
{
    struct wire_checkpoint all;
    enum err err = ERR_OK;

    for (size_t i = 0; i < m->count && !err; i++) {
        m->list[i].is_held = false;
        m->list[i].held_ms = 0;
        err = sdb_blob_put(m->c->db, &m->list[i]);
    }
    if (err || m->count == 0)
        return err;
    ledger_checkpoint(&m->c->ledger, &all);
    return council_restart_log(m->c, &all);
}

enum err missing_want_again(struct council *c, uint64_t *count_out)
{
    struct missing m = { .c = c };
    enum err err = council_begin(c);

    *count_out = 0;
    if (err)
        return err;
    err = sdb_blob_held(c->db, 0, look, &m);
    err = err ? err : want(&m);
    if (err) {
        council_rollback(c);
    } else {
        err = council_commit(c);
    }
    *count_out = err ? 0 : m.count;
    mem_free(m.list);
    return err;
}
