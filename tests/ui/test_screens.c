/* Every screen in every theme, language, text size and shape. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/ui/audit.h"
#include "tests/ui/stage.h"
#include "ui/bridge.h"
#include "ui/kit/input.h"
#include "ui/look.h"

/* Much room hides no fault that little room has not: two sizes do. */
static const struct {
    int w;
    int h;
    bool is_large;
} shapes[] = { { 1280, 800, false },
               { 800, 1280, false },
               { 800, 600, false },
               { 2560, 1600, true },
               { 1600, 2560, true } };
static const int sizes[] = { 100, 125, 150, 200 };
static const char *const langs[] = { "en", "cy", "ar" };

static int audit_themes(struct stage *s, const char *what, int themes)
{
    int faults = 0;
    char name[128];

    for (int theme = 0; theme < themes; theme++) {
        for (size_t size = 0; size < ARRAY_LEN(sizes); size++) {
            for (size_t shape = 0; shape < ARRAY_LEN(shapes); shape++) {
                if (shapes[shape].is_large && sizes[size] % 100 != 0) {
                    continue;
                }
                nav_set_theme(&s->nav, (enum theme_id)theme);
                nav_set_text(&s->nav, sizes[size]);
                s->width = shapes[shape].w;
                s->height = shapes[shape].h;
                stage_turn(s);
                snprintf(name, sizeof(name), "%s theme %d text %d %dx%d", what,
                         theme, sizes[size], s->width, s->height);
                faults += audit_screen(&s->nav.ui, name);
            }
        }
    }
    return faults;
}

static void audit_in(struct stage *s, const char *what, int themes)
{
    int faults = 0;
    char name[64];

    for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
        assert_ok(nav_set_language(&s->nav, langs[i]));
        snprintf(name, sizeof(name), "%s %s", what, langs[i]);
        faults += audit_themes(s, name, themes);
    }
    assert_int_equal(faults, 0);
}

static void audit_everywhere(struct stage *s, const char *what)
{
    audit_in(s, what, THEME__COUNT);
}

static void signin_is_whole_everywhere(void **state)
{
    audit_everywhere(*state, "signin");
}

/* Each step of getting in without an own PIN, by day: its parts stand in
 * the other themes elsewhere. Back to English between. */
static void signin_step_is_whole(struct stage *s, const char *what)
{
    audit_in(s, what, 1);
    assert_ok(nav_set_language(&s->nav, "en"));
    nav_set_text(&s->nav, 100);
    s->width = 1280;
    s->height = 800;
    stage_turn(s);
}

static void signin_pin(struct stage *s, const char *digits)
{
    for (; *digits != '\0'; digits++) {
        const char one[2] = { *digits, '\0' };

        stage_type(s, one);
    }
}

static void signin_waits_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    s->fake.v.signin.officers[4].waiting = 3;
    signin_pin(s, "111111");
    signin_pin(s, "111111");
    signin_pin(s, "111111");
    signin_step_is_whole(s, "signin, wait");
    s->fake.v.signin.officers[0].is_locked_out = true;
    bridge_post(s->fake.bridge, VIEW_SIGNIN, &s->fake.v.signin);
    stage_turn(s);
    signin_step_is_whole(s, "signin, locked out");
}

static void a_new_pin_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "signin.forgotten");
    signin_step_is_whole(s, "signin, how");
    stage_tap(s, "sheet.choice.colleague");
    signin_step_is_whole(s, "signin, opener");
    signin_pin(s, FAKE_PIN);
    signin_step_is_whole(s, "signin, new PIN");
}

static void a_newcomer_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "signin.someone-else");
    stage_tap(s, "sheet.choice.code");
    stage_tap(s, "sheet.field");
    stage_type(s, "0123");
    stage_tap(s, "sheet.done");
    signin_step_is_whole(s, "signin, code");
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "signin.someone-else");
    stage_tap(s, "sheet.choice.colleague");
    signin_pin(s, FAKE_PIN);
    signin_step_is_whole(s, "signin, who");
}

