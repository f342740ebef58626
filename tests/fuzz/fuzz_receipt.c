/*
 * fuzz_receipt.c - any bytes as the server's answer to a tablet: no crash,
 * and nothing that the tablet did not make is ever acknowledged.
 *
 * The first byte says whether the answer is fed as it is, or whether its
 * receipt and page are signed with the server's key first: a council's own
 * server gone wrong must not hurt a tablet either.
 */
#include <string.h>

#include "core/store_sync.h"
#include "core/sync.h"
#include "core/wire.h"
#include "tests/store_machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EVENTS 3

static struct machine *machine(void)
{
    static struct machine m;
    static bool is_ready;
    const struct uuid record = machine_record(1);

    if (!is_ready) {
        machine_new(&m, 1);
        for (int i = 0; i < EVENTS; i++) {
            ASSERT(machine_note(&m, &record, "a note", NULL, 0, NULL) ==
                   ERR_OK);
        }
        is_ready = true;
    }
    return &m;
}

/* The receipt as payload becomes a signed one, made for this tablet. */
static void sign_receipt(struct machine *m, struct bytes payload,
                         struct buf *out)
{
    const struct evlog_identity *id = evlog_identity(m->log);
    struct wire_receipt r;

    if (wire_receipt_get(payload, &r) != ERR_OK) {
        buf_put(out, payload.data, payload.len);
        return;
    }
    r.device = id->device;
    r.incarnation = id->incarnation;
    if (r.sequence > 0 && r.sequence <= EVENTS) {
        (void)!evlog_link_at(m->log, &r.incarnation, r.sequence, &r.link);
    }
    (void)!wire_receipt_sign(out, &id->seal_key, &r);
}

/* The page's signature over the leaves as the tablet will compute them. */
static void sign_page(struct machine *m, const struct wire_reply *msg,
                      const struct uuid *log_id, struct buf *out)
{
    const struct evlog_identity *id = evlog_identity(m->log);
    struct wire_page page = { .log_id = *log_id, .device = id->device };
    struct wire_list_reader list;
    struct buf leaves, header;
    struct bytes item, salt, body;

    buf_init(&leaves, 1 << 20);
    buf_init(&header, HEADER_MAX_BYTES);
    cbor_put_array(&leaves, msg->entries.count);
    wire_list_open(&list, &msg->entries);
    while (wire_list_next(&list, &item)) {
        struct wire_leaf leaf;
        struct wire_entry e;

        buf_reset(&header);
        if (wire_entry_get(item, &e) != ERR_OK ||
            event_wire_parse(e.event, &header, &salt, &body) != ERR_OK) {
            break;
        }
        leaf.position = e.position;
        crypto_sha256(buf_bytes(&header), &leaf.header);
        wire_leaf_put(&leaves, &leaf);
    }
    crypto_sha256(buf_bytes(&leaves), &page.leaves);
    (void)!wire_page_sign(out, &id->seal_key, &page);
    buf_fini(&leaves);
    buf_fini(&header);
}

static void answer_put(struct machine *m, bool is_signed, struct bytes in,
                       struct buf *out)
{
    struct wire_reply msg;
    struct wire_receipt r;
    struct buf receipt, page;

    if (!is_signed || wire_reply_get(in, &msg) != ERR_OK) {
        buf_put(out, in.data, in.len);
        return;
    }
    buf_init(&receipt, in.len + 1024);
    buf_init(&page, in.len + 1024);
    memset(&r, 0, sizeof(r));
    (void)!wire_receipt_get(msg.receipt, &r);
    sign_receipt(m, msg.receipt, &receipt);
    sign_page(m, &msg, &r.log_id, &page);
    msg.receipt = buf_bytes(&receipt);
    msg.page = buf_bytes(&page);
    msg.has_page = msg.entries.count > 0;
    wire_reply_put(out, &msg);
    buf_fini(&receipt);
    buf_fini(&page);
}

static void feed(struct machine *m, struct bytes body)
{
    const struct sync_options options = { .log = m->log,
                                          .port = sim_port(m->sim) };
    struct sync_response r = { .status = 200,
                               .content_type = WIRE_TYPE_PLAIN,
                               .body = body };
    struct sync_request request;
    struct evlog_counts counts;
    struct sync *s;
    uint64_t wake;

    ASSERT(sync_open(&options, &s) == ERR_OK);
    ASSERT(sync_next(s, 1000, &request, &wake));
    (void)!sync_feed(s, 1000, &r);
    ASSERT(evlog_counts(m->log, &counts) == ERR_OK);
    ASSERT(counts.acknowledged <= counts.own);
    sync_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct machine *m = machine();
    struct buf answer;

    if (size == 0) {
        return 0;
    }
    buf_init(&answer, SYNC_PLAIN_MAX_BYTES);
    answer_put(m, data[0] & 1, (struct bytes){ data + 1, size - 1 }, &answer);
    ASSERT(evlog_begin(m->log) == ERR_OK);
    feed(m, buf_bytes(&answer));
    evlog_rollback(m->log);
    buf_fini(&answer);
    return 0;
}
