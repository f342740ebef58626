/* Photos both ways: real tablets in front of the council's service. */
#include <string.h>

#include "core/sync_internal.h"
#include "tests/sync-server/real_tablet.h"

static struct desk desk;
static struct real_tablet a, b;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    real_publish(&desk);
    real_tablet_new(&desk, "tablet A", 21, &a);
    real_tablet_new(&desk, "tablet B", 22, &b);
    real_sync(&a);
    real_sync(&b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    real_tablet_free(&a);
    real_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

static struct tablet_photo_counts counts(struct real_tablet *r)
{
    struct tablet_photo_counts c;

    assert_ok(tablet_photo_counts(r->t, &c));
    return c;
}

static struct tablet_photo_item only_photo(struct real_tablet *r,
                                           const struct uuid *record)
{
    struct tablet_photo_item p;

    assert_int_equal(real_list(r, record, &p, 1), 1);
    return p;
}

static void clean(struct real_tablet *r)
{
    real_fsck(r);
}

static void a_colleagues_small_picture_comes_by_itself(void **state)
{
    struct tablet_photo_item p;
    struct uuid record;
    struct buf picture;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    real_sync(&a);
    real_sync(&b);
    p = only_photo(&b, &record);
    assert_int_equal(p.state, TABLET_PHOTO_HERE);
    assert_true(p.has_small && !p.has_original);
    buf_init(&picture, 10000);
    assert_ok(tablet_photo_bytes(b.t, &p.id, false, &picture));
    assert_int_equal(picture.len, 700);
    assert_int_equal(picture.data[0], 65);
    assert_err(tablet_photo_bytes(b.t, &p.id, true, &picture), ERR_NOT_FOUND);
    buf_fini(&picture);
    assert_int_equal(counts(&b).here, 1);
    clean(&b);
}

static void an_original_comes_when_somebody_asks(void **state)
{
    const size_t bytes = 3 * BLOB_PART_MAX_BYTES + 1000;
    struct tablet_photo_item p;
    struct uuid record;
    struct buf picture;

    (void)state;
    real_photos(&a, 1, bytes, 65, &record);
    real_sync(&a);
    real_sync(&b);
    p = only_photo(&b, &record);
    assert_ok(tablet_photo_ask(b.t, &p.id));
    assert_ok(tablet_photo_ask(b.t, &p.id));
    assert_int_equal(counts(&b).asked, 1);
    real_sync(&b);
    assert_int_equal(counts(&b).asked, 0);
    buf_init(&picture, bytes);
    assert_ok(tablet_photo_bytes(b.t, &p.id, true, &picture));
    assert_int_equal(picture.len, bytes);
    assert_int_equal(b.sent[SYNC_GET], 4);
    buf_fini(&picture);
    clean(&b);
}

/* Cut short, as a connection that ends in the middle. */
static bool cut(struct real_tablet *r, const struct sync_request *q,
                struct service_response *answer)
{
    if (q->method == SYNC_GET && answer->body.len > 100) {
        answer->body.len -= 77;
        r->faults_left--;
    }
    return false;
}

static void a_cut_download_goes_on_at_the_byte(void **state)
{
    const size_t bytes = 2 * BLOB_PART_MAX_BYTES + 1000;
    struct tablet_photo_item p;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, bytes, 65, &record);
    real_sync(&a);
    real_sync(&b);
    p = only_photo(&b, &record);
    assert_ok(tablet_photo_ask(b.t, &p.id));
    b.fault = cut;
    b.faults_left = 3;
    real_sync(&b);
    assert_int_equal(b.faults_left, 0);
    assert_true(only_photo(&b, &record).has_original);
    clean(&b);
}

/* Whole, as it says, and nothing in it. */
static bool empty(struct real_tablet *r, const struct sync_request *q,
                  struct service_response *answer)
{
    if (q->method == SYNC_GET) {
        answer->body.len = 0;
        r->faults_left--;
    }
    return false;
}

