#include <inttypes.h>
#include <string.h>

#include "core/wire.h"
#include "tests/sync-server/desk.h"

#define PIECE "application/offset+octet-stream"
#define SIZE  3000

static struct desk desk;
static struct desk_tablet a, b;
static uint8_t file[SIZE];
static struct hash name;

/* A's record names the file, whose bytes are still to come. */
static int set_up(void **state)
{
    struct desk_event e = { 0 };
    struct desk_reply r;

    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &a);
    desk_tablet_new(&desk, "tablet B", &b);
    for (size_t i = 0; i < SIZE; i++) {
        file[i] = (uint8_t)(i * 31);
    }
    crypto_sha256((struct bytes){ file, SIZE }, &name);
    e.blob = name;
    desk_record(&a, &e);
    desk_send(&a, &(struct desk_push){ .first = 1, .last = 1 }, &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&a);
    desk_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

struct answer {
    int status;
    uint64_t offset; /* UINT64_MAX: none said */
    uint64_t length;
    struct buf body;
};

static void send(struct desk_tablet *t, struct service_request *in,
                 const char *path, const char *query, struct answer *out)
{
    struct service_response r;

    in->listener = LISTENER_DEVICE;
    in->has_peer = true;
    in->device = t->device;
    in->peer_cert = t->cert;
    snprintf(in->path, sizeof(in->path), "%s", path);
    snprintf(in->query, sizeof(in->query), "%s", query);
    service_handle(desk.service, in, &r);
    *out = (struct answer){ r.status, UINT64_MAX, UINT64_MAX, r.body };
    for (size_t i = 0; i < r.header_count; i++) {
        (void)sscanf(r.headers[i], "Upload-Offset: %" SCNu64, &out->offset);
        (void)sscanf(r.headers[i], "Upload-Length: %" SCNu64, &out->length);
    }
}

static const char *path_of(const struct hash *h)
{
    static char path[80];

    snprintf(path, sizeof(path), "/v1/blobs/");
    hex_format(h->bytes, 32, path + strlen(path));
    return path;
}

/* Bytes [from, from + len) of the file as a piece at `offset`. */
static struct answer patch_as(const char *type, uint64_t offset,
                              uint64_t length, size_t from, size_t len)
{
    struct service_request in = { .method = METHOD_PATCH,
                                  .has_upload_offset = true,
                                  .upload_offset = offset,
                                  .upload_length = length,
                                  .body = { file + from, len } };
    struct answer out;

    snprintf(in.content_type, sizeof(in.content_type), "%s", type);
    send(&a, &in, path_of(&name), "", &out);
    buf_fini(&out.body);
    return out;
}

static struct answer patch(uint64_t offset, size_t from, size_t len)
{
    return patch_as(PIECE, offset, SIZE, from, len);
}

static struct answer head(struct desk_tablet *t)
{
    struct service_request in = { .method = METHOD_HEAD };
    struct answer out;

    send(t, &in, path_of(&name), "", &out);
    buf_fini(&out.body);
    return out;
}

static void get(struct desk_tablet *t, const struct hash *h, const char *query,
                struct answer *out)
{
    struct service_request in = { .method = METHOD_GET };

    send(t, &in, path_of(h), query, out);
}

static int get_status(struct desk_tablet *t, const struct hash *h,
                      const char *query)
{
    struct answer out;

    get(t, h, query, &out);
    buf_fini(&out.body);
    return out.status;
}

static void upload(void)
{
    assert_int_equal(patch(0, 0, SIZE).status, 204);
}

static bool is_held(void)
{
    struct sdb_blob row;

    assert_ok(sdb_blob_get(desk.db, &name, &row));
    return row.is_held;
}

static void a_file_goes_up_in_pieces_and_head_says_how_far(void **state)
{
    (void)state;
    assert_int_equal(head(&a).offset, 0);
    assert_int_equal(patch(0, 0, 1000).offset, 1000);
    assert_int_equal(head(&a).offset, 1000);
    assert_int_equal(patch(1000, 1000, 1999).offset, 2999);
    assert_false(is_held());
    assert_int_equal(patch(2999, 2999, 1).offset, SIZE);
    assert_true(is_held());
    assert_int_equal(head(&a).offset, SIZE);
    assert_int_equal(head(&a).length, SIZE);
}

