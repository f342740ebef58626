#include "tests/test.h"

#include <string.h>

#include "platform/sim/sim_port.h"

static uint64_t world;

static struct sim_port *machine(uint64_t seed)
{
    struct sim_port *p;

    assert_ok(sim_port_new(
        &(struct sim_port_options){ &world, 1700000000000, seed }, &p));
    return p;
}

static const struct hash part = { { 1 } };
static const struct hash name = { { 2 } };

static void the_same_seed_gives_the_same_bytes(void **state)
{
    struct sim_port *a = machine(5);
    struct sim_port *b = machine(5);
    struct sim_port *c = machine(6);
    uint8_t bytes[3][16];

    (void)state;
    assert_ok(sim_port(a)->ops->random(sim_port(a)->ctx, bytes[0], 16));
    assert_ok(sim_port(b)->ops->random(sim_port(b)->ctx, bytes[1], 16));
    assert_ok(sim_port(c)->ops->random(sim_port(c)->ctx, bytes[2], 16));
    assert_memory_equal(bytes[0], bytes[1], 16);
    assert_memory_not_equal(bytes[0], bytes[2], 16);
    sim_port_free(a);
    sim_port_free(b);
    sim_port_free(c);
}

static void a_skewed_wall_clock_leaves_the_monotonic_one_alone(void **state)
{
    struct sim_port *p = machine(1);
    const struct port *port = sim_port(p);
    struct port_time a, b;

    (void)state;
    port->ops->now(port->ctx, &a);
    world += 1000;
    sim_port_skew(p, -3600000);
    port->ops->now(port->ctx, &b);
    assert_int_equal(b.mono_ms - a.mono_ms, 1000);
    assert_int_equal(b.wall_ms - a.wall_ms, 1000 - 3600000);
    assert_true(uuid_eq(&a.boot, &b.boot));
    sim_port_reboot(p, false);
    port->ops->now(port->ctx, &b);
    assert_int_equal(b.mono_ms, 0);
    assert_false(uuid_eq(&a.boot, &b.boot));
    sim_port_free(p);
}

static void a_committed_blob_survives_and_a_part_may_shrink(void **state)
{
    struct sim_port *p = machine(1);
    const struct port *port = sim_port(p);
    const struct bytes data = { (const uint8_t *)"0123456789", 10 };
    uint64_t size;

    (void)state;
    assert_err(port->ops->part_write(port->ctx, &part, 1, data), ERR_GAP);
    assert_ok(port->ops->part_write(port->ctx, &part, 0, data));
    assert_ok(port->ops->part_commit(port->ctx, &part, &name));
    assert_ok(port->ops->part_write(port->ctx, &part, 0, data));
    sim_port_reboot(p, true);
    assert_true(sim_port_fired(p, SIM_FAULT_BLOB_LOST) > 0);
    assert_ok(port->ops->blob_size(port->ctx, &name, &size));
    assert_int_equal(size, 10);
    assert_ok(port->ops->part_size(port->ctx, &part, &size));
    assert_true(size <= 10);
    sim_port_free(p);
}

static void a_planned_fault_fires_and_is_counted(void **state)
{
    struct sim_port *p = machine(1);
    const struct port *port = sim_port(p);
    uint64_t value;

    (void)state;
    assert_ok(port->ops->counter_raise(port->ctx, 9));
    sim_port_fault(p, SIM_FAULT_COUNTER_IO, 1000);
    assert_err(port->ops->counter_get(port->ctx, &value), ERR_IO);
    sim_port_fault(p, SIM_FAULT_COUNTER_IO, 0);
    assert_ok(port->ops->counter_get(port->ctx, &value));
    assert_int_equal(value, 9);
    assert_int_equal(sim_port_fired(p, SIM_FAULT_COUNTER_IO), 1);
    sim_port_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
        cmocka_unit_test(a_skewed_wall_clock_leaves_the_monotonic_one_alone),
        cmocka_unit_test(a_committed_blob_survives_and_a_part_may_shrink),
        cmocka_unit_test(a_planned_fault_fires_and_is_counted),
    };

    return RUN_TESTS(tests);
}
