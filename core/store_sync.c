#include "core/store_sync.h"

#include "core/limits.h"
#include "core/store_internal.h"

/* 500 leaves of at most 46 bytes; as many refs of at most 28. */
#define PAGE_MAX_BYTES ((size_t)SYNC_BATCH_MAX * 64 + 1024)

void store_page_begin(struct store_page *p)
{
    buf_init(&p->seal, PAGE_MAX_BYTES);
    buf_init(&p->leaves, PAGE_MAX_BYTES);
    buf_init(&p->refs, PAGE_MAX_BYTES);
}

void store_page_fini(struct store_page *p)
{
    buf_fini(&p->seal);
    buf_fini(&p->leaves);
    buf_fini(&p->refs);
}

static const char sql_page_add[] =
    "INSERT INTO sync_page (seal, leaves, refs) VALUES (?1, ?2, ?3)";

enum err store_page_add(struct store *s, const struct store_page *p)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_page_add, &st);

    if (err)
        return err;
    db_bind_bytes(st, 1, buf_bytes(&p->seal));
    db_bind_bytes(st, 2, buf_bytes(&p->leaves));
    db_bind_bytes(st, 3, buf_bytes(&p->refs));
    return db_run(st);
}

static const char sql_page_after[] =
    "SELECT id, seal, leaves, refs FROM sync_page WHERE id > ?1"
    " ORDER BY id LIMIT 1";

static void put(struct buf *out, struct bytes b)
{
    buf_reset(out);
    buf_put(out, b.data, b.len);
}

enum err store_page_after(struct store *s, int64_t id, struct store_page *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_page_after, &st);

    if (err)
        return err;
    db_bind_int(st, 1, id);
    err = db_row(st);
    if (err)
        return err;
    out->id = sqlite3_column_int64(st, 0);
    put(&out->seal, db_get_bytes(st, 1));
    put(&out->leaves, db_get_bytes(st, 2));
    put(&out->refs, db_get_bytes(st, 3));
    sqlite3_reset(st);
    return out->seal.err     ? out->seal.err
           : out->leaves.err ? out->leaves.err
                             : out->refs.err;
}

static const char sql_event[] =
    "SELECT e.header, e.salt, e.body FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE i.incarnation = ?1 AND e.sequence = ?2"
    " AND e.branch = 0";

enum err store_event_wire(struct store *s, const struct event_ref *ref,
                          struct buf *out)
{
    struct bytes salt;
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_event, &st);

    if (err)
        return err;
    db_bind_uuid(st, 1, &ref->incarnation);
    db_bind_int(st, 2, (int64_t)ref->sequence);
    err = db_row(st);
    if (err)
        return err;
    salt = db_get_bytes(st, 1);
    err = event_wire_put(out, db_get_bytes(st, 0), salt.data,
                         db_get_bytes(st, 2));
    sqlite3_reset(st);
    return err;
}
