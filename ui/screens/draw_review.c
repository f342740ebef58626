/* draw_review.c - map, checks and entries of one patrol log (review.h). */
#include "ui/screens/review.h"

#include <stdlib.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/inset.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/map/map.h"
#include "ui/map/map_view.h"
#include "ui/screens/rows.h"
#include "ui/sheet.h"
#include "ui/sign.h"

#define DISC         32
#define ROW_LEAST    68
#define CLOCK_OFF_MS 120000 /* more than that needs a reason */
#define CLOCK_FINE_S 2
#define PHOTO        112
#define PHOTO_LARGE  360
#define MAP_ROOM     90 /* dp around the pins */

bool review_is_wrong(const struct view_review_log *v)
{
    return v->has_line_gap || v->clock_off_ms > CLOCK_OFF_MS;
}

int review_drafts(const struct view_review_log *v)
{
    int n = 0;

    for (int i = 0; i < v->entry_count; i++) {
        n += v->entries[i].draft[0] != '\0';
    }
    return n;
}

/* --- the map --- */

/* As near as shows all pins. */
static struct map_view fit(const struct ui *ui, struct rect r,
                           const struct view_map *m)
{
    struct map_view v = { .box = draw_flip(&ui->list, r),
                          .zoom = 16 * MAP_LEVEL };
    struct map_spot min = map_view_of(m->pins[0].pos);
    struct map_spot max = min;
    double w, h;

    for (int i = 1; i < m->pin_count; i++) {
        const struct map_spot s = map_view_of(m->pins[i].pos);

        min.x = s.x < min.x ? s.x : min.x;
        min.y = s.y < min.y ? s.y : min.y;
        max.x = s.x > max.x ? s.x : max.x;
        max.y = s.y > max.y ? s.y : max.y;
    }
    v.middle = (struct map_spot){ (min.x + max.x) / 2, (min.y + max.y) / 2 };
    v.middle_x = v.box.x + v.box.w / 2;
    v.middle_y = v.box.y + v.box.h / 2 + PHOTO / 8; /* pins stand above */
    for (v.zoom = 17 * MAP_LEVEL; v.zoom > MAP_ZOOM_MIN * MAP_LEVEL;
         v.zoom -= MAP_LEVEL / 4) {
        const double scale = map_spot_scale((double)v.zoom / MAP_LEVEL);

        w = (max.x - min.x) * scale;
        h = (max.y - min.y) * scale;
        if (w <= r.w - MAP_ROOM && h <= r.h - MAP_ROOM) {
            break;
        }
    }
    return v;
}

void review_map(struct ui *ui, struct rect r, const struct view_review_log *v,
                const struct app *app)
{
    static const bool shows[MAP_LAYER__COUNT] = { [MAP_LAYER_PINS] = true };
    static const struct view_place nowhere;
    const struct rect in = rect_inset(r, 1, 1);
    struct map_view view;

    (void)ui_box(ui, r, COLOR_MAP_LAND, COLOR_LINE, S_BORDER, R_CARD);
    if (v->map.pin_count == 0) {
        (void)empty_draw(ui, rect_make(r.x, r.y + r.h / 3, r.w, 0), ICON_MAP,
                         tr("No places"),
                         tr("No entry of this log says where it was."));
        return;
    }
    view = fit(ui, in, &v->map);
    draw_clip(&ui->list, in);
    (void)map_view_ground(ui, &view, app_map(app));
    map_view_marks(ui, &view, &v->map, &nowhere, shows, -1);
    draw_unclip(&ui->list);
    inset_source(ui, in, app_map(app));
    (void)ui_box(ui, r, COLOR_NONE, COLOR_LINE, S_BORDER, R_CARD);
}

/* --- checks --- */

struct check {
    enum icon icon;
    enum color ink;
    const char *words;
};

static struct check check_of(bool is_right, enum icon icon, const char *right,
                             const char *wrong)
{
    const struct check c = { is_right ? icon : ICON_WARN,
                             is_right ? COLOR_OK_TEXT : COLOR_WARN_TEXT,
                             is_right ? right : wrong };

    return c;
}

static struct check clock_check(struct ui *ui, const struct view_review_log *v)
{
    const int64_t s = (v->clock_off_ms + 999) / 1000;

