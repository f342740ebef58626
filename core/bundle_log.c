/*
 * bundle_log.c - checks of the events in a bundle: commitments, their place
 * in the server's log, and the chains and seals of the devices.
 */
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/bundle_check.h"
#include "core/cbor.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/mem.h"
#include "core/wire.h"

/* A council that restored this often has other troubles. */
#define BUNDLE_LOGS_MAX 64

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static void *grow(void *list, size_t count, size_t *cap, size_t size)
{
    const size_t more = *cap > 0 ? *cap * 2 : 64;
    void *bigger;

    if (count < *cap) {
        return list;
    }
    bigger = mem_realloc(list, more * size);
    if (bigger != NULL) {
        *cap = more;
    }
    return bigger;
}

/* A grant that publishes a key: the seals of its owner may use it. */
static enum err keep_grant(struct bundle_check *c, struct bytes body)
{
    struct body_view *view = mem_alloc(sizeof(*view));
    const struct body_field_view *field;
    struct bundle_key key;
    struct cbor_reader r;
    void *keys;
    enum err err = ERR_OK;

    if (view == NULL) {
        return ERR_NOMEM;
    }
    if (body_parse(body, view)) {
        goto out;
    }
    field = body_find(view, KEY_PUBLIC);
    if (field == NULL) {
        goto out;
    }
    cbor_open_gated(&r, field->value);
    if (cose_key_parse(cbor_get_bytes(&r), &key.pub)) {
        goto out;
    }
    field = body_find(view, KEY_OWNER);
    if (field == NULL) {
        goto out;
    }
    cbor_open_gated(&r, field->value);
    cbor_get_uuid(&r, &key.owner);
    keys = grow(c->keys, c->key_count, &c->key_cap, sizeof(*c->keys));
    err = keys == NULL ? ERR_NOMEM : ERR_OK;
    if (!err && !r.err) {
        c->keys = keys;
        c->keys[c->key_count++] = key;
    }
out:
    mem_free(view);
    return err;
}

static enum err add_row(struct bundle_check *c, const struct bundle_seq *seq,
                        const struct bundle_event *e,
                        const struct event_header *h)
{
    struct bundle_row *rows =
        grow(c->rows, c->row_count, &c->row_cap, sizeof(*c->rows));
    struct bundle_row *row;

    if (rows == NULL) {
        return ERR_NOMEM;
    }
    c->rows = rows;
    row = &c->rows[c->row_count++];
    *row = (struct bundle_row){ .event = *e,
                                .device = h->device,
                                .offset = seq->offset };
    row->ref.incarnation = h->incarnation;
    row->ref.sequence = h->sequence;
    crypto_sha256(e->header, &row->header_hash);
    return ERR_OK;
}

static enum err take_event(struct bundle_check *c, const struct bundle_seq *seq,
                           struct bytes item, struct event_header *h)
{
    struct bundle_event e;
    struct hash commitment;
    enum err err;

    if (bundle_event_parse(item, &e) || event_header_parse(e.header, h)) {
        bundle_found(c, BUNDLE_EVENTS ": byte %zu: not an event", seq->offset);
        return ERR_OK;
    }
    if (c->row_count > 0 &&
        e.position <= c->rows[c->row_count - 1].event.position) {
        bundle_found(c,
                     BUNDLE_EVENTS ": byte %zu: log position %llu is out of "
                                   "order or repeated",
                     seq->offset, (unsigned long long)e.position);
        return ERR_OK;
    }
    err = add_row(c, seq, &e, h);
    if (err || e.body.data == NULL) {
        return err;
    }
    c->verdict->bodies++;
    event_commit(e.salt.data, e.body, &commitment);
    if (!hash_eq(&commitment, &h->commitment)) {
        bundle_found(c,
                     BUNDLE_EVENTS ": byte %zu: the body at log position "
                                   "%llu does not fit its commitment",
                     seq->offset, (unsigned long long)e.position);
        return ERR_OK;
    }
    return h->kind == KIND_KEY && h->op == OP_GRANT ? keep_grant(c, e.body)
                                                    : ERR_OK;
}

static int compare_index(const void *a, const void *b)
{
    const struct bundle_index *x = a;
    const struct bundle_index *y = b;

    return bundle_ref_compare(&x->ref, &y->ref);
}

