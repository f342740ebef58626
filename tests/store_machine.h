/*
 * store_machine.h - one virtual machine with a store and a log on it, for
 * tests of the core: virtual clock, seeded random, a disk in memory.
 */
#ifndef TESTS_STORE_MACHINE_H
#define TESTS_STORE_MACHINE_H

#include <string.h>

#include "core/evlog.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "tests/idle.h"
#include "tests/test.h"

#define MACHINE_WALL_MS 1763769600000 /* 2025-11-22 00:00 UTC */

struct machine {
    uint64_t world_ms;
    struct sim_port *sim;
    struct faultvfs *disk;
    struct store *store;
    struct evlog *log;
    uint8_t key[32];
};

static inline struct store_options machine_options(struct machine *m)
{
    return (struct store_options){ .path = "store.db",
                                   .vfs = faultvfs_name(m->disk),
                                   .key32 = { m->key, sizeof(m->key) },
                                   .port = sim_port(m->sim) };
}

static inline void machine_close(struct machine *m)
{
    const size_t open =
        m->store != NULL ? idle_open_statements(store_db(m->store)) : 0;

    evlog_close(m->log);
    store_close(m->store);
    m->log = NULL;
    m->store = NULL;
    assert_int_equal(open, 0);
}

static inline enum err machine_open(struct machine *m)
{
    const struct store_options options = machine_options(m);
    enum err err = store_open(&options, &m->store);

    return err ? err : evlog_open(m->store, &m->log);
}

static inline void machine_identity(struct machine *m,
                                    struct evlog_identity *id)
{
    const struct crypto_random random = port_random(sim_port(m->sim));

    memset(id, 0, sizeof(*id));
    memset(id->council.bytes, 0xcc, 16);
    assert_ok(random.fill(random.ctx, id->device.bytes, 16));
    assert_ok(random.fill(random.ctx, id->incarnation.bytes, 16));
    assert_ok(crypto_ec_new(random, &id->seal_key));
    id->server_key = id->recovery_key = id->seal_key.pub;
}

/* A machine with an empty, enrolled, open store. */
static inline void machine_new(struct machine *m, uint64_t seed)
{
    struct sim_port_options options = { &m->world_ms, MACHINE_WALL_MS, seed };
    struct store_options store;
    struct evlog_identity id;

    memset(m, 0, sizeof(*m));
    memset(m->key, 7, sizeof(m->key));
    assert_ok(sim_port_new(&options, &m->sim));
    assert_ok(faultvfs_new(seed, &m->disk));
    store = machine_options(m);
    machine_identity(m, &id);
    assert_ok(store_open(&store, &m->store));
    assert_ok(evlog_init(m->store, &id));
    assert_ok(evlog_open(m->store, &m->log));
}

/* The same with a safety copy beside its store. */
static inline void machine_new_safe(struct machine *m, uint64_t seed)
{
    machine_new(m, seed);
    machine_close(m);
    sim_port_safety(m->sim, true);
    assert_ok(machine_open(m));
}

static inline void machine_free(struct machine *m)
{
    machine_close(m);
    faultvfs_free(m->disk);
    sim_port_free(m->sim);
}

/* One text field of `record` written, replacing `bases`. */
static inline enum err machine_note(struct machine *m,
                                    const struct uuid *record, const char *text,
                                    const struct event_ref *bases,
                                    size_t base_count, struct event_ref *out)
{
    struct evlog_new e = { .record = *record,
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = base_count > 0 ? OP_SET : OP_CREATE };
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    body_put_base(&w, FIELD_NOTE, &evlog_identity(m->log)->incarnation, bases,
                  base_count);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    m->world_ms += 1000;
    err = evlog_append(m->log, &e, 1, out);
    body_fini(&w);
    buf_fini(&body);
    return err;
}

static inline struct uuid machine_record(uint8_t number)
{
    struct uuid id = { { 1 } };

    id.bytes[15] = number;
    return id;
}

static inline void machine_finding(void *ctx, const char *what)
{
    (void)ctx;
    print_message("fsck: %s\n", what);
}

#endif /* TESTS_STORE_MACHINE_H */
