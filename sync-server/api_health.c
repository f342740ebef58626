#include "sync-server/api_health.h"

#include <inttypes.h>
#include <stdio.h>

static int64_t age_s(const struct council *c, int64_t ms)
{
    const int64_t age = (council_now(c) - ms) / 1000;

    return age > 0 ? age : 0;
}

/* How much could be lost now, in words for an administrator. */
static void put_backup(const struct council *c, char *out, size_t size)
{
    const struct council_backup *b = c->backup;
    int at;

    if (b == NULL) {
        snprintf(out, size,
                 "\nbackup: none is made; losing this disk loses all that no "
                 "tablet holds");
        return;
    }
    if (b->shipped_ms == 0) {
        at = snprintf(out, size, "\nbackup: the first is being made");
    } else {
        at = snprintf(out, size, "\nbackup: complete up to %" PRId64 " s ago",
                      age_s(c, b->shipped_ms));
    }
    if (b->verified_ms == 0) {
        at += snprintf(out + at, size - (size_t)at, "; none was verified yet");
    } else {
        at += snprintf(out + at, size - (size_t)at,
                       "; verified up to %" PRId64 " s ago",
                       age_s(c, b->verified_ms));
    }
    if (b->err) {
        snprintf(out + at, size - (size_t)at, "; the last try failed: %s",
                 err_text(b->err));
    }
}

/* Answers only when the database answers. */
enum err api_healthz(struct route_call *call)
{
    struct sdb_counts counts;
    char text[320] = "ok";
    enum err err = sdb_counts(call->council->db, &counts);

    put_backup(call->council, text + 2, sizeof(text) - 2);
    return err ? err : route_reply_text(call, 200, text);
}

static void put(struct buf *out, const char *name, const char *type,
                const char *help, uint64_t value)
{
    buf_printf(out, "# HELP beatbook_%s %s\n# TYPE beatbook_%s %s\n", name,
               help, name, type);
    buf_printf(out, "beatbook_%s %" PRIu64 "\n", name, value);
}

/* Absent rather than wrong where there is none. */
static void put_ages(const struct council *c, struct buf *out)
{
    const struct council_backup *b = c->backup;

    if (b != NULL && b->shipped_ms > 0) {
        put(out, "backup_age_seconds", "gauge",
            "Commits before this are in the backup.",
            (uint64_t)age_s(c, b->shipped_ms));
    }
    if (b != NULL && b->verified_ms > 0) {
        put(out, "backup_verified_age_seconds", "gauge",
            "Age of the newest state that was restored and checked.",
            (uint64_t)age_s(c, b->verified_ms));
    }
    put(out, "backup_failed", "gauge", "1: the last try failed, or none is on.",
        b == NULL || b->err != ERR_OK);
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
    put_ages(call->council, out);
    put(out, "log_size", "gauge", "Leaves of the current log.", log.size);
    put(out, "log_ordinal", "gauge", "1, and one more for each restart.",
        log.ordinal);
    return ERR_OK;
}
