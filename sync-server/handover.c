#include "sync-server/handover.h"

#include <string.h>

#include "core/handover.h"
#include "core/mem.h"
#include "sync-server/blobs.h"
#include "sync-server/exchange.h"
#include "sync-server/handover_key.h"

#define READ_BYTES ((size_t)64 * 1024)

struct import {
    struct council *c;
    struct handover_report *out;
    struct buf *replies;
    bool has_head;
    struct sdb_device device;
    struct uuid incarnation; /* open on the tablet when it was made */
    uint64_t events, files;  /* seen */
    /* the file whose pieces come */
    struct hash name;
    uint64_t size, at;
    bool is_taken; /* it is wanted here */
    struct hash *held;
    size_t held_count, held_cap;
};

static enum err take_head(struct import *k, struct bytes payload)
{
    struct wire_carry_head msg;
    enum err err = wire_carry_head_get(payload, &msg);

    if (err)
        return err;
    if (msg.version != WIRE_VERSION) {
        return ERR_NEWER;
    }
    if (!uuid_eq(&msg.council, &k->c->id)) {
        return ERR_WRONG_KEY;
    }
    err = sdb_device_get(k->c->db, &msg.device, &k->device);
    if (err)
        return err;
    k->has_head = true;
    k->incarnation = msg.incarnation;
    memcpy(k->out->device, k->device.name, sizeof(k->out->device));
    return ERR_OK;
}

/* --- events --- */

static enum err ask(struct import *k, const struct wire_exchange *in,
                    struct exchange_carried *done)
{
    struct buf reply;
    enum err err;

    buf_init(&reply, HANDOVER_ITEM_MAX_BYTES);
    err = exchange_carry(k->c, &k->device, in, &reply, done);
    if (!err) {
        handover_item_put(k->replies, HANDOVER_REPLY, buf_bytes(&reply));
        err = k->replies->err;
    }
    buf_fini(&reply);
    return err;
}

static void begin(const struct import *k, struct wire_exchange *in)
{
    memset(in, 0, sizeof(*in));
    in->version = WIRE_VERSION;
    in->device = k->device.id;
    in->incarnation = k->incarnation;
}

static enum err take_push(struct import *k, struct bytes payload)
{
    struct exchange_carried done = { 0 };
    struct wire_carry_push msg;
    struct wire_exchange in;
    uint64_t last, known;
    enum err err = wire_carry_push_get(payload, &msg);

    if (err)
        return err;
    begin(k, &in);
    in.incarnation = msg.incarnation;
    in.has_first = in.has_events = in.has_seal = true;
    in.first = msg.first;
    in.events = msg.events;
    in.seal = msg.seal;
    err = ask(k, &in, &done);
    if (err)
        return err;
    last = msg.first + msg.events.count - 1;
    known = done.held_before < msg.first ? 0 : done.held_before - msg.first + 1;
    known = known < msg.events.count ? known : msg.events.count;
    k->events += msg.events.count;
    k->out->events_held += known;
    k->out->events_new += done.held - done.held_before;
    k->out->events_refused += done.refused;
    if (done.reason != NULL) {
        k->out->reason = done.reason;
    } else if (done.held < last) {
        k->out->events_behind +=
            last - (done.held >= msg.first ? done.held : msg.first - 1);
    }
    return ERR_OK;
}

/* --- files --- */

static enum err note_held(struct import *k, const struct hash *name)
{
    if (k->held_count == k->held_cap) {
        const size_t cap = k->held_cap * 2 + 64;
        struct hash *more;

        if (cap > HANDOVER_FILES_MAX * 2)
            return ERR_TOO_LONG;
        more = mem_realloc(k->held, cap * sizeof(*more));
        if (more == NULL)
            return ERR_NOMEM;
        k->held = more;
        k->held_cap = cap;
    }
    k->held[k->held_count++] = *name;
    return ERR_OK;
}

static enum err end_file(struct import *k)
{
    enum err err;

    if (!k->is_taken) {
        return ERR_OK;
    }
    k->is_taken = false;
    err = blobs_complete(k->c, &k->name, k->size);
    if (err == ERR_BAD_HASH) {
        k->out->files_other++;
        return ERR_OK;
    }
    k->out->files_new += !err;
    return err ? err : note_held(k, &k->name);
}

static enum err take_file(struct import *k, struct bytes payload)
{
    const struct port *port = k->c->port;
    struct wire_carry_file msg;
    struct sdb_blob row;
    enum err err = wire_carry_file_get(payload, &msg);

    if (err)
        return err;
    if (msg.size > BLOB_FILE_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    k->files++;
    k->name = msg.name;
    k->size = msg.size;
    k->at = 0;
    err = sdb_blob_get(k->c->db, &msg.name, &row);
    k->is_taken = !err && !row.is_held;
    if (err == ERR_NOT_FOUND) {
        k->out->files_other++;
        return ERR_OK;
    }
    if (err)
        return err;
    if (row.is_held) {
        k->out->files_held++;
        return note_held(k, &msg.name);
    }
    err = port->ops->part_drop(port->ctx, &msg.name); /* what came so far */
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    return err || k->size > 0 ? err : end_file(k);
}

static enum err take_piece(struct import *k, struct bytes payload)
{
    const struct port *port = k->c->port;
    enum err err = ERR_OK;

