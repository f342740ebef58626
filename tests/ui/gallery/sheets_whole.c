/* sheets_whole.c - what stands over or fills a screen: the notebook's page,
 * dialogs, keyboards, toasts (gallery.h). */
#include <stdio.h>
#include <string.h>

#include "tests/ui/gallery/gallery.h"
#include "ui/controls.h"
#include "ui/kit/board.h"
#include "ui/kit/field.h"
#include "ui/kit/keyboard.h"
#include "ui/kit/tr.h"
#include "ui/page.h"
#include "ui/sheet.h"
#include "ui/toast.h"

#define BOARDS 5

/* --- 13: the notebook's page, each kind of entry --- */

static struct view_entry *add_entry(struct view_notebook *v, const char *text)
{
    struct view_entry *e = &v->entries[v->entry_count];

    e->number = 211 + v->entry_count++;
    e->made_ms = FAKE_NOW_MS;
    e->fits = true;
    snprintf(e->text, sizeof(e->text), "%s", text);
    return e;
}

static void fill_book(struct view_notebook *v)
{
    struct view_entry *e;

    snprintf(v->book, sizeof(v->book), "WB-PNB-0117");
    v->page = 42;
    v->page_count = 42;
    v->date_ms = FAKE_NOW_MS;
    (void)add_entry(v, "Taxi rank, Station Approach. Spoke to two drivers "
                       "about engines left running. Both switched off.");
    e = add_entry(v, "Slim man, brown jacket, dropped a food carton.");
    e->strike_from = 10;
    e->strike_to = 22;
    e->amended_by = 213;
    e = add_entry(v, "black jacket");
    e->amends = 212;
    e->bold_to = 12;
    add_entry(v, "She will store it until collection.")->late_for_ms =
        FAKE_NOW_MS - 2400000;
    add_entry(v, "Notice 004183 issued.")->by_beatbook = true;
    add_entry(v, "Bridge Street, nothing seen.")->fits = false;
    add_entry(v, "Rough sleeper, Abbey doorway.")->has_conflict = true;
    v->misfit = 216;
}

void gallery_page(struct gallery *g)
{
    static struct view_notebook v;
    const int w = gallery_width(g, 760);
    struct rect r = gallery_place(g, "Notebook page", w, 0);

    memset(&v, 0, sizeof(v));
    fill_book(&v);
    g->line = r.y - g->y + page_draw(&g->ui, r, &v, 212);
}

/* --- 14: a dialog --- */

void gallery_dialog(struct gallery *g)
{
    struct sheet sheet = { .title = tr("Remove photo"),
                           .width = 464,
                           .cancel = tr("Keep it"),
                           .done = tr("Delete"),
                           .is_danger = true };
    const struct rect r = sheet_begin(&g->ui, &sheet);
    const int h = ui_text(&g->ui, r, TYPE_BODY, COLOR_TEXT, 0,
                          tr("This did not work. Your records are safe."));

    sheet_end(&g->ui, &sheet, r.y + h);
}

/* --- 15: keyboards --- */

static void draw_board(struct gallery *g, int board, int page)
{
    struct ui *ui = &g->ui;
    struct rect r = gallery_place(g, "", 0, 0);

    ui->keyboard_board = board;
    ui->keyboard_page = page;
    ui->shows_keyboard = true;
    g->line = keyboard_height(ui);
    ui->height = r.y + g->line; /* it stands on the lower edge */
    keyboard_draw(ui);
    ui->shows_keyboard = false;
    ui->keyboard_page = BOARD_LETTERS;
    ui_part(ui, UI_CONTENT);
    gallery_break(g);
    if (page != BOARD_NUMBERS) { /* one name, many boards */
        ui->target_count = 0;
    }
}

void gallery_keyboards(struct gallery *g)
{
    for (int board = 1; board <= BOARDS; board++) {
        draw_board(g, board, BOARD_LETTERS);
    }
    draw_board(g, 1, BOARD_SIGNS);
    draw_board(g, 1, BOARD_NUMBERS);
    g->ui.keyboard_board = 0;
}

/* --- 16: toasts --- */

void gallery_toasts(struct gallery *g)
{
    static const struct view_told told[] = {
        { .told = TOLD_SAVED },
        { .told = TOLD_CHECKED_IN },
        { .told = TOLD_FAILED, .err = ERR_FULL },
        { .told = TOLD_SOS_NOT_SENT },
    };
    struct ui *ui = &g->ui;

    ui->has_actions = true;
    for (size_t i = 0; i < ARRAY_LEN(told); i++) {
        const struct rect r = gallery_place(g, "", 0, 0);

        g->line = ui_line(ui, TYPE_LABEL) * 3 + 48;
        ui->height = r.y + g->line;
        toast_draw(ui, &told[i]);
        gallery_break(g);
    }
}
