/*
 * world_photos.c - photos of colleagues, in every 8th run: the small picture
 * comes down by itself, the whole file when somebody asks for it. Its random
 * numbers are its own, so that the other runs stay as they were.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/limits.h"
#include "core/store_blobs.h"
#include "core/store_internal.h"
#include "tests/sim/world.h"

#define EVERY       8
#define THIS_ONE    1
#define SMALL_MAX   3000
#define WHOLE_MAX   20000
#define PIECES_MAX  (2 * BLOB_PART_MAX_BYTES)
#define MANY_PIECES 20 /* permille of the files */
#define SYNCS       6

void world_photos_plan(struct world_plan *plan)
{
    if (plan->seed % EVERY != THIS_ONE) {
        plan->permille[WORLD_PHOTO] = plan->permille[WORLD_PHOTO_ASKED] = 0;
    }
}

/* --- taken --- */

enum err world_put_file(struct world_tablet *t, struct sim_random *random,
                        size_t len, struct hash *name)
{
    const struct port *port = sim_port(t->machine);
    uint8_t *bytes = malloc(len);
    enum err err;

    if (bytes == NULL) {
        return ERR_NOMEM;
    }
    sim_random_fill(random, bytes, len);
    crypto_sha256((struct bytes){ bytes, len }, name);
    err =
        port->ops->part_write(port->ctx, name, 0, (struct bytes){ bytes, len });
    err = err ? err : port->ops->part_commit(port->ctx, name, name);
    free(bytes);
    return err;
}

bool world_take_photo(struct world *w, struct world_tablet *t,
                      struct hash files[2])
{
    struct sim_random *random = &w->chance[WORLD_PHOTO];
    const size_t most =
        sim_random_chance(random, MANY_PIECES) ? PIECES_MAX : WHOLE_MAX;

    return !world_put_file(t, random,
                           1 + (size_t)sim_random_below(random, most),
                           &files[0]) &&
           !world_put_file(t, random,
                           1 + (size_t)sim_random_below(random, SMALL_MAX),
                           &files[1]);
}

void world_put_photo(struct body_writer *w, const struct hash files[2])
{
    body_put_bytes(w, PHOTO_BLOB,
                   (struct bytes){ files[0].bytes, sizeof(files[0].bytes) });
    body_put_bytes(w, PHOTO_SMALL_BLOB,
                   (struct bytes){ files[1].bytes, sizeof(files[1].bytes) });
}

/* --- asked for --- */

static void ask(struct world *w, unsigned i)
{
    static const char sql[] =
        "SELECT f.event, substr(f.value, 3) FROM record r"
        " JOIN field f ON f.record = r.id AND f.field = ?1 AND f.ordinal = 0"
        " WHERE r.kind = ?2 AND f.event IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM blob b WHERE b.name = substr(f.value, 3))"
        " ORDER BY r.record LIMIT 1 OFFSET ?3";
    struct world_tablet *t = &w->tablets[i];
    struct store_blob b;
    sqlite3_stmt *st = NULL;
    enum err err = ERR_NOT_FOUND;

    if (t->store == NULL || !world_strikes(w, WORLD_PHOTO_ASKED) ||
        store_statement(t->store, sql, &st)) {
        return;
    }
    sqlite3_bind_int(st, 1, PHOTO_BLOB);
    sqlite3_bind_int(st, 2, KIND_PHOTO);
    sqlite3_bind_int(st, 3,
                     (int)sim_random_below(&w->chance[WORLD_PHOTO_ASKED], 4));
    if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 1) == 32) {
        b.event = sqlite3_column_int64(st, 0);
        memcpy(b.name.bytes, sqlite3_column_blob(st, 1), 32);
        err = ERR_OK;
    }
    sqlite3_reset(st);
    if (!err) {
        err = store_blob_ask(t->store, &b);
        world_trace(w, "asked", i, (uint64_t)err);
    }
}

void world_photos_act(struct world *w, unsigned i)
{
    if (w->plan.permille[WORLD_PHOTO] == 0) {
        return;
    }
    ask(w, i);
    /* Files come last: without more time they all would in calm weather. */
    for (unsigned n = 0; n < SYNCS && !w->is_calm; n++) {
        world_sync(w, i);
        world_reap(w);
    }
}

