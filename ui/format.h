/*
 * format.h - times, sizes and names as the screens write them.
 *
 * All texts live in the frame's memory. Times are local wall-clock ms.
 */
#ifndef UI_FORMAT_H
#define UI_FORMAT_H

#include "ui/kit/paint.h"

const char *fmt_time(struct ui *ui, int64_t ms);    /* "09:42" */
const char *fmt_seconds(struct ui *ui, int64_t ms); /* "10:07:31" */
const char *fmt_day(struct ui *ui, int64_t ms);     /* "Friday 16 October" */
const char *fmt_date(struct ui *ui, int64_t ms);    /* the same with the year */
const char *fmt_weekday(struct ui *ui, int64_t ms); /* "Thu" */
const char *fmt_month(struct ui *ui, int64_t ms);   /* "October" */
/* "2023-06-13" as "13 June 2023"; anything else as it is. */
const char *fmt_iso_day(struct ui *ui, const char *day);
/* "09:42" today, "yesterday, 17:58", "14 October, 17:58"; a day of another
 * year with the year. */
const char *fmt_when(struct ui *ui, int64_t ms, int64_t now_ms);
const char *fmt_timer(struct ui *ui, int64_t ms);  /* "1:36:12" */
const char *fmt_clip(struct ui *ui, int64_t ms);   /* "0:12", of a recording */
const char *fmt_length(struct ui *ui, int64_t ms); /* "3 h 31 min" */
const char *fmt_bytes(struct ui *ui, int64_t bytes); /* "1 KB", "2.9 MB" */
/* "51.58403 N, 2.99722 W" */
const char *fmt_position(struct ui *ui, int64_t lat_e7, int64_t lon_e7);
const char *fmt_initials(struct ui *ui, const char *name); /* "AY" */
const char *fmt_first_name(struct ui *ui, const char *name);
const char *fmt_number(struct ui *ui, long n);

/* The same day as `now_ms`? */
bool fmt_is_today(int64_t ms, int64_t now_ms);
bool fmt_is_year(int64_t ms, int64_t now_ms); /* the same year? */

#endif /* UI_FORMAT_H */
