#include "core/track.h"

#include <string.h>

#include "core/cbor.h"

enum { KEY_FROM = 1, KEY_FIXES = 2 };
enum { FLAG_STILL = 1, FLAG_SIMULATED = 2, CAUSE_SHIFT = 4 };

void track_init(struct track *t, enum track_cause cause)
{
    memset(t, 0, sizeof(*t));
    t->cause = cause;
}

/* --- may it be true? --- */

static uint32_t slack_mm(uint32_t a_mm, uint32_t b_mm)
{
    const uint32_t a = a_mm > 0 ? a_mm : TRACK_ACCURACY_UNKNOWN_MM;
    const uint32_t b = b_mm > 0 ? b_mm : TRACK_ACCURACY_UNKNOWN_MM;

    return a > TRACK_SLACK_MAX_MM || b > TRACK_SLACK_MAX_MM - a
               ? TRACK_SLACK_MAX_MM
               : a + b;
}

struct leg {
    const struct track_point *from;
    uint64_t from_mono;
    uint32_t speed_mm_s; /* at its start */
};

/* mm/s between the two beyond what the accuracies explain. */
static uint64_t speed_of(const struct leg *leg, const struct track_sample *s)
{
    const uint64_t dt = s->mono_ms - leg->from_mono;
    const uint64_t far = (uint64_t)geo_distance_mm(leg->from->pos, s->pos);
    const uint64_t slack = slack_mm(leg->from->accuracy_mm, s->accuracy_mm);

    return far <= slack || dt == 0 ? 0 : (far - slack) * 1000 / dt;
}

/* Nobody gets faster by more than TRACK_ACCEL_MM_S2 each second. */
static bool is_plausible(const struct leg *leg, const struct track_sample *s)
{
    const uint64_t dt = s->mono_ms - leg->from_mono;
    const uint64_t gained =
        dt / 1000 * TRACK_ACCEL_MM_S2 + dt % 1000 * TRACK_ACCEL_MM_S2 / 1000;
    uint64_t most = leg->speed_mm_s + gained;

    most = most > TRACK_SPEED_MAX_MM_S ? TRACK_SPEED_MAX_MM_S : most;
    return speed_of(leg, s) <= most;
}

static struct track_point point_of(const struct track_sample *s)
{
    return (struct track_point){ .at_ms = s->wall_ms,
                                 .pos = s->pos,
                                 .accuracy_mm = s->accuracy_mm,
                                 .is_simulated = s->is_simulated };
}

/* One that is too far: believed when enough of them agree. */
static bool is_believed(struct track *t, const struct track_sample *s)
{
    const struct leg leg = { &t->doubtful, t->doubtful_mono,
                             TRACK_SPEED_MAX_MM_S };

    t->doubts = t->doubts > 0 && is_plausible(&leg, s) ? t->doubts + 1 : 1;
    t->doubtful = point_of(s);
    t->doubtful_mono = s->mono_ms;
    return t->doubts >= TRACK_DOUBTS_MAX;
}

/* --- still or moving --- */

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void watch_motion(struct track *t, const struct track_sample *s,
                         bool is_new)
{
    const uint32_t radius = larger(TRACK_STILL_MM, s->accuracy_mm);

    if (is_new || geo_distance_mm(t->anchor.pos, s->pos) > (int64_t)radius) {
        t->anchor = point_of(s);
        t->anchor_mono = s->mono_ms;
        t->is_still = false;
    } else if (s->mono_ms - t->anchor_mono >= TRACK_STILL_AFTER_MS) {
        t->is_still = true;
    }
}

/* --- what is kept --- */

static bool is_worth_keeping(const struct track *t,
                             const struct track_sample *s)
{
    const uint64_t since = s->mono_ms - t->kept_mono;

    if (!t->has_kept || t->cause != TRACK_NO_GAP) {
        return true;
    }
    if (t->is_still) {
        return since >= TRACK_STILL_EACH_MS || !t->kept.is_still;
    }
    return since >= TRACK_EACH_MS ||
           geo_distance_mm(t->kept.pos, s->pos) >=
               (int64_t)larger(TRACK_STEP_MM, s->accuracy_mm / 2);
}

