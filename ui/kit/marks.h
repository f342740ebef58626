/*
 * marks.h - what shows a state: badges, sync marks, banners, bars, empty
 * states, and the toast (design, components 2.14 to 2.22).
 */
#ifndef UI_KIT_MARKS_H
#define UI_KIT_MARKS_H

#include "ui/kit/paint.h"

enum badge {
    BADGE_PLAIN,
    BADGE_SEALED,
    BADGE_WAIT,
    BADGE_OK,
    BADGE_REVIEWED,
    BADGE_CONFLICT,
    BADGE_BAD,
    BADGE_WARN,
    BADGE_LIVE,
    BADGE_RESTRICTED, /* OFFICIAL-SENSITIVE: an edge, no fill */
    BADGE__COUNT
};
int badge_height(const struct ui *ui);
int badge_width(struct ui *ui, enum icon icon, const char *text);
void badge_draw(struct ui *ui, int x, int y, enum badge badge, enum icon icon,
                const char *text);

/* Where a record stands (2.17); each has icon, colour and word. */
enum mark {
    MARK_DRAFT,
    MARK_WAITING,
    MARK_SENDING,
    MARK_PAUSED,
    MARK_HELD,
    MARK_REVIEWED,
    MARK_SENT_BACK,
    MARK_CONFLICT,
    MARK_REFUSED,
    MARK_SEALED,
    MARK__COUNT
};
enum icon mark_icon(enum mark mark);
enum color mark_color(enum mark mark);

/* Icon, title, second line, mark with its word at the end. */
struct list_row {
    enum icon icon;
    enum color icon_color;
    const char *title;
    const char *detail;
    enum mark mark;
    const char *mark_text;
};
int list_row_height(struct ui *ui, const struct list_row *row, int width,
                    int least);
/* Draws without a target: a row that opens something adds its own. */
void list_row_draw(struct ui *ui, struct rect r, const struct list_row *row);

enum banner {
    BANNER_INFO,
    BANNER_OK,
    BANNER_WARN,
    BANNER_BAD,
    BANNER_SEALED,
    BANNER_SOS /* call 999 */
};
/* Draws at the top of `r` and returns its height. */
int banner_draw(struct ui *ui, struct rect r, enum banner banner,
                enum icon icon, const char *text);

/* The same with room left free at its end or below, for a button. */
struct banner_room {
    int end;
    int below;
};
int banner_draw_on(struct ui *ui, struct rect r, enum banner banner,
                   enum icon icon, const char *text, struct banner_room free);

void progress_draw(struct ui *ui, struct rect r, int permille);

/* Icon, one bold line, one line; returns the height. */
int empty_draw(struct ui *ui, struct rect r, enum icon icon, const char *title,
               const char *detail);

/* Two letters in a disc. */
void avatar_draw(struct ui *ui, struct rect r, const char *initials,
                 enum color fill, enum color ink);

#endif /* UI_KIT_MARKS_H */
