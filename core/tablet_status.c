/* The status line of beatbookctl: see tablet.h. */
#include "core/event.h"
#include "core/gnss.h"
#include "core/tablet_internal.h"
#include "core/tablet_photos.h"

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

/* --- photos --- */

/* Records whose photos haven't all arrived, as far as they are listed. */
#define INCOMPLETE_MAX 50

struct incomplete {
    struct buf *out;
    unsigned count;
};

static enum err put_incomplete(void *ctx, const struct tablet_item *item)
{
    struct incomplete *to = ctx;
    char id[UUID_TEXT_SIZE];

    uuid_format(&item->id, id);
    buf_printf(to->out,
               "%s{\"record\":\"%s\",\"photos\":%u,"
               "\"photos_held\":%u}",
               to->count > 0 ? "," : "", id, item->photos, item->photos_held);
    return ++to->count == INCOMPLETE_MAX ? ERR_STOPPED : to->out->err;
}

static enum err put_photos(struct tablet *t, const struct evlog_counts *c,
                           struct buf *out)
{
    struct incomplete incomplete = { .out = out };
    struct tablet_photo_counts p;
    enum err err = tablet_photo_counts(t, &p);

    if (err) {
        return err;
    }
    buf_printf(out,
               "\"photos\":{\"made\":%llu,\"held\":%llu,\"waiting\":%llu},"
               "\"files\":{\"made\":%llu,\"held\":%llu,\"waiting\":%llu},",
               (unsigned long long)p.made, (unsigned long long)p.held,
               (unsigned long long)(p.made - p.held),
               (unsigned long long)c->blobs_own,
               (unsigned long long)c->blobs_held,
               (unsigned long long)(c->blobs_own - c->blobs_held));
    buf_printf(out,
               "\"others_photos\":{\"known\":%llu,\"here\":%llu,"
               "\"asked\":%llu},\"incomplete\":[",
               (unsigned long long)p.others, (unsigned long long)p.here,
               (unsigned long long)p.asked);
    err = tablet_photos_incomplete(t, put_incomplete, &incomplete);
    buf_put_text(out, "],");
    return err;
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
    err = put_photos(t, &c, out);
    if (err) {
        return err;
    }
    buf_printf(out,
               "\"last_receipt_ms\":%lld,\"restored\":%s,"
               "\"device\":\"%s\",\"incarnation\":\"%s\"}",
               (long long)c.last_ack_ms,
               evlog_was_restored(t->log) ? "true" : "false", device,
               incarnation);
    return out->err;
}
