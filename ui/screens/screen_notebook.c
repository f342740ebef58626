/* screen_notebook.c - the pocket notebook: in order, nothing changed. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/page.h"
#include "ui/screens/photo.h"
#include "ui/sheet.h"
#include "ui/sign.h"

#define LATE_STEP_MIN 5
#define MINUTE_MS     ((int64_t)60000)

enum book_sheet { BOOK_NO_SHEET, BOOK_WRITES, BOOK_AMENDS };

struct notebook_model {
    int chosen; /* entry number; 0: the latest */
    enum book_sheet sheet;
    char text[VIEW_NOTE_SIZE]; /* of the new entry, or the right words */
    char wrong[VIEW_LINE_SIZE];
    char reason[VIEW_LINE_SIZE];
    int late_min; /* 0: for now */
    uint32_t found_count;
    bool is_wrong_missing;
    struct photo_page photo;
    struct sign sign;
};

/* A line that was begun and not written, before a kill or a walk to another
 * screen, is there again. */
static void begin_entry(struct notebook_model *m, struct nav *nav)
{
    m->sheet = BOOK_WRITES;
    (void)snprintf(m->text, sizeof(m->text), "%s",
                   app_views(nav->app)->notebook.draft);
}

/* "wrong", "right", "reason", each in a line. */
static void take_line(const char **from, char *out, size_t size)
{
    const char *end = strchr(*from, '\n');
    const size_t len = end != NULL ? (size_t)(end - *from) : strlen(*from);

    snprintf(out, size, "%.*s", (int)len, *from);
    *from += end != NULL ? len + 1 : len;
}

/* The same of an amendment, when its entry is on this page. */
static void begin_amend(struct notebook_model *m, const struct view_entry *e,
                        struct nav *nav)
{
    const char *kept;
    char about[16];

    if (e == NULL) {
        return;
    }
    snprintf(about, sizeof(about), "%d", e->number);
    kept = view_kept_text(&app_views(nav->app)->kept, KEPT_AMEND, about);
    m->chosen = e->number;
    m->sheet = BOOK_AMENDS;
    take_line(&kept, m->wrong, sizeof(m->wrong));
    take_line(&kept, m->text, VIEW_LINE_SIZE);
    take_line(&kept, m->reason, sizeof(m->reason));
}

static void keep_amend(const struct notebook_model *m, struct nav *nav)
{
    char text[3 * VIEW_LINE_SIZE + 4];
    char about[16];

    snprintf(about, sizeof(about), "%d", m->chosen);
    snprintf(text, sizeof(text), "%s\n%.*s\n%s", m->wrong, VIEW_LINE_SIZE - 1,
             m->text, m->reason);
    nav_keep(nav, KEPT_AMEND, about, text[2] == '\0' ? "" : text);
}

static const struct view_entry *begun_of(const struct views *v)
{
    char about[16];

    for (int i = 0; i < v->notebook.entry_count; i++) {
        snprintf(about, sizeof(about), "%d", v->notebook.entries[i].number);
        if (view_kept_text(&v->kept, KEPT_AMEND, about)[0] != '\0') {
            return &v->notebook.entries[i];
        }
    }
    return NULL;
}

static void notebook_enter(void *model, struct nav *nav)
{
    struct notebook_model *m = model;

    m->found_count = app_views(nav->app)->notebook.found_count;
    if (app_views(nav->app)->notebook.draft[0] != '\0') {
        begin_entry(m, nav);
    } else {
        begin_amend(m, begun_of(app_views(nav->app)), nav);
    }
}

/* From the map: the line about a record. */
static enum go notebook_changed(void *model, struct nav *nav)
{
    struct notebook_model *m = model;
    const struct view_notebook *v = &app_views(nav->app)->notebook;

    if (v->found_count != m->found_count) {
        m->found_count = v->found_count;
        m->chosen = v->found;
    }
    return GO_STAY;
}

