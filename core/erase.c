#include "core/erase.h"

#include <string.h>

#include "core/event.h"
#include "core/mem.h"
#include "core/store_internal.h"
#include "core/store_safety.h"

/* In the meta table while old pages may still show what was erased. */
#define META_DUE "erase.due"

#define NODE_HEAD_BYTES ((size_t)4)  /* of an R*Tree node: depth, count */
#define NODE_CELL_BYTES ((size_t)24) /* of ours: id, two ranges of int32 */
#define NODE_MAX_BYTES  ((size_t)64 * 1024)

static const char sql_ordered[] =
    "SELECT 1 FROM event WHERE record = ?1 AND op = 32 AND state = 0 LIMIT 1";
static const char sql_next[] =
    "SELECT id, header FROM event WHERE record = ?1 AND id > ?2"
    " AND op NOT IN (30, 31, 32) ORDER BY id LIMIT 1";
static const char sql_drop_body[] =
    "UPDATE event SET salt = NULL, body = NULL WHERE id = ?1"
    " AND body IS NOT NULL";
static const char sql_drop_key[] = "DELETE FROM content_key WHERE record = ?1";
static const char sql_drop_draft[] = "DELETE FROM draft WHERE id = ?1";
static const char sql_drop_blob[] = "DELETE FROM blob WHERE name = ?1";
static const char sql_drop_wish[] = "DELETE FROM blob_asked WHERE name = ?1";
static const char sql_doom[] =
    "INSERT INTO doomed (name) VALUES (?1) ON CONFLICT DO NOTHING";

bool erase_is_order(uint64_t op)
{
    return op == OP_HOLD || op == OP_RELEASE || op == OP_ERASE_BODY;
}

enum err erase_is_ordered(struct store *s, const struct uuid *record, bool *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_ordered, &st);

    *out = false;
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    err = db_row(st);
    *out = !err;
    sqlite3_reset(st);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* --- what goes in the transaction --- */

static enum err run_for_hash(struct store *s, const char *sql,
                             const struct hash *name)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql, &st);

    if (err) {
        return err;
    }
    db_bind_hash(st, 1, name);
    return db_run(st);
}

static enum err run_for_record(struct store *s, const char *sql,
                               const struct uuid *record)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    return db_run(st);
}

enum err erase_event(struct store *s, int64_t event, struct bytes header)
{
    struct event_header h;
    sqlite3_stmt *st;
    enum err err = event_header_parse(header, &h);

    if (err && err != ERR_NEWER) {
        return err;
    }
    err = ERR_OK;
    for (size_t i = 0; !err && i < h.blob_count; i++) {
        err = run_for_hash(s, sql_drop_blob, &h.blobs[i]);
        if (!err) {
            err = run_for_hash(s, sql_drop_wish, &h.blobs[i]);
        }
        if (!err) {
            err = run_for_hash(s, sql_doom, &h.blobs[i]);
        }
    }
    if (!err) {
        err = store_statement(s, sql_drop_body, &st);
    }
    if (err) {
        return err;
    }
    db_bind_int(st, 1, event);
    s->is_flush_due = true;
    return db_run(st);
}

/* The next event of the record after `*id`, its header copied. */
static enum err next_event(struct store *s, const struct uuid *record,
                           int64_t *id, struct buf *header)
{
    sqlite3_stmt *st;
    struct bytes view;
    enum err err = store_statement(s, sql_next, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    db_bind_int(st, 2, *id);
    err = db_row(st);
    if (err) {
        return err;
    }
    *id = sqlite3_column_int64(st, 0);
    view = db_get_bytes(st, 1);
    buf_reset(header);
    buf_put(header, view.data, view.len);
    sqlite3_reset(st);
    return header->err;
}

enum err erase_record(struct store *s, const struct uuid *record)
{
    const uint8_t due = 1;
    struct buf header;
    int64_t id = 0;
    enum err err;

    buf_init(&header, HEADER_MAX_BYTES);
    while (!(err = next_event(s, record, &id, &header))) {
        err = erase_event(s, id, buf_bytes(&header));
        if (err) {
            break;
        }
    }
    buf_fini(&header);
    if (err == ERR_NOT_FOUND) {
        err = run_for_record(s, sql_drop_key, record);
    }
    if (!err) {
        err = run_for_record(s, sql_drop_draft, record);
    }
    if (!err) {
        err = store_meta_put(s, META_DUE, (struct bytes){ &due, sizeof(due) });
    }
    s->is_flush_due = true;
    /* What it holds may be what was erased. */
    return err ? err : store_safety_forget(s);
}

/* --- what goes after it --- */

static const char sql_doomed[] = "SELECT name FROM doomed LIMIT 1";
static const char sql_forget[] = "DELETE FROM doomed WHERE name = ?1";
static const char sql_done[] = "DELETE FROM meta WHERE name = ?1";
static const char sql_words[] =
    "INSERT INTO search (search) VALUES ('rebuild')";
static const char sql_node_next[] =
    "SELECT nodeno, data FROM place_node WHERE nodeno > ?1"
    " ORDER BY nodeno LIMIT 1";
static const char sql_node_put[] =
    "UPDATE place_node SET data = ?2 WHERE nodeno = ?1";

static enum err next_doomed(struct store *s, struct hash *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_doomed, &st);

    err = err ? err : db_row(st);
    if (!err) {
        db_get_hash(st, 0, out);
        sqlite3_reset(st);
    }
    return err;
}

