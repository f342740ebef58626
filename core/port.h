/*
 * port.h - what the core asks of the outside. platform/linux answers with
 * the machine, platform/sim with a virtual one that drops, cuts and fails.
 *
 * The core is sans-IO: network exchanges are not here, because the sync
 * engine hands out requests and is fed answers (core/sync.h).
 * All functions are called from the core's thread only.
 */
#ifndef CORE_PORT_H
#define CORE_PORT_H

#include "core/base.h"
#include "core/buf.h"
#include "core/crypto.h"
#include "core/limits.h"

/* Evidence of when: stored as read, never corrected (architecture, 2). */
struct port_time {
    int64_t wall_ms;     /* UTC, Unix milliseconds */
    uint64_t mono_ms;    /* since boot, never goes back within one boot */
    struct uuid boot;    /* changes with each boot */
    int utc_offset_min;  /* of local time */
    char zone[ZONE_MAX]; /* IANA name, "" when unknown */
    bool has_gnss;
    int64_t gnss_ms; /* receiver's UTC; may be 1,024 weeks off */
};

enum port_fix_source { PORT_FIX_NONE, PORT_FIX_2D, PORT_FIX_3D };

/* The newest position that the receiver gave. */
struct port_fix {
    enum port_fix_source source;
    int32_t lat_e7, lon_e7; /* WGS 84, 1e-7 degree */
    uint32_t accuracy_mm;   /* 0 when the receiver gave none */
    int64_t gnss_ms;        /* receiver time of the fix */
    uint64_t age_ms;        /* since it arrived, by the monotonic clock */
    bool is_simulated;      /* replayed or set by hand */
};

enum port_log_level { PORT_LOG_ERROR, PORT_LOG_WARN, PORT_LOG_INFO };

struct port_ops {
    void (*now)(void *ctx, struct port_time *out);
    enum err (*random)(void *ctx, uint8_t *out, size_t len);
    /* One line, no personal data, no positions, no secrets: ids only. */
    void (*log)(void *ctx, enum port_log_level level, const char *text);
    /* ERR_NOT_FOUND while there is no receiver or no fix yet. */
    enum err (*fix)(void *ctx, struct port_fix *out);

    /*
     * A number that never goes back, kept outside the store (TPM NV or key
     * store), so that a restored copy of the folder is noticed. 0 at first.
     */
    enum err (*counter_get)(void *ctx, uint64_t *out);
    enum err (*counter_raise)(void *ctx, uint64_t value);

    /*
     * Blob files, named by the SHA-256 of their bytes. A part grows under
     * any name; commit makes it durable (fsync, rename, fsync folder) under
     * its final one. Writing beyond the part's end is ERR_GAP.
     */
    enum err (*part_size)(void *ctx, const struct hash *part, uint64_t *out);
    enum err (*part_write)(void *ctx, const struct hash *part, uint64_t offset,
                           struct bytes data);
    enum err (*part_read)(void *ctx, const struct hash *part, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out);
    enum err (*part_commit)(void *ctx, const struct hash *part,
                            const struct hash *name);
    enum err (*part_drop)(void *ctx, const struct hash *part);
    enum err (*blob_size)(void *ctx, const struct hash *name, uint64_t *out);
    enum err (*blob_read)(void *ctx, const struct hash *name, uint64_t offset,
                          uint8_t *out, size_t len,
                          size_t *got_out); /* got 0 at the end */
    enum err (*blob_remove)(void *ctx, const struct hash *name);

    /*
     * The safety copy (core/store_safety.h), one file beside the store;
     * NULL where there is none. A write is durable when it returns; replace
     * leaves either the old file or one of just these bytes. Reading behind
     * the end gets 0 bytes, without a file ERR_NOT_FOUND.
     */
    enum err (*safety_read)(void *ctx, uint64_t offset, uint8_t *out,
                            size_t len, size_t *got_out);
    enum err (*safety_write)(void *ctx, uint64_t offset, struct bytes data);
    enum err (*safety_replace)(void *ctx, struct bytes data);
};

/* Passed by pointer everywhere; lives as long as what was opened with it. */
struct port {
    const struct port_ops *ops;
    void *ctx;
};

/* The port's random source in the shape that crypto.h takes. */
struct crypto_random port_random(const struct port *port);

/* Log a line made as by printf, cut at PORT_LOG_MAX bytes. */
#define PORT_LOG_MAX 400
void port_log(const struct port *port, enum port_log_level level,
              const char *format, ...) PRINTF(3, 4);

#endif /* CORE_PORT_H */
