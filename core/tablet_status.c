/* The status line of beatbookctl: see tablet.h. */
#include "core/event.h"
#include "core/gnss.h"
#include "core/tablet_internal.h"

/* Own events with the receiver's time in their header, and what the other
 * clocks say to it: flagged, never corrected. */
struct clocks {
    uint64_t with_gnss, weeks_off, differ;
};

static enum err compare_clocks(void *ctx, const struct evlog_event *e)
{
    struct clocks *c = ctx;
    struct event_header h;
    struct gnss_check check;

    if (event_header_parse(e->header, &h) || !h.has_gnss) {
        return ERR_OK;
    }
    gnss_compare(h.wall_ms, h.gnss_ms, &check);
    c->with_gnss++;
    c->weeks_off += check.verdict == GNSS_WEEKS_OFF;
    c->differ += check.verdict == GNSS_DIFFERS;
    return ERR_OK;
}

struct clock_walk {
    struct evlog *log;
    struct clocks clocks;
};

static enum err walk_chain(void *ctx, const struct evlog_chain *chain)
{
    struct clock_walk *w = ctx;

    return evlog_own(w->log, &chain->incarnation, 1, SIZE_MAX / 2,
                     compare_clocks, &w->clocks);
}

enum err tablet_status_json(struct tablet *t, struct buf *out)
{
    const struct evlog_identity *id = evlog_identity(t->log);
    char device[UUID_TEXT_SIZE], incarnation[UUID_TEXT_SIZE];
    struct clock_walk w = { .log = t->log };
    struct evlog_counts c;
    enum err err = evlog_counts(t->log, &c);

    if (!err) {
        err = evlog_chains(t->log, walk_chain, &w);
    }
    if (err) {
        return err;
    }
    uuid_format(&id->device, device);
    uuid_format(&id->incarnation, incarnation);
    buf_printf(out,
               "{\"events\":%llu,\"waiting\":%llu,\"acknowledged\":%llu,"
               "\"quarantined\":%llu,\"received\":%llu,\"conflicts\":%llu,",
               (unsigned long long)c.own, (unsigned long long)c.waiting,
               (unsigned long long)c.acknowledged,
               (unsigned long long)c.quarantined,
               (unsigned long long)c.received, (unsigned long long)c.conflicts);
    buf_printf(out,
               "\"clocks\":{\"with_gnss\":%llu,\"gnss_weeks_off\":%llu,"
               "\"gnss_differs\":%llu},",
               (unsigned long long)w.clocks.with_gnss,
               (unsigned long long)w.clocks.weeks_off,
               (unsigned long long)w.clocks.differ);
    buf_printf(
        out,
        "\"photos\":{\"made\":%llu,\"held\":%llu,\"waiting\":%llu},"
        "\"last_receipt_ms\":%lld,\"restored\":%s,"
        "\"device\":\"%s\",\"incarnation\":\"%s\"}",
        (unsigned long long)c.blobs_own, (unsigned long long)c.blobs_held,
        (unsigned long long)(c.blobs_own - c.blobs_held),
        (long long)c.last_ack_ms, evlog_was_restored(t->log) ? "true" : "false",
        device, incarnation);
    return out->err;
}
