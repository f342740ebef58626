/* What screens do when they are touched; handles are called by the stage. */
#include "tests/test.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tests/ui/audit.h"
#include "tests/ui/stage.h"
#include "ui/controls.h"
#include "ui/kit/input.h"
#include "ui/kit/paint.h"
#include "ui/look.h"

static void a_wrong_pin_empties_the_dots_and_counts(void **state)
{
    struct stage *s = *state;

    for (int i = 0; i < 6; i++) {
        stage_tap(s, "signin.pin.1");
    }
    assert_int_equal(s->fake.counts[CMD_SIGN_IN], 1);
    assert_true(look_has(&s->nav, "Wrong PIN. 4 tries left"));
    assert_string_equal(nav_screen_name(&s->nav), "signin");
}

static void the_pin_does_not_stay_in_the_model(void **state)
{
    struct stage *s = *state;
    bool found = false;

    stage_type(s, "2");
    for (const char *c = "46810"; *c != '\0'; c++) {
        const char one[2] = { *c, '\0' };

        stage_type(s, one);
    }
    assert_string_equal(nav_screen_name(&s->nav), "home");
    for (size_t i = 0; i + 6 <= NAV_MODEL_BYTES; i++) {
        found |= memcmp(s->nav.model + i, FAKE_PIN, 6) == 0;
    }
    assert_false(found);
}

static void save_asks_for_the_two_answers_it_needs(void **state)
{
    struct stage *s = *state;

    s->fake.v.log.draft.type[0] = '\0';
    s->fake.v.log.draft.who = WHO_NONE;
    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.save");
    assert_int_equal(s->fake.counts[CMD_SAVE], 0);
    assert_true(look_has(&s->nav, "Choose what is happening"));
    assert_true(look_has(&s->nav, "Choose who it affects"));
}

static void four_taps_save_an_observation(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.type.noise");
    stage_tap(s, "log.who.place");
    stage_tap(s, "log.save");
    assert_int_equal(s->fake.counts[CMD_SAVE], 1);
    assert_string_equal(s->fake.last.draft.type, "noise");
    assert_int_equal(s->fake.last.draft.who, WHO_PLACE);
    assert_string_equal(nav_screen_name(&s->nav), "home");
    assert_true(look_has(&s->nav, "Observation saved"));
}

static void a_failed_save_keeps_the_form(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.type.noise");
    s->fake.fail_with = ERR_FULL;
    stage_tap(s, "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "log");
    assert_true(look_has(&s->nav, "No space left"));
    s->fake.fail_with = ERR_OK;
    stage_tap(s, "log.save");
    assert_string_equal(s->fake.last.draft.type, "noise");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void each_change_of_the_log_goes_to_the_worker(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.people-more");
    assert_int_equal(s->fake.last.draft.people, 5);
    stage_tap(s, "log.going.yes"); /* it was chosen: cleared */
    assert_int_equal(s->fake.last.draft.going, GOING_NONE);
    assert_int_equal(s->fake.counts[CMD_PUT_DRAFT], 2);
}

static void the_future_cannot_be_chosen(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.time");
    stage_tap(s, "sheet.choice.now");
    stage_tap(s, "log.time");
    stage_tap(s, "sheet.more");
    assert_int_equal(s->fake.last.draft.happened_ms, FAKE_NOW_MS);
    stage_tap(s, "sheet.less");
    assert_true(s->fake.last.draft.happened_ms < FAKE_NOW_MS);
}

static void an_amendment_names_the_words_it_replaces(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.entry.215");
    assert_true(look_has(&s->nav, "would not sign"));
    stage_tap(s, "notebook.entry.213");
    assert_false(look_has(&s->nav, "would not sign"));
    stage_tap(s, "notebook.amend");
    s->nav.ui.field.id = 0;
    for (int i = 0; i < s->nav.ui.target_count; i++) {
        struct target *t = &s->nav.ui.targets[i];
        struct ui_event ev;

        if (t->id == CTL_SHEET_FIELD) {
            (void)ui_tap(&s->nav.ui, t, &ev);
            assert_true(ui_type(&s->nav.ui,
                                t->index == 1 ? "two drivers" : "three", &ev));
            nav_event(&s->nav, &ev);
        }
    }
    stage_turn(s);
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_AMEND_ENTRY], 1);
    assert_int_equal(s->fake.last.number, 213);
    assert_int_equal(s->fake.last.to - s->fake.last.from,
                     (int)strlen("two drivers"));
}

