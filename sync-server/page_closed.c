/*
 * page_closed.c - restricted and sealed records on the console, for those
 * whom their keys were shared with. The key that opens them came out of the
 * officer's passphrase at sign-in and is in this process only; a look at a
 * list or a record is an entry in the log.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/merge.h"
#include "core/records_table.h"
#include "core/signed_words.h"
#include "core/tier.h"
#include "sync-server/definitions.h"
#include "sync-server/page_record.h"
#include "sync-server/sdb_holder.h"
#include "sync-server/sdb_order.h"

#define ROWS_MAX   100
#define SHARES_MAX 2000 /* looked at for one list */
#define EVENTS_MAX 200  /* of one record */
#define TEXT_MAX   ((size_t)64 * 1024)
/* Signatures are looked for so many events around the share of the record,
 * in so many shares: each costs an agreement of keys. */
#define NEAR_MAX        2000
#define NEAR_SHARES_MAX 200

/* One record, opened. Too large for the stack; one at a time. */
struct closed {
    struct uuid record, officer;
    uint64_t sealed_kind; /* in the header */
    uint8_t key[CRYPTO_KEY_SIZE];
    int64_t made_ms;
    size_t count;
    struct merge_event events[EVENTS_MAX];
    struct buf bodies[EVENTS_MAX];
    struct merge_record merged;
    uint64_t kind; /* inside */
    char form[FORM_ID_MAX + 1];
};

static void closed_fini(struct closed *r)
{
    for (size_t i = 0; i < r->count; i++) {
        buf_wipe(&r->bodies[i]);
    }
    merge_fini(&r->merged);
    wipe(r, sizeof(*r));
}

/* --- shares --- */

/* Is the certificate that a share names the one of this session's key? */
static bool is_mine(struct council *c, const struct session *s,
                    const struct uuid *id)
{
    struct sdb_holder h;

    return sdb_holder_get(c->db, id, &h) == ERR_OK && !h.is_revoked &&
           uuid_eq(&h.officer, &s->officer) &&
           memcmp(&h.pub, &s->holder.pub, sizeof(h.pub)) == 0;
}

/* The content key in the share at `position`; ERR_NOT_FOUND: not for us. */
static enum err open_share(struct council *c, const struct session *s,
                           uint64_t position, struct closed *out)
{
    static struct body_view view;
    const struct body_field_view *holder, *share;
    struct cbor_reader r;
    struct bytes sealed;
    struct sdb_event e;
    struct uuid id;
    struct buf body;
    enum err err = sdb_event_at(c->db, position, &e);

    if (err || e.body.data == NULL) {
        return err ? err : ERR_NOT_FOUND;
    }
    out->record = e.record;
    out->sealed_kind = e.kind;
    buf_init(&body, BODY_MAX_BYTES);
    buf_put(&body, e.body.data, e.body.len);
    err = body.err ? body.err : body_parse(buf_bytes(&body), &view);
    holder = err ? NULL : body_find(&view, SHARE_HOLDER);
    share = err ? NULL : body_find(&view, SHARE_CONTENT_KEY);
    if (holder == NULL || share == NULL) {
        buf_fini(&body);
        return err == ERR_NOMEM ? err : ERR_NOT_FOUND;
    }
    cbor_open_gated(&r, holder->value);
    cbor_get_uuid(&r, &id);
    err = r.err || !is_mine(c, s, &id) ? ERR_NOT_FOUND : ERR_OK;
    cbor_open_gated(&r, share->value);
    sealed = cbor_get_bytes(&r);
    err =
        err ? err : tier_share_open(&out->record, sealed, &s->holder, out->key);
    buf_fini(&body);
    return err == ERR_NOMEM || !err ? err : ERR_NOT_FOUND;
}

/* --- one record --- */

static enum err take_event(void *ctx, const struct sdb_event *e)
{
    struct closed *r = ctx;
    struct merge_event *to = &r->events[r->count];
    struct event_header h;
    enum err err;

