#include "sync-server/accept.h"

#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/mem.h"
#include "sync-server/decide.h"
#include "sync-server/holders.h"
#include "sync-server/order.h"
#include "sync-server/wipe.h"

/* Most readers of one record: officers who wrote to it, and their teams. */
#define AUDIENCES_MAX 128

enum err accept_parse(struct bytes wire, struct buf *header,
                      struct accept_event *out)
{
    enum err err;

    memset(out, 0, sizeof(*out));
    buf_reset(header);
    err = event_wire_parse(wire, header, &out->salt, &out->body);
    if (err)
        return err == ERR_NOMEM ? err : ERR_BAD_DATA;
    out->header = buf_bytes(header);
    err = event_header_parse(out->header, &out->h);
    out->is_newer = err == ERR_NEWER;
    if (err && !out->is_newer) {
        return err;
    }
    crypto_sha256(out->header, &out->header_hash);
    return ERR_OK;
}

/* --- the verdict --- */

static bool is_councils_op(uint64_t op)
{
    switch (op) {
    case OP_LEASE_BLOCK:
    case OP_LOG_RESTART:
    case OP_BLOB_HELD:
    case OP_REFUSE:
    case OP_CLOSE_INCARNATION:
    case OP_HOLD:
    case OP_RELEASE:
    case OP_ERASE_BODY:
        return true;
    default:
        return false;
    }
}

/* What only the council says, and a tablet only about itself. */
static bool is_councils_kind(const struct event_header *h)
{
    switch (h->kind) {
    case KIND_DEVICE:
        if (h->op == OP_WIPE) {
            return !uuid_eq(&h->record, &h->device);
        }
        return h->op != OP_NEW_INCARNATION && h->op != OP_WEAK_STORAGE;
    case KIND_KEY:
        return h->op != OP_GRANT && h->op != OP_SHARE_KEY;
    case KIND_BRIEFING:
    case KIND_TASK:
        /* What officers say of one is theirs; what it says is not. */
        return h->op == OP_CREATE || h->op == OP_SET || h->op == OP_STRIKE ||
               h->op == OP_RESOLVE || h->op == OP_ANSWER;
    case KIND_COUNCIL:
    case KIND_OFFICER:
    case KIND_TEAM:
    case KIND_FORM:
    case KIND_CATEGORY:
    case KIND_AREA:
    case KIND_TARIFF:
    case KIND_POWER:
    case KIND_LOG:
        return true;
    default:
        return false;
    }
}

/* Only what every version knows can be judged. */
static bool is_readable(const struct accept_event *ev)
{
    return !ev->is_newer && ev->body.data != NULL &&
           event_op_word(ev->h.op) != NULL &&
           event_kind_word(ev->h.kind) != NULL && ev->h.kind_version <= 1 &&
           ev->h.kind != KIND_RESTRICTED && ev->h.kind != KIND_SEALED;
}

static enum err judge_body(const struct accept_event *ev,
                           struct accept_result *out)
{
    struct body_view *view;
    enum err err;

    if (!is_readable(ev)) {
        return ERR_OK;
    }
    view = mem_alloc(sizeof(*view));
    if (view == NULL) {
        return ERR_NOMEM;
    }
    err = body_parse(ev->body, view);
    mem_free(view);
    if (err == ERR_NOMEM) {
        return err;
    }
    if (err) {
        *out =
            (struct accept_result){ ERR_BAD_DATA,
                                    "The content does not follow the format." };
    }
    return ERR_OK;
}

static void deny(struct accept_result *out, const char *reason)
{
    *out = (struct accept_result){ ERR_DENIED, reason };
}

/* Who wrote it: known, and not shut out when it arrives. */
static enum err judge_officer(struct council *c, const struct accept_event *ev,
                              struct accept_result *out)
{
    struct sdb_officer officer;
    enum err err;

    if (uuid_is_zero(&ev->h.officer)) {
        return ERR_OK;
    }
    err = sdb_officer_get(c->db, &ev->h.officer, &officer);
    if (err == ERR_NOT_FOUND) {
        deny(out, "The council does not know this officer.");
        return ERR_OK;
    }
    if (!err && !officer.is_active && !ev->is_given_back) {
        deny(out, "This officer's access was ended before this arrived.");
    }
    return err;
}