static void an_answer_without_a_byte_of_the_file_is_asked_for_again(
    void **state)
{
    struct tablet_photo_item p;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    real_sync(&a);
    real_sync(&b);
    p = only_photo(&b, &record);
    assert_ok(tablet_photo_ask(b.t, &p.id));
    b.fault = empty;
    b.faults_left = 1;
    real_sync(&b);
    assert_int_equal(b.faults_left, 0);
    assert_true(only_photo(&b, &record).has_original);
    clean(&b);
}

static bool spoil(struct real_tablet *r, const struct sync_request *q,
                  struct service_response *answer)
{
    const bool is_down =
        q->method == SYNC_GET ||
        (q->method == SYNC_POST && strcmp(q->path, "/v1/blobs") == 0);

    if (is_down && answer->body.len > 600) {
        answer->body.data[answer->body.len / 2] ^= 4;
        r->faults_left--;
    }
    return false;
}

static void a_spoilt_download_is_thrown_away_and_fetched_anew(void **state)
{
    struct tablet_photo_item p;
    struct uuid record;

    (void)state;
    real_photos(&a, 2, 3000, 65, &record);
    real_sync(&a);
    b.fault = spoil;
    b.faults_left = 2;
    real_sync(&b);
    assert_int_equal(b.faults_left, 0);
    while (counts(&b).here < 2) { /* at the next looks */
        real_sync(&b);
    }
    real_photos(&a, 1, 3000, 75, &record);
    real_sync(&a);
    real_sync(&b);
    p = only_photo(&b, &record);
    assert_ok(tablet_photo_ask(b.t, &p.id));
    b.faults_left = 1;
    real_sync(&b);
    assert_false(only_photo(&b, &record).has_original);
    real_sync(&b);
    assert_true(only_photo(&b, &record).has_original);
    clean(&b);
}

static void two_of_three_photos_is_said_until_it_is_true(void **state)
{
    struct tablet_item item;
    struct uuid record;
    struct buf json;

    (void)state;
    real_photos(&a, 3, 3000, 65, &record);
    while (counts(&a).held < 2) {
        (void)real_step(&a);
    }
    assert_ok(tablet_item(a.t, &record, &item));
    assert_int_equal(item.photos, 3);
    assert_int_equal(item.photos_held, counts(&a).held);
    buf_init(&json, 100000);
    assert_ok(tablet_status_json(a.t, &json));
    if (counts(&a).held == 2) {
        assert_non_null(strstr(buf_text(&json), "\"photos_held\":2}"));
    }
    real_sync(&a);
    buf_reset(&json);
    assert_ok(tablet_status_json(a.t, &json));
    assert_non_null(strstr(buf_text(&json), "\"incomplete\":[]"));
    assert_non_null(strstr(buf_text(&json),
                           "\"photos\":{\"made\":3,\"held\":3,\"waiting\":0}"));
    buf_fini(&json);
}

static void a_photo_not_yet_with_the_council_comes_later(void **state)
{
    struct evlog_counts c;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    do { /* the text went up, no file yet */
        (void)real_step(&a);
        assert_ok(evlog_counts(tablet_log(a.t), &c));
    } while (c.waiting > 0);
    real_sync(&b);
    assert_int_equal(only_photo(&b, &record).state, TABLET_PHOTO_COMING);
    assert_true(b.sent[SYNC_POST] < 20); /* it doesn't ask all the time */
    real_sync(&a);
    real_sync(&b);
    assert_int_equal(only_photo(&b, &record).state, TABLET_PHOTO_HERE);
}

