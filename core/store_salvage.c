#include "core/store_salvage.h"

#include <string.h>

#include "core/limits.h"
#include "core/store_internal.h"

/* Rows looked for at a time where all is well. */
#define STEP_MAX ((int64_t)4096)
/* Numbers in a row without a readable one: the rest is given up. */
#define LOST_MAX ((int64_t)20000)
/* Without an index to ask, no table of ours is longer. */
#define ROWS_MAX ((int64_t)2000000)

struct reader {
    sqlite3 *db;
    const struct salvage_told *told;
    struct salvage_stats *stats;
};

/* One row of a query; the error of whom it told. */
typedef enum err (*row_fn)(struct reader *r, sqlite3_stmt *st);

/*
 * Rows of one query until its end or a page that can't be read (then
 * *is_damaged). `*last` follows the first column where it is a number.
 */
static enum err read_rows(struct reader *r, sqlite3_stmt *st, row_fn fn,
                          int64_t *last, bool *is_damaged)
{
    enum err err = ERR_OK;
    int rc = SQLITE_ROW;

    *is_damaged = false;
    while (!err && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (last != NULL) {
            *last = sqlite3_column_int64(st, 0);
        }
        r->stats->rows++;
        err = fn(r, st);
    }
    if (!err && rc != SQLITE_DONE) {
        *is_damaged = true;
        err = db_err(rc) == ERR_NOMEM ? ERR_NOMEM : ERR_OK;
    }
    sqlite3_reset(st);
    return err;
}

/* A small table without row numbers: as far as it goes, from both ends. */
static enum err read_table(struct reader *r, const char *const sql[2],
                           row_fn fn)
{
    bool is_damaged = true;
    enum err err = ERR_OK;

    for (int i = 0; i < 2 && is_damaged && !err; i++) {
        sqlite3_stmt *st = NULL;

        if (sqlite3_prepare_v2(r->db, sql[i], -1, &st, NULL) == SQLITE_OK) {
            err = read_rows(r, st, fn, NULL, &is_damaged);
        }
        sqlite3_finalize(st);
        r->stats->lost += is_damaged;
    }
    return err;
}

static int64_t highest(struct reader *r, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t n = ROWS_MAX;

    if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW) {
        n = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return n;
}

/* A table by its row numbers: `sql` asks for ?1 to ?2. Where a page can't
 * be read the range is halved until one number is left, which is lost. */
static enum err read_range(struct reader *r, const char *sql, int64_t high,
                           row_fn fn)
{
    int64_t at = 1, step = STEP_MAX, lost = 0;
    sqlite3_stmt *st = NULL;
    enum err err = ERR_OK;

    if (sqlite3_prepare_v2(r->db, sql, -1, &st, NULL) != SQLITE_OK) {
        return ERR_OK;
    }
    while (!err && at <= high && lost < LOST_MAX) {
        int64_t last = at - 1;
        bool is_damaged;

        sqlite3_bind_int64(st, 1, at);
        sqlite3_bind_int64(st, 2, high - at < step ? high : at + step - 1);
        err = read_rows(r, st, fn, &last, &is_damaged);
        lost = last >= at ? 0 : lost;
        if (!is_damaged) {
            at += step;
            step = step < STEP_MAX ? step * 2 : step;
            continue;
        }
        at = last + 1;
        if (step > 1) {
            step /= 2;
        } else {
            at++;
            lost++;
            r->stats->lost++;
        }
    }
    sqlite3_finalize(st);
    return err;
}

/* --- the tables --- */

static enum err tell_meta(struct reader *r, sqlite3_stmt *st)
{
    return r->told->meta(r->told->ctx, db_get_text(st, 0), db_get_bytes(st, 1));
}

static enum err tell_chain(struct reader *r, sqlite3_stmt *st)
{
    struct salvage_chain c;

    db_get_uuid(st, 1, &c.incarnation);
    c.head = (uint64_t)sqlite3_column_int64(st, 2);
    c.acked = (uint64_t)sqlite3_column_int64(st, 3);
    c.is_closed = sqlite3_column_int(st, 4) != 0;
    return r->told->chain(r->told->ctx, &c);
}

static enum err tell_event(struct reader *r, sqlite3_stmt *st)
{
    const struct salvage_event e = {
        .header = db_get_bytes(st, 1),
        .salt = db_get_bytes(st, 2),
        .body = db_get_bytes(st, 3),
        .is_own = sqlite3_column_int(st, 4) != 0,
        .state = sqlite3_column_int(st, 5),
        .reason = db_get_bytes(st, 6),
    };

    return r->told->event(r->told->ctx, &e);
}

static enum err tell_key(struct reader *r, sqlite3_stmt *st)
{
    return r->told->key(r->told->ctx, db_get_bytes(st, 0), db_get_bytes(st, 1));
}

static enum err tell_draft(struct reader *r, sqlite3_stmt *st)
{
    return r->told->draft(r->told->ctx, st);
}

static enum err read_all(struct reader *r)
{
    static const char *const meta[2] = {
        "SELECT name, value FROM meta ORDER BY name",
        "SELECT name, value FROM meta ORDER BY name DESC"
    };
    static const char *const keys[2] = {
        "SELECT record, key FROM content_key ORDER BY record, key",
        "SELECT record, key FROM content_key ORDER BY record DESC, key DESC"
    };
    static const char *const drafts[2] = {
        "SELECT id, officer, form, data, changed_ms FROM draft ORDER BY id",
        "SELECT id, officer, form, data, changed_ms FROM draft ORDER BY id DESC"
    };
    static const char chains[] =
        "SELECT id, incarnation, head, acked, is_closed FROM incarnation"
        " WHERE is_own = 1 AND id BETWEEN ?1 AND ?2 ORDER BY id";
    static const char events[] =
        "SELECT id, header, salt, body, link IS NOT NULL, state, reason"
        " FROM event NOT INDEXED WHERE branch = 0 AND id BETWEEN ?1 AND ?2"
        " ORDER BY id";
    enum err err =
        r->told->meta == NULL ? ERR_OK : read_table(r, meta, tell_meta);

    if (!err && r->told->chain != NULL) {
        err =
            read_range(r, chains, highest(r, "SELECT max(id) FROM incarnation"),
                       tell_chain);
    }
    if (!err && r->told->event != NULL) {
        err = read_range(r, events, highest(r, "SELECT max(id) FROM event"),
                         tell_event);
    }
    if (!err && r->told->key != NULL) {
        err = read_table(r, keys, tell_key);
    }
    if (!err && r->told->draft != NULL) {
        err = read_table(r, drafts, tell_draft);
    }
    return err;
}

enum err store_salvage(const struct store_options *damaged,
                       const struct salvage_told *told,
                       struct salvage_stats *out)
{
    struct reader r = { .told = told, .stats = out };
    enum err err;

    memset(out, 0, sizeof(*out));
    err = store_open_damaged(damaged, &r.db);
    if (!err) {
        out->is_open = true;
        err = read_all(&r);
    } else if (err != ERR_NOMEM) {
        err = ERR_OK; /* nothing of it can be read */
    }
    sqlite3_close_v2(r.db);
    return err;
}
