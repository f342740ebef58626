#include "core/expr.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/mem.h"

/* How often SQLite reports its steps. */
#define STEPS_A_REPORT 100

struct expr_engine {
    sqlite3 *db;
    int selects; /* seen by the authorizer in this compilation */
    int reports; /* left in this evaluation */
};

struct expr {
    struct expr_engine *engine;
    sqlite3_stmt *st;
};

static const char *const functions[] = {
    "length", "lower", "upper", "trim",     "substr", "instr",   "abs",
    "min",    "max",   "iif",   "coalesce", "nullif", "replace",
};

static const char *const keywords[] = {
    "and", "or", "not", "in", "is", "between", "null",
};

static bool is_listed(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (sqlite3_stricmp(list[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static enum err from_sqlite(int rc)
{
    switch (rc) {
    case SQLITE_OK:
        return ERR_OK;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_AUTH:
        return ERR_DENIED;
    default:
        return ERR_BAD_DATA;
    }
}

/* --- the engine --- */

static int authorize(void *arg, int action, const char *first,
                     const char *second, const char *schema,
                     const char *trigger)
{
    struct expr_engine *engine = arg;

    (void)first;
    (void)schema;
    (void)trigger;
    if (action == SQLITE_SELECT && engine->selects++ == 0) {
        return SQLITE_OK; /* ours; a second one would be a subselect */
    }
    if (action == SQLITE_FUNCTION && second != NULL &&
        is_listed(functions, ARRAY_LEN(functions), second)) {
        return SQLITE_OK;
    }
    return SQLITE_DENY;
}

static int on_steps(void *arg)
{
    struct expr_engine *engine = arg;

    return engine->reports-- <= 0;
}

static void fence(struct expr_engine *engine)
{
    static const struct {
        int id;
        int value;
    } limits[] = {
        { SQLITE_LIMIT_LENGTH, EXPR_VALUE_MAX_BYTES },
        { SQLITE_LIMIT_SQL_LENGTH, 4 * EXPR_MAX_BYTES },
        { SQLITE_LIMIT_COLUMN, 5 }, /* sqlite_schema has as many */
        { SQLITE_LIMIT_EXPR_DEPTH, EXPR_TOKENS_MAX },
        { SQLITE_LIMIT_COMPOUND_SELECT, 1 },
        { SQLITE_LIMIT_VDBE_OP, EXPR_VDBE_OP_MAX },
        { SQLITE_LIMIT_FUNCTION_ARG, 16 },
        { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1 },
        { SQLITE_LIMIT_VARIABLE_NUMBER, EXPR_NAMES_MAX },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 0 },
        { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };

    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        sqlite3_limit(engine->db, limits[i].id, limits[i].value);
    }
    sqlite3_set_authorizer(engine->db, authorize, engine);
    sqlite3_progress_handler(engine->db, STEPS_A_REPORT, on_steps, engine);
}

enum err expr_open(struct expr_engine **engine_out)
{
    struct expr_engine *engine = mem_alloc(sizeof(*engine));

    if (engine == NULL) {
        return ERR_NOMEM;
    }
    if (sqlite3_open(":memory:", &engine->db) != SQLITE_OK) {
        expr_close(engine);
        return ERR_NOMEM;
    }
    /* Without the 40 KiB that SQLite sets aside for busy connections. */
    sqlite3_db_config(engine->db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
    sqlite3_db_config(engine->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    fence(engine);
    *engine_out = engine;
    return ERR_OK;
}

void expr_close(struct expr_engine *engine)
{
    if (engine != NULL) {
        const int rc = sqlite3_close(engine->db);

        ASSERT(rc == SQLITE_OK); /* else an expression is still open */
        mem_free(engine);
    }
}

/* --- from our words to SQL --- */

struct reader {
    const char *at;
    const char *const *names;
    size_t name_count;
    struct buf sql;
    size_t tokens;
    size_t depth; /* open parentheses */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

bool expr_is_name(const char *name)
{
    const size_t len = strlen(name);

    if (len == 0 || len > EXPR_NAME_MAX || name[0] < 'a' || name[0] > 'z' ||
        is_listed(functions, ARRAY_LEN(functions), name) ||
        is_listed(keywords, ARRAY_LEN(keywords), name)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (name[i] != '_' && !is_digit(name[i]) &&
            (name[i] < 'a' || name[i] > 'z')) {
            return false;
        }
    }
    return true;
}

/* Every token is set apart by a space, so that two of them never make a
 * third one: "- -" is no comment. */
static void put_token(struct reader *r, const char *start, size_t len)
{
    buf_put_u8(&r->sql, ' ');
    buf_put(&r->sql, start, len);
}

static enum err read_word(struct reader *r)
{
    char word[EXPR_NAME_MAX + 1];
    const char *start = r->at;
    const char *after;
    size_t len;

    while (is_letter(*r->at) || is_digit(*r->at)) {
        r->at++;
    }
    len = (size_t)(r->at - start);
    if (len > EXPR_NAME_MAX) {
        return ERR_DENIED;
    }
    memcpy(word, start, len);
    word[len] = '\0';
    for (after = r->at; is_space(*after);) {
        after++;
    }
    if (is_listed(keywords, ARRAY_LEN(keywords), word) ||
        (*after == '(' && is_listed(functions, ARRAY_LEN(functions), word))) {
        put_token(r, start, len);
        return ERR_OK;
    }
    for (size_t i = 0; i < r->name_count; i++) {
        if (strcmp(r->names[i], word) == 0) {
            buf_printf(&r->sql, " ?%zu", i + 1);
            return ERR_OK;
        }
    }
    return ERR_DENIED;
}

static enum err read_number(struct reader *r)
{
    const char *start = r->at;

    while (is_digit(*r->at)) {
        r->at++;
    }
    if (is_letter(*r->at) || *r->at == '.' || r->at - start > 18) {
        return ERR_DENIED; /* whole numbers of 64 bits only */
    }
    put_token(r, start, (size_t)(r->at - start));
    return ERR_OK;
}

static enum err read_text(struct reader *r)
{
    const char *start = r->at++;

    for (;; r->at++) {
        if (*r->at == '\0') {
            return ERR_BAD_DATA;
        }
        if (*r->at == '\'' && *++r->at != '\'') {
            break;
        }
    }
    put_token(r, start, (size_t)(r->at - start));
    return ERR_OK;
}

static enum err read_sign(struct reader *r)
{
    static const char *const signs[] = {
        "==", "!=", "<>", "<=", ">=", "=", "<", ">",
        "+",  "-",  "*",  "/",  ",",  "(", ")",
    };

    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        const size_t len = strlen(signs[i]);

        if (strncmp(r->at, signs[i], len) != 0) {
            continue;
        }
        if (*r->at == '(' && ++r->depth > EXPR_DEPTH_MAX) {
            return ERR_TOO_LONG;
        }
        if (*r->at == ')' && r->depth-- == 0) {
            return ERR_DENIED; /* would leave our own parentheses */
        }
        put_token(r, r->at, len);
        r->at += len;
        return ERR_OK;
    }
    return ERR_DENIED;
}

static enum err read_token(struct reader *r)
{
    if (++r->tokens > EXPR_TOKENS_MAX) {
        return ERR_TOO_LONG;
    }
    if (is_letter(*r->at)) {
        return read_word(r);
    }
    if (is_digit(*r->at)) {
        return read_number(r);
    }
    return *r->at == '\'' ? read_text(r) : read_sign(r);
}

static enum err read_all(struct reader *r)
{
    buf_put_text(&r->sql, "SELECT (");
    for (;;) {
        enum err err;

        while (is_space(*r->at)) {
            r->at++;
        }
        if (*r->at == '\0') {
            break;
        }
        err = read_token(r);
        if (err)
            return err;
    }
    if (r->depth != 0 || r->tokens == 0) {
        return ERR_BAD_DATA;
    }
    buf_put_text(&r->sql, " )");
    return r->sql.err;
}

/* --- compile and evaluate --- */

static enum err prepare(struct expr_engine *engine, struct buf *sql,
                        struct expr **expr_out)
{
    struct expr *expr = mem_alloc(sizeof(*expr));
    enum err err;

    if (expr == NULL) {
        return ERR_NOMEM;
    }
    expr->engine = engine;
    engine->selects = 0;
    engine->reports = EXPR_STEPS_MAX / STEPS_A_REPORT;
    err = from_sqlite(sqlite3_prepare_v3(engine->db, buf_text(sql), -1,
                                         SQLITE_PREPARE_PERSISTENT, &expr->st,
                                         NULL));
    if (!err && (expr->st == NULL || sqlite3_column_count(expr->st) != 1)) {
        err = ERR_BAD_DATA;
    }
    if (err) {
        expr_free(expr);
        return err;
    }
    *expr_out = expr;
    return ERR_OK;
}

enum err expr_compile(struct expr_engine *engine, const char *text,
                      const char *const *names, size_t name_count,
                      struct expr **expr_out)
{
    struct reader r = { .at = text, .names = names, .name_count = name_count };
    enum err err;

    ASSERT(name_count <= EXPR_NAMES_MAX);
    if (strlen(text) > EXPR_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    buf_init(&r.sql, (size_t)4 * EXPR_MAX_BYTES);
    err = read_all(&r);
    if (!err) {
        err = prepare(engine, &r.sql, expr_out);
    }
    buf_fini(&r.sql);
    return err;
}

void expr_free(struct expr *expr)
{
    if (expr != NULL) {
        sqlite3_finalize(expr->st);
        mem_free(expr);
    }
}

static int bind(sqlite3_stmt *st, int at, const struct expr_value *value)
{
    switch (value->kind) {
    case EXPR_INT:
        return sqlite3_bind_int64(st, at, value->number);
    case EXPR_TEXT:
        if (value->text.len > EXPR_VALUE_MAX_BYTES) {
            return SQLITE_TOOBIG;
        }
        return sqlite3_bind_text(
            st, at, value->text.len > 0 ? (const char *)value->text.data : "",
            (int)value->text.len, SQLITE_STATIC);
    case EXPR_NULL:
        break;
    }
    return sqlite3_bind_null(st, at);
}

enum err expr_eval(struct expr *expr, const struct expr_value *values,
                   enum expr_truth *truth_out)
{
    sqlite3_stmt *st = expr->st;
    const int count = sqlite3_bind_parameter_count(st);
    int rc = SQLITE_OK;

    for (int i = 0; i < count && rc == SQLITE_OK; i++) {
        rc = bind(st, i + 1, &values[i]);
    }
    if (rc == SQLITE_OK) {
        expr->engine->reports = EXPR_STEPS_MAX / STEPS_A_REPORT;
        rc = sqlite3_step(st);
    }
    if (rc == SQLITE_ROW) {
        if (sqlite3_column_type(st, 0) == SQLITE_NULL) {
            *truth_out = EXPR_UNKNOWN;
        } else {
            *truth_out =
                sqlite3_column_double(st, 0) != 0 ? EXPR_TRUE : EXPR_FALSE;
        }
        rc = SQLITE_OK;
    }
    sqlite3_reset(st);
    sqlite3_clear_bindings(st); /* the texts belong to the caller */
    return from_sqlite(rc);
}