static bool is_word(const struct body_view *v, uint64_t field, const char *word)
{
    const struct body_field_view *f = body_find(v, field);
    struct cbor_reader r;
    struct bytes text;

    if (f == NULL) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    text = cbor_get_text(&r);
    return !r.err && text.len == strlen(word) &&
           memcmp(text.data, word, text.len) == 0;
}

/* A tablet grants its officers' keys, and never a role. */
static bool is_own_key(const struct accept_event *ev, const struct body_view *v)
{
    const struct body_field_view *f = body_find(v, KEY_OWNER);
    struct cbor_reader r;
    struct uuid owner;

    if (f == NULL || body_find(v, KEY_ROLE) != NULL ||
        uuid_is_zero(&ev->h.officer)) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    cbor_get_uuid(&r, &owner);
    return !r.err && uuid_eq(&owner, &ev->h.officer) &&
           (is_word(v, KEY_USE, "officer") || is_word(v, KEY_USE, "holder"));
}

static enum err judge_key(struct council *c, const struct accept_event *ev,
                          struct accept_result *out)
{
    struct body_view *view;
    bool is_bound = false, is_allowed = false;
    enum err err;

    if (ev->h.kind != KIND_KEY || ev->h.op != OP_GRANT || out->code ||
        ev->body.data == NULL) {
        return ERR_OK;
    }
    view = mem_alloc(sizeof(*view));
    if (view == NULL) {
        return ERR_NOMEM;
    }
    if (body_parse(ev->body, view) || !is_own_key(ev, view)) {
        deny(out, "A tablet may name the keys of its own officers only.");
    }
    mem_free(view);
    err = sdb_device_is_bound(c->db, &ev->h.device, &is_bound);
    if (!err && is_bound) {
        err = sdb_device_allows(c->db, &ev->h.device, &ev->h.officer,
                                &is_allowed);
    }
    if (!err && is_bound && !is_allowed) {
        deny(out, "This tablet was given to other officers.");
    }
    return err;
}

/* A sealed record is added to, never changed. */
static bool is_change(uint64_t op)
{
    return op == OP_SET || op == OP_STRIKE || op == OP_RESOLVE;
}

/* Only a team leader reviews; what anybody else calls so has no effect. */
static enum err judge_review(struct council *c, const struct accept_event *ev,
                             struct accept_result *out)
{
    bool is_leader = false;
    enum err err = ERR_OK;

    if (ev->h.op != OP_REVIEW || out->code) {
        return ERR_OK;
    }
    if (!uuid_is_zero(&ev->h.officer)) {
        err = sdb_officer_has_role(c->db, &ev->h.officer, "team-leader",
                                   &is_leader);
    }
    if (!err && !is_leader && !ev->is_given_back) {
        deny(out, "Only a team leader may review a record.");
    }
    return err;
}

static enum err judge(struct council *c, const struct sdb_device *device,
                      const struct accept_event *ev, struct accept_result *out)
{
    enum err err;

    *out = (struct accept_result){ ERR_OK, "" };
    if (device->state == SDB_DEVICE_REVOKED) {
        *out = (struct accept_result){
            ERR_DENIED, "This tablet's access was ended before this arrived."
        };
        return ERR_OK;
    }
    if (ev->is_newer) {
        return ERR_OK;
    }
    if (is_councils_op(ev->h.op) || is_councils_kind(&ev->h)) {
        *out = (struct accept_result){
            ERR_DENIED, "Only the council's server may record this."
        };
        return ERR_OK;
    }
    if (ev->h.kind == KIND_SEALED && is_change(ev->h.op)) {
        deny(out, "A sealed record is only added to.");
        return ERR_OK;
    }
    err = judge_officer(c, ev, out);
    if (err || out->code) {
        return err;
    }
    err = judge_body(ev, out);
    err = err ? err : judge_key(c, ev, out);
    return err ? err : judge_review(c, ev, out);
}

/* --- readers --- */

struct readers {
    size_t count, known; /* the first `known` got earlier events of it */
    bool has_team;
    struct sdb_audience list[AUDIENCES_MAX];
};

