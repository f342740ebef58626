/*
 * records.c - writes records.csv and records.geojson.
 */
#include "core/records.h"

#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"
#include "core/fields.h"
#include "core/mem.h"
#include "core/records_table.h"

/* What stands before the fields in each row. */
static const char *const fixed[] = {
    "record",          "parent",           "kind",     "form",
    "officer",         "device",           "made",     "utc_offset_min",
    "log_position",    "struck",           "conflict", "place_latitude",
    "place_longitude", "place_accuracy_m",
};

bool records_is_fixed(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        if (strcmp(fixed[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* The columns after those: every field name in the bundle, sorted. */
struct columns {
    char (*keys)[RECORDS_KEY_MAX]; /* owned */
    size_t count, cap;
    const struct form *last_form; /* whose fields are columns already */
};

/* Keys of encryption stand in the events, never in a file for people. */
static bool is_hidden(uint64_t kind, uint64_t id)
{
    return kind == KIND_PHOTO && (id == PHOTO_KEY || id == PHOTO_SMALL_KEY);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, b);
}

static const char (*find_column(const struct columns *c,
                                const char *key))[RECORDS_KEY_MAX]
{
    if (c->count == 0) {
        return NULL;
    }
    return bsearch(key, c->keys, c->count, sizeof(c->keys[0]), compare_keys);
}

/* Sorted at once, so that the next look-up finds it. */
static enum err add_column(struct columns *c, const char key[RECORDS_KEY_MAX])
{
    size_t at;

    if (find_column(c, key) != NULL) {
        return ERR_OK;
    }
    if (c->count == c->cap) {
        const size_t cap = c->cap > 0 ? 2 * c->cap : 32;
        void *keys = mem_realloc(c->keys, cap * sizeof(c->keys[0]));

        if (keys == NULL) {
            return ERR_NOMEM;
        }
        c->keys = keys;
        c->cap = cap;
    }
    at = c->count++;
    while (at > 0 && strcmp(c->keys[at - 1], key) > 0) {
        memcpy(c->keys[at], c->keys[at - 1], RECORDS_KEY_MAX);
        at--;
    }
    memcpy(c->keys[at], key, RECORDS_KEY_MAX);
    return ERR_OK;
}

/* A form's own column stands even when no record answered it. */
static enum err collect_form(struct columns *columns,
                             const struct records_table *t,
                             const struct records_event *first)
{
    const struct form *form = records_form(t, first);
    enum err err = ERR_OK;

    if (form == NULL || form == columns->last_form) {
        return ERR_OK;
    }
    columns->last_form = form;
    for (size_t i = 0; i < form->field_count && !err; i++) {
        char key[RECORDS_KEY_MAX];

        if (form->fields[i].type >= FORM_TYPE_PHOTO) {
            continue; /* its answers are records of their own */
        }
        records_key(t, first, form->fields[i].id, key);
        err = add_column(columns, key);
    }
    return err;
}

static enum err collect(void *ctx, const struct records_table *t,
                        const struct records_row *row)
{
    enum err err = collect_form(ctx, t, row->first);

    for (size_t i = 0; i < row->merged.field_count && !err; i++) {
        const uint64_t id = row->merged.fields[i].id;
        char key[RECORDS_KEY_MAX];

        if (is_hidden(row->first->kind, id)) {
            continue;
        }
        records_key(t, row->first, id, key);
        err = add_column(ctx, key);
    }
    return err;
}

/* RFC 4180: quoted where a comma, quote or line end stands in it. */
static void put_cell(struct buf *out, struct bytes text, bool is_first)
{
    bool quote = false;

    for (size_t i = 0; i < text.len; i++) {
        quote = quote || text.data[i] == '"' || text.data[i] == ',' ||
                text.data[i] == '\n' || text.data[i] == '\r';
    }
    if (!is_first) {
        buf_put_u8(out, ',');
    }
    if (!quote) {
        buf_put(out, text.data, text.len);
        return;
    }
    buf_put_u8(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"') {
            buf_put_u8(out, '"');
        }
        buf_put_u8(out, text.data[i]);
    }
    buf_put_u8(out, '"');
}

static void put_text_cell(struct buf *out, const char *text, bool is_first)
{
    put_cell(out, (struct bytes){ (const uint8_t *)text, strlen(text) },
             is_first);
}

static void put_id(struct buf *out, const struct uuid *id)
{
    char text[UUID_TEXT_SIZE];

    uuid_format(id, text);
    buf_put_text(out, uuid_is_zero(id) ? "" : text);
}

/* The place to show: the first head that has one. */
static bool row_place(const struct records_row *row, struct body_place *out)
{
    for (size_t i = 0; i < row->merged.field_count; i++) {
        const struct merge_field *f = &row->merged.fields[i];

        if (f->id != FIELD_PLACE) {
            continue;
        }
        for (size_t k = 0; k < f->head_count; k++) {
            if (f->heads[k].value.data != NULL &&
                body_place_parse(f->heads[k].value, out) == ERR_OK) {
                return true;
            }
        }
    }
    return false;
}

/* One of the fixed cells as text. */
static void fixed_cell(struct buf *out, const struct records_table *t,
                       const struct records_row *row, size_t column)
{
    const struct records_event *e = row->first;
    const char *word = event_kind_word(e->kind);
    struct body_place place;

    switch (column) {
    case 0:
        put_id(out, &e->record);
        break;
    case 1:
        put_id(out, &row->merged.parent);
        break;
    case 2:
        buf_put_text(out, word != NULL ? word : "");
        break;
    case 3:
        buf_put_text(out, e->form);
        break;
    case 4:
        records_officer(t, &e->merge.officer, out);
        break;
    case 5:
        put_id(out, &e->merge.device);
        break;
    case 6:
        records_time(e->wall_ms, out);
        break;
    case 7:
        buf_printf(out, "%lld", (long long)e->utc_offset_min);
        break;
    case 8:
        buf_printf(out, "%llu", (unsigned long long)e->position);
        break;
    case 9:
        buf_put_text(out, row->merged.is_struck ? "yes" : "no");
        break;
    case 10:
        buf_put_text(out, row->merged.has_conflict ? "yes" : "no");
        break;
    default:
        if (!row_place(row, &place)) {
            break;
        }
        if (column == 13 && place.accuracy_mm == 0) {
            break; /* nobody said how near: not a perfect one */
        }
        if (column == 13) {
            buf_printf(out, "%u.%03u", place.accuracy_mm / 1000,
                       place.accuracy_mm % 1000);
        } else {
            records_degrees(column == 11 ? place.lat_e7 : place.lon_e7, out);
        }
    }
}

struct csv {
    struct buf *out;
    struct columns columns;
    struct buf cell;
    size_t *field_at; /* owned: column -> 1 + index of the row's field */
};

static enum err put_row(void *ctx, const struct records_table *t,
                        const struct records_row *row)
{
    struct csv *csv = ctx;

    memset(csv->field_at, 0, csv->columns.count * sizeof(*csv->field_at));
    for (size_t i = 0; i < row->merged.field_count; i++) {
        char key[RECORDS_KEY_MAX];
        const char(*column)[RECORDS_KEY_MAX];

        records_key(t, row->first, row->merged.fields[i].id, key);
        column = find_column(&csv->columns, key);
        if (column != NULL &&
            !is_hidden(row->first->kind, row->merged.fields[i].id)) {
            const ptrdiff_t at =
                column - (const char(*)[RECORDS_KEY_MAX])csv->columns.keys;

            csv->field_at[at] = i + 1;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        buf_reset(&csv->cell);
        fixed_cell(&csv->cell, t, row, i);
        put_cell(csv->out, buf_bytes(&csv->cell), i == 0);
    }
    for (size_t i = 0; i < csv->columns.count; i++) {
        buf_reset(&csv->cell);
        if (csv->field_at[i] > 0) {
            records_value(&row->merged.fields[csv->field_at[i] - 1],
                          &csv->cell);
        }
        put_cell(csv->out, buf_bytes(&csv->cell), false);
    }
    buf_put_text(csv->out, "\r\n");
    return csv->cell.err ? csv->cell.err : csv->out->err;
}

static void put_head(struct csv *csv)
{
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
        put_text_cell(csv->out, fixed[i], i == 0);
    }
    for (size_t i = 0; i < csv->columns.count; i++) {
        put_text_cell(csv->out, csv->columns.keys[i], false);
    }
    buf_put_text(csv->out, "\r\n");
}

enum err records_csv(const struct bundle_event *events, size_t count,
                     struct buf *out)
{
    struct records_table table;
    struct csv csv = { .out = out };
    enum err err = records_table_make(events, count, &table);

    if (err)
        return err;
    buf_init(&csv.cell, SIZE_MAX / 2);
    err = records_table_walk(&table, collect, &csv.columns);
    if (!err) {
        csv.field_at = mem_array(csv.columns.count + 1, sizeof(*csv.field_at));
        err = csv.field_at == NULL ? ERR_NOMEM : ERR_OK;
    }
    if (!err) {
        put_head(&csv);
        err = records_table_walk(&table, put_row, &csv);
    }
    mem_free(csv.field_at);
    mem_free(csv.columns.keys);
    buf_fini(&csv.cell);
    records_table_fini(&table);
    return err;
}

struct geojson {
    struct buf *out;
    struct buf cell;
    bool has_one;
};

static void put_json_text(struct buf *out, struct bytes text)
{
    buf_put_u8(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.data[i];

        if (c == '"' || c == '\\') {
            buf_put_u8(out, '\\');
            buf_put_u8(out, c);
        } else if (c < 0x20) {
            buf_printf(out, "\\u%04x", c);
        } else {
            buf_put_u8(out, c);
        }
    }
    buf_put_u8(out, '"');
}

static void put_property(struct geojson *g, const char *key)
{
    buf_put_text(g->out, ",\"");
    buf_put_text(g->out, key);
    buf_put_text(g->out, "\":");
    put_json_text(g->out, buf_bytes(&g->cell));
}

static enum err put_feature(void *ctx, const struct records_table *t,
                            const struct records_row *row)
{
    struct geojson *g = ctx;
    struct body_place place;

    if (!row_place(row, &place)) {
        return ERR_OK;
    }
    buf_put_text(g->out, g->has_one ? ",\n" : "\n");
    g->has_one = true;
    buf_put_text(g->out, "{\"type\":\"Feature\",\"geometry\":{\"type\":"
                         "\"Point\",\"coordinates\":[");
    records_degrees(place.lon_e7, g->out);
    buf_put_u8(g->out, ',');
    records_degrees(place.lat_e7, g->out);
    buf_put_text(g->out, "]},\"id\":\"");
    put_id(g->out, &row->first->record);
    buf_printf(g->out, "\",\"properties\":{\"log_position\":%llu",
               (unsigned long long)row->first->position);
    for (size_t i = 0; i < row->merged.field_count; i++) {
        const struct merge_field *f = &row->merged.fields[i];
        char key[RECORDS_KEY_MAX];

        if (f->id == FIELD_PLACE || is_hidden(row->first->kind, f->id)) {
            continue;
        }
        records_key(t, row->first, f->id, key);
        buf_reset(&g->cell);
        records_value(f, &g->cell);
        put_property(g, key);
    }
    buf_put_text(g->out, "}}");
    return g->cell.err ? g->cell.err : g->out->err;
}

enum err records_geojson(const struct bundle_event *events, size_t count,
                         struct buf *out)
{
    struct records_table table;
    struct geojson g = { .out = out };
    enum err err = records_table_make(events, count, &table);

    if (err)
        return err;
    buf_init(&g.cell, SIZE_MAX / 2);
    buf_put_text(out, "{\"type\":\"FeatureCollection\",\"features\":[");
    err = records_table_walk(&table, put_feature, &g);
    buf_put_text(out, "\n]}\n");
    buf_fini(&g.cell);
    records_table_fini(&table);
    return err ? err : out->err;
}