static enum err index_rows(struct bundle_check *c)
{
    struct bundle_index *list = mem_array(c->row_count + 1, sizeof(*list));

    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < c->row_count; i++) {
        list[i].ref = c->rows[i].ref;
        list[i].row = i;
    }
    qsort(list, c->row_count, sizeof(*list), compare_index);
    c->by_ref = list;
    return ERR_OK;
}

enum err bundle_check_events(struct bundle_check *c)
{
    struct bundle_seq seq = { c, bundle_file_find(c, BUNDLE_EVENTS), 0, 0 };
    struct event_header *h = mem_alloc(sizeof(*h));
    struct bytes item;
    enum err err = ERR_OK;

    if (h == NULL) {
        return ERR_NOMEM;
    }
    while (!err && bundle_seq_next(&seq, &item)) {
        err = take_event(c, &seq, item, h);
    }
    mem_free(h);
    c->verdict->events = c->row_count;
    return err ? err : index_rows(c);
}

/* One log of the council: after a restore there is more than one. */
struct log_span {
    uint64_t base; /* position of its first leaf */
    uint64_t size;
    struct hash root;
    size_t first_row, row_count;
    bool is_whole; /* every leaf is disclosed */
};

struct log_spans {
    struct log_span list[BUNDLE_LOGS_MAX];
    size_t count;
};

/* One signed checkpoint: {1: log id, 2: size, 3: root}. */
static bool read_checkpoint(struct bundle_check *c, struct bytes item,
                            struct log_span *out)
{
    struct wire_checkpoint point;
    struct cose_sign1 msg;

    if (cose_sign1_parse(item, &msg) || msg.detached ||
        cose_sign1_verify(&msg, &c->signer, (struct bytes){ 0 },
                          text_bytes(WIRE_AAD_CHECKPOINT)) ||
        wire_checkpoint_get(msg.payload, &point)) {
        return false;
    }
    out->size = point.size;
    out->root = point.root;
    return true;
}

static bool read_spans(struct bundle_check *c, struct log_spans *out)
{
    struct bundle_seq seq = { c, bundle_file_find(c, BUNDLE_CHECKPOINT), 0, 0 };
    struct bytes item;
    uint64_t base = 0;

    while (bundle_seq_next(&seq, &item)) {
        struct log_span *span = &out->list[out->count];

        if (out->count == BUNDLE_LOGS_MAX || !read_checkpoint(c, item, span) ||
            span->size > INT64_MAX / 2 || base > INT64_MAX / 2) {
            bundle_found(c,
                         BUNDLE_CHECKPOINT ": byte %zu: not a checkpoint that "
                                           "the council signed",
                         seq.offset);
            return false;
        }
        span->base = base;
        base += span->size;
        out->count++;
    }
    if (out->count == 0) {
        bundle_found(c, BUNDLE_CHECKPOINT ": no checkpoint in it");
    }
    return out->count > 0;
}

/* Which rows lie in which log; what lies in none is told. */
static void place_rows(struct bundle_check *c, struct log_spans *spans)
{
    size_t at = 0;

    for (size_t i = 0; i < spans->count; i++) {
        struct log_span *span = &spans->list[i];

        span->first_row = at;
        while (at < c->row_count &&
               c->rows[at].event.position < span->base + span->size) {
            at++;
        }
        span->row_count = at - span->first_row;
        span->is_whole = span->row_count == span->size;
    }
    if (at < c->row_count) {
        bundle_found(c,
                     BUNDLE_EVENTS ": byte %zu: log position %llu lies beyond "
                                   "the checkpoint",
                     c->rows[at].offset,
                     (unsigned long long)c->rows[at].event.position);
    }
}

static struct bytes hash_bytes(const struct hash *h)
{
    return (struct bytes){ h->bytes, sizeof(h->bytes) };
}

/* All leaves are here: the root itself is computed. */
static enum err check_root(struct bundle_check *c, const struct log_span *span)
{
    struct merkle tree;
    struct hash root;

