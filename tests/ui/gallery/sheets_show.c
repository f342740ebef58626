/* sheets_show.c - what is shown: cards, banners, rows (gallery.h). */
#include "tests/ui/gallery/gallery.h"
#include "ui/kit/card.h"
#include "ui/kit/chip.h"
#include "ui/kit/story.h"
#include "ui/kit/tr.h"

/* --- 6: persons and vehicles --- */

static void add_who(struct gallery *g, const char *caption, struct who_card c)
{
    const int w = gallery_width(g, 352);

    c.id = gallery_id(g);
    who_card_draw(&g->ui,
                  gallery_place(g, caption, w, who_card_height(&g->ui, &c, w)),
                  &c);
}

void gallery_cards(struct gallery *g)
{
    add_who(g, "Named person",
            (struct who_card){ .initials = "DM",
                               .title = "Declan Marsh, 28",
                               .detail = "22 Lark Lane, believed true" });
    add_who(g, "Described person",
            (struct who_card){ .icon = ICON_PERSON,
                               .title = "Man, 18 to 20, red cap",
                               .detail = "Blue jacket, grey jeans" });
    add_who(g, "Vehicle",
            (struct who_card){ .icon = ICON_CAR,
                               .plate = "WB01 KTX",
                               .title = "",
                               .detail = "Silver estate" });
    add_who(g, "Restricted",
            (struct who_card){ .initials = "XX",
                               .title = "",
                               .detail = tr("Sealed"),
                               .is_restricted = true });
}

/* --- 7: banners, progress --- */

static void add_banner(struct gallery *g, const char *caption,
                       enum banner banner, enum icon icon, const char *text)
{
    const int w = gallery_width(g, 556);
    const struct rect r = gallery_place(g, caption, w, 0);
    const int h = banner_draw(&g->ui, r, banner, icon, text);

    g->line = r.y - g->y + h > g->line ? r.y - g->y + h : g->line;
}

static void add_banner_button(struct gallery *g, const char *caption)
{
    const struct button b = { .kind = BUTTON_SECONDARY,
                              .id = gallery_id(g),
                              .label = tr("Go on") };
    const struct rect r = gallery_place(g, caption, g->area.w, 0);
    const int h = banner_button_draw(&g->ui, r, BANNER_WARN, ICON_WARN,
                                     tr("GPS is weak, check the place"), &b);

    g->line = r.y - g->y + h > g->line ? r.y - g->y + h : g->line;
}

void gallery_banners(struct gallery *g)
{
    add_banner(g, "Info", BANNER_INFO, ICON_INFO,
               tr("It comes with the next Wi-Fi sync."));
    add_banner(g, "Done", BANNER_OK, ICON_CHECK_O,
               tr("The server holds each one, checked byte for byte."));
    add_banner(g, "Attention", BANNER_WARN, ICON_WARN,
               tr("GPS is weak, check the place"));
    add_banner(g, "Failed", BANNER_BAD, ICON_ALERT,
               tr("No space left. Send what waits first."));
    add_banner(g, "Sealed", BANNER_SEALED, ICON_LOCK, tr("Sealed"));
    add_banner(g, "Call 999", BANNER_SOS, ICON_PHONE, tr("Call 999"));
    gallery_break(g);
    add_banner_button(g, "With its button");
    gallery_break(g);
    for (int i = 0; i <= 1000; i += 250) {
        progress_draw(
            &g->ui, gallery_place(g, "Progress", gallery_width(g, 180), 12), i);
    }
}

/* --- 8: badges and marks --- */

void gallery_badges(struct gallery *g)
{
    static const struct {
        enum badge badge;
        enum icon icon;
        const char *text;
    } badges[] = {
        { BADGE_PLAIN, ICON_NONE, N_("OFFICIAL") },
        { BADGE_RESTRICTED, ICON_EYE, "OFFICIAL-SENSITIVE" },
        { BADGE_SEALED, ICON_LOCK, N_("Sealed") },
        { BADGE_CONFLICT, ICON_SPLIT, N_("2 versions") },
        { BADGE_WAIT, ICON_CLOUD_UP, N_("Sent") },
        { BADGE_OK, ICON_CHECK, N_("Held by the server") },
        { BADGE_REVIEWED, ICON_CHECK2, N_("Settled") },
        { BADGE_BAD, ICON_ALERT, N_("Struck out") },
        { BADGE_WARN, ICON_CLOCK, N_("Amended once") },
        { BADGE_LIVE, ICON_WALK, N_("Patrol") },
        { BADGE_PLAIN, ICON_BAN, N_("Not saved yet") },
    };
    static const char *const marks[MARK__COUNT] = {
        [MARK_DRAFT] = N_("Not saved yet"),
        [MARK_WAITING] = N_("Next"),
        [MARK_SENDING] = "36 %",
        [MARK_PAUSED] = N_("Pause"),
        [MARK_HELD] = N_("All sent"),
        [MARK_REVIEWED] = N_("Settled"),
        [MARK_SENT_BACK] = N_("Undo"),
        [MARK_CONFLICT] = N_("2 versions"),
        [MARK_REFUSED] = N_("Send again"),
        [MARK_SEALED] = N_("Sealed"),
    };
    struct ui *ui = &g->ui;

    for (size_t i = 0; i < ARRAY_LEN(badges); i++) {
        const char *text = tr(badges[i].text);
        const struct rect r = gallery_place(
            g, "", badge_width(ui, badges[i].icon, text), badge_height(ui));

        badge_draw(ui, r.x, r.y, badges[i].badge, badges[i].icon, text);
    }
    gallery_break(g);
    for (int i = 0; i < MARK__COUNT; i++) {
        const struct list_row row = { .icon = ICON_ASB,
                                      .icon_color = COLOR_TEXT,
                                      .title = "Street drinking, Bus Station",
                                      .detail = "10:05",
                                      .mark = (enum mark)i,
                                      .mark_text = tr(marks[i]) };
        const int w = gallery_width(g, 556);
        const struct rect r =
            gallery_place(g, "", w, list_row_height(ui, &row, w, S_ROW));

        (void)ui_card(ui, r);
        list_row_draw(ui, r, &row);
    }
}