    if (payload.len > k->size - k->at) {
        return ERR_BAD_DATA;
    }
    if (k->is_taken) {
        err = port->ops->part_write(port->ctx, &k->name, k->at, payload);
    }
    k->at += payload.len;
    return err || k->at < k->size ? err : end_file(k);
}

/* --- the whole --- */

static enum err take_end(struct import *k, struct bytes payload)
{
    struct wire_carry_end msg;
    enum err err = wire_carry_end_get(payload, &msg);

    k->out->is_whole = !err && msg.events == k->events && msg.files == k->files;
    return err ? err : k->out->is_whole ? ERR_OK : ERR_BAD_DATA;
}

static enum err take_item(void *ctx, unsigned type, struct bytes payload)
{
    struct import *k = ctx;

    if (k->has_head != (type != HANDOVER_HEAD) || k->out->is_whole) {
        return ERR_BAD_DATA;
    }
    switch (type) {
    case HANDOVER_HEAD:
        return take_head(k, payload);
    case HANDOVER_PUSH:
        return take_push(k, payload);
    case HANDOVER_FILE:
        return take_file(k, payload);
    case HANDOVER_PIECE:
        return take_piece(k, payload);
    case HANDOVER_END:
        return take_end(k, payload);
    default:
        return ERR_OK; /* of a newer tablet: its sync will bring it */
    }
}

/* Receipts that name the files, as many as it takes. */
static enum err confirm_files(struct import *k)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < k->held_count && !err; i += SYNC_BLOBS_MAX) {
        struct exchange_carried done;
        struct wire_list_writer names;
        struct wire_exchange in;

        begin(k, &in);
        wire_list_begin(&names, SYNC_BLOBS_MAX * 40);
        for (size_t n = i; n < k->held_count && n < i + SYNC_BLOBS_MAX; n++) {
            cbor_put_hash(wire_list_item(&names), &k->held[n]);
        }
        in.has_blobs = true;
        in.blobs = wire_list_view(&names);
        err = ask(k, &in, &done);
        wire_list_fini(&names);
    }
    return err;
}

static enum err feed(struct handover_reader *r, handover_read_fn read,
                     void *ctx)
{
    uint8_t *piece = mem_alloc(READ_BYTES);
    size_t got = 1;
    enum err err = piece == NULL ? ERR_NOMEM : ERR_OK;

    while (!err && got > 0) {
        err = read(ctx, piece, READ_BYTES, &got);
        if (!err && got > 0) {
            err = handover_add(r, (struct bytes){ piece, got });
        }
    }
    mem_free(piece);
    return err ? err : handover_open_end(r);
}

enum err handover_import(struct council *c, handover_read_fn read, void *ctx,
                         struct handover_report *out, struct buf *replies_out)
{
    struct import k = { .c = c, .out = out, .replies = replies_out };
    struct handover_reader *r = NULL;
    struct ec_key key;
    enum err err, told;

    memset(out, 0, sizeof(*out));
    err = handover_key_ensure(c);
    err = err ? err : handover_key_get(c, &key);
    err = err ? err : handover_open_new(&key, 1, take_item, &k, &r);
    wipe(&key, sizeof(key));
    if (err)
        return err;
    handover_answer_begin(replies_out);
    err = feed(r, read, ctx);
    if (!err && !out->is_whole) {
        err = ERR_BAD_DATA;
    }
    told = confirm_files(&k);
    told = told ? told : handover_answer_sign(replies_out, &c->seal_key);
    handover_reader_free(r);
    mem_free(k.held);
    return err ? err : told;
}

void handover_explain(const struct handover_report *r, enum err err,
                      struct buf *out)
{
    if (r->device[0] == '\0') {
        buf_printf(out, "%s",
                   err == ERR_WRONG_KEY
                       ? "This file is sealed to another council."
                   : err == ERR_NOT_FOUND
                       ? "This file is of a tablet that this council does "
                         "not know."
                   : err == ERR_NEWER
                       ? "This file was made by a newer version: update the "
                         "server."
                       : "This is no hand-over file, or it is damaged from "
                         "its beginning: make it again.");
        return;
    }
    buf_printf(out,
               "From tablet %s: %llu entries new, %llu held before, %llu held "
               "but not applied; %llu files new, %llu held before.",
               r->device, (unsigned long long)r->events_new,
               (unsigned long long)r->events_held,
               (unsigned long long)r->events_refused,
               (unsigned long long)r->files_new,
               (unsigned long long)r->files_held);
    if (r->files_other > 0) {
        buf_printf(out, " %llu files belong to no entry that is held.",
                   (unsigned long long)r->files_other);
    }
    if (r->reason != NULL) {
        buf_printf(out, " Not all could be taken: %s", r->reason);
    }
    if (r->events_behind > 0) {
        buf_printf(out,
                   " %llu entries could not be taken: what was written before "
                   "them has not come. Make the file again with --all.",
                   (unsigned long long)r->events_behind);
    }
    if (err == ERR_BAD_DATA) {
        buf_put_text(out, " The file is damaged or cut: what came before "
                          "that place is kept; make it again.");
    } else if (err) {
        buf_printf(out, " It could not be finished: %s.", err_text(err));
    }
}