/* Asked for newest first; what the council has got began with the oldest. */
static void pictures_not_yet_with_the_council_keep_no_other_back(void **state)
{
    struct tablet_photo_item p[3];
    struct uuid record;
    size_t here = 0;

    (void)state;
    real_photos(&a, 3, 3000, 65, &record);
    while (a.sent[SYNC_PATCH] < 2) { /* two small ones of three */
        (void)real_step(&a);
    }
    real_sync(&b);
    assert_int_equal(real_list(&b, &record, p, 3), 3);
    for (size_t i = 0; i < 3; i++) {
        here += p[i].state == TABLET_PHOTO_HERE;
        assert_true(p[i].state == TABLET_PHOTO_HERE ||
                    p[i].state == TABLET_PHOTO_COMING);
    }
    assert_int_equal(here, 2);
    clean(&b);
}

static void a_part_whole_but_unfinished_is_finished(void **state)
{
    const struct port *machine = sim_port(desk.machine);
    const struct port *tablet = sim_port(a.sim);
    struct tablet_photo_item p;
    static uint8_t bytes[10000];
    struct uuid record;
    size_t got;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    p = only_photo(&a, &record);
    /* All bytes came, then the server went down before it looked at them. */
    assert_ok(tablet->ops->blob_read(tablet->ctx, &p.original, 0, bytes,
                                     sizeof(bytes), &got));
    assert_ok(machine->ops->part_write(machine->ctx, &p.original, 0,
                                       (struct bytes){ bytes, got }));
    /* And of the other one somebody left too much. */
    assert_ok(machine->ops->part_write(machine->ctx, &p.small, 0,
                                       (struct bytes){ bytes, 5000 }));
    real_sync(&a);
    assert_int_equal(counts(&a).held, 1);
    real_sync(&b);
    assert_int_equal(only_photo(&b, &record).state, TABLET_PHOTO_HERE);
}

static void many_small_pictures_take_few_requests(void **state)
{
    struct uuid record;
    uint64_t before;

    (void)state;
    for (uint8_t i = 0; i < 25; i++) {
        real_photos(&a, 8, 100, i, &record);
        desk.world_ms += 1000;
    }
    real_sync(&a);
    before = b.sent[SYNC_POST];
    real_sync(&b);
    assert_int_equal(counts(&b).here, 200);
    assert_true(b.sent[SYNC_POST] - before < 12);
    assert_int_equal(b.sent[SYNC_GET], 0);
    clean(&b);
}

/* With its tags it is longer than one piece that is written to the disk. */
static void the_largest_small_picture_arrives_whole(void **state)
{
    static const struct tablet_text_field note = { "note", "large" };
    static uint8_t small[PHOTO_SMALL_MAX_BYTES];
    const struct tablet_photo photo = { .original = { small, 100 },
                                        .small = { small, sizeof(small) },
                                        .media_type = "image/jpeg",
                                        .orientation = 1 };
    const struct tablet_new n = { .what = "ASB",
                                  .fields = &note,
                                  .field_count = 1,
                                  .photos = &photo,
                                  .photo_count = 1 };
    struct tablet_photo_item p;
    struct buf picture, why;
    struct uuid record;

    (void)state;
    for (size_t i = 0; i < sizeof(small); i++) {
        small[i] = (uint8_t)(i >> 12);
    }
    buf_init(&why, 2000);
    assert_ok(tablet_record(a.t, &n, &record, &why));
    buf_fini(&why);
    real_sync(&a);
    real_sync(&b);
    p = only_photo(&b, &record);
    assert_int_equal(p.state, TABLET_PHOTO_HERE);
    assert_int_equal(b.sent[SYNC_GET], 0); /* with the others of one answer */
    buf_init(&picture, sizeof(small));
    assert_ok(tablet_photo_bytes(b.t, &p.id, false, &picture));
    assert_true(
        bytes_eq(buf_bytes(&picture), (struct bytes){ small, sizeof(small) }));
    buf_fini(&picture);
    clean(&b);
}

