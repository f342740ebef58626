/* test_http.c - which bytes are a request, and which are refused how. */
#include "sync-server/http.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

struct outcome {
    enum http_step step;
    int status; /* of a refusal */
    size_t used;
};

/* Fed in pieces of `piece` bytes, each in its own memory, so that a read
 * beyond its end is seen by the sanitizer. */
static struct outcome feed(struct http *h, const char *text, size_t len,
                           size_t piece)
{
    struct outcome o = { HTTP_MORE, 0, 0 };

    while (o.used < len || o.step == HTTP_CONTINUE) {
        const size_t left = len - o.used;
        const size_t now = left < piece ? left : piece;
        uint8_t *copy = malloc(now + 1);
        size_t used = 0;

        assert_non_null(copy);
        memcpy(copy, text + o.used, now);
        o.step = http_feed(h, (struct bytes){ copy, now }, &used);
        o.used += used;
        free(copy);
        if (o.step == HTTP_COMPLETE || o.step == HTTP_REFUSED)
            break;
        if (used == 0)
            break;
    }
    o.status = o.step == HTTP_REFUSED ? h->refusal.status : 0;
    return o;
}

#define GET  "GET /v1/ca HTTP/1.1\r\n"
#define POST "POST /v1/exchange HTTP/1.1\r\n"
#define HOST "Host: a\r\n"
#define END  "\r\n"

/* What smugglers send (reliability, 3.7): the status, 0 for a request. */
static const struct {
    const char *why;
    const char *text;
    int status;
} corpus[] = {
    /* clang-format off */
    { "plain get", GET HOST END, 0 },
    { "empty line first", END GET HOST END, 400 },
    { "value in tabs", GET "Host:\ta\t\r\n" END, 0 },
    { "empty value", GET HOST "X-A:\r\n" END, 0 },
    { "body", POST HOST "Content-Length: 3\r\n" END "abc", 0 },
    { "no body said", POST HOST END, 0 },
    { "HTTP/1.0 with host", "GET / HTTP/1.0\r\n" HOST END, 0 },
    { "length and chunked", POST HOST "Content-Length: 3\r\n"
      "Transfer-Encoding: chunked\r\n" END "abc", 400 },
    { "chunked and length", POST HOST "Transfer-Encoding: chunked\r\n"
      "Content-Length: 3\r\n" END "abc", 400 },
    { "chunked", POST HOST "Transfer-Encoding: chunked\r\n" END
      "0\r\n\r\n", 411 },
    { "chunk extension", POST HOST "Transfer-Encoding: chunked\r\n" END
      "1;a=b\r\nx\r\n0\r\n\r\n", 411 },
    { "obscured encoding", POST HOST "Transfer-Encoding: xchunked\r\n" END,
      411 },
    { "encoding in a tab", POST HOST "Transfer-Encoding:\tchunked\r\n" END,
      411 },
    { "two lengths, equal", POST HOST "Content-Length: 3\r\n"
      "Content-Length: 3\r\n" END "abc", 400 },
    { "two lengths", POST HOST "Content-Length: 3\r\n"
      "content-length: 4\r\n" END "abc", 400 },
    { "list of lengths", POST HOST "Content-Length: 3, 3\r\n" END "abc", 400 },
    { "length with plus", POST HOST "Content-Length: +3\r\n" END "abc", 400 },
    { "negative length", POST HOST "Content-Length: -1\r\n" END, 400 },
    { "hex length", POST HOST "Content-Length: 0x3\r\n" END "abc", 400 },
    { "empty length", POST HOST "Content-Length:\r\n" END, 400 },
    { "length beyond 64 bits", POST HOST
      "Content-Length: 18446744073709551619\r\n" END "abc", 400 },
    { "too long a body", POST HOST "Content-Length: 4194305\r\n" END, 413 },
    { "bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400 },
    { "one bare line feed", GET "Host: a\nX: b\r\n" END, 400 },
    { "bare carriage return", GET "Host: a\rX: b\r\n" END, 400 },
    { "space before colon", GET "Host : a\r\n" END, 400 },
    { "space before length", POST HOST "Content-Length : 3\r\n" END "abc",
      400 },
    { "folded line", GET HOST "X: a\r\n b\r\n" END, 400 },
    { "folded first line", GET " X: a\r\n" HOST END, 400 },
    { "no colon", GET HOST "Xab\r\n" END, 400 },
    { "empty name", GET HOST ": ab\r\n" END, 400 },
    { "no host", GET END, 400 },
    { "two hosts", GET HOST HOST END, 400 },
    { "two blanks", "GET  / HTTP/1.1\r\n" HOST END, 400 },
    { "tab in the line", "GET\t/ HTTP/1.1\r\n" HOST END, 400 },
    { "blank at the start", " GET / HTTP/1.1\r\n" HOST END, 400 },
    { "blank in the target", "GET /a b HTTP/1.1\r\n" HOST END, 400 },
    { "no version", "GET /\r\n" HOST END, 400 },
    { "HTTP/2", "GET / HTTP/2.0\r\n" HOST END, 505 },
    { "HTTP/1.2", "GET / HTTP/1.2\r\n" HOST END, 505 },
    { "not http", "\x16\x03\x01\x02\r\n\r\n", 400 },
    { "method unknown", "FOO / HTTP/1.1\r\n" HOST END, 501 },
    { "small letters", "get / HTTP/1.1\r\n" HOST END, 501 },
    { "method not used", "DELETE / HTTP/1.1\r\n" HOST END, 405 },
    { "connect", "CONNECT a:1 HTTP/1.1\r\n" HOST END, 405 },
    { "whole url", "GET http://a/ HTTP/1.1\r\n" HOST END, 400 },
    { "asterisk", "GET * HTTP/1.1\r\n" HOST END, 400 },
    { "dot segment", "GET /a/../b HTTP/1.1\r\n" HOST END, 400 },
    { "dot segment at the end", "GET /a/.. HTTP/1.1\r\n" HOST END, 400 },
    { "hidden dot segment", "GET /a/%2e%2E/b HTTP/1.1\r\n" HOST END, 400 },
    { "hidden slash", "GET /a%2fb HTTP/1.1\r\n" HOST END, 400 },
    { "backslash", "GET /a%5Cb HTTP/1.1\r\n" HOST END, 400 },
    { "zero byte", "GET /a%00 HTTP/1.1\r\n" HOST END, 400 },
    { "encoded twice", "GET /%252e HTTP/1.1\r\n" HOST END, 400 },
    { "half an escape", "GET /%4 HTTP/1.1\r\n" HOST END, 400 },
    { "upgrade", GET HOST "Upgrade: h2c\r\n" END, 400 },
    { "other expectation", POST HOST "Expect: a\r\n" END, 417 },
    { "control character", GET HOST "X: a\x01\r\n" END, 400 },
    { "number in an offset", POST HOST "Upload-Offset: 1e3\r\n" END, 400 },
    /* clang-format on */
};

static void check_row(size_t row, size_t piece)
{
    struct outcome o;
    struct http h;

    http_init(&h, LISTENER_DEVICE);
    o = feed(&h, corpus[row].text, strlen(corpus[row].text), piece);
    if (o.status != corpus[row].status ||
        (o.status == 0 && o.step != HTTP_COMPLETE)) {
        fail_msg("%s (pieces of %zu): got %d, step %d, want %d",
                 corpus[row].why, piece, o.status, (int)o.step,
                 corpus[row].status);
    }
    http_fini(&h);
}

static void each_request_of_the_corpus_has_its_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(corpus); i++) {
        check_row(i, 4096);
    }
}

