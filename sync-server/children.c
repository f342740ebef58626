#include "sync-server/children.h"

#include <string.h>

#include "core/body.h"
#include "core/mem.h"

#define META_UPTO "children" /* every event below this position was seen */

struct look {
    struct sdb *db;
    struct body_view *view;
};

static enum err take_create(void *ctx, const struct sdb_event *e)
{
    const struct look *l = ctx;
    struct sdb_child child = { .record = e->record,
                               .kind = e->kind,
                               .position = e->position };

    if (e->body.data == NULL || body_parse(e->body, l->view) ||
        uuid_is_zero(&l->view->parent)) {
        return ERR_OK;
    }
    child.parent = l->view->parent;
    return sdb_child_add(l->db, &child);
}

static enum err read_upto(struct sdb *db, uint64_t *out)
{
    struct cbor_reader r;
    struct buf value;
    enum err err;

    *out = 0;
    buf_init(&value, 64);
    err = sdb_meta_get(db, META_UPTO, &value);
    if (!err) {
        cbor_open(&r, buf_bytes(&value));
        *out = cbor_get_uint(&r);
        err = r.err;
    }
    buf_fini(&value);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err write_upto(struct sdb *db, uint64_t upto)
{
    struct buf value;
    enum err err;

    buf_init(&value, 64);
    cbor_put_uint(&value, upto);
    err =
        value.err ? value.err : sdb_meta_put(db, META_UPTO, buf_bytes(&value));
    buf_fini(&value);
    return err;
}

static enum err look_on(struct council *c, uint64_t from, uint64_t to)
{
    struct look l = { .db = c->db, .view = mem_alloc(sizeof(*l.view)) };
    const uint64_t from_to[2] = { from, to };
    enum err err = l.view == NULL ? ERR_NOMEM : sdb_begin(c->db);

    if (err) {
        mem_free(l.view);
        return err;
    }
    err = sdb_child_creates(c->db, from_to, take_create, &l);
    err = err ? err : write_upto(c->db, to);
    if (err) {
        sdb_rollback(c->db);
    } else {
        err = sdb_commit(c->db);
    }
    mem_free(l.view);
    return err;
}

/* Events that were put back (a restored server) come behind all others. */
static enum err catch_up(struct council *c, bool *is_late_out)
{
    struct sdb_log log;
    uint64_t from = 0, end, to;
    enum err err = sdb_log_current(c->db, &log);

    err = err ? err : read_upto(c->db, &from);
    if (err) {
        return err;
    }
    end = log.base + log.size;
    to = end > from + CHILDREN_STEP ? from + CHILDREN_STEP : end;
    *is_late_out = to < end;
    return to > from ? look_on(c, from, to) : ERR_OK;
}

static enum err take_child(void *ctx, const struct sdb_child *child)
{
    struct children *out = ctx;

    if (out->count == CHILDREN_MAX) {
        out->is_cut = true;
        return ERR_STOPPED;
    }
    out->list[out->count++] = *child;
    return ERR_OK;
}

enum err children_of(struct council *c, const struct uuid *parent,
                     struct children *out)
{
    enum err err;

    memset(out, 0, sizeof(*out));
    err = catch_up(c, &out->is_late);
    return err ? err
               : sdb_child_list(c->db, parent, CHILDREN_MAX + 1, take_child,
                                out);
}