    merkle_init(&tree);
    for (size_t i = 0; i < span->row_count; i++) {
        const struct bundle_row *row = &c->rows[span->first_row + i];
        const enum err err =
            merkle_append(&tree, hash_bytes(&row->header_hash), NULL, NULL);

        if (err)
            return err;
    }
    merkle_root(&tree, &root);
    if (!hash_eq(&root, &span->root)) {
        bundle_found(c,
                     BUNDLE_EVENTS ": log positions %llu to %llu do not give "
                                   "the checkpoint's root",
                     (unsigned long long)span->base,
                     (unsigned long long)(span->base + span->size - 1));
    }
    return ERR_OK;
}

static bool read_proof(struct bytes item, uint64_t *position,
                       struct merkle_proof *proof)
{
    struct cbor_reader r;

    cbor_open_gated(&r, item);
    if (cbor_get_array(&r) != 2) {
        return false;
    }
    *position = cbor_get_uint(&r);
    proof->count = cbor_get_array(&r);
    if (proof->count > ARRAY_LEN(proof->nodes)) {
        return false;
    }
    for (size_t i = 0; i < proof->count; i++) {
        cbor_get_hash(&r, &proof->nodes[i]);
    }
    return cbor_close(&r) == ERR_OK;
}

/* The next item of proofs.cborseq must be this row's. */
static bool check_proof(struct bundle_check *c, struct bundle_seq *seq,
                        const struct bundle_row *row,
                        const struct log_span *span)
{
    struct merkle_proof proof;
    struct bytes item;
    uint64_t position = 0;

    if (!bundle_seq_next(seq, &item)) {
        bundle_found(c, BUNDLE_PROOFS ": no proof for log position %llu",
                     (unsigned long long)row->event.position);
        return false;
    }
    if (!read_proof(item, &position, &proof) ||
        position != row->event.position) {
        bundle_found(c,
                     BUNDLE_PROOFS ": byte %zu: not the proof of log position "
                                   "%llu",
                     seq->offset, (unsigned long long)row->event.position);
        return false;
    }
    if (merkle_check(hash_bytes(&row->header_hash), position - span->base,
                     span->size, &proof, &span->root)) {
        bundle_found(c,
                     BUNDLE_PROOFS ": byte %zu: log position %llu is not in "
                                   "the checkpoint",
                     seq->offset, (unsigned long long)position);
    }
    return true;
}

enum err bundle_check_log(struct bundle_check *c)
{
    struct bundle_seq proofs = { c, bundle_file_find(c, BUNDLE_PROOFS), 0, 0 };
    struct log_spans spans = { .count = 0 };
    struct bytes item;

    if (!c->verdict->has_anchor || !read_spans(c, &spans)) {
        return ERR_OK;
    }
    place_rows(c, &spans);
    for (size_t i = 0; i < spans.count; i++) {
        const struct log_span *span = &spans.list[i];

        if (span->is_whole) {
            const enum err err = check_root(c, span);

            if (err)
                return err;
            continue;
        }
        for (size_t k = 0; k < span->row_count; k++) {
            if (!check_proof(c, &proofs, &c->rows[span->first_row + k], span)) {
                return ERR_OK;
            }
        }
    }
    if (bundle_seq_next(&proofs, &item)) {
        bundle_found(c, BUNDLE_PROOFS ": byte %zu: a proof of no event",
                     proofs.offset);
    }
    return ERR_OK;
}

static bool is_granted(const struct bundle_check *c, const struct uuid *device,
                       const struct ec_public *pub)
{
    for (size_t i = 0; i < c->key_count; i++) {
        if (uuid_eq(&c->keys[i].owner, device) &&
            memcmp(&c->keys[i].pub, pub, sizeof(*pub)) == 0) {
            return true;
        }
    }
    return memcmp(&c->signer, pub, sizeof(*pub)) == 0;
}

struct chain {
    struct uuid device, incarnation;
    uint64_t first, last;
    struct hash link; /* at `last` */
};

static void link_hash(struct hash *link, const struct hash *header_hash)
{
    crypto_sha256_2(hash_bytes(link), hash_bytes(header_hash), link);
}

/* Follow one chain item to its end; false when it can't be followed. */
static bool walk_chain(struct bundle_check *c, struct bytes item, size_t offset,
                       struct chain *out)
{
    struct cbor_reader r;
    size_t count;