static enum err add_reader(void *ctx, struct sdb_audience a)
{
    struct readers *r = ctx;

    for (size_t i = 0; i < r->count; i++) {
        if (r->list[i].kind == a.kind && uuid_eq(&r->list[i].id, &a.id)) {
            return ERR_OK;
        }
    }
    if (r->count == AUDIENCES_MAX) {
        return ERR_TOO_LONG;
    }
    r->list[r->count++] = a;
    return ERR_OK;
}

static enum err add_team(void *ctx, const struct uuid *team)
{
    struct readers *r = ctx;

    r->has_team = true;
    return add_reader(ctx, (struct sdb_audience){ WIRE_SUB_TEAM, *team });
}

/* Readers of a closed record: who a share is for, and the author of a
 * restricted one. The author of a sealed one has the receipt. */
static enum err add_holders(struct council *c, const struct accept_event *ev,
                            struct readers *r)
{
    struct sdb_audience holder = { WIRE_SUB_OWN, { { 0 } } };
    enum err err = ERR_OK;

    if (ev->h.kind == KIND_RESTRICTED && !uuid_is_zero(&ev->h.officer)) {
        err =
            add_reader(r, (struct sdb_audience){ WIRE_SUB_OWN, ev->h.officer });
    }
    if (err || ev->h.op != OP_SHARE_KEY) {
        return err;
    }
    err = holders_reader(c, ev, &holder.id);
    return err == ERR_NOT_FOUND ? ERR_OK : err ? err : add_reader(r, holder);
}

static enum err find_readers(struct council *c, const struct accept_event *ev,
                             struct readers *r)
{
    enum err err;

    memset(r, 0, sizeof(*r));
    err = sdb_audience_of_record(c->db, &ev->h.record, add_reader, r);
    r->known = r->count;
    if (err || ev->h.kind == KIND_RESTRICTED || ev->h.kind == KIND_SEALED) {
        return err ? err : add_holders(c, ev, r);
    }
    if (uuid_is_zero(&ev->h.officer)) {
        return ERR_OK;
    }
    err = add_reader(r, (struct sdb_audience){ WIRE_SUB_OWN, ev->h.officer });
    if (ev->h.kind == KIND_TRACK) {
        return err; /* where a colleague is, is no other officer's business */
    }
    return err ? err : sdb_officer_teams(c->db, &ev->h.officer, add_team, r);
}

/* Who reads a record from now on gets what is held of it, too; an officer
 * of a team gets that with the team. */
static enum err publish(struct council *c, const struct accept_event *ev,
                        const struct sdb_event *row)
{
    struct readers *r = mem_alloc(sizeof(*r));
    enum err err;

    if (r == NULL) {
        return ERR_NOMEM;
    }
    err = find_readers(c, ev, r);
    for (size_t i = 0; i < r->count && !err; i++) {
        const bool has_all =
            i < r->known || (r->list[i].kind == WIRE_SUB_OWN && r->has_team);

        err = sdb_audience_add(c->db, &r->list[i], row);
        if (!err && !has_all) {
            err = sdb_late_add(c->db, &r->list[i], &ev->h.record, row->position,
                               row->received_ms);
        }
    }
    mem_free(r);
    return err;
}

/* Blobs that the header names are wanted from now on. */
static enum err want_blobs(struct council *c, const struct accept_event *ev,
                           uint64_t position, bool is_erased)
{
    for (size_t i = 0; i < ev->h.blob_count; i++) {
        struct sdb_blob blob;
        enum err err = sdb_blob_get(c->db, &ev->h.blobs[i], &blob);

        if (err == ERR_NOT_FOUND) {
            memset(&blob, 0, sizeof(blob));
            blob.name = ev->h.blobs[i];
            blob.position = position;
            blob.is_erased = is_erased;
            err = sdb_blob_put(c->db, &blob);
        }
        if (err)
            return err;
    }
    return ERR_OK;
}

