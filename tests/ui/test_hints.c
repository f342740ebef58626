/* test_hints.c - what stands beside a control, and what comes before it. */
#include <string.h>

#include "tests/test.h"
#include "tests/ui/stage.h"
#include "ui/library.h"
#include "ui/library_source.h"
#include "ui/look.h"

static void every_source_of_the_library_has_words(void **state)
{
    const struct library_doc *docs;
    size_t count;
    int found = 0;

    (void)state;
    docs = library_docs(&count);
    assert_non_null(docs);
    for (size_t d = 0; d < count; d++) {
        for (size_t s = 0; s < docs[d].section_count; s++) {
            for (size_t i = 0; i < docs[d].sections[s].item_count; i++) {
                const struct library_item *item = &docs[d].sections[s].items[i];

                for (size_t n = 0; n < item->source_count; n++) {
                    if (library_source(item->sources[n]) == NULL) {
                        fail_msg("%s has no words", item->sources[n]);
                    }
                    found++;
                }
            }
        }
    }
    assert_true(found > 100);
    assert_null(library_source("ZZ9"));
}

static void a_page_names_its_source_in_words(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "library.open");
    assert_true(look_has(&s->nav, "Source: "));
    assert_true(look_has(&s->nav, "ACT campaign"));
    assert_false(look_has(&s->nav, "R4"));
}

static void a_grey_button_says_what_is_missing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.entry.214");
    stage_tap(s, "notebook.amend");
    assert_true(look_has(&s->nav, "say which words are wrong"));
    stage_tap(s, "sheet.field.1");
    stage_type(s, "brown");
    assert_true(look_has(&s->nav, "say the right words"));
    stage_tap(s, "sheet.field");
    stage_type(s, "black");
    assert_false(look_has(&s->nav, "To write it"));
}

static bool overlap(struct rect a, struct rect b)
{
    return rect_intersect(a, b).w > 0 && rect_intersect(a, b).h > 0;
}

/* The box that the words of the toast lie in. */
static struct rect toast_of(const struct stage *s, const char *words)
{
    const struct draw_list *l = &s->nav.ui.list;

    for (int i = l->count - 1; i > 0; i--) {
        const struct draw_cmd *c = &l->cmds[i];

        if (c->kind == DRAW_TEXT && draw_job(l, c).len == strlen(words) &&
            memcmp(draw_job(l, c).text, words, strlen(words)) == 0) {
            for (int k = i; k > 0; k--) {
                if (l->cmds[k].kind == DRAW_BOX) {
                    return l->cmds[k].box;
                }
            }
        }
    }
    fail_msg("there is no toast");
    return rect_make(0, 0, 0, 0);
}

static void a_toast_hides_no_button_of_the_notebook(void **state)
{
    struct stage *s = *state;
    const struct target *t;
    struct rect toast;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.entry.214");
    stage_tap(s, "notebook.new");
    stage_tap(s, "sheet.field");
    stage_type(s, "Back on foot");
    stage_tap(s, "sheet.done");
    toast = toast_of(s, "Entry written");
    assert_true(toast.w > 300);
    t = ui_find(&s->nav.ui, "notebook.amend");
    assert_non_null(t);
    assert_false(overlap(toast, t->box));
    t = ui_find(&s->nav.ui, "notebook.new");
    assert_non_null(t);
    assert_false(overlap(toast, t->box));
}

static void nobody_is_told_to_phone_beside_a_suspect_item(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.suspicious");
    assert_true(look_has(&s->nav, "0800 789 321"));
    stage_tap(s, "log.more-types");
    stage_tap(s, "sheet.choice.SUS-08");
    assert_true(look_has(&s->nav, "Are you more than 15 m away?"));
    assert_true(look_has(&s->nav, "Answer this first"));
    assert_false(look_has(&s->nav, "0800 789 321"));
    stage_tap(s, "form.beyond_15_m.no");
    assert_true(look_has(&s->nav, "Go more than 15 m away first"));
    assert_true(look_has(&s->nav, "0800 789 321"));
    stage_tap(s, "form.beyond_15_m.yes");
    assert_false(look_has(&s->nav, "away first"));
    assert_true(look_has(&s->nav, "0800 789 321"));
}

