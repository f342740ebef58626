/*
 * bundle_manifest.c - checks of the bundle as files: the manifest's
 * signature, every file's hash by blocks, nothing missing, nothing added,
 * and the blobs that events name.
 */
#include <stdlib.h>
#include <string.h>

#include "core/bundle_check.h"
#include "core/cbor.h"
#include "core/cose.h"
#include "core/mem.h"

#define AAD "beatbook/manifest/1"

static const struct bytes aad = { (const uint8_t *)AAD, sizeof(AAD) - 1 };

/* Where a file first departs from what the manifest says of it. */
static void find_block(struct bundle_check *c, const struct bundle_file *file,
                       uint64_t size, struct cbor_reader blocks)
{
    const size_t count = cbor_get_array(&blocks);

    for (size_t i = 0; i < count; i++) {
        const size_t from = i * BUNDLE_BLOCK_BYTES;
        struct hash want;
        struct hash got;
        struct bytes block;

        cbor_get_hash(&blocks, &want);
        if (blocks.err) {
            return;
        }
        if (from > file->data.len) {
            break;
        }
        block.data = file->data.data + from;
        block.len = file->data.len - from;
        if (block.len > BUNDLE_BLOCK_BYTES) {
            block.len = BUNDLE_BLOCK_BYTES;
        }
        crypto_sha256(block, &got);
        if (!hash_eq(&want, &got)) {
            bundle_found(c, "%s: bytes %zu to %zu: changed, missing or added",
                         file->name, from, from + BUNDLE_BLOCK_BYTES - 1);
            return;
        }
    }
    bundle_found(c, "%s: byte %zu: has %zu bytes, the manifest says %llu",
                 file->name, file->data.len < size ? file->data.len : size,
                 file->data.len, (unsigned long long)size);
}

/* One [name, size, hash, blocks]; its name goes to `name`. */
static void check_file(struct bundle_check *c, struct bytes item, char *name,
                       size_t name_size)
{
    const struct bundle_file *file;
    struct cbor_reader r;
    struct bytes text;
    struct hash want;
    struct hash got;
    uint64_t size;

    cbor_open_gated(&r, item);
    name[0] = '\0';
    if (cbor_get_array(&r) != 4) {
        bundle_found(c, BUNDLE_MANIFEST ": an entry is not a file");
        return;
    }
    text = cbor_get_text(&r);
    size = cbor_get_uint(&r);
    cbor_get_hash(&r, &want);
    if (r.err || text.len == 0 || text.len >= name_size) {
        bundle_found(c, BUNDLE_MANIFEST ": an entry is not a file");
        return;
    }
    memcpy(name, text.data, text.len);
    name[text.len] = '\0';
    file = bundle_file_find(c, name);
    if (file == NULL) {
        bundle_found(c, "%s: missing", name);
        return;
    }
    crypto_sha256(file->data, &got);
    if (file->data.len != size || !hash_eq(&got, &want)) {
        find_block(c, file, size, r);
    }
}

/* Every file of the folder that the manifest doesn't name. */
static void check_added(struct bundle_check *c, const bool *is_named)
{
    for (size_t i = 0; i < c->file_count; i++) {
        if (!is_named[i] && strcmp(c->files[i].name, BUNDLE_MANIFEST) != 0) {
            bundle_found(c, "%s: added, the manifest does not name it",
                         c->files[i].name);
        }
    }
}

/* What every bundle has besides its manifest, if need be empty. */
static const char *const always[] = {
    BUNDLE_EVENTS, BUNDLE_CHAINS, BUNDLE_SEALS,   BUNDLE_CHECKPOINT,
    BUNDLE_PROOFS, BUNDLE_CSV,    BUNDLE_GEOJSON,
};

static bool is_blob_name(const char *name)
{
    const size_t skip = strlen(BUNDLE_BLOBS);

    return strncmp(name, BUNDLE_BLOBS, skip) == 0 &&
           strlen(name) == skip + 64 &&
           strspn(name + skip, "0123456789abcdef") == 64;
}

/* Names that come strictly ascending: all of `always`, else blobs only. */
static void check_name(struct bundle_check *c, const char *name,
                       bool has[ARRAY_LEN(always)])
{
    for (size_t i = 0; i < ARRAY_LEN(always); i++) {
        if (strcmp(name, always[i]) == 0) {
            has[i] = true;
            return;
        }
    }
    if (!is_blob_name(name)) {
        bundle_found(c, "%s: not a file that a bundle has", name);
    }
}

