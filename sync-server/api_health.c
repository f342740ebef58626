#include "sync-server/api_health.h"

#include <inttypes.h>

/* Answers only when the database answers. */
enum err api_healthz(struct route_call *call)
{
    struct sdb_counts counts;
    enum err err = sdb_counts(call->council->db, &counts);

    return err ? err : route_reply_text(call, 200, "ok");
}

static void put(struct buf *out, const char *name, const char *type,
                const char *help, uint64_t value)
{
    buf_printf(out, "# HELP beatbook_%s %s\n# TYPE beatbook_%s %s\n", name,
               help, name, type);
    buf_printf(out, "beatbook_%s %" PRIu64 "\n", name, value);
}

enum err api_metrics(struct route_call *call)
{
    struct sdb *db = call->council->db;
    struct buf *out = &call->out->body;
    struct sdb_counts n;
    struct sdb_log log;
    enum err err = sdb_counts(db, &n);

    err = err ? err : sdb_log_current(db, &log);
    if (err)
        return err;
    call->out->content_type = "text/plain; version=0.0.4; charset=utf-8";
    put(out, "events_total", "counter", "Events held, ours included.",
        n.events);
    put(out, "quarantined_events", "gauge", "Held, not applied.",
        n.quarantined);
    put(out, "blobs_named", "gauge", "Blobs that events name.", n.blobs);
    put(out, "blobs_held", "gauge", "Of these, how many are here whole.",
        n.blobs_held);
    put(out, "devices", "gauge", "Tablets and kiosks enrolled.", n.devices);
    put(out, "alarms_open", "gauge", "Alarms that nobody closed.", n.alarms);
    put(out, "log_size", "gauge", "Leaves of the current log.", log.size);
    put(out, "log_ordinal", "gauge", "1, and one more for each restart.",
        log.ordinal);
    return ERR_OK;
}