    if (v->clock_off_ms < 0) {
        return (struct check){ ICON_CLOCK, COLOR_TEXT_2,
                               tr("Clock not compared: no GPS") };
    }
    return check_of(v->clock_off_ms <= CLOCK_OFF_MS, ICON_CLOCK,
                    ui_fmt(ui, tr("Clock within %d s of GPS"),
                           (int)(s < CLOCK_FINE_S ? CLOCK_FINE_S : s)),
                    ui_fmt(ui, tr("Clock %d min off GPS"), (int)(s / 60)));
}

static struct check goals_check(struct ui *ui, const struct view_review_log *v)
{
    if (v->item.goals == 0) {
        return (struct check){ ICON_PIN, COLOR_TEXT_2,
                               tr("No hotspot had a goal") };
    }
    return check_of(
        v->missed_count == 0, ICON_CHECK_O, tr("Every hotspot visited"),
        v->missed_count == 1
            ? ui_fmt(ui, tr("%s not visited"), ui_iso(ui, v->missed))
            : ui_fmt(ui, tr("%s and %d more not visited"),
                     ui_iso(ui, v->missed), v->missed_count - 1));
}

static int checks_of(struct ui *ui, const struct view_review_log *v,
                     struct check out[6])
{
    const struct view_review_item *i = &v->item;
    int n = 0;

    out[n++] = check_of(!v->has_line_gap, ICON_SEAL, tr("Notebook has no gaps"),
                        tr("A notebook number is missing"));
    out[n++] = check_of(
        v->late_checks == 0, v->checks > 0 ? ICON_CHECK_O : ICON_TIMER,
        v->checks > 0 ? tr("Welfare checks all met")
                      : tr("No welfare check promised"),
        ui_fmt(ui,
               trn("%d welfare check missed", "%d welfare checks missed",
                   (unsigned long)v->late_checks),
               v->late_checks));
    out[n++] = clock_check(ui, v);
    out[n++] = goals_check(ui, v);
    out[n++] =
        i->here < i->total || i->ended_ms == 0
            ? (struct check){ ICON_CLOUD_UP, COLOR_PRIMARY_TEXT,
                              i->ended_ms == 0
                                  ? tr("Its end is still to come")
                                  : ui_fmt(ui, tr("%d of %d still to come"),
                                           i->total - i->here, i->total) }
            : (struct check){ ICON_CLOUD_CHECK, COLOR_OK_TEXT,
                              ui_fmt(ui,
                                     tr("All %d here, as the "
                                        "server signed them"),
                                     i->total) };
    out[n++] =
        (struct check){ ICON_WALK, COLOR_TEXT_2,
                        ui_fmt(ui, tr("%d.%d km, %d min without GPS"),
                               v->distance_m / 1000, v->distance_m / 100 % 10,
                               v->gap_minutes) };
    return n;
}

static int check_height(struct ui *ui, const struct check *c, int width)
{
    return ui_text_height(ui, TYPE_SMALL, c->words,
                          width - ui_icon_size(ui, 22) - 8);
}

static void check_draw(struct ui *ui, struct rect r, const struct check *c)
{
    const int icon = ui_icon_size(ui, 22);

    ui_icon(ui, r.x, r.y + (ui_line(ui, TYPE_SMALL) - icon) / 2, icon, c->icon,
            c->ink);
    (void)ui_text(ui, rect_make(r.x + icon + 8, r.y, r.w - icon - 8, 0),
                  TYPE_SMALL, COLOR_TEXT, 0, c->words);
}

/* Whose verdict stands; the other where two did not know of each other. */
static const char *verdict_of(struct ui *ui, const struct views *v)
{
    const struct view_review_log *l = &v->review;
    const char *by = ui_iso(ui, l->by);
    const char *when = ui_iso(ui, fmt_when(ui, l->by_ms, v->status.now_ms));
    const char *first = l->item.state == VIEW_LOG_APPROVED
                            ? ui_fmt(ui, tr("Approved by %s, %s"), by, when)
                            : ui_fmt(ui, tr("Sent back by %s, %s"), by, when);

    if (l->by[0] == '\0') {
        return "";
    }
    return l->other[0] == '\0'
               ? first
               : ui_fmt(ui, tr("%s. %s decided, too, without knowing of it."),
                        first, ui_iso(ui, l->other));
}

