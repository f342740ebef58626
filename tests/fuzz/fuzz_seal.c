/* fuzz_seal.c - any bytes as a seal, a receipt or a signed page: none is
 * believed that its key did not sign. What reads as a message is then
 * signed with the key, so that what lies behind a signature is reached. */
#include "core/event.h"
#include "core/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ec_key *key(void)
{
    static struct ec_key k = { .d = { 1, 2, 3 } };
    static bool is_ready;

    if (!is_ready) {
        is_ready = crypto_ec_derive(&k) == ERR_OK;
        ASSERT(is_ready);
    }
    return &k;
}

static void open_all(struct bytes in, bool is_signed)
{
    struct event_seal seal;
    struct wire_receipt receipt;
    struct wire_page page;
    const bool any = event_seal_open(in, &key()->pub, &seal) == ERR_OK ||
                     wire_receipt_open(in, &key()->pub, &receipt) == ERR_OK ||
                     wire_page_open(in, &key()->pub, &page) == ERR_OK;

    ASSERT(is_signed || !any);
}

/* What can be read as the message is signed as it, and must open. */
static void sign_all(struct bytes in)
{
    struct wire_receipt receipt, back;
    struct wire_page page;
    struct buf out;

    buf_init(&out, in.len + 4096);
    if (wire_receipt_get(in, &receipt) == ERR_OK) {
        ASSERT(wire_receipt_sign(&out, key(), &receipt) == ERR_OK);
        ASSERT(wire_receipt_open(buf_bytes(&out), &key()->pub, &back) ==
               ERR_OK);
        ASSERT(back.sequence == receipt.sequence && back.size == receipt.size);
        out.data[out.len - 1] ^= 1;
        open_all(buf_bytes(&out), false);
    } else if (wire_page_get(in, &page) == ERR_OK) {
        ASSERT(wire_page_sign(&out, key(), &page) == ERR_OK);
        open_all(buf_bytes(&out), true);
    }
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_all((struct bytes){ data, size }, false);
    sign_all((struct bytes){ data, size });
    return 0;
}
