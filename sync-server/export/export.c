/*
 * export.c - the files of a bundle, one after the other; the manifest last.
 */
#include "sync-server/export/export.h"

#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"
#include "core/cose.h"
#include "core/mem.h"
#include "core/records.h"
#include "sync-server/export/choose.h"
#include "sync-server/export/folder.h"
#include "sync-server/ledger.h"

#define FILE_MAX_BYTES (SIZE_MAX / 4) /* memory is the limit */

static const struct bytes manifest_aad = {
    (const uint8_t *)"beatbook/manifest/1", sizeof("beatbook/manifest/1") - 1
};

struct job {
    struct council *council;
    const struct export_what *what;
    struct folder folder;
    struct choice choice;
    struct chosen **by_ref; /* owned: the same, by incarnation, sequence */
    struct hash *missing;   /* owned */
    size_t missing_count;
    uint64_t *unchained; /* owned: log positions, ascending */
    size_t unchained_count;
};

static enum err put_and_free(struct job *j, const char *name, struct buf *data)
{
    const enum err err =
        data->err ? data->err : folder_put(&j->folder, name, buf_bytes(data));

    buf_fini(data);
    return err;
}

static enum err write_events(struct job *j)
{
    struct buf out;

    buf_init(&out, FILE_MAX_BYTES);
    for (size_t i = 0; i < j->choice.count; i++) {
        bundle_event_put(&out, &j->choice.list[i].event);
    }
    return put_and_free(j, BUNDLE_EVENTS, &out);
}

/* --- chains and the seals that close them --- */

static int compare_refs(const void *a, const void *b)
{
    const struct chosen *x = *(struct chosen *const *)a;
    const struct chosen *y = *(struct chosen *const *)b;
    const int order =
        memcmp(&x->ref.incarnation, &y->ref.incarnation, sizeof(struct uuid));

    if (order != 0) {
        return order;
    }
    return (x->ref.sequence > y->ref.sequence) -
           (x->ref.sequence < y->ref.sequence);
}

static enum err sort_by_ref(struct job *j)
{
    j->by_ref = mem_array(j->choice.count + 1, sizeof(struct chosen *));
    if (j->by_ref == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < j->choice.count; i++) {
        j->by_ref[i] = &j->choice.list[i];
    }
    qsort(j->by_ref, j->choice.count, sizeof(struct chosen *), compare_refs);
    return ERR_OK;
}

/* The hashes of one chain; disclosed events stand as null. */
struct chain_items {
    struct chosen *const *next; /* of by_ref: those still to come */
    struct chosen *const *end;
    uint64_t count; /* of all of them */
    struct buf *out;
};

static enum err put_link(void *ctx, const struct sdb_event *e)
{
    struct chain_items *items = ctx;

    items->count++;
    if (items->next < items->end &&
        (*items->next)->ref.sequence == e->ref.sequence &&
        uuid_eq(&(*items->next)->ref.incarnation, &e->ref.incarnation)) {
        items->next++;
        cbor_put_null(items->out);
    } else {
        cbor_put_hash(items->out, &e->header_hash);
    }
    return items->out->err;
}

/* The link before `ref`: 32 zero bytes at the beginning of a chain. */
static enum err link_before(struct council *c, const struct event_ref *ref,
                            struct hash *out)
{
    const struct event_ref before = { ref->incarnation, ref->sequence - 1 };
    struct sdb_event e;
    enum err err;

    *out = (struct hash){ 0 };
    if (ref->sequence == 1) {
        return ERR_OK;
    }
    err = sdb_event_get(c->db, &before, &e);
    if (!err) {
        *out = e.link;
    }
    return err;
}

/* The key that made this seal: the server's own, the device's newest, or
 * an older one of it (a tablet that was enrolled again). */
static enum err seal_key(const struct job *j, const struct uuid *device,
                         struct bytes seal, struct ec_public *out)
{
    struct event_seal what;
    struct sdb_device row;
    enum err err;

    if (uuid_eq(device, &j->council->device)) {
        *out = j->council->seal_key.pub;
        return ERR_OK;
    }
    err = sdb_device_get(j->council->db, device, &row);
    if (err)
        return err;
    *out = row.seal_key;
    if (event_seal_open(seal, out, &what) == ERR_OK) {
        return ERR_OK;
    }
    for (size_t i = 0; i < j->choice.key_count; i++) {
        const struct choice_key *key = &j->choice.keys[i];

        if (uuid_eq(&key->owner, device) &&
            event_seal_open(seal, &key->pub, &what) == ERR_OK) {
            *out = key->pub;
            return ERR_OK;
        }
    }
    return ERR_BAD_SEAL;
}

