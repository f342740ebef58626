#include "sync-server/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/merkle.h"
#include "sync-server/sdb_order.h"
#include "sync-server/sdb_people.h"

#define META_SEAL_KEY "seal-key" /* as council.c keeps it */
#define META_DEVICE   "device"

/* Where the chain of one incarnation stands. */
struct chain {
    struct uuid id;
    uint64_t sequence;
    struct hash link;
};

struct check {
    struct sdb *db;
    const char *blobs;
    check_fn fn;
    void *ctx;
    struct chain *chains;
    size_t chain_count, chain_cap;
    struct sdb_log log;
    struct merkle tree;    /* of the current log, made anew */
    struct uuid device;    /* the server's own */
    struct ec_public seal; /* its key */
    struct check_result *out;
};

static void found(struct check *k, const char *format, ...) PRINTF(2, 3);

static void found(struct check *k, const char *format, ...)
{
    char text[300];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    k->out->findings++;
    k->fn(k->ctx, text);
}

static void found_at(struct check *k, const struct sdb_event *e,
                     const char *what)
{
    char id[UUID_TEXT_SIZE];

    uuid_format(&e->ref.incarnation, id);
    found(k, "position %llu (%s, %llu): %s", (unsigned long long)e->position,
          id, (unsigned long long)e->ref.sequence, what);
}

/* --- events, chains, the log --- */

static struct chain *chain_of(struct check *k, const struct uuid *id)
{
    for (size_t i = 0; i < k->chain_count; i++) {
        if (uuid_eq(&k->chains[i].id, id))
            return &k->chains[i];
    }
    if (k->chain_count == k->chain_cap) {
        const size_t cap = 2 * k->chain_cap + 16;
        struct chain *more = mem_realloc(k->chains, cap * sizeof(*more));

        if (more == NULL)
            return NULL;
        k->chains = more;
        k->chain_cap = cap;
    }
    k->chains[k->chain_count] = (struct chain){ .id = *id };
    return &k->chains[k->chain_count++];
}

static void check_link(struct check *k, const struct sdb_event *e,
                       struct chain *chain)
{
    struct hash link;

    if (!e->has_link)
        return; /* given back after a restore; its chain is missing */
    if (e->ref.sequence == chain->sequence + 1) {
        event_link(&chain->link, e->header, &link);
        if (!hash_eq(&link, &e->link)) {
            found_at(k, e, "the link does not follow from the one before");
        }
    }
    chain->sequence = e->ref.sequence;
    chain->link = e->link;
}

static void check_body(struct check *k, const struct sdb_event *e,
                       const struct event_header *h)
{
    struct hash commitment;

    if (e->state == SDB_ERASED) {
        k->out->erased++;
        if (e->body.data != NULL) {
            found_at(k, e, "it is erased, and its body is there");
        }
    }
    if (e->body.data == NULL || e->salt.len != EVENT_SALT_SIZE)
        return; /* erased, or never held */
    k->out->bodies++;
    event_commit(e->salt.data, e->body, &commitment);
    if (!hash_eq(&commitment, &h->commitment)) {
        found_at(k, e, "the body is not the one that the header names");
    }
}

static enum err check_event(void *ctx, const struct sdb_event *e)
{
    struct check *k = ctx;
    struct chain *chain = chain_of(k, &e->ref.incarnation);
    struct event_header h;
    struct hash hash;

    if (chain == NULL)
        return ERR_NOMEM;
    k->out->events++;
    crypto_sha256(e->header, &hash);
    if (!hash_eq(&hash, &e->header_hash)) {
        found_at(k, e, "the header is not the one that was logged");
    }
    if (event_header_parse(e->header, &h) == ERR_OK) {
        check_body(k, e, &h);
    }
    check_link(k, e, chain);
    if (e->position < k->log.base)
        return ERR_OK;
    return merkle_append(&k->tree, (struct bytes){ e->header_hash.bytes, 32 },
                         NULL, NULL);
}

/* The tree that the rows make is the tree that the log has. */
static enum err check_log(struct check *k)
{
    struct hash node;
    enum err err = ERR_OK;

    if (k->tree.size != k->log.size) {
        found(k, "the log has %llu leaves, there are %llu events for it",
              (unsigned long long)k->log.size,
              (unsigned long long)k->tree.size);
        return ERR_OK;
    }
    for (unsigned level = 0; level < MERKLE_LEVELS && !err; level++) {
        if ((k->tree.size >> level & 1) == 0)
            continue;
        err = sdb_node_get(k->db, k->log.ordinal, level,
                           (k->tree.size >> level) - 1, &node);
        if (!err && !hash_eq(&node, &k->tree.frontier[level])) {
            found(k, "the log's tree differs at level %u", level);
        }
    }
    return err;
}

