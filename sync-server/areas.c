#include "sync-server/areas.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "core/area.h"
#include "core/limits.h"
#include "sync-server/definitions.h"

/* In sdb_meta: "area:" and kind/id: SHA-256 of what was published last;
 * "areas": their names, a line each. */
#define META_AREA       "area:"
#define META_NAMES      "areas"
#define NAME_MAX_BYTES  160
#define NAMES_MAX_BYTES ((size_t)AREAS_MAX * (NAME_MAX_BYTES + 1))

struct publish {
    struct council *c;
    struct buf *text;
    struct buf names; /* of this file, each with a line end */
    unsigned all, changed, withdrawn;
    enum err err; /* of what was withdrawn */
};

/* --- one event --- */

/* Nothing when it is what was said last. */
static enum err say(struct publish *p, const char *name, const char *json,
                    unsigned *count)
{
    char meta[sizeof(META_AREA) + NAME_MAX_BYTES];
    struct hash hash;
    struct buf before;
    enum err err;

    crypto_sha256((struct bytes){ (const uint8_t *)json, strlen(json) }, &hash);
    snprintf(meta, sizeof(meta), META_AREA "%s", name);
    buf_init(&before, sizeof(hash.bytes));
    err = sdb_meta_get(p->c->db, meta, &before);
    if (!err && bytes_eq(buf_bytes(&before),
                         (struct bytes){ hash.bytes, sizeof(hash.bytes) })) {
        buf_fini(&before);
        return ERR_OK;
    }
    buf_fini(&before);
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    err = definitions_append(p->c, KIND_AREA, name, json);
    *count += !err;
    return err ? err
               : sdb_meta_put(p->c->db, meta,
                              (struct bytes){ hash.bytes, sizeof(hash.bytes) });
}

/* --- the file --- */

static bool has_line(const struct buf *names, const char *name)
{
    const size_t len = strlen(name);
    const uint8_t *at = names->data, *end;

    if (names->len == 0) {
        return false; /* no pointer either */
    }
    end = at + names->len;
    while (at < end) {
        const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));

        if ((size_t)(stop - at) == len && memcmp(at, name, len) == 0) {
            return true;
        }
        at = stop + 1;
    }
    return false;
}

/* As a tablet will read it: what it would pass over is refused here. */
static enum err check(const char *json)
{
    struct area_list *list;
    enum err err = area_list_new(&list);

    if (err)
        return err;
    err = strlen(json) > TEXT_MAX_BYTES
              ? ERR_TOO_LONG
              : area_list_add(list, json, strlen(json));
    area_list_free(list);
    return err;
}

static enum err take_feature(struct publish *p, const char *name,
                             const char *json)
{
    enum err err;

    p->all++;
    if (name == NULL || json == NULL) {
        buf_printf(p->text, "feature %u has no id or no kind", p->all);
        return ERR_BAD_DATA;
    }
    if (strlen(name) > NAME_MAX_BYTES || strpbrk(name, "\"\\\n") != NULL) {
        buf_printf(p->text, "feature %u has no usable id", p->all);
        return ERR_BAD_DATA;
    }
    err = has_line(&p->names, name) ? ERR_EXISTS : check(json);
    if (err) {
        buf_printf(p->text, "%s", name);
        return err;
    }
    buf_put_text(&p->names, name);
    buf_put_u8(&p->names, '\n');
    return p->names.err ? p->names.err : say(p, name, json, &p->changed);
}

/* SQLite reads the file here as core/json.c has it do: no size of a whole
 * file is asked of the tablets' reader, only that of a feature. */
static enum err take_file(struct publish *p, struct bytes geojson)
{
    static const char sql[] =
        "SELECT json_extract(value, '$.properties.kind') || '/' ||"
        " json_extract(value, '$.id'), value"
        " FROM json_each($1, '$.features') ORDER BY key";
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    enum err err = ERR_BAD_DATA;
    int step = SQLITE_ERROR;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
        sqlite3_bind_text(st, 1, (const char *)geojson.data, (int)geojson.len,
                          SQLITE_STATIC) != SQLITE_OK)
        goto out;
    err = ERR_OK;
    while (!err && (step = sqlite3_step(st)) == SQLITE_ROW) {
        err = take_feature(p, (const char *)sqlite3_column_text(st, 0),
                           (const char *)sqlite3_column_text(st, 1));
    }
    if (!err && (step != SQLITE_DONE || p->all == 0)) {
        buf_put_text(p->text, "no FeatureCollection with features");
        err = ERR_BAD_DATA;
    }
out:
    sqlite3_finalize(st);
    sqlite3_close(db);
    return err;
}

/* --- what is no longer there --- */

static void withdraw_one(void *ctx, const char *kind, const char *id)
{
    struct publish *p = ctx;
    char name[NAME_MAX_BYTES + 1];
    char *json;

    snprintf(name, sizeof(name), "%s/%s", kind, id);
    if (p->err || has_line(&p->names, name)) {
        return;
    }
    json = sqlite3_mprintf("{\"type\":\"Feature\",\"id\":\"%s\","
                           "\"properties\":{\"kind\":\"%s\",\"name\":\"\"},"
                           "\"geometry\":null}",
                           id, kind);
    p->err = json == NULL ? ERR_NOMEM : say(p, name, json, &p->withdrawn);
    sqlite3_free(json);
}

static enum err withdraw(struct publish *p)
{
    const enum err err = areas_each(p->c, withdraw_one, p);

    return err      ? err
           : p->err ? p->err
                    : sdb_meta_put(p->c->db, META_NAMES, buf_bytes(&p->names));
}

enum err areas_publish(struct council *c, struct bytes geojson,
                       struct buf *text)
{
    struct publish p = { .c = c, .text = text };
    enum err err = council_begin(c);

    if (err)
        return err;
    buf_init(&p.names, NAMES_MAX_BYTES);
    err = take_file(&p, geojson);
    err = err ? err : withdraw(&p);
    if (err) {
        council_rollback(c);
    } else {
        buf_printf(text, "%u areas, %u new or changed, %u withdrawn", p.all,
                   p.changed, p.withdrawn);
        err = council_commit(c);
    }
    buf_fini(&p.names);
    return err;
}

/* --- what there is --- */

enum err areas_each(struct council *c, areas_fn *each, void *ctx)
{
    struct buf names;
    enum err err;

    buf_init(&names, NAMES_MAX_BYTES);
    err = sdb_meta_get(c->db, META_NAMES, &names);
    for (size_t at = 0; !err && at < names.len;) {
        const uint8_t *from = names.data + at;
        const uint8_t *stop = memchr(from, '\n', names.len - at);
        char name[NAME_MAX_BYTES + 1];
        char *id;

        if (stop == NULL) {
            break;
        }
        snprintf(name, sizeof(name), "%.*s", (int)(stop - from),
                 (const char *)from);
        at += (size_t)(stop - from) + 1;
        id = strchr(name, '/');
        if (id != NULL) {
            *id = '\0';
            each(ctx, name, id + 1);
        }
    }
    buf_fini(&names);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
