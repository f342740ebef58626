/*
 * net.h - one request at a time to one server, by libcurl on its own
 * thread: https only, no redirects, TLS 1.2 or newer, only the authority
 * given here, the proxy given here, nothing from the environment.
 *
 *   net_send() -> (its thread) -> net_wait() gives the answer
 *
 * The name in the server's certificate isn't compared with the URL: the
 * council's authority signs no server but its own, and an address on a
 * private network has no name. A certificate for clients is not taken for
 * a server's (extended key usage).
 */
#ifndef PLATFORM_LINUX_NET_H
#define PLATFORM_LINUX_NET_H

#include "core/base.h"
#include "core/buf.h"

struct net; /* opaque; used by one thread besides its own */

struct net_options {
    const char *url;               /* "https://host:port", no path */
    struct bytes authority;        /* PEM; empty: the server isn't verified */
    struct bytes certificate, key; /* PEM of the client; empty: none */
    const char *proxy;             /* "http://host:port"; NULL: none */
    size_t answer_max_bytes;
    /* Called on the network's thread when an answer is there; may be NULL. */
    void (*ready)(void *ctx);
    void *ready_ctx;
};
/* Copies everything. ERR_USAGE when the URL isn't https. */
MUST_USE enum err net_open(const struct net_options *options, struct net **out);
/* Cuts what is under way; wipes the key. NULL is allowed. */
void net_close(struct net *n);

enum net_method { NET_GET, NET_HEAD, NET_POST, NET_PATCH };

struct net_request {
    enum net_method method;
    const char *path; /* "/v1/exchange" */
    const char *content_type;
    struct bytes body;
    bool has_upload; /* send the two numbers (tus 1.0) */
    uint64_t upload_offset, upload_length;
    uint32_t timeout_ms; /* of the whole; 0: NET_TIMEOUT_MS */
};
/* Copies it. ERR_BUSY when one is under way or its answer not taken. */
MUST_USE enum err net_send(struct net *n, const struct net_request *request);

#define NET_WHY_MAX 300

/* What a person could mend; `why` says the same and more in English. */
enum net_trouble {
    NET_TROUBLE_NONE,     /* or nothing but the network itself */
    NET_TROUBLE_DATE,     /* the server's certificate doesn't fit our date */
    NET_TROUBLE_STRANGER, /* it isn't of our council, or isn't TLS */
    NET_TROUBLE_EXPIRED,  /* our certificate ran out, or isn't taken */
    NET_TROUBLE_ENDED     /* the council ended this tablet's access */
};

/* Valid until the next net_send(). */
struct net_answer {
    enum err err;        /* ERR_OK: an HTTP answer came, of whatever status */
    bool is_own_refused; /* ERR_TLS: our certificate, not theirs, is wrong */
    enum net_trouble trouble;
    /* What went wrong, for the person with the tablet; no personal data. */
    char why[NET_WHY_MAX];
    int status;
    char content_type[64]; /* "" when absent */
    struct bytes body;
    bool has_offset; /* header Upload-Offset */
    uint64_t upload_offset;
    uint32_t retry_after_s;
};
/*
 * Wait up to `timeout_ms` (0: only look). ERR_BUSY: not yet;
 * ERR_NOT_FOUND: nothing was sent. `out->err`: ERR_UNREACHABLE, ERR_TLS
 * (with the issuer that was seen), ERR_TOO_LONG, ...
 */
MUST_USE enum err net_wait(struct net *n, uint32_t timeout_ms,
                           struct net_answer *out);

#endif /* PLATFORM_LINUX_NET_H */
