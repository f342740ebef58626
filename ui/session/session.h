/*
 * session.h - one tablet's folder, from locked to recording: who may open
 * it, the PIN, the database key, the tablet behind it, its network. The
 * window's worker and beatbookctl both start here. One thread.
 *
 *   DIR/wraps.cbor   who may open the database (core/keyring.h); written
 *                    last at enrolment: a folder without it isn't enrolled
 *   DIR/front.cbor   what the sign-in screen may say before a PIN
 *   DIR/store.db     everything else, encrypted (core/store.h)
 *   DIR/blobs, DIR/keystore, DIR/log, DIR/lock   platform/linux/machine.h
 */
#ifndef UI_SESSION_SESSION_H
#define UI_SESSION_SESSION_H

#include "core/evlog_salvage.h"
#include "core/keyring.h"
#include "core/tablet.h"
#include "platform/linux/net.h"

struct session; /* opaque */

struct session_options {
    const char *dir;      /* made when missing; its parent must exist */
    const char *log_name; /* inside DIR/log; NULL: standard error */
    const char *gpsd;     /* "host:port"; NULL: no receiver */
    const char *tcti;     /* which TPM; NULL: this machine's, if any */
    const char *proxy;    /* "http://host:port"; NULL: none */
    bool is_metered;      /* hold originals of photos back */
    /* For the window's worker; GStreamer elements, NULL: this machine's. */
    const char *camera, *microphone, *speaker;
};

/* ERR_BUSY: another program has the folder open. */
MUST_USE enum err session_open(const struct session_options *options,
                               struct session **out);
void session_close(struct session *s); /* wipes keys; NULL is allowed */

const struct port *session_port(struct session *s);
/* Who may sign in; NULL before enrolment. */
const struct keyring *session_keyring(const struct session *s);

/* --- PIN --- */

/*
 * Open the tablet with this officer's PIN, or check it again when it is
 * open; nothing is recorded. ERR_WRONG_KEY; ERR_BUSY with the time to wait
 * after too many wrong ones; ERR_DENIED when the wrap was dropped;
 * ERR_NOT_FOUND: no such officer, or not enrolled.
 */
MUST_USE enum err session_unlock(struct session *s, const struct uuid *officer,
                                 struct bytes pin, uint64_t *wait_ms_out);
/* Then: what is recorded from now on is this officer's. An event. */
MUST_USE enum err session_sign_in(struct session *s);
/* Sign out, close the store, forget its key. Unsent things stay. */
void session_lock(struct session *s);
/* NULL while locked. */
struct tablet *session_tablet(struct session *s);
/* The own key of the officer whose PIN was last right; NULL while locked or
 * without one. */
const struct ec_key *session_officer_key(const struct session *s);

struct session_officer {
    struct uuid id;
    const char *number, *name;
    const char *role; /* id of a role; NULL: not known */
};
/*
 * While unlocked: give this officer a PIN and an own signing key here,
 * in place of earlier ones; recorded with whose PIN had opened the tablet.
 * ERR_TOO_LONG for a PIN outside PIN_*_BYTES; ERR_DENIED for an officer
 * whose access the council ended.
 */
MUST_USE enum err session_add_officer(struct session *s,
                                      const struct session_officer *who,
                                      struct bytes pin);
/* While unlocked: a duress PIN for the officer whose PIN was last right, of
 * the same length. ERR_EXISTS when it is the PIN itself. */
MUST_USE enum err session_set_duress(struct session *s, struct bytes pin);
/* The PIN that was last right was the officer's duress PIN. */
bool session_is_duress(const struct session *s);
/* How long this officer must wait for the next try; 0: not at all. */
uint64_t session_wait_ms(struct session *s, const struct uuid *officer);

/* While unlocked: eight new recovery codes; show them once, on paper. */
MUST_USE enum err session_new_codes(struct session *s,
                                    struct keyring_codes *out);