/* What was walked off patrol, or never walked, is no distance. */
static bool counts_as_way(const struct track *t)
{
    return t->has_kept && !t->is_still && t->cause != TRACK_PAUSED &&
           t->cause != TRACK_JUMP;
}

static void keep(struct track *t, const struct track_sample *s)
{
    struct track_point p = point_of(s);

    p.is_still = t->is_still;
    p.cause = t->cause;
    if (t->count > 0) { /* a duration, whatever was done to the wall clock */
        p.at_ms = t->points[0].at_ms + (int64_t)(s->mono_ms - t->first_mono);
    } else {
        t->first_mono = s->mono_ms;
    }
    if (counts_as_way(t)) {
        t->distance_mm += (uint64_t)geo_distance_mm(t->kept.pos, s->pos);
    }
    if (t->count < TRACK_BATCH_POINTS) {
        t->points[t->count++] = p;
    }
    t->kept = p;
    t->kept_mono = s->mono_ms;
    t->has_kept = true;
    t->cause = TRACK_NO_GAP;
}

/* What is known up to a gap, or to the end, belongs to the track. */
static void keep_last(struct track *t)
{
    const struct track_sample s = { .mono_ms = t->last_mono,
                                    .wall_ms = t->last.at_ms,
                                    .pos = t->last.pos,
                                    .accuracy_mm = t->last.accuracy_mm,
                                    .is_simulated = t->last.is_simulated };

    if (t->has_last && t->has_kept && t->last_mono > t->kept_mono) {
        keep(t, &s);
    }
}

static void open_gap(struct track *t, const struct track_sample *s)
{
    /* Before the first position there is nothing to be silent after. */
    const bool is_silent =
        t->has_last ? s->mono_ms - t->last_mono > TRACK_GAP_MS : !s->has_fix;

    if (t->cause == TRACK_NO_GAP && is_silent) {
        keep_last(t);
        t->cause = s->has_receiver ? TRACK_NO_FIX : TRACK_NO_RECEIVER;
    }
}

enum track_verdict track_feed(struct track *t, const struct track_sample *s)
{
    const struct leg leg = { &t->last, t->last_mono, t->speed_mm_s };
    bool is_first = !t->has_last;

    if (!s->has_fix) {
        open_gap(t, s);
        return TRACK_NOTHING;
    }
    if (!geo_pos_is_valid(s->pos) ||
        (t->has_last && s->mono_ms <= t->last_mono)) {
        return TRACK_NOTHING;
    }
    open_gap(t, s);
    if (!is_first && !is_plausible(&leg, s)) {
        if (!is_believed(t, s)) {
            t->dropped++;
            return TRACK_DROPPED;
        }
        keep_last(t);
        t->cause = TRACK_JUMP;
        is_first = true;
    }
    t->doubts = 0;
    t->speed_mm_s =
        is_first ? 0 : (uint32_t)((t->speed_mm_s + speed_of(&leg, s)) / 2);
    watch_motion(t, s, is_first || t->cause != TRACK_NO_GAP);
    t->last = point_of(s);
    t->last.is_still = t->is_still;
    t->last_mono = s->mono_ms;
    t->has_last = true;
    if (!is_worth_keeping(t, s)) {
        return TRACK_SEEN;
    }
    keep(t, s);
    return TRACK_KEPT;
}

void track_close(struct track *t)
{
    keep_last(t);
}

bool track_is_due(const struct track *t, uint64_t mono_ms)
{
    return t->count == TRACK_BATCH_POINTS ||
           (t->count > 0 && mono_ms >= t->first_mono &&
            mono_ms - t->first_mono >= TRACK_BATCH_MS);
}