int review_checks(struct ui *ui, struct rect r, const struct views *v)
{
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    struct check checks[6];
    const int n = checks_of(ui, &v->review, checks);
    const int columns = in.w >= 480 && ui->percent < 150 ? 2 : 1;
    const char *verdict = verdict_of(ui, v);
    int y = r.y + 14;

    {
        const char *now = fmt_time(ui, v->status.now_ms);
        const int w = ui_text_width(ui, TYPE_SMALL, now);

        (void)ui_text(ui, rect_make(in.x + in.w - w, y, w, 28), TYPE_SMALL,
                      COLOR_TEXT_2, UI_MID, now);
        y += ui_text(ui, rect_make(in.x, y, in.w - w - 12, 0), TYPE_TITLE_S,
                     COLOR_TEXT, 0, tr("Checks done for you")) +
             8;
    }
    for (int i = 0; i < n; i += columns) {
        int h = 0;

        for (int k = i; k < n && k < i + columns; k++) {
            const struct rect c = rect_cell(in, columns, k - i, 16);
            const int one = check_height(ui, &checks[k], c.w);

            h = one > h ? one : h;
            check_draw(ui, rect_make(c.x, y, c.w, 0), &checks[k]);
        }
        y += h + 8;
    }
    if (verdict[0] != '\0') {
        ui_hline(ui, in.x, y + 2, in.w, COLOR_LINE);
        y += 10;
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL_B, COLOR_TEXT,
                     0, verdict) +
             4;
    }
    y += 6;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- entries --- */

const char *review_title(struct ui *ui, const struct view_log_entry *e)
{
    switch (e->sort) {
    case VIEW_LOG_STARTED:
        return tr("Patrol started");
    case VIEW_LOG_PAUSED:
        return tr("Patrol paused");
    case VIEW_LOG_RESUMED:
        return tr("Patrol resumed");
    case VIEW_LOG_ENDED:
        return tr("Patrol ended");
    case VIEW_LOG_CLOSED:
        return tr("Restricted record");
    case VIEW_LOG_LINE:
        return tr("Notebook entry");
    default:
        return ui_iso(ui, tr(e->title));
    }
}

struct look {
    enum icon icon;
    enum color ink;
    const char *words; /* "": no mark */
};

static struct look look_of(struct ui *ui, const struct view_log_entry *e)
{
    if (e->sort == VIEW_LOG_CLOSED) {
        return (struct look){ ICON_LOCK, COLOR_SEALED_TEXT, tr("Restricted") };
    }
    if (e->has_conflict) {
        return (struct look){ ICON_SPLIT, COLOR_WARN_TEXT, tr("2 versions") };
    }
    if (e->mark == VIEW_ASKED) {
        return (struct look){ ICON_QUESTION, COLOR_WARN_TEXT, tr("Asked") };
    }
    if (e->mark == VIEW_ANSWERED) {
        return (struct look){ ICON_SPEECH, COLOR_PRIMARY_TEXT, tr("Answered") };
    }
    if (e->pictures_here < e->pictures) {
        return (struct look){ ICON_CLOUD_UP, COLOR_PRIMARY_TEXT,
                              trn("Photo coming", "Photos coming",
                                  (unsigned long)(e->pictures -
                                                  e->pictures_here)) };
    }
    if (e->mark == VIEW_REVIEWED) {
        return (struct look){ ICON_CHECK2, COLOR_OK_TEXT, tr("Reviewed") };
    }
    (void)ui;
    return (struct look){ ICON_NONE, COLOR_TEXT, "" };
}

static const char *detail_of(struct ui *ui, const struct views *v,
                             const struct view_log_entry *e)
{
    if (e->sort == VIEW_LOG_STARTED) {
        return ui_fmt(ui, "%s, %s", fmt_day(ui, e->at_ms),
                      ui_iso(ui, v->review.item.beat));
    }
    if (e->sort == VIEW_LOG_CLOSED) {
        return tr("Open it on the console: each opening is logged there.");
    }
    if (e->pictures > 0) {
        const char *photos =
            ui_fmt(ui, trn("%d photo", "%d photos", (unsigned long)e->pictures),
                   e->pictures);

        return e->detail[0] == '\0'
                   ? photos
                   : ui_fmt(ui, "%s · %s", ui_iso(ui, e->detail), photos);
    }
    return e->detail;
}

/* One row: where its parts stand. */
struct row {
    const struct view_log_entry *e;
    struct look look;
    const char *title, *detail;
    int number;
    bool is_lit, is_beside; /* beside: the mark has room after the title */
    int time_w, disc_x, x, room, icon, mark_w, h;
};

