/*
 * store_safety.h - a second, encrypted copy of what isn't sent yet, in a
 * file of its own beside the store: when the store's file is damaged,
 * nothing unsent is lost (store_salvage.h).
 *
 *      0  "Bsf" 0x01    magic and version
 *      4  id            16 random bytes, new whenever the file begins anew
 *     20  frames
 *
 *   frame = "BsfR" || length (4 bytes, big-endian) || nonce (12; any that
 *           no other frame of this key has) ||
 *           AES-256-GCM of so many bytes of items, and its tag (16);
 *           authenticated: id || offset of the frame (8 bytes, big-endian)
 *
 * The key is HKDF-SHA-256 of the database key, info "beatbook/safety/1".
 * Items are those of handover.h: a type, a length, bytes. What a save adds
 * counts from its SAFETY_COMMIT on; it is durable before the store commits,
 * so before anybody is told "saved". When receipts cover all, it begins anew.
 */
#ifndef CORE_STORE_SAFETY_H
#define CORE_STORE_SAFETY_H

#include "core/store.h"

/* Stored: append only. */
enum safety_type {
    SAFETY_EVENT = 1,   /* of our own, as it is sent (PROTOCOL 2) */
    SAFETY_META = 2,    /* CBOR [ name, value ] of the meta table */
    SAFETY_KEY = 3,     /* record (16), its content key (32) */
    SAFETY_ACK = 4,     /* incarnation (16), held (8 bytes, big-endian) */
    SAFETY_COMMIT = 5,  /* what stands before it was saved */
    SAFETY_ROLLBACK = 6 /* what stands since the last of these was not */
};

/* In store_open and store_close; off where the port has no such file. */
MUST_USE enum err store_safety_open(struct store *s, struct bytes key32);
void store_safety_close(struct store *s);
bool store_safety_is_on(const struct store *s);

/* With the transaction that runs; at once outside of one. A copy that can't
 * be written refuses no save: it is made anew after this save, or the next
 * one after which that succeeds. */
void store_safety_add(struct store *s, enum safety_type type,
                      struct bytes payload);
void store_safety_commit(struct store *s);
void store_safety_rollback(struct store *s);

/* True when the file isn't this store's, was cut, or couldn't be written:
 * what it lacks has to be added again after store_safety_renew(). */
bool store_safety_is_stale(struct store *s);
/* True when it couldn't be written, so that what is saved now isn't in it,
 * or something in it is wrong: it should be made anew soon. */
bool store_safety_is_broken(const struct store *s);
/* True when there is something in it that receipts may cover. */
bool store_safety_has_events(const struct store *s);
/* Something in it must go, or it lacks something: it is made anew after the
 * transaction that runs, at the next start if need be. */
MUST_USE enum err store_safety_forget(struct store *s);
/* Begins anew, in a transaction, with what the meta table says. It takes the
 * old one's place with the commit; until then, and where that fails, the old
 * one stands as it was. A very long one (SAFETY_WHOLE_MAX_BYTES) does so
 * earlier: memory. */
MUST_USE enum err store_safety_renew(struct store *s);

/* --- reading one, of any store --- */

typedef enum err (*safety_item_fn)(void *ctx, enum safety_type type,
                                   struct bytes payload);
struct safety_stats {
    uint64_t frames, damaged; /* places that could not be read */
};
/* Every saved item that can be read, in order; ERR_NOT_FOUND: no file. */
MUST_USE enum err store_safety_read(const struct port *port, struct bytes key32,
                                    safety_item_fn fn, void *ctx,
                                    struct safety_stats *out);

#endif /* CORE_STORE_SAFETY_H */