/* --- 9: timeline, tabs --- */

static int add_story(struct gallery *g, struct rect r, struct story_row row)
{
    row.id = gallery_id(g);
    r.h = story_height(&g->ui, &row, r.w);
    story_draw(&g->ui, r, &row);
    return r.h;
}

static void grow_line(struct gallery *g, int bottom)
{
    g->line = bottom - g->y > g->line ? bottom - g->y : g->line;
}

static void add_tabs(struct gallery *g, const char *caption, int chosen)
{
    const char *const labels[] = { tr("Notebook"), tr("Photos"), tr("Tasks") };
    const char *const keys[] = { "a", "b", "c" };
    const struct tabs t = { .id = gallery_id(g),
                            .labels = labels,
                            .keys = keys,
                            .count = 3,
                            .chosen = chosen };
    const int w = gallery_width(g, 500);

    tabs_draw(&g->ui, gallery_place(g, caption, w, tabs_height(&g->ui, &t, w)),
              &t);
}

void gallery_rows(struct gallery *g)
{
    struct rect r = gallery_place(g, "Timeline", gallery_width(g, 640), 0);

    r.y += add_story(g, r,
                     (struct story_row){ .time = "09:38",
                                         .number = 3,
                                         .title = "Litter, Tanner's Row",
                                         .detail = "Notice WB-26-004183",
                                         .mark = MARK_REVIEWED,
                                         .mark_text = tr("Settled") });
    r.y += add_story(g, r,
                     (struct story_row){ .time = "09:52",
                                         .number = 4,
                                         .title = tr("Suspicious activity"),
                                         .detail = tr("What do you add?"),
                                         .has_question = true,
                                         .mark = MARK_SEALED,
                                         .mark_text = tr("Sealed") });
    r.y += add_story(g, r,
                     (struct story_row){ .time = "10:05",
                                         .number = 5,
                                         .title = "Street drinking",
                                         .detail = "Bus Station",
                                         .is_last = true });
    grow_line(g, r.y);
    gallery_break(g);
    add_tabs(g, "Tabs", 0);
    add_tabs(g, "Second chosen", 1);
    for (int i = 0; i < 2; i++) {
        const struct rect at = gallery_place(g, "Radio", 28, 28);

        radio_draw(&g->ui, at.x, at.y, i == 1);
    }
}

/* --- 10: steps, minutes, pairs --- */

void gallery_steps(struct gallery *g)
{
    const char *const labels[] = { tr("Fixed penalty"), tr("Note"),
                                   tr("Person"), tr("Today’s briefing"),
                                   tr("Sent") };
    const char *const keys[] = { "a", "b", "c", "d", "e" };
    struct steps s = { .id = gallery_id(g),
                       .labels = labels,
                       .keys = keys,
                       .count = 5,
                       .now = 2 };
    static const struct hotspot_bar bars[] = {
        { "Market Place", 22, 20, 24, 15, 30 },
        { "Tanner's Row", 9, 7, 11, 15, 30 },
        { "Abbey Close", 0, 0, 0, 15, 30 },
    };
    struct ui *ui = &g->ui;
    struct rect r = gallery_place(g, "Steps", gallery_width(g, 320), 0);

    grow_line(g, r.y + steps_list_draw(ui, r, &s));
    r = gallery_place(g, "Steps, portrait", gallery_width(g, 560), 0);
    grow_line(g, r.y + steps_bars_draw(ui, r, &s));
    gallery_break(g);
    r = gallery_place(g, "Minutes in each hotspot", gallery_width(g, 640), 0);
    for (size_t i = 0; i < ARRAY_LEN(bars); i++) {
        r.y += hotspot_bar_draw(ui, r, &bars[i]);
    }
    grow_line(g, r.y);
    gallery_break(g);
    r = gallery_place(g, "Pairs", gallery_width(g, 320), 0);
    r.y += pair_draw(ui, r, tr("Held by the server"), "215") + 8;
    r.y += pair_draw(ui, r, tr("Notebook entries"), "217");
    grow_line(g, r.y);
}

/* --- 11: errors, nothing there --- */

void gallery_errors(struct gallery *g)
{
    const struct error_card wrong = {
        .title = tr("No camera"),
        .words = tr("This did not work. Your records are safe."),
        .act = { .kind = BUTTON_PRIMARY_SMALL,
                 .id = gallery_id(g),
                 .label = tr("Send again") },
        .other = { .kind = BUTTON_QUIET,
                   .id = gallery_id(g),
                   .label = tr("Go on") },
        .code = "E-0412",
    };
    const struct error_card bare = { .title = tr("Entry written"),
                                     .words = tr("Do not write on. Tell your "
                                                 "team leader.") };
    struct rect r =
        gallery_place(g, "Error with what to do", gallery_width(g, 380), 0);

    grow_line(g, r.y + error_card_draw(&g->ui, r, &wrong));
    r = gallery_place(g, "Nothing to press", gallery_width(g, 380), 0);
    grow_line(g, r.y + error_card_draw(&g->ui, r, &bare));
    r = gallery_place(g, "Empty", gallery_width(g, 300), 0);
    grow_line(g,
              r.y + empty_draw(&g->ui, r, ICON_CHECK_O, tr("Nothing waiting"),
                               tr("The server holds each one, checked byte "
                                  "for byte.")));
}
