/*
 * choose.c - the disclosed part of the log. For one record it grows from
 * the record to its children, then to what they need to be understood and
 * verified: forms, the officers who wrote, the keys of their devices.
 */
#include "sync-server/export/choose.h"

#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/mem.h"

struct uuid_set {
    struct uuid *list; /* owned */
    size_t count, cap;
};

struct walk {
    struct council *council;
    const struct export_what *what;
    struct choice *out;
    struct uuid_set records; /* disclosed */
    struct uuid_set officers, devices;
    char (*forms)[FORM_ID_MAX + 1]; /* owned */
    size_t form_count, form_cap;
    bool has_grown;
    struct event_header *header; /* scratch, owned */
    struct body_view *body;      /* scratch, owned */
};

static bool set_has(const struct uuid_set *s, const struct uuid *id)
{
    for (size_t i = 0; i < s->count; i++) {
        if (uuid_eq(&s->list[i], id)) {
            return true;
        }
    }
    return false;
}

static enum err set_add(struct uuid_set *s, const struct uuid *id)
{
    struct uuid *list;

    if (uuid_is_zero(id) || set_has(s, id)) {
        return ERR_OK;
    }
    list = mem_grow(s->list, s->count, &s->cap, sizeof(*list));
    if (list == NULL) {
        return ERR_NOMEM;
    }
    s->list = list;
    list[s->count++] = *id;
    return ERR_OK;
}

static bool has_form(const struct walk *w, const char *form)
{
    for (size_t i = 0; i < w->form_count; i++) {
        if (strcmp(w->forms[i], form) == 0) {
            return true;
        }
    }
    return false;
}

static enum err add_form(struct walk *w, const char *form)
{
    void *list;

    if (form[0] == '\0' || has_form(w, form)) {
        return ERR_OK;
    }
    list = mem_grow(w->forms, w->form_count, &w->form_cap, sizeof(w->forms[0]));
    if (list == NULL) {
        return ERR_NOMEM;
    }
    w->forms = list;
    memcpy(w->forms[w->form_count++], form, sizeof(w->forms[0]));
    return ERR_OK;
}

/* Reads header and body into the scratch; false for one of a newer shape. */
static bool read_event(struct walk *w, const struct sdb_event *e)
{
    memset(w->body, 0, sizeof(*w->body));
    if (event_header_parse(e->header, w->header)) {
        return false;
    }
    if (e->body.data != NULL && w->header->kind != KIND_RESTRICTED &&
        w->header->kind != KIND_SEALED && body_parse(e->body, w->body)) {
        memset(w->body, 0, sizeof(*w->body));
    }
    return true;
}

