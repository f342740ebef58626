#include "ui/sign.h"

#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/field.h"
#include "ui/kit/ink.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/sheet.h"

#define PAD_H   200
#define PAD_LOW 150 /* where the screen is low */
#define SHOWN_H 64
#define SHOWN_W 240
#define SHOWN   3 /* width of the pen */

static const char *const why_labels[] = { N_("Would not sign"),
                                          N_("Cannot sign") };
static const char *const why_keys[] = { "would-not", "cannot" };

void sign_open(struct sign *s, struct ui *ui)
{
    memset(s, 0, sizeof(*s));
    s->is_open = true;
    ink_clear(ui);
}

void sign_open_other(struct sign *s, struct ui *ui)
{
    sign_open(s, ui);
    s->asks_name = true;
}

static bool is_ready(const struct sign *s, const struct ui *ui)
{
    if (s->asks_name && s->why == 0 && s->name[0] == '\0') {
        return false;
    }
    return s->why > 0 || (s->types ? s->is_mine && s->name[0] != '\0'
                                   : ink_is_signature(ui, CTL_SIGN_PAD));
}

/* --- what the hand gave --- */

static bool is_lift(const struct ui_ink *ink, int i)
{
    return ink->points[2 * i] == DRAW_LIFT;
}

/* Every `step`th point of each stroke, and its first and last. */
static bool copy_points(const struct ui_ink *ink, int step,
                        struct view_ink *out)
{
    int in_stroke = 0;

    out->count = 0;
    for (int i = 0; i < ink->count; i++) {
        const bool is_last = i + 1 == ink->count || is_lift(ink, i + 1);
        const bool is_kept =
            is_lift(ink, i) || is_last || in_stroke % step == 0;

        in_stroke = is_lift(ink, i) ? 0 : in_stroke + 1;
        if (!is_kept) {
            continue;
        }
        if (out->count == VIEW_INK_POINTS) {
            return false;
        }
        out->points[2 * out->count] = ink->points[2 * i];
        out->points[2 * out->count + 1] = ink->points[2 * i + 1];
        out->count++;
    }
    return true;
}

static void take_ink(const struct ui_ink *ink, struct view_ink *out)
{
    int step = 1;

    out->width = (int16_t)ink->box.w;
    out->height = (int16_t)ink->box.h;
    while (!copy_points(ink, step, out) && step < UI_INK_MAX) {
        step++;
    }
    out->stroke_count =
        (int16_t)(ink->stroke_count < VIEW_INK_STROKES ? ink->stroke_count
                                                       : VIEW_INK_STROKES);
    memcpy(out->at_ms, ink->at_ms,
           (size_t)out->stroke_count * sizeof(out->at_ms[0]));
}

static void take(const struct sign *s, const struct ui *ui, struct hand *out)
{
    memset(out, 0, sizeof(*out));
    if (s->asks_name) {
        snprintf(out->by, sizeof(out->by), "%s", s->name);
    }
    if (s->why > 0) {
        snprintf(out->why, sizeof(out->why), "%s", why_keys[s->why - 1]);
    } else if (s->types) {
        snprintf(out->name, sizeof(out->name), "%s", s->name);
    } else {
        take_ink(&ui->ink, &out->ink);
    }
}

static void close_it(struct sign *s, struct ui *ui)
{
    memset(s, 0, sizeof(*s));
    ink_clear(ui);
    ui_forget(ui);
}

static void tapped(struct sign *s, const struct ui_event *ev, struct ui *ui)
{
    if (ev->id == CTL_SIGN_CLEAR) {
        ink_clear(ui);
    } else if (ev->id == CTL_SIGN_TYPE) {
        s->types = !s->types;
        s->why = 0;
        ink_clear(ui);
    } else if (ev->id == CTL_SIGN_MINE) {
        s->is_mine = !s->is_mine;
    } else if (ev->id == CTL_SIGN_WHY) {
        s->why = s->why == ev->index + 1 ? 0 : ev->index + 1;
    }
}

