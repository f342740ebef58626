/*
 * worker_fence.c - coming into a hotspot or the own beat and leaving it:
 * told once it is sure, as far as the accuracy goes, and written into the
 * patrol's log; visits that the officer begins and ends.
 */
#include <stdio.h>
#include <string.h>

#include "core/tablet_visit.h"
#include "ui/worker/worker_internal.h"

#define LINE_SIZE 256
#define MINUTE_MS 60000

static struct worker_fence *find_fence(struct worker *w, const char *id)
{
    for (int i = 0; i < w->fence_count; i++) {
        if (strcmp(w->fences[i].id, id) == 0) {
            return &w->fences[i];
        }
    }
    if (w->fence_count == (int)ARRAY_LEN(w->fences) ||
        strlen(id) >= sizeof(w->fences[0].id)) {
        return NULL; /* such a one is not watched */
    }
    w->fences[w->fence_count] = (struct worker_fence){ .is_known = false };
    WORKER_PUT(w->fences[w->fence_count].id, id);
    return &w->fences[w->fence_count++];
}

static enum err take_mark(void *ctx, const struct tablet_mark *m)
{
    struct worker_fence *f = find_fence(ctx, m->area);

    if (f != NULL &&
        (m->mark == ENTRY_MARK_ENTERED || m->mark == ENTRY_MARK_LEFT)) {
        f->is_known = true;
        f->is_in = m->mark == ENTRY_MARK_ENTERED;
    }
    return ERR_OK;
}

/* Where a patrol that goes on was seen last: nobody comes twice. */
void worker_fence_begin(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct tablet_summary p;

    w->fence_count = 0;
    if (tablet_summary(t, &p) || tablet_marks(t, &p.patrol, take_mark, w)) {
        w->fence_count = 0;
    }
}

static void write_line(struct worker *w, const struct area *a,
                       enum entry_mark mark, const char *text)
{
    const enum err err =
        tablet_visit_put(session_tablet(w->session), a->id, mark, text);

    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "a line of the patrol's log was not written: %s",
                 err_text(err));
    }
}

static void tell_of(struct worker *w, enum told told, const struct area *a)
{
    WORKER_PUT(w->views->told.name, a->name);
    worker_tell(w, told, ERR_OK);
    w->views->told.name[0] = '\0';
}

static void crossed(struct worker *w, const struct area *a, bool is_in)
{
    const bool is_beat = a->kind == AREA_BEAT;
    char text[LINE_SIZE];

    snprintf(text, sizeof(text), "%s %s",
             !is_in    ? "Left"
             : is_beat ? "Back in"
                       : "Came to",
             a->name);
    write_line(w, a, is_in ? ENTRY_MARK_ENTERED : ENTRY_MARK_LEFT, text);
    tell_of(w,
            is_beat ? (is_in ? TOLD_ENTERED_BEAT : TOLD_LEFT_BEAT)
                    : (is_in ? TOLD_IN_HOTSPOT : TOLD_OUT_HOTSPOT),
            a);
}

/* Nearer to the edge than the accuracy is neither in nor out: so nobody is
 * told twice who stands there. A beat that a patrol begins in is no news. */
static bool watch(struct worker *w, const struct area *a)
{
    const enum dwell_side side = dwell_side(a, &w->track.last);
    struct worker_fence *f = find_fence(w, a->id);
    bool is_news;

    if (f == NULL || (side != DWELL_OUT && side != DWELL_IN)) {
        return false;
    }
    is_news = f->is_known ? f->is_in != (side == DWELL_IN)
                          : a->kind == AREA_HOTSPOT && side == DWELL_IN;
    f->is_known = true;
    f->is_in = side == DWELL_IN;
    if (is_news) {
        crossed(w, a, f->is_in);
    }
    return is_news;
}

bool worker_watch_fences(struct worker *w)
{
    const struct area_list *all;
    char day[WORKER_DAY_SIZE];
    bool is_news = false;

    if (tablet_areas(session_tablet(w->session), &all)) {
        return false;
    }
    worker_day(w, day);
    for (size_t i = 0; i < all->count; i++) {
        const struct area *a = &all->list[i];

        if (area_holds_on(a, day) &&
            (a->kind == AREA_HOTSPOT ||
             (a->kind == AREA_BEAT &&
              strcmp(a->name, w->views->home.beat) == 0))) {
            is_news |= watch(w, a);
        }
    }
    return is_news;
}

/* --- visits that the officer begins and ends --- */

/* As the view has it: its ids are cut. */
static const struct area *find_hotspot(struct worker *w, const char *id)
{
    const struct area_list *all;

    if (tablet_areas(session_tablet(w->session), &all)) {
        return NULL;
    }
    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].kind == AREA_HOTSPOT &&
            strncmp(all->list[i].id, id, VIEW_ID_SIZE - 1) == 0) {
            return &all->list[i];
        }
    }
    return NULL;
}

static void end_visit(struct worker *w, const struct view_area *a)
{
    const struct area *area = find_hotspot(w, a->id);
    const int minutes =
        a->visit_count > 0 ? a->visits[a->visit_count - 1].minutes : 0;
    char text[LINE_SIZE];

    if (area != NULL) {
        snprintf(text, sizeof(text), "Visit ended: %s, %d min", area->name,
                 minutes);
        write_line(w, area, ENTRY_MARK_ENDED, text);
    }
}

void worker_end_visits(struct worker *w)
{
    worker_show_map(w); /* how long each was */
    for (int i = 0; i < w->views->map.area_count; i++) {
        if (w->views->map.areas[i].is_visiting) {
            end_visit(w, &w->views->map.areas[i]);
        }
    }
}

/* One place at a time: another visit ends. */
void worker_visit(struct worker *w, const struct command *cmd)
{
    const struct area *area = find_hotspot(w, cmd->id);
    char text[LINE_SIZE];
    enum err err = area != NULL ? ERR_OK : ERR_NOT_FOUND;

    worker_end_visits(w);
    if (!err && cmd->is_on) {
        snprintf(text, sizeof(text), "Visit began: %s", area->name);
        err = tablet_visit_put(session_tablet(w->session), area->id,
                               ENTRY_MARK_STARTED, text);
    }
    w->pump_ms = 0;
    worker_show_all(w);
    worker_tell(w, cmd->is_on ? TOLD_VISIT_STARTED : TOLD_VISIT_ENDED, err);
}