    if (e->state != SDB_APPLIED || e->body.data == NULL ||
        e->op == OP_SHARE_KEY || event_header_parse(e->header, &h)) {
        return ERR_OK;
    }
    if (r->count == EVENTS_MAX) {
        return ERR_STOPPED;
    }
    if (r->count == 0) {
        r->officer = e->officer;
        r->made_ms = h.wall_ms;
    }
    buf_init(&r->bodies[r->count], BODY_MAX_BYTES);
    err = tier_open_with(r->key, &r->record, e->body, &r->bodies[r->count]);
    *to = (struct merge_event){ .ref = e->ref,
                                .hlc = h.hlc,
                                .device = h.device,
                                .officer = h.officer,
                                .op = h.op,
                                .former = h.former };
    if (!err) {
        to->body = buf_bytes(&r->bodies[r->count]);
    }
    r->count++;
    return err == ERR_NOMEM ? err : ERR_OK;
}

/* Kind and form, as the create says inside. */
static void read_kind(struct closed *r)
{
    static struct body_view view;

    for (size_t i = 0; i < r->count; i++) {
        if (r->events[i].op == OP_CREATE && r->events[i].body.data != NULL &&
            body_parse(r->events[i].body, &view) == ERR_OK &&
            view.form.len <= FORM_ID_MAX) {
            r->kind = view.kind;
            memset(r->form, 0, sizeof(r->form));
            if (view.form.len > 0) {
                memcpy(r->form, view.form.data, view.form.len);
            }
        }
    }
}

/* With the key of a share in `r`. */
static enum err open_record(struct council *c, struct closed *r)
{
    enum err err = sdb_event_of_record(c->db, &r->record, take_event, r);

    err = err == ERR_STOPPED ? ERR_OK : err;
    err = err ? err : merge_record(r->events, r->count, &r->merged);
    if (!err) {
        read_kind(r);
    }
    return err;
}

static const struct merge_field *find(const struct closed *r, uint64_t id)
{
    for (size_t i = 0; i < r->merged.field_count; i++) {
        if (r->merged.fields[i].id == id) {
            return &r->merged.fields[i];
        }
    }
    return NULL;
}

static void category_of(struct council *c, const struct closed *r,
                        struct buf *out)
{
    const struct merge_field *f = find(r, FIELD_CATEGORY);
    char name[sizeof(DEFINITIONS_META_LABEL) + 64];
    struct buf id;

    buf_init(&id, 256);
    if (f != NULL) {
        records_value(f, &id);
        snprintf(name, sizeof(name), "%s%.60s", DEFINITIONS_META_LABEL,
                 buf_text(&id));
        if (sdb_meta_get(c->db, name, out) != ERR_OK) {
            buf_reset(out);
            buf_put(out, id.data, id.len);
        }
    }
    buf_fini(&id);
}

/* --- the list --- */

struct list {
    struct council *c;
    size_t rows;
    struct uuid shown[ROWS_MAX];
    struct buf html;
};

static bool was_shown(const struct list *l, const struct uuid *record)
{
    for (size_t i = 0; i < l->rows; i++) {
        if (uuid_eq(&l->shown[i], record)) {
            return true;
        }
    }
    return false;
}

static void put_row(struct list *l, const struct closed *r)
{
    char id[UUID_TEXT_SIZE], made[40], officer[200];
    struct buf what;

    buf_init(&what, 1024);
    category_of(l->c, r, &what);
    uuid_format(&r->record, id);
    page_time(r->made_ms, made, sizeof(made));
    page_officer(l->c, &r->officer, officer, sizeof(officer));
    {
        const struct html_value values[] = {
            { "record", id },
            { "what", buf_text(&what) },
            { "tier", r->sealed_kind == KIND_SEALED ? "Sealed" : "Restricted" },
            { "officer", officer },
            { "made", made },
        };

        page_put(&l->html, "closed_row.html", values, ARRAY_LEN(values));
    }
    l->shown[l->rows++] = r->record;
    buf_wipe(&what);
}

/* Persons and photos of a record have keys, and rows, of their own. */
static enum err look_at(struct list *l, const struct session *s, uint64_t at)
{
    static struct closed r;
    enum err err;

