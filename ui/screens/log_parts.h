/*
 * log_parts.h - what every log's page shows: types, where and when, photos,
 * what was added, and when the draft was kept. Each draws at the top of `r`
 * and returns its height.
 */
#ifndef UI_SCREENS_LOG_PARTS_H
#define UI_SCREENS_LOG_PARTS_H

#include "ui/kit/paint.h"
#include "ui/screen.h"

#define LOG_MAP_LEAST 120

/* Types in sight, and so many of large words; the rest is behind "11 more
 * types". */
#define LOG_TYPES_SHOWN 11
#define LOG_TYPES_LARGE 5

int log_types_draw(struct ui *ui, struct rect r, const struct draft *d,
                   const struct view_log *v, bool is_bad);
int log_where_draw(struct ui *ui, struct rect r, const struct draft *d,
                   const struct app *app, int map_h);
int log_weak_draw(struct ui *ui, struct rect r, const struct draft *d,
                  const struct view_place *p);
/* Somebody made one like it near here just now; with the gap below. */
int log_near_draw(struct ui *ui, struct rect r, const struct view_log *v);
int log_photos_draw(struct ui *ui, struct rect r, const struct views *v,
                    const struct app *app, int side);
int log_added_draw(struct ui *ui, struct rect r, const struct draft *d);

/* The height of the position's picture beside a banner of that height. */
int log_position_height(bool has_fix, int banner);

/* "Draft saved", in the action bar; nothing where it is too narrow. */
int log_kept_width(struct ui *ui, const struct view_log *v);
void log_kept_draw(struct ui *ui, struct rect row, const struct view_log *v);

#endif /* UI_SCREENS_LOG_PARTS_H */