static void the_outcome_does_not_depend_on_where_bytes_were_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(corpus); i++) {
        for (size_t piece = 1; piece < 8; piece++) {
            check_row(i, piece);
        }
    }
}

static void a_request_stops_where_the_next_begins(void **state)
{
    static const char two[] =
        POST HOST "Content-Length: 3\r\n" END "abc" GET HOST END;
    struct outcome o;
    struct http h;

    (void)state;
    http_init(&h, LISTENER_DEVICE);
    o = feed(&h, two, sizeof(two) - 1, 4096);
    assert_int_equal(o.step, HTTP_COMPLETE);
    assert_string_equal(h.request.path, "/v1/exchange");
    assert_int_equal(h.request.body.len, 3);
    http_next(&h);
    o = feed(&h, two + o.used, sizeof(two) - 1 - o.used, 4096);
    assert_int_equal(o.step, HTTP_COMPLETE);
    assert_string_equal(h.request.path, "/v1/ca");
    assert_int_equal(h.request.method, METHOD_GET);
    http_fini(&h);
}

static void headers_reach_the_request(void **state)
{
    static const char text[] = "PATCH /v1/blobs/%61b?x=1&y HTTP/1.1\r\n"
                               "HOST: h:1\r\nCookie:  a=b \r\n"
                               "Upload-Offset: 65536\r\n"
                               "upload-length: 99999\r\n"
                               "Content-Type: application/offset+octet-stream"
                               "\r\nOrigin: https://h:1\r\n"
                               "Connection: close\r\n\r\n";
    struct http h;

    (void)state;
    http_init(&h, LISTENER_DEVICE);
    assert_int_equal(feed(&h, text, sizeof(text) - 1, 7).step, HTTP_COMPLETE);
    assert_int_equal(h.request.method, METHOD_PATCH);
    assert_string_equal(h.request.path, "/v1/blobs/ab");
    assert_string_equal(h.request.query, "x=1&y");
    assert_string_equal(h.request.host, "h:1");
    assert_string_equal(h.request.cookie, "a=b");
    assert_string_equal(h.request.origin, "https://h:1");
    assert_true(h.request.has_upload_offset);
    assert_int_equal(h.request.upload_offset, 65536);
    assert_int_equal(h.request.upload_length, 99999);
    assert_false(h.keep_alive);
    http_fini(&h);
}