static struct row row_of(struct ui *ui, struct rect r, const struct views *v,
                         int at)
{
    const struct view_log_entry *e = &v->review.entries[at];
    struct row row = { .e = e,
                       .look = look_of(ui, e),
                       .title = review_title(ui, e),
                       .detail = detail_of(ui, v, e),
                       .number = at + 1,
                       .is_lit = e->draft[0] != '\0' || e->mark == VIEW_ASKED };

    row.time_w = ui_text_width(ui, TYPE_LABEL, "00:00");
    row.disc_x = r.x + 21 + row.time_w + 20;
    row.x = row.disc_x + DISC + 16;
    row.room = r.x + r.w - 20 - row.x;
    if (row.look.words[0] != '\0') {
        row.icon = ui_icon_size(ui, 22);
        row.mark_w =
            row.icon + 4 + ui_text_width(ui, TYPE_SMALL_B, row.look.words);
    }
    row.is_beside =
        ui_text_width(ui, TYPE_LABEL, row.title) + row.mark_w + 12 <= row.room;
    row.h = ui_text_height(ui, TYPE_LABEL, row.title, row.room) +
            ui_text_height(ui, TYPE_SMALL, row.detail, row.room) + 18;
    row.h += row.mark_w > 0 && !row.is_beside ? ui_line(ui, TYPE_SMALL_B) : 0;
    row.h = row.h < ROW_LEAST ? ROW_LEAST : row.h;
    return row;
}

/* Time, and the number on its line. */
static void row_time(struct ui *ui, int x, int y, const struct row *row,
                     bool is_last)
{
    const struct rect disc = rect_make(row->disc_x, y - 2, DISC, DISC);
    const int was = ui->percent;

    if (!is_last) {
        (void)ui_box(ui,
                     rect_make(row->disc_x + DISC / 2 - 1, y + DISC, 2,
                               row->h - DISC - 6),
                     COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
    }
    (void)ui_text(ui, rect_make(x, y, row->time_w, 0), TYPE_LABEL,
                  row->is_lit ? COLOR_ON_WARN_SOFT : COLOR_TEXT, 0,
                  fmt_time(ui, row->e->at_ms));
    (void)ui_box(ui, disc, row->is_lit ? COLOR_WARN : COLOR_PRIMARY, COLOR_NONE,
                 0, DISC / 2);
    ui->percent = 100; /* a fixed mark, as on the map */
    (void)ui_text(ui, disc, TYPE_SMALL_B,
                  row->is_lit ? COLOR_ON_WARN : COLOR_ON_PRIMARY,
                  UI_CENTER | UI_MID, fmt_number(ui, row->number));
    ui->percent = was;
}

static void row_mark(struct ui *ui, int x, int y, int line,
                     const struct row *row)
{
    ui_icon(ui, x, y + (line - row->icon) / 2, row->icon, row->look.icon,
            row->look.ink);
    (void)ui_text(
        ui, rect_make(x + row->icon + 4, y, row->mark_w - row->icon - 4, line),
        TYPE_SMALL_B, row->look.ink, UI_MID, row->look.words);
}

static int entry_row(struct ui *ui, struct rect r, const struct views *v,
                     int at, bool is_last)
{
    const struct row row = row_of(ui, r, v, at);
    const bool opens = row.e->id[0] != '\0';
    const bool is_beside = row.mark_w > 0 && row.is_beside;
    int y = r.y + 9;

    r.h = row.h;
    if (row.is_lit) {
        (void)ui_box(ui, r, COLOR_WARN_SOFT, COLOR_NONE, 0, 0);
    } else if (opens && ui_is_pressed(ui, CTL_REVIEW_ENTRY, (uint16_t)at)) {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, 0);
    }
    row_time(ui, r.x + 21, y, &row, is_last);
    if (is_beside) {
        row_mark(ui, r.x + r.w - 20 - row.mark_w, y, ui_line(ui, TYPE_LABEL),
                 &row);
    }
    y += ui_text(
        ui, rect_make(row.x, y, row.room - (is_beside ? row.mark_w : 0), 0),
        TYPE_LABEL, row.is_lit ? COLOR_ON_WARN_SOFT : COLOR_TEXT, 0, row.title);
    if (row.mark_w > 0 && !is_beside) {
        row_mark(ui, row.x, y, ui_line(ui, TYPE_SMALL_B), &row);
        y += ui_line(ui, TYPE_SMALL_B);
    }
    (void)ui_text(ui, rect_make(row.x, y, row.room, 0), TYPE_SMALL,
                  row.is_lit ? COLOR_ON_WARN_SOFT : COLOR_TEXT_2, 0,
                  row.detail);
    if (opens) {
        ui_target(ui, r, CTL_REVIEW_ENTRY, (uint16_t)at,
                  fmt_number(ui, row.number), 0, 0, row.title);
    }
    return r.h;
}