static bool field_is_uuid(const struct walk *w, uint64_t id,
                          const struct uuid_set *set)
{
    const struct body_field_view *f = body_find(w->body, id);
    struct cbor_reader r;
    struct uuid value;

    if (f == NULL || f->value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    cbor_get_uuid(&r, &value);
    return !r.err && set_has(set, &value);
}

static bool field_is_text(const struct walk *w, uint64_t id, const char *text)
{
    const struct body_field_view *f = body_find(w->body, id);
    struct cbor_reader r;
    struct bytes value;

    if (f == NULL || f->value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    value = cbor_get_text(&r);
    return !r.err && value.len == strlen(text) &&
           memcmp(value.data, text, value.len) == 0;
}

/* A record that belongs to what is disclosed joins it. */
static enum err grow_records(void *ctx, const struct sdb_event *e)
{
    struct walk *w = ctx;
    bool joins;
    enum err err;

    if (!read_event(w, e) || set_has(&w->records, &e->record)) {
        return ERR_OK;
    }
    joins = set_has(&w->records, &w->body->parent) ||
            (w->what->scope == BUNDLE_PATROL &&
             field_is_uuid(w, FIELD_PATROL, &w->records)) ||
            (w->what->scope == BUNDLE_NOTICE && e->kind == KIND_NOTICE &&
             field_is_text(w, FIELD_TITLE, w->what->id));
    if (!joins) {
        return ERR_OK;
    }
    w->has_grown = true;
    err = set_add(&w->records, &e->record);
    return err;
}

/* What the disclosed records need to be understood. */
static enum err note_needs(void *ctx, const struct sdb_event *e)
{
    struct walk *w = ctx;
    enum err err;

    if (!set_has(&w->records, &e->record) || !read_event(w, e)) {
        return ERR_OK;
    }
    err = set_add(&w->officers, &e->officer);
    if (!err) {
        err = set_add(&w->devices, &e->device);
    }
    return err ? err : add_form(w, w->header->form);
}

static bool names_disclosed(const struct walk *w)
{
    const struct body_field_view *f = body_find(w->body, LOG_INCARNATION);
    struct cbor_reader r;
    struct event_ref ref;
    struct sdb_event e;

    if (f == NULL || f->value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    cbor_get_uuid(&r, &ref.incarnation);
    f = body_find(w->body, LOG_SEQUENCE);
    if (r.err || f == NULL || f->value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    ref.sequence = cbor_get_uint(&r);
    return !r.err && sdb_event_get(w->council->db, &ref, &e) == ERR_OK &&
           set_has(&w->records, &e.record);
}

static bool form_is_needed(const struct walk *w)
{
    for (size_t i = 0; i < w->form_count; i++) {
        if (field_is_text(w, FIELD_TITLE, w->forms[i])) {
            return true;
        }
    }
    return false;
}

/* The keys of devices disclosed; officers' keys as far as those devices or
 * the server speak of them, so that no further device is drawn in. */
static bool is_key_needed(const struct walk *w, const struct sdb_event *e)
{
    const bool is_ours = uuid_eq(&e->device, &w->council->device);

    if (!is_ours && !set_has(&w->devices, &e->device)) {
        return false;
    }
    return e->op == OP_REVOKE || field_is_uuid(w, KEY_OWNER, &w->devices) ||
           field_is_uuid(w, KEY_OWNER, &w->officers);
}

static bool is_disclosed(struct walk *w, const struct sdb_event *e)
{
    if (w->what->scope == BUNDLE_ALL || set_has(&w->records, &e->record)) {
        return true;
    }
    if (!read_event(w, e)) {
        return false;
    }
    switch (e->kind) {
    case KIND_COUNCIL:
        return true;
    case KIND_FORM:
        return form_is_needed(w);
    case KIND_OFFICER:
        return set_has(&w->officers, &e->record);
    case KIND_KEY:
        return is_key_needed(w, e);
    case KIND_LOG:
        return e->op == OP_LOG_RESTART ||
               (e->op == OP_REFUSE && names_disclosed(w));
    default:
        return false;
    }
}

static struct bytes copy(struct bytes in)
{
    uint8_t *to;

    if (in.data == NULL) {
        return in;
    }
    to = mem_alloc(in.len);
    if (to != NULL && in.len > 0) {
        memcpy(to, in.data, in.len);
    }
    return (struct bytes){ to, in.len };
}

static enum err take(void *ctx, const struct sdb_event *e)
{
    struct walk *w = ctx;
    struct choice *out = w->out;
    struct chosen *to;

    if (!is_disclosed(w, e)) {
        return ERR_OK;
    }
    to = mem_grow(out->list, out->count, &out->cap, sizeof(*to));
    if (to == NULL) {
        return ERR_NOMEM;
    }
    out->list = to;
    to += out->count++;
    *to = (struct chosen){ .ref = e->ref,
                           .device = e->device,
                           .header_hash = e->header_hash,
                           .has_link = e->has_link };
    to->event.position = e->position;
    to->event.header = copy(e->header);
    if (e->body.data != NULL) {
        to->event.salt = copy(e->salt);
        to->event.body = copy(e->body);
    }
    return to->event.header.data == NULL ||
                   (e->body.data != NULL && (to->event.body.data == NULL ||
                                             to->event.salt.data == NULL))
               ? ERR_NOMEM
               : ERR_OK;
}

/* A key that the council granted, for telling whose seal a seal is. */
static enum err keep_key(void *ctx, const struct sdb_event *e)
{
    struct walk *w = ctx;
    struct choice *out = w->out;
    const struct body_field_view *pub;
    const struct body_field_view *owner;
    struct choice_key key;
    struct choice_key *list;
    struct cbor_reader r;

    if (e->kind != KIND_KEY || e->op != OP_GRANT ||
        !uuid_eq(&e->device, &w->council->device) || !read_event(w, e)) {
        return ERR_OK;
    }
    pub = body_find(w->body, KEY_PUBLIC);
    owner = body_find(w->body, KEY_OWNER);
    if (pub == NULL || owner == NULL) {
        return ERR_OK;
    }
    cbor_open_gated(&r, pub->value);
    if (cose_key_parse(cbor_get_bytes(&r), &key.pub)) {
        return ERR_OK;
    }
    cbor_open_gated(&r, owner->value);
    cbor_get_uuid(&r, &key.owner);
    list = mem_grow(out->keys, out->key_count, &out->key_cap, sizeof(*list));
    if (list == NULL) {
        return ERR_NOMEM;
    }
    out->keys = list;
    list[out->key_count] = key;
    out->key_count += !r.err;
    return ERR_OK;
}

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct hash));
}

static enum err list_blobs(struct walk *w)
{
    struct choice *out = w->out;
    size_t cap = 0;
    size_t kept = 0;

    for (size_t i = 0; i < out->count; i++) {
        if (event_header_parse(out->list[i].event.header, w->header)) {
            continue;
        }
        for (size_t k = 0; k < w->header->blob_count; k++) {
            struct hash *list =
                mem_grow(out->blobs, out->blob_count, &cap, sizeof(*list));

            if (list == NULL) {
                return ERR_NOMEM;
            }
            out->blobs = list;
            list[out->blob_count++] = w->header->blobs[k];
        }
    }
    if (out->blob_count > 1) {
        qsort(out->blobs, out->blob_count, sizeof(out->blobs[0]),
              compare_hashes);
    }
    for (size_t i = 0; i < out->blob_count; i++) {
        if (kept == 0 || !hash_eq(&out->blobs[kept - 1], &out->blobs[i])) {
            out->blobs[kept++] = out->blobs[i];
        }
    }
    out->blob_count = kept;
    return ERR_OK;
}

static enum err choose_records(struct walk *w)
{
    struct uuid id;
    enum err err;

    if (w->what->scope != BUNDLE_NOTICE) {
        if (uuid_parse(w->what->id, &id) || set_add(&w->records, &id)) {
            return ERR_NOT_FOUND;
        }
    }
    do { /* children of children: until nothing joins */
        w->has_grown = false;
        err = sdb_event_all(w->council->db, 0, grow_records, w);
    } while (!err && w->has_grown);
    return err ? err : sdb_event_all(w->council->db, 0, note_needs, w);
}

enum err choose(struct council *c, const struct export_what *what,
                struct choice *out)
{
    struct walk w = { .council = c, .what = what, .out = out };
    enum err err = ERR_NOMEM;

    *out = (struct choice){ 0 };
    w.header = mem_alloc(sizeof(*w.header));
    w.body = mem_alloc(sizeof(*w.body));
    if (w.header == NULL || w.body == NULL) {
        goto out;
    }
    err = what->scope == BUNDLE_ALL ? ERR_OK : choose_records(&w);
    if (!err && what->scope != BUNDLE_ALL && w.devices.count == 0) {
        err = ERR_NOT_FOUND; /* no event of such a record */
    }
    if (!err) {
        err = sdb_event_all(c->db, 0, take, &w);
    }
    if (!err) {
        err = sdb_event_all(c->db, 0, keep_key, &w);
    }
    if (!err) {
        err = list_blobs(&w);
    }
out:
    mem_free(w.records.list);
    mem_free(w.officers.list);
    mem_free(w.devices.list);
    mem_free(w.forms);
    mem_free(w.header);
    mem_free(w.body);
    if (err) {
        choice_fini(out);
    }
    return err;
}

void choice_fini(struct choice *c)
{
    for (size_t i = 0; i < c->count; i++) {
        mem_free((void *)(uintptr_t)c->list[i].event.header.data);
        mem_free((void *)(uintptr_t)c->list[i].event.salt.data);
        mem_free((void *)(uintptr_t)c->list[i].event.body.data);
    }
    mem_free(c->list);
    mem_free(c->blobs);
    mem_free(c->keys);
    *c = (struct choice){ 0 };
}
