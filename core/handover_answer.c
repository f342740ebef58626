/* handover_answer.c - what the server says to a hand-over file. */
#include <string.h>

#include "core/cose.h"
#include "core/handover.h"

#define ITEM_HEAD 5 /* type and length */

static const uint8_t magic[HANDOVER_MAGIC_SIZE] = { 'B', 'h', 'r', 1 };

static struct bytes aad(void)
{
    return (struct bytes){ (const uint8_t *)HANDOVER_ANSWER_AAD,
                           sizeof(HANDOVER_ANSWER_AAD) - 1 };
}

void handover_answer_begin(struct buf *out)
{
    buf_put(out, magic, sizeof(magic));
}

enum err handover_answer_sign(struct buf *out, const struct ec_key *key)
{
    struct buf seal;
    struct hash sum;
    enum err err;

    buf_init(&seal, 1024);
    crypto_sha256(buf_bytes(out), &sum);
    err = cose_sign1_put(&seal, key,
                         (struct bytes){ sum.bytes, sizeof(sum.bytes) }, aad());
    if (!err) {
        handover_item_put(out, HANDOVER_SIGNED, buf_bytes(&seal));
        err = out->err;
    }
    buf_fini(&seal);
    return err;
}

static enum err verify(struct bytes signed_bytes, struct bytes seal,
                       const struct ec_public *pub)
{
    const struct bytes none = { NULL, 0 };
    struct cose_sign1 msg;
    struct hash sum;
    enum err err = cose_sign1_parse(seal, &msg);

    if (err)
        return ERR_BAD_DATA;
    crypto_sha256(signed_bytes, &sum);
    if (!bytes_eq(msg.payload, (struct bytes){ sum.bytes, 32 })) {
        return ERR_BAD_SEAL;
    }
    return cose_sign1_verify(&msg, pub, none, aad());
}

enum err handover_answer_open(struct bytes in, const struct ec_public *pub,
                              struct bytes *items_out)
{
    size_t at = sizeof(magic);

    if (in.len < at || memcmp(in.data, magic, at) != 0) {
        return ERR_BAD_DATA;
    }
    while (in.len - at >= ITEM_HEAD) {
        const uint8_t *head = in.data + at;
        const size_t len = (size_t)head[1] << 24 | (size_t)head[2] << 16 |
                           (size_t)head[3] << 8 | head[4];

        if (len > in.len - at - ITEM_HEAD) {
            return ERR_BAD_DATA;
        }
        if (head[0] == HANDOVER_SIGNED) {
            *items_out =
                (struct bytes){ in.data + sizeof(magic), at - sizeof(magic) };
            return at + ITEM_HEAD + len != in.len
                       ? ERR_BAD_DATA
                       : verify((struct bytes){ in.data, at },
                                (struct bytes){ head + ITEM_HEAD, len }, pub);
        }
        at += ITEM_HEAD + len;
    }
    return ERR_BAD_DATA;
}