static void no_room_for_pictures_undoes_nothing_that_was_saved(void **state)
{
    struct tablet_item item;
    struct sync_status status;
    struct uuid record;
    struct sync *s;

    (void)state;
    real_photos(&a, 3, 3000, 65, &record);
    real_sync(&a);
    assert_ok(tablet_sync(b.t, &s));
    sim_port_fault(b.sim, SIM_FAULT_BLOB_FULL, 1000);
    do {
        assert_true(real_step(&b) || counts(&b).others == 0);
        sync_status(s, &status);
    } while (status.last_err != ERR_FULL);
    assert_non_null(strstr(status.why, "No space left"));
    sim_port_fault(b.sim, SIM_FAULT_BLOB_FULL, 0);
    real_photos(&b, 0, 1, 0, &record);
    real_tablet_close(&b);
    assert_ok(real_tablet_open(&b));
    assert_ok(tablet_item(b.t, &record, &item));
    real_sync(&b);
    assert_int_equal(counts(&b).here, 3);
    clean(&b);
}

static struct hash newest;

/* There is no room as long as the newest picture is among those asked for. */
static bool refuse_newest(struct real_tablet *r, const struct sync_request *q,
                          struct service_response *answer)
{
    bool is_named = false;

    (void)answer;
    for (size_t i = 0; i + sizeof(newest) <= q->body.len; i++) {
        is_named |= memcmp(q->body.data + i, newest.bytes, sizeof(newest)) == 0;
    }
    sim_port_fault(r->sim, SIM_FAULT_BLOB_FULL, is_named ? 1000 : 0);
    return false;
}

static void pictures_without_room_keep_the_older_ones_from_nothing(void **state)
{
    struct tablet_photo_item p[8];
    struct uuid record;

    (void)state;
    for (uint8_t i = 0; i < 9; i++) { /* more than one request names */
        real_photos(&a, 8, 100, (uint8_t)(8 * i), &record);
        desk.world_ms += 1000;
    }
    real_sync(&a);
    assert_int_equal(real_list(&a, &record, p, 8), 8);
    b.fault = refuse_newest;
    b.faults_left = SIZE_MAX;
    for (size_t i = 0; i < 8; i++) {
        newest = p[i].small;
        real_sync(&b);
        real_sync(&b);
        assert_in_range(counts(&b).here, 72 - SYNC_BLOBS_MAX, 71);
    }
    b.fault = NULL;
    sim_port_fault(b.sim, SIM_FAULT_BLOB_FULL, 0);
    real_sync(&b);
    assert_int_equal(counts(&b).here, 72);
}

static void pictures_missed_by_a_kill_come_at_the_next_start(void **state)
{
    struct tablet_photo_counts c;
    struct uuid record;

    (void)state;
    real_photos(&a, 8, 100, 1, &record);
    real_sync(&a);
    do { /* the text is here, no picture yet */
        (void)real_step(&b);
        c = counts(&b);
    } while (c.others == 0);
    assert_int_equal(c.here, 0);
    real_tablet_close(&b);
    assert_ok(real_tablet_open(&b));
    real_sync(&b);
    assert_int_equal(counts(&b).here, 8);
}

/* Twelve records of 8 photos of 2 files: three exchanges' worth. */
static void many_files_go_up_without_a_pause(void **state)
{
    struct uuid record;
    uint64_t began;

    (void)state;
    for (uint8_t i = 0; i < 12; i++) {
        real_photos(&a, 8, 100, i, &record);
    }
    began = desk.world_ms;
    real_sync(&a);
    assert_int_equal(counts(&a).held, 96);
    assert_in_range(desk.world_ms - began, 0, 2 * SYNC_POLL_MS - 1);
}

