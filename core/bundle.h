/*
 * bundle.h - the evidence bundle: a folder that anybody can check with the
 * small tool `beatbook-verify`, or with core/PROTOCOL.md and libraries of
 * another make.
 *
 *   manifest.cose     COSE_Sign1 by the server's seal key: what is in the
 *                     bundle and the SHA-256 of every other file
 *   events.cborseq    RFC 8742: [position, header, salt, body] of the log,
 *                     ascending; a neighbour that isn't disclosed stands as
 *                     [position, SHA-256(header)]
 *   seals.cborseq     [seal, key id] for each closing seal that covers them
 *   chains.cborseq    for each incarnation, what lies between: [incarnation,
 *                     first sequence, link before, [+ header hash]]
 *   checkpoint.cose   COSE_Sign1 {log id, size, root}
 *   proofs.cborseq    [position, [* node]]: inclusion in the checkpoint
 *   certs/            NAME.cose-key and the grants of the keys
 *   blobs/HEX         ciphertexts; the keys are in the bodies
 *   records.csv, records.geojson   for people; recomputed and compared
 */
#ifndef CORE_BUNDLE_H
#define CORE_BUNDLE_H

#include "core/buf.h"
#include "core/event.h"

/* Whole files by name; the platform reads and writes the folder. */
struct bundle_file {
    const char *name; /* relative, '/' between parts */
    struct bytes data;
};

/* What is wrong, and where: "events.cborseq: byte 1234: ..." */
typedef void (*bundle_finding_fn)(void *ctx, const char *what);

/* SHA-256 of the COSE_Key that signed the manifest: the council's anchor. */
struct bundle_verdict {
    struct hash anchor;
    uint64_t records, events, blobs;
    bool is_whole; /* nothing was found wrong */
};

/*
 * Check everything that the files claim of each other. ERR_OK also when
 * something is wrong (see `is_whole`); ERR_NOMEM otherwise. Never crashes
 * on hostile files.
 */
MUST_USE enum err bundle_verify(const struct bundle_file *files, size_t count,
                                bundle_finding_fn found, void *ctx,
                                struct bundle_verdict *out);

#endif /* CORE_BUNDLE_H */
