/* worker_check.c - is this tablet fit for a shift? See enum check_kind. */
#include <string.h>

#include "core/tablet_ready.h"
#include "ui/worker/worker_internal.h"

#define CLOCK_OFF_MS   ((int64_t)60000) /* more than that is worth a look */
#define GNSS_PLAUSIBLE ((int64_t)500 * 7 * 24 * 3600 * 1000) /* < 1,024 wk */
#define FIX_GOOD_M     50
#define FREE_LEAST_MIB 50
#define FREE_SHORT_MIB 500
#define FORMS_OLD_MS   ((int64_t)24 * 3600 * 1000)
#define MIB_BYTES      ((uint64_t)1024 * 1024)
#define MS_A_SECOND    1000

/* Both clocks run on since its answer, whatever ours was set to meanwhile. */
static bool council_now(struct worker *w, uint64_t mono_ms, int64_t *out)
{
    struct sync_status status;
    struct sync *sync;

    if (tablet_sync(session_tablet(w->session), &sync)) {
        return false;
    }
    sync_status(sync, &status);
    *out = status.council_ms + (int64_t)(mono_ms - status.council_mono_ms);
    return status.council_ms != 0;
}

static void put_clock(struct view_check_item *v, enum clock_by by, int64_t off,
                      int64_t most_ms)
{
    off = off < 0 ? -off : off;
    v->state = off <= most_ms ? CHECK_RIGHT : CHECK_WRONG;
    v->number = off / MS_A_SECOND;
    v->other = by;
}

static void check_clock(struct worker *w, const struct tablet_ready *ready,
                        struct view_check_item *v)
{
    const struct port *port = session_port(w->session);
    struct port_time now;
    int64_t off, council;

    port->ops->now(port->ctx, &now);
    off = now.gnss_ms - now.wall_ms;
    off = off < 0 ? -off : off;
    v->state = CHECK_NOT_HERE;
    if (now.has_gnss && off < GNSS_PLAUSIBLE) {
        put_clock(v, CLOCK_BY_GNSS, off, CLOCK_OFF_MS);
    } else if (council_now(w, now.mono_ms, &council)) {
        put_clock(v, CLOCK_BY_COUNCIL, council - now.wall_ms,
                  CLOCK_OFF_MS + HLC_AHEAD_MAX_MS);
    } else if (w->views->status.trouble == TROUBLE_DATE ||
               now.wall_ms < ready->synced_ms) {
        v->state = CHECK_WRONG;
        v->other = CLOCK_BY_DATE;
    }
}

static void check_storage(struct worker *w, struct view_check_item *v)
{
    uint64_t free_bytes = 0;

    v->state = CHECK_WRONG;
    if (session_free_bytes(w->session, &free_bytes)) {
        return;
    }
    v->number = (int64_t)(free_bytes / MIB_BYTES);
    v->state = v->number < FREE_LEAST_MIB   ? CHECK_WRONG
               : v->number < FREE_SHORT_MIB ? CHECK_LOOK
                                            : CHECK_RIGHT;
}

static void check_forms(struct worker *w, const struct tablet_ready *ready,
                        struct view_check_item *v)
{
    const int64_t now = worker_now_ms(w);

    v->number = (int64_t)ready->forms;
    v->other = worker_local_ms(w, ready->synced_ms);
    v->state = ready->forms == 0 ? CHECK_WRONG
               : ready->synced_ms == 0 || now - v->other > FORMS_OLD_MS
                   ? CHECK_LOOK
                   : CHECK_RIGHT;
}

static void check_powers(struct worker *w, struct view_check *v)
{
    const struct view_briefs *said = &w->views->briefs;
    const struct power_card *first = power_cards_first_to_end(&said->cards);
    struct view_check_item *item = &v->items[CHECK_POWERS];
    char soon[CARD_DAY_SIZE];

    item->state = said->cards.is_known ? CHECK_LOOK : CHECK_NOT_HERE;
    if (first == NULL) {
        return;
    }
    for (size_t i = 0; i < said->cards.count; i++) {
        const struct power_card *c = &said->cards.items[i];

        item->number +=
            power_card_holds_on(c, said->today) ? (int64_t)c->power_count : 0;
    }
    WORKER_PUT(v->issuer, first->issuer);
    WORKER_PUT(v->until, first->until);
    worker_day_in(w, CARD_SOON_DAYS, soon);
    item->state = strcmp(first->until, said->today) < 0 ? CHECK_WRONG
                  : strcmp(first->until, soon) < 0      ? CHECK_LOOK
                                                        : CHECK_RIGHT;
}

void worker_check(struct worker *w)
{
    struct view_check *v = &w->views->check;
    const struct view_status *st = &w->views->status;
    struct tablet_ready ready;
    const enum err err = tablet_ready(session_tablet(w->session), &ready);

    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    *v = (struct view_check){ .is_done = true, .at_ms = worker_now_ms(w) };
    v->items[CHECK_CHAIN].state = ready.is_whole ? CHECK_RIGHT : CHECK_WRONG;
    v->items[CHECK_CHAIN].number = (int64_t)ready.entries;
    check_clock(w, &ready, &v->items[CHECK_CLOCK]);
    v->items[CHECK_FIX].state =
        st->has_fix && st->accuracy_m > 0 && st->accuracy_m <= FIX_GOOD_M
            ? CHECK_RIGHT
            : CHECK_LOOK;
    v->items[CHECK_FIX].number = st->has_fix ? st->accuracy_m : -1;
    check_storage(w, &v->items[CHECK_STORAGE]);
    check_forms(w, &ready, &v->items[CHECK_FORMS]);
    check_powers(w, v);
    v->items[CHECK_PRINTER].state = CHECK_NOT_HERE; /* none can be set up */
    w->views->home.is_checked = true;
    w->views->home.check_looks = 0;
    for (int i = 0; i < CHECK__COUNT; i++) {
        w->views->home.check_looks +=
            v->items[i].state == CHECK_LOOK || v->items[i].state == CHECK_WRONG;
    }
    worker_post(w, VIEW_CHECK, v);
    worker_post(w, VIEW_HOME, &w->views->home);
}