/* Twice as many as one exchange names lie before the last that is whole. */
static void damaged_files_keep_no_other_back(void **state)
{
    struct tablet_photo_item p[8];
    struct uuid record, whole;
    struct sync_status status;
    struct sync *s;

    (void)state;
    for (uint8_t i = 0; i < 16; i++) {
        real_photos(&a, 8, 100, i, &record);
        assert_int_equal(real_list(&a, &record, p, 8), 8);
        for (size_t j = 0; j < 8 && i < 9; j++) {
            assert_true(sim_port_blob_flip(a.sim, &p[j].original));
        }
    }
    real_photos(&a, 1, 3000, 99, &whole);
    assert_ok(tablet_sync(a.t, &s));
    for (int i = 0; i < 1000; i++) {
        (void)real_step(&a);
    }
    assert_int_equal(only_photo(&a, &whole).state, TABLET_PHOTO_HELD);
    assert_int_equal(counts(&a).held, 7 * 8 + 1);
    sync_status(s, &status);
    assert_int_equal(status.last_err, ERR_BAD_HASH);
    assert_non_null(strstr(status.why, "damaged"));
}

static void a_file_that_can_be_read_again_goes_up(void **state)
{
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 7, &record);
    sim_port_fault(a.sim, SIM_FAULT_BLOB_IO, 1000);
    for (int i = 0; i < 20; i++) {
        (void)real_step(&a);
    }
    assert_int_equal(counts(&a).held, 0);
    sim_port_fault(a.sim, SIM_FAULT_BLOB_IO, 0);
    for (int i = 0; i < 40; i++) {
        (void)real_step(&a);
    }
    assert_int_equal(counts(&a).held, 1);
}

/* Its bytes are others for the time of one try, as on a bad connection. */
static void send_spoilt(void)
{
    const uint64_t before = a.sent[SYNC_PATCH];

    sim_port_fault(a.sim, SIM_FAULT_BLOB_ROT, 1000);
    for (int i = 0; i < 200 && a.sent[SYNC_PATCH] == before; i++) {
        (void)real_step(&a);
    }
    assert_int_equal(a.sent[SYNC_PATCH], before + 1);
    sim_port_fault(a.sim, SIM_FAULT_BLOB_ROT, 0);
}

/* One try went wrong in the morning, one does now: the file is whole. */
static void what_went_wrong_before_the_button_counts_no_more(void **state)
{
    struct uuid record;
    struct sync *s;
    uint64_t began;

    (void)state;
    real_photos(&a, 1, 3000, 7, &record);
    assert_ok(tablet_sync(a.t, &s));
    while (a.sent[SYNC_PATCH] == 0) {
        (void)real_step(&a); /* the small one goes first */
    }
    send_spoilt();
    sync_now(s, desk.world_ms);
    send_spoilt();
    began = desk.world_ms;
    while (counts(&a).held == 0 && desk.world_ms - began < SYNC_STUCK_MS) {
        (void)real_step(&a);
    }
    assert_in_range(desk.world_ms - began, 0, 3 * SYNC_POLL_MS);
}

/* --- every answer that a file may get --- */

static struct {
    enum sync_method method;
    int status;
    const char *type;
} odd;

/* In place of the server's answer, which it gave all the same. */
static bool answer_oddly(struct real_tablet *r, const struct sync_request *q,
                         struct service_response *answer)
{
    if (q->method == odd.method && strstr(q->path, "/v1/blobs") != NULL) {
        answer->status = odd.status;
        answer->content_type = odd.type;
        r->faults_left--;
    }
    return false;
}

static void whatever_one_upload_is_told_the_file_gets_there(void **state)
{
    static const struct {
        int status;
        const char *type;
        enum err want;
    } rows[] = {
        { 200, "text/html", ERR_PORTAL }, { 302, "text/html", ERR_PORTAL },
        { 404, "text/plain", ERR_OK },    { 409, "text/plain", ERR_OK },
        { 422, "text/plain", ERR_OK },    { 400, "text/plain", ERR_REFUSED },
        { 403, "text/html", ERR_PORTAL }, { 429, "text/plain", ERR_BUSY },
        { 503, "text/plain", ERR_BUSY },  { 507, "text/plain", ERR_BUSY },
        { 511, "text/html", ERR_PORTAL },
    };
    struct sync_status status;
    struct uuid record;
    struct sync *s;

    (void)state;
    odd.method = SYNC_PATCH;
    a.fault = answer_oddly;
    assert_ok(tablet_sync(a.t, &s));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        real_photos(&a, 1, 3000, (uint8_t)(2 * i), &record);
        odd.status = rows[i].status;
        odd.type = rows[i].type;
        a.faults_left = 1;
        while (a.faults_left > 0) {
            (void)real_step(&a);
        }
        sync_status(s, &status);
        assert_err(status.last_err, rows[i].want);
        assert_int_equal(status.state,
                         rows[i].want ? SYNC_WAITING : SYNC_SENDING);
        real_sync(&a);
        assert_int_equal(counts(&a).held, i + 1);
    }
    clean(&a);
}

