#include "ui/screens/begun.h"

#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/paint.h"
#include "ui/kit/tr.h"
#include "ui/sheet.h"

/* --- handle --- */

static enum go open_log(struct nav *nav, const struct begun_model *m,
                        const char *kind, const char *draft)
{
    enum err err;

    if (strcmp(kind, VIEW_ENTRY) == 0) {
        return GO_NOTEBOOK;
    }
    err = app_open_log(nav->app, kind, draft, m->has_spot ? &m->spot : NULL);
    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return strcmp(kind, "asb") == 0 ? GO_LOG : GO_FORM;
}

static bool is_listed(const struct begun_model *m, const struct view_begun *b)
{
    return m->kind[0] == '\0' || strcmp(m->kind, b->kind) == 0;
}

static bool has_any(const struct begun_model *m, const struct view_home *h)
{
    bool has = false;

    for (int i = 0; i < h->begun_count; i++) {
        has |= is_listed(m, &h->begun[i]);
    }
    return has;
}

enum go begun_open(struct begun_model *m, struct nav *nav, const char *kind,
                   const struct log_spot *spot)
{
    *m = (struct begun_model){ .has_spot = spot != NULL };
    snprintf(m->kind, sizeof(m->kind), "%s", kind);
    if (spot != NULL) {
        m->spot = *spot;
    }
    if (has_any(m, &app_views(nav->app)->home)) {
        m->is_open = true;
        return GO_STAY;
    }
    return open_log(nav, m, kind, "");
}

enum go begun_resume(struct begun_model *m, struct nav *nav)
{
    const struct view_home *h = &app_views(nav->app)->home;

    *m = (struct begun_model){ .is_open = h->begun_count > 1 };
    return h->begun_count == 1
               ? open_log(nav, m, h->begun[0].kind, h->begun[0].id)
               : GO_STAY;
}

bool begun_handle(struct begun_model *m, const struct ui_event *ev,
                  struct nav *nav, enum go *go_out)
{
    const struct view_home *h = &app_views(nav->app)->home;

    if (!m->is_open) {
        return false;
    }
    *go_out = GO_STAY;
    if (ev->kind == UI_GO_BACK ||
        (ev->kind == UI_TAP && ev->id == CTL_SHEET_CANCEL)) {
        m->is_open = false;
        *go_out = GO_HERE;
    } else if (ev->kind == UI_TAP && ev->id == CTL_BEGUN_NEW) {
        m->is_open = false;
        *go_out = open_log(nav, m, m->kind, "");
    } else if (ev->kind == UI_TAP && ev->id == CTL_BEGUN_DRAFT &&
               ev->index < h->begun_count) {
        m->is_open = false;
        *go_out =
            open_log(nav, m, h->begun[ev->index].kind, h->begun[ev->index].id);
    }
    return true;
}

/* --- draw --- */

const char *begun_title(struct ui *ui, const struct view_begun *b)
{
    return ui_iso(ui, b->words[0] != '\0' ? b->words : tr(b->what));
}

static const char *head_of(struct ui *ui, const struct view_begun *b,
                           int64_t now_ms)
{
    if (b->at_ms == 0) {
        return tr("Go on with the line for the notebook");
    }
    return ui_fmt(ui, tr("Go on with the draft from %s"),
                  ui_iso(ui, fmt_when(ui, b->at_ms, now_ms)));
}

static const char *detail_of(struct ui *ui, const struct view_begun *b)
{
    if (b->words[0] == '\0' || b->at_ms == 0) {
        return begun_title(ui, b);
    }
    return ui_fmt(ui, "%s · %s", ui_iso(ui, tr(b->what)), ui_iso(ui, b->words));
}

struct row {
    uint16_t id;
    int index;
    const char *key;
    enum icon icon;
    const char *head, *detail;
};

/* Returns where it ends. */
static int draw_row(struct ui *ui, struct rect r, const struct row *row)
{
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int room = r.w - 36 - icon - 16;
    const int head = ui_text_height(ui, TYPE_LABEL, row->head, room);
    int y = r.y + 14;

    r.h = head + ui_text_height(ui, TYPE_SMALL, row->detail, room) + 28;
    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG, S_BORDER, R_CARD);
    ui_icon(ui, r.x + 18, r.y + (r.h - icon) / 2, icon, row->icon, COLOR_TEXT);
    r.x += 18 + icon + 16;
    y += ui_text(ui, rect_make(r.x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 row->head);
    (void)ui_text(ui, rect_make(r.x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                  row->detail);
    r.x -= 18 + icon + 16;
    ui_target(ui, r, row->id, (uint16_t)row->index, row->key, R_CARD, 0,
              row->head);
    return r.y + r.h;
}

static const char *question(const struct begun_model *m)
{
    return m->kind[0] == '\0' ? tr("Which draft?")
           : m->has_spot      ? tr("Go on with a draft, at this place?")
                              : tr("Go on with a draft?");
}

void begun_draw(struct ui *ui, const struct begun_model *m,
                const struct views *v)
{
    struct sheet sheet = { .title = question(m), .width = 640 };
    const struct view_home *h = &v->home;
    struct row row = { .id = CTL_BEGUN_DRAFT, .icon = ICON_EDIT };
    struct rect r;
    int y;

    if (!m->is_open) {
        return;
    }
    r = sheet_begin(ui, &sheet);
    y = r.y;
    ui_group_begin(ui);
    for (int i = 0; i < h->begun_count; i++) {
        if (!is_listed(m, &h->begun[i])) {
            continue;
        }
        row.index = i;
        row.key = fmt_number(ui, i + 1);
        row.head = head_of(ui, &h->begun[i], v->status.now_ms);
        row.detail = detail_of(ui, &h->begun[i]);
        y = draw_row(ui, rect_make(r.x, y, r.w, 0), &row) + 8;
    }
    if (m->kind[0] != '\0') {
        row = (struct row){ .id = CTL_BEGUN_NEW,
                            .icon = ICON_PLUS,
                            .head = tr("Start a new one"),
                            .detail = tr("What was begun stays a draft.") };
        y = draw_row(ui, rect_make(r.x, y, r.w, 0), &row) + 8;
    }
    ui_group_end(ui);
    sheet_end(ui, &sheet, y - 8);
}