static void check_always(struct bundle_check *c,
                         const bool has[ARRAY_LEN(always)])
{
    for (size_t i = 0; i < ARRAY_LEN(always); i++) {
        if (!has[i]) {
            bundle_found(c, "%s: the manifest does not name it", always[i]);
        }
    }
}

static enum err check_files(struct bundle_check *c, struct cbor_reader *r)
{
    bool *is_named = mem_array(c->file_count + 1, sizeof(*is_named));
    const size_t count = cbor_get_array(r);
    bool has[ARRAY_LEN(always)] = { false };
    char last[200] = "";

    if (is_named == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count && !r->err; i++) {
        char name[sizeof(last)];
        const struct bundle_file *file;

        check_file(c, cbor_get_item(r), name, sizeof(name));
        if (strcmp(name, last) <= 0) {
            bundle_found(c, BUNDLE_MANIFEST ": files are not in order");
        }
        memcpy(last, name, sizeof(last));
        check_name(c, name, has);
        file = bundle_file_find(c, name);
        if (file != NULL) {
            is_named[file - c->files] = true;
        }
    }
    check_added(c, is_named);
    check_always(c, has);
    mem_free(is_named);
    return ERR_OK;
}

static enum err read_missing(struct bundle_check *c, struct cbor_reader *r)
{
    const size_t count = cbor_get_array(r);
    struct hash *list = mem_array(count + 1, sizeof(*list));

    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        cbor_get_hash(r, &list[i]);
    }
    mem_free((void *)(uintptr_t)c->missing);
    c->missing = list;
    c->missing_count = r->err ? 0 : count;
    c->verdict->missing_blobs = c->missing_count;
    return ERR_OK;
}

static enum err read_unchained(struct bundle_check *c, struct cbor_reader *r)
{
    const size_t count = cbor_get_array(r);
    uint64_t *list = mem_array(count + 1, sizeof(*list));

    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = cbor_get_uint(r);
    }
    mem_free((void *)(uintptr_t)c->unchained);
    c->unchained = list;
    c->unchained_count = r->err ? 0 : count;
    return ERR_OK;
}

/* What it says of itself; only its type matters here. */
static void read_fact(struct cbor_reader *r, uint64_t key)
{
    if (key == 3 || key == 6) {
        cbor_get_text(r); /* the council's name; which record */
    } else if (key == 4) {
        cbor_get_int(r);
    } else if (key == 5) {
        cbor_get_uint_max(r, BUNDLE_NOTICE);
    } else {
        cbor_skip(r);
    }
}

static enum err read_payload(struct bundle_check *c, struct bytes payload)
{
    static const unsigned must =
        1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 7 | 1u << 8;
    struct cbor_reader r;
    size_t pairs;
    unsigned seen = 0;
    enum err err = ERR_OK;

    cbor_open(&r, payload);
    pairs = cbor_get_map(&r);
    for (size_t i = 0; i < pairs && !err && !r.err; i++) {
        const uint64_t key = cbor_get_uint(&r);

        seen |= key <= 10 ? 1u << key : 0;
        if (key == 1) {
            if (cbor_get_uint(&r) != BUNDLE_VERSION) {
                bundle_found(c, BUNDLE_MANIFEST
                             ": made by a newer version of Beatbook");
            }
        } else if (key == 2) {
            cbor_get_uuid(&r, &c->council);
        } else if (key == 8) {
            err = check_files(c, &r);
        } else if (key == 9) {
            err = read_missing(c, &r);
        } else if (key == 10) {
            err = read_unchained(c, &r);
        } else {
            read_fact(&r, key);
        }
    }
    if (!err && (cbor_close(&r) || (seen & must) != must)) {
        bundle_found(c, BUNDLE_MANIFEST ": not a manifest");
    }
    return err;
}

/* The key in the payload, before anything else in it is believed. */
static enum err read_signer(struct bytes payload, struct bytes *key_out,
                            struct ec_public *pub_out)
{
    struct cbor_reader r;
    size_t pairs;

