/*
 * worker_practice.c - from the sign-in page into a made-up day and back.
 *
 * While somebody practises, the real session stays locked beside it: its
 * store is closed, so nothing that is practised can reach it, and its
 * folder stays ours.
 */
#include <string.h>

#include "core/tablet_list.h"
#include "ui/session/session_practice.h"
#include "ui/worker/worker_internal.h"

/* Nothing of one tablet is seen in the other; what screens count goes on. */
static void clear_views(struct worker *w)
{
    struct views *v = w->views;
    const struct view_told told = v->told;
    const uint32_t log = v->log.opened;
    const uint32_t form = v->form.opened;
    const uint32_t attempt = v->signin.attempt;

    wipe(v, sizeof(*v));
    v->told = told;
    v->told.told = TOLD_NOTHING;
    v->log.opened = log;
    v->form.opened = form;
    v->signin.attempt = attempt;
    bridge_post_all(w->bridge, v);
}

static void forget_all(struct worker *w)
{
    worker_leave_patrol(w);
    worker_drop_photos(w);
    worker_forget_forms(w);
    session_lock(w->session);
    w->officer = (struct uuid){ 0 };
    w->saved = (struct uuid){ 0 };
    w->conflict = (struct uuid){ 0 };
    w->entry_id = (struct uuid){ 0 };
    w->sos = (struct uuid){ 0 };
    w->made_before = 0;
    w->front = (struct session_front){ .waiting = 0 };
    w->has_front = false;
    w->is_front_kept = false;
    w->is_open_for = false;
    w->is_duress = false;
    w->is_paused = false;
    w->is_sending = false;
    w->is_damage_told = false;
    w->wake_ms = 0;
    w->pump_ms = 0;
    clear_views(w);
}

static void show_front(struct worker *w)
{
    if (session_front_get(w->session, &w->front) == ERR_OK) {
        w->has_front = true;
        WORKER_PUT(w->views->signin.council, w->front.council);
        WORKER_PUT(w->views->signin.tablet, w->front.tablet);
    }
    w->views->status.is_practice = w->real != NULL;
    worker_show_signin(w);
    worker_show_status(w);
}

/* A patrol goes on behind a locked screen: its track must not stop. */
static bool has_patrol(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct tablet_summary patrol;

    return t != NULL && tablet_summary(t, &patrol) == ERR_OK &&
           patrol.ended_ms == 0;
}

static void begin(struct worker *w)
{
    static const char pin[] = SESSION_PRACTICE_PIN;
    struct session *practice = NULL;
    struct evlog_counts counts;
    struct uuid officer;
    uint64_t wait_ms;
    enum err err;

    if (has_patrol(w)) {
        worker_tell(w, TOLD_PATROL_RUNS, ERR_OK);
        return;
    }
    forget_all(w);
    err = session_practice_open(w->options, &practice, &officer);
    if (err) {
        show_front(w);
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    w->real = w->session;
    w->session = practice;
    show_front(w);
    err = session_unlock(
        w->session, &officer,
        (struct bytes){ (const uint8_t *)pin, sizeof(pin) - 1 }, &wait_ms);
    if (!err && evlog_counts(tablet_log(session_tablet(w->session)), &counts) ==
                    ERR_OK) {
        w->made_before = counts.waiting;
    }
    err = err ? err : worker_let_in(w, &officer);
    worker_answer(w, &officer, err);
}

void worker_end_practice(struct worker *w)
{
    if (w->real == NULL) {
        return;
    }
    forget_all(w);
    session_practice_close(w->options, w->session);
    w->session = w->real;
    w->real = NULL;
}

void worker_practise(struct worker *w, bool is_on)
{
    if (!uuid_is_zero(&w->officer) || is_on == (w->real != NULL)) {
        return; /* from the sign-in page only */
    }
    if (is_on) {
        begin(w);
    } else {
        worker_end_practice(w);
        show_front(w);
    }
}