static const struct view_entry *chosen_entry(const struct notebook_model *m,
                                             const struct view_notebook *v)
{
    const struct view_entry *e = NULL;

    for (int i = 0; i < v->entry_count; i++) {
        e = &v->entries[i];
        if (e->number == m->chosen) {
            return e;
        }
    }
    return e; /* the page's last, or NULL */
}

/* --- handle --- */

/* Each letter is kept: a kill loses the last one at most. */
static void keep(const char *text, struct nav *nav)
{
    const enum err err = app_keep_entry(nav->app, text);

    if (err) {
        nav_failed(nav, err);
    }
}

static void close_sheet(struct notebook_model *m)
{
    m->sheet = BOOK_NO_SHEET;
    m->text[0] = '\0';
    m->wrong[0] = '\0';
    m->reason[0] = '\0';
    m->late_min = 0;
    m->is_wrong_missing = false;
}

static enum err write_entry(const struct notebook_model *m, struct nav *nav)
{
    const int64_t now = app_views(nav->app)->status.now_ms;

    return app_add_entry(nav->app, m->text,
                         m->late_min > 0 ? now - m->late_min * MINUTE_MS : 0);
}

static void finish(struct notebook_model *m, struct nav *nav)
{
    const struct view_notebook *v = &app_views(nav->app)->notebook;
    const struct view_entry *e = chosen_entry(m, v);
    const char *at;
    enum err err;

    if (m->sheet == BOOK_WRITES) {
        err = write_entry(m, nav);
    } else {
        at =
            e != NULL && m->wrong[0] != '\0' ? strstr(e->text, m->wrong) : NULL;
        m->is_wrong_missing = at == NULL;
        if (at == NULL) {
            return;
        }
        err = app_amend_entry(nav->app, e->number, (int)(at - e->text),
                              (int)(at - e->text) + (int)strlen(m->wrong),
                              m->text, m->reason);
    }
    if (err) {
        nav_failed(nav, err); /* what was typed stays */
        return;
    }
    close_sheet(m);
    ui_forget(&nav->ui);
}

static void edit(struct notebook_model *m, const struct ui_event *ev,
                 struct nav *nav)
{
    if (ev->index == 0) {
        snprintf(m->text, sizeof(m->text), "%s", ev->text);
        if (m->sheet == BOOK_WRITES) {
            keep(m->text, nav);
        }
    } else if (ev->index == 1) {
        snprintf(m->wrong, sizeof(m->wrong), "%.*s", VIEW_LINE_SIZE - 1,
                 ev->text);
        m->is_wrong_missing = false;
    } else {
        snprintf(m->reason, sizeof(m->reason), "%.*s", VIEW_LINE_SIZE - 1,
                 ev->text);
    }
    if (m->sheet == BOOK_AMENDS) {
        keep_amend(m, nav);
    }
}

static enum go sheet_event(struct notebook_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    if (ev->kind == UI_EDITED) {
        edit(m, ev, nav);
    } else if (ev->kind == UI_GO_BACK || ev->id == CTL_SHEET_CANCEL) {
        if (m->sheet == BOOK_WRITES && m->text[0] != '\0') {
            keep("", nav);
        } else if (m->sheet == BOOK_AMENDS) {
            nav_keep(nav, KEPT_AMEND, "", "");
        }
        close_sheet(m);
        ui_forget(&nav->ui);
    } else if (ev->id == CTL_SHEET_LESS) {
        m->late_min += LATE_STEP_MIN;
    } else if (ev->id == CTL_SHEET_MORE) {
        m->late_min -= m->late_min > 0 ? LATE_STEP_MIN : 0;
    } else if (ev->id == CTL_SHEET_DONE || ev->kind == UI_SAVE) {
        if (m->text[0] != '\0') {
            finish(m, nav);
        }
    }
    return GO_STAY;
}