enum err accept_fill(struct council *c, const struct sdb_event *held,
                     const struct accept_event *ev)
{
    struct accept_result result = { ERR_OK, "" };
    struct sdb_event row = *held;
    enum order_cover cover;
    enum err err;

    if (held->body.data != NULL || ev->body.data == NULL ||
        held->state == SDB_ERASED)
        return ERR_OK;
    err = order_covers(c, ev, &cover);
    err = err ? err : judge_body(ev, &result);
    if (err || cover != ORDER_NONE || result.code)
        return err;
    row.salt = ev->salt;
    row.body = ev->body;
    return sdb_event_set_state(c->db, &row);
}

/* The server's own entry about a body that it put into quarantine. */
static enum err record_refusal(struct council *c, const struct sdb_event *row)
{
    const struct sdb_audience nobody = { 0, row->record };
    struct body_writer w;
    struct evlog_new e;
    struct buf body;
    enum err err;

    buf_init(&body, 1024);
    body_begin(&w);
    body_put_bytes(&w, LOG_INCARNATION,
                   (struct bytes){ row->ref.incarnation.bytes, 16 });
    body_put_int(&w, LOG_SEQUENCE, (int64_t)row->ref.sequence);
    body_put_int(&w, LOG_CODE, (int64_t)row->code);
    err = body_end(&w, &body);
    body_fini(&w);
    memset(&e, 0, sizeof(e));
    e.record = c->id;
    e.kind = KIND_LOG;
    e.op = OP_REFUSE;
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, &nobody, NULL);
    buf_fini(&body);
    return err;
}

/* An officer's key granted on a tablet: the officer may read there. */
static enum err allow_officer(struct council *c, const struct accept_event *ev)
{
    enum err err;

    if (ev->h.kind != KIND_KEY || ev->h.op != OP_GRANT ||
        uuid_is_zero(&ev->h.officer)) {
        return ERR_OK;
    }
    err = sdb_device_allow(c->db, &ev->h.device, &ev->h.officer);
    return err ? err : holders_claimed(c, ev);
}

static void fill_row(struct council *c, const struct accept_event *ev,
                     const struct hash *link, struct sdb_event *row)
{
    memset(row, 0, sizeof(*row));
    row->ref = (struct event_ref){ ev->h.incarnation, ev->h.sequence };
    row->device = ev->h.device;
    row->officer = ev->h.officer;
    row->record = ev->h.record;
    row->kind = ev->h.kind;
    row->op = ev->h.op;
    row->header = ev->header;
    row->header_hash = ev->header_hash;
    row->salt = ev->salt;
    row->body = ev->body;
    row->received_ms = council_now(c);
    row->has_link = link != NULL;
    if (link != NULL) {
        row->link = *link;
    }
}

enum err accept_store(struct council *c, const struct sdb_device *device,
                      const struct accept_event *ev, const struct hash *link,
                      struct accept_result *result_out)
{
    struct sdb_event row;
    enum order_cover cover = ORDER_NONE;
    enum err err = judge(c, device, ev, result_out);

    err = err ? err : order_covers(c, ev, &cover);
    if (err)
        return err;
    fill_row(c, ev, link, &row);
    if (cover != ORDER_NONE) { /* an erasure wins over what comes later */
        row.salt = row.body = (struct bytes){ NULL, 0 };
    }
    row.state = result_out->code      ? SDB_QUARANTINED
                : cover == ORDER_NONE ? SDB_APPLIED
                                      : SDB_ERASED;
    row.code = result_out->code;
    row.reason = (struct bytes){ (const uint8_t *)result_out->reason,
                                 strlen(result_out->reason) };
    err = ledger_append(&c->ledger, &row.header_hash, &row.position);
    err = err ? err : sdb_event_add(c->db, &row);
    err = err ? err : want_blobs(c, ev, row.position, cover != ORDER_NONE);
    if (!err && cover == ORDER_PARENT) {
        err = order_erase_child(c, ev);
    }
    err = err ? err : wipe_obeyed(c, &ev->h, row.position);
    if (err)
        return err;
    (void)hlc_observe(&c->hlc, ev->h.hlc, row.received_ms);
    if (row.state == SDB_QUARANTINED) {
        return record_refusal(c, &row);
    }
    err = publish(c, ev, &row);
    err = err ? err : decide_index(c, &ev->h.record, ev->h.kind, ev->h.op);
    return err ? err : allow_officer(c, ev);
}
