/* screen_library.c - what an officer looks up; also without a PIN. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/icons.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/library.h"
#include "ui/library_source.h"
#include "ui/nav.h"
#include "ui/screens/begun.h"

#define LIST_W 320

/* What is recorded less often than the home screen's tiles. */
static const struct {
    enum icon icon;
    const char *label;
    const char *kind;
} forms[] = {
    { ICON_SPEECH, N_("Engagement"), "engage" },
    { ICON_SHIELD, N_("Place survey"), "survey" },
    { ICON_KIT, N_("Asset check"), "asset" },
    { ICON_ID, N_("Training"), "training" },
};

#define WORDS 80 /* bytes of a search */

struct library_model {
    int chosen;
    bool is_picked; /* by touch: on a narrow screen it stands first */
    char words[WORDS];
    struct begun_model begun;
};

static void library_enter(void *model, struct nav *nav)
{
    struct library_model *m = model;

    if (nav->wants_help) {
        nav->wants_help = false;
        m->chosen = LIBRARY_HELP;
        m->is_picked = true;
    }
}

static enum go library_handle(void *model, const struct ui_event *ev,
                              struct nav *nav)
{
    struct library_model *m = model;
    enum go go;

    if (begun_handle(&m->begun, ev, nav, &go)) {
        return go;
    }
    if (ev->kind == UI_EDITED && ev->id == CTL_LIBRARY_SEARCH) {
        snprintf(m->words, sizeof(m->words), "%.*s", WORDS - 1, ev->text);
        return GO_STAY;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_LIBRARY_DOC) {
        m->chosen = ev->index;
        m->is_picked = true;
        m->words[0] = '\0';
        ui_forget(&nav->ui);
        memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls));
        return GO_STAY;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_LIBRARY_FORM) {
        return begun_open(&m->begun, nav, forms[ev->index].kind, NULL);
    }
    if (ev->kind == UI_GO_BACK ||
        (ev->kind == UI_TAP && ev->id == CTL_TOP_BACK)) {
        return GO_BACK;
    }
    return GO_STAY;
}

/* --- draw: items --- */

/* What lies outside of what can be seen is measured, not drawn: a page of
 * a hundred items costs no more than what is in sight of it. */
static bool is_seen(const struct ui *ui, int y, int h)
{
    return y + h > -S_MARGIN && y < ui->height + S_MARGIN;
}

static int number_height(const struct ui *ui)
{
    return ui_line(ui, TYPE_HEAD) + 4;
}

static bool is_named_before(const struct library_item *i, size_t at)
{
    const char *words = library_source(i->sources[at]);

    for (size_t s = 0; s < at; s++) {
        if (library_source(i->sources[s]) == words) {
            return true;
        }
    }
    return false;
}

/* "Source: ProtectUK; SCaN", each once; "" for what nobody has confirmed. */
static const char *sources_of(struct ui *ui, const struct library_item *i)
{
    const char *all = "";

    for (size_t s = 0; s < i->source_count; s++) {
        const char *words = library_source(i->sources[s]);

        if (words != NULL && !is_named_before(i, s)) {
            all = ui_fmt(ui, "%s%s%s", all, all[0] != '\0' ? "; " : "",
                         ui_iso(ui, tr(words)));
        }
    }
    return all[0] == '\0' ? "" : ui_fmt(ui, tr("Source: %s"), all);
}

/* What the officer's cards say of a power; NULL where they say nothing. */
static const char *held(const struct view_briefs *b,
                        const struct library_item *i)
{
    if (i->id[0] == '\0' || !b->cards.is_known) {
        return NULL;
    }
    return power_cards_have(&b->cards, i->id, b->today)
               ? tr("On your card")
               : tr("Not on your card");
}

