#include "sync-server/rate.h"

/* FNV-1a: the table is no secret, and sharing a slot is harmless. */
static size_t slot_of(const char *address)
{
    uint32_t hash = 2166136261u;

    for (; *address != '\0'; address++) {
        hash = (hash ^ (uint8_t)*address) * 16777619u;
    }
    return hash % HTTP_WEB_RATE_SLOTS;
}

bool rate_allows(struct rate *r, const char *address, uint64_t now_ms)
{
    const size_t i = slot_of(address);

    if (now_ms - r->slots[i].since_ms >= HTTP_WEB_RATE_WINDOW_MS) {
        r->slots[i].since_ms = now_ms;
        r->slots[i].count = 0;
    }
    if (r->slots[i].count >= HTTP_WEB_RATE_MAX) {
        return false;
    }
    r->slots[i].count++;
    return true;
}
