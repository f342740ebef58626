/* draw_photo.c - how a photo's page looks: large, or being drawn on. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/photo.h"
#include "ui/sheet.h"

#define GAP      16
#define FACTS_W  372 /* beside the picture */
#define LEAST_H  220 /* of a picture above its facts */
#define HASH_BIT 8   /* characters of a hash between blanks */

/* The sheet is as a notebook's page lies: 4 to 3. */
#define SHEET_W 4
#define SHEET_H 3

/* What the page's photo is as far as it is known by now. */
struct shown {
    const struct view_picture *v; /* of this photo, or an empty one */
    const struct image *image;    /* large, or small till that comes */
    bool is_here;                 /* the worker has answered */
};

static struct shown look_at(const struct photo_page *p, const struct app *app)
{
    static const struct view_picture none;
    const struct views *v = app_views(app);
    struct shown s = { .v = &none };

    if (strcmp(v->picture.id, p->id) == 0) {
        s.v = &v->picture;
        s.is_here = true;
        s.image = app_image(app, v->picture.image);
    }
    for (int i = 0; s.image == NULL && i < v->log.photo_count; i++) {
        if (strcmp(v->log.photos[i].id, p->id) == 0) {
            s.image = app_image(app, v->log.photos[i].image);
        }
    }
    return s;
}

/* The largest box of this shape inside `r`, in its middle. */
static struct rect fit(struct rect r, int w, int h)
{
    int high = r.w * h / w;
    int wide = r.w;

    if (high > r.h) {
        high = r.h;
        wide = r.h * w / h;
    }
    return rect_make(r.x + (r.w - wide) / 2, r.y + (r.h - high) / 2, wide,
                     high);
}

/* --- facts --- */

static int fact(struct ui *ui, struct rect r, const char *label,
                const char *value)
{
    int y = r.y;

    if (value[0] == '\0') {
        return 0;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 label);
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 value);
    return y + 14 - r.y;
}

/* In groups, so that it wraps and two people can compare it. */
static const char *spaced(struct ui *ui, const char *hash)
{
    const char *out = "";

    for (size_t i = 0; i < strlen(hash); i += HASH_BIT) {
        out = ui_fmt(ui, "%s%s%.8s", out, i > 0 ? " " : "", hash + i);
    }
    return out[0] != '\0' ? ui_iso(ui, out) : "";
}

struct step {
    enum icon icon;
    enum color color;
    const char *text;
};

/* Who held it, in order: at the end where it is now. */
static int draw_custody(struct ui *ui, struct rect r,
                        const struct view_picture *v, int64_t now_ms)
{
    const char *who = v->by[0] != '\0' ? ui_iso(ui, v->by) : tr("an officer");
    const char *when = ui_iso(ui, fmt_when(ui, v->made_ms, now_ms));
    const struct step taken = { ICON_PERSON, COLOR_TEXT_2,
                                ui_fmt(ui, tr("%s, %s"), who, when) };
    const struct step states[] = {
        [PICTURE_DRAFT] = { ICON_SEAL, COLOR_OK_TEXT,
                            tr("Sealed on this tablet, not saved yet") },
        [PICTURE_WAITING] = { ICON_SEAL, COLOR_WARN_TEXT,
                              tr("Sealed on this tablet, waits to be sent") },
        [PICTURE_HELD] = { ICON_CLOUD_CHECK, COLOR_OK_TEXT,
                           tr("The council holds it and signed for it") },
        [PICTURE_OTHERS] = { ICON_CLOUD_CHECK, COLOR_OK_TEXT,
                             tr("From the council, as it was sealed") },
    };
    const struct step steps[] = { taken, states[v->state] };
    const int icon = ui_icon_size(ui, S_ICON);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 tr("Who has held it")) +
         4;
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        int h = ui_text(ui, rect_make(r.x + icon + 10, y, r.w - icon - 10, 0),
                        TYPE_BODY, COLOR_TEXT, 0, steps[i].text);

        ui_icon(ui, r.x, y + (ui_line(ui, TYPE_BODY) - icon) / 2, icon,
                steps[i].icon, steps[i].color);
        h = h < icon ? icon : h;
        y += h + 6;
    }
    return y + 8 - r.y;
}