/* Each fault of a piece: its answer, and how far the file is after it. */
static void a_wrong_piece_changes_nothing(void **state)
{
    static const struct {
        const char *why, *type;
        uint64_t offset, length;
        size_t from, len;
        int status;
    } rows[] = {
        /* clang-format off */
        { "one before it is missing", PIECE, 2000, SIZE, 2000, 500, 409 },
        { "it was sent before",       PIECE, 0, SIZE, 0, 1000, 409 },
        { "swapped with the next",    PIECE, 2000, SIZE, 1000, 1000, 409 },
        { "more than the whole",      PIECE, 1000, SIZE, 0, 2500, 400 },
        { "no length",                PIECE, 1000, 0, 1000, 10, 413 },
        { "a length beyond all",      PIECE, 1000, BLOB_FILE_MAX_BYTES + 1,
          1000, 10, 413 },
        { "another type",             "text/plain", 1000, SIZE, 1000, 10, 400 },
        /* clang-format on */
    };

    (void)state;
    assert_int_equal(patch(0, 0, 1000).status, 204);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct answer r =
            patch_as(rows[i].type, rows[i].offset, rows[i].length, rows[i].from,
                     rows[i].len);

        if (r.status != rows[i].status) {
            fail_msg("%s: %d", rows[i].why, r.status);
        }
        assert_int_equal(head(&a).offset, 1000);
    }
    assert_int_equal(patch(1000, 1000, 2000).status, 204);
    assert_true(is_held());
}

static void wrong_bytes_are_noticed_at_the_end_and_dropped(void **state)
{
    (void)state;
    assert_int_equal(patch(0, 0, 1000).status, 204);
    assert_int_equal(patch(1000, 500, 2000).status, 422);
    assert_false(is_held());
    assert_int_equal(head(&a).offset, 0);
    upload();
    assert_true(is_held());
}

static void a_file_sent_again_is_taken_once(void **state)
{
    struct sdb_counts before, after;

    (void)state;
    upload();
    assert_ok(sdb_counts(desk.db, &before));
    assert_int_equal(patch(0, 0, SIZE).status, 204);
    assert_int_equal(patch(0, 0, 10).offset, SIZE);
    assert_ok(sdb_counts(desk.db, &after));
    assert_int_equal(before.events, after.events);
}

static void a_part_that_was_whole_before_a_fall_is_judged_on_request(
    void **state)
{
    const struct port *port = sim_port(desk.machine);

    (void)state;
    assert_ok(port->ops->part_write(port->ctx, &name, 0,
                                    (struct bytes){ file, SIZE }));
    desk_restart(&desk);
    assert_int_equal(head(&a).offset, SIZE);
    assert_false(is_held());
    assert_int_equal(patch(SIZE, 0, 0).status, 204);
    assert_true(is_held());
}

static void a_file_that_was_renamed_before_a_fall_is_held(void **state)
{
    const struct port *port = sim_port(desk.machine);

    (void)state;
    assert_ok(port->ops->part_write(port->ctx, &name, 0,
                                    (struct bytes){ file, SIZE }));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    desk_restart(&desk);
    assert_int_equal(head(&a).offset, SIZE);
    assert_true(is_held());
}

static void a_part_longer_than_the_file_starts_anew(void **state)
{
    (void)state;
    assert_int_equal(patch_as(PIECE, 0, 9000, 0, SIZE).status, 204);
    assert_int_equal(patch_as(PIECE, SIZE, 9000, 0, 500).status, 204);
    assert_int_equal(head(&a).offset, SIZE + 500);
    assert_int_equal(patch(SIZE + 500, 0, 0).status, 409);
    assert_int_equal(head(&a).offset, 0);
    upload();
    assert_true(is_held());
}

static void a_name_that_no_header_has_is_not_found(void **state)
{
    struct hash other = { { 1 } };
    struct service_request in = { .method = METHOD_HEAD };
    struct answer out;

    (void)state;
    assert_int_equal(get_status(&a, &other, ""), 404);
    send(&a, &in, "/v1/blobs/1234", "", &out);
    assert_int_equal(out.status, 404);
    buf_fini(&out.body);
}

static void a_download_starts_at_any_byte(void **state)
{
    static const struct {
        const char *query;
        int status;
        size_t from;
    } rows[] = {
        { "", 200, 0 },
        { "offset=0", 200, 0 },
        { "offset=1", 200, 1 },
        { "offset=2999", 200, 2999 },
        { "offset=3000", 200, 3000 },
        { "offset=999999", 200, 3000 },
        { "offset=-1", 400, 0 },
        { "offset=1x", 400, 0 },
        { "offset=99999999999999999999", 400, 0 },
        { "from=1", 400, 0 },
    };

    (void)state;
    assert_int_equal(get_status(&a, &name, ""), 404); /* not held yet */
    upload();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct answer r;

        get(&b, &name, rows[i].query, &r);
        assert_int_equal(r.status, rows[i].status);
        if (r.status == 200) {
            assert_int_equal(r.body.len, SIZE - rows[i].from);
            assert_memory_equal(r.body.data, file + rows[i].from, r.body.len);
            assert_int_equal(r.length, SIZE);
        }
        buf_fini(&r.body);
    }
}

