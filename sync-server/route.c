#include "sync-server/route.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sync-server/api_enrol.h"
#include "sync-server/api_health.h"
#include "sync-server/blobs.h"
#include "sync-server/exchange.h"
#include "sync-server/page.h"
#include "sync-server/parcels.h"
#include "sync-server/proof.h"

static const struct route routes[] = {
    { METHOD_POST, "/v1/exchange", LISTENER_DEVICE, RIGHT_DEVICE,
      exchange_handle },
    { METHOD_HEAD, "/v1/blobs/*", LISTENER_DEVICE, RIGHT_DEVICE, blobs_head },
    { METHOD_PATCH, "/v1/blobs/*", LISTENER_DEVICE, RIGHT_DEVICE, blobs_patch },
    { METHOD_GET, "/v1/blobs/*", LISTENER_DEVICE, RIGHT_ACTIVE, blobs_get },
    { METHOD_POST, "/v1/blobs", LISTENER_DEVICE, RIGHT_ACTIVE, blobs_fetch },
    { METHOD_HEAD, "/v1/parcels/*", LISTENER_DEVICE, RIGHT_DEVICE,
      parcels_head },
    { METHOD_PATCH, "/v1/parcels/*", LISTENER_DEVICE, RIGHT_DEVICE,
      parcels_patch },
    { METHOD_GET, "/v1/proof", LISTENER_DEVICE, RIGHT_ACTIVE, proof_get },
    { METHOD_POST, "/v1/renew", LISTENER_DEVICE, RIGHT_DEVICE, api_renew },

    { METHOD_GET, "/v1/ca", LISTENER_WEB, RIGHT_NONE, api_ca },
    { METHOD_POST, "/v1/enrol", LISTENER_WEB, RIGHT_NONE, api_enrol },
    { METHOD_POST, "/v1/rekey", LISTENER_WEB, RIGHT_NONE, api_rekey },

    { METHOD_GET, "/healthz", LISTENER_METRICS, RIGHT_NONE, api_healthz },
    { METHOD_GET, "/metrics", LISTENER_METRICS, RIGHT_NONE, api_metrics },
    { METHOD_GET, "/healthz", LISTENER_WEB, RIGHT_NONE, api_healthz },

    /* Pages look up the session by themselves and lead to the sign-in. */
    { METHOD_GET, "/", LISTENER_WEB, RIGHT_NONE, page_start },
    { METHOD_GET, "/style/*", LISTENER_WEB, RIGHT_NONE, page_style },
    { METHOD_GET, "/sign-in", LISTENER_WEB, RIGHT_NONE, page_sign_in },
    { METHOD_POST, "/sign-in", LISTENER_WEB, RIGHT_NONE, page_sign_in_post },
    { METHOD_POST, "/sign-out", LISTENER_WEB, RIGHT_NONE, page_sign_out },
    { METHOD_GET, "/records", LISTENER_WEB, RIGHT_NONE, page_records },
    { METHOD_GET, "/records/*", LISTENER_WEB, RIGHT_NONE, page_record },
    { METHOD_GET, "/questions", LISTENER_WEB, RIGHT_NONE, page_questions },
    { METHOD_GET, "/reviews", LISTENER_WEB, RIGHT_NONE, page_reviews },
    { METHOD_GET, "/reviews/*", LISTENER_WEB, RIGHT_NONE, page_review },
    { METHOD_GET, "/devices", LISTENER_WEB, RIGHT_NONE, page_devices },
    { METHOD_GET, "/devices/*", LISTENER_WEB, RIGHT_NONE, page_device },
    { METHOD_GET, "/alarms", LISTENER_WEB, RIGHT_NONE, page_alarms },
    { METHOD_POST, "/alarms/*", LISTENER_WEB, RIGHT_NONE, page_alarm_post },
    { METHOD_GET, "/conflicts", LISTENER_WEB, RIGHT_NONE, page_conflicts },
    { METHOD_GET, "/conflicts/*", LISTENER_WEB, RIGHT_NONE, page_conflict },
    { METHOD_POST, "/conflicts/*", LISTENER_WEB, RIGHT_NONE,
      page_conflict_post },
    { METHOD_GET, "/briefings", LISTENER_WEB, RIGHT_NONE, page_briefings },
    { METHOD_GET, "/briefings/*", LISTENER_WEB, RIGHT_NONE, page_briefing },
    { METHOD_POST, "/briefings/*", LISTENER_WEB, RIGHT_NONE,
      page_briefing_post },
    { METHOD_GET, "/tasks", LISTENER_WEB, RIGHT_NONE, page_tasks },
    { METHOD_GET, "/tasks/new", LISTENER_WEB, RIGHT_NONE, page_task },
    { METHOD_POST, "/tasks/*", LISTENER_WEB, RIGHT_NONE, page_task_post },
    { METHOD_GET, "/closed/*", LISTENER_WEB, RIGHT_NONE, page_closed },
};

