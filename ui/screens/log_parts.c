/* log_parts.c - the parts that every log's page has. */
#include "ui/screens/log_parts.h"

#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/strip.h"
#include "ui/kit/tr.h"
#include "ui/position.h"

#define GRID_GAP   10
#define MAP_H      246 /* the design's, at 1280 x 800 */
#define GPS_WEAK_M 50
#define CHIPS_ALL  7
#define CHIPS_SOME 5 /* of more, where they do not stand in one row, */
#define CHIPS_ROW  4 /* and the fewest that may have it for themselves */

struct chip_words {
    const char *labels[VIEW_TYPES];
    const char *keys[VIEW_TYPES];
    uint16_t indexes[VIEW_TYPES];
};

/* --- what is happening --- */

/* Which types stand in the grid: the first, and the chosen one for sure. */
static int grid_types(const struct draft *d, const struct view_log *v, int most,
                      int *out)
{
    const int shown = v->type_count <= most + 1 ? v->type_count : most;
    bool has_chosen = d->type[0] == '\0';

    for (int i = 0; i < shown; i++) {
        out[i] = i;
        has_chosen |= strcmp(v->types[i].code, d->type) == 0;
    }
    for (int i = shown; i < v->type_count && !has_chosen; i++) {
        if (strcmp(v->types[i].code, d->type) == 0) {
            out[shown - 1] = i;
            has_chosen = true;
        }
    }
    return shown;
}

static struct choice type_choice(const struct draft *d,
                                 const struct view_log *v, int i, bool is_row)
{
    const struct view_type *t = &v->types[i];
    const struct choice c = { .id = CTL_LOG_TYPE,
                              .index = (uint16_t)i,
                              .key = t->code,
                              .icon = icon_find(t->icon),
                              .label = tr(t->label),
                              .is_on = strcmp(t->code, d->type) == 0,
                              .is_row = is_row };

    return c;
}

static struct choice more_choice(struct ui *ui, int more, bool is_row)
{
    const struct choice c = {
        .id = CTL_LOG_MORE,
        .icon = ICON_MORE,
        .label = ui_fmt(
            ui, trn("%d more type", "%d more types", (unsigned long)more),
            more),
        .is_row = is_row
    };

    return c;
}

static int most_columns(const struct ui *ui, int width)
{
    if (ui->percent >= 200) {
        return width > 700 ? 2 : 1;
    }
    if (ui->percent >= 150) {
        return width > 900 ? 3 : 2;
    }
    return width > 620 ? 4 : 3;
}

/* The most columns that leave every word of every type whole. */
static int grid_columns(struct ui *ui, int width, const struct draft *d,
                        const struct view_log *v, bool is_row)
{
    int columns = most_columns(ui, width);
    int i = 0;

    while (i < v->type_count && columns > 1) {
        const struct choice c = type_choice(d, v, i, is_row);

        if (choice_fits(ui, &c, (width + GRID_GAP) / columns - GRID_GAP)) {
            i++;
        } else {
            columns--;
            i = 0;
        }
    }
    return columns;
}

/* Types without pictures: the first ones as chips, and the chosen one. */
static void fill_types(struct chips *c, struct chip_words *w, int some,
                       const struct draft *d, const struct view_log *v)
{
    c->most = 0;
    c->on = 0;
    for (int i = 0; i < v->type_count; i++) {
        const bool is_on = strcmp(v->types[i].code, d->type) == 0;

        if (i < some || is_on) {
            w->labels[c->most] = tr(v->types[i].label);
            w->keys[c->most] = v->types[i].code;
            w->indexes[c->most] = (uint16_t)i;
            c->on |= (is_on ? 1u : 0u) << c->most;
            c->most++;
        }
    }
}

