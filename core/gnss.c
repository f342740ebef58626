#include "core/gnss.h"

#include "core/limits.h"

/* The week number in the signal has ten bits. */
#define ROLLOVER_MS ((int64_t)1024 * 7 * 86400 * 1000)

void gnss_compare(int64_t wall_ms, int64_t gnss_ms, struct gnss_check *out)
{
    /* Halves, so that no pair of times overflows. */
    const int64_t half = gnss_ms / 2 - wall_ms / 2;
    const int64_t most = INT64_MAX / 4;
    int64_t offset, weeks;

    if (half > most || half < -most) {
        *out = (struct gnss_check){ GNSS_DIFFERS, half, 0 };
        return;
    }
    offset = gnss_ms - wall_ms;
    weeks =
        (offset + (offset < 0 ? -ROLLOVER_MS : ROLLOVER_MS) / 2) / ROLLOVER_MS;
    *out =
        (struct gnss_check){ GNSS_AGREES, offset - weeks * ROLLOVER_MS, weeks };
    if (out->offset_ms > GNSS_AGREE_MS || out->offset_ms < -GNSS_AGREE_MS) {
        *out = (struct gnss_check){ GNSS_DIFFERS, offset, 0 };
    } else if (weeks != 0) {
        out->verdict = GNSS_WEEKS_OFF;
    }
}
