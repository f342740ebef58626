/* Hinnant, "chrono-compatible low-level date algorithms". */
#include "ui/civil.h"

#include <stdbool.h>

static int64_t day_of(int64_t ms)
{
    return (ms - (ms < 0 ? CIVIL_DAY_MS - 1 : 0)) / CIVIL_DAY_MS;
}

/* civil_from_days */
struct civil civil_of(int64_t ms)
{
    const int64_t days = day_of(ms);
    const int64_t z = days + 719468;
    const int64_t era = z / 146097;
    const int64_t doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp = (5 * doy + 2) / 153;
    struct civil c;

    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month = (int)(mp < 10 ? mp + 2 : mp - 10);
    c.year = (int)(yoe + era * 400 + (c.month < 2 ? 1 : 0));
    c.weekday = (int)((days % 7 + 10) % 7); /* 1970-01-01: Thursday */
    return c;
}

/* days_from_civil */
static int64_t days_to(int year, int month, int day)
{
    const int64_t y = month < 2 ? year - 1 : year;
    const int64_t era = y / 400;
    const int64_t yoe = y - era * 400;
    const int64_t mp = (month + 10) % 12;
    const int64_t doy = (153 * mp + 2) / 5 + day - 1;
    const int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

static int month_length(int year, int month)
{
    const bool is_last = month == 11;

    return (
        int)(days_to(is_last ? year + 1 : year, is_last ? 0 : month + 1, 1) -
             days_to(year, month, 1));
}

int64_t civil_add_months(int64_t ms, int months)
{
    const struct civil c = civil_of(ms);
    const int all = c.year * 12 + c.month + months;
    const int length = month_length(all / 12, all % 12);

    return days_to(all / 12, all % 12, c.day > length ? length : c.day) *
               CIVIL_DAY_MS +
           ms - day_of(ms) * CIVIL_DAY_MS;
}
