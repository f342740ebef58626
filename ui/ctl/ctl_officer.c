/* ctl_officer.c - a PIN for another officer of this tablet. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/tablet_list.h"
#include "ui/ctl/ctl.h"

struct wanted {
    const char *number;
    bool is_found;
    struct tablet_person person;
};

static enum err take_person(void *ctx, const struct tablet_person *p)
{
    struct wanted *w = ctx;

    if (strcmp(p->number, w->number) != 0) {
        return ERR_OK;
    }
    w->person = *p;
    w->is_found = true;
    return ERR_STOPPED;
}

/* A colleague's PIN, or a code from the eight; nobody is signed in by it. */
static enum err open_for(const struct ctl_args *args, struct session **out)
{
    enum err err;

    if (!args->code) {
        return ctl_unlock(args, out);
    }
    err = ctl_open(args, out);
    if (err) {
        return err;
    }
    err = session_use_code(*out, args->code);
    if (err) {
        ctl_say(err == ERR_BAD_DATA    ? "the code isn't one: check it letter "
                                         "by letter"
                : err == ERR_WRONG_KEY ? "no code of this tablet, or one that "
                                         "was used: each opens it once"
                                       : "the tablet can't be opened: %s",
                err_text(err));
        session_close(*out);
        *out = NULL;
    }
    return err;
}

static enum err give_pin(struct session *s, const struct tablet_person *p)
{
    const struct session_officer who = { p->id, p->number, p->name, p->role };
    struct buf pin;
    enum err err = ctl_new_pin(p->number, &pin);

    if (!err) {
        err = session_add_officer(s, &who, buf_bytes(&pin));
    }
    buf_wipe(&pin);
    switch (err) {
    case ERR_OK:
        printf("Officer %s (%s) has a PIN on this tablet.\n", p->number,
               p->name);
        break;
    case ERR_TOO_LONG:
        ctl_say("a PIN has %d to %d characters", PIN_MIN_BYTES, PIN_MAX_BYTES);
        break;
    case ERR_DENIED:
        ctl_say("the council ended this officer's access: nothing was done");
        break;
    case ERR_FULL:
        ctl_say("%d officers have a PIN here, no more fit", KEYRING_SLOTS_MAX);
        break;
    default:
        ctl_say("no PIN could be set: %s", err_text(err));
    }
    return err;
}

enum err ctl_officer(const struct ctl_args *args)
{
    struct wanted w = { .number = args->words[0] };
    struct session *s = NULL;
    enum err err;

    if (args->word_count != 1) {
        ctl_say("officer needs one NUMBER: who gets a PIN");
        return ERR_USAGE;
    }
    err = open_for(args, &s);
    if (err) {
        return err;
    }
    err = tablet_people(session_tablet(s), take_person, &w);
    if (!err && !w.is_found) {
        ctl_say("officer %s isn't in the list that the council gave this "
                "tablet: sync, or have the officer added first",
                w.number);
        err = ERR_NOT_FOUND;
    }
    if (!err) {
        err = give_pin(s, &w.person);
    }
    session_close(s);
    return err;
}

enum err ctl_duress(const struct ctl_args *args)
{
    struct session *s = NULL;
    struct buf pin;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    err = ctl_new_pin("this tablet, for duress", &pin);
    if (!err) {
        err = session_set_duress(s, buf_bytes(&pin));
        if (err == ERR_EXISTS) {
            ctl_say("that is the PIN itself: choose another one");
        } else if (err) {
            ctl_say("no duress PIN could be set: %s", err_text(err));
        } else {
            puts("The duress PIN is set. It looks like signing in.");
        }
    }
    buf_wipe(&pin);
    session_close(s);
    return err;
}
