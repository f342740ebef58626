/* Whom the key of a closed record is told: see tablet_hold.h. */
#include "core/tablet_hold.h"

#include <stdio.h>
#include <string.h>

#include "core/cose.h"
#include "core/mem.h"
#include "core/tablet_internal.h"

#define HOLDERS_MAX 64 /* certificates: a few roles, a few tablets each */

/* One key that shares are made to. */
struct holder {
    struct uuid id;    /* record of its certificate */
    struct uuid owner; /* a person; zero: the council's recovery key */
    char role[FORM_ID_MAX + 1];
    struct ec_public pub;
};

struct holders {
    size_t count;
    struct holder list[HOLDERS_MAX];
};

/* Keys that the server granted and nobody revoked. The server is the device
 * that made the council's own record: tablets may not make one. */
static const char sql_keys[] =
    "SELECT r.record, k.value, o.value, n.value FROM record r"
    " JOIN record c ON c.record = ?7 AND c.kind = ?8 AND c.device = r.device"
    " JOIN field u ON u.record = r.id AND u.field = ?1 AND u.value = ?2"
    " JOIN field k ON k.record = r.id AND k.field = ?3"
    " JOIN field o ON o.record = r.id AND o.field = ?4"
    " LEFT JOIN field n ON n.record = r.id AND n.field = ?9"
    " WHERE r.kind = ?5 AND r.is_struck = 0 AND r.has_conflict = 0"
    " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.record = r.record"
    " AND e.op = ?6 AND e.state = 0) ORDER BY o.value, r.record";

static bool read_key(sqlite3_stmt *st, struct holder *out)
{
    struct cbor_reader pub, owner;
    struct bytes cose, role = { NULL, 0 };

    memset(out, 0, sizeof(*out));
    db_get_uuid(st, 0, &out->id);
    cbor_open_gated(&pub, db_get_bytes(st, 1));
    cose = cbor_get_bytes(&pub);
    cbor_open_gated(&owner, db_get_bytes(st, 2));
    cbor_get_uuid(&owner, &out->owner);
    if (db_get_bytes(st, 3).data != NULL) {
        struct cbor_reader r;

        cbor_open_gated(&r, db_get_bytes(st, 3));
        role = cbor_get_text(&r);
        if (r.err || role.len > FORM_ID_MAX) {
            return false;
        }
        memcpy(out->role, role.data, role.len);
    }
    return !pub.err && !owner.err && !cose_key_parse(cose, &out->pub);
}

static enum err load_keys(struct tablet *t, const char *use,
                          struct holders *out)
{
    const struct uuid council = evlog_identity(t->log)->council;
    struct buf word;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_keys, &st);

    if (err) {
        return err;
    }
    buf_init(&word, 64);
    cbor_put_str(&word, use);
    db_bind_int(st, 1, KEY_USE);
    db_bind_bytes(st, 2, buf_bytes(&word));
    db_bind_int(st, 3, KEY_PUBLIC);
    db_bind_int(st, 4, KEY_OWNER);
    db_bind_int(st, 5, KIND_KEY);
    db_bind_int(st, 6, OP_REVOKE);
    db_bind_uuid(st, 7, &council);
    db_bind_int(st, 8, KIND_COUNCIL);
    db_bind_int(st, 9, KEY_ROLE);
    while (!err && out->count < HOLDERS_MAX) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        out->count += read_key(st, &out->list[out->count]);
    }
    sqlite3_reset(st);
    buf_fini(&word);
    return err;
}

/* The recovery key as the log names it; enrolment told us the same one. */
static enum err load_recovery(struct tablet *t, struct holders *out)
{
    const struct ec_public *ours = &evlog_identity(t->log)->recovery_key;
    const size_t before = out->count;
    enum err err = load_keys(t, "recovery", out);
    size_t kept = before;

    for (size_t i = before; i < out->count; i++) {
        if (memcmp(&out->list[i].pub, ours, sizeof(*ours)) == 0) {
            out->list[kept] = out->list[i];
            memset(&out->list[kept++].owner, 0, sizeof(struct uuid));
        }
    }
    out->count = kept;
    return err;
}

