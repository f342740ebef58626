#include "tests/core/tiny_council.h"

#include <string.h>

#include "core/cose.h"
#include "core/merkle.h"
#include "core/records.h"
#include "core/wire.h"

struct uuid tiny_id(struct tiny *t)
{
    struct uuid id;

    memset(&id, ++t->next, sizeof(id));
    return id;
}

static struct ec_key key_of(uint8_t seed)
{
    struct ec_key key;

    memset(&key, 0, sizeof(key));
    memset(key.d, seed, sizeof(key.d));
    assert_ok(crypto_ec_derive(&key));
    return key;
}

static struct bytes hash_bytes(const struct hash *h)
{
    return (struct bytes){ h->bytes, sizeof(h->bytes) };
}

static bool is_zero(const struct hash *h)
{
    return hash_eq(h, &(struct hash){ { 0 } });
}

size_t tiny_add(struct tiny *t, const struct tiny_new *e, struct body_writer *w)
{
    const size_t at = t->event_count++;
    struct tiny_event *to = &t->events[at];
    struct tiny_device *d = &t->devices[e->who];
    struct event_header h;

    assert_true(at < TINY_EVENTS_MAX);
    memset(to, 0, sizeof(*to));
    memset(&h, 0, sizeof(h));
    buf_init(&to->header, HEADER_MAX_BYTES);
    buf_init(&to->body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &to->body));
    body_fini(w);
    memset(to->salt, (int)at + 1, sizeof(to->salt));
    h.envelope = EVENT_ENVELOPE;
    h.device = d->device;
    h.incarnation = d->incarnation;
    h.sequence = ++d->count;
    h.hlc = at << 16;
    h.wall_ms = 1790000000000 + (int64_t)at * 1000;
    h.utc_offset_min = 60;
    h.record = e->record;
    h.kind = e->kind ? e->kind : KIND_OBSERVATION;
    h.kind_version = 1;
    h.op = e->op ? e->op : OP_CREATE;
    if (e->form != NULL) {
        snprintf(h.form, sizeof(h.form), "%s", e->form);
        h.form_version = 1;
    }
    h.blob_count = !is_zero(&e->blob);
    h.blobs[0] = e->blob;
    h.former.count = e->repeats.sequence > 0;
    h.former.at[0] = e->repeats;
    event_commit(to->salt, buf_bytes(&to->body), &h.commitment);
    assert_ok(event_header_put(&to->header, &h));
    if (e->envelope != 0) {
        to->header.data[2] = (uint8_t)e->envelope; /* {1: envelope, ...} */
    }
    to->who = e->who;
    to->log = t->log;
    to->ref = (struct event_ref){ d->incarnation, d->count };
    to->before = d->link;
    crypto_sha256(buf_bytes(&to->header), &to->header_hash);
    event_link(&to->before, buf_bytes(&to->header), &d->link);
    return at;
}

size_t tiny_note(struct tiny *t, enum tiny_who who, const char *text)
{
    struct tiny_new e = { .who = who, .record = tiny_id(t) };
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    return tiny_add(t, &e, &w);
}

size_t tiny_key(struct tiny *t, enum tiny_who by, uint64_t op,
                const struct uuid *id, const struct uuid *owner,
                const struct ec_public *pub)
{
    const struct tiny_new e = {
        .who = by, .kind = KIND_KEY, .op = op, .record = *id
    };
    struct body_writer w;
    struct buf key;
    size_t at;

    buf_init(&key, 256);
    cose_key_put(&key, pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, "seal");
    body_put_uuid(&w, KEY_OWNER, owner);
    at = tiny_add(t, &e, &w);
    buf_fini(&key);
    return at;
}

void tiny_seal(struct tiny *t, enum tiny_who who)
{
    const struct tiny_device *d = &t->devices[who];
    const struct event_seal what = { d->device, d->incarnation, d->count,
                                     d->link };
    struct tiny_seal *to = &t->seals[t->seal_count++];

    assert_true(t->seal_count <= TINY_SEALS_MAX);
    *to = (struct tiny_seal){ who, d->count, { 0 }, d->key.pub };
    buf_init(&to->seal, 1024);
    assert_ok(event_seal_put(&to->seal, &d->key, &what));
}

