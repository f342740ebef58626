/* draw_form.c - how a form's page looks: frame, columns, action bar. */
#include <stdlib.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"
#include "ui/screens/log_parts.h"

#define GAP 16

/* --- the observation --- */

static int draw_where(struct ui *ui, struct rect r, const struct views *v,
                      const struct app *app, bool is_wide)
{
    const struct draft *d = &v->log.draft;
    const struct view_place *p = &v->log.position;
    const int weak = log_weak_draw(ui, r, d, p);
    int y = r.y + weak;

    y += label_draw(ui, rect_make(r.x, y, r.w, 0), tr("Where and when"), false);
    y += log_where_draw(ui, rect_make(r.x, y, r.w, 0), d, app,
                        is_wide ? log_position_height(p->has_fix, weak)
                                : LOG_MAP_LEAST) +
         GAP;
    if (v->form.has_photos) {
        y += log_photos_draw(ui, rect_make(r.x, y, r.w, 0), v, app,
                             is_wide ? 144 : 104) +
             GAP;
    }
    y += log_added_draw(ui, rect_make(r.x, y, r.w, 0), d);
    return y + (d->note[0] != '\0' ? GAP : 0) - r.y;
}

static int draw_types(struct ui *ui, struct rect r, const struct views *v)
{
    const int near = log_near_draw(ui, r, &v->log);

    r.y += near;
    return near +
           log_types_draw(ui, r, &v->log.draft, &v->log, v->form.lacks_type) +
           GAP;
}

static int draw_beside(struct ui *ui, struct rect r, const struct views *v,
                       const struct app *app)
{
    int y = r.y;

    y += form_calls_draw(ui, r, v);
    y += draw_where(ui, rect_make(r.x, y, r.w, 0), v, app, true);
    y += form_advice_draw(ui, rect_make(r.x, y, r.w, 0), &v->form);
    return y - r.y;
}

/* The questions that no part of the page has shown. */
static struct form_flow flow_of(const struct view_form *v)
{
    const struct form_flow all = form_flow_all(v);
    struct form_flow f = { .count = 0 };

    for (int i = 0; i < all.count; i++) {
        if (!form_report_is(v) || !form_report_has(v, all.order[i])) {
            f.order[f.count++] = all.order[i];
        }
    }
    return f;
}

/* A report: what is asked first, its five lines, then the rest; whom to call
 * and what to bear in mind beside them. */
static int draw_report(struct ui *ui, struct rect r, const struct views *v,
                       const struct app *app, bool is_wide)
{
    const struct rect a = is_wide ? rect_columns(r, 0, 8) : r;
    const struct rect b = is_wide ? rect_columns(r, 8, 4) : r;
    const struct form_flow rest = flow_of(&v->form);
    const int first =
        rest.count > 0 && v->form.fields[rest.order[0]].is_required;
    int left = r.y;
    int right = r.y;
    int n = rest.count;
    int h;

    if (!is_wide) {
        left += form_calls_draw(ui, rect_make(a.x, left, a.w, 0), v);
    }
    left += draw_types(ui, rect_make(a.x, left, a.w, 0), v);
    h = first > 0 ? form_report_first(ui, rect_make(a.x, left, a.w, 0), v,
                                      rest.order[0]) +
                        GAP
                  : 0;
    left += h;
    left += form_report_draw(ui, rect_make(a.x, left, a.w, 0), v) + GAP;
    if (is_wide) {
        right += form_calls_draw(ui, rect_make(b.x, right, b.w, 0), v);
        right += form_advice_draw(ui, rect_make(b.x, right, b.w, 0), &v->form);
        right += draw_where(ui, rect_make(b.x, right, b.w, 0), v, app, true);
        n = form_flow_split(ui, v, &rest, a.w, b.w, right - left + h);
        n = n < first ? first : n;
        right += form_flow_draw(ui, rect_make(b.x, right, b.w, 0), v, &rest, n,
                                rest.count);
    }
    left +=
        form_flow_draw(ui, rect_make(a.x, left, a.w, 0), v, &rest, first, n);
    if (!is_wide) {
        left += form_advice_draw(ui, rect_make(a.x, left, a.w, 0), &v->form);
        left += draw_where(ui, rect_make(a.x, left, a.w, 0), v, app, false);
    }
    return left > right ? left : right;
}

static int draw_wide(struct ui *ui, struct rect r, const struct views *v,
                     const struct app *app)
{
    const struct rect a = rect_columns(r, 0, 7);
    const struct rect b = rect_columns(r, 7, 5);
    const int types = draw_types(ui, rect_make(a.x, r.y, a.w, 0), v);
    const int where = draw_beside(ui, rect_make(b.x, r.y, b.w, 0), v, app);
    const struct form_flow all = form_flow_all(&v->form);
    const int n = form_flow_split(ui, v, &all, a.w, b.w, where - types);
    const int left =
        types +
        form_flow_draw(ui, rect_make(a.x, r.y + types, a.w, 0), v, &all, 0, n);
    const int right =
        where + form_flow_draw(ui, rect_make(b.x, r.y + where, b.w, 0), v, &all,
                               n, all.count);

    return r.y + (left > right ? left : right);
}

