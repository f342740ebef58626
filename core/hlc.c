/* The hybrid logical clock of event.h: 48 bits of ms, 16 of counter. */
#include "core/event.h"

#define HLC_MS_MAX ((uint64_t)1 << 47) /* keeps the whole below 2^63 */

static uint64_t from_wall(int64_t wall_ms)
{
    uint64_t ms = wall_ms > 0 ? (uint64_t)wall_ms : 0;

    if (ms >= HLC_MS_MAX) {
        ms = HLC_MS_MAX - 1;
    }
    return ms << 16;
}

uint64_t hlc_next(uint64_t *hlc, int64_t wall_ms)
{
    const uint64_t wall = from_wall(wall_ms);

    *hlc = wall > *hlc ? wall : *hlc + 1;
    return *hlc;
}

int64_t hlc_ms(uint64_t hlc)
{
    return (int64_t)(hlc >> 16);
}

bool hlc_observe(uint64_t *hlc, uint64_t remote, int64_t wall_ms)
{
    const uint64_t bound =
        from_wall(wall_ms) + (HLC_AHEAD_MAX_MS << 16 | UINT16_MAX);
    const uint64_t to = remote < bound ? remote : bound;

    if (to > *hlc) {
        *hlc = to;
    }
    return remote <= bound;
}