static const char *exhibit_words(struct ui *ui, const struct view_picture *v)
{
    if (v->exhibit[0] == '\0') {
        return tr("None");
    }
    return v->state == PICTURE_DRAFT
               ? ui_fmt(ui, tr("%s once saved"), ui_iso(ui, v->exhibit))
               : ui_iso(ui, v->exhibit);
}

static int draw_facts(struct ui *ui, struct rect r, const struct shown *s,
                      int64_t now_ms)
{
    const struct view_picture *v = s->v;
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 20, 0);
    int y = r.y + 18;

    if (!s->is_here) {
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_BODY, COLOR_TEXT_2,
                     0, tr("One moment"));
        draw_set_height(&ui->list, card, y + 18 - r.y);
        return y + 18 - r.y;
    }
    y += fact(ui, rect_make(in.x, y, in.w, 0), tr("Exhibit"),
              exhibit_words(ui, v));
    if (v->is_copy) {
        y += fact(ui, rect_make(in.x, y, in.w, 0), tr("Drawn on a copy of"),
                  v->copy_of[0] != '\0' ? ui_iso(ui, v->copy_of)
                                        : tr("another photo, left as it is"));
    }
    if (v->length_ms > 0) {
        y += fact(ui, rect_make(in.x, y, in.w, 0), tr("Length"),
                  fmt_clip(ui, v->length_ms));
    }
    y += draw_custody(ui, rect_make(in.x, y, in.w, 0), v, now_ms);
    y += fact(ui, rect_make(in.x, y, in.w, 0), tr("SHA-256 of the file"),
              spaced(ui, v->hash));
    y += fact(ui, rect_make(in.x, y, in.w, 0), tr("SHA-256 of the original"),
              spaced(ui, v->copied_hash));
    draw_set_height(&ui->list, card, y + 4 - r.y);
    return y + 4 - r.y;
}

/* --- the picture --- */

static void draw_recording(struct ui *ui, struct rect r,
                           const struct view_picture *v)
{
    const int side = ui_icon_size(ui, S_ICON) * 2;

    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE, S_BORDER_STRONG, R_FIELD);
    ui_icon(ui, r.x + (r.w - side) / 2, r.y + r.h / 2 - side, side, ICON_MIC,
            COLOR_TEXT_2);
    (void)ui_text(ui, rect_make(r.x, r.y + r.h / 2 + 12, r.w, 0), TYPE_TITLE_S,
                  COLOR_TEXT, UI_CENTER, fmt_clip(ui, v->length_ms));
}

static void draw_picture(struct ui *ui, struct rect r, const struct shown *s)
{
    if (s->image != NULL && s->image->width > 0 && s->image->height > 0) {
        (void)draw_image(&ui->list, fit(r, s->image->width, s->image->height),
                         s->image, R_FIELD);
    } else if (s->is_here && s->v->length_ms > 0) {
        draw_recording(ui, r, s->v);
    } else if (s->is_here) {
        (void)ui_text(ui, r, TYPE_BODY, COLOR_TEXT, UI_CENTER | UI_MID,
                      tr("This photo is kept, but cannot be shown."));
    }
}

/* Below its facts are read by scrolling; beside, the picture stays. */
static void draw_look(struct ui *ui, struct rect r, const struct shown *s,
                      int64_t now_ms)
{
    const bool is_wide = r.w > 760 && ui->percent < 200;
    const struct rect pane =
        rect_make(r.x, r.y + GAP, r.w - FACTS_W - GAP, r.h - 2 * GAP);
    int high = r.h - 2 * GAP;
    int y;

    if (is_wide) {
        draw_picture(ui, pane, s);
        y = ui_scroll_begin(ui, CTL_SCROLL_SIDE,
                            rect_make(r.x + r.w - FACTS_W, r.y, FACTS_W, r.h)) +
            GAP;
        y += draw_facts(ui, rect_make(r.x + r.w - FACTS_W, y, FACTS_W, 0), s,
                        now_ms);
        ui_scroll_end(ui, y + GAP);
        return;
    }
    high = high * 3 / 5 < LEAST_H ? LEAST_H : high * 3 / 5;
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + GAP;
    draw_picture(ui, rect_make(r.x, y, r.w, high), s);
    y += high + GAP;
    y += draw_facts(ui, rect_make(r.x, y, r.w, 0), s, now_ms);
    ui_scroll_end(ui, y + GAP);
}

