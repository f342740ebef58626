#include "tests/ui/stage.h"

#include <stdlib.h>

#include "tests/test.h"
#include "ui/kit/input.h"
#include "ui/look.h"

static int open_made(struct stage *s, void **state)
{
    s->width = 1280;
    s->height = 800;
    assert_ok(bridge_open(&fake_backend, &s->fake, false, &s->bridge));
    assert_ok(nav_init(&s->nav, bridge_app(s->bridge), PO_DIR));
    stage_turn(s);
    *state = s;
    return 0;
}

static int open_stage(void **state, bool signed_in, bool has_conflict)
{
    struct stage *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->fake.starts_signed_in = signed_in;
    s->fake.has_conflict = has_conflict;
    return open_made(s, state);
}

int stage_open(void **state)
{
    return open_stage(state, true, false);
}

int stage_open_signed_out(void **state)
{
    return open_stage(state, false, false);
}

int stage_open_conflict(void **state)
{
    return open_stage(state, true, true);
}

int stage_open_leader(void **state)
{
    struct stage *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->fake.starts_signed_in = s->fake.is_leader = true;
    return open_made(s, state);
}

int stage_open_asked(void **state)
{
    struct stage *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->fake.starts_signed_in = s->fake.is_asked = true;
    return open_made(s, state);
}

int stage_open_drafts(void **state)
{
    struct stage *s = calloc(1, sizeof(*s));

    assert_non_null(s);
    s->fake.starts_signed_in = s->fake.has_drafts = true;
    return open_made(s, state);
}

int stage_close(void **state)
{
    struct stage *s = *state;

    nav_fini(&s->nav);
    bridge_close(s->bridge);
    free(s);
    return 0;
}

void stage_turn(struct stage *s)
{
    for (int i = 0; i < 2; i++) {
        bridge_pump(s->bridge);
        if (bridge_take(s->bridge)) {
            nav_changed(&s->nav);
        }
        nav_draw(&s->nav, s->width, s->height);
    }
}

void stage_tap(struct stage *s, const char *name)
{
    const struct target *t = ui_find(&s->nav.ui, name);
    struct ui_event ev;

    if (t == NULL) {
        look_print(&s->nav, stderr);
        fail_msg("no control %s", name);
    }
    if (ui_tap(&s->nav.ui, t, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

void stage_key(struct stage *s, int key)
{
    struct ui_event ev;

    if (ui_key_press(&s->nav.ui, (enum ui_key)key, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

void stage_type(struct stage *s, const char *text)
{
    struct ui_event ev;

    if (ui_type(&s->nav.ui, text, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

void stage_sign(struct stage *s)
{
    const struct target *pad = ui_find(&s->nav.ui, "sign.pad");
    struct ui_event ev;
    struct rect r;

    assert_non_null(pad);
    r = pad->box;
    assert_true(ui_touch_down(&s->nav.ui, r.x + 20, r.y + 20, 0));
    for (int i = 1; i < 20; i++) {
        (void)ui_touch_move(&s->nav.ui, r.x + 20 + 8 * i,
                            r.y + 20 + i % 2 * 60);
    }
    assert_true(ui_touch_up(&s->nav.ui, r.x + 180, r.y + 20, 900, &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
    stage_tap(s, "sheet.done");
}

void stage_reply(struct stage *s, const char *words)
{
    stage_tap(s, "home.tile.env");
    stage_tap(s, "log.type.ENV-03");
    stage_tap(s, "form.flytip_size.SMALL_VAN");
    stage_tap(s, "log.person");
    stage_tap(s, "form.age_band.18-20");
    stage_tap(s, "form.done");
    stage_tap(s, "form.open.reply");
    stage_tap(s, "sheet.field");
    stage_type(s, words);
    stage_tap(s, "sheet.done");
}
