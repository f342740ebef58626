/* worker_signin.c - who is on this tablet, and the PIN. */
#include <string.h>

#include "ui/worker/worker_internal.h"

#define MINUTE_MS ((uint64_t)60000)

static void put_officer(struct view_officer *to,
                        const struct keyring_officer *from)
{
    char id[UUID_TEXT_SIZE];

    uuid_format(&from->id, id);
    WORKER_PUT(to->id, id);
    WORKER_PUT(to->name, from->name);
    WORKER_PUT(to->number, from->number);
}

void worker_show_signin(struct worker *w)
{
    const struct keyring *ring = session_keyring(w->session);
    struct view_signin *v = &w->views->signin;

    v->officer_count = 0;
    for (size_t i = 0; ring != NULL && i < keyring_count(ring) &&
                       v->officer_count < VIEW_OFFICERS;
         i++) {
        struct keyring_officer officer;

        keyring_get(ring, i, &officer);
        if (officer.has_wrap) {
            put_officer(&v->officers[v->officer_count++], &officer);
        }
    }
    bridge_post(w->bridge, VIEW_SIGNIN, v);
}

/* How many wrong PINs may still come before this wrap is dropped. */
static int tries_left(struct worker *w, const struct uuid *officer)
{
    const struct keyring *ring = session_keyring(w->session);

    for (size_t i = 0; ring != NULL && i < keyring_count(ring); i++) {
        struct keyring_officer o;

        keyring_get(ring, i, &o);
        if (uuid_eq(&o.id, officer) && o.has_wrap &&
            o.wrong_tries < KEYRING_TRIES_MAX) {
            return (int)(KEYRING_TRIES_MAX - o.wrong_tries);
        }
    }
    return 0;
}

static void answer(struct worker *w, const struct uuid *officer, enum err err,
                   uint64_t wait_ms)
{
    struct view_signin *v = &w->views->signin;

    v->attempt++;
    v->tries_left = err ? tries_left(w, officer) : 0;
    v->wait_minutes = (int)((wait_ms + MINUTE_MS - 1) / MINUTE_MS);
    if (!err) {
        v->state = SIGNIN_READY;
    } else if (err == ERR_BUSY || err == ERR_DENIED) {
        v->state = SIGNIN_LOCKED;
    } else if (err == ERR_WRONG_KEY) {
        v->state = SIGNIN_WRONG;
    } else {
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

void worker_sign_in(struct worker *w, const struct command *cmd)
{
    const struct bytes pin = { (const uint8_t *)cmd->secret,
                               strlen(cmd->secret) };
    struct view_signin *v = &w->views->signin;
    struct uuid officer;
    uint64_t wait_ms = 0;
    enum err err = uuid_parse(cmd->id, &officer);

    if (!err) {
        v->state = SIGNIN_CHECKING;
        bridge_post(w->bridge, VIEW_SIGNIN, v);
        err = session_unlock(w->session, &officer, pin, &wait_ms);
    }
    if (err == ERR_BAD_DATA && w->is_damage_told &&
        session_tablet(w->session) == NULL) {
        err = mend(w, &officer, pin, &wait_ms);
    }
    if (!err &&
        !uuid_eq(tablet_officer(session_tablet(w->session)), &officer)) {
        err = session_sign_in(w->session); /* not after a mere lock */
    }
    if (!err) {
        w->officer = officer;
        w->wake_ms = 0;
        worker_read_names(w);
        worker_resume_patrol(w);
        worker_show_all(w);
    }
    answer(w, &officer, err, wait_ms);
}

/* The screen locks; the key stays, so track and sending go on. */
void worker_lock(struct worker *w)
{
    w->officer = (struct uuid){ 0 };
    w->conflict = (struct uuid){ 0 };
    wipe(&w->views->conflicts, sizeof(w->views->conflicts));
    worker_forget_forms(w);
    bridge_post(w->bridge, VIEW_FORM, &w->views->form);
    worker_show_status(w);
    worker_show_signin(w);
}
