/* fsck: everything that the store claims, computed again. See store.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/event.h"
#include "core/mem.h"
#include "core/store.h"
#include "core/store_internal.h"

#define FINDING_MAX      200
#define BLOB_PIECE_BYTES ((size_t)64 * 1024)

struct check {
    struct store *store;
    store_finding_fn found;
    void *ctx;
    uint64_t findings;
    struct ec_public seal_key;
    bool has_key;
    uint8_t *piece; /* BLOB_PIECE_BYTES */
};

static void finding(struct check *c, const char *format, ...) PRINTF(2, 3);

static void finding(struct check *c, const char *format, ...)
{
    char text[FINDING_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    c->findings++;
    c->found(c->ctx, text);
}

/* --- SQLite --- */

static enum err check_file(struct check *c)
{
    static const char sql[] = "PRAGMA integrity_check(20)";
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(c->store, sql, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        if (strcmp(db_get_text(st, 0), "ok") != 0) {
            finding(c, "database: %s", db_get_text(st, 0));
        }
    }
    return err;
}

/* --- chains --- */

/* Where the walk over one incarnation stands. */
struct chain {
    int64_t incarnation;
    char name[33];
    bool is_own;
    uint64_t sequence;
    struct hash link;
};

static void check_event(struct check *c, struct chain *at, sqlite3_stmt *st)
{
    const uint64_t sequence = (uint64_t)sqlite3_column_int64(st, 1);
    const struct bytes header = db_get_bytes(st, 2);
    const struct bytes salt = db_get_bytes(st, 4);
    const struct bytes body = db_get_bytes(st, 5);
    struct event_header h;
    struct hash link, commitment;
    const enum err err = event_header_parse(header, &h);

    if (err && err != ERR_NEWER) {
        finding(c, "event %s/%llu: its header can't be read", at->name,
                (unsigned long long)sequence);
        return;
    }
    if (h.sequence != sequence) {
        finding(c, "event %s/%llu: its header says %llu", at->name,
                (unsigned long long)sequence, (unsigned long long)h.sequence);
    }
    if (body.data != NULL && salt.len == EVENT_SALT_SIZE) {
        event_commit(salt.data, body, &commitment);
        if (!hash_eq(&commitment, &h.commitment)) {
            finding(c, "event %s/%llu: its content was changed", at->name,
                    (unsigned long long)sequence);
        }
    }
    if (sqlite3_column_type(st, 3) == SQLITE_NULL) {
        return; /* received: its chain is the server's to check */
    }
    if (sequence != at->sequence + 1) {
        finding(c, "chain %s: %llu follows %llu", at->name,
                (unsigned long long)sequence, (unsigned long long)at->sequence);
    }
    at->sequence = sequence;
    event_link(&at->link, header, &at->link);
    db_get_hash(st, 3, &link);
    if (!hash_eq(&link, &at->link)) {
        finding(c, "chain %s: the link of %llu does not fit", at->name,
                (unsigned long long)sequence);
        at->link = link; /* name the first break only */
    }
}

static enum err check_head(struct check *c, const struct chain *at)
{
    static const char sql[] =
        "SELECT head, link, acked FROM incarnation WHERE id = ?1";
    struct hash link;
    sqlite3_stmt *st;
    enum err err = store_statement(c->store, sql, &st);

    if (err || at->incarnation == 0 || !at->is_own) {
        return err;
    }
    db_bind_int(st, 1, at->incarnation);
    err = db_row(st);
    if (err) {
        return err;
    }
    db_get_hash(st, 1, &link);
    if ((uint64_t)sqlite3_column_int64(st, 0) != at->sequence ||
        !hash_eq(&link, &at->link)) {
        finding(c, "chain %s: ends at %llu, not where its head says", at->name,
                (unsigned long long)at->sequence);
    }
    if (sqlite3_column_int64(st, 2) > sqlite3_column_int64(st, 0)) {
        finding(c, "chain %s: more is confirmed than was made", at->name);
    }
    sqlite3_reset(st);
    return ERR_OK;
}

static enum err check_chains(struct check *c)
{
    static const char sql[] =
        "SELECT e.incarnation, e.sequence, e.header, e.link, e.salt, e.body,"
        " i.incarnation, i.is_own FROM event e"
        " JOIN incarnation i ON i.id = e.incarnation"
        " ORDER BY e.incarnation, e.sequence, e.branch";
    struct chain at = { 0 };
    struct uuid name;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(c->store, sql, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        if (sqlite3_column_int64(st, 0) != at.incarnation) {
            err = check_head(c, &at);
            at = (struct chain){ .incarnation = sqlite3_column_int64(st, 0),
                                 .is_own = sqlite3_column_int(st, 7) != 0 };
            db_get_uuid(st, 6, &name);
            hex_format(name.bytes, sizeof(name.bytes), at.name);
        }
        check_event(c, &at, st);
    }
    return err ? err : check_head(c, &at);
}

/* --- seals --- */

static enum err read_key(struct check *c)
{
    struct ec_key key;
    struct buf d;
    enum err err;

    buf_init(&d, sizeof(key.d));
    err = store_meta_get(c->store, "seal_key", &d);
    if (!err && d.len == sizeof(key.d)) {
        memcpy(key.d, d.data, sizeof(key.d));
        err = crypto_ec_derive(&key);
        c->has_key = !err;
        c->seal_key = key.pub;
    }
    wipe(&key, sizeof(key));
    buf_wipe(&d);
    if (err == ERR_BAD_DATA) {
        finding(c, "the seal key is no key");
        return ERR_OK;
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_seals(struct check *c)
{
    static const char sql[] =
        "SELECT s.seal, s.sequence, e.link FROM seal s"
        " LEFT JOIN event e ON e.incarnation = s.incarnation"
        " AND e.sequence = s.sequence AND e.link IS NOT NULL";
    struct event_seal seal;
    struct hash link;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = read_key(c);

    if (!err) {
        err = store_statement(c->store, sql, &st);
    }
    while (!err && c->has_key) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_hash(st, 2, &link);
        err = event_seal_open(db_get_bytes(st, 0), &c->seal_key, &seal);
        if (err == ERR_NOMEM) {
            sqlite3_reset(st);
            break;
        }
        if (err || seal.sequence != (uint64_t)sqlite3_column_int64(st, 1) ||
            !hash_eq(&seal.link, &link)) {
            finding(c, "seal of %lld does not hold",
                    (long long)sqlite3_column_int64(st, 1));
            err = ERR_OK;
        }
    }
    return err;
}

/* --- blobs --- */

static enum err check_blob(struct check *c, struct sha256 *sum,
                           const struct hash *name, uint64_t want)
{
    const struct port *port = c->store->port;
    char text[65];
    uint64_t at = 0;
    struct hash got;
    size_t len;
    enum err err;

    hex_format(name->bytes, sizeof(name->bytes), text);
    for (;;) {
        err = port->ops->blob_read(port->ctx, name, at, c->piece,
                                   BLOB_PIECE_BYTES, &len);
        if (err == ERR_NOT_FOUND || err == ERR_IO) {
            finding(c, "blob %s: %s", text, err_text(err));
            sha256_end(sum, &got); /* start anew */
            return ERR_OK;
        }
        if (err || len == 0) {
            break;
        }
        sha256_add(sum, (struct bytes){ c->piece, len });
        at += len;
    }
    sha256_end(sum, &got);
    if (!err && (at != want || !hash_eq(&got, name))) {
        finding(c, "blob %s: its bytes were changed", text);
    }
    return err;
}

static enum err check_blobs(struct check *c)
{
    static const char sql[] = "SELECT name, size FROM blob ORDER BY name";
    struct sha256 *sum = NULL;
    sqlite3_stmt *st;
    struct hash name;
    bool has_row;
    enum err err = store_statement(c->store, sql, &st);

    if (!err) {
        err = sha256_new(&sum);
    }
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_hash(st, 0, &name);
        err = check_blob(c, sum, &name, (uint64_t)sqlite3_column_int64(st, 1));
        if (err) {
            sqlite3_reset(st);
        }
    }
    sha256_free(sum);
    return err;
}

/* --- projections --- */

/* Rebuilt inside a transaction that is undone again. */
static enum err check_projections(struct check *c)
{
    struct hash before, after;
    enum err err = store_dump_hash(c->store, &before);

    if (!err) {
        err = store_begin(c->store);
    }
    if (err) {
        return err;
    }
    err = store_rebuild(c->store);
    if (!err) {
        err = store_dump_hash(c->store, &after);
    }
    store_rollback(c->store);
    if (!err && !hash_eq(&before, &after)) {
        finding(c, "lists and search differ from the events: rebuild them");
    }
    return err;
}

enum err store_fsck(struct store *s, store_finding_fn found, void *ctx)
{
    struct check c = { .store = s, .found = found, .ctx = ctx };
    enum err err;

    c.piece = mem_alloc(BLOB_PIECE_BYTES);
    err = c.piece == NULL ? ERR_NOMEM : check_file(&c);
    if (!err) {
        err = check_chains(&c);
    }
    if (!err) {
        err = check_seals(&c);
    }
    if (!err) {
        err = check_blobs(&c);
    }
    if (!err) {
        err = check_projections(&c);
    }
    mem_free(c.piece);
    return !err && c.findings > 0 ? ERR_BAD_DATA : err;
}