static void wrong_words_that_are_not_there_are_refused(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.amend");
    for (int i = 0; i < s->nav.ui.target_count; i++) {
        struct target *t = &s->nav.ui.targets[i];
        struct ui_event ev;

        if (t->id == CTL_SHEET_FIELD) {
            (void)ui_tap(&s->nav.ui, t, &ev);
            assert_true(ui_type(&s->nav.ui, "zebra", &ev));
            nav_event(&s->nav, &ev);
        }
    }
    stage_turn(s);
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_AMEND_ENTRY], 0);
    assert_true(look_has(&s->nav, "These words are not in the entry"));
}

static void sos_needs_two_seconds(void **state)
{
    struct stage *s = *state;
    const struct target *t = ui_find(&s->nav.ui, "sos");
    const int x = t->box.x + 10;
    const int y = t->box.y + 10;
    struct ui_event ev;

    assert_true(ui_touch_down(&s->nav.ui, x, y, 1000));
    assert_false(ui_tick(&s->nav.ui, 2999, &ev));
    assert_true(ui_touch_up(&s->nav.ui, x, y, 2999, &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
    assert_int_equal(s->fake.counts[CMD_SOS], 0);
    assert_true(look_has(&s->nav, "SOS not sent. Hold for 2 seconds."));
    assert_true(ui_touch_down(&s->nav.ui, x, y, 5000));
    assert_true(ui_tick(&s->nav.ui, 7000, &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
    assert_int_equal(s->fake.counts[CMD_SOS], 1);
    assert_true(look_has(&s->nav, "Sent"));
}

static void touch_acts_on_release_inside_only(void **state)
{
    struct stage *s = *state;
    const struct target *t = ui_find(&s->nav.ui, "home.end");
    const int x = t->box.x + 10;
    const int y = t->box.y + 10;
    struct ui_event ev;

    assert_true(ui_touch_down(&s->nav.ui, x, y, 1000));
    (void)ui_touch_move(&s->nav.ui, x, y - 60);
    assert_false(ui_touch_up(&s->nav.ui, x, y - 60, 1100, &ev));
    assert_true(ui_touch_down(&s->nav.ui, x, y, 2000));
    assert_true(ui_touch_up(&s->nav.ui, x, y, 2050, &ev));
    assert_int_equal(ev.id, CTL_HOME_END);
    assert_true(ui_touch_down(&s->nav.ui, x, y, 2100));
    assert_false(ui_touch_up(&s->nav.ui, x, y, 2150, &ev)); /* too soon */
}

static void mark_focus(const struct ui *ui, bool *reached)
{
    for (int i = 0; i < ui->target_count; i++) {
        reached[i] |= ui->targets[i].id == ui->focus.id &&
                      ui->targets[i].index == ui->focus.index;
    }
}

/* Down `rows`, then along, from the first of the focused group. */
static void walk_row(struct ui *ui, int rows, bool *reached)
{
    struct ui_event ev;

    (void)ui_key_press(ui, KEY_FIRST, &ev);
    for (int i = 0; i < rows; i++) {
        (void)ui_key_press(ui, KEY_DOWN, &ev);
    }
    for (int i = 0; i < 6; i++) {
        mark_focus(ui, reached);
        (void)ui_key_press(ui, KEY_RIGHT, &ev);
    }
}

/* Tab and arrows come to every control of the screen. */
static void reach_all(struct stage *s, const char *what)
{
    struct ui *ui = &s->nav.ui;
    bool reached[UI_TARGETS_MAX] = { false };
    int left = 0;

    for (int tab = 0; tab < 40; tab++) {
        stage_key(s, KEY_TAB);
        mark_focus(ui, reached);
        for (int row = 0; ui->field.id == 0 && row < 7; row++) {
            walk_row(ui, row, reached);
        }
    }
    for (int i = 0; i < ui->target_count; i++) {
        if (ui_is_live(ui, &ui->targets[i]) && !reached[i]) {
            fprintf(stderr, "%s: keys do not reach %s\n", what,
                    ui->targets[i].name);
            left++;
        }
    }
    assert_int_equal(left, 0);
}

static void keys_reach_every_control(void **state)
{
    struct stage *s = *state;

    reach_all(s, "home");
    stage_tap(s, "home.tile.asb");
    reach_all(s, "log");
    stage_tap(s, "log.note");
    reach_all(s, "note");
    stage_key(s, KEY_ESCAPE);
    stage_tap(s, "rail.notebook");
    reach_all(s, "notebook");
    stage_tap(s, "rail.sync");
    reach_all(s, "sync");
    stage_tap(s, "rail.patrol");
    stage_tap(s, "home.end");
    reach_all(s, "end");
}

static void keys_reach_every_control_of_signin(void **state)
{
    reach_all(*state, "signin");
}

static void nothing_moves_when_nothing_changes(void **state)
{
    struct stage *s = *state;
    static struct draw_list before;

    memcpy(&before, &s->nav.ui.list, sizeof(before));
    stage_turn(s);
    assert_true(rect_is_empty(draw_difference(&before, &s->nav.ui.list)));
    s->fake.v.status.clock_runs = false;
    assert_int_equal(nav_next_tick(&s->nav), 3 * 60 * 1000); /* the lock */
}

static void a_second_redraws_little_more_than_the_timer(void **state)
{
    struct stage *s = *state;
    static struct draw_list before;
    struct rect damage;

    memcpy(&before, &s->nav.ui.list, sizeof(before));
    app_set_clock(s->nav.app, FAKE_NOW_MS + 1000);
    nav_draw(&s->nav, s->width, s->height);
    damage = draw_difference(&before, &s->nav.ui.list);
    assert_false(rect_is_empty(damage));
    assert_true(damage.w * damage.h < 480 * 72);
}

static void mirrored_twice_is_where_it_was(void **state)
{
    struct stage *s = *state;
    const struct draw_list *l = &s->nav.ui.list;
    struct rect first;

    stage_turn(s);
    first = ui_find(&s->nav.ui, "home.end")->box;
    s->nav.ui.list.is_flipped = true;
    stage_turn(s);
    assert_int_equal(ui_find(&s->nav.ui, "home.end")->box.x,
                     l->width - first.x - first.w);
    s->nav.ui.list.is_flipped = false;
    stage_turn(s);
    assert_int_equal(ui_find(&s->nav.ui, "home.end")->box.x, first.x);
}

static void a_toast_without_undo_stays_on_its_screen(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.task.0");
    assert_true(look_has(&s->nav, "Checked in"));
    stage_tap(s, "rail.sync");
    assert_false(look_has(&s->nav, "Checked in"));
}

static void undo_follows_to_the_next_screen_but_not_to_signin(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.save");
    stage_tap(s, "rail.sync");
    assert_non_null(ui_find(&s->nav.ui, "toast.undo"));
    stage_tap(s, "rail.me");
    stage_tap(s, "me.lock");
    assert_null(ui_find(&s->nav.ui, "toast.undo"));
}

static void a_toast_hides_no_words_where_there_is_room(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.new");
    stage_tap(s, "sheet.field");
    stage_type(s, "Dry");
    stage_tap(s, "sheet.done");
    assert_true(look_has(&s->nav, "Entry written"));
    s->fake.v.notebook.entry_count = 1;
    bridge_post(s->fake.bridge, VIEW_NOTEBOOK, &s->fake.v.notebook);
    stage_turn(s);
    assert_int_equal(audit_screen(&s->nav.ui, "notebook with a toast"), 0);
}

static void signin_counts_no_tries_before_a_wrong_pin(void **state)
{
    struct stage *s = *state;

    assert_false(look_has(&s->nav, "left"));
    for (int i = 0; i < 6; i++) {
        stage_tap(s, "signin.pin.1");
    }
    assert_true(look_has(&s->nav, "Wrong PIN. 4 tries left."));
    assert_false(look_has(&s->nav, "0 minute"));
}

static void signin_says_what_it_knows_of_what_waits(void **state)
{
    struct stage *s = *state;
    struct view_status *st = &s->fake.v.status;

    st->is_waiting_known = false;
    bridge_post(s->fake.bridge, VIEW_STATUS, st);
    stage_turn(s);
    assert_true(look_has(&s->nav, "Sign in to see what waits"));
    st->is_waiting_known = true;
    st->waiting_count = 7;
    bridge_post(s->fake.bridge, VIEW_STATUS, st);
    stage_turn(s);
    assert_true(look_has(&s->nav, "7 wait; sign in to send"));
}

static void signin_leaves_no_gap_for_what_is_not_known(void **state)
{
    struct stage *s = *state;

    s->fake.v.signin.tablet[0] = '\0';
    s->fake.v.signin.officers[0].role[0] = '\0';
    bridge_post(s->fake.bridge, VIEW_SIGNIN, &s->fake.v.signin);
    stage_turn(s);
    assert_true(look_has(&s->nav, "Shared tablet"));
    assert_false(look_has(&s->nav, " \u20684127"));
}

static void a_way_of_unknown_kind_is_called_connected(void **state)
{
    struct stage *s = *state;

    s->fake.v.status.link = LINK_ANY;
    bridge_post(s->fake.bridge, VIEW_STATUS, &s->fake.v.status);
    stage_tap(s, "rail.sync");
    assert_true(look_has(&s->nav, "Connected"));
    assert_false(look_has(&s->nav, "Wi-Fi connected"));
}

static void the_reason_why_nothing_goes_is_said(void **state)
{
    struct stage *s = *state;

    s->fake.v.status.link = LINK_NONE;
    s->fake.v.status.trouble = TROUBLE_DATE;
    bridge_post(s->fake.bridge, VIEW_STATUS, &s->fake.v.status);
    s->fake.v.sync.is_sending = false;
    bridge_post(s->fake.bridge, VIEW_SYNC, &s->fake.v.sync);
    stage_tap(s, "rail.sync");
    assert_true(look_has(&s->nav, "This tablet’s date looks wrong"));
    assert_true(look_has(&s->nav, "does not fit this date"));
    assert_false(look_has(&s->nav, "Waits for a signal"));
    assert_false(look_has(&s->nav, "No connection"));
}

static void each_line_of_the_book_takes_one_rule(void **state)
{
    struct stage *s = *state;
    struct view_notebook *v = &s->fake.v.notebook;
    int rules[4];

    v->entry_count = 4;
    v->book[0] = '\0';
    for (int i = 0; i < v->entry_count; i++) {
        memset(&v->entries[i], 0, sizeof(v->entries[i]));
        v->entries[i].number = i + 1;
        memcpy(v->entries[i].text, "Dry", 4);
    }
    bridge_post(s->fake.bridge, VIEW_NOTEBOOK, v);
    stage_tap(s, "rail.notebook");
    assert_int_equal(audit_screen(&s->nav.ui, "short lines"), 0);
    assert_false(look_has(&s->nav, "Book"));
    for (int i = 0; i < 4; i++) {
        char name[UI_NAME_SIZE];

        snprintf(name, sizeof(name), "notebook.entry.%d", i + 1);
        rules[i] = ui_find(&s->nav.ui, name)->box.y;
    }
    for (int i = 1; i < 4; i++) {
        assert_int_equal(rules[i] - rules[i - 1],
                         ui_line(&s->nav.ui, TYPE_PAGE));
    }
}

static int height_beyond(const struct stage *s, int id)
{
    for (int i = 0; i < UI_SCROLLS_MAX; i++) {
        const struct ui_scroll *c = &s->nav.ui.scrolls[i];

        if (c->id == id) {
            return c->content - c->view.h;
        }
    }
    return INT_MAX;
}

static void the_log_without_gps_needs_no_scrolling(void **state)
{
    struct stage *s = *state;

    s->fake.v.log.position = (struct view_place){ 0 };
    stage_tap(s, "home.tile.asb");
    assert_true(look_has(&s->nav, "No GPS. Type the place."));
    assert_true(height_beyond(s, CTL_SCROLL_MAIN) <= 0);
    s->fake.v.log.position.has_fix = true;
    s->fake.v.log.position.accuracy_m = 80;
    bridge_post(s->fake.bridge, VIEW_LOG, &s->fake.v.log);
    stage_turn(s);
    assert_true(look_has(&s->nav, "GPS is weak"));
    assert_true(height_beyond(s, CTL_SCROLL_MAIN) <= 0);
}

/* A receiver that gives its place and nothing else. */
static void an_accuracy_that_nobody_gave_is_not_nought(void **state)
{
    struct stage *s = *state;

    s->fake.v.status.accuracy_m = 0;
    bridge_post(s->fake.bridge, VIEW_STATUS, &s->fake.v.status);
    s->fake.v.log.position.accuracy_m = 0;
    stage_tap(s, "home.tile.asb");
    assert_true(look_has(&s->nav, "accuracy not known"));
    assert_true(look_has(&s->nav, "GPS is weak"));
    assert_true(look_has(&s->nav, "±?"));
    assert_false(look_has(&s->nav, "±0"));
}

static void a_typed_place_answers_the_missing_gps(void **state)
{
    struct stage *s = *state;

    s->fake.v.log.position = (struct view_place){ 0 };
    stage_tap(s, "home.tile.asb");
    assert_true(look_has(&s->nav, "No GPS. Type the place."));
    stage_tap(s, "log.place");
    stage_tap(s, "sheet.field");
    stage_type(s, "Stand C");
    stage_tap(s, "sheet.done");
    assert_true(s->fake.last.draft.is_place_set);
    assert_false(look_has(&s->nav, "Type the place"));
}

static void an_ended_patrol_says_so_and_leads_home(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    assert_non_null(ui_find(&s->nav.ui, "end.keep"));
    stage_tap(s, "end.reason.incident");
    stage_tap(s, "end.close");
    stage_sign(s);
    assert_true(look_has(&s->nav, "Patrol ended at"));
    assert_true(look_has(&s->nav, "The patrol is closed and signed."));
    assert_null(ui_find(&s->nav.ui, "end.keep"));
    stage_tap(s, "end.close");
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 1);
    assert_true(look_has(&s->nav, "Not on patrol"));
}

static void home_fills_the_screen_whatever_is_next(void **state)
{
    struct stage *s = *state;
    struct view_home *h = &s->fake.v.home;
    struct rect last = ui_find(&s->nav.ui, "home.tile.notice")->box;

    assert_int_equal(last.y + last.h, s->height - 24);
    h->task_count = 0;
    h->briefing_count = 0;
    h->patrol = PATROL_OFF;
    bridge_post(s->fake.bridge, VIEW_HOME, h);
    stage_turn(s);
    last = ui_find(&s->nav.ui, "home.tile.notice")->box;
    assert_int_equal(last.y + last.h, s->height - 24);
    assert_int_equal(last.h, 136);
}

static void locking_goes_to_signin(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.me");
    assert_true(look_has(&s->nav, "Your patrol, its track and sending go on"));
    stage_tap(s, "me.lock");
    assert_string_equal(nav_screen_name(&s->nav), "signin");
    stage_turn(s);
    assert_null(ui_find(&s->nav.ui, "home.end"));
    assert_true(look_has(&s->nav, "It goes on while the tablet is locked"));
}

static void signing_out_asks_for_the_end_of_the_patrol_first(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.me");
    stage_tap(s, "me.sign-out");
    assert_string_equal(nav_screen_name(&s->nav), "end");
    assert_int_equal(s->fake.counts[CMD_SIGN_OUT], 0);
    stage_tap(s, "back");
    s->fake.v.home.patrol = PATROL_OFF;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    assert_true(look_has(&s->nav, "still wait here"));
    stage_tap(s, "me.sign-out");
    assert_int_equal(s->fake.counts[CMD_SIGN_OUT], 1);
    assert_string_equal(nav_screen_name(&s->nav), "signin");
}

/* Large text and an upright screen have no rail with initials. */
static void everybody_can_lock_at_any_size(void **state)
{
    struct stage *s = *state;

    nav_set_text(&s->nav, 200);
    stage_turn(s);
    stage_tap(s, "rail.me");
    assert_string_equal(nav_screen_name(&s->nav), "me");
    stage_tap(s, "back");
    nav_set_text(&s->nav, 100);
    s->width = 800;
    s->height = 1280;
    stage_turn(s);
    stage_tap(s, "rail.me");
    assert_non_null(ui_find(&s->nav.ui, "me.lock"));
}

static void a_screen_never_lies_upon_itself(void **state)
{
    struct stage *s = *state;

    for (int i = 0; i < 10; i++) {
        stage_tap(s, "rail.me");
        stage_tap(s, "me.help");
    }
    assert_int_equal(s->nav.depth, 3);
}

static void help_comes_over_a_form_and_back_is_where_it_was(void **state)
{
    const struct ui_event help = { .kind = UI_HELP };
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    nav_event(&s->nav, &help);
    stage_turn(s);
    assert_string_equal(nav_screen_name(&s->nav), "library");
    assert_true(look_has(&s->nav, "How to use this tablet"));
    assert_true(look_has(&s->nav, "Touch your name, then your six digits"));
    nav_event(&s->nav, &help);
    stage_tap(s, "back");
    assert_string_equal(nav_screen_name(&s->nav), "log");
}

static void a_new_entry_is_one_chord_away(void **state)
{
    const struct ui_event ev = { .kind = UI_NEW };
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    nav_event(&s->nav, &ev);
    stage_turn(s);
    assert_string_equal(nav_screen_name(&s->nav), "notebook");
    assert_true(look_has(&s->nav, "New entry"));
    assert_non_null(ui_find(&s->nav.ui, "sheet.field"));
}

static void a_conflict_is_settled_when_each_field_has_a_choice(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.side.1.1");
    assert_true(look_has(&s->nav, "Choose 1 more"));
    stage_tap(s, "conflict.use");
    assert_int_equal(s->fake.counts[CMD_SETTLE], 0);
    stage_tap(s, "conflict.side.2.2");
    stage_tap(s, "conflict.use");
    assert_int_equal(s->fake.counts[CMD_SETTLE], 1);
    assert_int_equal(s->fake.last.settlement.choice[0], 1);
    assert_int_equal(s->fake.last.settlement.choice[1], 2);
    assert_string_equal(nav_screen_name(&s->nav), "conflicts");
    assert_true(look_has(&s->nav, "Nothing to settle"));
}

static void another_version_begins_with_both(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.write.2");
    assert_true(look_has(&s->nav, "Declined a shelter place.\nShelter"));
    stage_tap(s, "sheet.done");
    stage_tap(s, "conflict.side.1.2");
    stage_tap(s, "conflict.use");
    assert_int_equal(s->fake.last.settlement.choice[1], SETTLE_OTHER);
    assert_non_null(strstr(s->fake.last.settlement.other[1], "bed 4"));
}

static void keeping_both_for_now_sends_nothing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.settle");
    assert_string_equal(nav_screen_name(&s->nav), "conflict");
    stage_tap(s, "conflict.side.1.1");
    stage_tap(s, "conflict.keep");
    assert_string_equal(nav_screen_name(&s->nav), "notebook");
    assert_int_equal(s->fake.counts[CMD_SETTLE], 0);
}

static void the_record_is_seen_whole_and_its_author_asked(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.side.1.1");
    stage_tap(s, "conflict.fields");
    assert_true(look_has(&s->nav, "Differs: Priya Nair"));
    assert_true(look_has(&s->nav, "Grid reference"));
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "conflict.history");
    assert_true(look_has(&s->nav, "Photo added"));
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "conflict.ask");
    stage_tap(s, "sheet.done"); /* nothing is asked: nothing is sent */
    assert_int_equal(s->fake.counts[CMD_ASK_ABOUT], 0);
    stage_tap(s, "sheet.field");
    stage_type(s, "Is he there now?");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_ASK_ABOUT], 1);
    assert_string_equal(s->fake.last.key, "4203");
    assert_string_equal(s->fake.last.text, "Is he there now?");
    assert_true(look_has(&s->nav, "No answer yet."));
    assert_true(look_has(&s->nav, "Chosen: yours")); /* all that stays */
}

