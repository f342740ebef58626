/*
 * session.h - who is signed in to the console. In memory of the store
 * process: a restart signs everybody out, and no copy of the database lets
 * anybody in. The key that reads closed records for an officer lies in the
 * database under that officer's passphrase; it is in plain only here, while
 * the officer is signed in.
 */
#ifndef SYNC_SERVER_SESSION_H
#define SYNC_SERVER_SESSION_H

#include "sync-server/council.h"
#include "sync-server/service.h"

#define SESSION_COOKIE  "__Host-session"
#define SESSION_FORM    "__Host-form" /* ties the sign-in form to a browser */
#define SESSION_TOKEN   65            /* hex of 32 bytes and a NUL */
#define SESSION_MAX     256
#define SESSION_IDLE_MS ((int64_t)30 * 60 * 1000)
#define SESSION_LIFE_MS ((int64_t)10 * 3600 * 1000) /* a long shift */

struct session {
    struct hash key; /* SHA-256 of the cookie's value */
    struct uuid officer;
    int64_t began_ms, used_ms;
    int64_t alarms_ms;         /* when a look at the alarms was logged last */
    char token[SESSION_TOKEN]; /* that its forms carry */
    bool has_holder;           /* holder: what opens shares; wiped at the end */
    struct ec_key holder;
};

/* A new one; the cookie's value goes to `cookie_out`. */
/* `holder` may be NULL. */
MUST_USE enum err session_begin(struct council *c, const struct uuid *officer,
                                const struct ec_key *holder,
                                char cookie_out[SESSION_TOKEN]);
/* The session of this request; NULL when there is none that counts. The
 * officer is looked up each time: one who left is out at once. */
struct session *session_find(struct council *c,
                             const struct service_request *in);
void session_end(struct session *s);
void session_end_all(void); /* with the service */

MUST_USE enum err session_random(struct council *c, char out[SESSION_TOKEN]);
/* The value of a cookie of the request; false when absent. */
bool session_cookie(const struct service_request *in, const char *name,
                    char out[SESSION_TOKEN]);
/* A form of our own page: same origin, and its token is `want`. */
bool session_form_ok(const struct service_request *in, const char *want);

#endif /* SYNC_SERVER_SESSION_H */