static void signin_questions_are_whole_everywhere(void **state)
{
    const struct ui_event help = { .kind = UI_HELP };
    struct stage *s = *state;

    nav_event(&s->nav, &help);
    stage_turn(s);
    signin_step_is_whole(s, "signin, help");
    stage_tap(s, "sheet.cancel");
    s->fake.has_other_patrol = true;
    signin_pin(s, FAKE_PIN);
    signin_step_is_whole(s, "signin, patrol");
    s->fake.v.signin.state = SIGNIN_READY;
    s->fake.v.signin.officer_count = 0;
    bridge_post(s->fake.bridge, VIEW_SIGNIN, &s->fake.v.signin);
    stage_turn(s);
    signin_step_is_whole(s, "signin, not set up");
}

static void the_check_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    s->fake.v.home.patrol = PATROL_OFF;
    s->fake.v.home.is_checked = true;
    s->fake.v.home.check_looks = 1;
    s->fake.v.home.pin_hours_left = 41;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    signin_step_is_whole(s, "home before a patrol");
    stage_tap(s, "home.check");
    signin_step_is_whole(s, "check");
    stage_tap(s, "check.duress-pin");
    signin_step_is_whole(s, "duress PIN");
}

static void whom_it_belongs_to_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.me");
    audit_everywhere(s, "me");
}

static void home_is_whole_everywhere(void **state)
{
    audit_everywhere(*state, "home");
}

static void paused_home_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.pause");
    stage_tap(s, "sheet.choice.meal");
    audit_everywhere(s, "paused");
}

static void pause_sheet_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.pause");
    audit_everywhere(s, "pause sheet");
}

static void drafts_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    audit_in(s, "go on with a draft", 2);
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "home.draft");
    audit_in(s, "which draft", 1);
}

static void log_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    audit_everywhere(s, "log");
}

static void log_types_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.more-types");
    audit_everywhere(s, "log types");
}

static void log_note_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.note");
    audit_everywhere(s, "log note");
}

static void plain(struct stage *s)
{
    assert_ok(nav_set_language(&s->nav, "en"));
    nav_set_text(&s->nav, 100);
    s->width = 1280;
    s->height = 800;
    stage_turn(s);
}

static void photo_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.photo.2");
    audit_everywhere(s, "photo");
    plain(s);
    stage_tap(s, "photo.remove");
    audit_in(s, "photo, remove it?", 1);
}

/* A stroke from corner to corner of what is drawn on. */
static void stroke(struct stage *s)
{
    const struct target *t = ui_find(&s->nav.ui, "photo.ground");
    struct ui_event ev = { .kind = UI_NOTHING };
    struct rect r;

    assert_non_null(t);
    r = t->box;
    (void)ui_touch_down(&s->nav.ui, r.x + 20, r.y + 20, 0);
    (void)ui_touch_move(&s->nav.ui, r.x + r.w - 40, r.y + r.h - 40);
    assert_true(
        ui_touch_up(&s->nav.ui, r.x + r.w - 40, r.y + r.h - 40, 400, &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
}

static void drawing_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.photo.2");
    stage_tap(s, "photo.draw");
    stage_tap(s, "photo.tool.arrow");
    stroke(s);
    audit_everywhere(s, "drawing");
    plain(s);
    stage_tap(s, "back");
    audit_in(s, "drawing, throw it away?", 1);
}

static void the_camera_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.take-photo");
    audit_everywhere(s, "camera");
    plain(s);
    stage_tap(s, "photo.kind.voice");
    audit_in(s, "voice note", 1);
    plain(s);
    stage_tap(s, "photo.shoot");
    audit_in(s, "voice note, recording", 1);
    plain(s);
    stage_tap(s, "photo.shoot");
    s->nav.toast.told = TOLD_NOTHING; /* it lies above, for a moment */
    audit_in(s, "log with a voice note", 1);
    plain(s);
    stage_tap(s, "log.take-photo");
    stage_tap(s, "photo.kind.sketch");
    stroke(s);
    audit_in(s, "sketch", 1);
}

static void a_tablet_without_camera_says_so_everywhere(void **state)
{
    struct stage *s = *state;

    s->fake.has_no_camera = true;
    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.take-photo");
    audit_in(s, "no camera", 1);
    plain(s);
    s->fake.v.capture.state = CAPTURE_LOST;
    bridge_post(s->fake.bridge, VIEW_CAPTURE, &s->fake.v.capture);
    stage_turn(s);
    audit_in(s, "camera lost", 1);
}

