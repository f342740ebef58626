/* worker_signin.c - who is on this tablet, and the PIN. */
#include <string.h>

#include "core/tablet_crew.h"
#include "ui/worker/worker_internal.h"

#define HOUR_MS ((int64_t)3600000)

/* --- who is shown --- */

static int waiting_of(const struct worker *w, const struct uuid *officer)
{
    for (size_t i = 0; i < w->front.share_count; i++) {
        if (uuid_eq(&w->front.shares[i].officer, officer)) {
            return (int)w->front.shares[i].waiting;
        }
    }
    return 0;
}

static void put_officer(struct worker *w, struct view_officer *to,
                        const struct keyring_officer *from)
{
    const uint64_t wait = session_wait_ms(w->session, &from->id);
    char id[UUID_TEXT_SIZE];

    *to = (struct view_officer){ .waiting = waiting_of(w, &from->id),
                                 .is_locked_out = !from->has_wrap };
    if (wait > 0) {
        to->locked_until_ms = worker_now_ms(w) + (int64_t)wait;
    }
    uuid_format(&from->id, id);
    WORKER_PUT(to->id, id);
    WORKER_PUT(to->name, from->name);
    WORKER_PUT(to->number, from->number);
    WORKER_PUT(to->role, from->role);
}

/* Last used first. One whose wrap the council took away isn't shown. */
static size_t sort_officers(const struct keyring *ring,
                            struct keyring_officer out[KEYRING_SLOTS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < keyring_count(ring); i++) {
        struct keyring_officer o;
        size_t at = count;

        keyring_get(ring, i, &o);
        if (!o.has_wrap && o.wrong_tries < KEYRING_TRIES_MAX) {
            continue;
        }
        for (; at > 0 && out[at - 1].turn < o.turn; at--) {
            out[at] = out[at - 1];
        }
        out[at] = o;
        count++;
    }
    return count;
}

void worker_show_signin(struct worker *w)
{
    const struct keyring *ring = session_keyring(w->session);
    struct view_signin *v = &w->views->signin;
    struct keyring_officer all[KEYRING_SLOTS_MAX];
    const size_t count = ring != NULL ? sort_officers(ring, all) : 0;

    v->officer_count = count < VIEW_OFFICERS ? (int)count : VIEW_OFFICERS;
    for (int i = 0; i < v->officer_count; i++) {
        put_officer(w, &v->officers[i], &all[i]);
    }
    worker_post(w, VIEW_SIGNIN, v);
}

/* --- what became of a try --- */

static enum err get_officer(struct worker *w, const struct uuid *officer,
                            struct keyring_officer *out)
{
    const struct keyring *ring = session_keyring(w->session);