/* Everybody who is told the key of a record of this tier. */
static enum err load_holders(struct tablet *t, enum tier tier,
                             struct holders *out)
{
    size_t kept = 0;
    enum err err;

    out->count = 0;
    err = load_keys(t, "holder", out);
    for (size_t i = 0; i < out->count; i++) {
        if (tier_is_read_by(tier, out->list[i].role)) {
            out->list[kept++] = out->list[i];
        }
    }
    out->count = kept;
    return err ? err : load_recovery(t, out);
}

/* Ascending by owner, so that a person's keys stand together. */
static size_t count_people(const struct holders *h, bool *has_recovery)
{
    struct uuid last = { { 0 } };
    size_t people = 0;

    *has_recovery = false;
    for (size_t i = 0; i < h->count; i++) {
        if (uuid_is_zero(&h->list[i].owner)) {
            *has_recovery = true;
        } else if (!uuid_eq(&h->list[i].owner, &last)) {
            last = h->list[i].owner;
            people++;
        }
    }
    return people;
}

enum err tablet_may_close(struct tablet *t, enum tier tier, struct buf *why)
{
    struct holders *h;
    bool has_recovery;
    size_t people;
    enum err err;

    if (tier != TIER_SEALED) {
        return ERR_OK;
    }
    h = mem_alloc(sizeof(*h));
    if (h == NULL) {
        return ERR_NOMEM;
    }
    err = load_holders(t, tier, h);
    people = count_people(h, &has_recovery);
    if (!err && (people < 2 || !has_recovery)) {
        err = ERR_DENIED;
        buf_printf(why,
                   "this is kept for the safeguarding lead and deputy only, "
                   "and %s. The council must name a safeguarding-lead and a "
                   "safeguarding-deputy, each must have a console "
                   "passphrase or sign in once on a tablet, "
                   "and this tablet must send and receive after that. Until "
                   "then, tell them by phone",
                   people == 0   ? "nobody could read it yet"
                   : people == 1 ? "only one person could read it yet"
                                 : "the council's recovery key isn't known "
                                   "here yet");
    }
    mem_free(h);
    return err;
}

/* --- shares --- */

static enum err add_share(struct tablet_save *s, const struct uuid *record,
                          enum tier tier, const uint8_t *key,
                          const struct holder *to)
{
    const struct evlog_new e = { .officer = s->t->officer,
                                 .record = *record,
                                 .kind = tier == TIER_SEALED ? KIND_SEALED
                                                             : KIND_RESTRICTED,
                                 .kind_version = 1,
                                 .op = OP_SHARE_KEY };
    struct body_writer w;
    struct buf share;
    enum err err;

    buf_init(&share, BODY_MAX_BYTES);
    err = tier_share(port_random(s->t->port), record, key, &to->pub, &share);
    if (!err) {
        body_begin(&w);
        body_put_uuid(&w, SHARE_HOLDER, &to->id);
        body_put_bytes(&w, SHARE_CONTENT_KEY, buf_bytes(&share));
        tablet_save_add(s, &e, &w, TIER_OPEN, NULL);
        err = s->err;
    }
    buf_fini(&share);
    return err;
}

/* The author of a restricted record gets a share, too: it comes back with
 * the record when this tablet is put back to an older copy of its folder. */
static enum err add_author(struct tablet *t, enum tier tier, struct holders *h)
{
    struct holder *own = &h->list[h->count];
    enum err err;

    if (tier != TIER_RESTRICTED || h->count == HOLDERS_MAX) {
        return ERR_OK;
    }
    for (size_t i = 0; i < h->count; i++) {
        if (memcmp(&h->list[i].pub, &t->holder.pub, sizeof(own->pub)) == 0) {
            return ERR_OK;
        }
    }
    memset(own, 0, sizeof(*own));
    own->pub = t->holder.pub;
    err = tablet_own_name(t, &own->id);
    h->count += !err;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void tablet_save_shares(struct tablet_save *s, const struct uuid *record,
                        enum tier tier, const uint8_t key[CRYPTO_KEY_SIZE])
{
    struct holders *h = mem_alloc(sizeof(*h));