static void a_head_that_never_ends_is_cut_off(void **state)
{
    struct http h;
    struct outcome o = { HTTP_MORE, 0, 0 };

    (void)state;
    http_init(&h, LISTENER_DEVICE);
    (void)feed(&h, GET, strlen(GET), 100);
    for (int i = 0; i < 20000 && o.step == HTTP_MORE; i++) {
        o = feed(&h, "a: b\r\n", 6, 6);
    }
    assert_int_equal(o.step, HTTP_REFUSED);
    assert_int_equal(o.status, 431);
    assert_true(h.head.cap <= 2 * HTTP_HEAD_MAX_BYTES);
    http_fini(&h);
}

static void the_web_listener_takes_small_bodies_only(void **state)
{
    static const char text[] = POST HOST "Content-Length: 70000\r\n" END;
    struct http h;

    (void)state;
    http_init(&h, LISTENER_WEB);
    assert_int_equal(feed(&h, text, sizeof(text) - 1, 4096).status, 413);
    http_fini(&h);
    http_init(&h, LISTENER_DEVICE);
    assert_int_equal(feed(&h, text, sizeof(text) - 1, 4096).step, HTTP_MORE);
    http_fini(&h);
}

static void an_expecting_client_is_told_to_go_on(void **state)
{
    static const char head[] = POST HOST "Content-Length: 2\r\n"
                                         "Expect: 100-continue\r\n" END;
    struct http h;
    size_t used;

    (void)state;
    http_init(&h, LISTENER_DEVICE);
    assert_int_equal(
        http_feed(&h, (struct bytes){ (const uint8_t *)head, sizeof(head) - 1 },
                  &used),
        HTTP_CONTINUE);
    assert_int_equal(feed(&h, "ab", 2, 2).step, HTTP_COMPLETE);
    http_fini(&h);
}

static void an_answer_cannot_be_split_by_a_header(void **state)
{
    struct service_response r = { .status = 200,
                                  .content_type = "text/html",
                                  .header_count = 2 };
    struct buf out;

    (void)state;
    snprintf(r.headers[0], sizeof(r.headers[0]), "Location: /a\r\nX-Bad: 1");
    snprintf(r.headers[1], sizeof(r.headers[1]), "X-Good: 1");
    buf_init(&out, 4096);
    http_answer_put(&out, &r, (struct bytes){ (const uint8_t *)"hi", 2 }, false,
                    true);
    assert_null(strstr(buf_text(&out), "X-Bad"));
    assert_non_null(strstr(buf_text(&out), "X-Good: 1\r\n"));
    assert_non_null(strstr(buf_text(&out), "Content-Length: 2\r\n"));
    assert_non_null(strstr(buf_text(&out), "frame-ancestors 'none'"));
    assert_non_null(strstr(buf_text(&out), "\r\n\r\nhi"));
    buf_fini(&out);
}

static void an_answer_to_head_has_no_body(void **state)
{
    struct service_response r = { .status = 200 };
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    http_answer_put(&out, &r, (struct bytes){ (const uint8_t *)"hi", 2 }, true,
                    true);
    assert_non_null(strstr(buf_text(&out), "Content-Length: 2\r\n"));
    assert_string_equal(buf_text(&out) + out.len - 4, "\r\n\r\n");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_of_the_corpus_has_its_outcome),
        cmocka_unit_test(the_outcome_does_not_depend_on_where_bytes_were_cut),
        cmocka_unit_test(a_request_stops_where_the_next_begins),
        cmocka_unit_test(headers_reach_the_request),
        cmocka_unit_test(a_head_that_never_ends_is_cut_off),
        cmocka_unit_test(the_web_listener_takes_small_bodies_only),
        cmocka_unit_test(an_expecting_client_is_told_to_go_on),
        cmocka_unit_test(an_answer_cannot_be_split_by_a_header),
        cmocka_unit_test(an_answer_to_head_has_no_body),
    };

    return RUN_TESTS(tests);
}
