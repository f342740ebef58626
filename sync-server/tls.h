/*
 * tls.h - TLS as bytes in, bytes out; the server's side only.
 *
 * One adapter file for mbedTLS 2.28 (Debian 12: TLS 1.2) and 3.6 (Debian
 * 13: 1.2 and 1.3). ECDHE with AEAD only, P-256, P-384, X25519; no tickets,
 * no session cache, no renegotiation: resumption has bypassed client
 * certificates in too many servers (reliability, 3.3).
 */
#ifndef SYNC_SERVER_TLS_H
#define SYNC_SERVER_TLS_H

#include "core/buf.h"

struct tls_server; /* opaque: keys and rules of one listener */
struct tls_conn;   /* opaque: one connection */

/* PEM texts; the bytes may be wiped after the call. */
struct tls_options {
    struct bytes chain; /* ours, leaf first */
    struct bytes key;
    struct bytes client_ca; /* empty: no client certificate is asked for */
};
MUST_USE enum err tls_server_new(const struct tls_options *options,
                                 struct tls_server **out);
void tls_server_free(struct tls_server *s);

MUST_USE enum err tls_conn_new(struct tls_server *s, struct tls_conn **out);
void tls_conn_free(struct tls_conn *c);

/* Encrypted bytes that came from the network. */
MUST_USE enum err tls_feed(struct tls_conn *c, struct bytes in);
/* ERR_OK: done; ERR_BUSY: more bytes are needed; ERR_TLS: over, an alert
 * may be waiting in tls_out() and tls_why() says what happened. */
MUST_USE enum err tls_handshake(struct tls_conn *c);
/* ERR_BUSY: nothing now; ERR_CLOSED: the peer has ended; ERR_TLS. */
MUST_USE enum err tls_read(struct tls_conn *c, uint8_t *out, size_t size,
                           size_t *got_out);
MUST_USE enum err tls_write(struct tls_conn *c, struct bytes plain);
void tls_end(struct tls_conn *c); /* say goodbye */
/* Encrypted bytes for the network; the caller takes them and resets it. */
struct buf *tls_out(struct tls_conn *c);
/* Plain words about the last ERR_TLS, for the log. */
const char *tls_why(const struct tls_conn *c);

/*
 * The client certificate's device (the subject's common name is its id) and
 * the hash of its DER. ERR_NOT_FOUND when none was asked for or shown,
 * ERR_BAD_DATA when its name is not an id.
 */
MUST_USE enum err tls_peer(struct tls_conn *c, struct uuid *device_out,
                           struct hash *cert_out);

#endif /* SYNC_SERVER_TLS_H */
