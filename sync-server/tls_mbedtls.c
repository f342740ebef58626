/* tls_mbedtls.c - tls.h over mbedTLS 2.28 and 3.6. */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/oid.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <string.h>

#include "core/crypto.h"
#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/tls.h"

#define IS_V3 (MBEDTLS_VERSION_NUMBER >= 0x03000000)
#if IS_V3
#include <psa/crypto.h>
#endif

struct tls_server {
    mbedtls_ssl_config conf;
    mbedtls_x509_crt chain;
    mbedtls_x509_crt client_ca;
    mbedtls_pk_context key;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context drbg;
    bool wants_client;
};

struct tls_conn {
    mbedtls_ssl_context ssl;
    const struct tls_server *server;
    struct buf in; /* encrypted, from `in_used` on not yet read */
    size_t in_used;
    struct buf out;
    bool is_broken;
    const char *why;
};

static const int suites[] = {
#if IS_V3
    MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
    MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
    MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
#endif
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    0
};

/* Client certificates: ours are P-256 with SHA-256. */
static const mbedtls_x509_crt_profile profile = {
    MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECDSA) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_ECKEY),
    MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) |
        MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1),
    0
};

#if IS_V3
static void set_versions(mbedtls_ssl_config *conf)
{
    static const uint16_t groups[] = { MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
                                       MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
                                       MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
                                       0 };
    static const uint16_t sigs[] = { MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
                                     MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
                                     0 };

    mbedtls_ssl_conf_min_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_groups(conf, groups);
    mbedtls_ssl_conf_sig_algs(conf, sigs);
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    mbedtls_ssl_conf_tls13_key_exchange_modes(
        conf, MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL);
#endif
}

static int parse_key(struct tls_server *s, const uint8_t *pem, size_t len)
{
    return mbedtls_pk_parse_key(&s->key, pem, len, NULL, 0,
                                mbedtls_ctr_drbg_random, &s->drbg);
}

static bool library_ready(void)
{
    return psa_crypto_init() == PSA_SUCCESS;
}
#else
static void set_versions(mbedtls_ssl_config *conf)
{
    static const mbedtls_ecp_group_id groups[] = { MBEDTLS_ECP_DP_CURVE25519,
                                                   MBEDTLS_ECP_DP_SECP256R1,
                                                   MBEDTLS_ECP_DP_SECP384R1,
                                                   MBEDTLS_ECP_DP_NONE };
    static const int hashes[] = { MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA256,
                                  MBEDTLS_MD_NONE };

    mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_curves(conf, groups);
    mbedtls_ssl_conf_sig_hashes(conf, hashes);
}

static int parse_key(struct tls_server *s, const uint8_t *pem, size_t len)
{
    return mbedtls_pk_parse_key(&s->key, pem, len, NULL, 0);
}

static bool library_ready(void)
{
    return true;
}
#endif

