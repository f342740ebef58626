/* test_veil.c - what a screen shows to somebody who made the officer sign in:
 * no person, no place, no words of earlier records. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "ui/worker/worker_internal.h"

#define SECRET  "Elsie Garland"
#define PUT(to) (void)snprintf(to, sizeof(to), "%s", SECRET)
#define ONE(n)  (n) = 1

static struct worker *make(void)
{
    struct worker *w = mem_alloc(sizeof(*w));

    assert_non_null(w);
    memset(w, 0, sizeof(*w));
    w->views = mem_alloc(sizeof(*w->views));
    assert_non_null(w->views);
    memset(w->views, 0, sizeof(*w->views));
    w->is_duress = true;
    return w;
}

static void drop(struct worker *w)
{
    mem_free(w->views);
    mem_free(w);
}

static bool says_it(const struct views *v)
{
    const char *bytes = (const char *)v;
    const size_t len = strlen(SECRET);

    for (size_t i = 0; i + len <= sizeof(*v); i++) {
        if (memcmp(bytes + i, SECRET, len) == 0) {
            return true;
        }
    }
    return false;
}

static void fill(struct views *v)
{
    PUT(v->status.urgent.title);
    PUT(v->home.partner);
    PUT(v->home.begun[0].words);
    PUT(v->home.position.name);
    PUT(v->home.tasks[0].title);
    PUT(v->home.tasks[0].text);
    PUT(v->home.briefings[0].title);
    PUT(v->form.offers[0].text);
    PUT(v->notebook.entries[0].text);
    PUT(v->sync.items[0].title);
    PUT(v->sync.problem.title);
    PUT(v->end.partner);
    PUT(v->conflicts.items[0].values);
    PUT(v->map.areas[0].why);
    PUT(v->map.areas[0].look_for);
    PUT(v->map.pins[0].title);
    PUT(v->briefs.items[0].text);
    PUT(v->home.asked_by);
    PUT(v->reviews.items[0].officer);
    PUT(v->review.entries[0].detail);
    PUT(v->review.map.pins[0].title);
    PUT(v->asks.items[0].question);
    ONE(v->home.task_count);
    ONE(v->home.briefing_count);
    ONE(v->form.offer_count);
    ONE(v->notebook.entry_count);
    ONE(v->sync.item_count);
    ONE(v->conflicts.item_count);
    ONE(v->map.area_count);
    ONE(v->map.pin_count);
    ONE(v->map.track_count);
    ONE(v->end.way_count);
    ONE(v->briefs.count);
    ONE(v->home.ask_count);
    ONE(v->reviews.count);
    ONE(v->review.entry_count);
    ONE(v->asks.count);
}

static void no_page_shows_a_person_place_or_word(void **state)
{
    struct worker *w = make();

    (void)state;
    fill(w->views);
    assert_true(says_it(w->views));
    for (int kind = 0; kind < VIEW__COUNT; kind++) {
        worker_veil(w, (enum view_kind_id)kind);
    }
    assert_int_equal(w->views->notebook.entry_count, 0);
    assert_false(says_it(w->views));
    assert_int_equal(w->views->map.pin_count, 0);
    assert_int_equal(w->views->map.track_count, 0);
    assert_int_equal(w->views->end.way_count, 0);
    assert_int_equal(w->views->briefs.count, 0);
    assert_int_equal(w->views->reviews.count, 0);
    assert_int_equal(w->views->asks.count, 0);
    drop(w);
}

/* Nobody may wonder why the control room asks. */
static void the_promised_check_in_stays(void **state)
{
    struct worker *w = make();
    struct view_home *home = &w->views->home;

    (void)state;
    PUT(home->tasks[0].title);
    (void)snprintf(home->tasks[1].id, sizeof(home->tasks[1].id), "%s",
                   VIEW_WELFARE);
    home->task_count = 2;
    worker_veil(w, VIEW_HOME);
    assert_int_equal(home->task_count, 1);
    assert_string_equal(home->tasks[0].id, VIEW_WELFARE);
    drop(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_page_shows_a_person_place_or_word),
        cmocka_unit_test(the_promised_check_in_stays),
    };

    return RUN_TESTS(tests);
}
