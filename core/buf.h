/*
 * buf.h - growable bytes with a hard cap, the only place where the core's
 * memory grows by what comes from outside.
 *
 * Errors stick: after the first failure each put does nothing, so a writer
 * puts a whole message and looks at `err` once at the end.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include "core/base.h"

struct buf {
    uint8_t *data; /* owned; NULL while empty */
    size_t len;
    size_t cap;
    size_t max;   /* never grows beyond this */
    enum err err; /* sticky: ERR_NOMEM or ERR_TOO_LONG */
};

/* An empty buffer that will never hold more than `max` bytes. */
void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);  /* frees; may be called twice */
void buf_wipe(struct buf *b);  /* overwrites what it holds, then frees */
void buf_reset(struct buf *b); /* empty and without error, memory kept */

void buf_put(struct buf *b, const void *data, size_t len);
void buf_put_u8(struct buf *b, uint8_t byte);
void buf_put_text(struct buf *b, const char *text); /* without its NUL */
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);

/* Room for `len` more bytes, already counted in; NULL when err is set. */
uint8_t *buf_grow(struct buf *b, size_t len);

/* Adds a NUL that is not counted in len; "" when err is set. */
const char *buf_text(struct buf *b);

struct bytes buf_bytes(const struct buf *b); /* valid until the next put */

/* Hands the memory to the caller (mem_free); the buffer is empty after. */
MUST_USE enum err buf_take(struct buf *b, uint8_t **data_out, size_t *len_out);

#endif /* CORE_BUF_H */
