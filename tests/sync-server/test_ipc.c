/* test_ipc.c - frames between the server's processes. */
#include "sync-server/ipc.h"

#include <string.h>

#include "tests/test.h"

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static void frames_come_out_whole_however_they_were_cut(void **state)
{
    struct ipc_reader r;
    struct ipc_frame f;
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    ipc_put(&out, IPC_DATA, 7, text_of("hello"));
    ipc_put(&out, IPC_CLOSE, UINT64_MAX, text_of(""));
    for (size_t cut = 0; cut <= out.len; cut++) {
        ipc_reader_init(&r);
        assert_ok(ipc_feed(&r, (struct bytes){ out.data, cut }));
        while (ipc_next(&r, &f) == ERR_OK) {
            assert_true(f.type == IPC_DATA || f.type == IPC_CLOSE);
        }
        ipc_reader_fini(&r);
    }
    ipc_reader_init(&r);
    for (size_t i = 0; i < out.len; i++) {
        assert_ok(ipc_feed(&r, (struct bytes){ out.data + i, 1 }));
        if (i + 1 == IPC_HEAD_SIZE + 5) {
            assert_ok(ipc_next(&r, &f));
            assert_int_equal(f.conn, 7);
            assert_true(bytes_eq(f.payload, text_of("hello")));
        }
    }
    assert_ok(ipc_next(&r, &f));
    assert_true(f.conn == UINT64_MAX);
    assert_err(ipc_next(&r, &f), ERR_NOT_FOUND);
    ipc_reader_fini(&r);
    buf_fini(&out);
}

static void an_unknown_type_or_giant_length_ends_the_reading(void **state)
{
    static const uint8_t unknown[IPC_HEAD_SIZE] = { 0, 0, 0, 0, 99 };
    static const uint8_t giant[IPC_HEAD_SIZE] = { 255, 255, 255, 255, 1 };
    struct ipc_reader r;
    struct ipc_frame f;

    (void)state;
    ipc_reader_init(&r);
    assert_ok(ipc_feed(&r, (struct bytes){ unknown, sizeof(unknown) }));
    assert_err(ipc_next(&r, &f), ERR_BAD_DATA);
    ipc_reader_fini(&r);
    ipc_reader_init(&r);
    assert_ok(ipc_feed(&r, (struct bytes){ giant, sizeof(giant) }));
    assert_err(ipc_next(&r, &f), ERR_BAD_DATA);
    ipc_reader_fini(&r);
}

static void a_request_passes_without_any_claim_of_a_peer(void **state)
{
    static struct service_request in, got;
    struct buf out;

    (void)state;
    in = (struct service_request){ .method = METHOD_PATCH,
                                   .path = "/v1/blobs/ab",
                                   .has_upload_offset = true,
                                   .upload_offset = 5,
                                   .upload_length = 9,
                                   .has_peer = true,
                                   .body = text_of("xyz") };
    in.device.bytes[0] = 1;
    buf_init(&out, 10000);
    ipc_request_put(&out, &in);
    assert_ok(ipc_request_parse(buf_bytes(&out), &got));
    assert_string_equal(got.path, in.path);
    assert_int_equal(got.method, METHOD_PATCH);
    assert_true(got.has_upload_offset);
    assert_int_equal(got.upload_length, 9);
    assert_true(bytes_eq(got.body, in.body));
    assert_false(got.has_peer);
    assert_true(uuid_is_zero(&got.device));
    buf_fini(&out);
}

static void a_path_with_a_zero_byte_or_without_a_slash_is_refused(void **state)
{
    static struct service_request in, got;
    struct buf out;

    (void)state;
    in = (struct service_request){ .path = "/abc" };
    buf_init(&out, 10000);
    ipc_request_put(&out, &in);
    assert_ok(out.err);
    out.data[4] = 0; /* array, method, length, '/', then 'a' */
    assert_err(ipc_request_parse(buf_bytes(&out), &got), ERR_BAD_DATA);
    out.data[4] = 'a';
    assert_ok(ipc_request_parse(buf_bytes(&out), &got));
    out.data[3] = 'x';
    assert_err(ipc_request_parse(buf_bytes(&out), &got), ERR_BAD_DATA);
    buf_fini(&out);
}

static void a_response_passes_with_its_headers(void **state)
{
    static struct service_response in, got;
    struct bytes body;
    struct buf out;
    char type[64];

    (void)state;
    in = (struct service_response){ .status = 404,
                                    .content_type = "text/plain",
                                    .header_count = 1 };
    strcpy(in.headers[0], "X-A: b");
    buf_init(&in.body, 100);
    buf_put_text(&in.body, "gone");
    buf_init(&out, 1000);
    ipc_response_put(&out, &in);
    assert_ok(ipc_response_parse(buf_bytes(&out), type, &got, &body));
    assert_int_equal(got.status, 404);
    assert_string_equal(got.content_type, "text/plain");
    assert_string_equal(got.headers[0], "X-A: b");
    assert_true(bytes_eq(body, text_of("gone")));
    buf_fini(&in.body);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_come_out_whole_however_they_were_cut),
        cmocka_unit_test(an_unknown_type_or_giant_length_ends_the_reading),
        cmocka_unit_test(a_request_passes_without_any_claim_of_a_peer),
        cmocka_unit_test(a_path_with_a_zero_byte_or_without_a_slash_is_refused),
        cmocka_unit_test(a_response_passes_with_its_headers),
    };

    return RUN_TESTS(tests);
}
