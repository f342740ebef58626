/* One save of several events: see tablet_internal.h. */
#include <string.h>

#include "core/cose.h"
#include "core/mem.h"
#include "core/project.h"
#include "core/tablet_internal.h"

void tablet_save_init(struct tablet_save *s, struct tablet *t)
{
    *s = (struct tablet_save){ .t = t };
}

void tablet_save_fini(struct tablet_save *s)
{
    for (size_t i = 0; i < s->count; i++) {
        buf_wipe(&s->bodies[i]);
    }
    mem_free(s->events);
    mem_free(s->bodies);
    mem_free(s->blobs);
    *s = (struct tablet_save){ .t = s->t };
}

static enum err grow(struct tablet_save *s)
{
    const size_t cap = s->cap > 0 ? s->cap * 2 : 8;
    void *p;

    if (s->count < s->cap) {
        return ERR_OK;
    }
    p = mem_realloc(s->events, cap * sizeof(*s->events));
    if (p == NULL) {
        return ERR_NOMEM;
    }
    s->events = p;
    p = mem_realloc(s->bodies, cap * sizeof(*s->bodies));
    if (p == NULL) {
        return ERR_NOMEM;
    }
    s->bodies = p;
    p = mem_realloc(s->blobs, cap * sizeof(*s->blobs));
    if (p == NULL) {
        return ERR_NOMEM;
    }
    s->blobs = p;
    s->cap = cap;
    return ERR_OK;
}

/* The header of a closed record says neither kind nor form. */
static void hide(struct evlog_new *e, struct body_writer *w, enum tier tier)
{
    w->kind = e->kind;
    w->form = e->form;
    w->form_version = e->form_version;
    e->kind = tier == TIER_SEALED ? KIND_SEALED : KIND_RESTRICTED;
    e->kind_version = 1;
    e->form = NULL;
    e->form_version = 0;
}

static enum err end_body(struct tablet_save *s, struct evlog_new *e,
                         struct body_writer *w, enum tier tier,
                         uint8_t *key_out)
{
    struct buf *body = &s->bodies[s->count];
    struct buf plain;
    enum err err;

    if (tier == TIER_OPEN) {
        return body_end(w, body);
    }
    hide(e, w, tier);
    buf_init(&plain, BODY_MAX_BYTES);
    err = body_end(w, &plain);
    if (!err && tier == TIER_SEALED) {
        err = tier_seal(s->t->store, &e->record, buf_bytes(&plain), body,
                        key_out);
    } else if (!err) {
        err = tier_close(s->t->store, &e->record, buf_bytes(&plain), body);
    }
    if (!err && tier == TIER_RESTRICTED && key_out != NULL) {
        err = tier_key(s->t->store, &e->record, key_out);
    }
    buf_wipe(&plain);
    return err;
}

void tablet_save_add(struct tablet_save *s, const struct evlog_new *e,
                     struct body_writer *w, enum tier tier,
                     uint8_t key_out[CRYPTO_KEY_SIZE])
{
    struct evlog_new *copy;

    if (!s->err) {
        s->err = grow(s);
    }
    if (s->err) {
        body_fini(w);
        return;
    }
    copy = &s->events[s->count];
    *copy = *e;
    ASSERT(e->blob_count <= 2);
    for (size_t i = 0; i < e->blob_count; i++) {
        s->blobs[s->count][i] = e->blobs[i];
    }
    buf_init(&s->bodies[s->count], BODY_MAX_BYTES);
    s->err = end_body(s, copy, w, tier, key_out);
    s->count++;
    body_fini(w);
}

enum err tablet_save_end(struct tablet_save *s)
{
    for (size_t i = 0; i < s->count; i++) {
        s->events[i].body = buf_bytes(&s->bodies[i]);
        s->events[i].blobs = s->blobs[i]; /* the arrays may have moved */
    }
    return s->err ? s->err : evlog_append(s->t->log, s->events, s->count, NULL);
}

/* --- holders of closed records --- */

