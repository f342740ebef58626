/* sheets_touch.c - what is pressed: buttons, tiles, chips (gallery.h). */
#include "tests/ui/gallery/gallery.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/tr.h"

/* --- 1: buttons --- */

static void add_button(struct gallery *g, const char *caption, struct button b,
                       bool is_down)
{
    struct ui *ui = &g->ui;
    struct rect r;
    int w;

    b.id = gallery_id(g);
    w = button_width(ui, &b);
    w = w < g->area.w ? w : g->area.w;
    r = gallery_place(g, caption, w, button_height(ui, &b, w));
    gallery_press(g, is_down ? b.id : 0);
    button_draw(ui, r, &b);
    gallery_press(g, 0);
}

static void add_on_live(struct gallery *g)
{
    struct ui *ui = &g->ui;
    const struct button b = { .kind = BUTTON_ON_LIVE,
                              .id = gallery_id(g),
                              .icon = ICON_PAUSE,
                              .label = tr("Pause") };
    const int w = button_width(ui, &b);
    const int h = button_height(ui, &b, w);
    const struct rect r = gallery_place(g, "On live", w + 8, h + 8);

    (void)ui_box(ui, r, COLOR_LIVE, COLOR_NONE, 0, R_CARD);
    button_draw(ui, rect_inset(r, 4, 4), &b);
}

void gallery_buttons(struct gallery *g)
{
    const struct button save = { .kind = BUTTON_PRIMARY,
                                 .icon = ICON_CHECK,
                                 .label = tr("Save") };
    const struct button off = { .kind = BUTTON_PRIMARY,
                                .label = tr("No numbers left"),
                                .is_disabled = true };
    const struct button busy = { .kind = BUTTON_PRIMARY,
                                 .icon = ICON_CHECK,
                                 .label = tr("Saving"),
                                 .is_busy = true };
    const struct button second = { .kind = BUTTON_SECONDARY,
                                   .icon = ICON_PIN,
                                   .label = tr("Change place") };

    add_button(g, "Primary 72", save, false);
    add_button(g, "Pressed", save, true);
    add_button(g, "Focused", save, false);
    ui_focus_on(&g->ui, (uint16_t)(g->next_id - 1), 0);
    add_button(g, "Disabled, says why", off, false);
    add_button(g, "Busy", busy, false);
    gallery_break(g);
    add_button(g, "Primary small",
               (struct button){ .kind = BUTTON_PRIMARY_SMALL,
                                .label = tr("Send again") },
               false);
    add_button(g, "Secondary 56", second, false);
    add_button(g, "Pressed", second, true);
    add_button(g, "Quiet 56",
               (struct button){ .kind = BUTTON_QUIET,
                                .icon = ICON_CLOCK,
                                .label = tr("Change") },
               false);
    add_button(g, "Quiet, small",
               (struct button){ .kind = BUTTON_QUIET_SMALL,
                                .label = tr("Forgotten PIN") },
               false);
    add_button(g, "Danger outline",
               (struct button){ .kind = BUTTON_DANGER_LINE,
                                .label = tr("Remove photo") },
               false);
    add_button(g, "Danger, in dialogs only",
               (struct button){ .kind = BUTTON_DANGER, .label = tr("Delete") },
               false);
    add_on_live(g);
    add_button(g, "Done",
               (struct button){ .kind = BUTTON_DONE,
                                .icon = ICON_CHECK,
                                .label = tr("All read") },
               false);
}

/* --- 2: tiles and choices --- */

static void add_tile(struct gallery *g, const char *caption, struct tile t,
                     bool is_down)
{
    struct ui *ui = &g->ui;
    int w = gallery_width(g, 204);
    struct rect r;
    int h;

    t.id = gallery_id(g);
    t.is_row = t.is_row || !tile_fits(ui, &t, w);
    w = t.is_row ? gallery_width(g, 320) : w;
    h = tile_height(ui, &t, w);
    r = gallery_place(g, caption, w, h < S_TILE && !t.is_row ? S_TILE : h);
    gallery_press(g, is_down ? t.id : 0);
    tile_draw(ui, r, &t);
    gallery_press(g, 0);
}

static void add_choice(struct gallery *g, const char *caption, struct choice c)
{
    struct ui *ui = &g->ui;
    int w = gallery_width(g, c.is_row ? 320 : 172);

    c.id = gallery_id(g);
    if (!choice_fits(ui, &c, w)) {
        c.is_row = true;
        w = gallery_width(g, 320);
    }
    choice_draw(ui, gallery_place(g, caption, w, choice_height(ui, &c, w)), &c);
}