static int item_height(struct ui *ui, int w, const struct library_item *i,
                       const struct view_briefs *b)
{
    int h = ui_text_height(ui, TYPE_TITLE_S, tr(i->title), w) +
            ui_text_height(ui, TYPE_BODY, tr(i->text), w) + 22;

    h += i->source_count > 0
             ? ui_text_height(ui, TYPE_CAPTION, sources_of(ui, i), w)
             : 0;
    h += i->number[0] != '\0' ? number_height(ui) : 0;
    return h + ((held(b, i) != NULL) + i->is_to_be_confirmed) *
                   (badge_height(ui) + 8);
}

/* Below each other: at 200 % they don't fit into a line. */
static void badges_draw(struct ui *ui, int x, int y,
                        const struct library_item *i,
                        const struct view_briefs *b)
{
    const char *card = held(b, i);
    const bool is_held =
        card != NULL && power_cards_have(&b->cards, i->id, b->today);

    if (card != NULL) {
        badge_draw(ui, x, y, is_held ? BADGE_OK : BADGE_PLAIN,
                   is_held ? ICON_CHECK : ICON_MINUS, card);
        y += badge_height(ui) + 8;
    }
    if (i->is_to_be_confirmed) {
        badge_draw(ui, x, y, BADGE_WARN, ICON_WARN,
                   tr("To be confirmed by the council"));
    }
}

static int item_draw(struct ui *ui, struct rect r, const struct library_item *i,
                     const struct view_briefs *b)
{
    const int h = item_height(ui, r.w, i, b);
    const int icon = ui_icon_size(ui, S_ICON_M);
    int y = r.y;

    if (!is_seen(ui, y, h)) {
        return h;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE_S, COLOR_TEXT, 0,
                 tr(i->title)) +
         2;
    if (i->number[0] != '\0') {
        ui_icon(ui, r.x, y + (number_height(ui) - icon) / 2, icon, ICON_PHONE,
                COLOR_PRIMARY_TEXT);
        (void)ui_text(
            ui,
            rect_make(r.x + icon + 12, y, r.w - icon - 12, number_height(ui)),
            TYPE_HEAD, COLOR_PRIMARY_TEXT, UI_MID, ui_iso(ui, i->number));
        y += number_height(ui);
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 tr(i->text));
    if (i->source_count > 0) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_CAPTION, COLOR_TEXT_2,
                     0, sources_of(ui, i));
    }
    badges_draw(ui, r.x, y + 6, i, b);
    return h;
}

static int head_draw(struct ui *ui, struct rect r, const char *text)
{
    const int h = ui_text_height(ui, TYPE_TITLE, text, r.w) + 16;

    if (is_seen(ui, r.y, h)) {
        (void)ui_text(ui, rect_make(r.x, r.y + 4, r.w, 0), TYPE_TITLE,
                      COLOR_TEXT, 0, text);
        ui_hline(ui, r.x, r.y + h - 6, r.w, COLOR_LINE);
    }
    return h;
}

/* Nothing for a section whose items are all another nation's. */
static int section_draw(struct ui *ui, struct rect r,
                        const struct library_section *s,
                        const struct view_briefs *b)
{
    bool has_any = false;
    int y = r.y;

    for (size_t i = 0; i < s->item_count; i++) {
        if (!profile_has(&b->profile, &s->items[i])) {
            continue;
        }
        if (!has_any) {
            y += head_draw(ui, rect_make(r.x, y, r.w, 0), tr(s->title));
            has_any = true;
        }
        y += item_draw(ui, rect_make(r.x, y, r.w, 0), &s->items[i], b);
    }
    return y - r.y + (has_any ? 8 : 0);
}

/* "As of 2026-11-22", and whose law where that leaves something out. */
static const char *dated(struct ui *ui, const struct library_doc *d,
                         const struct view_briefs *b)
{
    const char *date = ui_fmt(ui, tr("As of %s"), ui_iso(ui, d->date));

    for (size_t s = 0; s < d->section_count; s++) {
        for (size_t i = 0; i < d->sections[s].item_count; i++) {
            if (!profile_has(&b->profile, &d->sections[s].items[i])) {
                return ui_fmt(ui, tr("%s · shown for %s"), date,
                              tr(b->profile.title));
            }
        }
    }
    return date;
}

