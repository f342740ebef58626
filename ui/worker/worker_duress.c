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

static void veil_home(struct view_home *v)
{
    v->draft_title[0] = '\0';
    v->draft_kind[0] = '\0';
    v->conflict_count = 0;
    v->pin_hours_left = -1;
    v->position.name[0] = '\0';
}

/* Beatbook's own lines stay: what kind of thing, and when. */
static void veil_notebook(struct view_notebook *v)
{
    int kept = 0;

    for (int i = 0; i < v->entry_count; i++) {
        if (v->entries[i].by_beatbook) {
            v->entries[kept] = v->entries[i];
            v->entries[kept].has_conflict = false;
            v->entries[kept].reason[0] = '\0';
            kept++;
        }
    }
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
    v->item_count = kept;
}

void worker_veil(struct worker *w, enum view_kind_id kind)
{
    struct views *v = w->views;

    if (kind == VIEW_HOME) {
        veil_home(&v->home);
    } else if (kind == VIEW_NOTEBOOK) {
        veil_notebook(&v->notebook);
    } else if (kind == VIEW_SYNC) {
        veil_sync(&v->sync);
    } else if (kind == VIEW_CONFLICT) {
        wipe(&v->conflicts, sizeof(v->conflicts));
    }
}

void worker_post(struct worker *w, enum view_kind_id kind, const void *view)
{
    if (w->is_duress) {
        worker_veil(w, kind);
    }
    bridge_post(w->bridge, kind, view);
}
