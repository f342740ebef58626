/* What others shared with the officer at this tablet: see tablet_hold.h. */
#include <string.h>

#include "core/cose.h"
#include "core/mem.h"
#include "core/tablet_hold.h"
#include "core/tablet_internal.h"

#define OWN_KEYS_MAX 16 /* records of one key: the claim, one for each role */

/* --- the list in memory --- */

static void forget(struct tablet *t)
{
    if (t->held != NULL) {
        wipe(t->held, t->held_count * sizeof(*t->held));
    }
    mem_free(t->held);
    t->held = NULL;
    t->held_count = t->held_cap = 0;
    t->held_seen = t->share_seen = 0;
    t->held_changes = -1;
}

static enum err keep(struct tablet *t, const struct uuid *record,
                     const uint8_t key[CRYPTO_KEY_SIZE])
{
    static const char sql[] =
        "INSERT OR IGNORE INTO temp.held (record) VALUES (?1)";
    sqlite3_stmt *st;
    enum err err;

    if (t->held_count == t->held_cap) {
        const size_t cap = t->held_cap > 0 ? t->held_cap * 2 : 32;
        struct tablet_held_key *more = mem_array(cap, sizeof(*more));

        if (more == NULL) {
            return ERR_NOMEM;
        }
        if (t->held_count > 0) {
            memcpy(more, t->held, t->held_count * sizeof(*more));
            wipe(t->held, t->held_count * sizeof(*more));
        }
        mem_free(t->held);
        t->held = more;
        t->held_cap = cap;
    }
    t->held[t->held_count].record = *record;
    memcpy(t->held[t->held_count].key, key, CRYPTO_KEY_SIZE);
    t->held_count++;
    err = store_statement(t->store, sql, &st);
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    return db_run(st);
}

const uint8_t *tablet_held_key(const struct tablet *t,
                               const struct uuid *record, size_t n)
{
    for (size_t i = 0; i < t->held_count; i++) {
        if (uuid_eq(&t->held[i].record, record) && n-- == 0) {
            return t->held[i].key;
        }
    }
    return NULL;
}

enum err tablet_hold(struct tablet *t, const struct ec_key *holder)
{
    static const char sql[] =
        "CREATE TEMP TABLE IF NOT EXISTS held (record BLOB PRIMARY KEY)"
        " WITHOUT ROWID; DELETE FROM temp.held";
    enum err err = db_exec(t->store->db, sql);

    forget(t);
    wipe(&t->holder, sizeof(t->holder));
    t->has_holder = false;
    if (err || holder == NULL) {
        return err;
    }
    t->holder = *holder;
    t->has_holder = true;
    return tablet_held_refresh(t);
}

void tablet_held_close(struct tablet *t)
{
    forget(t);
    wipe(&t->holder, sizeof(t->holder));
    t->has_holder = false;
}

/* --- shares --- */

struct own_keys {
    size_t count;
    struct uuid ids[OWN_KEYS_MAX];
};

/* Under which names the key in hand is known. */
static const char sql_names[] =
    "SELECT r.record FROM record r JOIN field k ON k.record = r.id"
    " AND k.field = ?1 AND k.value = ?2 WHERE r.kind = ?3 ORDER BY r.record"
    " LIMIT ?4";

static enum err find_names(struct tablet *t, struct own_keys *out)
{
    struct buf key, value;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_names, &st);

    out->count = 0;
    if (err) {
        return err;
    }
    buf_init(&key, 256);
    buf_init(&value, 256);
    cose_key_put(&key, &t->holder.pub);
    cbor_put_bytes(&value, key.data, key.len);
    db_bind_int(st, 1, KEY_PUBLIC);
    db_bind_bytes(st, 2, buf_bytes(&value));
    db_bind_int(st, 3, KIND_KEY);
    db_bind_int(st, 4, OWN_KEYS_MAX);
    while (!err && out->count < OWN_KEYS_MAX) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 0, &out->ids[out->count++]);
    }
    sqlite3_reset(st);
    buf_fini(&key);
    buf_fini(&value);
    return err;
}

