/* screen_map.c - where am I; no tiles are ever fetched while on patrol. */
#include "ui/frame.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/position.h"

struct map_model {
    char unused;
};

static void map_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

static enum go map_handle(void *model, const struct ui_event *ev,
                          struct nav *nav)
{
    (void)model;
    (void)nav;
    return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
}

static void map_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct view_place *p = &v->home.position;
    const struct frame frame = { .title = tr("Map"), .place = 1 };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct rect card = rect_inset(areas.main, 0, S_MARGIN);
    const char *where = position_words(ui, p);
    struct rect in = rect_inset(card, 1, 1);
    struct rect foot;
    int text;

    (void)model;
    (void)ui_card(ui, card);
    text = ui_text_height(ui, TYPE_LABEL, where, in.w - 40) +
           ui_text_height(ui, TYPE_SMALL,
                          tr("It comes with the next Wi-Fi sync."), in.w - 40);
    foot = rect_cut_bottom(&in, text + 32);
    position_draw(ui, in, p, false);
    ui_hline(ui, foot.x, foot.y, foot.w, COLOR_LINE);
    foot = rect_inset(foot, 20, 16);
    foot.y += ui_text(ui, foot, TYPE_LABEL, COLOR_TEXT, 0, where);
    (void)ui_text(ui, foot, TYPE_SMALL, COLOR_TEXT_2, 0,
                  tr("It comes with the next Wi-Fi sync."));
}

const struct screen screen_map = {
    .name = "map",
    .model_size = sizeof(struct map_model),
    .enter = map_enter,
    .handle = map_handle,
    .draw = map_draw,
};