void track_taken(struct track *t)
{
    t->count = 0;
}

/* --- as bytes --- */

void track_put(struct buf *out, const struct track_point *points, size_t count)
{
    struct track_point before = { .at_ms = count > 0 ? points[0].at_ms : 0 };

    cbor_put_map(out, 2);
    cbor_put_uint(out, KEY_FROM);
    cbor_put_int(out, before.at_ms);
    cbor_put_uint(out, KEY_FIXES);
    cbor_put_array(out, count);
    for (size_t i = 0; i < count; i++) {
        const struct track_point *p = &points[i];
        const int64_t dt = p->at_ms - before.at_ms;

        cbor_put_array(out, 5);
        cbor_put_uint(out, dt > 0 ? (uint64_t)dt : 0);
        cbor_put_int(out, (int64_t)p->pos.lat_e7 - before.pos.lat_e7);
        cbor_put_int(out, (int64_t)p->pos.lon_e7 - before.pos.lon_e7);
        cbor_put_uint(out, p->accuracy_mm);
        cbor_put_uint(out, (p->is_still ? FLAG_STILL : 0U) |
                               (p->is_simulated ? FLAG_SIMULATED : 0U) |
                               (unsigned)p->cause << CAUSE_SHIFT);
        before = *p;
    }
}

static bool add(int32_t *to, int64_t difference)
{
    const int64_t sum = *to + difference;

    *to = (int32_t)sum;
    return difference >= -2 * (int64_t)GEO_LON_MAX_E7 &&
           difference <= 2 * (int64_t)GEO_LON_MAX_E7 && sum >= INT32_MIN &&
           sum <= INT32_MAX;
}

static enum err parse_fix(struct cbor_reader *r, struct track_point *p)
{
    const bool is_five = cbor_get_array(r) == 5;
    const uint64_t dt = cbor_get_uint_max(r, TRACK_DURATION_MAX_MS);
    const int64_t lat = cbor_get_int(r), lon = cbor_get_int(r);
    uint64_t flags;

    p->accuracy_mm = (uint32_t)cbor_get_uint_max(r, UINT32_MAX);
    flags = cbor_get_uint_max(r, UINT32_MAX);
    if (r->err) {
        return r->err;
    }
    p->at_ms += (int64_t)dt;
    p->is_still = (flags & FLAG_STILL) != 0;
    p->is_simulated = (flags & FLAG_SIMULATED) != 0;
    /* A cause that a newer version knows is a gap all the same. */
    flags >>= CAUSE_SHIFT;
    p->cause =
        flags < TRACK_CAUSE__COUNT ? (enum track_cause)flags : TRACK_NO_FIX;
    return is_five && add(&p->pos.lat_e7, lat) && add(&p->pos.lon_e7, lon) &&
                   geo_pos_is_valid(p->pos)
               ? ERR_OK
               : ERR_BAD_DATA;
}

enum err track_parse(struct bytes in, track_fn fn, void *ctx)
{
    struct track_point p = { 0 };
    struct cbor_reader r;
    size_t count;
    enum err err;

    cbor_open(&r, in);
    if (cbor_get_map(&r) != 2 || cbor_get_uint(&r) != KEY_FROM) {
        return ERR_BAD_DATA;
    }
    p.at_ms = cbor_get_int(&r);
    if (cbor_get_uint(&r) != KEY_FIXES || p.at_ms < -TRACK_TIME_MAX_MS ||
        p.at_ms > TRACK_TIME_MAX_MS) {
        return ERR_BAD_DATA;
    }
    count = cbor_get_array(&r);
    err = r.err ? ERR_BAD_DATA : ERR_OK;
    for (size_t i = 0; i < count && !err; i++) {
        err = parse_fix(&r, &p);
        err = err ? err : fn(ctx, &p);
    }
    return err ? err : cbor_close(&r);
}
