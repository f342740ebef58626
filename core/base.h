/*
 * base.h - the few things every file may use: errors, assertions, ids.
 *
 * Includes nothing of ours, so anything may include it.
 */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Name and text for logs. The numbers stand in exit codes' manual and in
 * stored reasons: append, never reorder.
 */
#define ERR_MAP(X)                                       \
    X(OK, "ok")                                          \
    X(NOMEM, "out of memory")                            \
    X(FULL, "no space left")                             \
    X(TOO_LONG, "longer than the limit")                 \
    X(BAD_DATA, "data does not follow its format")       \
    X(DENIED, "not allowed")                             \
    X(IO, "storage failed")                              \
    X(NOT_FOUND, "not found")                            \
    X(EXISTS, "exists already")                          \
    X(GAP, "an earlier item is missing")                 \
    X(FORK, "the same number with other content")        \
    X(NEWER, "made by a newer version")                  \
    X(BAD_SEAL, "signature or key does not hold")        \
    X(BAD_HASH, "hash does not match")                   \
    X(WRONG_KEY, "wrong key or PIN")                     \
    X(BUSY, "busy, try again later")                     \
    X(UNREACHABLE, "no connection")                      \
    X(TLS, "secure connection refused")                  \
    X(PORTAL, "the answer did not come from our server") \
    X(REFUSED, "the server refused")                     \
    X(WENT_BACK, "the server's log went backwards")      \
    X(CLOSED, "closed, nothing can be added")            \
    X(UNSUPPORTED, "not supported here")                 \
    X(USAGE, "wrong use of a command")                   \
    X(STOPPED, "stopped")

#define X(name, text) ERR_##name,
enum err { ERR_MAP(X) ERR__COUNT };
#undef X

/* The log text of `err`; never NULL, "unknown error" for unknown codes. */
const char *err_text(enum err err);

#define MUST_USE     __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A bug in this program, never bad input. Stays on in release builds. */
#define ASSERT(expr) \
    ((expr) ? (void)0 : assert_failed(#expr, __FILE__, __LINE__))

_Noreturn void assert_failed(const char *expr, const char *file, int line);

/* 16 bytes that name a record, device, incarnation, officer or log. */
struct uuid {
    uint8_t bytes[16];
};

/* SHA-256 output: a link, commitment, blob name or Merkle node. */
struct hash {
    uint8_t bytes[32];
};

/* Bytes that belong to somebody else; valid as long as their owner says. */
struct bytes {
    const uint8_t *data; /* may be NULL when len is 0 */
    size_t len;
};

bool uuid_eq(const struct uuid *a, const struct uuid *b);
bool uuid_is_zero(const struct uuid *id);
bool hash_eq(const struct hash *a, const struct hash *b); /* constant time */
bool bytes_eq(struct bytes a, struct bytes b);

/* Lower-case hex of `len` bytes and a NUL: `out` holds 2 * len + 1. */
void hex_format(const uint8_t *data, size_t len, char *out);

/* Exactly 2 * len hex digits; ERR_BAD_DATA for anything else. */
MUST_USE enum err hex_parse(const char *text, size_t len, uint8_t *out);

/* "018f...-....": 36 characters and a NUL. Parse takes also 32 digits. */
#define UUID_TEXT_SIZE 37
void uuid_format(const struct uuid *id, char out[UUID_TEXT_SIZE]);
MUST_USE enum err uuid_parse(const char *text, struct uuid *id_out);

/* a - b of two times from outside, at most INT64_MAX and at least its
 * negative: never an overflow. */
int64_t span_ms(int64_t a, int64_t b);

/* Overwrites memory that held a secret; not optimised away. */
void wipe(void *data, size_t len);

#endif /* CORE_BASE_H */