static void whatever_one_download_is_told_the_file_comes(void **state)
{
    static const struct {
        enum sync_method method;
        int status;
        const char *type;
    } rows[] = {
        { SYNC_POST, 200, "text/html" },  { SYNC_POST, 503, "text/plain" },
        { SYNC_POST, 511, "text/html" },  { SYNC_POST, 403, "text/plain" },
        { SYNC_POST, 429, "text/plain" }, { SYNC_POST, 507, "text/plain" },
        { SYNC_POST, 500, "text/plain" }, { SYNC_GET, 200, "text/html" },
        { SYNC_GET, 404, "text/plain" },  { SYNC_GET, 403, "text/plain" },
        { SYNC_GET, 503, "text/plain" },  { SYNC_GET, 400, "text/plain" },
        { SYNC_GET, 302, "text/html" },   { SYNC_GET, 405, "text/plain" },
    };
    struct tablet_photo_item p;
    struct uuid record;

    (void)state;
    b.fault = answer_oddly;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        real_photos(&a, 1, 3000, (uint8_t)(2 * i), &record);
        real_sync(&a);
        odd.method = rows[i].method;
        odd.status = rows[i].status;
        odd.type = rows[i].type;
        b.faults_left = rows[i].method == SYNC_POST;
        real_sync(&b);
        for (int j = 0; j < 3 && counts(&b).here < i + 1; j++) {
            real_sync(&b); /* at the next looks */
        }
        p = only_photo(&b, &record);
        assert_int_equal(p.state, TABLET_PHOTO_HERE);
        if (rows[i].method == SYNC_GET) {
            assert_ok(tablet_photo_ask(b.t, &p.id));
            b.faults_left = 1;
            for (int j = 0; j < 3; j++) {
                real_sync(&b);
            }
            assert_true(only_photo(&b, &record).has_original);
        }
        assert_int_equal(b.faults_left, 0);
    }
    clean(&b);
}

/* A server of before that knows no request for many. */
static void an_older_server_is_asked_for_one_picture_at_a_time(void **state)
{
    struct uuid record;

    (void)state;
    real_photos(&a, 3, 100, 7, &record);
    real_sync(&a);
    odd.method = SYNC_POST;
    odd.status = 404;
    odd.type = "text/plain";
    b.fault = answer_oddly;
    b.faults_left = 1;
    real_sync(&b);
    assert_int_equal(counts(&b).here, 3);
    assert_int_equal(b.sent[SYNC_GET], 3);
    clean(&b);
}

/* From now on paid by the byte, and today's budget is spent. */
static void spend(struct real_tablet *r)
{
    struct sync *s;

    assert_ok(tablet_sync(r->t, &s));
    s->is_metered = true;
    sync_meter_count(s, SYNC_METERED_DAY_BYTES);
}

static void run_for(struct real_tablet *r, uint64_t ms)
{
    const uint64_t until = r->desk->world_ms + ms;

    while (r->desk->world_ms < until) {
        (void)real_step(r);
    }
}

