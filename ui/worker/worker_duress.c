/*
 * worker_duress.c - the officer was made to sign in: help is called without
 * a sign of it, and the screen shows no persons, places, words. What is
 * recorded is recorded as ever.
 */
#include <string.h>

#include "core/body.h"
#include "ui/worker/worker_internal.h"

#define REASON "duress"

static void put_place(struct worker *w, struct body_writer *body)
{
    struct view_place at;

    worker_position(w, &at);
    if (at.has_fix) {
        const struct body_place place = { .lat_e7 = (int32_t)at.lat_e7,
                                          .lon_e7 = (int32_t)at.lon_e7,
                                          .accuracy_mm =
                                              (uint32_t)at.accuracy_m * 1000,
                                          .source = PLACE_GPS };

        body_place_put(body_field(body, FIELD_PLACE), &place);
    }
}

void worker_silent_sos(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct evlog_new e = { .officer = *tablet_officer(t),
                           .kind = KIND_SESSION,
                           .kind_version = 1,
                           .op = OP_SOS };
    struct body_writer body;
    struct buf bytes;
    enum err err = worker_new_id(w, &e.record);

    buf_init(&bytes, BODY_MAX_BYTES);
    body_begin(&body);
    put_place(w, &body);
    body_put_text(&body, FIELD_REASON, REASON);
    if (!err) {
        err = body_end(&body, &bytes);
    }
    if (!err) {
        e.body = buf_bytes(&bytes);
        err = evlog_append(tablet_log(t), &e, 1, NULL);
    }
    if (err) { /* the log is no place to say what it was */
        port_log(session_port(w->session), PORT_LOG_ERROR,
                 "an entry was not recorded: %s", err_text(err));
    }
    worker_send_first(w);
    body_fini(&body);
    buf_fini(&bytes);
}

/* --- what isn't shown --- */

/* The promised check-in stays: without it the control room would ask. */
static void veil_tasks(struct view_home *v)
{
    int kept = 0;

    for (int i = 0; i < v->task_count && i < VIEW_TASKS; i++) {
        if (strcmp(v->tasks[i].id, VIEW_WELFARE) == 0) {
            v->tasks[kept++] = v->tasks[i];
        }
    }
    wipe(&v->tasks[kept], (size_t)(VIEW_TASKS - kept) * sizeof(v->tasks[0]));
    v->task_count = kept;
    v->open_count = kept;
}

static void veil_home(struct view_home *v)
{
    veil_tasks(v);
    wipe(v->briefings, sizeof(v->briefings));
    v->briefing_count = 0;
    v->must_read_count = 0;
    v->partner[0] = '\0';
    wipe(v->begun, sizeof(v->begun));
    v->begun_count = 0;
    v->conflict_count = 0;
    v->ask_count = 0;
    v->asked_by[0] = '\0';
    v->pin_hours_left = -1;
    v->position.name[0] = '\0';
}

/* Beatbook's own lines stay: what kind of thing, and when. */
static void veil_notebook(struct view_notebook *v)
{
    int kept = 0;

    for (int i = 0; i < v->entry_count && i < VIEW_ENTRIES; i++) {
        if (v->entries[i].by_beatbook) {
            v->entries[kept] = v->entries[i];
            v->entries[kept].has_conflict = false;
            v->entries[kept].reason[0] = '\0';
            kept++;
        }
    }
    wipe(&v->entries[kept],
         (size_t)(VIEW_ENTRIES - kept) * sizeof(v->entries[0]));
    v->entry_count = kept;
}

static void veil_sync(struct view_sync *v)
{
    int kept = 0;

    memset(&v->problem, 0, sizeof(v->problem));
    v->sending[0] = '\0';
    v->sending_image = 0;
    for (int i = 0; i < v->item_count && i < VIEW_ITEMS; i++) {
        if (v->items[i].kind != ITEM_SEALED) {
            v->items[kept] = v->items[i];
            v->items[kept].title[0] = '\0';
            v->items[kept].detail[0] = '\0';
            kept++;
        }
    }
    wipe(&v->items[kept], (size_t)(VIEW_ITEMS - kept) * sizeof(v->items[0]));
    v->item_count = kept;
}

/* The ground and the areas stay; what was seen there, and where, does not. */
static void veil_map(struct view_map *v)
{
    for (int i = 0; i < v->area_count; i++) {
        v->areas[i].why[0] = '\0';
        v->areas[i].look_for[0] = '\0';
        wipe(v->areas[i].visits, sizeof(v->areas[i].visits));
        v->areas[i].visit_count = 0;
    }
    wipe(v->pins, sizeof(v->pins));
    v->pin_count = 0;
    v->track_count = 0;
}

static void veil_end(struct view_end *v)
{
    v->partner[0] = '\0';
    v->draft_count = 0;
    v->has_track = false;
    v->way_count = 0;
}

/* A page that is being written shows that, and nothing of earlier ones. */
static void veil_form(struct view_form *v)
{
    wipe(v->offers, sizeof(v->offers));
    v->offer_count = 0;
}

static void veil_status(struct view_status *v)
{
    wipe(&v->urgent, sizeof(v->urgent));
    v->unread_count = 0;
    v->review_count = 0;
}

void worker_veil(struct worker *w, enum view_kind_id kind)
{
    struct views *v = w->views;

    switch (kind) {
    case VIEW_STATUS:
        veil_status(&v->status);
        break;
    case VIEW_HOME:
        veil_home(&v->home);
        break;
    case VIEW_FORM:
        veil_form(&v->form);
        break;
    case VIEW_NOTEBOOK:
        veil_notebook(&v->notebook);
        break;
    case VIEW_SYNC:
        veil_sync(&v->sync);
        break;
    case VIEW_END:
        veil_end(&v->end);
        break;
    case VIEW_CONFLICT:
        wipe(&v->conflicts, sizeof(v->conflicts));
        break;
    case VIEW_KEPT:
        wipe(&v->kept, sizeof(v->kept));
        break;
    case VIEW_RECORD:
        wipe(&v->record, sizeof(v->record));
        break;
    case VIEW_MAP:
        veil_map(&v->map);
        break;
    case VIEW_BRIEFING:
        wipe(v->briefs.items, sizeof(v->briefs.items));
        v->briefs.count = 0;
        break;
    case VIEW_REVIEW:
        wipe(&v->reviews, sizeof(v->reviews));
        break;
    case VIEW_REVIEW_LOG:
        wipe(&v->review, sizeof(v->review));
        break;
    case VIEW_ASKED_OF:
        wipe(&v->asks, sizeof(v->asks));
        break;
    case VIEW_PICTURE:
        wipe(&v->picture, sizeof(v->picture));
        break;
    default: /* what is being written, and what shows nothing of earlier */
        break;
    }
}

void worker_post(struct worker *w, enum view_kind_id kind, const void *view)
{
    if (w->is_duress) {
        worker_veil(w, kind);
    }
    bridge_post(w->bridge, kind, view);
}
