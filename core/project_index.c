/* The projections that find records: words, places, definitions. */
#include "core/fields.h"
#include "core/project.h"
#include "core/store_internal.h"

static const char sql_search_put[] =
    "INSERT INTO search (rowid, text) VALUES (?1, ?2)";
static const char sql_search_drop[] = "DELETE FROM search WHERE rowid = ?1";
static const char sql_place_put[] =
    "INSERT INTO place (id, min_lat, max_lat, min_lon, max_lon)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
static const char sql_place_drop[] = "DELETE FROM place WHERE id = ?1";
static const char sql_definition_put[] =
    "INSERT INTO definition (kind, id, version, record, hlc, json)"
    " VALUES (?1, ?2, iif(json_valid(?5),"
    " coalesce(CAST(json_extract(?5, '$.version') AS INTEGER), 0), 0),"
    " ?3, ?4, ?5) ON CONFLICT DO UPDATE SET hlc = excluded.hlc,"
    " json = excluded.json WHERE (excluded.hlc, excluded.json) > (hlc, json)";
static const char sql_definition_drop[] =
    "DELETE FROM definition WHERE record = ?1";

static enum err drop(const struct project *p, const char *sql)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(p->store, sql, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, p->id);
    return db_run(st);
}

/* --- words --- */

static bool is_searched(uint64_t kind)
{
    return kind <= KIND_BRIEFING && kind != KIND_BOOK;
}

static void add_words(struct buf *out, struct bytes value)
{
    struct body_place place;
    struct bytes words = { NULL, 0 };

    if (!project_text(value, &words) && !body_place_parse(value, &place)) {
        words = place.words;
    }
    if (words.len > 0) {
        buf_put(out, words.data, words.len);
        buf_put_u8(out, '\n');
    }
}

static enum err put_search(const struct project *p)
{
    struct buf text;
    sqlite3_stmt *st;
    enum err err;

    buf_init(&text, BODY_MAX_BYTES * 2);
    for (size_t i = 0; i < p->merged.field_count; i++) {
        const struct merge_field *f = &p->merged.fields[i];

        for (size_t j = 0; !f->is_set && j < f->head_count; j++) {
            if (f->heads[j].value.data != NULL) {
                add_words(&text, f->heads[j].value);
            }
        }
    }
    err = text.err == ERR_TOO_LONG ? ERR_OK : text.err; /* enough words */
    if (!err && text.len > 0) {
        err = store_statement(p->store, sql_search_put, &st);
        if (!err) {
            db_bind_int(st, 1, p->id);
            db_bind_text_view(st, 2, buf_bytes(&text));
            err = db_run(st);
        }
    }
    buf_fini(&text);
    return err;
}

/* --- places --- */

struct box {
    int32_t min_lat, max_lat, min_lon, max_lon;
    bool is_set;
};

static void extend(struct box *b, const struct body_place *p)
{
    if (!b->is_set) {
        *b = (struct box){ p->lat_e7, p->lat_e7, p->lon_e7, p->lon_e7, true };
        return;
    }
    b->min_lat = p->lat_e7 < b->min_lat ? p->lat_e7 : b->min_lat;
    b->max_lat = p->lat_e7 > b->max_lat ? p->lat_e7 : b->max_lat;
    b->min_lon = p->lon_e7 < b->min_lon ? p->lon_e7 : b->min_lon;
    b->max_lon = p->lon_e7 > b->max_lon ? p->lon_e7 : b->max_lon;
}

static enum err put_place(const struct project *p)
{
    struct box box = { 0 };
    struct body_place place;
    sqlite3_stmt *st;
    enum err err;

    for (size_t i = 0; i < p->merged.field_count; i++) {
        const struct merge_field *f = &p->merged.fields[i];

        for (size_t j = 0; f->id == FIELD_PLACE && j < f->head_count; j++) {
            if (f->heads[j].value.data != NULL &&
                !body_place_parse(f->heads[j].value, &place)) {
                extend(&box, &place);
            }
        }
    }
    if (!box.is_set) {
        return ERR_OK;
    }
    err = store_statement(p->store, sql_place_put, &st);
    if (err) {
        return err;
    }
    db_bind_int(st, 1, p->id);
    db_bind_int(st, 2, box.min_lat);
    db_bind_int(st, 3, box.max_lat);
    db_bind_int(st, 4, box.min_lon);
    db_bind_int(st, 5, box.max_lon);
    return db_run(st);
}

/* --- definitions --- */

static bool is_definition(uint64_t kind)
{
    return kind == KIND_FORM || kind == KIND_CATEGORY || kind == KIND_AREA ||
           kind == KIND_TARIFF || kind == KIND_POWER;
}

/* Each version that was ever published stays: old records need it. */
static enum err put_definition(const struct project *p,
                               const struct merge_event *e)
{
    const struct body_field_view *json_field, *title_field;
    struct bytes json, title;
    struct body_view view;
    sqlite3_stmt *st;
    enum err err;

    if (e->is_quarantined || e->body.data == NULL ||
        body_parse(e->body, &view)) {
        return ERR_OK;
    }
    json_field = body_find(&view, DEFINITION_JSON);
    title_field = body_find(&view, FIELD_TITLE);
    if (json_field == NULL || !project_text(json_field->value, &json) ||
        !project_text(title_field != NULL
                          ? title_field->value
                          : project_value(&p->merged, FIELD_TITLE),
                      &title)) {
        return ERR_OK;
    }
    err = store_statement(p->store, sql_definition_put, &st);
    if (err) {
        return err;
    }
    db_bind_int(st, 1, (int64_t)p->kind);
    db_bind_text_view(st, 2, title);
    db_bind_int(st, 3, p->id);
    db_bind_int(st, 4, (int64_t)e->hlc);
    db_bind_text_view(st, 5, json);
    return db_run(st);
}

enum err project_index(const struct project *p, bool is_new)
{
    static const char *const drops[] = { sql_search_drop, sql_place_drop,
                                         sql_definition_drop };
    enum err err = ERR_OK;

    for (size_t i = 0; !is_new && !err && i < ARRAY_LEN(drops); i++) {
        err = drop(p, drops[i]);
    }
    if (err || p->tier != TIER_OPEN || p->merged.is_struck) {
        return err;
    }
    if (is_definition(p->kind)) {
        for (size_t i = 0; !err && i < p->count; i++) {
            err = put_definition(p, &p->events[i]);
        }
        return err;
    }
    if (is_searched(p->kind)) {
        err = put_search(p);
    }
    return err ? err : put_place(p);
}