enum err tablet_own_name(struct tablet *t, struct uuid *out)
{
    struct own_keys names = { .count = 0 };
    const enum err err = t->has_holder ? find_names(t, &names) : ERR_OK;

    if (!err && names.count > 0) {
        *out = names.ids[0];
        return ERR_OK;
    }
    return err ? err : ERR_NOT_FOUND;
}

/* The share in a body, when it is for one of `names`. */
static bool find_share(struct bytes body, const struct own_keys *names,
                       struct bytes *share_out)
{
    const struct body_field_view *holder, *share;
    struct body_view view;
    struct cbor_reader r;
    struct uuid id;

    if (body_parse(body, &view)) {
        return false;
    }
    holder = body_find(&view, SHARE_HOLDER);
    share = body_find(&view, SHARE_CONTENT_KEY);
    if (holder == NULL || share == NULL) {
        return false;
    }
    cbor_open_gated(&r, holder->value);
    cbor_get_uuid(&r, &id);
    for (size_t i = 0; i < names->count && !r.err; i++) {
        if (uuid_eq(&names->ids[i], &id)) {
            cbor_open_gated(&r, share->value);
            *share_out = cbor_get_bytes(&r);
            return !r.err;
        }
    }
    return false;
}

static enum err take_share(struct tablet *t, const struct own_keys *names,
                           const struct uuid *record, struct bytes body)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    struct bytes share;
    enum err err;

    if (!find_share(body, names, &share)) {
        return ERR_OK;
    }
    err = tier_share_open(record, share, &t->holder, key);
    if (!err) {
        err = keep(t, record, key);
    } else if (err != ERR_NOMEM) {
        err = ERR_OK; /* it says our name and isn't for us: no matter */
    }
    wipe(key, sizeof(key));
    return err;
}

/* By the index of shares: the operation's number stands in it. */
static const char sql_shares[] =
    "SELECT id, record, body FROM event WHERE id > ?1 AND op = 29"
    " AND kind BETWEEN ?2 AND ?3 AND state = 0 AND body IS NOT NULL"
    " ORDER BY id";
static_assert(OP_SHARE_KEY == 29, "as in sql_shares, and the index");

static enum err read_shares(struct tablet *t)
{
    struct own_keys names;
    struct uuid record;
    sqlite3_stmt *st;
    bool has_row;
    enum err err;

    err = find_names(t, &names);
    if (err || names.count == 0) {
        return err;
    }
    err = store_statement(t->store, sql_shares, &st);
    if (err) {
        return err;
    }
    db_bind_int(st, 1, t->held_seen);
    db_bind_int(st, 2, KIND_RESTRICTED);
    db_bind_int(st, 3, KIND_SEALED);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 1, &record);
        err = take_share(t, &names, &record, db_get_bytes(st, 2));
        t->held_seen = sqlite3_column_int64(st, 0);
    }
    sqlite3_reset(st);
    return err;
}

/* Each list asks for it: nothing was written since, nothing is new. */
enum err tablet_held_refresh(struct tablet *t)
{
    enum err err;

    if (!t->has_holder ||
        t->held_changes == sqlite3_total_changes64(t->store->db)) {
        return ERR_OK;
    }
    err = read_shares(t);
    t->held_changes = err ? -1 : sqlite3_total_changes64(t->store->db);
    return err;
}

/* --- reading --- */

static enum err open_body(void *ctx, const struct uuid *record,
                          struct bytes body, struct buf *plain_out)
{
    const struct tablet *t = ctx;
    const uint8_t *key;

    for (size_t n = 0; (key = tablet_held_key(t, record, n)) != NULL; n++) {
        const enum err err = tier_open_with(key, record, body, plain_out);

        if (err != ERR_WRONG_KEY) {
            return err == ERR_BAD_DATA ? ERR_NOT_FOUND : err;
        }
    }
    return ERR_NOT_FOUND;
}

enum err tablet_held_view(struct tablet *t, const struct uuid *record,
                          struct project_view *out)
{
    memset(out, 0, sizeof(*out));
    if (tablet_held_key(t, record, 0) == NULL) {
        return ERR_NOT_FOUND;
    }
    return project_view(t->store, record, open_body, t, out);
}
