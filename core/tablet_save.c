/* One save of several events: see tablet_internal.h. */
#include <string.h>

#include "core/mem.h"
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

void tablet_save_record(struct tablet_save *s, const struct evlog_new *e,
                        struct body_writer *w, enum tier tier)
{
    uint8_t key[CRYPTO_KEY_SIZE];

    tablet_save_add(s, e, w, tier, key);
    if (!s->err && tier != TIER_OPEN) {
        tablet_save_shares(s, &e->record, tier, key);
    }
    wipe(key, sizeof(key));
}
