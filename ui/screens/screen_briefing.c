/* screen_briefing.c - today's items, as the home screen has them, whole. */
#include "ui/controls.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"

struct briefing_model {
    char unused;
};

static void briefing_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

static enum go briefing_handle(void *model, const struct ui_event *ev,
                               struct nav *nav)
{
    (void)model;
    if (ev->kind == UI_TAP && ev->id == CTL_BRIEFING_READ) {
        const enum err err = app_send(nav->app, CMD_READ_BRIEFING);

        if (err) {
            nav_failed(nav, err);
        }
    }
    return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
}

static int item(struct ui *ui, struct rect r, const struct view_briefing *b)
{
    const int card = ui_card(ui, r);
    int y = r.y + 20;

    (void)ui_box(ui, rect_make(r.x + 20, y + 6, 12, 12),
                 b->is_unread ? COLOR_PRIMARY_TEXT : COLOR_NONE,
                 COLOR_PRIMARY_TEXT, S_BORDER_STRONG, 6);
    y += ui_text(ui, rect_make(r.x + 48, y, r.w - 68, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, b->title);
    y += ui_text(ui, rect_make(r.x + 48, y, r.w - 68, 0), TYPE_BODY,
                 COLOR_TEXT_2, 0, b->detail);
    y += 20;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static void briefing_draw(const void *model, const struct app *app,
                          struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct view_home *h = &v->home;
    const bool has_unread = v->status.unread_count > 0;
    const struct frame frame = { .title = tr("Briefing"),
                                 .place = 3,
                                 .has_actions = has_unread };
    const struct button read = { .kind = BUTTON_PRIMARY,
                                 .id = CTL_BRIEFING_READ,
                                 .icon = ICON_CHECK,
                                 .label = tr("Read and understood") };
    struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct rect r = areas.main;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 24;

    (void)model;
    for (int i = 0; i < h->briefing_count; i++) {
        y += item(ui, rect_make(r.x, y, r.w, 0), &h->briefings[i]) + 12;
    }
    if (h->briefing_count == 0) {
        y += empty_draw(ui, rect_make(r.x, y + 80, r.w, 0), ICON_BRIEFING,
                        tr("No briefing today"),
                        tr("What your team leader writes comes here.")) +
             80;
    }
    ui_scroll_end(ui, y + 12);
    if (has_unread) {
        ui_part(ui, UI_ACTIONS);
        button_at_end(ui, &areas.actions, 0, &read);
        ui_part(ui, UI_CONTENT);
    }
}

const struct screen screen_briefing = {
    .name = "briefing",
    .model_size = sizeof(struct briefing_model),
    .enter = briefing_enter,
    .handle = briefing_handle,
    .draw = briefing_draw,
};
