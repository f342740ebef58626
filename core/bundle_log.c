/*
 * bundle_log.c - checks of the events' places in the server's logs:
 * checkpoints, inclusion, and the gap after a restored backup.
 */
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

/* One log of the council: after a restore there is more than one. */
struct log_span {
    struct uuid id;
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

    if (cose_sign1_parse(item, &msg) ||
        bundle_is_wrong(c,
                        cose_sign1_verify(&msg, &c->signer, (struct bytes){ 0 },
                                          text_bytes(WIRE_AAD_CHECKPOINT))) ||
        wire_checkpoint_get(msg.payload, &point)) {
        return false;
    }
    out->id = point.log_id;
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

/* What log-restart says of the log before it. */
static bool names_log(const struct body_view *view, const struct log_span *old,
                      uint64_t *seen_size_out)
{
    static const uint64_t ids[] = { LOG_OLD_ID, LOG_OLD_SIZE, LOG_OLD_ROOT,
                                    LOG_SEEN_SIZE };
    struct cbor_reader r[ARRAY_LEN(ids)];
    struct uuid id;
    struct hash root;
    uint64_t size;
    bool is_read = true;

    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        const struct body_field_view *f = body_find(view, ids[i]);

        if (f == NULL) {
            return false;
        }
        cbor_open_gated(&r[i], f->value);
    }
    cbor_get_uuid(&r[0], &id);
    size = cbor_get_uint(&r[1]);
    cbor_get_hash(&r[2], &root);
    *seen_size_out = cbor_get_uint(&r[3]);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        is_read &= r[i].err == ERR_OK;
    }
    return is_read && uuid_eq(&id, &old->id) && size == old->size &&
           hash_eq(&root, &old->root);
}

/* A log after the first begins with the server's word about the one before:
 * a restored backup is one history with a named gap. */
static enum err check_restart(struct bundle_check *c,
                              const struct log_span *old,
                              const struct log_span *span)
{
    const struct bundle_row *row =
        span->row_count > 0 ? &c->rows[span->first_row] : NULL;
    struct body_view *view = mem_alloc(sizeof(*view));
    uint64_t seen = 0;

    if (view == NULL) {
        return ERR_NOMEM;
    }
    if (row == NULL || row->event.position != span->base ||
        row->kind != KIND_LOG || row->op != OP_LOG_RESTART || !c->has_server ||
        !uuid_eq(&row->device, &c->server) ||
        body_parse(row->event.body, view) || !names_log(view, old, &seen)) {
        bundle_found(c,
                     BUNDLE_EVENTS ": log position %llu does not say why "
                                   "another log begins there",
                     (unsigned long long)span->base);
    }
    c->verdict->restarts++;
    c->verdict->lost += seen > old->size ? seen - old->size : 0;
    mem_free(view);
    return ERR_OK;
}

enum err bundle_check_log(struct bundle_check *c)
{
    struct bundle_seq proofs = { c, bundle_file_find(c, BUNDLE_PROOFS), 0, 0 };
    struct log_spans spans = { .count = 0 };
    struct bytes item;

    if (!read_spans(c, &spans)) {
        return ERR_OK;
    }
    place_rows(c, &spans);
    for (size_t i = 0; i < spans.count; i++) {
        const struct log_span *span = &spans.list[i];
        enum err err = i > 0 ? check_restart(c, span - 1, span) : ERR_OK;

        if (span->is_whole) {
            err = err ? err : check_root(c, span);
        }
        if (err)
            return err;
        if (span->is_whole) {
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
