/*
 * handover.h - the sealed hand-over file: what a tablet could not send, in
 * one file that only the council's server can open, carried by a stick or
 * by another tablet. Both directions stream; memory is bounded by one item.
 *
 *      0  "Bho" 0x01   magic and version
 *      4  length       of the box, 4 bytes, big-endian
 *      8  box          COSE_Encrypt of the content key to the council's keys
 *      .  payload      as in blobcrypt.h, under the content key
 *
 * The payload's plain bytes are items, one after the other: a type (1 byte),
 * a length (4 bytes, big-endian), so many bytes. The answer that the server
 * gives ("Bhr" 0x01, then items of type HANDOVER_REPLY, then one of type
 * HANDOVER_SIGNED) isn't sealed: it says nothing but numbers and hashes.
 */
#ifndef CORE_HANDOVER_H
#define CORE_HANDOVER_H

#include "core/blobcrypt.h"
#include "core/buf.h"

#define HANDOVER_AAD        "beatbook/handover/1" /* of the box */
#define HANDOVER_ANSWER_AAD "beatbook/answer/1"   /* of its signature */
#define HANDOVER_MAGIC_SIZE 4

/* Types of items; stored: append only. */
enum handover_type {
    HANDOVER_HEAD = 1,  /* wire_carry_head; the first */
    HANDOVER_PUSH = 2,  /* wire_carry_push: events and their seal */
    HANDOVER_FILE = 3,  /* wire_carry_file: its bytes follow as pieces */
    HANDOVER_PIECE = 4, /* the next bytes of that file */
    HANDOVER_END = 5,   /* wire_carry_end; the last */
    HANDOVER_REPLY = 6, /* wire_reply, of the server */
    HANDOVER_SIGNED = 7 /* COSE_Sign1 of SHA-256(all bytes before) */
};

/* --- items from a stream of bytes --- */

typedef enum err (*handover_item_fn)(void *ctx, unsigned type,
                                     struct bytes payload);
struct handover_items {
    handover_item_fn fn;
    void *ctx;
    uint8_t head[5];
    size_t head_len;
    struct buf payload;
};
void handover_items_init(struct handover_items *i, handover_item_fn fn,
                         void *ctx);
void handover_items_fini(struct handover_items *i);
/* ERR_TOO_LONG for an item above HANDOVER_ITEM_MAX_BYTES; the error of fn. */
MUST_USE enum err handover_items_add(struct handover_items *i,
                                     struct bytes piece);
/* ERR_BAD_DATA in the middle of an item. */
MUST_USE enum err handover_items_end(const struct handover_items *i);
/* The same, written. */
void handover_item_put(struct buf *out, enum handover_type type,
                       struct bytes payload);

/*
 * The server's answer: `handover_answer_sign` ends it. ERR_BAD_DATA: no
 * answer, or cut; ERR_BAD_SEAL: `pub` didn't sign all of it; else the items
 * between are in `items_out`.
 */
void handover_answer_begin(struct buf *out);
MUST_USE enum err handover_answer_sign(struct buf *out,
                                       const struct ec_key *key);
MUST_USE enum err handover_answer_open(struct bytes in,
                                       const struct ec_public *pub,
                                       struct bytes *items_out);

/* --- writing --- */

struct handover_writer;
MUST_USE enum err handover_seal_new(const struct ec_public *keys, size_t count,
                                    struct crypto_random random,
                                    blobcrypt_sink_fn sink, void *ctx,
                                    struct handover_writer **out);
MUST_USE enum err handover_put(struct handover_writer *w,
                               enum handover_type type, struct bytes payload);
/* The last bytes leave; the file is whole after it. */
MUST_USE enum err handover_seal_end(struct handover_writer *w);
void handover_writer_free(struct handover_writer *w); /* NULL is allowed */

/* --- reading --- */

struct handover_reader;
/* Any of the keys may open it; they are copied. */
MUST_USE enum err handover_open_new(const struct ec_key *keys, size_t count,
                                    handover_item_fn fn, void *ctx,
                                    struct handover_reader **out);
/*
 * ERR_BAD_DATA: no such file, or damaged; ERR_NEWER; ERR_WRONG_KEY: for
 * another council. Items before a damaged place were told by then: each is
 * whole and authentic by itself.
 */
MUST_USE enum err handover_add(struct handover_reader *r, struct bytes piece);
/* ERR_BAD_DATA when the file was cut. */
MUST_USE enum err handover_open_end(struct handover_reader *r);
void handover_reader_free(struct handover_reader *r); /* NULL is allowed */

#endif /* CORE_HANDOVER_H */
