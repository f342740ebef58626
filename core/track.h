/*
 * track.h - where a patrol went: out of what the receiver says each second,
 * the positions worth keeping, and why there are none where there are none.
 *
 *   MOVING  a position each 8 m (or half its accuracy), at least each 15 s
 *   STILL   within 15 m (or its accuracy) for a minute: one a minute
 *
 * A position that nobody could have reached since the last one is dropped;
 * five that agree with each other are believed, behind a gap. Durations are
 * of the monotonic clock: a wall clock that is set changes none.
 */
#ifndef CORE_TRACK_H
#define CORE_TRACK_H

#include "core/buf.h"
#include "core/geo.h"
#include "core/limits.h"

/* Why nothing is known between two positions. Stored: append only. */
enum track_cause {
    TRACK_NO_GAP = 0,
    TRACK_NO_RECEIVER = 1, /* none there, or it fell silent */
    TRACK_NO_FIX = 2,      /* it saw too few satellites */
    TRACK_STOPPED = 3,     /* the tablet or the program was off */
    TRACK_PAUSED = 4,      /* by the officer; not on patrol */
    TRACK_JUMP = 5,        /* positions that can't both be right */
    TRACK_CAUSE__COUNT
};

struct track_point {
    int64_t at_ms; /* UTC */
    struct geo_pos pos;
    uint32_t accuracy_mm; /* 0: the receiver gave none */
    bool is_still;
    bool is_simulated;
    enum track_cause cause; /* of the gap before it */
};

/* One look at the receiver. */
struct track_sample {
    uint64_t mono_ms; /* when the position was taken */
    int64_t wall_ms;  /* the same, UTC */
    bool has_receiver;
    bool has_fix; /* of now; else the rest is not read */
    struct geo_pos pos;
    uint32_t accuracy_mm;
    bool is_simulated;
};

enum track_verdict {
    TRACK_NOTHING, /* no fix, or nothing new */
    TRACK_SEEN,    /* believed, and near the one kept last */
    TRACK_KEPT,
    TRACK_DROPPED /* too far to be true */
};

struct track {
    struct track_point points[TRACK_BATCH_POINTS]; /* kept, not yet taken */
    size_t count;
    uint64_t distance_mm; /* on patrol, of all that was kept */
    uint32_t dropped;
    struct track_point last; /* believed */
    /* The rest is how it decides. */
    struct track_point kept, anchor, doubtful;
    uint64_t last_mono, kept_mono, anchor_mono, doubtful_mono;
    uint64_t first_mono; /* of points[0] */
    uint32_t speed_mm_s;
    unsigned doubts;
    enum track_cause cause; /* of a gap that is open */
    bool has_last, has_kept, is_still;
};

/* A new track, or one that goes on after `cause`. */
void track_init(struct track *t, enum track_cause cause);
enum track_verdict track_feed(struct track *t, const struct track_sample *s);
/* The position believed last is kept too: a patrol ends where it ended. */
void track_close(struct track *t);
/* The kept points are to be stored: enough of them, or old enough. */
bool track_is_due(const struct track *t, uint64_t mono_ms);
void track_taken(struct track *t); /* they are stored */

/*
 * track = { 1 => ms, 2 => [ + fix ] }
 * fix   = [ uint, int, int, uint, uint ]
 * ms since the one before (the first: since 1), latitude and longitude as
 * differences to the one before (the first: whole), accuracy in mm, and
 * 1 still + 2 simulated + 16 x the cause of the gap before it.
 */
void track_put(struct buf *out, const struct track_point *points, size_t count);
typedef enum err (*track_fn)(void *ctx, const struct track_point *p);
/* ERR_BAD_DATA unless of that shape; an error of `fn` ends it. */
MUST_USE enum err track_parse(struct bytes in, track_fn fn, void *ctx);

#endif /* CORE_TRACK_H */