static void a_saved_photo_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.entry.214");
    stage_tap(s, "notebook.exhibit");
    audit_everywhere(s, "saved photo");
}

static void notebook_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.entry.214");
    audit_everywhere(s, "notebook");
}

static void new_entry_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.new");
    audit_everywhere(s, "new entry");
}

static void sync_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.sync");
    audit_everywhere(s, "sync");
}

static void end_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    audit_everywhere(s, "end");
}

static void ended_patrol_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    stage_tap(s, "end.reason.incident");
    stage_tap(s, "end.close");
    stage_sign(s);
    audit_everywhere(s, "ended");
}

static void map_and_briefing_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.map");
    audit_everywhere(s, "map");
    stage_tap(s, "map.hotspot.0");
    audit_everywhere(s, "map with a hotspot");
    stage_tap(s, "map.close");
    stage_tap(s, "map.close");
    audit_everywhere(s, "map alone");
    stage_tap(s, "rail.briefing");
    audit_everywhere(s, "briefing");
}

/* By day: their parts stand in the other themes elsewhere. */
static void what_the_map_opens_is_whole_everywhere(void **state)
{
    struct stage *s = *state;
    const struct target *t;

    stage_tap(s, "rail.map");
    t = ui_find(&s->nav.ui, "map.ground");
    ui_focus_on(&s->nav.ui, t->id, t->index);
    stage_key(s, KEY_PRESS);
    audit_in(s, "map, log here", 1);
    plain(s);
    stage_tap(s, "rail.patrol");
    stage_tap(s, "home.tile.env");
    stage_tap(s, "log.type.ENV-01");
    stage_tap(s, "form.open.extent");
    audit_in(s, "outline", 1);
}

static void tasks_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tasks");
    audit_everywhere(s, "tasks");
    plain(s);
    stage_tap(s, "home.task.1");
    audit_everywhere(s, "task");
    plain(s);
    stage_tap(s, "task.not-done");
    audit_everywhere(s, "task, why not");
}

static void an_emergency_is_whole_everywhere(void **state)
{
    struct stage *s = *state;
    struct view_urgent *u = &s->fake.v.status.urgent;

    snprintf(u->id, sizeof(u->id), "task-9");
    snprintf(u->title, sizeof(u->title), "Leave Corn Street now");
    snprintf(u->detail, sizeof(u->detail), "Gas. Meet at the Town Hall.");
    snprintf(u->from, sizeof(u->from), "Tom Ashdown");
    s->fake.v.home.patrol = PATROL_OFF;
    s->fake.v.home.must_read_count = 2;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    bridge_post(s->fake.bridge, VIEW_STATUS, &s->fake.v.status);
    stage_turn(s);
    audit_everywhere(s, "home with an emergency");
    plain(s);
    stage_tap(s, "rail.briefing");
    audit_everywhere(s, "briefing with an emergency");
}

static void the_library_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "library.open");
    audit_everywhere(s, "library");
    plain(s);
    stage_tap(s, "library.doc.powers");
    audit_everywhere(s, "powers");
}

static void the_emergency_card_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "library.open");
    audit_everywhere(s, "emergency card");
}

static void conflicts_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    audit_everywhere(s, "home with a conflict");
    stage_tap(s, "home.conflicts");
    audit_everywhere(s, "conflicts");
    stage_tap(s, "conflicts.row.1");
    audit_everywhere(s, "conflict");
    assert_ok(nav_set_language(&s->nav, "en"));
    nav_set_text(&s->nav, 100);
    s->width = 1280;
    s->height = 800;
    stage_turn(s);
    stage_tap(s, "conflict.side.1.1");
    stage_tap(s, "conflict.side.2.2");
    audit_everywhere(s, "conflict, chosen");
}

static void a_sheet_is_whole(struct stage *s, const char *way)
{
    assert_ok(nav_set_language(&s->nav, "en"));
    nav_set_text(&s->nav, 100);
    s->width = 1280;
    s->height = 800;
    stage_turn(s);
    stage_tap(s, way);
    audit_everywhere(s, way);
    stage_tap(s, "sheet.cancel");
}

