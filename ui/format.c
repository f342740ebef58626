#include "ui/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/civil.h"
#include "ui/kit/tr.h"

#define MS_SECOND ((int64_t)1000)
#define MS_MINUTE ((int64_t)60000)
#define MS_HOUR   ((int64_t)3600000)
#define MS_DAY    ((int64_t)86400000)

static const char *const weekdays[7] = {
    N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
    N_("Friday"), N_("Saturday"), N_("Sunday"),
};

static const char *const short_days[7] = {
    N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"),
};

static const char *const months[12] = {
    N_("January"),   N_("February"), N_("March"),    N_("April"),
    N_("May"),       N_("June"),     N_("July"),     N_("August"),
    N_("September"), N_("October"),  N_("November"), N_("December"),
};

static int64_t day_of(int64_t ms)
{
    return (ms - (ms < 0 ? MS_DAY - 1 : 0)) / MS_DAY;
}

const char *fmt_time(struct ui *ui, int64_t ms)
{
    return ui_fmt(ui, "%02d:%02d", (int)(ms % MS_DAY / MS_HOUR),
                  (int)(ms % MS_HOUR / MS_MINUTE));
}

const char *fmt_seconds(struct ui *ui, int64_t ms)
{
    return ui_fmt(ui, "%s:%02d", fmt_time(ui, ms),
                  (int)(ms % MS_MINUTE / MS_SECOND));
}

const char *fmt_day(struct ui *ui, int64_t ms)
{
    const struct civil c = civil_of(ms);

    /* Weekday, day, month, as in "Friday 16 October". */
    return ui_fmt(ui, tr("%s %d %s"), tr(weekdays[c.weekday]), c.day,
                  tr(months[c.month]));
}

const char *fmt_weekday(struct ui *ui, int64_t ms)
{
    (void)ui;
    return tr(short_days[civil_of(ms).weekday]);
}

const char *fmt_month(struct ui *ui, int64_t ms)
{
    (void)ui;
    return tr(months[civil_of(ms).month]);
}

const char *fmt_date(struct ui *ui, int64_t ms)
{
    return ui_fmt(ui, "%s %d", fmt_day(ui, ms), civil_of(ms).year);
}

const char *fmt_iso_day(struct ui *ui, const char *day)
{
    int y = 0;
    int m = 0;
    int d = 0;
    char end = 0;

    if (sscanf(day, "%4d-%2d-%2d%c", &y, &m, &d, &end) != 3 || m < 1 ||
        m > 12) {
        return day;
    }
    return ui_fmt(ui, tr("%d %s %d"), d, tr(months[m - 1]), y);
}

bool fmt_is_today(int64_t ms, int64_t now_ms)
{
    return day_of(ms) == day_of(now_ms);
}

bool fmt_is_year(int64_t ms, int64_t now_ms)
{
    return civil_of(ms).year == civil_of(now_ms).year;
}

const char *fmt_when(struct ui *ui, int64_t ms, int64_t now_ms)
{
    const char *time = ui_iso(ui, fmt_time(ui, ms));
    struct civil c;

    if (fmt_is_today(ms, now_ms)) {
        return time;
    }
    if (day_of(ms) == day_of(now_ms) - 1) {
        return ui_fmt(ui, tr("yesterday, %s"), time);
    }
    c = civil_of(ms);
    return fmt_is_year(ms, now_ms)
               ? ui_fmt(ui, tr("%d %s, %s"), c.day, tr(months[c.month]), time)
               : ui_fmt(ui, tr("%d %s %d"), c.day, tr(months[c.month]), c.year);
}

const char *fmt_timer(struct ui *ui, int64_t ms)
{
    ms = ms < 0 ? 0 : ms;
    return ui_fmt(ui, "%d:%02d:%02d", (int)(ms / MS_HOUR),
                  (int)(ms % MS_HOUR / MS_MINUTE),
                  (int)(ms % MS_MINUTE / MS_SECOND));
}

const char *fmt_clip(struct ui *ui, int64_t ms)
{
    const int s = (int)(ms / 1000);

    return ui_fmt(ui, "%d:%02d", s / 60, s % 60);
}

const char *fmt_length(struct ui *ui, int64_t ms)
{
    ms = ms < 0 ? 0 : ms;
    return ui_fmt(ui, tr("%d h %d min"), (int)(ms / MS_HOUR),
                  (int)(ms % MS_HOUR / MS_MINUTE));
}

const char *fmt_bytes(struct ui *ui, int64_t bytes)
{
    if (bytes < 1000 * 1000) {
        const int64_t kb = (bytes + 999) / 1000;

        return ui_fmt(ui, "%d KB", (int)kb);
    }
    if (bytes >= (int64_t)1000 * 1000 * 1000) {
        return ui_fmt(ui, "%d.%d GB", (int)(bytes / 1000000000),
                      (int)(bytes % 1000000000 / 100000000));
    }
    bytes += 50000; /* rounded: what is left and what went make the whole */
    return ui_fmt(ui, "%d.%d MB", (int)(bytes / 1000000),
                  (int)(bytes % 1000000 / 100000));
}

const char *fmt_position(struct ui *ui, int64_t lat_e7, int64_t lon_e7)
{
    const int64_t lat = llabs(lat_e7) / 100;
    const int64_t lon = llabs(lon_e7) / 100;

    return ui_fmt(ui, "%d.%05d %s, %d.%05d %s", (int)(lat / 100000),
                  (int)(lat % 100000), lat_e7 < 0 ? "S" : "N",
                  (int)(lon / 100000), (int)(lon % 100000),
                  lon_e7 < 0 ? "W" : "E");
}

static size_t letter_length(const char *at)
{
    const unsigned char c = (unsigned char)*at;
    const size_t len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

    return strlen(at) < len ? strlen(at) : len;
}

const char *fmt_initials(struct ui *ui, const char *name)
{
    const char *last = strrchr(name, ' ');
    const char *second = last != NULL ? last + 1 : "";

    return ui_fmt(ui, "%.*s%.*s", (int)letter_length(name), name,
                  (int)letter_length(second), second);
}

const char *fmt_first_name(struct ui *ui, const char *name)
{
    return ui_fmt(ui, "%.*s", (int)strcspn(name, " "), name);
}

const char *fmt_number(struct ui *ui, long n)
{
    return ui_fmt(ui, "%ld", n);
}