    cbor_open_gated(&r, item);
    if (cbor_get_array(&r) != 5) {
        bundle_found(c, BUNDLE_CHAINS ": byte %zu: not a chain", offset);
        return false;
    }
    cbor_get_uuid(&r, &out->device);
    cbor_get_uuid(&r, &out->incarnation);
    out->first = cbor_get_uint(&r);
    cbor_get_hash(&r, &out->link);
    count = cbor_get_array(&r);
    for (size_t i = 0; i < count && !r.err; i++) {
        const struct event_ref ref = { out->incarnation, out->first + i };
        struct bundle_row *row = bundle_row_find(c, &ref);
        struct hash hidden;

        if (cbor_peek(&r) != CBOR_TYPE_NULL) {
            cbor_get_hash(&r, &hidden);
            link_hash(&out->link, &hidden);
            continue;
        }
        cbor_get_null(&r);
        if (row == NULL || row->in_chain ||
            !uuid_eq(&row->device, &out->device)) {
            bundle_found(c,
                         BUNDLE_CHAINS ": byte %zu: event %llu of the chain "
                                       "is not among the events",
                         offset, (unsigned long long)ref.sequence);
            return false;
        }
        row->in_chain = true;
        link_hash(&out->link, &row->header_hash);
    }
    out->last = out->first + count - 1;
    if (cbor_close(&r) || count == 0) {
        bundle_found(c, BUNDLE_CHAINS ": byte %zu: not a chain", offset);
        return false;
    }
    return true;
}

/* The seal that belongs to `chain`: one of seals.cborseq, same order. */
static void check_seal(struct bundle_check *c, struct bytes item, size_t offset,
                       const struct chain *chain)
{
    struct cbor_reader r;
    struct bytes seal;
    struct ec_public pub;
    struct event_seal what;

    cbor_open_gated(&r, item);
    if (cbor_get_array(&r) != 2) {
        bundle_found(c, BUNDLE_SEALS ": byte %zu: not a seal", offset);
        return;
    }
    seal = cbor_get_bytes(&r);
    if (cose_key_parse(cbor_get_bytes(&r), &pub) || cbor_close(&r)) {
        bundle_found(c, BUNDLE_SEALS ": byte %zu: not a seal", offset);
        return;
    }
    if (!is_granted(c, &chain->device, &pub)) {
        bundle_found(c,
                     BUNDLE_SEALS ": byte %zu: the key was not granted to "
                                  "this device",
                     offset);
    }
    if (event_seal_open(seal, &pub, &what)) {
        bundle_found(c, BUNDLE_SEALS ": byte %zu: the signature does not hold",
                     offset);
        return;
    }
    if (!uuid_eq(&what.device, &chain->device) ||
        !uuid_eq(&what.incarnation, &chain->incarnation) ||
        what.sequence != chain->last || !hash_eq(&what.link, &chain->link)) {
        bundle_found(c,
                     BUNDLE_SEALS ": byte %zu: it does not close the chain "
                                  "of events %llu to %llu",
                     offset, (unsigned long long)chain->first,
                     (unsigned long long)chain->last);
    }
}

enum err bundle_check_chains(struct bundle_check *c)
{
    struct bundle_seq chains = { c, bundle_file_find(c, BUNDLE_CHAINS), 0, 0 };
    struct bundle_seq seals = { c, bundle_file_find(c, BUNDLE_SEALS), 0, 0 };
    struct bytes item;
    struct bytes seal;

    while (bundle_seq_next(&chains, &item)) {
        struct chain chain;

        if (!bundle_seq_next(&seals, &seal)) {
            bundle_found(c, BUNDLE_SEALS ": byte %zu: a seal is missing",
                         seals.next);
            return ERR_OK;
        }
        if (walk_chain(c, item, chains.offset, &chain)) {
            check_seal(c, seal, seals.offset, &chain);
        }
    }
    if (bundle_seq_next(&seals, &seal)) {
        bundle_found(c, BUNDLE_SEALS ": byte %zu: a seal without a chain",
                     seals.offset);
    }
    for (size_t i = 0; i < c->row_count; i++) {
        if (!c->rows[i].in_chain) {
            bundle_found(c,
                         BUNDLE_EVENTS ": byte %zu: log position %llu is in "
                                       "no chain",
                         c->rows[i].offset,
                         (unsigned long long)c->rows[i].event.position);
        }
    }
    return ERR_OK;
}
