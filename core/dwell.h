/*
 * dwell.h - how long a patrol was in one area: low to high, as far as a
 * position with an accuracy can tell.
 *
 *   low   surely inside: farther from the edge than the accuracy, at both
 *         ends of a step without a gap
 *   best  inside by the position as it is; half of a step that crosses
 *   high  perhaps inside at one end, gaps too
 *
 * A pause counts nowhere, and nothing counts beyond a cap: hours in one
 * place are another thing than patrol.
 */
#ifndef CORE_DWELL_H
#define CORE_DWELL_H

#include "core/area.h"
#include "core/track.h"

struct dwell {
    uint64_t low_ms, best_ms, high_ms;
    unsigned visits; /* times that it was entered */
    bool is_in;
};

/* The step between two positions that follow each other in a track. */
void dwell_step(struct dwell *d, const struct area *a,
                const struct track_point *from, const struct track_point *to);
/* Time before the first position, or behind the last: only perhaps. */
void dwell_open_end(struct dwell *d, const struct area *a,
                    const struct track_point *p, uint64_t ms);
void dwell_cap(struct dwell *d, uint64_t most_ms);

/* Nearer to the edge than its accuracy: neither surely in nor surely out. */
enum dwell_side { DWELL_OUT, DWELL_MAYBE_OUT, DWELL_MAYBE_IN, DWELL_IN };
enum dwell_side dwell_side(const struct area *a, const struct track_point *p);

#endif /* CORE_DWELL_H */