static int draw_narrow(struct ui *ui, struct rect r, const struct views *v,
                       const struct app *app)
{
    const struct form_flow all = form_flow_all(&v->form);
    int y = r.y;

    y += form_calls_draw(ui, r, v);
    y += draw_types(ui, rect_make(r.x, y, r.w, 0), v);
    y += form_flow_draw(ui, rect_make(r.x, y, r.w, 0), v, &all, 0, all.count);
    y += form_advice_draw(ui, rect_make(r.x, y, r.w, 0), &v->form);
    return y + draw_where(ui, rect_make(r.x, y, r.w, 0), v, app, false);
}

/* --- action bar --- */

static struct button save_button(const struct form_model *m,
                                 const struct view_form *v, bool is_short)
{
    const bool is_row = v->path[0] != '\0';
    const bool is_sealed = v->tier == VIEW_SEALED && !is_row;
    const bool is_face = m->face != FORM_LOOKS;
    const char *add = is_face                               ? tr("Done")
                      : v->page == ASK_PERSON && !is_short  ? tr("Add person")
                      : v->page == ASK_VEHICLE && !is_short ? tr("Add vehicle")
                                                            : tr("Add");
    const char *save_words = is_sealed && !is_short ? tr("Save and seal")
                             : v->is_first && !is_short
                                 ? tr("Save and send first")
                                 : tr("Save");
    const struct button save = { .kind = BUTTON_PRIMARY,
                                 .id = is_row ? CTL_FORM_DONE : CTL_LOG_SAVE,
                                 .icon = is_sealed ? ICON_LOCK : ICON_CHECK,
                                 .label = is_row         ? add
                                          : m->is_saving ? tr("Saving")
                                                         : save_words,
                                 .is_disabled = is_row && !is_face &&
                                                v->self.part_count == 0,
                                 .is_busy = m->is_saving };

    return save;
}

static struct button add_button(void)
{
    return (struct button){ .kind = BUTTON_SECONDARY,
                            .id = CTL_LOG_ADD,
                            .icon = ICON_PLUS,
                            .label = tr("Add") };
}

static bool can_add(const struct view_form *v, int field)
{
    return field >= 0 && !v->fields[field].has_add &&
           v->fields[field].row_count < v->fields[field].max_rows;
}

static size_t list_extras(const struct view_form *v, struct button out[3])
{
    const struct button note = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_LOG_NOTE,
                                 .icon = ICON_EDIT,
                                 .label = tr("Note") };
    const struct button person = { .kind = BUTTON_SECONDARY,
                                   .id = CTL_LOG_PERSON,
                                   .icon = ICON_PERSON_ADD,
                                   .label = tr("Person") };
    const struct button vehicle = { .kind = BUTTON_SECONDARY,
                                    .id = CTL_LOG_VEHICLE,
                                    .icon = ICON_CAR,
                                    .label = tr("Vehicle") };
    size_t count = 0;

    if (can_add(v, v->vehicle_field)) {
        out[count++] = vehicle;
    }
    if (can_add(v, v->person_field)) {
        out[count++] = person;
    }
    if (v->has_note) {
        out[count++] = note;
    }
    return count;
}

/* What stands in the action bar: planned before it is drawn, so that the
 * page knows what room is left beside the buttons. */
struct bar {
    struct button save;
    int save_w;
    struct button extras[3]; /* from the end */
    int gaps[3];
    size_t count;
    int left; /* width beside them */
};

static void put_extra(struct ui *ui, struct bar *bar, const struct button *b,
                      int gap)
{
    bar->extras[bar->count] = *b;
    bar->gaps[bar->count++] = gap;
    bar->left -= button_width(ui, b) + gap;
}

/* What may be added; "Add" for all of it where there is no room. */
static void plan_extras(struct ui *ui, struct bar *bar,
                        const struct views *views)
{
    const struct view_form *v = &views->form;
    const struct button photo = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_LOG_TAKE,
                                  .icon = ICON_CAMERA,
                                  .label = tr("Photo"),
                                  .is_disabled = !views->log.has_camera };
    const struct button add = add_button();
    struct button buttons[3];
    const size_t count = list_extras(v, buttons);
    int sum = log_kept_width(ui, &views->log) - 8;

    if (form_report_is(v) && v->has_photos) { /* its strip is out of sight */
        if (button_width(ui, &photo) + button_width(ui, &add) + GAP <
            bar->left) {
            put_extra(ui, bar, &photo, GAP);
        }
        put_extra(ui, bar, &add, GAP);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sum += button_width(ui, &buttons[i]) + GAP;
    }
    if (count > 0 && sum > bar->left) {
        put_extra(ui, bar, &add, GAP);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        put_extra(ui, bar, &buttons[i], i + 1 < count ? GAP : 8);
    }
}

