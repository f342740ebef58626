/*
 * sync_rig.h - the engine alone, on one virtual machine, in front of a test
 * that holds the server's key and answers what it likes.
 */
#ifndef TESTS_CORE_SYNC_RIG_H
#define TESTS_CORE_SYNC_RIG_H

#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/limits.h"
#include "core/sync.h"
#include "core/wire.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "tests/idle.h"
#include "tests/test.h"

struct rig {
    uint64_t world_ms, mono_ms;
    struct sim_port *machine;
    struct faultvfs *disk;
    struct store *store;
    struct evlog *log;
    struct sync *sync;
    struct ec_key server;
    struct evlog_identity id;
};
static struct rig rig;

/* So many observations, a hundred to a save. */
static inline void rig_record(size_t count)
{
    struct evlog_new e[100];
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "a note");
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    memset(e, 0, sizeof(e));
    for (size_t i = 0; i < ARRAY_LEN(e); i++) {
        e[i].kind = KIND_OBSERVATION;
        e[i].kind_version = 1;
        e[i].op = OP_CREATE;
        e[i].body = buf_bytes(&body);
        e[i].record.bytes[0] = (uint8_t)i;
    }
    while (count > 0) {
        const size_t some = count < ARRAY_LEN(e) ? count : ARRAY_LEN(e);

        assert_ok(evlog_append(rig.log, e, some, NULL));
        count -= some;
    }
    buf_fini(&body);
}

static inline void rig_open(size_t events)
{
    static const struct uuid nobody = { { 0 } };
    const struct sim_port_options machine = { &rig.world_ms, 1790000000000, 5 };
    struct store_options store = { .path = "t" };
    struct sync_options sync = { .officers = &nobody };
    struct crypto_random random;

    memset(&rig, 0, sizeof(rig));
    assert_ok(sim_port_new(&machine, &rig.machine));
    assert_ok(faultvfs_new(3, &rig.disk));
    random = port_random(sim_port(rig.machine));
    assert_ok(crypto_ec_new(random, &rig.server));
    assert_ok(crypto_ec_new(random, &rig.id.seal_key));
    memset(rig.id.device.bytes, 1, 16);
    memset(rig.id.incarnation.bytes, 2, 16);
    rig.id.server_key = rig.server.pub;
    rig.id.recovery_key = rig.server.pub;
    store.vfs = faultvfs_name(rig.disk);
    store.port = sim_port(rig.machine);
    assert_ok(store_open(&store, &rig.store));
    assert_ok(evlog_init(rig.store, &rig.id));
    assert_ok(evlog_open(rig.store, &rig.log));
    rig_record(events);
    sync.log = rig.log;
    sync.port = sim_port(rig.machine);
    assert_ok(sync_open(&sync, &rig.sync));
}

static inline void rig_close(void)
{
    const size_t open = idle_open_statements(store_db(rig.store));

    sync_close(rig.sync);
    evlog_close(rig.log);
    store_close(rig.store);
    faultvfs_free(rig.disk);
    sim_port_free(rig.machine);
    assert_int_equal(open, 0);
}

/* The next request, whenever it is due: how many events are in it, and the
 * sequence of the last. */
static inline size_t rig_push(uint64_t *last)
{
    struct sync_request q;
    struct wire_exchange x;
    struct buf plain;
    uint64_t wake = 0;
    size_t count;

    for (int i = 0; !sync_next(rig.sync, rig.mono_ms, &q, &wake); i++) {
        assert_true(i < 1000); /* without memory it may never come */
        rig.mono_ms = wake;
    }
    assert_string_equal(q.path, "/v1/exchange");
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    assert_ok(wire_unpack(&plain, q.content_type, q.body));
    assert_ok(wire_exchange_get(buf_bytes(&plain), &x));
    count = x.has_events ? x.events.count : 0;
    *last = x.has_events ? x.first + count - 1 : 0;
    buf_fini(&plain);
    return count;
}

/* An honest answer: a receipt for all up to `held`, which is to be signed. */
static inline void rig_plan(uint64_t held, struct wire_receipt *r,
                            struct wire_reply *reply)
{
    memset(r, 0, sizeof(*r));
    memset(reply, 0, sizeof(*reply));
    r->size = held + 2;
    r->sequence = held;
    r->device = rig.id.device;
    r->incarnation = evlog_identity(rig.log)->incarnation;
    memset(r->log_id.bytes, 7, 16);
    memset(r->root.bytes, (int)held & 0xff, 32);
    if (held > 0) {
        assert_ok(evlog_link_at(rig.log, &r->incarnation, held, &r->link));
    }
    reply->version = WIRE_VERSION;
    reply->held = held;
}

/* Signs, packs and feeds it: what the engine makes of it. */
static inline enum err rig_answer(const struct wire_receipt *r,
                                  struct wire_reply *reply)
{
    struct sync_response answer = { .status = 200 };
    struct buf receipt, plain, packed;
    enum err err;

    buf_init(&receipt, 65536);
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    buf_init(&packed, SYNC_PLAIN_MAX_BYTES);
    assert_ok(wire_receipt_sign(&receipt, &rig.server, r));
    reply->link = r->link;
    reply->receipt = buf_bytes(&receipt);
    wire_reply_put(&plain, reply);
    assert_ok(wire_pack(&packed, buf_bytes(&plain), &answer.content_type));
    answer.body = buf_bytes(&packed);
    err = sync_feed(rig.sync, rig.mono_ms, &answer);
    buf_fini(&receipt);
    buf_fini(&plain);
    buf_fini(&packed);
    return err;
}

#endif /* TESTS_CORE_SYNC_RIG_H */