static void a_revoked_tablet_may_send_but_not_fetch(void **state)
{
    struct sdb_device row;

    (void)state;
    assert_ok(sdb_device_get(desk.db, &a.device, &row));
    row.state = SDB_DEVICE_REVOKED;
    assert_ok(sdb_device_put(desk.db, &row));
    upload();
    assert_int_equal(get_status(&a, &name, ""), 403);
    assert_int_equal(get_status(&b, &name, ""), 200);
}

static void fetch(struct desk_tablet *t, const struct hash *names, size_t count,
                  uint64_t max, struct answer *out)
{
    struct service_request in = { .method = METHOD_POST };
    struct wire_list_writer list;
    struct wire_fetch msg;
    struct buf body;

    buf_init(&body, 10000);
    wire_list_begin(&list, 10000);
    for (size_t i = 0; i < count; i++) {
        cbor_put_hash(wire_list_item(&list), &names[i]);
    }
    msg.names = wire_list_view(&list);
    msg.max_bytes = max;
    wire_fetch_put(&body, &msg);
    snprintf(in.content_type, sizeof(in.content_type), "%s", WIRE_TYPE_PLAIN);
    in.body = buf_bytes(&body);
    send(t, &in, "/v1/blobs", "", out);
    wire_list_fini(&list);
    buf_fini(&body);
}

static void several_files_come_in_one_answer(void **state)
{
    const struct hash names[2] = { name, { { 1 } } };
    struct wire_list_reader list;
    struct wire_fetched msg;
    struct wire_file got;
    struct bytes item;
    struct answer r;

    (void)state;
    upload();
    fetch(&b, names, 2, 100000, &r);
    assert_int_equal(r.status, 200);
    assert_ok(wire_fetched_get(buf_bytes(&r.body), &msg));
    assert_int_equal(msg.files.count, 1);
    assert_int_equal(msg.missing.count, 1);
    wire_list_open(&list, &msg.files);
    assert_true(wire_list_next(&list, &item));
    assert_ok(wire_file_get(item, &got));
    assert_true(bytes_eq(got.data, (struct bytes){ file, SIZE }));
    buf_fini(&r.body);
}

static void a_file_beyond_the_room_is_left_for_later(void **state)
{
    struct wire_fetched msg;
    struct answer r;

    (void)state;
    upload();
    fetch(&b, &name, 1, SIZE - 1, &r);
    assert_ok(wire_fetched_get(buf_bytes(&r.body), &msg));
    assert_int_equal(msg.files.count + msg.missing.count, 0);
    buf_fini(&r.body);
}

static void a_fetch_of_too_many_is_refused(void **state)
{
    struct hash names[SYNC_BLOBS_MAX + 1] = { { { 0 } } };
    struct answer r;

    (void)state;
    fetch(&b, names, ARRAY_LEN(names), 1000, &r);
    assert_int_equal(r.status, 413);
    buf_fini(&r.body);
}

static void the_receipt_names_what_is_held_and_wants_the_rest(void **state)
{
    struct hash names[2] = { name, { { 1 } } };
    struct desk_reply r;

    (void)state;
    assert_int_equal(patch(0, 0, 1234).status, 204);
    desk_send(&a, &(struct desk_push){ .blobs = names, .blob_count = 2 }, &r);
    assert_int_equal(r.receipt.blobs.count, 0);
    assert_int_equal(r.msg.wanted.count, 1);
    desk_reply_free(&r);
    assert_int_equal(patch(1234, 1234, SIZE - 1234).status, 204);
    desk_send(&a, &(struct desk_push){ .blobs = names, .blob_count = 2 }, &r);
    assert_int_equal(r.receipt.blobs.count, 1);
    assert_int_equal(r.msg.wanted.count, 0);
    desk_reply_free(&r);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_file_goes_up_in_pieces_and_head_says_how_far),
        T(a_wrong_piece_changes_nothing),
        T(wrong_bytes_are_noticed_at_the_end_and_dropped),
        T(a_file_sent_again_is_taken_once),
        T(a_part_that_was_whole_before_a_fall_is_judged_on_request),
        T(a_file_that_was_renamed_before_a_fall_is_held),
        T(a_part_longer_than_the_file_starts_anew),
        T(a_name_that_no_header_has_is_not_found),
        T(a_download_starts_at_any_byte),
        T(a_revoked_tablet_may_send_but_not_fetch),
        T(several_files_come_in_one_answer),
        T(a_file_beyond_the_room_is_left_for_later),
        T(a_fetch_of_too_many_is_refused),
        T(the_receipt_names_what_is_held_and_wants_the_rest),
    };

    return RUN_TESTS(tests);
}