static enum go sign_it(struct notebook_model *m, const struct ui_event *ev,
                       struct nav *nav)
{
    struct hand hand;
    enum err err = ERR_OK;

    if (sign_event(&m->sign, ev, &nav->ui, &hand) == SIGN_DONE) {
        err = app_sign(nav->app, CMD_SIGN_BOOK, NULL, &hand);
    }
    if (err) {
        nav_failed(nav, err);
    }
    return GO_STAY;
}

static enum go notebook_handle(void *model, const struct ui_event *ev,
                               struct nav *nav)
{
    struct notebook_model *m = model;
    const struct view_notebook *v = &app_views(nav->app)->notebook;
    const struct view_entry *e;
    enum err err = ERR_OK;

    if (photo_page_is_open(&m->photo)) {
        return photo_page_event(&m->photo, ev, nav);
    }
    if (m->sign.is_open) {
        return sign_it(m, ev, nav);
    }
    if (m->sheet != BOOK_NO_SHEET) {
        return sheet_event(m, ev, nav);
    }
    if (ev->kind == UI_NEW) {
        begin_entry(m, nav);
        return GO_STAY;
    }
    if (ev->kind != UI_TAP) {
        return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
    }
    switch (ev->id) {
    case CTL_BOOK_ENTRY:
        m->chosen =
            ev->index < v->entry_count ? v->entries[ev->index].number : 0;
        break;
    case CTL_BOOK_NEW:
        begin_entry(m, nav);
        break;
    case CTL_BOOK_AMEND:
        begin_amend(m, chosen_entry(m, v), nav);
        break;
    case CTL_BOOK_EXHIBIT:
        e = chosen_entry(m, v);
        if (e != NULL && e->photo[0] != '\0') {
            photo_page_open(&m->photo, e->photo, nav);
        }
        break;
    case CTL_BOOK_SIGN:
        sign_open(&m->sign, &nav->ui);
        break;
    case CTL_BOOK_SETTLE:
        e = chosen_entry(m, v);
        err = e != NULL ? app_open_conflict(nav->app, e->about) : ERR_OK;
        if (!err && e != NULL) {
            return GO_CONFLICT;
        }
        break;
    case CTL_BOOK_BEFORE:
        err = app_open_page(nav->app, v->page - 1);
        break;
    case CTL_BOOK_AFTER:
        err = app_open_page(nav->app, v->page + 1);
        break;
    default:
        break;
    }
    if (err) {
        nav_failed(nav, err);
    }
    return GO_STAY;
}

/* --- draw: the side --- */

static int fact(struct ui *ui, struct rect r, const char *what,
                const char *value)
{
    const int w = ui_text_width(ui, TYPE_SMALL_B, value);
    const int room = r.w - w - 12;
    int h;

    if (room < 120) {
        h = ui_text(ui, r, TYPE_SMALL, COLOR_TEXT_2, 0, what);
        return h + ui_text(ui, rect_make(r.x, r.y + h, r.w, 0), TYPE_SMALL_B,
                           COLOR_TEXT, 0, value);
    }
    (void)ui_text(ui, rect_make(r.x + r.w - w, r.y, w, 0), TYPE_SMALL_B,
                  COLOR_TEXT, 0, value);
    return ui_text(ui, rect_make(r.x, r.y, room, 0), TYPE_SMALL, COLOR_TEXT_2,
                   0, what);
}

