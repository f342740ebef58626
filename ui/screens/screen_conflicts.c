/* screen_conflicts.c - the records that somebody must decide about. */
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"

struct conflicts_model {
    char unused;
};

static void conflicts_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

static enum go conflicts_handle(void *model, const struct ui_event *ev,
                                struct nav *nav)
{
    const struct view_conflicts *v = &app_views(nav->app)->conflicts;
    enum err err;

    (void)model;
    if (ev->kind == UI_GO_BACK) {
        return GO_BACK;
    }
    if (ev->kind != UI_TAP || ev->id != CTL_CONFLICTS_ROW ||
        ev->index >= v->item_count) {
        return GO_STAY;
    }
    err = app_open_conflict(nav->app, v->items[ev->index].id);
    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return GO_CONFLICT;
}

/* --- draw --- */

static int draw_row(struct ui *ui, struct rect r,
                    const struct view_conflict_item *i, int index,
                    int64_t now_ms)
{
    const char *when = ui_iso(ui, fmt_when(ui, i->made_ms, now_ms));
    const struct list_row row = {
        .icon = ICON_SPLIT,
        .icon_color = COLOR_WARN_TEXT,
        .title = ui_fmt(ui, tr("%s, %s"), ui_iso(ui, tr(i->title)), when),
        .detail = i->values,
        .mark = MARK_CONFLICT,
        .mark_text = ui_fmt(
            ui, trn("%d to settle", "%d to settle", (unsigned long)i->fields),
            i->fields),
    };

    r.h = list_row_height(ui, &row, r.w, S_ROW);
    if (ui_is_pressed(ui, CTL_CONFLICTS_ROW, (uint16_t)index)) {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, 0);
    }
    list_row_draw(ui, r, &row);
    ui_target(ui, r, CTL_CONFLICTS_ROW, (uint16_t)index,
              fmt_number(ui, index + 1), R_CARD, 0, row.title);
    return r.h;
}

static int draw_rows(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_conflicts *c = &v->conflicts;
    const int card = ui_card(ui, r);
    int y = r.y + 1;

    ui_group_begin(ui);
    for (int i = 0; i < c->item_count; i++) {
        if (i > 0) {
            ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
            y += 1;
        }
        y += draw_row(ui, rect_make(r.x + 1, y, r.w - 2, 0), &c->items[i], i,
                      v->status.now_ms);
    }
    ui_group_end(ui);
    y += 1;
    draw_set_height(&ui->list, card, y - r.y);
    return y;
}

static void conflicts_draw(const void *model, const struct app *app,
                           struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct frame frame = { .title = tr("Two versions"),
                                 .has_back = true,
                                 .place = 4 };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct rect r = areas.main;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;

    (void)model;
    if (v->conflicts.item_count == 0) {
        y = y + 20 +
            empty_draw(ui, rect_make(r.x, y + 20, r.w, 0), ICON_CHECK_O,
                       tr("Nothing to settle"),
                       tr("No two people wrote the same thing differently."));
    } else {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_READ, COLOR_TEXT, 0,
                     tr("People wrote these differently while they had no "
                        "signal. Both versions are kept.")) +
             16;
        y = draw_rows(ui, rect_make(r.x, y, r.w, 0), v);
    }
    ui_scroll_end(ui, y + 24);
}

const struct screen screen_conflicts = {
    .name = "conflicts",
    .model_size = sizeof(struct conflicts_model),
    .enter = conflicts_enter,
    .handle = conflicts_handle,
    .draw = conflicts_draw,
};
