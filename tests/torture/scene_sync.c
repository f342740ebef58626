/* scene_sync.c - the sync engine, pumped as beatbookctl pumps it. */
#include <stdio.h>

#include "tests/torture/scene_net.h"
#include "tests/torture/scene_parts.h"

#define ROUNDS_MAX   400
#define FAILURES_MAX 3 /* in a row, as beatbookctl has it */
#define STALL_MS     ((uint64_t)30 * 60 * 1000)

static uint64_t mono(struct scene *s)
{
    struct port_time now;

    s->tablet.port.ops->now(s->tablet.port.ctx, &now);
    return now.mono_ms;
}

static enum err exchange(struct scene *s, struct sync *sync,
                         const struct sync_request *r)
{
    static const char *const methods[] = { [SYNC_POST] = "POST",
                                           [SYNC_HEAD] = "HEAD",
                                           [SYNC_PATCH] = "PATCH",
                                           [SYNC_GET] = "GET" };
    const struct scene_request up = {
        .listener = LISTENER_DEVICE,
        .method = methods[r->method],
        .path = r->path,
        .content_type = r->method == SYNC_POST || r->method == SYNC_PATCH
                            ? r->content_type
                            : NULL,
        .body = r->body,
        .has_upload = r->method == SYNC_PATCH,
        .upload_offset = r->upload_offset,
        .upload_length = r->upload_length,
    };
    struct scene_answer a;
    struct sync_response down;
    enum err err = scene_ask(s, &up, &a);

    if (err) {
        sync_failed(sync, mono(s), err, "No answer.");
    } else {
        down = (struct sync_response){ .status = a.status,
                                       .content_type = a.content_type,
                                       .body = a.body,
                                       .has_offset = a.has_offset,
                                       .upload_offset = a.upload_offset,
                                       .retry_after_s = a.retry_after_s };
        err = sync_feed(sync, mono(s), &down);
    }
    scene_answer_fini(&a);
    if (s->on_fed != NULL && s->message == s->cut_message) {
        s->on_fed(s, err);
    }
    return err;
}

static bool is_done(struct scene *s, const struct sync_status *status,
                    enum err *err_out)
{
    struct evlog_counts counts;

    if (status->state != SYNC_IDLE) {
        return false;
    }
    *err_out = evlog_counts(tablet_log(s->t), &counts);
    return *err_out ||
           (counts.waiting == 0 && counts.blobs_held >= counts.blobs_own);
}

enum err scene_sync(struct scene *s)
{
    struct sync_status status;
    struct sync_request r;
    struct sync *sync;
    uint64_t wake, until;
    unsigned failures = 0;
    bool has_asked = false;
    enum err err = tablet_sync(s->t, &sync);

    if (err) {
        return err;
    }
    until = s->now_ms + STALL_MS;
    sync_now(sync, mono(s));
    for (int round = 0; round < ROUNDS_MAX && s->now_ms < until; round++) {
        if (faultvfs_is_killed(s->tablet.disk)) {
            return ERR_IO; /* it has lost its power */
        }
        if (sync_next(sync, mono(s), &r, &wake)) {
            err = exchange(s, sync, &r);
            failures = err ? failures + 1 : 0;
            has_asked = has_asked || !err;
        } else {
            s->now_ms += wake > mono(s) ? wake - mono(s) : 1;
        }
        sync_status(sync, &status);
        if (status.state == SYNC_STOPPED || failures > FAILURES_MAX) {
            snprintf(s->why, sizeof(s->why), "sync: %.180s", status.why);
            return status.last_err ? status.last_err : ERR_STOPPED;
        }
        if (has_asked && is_done(s, &status, &err)) {
            return err;
        }
    }
    snprintf(s->why, sizeof(s->why), "sync never came to an end: %.160s",
             status.why);
    return ERR_STOPPED;
}