static void set_rules(struct tls_server *s)
{
    mbedtls_ssl_conf_rng(&s->conf, mbedtls_ctr_drbg_random, &s->drbg);
    mbedtls_ssl_conf_ciphersuites(&s->conf, suites);
    mbedtls_ssl_conf_cert_profile(&s->conf, &profile);
    set_versions(&s->conf);
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    mbedtls_ssl_conf_renegotiation(&s->conf,
                                   MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    mbedtls_ssl_conf_legacy_renegotiation(&s->conf,
                                          MBEDTLS_SSL_LEGACY_BREAK_HANDSHAKE);
#if defined(MBEDTLS_SSL_EXTENDED_MASTER_SECRET)
    mbedtls_ssl_conf_extended_master_secret(&s->conf,
                                            MBEDTLS_SSL_EXTENDED_MS_ENABLED);
#endif
    mbedtls_ssl_conf_authmode(&s->conf, s->wants_client
                                            ? MBEDTLS_SSL_VERIFY_REQUIRED
                                            : MBEDTLS_SSL_VERIFY_NONE);
    if (s->wants_client) {
        mbedtls_ssl_conf_ca_chain(&s->conf, &s->client_ca, NULL);
    }
}

/* mbedTLS wants the NUL at the end of a PEM text to be counted. */
static int parse_pem(struct tls_server *s, struct bytes pem,
                     int (*fn)(struct tls_server *, const uint8_t *, size_t))
{
    uint8_t *copy = mem_alloc(pem.len + 1);
    int code;

    if (copy == NULL)
        return -1;
    if (pem.len > 0) {
        memcpy(copy, pem.data, pem.len);
    }
    code = fn(s, copy, pem.len + 1);
    wipe(copy, pem.len + 1);
    mem_free(copy);
    return code;
}

static int parse_chain(struct tls_server *s, const uint8_t *pem, size_t len)
{
    return mbedtls_x509_crt_parse(&s->chain, pem, len);
}

static int parse_ca(struct tls_server *s, const uint8_t *pem, size_t len)
{
    return mbedtls_x509_crt_parse(&s->client_ca, pem, len);
}

enum err tls_server_new(const struct tls_options *options,
                        struct tls_server **out)
{
    struct tls_server *s = mem_alloc(sizeof(*s));
    enum err err = ERR_BAD_DATA;

    if (s == NULL)
        return ERR_NOMEM;
    mbedtls_ssl_config_init(&s->conf);
    mbedtls_x509_crt_init(&s->chain);
    mbedtls_x509_crt_init(&s->client_ca);
    mbedtls_pk_init(&s->key);
    mbedtls_entropy_init(&s->entropy);
    mbedtls_ctr_drbg_init(&s->drbg);
    s->wants_client = options->client_ca.len > 0;

    if (!library_ready() ||
        mbedtls_ctr_drbg_seed(&s->drbg, mbedtls_entropy_func, &s->entropy,
                              (const uint8_t *)"tls", 3) != 0 ||
        mbedtls_ssl_config_defaults(&s->conf, MBEDTLS_SSL_IS_SERVER,
                                    MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
        err = ERR_IO;
        goto out;
    }
    if (parse_pem(s, options->chain, parse_chain) != 0 ||
        parse_pem(s, options->key, parse_key) != 0 ||
        (s->wants_client && parse_pem(s, options->client_ca, parse_ca) != 0))
        goto out;
    set_rules(s);
    if (mbedtls_ssl_conf_own_cert(&s->conf, &s->chain, &s->key) != 0)
        goto out;
    *out = s;
    return ERR_OK;
out:
    tls_server_free(s);
    return err;
}

void tls_server_free(struct tls_server *s)
{
    if (s == NULL)
        return;
    mbedtls_ssl_config_free(&s->conf);
    mbedtls_x509_crt_free(&s->chain);
    mbedtls_x509_crt_free(&s->client_ca);
    mbedtls_pk_free(&s->key);
    mbedtls_ctr_drbg_free(&s->drbg);
    mbedtls_entropy_free(&s->entropy);
    mem_free(s);
}

/* --- one connection --- */

static int bio_send(void *ctx, const unsigned char *data, size_t len)
{
    struct tls_conn *c = ctx;

    buf_put(&c->out, data, len);
    return c->out.err ? MBEDTLS_ERR_SSL_ALLOC_FAILED : (int)len;
}

static int bio_recv(void *ctx, unsigned char *out, size_t size)
{
    struct tls_conn *c = ctx;
    const size_t left = c->in.len - c->in_used;
    const size_t take = left < size ? left : size;

    if (take == 0)
        return MBEDTLS_ERR_SSL_WANT_READ;
    memcpy(out, c->in.data + c->in_used, take);
    c->in_used += take;
    if (c->in_used == c->in.len) {
        buf_reset(&c->in);
        c->in_used = 0;
    }
    return (int)take;
}

enum err tls_conn_new(struct tls_server *s, struct tls_conn **out)
{
    struct tls_conn *c = mem_alloc(sizeof(*c));

    if (c == NULL)
        return ERR_NOMEM;
    c->server = s;
    c->why = "";
    buf_init(&c->in, CONN_CIPHER_MAX_BYTES);
    buf_init(&c->out, IPC_FRAME_MAX_BYTES + IPC_FRAME_MAX_BYTES / 8);
    mbedtls_ssl_init(&c->ssl);
    if (mbedtls_ssl_setup(&c->ssl, &s->conf) != 0) {
        tls_conn_free(c);
        return ERR_NOMEM;
    }
    mbedtls_ssl_set_bio(&c->ssl, c, bio_send, bio_recv, NULL);
    *out = c;
    return ERR_OK;
}

void tls_conn_free(struct tls_conn *c)
{
    if (c == NULL)
        return;
    mbedtls_ssl_free(&c->ssl);
    buf_fini(&c->in);
    buf_fini(&c->out);
    mem_free(c);
}

enum err tls_feed(struct tls_conn *c, struct bytes in)
{
    if (c->in_used > 0) {
        memmove(c->in.data, c->in.data + c->in_used, c->in.len - c->in_used);
        c->in.len -= c->in_used;
        c->in_used = 0;
    }
    buf_put(&c->in, in.data, in.len);
    return c->in.err;
}

static const struct {
    int code;
    const char *why;
} reasons[] = {
    { MBEDTLS_ERR_X509_CERT_VERIFY_FAILED, "client certificate is not valid" },
    { MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, "the client sent an alert" },
    { MBEDTLS_ERR_SSL_CONN_EOF, "the client went away" },
    { MBEDTLS_ERR_SSL_INVALID_RECORD, "not a TLS record" },
#if IS_V3
    { MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE, "no client certificate" },
    { MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION, "protocol version too old" },
    { MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE, "nothing in common" },
#else
    { MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE, "no client certificate" },
    { MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION, "protocol version too old" },
    { MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN, "no cipher suite in common" },
#endif
};

static enum err broken(struct tls_conn *c, int code)
{
    c->is_broken = true;
    c->why = "malformed handshake or record";
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (reasons[i].code == code) {
            c->why = reasons[i].why;
        }
    }
    return ERR_TLS;
}

enum err tls_handshake(struct tls_conn *c)
{
    const int code = mbedtls_ssl_handshake(&c->ssl);

    if (code == 0)
        return ERR_OK;
    if (code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE)
        return ERR_BUSY;
    (void)broken(c, code);
    if (code == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE) {
        /* The library says nothing, and the client would guess. */
        (void)mbedtls_ssl_send_alert_message(
            &c->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
            MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
    }
    if (code == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED &&
        (mbedtls_ssl_get_verify_result(&c->ssl) &
         MBEDTLS_X509_BADCERT_EXPIRED) != 0) {
        c->why = "client certificate has expired";
    }
    return ERR_TLS;
}

enum err tls_read(struct tls_conn *c, uint8_t *out, size_t size,
                  size_t *got_out)
{
    int code;

    *got_out = 0;
    if (c->is_broken)
        return ERR_TLS;
    code = mbedtls_ssl_read(&c->ssl, out, size);
    if (code > 0) {
        *got_out = (size_t)code;
        return ERR_OK;
    }
    if (code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE)
        return ERR_BUSY;
    if (code == 0 || code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
        return ERR_CLOSED;
    return broken(c, code);
}

enum err tls_write(struct tls_conn *c, struct bytes plain)
{
    if (c->is_broken)
        return ERR_TLS;
    while (plain.len > 0) {
        const int code = mbedtls_ssl_write(&c->ssl, plain.data, plain.len);

        if (code <= 0)
            return broken(c, code);
        plain.data += code;
        plain.len -= (size_t)code;
    }
    return ERR_OK;
}

void tls_end(struct tls_conn *c)
{
    if (!c->is_broken) {
        (void)mbedtls_ssl_close_notify(&c->ssl);
    }
}

struct buf *tls_out(struct tls_conn *c)
{
    return &c->out;
}

const char *tls_why(const struct tls_conn *c)
{
    return c->why;
}

static enum err device_of(const mbedtls_x509_crt *cert, struct uuid *out)
{
    const mbedtls_x509_name *name = &cert->subject;

    for (; name != NULL; name = name->next) {
        char text[UUID_TEXT_SIZE];

        if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) != 0)
            continue;
        if (name->val.len != UUID_TEXT_SIZE - 1)
            return ERR_BAD_DATA;
        memcpy(text, name->val.p, UUID_TEXT_SIZE - 1);
        text[UUID_TEXT_SIZE - 1] = '\0';
        return uuid_parse(text, out);
    }
    return ERR_BAD_DATA;
}

enum err tls_peer(struct tls_conn *c, struct uuid *device_out,
                  struct hash *cert_out)
{
    const mbedtls_x509_crt *cert;

    if (!c->server->wants_client)
        return ERR_NOT_FOUND;
    cert = mbedtls_ssl_get_peer_cert(&c->ssl);
    if (cert == NULL)
        return ERR_NOT_FOUND;
    crypto_sha256((struct bytes){ cert->raw.p, cert->raw.len }, cert_out);
    return device_of(cert, device_out);
}
