/*
 * evlog.h - the append-only log of events in a store: our own chain, and
 * what came from the server. An event is stored before a screen shows it,
 * and nothing leaves the tablet before it is durable.
 *
 * Own events of one save are one transaction with one seal. Projections of
 * the records that they touch are renewed in the same transaction.
 */
#ifndef CORE_EVLOG_H
#define CORE_EVLOG_H

#include "core/body.h"
#include "core/event.h"
#include "core/store.h"

struct evlog; /* opaque; one for each open store */

/* Who this tablet is. Kept in the store's meta table. */
struct evlog_identity {
    struct uuid council;
    struct uuid device;
    struct uuid incarnation;
    struct ec_key seal_key;        /* wiped by evlog_close */
    struct ec_public server_key;   /* verifies receipts and pages */
    struct ec_public recovery_key; /* the council's, for sealed hand-over */
};

/* The first opening of a store, after enrolment. */
MUST_USE enum err evlog_init(struct store *store,
                             const struct evlog_identity *id);

/*
 * ERR_NOT_FOUND before evlog_init. Verifies the newest seal. When the head
 * is behind port's counter (a restored copy), opens a new incarnation by
 * itself: same seal key, first event NEW_INCARNATION, which names the old
 * one; `evlog_was_restored` says so afterwards.
 */
MUST_USE enum err evlog_open(struct store *store, struct evlog **out);
void evlog_close(struct evlog *log); /* NULL is allowed */
bool evlog_was_restored(const struct evlog *log);
const struct evlog_identity *evlog_identity(const struct evlog *log);

/* One event to be made; what isn't here is filled in. */
struct evlog_new {
    struct uuid officer; /* zero: none */
    struct uuid record;
    enum event_kind kind;
    uint64_t kind_version;
    enum event_op op;
    const char *form; /* NULL: none */
    uint64_t form_version;
    struct bytes body; /* encoded; copied */
    const struct hash *blobs;
    size_t blob_count;
};

/*
 * Several appends or receives as one transaction: nested in store_begin's
 * sense. On rollback the log is as it was before the outermost begin.
 */
MUST_USE enum err evlog_begin(struct evlog *log);
MUST_USE enum err evlog_commit(struct evlog *log);
void evlog_rollback(struct evlog *log);

/*
 * Append `count` events as one save: header, salt, commitment, link, one
 * seal, projections, one durable commit. `refs_out` (may be NULL) gets
 * `count` refs. After an error the log is as it was.
 */
MUST_USE enum err evlog_append(struct evlog *log,
                               const struct evlog_new *events, size_t count,
                               struct event_ref *refs_out);

/* Where the own chain of the current incarnation stands. */
struct evlog_head {
    struct uuid incarnation;
    uint64_t sequence; /* 0: empty */
    struct hash link;
};
MUST_USE enum err evlog_head(struct evlog *log, struct evlog_head *out);
/* Its row in the incarnation table, for other files with SQL. */
int64_t evlog_row(const struct evlog *log);

/*
 * Close this incarnation and open the next: first event NEW_INCARNATION;
 * what the server never acknowledged of the old one is recorded again, each
 * naming the event it repeats, and what that one repeated. For a gap or fork
 * that the server reported.
 */
MUST_USE enum err evlog_new_incarnation(struct evlog *log);
/*
 * A restored server took another copy's entries behind `held` of a closed
 * chain of ours: what was acknowledged of it behind that is recorded again,
 * as above. What was already, is not.
 */
MUST_USE enum err evlog_record_again(struct evlog *log,
                                     const struct uuid *incarnation,
                                     uint64_t held);

/* --- what sync needs --- */

/* One stored event; views are valid until the next evlog call. */
struct evlog_event {
    int64_t id; /* row, ascending in order of storing */
    struct bytes header;
    struct bytes salt; /* empty when the body is gone */
    struct bytes body; /* data NULL when erased or never held */
    struct hash link;  /* own events only */
    struct event_ref ref;
};
/* Stop early by returning ERR_STOPPED: the walk then returns ERR_OK. */
typedef enum err (*evlog_event_fn)(void *ctx, const struct evlog_event *e);