static const char sql_holders[] =
    "SELECT r.record, k.value, o.value FROM record r"
    " JOIN field u ON u.record = r.id AND u.field = ?1 AND u.value = ?2"
    " JOIN field k ON k.record = r.id AND k.field = ?3"
    " JOIN field o ON o.record = r.id AND o.field = ?4"
    " WHERE r.kind = ?5 AND r.is_struck = 0 AND r.has_conflict = 0"
    " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.record = r.record"
    " AND e.op = ?6 AND e.state = 0) ORDER BY o.value, r.record";

static enum err open_holders(struct tablet *t, sqlite3_stmt **out)
{
    static const uint8_t holder[] = "\x66holder"; /* CBOR text */
    const enum err err = store_statement(t->store, sql_holders, out);

    if (err) {
        return err;
    }
    db_bind_int(*out, 1, KEY_USE);
    db_bind_bytes(*out, 2, (struct bytes){ holder, sizeof(holder) - 1 });
    db_bind_int(*out, 3, KEY_PUBLIC);
    db_bind_int(*out, 4, KEY_OWNER);
    db_bind_int(*out, 5, KIND_KEY);
    db_bind_int(*out, 6, OP_REVOKE);
    return ERR_OK;
}

static bool read_holder(sqlite3_stmt *st, struct uuid *key, struct uuid *owner,
                        struct ec_public *pub)
{
    struct cbor_reader public_key, who;
    struct bytes cose;

    db_get_uuid(st, 0, key);
    cbor_open_gated(&public_key, db_get_bytes(st, 1));
    cose = cbor_get_bytes(&public_key);
    cbor_open_gated(&who, db_get_bytes(st, 2));
    cbor_get_uuid(&who, owner);
    return !public_key.err && !who.err && !cose_key_parse(cose, pub);
}

enum err tablet_holder_count(struct tablet *t, size_t *out)
{
    struct uuid key, owner, last = { { 0 } };
    struct ec_public pub;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = open_holders(t, &st);

    *out = 0;
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        if (read_holder(st, &key, &owner, &pub) && !uuid_eq(&owner, &last)) {
            last = owner; /* people, not keys */
            ++*out;
        }
    }
    return err;
}

static void add_share(struct tablet_save *s, const struct evlog_new *e,
                      const struct uuid *key_id, struct bytes share)
{
    struct body_writer w;

    body_begin(&w);
    body_put_uuid(&w, SHARE_HOLDER, key_id);
    body_put_bytes(&w, SHARE_CONTENT_KEY, share);
    tablet_save_add(s, e, &w, TIER_OPEN, NULL);
}

/* Tells every holder the key of `record`. */
static void share_key(struct tablet_save *s, const struct uuid *record,
                      enum tier tier, const uint8_t key[CRYPTO_KEY_SIZE])
{
    const struct evlog_new e = { .officer = s->t->officer,
                                 .record = *record,
                                 .kind = tier == TIER_SEALED ? KIND_SEALED
                                                             : KIND_RESTRICTED,
                                 .kind_version = 1,
                                 .op = OP_SHARE_KEY };
    struct uuid key_id, owner;
    struct ec_public pub;
    sqlite3_stmt *st;
    struct buf share;
    bool has_row;
    enum err err = s->err ? s->err : open_holders(s->t, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        if (!read_holder(st, &key_id, &owner, &pub)) {
            continue;
        }
        buf_init(&share, BODY_MAX_BYTES);
        err = tier_share(s->t->store, record, key, &pub, &share);
        if (!err) {
            add_share(s, &e, &key_id, buf_bytes(&share));
            err = s->err;
        }
        buf_fini(&share);
        if (err) {
            sqlite3_reset(st);
        }
    }
    s->err = err;
}

void tablet_save_record(struct tablet_save *s, const struct evlog_new *e,
                        struct body_writer *w, enum tier tier)
{
    uint8_t key[CRYPTO_KEY_SIZE];

    tablet_save_add(s, e, w, tier, key);
    if (!s->err && tier != TIER_OPEN) {
        share_key(s, &e->record, tier, key);
    }
    wipe(key, sizeof(key));
}