    for (size_t i = 0; ring != NULL && i < keyring_count(ring); i++) {
        keyring_get(ring, i, out);
        if (uuid_eq(&out->id, officer)) {
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

/* How many wrong PINs may still come before this wrap is dropped. */
static int tries_left(struct worker *w, const struct uuid *officer)
{
    struct keyring_officer o;

    return get_officer(w, officer, &o) == ERR_OK && o.has_wrap &&
                   o.wrong_tries < KEYRING_TRIES_MAX
               ? (int)(KEYRING_TRIES_MAX - o.wrong_tries)
               : 0;
}

void worker_answer(struct worker *w, const struct uuid *officer, enum err err)
{
    struct view_signin *v = &w->views->signin;

    v->attempt++;
    v->tries_left = err ? tries_left(w, officer) : 0;
    if (err == ERR_BUSY || err == ERR_DENIED) {
        v->state = SIGNIN_LOCKED;
    } else if (err == ERR_WRONG_KEY) {
        v->state = SIGNIN_WRONG;
    } else if (err) {
        v->state = SIGNIN_READY; /* the PIN isn't what is wrong */
        if (err == ERR_BAD_DATA) {
            w->is_damage_told = true;
            worker_tell(w, TOLD_DAMAGED, ERR_OK);
        } else {
            worker_tell(w, TOLD_FAILED, err);
        }
    }
    worker_show_signin(w);
}

/* The file can't be read, the officer was told and typed the PIN again. */
static enum err mend(struct worker *w, const struct uuid *officer,
                     struct bytes pin, uint64_t *wait_ms)
{
    struct session_salvaged out;
    enum err err = session_salvage(w->session, officer, pin, wait_ms, &out);

    w->is_damage_told = false;
    err = err ? err : session_unlock(w->session, officer, pin, wait_ms);
    if (!err) {
        worker_tell(w, TOLD_MENDED, ERR_OK);
    }
    return err;
}

/* --- letting in --- */

static void show_home(struct worker *w)
{
    w->wake_ms = 0;
    w->views->signin.state = SIGNIN_READY;
    worker_read_names(w);
    worker_resume_patrol(w);
    worker_show_all(w);
    if (w->views->home.patrol == PATROL_OFF) {
        worker_check(w);
    }
}

/* Hours that a PIN which is too old still lets in; -1: it isn't. */
static int hours_left(struct worker *w, const struct uuid *officer)
{
    const struct port *port = session_port(w->session);
    struct keyring_officer o;
    struct port_time now;
    int64_t over;

    port->ops->now(port->ctx, &now);
    if (get_officer(w, officer, &o) || o.made_ms == 0) {
        return -1;
    }
    over = now.wall_ms - o.made_ms - PIN_AGE_MAX_MS;
    if (over < 0) {
        return -1;
    }
    return over < PIN_GRACE_MS ? (int)((PIN_GRACE_MS - over) / HOUR_MS) : 0;
}

/* A colleague's patrol that runs here is to be spoken of first. */
static bool asks_patrol(struct worker *w)
{
    struct view_other_patrol *v = &w->views->signin.other;
    struct tablet_other_patrol other;

    if (w->is_duress ||
        tablet_other_patrol(session_tablet(w->session), &other)) {
        return false;
    }
    WORKER_PUT(v->name, other.name);
    WORKER_PUT(v->beat, other.area);
    v->started_ms = worker_local_ms(w, other.started_ms);
    return true;
}

enum err worker_let_in(struct worker *w, const struct uuid *officer)
{
    struct tablet *t = session_tablet(w->session);
    enum err err = ERR_OK;

    w->is_open_for = false;
    w->is_duress = session_is_duress(w->session);
    w->views->home.pin_hours_left = hours_left(w, officer);
    if (w->views->home.pin_hours_left == 0 && !w->is_duress) {
        w->is_open_for = true; /* for a new one of the same officer */
        w->views->signin.state = SIGNIN_OPEN;
        return ERR_OK;
    }
    if (!uuid_eq(tablet_officer(t), officer)) {
        worker_leave_patrol(w);
        err = session_sign_in(w->session); /* not after a mere lock */
    }
    if (err) {
        return err;
    }
    if (w->is_duress) {
        worker_silent_sos(w);
    }
    if (asks_patrol(w)) {
        w->views->signin.state = SIGNIN_PATROL;
        return ERR_OK;
    }
    w->officer = *officer;
    show_home(w);
    return ERR_OK;
}

void worker_take_patrol(struct worker *w, bool takes_over)
{
    struct tablet *t = session_tablet(w->session);
    struct tablet_other_patrol other;
    enum err err;

    if (t == NULL || w->views->signin.state != SIGNIN_PATROL) {
        return;
    }
    err = tablet_other_patrol(t, &other);
    if (!err) {
        err = tablet_end_other_patrol(t, &other, takes_over);
        if (err == ERR_EXISTS) { /* an own one runs, too: that goes on */
            err = tablet_end_other_patrol(t, &other, false);
        }
    }
    if (err && err != ERR_NOT_FOUND) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    w->officer = *tablet_officer(t);
    show_home(w);
    worker_show_signin(w);
}

void worker_sign_in(struct worker *w, const struct command *cmd)
{
    const struct bytes pin = { (const uint8_t *)cmd->secret,
                               strlen(cmd->secret) };
    struct view_signin *v = &w->views->signin;
    struct uuid officer;
    uint64_t wait_ms = 0;
    enum err err = uuid_parse(cmd->id, &officer);

    w->is_leaving = false;
    if (!err) {
        v->state = SIGNIN_CHECKING;
        worker_post(w, VIEW_SIGNIN, v);
        err = session_unlock(w->session, &officer, pin, &wait_ms);
    }
    if (err == ERR_BAD_DATA && w->is_damage_told &&
        session_tablet(w->session) == NULL) {
        err = mend(w, &officer, pin, &wait_ms);
    }
    if (!err) {
        err = worker_let_in(w, &officer);
    }
    worker_answer(w, &officer, err);
}

/* The screen locks; the key stays, so track and sending go on. */
void worker_lock(struct worker *w)
{
    worker_stop_capture(w);
    w->officer = (struct uuid){ 0 };
    w->conflict = (struct uuid){ 0 };
    w->review = (struct uuid){ 0 };
    w->views->status.is_leader = false;
    wipe(&w->views->review, sizeof(w->views->review));
    wipe(&w->views->reviews, sizeof(w->views->reviews));
    wipe(&w->views->asks, sizeof(w->views->asks));
    worker_post(w, VIEW_REVIEW_LOG, &w->views->review);
    worker_post(w, VIEW_REVIEW, &w->views->reviews);
    worker_post(w, VIEW_ASKED_OF, &w->views->asks);
    w->is_open_for = false;
    w->is_duress = false;
    w->views->signin.state = SIGNIN_READY;
    wipe(&w->views->conflicts, sizeof(w->views->conflicts));
    worker_forget_forms(w);
    worker_post(w, VIEW_FORM, &w->views->form);
    worker_show_status(w);
    worker_show_signin(w);
}

void worker_sign_out(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);

    if (t != NULL && w->views->home.patrol == PATROL_OFF) {
        if (tablet_sign_out(t)) {
            port_log(session_port(w->session), PORT_LOG_WARN,
                     "sign-out could not be recorded");
        }
        worker_drop_photos(w);
        w->is_leaving = true;
        if (w->is_paused) {
            worker_left(w);
        } else {
            worker_sync_now(w);
        }
    }
    worker_lock(w);
}

void worker_left(struct worker *w)
{
    w->is_leaving = false;
    w->is_sending = false;
    worker_keep_front(w);
    w->has_front |= w->is_front_kept;
    session_lock(w->session);
    worker_show_status(w);
    worker_show_signin(w);
}