enum sign_step sign_event(struct sign *s, const struct ui_event *ev,
                          struct ui *ui, struct hand *out)
{
    if (ev->kind == UI_EDITED) {
        snprintf(s->name, sizeof(s->name), "%.*s", VIEW_NAME_SIZE - 1,
                 ev->text);
        return SIGN_GOES_ON;
    }
    if (ev->kind == UI_GO_BACK ||
        (ev->kind == UI_TAP && ev->id == CTL_SHEET_CANCEL)) {
        close_it(s, ui);
        return SIGN_CANCELLED;
    }
    if (ev->kind == UI_SAVE ||
        (ev->kind == UI_TAP && ev->id == CTL_SHEET_DONE)) {
        if (!is_ready(s, ui)) {
            return SIGN_GOES_ON;
        }
        take(s, ui, out);
        close_it(s, ui);
        return SIGN_DONE;
    }
    if (ev->kind == UI_TAP) {
        tapped(s, ev, ui);
    }
    return SIGN_GOES_ON;
}

/* --- the sheet --- */

static int name_draw(struct ui *ui, struct rect r, const struct sign *s)
{
    const struct field name = { .id = CTL_SIGN_NAME,
                                .label = s->asks_name
                                             ? tr("Full name of who signs")
                                             : tr("Your full name"),
                                .text = s->name,
                                .lines = 1,
                                .most = VIEW_NAME_SIZE - 1 };

    return field_draw(ui, r, &name) + 12;
}

static int type_draw(struct ui *ui, struct rect r, const struct sign *s)
{
    const char *mine = tr("This is my signature");
    const int h = switch_row_height(ui, r.w, mine, "");
    int y = r.y;

    y += s->asks_name ? 0 : name_draw(ui, rect_make(r.x, y, r.w, 0), s);
    switch_row(ui, rect_make(r.x, y, r.w, h), CTL_SIGN_MINE, s->is_mine, mine,
               "");
    return y + h - r.y;
}

/* Clear above the pad, and the way without a finger. */
static int tools_draw(struct ui *ui, struct rect r, const struct sign *s)
{
    const struct button clear = { .kind = BUTTON_QUIET,
                                  .id = CTL_SIGN_CLEAR,
                                  .icon = ICON_BACKSPACE,
                                  .label = tr("Clear") };
    const struct button type = { .kind = BUTTON_QUIET,
                                 .id = CTL_SIGN_TYPE,
                                 .icon = s->types ? ICON_PEN : ICON_EDIT,
                                 .label = s->types ? tr("Sign by hand")
                                                   : tr("Type my name") };
    const int w = button_width(ui, &type);
    const bool is_beside = w + button_width(ui, &clear) + 8 <= r.w;
    int h = button_height(ui, &type, w < r.w ? w : r.w);

    button_draw(ui, rect_make(r.x, r.y, w < r.w ? w : r.w, h), &type);
    if (!s->types) {
        const int cw = button_width(ui, &clear);
        const int ch = button_height(ui, &clear, cw < r.w ? cw : r.w);

        button_draw(ui,
                    is_beside
                        ? rect_make(r.x + r.w - cw, r.y, cw, h)
                        : rect_make(r.x, r.y + h, cw < r.w ? cw : r.w, ch),
                    &clear);
        h += is_beside ? 0 : ch;
    }
    return h;
}

void sign_draw(struct ui *ui, const struct sign *s, const char *title,
               const char *words, const char *done)
{
    struct sheet sheet = { .title = title,
                           .width = 720,
                           .cancel = tr("Cancel"),
                           .done = done,
                           .is_off = !is_ready(s, ui) };
    const struct rect r = sheet_begin(ui, &sheet);
    const char *labels[ARRAY_LEN(why_labels)];
    const struct chips why = { .id = CTL_SIGN_WHY,
                               .labels = labels,
                               .keys = why_keys,
                               .count = (int)ARRAY_LEN(why_labels),
                               .on = s->why > 0 ? 1U << (s->why - 1) : 0 };
    const int pad = ui->height < 720 ? PAD_LOW : PAD_H;
    int y = r.y;

    for (size_t i = 0; i < ARRAY_LEN(why_labels); i++) {
        labels[i] = tr(why_labels[i]);
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 words) +
         8;
    if (s->asks_name) {
        y += name_draw(ui, rect_make(r.x, y, r.w, 0), s);
    }
    if (s->why == 0) {
        y += tools_draw(ui, rect_make(r.x, y, r.w, 0), s) + 8;
        if (s->types) {
            y += type_draw(ui, rect_make(r.x, y, r.w, 0), s) + 16;
        } else {
            ink_pad_draw(ui, rect_make(r.x, y, r.w, pad), CTL_SIGN_PAD,
                         tr("Sign here"));
            y += pad + 16;
        }
    }
    y += chips_draw(ui, rect_make(r.x, y, r.w, 0), &why);
    sheet_end(ui, &sheet, y);
}