/* The file first: a name is forgotten when nothing bears it. */
static enum err remove_files(struct store *s)
{
    const struct port *port = s->port;
    struct hash name;
    enum err err;

    while (!(err = next_doomed(s, &name))) {
        err = port->ops->blob_remove(port->ctx, &name);
        if (!err || err == ERR_NOT_FOUND) {
            err = port->ops->part_drop(port->ctx, &name);
        }
        if (!err || err == ERR_NOT_FOUND) {
            err = run_for_hash(s, sql_forget, &name);
        }
        if (err) {
            return err;
        }
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* R*Tree moves cells up when one goes and leaves the last behind them. */
static bool has_rest(struct bytes node, size_t *used_out)
{
    const size_t count =
        node.len < NODE_HEAD_BYTES
            ? 0
            : ((size_t)node.data[2] << 8 | (size_t)node.data[3]);
    const size_t used = NODE_HEAD_BYTES + count * NODE_CELL_BYTES;

    *used_out = used;
    for (size_t i = used; i < node.len; i++) {
        if (node.data[i] != 0) {
            return true;
        }
    }
    return false;
}

static enum err put_node(struct store *s, int64_t number, struct bytes data)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql_node_put, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, number);
    db_bind_bytes(st, 2, data);
    return db_run(st);
}

static enum err clean_next_node(struct store *s, int64_t *number)
{
    struct buf node;
    struct bytes view;
    sqlite3_stmt *st;
    size_t used;
    bool rest;
    enum err err = store_statement(s, sql_node_next, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, *number);
    err = db_row(st);
    if (err) {
        return err;
    }
    buf_init(&node, NODE_MAX_BYTES);
    *number = sqlite3_column_int64(st, 0);
    view = db_get_bytes(st, 1);
    rest = has_rest(view, &used);
    if (rest) {
        buf_put(&node, view.data, view.len);
    }
    sqlite3_reset(st);
    err = node.err;
    if (!err && rest) {
        memset(node.data + used, 0, node.len - used);
        err = put_node(s, *number, buf_bytes(&node));
    }
    buf_fini(&node);
    return err;
}

/* The R*Tree's own table may be written for once. */
static enum err clean_places(struct store *s)
{
    int64_t number = 0;
    enum err err;

    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    do {
        err = clean_next_node(s, &number);
    } while (!err);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err clean_indexes(struct store *s)
{
    enum err err = store_begin(s);

    if (err) {
        return err;
    }
    err = db_exec(s->db, sql_words);
    if (!err) {
        err = clean_places(s);
    }
    if (err) {
        store_rollback(s);
        return err;
    }
    return store_commit(s);
}

static enum err forget_due(struct store *s)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql_done, &st);

    if (err) {
        return err;
    }
    db_bind_text(st, 1, META_DUE);
    return db_run(st);
}

static enum err is_due(struct store *s, bool *out)
{
    struct buf value;
    enum err err;

    buf_init(&value, 8);
    err = store_meta_get(s, META_DUE, &value);
    *out = !err;
    buf_fini(&value);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err erase_flush(struct store *s)
{
    bool due;
    enum err err;

    if (s->depth > 0 || !s->is_flush_due) {
        return ERR_OK;
    }
    err = is_due(s, &due);
    if (!err) {
        err = remove_files(s);
    }
    if (!err && due) {
        err = clean_indexes(s);
        if (!err) {
            err = db_exec(s->db, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        if (!err) {
            err = forget_due(s);
        }
    }
    s->is_flush_due = err != ERR_OK;
    return err;
}