void tiny_init(struct tiny *t)
{
    struct tiny_new first = { .who = TINY_SERVER, .kind = KIND_COUNCIL };
    struct body_writer w;

    memset(t, 0, sizeof(*t));
    t->council = tiny_id(t);
    t->log_id[0] = tiny_id(t);
    t->log_id[1] = tiny_id(t);
    for (size_t i = 0; i < TINY_DEVICES; i++) {
        t->devices[i].device = tiny_id(t);
        t->devices[i].incarnation = tiny_id(t);
        t->devices[i].key = key_of((uint8_t)(0x21 + i));
    }
    first.record = t->council;
    body_begin(&w);
    body_put_text(&w, COUNCIL_NAME, "Westbrook");
    tiny_add(t, &first, &w);
    for (enum tiny_who who = TINY_A; who < TINY_DEVICES; who++) {
        const struct uuid id = tiny_id(t);

        tiny_key(t, TINY_SERVER, OP_GRANT, &id, &t->devices[who].device,
                 &t->devices[who].key.pub);
    }
    tiny_seal(t, TINY_SERVER);
}

void tiny_fini(struct tiny *t)
{
    for (size_t i = 0; i < t->event_count; i++) {
        buf_fini(&t->events[i].header);
        buf_fini(&t->events[i].body);
    }
    for (size_t i = 0; i < t->seal_count; i++) {
        buf_fini(&t->seals[i].seal);
    }
}

/* --- the log --- */

static size_t log_base(const struct tiny *t, size_t log)
{
    size_t at = 0;

    while (at < t->event_count && t->events[at].log < log) {
        at++;
    }
    return at;
}

static size_t log_size(const struct tiny *t, size_t log)
{
    return log_base(t, log + 1) - log_base(t, log);
}

static void tree_of(const struct tiny *t, size_t first, size_t end,
                    struct hash *root)
{
    struct merkle tree;

    merkle_init(&tree);
    for (size_t i = first; i < end; i++) {
        assert_ok(merkle_append(&tree, hash_bytes(&t->events[i].header_hash),
                                NULL, NULL));
    }
    merkle_root(&tree, root);
}

struct log_reader {
    const struct tiny *t;
    size_t base;
};

static enum err read_node(void *ctx, unsigned level, uint64_t index,
                          struct hash *out)
{
    const struct log_reader *r = ctx;

    tree_of(r->t, r->base + (index << level), r->base + ((index + 1) << level),
            out);
    return ERR_OK;
}

struct restart {
    const struct tiny_lie *lie;
    struct body_writer w;
};

/* A field as it is, or as the lie has it. */
static void put_number(struct restart *r, uint64_t field, uint64_t n)
{
    if (r->lie->field != field) {
        body_put_int(&r->w, field, (int64_t)n);
    } else if (r->lie->how == TINY_OTHER) {
        body_put_int(&r->w, field, (int64_t)n + 1);
    } else if (r->lie->how == TINY_MISTYPED) {
        body_put_text(&r->w, field, "a number");
    }
}

static void put_id(struct restart *r, uint64_t field, struct bytes bytes)
{
    uint8_t other[32];

    memcpy(other, bytes.data, bytes.len);
    other[7] ^= 1;
    if (r->lie->field != field) {
        body_put_bytes(&r->w, field, bytes);
    } else if (r->lie->how == TINY_OTHER) {
        body_put_bytes(&r->w, field, (struct bytes){ other, bytes.len });
    } else if (r->lie->how == TINY_MISTYPED) {
        body_put_int(&r->w, field, 7);
    }
}

static void restart(struct tiny *t, uint64_t seen_more,
                    const struct tiny_lie *lie)
{
    const size_t size = log_size(t, t->log);
    const struct tiny_new e = { .who = lie->who,
                                .kind = lie->kind ? lie->kind : KIND_LOG,
                                .op = lie->op ? lie->op : OP_LOG_RESTART,
                                .record = t->log_id[1] };
    struct restart r = { .lie = lie };
    struct hash root;

    tree_of(t, 0, size, &root);
    body_begin(&r.w);
    put_id(&r, LOG_OLD_ID, (struct bytes){ t->log_id[0].bytes, 16 });
    put_number(&r, LOG_OLD_SIZE, size);
    put_id(&r, LOG_OLD_ROOT, hash_bytes(&root));
    put_number(&r, LOG_SEEN_SIZE, size + seen_more);
    put_id(&r, LOG_SEEN_ROOT, hash_bytes(&root));
    t->log = 1;
    tiny_add(t, &e, &r.w);
}

void tiny_restart(struct tiny *t, uint64_t seen_more)
{
    restart(t, seen_more, &(struct tiny_lie){ .who = TINY_SERVER });
}

void tiny_restart_wrong(struct tiny *t, const struct tiny_lie *lie)
{
    restart(t, 0, lie);
}

/* --- files --- */

struct buf *tiny_file(struct tiny_bundle *b, const char *name)
{
    for (size_t i = 0; i < b->count; i++) {
        if (strcmp(b->names[i], name) == 0) {
            return &b->data[i];
        }
    }
    assert_true(b->count < TINY_FILES_MAX);
    snprintf(b->names[b->count], sizeof(b->names[0]), "%s", name);
    buf_init(&b->data[b->count], (size_t)1 << 24);
    return &b->data[b->count++];
}

