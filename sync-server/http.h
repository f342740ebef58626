/*
 * http.h - HTTP/1.1 requests out of a stream of bytes, and answers into it.
 *
 * Sans-IO and without rights: bytes in, requests out. The head is read
 * whole, held to one spelling by http_head.c, and only then given to the
 * parser library (http_parser or llhttp, http_lib.h), so that both
 * libraries accept the same: CRLF line ends, no blank before a colon, no
 * folding, one Host, one Content-Length, and no Transfer-Encoding at all.
 * After any refusal the connection ends: nothing that follows is read.
 */
#ifndef SYNC_SERVER_HTTP_H
#define SYNC_SERVER_HTTP_H

#include "core/buf.h"
#include "core/limits.h"
#include "sync-server/service.h"

struct http_header {
    struct bytes name, value; /* value without blanks around it */
};

/* What the library makes of a head; views into it. */
struct http_head {
    enum service_method method;
    int minor; /* of HTTP/1.x */
    struct bytes target;
    uint64_t length; /* Content-Length; 0 when absent */
};

/* Why a request is refused: the status, and words for its body. */
struct http_refusal {
    int status;
    const char *reason;
};

/*
 * Strict form of a whole head (with the empty line at its end). False with
 * `why` filled when it breaks a rule.
 */
bool http_head_check(struct bytes head, struct http_refusal *why);
/* The library reads it; false when it, too, has something against it. */
bool http_head_parse(struct bytes head, struct http_head *out,
                     struct http_refusal *why);
/* Name and value of one line, both trimmed; false if it isn't one. */
bool http_header_split(struct bytes line, struct http_header *out);
bool http_header_is(const struct http_header *h, const char *name);

enum http_step {
    HTTP_MORE,     /* feed again when there are more bytes */
    HTTP_CONTINUE, /* write "100 Continue", then feed again */
    HTTP_COMPLETE, /* http->request is whole; answer, then http_next() */
    HTTP_REFUSED   /* answer http->refusal and close */
};

enum http_state { HTTP_STATE_HEAD, HTTP_STATE_BODY, HTTP_STATE_DONE };

struct http {
    enum service_listener listener;
    enum http_state state;
    struct buf head, body;
    uint64_t body_left;
    bool keep_alive; /* the peer's wish, for the answer */
    bool expects;    /* waits for 100 Continue */
    struct service_request request;
    struct http_refusal refusal;
};
void http_init(struct http *h, enum service_listener listener);
void http_fini(struct http *h);
/* Takes from `in` what belongs to this request, at most one. */
enum http_step http_feed(struct http *h, struct bytes in, size_t *used_out);
void http_next(struct http *h); /* ready for the next request */

/* --- answers --- */

const char *http_status_text(int status);
/*
 * Status line, headers and body. Headers that the browser needs to be safe
 * are added here, for each answer alike. Header lines with a control
 * character are left out.
 */
void http_answer_put(struct buf *out, const struct service_response *r,
                     struct bytes body, bool is_head, bool keep_alive);
void http_refusal_put(struct buf *out, const struct http_refusal *why,
                      bool keep_alive);

#endif /* SYNC_SERVER_HTTP_H */
