/*
 * sim_port.h - core/port.h answered by a virtual machine: clocks that skew
 * and jump, seeded random, blob files and the counter in memory, and faults
 * drawn from the machine's own seed. Every fault counts how often it fired.
 *
 * The world's time is the caller's: one number of milliseconds that only
 * the caller moves.
 */
#ifndef PLATFORM_SIM_SIM_PORT_H
#define PLATFORM_SIM_SIM_PORT_H

#include "core/port.h"

#define SIM_FAULTS(X)                                      \
    X(RANDOM_IO, "the random source fails")                \
    X(COUNTER_IO, "the key store's counter fails")         \
    X(BLOB_IO, "a blob file cannot be read or written")    \
    X(BLOB_FULL, "no space for a blob file")               \
    X(BLOB_ROT, "a bit of a blob read other than written") \
    X(BLOB_LOST, "unsynced blob bytes lost at power loss")

#define X(name, text) SIM_FAULT_##name,
enum sim_fault { SIM_FAULTS(X) SIM_FAULT__COUNT };
#undef X

struct sim_port; /* opaque */

struct sim_port_options {
    const uint64_t *world_ms; /* outlives the port */
    int64_t start_wall_ms;    /* UTC at world time 0 */
    uint64_t seed;
};
MUST_USE enum err sim_port_new(const struct sim_port_options *options,
                               struct sim_port **out);
void sim_port_free(struct sim_port *p); /* NULL is allowed */
const struct port *sim_port(struct sim_port *p);

/* The wall clock stands `ms` off from now on; the monotonic one doesn't. */
void sim_port_skew(struct sim_port *p, int64_t ms);
void sim_port_zone(struct sim_port *p, int offset_min, const char *zone);
void sim_port_gnss(struct sim_port *p, bool has, int64_t off_ms);
void sim_port_place(struct sim_port *p, const struct port_fix *fix);

/* New boot id, monotonic clock from 0; with power loss, unsynced bytes of
 * parts are lost from a random point on, or one of them is another. */
void sim_port_reboot(struct sim_port *p, bool is_power_loss);

/* Other draws of what fails and what is lost. */
void sim_port_reseed(struct sim_port *p, uint64_t seed);

/* `permille` of the calls that can fail in this way do. */
void sim_port_fault(struct sim_port *p, enum sim_fault f, unsigned permille);
uint64_t sim_port_fired(const struct sim_port *p, enum sim_fault f);
const char *sim_fault_text(enum sim_fault f);

/* Replaces the blob files of `to`, and the safety copy, by those of `from`
 * (backup, clone). The
 * counter stays: it lies in the key store. */
MUST_USE enum err sim_port_copy_files(struct sim_port *to,
                                      const struct sim_port *from);
/* How far the counter stands, without its fault. */
uint64_t sim_port_counter(const struct sim_port *p);
/* From now on there is a file for the safety copy (core/port.h); off at
 * first. `len` bytes of it change from `offset` on; its size. */
void sim_port_safety(struct sim_port *p, bool is_on);
void sim_port_safety_spoil(struct sim_port *p, size_t offset, size_t len);
size_t sim_port_safety_size(const struct sim_port *p);

/* Bytes of whole blobs; changes one byte of one: bit rot. */
uint64_t sim_port_blob_bytes(const struct sim_port *p);
bool sim_port_blob_flip(struct sim_port *p, const struct hash *name);

/* The last log line, "" at first; the number of error lines so far. */
const char *sim_port_log_line(const struct sim_port *p);
uint64_t sim_port_log_errors(const struct sim_port *p);

#endif /* PLATFORM_SIM_SIM_PORT_H */
