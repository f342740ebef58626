/* The police's open data, one row one observation: see tablet.h. */
#include <ctype.h>
#include <string.h>

#include "core/csv.h"
#include "core/geo.h"
#include "core/json.h"
#include "core/mem.h"
#include "core/tablet_internal.h"

#define IMPORT_FORM    "police_uk_import"
#define IMPORT_TYPES   "police_uk_types" /* crime type -> category, if known */
#define IMPORT_BATCH   500               /* rows in one save */
#define COLUMNS_MAX    32
#define TYPES_JSON_MAX ((size_t)64 * 1024)

/* Columns that stand in a common field, too. */
enum column {
    COLUMN_OTHER,
    COLUMN_CRIME_ID,
    COLUMN_LONGITUDE,
    COLUMN_LATITUDE,
    COLUMN_LOCATION,
    COLUMN_TYPE
};

struct import {
    struct tablet *t;
    const struct form *form;
    struct csv_reader csv;
    struct buf *why;
    uint32_t fields[COLUMNS_MAX];   /* by column: field of the form */
    size_t order[COLUMNS_MAX];      /* columns, ascending by field */
    size_t common[COLUMN_TYPE + 1]; /* column of each, SIZE_MAX: none */
    struct arena arena;
    const struct json *types; /* NULL: not published */
    struct tablet_save save;
    uint64_t rows;
};

/* --- columns --- */

/* "LSOA code" is the form's "lsoa_code". */
static bool make_key(struct bytes name, char out[64])
{
    if (name.len == 0 || name.len >= 64) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        const int c = name.data[i];

        out[i] = c == ' ' ? '_' : (char)tolower(c);
    }
    out[name.len] = '\0';
    return true;
}

static enum err map_column(struct import *m, size_t column)
{
    static const char *const known[] = {
        [COLUMN_CRIME_ID] = "crime_id", [COLUMN_LONGITUDE] = "longitude",
        [COLUMN_LATITUDE] = "latitude", [COLUMN_LOCATION] = "location",
        [COLUMN_TYPE] = "crime_type",
    };
    const struct form_field *field = NULL;
    const struct bytes name = csv_field(&m->csv, column);
    size_t at = column;
    char key[64];

    if (make_key(name, key)) {
        field = form_find_key(m->form, key);
    }
    if (field == NULL || field->type != FORM_TYPE_TEXT) {
        buf_printf(m->why, "line 1: a column that the form doesn't know: ");
        buf_put(m->why, name.data, name.len);
        return ERR_BAD_DATA;
    }
    m->fields[column] = field->id;
    for (size_t i = 1; i < ARRAY_LEN(known); i++) {
        if (strcmp(key, known[i]) == 0) {
            m->common[i] = column;
        }
    }
    for (; at > 0 && m->fields[m->order[at - 1]] >= field->id; at--) {
        if (m->fields[m->order[at - 1]] == field->id) {
            buf_printf(m->why, "line 1: the column %s stands twice", key);
            return ERR_BAD_DATA;
        }
        m->order[at] = m->order[at - 1];
    }
    m->order[at] = column;
    return ERR_OK;
}

/* What is wrong with the row, unless it was said already. */
static void explain(struct import *m)
{
    if (m->why->len == 0) {
        buf_printf(m->why, "line %llu: %s", (unsigned long long)m->csv.row_line,
                   m->csv.why != NULL ? m->csv.why : "too many columns");
    }
}

/* A file of another kind is told by its first line. */
static enum err read_head(struct import *m)
{
    enum err err = csv_next(&m->csv);

    if (!err && m->csv.width > COLUMNS_MAX) {
        err = ERR_BAD_DATA;
    }
    for (size_t i = 0; i < ARRAY_LEN(m->common); i++) {
        m->common[i] = SIZE_MAX;
    }
    for (size_t i = 0; !err && i < m->csv.width; i++) {
        err = map_column(m, i);
    }
    if (err == ERR_NOT_FOUND) {
        buf_put_text(m->why, "line 1: the file is empty");
        err = ERR_BAD_DATA;
    }
    if (err == ERR_BAD_DATA) {
        explain(m);
    }
    return err;
}

static const char sql_types[] =
    "SELECT json FROM definition WHERE kind = ?1 AND id = ?2"
    " ORDER BY version DESC, hlc DESC, json LIMIT 1";

static enum err read_types(struct import *m)
{
    const struct json *root;
    struct bytes json;
    sqlite3_stmt *st;
    enum err err = store_statement(m->t->store, sql_types, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_FORM);
    db_bind_text(st, 2, IMPORT_TYPES);
    err = db_row(st);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    json = db_get_bytes(st, 0);
    err = json_parse((const char *)json.data, json.len, &m->arena, &root);
    sqlite3_reset(st);
    if (!err) {
        m->types = json_get(root, "types");
    }
    return err;
}

/* --- rows --- */

static struct bytes cell(const struct import *m, enum column c)
{
    return m->common[c] == SIZE_MAX ? (struct bytes){ NULL, 0 }
                                    : csv_field(&m->csv, m->common[c]);
}

