/*
 * tablet_visit.h - coming to a place and leaving it, as lines of the
 * patrol's log: seen by position, or said by the officer.
 */
#ifndef CORE_TABLET_VISIT_H
#define CORE_TABLET_VISIT_H

#include "core/area.h"
#include "core/fields.h"
#include "core/tablet.h"

/*
 * One line of the officer's book about the running patrol; `text` is what
 * it says. ERR_NOT_FOUND when no patrol runs.
 */
MUST_USE enum err tablet_visit_put(struct tablet *t, const char *area,
                                   enum entry_mark mark, const char *text);

struct tablet_mark {
    char area[AREA_ID_SIZE]; /* id of a beat or hotspot */
    enum entry_mark mark;
    int64_t at_ms; /* UTC */
};
typedef enum err (*tablet_mark_fn)(void *ctx, const struct tablet_mark *m);
/* Those of a patrol of this tablet, in order; ERR_STOPPED ends it well. */
MUST_USE enum err tablet_marks(struct tablet *t, const struct uuid *patrol,
                               tablet_mark_fn fn, void *ctx);

/* --- what the marks of one area come to --- */

struct visit {
    int64_t from_ms, to_ms; /* to 0: it goes on */
};

struct visits {
    struct visit list[VISITS_MAX]; /* the oldest first */
    size_t count;
    bool is_open;    /* the last one goes on */
    bool is_by_hand; /* ... and was begun by the officer, who ends it */
};
/* One after the other; an older one makes room for a newer. A visit that
 * the officer began goes on though the positions leave the area. */
void tablet_visits_add(struct visits *v, enum entry_mark mark, int64_t at_ms);

#endif /* CORE_TABLET_VISIT_H */