static void the_record_in_conflict_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    a_sheet_is_whole(s, "conflict.fields");
    a_sheet_is_whole(s, "conflict.history");
    a_sheet_is_whole(s, "conflict.ask");
}

static void another_version_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.sync");
    audit_everywhere(s, "sync with a conflict");
    assert_ok(nav_set_language(&s->nav, "en"));
    nav_set_text(&s->nav, 100);
    s->width = 1280;
    s->height = 800;
    stage_turn(s);
    stage_tap(s, "sync.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.write.1");
    audit_everywhere(s, "another version");
}

static void notebook_with_a_conflict_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    audit_everywhere(s, "notebook with a conflict");
}

static void the_team_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.team");
    audit_everywhere(s, "team");
}

/* Each part by day; list, log and answer in every theme. */
static void the_review_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.review");
    audit_everywhere(s, "review list");
    plain(s);
    stage_tap(s, "reviews.who");
    signin_step_is_whole(s, "review, who");
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "reviews.row.2");
    stage_tap(s, "review.entry.3");
    signin_step_is_whole(s, "review entry");
    stage_tap(s, "review.ask");
    stage_tap(s, "sheet.field");
    stage_type(s, "Which door?");
    signin_step_is_whole(s, "review question");
    stage_tap(s, "sheet.done");
    audit_everywhere(s, "review log");
    plain(s);
    stage_tap(s, "review.countersign");
    signin_step_is_whole(s, "countersign");
}

static void signing_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    stage_tap(s, "end.sign");
    audit_everywhere(s, "signature");
    plain(s);
    stage_tap(s, "sign.type");
    signin_step_is_whole(s, "signature, typed");
    stage_tap(s, "sign.why.cannot");
    signin_step_is_whole(s, "signature, why not");
}

static void a_question_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    audit_everywhere(s, "home, asked");
    plain(s);
    stage_tap(s, "home.asked");
    audit_everywhere(s, "asked");
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)
#define SPLIT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_conflict, stage_close)
#define DRAFTS(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_drafts, stage_close)
#define LEADS(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_leader, stage_close)
#define ASKED(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_asked, stage_close)
#define OUT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_signed_out, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUT(signin_is_whole_everywhere),
        OUT(signin_waits_are_whole_everywhere),
        OUT(a_new_pin_is_whole_everywhere),
        OUT(a_newcomer_is_whole_everywhere),
        OUT(signin_questions_are_whole_everywhere),
        IN(the_check_is_whole_everywhere),
        IN(whom_it_belongs_to_is_whole_everywhere),
        IN(home_is_whole_everywhere),
        IN(paused_home_is_whole_everywhere),
        IN(pause_sheet_is_whole_everywhere),
        DRAFTS(drafts_are_whole_everywhere),
        IN(log_is_whole_everywhere),
        IN(log_types_are_whole_everywhere),
        IN(log_note_is_whole_everywhere),
        IN(photo_is_whole_everywhere),
        IN(drawing_is_whole_everywhere),
        IN(the_camera_is_whole_everywhere),
        IN(a_tablet_without_camera_says_so_everywhere),
        IN(a_saved_photo_is_whole_everywhere),
        IN(notebook_is_whole_everywhere),
        IN(new_entry_is_whole_everywhere),
        IN(sync_is_whole_everywhere),
        IN(end_is_whole_everywhere),
        IN(ended_patrol_is_whole_everywhere),
        IN(map_and_briefing_are_whole_everywhere),
        IN(what_the_map_opens_is_whole_everywhere),
        IN(the_library_is_whole_everywhere),
        OUT(the_emergency_card_is_whole_everywhere),
        IN(tasks_are_whole_everywhere),
        IN(an_emergency_is_whole_everywhere),
        LEADS(the_team_is_whole_everywhere),
        LEADS(the_review_is_whole_everywhere),
        IN(signing_is_whole_everywhere),
        ASKED(a_question_is_whole_everywhere),
        SPLIT(conflicts_are_whole_everywhere),
        SPLIT(the_record_in_conflict_is_whole_everywhere),
        SPLIT(another_version_is_whole_everywhere),
        SPLIT(notebook_with_a_conflict_is_whole_everywhere),
    };

    return RUN_TESTS(tests);
}
