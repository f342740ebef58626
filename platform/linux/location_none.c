#include "platform/linux/location.h"

enum err location_open(const char *host, const char *port,
                       struct location **out)
{
    (void)host;
    (void)port;
    (void)out;
    return ERR_UNSUPPORTED;
}

void location_close(struct location *l)
{
    ASSERT(l == NULL);
}

enum err location_fix(struct location *l, struct port_fix *out)
{
    (void)l;
    (void)out;
    return ERR_NOT_FOUND;
}

bool location_time(struct location *l, int64_t *gnss_ms_out)
{
    (void)l;
    (void)gnss_ms_out;
    return false;
}

void location_stats(struct location *l, struct location_stats *out)
{
    (void)l;
    *out = (struct location_stats){ 0 };
}

bool location_wait(struct location *l, struct location_stats *seen,
                   uint32_t timeout_ms)
{
    (void)l;
    (void)seen;
    (void)timeout_ms;
    return false;
}
