#include "core/tablet_sign.h"

#include <string.h>

#include "core/mem.h"
#include "core/tablet_internal.h"

#define SIGN_AAD "beatbook/sign-off/1"

/* --- making one --- */

static bool is_said(const char *text)
{
    return text != NULL && text[0] != '\0';
}

enum err tablet_put_signing(struct tablet *t, const struct uuid *record,
                            uint64_t to, const struct tablet_signing *s,
                            struct body_writer *w)
{
    struct buf ink, cose;
    enum err err = ERR_OK;

    if (s->ink == NULL && !is_said(s->name) && !is_said(s->why)) {
        return ERR_USAGE;
    }
    buf_init(&ink, STROKES_BYTES_MAX);
    buf_init(&cose, SIGNED_HEAD_MAX_BYTES);
    if (to != 0) {
        body_put_int(w, SIGN_TO, (int64_t)to);
    }
    if (s->ink != NULL) {
        err = strokes_put(&ink, s->ink);
        body_put_bytes(w, SIGN_INK, buf_bytes(&ink));
    }
    if (is_said(s->name)) {
        body_put_text(w, SIGN_NAME, s->name);
    }
    if (!err && s->key != NULL) {
        err = tablet_sign_head(t, SIGN_AAD, record, to, s->key, &cose);
        body_put_bytes(w, SIGN_COSE, buf_bytes(&cose));
    }
    if (is_said(s->why)) {
        body_put_text(w, SIGN_WHY, s->why);
    }
    buf_fini(&ink);
    buf_fini(&cose);
    return err;
}

static enum err save(struct tablet *t, const struct uuid *book, uint64_t to,
                     enum event_op op, const struct tablet_signing *s)
{
    const struct evlog_new e = { .officer = t->officer,
                                 .record = *book,
                                 .kind = KIND_BOOK,
                                 .kind_version = 1,
                                 .op = op };
    struct tablet_save save;
    struct body_writer w;
    enum err err;

    body_begin(&w);
    err = tablet_put_signing(t, book, to, s, &w);
    if (err) {
        body_fini(&w);
        return err;
    }
    tablet_save_init(&save, t);
    tablet_save_add(&save, &e, &w, TIER_OPEN, NULL);
    err = tablet_save_end(&save);
    tablet_save_fini(&save);
    return err;
}

/* --- what was signed --- */

struct signs {
    struct tablet *t;
    struct tablet_signed *one;
    struct uuid owner; /* who opened the book, or began the patrol */
    tablet_signed_fn fn;
    void *ctx;
};

static void take_ink(const struct tablet_said *s, struct tablet_signed *out)
{
    const struct body_field_view *f = body_find(s->body, SIGN_INK);
    struct cbor_reader r;
    struct bytes ink;

    if (f == NULL) {
        return;
    }
    cbor_open_gated(&r, f->value);
    ink = cbor_get_bytes(&r);
    out->has_ink = !r.err && strokes_get(ink, &out->ink) == ERR_OK;
}

static bool is_signing(const struct tablet_said *s)
{
    return (s->op == OP_ACKNOWLEDGE || s->op == OP_REVIEW ||
            s->op == OP_PATROL_END) &&
           s->body != NULL &&
           (body_find(s->body, SIGN_INK) != NULL ||
            body_find(s->body, SIGN_NAME) != NULL ||
            body_find(s->body, SIGN_WHY) != NULL);
}

static enum err take_signing(void *ctx, const struct tablet_said *s)
{
    struct signs *k = ctx;
    struct tablet_signed *one = k->one;
    int64_t to;
    enum err err;

    if (s->op == OP_OPEN_BOOK || s->op == OP_PATROL_START) {
        k->owner = s->officer;
        return ERR_OK;
    }
    /* Only its owner signs a book off, only somebody else countersigns. */
    if (!is_signing(s) ||
        (s->op == OP_REVIEW) == uuid_eq(&s->officer, &k->owner)) {
        return ERR_OK;
    }
    memset(one, 0, sizeof(*one));
    to = tablet_said_int(s, SIGN_TO, 0);
    one->is_leader = s->op == OP_REVIEW;
    one->to = to > 0 ? (uint64_t)to : 0;
    one->officer = s->officer;
    one->at_ms = s->wall_ms;
    one->has_key = body_find(s->body, SIGN_COSE) != NULL;
    tablet_said_text(s, SIGN_NAME, one->name, sizeof(one->name));
    tablet_said_text(s, SIGN_WHY, one->why, sizeof(one->why));
    take_ink(s, one);
    err = tablet_name_of(k->t, &one->officer, one->by, sizeof(one->by));
    return err ? err : k->fn(k->ctx, one);
}

enum err tablet_signs(struct tablet *t, const struct uuid *record,
                      tablet_signed_fn fn, void *ctx)
{
    struct signs k = { .t = t, .fn = fn, .ctx = ctx };
    enum err err;

    k.one = mem_alloc(sizeof(*k.one));
    if (k.one == NULL) {
        return ERR_NOMEM;
    }
    err = tablet_said(t, record, take_signing, &k);
    mem_free(k.one);
    return err;
}

/* --- the officer's own book --- */

struct reach {
    uint64_t to;
};

static enum err take_reach(void *ctx, const struct tablet_signed *s)
{
    struct reach *r = ctx;

    if (!s->is_leader && s->to > r->to) {
        r->to = s->to;
    }
    return ERR_OK;
}

enum err tablet_own_book(struct tablet *t, struct uuid *out)
{
    uint64_t entries;

    return tablet_book_find(t, out, &entries);
}

enum err tablet_sign_lines(struct tablet *t, const struct tablet_signing *s)
{
    struct reach reach = { 0 };
    struct uuid book;
    uint64_t entries = 0;
    enum err err = uuid_is_zero(&t->officer)
                       ? ERR_DENIED
                       : tablet_book_find(t, &book, &entries);

    err = err ? err : tablet_signs(t, &book, take_reach, &reach);
    if (!err && entries <= reach.to) {
        return ERR_NOT_FOUND;
    }
    return err ? err : save(t, &book, entries, OP_ACKNOWLEDGE, s);
}

enum err tablet_countersign(struct tablet *t, const struct uuid *book,
                            uint64_t to, const struct tablet_signing *s)
{
    struct tablet_known known;
    struct tablet_self self;
    enum err err = tablet_self(t, &self);

    if (!err && !self.is_leader) {
        return ERR_DENIED;
    }
    err = err ? err : tablet_known_record(t, book, &known);
    if (err || known.kind != KIND_BOOK) {
        return err ? err : ERR_NOT_FOUND;
    }
    if (uuid_eq(&known.officer, &t->officer)) {
        return ERR_DENIED;
    }
    return save(t, book, to, OP_REVIEW, s);
}
