/*
 * bundle_chain.c - checks of the devices' chains: each disclosed event in
 * its place between hashes, up to a seal by a key of that device.
 */
#include <string.h>

#include "core/bundle_check.h"
#include "core/cbor.h"
#include "core/cose.h"

static struct bytes hash_bytes(const struct hash *h)
{
    return (struct bytes){ h->bytes, sizeof(h->bytes) };
}

struct chain {
    struct uuid device, incarnation;
    uint64_t first, last;
    struct hash link; /* at `last` */
    /* of the disclosed events in it: log positions */
    uint64_t earliest, latest_applied;
};

static void link_hash(struct hash *link, const struct hash *header_hash)
{
    crypto_sha256_2(hash_bytes(link), hash_bytes(header_hash), link);
}

static void note_row(struct chain *chain, struct bundle_row *row)
{
    const uint64_t position = row->event.position;

    row->in_chain = true;
    if (position < chain->earliest) {
        chain->earliest = position;
    }
    if (!row->is_refused && position > chain->latest_applied) {
        chain->latest_applied = position;
    }
}

/* Follow one chain item to its end; false when it can't be followed. */
static bool walk_chain(struct bundle_check *c, struct bytes item, size_t offset,
                       struct chain *out)
{
    struct cbor_reader r;
    size_t count;

    *out = (struct chain){ .earliest = UINT64_MAX };
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
        note_row(out, row);
        link_hash(&out->link, &row->header_hash);
    }
    out->last = out->first + count - 1;
    if (cbor_close(&r) || count == 0) {
        bundle_found(c, BUNDLE_CHAINS ": byte %zu: not a chain", offset);
        return false;
    }
    return true;
}

/* True when this key may seal this chain: the anchor's own for the server,
 * else one that the server had granted to the device and not yet revoked
 * when the events arrived. */
static bool is_granted(const struct bundle_check *c, const struct chain *chain,
                       const struct ec_public *pub)
{
    const bool is_server = c->has_server && uuid_eq(&chain->device, &c->server);
    const struct uuid *owner = is_server ? &c->council : &chain->device;

    if (is_server && memcmp(&c->signer, pub, sizeof(*pub)) == 0) {
        return true;
    }
    for (size_t i = 0; i < c->key_count; i++) {
        const struct bundle_key *key = &c->keys[i];

        if (uuid_eq(&key->owner, owner) &&
            memcmp(&key->pub, pub, sizeof(*pub)) == 0 &&
            key->granted < chain->earliest &&
            chain->latest_applied <= key->revoked) {
            return true;
        }
    }
    return false;
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
    if (bundle_is_wrong(c, cose_key_parse(cbor_get_bytes(&r), &pub)) ||
        cbor_close(&r)) {
        bundle_found(c, BUNDLE_SEALS ": byte %zu: not a seal", offset);
        return;
    }
    if (!is_granted(c, chain, &pub)) {
        bundle_found(c,
                     BUNDLE_SEALS ": byte %zu: its key was not granted to "
                                  "this device when the events arrived",
                     offset);
    }
    if (bundle_is_wrong(c, event_seal_open(seal, &pub, &what))) {
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

/* Each event lies in one chain, or the manifest's list 10 (ascending) says
 * that its notebook was not seen again after a restore. */
static void check_coverage(struct bundle_check *c)
{
    size_t at = 0;

    for (size_t i = 0; i < c->row_count; i++) {
        const struct bundle_row *row = &c->rows[i];
        const uint64_t position = row->event.position;
        const bool is_listed =
            at < c->unchained_count && c->unchained[at] == position;

        at += is_listed;
        if (row->in_chain != is_listed) {
            continue;
        }
        bundle_found(c, BUNDLE_EVENTS ": byte %zu: log position %llu is in %s",
                     row->offset, (unsigned long long)position,
                     is_listed ? "a chain, the manifest says in none"
                               : "no chain");
    }
    c->verdict->unchained = at;
    if (at < c->unchained_count) {
        bundle_found(c,
                     BUNDLE_MANIFEST ": list 10 names log position %llu, "
                                     "which is no event here",
                     (unsigned long long)c->unchained[at]);
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
            break;
        }
        if (walk_chain(c, item, chains.offset, &chain)) {
            check_seal(c, seal, seals.offset, &chain);
        }
    }
    if (bundle_seq_next(&seals, &seal)) {
        bundle_found(c, BUNDLE_SEALS ": byte %zu: a seal without a chain",
                     seals.offset);
    }
    check_coverage(c);
    return ERR_OK;
}
