#include "core/json.h"

#include <string.h>

#include <sqlite3.h>

#include "core/limits.h"
#include "core/text.h"

/* One open array or object while the rows come in. */
struct level {
    sqlite3_int64 id;
    struct json *node;
    struct json *last; /* its youngest child */
};

struct reader {
    struct arena *arena;
    struct level levels[JSON_DEPTH_MAX];
    size_t depth;
    size_t nodes;
    struct json *root;
};

static enum err from_sqlite(int rc)
{
    return rc == SQLITE_NOMEM ? ERR_NOMEM : ERR_BAD_DATA;
}

static enum json_type type_of(const char *name)
{
    static const struct {
        const char *name;
        enum json_type type;
    } types[] = {
        { "true", JSON_BOOL },     { "false", JSON_BOOL },
        { "integer", JSON_INT },   { "real", JSON_REAL },
        { "text", JSON_TEXT },     { "array", JSON_ARRAY },
        { "object", JSON_OBJECT },
    };

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (strcmp(name, types[i].name) == 0) {
            return types[i].type;
        }
    }
    return JSON_NULL;
}

/* Copies column `col`, which must be a C string of valid UTF-8. */
static enum err copy_text(struct reader *r, sqlite3_stmt *st, int col,
                          const char **text_out, size_t *len_out)
{
    const char *text = (const char *)sqlite3_column_text(st, col);
    const size_t len = (size_t)sqlite3_column_bytes(st, col);

    if (text == NULL) {
        return ERR_NOMEM;
    }
    if (memchr(text, '\0', len) != NULL || !text_is_utf8(text, len)) {
        return ERR_BAD_DATA;
    }
    *text_out = arena_text(r->arena, text, len);
    *len_out = len;
    return *text_out != NULL ? ERR_OK : ERR_NOMEM;
}

/* Columns: id, parent, key, type, atom. */
static enum err read_node(struct reader *r, sqlite3_stmt *st, struct json *node)
{
    const char *type = (const char *)sqlite3_column_text(st, 3);
    size_t key_len;
    enum err err = ERR_OK;

    if (type == NULL) {
        return ERR_NOMEM;
    }
    node->type = type_of(type);
    if (sqlite3_column_type(st, 2) == SQLITE_TEXT) {
        err = copy_text(r, st, 2, &node->key, &key_len);
    }
    if (err)
        return err;
    switch (node->type) {
    case JSON_TEXT:
        return copy_text(r, st, 4, &node->text, &node->len);
    case JSON_INT:
        if (sqlite3_column_type(st, 4) != SQLITE_INTEGER) {
            node->type = JSON_REAL;
        }
        /* fall through */
    case JSON_REAL:
    case JSON_BOOL:
        node->number =
            node->type == JSON_REAL ? 0 : (int64_t)sqlite3_column_int64(st, 4);
        node->real = sqlite3_column_double(st, 4);
        return ERR_OK;
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return ERR_OK;
}

static enum err attach(struct level *parent, struct json *node)
{
    if (parent->node->type == JSON_OBJECT) {
        if (node->key == NULL || json_get(parent->node, node->key) != NULL) {
            return ERR_BAD_DATA;
        }
    } else {
        node->key = NULL;
    }
    if (parent->last == NULL) {
        parent->node->first = node;
    } else {
        parent->last->next = node;
    }
    parent->last = node;
    parent->node->count++;
    return ERR_OK;
}

/* Rows come parents first, each tree before its next sibling. */
static enum err take_row(struct reader *r, sqlite3_stmt *st)
{
    struct json *node;
    enum err err;

    if (r->nodes++ >= JSON_NODES_MAX) {
        return ERR_TOO_LONG;
    }
    node = arena_alloc(r->arena, sizeof(*node));
    if (node == NULL) {
        return ERR_NOMEM;
    }
    err = read_node(r, st, node);
    if (err)
        return err;
    while (r->depth > 0 &&
           r->levels[r->depth - 1].id != sqlite3_column_int64(st, 1)) {
        r->depth--;
    }
    if (r->root == NULL) {
        r->root = node;
    } else if (r->depth == 0) {
        return ERR_BAD_DATA;
    } else {
        err = attach(&r->levels[r->depth - 1], node);
    }
    if (err || (node->type != JSON_ARRAY && node->type != JSON_OBJECT))
        return err;
    if (r->depth == JSON_DEPTH_MAX) {
        return ERR_TOO_LONG;
    }
    r->levels[r->depth++] =
        (struct level){ .id = sqlite3_column_int64(st, 0), .node = node };
    return ERR_OK;
}

static enum err run(struct reader *r, sqlite3 *db, const char *text, size_t len)
{
    static const char sql[] =
        "SELECT id, parent, key, type, atom FROM json_tree($1)"
        " WHERE json_valid($1, 1)"; /* 1: RFC 8259, without JSON5 */
    sqlite3_stmt *st = NULL;
    enum err err = ERR_OK;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_bind_text(st, 1, text, (int)len, SQLITE_STATIC);
    }
    if (rc != SQLITE_OK) {
        err = from_sqlite(rc);
    }
    while (!err && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        err = take_row(r, st);
    }
    if (!err && (rc != SQLITE_DONE || r->root == NULL)) {
        err = from_sqlite(rc);
    }
    sqlite3_finalize(st);
    return err;
}

enum err json_parse(const char *text, size_t len, struct arena *arena,
                    const struct json **root_out)
{
    struct reader r = { .arena = arena };
    sqlite3 *db = NULL;
    enum err err;

    if (len > JSON_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    if (len == 0 || memchr(text, '\0', len) != NULL ||
        !text_is_utf8(text, len)) {
        return ERR_BAD_DATA;
    }
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) {
        sqlite3_close(db);
        return ERR_NOMEM;
    }
    err = run(&r, db, text, len);
    sqlite3_close(db);
    if (!err) {
        *root_out = r.root;
    }
    return err;
}

const struct json *json_get(const struct json *object, const char *key)
{
    const struct json *at = NULL;

    if (object != NULL && object->type == JSON_OBJECT) {
        for (at = object->first; at != NULL; at = at->next) {
            if (strcmp(at->key, key) == 0) {
                break;
            }
        }
    }
    return at;
}

const char *json_get_text(const struct json *object, const char *key)
{
    const struct json *member = json_get(object, key);

    return member != NULL ? member->text : NULL;
}
