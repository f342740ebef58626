/* fake_signin.c - the fake worker's side of the sign-in page. */
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_app.h"

static void put(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}
#define PUT(field, text) put(field, sizeof(field), text)

static void fill_check(struct view_check *v)
{
    static const struct view_check_item items[CHECK__COUNT] = {
        [CHECK_CHAIN] = { CHECK_RIGHT, 217, 0 },
        [CHECK_CLOCK] = { CHECK_RIGHT, 0, 1 },
        [CHECK_FIX] = { CHECK_RIGHT, 6, 0 },
        [CHECK_STORAGE] = { CHECK_LOOK, 480, 0 },
        [CHECK_FORMS] = { CHECK_RIGHT, 31, FAKE_NOW_MS - 25 * 60000 },
        [CHECK_POWERS] = { CHECK_NOT_HERE, 0, 0 },
        [CHECK_PRINTER] = { CHECK_NOT_HERE, 0, 0 },
    };

    v->is_done = true;
    v->at_ms = FAKE_NOW_MS;
    memcpy(v->items, items, sizeof(items));
}

/* Three for nothing, then a wait; the last one locks. */
static void wrong_pin(struct fake_app *f, const char *id)
{
    struct view_signin *v = &f->v.signin;

    v->tries_left--;
    v->state = v->tries_left > 0 ? SIGNIN_WRONG : SIGNIN_LOCKED;
    for (int i = 0; i < v->officer_count; i++) {
        if (strcmp(v->officers[i].id, id) == 0) {
            v->officers[i].locked_until_ms =
                v->tries_left < 3 ? f->v.status.now_ms + 15000 : 0;
            v->officers[i].is_locked_out = v->tries_left == 0;
        }
    }
}

static void sign_in(struct fake_app *f, const struct command *cmd)
{
    struct view_signin *v = &f->v.signin;

    v->attempt++;
    if (strcmp(cmd->secret, FAKE_PIN) == 0) {
        v->state = f->has_other_patrol ? SIGNIN_PATROL : SIGNIN_READY;
        PUT(v->other.name, "Keisha Brown");
        PUT(v->other.beat, "Beat 4, Riverside");
        v->other.started_ms = FAKE_NOW_MS - 125 * 60000;
        v->tries_left = 5;
        fake_status(&f->v.status);
        f->v.status.is_signed_in = !f->has_other_patrol;
        f->v.status.on_patrol = f->v.home.patrol != PATROL_OFF;
        return;
    }
    wrong_pin(f, cmd->id);
}

static void use_code(struct fake_app *f, const struct command *cmd)
{
    f->v.signin.attempt++;
    f->v.signin.state =
        strcmp(cmd->secret, FAKE_CODE) == 0 ? SIGNIN_OPEN : SIGNIN_BAD_CODE;
}

static void open_for(struct fake_app *f, const struct command *cmd)
{
    if (strcmp(cmd->secret, FAKE_PIN) == 0) {
        f->v.signin.attempt++;
        f->v.signin.state = SIGNIN_OPEN;
        return;
    }
    f->v.signin.attempt++;
    wrong_pin(f, cmd->id);
}

static void find_staff(struct fake_app *f, const char *words)
{
    static const char *const staff[][3] = {
        { "Rosa Lindqvist", "team-leader", "4011" },
        { "Helen Marsh", "safeguarding-lead", "4002" },
        { "Sunil Rao", "safeguarding-deputy", "4003" },
    };
    struct view_signin *v = &f->v.signin;

    v->staff_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(staff); i++) {
        if (strstr(staff[i][0], words) != NULL ||
            strstr(staff[i][2], words) != NULL) {
            struct view_officer *o = &v->staff[v->staff_count++];

            memset(o, 0, sizeof(*o));
            PUT(o->id, staff[i][2]);
            PUT(o->name, staff[i][0]);
            PUT(o->role, staff[i][1]);
            PUT(o->number, staff[i][2]);
        }
    }
}

static void set_pin(struct fake_app *f)
{
    f->v.signin.attempt++;
    f->v.signin.state = SIGNIN_READY;
    fake_status(&f->v.status);
    f->v.status.is_signed_in = true;
    f->v.status.on_patrol = f->v.home.patrol != PATROL_OFF;
    fake_tell(f, TOLD_PIN_SET, ERR_OK);
}

/* The commands of the page before the others. */
bool fake_signin(struct fake_app *f, const struct command *cmd)
{
    switch (cmd->kind) {
    case CMD_SIGN_IN:
        sign_in(f, cmd);
        return true;
    case CMD_OPEN_FOR:
        open_for(f, cmd);
        return true;
    case CMD_USE_CODE:
        use_code(f, cmd);
        return true;
    case CMD_FIND_STAFF:
        find_staff(f, cmd->text);
        return true;
    case CMD_SET_PIN:
        set_pin(f);
        return true;
    case CMD_STOP_OPENING:
        f->v.signin.state = SIGNIN_READY;
        return true;
    case CMD_TAKE_PATROL:
        f->v.signin.state = SIGNIN_READY;
        f->v.status.is_signed_in = true;
        f->v.status.on_patrol = f->v.home.patrol != PATROL_OFF;
        f->v.home.patrol = cmd->is_on ? PATROL_ON : PATROL_OFF;
        return true;
    case CMD_SET_DURESS:
        fake_tell(f,
                  strcmp(cmd->secret, FAKE_PIN) == 0 ? TOLD_DURESS_SAME
                                                     : TOLD_DURESS_SET,
                  ERR_OK);
        return true;
    case CMD_CHECK_TABLET:
        fill_check(&f->v.check);
        f->v.home.is_checked = true;
        f->v.home.check_looks = 1;
        return true;
    case CMD_RENEW_PIN:
        f->v.signin.attempt++;
        f->v.signin.state = SIGNIN_OPEN;
        f->v.status.is_signed_in = false;
        return true;
    default:
        return false;
    }
}
