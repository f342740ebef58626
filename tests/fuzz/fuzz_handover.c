/*
 * Hand-over files and their answers: any bytes, no crash. The first byte
 * chooses: a whole file under a key that anybody knows, the items behind its
 * encryption, or an answer.
 */
#include <stdint.h>
#include <string.h>

#include "core/handover.h"
#include "core/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As the server's: each type by its own reader. */
static enum err take(void *ctx, unsigned type, struct bytes payload)
{
    struct wire_carry_head head;
    struct wire_carry_push push;
    struct wire_carry_file file;
    struct wire_carry_end end;
    struct wire_reply reply;

    (void)ctx;
    switch (type) {
    case HANDOVER_HEAD:
        return wire_carry_head_get(payload, &head);
    case HANDOVER_PUSH:
        return wire_carry_push_get(payload, &push);
    case HANDOVER_FILE:
        return wire_carry_file_get(payload, &file);
    case HANDOVER_END:
        return wire_carry_end_get(payload, &end);
    case HANDOVER_REPLY:
        return wire_reply_get(payload, &reply);
    default:
        return ERR_OK;
    }
}

static struct ec_key known_key(void)
{
    struct ec_key key;

    memset(&key, 0, sizeof(key));
    key.d[31] = 7;
    ASSERT(crypto_ec_derive(&key) == ERR_OK);
    return key;
}

static void read_file(struct bytes in)
{
    const struct ec_key key = known_key();
    struct handover_reader *r;
    enum err err;

    ASSERT(handover_open_new(&key, 1, take, NULL, &r) == ERR_OK);
    err = handover_add(r, (struct bytes){ in.data, in.len / 3 });
    if (!err) {
        err = handover_add(
            r, (struct bytes){ in.data + in.len / 3, in.len - in.len / 3 });
    }
    if (!err) {
        err = handover_open_end(r);
    }
    (void)err;
    handover_reader_free(r);
}

/* Cut in two anywhere, the same items come. */
static void read_items(struct bytes in)
{
    struct handover_items one, two;
    enum err first, second;

    handover_items_init(&one, take, NULL);
    handover_items_init(&two, take, NULL);
    first = handover_items_add(&one, in);
    second = handover_items_add(&two, (struct bytes){ in.data, in.len / 2 });
    if (!second) {
        second = handover_items_add(
            &two, (struct bytes){ in.data + in.len / 2, in.len - in.len / 2 });
    }
    ASSERT(first == second);
    ASSERT(first || handover_items_end(&one) == handover_items_end(&two));
    handover_items_fini(&one);
    handover_items_fini(&two);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ec_key key = known_key();
    struct bytes in, items;

    if (size == 0) {
        return 0;
    }
    in = (struct bytes){ data + 1, size - 1 };
    switch (data[0] % 3) {
    case 0:
        read_file(in);
        break;
    case 1:
        read_items(in);
        break;
    default:
        ASSERT(handover_answer_open(in, &key.pub, &items) != ERR_OK ||
               items.len < in.len);
    }
    return 0;
}
