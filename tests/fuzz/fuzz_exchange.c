/*
 * fuzz_exchange.c - any bytes as what an enrolled tablet sends: the service
 * answers, never crashes, and never confirms more than was sent.
 *
 * What reads as an exchange gets this tablet's name and a true seal over
 * the events in it, so that what lies behind the seal is reached, too. The
 * council is made anew when an input changed it, so inputs repeat.
 */
#include <string.h>

#include "core/wire.h"
#include "tests/sync-server/desk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct desk desk;
static struct desk_tablet tablet;
static bool is_open;

static void open_desk(void)
{
    if (!is_open) {
        desk_open(&desk);
        desk_tablet_new(&desk, "T1", &tablet);
        is_open = true;
    }
}

static void close_desk(void)
{
    desk_tablet_free(&tablet);
    desk_close(&desk);
    is_open = false;
}

/* The event with this tablet's name, the next number and a commitment. */
static void adopt(struct bytes wire, uint64_t sequence, struct hash *link,
                  struct buf *out)
{
    static const uint8_t no_salt[EVENT_SALT_SIZE];
    struct bytes salt, body;
    struct event_header h;
    struct buf header;

    buf_init(&header, HEADER_MAX_BYTES);
    if (event_wire_parse(wire, &header, &salt, &body) == ERR_OK &&
        event_header_parse(buf_bytes(&header), &h) == ERR_OK) {
        h.device = tablet.device;
        h.incarnation = tablet.incarnation;
        h.officer = tablet.officer;
        h.sequence = sequence;
        buf_reset(&header);
        if (event_header_put(&header, &h) == ERR_OK) {
            (void)!event_wire_put(out, buf_bytes(&header),
                                  salt.len > 0 ? salt.data : no_salt, body);
            event_link(link, buf_bytes(&header), link);
        }
    }
    if (out->len == 0) {
        buf_put(out, wire.data, wire.len);
    }
    buf_fini(&header);
}

static void adopt_all(struct wire_exchange *x, struct wire_list_writer *events,
                      struct buf *seal)
{
    struct event_seal what = { .device = tablet.device,
                               .incarnation = tablet.incarnation };
    struct wire_list_reader list;
    struct bytes item, wire;
    struct buf one;

    buf_init(&one, SYNC_PLAIN_MAX_BYTES);
    wire_list_open(&list, &x->events);
    while (wire_list_next(&list, &item)) {
        if (wire_item_bytes(item, &wire) == ERR_OK) {
            buf_reset(&one);
            adopt(wire, ++what.sequence, &what.link, &one);
            cbor_put_bytes(wire_list_item(events), one.data, one.len);
        }
    }
    buf_fini(&one);
    (void)!event_seal_put(seal, &tablet.key, &what);
    x->events = wire_list_view(events);
    x->seal = buf_bytes(seal);
    x->has_first = x->has_seal = true;
    x->first = 1;
    x->head_sequence = what.sequence;
    x->head_link = what.link;
}

static void send(struct bytes in)
{
    struct wire_list_writer events;
    struct desk_reply reply;
    struct wire_exchange x;
    struct buf seal, out;
    uint64_t sent = 0;

    wire_list_begin(&events, SYNC_PLAIN_MAX_BYTES);
    buf_init(&seal, 1024);
    buf_init(&out, SYNC_PLAIN_MAX_BYTES);
    if (wire_exchange_get(in, &x) == ERR_OK) {
        x.device = tablet.device;
        x.incarnation = tablet.incarnation;
        if (x.has_events) {
            adopt_all(&x, &events, &seal);
            sent = x.head_sequence;
        }
        wire_exchange_put(&out, &x);
    } else {
        buf_put(&out, in.data, in.len);
    }
    desk_send_raw(&tablet, WIRE_TYPE_PLAIN, buf_bytes(&out), &reply);
    ASSERT(reply.status >= 200 && reply.status < 600);
    if (reply.status == 200) {
        ASSERT(reply.receipt.sequence <= sent);
        close_desk();
    }
    desk_reply_free(&reply);
    wire_list_fini(&events);
    buf_fini(&seal);
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_desk();
    send((struct bytes){ data, size });
    return 0;
}