/* A question, with who it goes to; an answer. */
static int talk_card(struct ui *ui, struct rect r, const char *head,
                     const char *side, const char *words, enum color edge)
{
    const int card =
        ui_box(ui, r, COLOR_SURFACE, edge, S_BORDER_STRONG, R_CARD);
    const struct rect in = rect_inset(r, 16, 0);
    const int side_w = ui_text_width(ui, TYPE_SMALL, side);
    const bool is_beside =
        side[0] != '\0' &&
        ui_text_width(ui, TYPE_LABEL, head) + 12 + side_w <= in.w;
    int y = r.y + 12;

    if (is_beside) {
        (void)ui_text(ui, rect_make(in.x + in.w - side_w, y, side_w, 0),
                      TYPE_SMALL, COLOR_TEXT_2, 0, side);
    }
    y +=
        ui_text(ui, rect_make(in.x, y, in.w - (is_beside ? side_w + 12 : 0), 0),
                TYPE_LABEL, COLOR_TEXT, 0, head);
    if (side[0] != '\0' && !is_beside) {
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                     0, side);
    }
    y += 4;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 words);
    y += 14;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static int talk_draw(struct ui *ui, struct rect r, const struct views *v,
                     int at)
{
    const struct view_log_entry *e = &v->review.entries[at];
    const char *first = ui_iso(ui, fmt_first_name(ui, v->review.item.officer));
    const int n = at + 1;
    int y = r.y;

    if (e->question[0] != '\0' && e->mark != VIEW_REVIEWED) {
        y += talk_card(ui, rect_make(r.x, y, r.w, 0),
                       ui_fmt(ui, tr("%s asked on %d"), ui_iso(ui, e->by), n),
                       e->answer[0] == '\0' ? tr("no answer yet") : "",
                       e->question, COLOR_LINE_STRONG) +
             8;
        if (e->answer[0] != '\0') {
            y += talk_card(ui, rect_make(r.x, y, r.w, 0),
                           ui_fmt(ui, tr("Answer from %s"), first), "",
                           e->answer, COLOR_PRIMARY_TEXT) +
                 8;
        }
    }
    if (e->draft[0] != '\0') {
        y += talk_card(ui, rect_make(r.x, y, r.w, 0),
                       ui_fmt(ui, tr("Your question on %d"), n),
                       ui_fmt(ui, tr("goes to %s"), first), e->draft,
                       COLOR_WARN_TEXT) +
             8;
    }
    return y - r.y;
}

/* Who signed the book off, and the place to countersign. */
static int signs_draw(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_review_log *l = &v->review;
    const struct button sign = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_REVIEW_SIGN,
                                 .icon = ICON_PEN,
                                 .label = tr("Countersign the notebook") };
    int y = r.y;

    if (l->last_line == 0) {
        return 0;
    }
    ui_hline(ui, r.x, y, r.w, COLOR_LINE);
    y += 14;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 ui_fmt(ui, tr("Notebook, to entry %d"), l->last_line)) +
         4;
    if (l->signature.by[0] == '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     tr("Not signed off yet")) +
             8;
    } else {
        y += sign_show(ui, rect_make(r.x, y, r.w, 0), &l->signature, false,
                       v->status.now_ms) +
             8;
    }
    if (l->counter.by[0] != '\0') {
        y += sign_show(ui, rect_make(r.x, y, r.w, 0), &l->counter, true,
                       v->status.now_ms) +
             8;
    }
    if (!l->item.is_own && l->signature.by[0] != '\0' &&
        l->counter.to < l->last_line) {
        const int w = button_width(ui, &sign);
        const int bw = w < r.w ? w : r.w;
        const int h = button_height(ui, &sign, bw);

        button_draw(ui, rect_make(r.x, y, bw, h), &sign);
        y += h + 8;
    }
    return y + 8 - r.y;
}

