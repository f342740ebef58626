#include "core/tablet_track.h"

#include <string.h>

#include "core/policy.h"
#include "core/tablet_internal.h"

#define MINUTE_MS ((uint64_t)60000)

/* --- in the store --- */

enum err tablet_track_put(struct tablet *t, const struct track_point *points,
                          size_t count)
{
    struct evlog_new e = { .officer = t->officer,
                           .kind = KIND_TRACK,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct tablet_save s;
    struct body_writer w;
    struct buf fixes;
    bool is_paused;
    enum err err;

    if (count == 0) {
        return ERR_OK;
    }
    body_begin(&w);
    err = tablet_patrol_find(t, &w.parent, &is_paused);
    err = err ? err : tablet_new_id(t, &e.record);
    if (err) {
        body_fini(&w);
        return err;
    }
    w.parent_field = TRACK_FIXES;
    buf_init(&fixes, BODY_MAX_BYTES / 2);
    track_put(&fixes, points, count);
    body_put_bytes(&w, TRACK_FIXES, buf_bytes(&fixes));
    tablet_save_init(&s, t);
    s.err = fixes.err;
    tablet_save_add(&s, &e, &w, TIER_OPEN, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    buf_fini(&fixes);
    return err;
}

static const char sql_track[] =
    "SELECT f.value FROM record r JOIN field f ON f.record = r.id"
    " AND f.field = ?3 AND f.ordinal = 0 WHERE r.parent = ?1 AND r.kind = ?2"
    " AND r.is_own = 1 AND f.value IS NOT NULL ORDER BY r.created_hlc";

enum err tablet_track(struct tablet *t, const struct uuid *patrol, track_fn fn,
                      void *ctx)
{
    struct cbor_reader r;
    struct bytes fixes;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_track, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, patrol);
    db_bind_int(st, 2, KIND_TRACK);
    db_bind_int(st, 3, TRACK_FIXES);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        cbor_open_gated(&r, db_get_bytes(st, 0));
        fixes = cbor_get_bytes(&r);
        err = r.err ? ERR_OK : track_parse(fixes, fn, ctx);
        if (err && err != ERR_BAD_DATA) { /* one bad page hides no other */
            sqlite3_reset(st);
            return err;
        }
    }
}

/* --- what it comes to --- */

struct reader {
    struct tablet_way *way;
    struct track_point last;
    bool has_last;
};

static uint64_t after(int64_t from_ms, int64_t to_ms)
{
    return to_ms > from_ms ? (uint64_t)(to_ms - from_ms) : 0;
}

static void add_gap(struct tablet_way *way, enum track_cause cause, uint64_t ms)
{
    if (cause == TRACK_PAUSED) {
        way->paused_ms += ms;
        return;
    }
    way->gaps++;
    way->gap_ms += ms;
    if (ms >= way->longest_ms) {
        way->longest_ms = ms;
        way->longest_cause = cause;
    }
}

static void open_ends(struct tablet_way *way, const struct track_point *p,
                      uint64_t ms, enum track_cause cause)
{
    if (ms <= TRACK_GAP_MS) {
        return;
    }
    add_gap(way, cause, ms);
    for (size_t i = 0; i < way->hotspot_count; i++) {
        dwell_open_end(&way->hotspots[i].dwell, way->hotspots[i].area, p, ms);
    }
}

/* Not one position: the officer may have been anywhere all the time. */
static void unknown(struct tablet_way *way, uint64_t ms)
{
    if (ms > TRACK_GAP_MS) {
        add_gap(way, TRACK_NO_FIX, ms);
    }
    for (size_t i = 0; i < way->hotspot_count; i++) {
        way->hotspots[i].dwell.high_ms = ms;
    }
}

static bool is_way(const struct track_point *to)
{
    return !to->is_still && to->cause != TRACK_PAUSED &&
           to->cause != TRACK_JUMP;
}

static enum err take_point(void *ctx, const struct track_point *p)
{
    struct reader *r = ctx;
    struct tablet_way *way = r->way;

    way->points++;
    way->is_simulated |= p->is_simulated;
    if (!r->has_last) {
        open_ends(way, p, after(way->started_ms, p->at_ms),
                  p->cause != TRACK_NO_GAP ? p->cause : TRACK_NO_FIX);
    } else {
        if (p->cause != TRACK_NO_GAP) {
            add_gap(way, p->cause, after(r->last.at_ms, p->at_ms));
        }
        if (is_way(p)) {
            way->distance_mm += (uint64_t)geo_distance_mm(r->last.pos, p->pos);
        }
        for (size_t i = 0; i < way->hotspot_count; i++) {
            dwell_step(&way->hotspots[i].dwell, way->hotspots[i].area, &r->last,
                       p);
        }
    }
    r->last = *p;
    r->has_last = true;
    return ERR_OK;
}

static enum err list_hotspots(struct tablet *t, const char *day,
                              struct tablet_way *way)
{
    const struct area_list *all;
    const enum err err = tablet_areas(t, &all);

    if (err) {
        return err;
    }
    for (size_t i = 0; i < all->count; i++) {
        const struct area *a = &all->list[i];

        if (a->kind == AREA_HOTSPOT && area_holds_on(a, day) &&
            way->hotspot_count < TABLET_HOTSPOTS_MAX) {
            way->hotspots[way->hotspot_count++].area = a;
        }
    }
    return ERR_OK;
}

enum err tablet_way_read(struct tablet *t, const struct track *more,
                         const char *day, int64_t now_ms,
                         struct tablet_way *way)
{
    struct reader r = { .way = way };
    const int64_t end_ms = way->ended_ms != 0 ? way->ended_ms : now_ms;
    const struct tablet_way given = *way;
    struct policy policy;
    enum err err;

    *way = (struct tablet_way){ .patrol = given.patrol,
                                .started_ms = given.started_ms,
                                .ended_ms = given.ended_ms };
    err = list_hotspots(t, day, way);
    err = err ? err : tablet_track(t, &way->patrol, take_point, &r);
    for (size_t i = 0; more != NULL && i < more->count && !err; i++) {
        err = take_point(&r, &more->points[i]);
    }
    if (err) {
        return err;
    }
    if (more != NULL && more->has_last && r.has_last &&
        more->last.at_ms > r.last.at_ms) {
        err = take_point(&r, &more->last); /* till now */
    }
    if (err) {
        return err;
    }
    if (r.has_last) {
        open_ends(way, &r.last, after(r.last.at_ms, end_ms), TRACK_NO_FIX);
    } else {
        unknown(way, after(way->started_ms, end_ms));
    }
    err = tablet_policy(t, &policy);
    for (size_t i = 0; i < way->hotspot_count && !err; i++) {
        dwell_cap(&way->hotspots[i].dwell, policy.hotspot_cap_ms);
    }
    way->seen_ms = after(way->started_ms, end_ms);
    way->seen_ms -= way->paused_ms < way->seen_ms ? way->paused_ms : 0;
    return err;
}

void tablet_way_text(const struct tablet_way *way, struct buf *out)
{
    for (size_t i = 0; i < way->hotspot_count; i++) {
        const struct tablet_hotspot *h = &way->hotspots[i];

        buf_printf(out, "%s%s %u-%u-%u/%d%s%s", i > 0 ? "; " : "", h->area->id,
                   (unsigned)(h->dwell.low_ms / MINUTE_MS),
                   (unsigned)(h->dwell.best_ms / MINUTE_MS),
                   (unsigned)(h->dwell.high_ms / MINUTE_MS),
                   h->area->goal_minutes, h->reason[0] != '\0' ? " " : "",
                   h->reason);
    }
}