static int draw_chain(struct ui *ui, struct rect r,
                      const struct view_notebook *v)
{
    const char *title =
        v->chain_fits
            ? ui_fmt(ui,
                     trn("%d entry checks out", "All %d entries check out",
                         (unsigned long)v->total_count),
                     v->total_count)
            : ui_fmt(ui, tr("Entry %d does not fit"), v->misfit);
    const char *line = v->chain_fits
                           ? ui_fmt(ui, tr("Checked on this tablet, %s"),
                                    ui_iso(ui, fmt_time(ui, v->checked_ms)))
                           : tr("Do not write on. Tell your team leader.");
    const int icon = ui_icon_size(ui, 36);
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    const int x = in.x + icon + 12;
    int y = r.y + 17;

    ui_icon(ui, in.x, y + 6, icon, v->chain_fits ? ICON_SEAL : ICON_ALERT,
            v->chain_fits ? COLOR_OK_TEXT : COLOR_DANGER_TEXT);
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_LABEL,
                 v->chain_fits ? COLOR_TEXT : COLOR_DANGER_TEXT, 0, title);
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, line);
    y += 14;
    ui_hline(ui, in.x, y, in.w, COLOR_LINE);
    y += 13;
    y += fact(ui, rect_make(in.x, y, in.w, 0), tr("Held by the server"),
              v->held_to > 0 ? ui_fmt(ui, tr("to entry %d"), v->held_to)
                             : tr("nothing yet"));
    if (v->inspector[0] != '\0') {
        y += 6;
        y += fact(ui, rect_make(in.x, y, in.w, 0),
                  ui_fmt(ui, tr("Inspected by %s"), ui_iso(ui, v->inspector)),
                  ui_fmt(ui, tr("to page %d"), v->inspected_page));
    }
    if (v->signature.by[0] != '\0') {
        y += 6;
        y += fact(ui, rect_make(in.x, y, in.w, 0), tr("Signed off"),
                  ui_fmt(ui, tr("to entry %d"), v->signature.to));
    }
    y += 17;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static const struct view_entry *entry_of(const struct view_notebook *v,
                                         int number)
{
    for (int i = 0; number != 0 && i < v->entry_count; i++) {
        if (v->entries[i].number == number) {
            return &v->entries[i];
        }
    }
    return NULL;
}

static int step(struct ui *ui, struct rect r, bool is_done, const char *line)
{
    (void)ui_box(ui, rect_make(r.x, r.y + 6, 12, 12),
                 is_done ? COLOR_TEXT : COLOR_NONE, COLOR_TEXT, S_BORDER_STRONG,
                 6);
    return ui_text(ui, rect_make(r.x + 24, r.y, r.w - 24, 0), TYPE_SMALL,
                   COLOR_TEXT_2, 0, line);
}

static const char *part_of(struct ui *ui, const char *text, int from, int to)
{
    return draw_keep(&ui->list, text + from, (size_t)(to - from));
}

static int draw_amended(struct ui *ui, struct rect r,
                        const struct view_notebook *v,
                        const struct view_entry *e)
{
    const struct view_entry *by = entry_of(v, e->amended_by);
    const char *old = part_of(ui, e->text, e->strike_from, e->strike_to);
    const struct text_span span = { 0, (uint16_t)strlen(old), TEXT_STRIKE,
                                    ui_rgb(ui, COLOR_DANGER_TEXT) };
    int y = r.y;

    y += ui_text_spans(ui, rect_make(r.x + 24, y, r.w - 24, 0), TYPE_BODY,
                       COLOR_TEXT, old, &span, 1) +
         12;
    if (by == NULL) { /* on another page */
        return y - r.y +
               step(ui, rect_make(r.x, y, r.w, 0), true,
                    ui_fmt(ui, tr("Amended by entry %d"), e->amended_by));
    }
    y += step(ui, rect_make(r.x, y, r.w, 0), true,
              ui_fmt(ui, tr("Amended %s, %s, entry %d"),
                     ui_iso(ui, fmt_time(ui, by->made_ms)),
                     ui_iso(ui, v->author), by->number));
    y += ui_text(ui, rect_make(r.x + 24, y, r.w - 24, 0), TYPE_BODY_B,
                 COLOR_TEXT, 0,
                 part_of(ui, by->text, by->bold_from, by->bold_to));
    if (by->reason[0] != '\0') {
        y += ui_text(ui, rect_make(r.x + 24, y, r.w - 24, 0), TYPE_SMALL,
                     COLOR_TEXT_2, 0,
                     ui_fmt(ui, tr("Reason: %s"), ui_iso(ui, by->reason)));
    }
    return y - r.y;
}