/* One life of this tablet's store. Events 1..acked stand in a receipt; in a
 * closed one the rest was recorded again in a later one. */
struct evlog_chain {
    struct uuid incarnation;
    uint64_t head, acked;
    bool is_closed;
};
typedef enum err (*evlog_chain_fn)(void *ctx, const struct evlog_chain *c);
MUST_USE enum err evlog_chains(struct evlog *log, evlog_chain_fn fn, void *ctx);
struct store *evlog_store(struct evlog *log);

/* Every applied event that is held, own and received, in order of storing;
 * `link` is zero for received ones. */
MUST_USE enum err evlog_all(struct evlog *log, evlog_event_fn fn, void *ctx);

/* Own events of `incarnation` from sequence `first` on, at most `max`. */
MUST_USE enum err evlog_own(struct evlog *log, const struct uuid *incarnation,
                            uint64_t first, size_t max, evlog_event_fn fn,
                            void *ctx);
/* The newest seal at or before `sequence`; ERR_NOT_FOUND without one. */
MUST_USE enum err evlog_seal_at(struct evlog *log,
                                const struct uuid *incarnation,
                                uint64_t sequence, struct event_seal *what,
                                struct buf *seal_out);
/* The seal over just `sequence`, in place of what `seal_out` held; made and
 * kept now where none lies there (a part batch). */
MUST_USE enum err evlog_seal_for(struct evlog *log,
                                 const struct uuid *incarnation,
                                 uint64_t sequence, struct buf *seal_out);
MUST_USE enum err evlog_link_at(struct evlog *log,
                                const struct uuid *incarnation,
                                uint64_t sequence, struct hash *out);

/* The server's verdict on what we sent. Counts say what `status` shows. */
struct evlog_ack {
    struct uuid incarnation;
    uint64_t held;        /* contiguous, as the verified receipt says */
    struct bytes receipt; /* COSE_Sign1, stored */
    struct uuid log_id;
    uint64_t log_size;
    struct hash log_root;
    const struct hash *blobs; /* that the receipt names */
    size_t blob_count;
};
MUST_USE enum err evlog_acked(struct evlog *log, const struct evlog_ack *ack);
/* The server's log restarted without what it had confirmed: everything of
 * our own waits again, blobs too. Without `has_chain` the open incarnation
 * stays as it is: it is about to be closed, and is then given back. */
MUST_USE enum err evlog_unack(struct evlog *log, bool has_chain);
/* "Held, not applied": kept, shown with its reason, never sent again. */
MUST_USE enum err evlog_refused(struct evlog *log, const struct event_ref *ref,
                                const char *reason);

/*
 * An event from the server. Stored once, however often it comes; a body
 * that was missing is filled in. ERR_FORK when the same ref came with
 * another header (both are kept, the transaction goes on). ERR_BAD_DATA for
 * a header that isn't one, ERR_BAD_HASH for a body of another: nothing is
 * stored then.
 */
MUST_USE enum err evlog_receive(struct evlog *log, struct bytes header,
                                struct bytes salt, struct bytes body);

struct evlog_counts {
    uint64_t own, waiting, acknowledged, quarantined, received;
    uint64_t blobs_own, blobs_held; /* held: a receipt names the hash */
    uint64_t conflicts;
    int64_t last_ack_ms; /* wall clock of the last receipt, 0: never */
};
MUST_USE enum err evlog_counts(struct evlog *log, struct evlog_counts *out);
/* Is there an own event, or file, that no receipt covers? Costs the same
 * however many there are. */
MUST_USE enum err evlog_unsent(struct evlog *log, bool *events_out,
                               bool *blobs_out);

/* Own blobs that no receipt names yet, small ones first. */
typedef enum err (*evlog_blob_fn)(void *ctx, const struct hash *name,
                                  uint64_t size);
MUST_USE enum err evlog_blobs_waiting(struct evlog *log, evlog_blob_fn fn,
                                      void *ctx);

/* Begins the safety copy anew when all is acknowledged or it lacks
 * something; outside of a transaction. Trouble is logged, not more. */
void evlog_safety_settle(struct evlog *log);

#endif /* CORE_EVLOG_H */
