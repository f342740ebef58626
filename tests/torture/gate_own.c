/*
 * gate_own.c - what lies below our code and may turn out damaged, foreign or
 * gone: a body, a signature, a sealed text, a row; and the machine's port as
 * platform/sim plays it (the linker's --wrap).
 *
 * What fails left its results alone.
 */
#include "core/cbor.h"
#include "core/cbor_gate.h"
#include "core/crypto.h"
#include "core/db.h"
#include "core/zpack.h"
#include "platform/sim/sim_port.h"
#include "tests/torture/gate.h"

#define GATED(no, name, params, args)                              \
    enum err __real_##name params;                                 \
    enum err __wrap_##name params;                                 \
    enum err __wrap_##name params                                  \
    {                                                              \
        return gate_fails(GATE_CALLS) ? (no) : __real_##name args; \
    }

GATED(ERR_BAD_DATA, cbor_close, (const struct cbor_reader *r), (r))
GATED(ERR_BAD_DATA, cbor_gate, (struct bytes in, size_t *at_out), (in, at_out))
GATED(ERR_BAD_DATA, crypto_ec_check, (const struct ec_public *pub), (pub))
GATED(ERR_BAD_SEAL, crypto_verify,
      (const struct ec_public *pub, struct bytes data, struct bytes sig),
      (pub, data, sig))
GATED(ERR_WRONG_KEY, crypto_gcm_open,
      (struct bytes key, struct bytes nonce, struct bytes aad,
       struct bytes sealed, uint8_t *out),
      (key, nonce, aad, sealed, out))
GATED(ERR_NOT_FOUND, db_row, (sqlite3_stmt * st), (st))
GATED(ERR_BAD_DATA, zpack_unpack, (struct buf * out, struct bytes in),
      (out, in))

/* --- the port: what the simulation's does, unless it fails --- */

/* One for each simulated machine; more than any test has. */
#define PORTS_MAX 64

static struct gated_port {
    struct port port; /* its ctx is this struct */
    const struct port *real;
} ports[PORTS_MAX];

#define PORT(name, params, args)                                        \
    static enum err gated_##name params                                 \
    {                                                                   \
        const struct port *real = ((const struct gated_port *)p)->real; \
        return gate_fails(GATE_CALLS) ? ERR_IO : real->ops->name args;  \
    }

PORT(random, (void *p, uint8_t *out, size_t len), (real->ctx, out, len))
PORT(fix, (void *p, struct port_fix *out), (real->ctx, out))
PORT(counter_get, (void *p, uint64_t *out), (real->ctx, out))
PORT(counter_raise, (void *p, uint64_t value), (real->ctx, value))
PORT(part_size, (void *p, const struct hash *part, uint64_t *out),
     (real->ctx, part, out))
PORT(part_write,
     (void *p, const struct hash *part, uint64_t at, struct bytes data),
     (real->ctx, part, at, data))
PORT(part_read,
     (void *p, const struct hash *part, uint64_t at, uint8_t *out, size_t len,
      size_t *got),
     (real->ctx, part, at, out, len, got))
PORT(part_commit, (void *p, const struct hash *part, const struct hash *name),
     (real->ctx, part, name))
PORT(part_drop, (void *p, const struct hash *part), (real->ctx, part))
PORT(blob_size, (void *p, const struct hash *name, uint64_t *out),
     (real->ctx, name, out))
PORT(blob_read,
     (void *p, const struct hash *name, uint64_t at, uint8_t *out, size_t len,
      size_t *got),
     (real->ctx, name, at, out, len, got))
PORT(blob_remove, (void *p, const struct hash *name), (real->ctx, name))
PORT(safety_read, (void *p, uint64_t at, uint8_t *out, size_t len, size_t *got),
     (real->ctx, at, out, len, got))
PORT(safety_write, (void *p, uint64_t at, struct bytes data),
     (real->ctx, at, data))
PORT(safety_replace, (void *p, struct bytes data), (real->ctx, data))

static void gated_now(void *p, struct port_time *out)
{
    const struct port *real = ((const struct gated_port *)p)->real;

    real->ops->now(real->ctx, out);
}

static void gated_line(void *p, enum port_log_level level, const char *text)
{
    const struct port *real = ((const struct gated_port *)p)->real;

    real->ops->log(real->ctx, level, text);
}

#define PLAIN_OPS                                                       \
    .now = gated_now, .random = gated_random, .log = gated_line,        \
    .fix = gated_fix, .counter_get = gated_counter_get,                 \
    .counter_raise = gated_counter_raise, .part_size = gated_part_size, \
    .part_write = gated_part_write, .part_read = gated_part_read,       \
    .part_commit = gated_part_commit, .part_drop = gated_part_drop,     \
    .blob_size = gated_blob_size, .blob_read = gated_blob_read,         \
    .blob_remove = gated_blob_remove

static const struct port_ops plain_ops = { PLAIN_OPS };
static const struct port_ops safe_ops = {
    PLAIN_OPS, .safety_read = gated_safety_read,
    .safety_write = gated_safety_write, .safety_replace = gated_safety_replace
};

const struct port *__real_sim_port(struct sim_port *p);
const struct port *__wrap_sim_port(struct sim_port *p);
const struct port *__wrap_sim_port(struct sim_port *p)
{
    const struct port *real = __real_sim_port(p);
    size_t i = 0;

    while (i < PORTS_MAX && ports[i].real != NULL && ports[i].real != real) {
        i++;
    }
    ASSERT(i < PORTS_MAX);
    ports[i] = (struct gated_port){
        { real->ops->safety_read == NULL ? &plain_ops : &safe_ops, &ports[i] },
        real,
    };
    return &ports[i].port;
}

void __real_sim_port_safety(struct sim_port *p, bool is_on);
void __wrap_sim_port_safety(struct sim_port *p, bool is_on);
void __wrap_sim_port_safety(struct sim_port *p, bool is_on)
{
    __real_sim_port_safety(p, is_on);
    (void)__wrap_sim_port(p);
}