static int draw_exhibit(struct ui *ui, struct rect r,
                        const struct view_entry *e, const struct app *app)
{
    const struct image *image = app_image(app, e->image);
    int y = r.y + 8;

    if (image == NULL) {
        return 0;
    }
    (void)draw_image(&ui->list, rect_make(r.x, r.y, 88, 88), image, R_FIELD);
    if (e->photo[0] != '\0') {
        ui_target(ui, rect_make(r.x, r.y, 88, 88), CTL_BOOK_EXHIBIT, 0, NULL,
                  R_FIELD, 0, tr("Open the photo"));
    }
    y += ui_text(ui, rect_make(r.x + 100, y, r.w - 100, 0), TYPE_SMALL_B,
                 COLOR_TEXT, 0,
                 e->photo_count > 1 ? ui_fmt(ui,
                                             trn("%d photo", "%d photos",
                                                 (unsigned long)e->photo_count),
                                             e->photo_count)
                                    : tr("Photo"));
    y += ui_text(ui, rect_make(r.x + 100, y, r.w - 100, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, e->exhibit);
    return y - r.y < 88 ? 88 : y - r.y;
}

/* Two people wrote into the record that the line is about. */
static int draw_split(struct ui *ui, struct rect r)
{
    const struct button settle = { .kind = BUTTON_SECONDARY,
                                   .id = CTL_BOOK_SETTLE,
                                   .icon = ICON_SPLIT,
                                   .label = tr("See both, settle") };
    int y = r.y;

    badge_draw(ui, r.x, y, BADGE_CONFLICT, ICON_SPLIT, tr("2 versions"));
    y += badge_height(ui) + 12;
    r.h = button_height(ui, &settle, r.w);
    button_draw(ui, rect_make(r.x, y, r.w, r.h), &settle);
    return y + r.h - r.y;
}

static int draw_detail(struct ui *ui, struct rect r,
                       const struct view_notebook *v,
                       const struct view_entry *e, const struct app *app,
                       int least)
{
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    const bool is_amended = e->amended_by != 0;
    const char *badge = tr("Amended once");
    const char *title = ui_fmt(ui, tr("Entry %d"), e->number);
    int y = r.y + 17;
    int h;

    if (is_amended) {
        const int w = badge_width(ui, ICON_LINK, badge);
        const bool stacked =
            w + ui_text_width(ui, TYPE_TITLE_S, title) + 12 > in.w;

        badge_draw(ui, stacked ? in.x : in.x + in.w - w,
                   stacked ? y + ui_line(ui, TYPE_TITLE_S) : y, BADGE_WARN,
                   ICON_LINK, badge);
        y += stacked ? badge_height(ui) : 0;
        (void)ui_text(ui,
                      rect_make(in.x, stacked ? y - badge_height(ui) : y,
                                stacked ? in.w : in.w - w - 12, 0),
                      TYPE_TITLE_S, COLOR_TEXT, 0, title);
        y += ui_line(ui, TYPE_TITLE_S);
    } else {
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_TITLE_S, COLOR_TEXT,
                     0, title);
    }
    y += 14;
    y += step(ui, rect_make(in.x, y, in.w, 0), !is_amended,
              e->by_beatbook ? ui_fmt(ui, tr("Written %s, by Beatbook"),
                                      ui_iso(ui, fmt_time(ui, e->made_ms)))
                             : ui_fmt(ui, tr("Written %s, %s"),
                                      ui_iso(ui, fmt_time(ui, e->made_ms)),
                                      ui_iso(ui, v->author)));
    y += 2;
    if (is_amended) {
        y += draw_amended(ui, rect_make(in.x, y, in.w, 0), v, e) + 14;
    } else {
        y += 12;
    }
    if (e->has_conflict) {
        y += draw_split(ui, rect_make(in.x, y, in.w, 0)) + 16;
    }
    h = sign_show(ui, rect_make(in.x, y, in.w, 0), &e->signature, false,
                  v->date_ms);
    y += h > 0 ? h + 16 : 0;
    y += draw_exhibit(ui, rect_make(in.x, y, in.w, 0), e, app) + 20;
    y = y - r.y < least ? r.y + least : y;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- draw: sheets --- */

static void draw_write(struct ui *ui, const struct notebook_model *m,
                       int64_t now_ms)
{
    struct sheet sheet = { .title = tr("New entry"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Write it"),
                           .is_off = m->text[0] == '\0' };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field text = { .id = CTL_SHEET_FIELD,
                                .label = tr("What you saw, did or were told"),
                                .text = m->text,
                                .lines = 4 };
    const char *when =
        m->late_min == 0
            ? ui_fmt(ui, tr("Now, %s"), ui_iso(ui, fmt_time(ui, now_ms)))
            : fmt_time(ui, now_ms - m->late_min * MINUTE_MS);
    int y = r.y;

    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &text) + 16;
    y += label_draw(ui, rect_make(r.x, y, r.w, 0), tr("For what time?"), false);
    stepper_draw(ui, rect_make(r.x, y, r.w, stepper_height(ui)), CTL_SHEET_LESS,
                 CTL_SHEET_MORE, when, false, m->late_min == 0);
    y += stepper_height(ui);
    if (m->late_min > 0) {
        y += 8 + ui_text(ui, rect_make(r.x, y + 8, r.w, 0), TYPE_SMALL,
                         COLOR_TEXT_2, 0, tr("It will be marked late."));
    }
    if (sheet.is_off) {
        y += 12;
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     tr("To write it, say something."));
    }
    sheet_end(ui, &sheet, y);
}