    cbor_open(&r, payload);
    pairs = cbor_get_map(&r);
    for (size_t i = 0; i < pairs && !r.err; i++) {
        if (cbor_get_uint(&r) == 7) {
            *key_out = cbor_get_bytes(&r);
            return r.err ? r.err : cose_key_parse(*key_out, pub_out);
        }
        cbor_skip(&r);
    }
    return ERR_BAD_DATA;
}

enum err bundle_check_manifest(struct bundle_check *c)
{
    const struct bundle_file *file = bundle_file_find(c, BUNDLE_MANIFEST);
    struct cose_sign1 msg;
    struct bytes key = { NULL, 0 };

    if (file == NULL) {
        bundle_found(c, BUNDLE_MANIFEST ": missing");
        return ERR_OK;
    }
    if (cose_sign1_parse(file->data, &msg) || msg.detached ||
        bundle_is_wrong(c, read_signer(msg.payload, &key, &c->signer))) {
        bundle_found(c, BUNDLE_MANIFEST ": not a signed manifest");
        return ERR_OK;
    }
    if (bundle_is_wrong(
            c, cose_sign1_verify(&msg, &c->signer, (struct bytes){ 0 }, aad))) {
        bundle_found(c, BUNDLE_MANIFEST ": the signature does not hold");
        return ERR_OK;
    }
    crypto_sha256(key, &c->verdict->anchor);
    c->verdict->has_anchor = true;
    return read_payload(c, msg.payload);
}

static bool is_listed_missing(const struct bundle_check *c,
                              const struct hash *blob)
{
    for (size_t i = 0; i < c->missing_count; i++) {
        if (hash_eq(&c->missing[i], blob)) {
            return true;
        }
    }
    return false;
}

static void check_named_blob(struct bundle_check *c,
                             const struct bundle_row *row,
                             const struct hash *blob, bool *is_named)
{
    char name[sizeof(BUNDLE_BLOBS) + 64] = BUNDLE_BLOBS;
    const struct bundle_file *file;

    hex_format(blob->bytes, sizeof(blob->bytes), name + strlen(BUNDLE_BLOBS));
    file = bundle_file_find(c, name);
    if (file != NULL) {
        is_named[file - c->files] = true;
    } else if (!is_listed_missing(c, blob)) {
        bundle_found(c, "%s: missing; the event at log position %llu names it",
                     name, (unsigned long long)row->event.position);
    }
}

static bool is_blob(const struct bundle_file *file)
{
    return strncmp(file->name, BUNDLE_BLOBS, strlen(BUNDLE_BLOBS)) == 0;
}

static void check_blob_file(struct bundle_check *c,
                            const struct bundle_file *file)
{
    struct hash got;
    char hex[65];

    crypto_sha256(file->data, &got);
    hex_format(got.bytes, sizeof(got.bytes), hex);
    if (strcmp(file->name + strlen(BUNDLE_BLOBS), hex) != 0) {
        bundle_found(c, "%s: its bytes have another hash (%.16s...)",
                     file->name, hex);
    }
    c->verdict->blobs++;
}

/* The blobs that the events name; which files those are. */
static void check_named(struct bundle_check *c, struct event_header *h,
                        bool *is_named)
{
    for (size_t i = 0; i < c->row_count; i++) {
        if (event_header_parse(c->rows[i].event.header, h)) {
            continue; /* a newer envelope */
        }
        for (size_t k = 0; k < h->blob_count; k++) {
            check_named_blob(c, &c->rows[i], &h->blobs[k], is_named);
        }
    }
}

enum err bundle_check_blobs(struct bundle_check *c)
{
    struct event_header *h = mem_alloc(sizeof(*h));
    bool *is_named = mem_array(c->file_count + 1, sizeof(*is_named));
    const enum err err = h == NULL || is_named == NULL ? ERR_NOMEM : ERR_OK;

    if (!err) {
        check_named(c, h, is_named);
    }
    for (size_t i = 0; i < c->file_count && !err; i++) {
        if (!is_blob(&c->files[i])) {
            continue;
        }
        check_blob_file(c, &c->files[i]);
        if (!is_named[i] && c->verdict->newer == 0) {
            bundle_found(c, "%s: no event names it", c->files[i].name);
        }
    }
    mem_free(h);
    mem_free(is_named);
    return err;
}