void route_header(struct service_response *out, const char *format, ...)
{
    va_list args;

    ASSERT(out->header_count < SERVICE_HEADERS_MAX);
    va_start(args, format);
    vsnprintf(out->headers[out->header_count++], sizeof(out->headers[0]),
              format, args);
    va_end(args);
}

int route_status(enum err err)
{
    switch (err) {
    case ERR_OK:
        return 200;
    case ERR_BAD_DATA:
    case ERR_NEWER:
        return 400;
    case ERR_DENIED:
        return 403;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_GAP:
    case ERR_FORK:
    case ERR_EXISTS:
        return 409;
    case ERR_TOO_LONG:
        return 413;
    case ERR_BAD_HASH:
    case ERR_BAD_SEAL:
        return 422;
    case ERR_FULL:
        return 507;
    default:
        return 503;
    }
}

static void put_text(struct service_response *out, int status, const char *text)
{
    out->status = status;
    out->header_count = 0;
    out->content_type = "text/plain; charset=utf-8";
    buf_reset(&out->body);
    buf_put_text(&out->body, text);
    buf_put_text(&out->body, "\n");
}

enum err route_reply_text(struct route_call *call, int status, const char *text)
{
    put_text(call->out, status, text);
    return ERR_OK;
}

static bool matches(const char *pattern, const char *path, const char **tail)
{
    size_t len = strlen(pattern);

    if (pattern[len - 1] != '*') {
        *tail = "";
        return strcmp(pattern, path) == 0;
    }
    *tail = path + len - 1;
    return strncmp(pattern, path, len - 1) == 0;
}

/* Who asks, looked up in the database every time. */
static enum err authorise(struct route_call *call, enum route_right right)
{
    struct sdb *db = call->council->db;
    struct sdb_certificate cert;
    enum err err;

    if (right == RIGHT_NONE) {
        return ERR_OK;
    }
    if (!call->in->has_peer) {
        return ERR_DENIED;
    }
    err = sdb_certificate_get(db, &call->in->peer_cert, &cert);
    if (!err && !uuid_eq(&cert.device, &call->in->device)) {
        err = ERR_DENIED;
    }
    err = err ? err : sdb_device_get(db, &cert.device, &call->device);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_DENIED : err;
    call->may_download =
        call->device.state == SDB_DEVICE_ACTIVE && !cert.is_revoked;
    return right == RIGHT_ACTIVE && !call->may_download ? ERR_DENIED : ERR_OK;
}

static enum err run(const struct route *route, struct route_call *call)
{
    enum err err = authorise(call, route->right);

    return err ? err : route->handler(call);
}

void route_dispatch(struct council *council, const struct service_request *in,
                    struct service_response *out)
{
    struct route_call call = { .council = council, .in = in, .out = out };
    bool has_path = false;

    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        const struct route *r = &routes[i];
        enum err err;

        if (r->listener != in->listener ||
            !matches(r->pattern, in->path, &call.tail)) {
            continue;
        }
        has_path = true;
        if (r->method != in->method) {
            continue;
        }
        out->status = 200;
        err = run(r, &call);
        if (err) {
            put_text(out, route_status(err), err_text(err));
        }
        return;
    }
    put_text(out, has_path ? 405 : 404,
             has_path ? "No such method." : "No such page.");
}
