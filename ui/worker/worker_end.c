/* worker_end.c - the end-of-shift sheet, as the tablet has it. */
#include <string.h>

#include "core/tablet_list.h"
#include "platform/linux/power.h"
#include "ui/kit/tr.h"
#include "ui/worker/worker_internal.h"

#define MINUTE_MS ((uint64_t)60000)
#define MM_IN_M   1000
/* A forecast from less would be a guess. */
#define PACE_MIN_MS      ((uint64_t)20 * 60 * 1000)
#define PACE_MIN_PERCENT 2
/* Gaps over a fifth of the patrol: minutes are "at least". */
#define GAPS_MANY 5

static const char *const whys[TRACK_CAUSE__COUNT] = {
    [TRACK_NO_GAP] = "",
    [TRACK_NO_RECEIVER] = N_("no receiver"),
    [TRACK_NO_FIX] = N_("no satellites in sight"),
    [TRACK_STOPPED] = N_("the tablet was off"),
    [TRACK_PAUSED] = N_("paused"),
    [TRACK_JUMP] = N_("positions that cannot be right"),
};

/* --- the way, as a picture --- */

struct picture {
    struct view_end *v;
    struct geo_box box;
    unsigned every, seen;
    bool is_lifted; /* a gap since the last dot */
};

static enum err take_box(void *ctx, const struct track_point *p)
{
    struct picture *pic = ctx;
    const struct geo_line line = { &p->pos, 1 };

    geo_box_add(&pic->box, &line);
    pic->seen++;
    return ERR_OK;
}

static int thousandth(int64_t at, int64_t from, int64_t size)
{
    return size > 0 ? (int)((at - from) * 1000 / size) : 500;
}

static enum err take_dot(void *ctx, const struct track_point *p)
{
    struct picture *pic = ctx;
    const struct geo_box *b = &pic->box;
    struct view_end *v = pic->v;
    /* At 52 degrees north a degree east is 0.6 of a degree north. */
    const int64_t h = (int64_t)b->max.lat_e7 - b->min.lat_e7;
    const int64_t w = ((int64_t)b->max.lon_e7 - b->min.lon_e7) * 6 / 10;
    const int64_t side = h > w ? h : w;

    pic->is_lifted |= p->cause != TRACK_NO_GAP;
    if (pic->seen++ % pic->every != 0 || v->way_count + 2 > VIEW_WAY) {
        return ERR_OK;
    }
    if (pic->is_lifted && v->way_count > 0) {
        v->way[v->way_count++] = (struct view_dot){ VIEW_LIFT, 0 };
    }
    pic->is_lifted = false;
    v->way[v->way_count++] = (struct view_dot){
        .x = (int16_t)(thousandth(((int64_t)p->pos.lon_e7 - b->min.lon_e7) * 6 /
                                      10,
                                  0, side) +
                       (int)(side > 0 ? (side - w) * 500 / side : 0)),
        .y = (int16_t)(1000 - thousandth(p->pos.lat_e7, b->min.lat_e7, side) -
                       (int)(side > 0 ? (side - h) * 500 / side : 0)),
    };
    return ERR_OK;
}

static void put_picture(struct worker *w, const struct tablet_way *way,
                        struct view_end *v)
{
    struct tablet *t = session_tablet(w->session);
    struct picture pic = { .v = v, .box = geo_box_empty() };

    v->way_count = 0;
    if (tablet_track(t, &way->patrol, take_box, &pic) || pic.seen == 0) {
        return;
    }
    pic.every = pic.seen / (VIEW_WAY * 3 / 4) + 1;
    pic.seen = 0;
    if (tablet_track(t, &way->patrol, take_dot, &pic)) {
        v->way_count = 0;
    }
}

/* --- figures --- */

static void put_hotspots(const struct tablet_way *way, struct view_end *v)
{
    v->hotspot_count = 0;
    v->goals_met = 0;
    for (size_t i = 0; i < way->hotspot_count; i++) {
        const struct tablet_hotspot *h = &way->hotspots[i];
        struct view_hotspot one = {
            .goal = h->area->goal_minutes,
            .low = (int)(h->dwell.low_ms / MINUTE_MS),
            .best = (int)(h->dwell.best_ms / MINUTE_MS),
            .high = (int)(h->dwell.high_ms / MINUTE_MS),
            .is_visited = h->dwell.visits > 0,
        };

        WORKER_PUT(one.id, h->area->id);
        WORKER_PUT(one.name, h->area->name);
        v->goals_met += one.goal > 0 && one.best >= one.goal;
        if (v->hotspot_count < VIEW_HOTSPOTS) {
            v->hotspots[v->hotspot_count++] = one;
        }
    }
}

static void put_way(struct worker *w, struct view_end *v)
{
    struct tablet_way way;

    if (worker_way(w, &way)) {
        return;
    }
    put_hotspots(&way, v);
    put_picture(w, &way, v);
    v->has_track = way.points > 0;
    v->is_simulated = way.is_simulated;
    v->distance_m = (int64_t)(way.distance_mm / MM_IN_M);
    v->gap_count = (int)way.gaps;
    v->gap_minutes = (int)((way.gap_ms + MINUTE_MS / 2) / MINUTE_MS);
    v->is_at_least = way.gap_ms > way.seen_ms / GAPS_MANY;
    WORKER_PUT(v->gap_why, whys[way.longest_cause]);
}

/* At the pace of this patrol. */
static int64_t battery_until(struct worker *w)
{
    const int now = w->views->status.battery_percent;
    const int used = w->battery_at_start - now;
    const uint64_t ms = worker_mono_ms(w) - w->battery_ms;

    if (!w->is_tracking || now < 0 || used < PACE_MIN_PERCENT ||
        ms < PACE_MIN_MS) {
        return 0;
    }
    return worker_now_ms(w) + (int64_t)ms / used * now;
}

void worker_show_end(struct worker *w)
{
    struct view_end *v = &w->views->end;
    struct tablet *t = session_tablet(w->session);
    struct evlog_counts counts;
    struct tablet_summary p;

    if (tablet_summary(t, &p)) {
        return;
    }
    v->started_ms = worker_local_ms(w, p.started_ms);
    v->ended_ms = worker_local_ms(w, p.ended_ms);
    WORKER_PUT(v->beat, p.area);
    v->observations = (int)p.observations;
    v->notices = (int)p.notices;
    v->photos = (int)p.photos;
    v->entries = (int)p.entries;
    v->made_count = (int)p.made;
    v->stored_count = (int)p.stored;
    v->waiting_count = (int)p.waiting;
    v->draft_count = (int)p.drafts;
    if (evlog_counts(tablet_log(t), &counts) == ERR_OK && counts.waiting == 0 &&
        counts.blobs_held == counts.blobs_own) {
        v->waiting_count = 0;
    }
    put_way(w, v);
    v->page = w->views->notebook.page_count;
    v->unsigned_lines =
        w->views->notebook.total_count - w->views->notebook.signature.to;
    memset(&v->signature, 0, sizeof(v->signature));
    if (p.ended_ms != 0) {
        worker_read_signs(w, &p.patrol, &v->signature, NULL);
    }
    v->free_bytes = power_free_bytes(w->options->dir);
    v->battery_until_ms = battery_until(w);
    worker_post(w, VIEW_END, v);
}
