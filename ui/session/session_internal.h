/* session_internal.h - a session's insides, for session*.c only. */
#ifndef UI_SESSION_SESSION_INTERNAL_H
#define UI_SESSION_SESSION_INTERNAL_H

#include "core/credential.h"
#include "platform/linux/keystore.h"
#include "platform/linux/machine.h"
#include "platform/linux/net.h"
#include "ui/session/session.h"

/* Facts that the store's meta table keeps for this layer. */
#define SESSION_TLS_KEY    "tls-key"    /* P-256 scalar */
#define SESSION_TLS_LEAF   "tls-leaf"   /* DER */
#define SESSION_TLS_ISSUER "tls-issuer" /* DER */
#define SESSION_TLS_ROOT   "tls-root"   /* DER */
#define SESSION_TLS_NEXT   "tls-next"   /* core/credential.h; empty: none */
#define SESSION_URL        "url-device" /* "https://host:port" */
#define SESSION_URL_WEB    "url-web"
#define SESSION_COUNCIL    "council-name"

#define SESSION_PATH_MAX 4096 /* as the kernel takes it */

/* The tablet's certificate on its way to the next one: session_renew.c. */
struct session_renewal {
    bool uses_next;    /* `net` speaks with the pair that is to follow */
    bool is_next_bad;  /* it was refused: the old one speaks */
    bool is_proven;    /* the server has answered over `net` */
    bool is_out;       /* a request of ours is under way */
    bool is_rekey;     /* and it is one for an expired certificate */
    bool holds_sync;   /* a failed exchange waits for its outcome */
    struct net *web;   /* where that one goes; NULL: over `net` */
    uint64_t next_ms;  /* mono: no renewal before */
    uint64_t rekey_ms; /* mono: no re-key before */
};

struct session {
    char *dir, *proxy;
    bool is_metered;
    bool is_practice; /* never speaks with anybody */
    struct machine *machine;
    struct keyring *ring;     /* NULL: not enrolled */
    struct tablet *tablet;    /* NULL: locked */
    struct uuid officer;      /* whose PIN was last right */
    struct keyring_keys keys; /* valid while tablet isn't NULL */
    struct net *net;          /* NULL: not needed yet */
    bool is_sent;             /* an answer is awaited */
    enum net_trouble trouble; /* of the last that came */
    struct session_renewal renewal;
    void (*ready)(void *ctx);
    void *ready_ctx;
};

MUST_USE enum err session_save_ring(struct session *s);
/* The path of the database, in memory of the caller. */
void session_store_path(const struct session *s, char *out, size_t size);
/* Ids of who has a wrap; returns how many. */
size_t session_officers(const struct session *s,
                        struct uuid out[KEYRING_SLOTS_MAX]);
/* With s->keys.database: opens the tablet for the officers with a wrap. */
MUST_USE enum err session_open_tablet(struct session *s);
/* A new store was made, and a crash came before it took its place. */
void session_finish_salvage(struct session *s);
/* One counted try of a PIN: wipe the keys when done. */
MUST_USE enum err session_try_pin(struct session *s, const struct uuid *officer,
                                  struct bytes pin,
                                  struct keyring_keys *keys_out,
                                  uint64_t *wait_ms_out);
void session_net_close(struct session *s);

uint64_t session_mono_ms(struct session *s);

/* session_pump() without a look at the council's orders. */
MUST_USE enum err session_step(struct session *s, uint32_t wait_ms,
                               bool *is_busy_out, uint64_t *wake_ms_out);

/* --- session_renew.c --- */

/* The pair to speak with; `hold` has what `out` views. Wipe both. */
MUST_USE enum err session_credential(struct session *s, struct buf *hold,
                                     struct credential *out);
/* An answer over the network, before the engine is fed: true when it means
 * that our certificate is to be replaced first, and the engine waits. */
bool session_renew_refused(struct session *s, const struct net_answer *a);
/* The engine took an answer: `err` is what it meant. */
MUST_USE enum err session_renew_proven(struct session *s, enum err err);
/* Something is to be asked now: it is on its way after ERR_OK. */
MUST_USE enum err session_renew_start(struct session *s, bool *is_busy_out);
/* Wait for its answer; ERR_BUSY: not yet. */
MUST_USE enum err session_renew_wait(struct session *s, uint32_t wait_ms);
void session_renew_close(struct session *s);

/* --- session_wipe.c --- */

/* While open: ERR_OK without an order; ERR_CLOSED when it was obeyed, and
 * this folder belongs to nobody. Anything else: tried again. */
MUST_USE enum err session_wipe_obey(struct session *s);
/* At the opening of the folder: ends what a power cut interrupted. */
MUST_USE enum err session_wipe_resume(struct session *s);
/* The folder is enrolled anew. */
MUST_USE enum err session_wipe_forget(struct session *s);

/* --- session_enrol.c --- */

/* The council's root in DER, believed because `code` names its hash. */
struct enrol_code;
MUST_USE enum err session_fetch_authority(struct session *s,
                                          const struct enrol_code *code,
                                          struct buf *root, struct buf *why);

/* Argon2id over the PIN, with the device secret beside it. */
MUST_USE enum err session_prove(struct session *s, struct bytes pin,
                                const struct keyring_kdf *kdf,
                                struct keyring_proof *out);

#endif /* UI_SESSION_SESSION_INTERNAL_H */