static int doc_draw(struct ui *ui, struct rect r, const struct library_doc *d,
                    const struct view_briefs *b)
{
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_META, COLOR_TEXT_2, 0,
                 dated(ui, d, b)) +
         6;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_HEAD, COLOR_TEXT, 0,
                 tr(d->title)) +
         8;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT_2, 0,
                 tr(d->intro)) +
         16;
    for (size_t s = 0; s < d->section_count; s++) {
        y += section_draw(ui, rect_make(r.x, y, r.w, 0), &d->sections[s], b);
    }
    return y - r.y;
}

static int found_draw(struct ui *ui, struct rect r,
                      const struct library_doc *docs, size_t count,
                      const struct library_model *m,
                      const struct view_briefs *b)
{
    int found = 0;
    int y = r.y;

    for (size_t d = 0; d < count; d++) {
        const struct library_doc *said = NULL;

        for (size_t s = 0; s < docs[d].section_count; s++) {
            const struct library_section *section = &docs[d].sections[s];

            for (size_t i = 0; i < section->item_count; i++) {
                if (!profile_has(&b->profile, &section->items[i]) ||
                    !library_matches(&docs[d], section, &section->items[i], tr,
                                     m->words)) {
                    continue;
                }
                if (said == NULL) {
                    y += head_draw(ui, rect_make(r.x, y, r.w, 0),
                                   tr(docs[d].title));
                    said = &docs[d];
                }
                y += item_draw(ui, rect_make(r.x, y, r.w, 0),
                               &section->items[i], b);
                found++;
            }
        }
    }
    if (found == 0) {
        y += empty_draw(ui, rect_make(r.x, y + 40, r.w, 0), ICON_SEARCH,
                        tr("Nothing found"),
                        tr("Try fewer letters, or another word.")) +
             40;
    }
    return y - r.y;
}

/* --- draw: the list --- */

static int row_draw(struct ui *ui, struct rect r, const struct library_doc *d,
                    int index, bool is_chosen)
{
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int w = r.w - 16 - icon - 14 - 12;
    const int words = ui_text_height(ui, TYPE_LABEL, tr(d->title), w);
    const enum color ink = is_chosen ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;

    r.h = words + 28 < S_ROW ? S_ROW : words + 28;
    if (is_chosen) {
        (void)ui_box(ui, r, COLOR_PRIMARY_SOFT, COLOR_NONE, 0, 0);
        (void)ui_box(ui, rect_make(r.x, r.y, 5, r.h), COLOR_PRIMARY, COLOR_NONE,
                     0, 0);
    }
    ui_icon(ui, r.x + 16, r.y + (r.h - icon) / 2, icon, icon_find(d->icon),
            ink);
    (void)ui_text(ui, rect_make(r.x + 16 + icon + 14, r.y, w, r.h), TYPE_LABEL,
                  ink, UI_MID, tr(d->title));
    ui_target(ui, r, CTL_LIBRARY_DOC, (uint16_t)index, d->id, 0,
              is_chosen ? UI_SELECTED : 0, tr(d->title));
    return r.h;
}

/* Returns where they end. */
static int forms_draw(struct ui *ui, struct rect r)
{
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE_S, COLOR_TEXT, 0,
                 tr("To record")) +
         8;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        const struct button b = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_LIBRARY_FORM,
                                  .index = (uint16_t)i,
                                  .key = forms[i].kind,
                                  .icon = forms[i].icon,
                                  .label = tr(forms[i].label) };
        const int h = button_height(ui, &b, r.w);

        button_draw(ui, rect_make(r.x, y, r.w, h), &b);
        y += h + 8;
    }
    return y;
}