void gallery_tiles(struct gallery *g)
{
    const struct tile asb = { .icon = ICON_ASB,
                              .label = tr("Anti-social behaviour") };
    struct choice drink = { .icon = ICON_BOTTLE,
                            .label = tr("Street drinking") };

    add_tile(g, "Tile", asb, false);
    add_tile(g, "Pressed",
             (struct tile){ .icon = ICON_ENV, .label = tr("Environmental") },
             true);
    add_tile(
        g, "Focused",
        (struct tile){ .icon = ICON_EYE, .label = tr("Suspicious activity") },
        false);
    ui_focus_on(&g->ui, (uint16_t)(g->next_id - 1), 0);
    add_tile(g, "Sealed",
             (struct tile){ .icon = ICON_PREVENT,
                            .label = tr("Prevent concern"),
                            .is_sealed = true },
             false);
    add_tile(g, "Disabled with reason",
             (struct tile){ .icon = ICON_FPN,
                            .label = tr("Fixed penalty"),
                            .reason = tr("No numbers left") },
             false);
    add_tile(g, "In portrait",
             (struct tile){
                 .icon = ICON_CAR, .label = tr("Vehicle"), .is_row = true },
             false);
    gallery_break(g);
    add_choice(g, "Choice", drink);
    drink.is_on = true;
    add_choice(g, "Choice, selected", drink);
    drink.is_row = true;
    add_choice(g, "Row choice, selected", drink);
    drink.is_on = false;
    add_choice(g, "Row choice", drink);
}

/* --- 3: chips, segments, steppers, switches --- */

static void add_chips(struct gallery *g, const char *caption, struct chips c,
                      int width)
{
    const int w = gallery_width(g, width);

    c.id = gallery_id(g);
    c.more_id = gallery_id(g);
    (void)chips_draw(
        &g->ui, gallery_place(g, caption, w, chips_height(&g->ui, &c, w)), &c);
}

static void add_segments(struct gallery *g, const char *caption,
                         struct segments s)
{
    const int w = gallery_width(g, 380);

    s.id = gallery_id(g);
    segments_draw(&g->ui,
                  gallery_place(g, caption, w, segments_height(&g->ui, &s, w)),
                  &s);
}

static void add_stepper(struct gallery *g, const char *caption,
                        const char *value, bool least, bool most)
{
    const uint16_t less = gallery_id(g);

    stepper_draw(&g->ui,
                 gallery_place(g, caption, gallery_width(g, 230),
                               stepper_height(&g->ui)),
                 less, gallery_id(g), value, least, most);
}

static void add_switch(struct gallery *g, const char *caption, bool is_on)
{
    const char *label = tr("Hold photos on mobile data");
    const char *detail = tr("Text and SOS always go");
    const int w = gallery_width(g, 440);
    const int h = switch_row_height(&g->ui, w, label, detail);

    switch_row(&g->ui, gallery_place(g, caption, w, h), gallery_id(g), is_on,
               label, detail);
}

void gallery_chips(struct gallery *g)
{
    const char *const why[] = { tr("Meal"), tr("Meeting"), tr("Incident"),
                                tr("Other") };
    const char *const keys[] = { "a", "b", "c", "d", "e", "f" };
    const char *const kinds[] = { tr("Noise"),         tr("Begging"),
                                  tr("Fireworks"),     tr("Trespass"),
                                  tr("Kerb crawling"), tr("Hoax calls") };
    const char *const numbers[] = { "6", "12", "3", "0" };
    const char *const answers[] = { tr("Yes"), tr("No"), tr("Not known") };

    add_chips(
        g, "Single choice",
        (struct chips){ .labels = why, .keys = keys, .count = 4, .on = 4 },
        560);
    add_chips(g, "Filters with counts",
              (struct chips){ .labels = why,
                              .keys = keys,
                              .numbers = numbers,
                              .count = 4,
                              .on = 1 },
              560);
    add_chips(
        g, "What does not fit",
        (struct chips){
            .labels = kinds, .keys = keys, .count = 6, .on = 3, .most = 4 },
        720);
    gallery_break(g);
    add_segments(
        g, "Yes / no / not known",
        (struct segments){
            .labels = answers, .keys = keys, .count = 3, .chosen = 0 });
    add_segments(
        g, "Nothing chosen",
        (struct segments){
            .labels = answers, .keys = keys, .count = 2, .chosen = -1 });
    add_stepper(g, "Count stepper", "4", false, false);
    add_stepper(g, "At its least", "0", true, false);
    add_stepper(g, "At its most", "100+", false, true);
    gallery_break(g);
    add_switch(g, "Switch, on", true);
    add_switch(g, "Switch, off", false);
}