static bool is_person_row(const struct view_form *v)
{
    return v->page == ASK_PERSON && v->path[0] != '\0';
}

static struct bar plan_bar(struct ui *ui, int width, const struct form_model *m,
                           const struct views *v)
{
    const struct button add = add_button();
    const struct button drop = { .kind = BUTTON_DANGER_LINE,
                                 .id = CTL_FORM_DROP,
                                 .icon = ICON_BIN,
                                 .label = tr("Remove") };
    const int least = width > 900 ? 216 : 140;
    struct bar bar = { .save = save_button(m, &v->form, false) };

    if (button_width(ui, &bar.save) + GAP + button_width(ui, &add) > width) {
        bar.save = save_button(m, &v->form, true); /* "Add" has its place */
    }
    bar.save_w = button_width(ui, &bar.save);
    bar.save_w = bar.save_w < least ? least : bar.save_w;
    bar.left = width - bar.save_w - GAP;
    if (m->face != FORM_LOOKS || is_person_row(&v->form)) {
        return bar;
    }
    if (v->form.path[0] == '\0') {
        plan_extras(ui, &bar, v);
    } else if (v->form.self.part_count > 0 &&
               button_width(ui, &drop) <= bar.left) {
        put_extra(ui, &bar, &drop, GAP);
    }
    return bar;
}

/* Takes its room from `row`. */
static void draw_bar(struct ui *ui, struct rect *row, const struct bar *bar)
{
    const struct rect r = rect_cut_end(row, bar->save_w);
    const int h = button_height(ui, &bar->save, r.w);

    button_draw(ui, rect_make(r.x, r.y + (r.h - h) / 2, r.w, h), &bar->save);
    (void)rect_cut_end(row, GAP);
    for (size_t i = 0; i < bar->count; i++) {
        button_at_end(ui, row, bar->gaps[i], &bar->extras[i]);
    }
}

/* --- who will read it --- */

static const char *closed_title(const struct view_form *v)
{
    return v->tier == VIEW_SEALED ? tr("Sealed when you save")
                                  : tr("Only you and those who deal with it");
}

static const char *closed_more(const struct view_form *v)
{
    return v->tier == VIEW_SEALED ? tr("This tablet then keeps only its number")
                                  : tr("Kept out of lists, search and exports");
}

/* Width of the words beside the lock. */
static int closed_room(struct ui *ui, int width)
{
    return width - ui_icon_size(ui, 26) - 12;
}

/* Where the draft's time stands elsewhere, if that is high enough. */
static bool closed_fits(struct ui *ui, const struct view_form *v, int width,
                        int height)
{
    const int room = closed_room(ui, width);
    const char *title = closed_title(v);

    return room >= 120 &&
           ui_text_height(ui, TYPE_LABEL, title, room) + 16 <= height &&
           !ui_text_size(ui, TYPE_LABEL, title, room, 0).too_wide;
}