/* --- what must be true after --- */

struct look {
    struct world_tablet *tablet;
    struct sdb *server;
    const char *why; /* NULL: all is well */
};

/* Byte for byte what its name says. */
static bool is_whole(struct world_tablet *t, const struct hash *name)
{
    const struct port *port = sim_port(t->machine);
    const size_t size = 4 * BLOB_PART_MAX_BYTES;
    uint8_t *bytes = malloc(size);
    struct hash hash;
    size_t len = 0;
    bool is_same = bytes != NULL &&
                   !port->ops->blob_read(port->ctx, name, 0, bytes, size, &len);

    if (is_same) {
        crypto_sha256((struct bytes){ bytes, len }, &hash);
        is_same = hash_eq(&hash, name);
    }
    free(bytes);
    return is_same;
}

static bool is_in(struct world_tablet *t, const char *sql,
                  const struct hash *name)
{
    sqlite3_stmt *st = NULL;
    bool is_row;

    if (store_statement(t->store, sql, &st)) {
        return false;
    }
    sqlite3_bind_blob(st, 1, name->bytes, sizeof(name->bytes), SQLITE_STATIC);
    is_row = sqlite3_step(st) == SQLITE_ROW;
    sqlite3_reset(st);
    return is_row;
}

/* Held, and of an entry that counts: one that came again from a tablet whose
 * access had ended goes to nobody. */
static bool is_on_server(struct look *l, const struct hash *name)
{
    struct sdb_blob row;
    struct sdb_event e;

    return !sdb_blob_get(l->server, name, &row) && row.is_held &&
           !sdb_event_at(l->server, row.position, &e) && e.state == SDB_APPLIED;
}

static bool get_name(const struct body_view *view, uint64_t id,
                     struct hash *out)
{
    const struct body_field_view *f = body_find(view, id);

    if (f == NULL || f->value.len != 2 + sizeof(out->bytes)) {
        return false;
    }
    memcpy(out->bytes, f->value.data + 2, sizeof(out->bytes));
    return true;
}

static void check_photo(struct look *l, const struct body_view *view)
{
    static const char sql_here[] = "SELECT 1 FROM blob WHERE name = ?1";
    static const char sql_asked[] = "SELECT 1 FROM blob_asked WHERE name = ?1";
    struct hash whole, small;
    bool is_here;

    if (!get_name(view, PHOTO_BLOB, &whole) ||
        !get_name(view, PHOTO_SMALL_BLOB, &small)) {
        return;
    }
    is_here = is_in(l->tablet, sql_here, &small);
    if (!is_here && is_on_server(l, &small)) {
        l->why = "a colleague's picture has not come";
    } else if (is_here && !is_whole(l->tablet, &small)) {
        l->why = "a picture is not what it was";
    }
    is_here = is_in(l->tablet, sql_here, &whole);
    if (is_in(l->tablet, sql_asked, &whole) && is_on_server(l, &whole)) {
        l->why = "a photo that was asked for has not come";
    } else if (is_here && !is_whole(l->tablet, &whole)) {
        l->why = "a photo is not what it was";
    }
}

static enum err see_photo(void *ctx, const struct evlog_event *e)
{
    struct body_view *view;
    struct look *l = ctx;
    struct event_header h;

    if (event_header_parse(e->header, &h) || h.kind != KIND_PHOTO ||
        e->body.data == NULL) {
        return ERR_OK;
    }
    view = malloc(sizeof(*view));
    if (view != NULL && !body_parse(e->body, view)) {
        check_photo(l, view);
    }
    free(view);
    return l->why == NULL ? ERR_OK : ERR_STOPPED;
}

const char *world_photos_wrong(struct world *w, unsigned tablet,
                               struct sdb *server)
{
    struct look l = { &w->tablets[tablet], server, NULL };
    const enum err err = w->plan.permille[WORLD_PHOTO] == 0
                             ? ERR_OK
                             : evlog_all(l.tablet->log, see_photo, &l);

    return l.why != NULL ? l.why
           : err         ? "the photos of a tablet cannot be read"
                         : NULL;
}
