/* Photos, copies, recordings and the camera, by touch. */
#include "tests/test.h"

#include <stdio.h>

#include "tests/ui/stage.h"
#include "ui/bridge.h"
#include "ui/kit/drawing.h"
#include "ui/kit/input.h"
#include "ui/look.h"

static void a_photo_can_be_taken_out_before_the_save(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.photo.1");
    stage_tap(s, "photo.remove");
    assert_true(look_has(&s->nav, "Remove this?"));
    stage_tap(s, "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_REMOVE_PHOTO], 0);
    stage_tap(s, "photo.remove");
    stage_tap(s, "sheet.done");
    assert_string_equal(s->fake.last.id, "photo-1");
    assert_int_equal(s->fake.v.log.photo_count, 1);
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
}

/* One stroke of a finger on what can be drawn on. */
static void stroke(struct stage *s)
{
    const struct target *t = ui_find(&s->nav.ui, "photo.ground");
    struct ui_event ev = { .kind = UI_NOTHING };
    struct rect r;

    assert_non_null(t);
    r = t->box;
    (void)ui_touch_down(&s->nav.ui, r.x + 20, r.y + 20, 0);
    (void)ui_touch_move(&s->nav.ui, r.x + 80, r.y + 60);
    assert_true(ui_touch_up(&s->nav.ui, r.x + 80, r.y + 60, 400, &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
}

static void a_copy_is_drawn_on_and_the_photo_stays(void **state)
{
    struct stage *s = *state;
    const struct drawing *d = &s->fake.last.drawing;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.photo.1");
    stage_tap(s, "photo.draw");
    stage_tap(s, "photo.keep");
    assert_int_equal(s->fake.counts[CMD_DRAW], 0); /* nothing is drawn yet */
    stage_tap(s, "photo.tool.arrow");
    stroke(s);
    stage_tap(s, "photo.tool.ring");
    stroke(s);
    stroke(s);
    stage_tap(s, "photo.take-back");
    stage_tap(s, "photo.keep");
    assert_int_equal(s->fake.last.kind, CMD_DRAW);
    assert_string_equal(s->fake.last.id, "photo-1");
    assert_int_equal(drawing_strokes(d->points, d->count), 2);
    assert_int_equal(d->tools[0], DRAWING_ARROW);
    assert_int_equal(d->tools[1], DRAWING_RING);
    assert_true(d->width > 100);
    assert_int_equal(s->fake.v.log.photo_count, 3);
    assert_true(s->fake.v.log.photos[2].is_copy);
    assert_false(s->fake.v.log.photos[0].is_copy);
}

static void a_drawing_is_not_thrown_away_unasked(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.photo.1");
    stage_tap(s, "photo.draw");
    stroke(s);
    stage_tap(s, "back");
    assert_true(look_has(&s->nav, "Throw the drawing away?"));
    stage_tap(s, "sheet.cancel");
    assert_non_null(ui_find(&s->nav.ui, "photo.keep"));
    assert_true(s->nav.ui.ink.count > 0);
    stage_tap(s, "back");
    stage_tap(s, "sheet.done");
    assert_non_null(ui_find(&s->nav.ui, "photo.draw"));
    assert_int_equal(s->fake.counts[CMD_DRAW], 0);
    stage_tap(s, "back");
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
}

static void a_photo_is_two_touches_and_back_in_the_log(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.take-photo");
    assert_int_equal(s->fake.last.number, CAPTURE_PHOTO);
    stage_tap(s, "photo.shoot");
    assert_int_equal(s->fake.v.log.photo_count, 3);
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
}

static void a_recording_ends_with_another_touch_or_by_itself(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.take-photo");
    stage_tap(s, "photo.kind.voice");
    stage_tap(s, "photo.shoot");
    assert_true(look_has(&s->nav, "Stop and keep"));
    stage_tap(s, "photo.shoot");
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
    assert_int_equal(s->fake.v.log.photos[2].length_ms, 12000);
    stage_tap(s, "log.take-photo");
    stage_tap(s, "photo.kind.video");
    stage_tap(s, "photo.shoot");
    s->fake.v.capture.state = CAPTURE_OFF; /* the time is up */
    bridge_post(s->fake.bridge, VIEW_CAPTURE, &s->fake.v.capture);
    stage_turn(s);
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
}

static void leaving_the_camera_closes_it_and_the_log_is_whole(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.take-photo");
    s->fake.v.capture.state = CAPTURE_LOST; /* unplugged */
    bridge_post(s->fake.bridge, VIEW_CAPTURE, &s->fake.v.capture);
    stage_turn(s);
    assert_true(look_has(&s->nav, "The camera stopped"));
    stage_tap(s, "back");
    assert_int_equal(s->fake.last.number, CAPTURE_CLOSED);
    assert_int_equal(s->fake.v.log.photo_count, 2);
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
    stage_tap(s, "log.take-photo");
    stage_tap(s, "rail.notebook"); /* to elsewhere */
    assert_int_equal(s->fake.v.capture.state, CAPTURE_OFF);
}

static void a_scanned_code_goes_into_its_field(void **state)
{
    struct stage *s = *state;
    struct view_capture *v = &s->fake.v.capture;

    stage_tap(s, "home.tile.env");
    stage_tap(s, "log.type.ENV-09");
    stage_tap(s, "form.open.asset_id");
    stage_tap(s, "sheet.scan");
    assert_int_equal(s->fake.last.number, CAPTURE_SCAN);
    snprintf(v->code, sizeof(v->code), "BIN-0417");
    v->code_serial++;
    v->state = CAPTURE_OFF;
    bridge_post(s->fake.bridge, VIEW_CAPTURE, v);
    stage_turn(s);
    stage_turn(s);
    assert_int_equal(s->fake.last.kind, CMD_PUT_FIELD);
    assert_string_equal(s->fake.last.key, "asset_id");
    assert_string_equal(s->fake.last.text, "BIN-0417");
    assert_true(look_has(&s->nav, "BIN-0417"));
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(a_photo_can_be_taken_out_before_the_save),
        IN(a_copy_is_drawn_on_and_the_photo_stays),
        IN(a_photo_is_two_touches_and_back_in_the_log),
        IN(a_recording_ends_with_another_touch_or_by_itself),
        IN(leaving_the_camera_closes_it_and_the_log_is_whole),
        IN(a_drawing_is_not_thrown_away_unasked),
        IN(a_scanned_code_goes_into_its_field),
    };

    return RUN_TESTS(tests);
}
