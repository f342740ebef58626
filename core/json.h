/*
 * json.h - JSON documents (forms, categories, areas) as a tree of nodes.
 *
 * SQLite reads the text; this file puts its rows together under our limits.
 * JSON is how people write configuration. What tablets and server say to
 * each other is CBOR, never this.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/arena.h"
#include "core/base.h"

enum json_type {
    JSON_NULL,
    JSON_BOOL, /* number: 0 or 1 */
    JSON_INT,  /* number */
    JSON_REAL, /* real; also integers beyond 64 bits */
    JSON_TEXT, /* text, len */
    JSON_ARRAY,
    JSON_OBJECT
};

/* Strings are valid UTF-8 without NUL, and end with one. */
struct json {
    enum json_type type;
    const char *key;  /* in an object; NULL elsewhere */
    const char *text; /* JSON_TEXT, else NULL */
    size_t len;       /* bytes of text */
    int64_t number;
    double real;
    size_t count;             /* children of an array or object */
    const struct json *first; /* in the order of the document */
    const struct json *next;  /* sibling */
};

/*
 * The document (RFC 8259, nothing looser) in `arena`, which must outlive it.
 * ERR_BAD_DATA: not JSON, not UTF-8, a key twice in one object.
 * ERR_TOO_LONG: more than JSON_MAX_BYTES, _DEPTH_MAX or _NODES_MAX.
 */
MUST_USE enum err json_parse(const char *text, size_t len, struct arena *arena,
                             const struct json **root_out);

/* The member `key`; NULL when `object` is no object or lacks it. */
const struct json *json_get(const struct json *object, const char *key);

/* The member's text; NULL when it is missing or no text. */
const char *json_get_text(const struct json *object, const char *key);

#endif /* CORE_JSON_H */
