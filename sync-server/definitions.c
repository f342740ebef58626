#include "sync-server/definitions.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/power_card.h"

#define ID_MAX 64

enum err definitions_append(struct council *c, enum event_kind kind,
                            const char *id, const char *json)
{
    struct evlog_new e = { .kind = kind, .op = OP_CREATE };
    const struct crypto_random random = port_random(c->port);
    struct body_writer w;
    struct buf body;
    enum err err = random.fill(random.ctx, e.record.bytes, 16);

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, id);
    body_put_text(&w, DEFINITION_JSON, json);
    err = err ? err : body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    return err;
}

static enum err put_label(struct council *c, const char *id, const char *label)
{
    char name[sizeof(DEFINITIONS_META_LABEL) + ID_MAX];

    snprintf(name, sizeof(name), "%s%s", DEFINITIONS_META_LABEL, id);
    return sdb_meta_put(
        c->db, name, (struct bytes){ (const uint8_t *)label, strlen(label) });
}

/* SQLite reads JSON here as core/json.c has it do: a private database. */
typedef enum err (*row_fn)(struct council *c, const char *id, const char *label,
                           const char *json);

static enum err each(struct council *c, const char *sql, struct bytes json,
                     row_fn fn)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    enum err err = ERR_BAD_DATA;
    int step = SQLITE_ERROR, rows = 0;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK ||
        sqlite3_bind_text(st, 1, (const char *)json.data, (int)json.len,
                          SQLITE_STATIC) != SQLITE_OK)
        goto out;
    err = ERR_OK;
    while (!err && (step = sqlite3_step(st)) == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(st, 0);
        const char *label = (const char *)sqlite3_column_text(st, 1);
        const char *text = (const char *)sqlite3_column_text(st, 2);

        rows++;
        err = id == NULL || text == NULL || strlen(id) > ID_MAX
                  ? ERR_BAD_DATA
                  : fn(c, id, label == NULL ? id : label, text);
    }
    if (!err && (step != SQLITE_DONE || rows == 0)) {
        err = ERR_BAD_DATA;
    }
out:
    sqlite3_finalize(st);
    sqlite3_close(db);
    return err;
}

static enum err add_category(struct council *c, const char *id,
                             const char *label, const char *json)
{
    enum err err = definitions_append(c, KIND_CATEGORY, id, json);

    return err ? err : put_label(c, id, label);
}

enum err definitions_add_categories(struct council *c, struct bytes json)
{
    static const char sql[] =
        "SELECT json_extract(value, '$.id'), json_extract(value, '$.label'),"
        " value FROM json_each($1, '$.categories') ORDER BY key";

    return each(c, sql, json, add_category);
}

static enum err add_form(struct council *c, const char *id, const char *label,
                         const char *json)
{
    char name[sizeof(DEFINITIONS_META_FORM) + ID_MAX];
    enum err err = definitions_append(c, KIND_FORM, id, json);

    (void)label;
    snprintf(name, sizeof(name), "%s%s", DEFINITIONS_META_FORM, id);
    return err ? err
               : sdb_meta_put(
                     c->db, name,
                     (struct bytes){ (const uint8_t *)json, strlen(json) });
}

enum err definitions_add_form(struct council *c, struct bytes json)
{
    static const char sql[] = "SELECT json_extract($1, '$.id'), NULL, json($1)";

    return each(c, sql, json, add_form);
}

static enum err add_cards(struct council *c, const char *id, const char *label,
                          const char *json)
{
    struct power_cards cards;
    struct buf before;
    bool is_same;
    enum err err = power_cards_parse(json, strlen(json), &cards);

    (void)label;
    if (err) {
        return err;
    }
    buf_init(&before, JSON_MAX_BYTES);
    err = sdb_meta_get(c->db, id, &before);
    is_same = !err && strcmp(buf_text(&before), json) == 0;
    buf_fini(&before);
    if (is_same || (err && err != ERR_NOT_FOUND)) {
        return err;
    }
    err = definitions_append(c, KIND_POWER, id, json);
    return err ? err
               : sdb_meta_put(
                     c->db, id,
                     (struct bytes){ (const uint8_t *)json, strlen(json) });
}

enum err definitions_add_cards(struct council *c, struct bytes json)
{
    static const char sql[] =
        "SELECT '" CARD_ID_PREFIX "' || json_extract(value, '$.officer'),"
        " NULL, value FROM json_each($1, '$.officers') ORDER BY key";

    return each(c, sql, json, add_cards);
}

enum err definitions_add_profile(struct council *c, struct bytes json,
                                 struct profile *out)
{
    struct buf text;
    enum err err = profile_parse((const char *)json.data, json.len, out);

    buf_init(&text, JSON_MAX_BYTES);
    buf_put(&text, json.data, json.len);
    (void)buf_text(&text);
    err = err ? err : text.err;
    err = err ? err
              : definitions_append(c, KIND_POWER, PROFILE_ID, buf_text(&text));
    buf_fini(&text);
    return err;
}

enum err definitions_add_policy(struct council *c, struct bytes json,
                                struct policy *out)
{
    struct buf text;
    enum err err = policy_parse((const char *)json.data, json.len, out);

    buf_init(&text, JSON_MAX_BYTES);
    buf_put(&text, json.data, json.len);
    (void)buf_text(&text);
    err = err ? err : text.err;
    err = err ? err
              : definitions_append(c, KIND_POWER, POLICY_ID, buf_text(&text));
    err = err ? err : sdb_meta_put(c->db, POLICY_ID, json);
    buf_fini(&text);
    return err;
}

enum err definitions_policy(struct council *c, struct policy *out)
{
    struct buf json;
    enum err err;

    *out = policy_before();
    buf_init(&json, JSON_MAX_BYTES);
    err = sdb_meta_get(c->db, POLICY_ID, &json);
    err = err ? err : policy_parse((const char *)json.data, json.len, out);
    buf_fini(&json);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err definitions_form(struct council *c, const char *id,
                          struct form **form_out)
{
    char name[sizeof(DEFINITIONS_META_FORM) + ID_MAX];
    struct buf json;
    enum err err;

    *form_out = NULL;
    if (id[0] == '\0' || strlen(id) > ID_MAX)
        return ERR_NOT_FOUND;
    snprintf(name, sizeof(name), "%s%s", DEFINITIONS_META_FORM, id);
    buf_init(&json, JSON_MAX_BYTES);
    err = sdb_meta_get(c->db, name, &json);
    err = err ? err : form_parse((const char *)json.data, json.len, form_out);
    buf_fini(&json);
    return err;
}
