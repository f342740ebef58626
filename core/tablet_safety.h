/*
 * tablet_safety.h - a call for help, and the promise to say "I'm OK" again.
 * Both are events: what the server has it can act on by itself, whatever
 * becomes of the tablet afterwards.
 */
#ifndef CORE_TABLET_SAFETY_H
#define CORE_TABLET_SAFETY_H

#include "core/body.h"
#include "core/tablet.h"

/*
 * "I'm OK", and when it will be said again (UTC; 0: no more). A line of the
 * running patrol; ERR_NOT_FOUND when none runs. `place` may be NULL.
 */
MUST_USE enum err tablet_check_in(struct tablet *t, int64_t next_ms,
                                  const struct body_place *place);
/* The same at a patrol's start: the promise only, nobody has said it yet. */
MUST_USE enum err tablet_check_in_begin(struct tablet *t, int64_t next_ms,
                                        const struct body_place *place);

struct tablet_welfare {
    int64_t next_ms; /* promised last, UTC; 0: nothing is */
    bool is_held;    /* the server has that promise */
};
/* Of the running patrol. ERR_NOT_FOUND when none runs. */
MUST_USE enum err tablet_welfare(struct tablet *t, struct tablet_welfare *out);

/* A call for help by whoever used this tablet last. `place` may be NULL. */
MUST_USE enum err tablet_sos(struct tablet *t, const struct body_place *place,
                             struct uuid *record_out);

enum tablet_sos_state {
    TABLET_SOS_WAITING = 1, /* on this tablet only */
    TABLET_SOS_HELD,        /* the server has it, and shows it */
    TABLET_SOS_ANSWERED     /* somebody in the control room took it */
};
MUST_USE enum err tablet_sos_state(struct tablet *t, const struct uuid *record,
                                   enum tablet_sos_state *out);

#endif /* CORE_TABLET_SAFETY_H */
