/* What an officer is told before a shift: is the notebook sound? */
#include "core/tablet_ready.h"

#include "tests/core/tablet_desk.h"

static struct desk desk;

static int set_up(void **state)
{
    struct uuid id;

    (void)state;
    desk_new(&desk, 1);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    assert_ok(record(&desk, "ASB", NULL, 0, &id));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_free(&desk);
    return 0;
}

static void run(const char *sql)
{
    assert_int_equal(
        sqlite3_exec(store_db(tablet_store(desk.t)), sql, NULL, NULL, NULL),
        SQLITE_OK);
}

static struct tablet_ready look(void)
{
    struct tablet_ready out;

    assert_ok(tablet_ready(desk.t, &out));
    return out;
}

static void a_sound_notebook_says_so(void **state)
{
    struct tablet_ready ready = look();

    (void)state;
    assert_true(ready.is_whole);
    assert_int_equal(ready.entries, ask(&desk, "SELECT count(*) FROM event"));
    assert_int_equal(ready.forms, 6);
    assert_int_equal(ready.synced_ms, 0);
}

static void a_notebook_without_an_entry_is_sound(void **state)
{
    struct tablet_options options = { .port = NULL };
    struct tablet_ready ready;

    (void)state;
    desk_free(&desk);
    memset(&desk, 0, sizeof(desk));
    machine_new(&desk.m, 2);
    machine_close(&desk.m);
    options.store = machine_options(&desk.m);
    options.port = sim_port(desk.m.sim);
    assert_ok(tablet_open(&options, &desk.t));
    ready = look();
    assert_true(ready.is_whole);
    assert_int_equal(ready.entries + ready.forms, 0);
}

static void the_last_receipt_is_told(void **state)
{
    struct evlog_ack ack = { .receipt = { (const uint8_t *)"r", 1 } };
    struct evlog_head head;

    (void)state;
    assert_ok(evlog_head(tablet_log(desk.t), &head));
    ack.incarnation = head.incarnation;
    ack.held = head.sequence;
    assert_ok(evlog_acked(tablet_log(desk.t), &ack));
    assert_true(look().synced_ms >= MACHINE_WALL_MS);
}

/* Words that went by order, or by age, leave their commitment behind. */
static void words_that_were_taken_out_leave_it_sound(void **state)
{
    (void)state;
    run("UPDATE event SET body = NULL, salt = NULL WHERE sequence = 3");
    run("UPDATE event SET salt = NULL WHERE sequence = 4");
    assert_true(look().is_whole);
}

/* Only the newest are looked at: the first of those has none before it. */
static void what_lies_further_back_is_not_looked_at(void **state)
{
    (void)state;
    run("DELETE FROM event WHERE sequence < 4");
    assert_true(look().is_whole);
}

static void any_damage_to_the_chain_is_told(void **state)
{
    static const char *const damage[] = {
        /* a word changed */
        "UPDATE event SET body = CAST(substr(body, 1, length(body) - 1)"
        " || x'00' AS BLOB) WHERE sequence = 3",
        /* an entry gone from the middle, the beginning, the end */
        "DELETE FROM event WHERE sequence = 3",
        "DELETE FROM event WHERE sequence = 1",
        "DELETE FROM event WHERE sequence = (SELECT max(sequence) FROM event)",
        /* all of them */
        "DELETE FROM event",
        /* a link that isn't the one of what it links */
        "UPDATE event SET link = zeroblob(32) WHERE sequence = 3",
        "UPDATE event SET link = zeroblob(32) WHERE sequence ="
        " (SELECT max(sequence) FROM event)",
        "DELETE FROM event WHERE sequence < (SELECT max(sequence) FROM event);"
        "UPDATE event SET link = zeroblob(32)",
        /* a header of another entry, and one that is none */
        "UPDATE event SET header = (SELECT header FROM event WHERE"
        " sequence = 4) WHERE sequence = 3",
        "UPDATE event SET header = x'00' WHERE sequence = 3",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        run("SAVEPOINT damage");
        run(damage[i]);
        if (i == 2) { /* what is first says only from where it goes on */
            run("UPDATE event SET sequence = 1 WHERE sequence = 2");
        }
        if (look().is_whole) {
            fail_msg("not told: %s", damage[i]);
        }
        run("ROLLBACK TO damage");
        run("RELEASE damage");
        assert_true(look().is_whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sound_notebook_says_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_notebook_without_an_entry_is_sound,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_receipt_is_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            words_that_were_taken_out_leave_it_sound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_lies_further_back_is_not_looked_at,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_damage_to_the_chain_is_told, set_up,
                                        tear_down),
    };
    return RUN_TESTS(tests);
}
