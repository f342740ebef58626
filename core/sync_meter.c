/*
 * sync_meter.c - what files may cost in a day on a link paid by the byte.
 * Kept in the store: a restart is no new day. By the tablet's own clock; one
 * that jumps at worst begins a new day.
 */
#include <string.h>

#include "core/store_sync.h"
#include "core/sync_internal.h"

#define DAY_MS          ((int64_t)24 * 60 * 60 * 1000)
#define METER_MAX_BYTES 32

static uint64_t today(struct sync *s)
{
    struct port_time now;

    s->port->ops->now(s->port->ctx, &now);
    return now.wall_ms > 0 ? (uint64_t)(now.wall_ms / DAY_MS) : 0;
}

/* What cannot be read counts as nothing used: photos are worth more. */
static void read_meter(struct sync *s)
{
    struct sync_meter *m = &s->meter;
    struct cbor_reader r;
    struct buf value;

    memset(m, 0, sizeof(*m));
    m->is_read = true;
    buf_init(&value, METER_MAX_BYTES);
    if (!store_meta_get(evlog_store(s->log), SYNC_META_METER, &value)) {
        cbor_open(&r, buf_bytes(&value));
        if (cbor_get_array(&r) == 2) {
            m->day = cbor_get_uint(&r);
            m->used = cbor_get_uint(&r);
        }
        if (cbor_close(&r)) {
            m->used = 0;
        }
    }
    buf_fini(&value);
}

static enum err write_meter(struct sync *s)
{
    struct buf value;
    enum err err;

    buf_init(&value, METER_MAX_BYTES);
    cbor_put_array(&value, 2);
    cbor_put_uint(&value, s->meter.day);
    cbor_put_uint(&value, s->meter.used);
    err = value.err ? value.err
                    : store_meta_put(evlog_store(s->log), SYNC_META_METER,
                                     buf_bytes(&value));
    buf_fini(&value);
    return err;
}

static struct sync_meter *meter_now(struct sync *s)
{
    const uint64_t day = today(s);

    if (!s->meter.is_read) {
        read_meter(s);
    }
    if (s->meter.day != day) {
        s->meter.day = day;
        s->meter.used = 0;
    }
    return &s->meter;
}

uint64_t sync_meter_left(struct sync *s)
{
    uint64_t used;

    if (!s->is_metered) {
        return UINT64_MAX;
    }
    used = meter_now(s)->used;
    return used < SYNC_METERED_DAY_BYTES ? SYNC_METERED_DAY_BYTES - used : 0;
}

void sync_meter_count(struct sync *s, uint64_t bytes)
{
    if (!s->is_metered) {
        return;
    }
    meter_now(s)->used += bytes;
    if (write_meter(s)) { /* counted until this program ends */
        port_log(s->port, PORT_LOG_WARN, "bytes of a metered link not kept");
    }
}
