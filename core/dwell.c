#include "core/dwell.h"

enum dwell_side dwell_side(const struct area *a, const struct track_point *p)
{
    const int64_t accuracy = p->accuracy_mm > 0
                                 ? (int64_t)p->accuracy_mm
                                 : (int64_t)TRACK_ACCURACY_UNKNOWN_MM;
    const bool is_in = geo_shape_has(&a->ground.shape, p->pos);
    const bool is_sure = geo_shape_edge_mm(&a->ground.shape, p->pos) > accuracy;

    if (is_in) {
        return is_sure ? DWELL_IN : DWELL_MAYBE_IN;
    }
    return is_sure ? DWELL_OUT : DWELL_MAYBE_OUT;
}

static void enter(struct dwell *d, enum dwell_side side)
{
    const bool is_in = side >= DWELL_MAYBE_IN;

    d->visits += is_in && !d->is_in;
    d->is_in = is_in;
}

void dwell_step(struct dwell *d, const struct area *a,
                const struct track_point *from, const struct track_point *to)
{
    const enum dwell_side at_from = dwell_side(a, from);
    const enum dwell_side at_to = dwell_side(a, to);
    const uint64_t ms =
        to->at_ms > from->at_ms ? (uint64_t)(to->at_ms - from->at_ms) : 0;
    const unsigned inside =
        (at_from >= DWELL_MAYBE_IN) + (unsigned)(at_to >= DWELL_MAYBE_IN);

    enter(d, at_from);
    enter(d, at_to);
    if (to->cause == TRACK_PAUSED) {
        return;
    }
    if (to->cause == TRACK_NO_GAP) {
        d->low_ms += at_from == DWELL_IN && at_to == DWELL_IN ? ms : 0;
        d->best_ms += ms * inside / 2;
    } else if (inside == 2) {
        d->best_ms += ms;
    }
    if (at_from != DWELL_OUT || at_to != DWELL_OUT) {
        d->high_ms += ms;
    }
}

void dwell_open_end(struct dwell *d, const struct area *a,
                    const struct track_point *p, uint64_t ms)
{
    const enum dwell_side side = dwell_side(a, p);

    enter(d, side);
    d->high_ms += side != DWELL_OUT ? ms : 0;
}

static uint64_t at_most(uint64_t ms, uint64_t most_ms)
{
    return ms < most_ms ? ms : most_ms;
}

void dwell_cap(struct dwell *d, uint64_t most_ms)
{
    d->low_ms = at_most(d->low_ms, most_ms);
    d->best_ms = at_most(d->best_ms, most_ms);
    d->high_ms = at_most(d->high_ms, most_ms);
}