    if (h == NULL) {
        s->err = ERR_NOMEM;
        return;
    }
    s->err = load_holders(s->t, tier, h);
    s->err = s->err ? s->err : add_author(s->t, tier, h);
    for (size_t i = 0; i < h->count && !s->err; i++) {
        s->err = add_share(s, record, tier, key, &h->list[i]);
    }
    mem_free(h);
}

/* --- for new holders --- */

/* Closed records that no share tells this holder's key of. */
static const char sql_missing[] =
    "SELECT e.record, min(e.kind) FROM event e WHERE e.kind BETWEEN ?2 AND ?3"
    " AND e.state = 0 GROUP BY e.record"
    " HAVING sum(e.op = ?4 AND instr(e.body, ?1) > 0) = 0 ORDER BY e.record";

/* The record's key, where the author or a holder has it here. */
static enum err find_key(struct tablet *t, const struct uuid *record,
                         enum tier tier, uint8_t key_out[CRYPTO_KEY_SIZE])
{
    const uint8_t *held = tablet_held_key(t, record, 0);

    if (held != NULL) {
        memcpy(key_out, held, CRYPTO_KEY_SIZE);
        return ERR_OK;
    }
    return tier == TIER_RESTRICTED ? tier_key(t->store, record, key_out)
                                   : ERR_NOT_FOUND;
}

static enum err share_record(struct tablet_save *s, const struct holder *to,
                             const struct uuid *record, enum tier tier)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    enum err err;

    if (!uuid_is_zero(&to->owner) && !tier_is_read_by(tier, to->role)) {
        return ERR_OK;
    }
    err = find_key(s->t, record, tier, key);
    if (!err) {
        err = add_share(s, record, tier, key, to);
    }
    wipe(key, sizeof(key));
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err share_with(struct tablet_save *s, const struct holder *to)
{
    struct uuid record;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s->t->store, sql_missing, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &to->id);
    db_bind_int(st, 2, KIND_RESTRICTED);
    db_bind_int(st, 3, KIND_SEALED);
    db_bind_int(st, 4, OP_SHARE_KEY);
    while (!err && s->count < TABLET_SHARES_MAX) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 0, &record);
        err = share_record(s, to, &record,
                           tier_of_kind((uint64_t)sqlite3_column_int64(st, 1)));
    }
    sqlite3_reset(st);
    return err;
}

/* Did a key or a closed record come since the last look? */
static enum err has_news(struct tablet *t, int64_t *newest_out, bool *out)
{
    static const char sql[] =
        "SELECT max(id), max(CASE WHEN kind IN (?2, ?3, ?4) THEN id END)"
        " FROM event WHERE id > ?1";
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, t->share_seen);
    db_bind_int(st, 2, KIND_KEY);
    db_bind_int(st, 3, KIND_RESTRICTED);
    db_bind_int(st, 4, KIND_SEALED);
    err = db_row(st);
    if (!err) {
        *newest_out = sqlite3_column_int64(st, 0);
        *out = sqlite3_column_int64(st, 1) > 0;
        sqlite3_reset(st);
    }
    return err;
}

enum err tablet_share_missing(struct tablet *t, size_t *count_out)
{
    struct holders *h;
    struct tablet_save s;
    int64_t newest = 0;
    bool is_due = false;
    enum err err = has_news(t, &newest, &is_due);

    *count_out = 0;
    if (err || !is_due) {
        t->share_seen = err || newest == 0 ? t->share_seen : newest;
        return err;
    }
    h = mem_alloc(sizeof(*h));
    if (h == NULL) {
        return ERR_NOMEM;
    }
    tablet_save_init(&s, t);
    err = tablet_held_refresh(t);
    /* Whoever reads the less closed tier: share_record looks at each. */
    err = err ? err : load_holders(t, TIER_RESTRICTED, h);
    for (size_t i = 0; i < h->count && !err; i++) {
        err = share_with(&s, &h->list[i]);
    }
    if (!err && s.count > 0) {
        *count_out = s.count;
        err = tablet_save_end(&s);
    }
    if (!err && *count_out == 0) {
        t->share_seen = newest;
    }
    tablet_save_fini(&s);
    mem_free(h);
    return err;
}