void tiny_refresh(struct tiny_bundle *b)
{
    for (size_t i = 0; i < b->count; i++) {
        b->files[i].name = b->names[i];
        b->files[i].data = buf_bytes(&b->data[i]);
    }
}

void tiny_free(struct tiny_bundle *b)
{
    for (size_t i = 0; i < b->count; i++) {
        buf_fini(&b->data[i]);
    }
    b->count = 0;
}

size_t tiny_events(const struct tiny *t, struct bundle_event *out)
{
    size_t count = 0;

    for (size_t i = 0; i < t->event_count; i++) {
        const struct tiny_event *e = &t->events[i];
        struct bundle_event *to = &out[count];

        if (e->is_hidden) {
            continue;
        }
        *to = (struct bundle_event){ .position = i,
                                     .header = buf_bytes(&e->header) };
        if (!e->is_erased) {
            to->salt = (struct bytes){ e->salt, sizeof(e->salt) };
            to->body = buf_bytes(&e->body);
        }
        count++;
    }
    return count;
}

static const struct tiny_event *find(const struct tiny *t, enum tiny_who who,
                                     uint64_t sequence)
{
    for (size_t i = 0; i < t->event_count; i++) {
        if (t->events[i].who == who && t->events[i].ref.sequence == sequence) {
            return &t->events[i];
        }
    }
    return NULL;
}

/* One chain, from its first disclosed event to the seal. */
static void write_chain(struct tiny *t, struct tiny_bundle *b,
                        const struct tiny_seal *seal, uint64_t after)
{
    struct buf *chains = tiny_file(b, BUNDLE_CHAINS);
    struct buf *seals = tiny_file(b, BUNDLE_SEALS);
    const struct tiny_event *first = NULL;
    uint64_t from = after;
    struct buf key;

    while (from <= seal->sequence &&
           (first == NULL || first->is_hidden || first->is_unchained)) {
        first = find(t, seal->who, from++);
    }
    if (first == NULL || first->is_hidden || first->is_unchained) {
        return;
    }
    cbor_put_array(chains, 5);
    cbor_put_uuid(chains, &t->devices[seal->who].device);
    cbor_put_uuid(chains, &first->ref.incarnation);
    cbor_put_uint(chains, first->ref.sequence);
    cbor_put_hash(chains, &first->before);
    cbor_put_array(chains, (size_t)(seal->sequence - first->ref.sequence) + 1);
    for (uint64_t i = first->ref.sequence; i <= seal->sequence; i++) {
        const struct tiny_event *e = find(t, seal->who, i);

        if (e->is_hidden) {
            cbor_put_hash(chains, &e->header_hash);
        } else {
            cbor_put_null(chains);
        }
    }
    buf_init(&key, 256);
    cose_key_put(&key, &seal->pub);
    cbor_put_array(seals, 2);
    cbor_put_bytes(seals, seal->seal.data, seal->seal.len);
    cbor_put_bytes(seals, key.data, key.len);
    buf_fini(&key);
}

static void write_chains(struct tiny *t, struct tiny_bundle *b)
{
    for (enum tiny_who who = TINY_SERVER; who < TINY_DEVICES; who++) {
        uint64_t after = 1;

        for (size_t i = 0; i < t->seal_count; i++) {
            if (t->seals[i].who == who) {
                write_chain(t, b, &t->seals[i], after);
                after = t->seals[i].sequence + 1;
            }
        }
    }
}

static void write_log(struct tiny *t, struct tiny_bundle *b, size_t log)
{
    const size_t base = log_base(t, log);
    const size_t size = log_size(t, log);
    struct wire_checkpoint point = { .log_id = t->log_id[log], .size = size };
    struct log_reader reader = { t, base };
    size_t shown = 0;

    tree_of(t, base, base + size, &point.root);
    assert_ok(wire_checkpoint_sign(tiny_file(b, BUNDLE_CHECKPOINT),
                                   &t->devices[TINY_SERVER].key, &point));
    for (size_t i = base; i < base + size; i++) {
        shown += !t->events[i].is_hidden;
    }
    for (size_t i = base; i < base + size && shown < size; i++) {
        struct buf *out = tiny_file(b, BUNDLE_PROOFS);
        struct merkle_proof proof;

        if (t->events[i].is_hidden) {
            continue;
        }
        assert_ok(merkle_prove(i - base, size, read_node, &reader, &proof));
        cbor_put_array(out, 2);
        cbor_put_uint(out, i);
        cbor_put_array(out, proof.count);
        for (size_t k = 0; k < proof.count; k++) {
            cbor_put_hash(out, &proof.nodes[k]);
        }
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct bundle_file *)a)->name,
                  ((const struct bundle_file *)b)->name);
}