/* --- drawing --- */

static int strokes_of(const struct ui *ui)
{
    return ui->ink.id == CTL_PHOTO_GROUND
               ? drawing_strokes(ui->ink.points, ui->ink.count)
               : 0;
}

static int draw_tools(struct ui *ui, struct rect r, const struct photo_page *p)
{
    static const char *const keys[] = { "line", "arrow", "ring" };
    const char *const labels[] = { tr("Line"), tr("Arrow"), tr("Circle") };
    const struct segments s = { .id = CTL_PHOTO_TOOL,
                                .labels = labels,
                                .keys = keys,
                                .count = 3,
                                .chosen = (int)p->tool };

    r.w = r.w > 560 ? 560 : r.w;
    r.h = segments_height(ui, &s, r.w);
    segments_draw(ui, r, &s);
    return r.h;
}

static void draw_ground(struct ui *ui, struct rect r,
                        const struct photo_page *p, const struct shown *s)
{
    const bool is_sketch = p->id[0] == '\0';
    const bool has_image =
        s->image != NULL && s->image->width > 0 && s->image->height > 0;
    struct drawing d = { .count = 0 };
    struct rect box = r;

    if (is_sketch) {
        box = fit(r, SHEET_W, SHEET_H);
        (void)draw_box(&ui->list, box, DRAW_RGB(0xFFFFFFu),
                       DRAW_RGB(ui_rgb(ui, COLOR_LINE_STRONG)), 1, 0);
    } else if (has_image) {
        box = fit(r, s->image->width, s->image->height);
        (void)draw_image(&ui->list, box, s->image, 0);
    }
    ui_target(ui, box, CTL_PHOTO_GROUND, 0, NULL, 0, UI_DRAWS,
              is_sketch ? tr("Draw with a finger")
                        : tr("Draw on the copy with a finger"));
    if (strokes_of(ui) > 0) {
        memcpy(d.tools, p->tools, sizeof(d.tools));
        memcpy(d.points, ui->ink.points,
               2 * (size_t)ui->ink.count * sizeof(d.points[0]));
        d.count = ui->ink.count;
        drawing_show(ui, box, &d);
    }
}

static void draw_board(struct ui *ui, struct rect r, const struct photo_page *p,
                       const struct shown *s)
{
    int y = r.y + 12;

    y += draw_tools(ui, rect_make(r.x, y, r.w, 0), p) + 12;
    draw_ground(ui, rect_make(r.x, y, r.w, r.y + r.h - y - 12), p, s);
}

/* --- what can be done --- */

static void draw_drawing_actions(struct ui *ui, struct rect row)
{
    const bool is_empty = strokes_of(ui) == 0;
    const struct button keep = { .kind = BUTTON_PRIMARY,
                                 .id = CTL_PHOTO_KEEP,
                                 .icon = ICON_CHECK,
                                 .label = tr("Keep"),
                                 .is_disabled = is_empty };
    const struct button undo = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_PHOTO_TAKE_BACK,
                                 .icon = ICON_UNDO,
                                 .label = tr("Undo"),
                                 .is_disabled = is_empty };

    button_at_end(ui, &row, 16, &keep);
    button_at_end(ui, &row, 0, &undo);
}

/* Square, in the middle of a row's part. */
static void square(struct ui *ui, struct rect r, uint16_t id, enum icon icon,
                   const char *label)
{
    button_icon(ui, rect_make(r.x, r.y + (r.h - r.w) / 2, r.w, r.w), id, icon,
                ui_icon_size(ui, S_ICON), label);
}

/* To those beside it, which a log's page may have no room to show. */
static void draw_beside(struct ui *ui, struct rect *row,
                        const struct view_picture *v)
{
    if (v->before[0] != '\0') {
        square(ui, rect_cut_start(row, S_TOUCH_MIN), CTL_PHOTO_BEFORE,
               ICON_BACK, tr("Photo before"));
        (void)rect_cut_start(row, 12);
    }
    if (v->after[0] != '\0') {
        square(ui, rect_cut_start(row, S_TOUCH_MIN), CTL_PHOTO_AFTER, ICON_FWD,
               tr("Next photo"));
    }
}

