/* worker_newcomer.c - a PIN for a newcomer, or a new one for who forgot it. */
#include <string.h>

#include "core/tablet_list.h"
#include "ui/worker/worker_internal.h"

static struct bytes secret_of(const struct command *cmd)
{
    return (struct bytes){ (const uint8_t *)cmd->secret, strlen(cmd->secret) };
}

static void open_for(struct worker *w)
{
    struct view_signin *v = &w->views->signin;

    w->is_open_for = true;
    v->state = SIGNIN_OPEN;
    v->staff_count = 0;
    worker_read_names(w);
}

/* A colleague beside the officer: nobody is signed in by it. */
void worker_open_for(struct worker *w, const struct command *cmd)
{
    struct view_signin *v = &w->views->signin;
    struct uuid colleague;
    uint64_t wait_ms = 0;
    enum err err = uuid_parse(cmd->id, &colleague);

    w->is_leaving = false;
    if (!err) {
        v->state = SIGNIN_CHECKING;
        worker_post(w, VIEW_SIGNIN, v);
        err = session_unlock(w->session, &colleague, secret_of(cmd), &wait_ms);
    }
    if (!err) {
        if (session_is_duress(w->session)) {
            worker_silent_sos(w);
        }
        open_for(w);
    }
    worker_answer(w, &colleague, err);
}

void worker_use_code(struct worker *w, const struct command *cmd)
{
    static const struct uuid nobody;
    struct view_signin *v = &w->views->signin;
    enum err err;

    w->is_leaving = false;
    v->state = SIGNIN_CHECKING;
    worker_post(w, VIEW_SIGNIN, v);
    err = session_use_code(w->session, cmd->secret);
    if (!err) {
        open_for(w);
    } else if (err == ERR_WRONG_KEY || err == ERR_BAD_DATA) {
        v->state = SIGNIN_BAD_CODE;
        err = ERR_OK;
    }
    worker_answer(w, &nobody, err);
}

void worker_stop_opening(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);

    if (w->is_open_for && t != NULL && uuid_is_zero(tablet_officer(t))) {
        session_lock(w->session); /* it was opened for this only */
    }
    w->is_open_for = false;
    w->views->signin.state = SIGNIN_READY;
    w->views->signin.staff_count = 0;
    worker_show_status(w);
    worker_show_signin(w);
}

/* --- the council's list of staff --- */

static bool has_word(const char *text, const char *word, size_t len)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;

        while (i < len && text[i] != '\0' &&
               ((uint8_t)text[i] | 32) == ((uint8_t)word[i] | 32)) {
            i++;
        }
        if (i == len) {
            return true;
        }
    }
    return false;
}

/* Each word stands somewhere in the name or the number. */
static bool matches(const struct tablet_person *p, const char *words)
{
    while (*words != '\0') {
        const size_t len = strcspn(words, " ");

        if (len > 0 && !has_word(p->name, words, len) &&
            !has_word(p->number, words, len)) {
            return false;
        }
        words += len;
        words += strspn(words, " ");
    }
    return true;
}

struct search {
    struct worker *w;
    const char *words;
};

static enum err take_match(void *ctx, const struct tablet_person *p)
{
    struct search *s = ctx;
    struct view_signin *v = &s->w->views->signin;
    bool is_out = true;

    if (!matches(p, s->words)) {
        return ERR_OK;
    }
    if (v->staff_count < VIEW_STAFF) {
        struct view_officer *to = &v->staff[v->staff_count];
        char id[UUID_TEXT_SIZE];

        if (tablet_is_shut_out(session_tablet(s->w->session), &p->id,
                               &is_out) ||
            is_out) {
            return ERR_OK;
        }
        *to = (struct view_officer){ .waiting = 0 };
        uuid_format(&p->id, id);
        WORKER_PUT(to->id, id);
        WORKER_PUT(to->name, p->name);
        WORKER_PUT(to->number, p->number);
        WORKER_PUT(to->role, p->role);
    }
    v->staff_count++;
    return ERR_OK;
}

void worker_find_staff(struct worker *w, const char *words)
{
    struct search s = { w, words };
    enum err err = ERR_OK;

    w->views->signin.staff_count = 0;
    if (w->is_open_for && session_tablet(w->session) != NULL) {
        err = tablet_people(session_tablet(w->session), take_match, &s);
    }
    worker_show_signin(w);
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
    }
}

/* --- the PIN --- */

struct wanted {
    struct uuid id;
    bool is_found;
    struct tablet_person person;
};

static enum err take_wanted(void *ctx, const struct tablet_person *p)
{
    struct wanted *want = ctx;

    if (!uuid_eq(&p->id, &want->id)) {
        return ERR_OK;
    }
    want->person = *p;
    want->is_found = true;
    return ERR_STOPPED;
}

static enum err give_pin(struct worker *w, const struct wanted *want,
                         struct bytes pin)
{
    const struct tablet_person *p = &want->person;
    const struct session_officer who = { p->id, p->number, p->name, p->role };
    uint64_t wait_ms;
    enum err err = session_add_officer(w->session, &who, pin);

    if (!err) {
        err = session_unlock(w->session, &p->id, pin, &wait_ms);
    }
    return err ? err : worker_let_in(w, &p->id);
}

void worker_set_pin(struct worker *w, const struct command *cmd)
{
    struct tablet *t = session_tablet(w->session);
    struct wanted want = { .is_found = false };
    enum err err = uuid_parse(cmd->id, &want.id);

    if (t == NULL || !w->is_open_for) {
        err = err ? err : ERR_DENIED;
    }
    err = err ? err : tablet_people(t, take_wanted, &want);
    if (!err) {
        err =
            want.is_found ? give_pin(w, &want, secret_of(cmd)) : ERR_NOT_FOUND;
    }
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
    } else {
        worker_tell(w, TOLD_PIN_SET, ERR_OK);
    }
    w->views->signin.attempt++;
    worker_show_signin(w);
}

/* While it still lets in: the sign-in page asks for the new one. */
void worker_renew_pin(struct worker *w)
{
    if (w->views->home.pin_hours_left < 0 || w->is_duress) {
        return;
    }
    worker_lock(w);
    w->is_open_for = true;
    w->views->signin.state = SIGNIN_OPEN;
    w->views->signin.attempt++;
    worker_show_signin(w);
    worker_show_status(w);
}

/* While signed in: for the officer on the screen. */
void worker_set_duress(struct worker *w, const char *pin)
{
    const struct bytes secret = { (const uint8_t *)pin, strlen(pin) };
    enum err err = ERR_OK;

    if (!w->is_duress) { /* under duress it only seems to */
        err = session_set_duress(w->session, secret);
    }
    if (err == ERR_EXISTS) {
        worker_tell(w, TOLD_DURESS_SAME, ERR_OK);
    } else {
        worker_tell(w, TOLD_DURESS_SET, err);
    }
}