static enum err put_seal(const struct job *j, const struct uuid *device,
                         struct bytes seal, struct buf *out)
{
    struct ec_public pub;
    struct buf key;
    enum err err = seal_key(j, device, seal, &pub);

    if (err)
        return err;
    buf_init(&key, 256);
    cose_key_put(&key, &pub);
    cbor_put_array(out, 2);
    cbor_put_bytes(out, seal.data, seal.len);
    cbor_put_bytes(out, key.data, key.len);
    err = key.err ? key.err : out->err;
    buf_fini(&key);
    return err;
}

struct chain_files {
    struct buf chains, seals;
};

/*
 * One chain: from the disclosed event `at` to the seal `sealed` that covers
 * it. `*taken_out` says how many disclosed events lie in it.
 */
static enum err write_chain(struct job *j, size_t at,
                            const struct event_ref *sealed,
                            struct chain_files *f, size_t *taken_out)
{
    struct chosen *const *first = &j->by_ref[at];
    const struct event_ref from = (*first)->ref;
    const uint64_t count = sealed->sequence - from.sequence + 1;
    struct chain_items items = { .next = first,
                                 .end = j->by_ref + j->choice.count,
                                 .out = &f->chains };
    struct hash link;
    enum err err = link_before(j->council, &from, &link);

    if (err)
        return err;
    cbor_put_array(&f->chains, 5);
    cbor_put_uuid(&f->chains, &(*first)->device);
    cbor_put_uuid(&f->chains, &from.incarnation);
    cbor_put_uint(&f->chains, from.sequence);
    cbor_put_hash(&f->chains, &link);
    cbor_put_array(&f->chains, (size_t)count);
    err =
        sdb_event_range(j->council->db, &from.incarnation,
                        (const uint64_t[2]){ from.sequence, sealed->sequence },
                        put_link, &items);
    *taken_out = (size_t)(items.next - first);
    if (!err && items.count != count) {
        err = ERR_BAD_DATA; /* a hole below a seal: the database is damaged */
    }
    return err;
}

/* The chain that begins at `at` and its seal, or no chain: an event that
 * was given back after a restore stands in the log alone. */
static enum err write_next(struct job *j, size_t at, struct chain_files *f,
                           size_t *taken_out)
{
    const struct chosen *e = j->by_ref[at];
    struct event_ref sealed = e->ref;
    struct buf seal;
    enum err err = ERR_NOT_FOUND;

    buf_init(&seal, HEADER_MAX_BYTES);
    if (e->has_link) {
        err = sdb_seal_from(j->council->db, &sealed, &seal);
    }
    if (err == ERR_NOT_FOUND) {
        j->unchained[j->unchained_count++] = e->event.position;
        *taken_out = 1;
        err = ERR_OK;
    } else if (!err) {
        err = write_chain(j, at, &sealed, f, taken_out);
        err = err ? err : put_seal(j, &e->device, buf_bytes(&seal), &f->seals);
    }
    buf_fini(&seal);
    return err;
}