static int list_draw(struct ui *ui, struct rect r,
                     const struct library_model *m,
                     const struct library_doc *docs, size_t count)
{
    const struct field search = { .id = CTL_LIBRARY_SEARCH,
                                  .label = tr("Search the library"),
                                  .text = m->words,
                                  .lines = 1,
                                  .most = WORDS - 1 };
    int y = r.y;
    int card;

    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &search) + 16;
    card = ui_card(ui, rect_make(r.x, y, r.w, 0));
    r.y = y;
    y++;
    ui_group_begin(ui);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
            y++;
        }
        y += row_draw(ui, rect_make(r.x + 1, y, r.w - 2, 0), &docs[i], (int)i,
                      m->words[0] == '\0' && (int)i == m->chosen);
    }
    ui_group_end(ui);
    draw_set_height(&ui->list, card, y + 1 - r.y);
    return forms_draw(ui, rect_make(r.x, y + 17, r.w, 0));
}

/* --- draw --- */

static int page_draw(struct ui *ui, struct rect r,
                     const struct library_model *m,
                     const struct library_doc *docs, size_t count,
                     const struct view_briefs *b)
{
    return m->words[0] != '\0' ? found_draw(ui, r, docs, count, m, b)
                               : doc_draw(ui, r, &docs[m->chosen], b);
}

static void draw_narrow(struct ui *ui, struct rect r,
                        const struct library_model *m,
                        const struct library_doc *docs, size_t count,
                        const struct view_briefs *b)
{
    const bool is_first = m->is_picked && m->words[0] == '\0';
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;

    if (is_first) {
        y += page_draw(ui, rect_make(r.x, y, r.w, 0), m, docs, count, b) + 20;
    }
    y = list_draw(ui, rect_make(r.x, y, r.w, 0), m, docs, count) + 20;
    if (!is_first) {
        y += page_draw(ui, rect_make(r.x, y, r.w, 0), m, docs, count, b) + 20;
    }
    ui_scroll_end(ui, y);
}

static void draw_page(const struct library_model *m, const struct app *app,
                      struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct view_briefs *b = &v->briefs;
    const struct frame frame = { .title = tr("Library"),
                                 .has_back = true,
                                 .is_out = !v->status.is_signed_in,
                                 .place = 3 };
    struct rect r = frame_draw(ui, &v->status, &frame).main;
    const bool is_wide = r.w >= 1000 && ui->percent < 150;
    size_t count;
    const struct library_doc *docs = library_docs(&count);
    struct rect in;
    int y;

    if (docs == NULL) {
        return;
    }
    /* Without a PIN the emergency card, and nothing else. */
    count = v->status.is_signed_in ? count : 1;
    if (count == 1) {
        y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;
        ui_scroll_end(ui, y + doc_draw(ui, rect_make(r.x, y, r.w, 0), docs, b) +
                              20);
        return;
    }
    if (!is_wide) {
        draw_narrow(ui, r, m, docs, count, b);
        return;
    }
    r = rect_inset(r, 0, S_MARGIN);
    in = rect_cut_start(&r, LIST_W);
    (void)rect_cut_start(&r, 16);
    y = ui_scroll_begin(ui, CTL_SCROLL_SIDE, in);
    ui_scroll_end(ui,
                  list_draw(ui, rect_make(in.x, y, in.w, 0), m, docs, count));
    (void)ui_card(ui, r);
    in = rect_inset(r, 33, 2);
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, in) + 26;
    y += page_draw(ui, rect_make(in.x, y, in.w, 0), m, docs, count, b);
    ui_scroll_end(ui, y + 12);
}

static void library_draw(const void *model, const struct app *app,
                         struct ui *ui)
{
    const struct library_model *m = model;

    draw_page(m, app, ui);
    begun_draw(ui, &m->begun, app_views(app));
}

const struct screen screen_library = {
    .name = "library",
    .model_size = sizeof(struct library_model),
    .enter = library_enter,
    .handle = library_handle,
    .draw = library_draw,
};