static void draw_closed(struct ui *ui, struct rect row,
                        const struct view_form *v, int64_t saved_ms)
{
    const char *title = closed_title(v);
    const char *more = closed_more(v);
    const char *kept = saved_ms == 0
                           ? more
                           : ui_fmt(ui, tr("%s. Draft saved %s"), more,
                                    ui_iso(ui, fmt_seconds(ui, saved_ms)));
    const int icon = ui_icon_size(ui, 26);
    int more_h;
    int h;
    int y;

    ui_icon(ui, row.x, row.y + (row.h - icon) / 2, icon, ICON_LOCK,
            v->tier == VIEW_SEALED ? COLOR_SEALED_TEXT : COLOR_TEXT);
    (void)rect_cut_start(&row, icon + 12);
    more = ui_text_width(ui, TYPE_SMALL, kept) <= row.w ? kept : more;
    h = ui_text_height(ui, TYPE_LABEL, title, row.w);
    more_h = ui_text_height(ui, TYPE_SMALL, more, row.w);
    more_h = h + more_h + 8 > row.h ? 0 : more_h;
    y = row.y + (row.h - h - more_h) / 2;
    (void)ui_text(ui, rect_make(row.x, y, row.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                  title);
    if (more_h > 0) {
        (void)ui_text(ui, rect_make(row.x, y + h, row.w, 0), TYPE_SMALL,
                      COLOR_TEXT_2, 0, more);
    }
}

/* The buttons leave it no room: it stands above them, over the whole width.
 * `main` loses that height. */
static void draw_closed_above(struct ui *ui, struct rect *main,
                              const struct view_form *v)
{
    const int h = ui_text_height(ui, TYPE_LABEL, closed_title(v),
                                 closed_room(ui, main->w)) +
                  16;
    struct rect strip = rect_cut_bottom(main, h);

    ui->foot += h;
    (void)ui_box(
        ui,
        rect_make(strip.x - S_MARGIN, strip.y, strip.w + 2 * S_MARGIN, strip.h),
        COLOR_SURFACE, COLOR_NONE, 0, 0);
    ui_hline(ui, strip.x - S_MARGIN, strip.y, strip.w + 2 * S_MARGIN,
             COLOR_LINE);
    draw_closed(ui, strip, v, 0);
}

static bool says_closed(const struct form_model *m, const struct view_form *v)
{
    return v->tier != VIEW_OPEN && m->face == FORM_LOOKS && !is_person_row(v);
}

static void draw_actions(struct ui *ui, struct rect row,
                         const struct form_model *m, const struct views *v)
{
    const struct bar bar = plan_bar(ui, row.w, m, v);

    ui_part(ui, UI_ACTIONS);
    draw_bar(ui, &row, &bar);
    if (m->face == FORM_LOOKS && is_person_row(&v->form)) {
        form_seen_draw(ui, &row, &v->form);
        return;
    }
    ui_part(ui, UI_CONTENT);
    if (m->face != FORM_LOOKS) {
        return;
    }
    if (v->form.tier == VIEW_OPEN) {
        log_kept_draw(ui, row, &v->log);
    } else if (closed_fits(ui, &v->form, row.w, row.h)) {
        draw_closed(ui, row, &v->form, v->log.saved_ms);
    }
}

/* --- all --- */

static int row_number(const struct view_form *f)
{
    const char *dot = strrchr(f->path, '.');

    return dot != NULL ? (int)strtol(dot + 1, NULL, 10) : 0;
}

static const char *title_of(const struct form_model *m, const struct views *v)
{
    const struct view_form *f = &v->form;

    return f->path[0] == '\0'       ? tr(v->log.title)
           : m->face == FORM_SEEN   ? tr("How well could you see?")
           : m->face == FORM_NAMED  ? tr("Who it is")
           : f->page == ASK_PERSON  ? tr("Describe a person")
           : f->page == ASK_VEHICLE ? tr("Describe a vehicle")
                                    : tr(form_word(f, f->title));
}

static struct frame make_frame(struct ui *ui, const struct form_model *m,
                               const struct views *v)
{
    const struct view_form *f = &v->form;
    const bool is_person = f->path[0] != '\0' && f->page == ASK_PERSON;
    const char *marking = v->log.marking;

    return (struct frame){
        .title = title_of(m, v),
        .badge = f->tier == VIEW_SEALED ? tr("Sealed")
                 : is_person && f->tier == VIEW_OPEN
                     ? ui_fmt(ui, tr("Person %d"), row_number(f))
                 : marking[0] != '\0' ? tr(marking)
                                      : tr("OFFICIAL"),
        .badge_look = f->tier == VIEW_SEALED       ? BADGE_SEALED
                      : f->tier == VIEW_RESTRICTED ? BADGE_RESTRICTED
                                                   : BADGE_PLAIN,
        .badge_icon = f->tier == VIEW_SEALED       ? ICON_LOCK
                      : f->tier == VIEW_RESTRICTED ? ICON_EYE
                                                   : ICON_NONE,
        .has_back = true,
        .has_actions = true
    };
}

void form_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct form_model *m = model;
    const struct views *v = app_views(app);
    const struct frame frame = make_frame(ui, m, v);
    struct frame_areas areas;
    struct rect r, all;
    bool is_wide;
    int y;

    if (photo_page_is_open(&m->photo)) {
        photo_page_draw(&m->photo, app, ui);
        return;
    }
    areas = frame_draw(ui, &v->status, &frame);
    if (says_closed(m, &v->form) &&
        !closed_fits(ui, &v->form, plan_bar(ui, areas.actions.w, m, v).left,
                     areas.actions.h)) {
        draw_closed_above(ui, &areas.main, &v->form);
    }
    r = areas.main;
    is_wide = r.w > 900 && ui->percent < 150;
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + (is_wide ? 20 : GAP);
    all = rect_make(r.x, y, r.w, 0);
    y = v->form.path[0] != '\0'    ? form_row_draw(ui, all, m, v, is_wide)
        : form_report_is(&v->form) ? draw_report(ui, all, v, app, is_wide)
        : is_wide                  ? draw_wide(ui, all, v, app)
                                   : draw_narrow(ui, all, v, app);
    ui_scroll_end(ui, y + 4);
    draw_actions(ui, areas.actions, m, v);
    if (m->sheet != FORM_NO_SHEET) {
        form_draw_sheet(m, v, ui);
    }
}