static void other_values_meanwhile_ask_again(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.sync");
    stage_tap(s, "sync.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.side.1.1");
    s->fake.v.conflicts.open.opened++;
    bridge_post(s->bridge, VIEW_CONFLICT, &s->fake.v.conflicts);
    stage_turn(s);
    assert_true(look_has(&s->nav, "Choose 2 more"));
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)
#define SPLIT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_conflict, stage_close)
#define OUT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_signed_out, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUT(a_wrong_pin_empties_the_dots_and_counts),
        OUT(the_pin_does_not_stay_in_the_model),
        OUT(keys_reach_every_control_of_signin),
        IN(save_asks_for_the_two_answers_it_needs),
        IN(four_taps_save_an_observation),
        IN(a_failed_save_keeps_the_form),
        IN(each_change_of_the_log_goes_to_the_worker),
        IN(the_future_cannot_be_chosen),
        IN(an_amendment_names_the_words_it_replaces),
        IN(wrong_words_that_are_not_there_are_refused),
        IN(sos_needs_two_seconds),
        IN(touch_acts_on_release_inside_only),
        IN(keys_reach_every_control),
        IN(nothing_moves_when_nothing_changes),
        IN(a_second_redraws_little_more_than_the_timer),
        IN(mirrored_twice_is_where_it_was),
        IN(a_toast_without_undo_stays_on_its_screen),
        IN(undo_follows_to_the_next_screen_but_not_to_signin),
        IN(a_toast_hides_no_words_where_there_is_room),
        OUT(signin_counts_no_tries_before_a_wrong_pin),
        OUT(signin_says_what_it_knows_of_what_waits),
        OUT(signin_leaves_no_gap_for_what_is_not_known),
        IN(a_way_of_unknown_kind_is_called_connected),
        IN(the_reason_why_nothing_goes_is_said),
        IN(each_line_of_the_book_takes_one_rule),
        IN(the_log_without_gps_needs_no_scrolling),
        IN(an_accuracy_that_nobody_gave_is_not_nought),
        IN(a_typed_place_answers_the_missing_gps),
        IN(an_ended_patrol_says_so_and_leads_home),
        IN(home_fills_the_screen_whatever_is_next),
        IN(locking_goes_to_signin),
        IN(signing_out_asks_for_the_end_of_the_patrol_first),
        IN(everybody_can_lock_at_any_size),
        IN(a_screen_never_lies_upon_itself),
        IN(help_comes_over_a_form_and_back_is_where_it_was),
        IN(a_new_entry_is_one_chord_away),
        SPLIT(a_conflict_is_settled_when_each_field_has_a_choice),
        SPLIT(the_record_is_seen_whole_and_its_author_asked),
        SPLIT(another_version_begins_with_both),
        SPLIT(keeping_both_for_now_sends_nothing),
        SPLIT(other_values_meanwhile_ask_again),
    };

    return RUN_TESTS(tests);
}
