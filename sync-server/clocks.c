#include "sync-server/clocks.h"

#include "core/limits.h"

bool clocks_wrong(int64_t wall_ms, int64_t received_ms, int64_t enrolled_ms)
{
    /* no difference: a header may hold any number */
    return (received_ms < INT64_MAX - CLOCK_OFF_MAX_MS &&
            wall_ms > received_ms + CLOCK_OFF_MAX_MS) ||
           (enrolled_ms > CLOCK_OFF_MAX_MS &&
            wall_ms < enrolled_ms - CLOCK_OFF_MAX_MS);
}

bool clocks_wrong_in(struct council *c, const struct event_header *h,
                     int64_t received_ms)
{
    struct sdb_device device = { .enrolled_ms = 0 };

    if (sdb_device_get(c->db, &h->device, &device) != ERR_OK) {
        device.enrolled_ms = 0; /* the server's own entry, for one */
    }
    return clocks_wrong(h->wall_ms, received_ms, device.enrolled_ms);
}