static void put_file(struct buf *out, const struct bundle_file *file)
{
    struct hash hash;

    cbor_put_array(out, 4);
    cbor_put_str(out, file->name);
    cbor_put_uint(out, file->data.len);
    crypto_sha256(file->data, &hash);
    cbor_put_hash(out, &hash);
    cbor_put_array(out, (file->data.len + BUNDLE_BLOCK_BYTES - 1) /
                            BUNDLE_BLOCK_BYTES);
    for (size_t at = 0; at < file->data.len; at += BUNDLE_BLOCK_BYTES) {
        const size_t left = file->data.len - at;
        const struct bytes block = { file->data.data + at,
                                     left < BUNDLE_BLOCK_BYTES
                                         ? left
                                         : BUNDLE_BLOCK_BYTES };

        crypto_sha256(block, &hash);
        cbor_put_hash(out, &hash);
    }
}

static size_t count_unchained(const struct tiny *t)
{
    size_t count = 0;

    for (size_t i = 0; i < t->event_count; i++) {
        count += t->events[i].is_unchained && !t->events[i].is_hidden;
    }
    return count;
}

static void put_lists(const struct tiny *t, struct buf *out)
{
    if (!is_zero(&t->missing)) {
        cbor_put_uint(out, 9);
        cbor_put_array(out, 1);
        cbor_put_hash(out, &t->missing);
    }
    if (count_unchained(t) > 0) {
        cbor_put_uint(out, 10);
        cbor_put_array(out, count_unchained(t));
        for (size_t i = 0; i < t->event_count; i++) {
            if (t->events[i].is_unchained && !t->events[i].is_hidden) {
                cbor_put_uint(out, i);
            }
        }
    }
}

void tiny_sign(struct tiny *t, struct tiny_bundle *b, const struct ec_key *key)
{
    struct bundle_file sorted[TINY_FILES_MAX];
    struct buf *manifest = tiny_file(b, BUNDLE_MANIFEST);
    struct buf payload, pub;
    const char aad[] = "beatbook/manifest/1";

    tiny_refresh(b);
    memcpy(sorted, b->files, sizeof(sorted));
    qsort(sorted, b->count, sizeof(sorted[0]), by_name);
    buf_init(&payload, (size_t)1 << 24);
    buf_init(&pub, 256);
    cose_key_put(&pub, &key->pub);
    cbor_put_map(&payload,
                 (size_t)7 + !is_zero(&t->missing) + (count_unchained(t) > 0));
    cbor_put_uint(&payload, 1);
    cbor_put_uint(&payload, BUNDLE_VERSION);
    cbor_put_uint(&payload, 2);
    cbor_put_uuid(&payload, &t->council);
    cbor_put_uint(&payload, 3);
    cbor_put_str(&payload, "Westbrook");
    cbor_put_uint(&payload, 4);
    cbor_put_int(&payload, 0);
    cbor_put_uint(&payload, 5);
    cbor_put_uint(&payload, BUNDLE_ALL);
    cbor_put_uint(&payload, 7);
    cbor_put_bytes(&payload, pub.data, pub.len);
    cbor_put_uint(&payload, 8);
    cbor_put_array(&payload, b->count - 1);
    for (size_t i = 0; i < b->count; i++) {
        if (strcmp(sorted[i].name, BUNDLE_MANIFEST) != 0) {
            put_file(&payload, &sorted[i]);
        }
    }
    put_lists(t, &payload);
    buf_reset(manifest);
    assert_ok(payload.err);
    assert_ok(
        cose_sign1_put(manifest, key, buf_bytes(&payload),
                       (struct bytes){ (const uint8_t *)aad, strlen(aad) }));
    buf_fini(&payload);
    buf_fini(&pub);
    tiny_refresh(b);
}

void tiny_write(struct tiny *t, struct tiny_bundle *b)
{
    struct bundle_event events[TINY_EVENTS_MAX];
    const size_t count = tiny_events(t, events);

    memset(b, 0, sizeof(*b));
    for (size_t i = 0; i < count; i++) {
        bundle_event_put(tiny_file(b, BUNDLE_EVENTS), &events[i]);
    }
    tiny_file(b, BUNDLE_CHAINS);
    tiny_file(b, BUNDLE_SEALS);
    tiny_file(b, BUNDLE_PROOFS);
    write_chains(t, b);
    for (size_t log = 0; log <= t->log; log++) {
        write_log(t, b, log);
    }
    assert_ok(records_csv(events, count, tiny_file(b, BUNDLE_CSV)));
    assert_ok(records_geojson(events, count, tiny_file(b, BUNDLE_GEOJSON)));
    tiny_sign(t, b, &t->devices[TINY_SERVER].key);
}
