#define _GNU_SOURCE /* memmem */
#include "tests/torture/scene_net.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MESSAGE_MAX (SYNC_BODY_MAX_BYTES + (size_t)64 * 1024)

/* --- up --- */

static enum err put_request(struct buf *out, const struct scene_request *r)
{
    buf_printf(out, "%s %s HTTP/1.1\r\nHost: council.example\r\n", r->method,
               r->path);
    if (r->content_type != NULL) {
        buf_printf(out, "Content-Type: %s\r\n", r->content_type);
    }
    if (r->has_upload) {
        buf_printf(
            out, "Upload-Offset: %" PRIu64 "\r\nUpload-Length: %" PRIu64 "\r\n",
            r->upload_offset, r->upload_length);
    }
    buf_printf(out, "Content-Length: %zu\r\n\r\n", r->body.len);
    buf_put(out, r->body.data, r->body.len);
    return out->err;
}

/* What the http process makes of the bytes, then what the service says. */
static void serve(struct scene *s, struct http *h, struct buf *down)
{
    struct service_response *out = malloc(sizeof(*out));

    if (out == NULL) {
        down->err = ERR_NOMEM;
        return;
    }
    if (h->request.listener == LISTENER_DEVICE) {
        h->request.has_peer = true;
        h->request.device = s->device;
        h->request.peer_cert = s->cert;
    }
    snprintf(h->request.address, sizeof(h->request.address), "192.0.2.7");
    s->served++;
    service_handle(s->service, &h->request, out);
    http_answer_put(down, out, buf_bytes(&out->body),
                    h->request.method == METHOD_HEAD, h->keep_alive);
    buf_fini(&out->body);
    free(out);
}

static void carry_up(struct scene *s, const struct scene_request *r,
                     struct bytes up, struct buf *down)
{
    struct http *h = malloc(sizeof(*h));
    enum http_step step = HTTP_MORE;
    size_t used;

    if (h == NULL) {
        down->err = ERR_NOMEM;
        return;
    }
    http_init(h, r->listener);
    while (step == HTTP_MORE && up.len > 0) {
        step = http_feed(h, up, &used);
        up.data += used;
        up.len -= used;
    }
    if (step == HTTP_COMPLETE) {
        serve(s, h, down);
    } else if (step == HTTP_REFUSED) {
        http_refusal_put(down, &h->refusal, false);
    }
    http_fini(h);
    free(h);
}

/* --- down --- */

static const char *header(const char *head, const char *name)
{
    const size_t len = strlen(name);

    for (const char *line = head; line != NULL; line = strstr(line, "\r\n")) {
        line += line == head ? 0 : 2;
        if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
            line += len + 1;
            return line + strspn(line, " ");
        }
    }
    return NULL;
}

static enum err read_head(struct scene_answer *a, const char *head,
                          size_t *length_out)
{
    const char *type = header(head, "Content-Type");
    const char *offset = header(head, "Upload-Offset");
    const char *retry = header(head, "Retry-After");
    const char *length = header(head, "Content-Length");

    if (sscanf(head, "HTTP/1.1 %d", &a->status) != 1) {
        return ERR_UNREACHABLE;
    }
    if (type != NULL) {
        snprintf(a->content_type, sizeof(a->content_type), "%.*s",
                 (int)strcspn(type, "\r"), type);
    }
    a->has_offset = offset != NULL;
    a->upload_offset = offset != NULL ? strtoull(offset, NULL, 10) : 0;
    a->retry_after_s = retry != NULL ? (uint32_t)strtoul(retry, NULL, 10) : 0;
    *length_out = length != NULL ? strtoull(length, NULL, 10) : 0;
    return ERR_OK;
}

static enum err read_answer(const struct scene *s, bool is_head,
                            struct scene_answer *a)
{
    const char *text = buf_text(&a->bytes);
    char *end = a->bytes.len > 0
                    ? memmem(a->bytes.data, a->bytes.len, "\r\n\r\n", 4)
                    : NULL;
    size_t length = 0;
    enum err err;

    if (a->bytes.err || end == NULL) {
        return a->bytes.err ? a->bytes.err : ERR_UNREACHABLE;
    }
    end[2] = '\0'; /* the head's own end; the body follows behind */
    err = read_head(a, text, &length);
    if (err) {
        return err;
    }
    a->body.data = (uint8_t *)end + 4;
    a->body.len = a->bytes.len - (size_t)((uint8_t *)end + 4 - a->bytes.data);
    if (is_head || a->body.len >= length) {
        return ERR_OK;
    }
    return s->is_bare ? ERR_OK : ERR_UNREACHABLE;
}

static bool is_cut(const struct scene *s, enum scene_cut way)
{
    return s->cut == way && s->message == s->cut_message;
}

enum err scene_ask(struct scene *s, const struct scene_request *r,
                   struct scene_answer *out)
{
    struct buf up, down;
    struct bytes sent;
    enum err err;

    memset(out, 0, sizeof(*out));
    buf_init(&out->bytes, MESSAGE_MAX);
    if (s->service == NULL || faultvfs_is_killed(s->council.disk)) {
        return ERR_UNREACHABLE;
    }
    buf_init(&up, MESSAGE_MAX);
    buf_init(&down, MESSAGE_MAX);
    err = put_request(&up, r);
    sent = buf_bytes(&up);
    s->message++;
    if (!err && s->on_request != NULL) {
        s->on_request(s, up.len);
    }
    if (is_cut(s, SCENE_CUT_UP) && s->cut_at < sent.len) {
        sent.len = s->cut_at;
    }
    if (!err) {
        const uint64_t before = s->served;

        carry_up(s, r, sent, &down);
        if (sent.len < up.len && s->served != before) {
            snprintf(s->why, sizeof(s->why), "a cut request was taken");
        }
        err = down.err;
    }
    if (!err && s->on_answer != NULL) {
        s->on_answer(s, down.len);
    }
    if (is_cut(s, SCENE_CUT_DOWN) && s->cut_at < down.len) {
        down.len = s->cut_at;
    }
    if (faultvfs_is_killed(s->council.disk) || sent.len < up.len) {
        down.len = 0; /* nobody there to say it, or the line is cut */
    }
    buf_put(&out->bytes, down.data, down.len);
    buf_fini(&up);
    buf_fini(&down);
    return err ? err : read_answer(s, strcmp(r->method, "HEAD") == 0, out);
}

void scene_answer_fini(struct scene_answer *a)
{
    buf_fini(&a->bytes);
}