static void draw_look_actions(struct ui *ui, struct rect row,
                              const struct shown *s)
{
    const struct button draw = { .kind = BUTTON_PRIMARY_SMALL,
                                 .id = CTL_PHOTO_DRAW,
                                 .icon = ICON_PEN,
                                 .label = tr("Draw on a copy") };
    const struct button play = {
        .kind = BUTTON_PRIMARY_SMALL,
        .id = CTL_PHOTO_PLAY,
        .icon = s->v->is_playing ? ICON_STOP : ICON_PLAY,
        .label = s->v->is_playing ? tr("Stop") : tr("Play")
    };
    const struct button away = { .kind = BUTTON_DANGER_LINE,
                                 .id = CTL_PHOTO_REMOVE,
                                 .icon = ICON_BIN,
                                 .label = tr("Remove") };

    if (!s->is_here) {
        return;
    }
    draw_beside(ui, &row, s->v);
    if (s->v->length_ms > 0) {
        button_at_end(ui, &row, 16, &play);
    } else if (s->v->state == PICTURE_DRAFT && s->v->is_picture) {
        button_at_end(ui, &row, 16, &draw);
    }
    if (s->v->state == PICTURE_DRAFT && button_width(ui, &away) > row.w) {
        square(ui, rect_cut_end(&row, S_TOUCH_MIN), CTL_PHOTO_REMOVE, ICON_BIN,
               tr("Remove"));
    } else if (s->v->state == PICTURE_DRAFT) {
        button_at_end(ui, &row, 0, &away);
    }
}

/* --- questions --- */

static void draw_question(struct ui *ui, const struct photo_page *p)
{
    const bool is_remove = p->mode == PHOTO_ASK;
    struct sheet sheet = {
        .title = is_remove ? tr("Remove this?") : tr("Throw the drawing away?"),
        .width = 560,
        .cancel = tr("Cancel"),
        .done = is_remove ? tr("Remove it") : tr("Throw it away"),
        .is_danger = true
    };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(ui, &sheet,
              r.y + ui_text(ui, r, TYPE_BODY, COLOR_TEXT, 0,
                            is_remove
                                ? tr("It is gone for good. Once the log is "
                                     "saved, nothing can be removed.")
                                : tr("The photo itself stays as it is.")));
}

static const char *title_of(struct ui *ui, const struct photo_page *p,
                            const struct shown *s)
{
    if (p->mode == PHOTO_SKETCH ||
        (p->mode == PHOTO_LEAVE && p->from == PHOTO_SKETCH)) {
        return tr("Sketch");
    }
    if (p->mode == PHOTO_DRAW || p->mode == PHOTO_LEAVE) {
        return tr("Draw on a copy");
    }
    if (s->is_here && s->v->count > 1) {
        return ui_fmt(ui, tr("%d of %d"), s->v->number, s->v->count);
    }
    return s->v->length_ms > 0 ? tr("Recording") : tr("Photo");
}

void photo_page_draw(const struct photo_page *p, const struct app *app,
                     struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct shown s = look_at(p, app);
    const bool draws = p->mode == PHOTO_DRAW || p->mode == PHOTO_SKETCH ||
                       p->mode == PHOTO_LEAVE;
    const struct frame frame = { .title = title_of(ui, p, &s),
                                 .has_back = true,
                                 .has_actions = true };
    struct frame_areas areas;

    if (p->mode == PHOTO_TAKE) {
        photo_take_draw(p, app, ui);
        return;
    }
    areas = frame_draw(ui, &v->status, &frame);
    if (draws) {
        draw_board(ui, areas.main, p, &s);
    } else {
        draw_look(ui, areas.main, &s, v->status.now_ms);
    }
    ui_part(ui, UI_ACTIONS);
    if (draws) {
        draw_drawing_actions(ui, areas.actions);
    } else {
        draw_look_actions(ui, areas.actions, &s);
    }
    ui_part(ui, UI_CONTENT);
    if (p->mode == PHOTO_ASK || p->mode == PHOTO_LEAVE) {
        draw_question(ui, p);
    }
}
