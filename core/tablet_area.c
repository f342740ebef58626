/* The areas that the council published: see tablet.h. */
#include "core/area.h"
#include "core/mem.h"
#include "core/tablet_internal.h"

static const char sql_areas[] =
    "SELECT d.json FROM definition d WHERE d.kind = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM definition o WHERE o.kind = d.kind AND o.id = d.id"
    " AND (o.version, o.hlc, o.record) > (d.version, d.hlc, d.record))"
    " ORDER BY d.id";
static const char sql_areas_stamp[] =
    "SELECT count(*) + coalesce(max(hlc), 0) FROM definition WHERE kind = 19";

static_assert(KIND_AREA == 19, "as in sql_areas_stamp");

/* One that can't be read hides no other. */
static enum err read_all(struct tablet *t, struct area_list *list)
{
    struct bytes json;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_areas, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_AREA);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        json = db_get_bytes(st, 0);
        err = area_list_add(list, (const char *)json.data, json.len);
        if (err == ERR_NOMEM) {
            sqlite3_reset(st);
            return err;
        }
    }
}

enum err tablet_areas(struct tablet *t, const struct area_list **out)
{
    struct tablet_areas_cached *c;
    int64_t stamp;
    enum err err = store_number(t->store, sql_areas_stamp, &stamp);

    if (err) {
        return err;
    }
    if (t->areas != NULL && t->areas->stamp == stamp) {
        *out = t->areas->list;
        return ERR_OK;
    }
    c = mem_alloc(sizeof(*c));
    if (c == NULL) {
        return ERR_NOMEM;
    }
    err = area_list_new(&c->list);
    if (!err) {
        err = read_all(t, c->list);
    }
    if (err) {
        area_list_free(c->list);
        mem_free(c);
        return err;
    }
    c->stamp = stamp;
    c->next = t->areas;
    t->areas = c;
    *out = c->list;
    return ERR_OK;
}

void tablet_areas_close(struct tablet *t)
{
    while (t->areas != NULL) {
        struct tablet_areas_cached *next = t->areas->next;

        area_list_free(t->areas->list);
        mem_free(t->areas);
        t->areas = next;
    }
}
