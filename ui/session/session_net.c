/* session_net.c - what the sync engine wishes, sent by the network. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/tablet_hold.h"
#include "platform/shared/x509req.h"
#include "ui/session/session_internal.h"

void session_on_answer(struct session *s, void (*ready)(void *ctx), void *ctx)
{
    s->ready = ready;
    s->ready_ctx = ctx;
}

enum net_trouble session_trouble(const struct session *s)
{
    return s->trouble;
}

void session_net_close(struct session *s)
{
    session_renew_close(s);
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

static enum err put_key(const struct ec_key *key, struct buf *out)
{
    struct buf der;
    enum err err;

    buf_init(&der, 256);
    err = x509req_key_der(key, &der);
    if (!err) {
        err = x509req_pem(buf_bytes(&der), "EC PRIVATE KEY", out);
    }
    buf_wipe(&der);
    return err;
}

/* The pair in use, or the one that is to follow it. */
static enum err put_credential(struct session *s, struct buf *chain,
                               struct buf *key)
{
    struct credential c;
    struct buf hold;
    enum err err;

    buf_init(&hold, 4 * ENROL_CERT_MAX_BYTES);
    err = session_credential(s, &hold, &c);
    if (!err) {
        err = x509req_pem(c.leaf, "CERTIFICATE", chain);
    }
    if (!err) {
        err = x509req_pem(c.issuer, "CERTIFICATE", chain);
    }
    if (!err) {
        err = put_key(&c.key, key);
    }
    wipe(&c, sizeof(c));
    buf_wipe(&hold);
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
        err = put_credential(s, &leaf, &key);
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

uint64_t session_mono_ms(struct session *s)
{
    const struct port *port = session_port(s);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.mono_ms;
}

/* The PIN of an officer who was shut out opens nothing any more, once it
 * isn't needed to send what waits. */
static enum err drop_shut_out(struct session *s)
{
    struct evlog_counts counts;
    bool is_changed = false;
    enum err err = evlog_counts(tablet_log(s->tablet), &counts);

    for (size_t i = 0;
         !err && counts.waiting == 0 && i < keyring_count(s->ring); i++) {
        struct keyring_officer o;
        bool is_out;

        keyring_get(s->ring, i, &o);
        err = tablet_is_shut_out(s->tablet, &o.id, &is_out);
        if (!err && is_out && o.has_wrap) {
            err = keyring_drop(s->ring, &o.id);
            is_changed = true;
        }
    }
    return !err && is_changed ? session_save_ring(s) : err;
}

static enum err feed(struct session *s, struct sync *sync,
                     const struct net_answer *a)
{
    const struct sync_response r = { .status = a->status,
                                     .content_type = a->content_type,
                                     .body = a->body,
                                     .has_offset = a->has_offset,
                                     .upload_offset = a->upload_offset,
                                     .retry_after_s = a->retry_after_s };
    size_t shares;
    enum err err;

    s->trouble = a->err ? a->trouble : NET_TROUBLE_NONE;
    if (a->err) {
        if (!session_renew_refused(s, a)) {
            sync_failed(sync, session_mono_ms(s), a->err, a->why);
        }
        return ERR_OK;
    }
    err = sync_feed(sync, session_mono_ms(s), &r);
    if (err) {
        port_log(session_port(s), PORT_LOG_WARN, "sync: HTTP %d: %s", a->status,
                 err_text(err));
    }
    if (!err && tablet_share_missing(s->tablet, &shares)) {
        port_log(session_port(s), PORT_LOG_WARN,
                 "a new holder could not be told: tried again later");
    }
    if (!err && drop_shut_out(s)) {
        port_log(session_port(s), PORT_LOG_WARN,
                 "a PIN that the council ended could not be dropped");
    }
    return session_renew_proven(s, err);
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

/* Takes an answer that was awaited. ERR_BUSY: it has not come yet. */
static enum err take_answer(struct session *s, struct sync *sync,
                            uint32_t wait_ms)
{
    struct net_answer answer;
    enum err err;

    if (s->renewal.is_out) {
        return session_renew_wait(s, wait_ms);
    }
    if (!s->is_sent) {
        return ERR_OK;
    }
    err = net_wait(s->net, wait_ms, &answer);
    if (err == ERR_BUSY) {
        return err;
    }
    s->is_sent = false;
    return err ? err : feed(s, sync, &answer);
}

enum err session_step(struct session *s, uint32_t wait_ms, bool *is_busy_out,
                      uint64_t *wake_ms_out)
{
    struct sync_request request;
    struct sync *sync;
    enum err err;

    *is_busy_out = false;
    *wake_ms_out = UINT64_MAX;
    ASSERT(s->tablet != NULL);
    if (s->is_practice) {
        return ERR_OK;
    }
    err = tablet_sync(s->tablet, &sync);
    if (!err) {
        err = take_answer(s, sync, wait_ms);
    }
    if (err == ERR_BUSY) {
        *is_busy_out = true;
        return ERR_OK;
    }
    if (!err && !s->net) {
        err = open_net(s);
    }
    if (!err) {
        err = session_renew_start(s, is_busy_out);
    }
    if (err || *is_busy_out) {
        return err;
    }
    if (sync_next(sync, session_mono_ms(s), &request, wake_ms_out)) {
        err = send(s, &request);
        s->is_sent = !err;
        *is_busy_out = !err;
    }
    return err;
}

enum err session_pump(struct session *s, uint32_t wait_ms, bool *is_busy_out,
                      uint64_t *wake_ms_out)
{
    const bool was_sent = s->is_sent;
    enum err err = session_step(s, wait_ms, is_busy_out, wake_ms_out);

    if (!err && was_sent) {
        err = session_wipe_obey(s); /* the answer may have brought one */
        *is_busy_out = *is_busy_out && !err;
    }
    return err;
}
