/*
 * gnss.h - does the receiver's time agree with the tablet's clock? Both
 * stand in each event as they were read; this only says what to flag.
 */
#ifndef CORE_GNSS_H
#define CORE_GNSS_H

#include "core/base.h"

enum gnss_verdict {
    GNSS_AGREES,
    GNSS_DIFFERS,  /* one of the two clocks is wrong */
    GNSS_WEEKS_OFF /* right but for n x 1,024 weeks: an old receiver */
};

struct gnss_check {
    enum gnss_verdict verdict;
    int64_t offset_ms; /* GNSS - wall, without the weeks */
    int64_t rollovers; /* of 1,024 weeks that GNSS lies in the future */
};
void gnss_compare(int64_t wall_ms, int64_t gnss_ms, struct gnss_check *out);

#endif /* CORE_GNSS_H */
