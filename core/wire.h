/*
 * wire.h - messages between tablet and server: structs, writers, readers.
 *
 * For each message of wire_msgs.def there are
 *     struct wire_NAME;  wire_NAME_put(buf, &msg);  wire_NAME_get(bytes, &msg)
 * Views point into the bytes that were read. A nested message stands as a
 * bstr or as an item of a list; it is read by its own get.
 */
#ifndef CORE_WIRE_H
#define CORE_WIRE_H

#include "core/buf.h"
#include "core/cbor.h"
#include "core/crypto.h"
#include "core/wire_msgs.def"

#define WIRE_VERSION 1

/* External data of what the server signs (COSE_Sign1). */
#define WIRE_AAD_RECEIPT    "beatbook/receipt/1"
#define WIRE_AAD_PAGE       "beatbook/page/1"
#define WIRE_AAD_CHECKPOINT "beatbook/checkpoint/1"

/* Why the server wants no more of this; numbers are sent, append only. */
enum wire_stop {
    WIRE_GO = 0,
    WIRE_STOP_GAP = 1,     /* open a new incarnation */
    WIRE_STOP_FORK = 2,    /* the same, and re-enrol before a download */
    WIRE_STOP_REVOKED = 3, /* upload what waits, nothing comes down */
    WIRE_STOP_REENROL = 4, /* the same until this tablet was re-enrolled */
    WIRE_STOP_SEAL = 5     /* the push was not taken: its seal is wrong */
};

/* Kinds of subscription; sent and stored, append only. */
enum wire_subscription {
    WIRE_SUB_OWN = 1,     /* id: officer */
    WIRE_SUB_TEAM = 2,    /* id: team */
    WIRE_SUB_ROLE = 3,    /* id: first 16 bytes of SHA-256(role's name) */
    WIRE_SUB_COUNCIL = 4, /* id: council */
    WIRE_SUB_ORDERS = 5,  /* id: council; goes before all others */
    WIRE_SUB_LATE = 16    /* added to each: what it may read since later than
                             it was logged; positions are ordinals of that */
};

/* A list as encoded: `count` items one after the other in `items`. */
struct wire_list {
    size_t count;
    struct bytes items;
};

typedef uint64_t wire_uint;
typedef bool wire_bool;
typedef struct uuid wire_uuid;
typedef struct hash wire_hash;
typedef struct bytes wire_bytes;
typedef struct bytes wire_text;

#define WIRE_HAS_MUST(name)
#define WIRE_HAS_OPT(name) bool has_##name;
#define WIRE_FIELD(m, key, need, type, name) \
    WIRE_HAS_##need(name) wire_##type name;
#define WIRE_MESSAGE(m, FIELDS)                                       \
    struct wire_##m {                                                 \
        FIELDS(WIRE_FIELD, m)                                         \
    };                                                                \
    void wire_##m##_put(struct buf *out, const struct wire_##m *msg); \
    MUST_USE enum err wire_##m##_get(struct bytes in, struct wire_##m *out);
typedef struct wire_list wire_list;
WIRE_MESSAGES(WIRE_MESSAGE)
#undef WIRE_MESSAGE
#undef WIRE_FIELD

/* A list being written: items go into `items`, each announced. */
struct wire_list_writer {
    struct buf items;
    size_t count;
};
void wire_list_begin(struct wire_list_writer *w, size_t max_bytes);
struct buf *wire_list_item(struct wire_list_writer *w);
struct wire_list wire_list_view(const struct wire_list_writer *w);
void wire_list_fini(struct wire_list_writer *w);

/* A list being read: one encoded item each time, false at the end. */
struct wire_list_reader {
    struct cbor_reader r;
    size_t left;
};
void wire_list_open(struct wire_list_reader *r, const struct wire_list *list);
bool wire_list_next(struct wire_list_reader *r, struct bytes *item_out);
/* The same for lists of bstr, of hashes and of ids; ERR_BAD_DATA if the
 * item is something else. */
MUST_USE enum err wire_item_bytes(struct bytes item, struct bytes *out);
MUST_USE enum err wire_item_hash(struct bytes item, struct hash *out);
MUST_USE enum err wire_item_uuid(struct bytes item, struct uuid *out);

/* --- signed messages --- */

MUST_USE enum err wire_receipt_sign(struct buf *out, const struct ec_key *key,
                                    const struct wire_receipt *r);
/* ERR_BAD_SEAL unless `pub` signed it. */
MUST_USE enum err wire_receipt_open(struct bytes in,
                                    const struct ec_public *pub,
                                    struct wire_receipt *out);
MUST_USE enum err wire_page_sign(struct buf *out, const struct ec_key *key,
                                 const struct wire_page *p);
MUST_USE enum err wire_page_open(struct bytes in, const struct ec_public *pub,
                                 struct wire_page *out);
MUST_USE enum err wire_checkpoint_sign(struct buf *out,
                                       const struct ec_key *key,
                                       const struct wire_checkpoint *c);

/* --- the body of a request or answer --- */

#define WIRE_TYPE_PLAIN  "application/cbor"
#define WIRE_TYPE_PACKED "application/zstd"

/* Packs where that helps; `*type_out` says which of the two it became. */
MUST_USE enum err wire_pack(struct buf *out, struct bytes plain,
                            const char **type_out);
/*
 * ERR_BAD_DATA for another type or a damaged frame, ERR_TOO_LONG for a
 * window, ratio or size beyond the limits; nothing grows beyond them.
 */
MUST_USE enum err wire_unpack(struct buf *out, const char *type,
                              struct bytes in);

#endif /* CORE_WIRE_H */