/* Locked, PIN forgotten: a code opens the tablet; sign-in is by setting a
 * new PIN with session_add_officer(). */
MUST_USE enum err session_use_code(struct session *s, const char *code);

/* --- a damaged store --- */

#define SESSION_ASIDE_MAX 24

struct session_salvaged {
    bool is_pin_right;
    struct salvage_report report;
    char aside[SESSION_ASIDE_MAX]; /* folder in DIR with the damaged file */
};
/*
 * Locked, and session_unlock() said ERR_BAD_DATA: make a new store from what
 * can be read of the old one and from the safety copy; the old one is moved
 * aside, never deleted. Unlock afterwards. As session_unlock() for the PIN;
 * ERR_NOT_FOUND with a right one: nothing says who this tablet is.
 */
MUST_USE enum err session_salvage(struct session *s, const struct uuid *officer,
                                  struct bytes pin, uint64_t *wait_ms_out,
                                  struct session_salvaged *out);

/* --- enrolment --- */

struct session_enrolment {
    const char *code;    /* as the council's server gave it */
    const char *officer; /* number of the one whose PIN is set */
    struct bytes pin;
};
/*
 * Join the council: compare its authority with the code, make the keys,
 * ask for the certificate, write the store, set the PIN; unlocked after.
 * On failure `why` has a plain reason with what to do next, and the folder
 * isn't enrolled. ERR_EXISTS when it was enrolled before.
 */
MUST_USE enum err session_enrol(struct session *s,
                                const struct session_enrolment *what,
                                struct buf *why);
/* What is free on the disk of the folder. */
MUST_USE enum err session_free_bytes(struct session *s, uint64_t *out);
/* Keeps a reserve of the disk, and gives it up where nothing else is left:
 * before anything is written. Also done by session_open(). */
void session_tend_room(struct session *s);
/* How the device secret is kept: 1 TPM, 2 encrypted disk, 3 weak. */
int session_storage(struct session *s);

/* --- before the first PIN --- */

#define SESSION_NAME_SIZE 128

/* What may be said of a locked tablet: nothing of what is in the records. */
struct session_share {
    struct uuid officer;
    uint64_t waiting;
};
struct session_front {
    char council[SESSION_NAME_SIZE], tablet[SESSION_NAME_SIZE];
    uint64_t waiting;
    int64_t last_receipt_ms; /* UTC; 0: never */
    size_t share_count;      /* of `waiting`, what each officer wrote */
    struct session_share shares[KEYRING_SLOTS_MAX];
};
/* ERR_NOT_FOUND before the first session_front_put(). */
MUST_USE enum err session_front_get(struct session *s,
                                    struct session_front *out);
MUST_USE enum err session_front_put(struct session *s,
                                    const struct session_front *f);

/* --- network, while unlocked --- */

/* Called on the network's thread when an answer came: wake the worker. */
void session_on_answer(struct session *s, void (*ready)(void *ctx), void *ctx);

/* Why the last request came to nothing, as far as a person can mend it. */
enum net_trouble session_trouble(const struct session *s);

/*
 * One step of reconciliation: feed an answer that came (wait up to
 * `wait_ms` for it), send what is due. ERR_CLOSED: the council ordered this
 * tablet closed for good, and it is: locked, and enrolled no more. True while a
 * request is under way; else look again at monotonic `*wake_ms_out`, or after
 * recording.
 */
MUST_USE enum err session_pump(struct session *s, uint32_t wait_ms,
                               bool *is_busy_out, uint64_t *wake_ms_out);

/*
 * Ask for a new certificate now, signed by the old key; the pump does it.
 * `code` (NULL: none) is what `beatbook-server rekey` printed: with it the
 * tablet trusts the council's present root in place of its own. On failure
 * `why` has a plain reason and nothing has changed.
 */
MUST_USE enum err session_rekey(struct session *s, const char *code,
                                struct buf *why);

#endif /* UI_SESSION_SESSION_H */
