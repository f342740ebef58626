/*
 * handover.h - a sealed hand-over file (core/handover.h) taken in: as if its
 * tablet had sent it, so whatever came or comes by the network, too, is
 * taken once. Streams; each push is a transaction, each file is durable
 * before it counts, so a file that is cut leaves what came before the cut.
 */
#ifndef SYNC_SERVER_HANDOVER_H
#define SYNC_SERVER_HANDOVER_H

#include "sync-server/council.h"
#include "sync-server/sdb_people.h"

/* The next bytes of the file; got 0 at its end. */
typedef enum err (*handover_read_fn)(void *ctx, uint8_t *out, size_t len,
                                     size_t *got_out);

struct handover_report {
    char device[SDB_TEXT_MAX]; /* whose it is; "" when that isn't known */
    uint64_t events_new, events_held, events_refused;
    uint64_t events_behind; /* of a chain whose earlier part is missing */
    uint64_t files_new, files_held;
    uint64_t files_other; /* that no accepted entry names, or damaged */
    const char *reason;   /* why a push was not taken; NULL: all were */
    bool is_whole;        /* its end was there and counted the same */
};

/*
 * `replies_out` gets the answer for the tablet. ERR_BAD_DATA: no such file,
 * damaged or cut; ERR_NEWER; ERR_WRONG_KEY: of another council;
 * ERR_NOT_FOUND: of a tablet that isn't ours. What was taken in before the
 * error stands, and is in the report and in the answer.
 */
MUST_USE enum err handover_import(struct council *c, handover_read_fn read,
                                  void *ctx, struct handover_report *out,
                                  struct buf *replies_out);
/* In plain words, with `err` as handover_import() returned it. */
void handover_explain(const struct handover_report *r, enum err err,
                      struct buf *out);

#endif /* SYNC_SERVER_HANDOVER_H */
