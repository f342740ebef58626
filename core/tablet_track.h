/*
 * tablet_track.h - the way of a patrol, as it is stored, and what it comes
 * to: distance, gaps, minutes in each hotspot.
 */
#ifndef CORE_TABLET_TRACK_H
#define CORE_TABLET_TRACK_H

#include "core/dwell.h"
#include "core/tablet_list.h"

/* One event of these positions, a child of the officer's running patrol.
 * ERR_NOT_FOUND when none runs: nothing is ever stored outside one. */
MUST_USE enum err tablet_track_put(struct tablet *t,
                                   const struct track_point *points,
                                   size_t count);
/* Each stored position of a patrol of this tablet, in order. */
MUST_USE enum err tablet_track(struct tablet *t, const struct uuid *patrol,
                               track_fn fn, void *ctx);

struct tablet_hotspot {
    const struct area *area;
    struct dwell dwell;            /* capped */
    char reason[TABLET_CODE_SIZE]; /* why there was no visit; "" */
};

struct tablet_way {
    struct uuid patrol;
    int64_t started_ms, ended_ms; /* ended 0: till now */
    uint64_t distance_mm;
    unsigned gaps;      /* pauses are none */
    uint64_t gap_ms;    /* all of them */
    uint64_t paused_ms; /* between two positions */
    uint64_t seen_ms;   /* from the start to the end, without pauses */
    enum track_cause longest_cause;
    uint64_t longest_ms;
    unsigned points;
    bool is_simulated; /* at least one position is */
    struct tablet_hotspot hotspots[TABLET_HOTSPOTS_MAX];
    size_t hotspot_count;
};

/*
 * What the stored track comes to, and `more` points behind it that aren't
 * stored yet (may be NULL), until `now_ms` or the patrol's end. Hotspots
 * are those that hold on `day`, visited or not; areas stay tablet_areas()'.
 * `way->patrol`, `started_ms` and `ended_ms` are given.
 */
MUST_USE enum err tablet_way_read(struct tablet *t, const struct track *more,
                                  const char *day, int64_t now_ms,
                                  struct tablet_way *way);
/* "market-place 20-22-24/15; tanners-row 0-0-0/15 incident": whole minutes,
 * low, best, high, the goal, a reason; as the patrol's end event has it. */
void tablet_way_text(const struct tablet_way *way, struct buf *out);

#endif /* CORE_TABLET_TRACK_H */