static void draw_amend(struct ui *ui, const struct notebook_model *m,
                       const struct view_entry *e)
{
    struct sheet sheet = { .title = ui_fmt(ui, tr("Amend entry %d"), e->number),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Write it"),
                           .is_off =
                               m->text[0] == '\0' || m->wrong[0] == '\0' };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field wrong = {
        .id = CTL_SHEET_FIELD,
        .index = 1,
        .label = tr("Words that are wrong"),
        .text = m->wrong,
        .error = m->is_wrong_missing
                     ? tr("These words are not in the entry. Copy them as "
                          "they stand.")
                     : NULL,
        .lines = 1,
        .most = VIEW_LINE_SIZE - 1
    };
    const struct field right = { .id = CTL_SHEET_FIELD,
                                 .label = tr("Right words"),
                                 .text = m->text,
                                 .lines = 1,
                                 .most = VIEW_LINE_SIZE - 1 };
    const struct field reason = { .id = CTL_SHEET_FIELD,
                                  .index = 2,
                                  .label = tr("Reason"),
                                  .text = m->reason,
                                  .lines = 1,
                                  .most = VIEW_LINE_SIZE - 1 };
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 e->text) +
         16;
    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &wrong) + 12;
    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &right) + 12;
    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &reason);
    if (sheet.is_off) {
        y += 12;
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     m->wrong[0] == '\0'
                         ? tr("To write it, say which words are wrong.")
                         : tr("To write it, say the right words."));
    }
    sheet_end(ui, &sheet, y);
}

/* --- draw --- */

