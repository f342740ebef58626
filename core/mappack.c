#include "core/mappack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/db.h"
#include "core/limits.h"
#include "core/mappack_internal.h"
#include "core/mem.h"

static const char tile_sql[] =
    "SELECT tile_data FROM tiles"
    " WHERE zoom_level = $1 AND tile_column = $2 AND tile_row = $3";

const char *mappack_fault_text(enum mappack_fault fault)
{
    static const char *const texts[] = {
        [MAPPACK_FINE] = "fine",
        [MAPPACK_MISSING] = "there is no such file",
        [MAPPACK_NOT_A_PACK] = "this is no MBTiles file",
        [MAPPACK_EMPTY] = "it holds no tile",
        [MAPPACK_UNINDEXED] = "its tiles have no index",
        [MAPPACK_NOT_VECTOR] = "it holds no vector tiles",
        [MAPPACK_DAMAGED] = "it is damaged",
        [MAPPACK_NO_MEMORY] = "out of memory"
    };

    return texts[fault];
}

/* A view in the file must not keep us busy. */
static int stop_it(void *unused)
{
    (void)unused;
    return 1;
}

static void bound_steps(struct mappack *p)
{
    sqlite3_progress_handler(p->db, MAPPACK_STEPS_MAX, stop_it, NULL);
}

static enum mappack_fault fault_of(enum err err)
{
    return err == ERR_NOMEM ? MAPPACK_NO_MEMORY : MAPPACK_DAMAGED;
}

static enum mappack_fault open_file(struct mappack *p, const char *path)
{
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW;
    const enum err err = db_err(sqlite3_open_v2(path, &p->db, flags, NULL));

