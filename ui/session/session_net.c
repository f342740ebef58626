/* session_net.c - what the sync engine wishes, sent by the network. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "platform/shared/x509req.h"
#include "ui/session/session_internal.h"

void session_on_answer(struct session *s, void (*ready)(void *ctx), void *ctx)
{
    s->ready = ready;
    s->ready_ctx = ctx;
}

void session_net_close(struct session *s)
{
    net_close(s->net);
    s->net = NULL;
    s->is_sent = false;
}

/* Appends the certificate kept under `name` as PEM. */
static enum err put_pem(struct store *store, const char *name, struct buf *out)
{
    struct buf der;
    enum err err;

    buf_init(&der, ENROL_CERT_MAX_BYTES);
    err = store_meta_get(store, name, &der);
    if (!err) {
        err = x509req_pem(buf_bytes(&der), "CERTIFICATE", out);
    }
    buf_fini(&der);
    return err;
}

static enum err put_key(struct store *store, struct buf *out)
{
    struct ec_key key;
    struct buf scalar, der;
    enum err err;

    buf_init(&scalar, CRYPTO_EC_PRIVATE);
    buf_init(&der, 256);
    err = store_meta_get(store, SESSION_TLS_KEY, &scalar);
    if (!err && scalar.len != CRYPTO_EC_PRIVATE) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(key.d, scalar.data, sizeof(key.d));
        err = crypto_ec_derive(&key);
    }
    if (!err) {
        err = x509req_key_der(&key, &der);
    }
    if (!err) {
        err = x509req_pem(buf_bytes(&der), "EC PRIVATE KEY", out);
    }
    buf_wipe(&scalar);
    buf_wipe(&der);
    wipe(&key, sizeof(key));
    return err;
}

static enum err open_net(struct session *s)
{
    struct store *store = tablet_store(s->tablet);
    struct net_options options = { .proxy = s->proxy,
                                   .answer_max_bytes = BLOB_FILE_MAX_BYTES,
                                   .ready = s->ready,
                                   .ready_ctx = s->ready_ctx };
    struct buf url, root, leaf, key;
    enum err err;

    buf_init(&url, ENROL_URL_MAX + 1);
    buf_init(&root, 2 * ENROL_CERT_MAX_BYTES);
    buf_init(&leaf, 4 * ENROL_CERT_MAX_BYTES);
    buf_init(&key, 1024);
    err = store_meta_get(store, SESSION_URL, &url);
    if (!err) {
        err = put_pem(store, SESSION_TLS_ROOT, &root);
    }
    if (!err) {
        err = put_pem(store, SESSION_TLS_LEAF, &leaf);
    }
    if (!err) {
        err = put_pem(store, SESSION_TLS_ISSUER, &leaf);
    }
    if (!err) {
        err = put_key(store, &key);
    }
    if (!err) {
        options.url = buf_text(&url);
        options.authority = buf_bytes(&root);
        options.certificate = buf_bytes(&leaf);
        options.key = buf_bytes(&key);
        err = net_open(&options, &s->net);
    }
    buf_fini(&url);
    buf_fini(&root);
    buf_fini(&leaf);
    buf_wipe(&key);
    return err;
}

static uint64_t mono_ms(struct session *s)
{
    const struct port *port = session_port(s);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.mono_ms;
}

static void feed(struct session *s, struct sync *sync,
                 const struct net_answer *a)
{
    const struct sync_response r = { .status = a->status,
                                     .content_type = a->content_type,
                                     .body = a->body,
                                     .has_offset = a->has_offset,
                                     .upload_offset = a->upload_offset,
                                     .retry_after_s = a->retry_after_s };
    enum err err;

    if (a->err) {
        sync_failed(sync, mono_ms(s), a->err, a->why);
        return;
    }
    err = sync_feed(sync, mono_ms(s), &r);
    if (err) {
        port_log(session_port(s), PORT_LOG_WARN, "sync: HTTP %d: %s", a->status,
                 err_text(err));
    }
}

static enum err send(struct session *s, const struct sync_request *q)
{
    static const enum net_method methods[] = { [SYNC_POST] = NET_POST,
                                               [SYNC_HEAD] = NET_HEAD,
                                               [SYNC_PATCH] = NET_PATCH,
                                               [SYNC_GET] = NET_GET };
    const struct net_request r = { .method = methods[q->method],
                                   .path = q->path,
                                   .content_type = q->content_type,
                                   .body = q->body,
                                   .has_upload = q->method == SYNC_PATCH,
                                   .upload_offset = q->upload_offset,
                                   .upload_length = q->upload_length,
                                   .timeout_ms = q->timeout_ms };

    return net_send(s->net, &r);
}

enum err session_pump(struct session *s, uint32_t wait_ms, bool *is_busy_out,
                      uint64_t *wake_ms_out)
{
    struct sync_request request;
    struct net_answer answer;
    struct sync *sync;
    enum err err;

    *is_busy_out = false;
    *wake_ms_out = UINT64_MAX;
    ASSERT(s->tablet != NULL);
    err = tablet_sync(s->tablet, &sync);
    if (!err && !s->net) {
        err = open_net(s);
    }
    if (err) {
        return err;
    }
    if (s->is_sent) {
        err = net_wait(s->net, wait_ms, &answer);
        if (err == ERR_BUSY) {
            *is_busy_out = true;
            return ERR_OK;
        }
        s->is_sent = false;
        if (err) {
            return err;
        }
        feed(s, sync, &answer);
    }
    if (sync_next(sync, mono_ms(s), &request, wake_ms_out)) {
        err = send(s, &request);
        s->is_sent = !err;
        *is_busy_out = !err;
    }
    return err;
}
