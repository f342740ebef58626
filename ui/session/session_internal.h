/* session_internal.h - a session's insides, for session*.c only. */
#ifndef UI_SESSION_SESSION_INTERNAL_H
#define UI_SESSION_SESSION_INTERNAL_H

#include "platform/linux/keystore.h"
#include "platform/linux/machine.h"
#include "platform/linux/net.h"
#include "ui/session/session.h"

/* Facts that the store's meta table keeps for this layer. */
#define SESSION_TLS_KEY    "tls-key"    /* P-256 scalar */
#define SESSION_TLS_LEAF   "tls-leaf"   /* DER */
#define SESSION_TLS_ISSUER "tls-issuer" /* DER */
#define SESSION_TLS_ROOT   "tls-root"   /* DER */
#define SESSION_URL        "url-device" /* "https://host:port" */
#define SESSION_URL_WEB    "url-web"
#define SESSION_COUNCIL    "council-name"

#define SESSION_PATH_MAX 4096 /* as the kernel takes it */

struct session {
    char *dir, *proxy;
    bool is_metered;
    struct machine *machine;
    struct keyring *ring;     /* NULL: not enrolled */
    struct tablet *tablet;    /* NULL: locked */
    struct uuid officer;      /* whose PIN was last right */
    struct keyring_keys keys; /* valid while tablet isn't NULL */
    struct net *net;          /* NULL: not needed yet */
    bool is_sent;             /* an answer is awaited */
    void (*ready)(void *ctx);
    void *ready_ctx;
};

MUST_USE enum err session_save_ring(struct session *s);
/* The path of the database, in memory of the caller. */
void session_store_path(const struct session *s, char *out, size_t size);
/* With s->keys.database: opens the tablet for the officers with a wrap. */
MUST_USE enum err session_open_tablet(struct session *s);
void session_net_close(struct session *s);

/* Argon2id over the PIN, with the device secret beside it. */
MUST_USE enum err session_prove(struct session *s, struct bytes pin,
                                const struct keyring_kdf *kdf,
                                struct keyring_proof *out);

#endif /* UI_SESSION_SESSION_INTERNAL_H */