static int draw_type_chips(struct ui *ui, struct rect r, const struct draft *d,
                           const struct view_log *v)
{
    struct chip_words words;
    struct chips c = { .id = CTL_LOG_TYPE,
                       .indexes = words.indexes,
                       .labels = words.labels,
                       .keys = words.keys,
                       .count = v->type_count,
                       .more_id = CTL_LOG_MORE };
    const int row = ui_line(ui, TYPE_SMALL_B) + 2 * 16;

    for (int some = CHIPS_ALL; some >= CHIPS_ROW; some--) {
        fill_types(&c, &words, some, d, v);
        if (chips_height(ui, &c, r.w) <=
            (row < S_TOUCH_MIN ? S_TOUCH_MIN : row)) {
            return chips_draw(ui, r, &c);
        }
    }
    fill_types(&c, &words, v->type_count <= CHIPS_ALL ? CHIPS_ALL : CHIPS_SOME,
               d, v);
    return chips_draw(ui, r, &c);
}

int log_types_draw(struct ui *ui, struct rect r, const struct draft *d,
                   const struct view_log *v, bool is_bad)
{
    const bool is_row = ui->percent >= 200;
    const int columns = grid_columns(ui, r.w, d, v, is_row);
    const int gap = is_row ? 12 : GRID_GAP;
    int shown[VIEW_TYPES];
    const int n =
        grid_types(d, v, is_row ? LOG_TYPES_LARGE : LOG_TYPES_SHOWN, shown);
    const bool has_more = v->type_count > n;
    const int cells = n + (has_more ? 1 : 0);
    const int top = r.y;
    int high = 0;
    int y = r.y;

    y += label_draw(ui, r,
                    is_bad ? tr("Choose what is happening")
                           : tr("What is happening?"),
                    is_bad);
    if (v->type_count > 0 && v->types[0].icon[0] == '\0') {
        r.y = y;
        return y + draw_type_chips(ui, r, d, v) - top;
    }
    for (int i = 0; i < cells; i++) {
        const struct choice c =
            i < n ? type_choice(d, v, shown[i], is_row)
                  : more_choice(ui, v->type_count - n, is_row);
        const int h = choice_height(ui, &c, rect_cell(r, columns, 0, gap).w);

        high = h > high ? h : high;
    }
    ui_group_begin(ui);
    for (int i = 0; i < cells; i++) {
        const struct choice c =
            i < n ? type_choice(d, v, shown[i], is_row)
                  : more_choice(ui, v->type_count - n, is_row);
        struct rect cell = rect_cell(r, columns, i % columns, gap);

        cell.y = y + i / columns * (high + gap);
        cell.h = high;
        choice_draw(ui, cell, &c);
    }
    ui_group_end(ui);
    return y + (cells + columns - 1) / columns * (high + gap) - gap - r.y;
}

/* --- where and when --- */

