/* fuzz_wire.c - any bytes as each message of reconciliation: no crash; what
 * is read, written and read again is the same bytes, but for keys of a
 * newer version. */
#include "core/limits.h"
#include "core/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct wire_list *list)
{
    struct wire_list_reader r;
    struct bytes item;
    size_t count = 0;

    wire_list_open(&r, list);
    while (wire_list_next(&r, &item)) {
        ASSERT(item.len > 0);
        count++;
    }
    ASSERT(count <= list->count);
}

#define TRY(m, FIELDS)                                             \
    static void try_##m(struct bytes in)                           \
    {                                                              \
        struct wire_##m msg, back;                                 \
        struct buf once, twice;                                    \
                                                                   \
        if (wire_##m##_get(in, &msg) != ERR_OK) {                  \
            return;                                                \
        }                                                          \
        buf_init(&once, in.len + 64);                              \
        buf_init(&twice, in.len + 64);                             \
        wire_##m##_put(&once, &msg);                               \
        ASSERT(once.err == ERR_OK);                                \
        ASSERT(wire_##m##_get(buf_bytes(&once), &back) == ERR_OK); \
        wire_##m##_put(&twice, &back);                             \
        ASSERT(bytes_eq(buf_bytes(&once), buf_bytes(&twice)));     \
        buf_fini(&once);                                           \
        buf_fini(&twice);                                          \
    }
WIRE_MESSAGES(TRY)
#undef TRY

static void try_lists(struct bytes in)
{
    struct wire_exchange x;
    struct wire_reply r;

    if (wire_exchange_get(in, &x) == ERR_OK) {
        walk(&x.cursors);
        walk(&x.officers);
        walk(&x.events);
        walk(&x.offers);
    }
    if (wire_reply_get(in, &r) == ERR_OK) {
        walk(&r.entries);
        walk(&r.exceptions);
        walk(&r.wanted);
    }
}

static void try_packed(struct bytes in)
{
    struct buf plain;

    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    if (wire_unpack(&plain, WIRE_TYPE_PACKED, in) == ERR_OK) {
        ASSERT(plain.len <= SYNC_PLAIN_MAX_BYTES);
        try_lists(buf_bytes(&plain));
    }
    buf_fini(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes in = { data, size };

#define TRY(m, FIELDS) try_##m(in);
    WIRE_MESSAGES(TRY)
#undef TRY
    try_lists(in);
    try_packed(in);
    return 0;
}
