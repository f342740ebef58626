/*
 * held.h - is what we hold what was written: an event's body, its place in
 * its chain, the seal over that, and its leaf in the log. Checked anew from
 * the stored bytes, each time.
 */
#ifndef SYNC_SERVER_HELD_H
#define SYNC_SERVER_HELD_H

#include "sync-server/council.h"
#include "sync-server/sdb_page.h"

#define HELD_KEYS_MAX 2048
#define HELD_WALK_MAX 4096 /* events between one and the seal over it */

struct held_key {
    struct uuid id, owner;
    bool is_seal;              /* else an officer's */
    uint64_t granted, revoked; /* positions; revoked UINT64_MAX: never */
    struct ec_public pub;
};

/* Every key that seals or co-signs, as the log says. Large; free it. */
struct held_keys {
    size_t count;
    struct held_key list[HELD_KEYS_MAX];
};
MUST_USE enum err held_keys_read(struct council *c, struct held_keys **out);
void held_keys_free(struct held_keys *keys); /* NULL is allowed */

enum held_seal {
    HELD_SEALED,   /* it holds */
    HELD_NO_CHAIN, /* what came before it isn't here yet */
    HELD_NO_SEAL,  /* none was sent over it yet */
    HELD_FAR,      /* more than HELD_WALK_MAX events before its seal */
    HELD_BROKEN    /* it does not hold */
};
struct held {
    bool is_body_whole; /* or there is none, by an order */
    bool is_in_log;     /* its leaf leads to the log's root */
    uint64_t log_size;
    enum held_seal seal;
    uint64_t sealed_at; /* the number whose seal covers it */
};
/* ERR_NOT_FOUND: no such event. */
MUST_USE enum err held_check(struct council *c, const struct held_keys *keys,
                             const struct event_ref *ref, struct held *out);

#endif /* SYNC_SERVER_HELD_H */