static int fact_row(struct ui *ui, struct rect r, const char *title,
                    const char *detail, const struct button *b)
{
    const int bw = button_width(ui, b);
    const int bh = button_height(ui, b, bw);
    const bool stacked = r.w - 28 - bw - 12 < 200;
    const int room = stacked ? r.w - 40 : r.w - 28 - bw - 12;
    const int text = ui_text_height(ui, TYPE_LABEL, title, room) +
                     ui_text_height(ui, TYPE_SMALL, detail, room);
    struct rect row;
    int h = text + 24 + (stacked ? bh + 4 : 0);
    int y;

    h = h < S_ROW ? S_ROW : h;
    h = h < bh + 12 ? bh + 12 : h;
    ui_hline(ui, r.x, r.y, r.w, COLOR_LINE);
    y = r.y + 1 + (stacked ? 12 : (h - text) / 2);
    y += ui_text(ui, rect_make(r.x + 20, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 title);
    (void)ui_text(ui, rect_make(r.x + 20, y, room, 0), TYPE_SMALL, COLOR_TEXT_2,
                  0, detail);
    row = rect_make(r.x, stacked ? r.y + h - bh - 4 : r.y, r.w - 8,
                    stacked ? bh : h);
    button_at_end(ui, &row, 0, b);
    return h;
}

static const char *time_title(struct ui *ui, int64_t ms, int64_t now_ms)
{
    const char *time = ui_iso(ui, fmt_time(ui, ms));

    return fmt_is_today(ms, now_ms) ? ui_fmt(ui, tr("Today, %s"), time)
                                    : fmt_when(ui, ms, now_ms);
}

/* A position is a place, too: nothing is missing. */
static const char *unnamed_words(const struct view_place *p)
{
    return !p->has_fix    ? tr("No place yet")
           : p->is_chosen ? tr("A point on the map")
           : p->is_old    ? tr("Where you were")
                          : tr("Where you stand");
}

int log_where_draw(struct ui *ui, struct rect r, const struct draft *d,
                   const struct app *app, int map_h)
{
    const struct views *v = app_views(app);
    const struct button move = { .kind = BUTTON_QUIET,
                                 .id = CTL_LOG_PLACE,
                                 .icon = ICON_PIN,
                                 .label = tr("Change place") };
    const struct button time = { .kind = BUTTON_QUIET,
                                 .id = CTL_LOG_TIME,
                                 .icon = ICON_CLOCK,
                                 .label = tr("Change") };
    const struct view_place *p = &v->log.position;
    const int card = ui_card(ui, r);
    const struct rect in = rect_make(r.x + 1, r.y + 1, r.w - 2, map_h);
    int y = r.y + 1;

    position_draw(ui, in, p, &v->home.position,
                  d->is_place_set || p->name[0] != '\0', app_map(app));
    y += map_h;
    y += fact_row(ui, rect_make(in.x, y, in.w, 0),
                  d->place[0] != '\0' ? d->place : unnamed_words(p),
                  d->is_place_set && !p->has_fix ? tr("Set by you")
                                                 : position_words(ui, p),
                  &move);
    y += fact_row(ui, rect_make(in.x, y, in.w, 0),
                  time_title(ui, d->happened_ms, v->status.now_ms),
                  d->is_time_set ? tr("Set by you")
                                 : tr("Set when you opened this log"),
                  &time);
    y += 1;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* Asks for the place until the officer has typed it. */
int log_weak_draw(struct ui *ui, struct rect r, const struct draft *d,
                  const struct view_place *p)
{
    if (d->is_place_set || p->is_chosen ||
        (p->has_fix && p->accuracy_m > 0 && p->accuracy_m <= GPS_WEAK_M)) {
        return 0;
    }
    return banner_draw(ui, r, BANNER_WARN, ICON_WARN,
                       p->has_fix ? tr("GPS is weak, check the place")
                                  : tr("No GPS. Type the place.")) +
           16;
}

/* One matter, one record: what is known is said before it is written. */
int log_near_draw(struct ui *ui, struct rect r, const struct view_log *v)
{
    const struct view_near *n = &v->near;
    const char *time = ui_iso(ui, fmt_time(ui, n->at_ms));
    const char *said =
        n->is_you ? ui_fmt(ui, tr("You logged this at %s, near here."), time)
        : n->who[0] != '\0'
            ? ui_fmt(ui, tr("%s logged this at %s, near here."),
                     ui_iso(ui, n->who), time)
            : ui_fmt(ui, tr("This was logged at %s, near here."), time);

    if (n->at_ms == 0) {
        return 0;
    }
    return banner_draw(ui, r, BANNER_INFO, ICON_INFO,
                       ui_fmt(ui, "%s %s", said,
                              tr("Save yours if it is another one."))) +
           16;
}

/* --- photos --- */

static void draw_thumb(struct ui *ui, struct rect r, const struct app *app,
                       const struct view_photo *photo, int number)
{
    const struct thumb t = {
        .id = CTL_LOG_PHOTO,
        .index = (uint16_t)(number - 1),
        .key = fmt_number(ui, number),
        .image = app_image(app, photo->image),
        .is_broken = photo->is_broken,
        .number = number,
        .label = ui_fmt(ui, tr("Photo %d, open it"), number),
        .length = photo->length_ms > 0 ? fmt_clip(ui, photo->length_ms) : NULL,
    };

    thumb_draw(ui, r, &t);
}

/* Thumbs, then the camera; three and "+5" when there are more. */
int log_photos_draw(struct ui *ui, struct rect r, const struct views *v,
                    const struct app *app, int side)
{
    const struct button take = {
        .kind = BUTTON_SECONDARY,
        .id = CTL_LOG_TAKE,
        .icon = v->log.has_camera ? ICON_CAMERA : ICON_MIC,
        .label = v->log.has_camera ? tr("Take photo") : tr("Voice or sketch"),
        .is_upright = true
    };
    const int room = r.w - 140;
    int fits = (room + 12) / (side + 12);
    int hidden;
    int x = r.x;

    fits = fits < 0 ? 0 : fits;
    fits = fits < v->log.photo_count ? fits : v->log.photo_count;
    hidden = v->log.photo_count - fits;
    for (int i = 0; i < fits; i++) {
        draw_thumb(ui, rect_make(x, r.y, side, side), app, &v->log.photos[i],
                   i + 1);
        x += side + 12;
    }
    if (hidden > 0) {
        const char *more = ui_fmt(ui, "+%d", hidden);
        const int w = ui_text_width(ui, TYPE_LABEL, more);

        (void)ui_text(ui, rect_make(x, r.y, w, side), TYPE_LABEL, COLOR_TEXT,
                      UI_MID, more);
        x += w + 12;
    }
    button_draw(ui, rect_make(x, r.y, r.x + r.w - x, side), &take);
    return side;
}

/* What was added in words stands under the photos, so that it is seen. */
int log_added_draw(struct ui *ui, struct rect r, const struct draft *d)
{
    const struct {
        enum icon icon;
        const char *text;
    } rows[] = {
        { ICON_EDIT, d->note },         { ICON_PERSON, d->persons[0] },
        { ICON_PERSON, d->persons[1] }, { ICON_PERSON, d->persons[2] },
        { ICON_PERSON, d->persons[3] }, { ICON_CAR, d->vehicles[0] },
        { ICON_CAR, d->vehicles[1] },   { ICON_CAR, d->vehicles[2] },
        { ICON_CAR, d->vehicles[3] },
    };
    const int icon = ui_icon_size(ui, S_ICON);
    int y = r.y;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const int room = r.w - icon - 12;

        if (rows[i].text[0] == '\0') {
            continue;
        }
        y += 12;
        ui_icon(ui, r.x, y + (ui_line(ui, TYPE_BODY) - icon) / 2, icon,
                rows[i].icon, COLOR_TEXT_2);
        y += ui_text(ui, rect_make(r.x + icon + 12, y, room, 0), TYPE_BODY,
                     COLOR_TEXT, 0, rows[i].text);
    }
    return y - r.y;
}

/* The banner takes its height from the picture of the position, so that
 * the photos stay in sight; without a position there is little to show. */
int log_position_height(bool has_fix, int banner)
{
    const int h = MAP_H - banner;

    return !has_fix || h < LOG_MAP_LEAST ? LOG_MAP_LEAST : h;
}

/* --- action bar --- */

static const char *kept_title(const struct view_log *v)
{
    return v->saved_ms != 0 ? tr("Draft saved") : tr("Not saved yet");
}

int log_kept_width(struct ui *ui, const struct view_log *v)
{
    return ui_icon_size(ui, 26) + 12 +
           ui_text_width(ui, TYPE_LABEL, kept_title(v));
}

void log_kept_draw(struct ui *ui, struct rect row, const struct view_log *v)
{
    const bool is_kept = v->saved_ms != 0;
    const char *title = kept_title(v);
    const char *time = is_kept ? ui_iso(ui, fmt_seconds(ui, v->saved_ms)) : "";
    const char *place =
        is_kept ? ui_fmt(ui, tr("%s, on this tablet"), time) : "";
    const char *more = time;
    const int icon = ui_icon_size(ui, 26);
    const int line = ui_line(ui, TYPE_LABEL);
    int y;

    if (row.w < log_kept_width(ui, v)) {
        return; /* the time of the draft stands in the sheet list */
    }
    ui_icon(ui, row.x, row.y + (row.h - icon) / 2, icon,
            is_kept ? ICON_CHECK_O : ICON_DOT_O,
            is_kept ? COLOR_OK_TEXT : COLOR_TEXT_2);
    (void)rect_cut_start(&row, icon + 12);
    if (ui_text_width(ui, TYPE_SMALL, place) <= row.w - 16) {
        more = place;
    } else if (ui_text_width(ui, TYPE_SMALL, more) > row.w) {
        more = "";
    }
    y = row.y + (row.h - line - (more[0] ? ui_line(ui, TYPE_SMALL) : 0)) / 2;
    y += ui_text(ui, rect_make(row.x, y, row.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 title);
    (void)ui_text(ui, rect_make(row.x, y, row.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                  0, more);
}