/* Both or neither; a row without a place is kept without one. */
static enum err read_place(struct import *m, struct form_value *out)
{
    const struct bytes lat = cell(m, COLUMN_LATITUDE);
    const struct bytes lon = cell(m, COLUMN_LONGITUDE);
    struct arena none;
    char text[64];

    out->kind = FORM_VALUE_NULL;
    if (lat.len == 0 && lon.len == 0) {
        return ERR_OK;
    }
    if (lat.len == 0 || lon.len == 0 || lat.len + lon.len + 2 > sizeof(text)) {
        return ERR_BAD_DATA;
    }
    memcpy(text, lat.data, lat.len);
    text[lat.len] = ' ';
    memcpy(text + lat.len + 1, lon.data, lon.len);
    text[lat.len + 1 + lon.len] = '\0';
    arena_init(&none, sizeof(text));
    if (form_read(m->form, tablet_field_key(m->form, FIELD_PLACE), text, &none,
                  out) ||
        !geo_pos_is_valid((struct geo_pos){ out->lat_e7, out->lon_e7 })) {
        out->kind = FORM_VALUE_NULL;
        arena_fini(&none);
        return ERR_BAD_DATA;
    }
    out->text = (struct bytes){ NULL, 0 };
    arena_fini(&none);
    return ERR_OK;
}

static void put_text(struct body_writer *w, uint64_t id, struct bytes text)
{
    if (text.len > 0) {
        cbor_put_text(body_field(w, id), (const char *)text.data, text.len);
    }
}

static void put_category(struct import *m, struct body_writer *w)
{
    const char *type = (const char *)cell(m, COLUMN_TYPE).data;
    const char *category;

    if (m->types == NULL || type == NULL) {
        return;
    }
    category = json_get_text(m->types, type);
    body_put_text(w, FIELD_CATEGORY, category != NULL ? category : "CRM");
}

static enum err add_row(struct import *m)
{
    struct evlog_new e = { .officer = m->t->officer,
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .form = IMPORT_FORM,
                           .form_version = m->form->version };
    struct form_value place;
    struct body_writer w;
    enum err err = read_place(m, &place);

    if (err) {
        buf_printf(m->why, "line %llu: the place is not a place",
                   (unsigned long long)m->csv.row_line);
        return err;
    }
    err = tablet_new_id(m->t, &e.record);
    body_begin(&w);
    put_category(m, &w);
    if (place.kind == FORM_VALUE_PLACE) {
        tablet_put_value(body_field(&w, FIELD_PLACE), &place);
    }
    put_text(&w, FIELD_PLACE_NAME, cell(m, COLUMN_LOCATION));
    put_text(&w, FIELD_EXTERNAL, cell(m, COLUMN_CRIME_ID));
    for (size_t i = 0; i < m->csv.width; i++) {
        put_text(&w, m->fields[m->order[i]], csv_field(&m->csv, m->order[i]));
    }
    tablet_save_add(&m->save, &e, &w, TIER_OPEN, NULL);
    m->rows++;
    return err ? err : m->save.err;
}

static enum err flush(struct import *m)
{
    const enum err err =
        m->save.count > 0 ? tablet_save_end(&m->save) : m->save.err;

    tablet_save_fini(&m->save);
    return err;
}

static enum err add_rows(struct import *m)
{
    enum err err = ERR_OK;

    while (!err) {
        err = csv_next(&m->csv);
        if (!err) {
            err = add_row(m);
        }
        if (!err && m->save.count == IMPORT_BATCH) {
            err = flush(m);
        }
    }
    if (err == ERR_BAD_DATA) {
        explain(m);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err add_line(struct import *m)
{
    const struct tablet_line line = { .text = "Police data imported" };

    tablet_save_line(&m->save, &line, NULL);
    return flush(m);
}

static enum err run(struct import *m)
{
    enum err err = tablet_form(m->t, IMPORT_FORM, &m->form);

    if (err) {
        buf_printf(m->why, "the form %s isn't here: send and receive first",
                   IMPORT_FORM);
        return err;
    }
    err = read_types(m);
    if (!err) {
        err = read_head(m);
    }
    if (!err) {
        err = evlog_begin(m->t->log);
    }
    if (err) {
        return err;
    }
    err = add_rows(m);
    if (!err) {
        err = add_line(m);
    }
    if (err) {
        evlog_rollback(m->t->log);
        return err;
    }
    return evlog_commit(m->t->log);
}

enum err tablet_import_police_uk(struct tablet *t, struct bytes csv,
                                 uint64_t *rows_out, struct buf *why)
{
    struct import *m = mem_alloc(sizeof(*m));
    enum err err;

    if (m == NULL) {
        return ERR_NOMEM;
    }
    m->t = t;
    m->why = why;
    arena_init(&m->arena, TYPES_JSON_MAX);
    tablet_save_init(&m->save, t);
    csv_open(&m->csv, csv);
    err = run(m);
    *rows_out = err ? 0 : m->rows;
    tablet_save_fini(&m->save);
    csv_close(&m->csv);
    arena_fini(&m->arena);
    mem_free(m);
    return err;
}