/* As after a kill: another page, and back. */
static void words_of_a_sheet_are_there_again(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.entry.214");
    stage_tap(s, "notebook.amend");
    stage_tap(s, "sheet.field.1");
    stage_type(s, "brown");
    stage_tap(s, "sheet.field.2");
    stage_type(s, "zebra");
    nav_go(&s->nav, GO_HOME);
    nav_go(&s->nav, GO_NOTEBOOK);
    stage_turn(s);
    assert_true(look_has(&s->nav, "Amend entry 214"));
    assert_true(look_has(&s->nav, "brown"));
    assert_true(look_has(&s->nav, "zebra"));
    stage_tap(s, "sheet.cancel"); /* given up */
    stage_tap(s, "notebook.amend");
    assert_false(look_has(&s->nav, "zebra"));
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "rail.briefing");
    stage_tap(s, "briefing.ask");
    stage_tap(s, "sheet.field");
    stage_type(s, "Which exit?");
    nav_go(&s->nav, GO_HOME);
    nav_go(&s->nav, GO_BRIEFING);
    stage_turn(s);
    stage_tap(s, "briefing.ask");
    assert_true(look_has(&s->nav, "Which exit?"));
    stage_tap(s, "sheet.done");
    assert_string_equal(
        view_kept_text(&s->fake.v.kept, KEPT_BRIEFING, s->fake.last.id), "");
    stage_tap(s, "briefing.ask");
    assert_string_equal(ui_find(&s->nav.ui, "sheet.field")->text, "");
}

static void words_about_two_versions_are_there_again(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.write.2");
    stage_tap(s, "sheet.field");
    stage_type(s, "!");
    nav_go(&s->nav, GO_HOME);
    stage_turn(s);
    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.write.1");
    assert_false(look_has(&s->nav, "from 19:00.!"));
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "conflict.write.2");
    assert_true(look_has(&s->nav, "from 19:00.!"));
    stage_tap(s, "sheet.done");
    stage_tap(s, "conflict.side.1.1");
    stage_tap(s, "conflict.ask");
    stage_tap(s, "sheet.field");
    stage_type(s, "Still there?");
    nav_go(&s->nav, GO_HOME);
    stage_turn(s);
    stage_tap(s, "home.conflicts");
    stage_tap(s, "conflicts.row.1");
    stage_tap(s, "conflict.ask");
    assert_true(look_has(&s->nav, "Still there?"));
}

static void what_was_refused_is_opened_where_it_can_be_amended(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.sync");
    assert_true(look_has(&s->nav, "Open record"));
    stage_tap(s, "sync.fix");
    assert_int_equal(s->fake.last.kind, CMD_OPEN_ABOUT);
    assert_string_equal(s->fake.last.id, "notice-004183");
    assert_string_equal(nav_screen_name(&s->nav), "notebook");
    s->fake.v.sync.problem.id[0] = '\0'; /* no record: a file of one */
    bridge_post(s->bridge, VIEW_SYNC, &s->fake.v.sync);
    stage_tap(s, "rail.sync");
    stage_tap(s, "sync.fix");
    assert_int_equal(s->fake.last.kind, CMD_SYNC_NOW);
}

static void a_leader_sees_who_is_out(void **state)
{
    struct stage *s = *state;

    assert_null(ui_find(&s->nav.ui, "rail.patrol"));
    stage_tap(s, "rail.team");
    assert_string_equal(nav_screen_name(&s->nav), "team");
    assert_true(look_has(&s->nav, "Keisha Brown"));
    assert_true(look_has(&s->nav, "to review"));
    stage_tap(s, "team.row.1");
    assert_int_equal(s->fake.counts[CMD_OPEN_REVIEW], 1);
    assert_string_equal(nav_screen_name(&s->nav), "review");
    stage_tap(s, "back");
    stage_tap(s, "team.book");
    assert_string_equal(nav_screen_name(&s->nav), "notebook");
    stage_tap(s, "rail.team");
    stage_tap(s, "team.patrol");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void a_message_stays_from_when_it_was_drawn(void **state)
{
    struct stage *s = *state;

    nav_failed(&s->nav, ERR_FULL);
    (void)nav_tick(&s->nav, 20000); /* the frame took as long as that */
    stage_turn(s);
    assert_true(look_has(&s->nav, "No space left"));
    (void)nav_tick(&s->nav, 30000);
    (void)nav_tick(&s->nav, 30000 + MS_TOAST_STAY - 1);
    stage_turn(s);
    assert_true(look_has(&s->nav, "No space left"));
    assert_true(nav_tick(&s->nav, 30000 + MS_TOAST_STAY));
    stage_turn(s);
    assert_false(look_has(&s->nav, "No space left"));
}

#define LEADS(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_leader, stage_close)
#define SPLIT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_conflict, stage_close)
#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_of_the_library_has_words),
        IN(a_page_names_its_source_in_words),
        IN(a_grey_button_says_what_is_missing),
        IN(a_toast_hides_no_button_of_the_notebook),
        IN(nobody_is_told_to_phone_beside_a_suspect_item),
        IN(words_of_a_sheet_are_there_again),
        IN(what_was_refused_is_opened_where_it_can_be_amended),
        LEADS(a_leader_sees_who_is_out),
        SPLIT(words_about_two_versions_are_there_again),
        IN(a_message_stays_from_when_it_was_drawn),
    };

    return RUN_TESTS(tests);
}
