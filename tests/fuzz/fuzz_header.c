/* fuzz_header.c - any bytes as the header of an event, and as an event on
 * the wire: no crash; what is read, written and read again is the same. */
#include <string.h>

#include "core/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const struct event_header *a, const struct event_header *b)
{
    return uuid_eq(&a->device, &b->device) &&
           uuid_eq(&a->incarnation, &b->incarnation) &&
           a->sequence == b->sequence && a->hlc == b->hlc &&
           a->wall_ms == b->wall_ms && uuid_eq(&a->record, &b->record) &&
           a->kind == b->kind && a->op == b->op &&
           strcmp(a->form, b->form) == 0 && strcmp(a->zone, b->zone) == 0 &&
           hash_eq(&a->commitment, &b->commitment) &&
           a->blob_count == b->blob_count &&
           a->former.count == b->former.count &&
           memcmp(a->former.at, b->former.at, sizeof(a->former.at)) == 0;
}

/* Keys of a newer version are dropped, so the bytes may differ. */
static void try_header(struct bytes in)
{
    static struct event_header first, second;
    struct buf again;

    if (event_header_parse(in, &first) != ERR_OK) {
        return;
    }
    buf_init(&again, HEADER_MAX_BYTES);
    ASSERT(event_header_put(&again, &first) == ERR_OK);
    ASSERT(event_header_parse(buf_bytes(&again), &second) == ERR_OK);
    ASSERT(is_same(&first, &second));
    buf_fini(&again);
}

/* With its body, the commitment is computed, and must hold. */
static void try_wire(struct bytes in)
{
    struct bytes salt, body;
    struct buf header, again;

    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&again, in.len + 64);
    if (event_wire_parse(in, &header, &salt, &body) == ERR_OK) {
        ASSERT(event_wire_put(&again, buf_bytes(&header), salt.data, body) ==
               ERR_OK);
        ASSERT(bytes_eq(buf_bytes(&again), in));
        try_header(buf_bytes(&header));
    }
    buf_fini(&header);
    buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_header((struct bytes){ data, size });
    try_wire((struct bytes){ data, size });
    return 0;
}