    if (err == ERR_NOMEM) {
        return MAPPACK_NO_MEMORY;
    }
    if (err) {
        return MAPPACK_MISSING;
    }
    (void)sqlite3_db_config(p->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(p->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(p->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_limit(p->db, SQLITE_LIMIT_LENGTH,
                        (int)MVT_PACKED_MAX_BYTES + 1);
    (void)sqlite3_limit(p->db, SQLITE_LIMIT_ATTACHED, 0);
    bound_steps(p);
    return MAPPACK_FINE;
}

/* Damage shows in the first look at the schema too. */
static enum mappack_fault prepare(struct mappack *p, const char *sql,
                                  sqlite3_stmt **out)
{
    const int rc = sqlite3_prepare_v2(p->db, sql, -1, out, NULL);

    if (rc == SQLITE_OK) {
        return MAPPACK_FINE;
    }
    if (rc == SQLITE_NOMEM) {
        return MAPPACK_NO_MEMORY;
    }
    return (rc & 0xFF) == SQLITE_CORRUPT ? MAPPACK_DAMAGED : MAPPACK_NOT_A_PACK;
}

/* What `name` is said to be in the metadata; "" when it is not said. */
static enum mappack_fault get_fact(struct mappack *p, const char *name,
                                   char *out, size_t size)
{
    static const char sql[] = "SELECT value FROM metadata WHERE name = $1"
                              " LIMIT 1";
    sqlite3_stmt *st = NULL;
    enum mappack_fault fault = prepare(p, sql, &st);
    bool row = false;
    enum err err;

    out[0] = '\0';
    if (fault != MAPPACK_FINE) {
        return fault;
    }
    db_bind_text(st, 1, name);
    err = db_step(st, &row);
    if (!err && row) {
        (void)snprintf(out, size, "%s", db_get_text(st, 0));
    }
    sqlite3_finalize(st);
    return err ? fault_of(err) : MAPPACK_FINE;
}

static bool parse_bounds(const char *text, struct mappack_facts *f)
{
    double *const to[] = { &f->west, &f->south, &f->east, &f->north };

    for (size_t i = 0; i < ARRAY_LEN(to); i++) {
        char *end = NULL;

        *to[i] = strtod(text, &end);
        if (end == text || (i + 1 < ARRAY_LEN(to) && *end != ',')) {
            return false;
        }
        text = end + 1;
    }
    return f->west >= -180 && f->west < f->east && f->east <= 180 &&
           f->south >= -90 && f->south < f->north && f->north <= 90;
}

/* "" leaves `out` as it is; false for what is no zoom level. */
static bool parse_zoom(const char *text, int *out)
{
    char *end = NULL;
    long zoom;

    if (text[0] == '\0') {
        return true;
    }
    zoom = strtol(text, &end, 10);
    if (*end != '\0' || zoom < 0 || zoom > MAPPACK_ZOOM_MAX) {
        return false;
    }
    *out = (int)zoom;
    return true;
}

static enum mappack_fault read_zooms(struct mappack *p)
{
    char text[MAPPACK_TEXT_SIZE];
    struct mappack_facts *f = &p->facts;
    enum mappack_fault fault = get_fact(p, "minzoom", text, sizeof(text));

    if (fault != MAPPACK_FINE) {
        return fault;
    }
    if (!parse_zoom(text, &f->zoom_min)) {
        return MAPPACK_NOT_VECTOR;
    }
    fault = get_fact(p, "maxzoom", text, sizeof(text));
    if (fault != MAPPACK_FINE) {
        return fault;
    }
    return parse_zoom(text, &f->zoom_max) && text[0] != '\0' &&
                   f->zoom_min <= f->zoom_max
               ? MAPPACK_FINE
               : MAPPACK_NOT_VECTOR;
}

static enum mappack_fault read_facts(struct mappack *p)
{
    char text[MAPPACK_TEXT_SIZE];
    struct mappack_facts *f = &p->facts;
    enum mappack_fault fault = get_fact(p, "format", text, sizeof(text));

    if (fault != MAPPACK_FINE) {
        return fault;
    }
    if (strcmp(text, "pbf") != 0) {
        return MAPPACK_NOT_VECTOR;
    }
    fault = read_zooms(p);
    if (fault == MAPPACK_FINE) {
        fault = get_fact(p, "bounds", text, sizeof(text));
        f->has_bounds = parse_bounds(text, f);
    }
    if (fault == MAPPACK_FINE) {
        fault = get_fact(p, "name", f->name, sizeof(f->name));
    }
    if (fault == MAPPACK_FINE) {
        fault = get_fact(p, "made", f->made, sizeof(f->made));
    }
    if (fault == MAPPACK_FINE) {
        fault = get_fact(p, "attribution", f->source, sizeof(f->source));
    }
    return fault;
}

/* Each step of the plan must be a search; a scan reads every tile. */
static enum mappack_fault check_index(struct mappack *p)
{
    char sql[sizeof(tile_sql) + 32];
    enum mappack_fault fault;
    sqlite3_stmt *st = NULL;
    bool row = false;
    bool scans = false;
    enum err err;

    (void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", tile_sql);
    fault = prepare(p, sql, &st);
    if (fault != MAPPACK_FINE) {
        return fault;
    }
    err = db_step(st, &row);
    while (!err && row) {
        scans |= strncmp(db_get_text(st, 3), "SCAN", 4) == 0;
        err = db_step(st, &row);
    }
    sqlite3_finalize(st);
    if (err) {
        return fault_of(err);
    }
    return scans ? MAPPACK_UNINDEXED : MAPPACK_FINE;
}

static enum mappack_fault check_any(struct mappack *p)
{
    sqlite3_stmt *st = NULL;
    const enum mappack_fault fault =
        prepare(p, "SELECT 1 FROM tiles LIMIT 1", &st);
    bool row = false;
    enum err err;

    if (fault != MAPPACK_FINE) {
        return fault;
    }
    err = db_step(st, &row);
    sqlite3_finalize(st);
    if (err) {
        return fault_of(err);
    }
    return row ? MAPPACK_FINE : MAPPACK_EMPTY;
}

static enum mappack_fault look(struct mappack *p, const char *path)
{
    enum mappack_fault fault = open_file(p, path);

    if (fault == MAPPACK_FINE) {
        fault = read_facts(p);
    }
    if (fault == MAPPACK_FINE) {
        fault = check_any(p);
    }
    if (fault == MAPPACK_FINE) {
        fault = check_index(p);
    }
    if (fault == MAPPACK_FINE) {
        fault = prepare(p, tile_sql, &p->tile);
    }
    if (fault == MAPPACK_FINE) {
        p->facts.has_search = mappack_find_prepare(p);
    }
    return fault;
}

enum mappack_fault mappack_open(const char *path, struct mappack **pack_out)
{
    struct mappack *p = mem_alloc(sizeof(*p));
    enum mappack_fault fault;

    if (p == NULL) {
        return MAPPACK_NO_MEMORY;
    }
    fault = look(p, path);
    if (fault != MAPPACK_FINE) {
        mappack_close(p);
        return fault;
    }
    *pack_out = p;
    return MAPPACK_FINE;
}

void mappack_close(struct mappack *pack)
{
    if (pack == NULL) {
        return;
    }
    sqlite3_finalize(pack->tile);
    sqlite3_finalize(pack->find);
    (void)sqlite3_close(pack->db);
    mem_free(pack);
}

const struct mappack_facts *mappack_facts(const struct mappack *pack)
{
    return &pack->facts;
}

enum err mappack_tile(struct mappack *pack, int zoom, int column, int row,
                      struct buf *out)
{
    const int side = 1 << zoom;
    struct bytes data;
    bool found = false;
    enum err err;

    ASSERT(zoom >= 0);
    ASSERT(zoom <= MAPPACK_ZOOM_MAX);
    if (column < 0 || row < 0 || column >= side || row >= side) {
        return ERR_NOT_FOUND;
    }
    db_bind_int(pack->tile, 1, zoom);
    db_bind_int(pack->tile, 2, column);
    db_bind_int(pack->tile, 3, side - 1 - row); /* TMS counts from the south */
    err = db_step(pack->tile, &found);
    if (!err && !found) {
        err = ERR_NOT_FOUND;
    }
    if (!err) {
        data = db_get_bytes(pack->tile, 0);
        buf_put(out, data.data, data.len);
        err = data.len == 0 ? ERR_NOT_FOUND : out->err;
    }
    (void)sqlite3_reset(pack->tile);
    return err;
}

static enum err each_row(sqlite3_stmt *st, int zoom, mappack_tile_fn fn,
                         void *ctx)
{
    bool row = false;
    enum err err = db_step(st, &row);

    while (!err && row) {
        const int tms = sqlite3_column_int(st, 1);

        err = fn(ctx, sqlite3_column_int(st, 0), (1 << zoom) - 1 - tms,
                 db_get_bytes(st, 2));
        if (!err) {
            err = db_step(st, &row);
        }
    }
    return err;
}

enum err mappack_each(struct mappack *pack, int zoom, mappack_tile_fn fn,
                      void *ctx)
{
    static const char sql[] = "SELECT tile_column, tile_row, tile_data"
                              " FROM tiles WHERE zoom_level = $1";
    sqlite3_stmt *st = NULL;
    enum err err = db_err(sqlite3_prepare_v2(pack->db, sql, -1, &st, NULL));

    if (err)
        return err;
    sqlite3_progress_handler(pack->db, 0, NULL, NULL); /* it takes its time */
    db_bind_int(st, 1, zoom);
    err = each_row(st, zoom, fn, ctx);
    sqlite3_finalize(st);
    bound_steps(pack);
    return err;
}