int review_entries(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_review_log *l = &v->review;
    const int card = ui_card(ui, r);
    const int indent = ui->percent < 150 && r.w > 480 ? 121 : 20;
    int y = r.y + 9;

    ui_group_begin(ui);
    for (int i = 0; i < l->entry_count; i++) {
        y += entry_row(ui, rect_make(r.x + 1, y, r.w - 2, 0), v, i,
                       i + 1 == l->entry_count);
        y += talk_draw(ui, rect_make(r.x + indent, y + 4, r.w - indent - 20, 0),
                       v, i);
    }
    ui_group_end(ui);
    if (l->entry_count == 0) {
        y += empty_draw(ui, rect_make(r.x, y + 24, r.w, 0), ICON_REVIEW,
                        tr("Not here yet"),
                        tr("The log comes with the next sync.")) +
             48;
    }
    y += signs_draw(ui, rect_make(r.x + 20, y + 4, r.w - 40, 0), v) + 10;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- one entry --- */

static int photo_draw(struct ui *ui, struct rect r,
                      const struct view_log_entry *e, const struct app *app)
{
    const struct image *image = app_image(app, e->image);
    int w, h;

    if (image == NULL) {
        return 0;
    }
    w = r.w < PHOTO_LARGE ? r.w : PHOTO_LARGE;
    h = image->width > 0 ? w * image->height / image->width : w;
    if (h > PHOTO_LARGE) {
        h = PHOTO_LARGE;
    }
    (void)draw_image(&ui->list, rect_make(r.x, r.y, w, h), image, R_FIELD);
    return h + 12;
}

static int history_draw(struct ui *ui, struct rect r,
                        const struct view_review_log *v,
                        const struct view_log_entry *e, int64_t now_ms)
{
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 ui_fmt(ui, tr("Written %s, %s"),
                        ui_iso(ui, fmt_when(ui, e->at_ms, now_ms)),
                        ui_iso(ui, v->item.officer))) +
         4;
    if (e->question[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT, 0,
                     ui_fmt(ui, tr("Asked: %s"), ui_iso(ui, e->question))) +
             4;
    }
    if (e->answer[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT, 0,
                     ui_fmt(ui, tr("Answered: %s"), ui_iso(ui, e->answer))) +
             4;
    }
    if (e->mark == VIEW_REVIEWED) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_OK_TEXT,
                     0, ui_fmt(ui, tr("Reviewed by %s"), ui_iso(ui, e->by))) +
             4;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 tr("Held by the server, under its signed receipt.")) +
         12;
    return y - r.y;
}

/* Whose words stand in it, as their hands signed them. */
static int hands_draw(struct ui *ui, struct rect r,
                      const struct view_record *record, int64_t now_ms)
{
    int y = r.y;

    for (int i = 0; i < record->hand_count; i++) {
        y += sign_show(ui, rect_make(r.x, y, r.w, 0), &record->hands[i], false,
                       now_ms) +
             8;
    }
    return y - r.y;
}

void review_entry_sheet(struct ui *ui, const struct app *app, int at)
{
    const struct view_review_log *v = &app_views(app)->review;
    const struct view_record *record = &app_views(app)->record;
    const int64_t now_ms = app_views(app)->status.now_ms;
    const struct view_log_entry *e = &v->entries[at];
    struct sheet sheet = { .title = review_title(ui, e), .width = 640 };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct button ask = { .kind = BUTTON_SECONDARY,
                                .id = CTL_REVIEW_ASK,
                                .icon = ICON_QUESTION,
                                .label = e->draft[0] != '\0'
                                             ? tr("Change the question")
                                             : tr("Ask about this") };
    const struct button settle = { .kind = BUTTON_SECONDARY,
                                   .id = CTL_REVIEW_SETTLE,
                                   .icon = ICON_SPLIT,
                                   .label = tr("See both, settle") };
    int y = r.y;

    if (e->detail[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                     e->detail) +
             12;
    }
    y += photo_draw(ui, rect_make(r.x, y, r.w, 0), e, app);
    if (e->id[0] != '\0' && strcmp(record->id, e->id) == 0) {
        y += rows_draw(ui, rect_make(r.x, y, r.w, 0), record, now_ms) + 8;
        y += hands_draw(ui, rect_make(r.x, y, r.w, 0), record, now_ms);
    }
    if (e->pictures_here < e->pictures) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL_B,
                     COLOR_PRIMARY_TEXT, 0,
                     ui_fmt(ui, tr("%d of %d photos are here"),
                            e->pictures_here, e->pictures)) +
             8;
    }
    y += history_draw(ui, rect_make(r.x, y, r.w, 0), v, e, now_ms);
    if (e->has_conflict) {
        const int h = button_height(ui, &settle, r.w);

        button_draw(ui, rect_make(r.x, y, r.w, h), &settle);
        y += h + 8;
    }
    if (!v->item.is_own) {
        const int h = button_height(ui, &ask, r.w);

        button_draw(ui, rect_make(r.x, y, r.w, h), &ask);
        y += h;
    }
    sheet_end(ui, &sheet, y);
}
