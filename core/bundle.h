/*
 * bundle.h - the evidence bundle: a folder that anybody can check with the
 * small tool beatbook-verify, or with section 9 of core/PROTOCOL.md and
 * libraries of another make. This is the checking side.
 */
#ifndef CORE_BUNDLE_H
#define CORE_BUNDLE_H

#include "core/buf.h"
#include "core/event.h"

#define BUNDLE_VERSION     1
#define BUNDLE_BLOCK_BYTES ((size_t)4096) /* the manifest hashes each */

#define BUNDLE_MANIFEST   "manifest.cose"
#define BUNDLE_EVENTS     "events.cborseq"
#define BUNDLE_CHAINS     "chains.cborseq"
#define BUNDLE_SEALS      "seals.cborseq"
#define BUNDLE_CHECKPOINT "checkpoint.cose"
#define BUNDLE_PROOFS     "proofs.cborseq"
#define BUNDLE_BLOBS      "blobs/"
#define BUNDLE_CSV        "records.csv"
#define BUNDLE_GEOJSON    "records.geojson"

enum bundle_scope { BUNDLE_ALL, BUNDLE_RECORD, BUNDLE_PATROL, BUNDLE_NOTICE };

/* Whole files by name; the program reads the folder. */
struct bundle_file {
    const char *name; /* relative, '/' between parts */
    struct bytes data;
};

/* One item of events.cborseq; views into the file. */
struct bundle_event {
    uint64_t position;
    struct bytes header;
    struct bytes salt, body; /* data NULL: erased or not disclosed */
};
void bundle_event_put(struct buf *out, const struct bundle_event *e);
MUST_USE enum err bundle_event_parse(struct bytes item,
                                     struct bundle_event *out);

/* What is wrong, and where: "events.cborseq: byte 1234: ..." */
typedef void (*bundle_finding_fn)(void *ctx, const char *what);

struct bundle_verdict {
    struct hash anchor; /* SHA-256 of the COSE_Key that signed */
    bool has_anchor;    /* the manifest's signature holds */
    uint64_t events, bodies, blobs, missing_blobs;
    uint64_t newer;     /* made by a newer version: logged and chained only */
    uint64_t unchained; /* given back after a restore: the log alone has them */
    uint64_t erased;    /* entries without text by order of the council */
    uint64_t restarts;  /* of the council's log, after a restore */
    uint64_t lost;      /* entries that tablets had seen and it no longer has */
    uint64_t findings;  /* 0: everything holds */
};

/*
 * Check everything that the files claim of each other. ERR_OK also when
 * something is wrong: see `findings`. ERR_NOMEM otherwise. Hostile files do
 * no harm.
 */
MUST_USE enum err bundle_verify(const struct bundle_file *files, size_t count,
                                bundle_finding_fn found, void *ctx,
                                struct bundle_verdict *out);

#endif /* CORE_BUNDLE_H */