/* --- as it is shown --- */

void sign_ink(struct ui *ui, struct rect r, const struct view_ink *ink)
{
    int16_t points[2 * VIEW_INK_POINTS];
    const int across = ink->width > 0 ? 1000 * r.w / ink->width : 0;
    const int down = ink->height > 0 ? 1000 * r.h / ink->height : 0;
    const int scale = across < down ? across : down;

    if (ink->count == 0 || scale <= 0) {
        return;
    }
    for (int i = 0; i < ink->count; i++) {
        const bool is_up = ink->points[2 * i] == DRAW_LIFT;

        points[2 * i] = is_up ? (int16_t)DRAW_LIFT
                              : (int16_t)(ink->points[2 * i] * scale / 1000);
        points[2 * i + 1] = (int16_t)(ink->points[2 * i + 1] * scale / 1000);
    }
    r.w = ink->width * scale / 1000;
    r.h = ink->height * scale / 1000;
    (void)draw_line(&ui->list, r, points, ink->count,
                    DRAW_RGB(ui_rgb(ui, COLOR_TEXT)), SHOWN);
}

static const char *signature_words(struct ui *ui,
                                   const struct view_signature *s,
                                   bool is_counter, int64_t now_ms)
{
    const char *who = s->by[0] != '\0' ? ui_iso(ui, s->by) : tr("The person");
    const char *when = ui_iso(ui, fmt_when(ui, s->at_ms, now_ms));

    if (strcmp(s->why, "would-not") == 0) {
        return ui_fmt(ui, tr("%s would not sign, %s"), who, when);
    }
    if (s->why[0] != '\0') {
        return ui_fmt(ui, tr("%s could not sign, %s"), who, when);
    }
    return is_counter ? ui_fmt(ui, tr("Countersigned by %s, %s"), who, when)
                      : ui_fmt(ui, tr("Signed by %s, %s"), who, when);
}

int sign_show(struct ui *ui, struct rect r, const struct view_signature *s,
              bool is_counter, int64_t now_ms)
{
    const int icon = ui_icon_size(ui, S_ICON);
    const int x = r.x + icon + 10;
    int y = r.y;

    if (s->by[0] == '\0' && s->at_ms == 0) {
        return 0;
    }
    ui_icon(ui, r.x, y, icon, ICON_PEN, COLOR_TEXT);
    y += ui_text(ui, rect_make(x, y, r.x + r.w - x, 0), TYPE_SMALL, COLOR_TEXT,
                 0, signature_words(ui, s, is_counter, now_ms));
    if (s->ink.count > 0) {
        const int w = r.x + r.w - x < SHOWN_W ? r.x + r.w - x : SHOWN_W;

        y += 4;
        sign_ink(ui, rect_make(x, y, w, SHOWN_H), &s->ink);
        ui_hline(ui, x, y + SHOWN_H, w, COLOR_LINE_STRONG);
        y += SHOWN_H + 4;
    } else if (s->name[0] != '\0') {
        y += ui_text(ui, rect_make(x, y, r.x + r.w - x, 0), TYPE_PAGE,
                     COLOR_TEXT, 0, s->name);
    }
    if (s->is_misfit) {
        y += ui_text(ui, rect_make(x, y, r.x + r.w - x, 0), TYPE_SMALL_B,
                     COLOR_WARN_TEXT, 0,
                     tr("What was signed is not what stands here"));
    }
    return y - r.y;
}