static void photos_beyond_a_days_budget_travel_the_next_day(void **state)
{
    const uint64_t hour_ms = (uint64_t)60 * 60 * 1000;
    struct evlog_counts c;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    spend(&a);
    spend(&b);
    run_for(&a, hour_ms);
    assert_ok(evlog_counts(tablet_log(a.t), &c));
    assert_int_equal(c.waiting, 0); /* the words are there */
    assert_int_equal(counts(&a).held, 0);
    run_for(&a, 24 * hour_ms);
    assert_int_equal(counts(&a).held, 1);
    spend(&b); /* that day's, too */
    run_for(&b, hour_ms);
    assert_int_equal(counts(&b).others, 1);
    assert_int_equal(counts(&b).here, 0);
    run_for(&b, 24 * hour_ms);
    assert_int_equal(counts(&b).here, 1);
}

static void a_tablet_that_may_not_read_it_gets_no_file(void **state)
{
    struct sdb_officer officer = { .number = "9",
                                   .name = "N. Other",
                                   .is_active = true };
    struct tablet_photo_item p;
    struct service_request in;
    struct service_response out;
    struct desk_tablet c;
    struct uuid record;
    char hex[65];

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    real_sync(&a);
    p = only_photo(&a, &record);
    desk_tablet_new(&desk, "tablet C", &c);
    memset(officer.id.bytes, 9, 16);
    assert_ok(sdb_officer_put(desk.db, &officer));
    for (int i = 0; i < 2; i++) {
        memset(&in, 0, sizeof(in));
        in.listener = LISTENER_DEVICE;
        in.has_peer = true;
        in.device = i == 0 ? c.device : a.device;
        in.peer_cert = i == 0 ? c.cert : a.cert;
        hex_format(p.small.bytes, 32, hex);
        snprintf(in.path, sizeof(in.path), "/v1/blobs/%s", hex);
        in.method = METHOD_GET;
        if (i == 0) { /* from now on C is another officer's alone */
            struct sdb_device row;

            assert_ok(sdb_device_get(desk.db, &c.device, &row));
            memset(row.id.bytes, 0xc1, 16);
            assert_ok(sdb_device_put(desk.db, &row));
            assert_ok(sdb_device_allow(desk.db, &row.id, &officer.id));
            assert_ok(sdb_certificate_put(
                desk.db, &(struct sdb_certificate){ .fingerprint = c.cert,
                                                    .device = row.id }));
            in.device = row.id;
        }
        service_handle(desk.service, &in, &out);
        assert_int_equal(out.status, i == 0 ? 404 : 200);
        buf_fini(&out.body);
    }
    desk_tablet_free(&c);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_colleagues_small_picture_comes_by_itself),
        T(an_original_comes_when_somebody_asks),
        T(a_cut_download_goes_on_at_the_byte),
        T(an_answer_without_a_byte_of_the_file_is_asked_for_again),
        T(a_spoilt_download_is_thrown_away_and_fetched_anew),
        T(two_of_three_photos_is_said_until_it_is_true),
        T(a_photo_not_yet_with_the_council_comes_later),
        T(pictures_not_yet_with_the_council_keep_no_other_back),
        T(a_part_whole_but_unfinished_is_finished),
        T(whatever_one_upload_is_told_the_file_gets_there),
        T(whatever_one_download_is_told_the_file_comes),
        T(an_older_server_is_asked_for_one_picture_at_a_time),
        T(many_small_pictures_take_few_requests),
        T(the_largest_small_picture_arrives_whole),
        T(no_room_for_pictures_undoes_nothing_that_was_saved),
        T(pictures_without_room_keep_the_older_ones_from_nothing),
        T(pictures_missed_by_a_kill_come_at_the_next_start),
        T(many_files_go_up_without_a_pause),
        T(damaged_files_keep_no_other_back),
        T(a_file_that_can_be_read_again_goes_up),
        T(what_went_wrong_before_the_button_counts_no_more),
        T(photos_beyond_a_days_budget_travel_the_next_day),
        T(a_tablet_that_may_not_read_it_gets_no_file),
    };

    return RUN_TESTS(tests);
}
