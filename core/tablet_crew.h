/*
 * tablet_crew.h - several officers on one tablet: who it answers for, what
 * waits of whom, and a patrol that a colleague left running.
 */
#ifndef CORE_TABLET_CREW_H
#define CORE_TABLET_CREW_H

#include "core/tablet_list.h"

/* Who has a wrap on this tablet from now on; copied. The sync engine is
 * closed and opened anew at its next use: a request under way is given up. */
MUST_USE enum err tablet_set_officers(struct tablet *t,
                                      const struct uuid *officers,
                                      size_t count);

/* Events and files that no receipt names yet, for each officer who wrote
 * some; zero: the tablet itself. Their sum is what evlog_counts() says. */
typedef enum err (*tablet_share_fn)(void *ctx, const struct uuid *officer,
                                    uint64_t waiting);
MUST_USE enum err tablet_waiting_of_each(struct tablet *t, tablet_share_fn fn,
                                         void *ctx);

/* A patrol begun here by another than who is signed in, and not ended. */
struct tablet_other_patrol {
    struct uuid patrol, officer;
    char name[TABLET_TEXT_SIZE]; /* of the officer; "": not known */
    char area[TABLET_TEXT_SIZE];
    int64_t started_ms; /* UTC */
};
/* The newest; ERR_NOT_FOUND. */
MUST_USE enum err tablet_other_patrol(struct tablet *t,
                                      struct tablet_other_patrol *out);
/*
 * End it in the name of who is signed in, with a line in that officer's
 * book; `takes_over`: and begin one of the own at the same beat. ERR_DENIED
 * when nobody is signed in, ERR_EXISTS when an own one runs.
 */
MUST_USE enum err tablet_end_other_patrol(
    struct tablet *t, const struct tablet_other_patrol *other, bool takes_over);

#endif /* CORE_TABLET_CREW_H */
