/* Ended accesses and the journal: a restored server keeps them ended. */
#include "sync-server/access.h"

#include <string.h>
#include <sys/stat.h>

#include "sync-server/access_journal.h"
#include "sync-server/journal.h"
#include "tests/platform/tempdir.h"
#include "tests/sync-server/desk.h"

#define TABLET "WB-08"
#define NUMBER "4417"
#define ROLE   "neighbourhood-officer"

static struct desk desk;
static struct desk_tablet tablet;
static struct tempdir dir;
static struct journal *journal;
static struct faultvfs *backup;
static uint64_t redone;

/* The council with the journal in `folder`; what the replay says. */
static enum err attach(const char *folder)
{
    const enum err err =
        journal_attach(folder, NULL, &desk.council, &journal, &redone);

    if (err) {
        journal_close(journal);
        journal = NULL;
        desk.council.journal = NULL;
    }
    return err;
}

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, TABLET, &tablet);
    dir = tempdir_new();
    assert_ok(faultvfs_new(5, &backup));
    assert_ok(attach(dir.path));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    journal_close(journal);
    journal = NULL;
    faultvfs_free(backup);
    desk_tablet_free(&tablet);
    desk_close(&desk);
    tempdir_free(&dir);
    return 0;
}

/* --- what happens --- */

static enum err ask(const char *const words[], size_t count)
{
    struct admin_request r = { .count = count };
    struct buf in, out;
    struct bytes text;
    enum err code = ERR_OK;

    for (size_t i = 0; i < count; i++) {
        r.argument[i] =
            (struct bytes){ (const uint8_t *)words[i], strlen(words[i]) };
    }
    buf_init(&in, 4096);
    buf_init(&out, 65536);
    admin_request_put(&in, &r);
    admin_handle(&desk.council, buf_bytes(&in), &out);
    assert_ok(admin_answer_parse(buf_bytes(&out), &code, &text));
    buf_fini(&in);
    buf_fini(&out);
    return code;
}

static enum err end_tablet(void)
{
    return ask((const char *const[]){ "revoke-device", TABLET }, 2);
}

static enum err end_officer(void)
{
    return ask((const char *const[]){ "revoke-officer", NUMBER }, 2);
}

static enum err let_in(void)
{
    return ask((const char *const[]){ "officer", NUMBER, "A. Khan", ROLE, "" },
               5);
}

static void back_up(void)
{
    assert_ok(faultvfs_copy(backup, desk.disk));
}

/* The disk as it was at the backup, and a chain of our own on it. */
static void restore(void)
{
    journal_close(journal);
    journal = NULL;
    service_close(desk.service);
    council_close(&desk.council);
    sdb_close(desk.db);
    assert_ok(faultvfs_copy(desk.disk, backup));
    assert_ok(
        service_open(&(struct service_options){ "c", faultvfs_name(desk.disk),
                                                sim_port(desk.machine) },
                     &desk.service));
    assert_ok(sdb_open("c", faultvfs_name(desk.disk), &desk.db));
    assert_ok(council_open(desk.db, sim_port(desk.machine), &desk.council));
    assert_ok(council_begin(&desk.council));
    assert_ok(council_new_incarnation(&desk.council));
    assert_ok(council_commit(&desk.council));
}

/* --- what stands --- */

static bool tablet_is_out(void)
{
    struct sdb_device d;

    assert_ok(sdb_device_get(desk.db, &tablet.device, &d));
    return d.state == SDB_DEVICE_REVOKED;
}

static bool officer_is_out(void)
{
    struct sdb_officer o;

    assert_ok(sdb_officer_get(desk.db, &desk.officer, &o));
    return !o.is_active;
}

static uint64_t events(void)
{
    struct sdb_counts n;

    assert_ok(sdb_counts(desk.db, &n));
    return n.events;
}

/* One line of the journal with another word in front, checked anew. */
static void add_line_with(const char *op, const char *path)
{
    char line[1024], head[512], all[600], check[17];
    struct hash hash;
    char *rest, *at;
    FILE *f = fopen(path, "r+");

    assert_non_null(f);
    assert_non_null(fgets(line, sizeof(line), f));
    rest = strchr(line, ' ');
    assert_non_null(rest);
    at = rest;
    for (int i = 0; i < 4; i++) {
        at = strchr(at + 1, ' ');
        assert_non_null(at);
    }
    at = strchr(at + 1, ' '); /* behind the time: the check */
    assert_non_null(at);
    snprintf(head, sizeof(head), "%s%.*s", op, (int)(at - rest), rest);
    at[strcspn(at, "\n")] = '\0';
    snprintf(all, sizeof(all), "%s %s", head, at + 18);
    crypto_sha256((struct bytes){ (const uint8_t *)all, strlen(all) }, &hash);
    hex_format(hash.bytes, 8, check);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    fprintf(f, "%s %s %s\n", head, check, at + 18);
    fclose(f);
}

/* --- behaviours --- */

static void what_was_ended_after_the_backup_is_ended_again(void **state)
{
    uint64_t before;

    (void)state;
    back_up();
    assert_ok(end_tablet());
    assert_ok(end_officer());
    restore();
    assert_false(tablet_is_out());
    assert_ok(attach(dir.path));
    assert_true(tablet_is_out());
    assert_true(officer_is_out());
    assert_int_equal(journal_accesses(journal), 2);
    assert_int_equal(redone, 0); /* erasures */
    before = events();
    assert_ok(journal_replay(journal, &desk.council, &redone));
    assert_int_equal(journal_accesses(journal), 0);
    assert_int_equal(events(), before);
}

