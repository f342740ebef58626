/*
 * bundle_check.h - what the parts of the bundle's check share: the parsed
 * tables and how a finding is told. Private to core/bundle*.c.
 */
#ifndef CORE_BUNDLE_CHECK_H
#define CORE_BUNDLE_CHECK_H

#include "core/bundle.h"
#include "core/merkle.h"

/* One disclosed event, as far as the checks need it again. */
struct bundle_row {
    struct bundle_event event;
    struct event_ref ref;
    struct uuid device, record;
    uint64_t kind, op; /* 0 in an envelope of a newer version */
    struct hash header_hash;
    size_t offset; /* in events.cborseq */
    bool in_chain;
    bool is_refused; /* the server put its body into quarantine */
};

/* Rows by ref, for finding one. */
struct bundle_index {
    struct event_ref ref;
    size_t row;
};

/* A public key that the server granted in the bundle. */
struct bundle_key {
    struct uuid id, owner;
    struct ec_public pub;
    uint64_t granted; /* log positions */
    uint64_t revoked; /* UINT64_MAX: never */
};

struct bundle_check {
    const struct bundle_file *files;
    size_t file_count;
    bundle_finding_fn found;
    void *ctx;
    struct bundle_verdict *verdict;

    /* ERR_NOMEM: what could not be looked at is no finding, nor is it right */
    enum err err;
    struct ec_public signer; /* of the manifest */
    struct uuid council;
    const struct hash *missing; /* owned: list 9 of the manifest */
    size_t missing_count;
    const uint64_t *unchained; /* owned: list 10 of the manifest */
    size_t unchained_count;

    struct bundle_row *rows; /* owned, ascending by position */
    size_t row_count, row_cap;
    struct bundle_index *by_ref; /* owned, ascending */
    struct bundle_key *keys;     /* owned */
    size_t key_count, key_cap;
    struct event_ref *refused; /* owned: what the server's refusals name */
    size_t refused_count, refused_cap;
    struct uuid server; /* the device of the council's first event */
    bool has_server;
};

/* Tell one finding; counted in the verdict. */
void bundle_found(struct bundle_check *c, const char *format, ...) PRINTF(2, 3);
/* True for an error that the bundle is to blame for; one of ours ends the
 * check with c->err, and nothing more is told. */
bool bundle_is_wrong(struct bundle_check *c, enum err err);
/* The named file's bytes, or NULL. */
const struct bundle_file *bundle_file_find(const struct bundle_check *c,
                                           const char *name);
/* < 0, 0, > 0: by incarnation, then sequence. */
int bundle_ref_compare(const struct event_ref *a, const struct event_ref *b);
/* The disclosed event `ref`, or NULL. */
struct bundle_row *bundle_row_find(const struct bundle_check *c,
                                   const struct event_ref *ref);
/* Room for one more item of `size` bytes, or NULL. */
void *bundle_grow(void *list, size_t count, size_t *cap, size_t size);

/* Walk a CBOR sequence; tells where it breaks. False at the end. */
struct bundle_seq {
    struct bundle_check *check;
    const struct bundle_file *file;
    size_t offset; /* of the item that `next` gave */
    size_t next;
};
bool bundle_seq_next(struct bundle_seq *seq, struct bytes *item_out);

/* The steps; each returns ERR_NOMEM or ERR_OK and tells what it found. */
MUST_USE enum err bundle_check_manifest(struct bundle_check *c);
MUST_USE enum err bundle_check_events(struct bundle_check *c);
MUST_USE enum err bundle_check_log(struct bundle_check *c);
MUST_USE enum err bundle_check_chains(struct bundle_check *c);
MUST_USE enum err bundle_check_blobs(struct bundle_check *c);
MUST_USE enum err bundle_check_people(struct bundle_check *c);

#endif /* CORE_BUNDLE_CHECK_H */
