/* tablet_receipts.c - the council's answer to a hand-over file. */
#include <string.h>

#include "core/cose.h"
#include "core/sync_internal.h"
#include "core/tablet_handover.h"
#include "core/tablet_internal.h"

struct taking {
    struct tablet *t;
    struct tablet_receipts *out;
    bool has_last;
    struct wire_receipt last; /* the newest: its log, size and root */
    struct buf last_bytes;
};

static enum err read_last(struct taking *k)
{
    struct cose_sign1 msg;
    enum err err =
        store_meta_get(k->t->store, SYNC_META_RECEIPT, &k->last_bytes);

    err = err ? err : cose_sign1_parse(buf_bytes(&k->last_bytes), &msg);
    err = err ? err : wire_receipt_get(msg.payload, &k->last);
    k->has_last = !err;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Ours, of a log that the server still keeps, with our own link. */
static enum err check(struct taking *k, const struct wire_receipt *r)
{
    const struct evlog_identity *id = evlog_identity(k->t->log);
    struct hash link = { { 0 } };
    enum err err = ERR_OK;

    if (!uuid_eq(&r->device, &id->device)) {
        return ERR_DENIED;
    }
    if (k->has_last && !uuid_eq(&k->last.log_id, &r->log_id)) {
        return ERR_WENT_BACK;
    }
    if (k->has_last && k->last.size == r->size &&
        !hash_eq(&k->last.root, &r->root)) {
        return ERR_WENT_BACK;
    }
    if (r->sequence > 0) {
        err = evlog_link_at(k->t->log, &r->incarnation, r->sequence, &link);
    }
    if (!err && !hash_eq(&link, &r->link)) {
        err = ERR_FORK; /* the next sync says the same and acts on it */
    }
    return err;
}

static enum err acknowledge(struct taking *k, const struct wire_reply *reply,
                            const struct wire_receipt *r)
{
    struct hash blobs[SYNC_BLOBS_MAX];
    struct evlog_ack ack = { .incarnation = r->incarnation,
                             .held = r->sequence,
                             .receipt = reply->receipt,
                             .log_id = r->log_id,
                             .log_size = r->size,
                             .log_root = r->root,
                             .blobs = blobs };
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    wire_list_open(&list, &r->blobs);
    while (!err && wire_list_next(&list, &item)) {
        err = ack.blob_count == SYNC_BLOBS_MAX
                  ? ERR_TOO_LONG
                  : wire_item_hash(item, &blobs[ack.blob_count++]);
    }
    err = err ? err : evlog_acked(k->t->log, &ack);
    if (!err && (!k->has_last || r->size > k->last.size)) {
        err = store_meta_put(k->t->store, SYNC_META_RECEIPT, reply->receipt);
        k->has_last = true;
        k->last.log_id = r->log_id;
        k->last.size = r->size;
        k->last.root = r->root;
    }
    return err;
}

static enum err note_exceptions(struct taking *k,
                                const struct wire_reply *reply,
                                const struct wire_receipt *r)
{
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    wire_list_open(&list, &reply->exceptions);
    while (!err && wire_list_next(&list, &item)) {
        struct event_ref ref = { .incarnation = r->incarnation };
        struct wire_exception e;
        char reason[200];

        err = wire_exception_get(item, &e);
        if (err || e.sequence == 0 || e.sequence > r->sequence) {
            continue;
        }
        ref.sequence = e.sequence;
        tablet_copy_text(e.reason, reason, sizeof(reason));
        err = evlog_refused(k->t->log, &ref, reason);
        k->out->exceptions++;
    }
    return err;
}

static enum err take(void *ctx, unsigned type, struct bytes payload)
{
    struct taking *k = ctx;
    struct wire_reply reply;
    struct wire_receipt r;
    enum err err;

    if (type != HANDOVER_REPLY) {
        return ERR_OK; /* of a newer server */
    }
    err = wire_reply_get(payload, &reply);
    err = err ? err
              : wire_receipt_open(reply.receipt,
                                  &evlog_identity(k->t->log)->server_key, &r);
    err = err ? err : check(k, &r);
    err = err ? err : acknowledge(k, &reply, &r);
    err = err ? err : note_exceptions(k, &reply, &r);
    k->out->receipts++;
    return err;
}

static enum err take_all(struct taking *k, struct bytes items)
{
    struct handover_items reader;
    enum err err;

    handover_items_init(&reader, take, k);
    err = handover_items_add(&reader, items);
    err = err ? err : handover_items_end(&reader);
    handover_items_fini(&reader);
    return err;
}

enum err tablet_take_receipts(struct tablet *t, struct bytes file,
                              struct tablet_receipts *out)
{
    struct taking k = { .t = t, .out = out };
    struct evlog_counts before, after;
    struct bytes items;
    enum err err;

    memset(out, 0, sizeof(*out));
    err =
        handover_answer_open(file, &evlog_identity(t->log)->server_key, &items);
    if (err) {
        return err;
    }
    buf_init(&k.last_bytes, 8192);
    err = evlog_begin(t->log);
    if (!err) {
        err = evlog_counts(t->log, &before);
        err = err ? err : read_last(&k);
        err = err ? err : take_all(&k, items);
        err = err ? err : evlog_counts(t->log, &after);
        if (err) {
            evlog_rollback(t->log);
        } else {
            err = evlog_commit(t->log);
        }
    }
    if (!err) {
        out->events = before.waiting - after.waiting;
        out->files = after.blobs_held - before.blobs_held;
    }
    buf_fini(&k.last_bytes);
    return err;
}