static void an_end_that_the_backup_has_is_not_told_again(void **state)
{
    uint64_t before;

    (void)state;
    assert_ok(end_tablet());
    assert_ok(end_tablet()); /* once is enough */
    assert_ok(end_officer());
    back_up();
    restore();
    before = events();
    assert_ok(attach(dir.path));
    assert_int_equal(journal_accesses(journal), 0);
    assert_int_equal(events(), before);
    assert_true(tablet_is_out());
}

static void who_was_let_in_again_is_in_after_a_restore(void **state)
{
    (void)state;
    back_up();
    assert_ok(end_officer());
    assert_ok(let_in());
    restore();
    assert_ok(attach(dir.path));
    assert_false(officer_is_out());
    assert_ok(end_officer());
    restore();
    assert_ok(attach(dir.path));
    assert_true(officer_is_out());
}

static void who_was_out_in_the_backup_is_let_in_by_the_journal(void **state)
{
    (void)state;
    assert_ok(end_officer());
    back_up();
    assert_ok(let_in());
    restore();
    assert_true(officer_is_out());
    assert_ok(attach(dir.path));
    assert_false(officer_is_out());
    assert_int_equal(journal_accesses(journal), 1);
}

/* A clock that was put back doesn't turn the order of the lines round. */
static void an_end_counts_though_the_clock_went_back(void **state)
{
    (void)state;
    back_up();
    assert_ok(end_officer());
    assert_ok(let_in());
    sim_port_skew(desk.machine, -86400 * INT64_C(1000));
    assert_ok(end_officer());
    restore();
    assert_ok(attach(dir.path));
    assert_true(officer_is_out());
}

/* Lost, restored without its journal, lost again: both journals are read. */
static void of_two_histories_the_latest_line_counts(void **state)
{
    struct tempdir other = tempdir_new();
    char from[400], to[400];

    (void)state;
    back_up();
    assert_ok(end_officer());
    assert_ok(let_in());
    restore();
    desk.world_ms += 60000;
    assert_ok(attach(other.path));
    assert_ok(end_officer());
    snprintf(from, sizeof(from), "%s/" JOURNAL_FILE, dir.path);
    snprintf(to, sizeof(to), "%s/" JOURNAL_FILE, other.path);
    assert_ok(journal_merge(from, to)); /* the older ones last */
    restore();
    assert_ok(attach(other.path));
    assert_true(officer_is_out());
    tempdir_free(&other);
}

/* A tablet gives the old end back, which the grant had followed. */
static void an_old_end_given_back_ends_nothing_that_was_given_since(void **s)
{
    struct event_header h = { .kind = KIND_OFFICER };

    (void)s;
    assert_ok(end_officer());
    h.record = desk.officer;
    assert_ok(council_begin(&desk.council));
    h.hlc = desk.council.hlc; /* of that end */
    council_rollback(&desk.council);
    desk.world_ms += 60000;
    assert_ok(let_in());
    assert_ok(council_begin(&desk.council));
    assert_ok(access_again(&desk.council, &h));
    assert_ok(council_commit(&desk.council));
    assert_false(officer_is_out());
    h.hlc += UINT64_C(120000) << 16; /* one that followed the grant */
    assert_ok(council_begin(&desk.council));
    assert_ok(access_again(&desk.council, &h));
    assert_ok(council_commit(&desk.council));
    assert_true(officer_is_out());
}

static void an_end_that_no_journal_holds_is_not_acknowledged(void **state)
{
    char path[400];

    (void)state;
    snprintf(path, sizeof(path), "%s/" JOURNAL_FILE, dir.path);
    assert_int_equal(mkdir(path, 0700), 0); /* no file can be there */
    assert_err(end_tablet(), ERR_IO);
    assert_false(tablet_is_out());
}

static void an_order_of_a_newer_version_opens_nothing(void **state)
{
    char path[400];

    (void)state;
    back_up();
    assert_ok(end_tablet());
    snprintf(path, sizeof(path), "%s/" JOURNAL_FILE, dir.path);
    add_line_with("revoke", path); /* the same line: it is made right */
    restore();
    assert_ok(attach(dir.path));
    assert_true(tablet_is_out());
    add_line_with("bury", path);
    restore();
    assert_err(attach(dir.path), ERR_NEWER);
    assert_false(tablet_is_out()); /* nothing of it was carried out */
}

static void whom_the_backup_does_not_know_has_no_access_anyway(void **state)
{
    struct desk_tablet later;

    (void)state;
    back_up();
    desk_tablet_new(&desk, "WB-09", &later);
    assert_ok(ask((const char *const[]){ "revoke-device", "WB-09" }, 2));
    restore();
    assert_ok(attach(dir.path));
    assert_int_equal(journal_accesses(journal), 0);
    assert_false(tablet_is_out());
    desk_tablet_free(&later);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_was_ended_after_the_backup_is_ended_again),
        T(an_end_that_the_backup_has_is_not_told_again),
        T(who_was_let_in_again_is_in_after_a_restore),
        T(who_was_out_in_the_backup_is_let_in_by_the_journal),
        T(an_end_counts_though_the_clock_went_back),
        T(of_two_histories_the_latest_line_counts),
        T(an_old_end_given_back_ends_nothing_that_was_given_since),
        T(an_end_that_no_journal_holds_is_not_acknowledged),
        T(an_order_of_a_newer_version_opens_nothing),
        T(whom_the_backup_does_not_know_has_no_access_anyway),
    };

    return RUN_TESTS(tests);
}