    memset(&r, 0, sizeof(r));
    err = open_share(l->c, s, at, &r);
    if (!err && !was_shown(l, &r.record)) {
        err = open_record(l->c, &r);
        if (!err && uuid_is_zero(&r.merged.parent) && r.kind != 0) {
            put_row(l, &r);
        }
    }
    closed_fini(&r);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err fill_list(struct list *l, const struct session *s)
{
    uint64_t at = INT64_MAX;
    enum err err = ERR_OK;

    for (size_t i = 0; i < SHARES_MAX && l->rows < ROWS_MAX && !err; i++) {
        err = sdb_share_before(l->c->db, &s->officer, at, &at);
        err = err ? err : look_at(l, s, at);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err reply_list(struct route_call *call, const struct session *s)
{
    struct list *l = mem_alloc(sizeof(*l));
    struct buf main;
    enum err err;

    if (l == NULL)
        return ERR_NOMEM;
    l->c = call->council;
    buf_init(&l->html, SYNC_BODY_MAX_BYTES);
    buf_init(&main, SYNC_BODY_MAX_BYTES);
    err = fill_list(l, s);
    err = err ? err : page_log_record(l->c, s, "console, closed records", NULL);
    if (!err) {
        const struct html_value values[] = {
            { "note", l->rows > 0 ? ""
                                  : "Nothing was shared with you yet. What "
                                    "was recorded before your key was made "
                                    "comes when another holder's tablet "
                                    "next sends." },
            { "raw_rows", buf_text(&l->html) },
        };

        page_put(&main, "closed.html", values, ARRAY_LEN(values));
        err = page_reply(call, 200, "Closed records", &main, s);
    }
    buf_wipe(&l->html);
    buf_wipe(&main);
    mem_free(l);
    return err;
}

/* --- one record's page --- */

struct signatures {
    uint64_t at;        /* position of the share looked at */
    struct uuid parent; /* the record */
    struct buf html;
};

static struct form *form_of(struct council *c, const char *id)
{
    char name[sizeof(DEFINITIONS_META_FORM) + FORM_ID_MAX + 1];
    struct form *form = NULL;
    struct buf json;

    buf_init(&json, TEXT_MAX * 4);
    snprintf(name, sizeof(name), "%s%s", DEFINITIONS_META_FORM, id);
    if (sdb_meta_get(c->db, name, &json) != ERR_OK ||
        form_parse((const char *)json.data, json.len, &form) != ERR_OK) {
        form = NULL;
    }
    buf_fini(&json);
    return form;
}

static const char *label_of(const struct form *form, uint64_t id, char out[40])
{
    const struct form_field *f =
        form != NULL && id >= FIELD_CUSTOM && id <= UINT32_MAX
            ? form_find(form, (uint32_t)id)
            : NULL;
    static const char *const common[] = {
        [FIELD_CATEGORY] = "Category",     [FIELD_NOTED_MS] = "Noted",
        [FIELD_PLACE] = "Place",           [FIELD_NOTE] = "Note",
        [FIELD_MARKING] = "Marking",       [FIELD_TITLE] = "Title",
        [FIELD_PATROL] = "Patrol",         [FIELD_REASON] = "Reason",
        [FIELD_PLACE_NAME] = "Place name", [FIELD_KNOWN_HOW] = "Known how",
        [FIELD_EXTERNAL] = "Reference",    [FIELD_ENDED_MS] = "Ended",
        [FIELD_LINKED] = "Linked",         [FIELD_LATE_REASON] = "Why late",
    };

    if (f != NULL) {
        return f->label;
    }
    if (id < ARRAY_LEN(common) && common[id] != NULL) {
        return common[id];
    }
    snprintf(out, 40, "Field %" PRIu64, id);
    return out;
}

static void put_fields(struct council *c, const struct closed *r,
                       struct buf *out)
{
    struct form *form = form_of(c, r->form);

    for (size_t i = 0; i < r->merged.field_count; i++) {
        const struct merge_field *f = &r->merged.fields[i];
        char word[40];
        struct buf text;

        buf_init(&text, TEXT_MAX);
        records_value(f, &text);
        {
            const struct html_value values[] = {
                { "label", label_of(form, f->id, word) },
                { "value", buf_text(&text) },
                { "conflict", f->is_conflict ? "Two people wrote this "
                                               "differently: all are shown"
                                             : "" },
            };

            page_put(out, "closed_field.html", values, ARRAY_LEN(values));
        }
        buf_wipe(&text);
    }
    form_free(form);
}

/* One share: words of this record, signed? They have a key of their own. */
static enum err look_for_signature(struct council *c, const struct session *s,
                                   const struct held_keys *keys,
                                   struct signatures *to)
{
    static struct closed child;
    struct page_signed one = { .merged = &child.merged, .position = to->at };
    enum err err;

    memset(&child, 0, sizeof(child));
    err = open_share(c, s, to->at, &child);
    if (!err && !uuid_eq(&child.record, &to->parent)) {
        err = open_record(c, &child);
        if (!err && uuid_eq(&child.merged.parent, &to->parent) &&
            strcmp(child.form, SIGNATURE_FORM) == 0 &&
            !child.merged.is_struck) {
            one.officer = child.officer;
            err = page_put_signature(c, keys, &one, &to->html);
        }
    }
    closed_fini(&child);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* What hangs on a record is shared when it is, so its shares are near. */
static enum err put_signatures(struct council *c, const struct session *s,
                               struct signatures *to)
{
    const uint64_t least = to->at > NEAR_MAX ? to->at - NEAR_MAX : 0;
    struct held_keys *keys = NULL;
    enum err err = held_keys_read(c, &keys);

    to->at += NEAR_MAX;
    for (size_t i = 0; i < NEAR_SHARES_MAX && !err; i++) {
        err = sdb_share_before(c->db, &s->officer, to->at, &to->at);
        if (err || to->at < least) {
            break;
        }
        err = look_for_signature(c, s, keys, to);
    }
    held_keys_free(keys);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static void put_signed(struct signatures *from, struct buf *out)
{
    const struct html_value values[] = { { "raw_rows",
                                           buf_text(&from->html) } };

    if (from->html.len > 0) {
        page_put(out, "record_signatures.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &from->html);
}

static enum err put_record(struct route_call *call, const struct session *s,
                           struct closed *r, uint64_t at)
{
    struct signatures signs = { .at = at, .parent = r->record };
    char id[UUID_TEXT_SIZE], made[40], officer[200];
    struct buf main, fields, what;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&fields, SYNC_BODY_MAX_BYTES);
    buf_init(&what, 1024);
    buf_init(&signs.html, SYNC_BODY_MAX_BYTES);
    category_of(call->council, r, &what);
    put_fields(call->council, r, &fields);
    uuid_format(&r->record, id);
    page_time(r->made_ms, made, sizeof(made));
    page_officer(call->council, &r->officer, officer, sizeof(officer));
    {
        const struct html_value values[] = {
            { "record", id },
            { "what", buf_text(&what) },
            { "officer", officer },
            { "made", made },
            { "raw_fields", buf_text(&fields) },
        };

        page_put(&main, "closed_record.html", values, ARRAY_LEN(values));
    }
    err = put_signatures(call->council, s, &signs);
    put_signed(&signs, &main);
    err = err ? err
              : page_log_record(call->council, s, "console, closed record",
                                &r->record);
    err = err ? err : page_reply(call, 200, "Closed record", &main, s);
    buf_wipe(&signs.html);
    buf_wipe(&main);
    buf_wipe(&fields);
    buf_wipe(&what);
    return err;
}

/* Only by a share is it found: what wasn't shared doesn't exist here. */
static enum err find_record(struct council *c, const struct session *s,
                            const struct uuid *record, uint64_t *at,
                            struct closed *r)
{
    enum err err;

    *at = INT64_MAX;
    while (!(err = sdb_share_before(c->db, &s->officer, *at, at))) {
        memset(r, 0, sizeof(*r));
        err = open_share(c, s, *at, r);
        if (!err && uuid_eq(&r->record, record)) {
            return open_record(c, r);
        }
        wipe(r->key, sizeof(r->key));
        if (err && err != ERR_NOT_FOUND) {
            break;
        }
    }
    return err;
}

static enum err reply_record(struct route_call *call, const struct session *s,
                             const struct uuid *record)
{
    static struct closed r; /* the store answers one request at a time */
    uint64_t at;
    enum err err = find_record(call->council, s, record, &at, &r);

    err = err ? err : put_record(call, s, &r, at);
    closed_fini(&r);
    return err;
}

enum err page_closed(struct route_call *call)
{
    struct session *s = session_find(call->council, call->in);
    struct uuid record;
    enum err err;

    if (s == NULL)
        return page_redirect(call, "/sign-in");
    if (!s->has_holder)
        return page_message(call, 403, "Not for you",
                            "Only officers who are named to read closed "
                            "records, and signed in with a passphrase that "
                            "was set since then, see this page.");
    if (call->tail[0] == '\0')
        return reply_list(call, s);
    err = uuid_parse(call->tail, &record) ? ERR_NOT_FOUND
                                          : reply_record(call, s, &record);
    return err == ERR_NOT_FOUND
               ? page_message(call, 404, "Not found",
                              "No such record was shared with you.")
               : err;
}