static int compare_positions(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static enum err write_chains(struct job *j)
{
    struct chain_files f;
    size_t at = 0;
    enum err err = sort_by_ref(j);

    j->unchained = mem_array(j->choice.count + 1, sizeof(*j->unchained));
    if (j->unchained == NULL) {
        return ERR_NOMEM;
    }
    buf_init(&f.chains, FILE_MAX_BYTES);
    buf_init(&f.seals, FILE_MAX_BYTES);
    while (!err && at < j->choice.count) {
        size_t taken = 0;

        err = write_next(j, at, &f, &taken);
        ASSERT(err || taken > 0);
        at += taken;
    }
    if (j->unchained_count > 1) {
        qsort(j->unchained, j->unchained_count, sizeof(*j->unchained),
              compare_positions);
    }
    if (!err) {
        err = put_and_free(j, BUNDLE_CHAINS, &f.chains);
    }
    if (!err) {
        err = put_and_free(j, BUNDLE_SEALS, &f.seals);
    }
    buf_fini(&f.chains);
    buf_fini(&f.seals);
    return err;
}

/* --- the log --- */

static enum err put_proof(struct job *j, const struct chosen *e,
                          const struct sdb_log *log, struct buf *out)
{
    struct ledger_reader reader = { j->council->db, log->ordinal };
    struct merkle_proof proof;
    const enum err err = merkle_prove(e->event.position - log->base, log->size,
                                      ledger_node, &reader, &proof);

    if (err)
        return err;
    cbor_put_array(out, 2);
    cbor_put_uint(out, e->event.position);
    cbor_put_array(out, proof.count);
    for (size_t i = 0; i < proof.count; i++) {
        cbor_put_hash(out, &proof.nodes[i]);
    }
    return out->err;
}

/* One log's checkpoint, and proofs unless every leaf of it is disclosed. */
static enum err write_log(struct job *j, const struct sdb_log *log,
                          struct buf *checkpoints, struct buf *proofs)
{
    struct wire_checkpoint point = { .log_id = log->id, .size = log->size };
    size_t first = 0;
    size_t count;
    enum err err = ledger_root_at(j->council->db, log, log->size, &point.root);

    if (!err) {
        err = wire_checkpoint_sign(checkpoints, &j->council->seal_key, &point);
    }
    while (first < j->choice.count &&
           j->choice.list[first].event.position < log->base) {
        first++;
    }
    count = first;
    while (count < j->choice.count &&
           j->choice.list[count].event.position < log->base + log->size) {
        count++;
    }
    if (count - first == log->size) {
        return err;
    }
    for (size_t i = first; i < count && !err; i++) {
        err = put_proof(j, &j->choice.list[i], log, proofs);
    }
    return err;
}

static enum err write_logs(struct job *j)
{
    struct sdb_log current;
    struct buf checkpoints;
    struct buf proofs;
    enum err err = sdb_log_current(j->council->db, &current);

    buf_init(&checkpoints, FILE_MAX_BYTES);
    buf_init(&proofs, FILE_MAX_BYTES);
    for (uint64_t n = 1; !err && n <= current.ordinal; n++) {
        struct sdb_log log = current;

        if (n < current.ordinal) {
            err = sdb_log_at(j->council->db, n, &log);
        }
        if (!err) {
            err = write_log(j, &log, &checkpoints, &proofs);
        }
    }
    if (!err) {
        err = put_and_free(j, BUNDLE_CHECKPOINT, &checkpoints);
    }
    if (!err) {
        err = put_and_free(j, BUNDLE_PROOFS, &proofs);
    }
    buf_fini(&checkpoints);
    buf_fini(&proofs);
    return err;
}

/* --- blobs, files for people, manifest --- */

static enum err read_blob(const struct port *port, const struct hash *name,
                          struct buf *out)
{
    uint64_t size;
    uint64_t at = 0;
    enum err err = port->ops->blob_size(port->ctx, name, &size);

    while (!err && at < size) {
        uint8_t part[4096];
        size_t got;

        err =
            port->ops->blob_read(port->ctx, name, at, part, sizeof(part), &got);
        if (!err && got == 0) {
            err = ERR_IO;
        }
        if (!err) {
            buf_put(out, part, got);
            at += got;
            err = out->err;
        }
    }
    return err;
}

static enum err write_blobs(struct job *j)
{
    j->missing = mem_array(j->choice.blob_count + 1, sizeof(struct hash));
    if (j->missing == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < j->choice.blob_count; i++) {
        const struct hash *blob = &j->choice.blobs[i];
        char name[FOLDER_NAME_MAX] = BUNDLE_BLOBS;
        struct buf data;
        enum err err;

        buf_init(&data, BLOB_FILE_MAX_BYTES);
        err = read_blob(j->council->port, blob, &data);
        if (err == ERR_NOT_FOUND) {
            j->missing[j->missing_count++] = *blob;
            buf_fini(&data);
            continue;
        }
        hex_format(blob->bytes, sizeof(blob->bytes), name + strlen(name));
        if (!err) {
            err = put_and_free(j, name, &data);
        }
        buf_fini(&data);
        if (err)
            return err;
    }
    return ERR_OK;
}

static enum err write_people(struct job *j)
{
    struct bundle_event *events =
        mem_array(j->choice.count + 1, sizeof(*events));
    struct buf out;
    enum err err;

    if (events == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < j->choice.count; i++) {
        events[i] = j->choice.list[i].event;
    }
    buf_init(&out, FILE_MAX_BYTES);
    err = records_csv(events, j->choice.count, &out);
    if (!err) {
        err = put_and_free(j, BUNDLE_CSV, &out);
    }
    buf_fini(&out);
    if (!err) {
        err = records_geojson(events, j->choice.count, &out);
    }
    if (!err) {
        err = put_and_free(j, BUNDLE_GEOJSON, &out);
    }
    buf_fini(&out);
    mem_free(events);
    return err;
}

static void put_files(const struct folder *f, struct buf *out)
{
    cbor_put_array(out, f->count);
    for (size_t i = 0; i < f->count; i++) {
        const struct folder_entry *e = &f->entries[i];
        const size_t blocks = e->blocks.len / sizeof(struct hash);

        cbor_put_array(out, 4);
        cbor_put_str(out, e->name);
        cbor_put_uint(out, e->size);
        cbor_put_hash(out, &e->hash);
        cbor_put_array(out, blocks);
        for (size_t k = 0; k < blocks; k++) {
            cbor_put_bytes(out, e->blocks.data + k * sizeof(struct hash),
                           sizeof(struct hash));
        }
    }
}

static void put_manifest(struct job *j, const char *council_name,
                         struct buf *out)
{
    const bool has_id = j->what->scope != BUNDLE_ALL;
    const bool has_missing = j->missing_count > 0;
    const bool has_unchained = j->unchained_count > 0;
    struct buf key;

    buf_init(&key, 256);
    cose_key_put(&key, &j->council->seal_key.pub);
    folder_sort(&j->folder);
    cbor_put_map(out, (size_t)7 + has_id + has_missing + has_unchained);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, BUNDLE_VERSION);
    cbor_put_uint(out, 2);
    cbor_put_uuid(out, &j->council->id);
    cbor_put_uint(out, 3);
    cbor_put_str(out, council_name);
    cbor_put_uint(out, 4);
    cbor_put_int(out, council_now(j->council));
    cbor_put_uint(out, 5);
    cbor_put_uint(out, j->what->scope);
    if (has_id) {
        cbor_put_uint(out, 6);
        cbor_put_str(out, j->what->id);
    }
    cbor_put_uint(out, 7);
    cbor_put_bytes(out, key.data, key.len);
    cbor_put_uint(out, 8);
    put_files(&j->folder, out);
    if (has_missing) {
        cbor_put_uint(out, 9);
        cbor_put_array(out, j->missing_count);
        for (size_t i = 0; i < j->missing_count; i++) {
            cbor_put_hash(out, &j->missing[i]);
        }
    }
    if (has_unchained) {
        cbor_put_uint(out, 10);
        cbor_put_array(out, j->unchained_count);
        for (size_t i = 0; i < j->unchained_count; i++) {
            cbor_put_uint(out, j->unchained[i]);
        }
    }
    if (key.err) {
        out->err = key.err;
    }
    buf_fini(&key);
}

