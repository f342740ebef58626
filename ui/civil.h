/*
 * civil.h - the calendar of people: days, months and years of a local time
 * in ms since 1970. Gregorian, from year 1 on; knows no time zone.
 */
#ifndef UI_CIVIL_H
#define UI_CIVIL_H

#include <stdint.h>

#define CIVIL_DAY_MS ((int64_t)86400000)

struct civil {
    int year;
    int month; /* 0 to 11 */
    int day;
    int weekday; /* 0: Monday */
};

struct civil civil_of(int64_t ms);
/* The same time of day, so many months later; the month's last day where
 * there is no such day. */
int64_t civil_add_months(int64_t ms, int months);

#endif /* UI_CIVIL_H */
