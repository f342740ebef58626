/*
 * tablet_handover.h - what could not be sent, as a sealed file
 * (handover.h), and the council's answer to it taken back.
 */
#ifndef CORE_TABLET_HANDOVER_H
#define CORE_TABLET_HANDOVER_H

#include "core/handover.h"
#include "core/tablet.h"

struct tablet_handover {
    uint64_t events, files, bytes; /* written; bytes of the files */
    uint64_t missing;              /* files that can't be read here */
};
/*
 * Events and files that no receipt covers (`is_all`: every own one), to
 * `sink` piece by piece. Nothing changes here: a later sync sends the same,
 * and the server takes each once.
 */
MUST_USE enum err tablet_handover(struct tablet *t, bool is_all,
                                  blobcrypt_sink_fn sink, void *ctx,
                                  struct tablet_handover *out);

struct tablet_receipts {
    uint64_t receipts;   /* in the file, for this tablet */
    uint64_t events;     /* newly acknowledged */
    uint64_t files;      /* the same */
    uint64_t exceptions; /* held, not applied */
};
/*
 * The answer as the server wrote it. Each receipt counts as one that came
 * by the network: signed by the server, of our own chain and its log.
 * ERR_BAD_DATA: no such file; ERR_BAD_SEAL: not by our server; ERR_DENIED:
 * for another tablet; ERR_WENT_BACK: of a log that our server has left.
 */
MUST_USE enum err tablet_take_receipts(struct tablet *t, struct bytes file,
                                       struct tablet_receipts *out);

#endif /* CORE_TABLET_HANDOVER_H */