static enum err write_manifest(struct job *j)
{
    struct buf payload;
    struct buf name;
    struct buf out;
    enum err err;

    buf_init(&payload, FILE_MAX_BYTES);
    buf_init(&name, SDB_TEXT_MAX);
    buf_init(&out, FILE_MAX_BYTES);
    err = sdb_council_name(j->council->db, &name);
    if (!err) {
        put_manifest(j, buf_text(&name), &payload);
        err = payload.err;
    }
    if (!err) {
        err = cose_sign1_put(&out, &j->council->seal_key, buf_bytes(&payload),
                             manifest_aad);
    }
    if (!err) {
        err = folder_put_last(&j->folder, BUNDLE_MANIFEST, buf_bytes(&out));
    }
    buf_fini(&payload);
    buf_fini(&name);
    buf_fini(&out);
    return err;
}

static const char *plain_reason(enum err err)
{
    switch (err) {
    case ERR_EXISTS:
        return "the folder is there already: name one that is not";
    case ERR_BAD_SEAL:
        return "a seal in the database does not hold: run fsck";
    case ERR_BAD_DATA:
        return "the database is damaged: run fsck";
    case ERR_NOT_FOUND:
        return "nothing in the council's log has this id";
    case ERR_FULL:
        return "the disk is full: the folder is not complete, remove it";
    case ERR_DENIED:
        return "this user may not write there";
    default:
        return err_text(err);
    }
}

enum err export_bundle(struct council *c, const char *path,
                       const struct export_what *what, struct buf *why)
{
    static enum err (*const steps[])(struct job *) = {
        write_events, write_chains, write_logs,
        write_blobs,  write_people, write_manifest,
    };
    struct job j = { .council = c, .what = what, .folder = { .fd = -1 } };
    enum err err = choose(c, what, &j.choice);

    if (!err) {
        err = folder_open(path, &j.folder);
    }
    for (size_t i = 0; i < ARRAY_LEN(steps) && !err; i++) {
        err = steps[i](&j);
    }
    if (err) {
        buf_put_text(why, plain_reason(err));
    }
    folder_close(&j.folder);
    choice_fini(&j.choice);
    mem_free(j.by_ref);
    mem_free(j.missing);
    mem_free(j.unchained);
    return err;
}