static void draw_side(struct ui *ui, struct rect r,
                      const struct view_notebook *v, const struct view_entry *e,
                      const struct app *app)
{
    const struct button add = { .kind = BUTTON_PRIMARY,
                                .id = CTL_BOOK_NEW,
                                .icon = ICON_PLUS,
                                .label = tr("New entry") };
    const struct button amend = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_BOOK_AMEND,
                                  .icon = ICON_LINK,
                                  .label = tr("Amend this entry") };
    const int add_h = button_height(ui, &add, r.w);
    const int amend_h = button_height(ui, &amend, r.w);
    struct rect foot;
    int y;

    foot = rect_cut_bottom(&r, add_h);
    (void)rect_cut_bottom(&r, 16);
    if (e != NULL) {
        button_draw(ui, rect_cut_bottom(&r, amend_h), &amend);
        (void)rect_cut_bottom(&r, 16);
    }
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r);
    y += draw_chain(ui, rect_make(r.x, y, r.w, 0), v);
    if (e != NULL) {
        y += 16;
        y += draw_detail(ui, rect_make(r.x, y, r.w, 0), v, e, app,
                         r.y + r.h - y);
    }
    ui_scroll_end(ui, y);
    button_draw(ui, foot, &add);
}

static void draw_narrow(struct ui *ui, struct frame_areas areas,
                        const struct view_notebook *v,
                        const struct view_entry *e, const struct app *app)
{
    const struct rect r = areas.main;
    const struct button add = { .kind = BUTTON_PRIMARY,
                                .id = CTL_BOOK_NEW,
                                .icon = ICON_PLUS,
                                .label = tr("New entry") };
    const struct button amend = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_BOOK_AMEND,
                                  .icon = ICON_LINK,
                                  .label = tr("Amend") };
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;

    y +=
        page_draw(ui, rect_make(r.x, y, r.w, 0), v, e != NULL ? e->number : 0) +
        16;
    y += draw_chain(ui, rect_make(r.x, y, r.w, 0), v) + 16;
    if (e != NULL) {
        y += draw_detail(ui, rect_make(r.x, y, r.w, 0), v, e, app, 0) + 16;
    }
    ui_scroll_end(ui, y + 4);
    ui_part(ui, UI_ACTIONS);
    button_at_end(ui, &areas.actions, 16, &add);
    if (e != NULL && button_width(ui, &amend) <= areas.actions.w) {
        button_at_end(ui, &areas.actions, 16, &amend);
    }
    ui_part(ui, UI_CONTENT);
}

static void notebook_draw(const void *model, const struct app *app,
                          struct ui *ui)
{
    const struct notebook_model *m = model;
    const struct views *v = app_views(app);
    const struct view_entry *e = chosen_entry(m, &v->notebook);
    const bool is_wide = !frame_is_portrait(ui) && ui->width > 1100 &&
                         ui->height >= 720 && ui->percent < 125;
    const struct frame frame = { .title = tr("Pocket notebook"),
                                 .badge = tr("OFFICIAL"),
                                 .place = 2,
                                 .has_actions = !is_wide };
    struct frame_areas areas;

    if (photo_page_is_open(&m->photo)) {
        photo_page_draw(&m->photo, app, ui);
        return;
    }
    areas = frame_draw(ui, &v->status, &frame);
    if (is_wide) {
        const struct rect r = rect_inset(areas.main, 0, S_MARGIN);

        (void)page_draw(ui, rect_columns(r, 0, 8), &v->notebook,
                        e != NULL ? e->number : 0);
        draw_side(ui, rect_columns(r, 8, 4), &v->notebook, e, app);
    } else {
        draw_narrow(ui, areas, &v->notebook, e, app);
    }
    if (m->sign.is_open) {
        sign_draw(ui, &m->sign, tr("Sign off page"),
                  ui_fmt(ui, tr("You sign your notebook to entry %d."),
                         v->notebook.total_count),
                  tr("Sign notebook"));
    } else if (m->sheet == BOOK_WRITES) {
        draw_write(ui, m, v->status.now_ms);
    } else if (m->sheet == BOOK_AMENDS && e != NULL) {
        draw_amend(ui, m, e);
    }
}

const struct screen screen_notebook = {
    .name = "notebook",
    .model_size = sizeof(struct notebook_model),
    .enter = notebook_enter,
    .handle = notebook_handle,
    .draw = notebook_draw,
    .changed = notebook_changed,
};