/* --- seals --- */

static enum err read_own(struct check *k)
{
    struct ec_key key;
    struct buf value;
    enum err err;

    memset(&key, 0, sizeof(key));
    buf_init(&value, 64);
    err = sdb_meta_get(k->db, META_DEVICE, &value);
    if (!err && value.len == sizeof(k->device)) {
        memcpy(&k->device, value.data, sizeof(k->device));
    }
    buf_reset(&value);
    err = err ? err : sdb_meta_get(k->db, META_SEAL_KEY, &value);
    if (!err && value.len == sizeof(key.d)) {
        memcpy(key.d, value.data, sizeof(key.d));
        err = crypto_ec_derive(&key);
        k->seal = key.pub;
    }
    wipe(&key, sizeof(key));
    buf_wipe(&value);
    return err;
}

static enum err check_seal(void *ctx, const struct event_ref *ref,
                           struct bytes seal)
{
    struct check *k = ctx;
    struct event_seal what;
    struct sdb_device device;
    struct sdb_event e;
    char id[UUID_TEXT_SIZE];
    enum err err = sdb_event_get(k->db, ref, &e);

    uuid_format(&ref->incarnation, id);
    if (err == ERR_NOT_FOUND) {
        found(k, "a seal of %s, %llu without its event", id,
              (unsigned long long)ref->sequence);
        return ERR_OK;
    }
    if (err)
        return err;
    device.seal_key = k->seal;
    if (!uuid_eq(&e.device, &k->device)) {
        err = sdb_device_get(k->db, &e.device, &device);
    }
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    k->out->seals++;
    err = event_seal_open(seal, &device.seal_key, &what);
    if (err == ERR_NOMEM)
        return err;
    if (err || !uuid_eq(&what.incarnation, &ref->incarnation) ||
        what.sequence != ref->sequence ||
        (e.has_link && !hash_eq(&what.link, &e.link))) {
        found(k, "the seal of %s, %llu does not hold", id,
              (unsigned long long)ref->sequence);
    }
    return ERR_OK;
}

/* --- files --- */

static enum err hash_file(const char *path, struct hash *out, uint64_t *size)
{
    static uint8_t piece[64 * 1024];
    struct sha256 *sum;
    size_t got;
    enum err err = sha256_new(&sum);
    FILE *f = err ? NULL : fopen(path, "re");

    *size = 0;
    if (f == NULL) {
        sha256_free(sum);
        return err ? err : ERR_NOT_FOUND;
    }
    while ((got = fread(piece, 1, sizeof(piece), f)) > 0) {
        sha256_add(sum, (struct bytes){ piece, got });
        *size += got;
    }
    err = ferror(f) ? ERR_IO : ERR_OK;
    fclose(f);
    sha256_end(sum, out);
    sha256_free(sum);
    return err;
}

static enum err check_blob(void *ctx, const struct sdb_blob *b)
{
    struct check *k = ctx;
    char path[1024], name[65];
    struct hash hash;
    uint64_t size;
    enum err err;

    hex_format(b->name.bytes, 32, name);
    snprintf(path, sizeof(path), "%.900s/%s", k->blobs, name);
    k->out->blobs++;
    err = hash_file(path, &hash, &size);
    if (err == ERR_NOMEM)
        return err;
    if (err) {
        found(k, "blob %s: %s", name, err_text(err));
    } else if (size != b->size || !hash_eq(&hash, &b->name)) {
        found(k, "blob %s: its bytes were changed", name);
    }
    return ERR_OK;
}

/* --- all of it --- */

static void check_page(void *ctx, const char *what)
{
    found(ctx, "database: %s", what);
}

enum err check_council(struct sdb *db, const char *blobs, check_fn fn,
                       void *ctx, struct check_result *out)
{
    struct check k = { .db = db, .blobs = blobs, .fn = fn, .ctx = ctx };
    struct uuid council;
    enum err err;

    memset(out, 0, sizeof(*out));
    k.out = out;
    merkle_init(&k.tree);
    err = sdb_integrity(db, check_page, &k);
    err = err ? err : sdb_council_find(db, &council);
    if (!err) {
        sdb_use(db, &council);
        err = read_own(&k);
    }
    err = err ? err : sdb_log_current(db, &k.log);
    err = err ? err : sdb_event_all(db, 0, check_event, &k);
    err = err ? err : check_log(&k);
    err = err ? err : sdb_seal_all(db, check_seal, &k);
    err = err ? err : sdb_blob_held(db, 0, check_blob, &k);
    out->log_size = k.log.size;
    mem_free(k.chains);
    return !err && out->findings > 0 ? ERR_BAD_DATA : err;
}
