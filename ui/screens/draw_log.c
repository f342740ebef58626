/* draw_log.c - how the quick log looks. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/position.h"
#include "ui/screens/log.h"
#include "ui/screens/log_parts.h"

#define PEOPLE_ABOUT 30

/* --- who, still, how many --- */

static int draw_who(struct ui *ui, struct rect r, const struct log_model *m)
{
    static const char *const keys[] = { "person", "nearby", "place" };
    const char *const labels[] = { tr("One person"), tr("Everyone nearby"),
                                   tr("The place") };
    const struct segments s = { .id = CTL_LOG_WHO,
                                .labels = labels,
                                .keys = keys,
                                .count = 3,
                                .chosen = (int)m->draft.who - 1 };
    const int label = label_draw(ui, r,
                                 m->lacks_who ? tr("Choose who it affects")
                                              : tr("Who does it affect?"),
                                 m->lacks_who);

    r.y += label;
    r.h = segments_height(ui, &s, r.w);
    segments_draw(ui, r, &s);
    return label + r.h;
}

static int draw_going(struct ui *ui, struct rect r, const struct log_model *m)
{
    static const char *const keys[] = { "yes", "no", "unknown" };
    const char *const labels[] = { tr("Yes"), tr("No"), tr("Not known") };
    const struct segments s = { .id = CTL_LOG_GOING,
                                .labels = labels,
                                .keys = keys,
                                .count = 3,
                                .chosen = (int)m->draft.going - 1 };
    const int label = label_draw(ui, r, tr("Still going on?"), false);

    r.y += label;
    r.h = segments_height(ui, &s, r.w);
    segments_draw(ui, r, &s);
    return label + r.h;
}

static const char *people_words(struct ui *ui, int people)
{
    if (people == PEOPLE_UNKNOWN) {
        return "–";
    }
    return people >= PEOPLE_ABOUT ? ui_fmt(ui, "%d+", people)
                                  : fmt_number(ui, people);
}

static int draw_people(struct ui *ui, struct rect r, const struct log_model *m)
{
    const int label = label_draw(ui, r, tr("How many people?"), false);
    const int people = m->draft.people;

    r.y += label;
    r.h = stepper_height(ui);
    stepper_draw(ui, r, CTL_LOG_FEWER, CTL_LOG_PEOPLE, people_words(ui, people),
                 people == 0, people == log_people_steps[log_people_count - 1]);
    return label + r.h;
}

static int draw_answers(struct ui *ui, struct rect r, const struct log_model *m)
{
    const int third = (r.w - 16) * 200 / 315;
    int y = r.y;
    int h;

    y += draw_who(ui, rect_make(r.x, y, r.w, 0), m) + 16;
    if (r.w < 560 || ui->percent >= 150) {
        y += draw_going(ui, rect_make(r.x, y, r.w, 0), m) + 16;
        return y + draw_people(ui, rect_make(r.x, y, r.w, 0), m) - r.y;
    }
    h = draw_going(ui, rect_make(r.x, y, third, 0), m);
    (void)draw_people(ui, rect_make(r.x + third + 16, y, r.w - 16 - third, 0),
                      m);
    return y + h - r.y;
}

/* --- action bar --- */

static struct button save_button(const struct log_model *m)
{
    const struct button b = { .kind = BUTTON_PRIMARY,
                              .id = CTL_LOG_SAVE,
                              .icon = ICON_CHECK,
                              .label = m->is_saving ? tr("Saving") : tr("Save"),
                              .is_busy = m->is_saving };

    return b;
}

static void draw_save(struct ui *ui, struct rect *row,
                      const struct log_model *m)
{
    const struct button save = save_button(m);
    const int least = row->w > 900 ? 216 : 140;
    int w = button_width(ui, &save);
    struct rect r;

    w -= least < 216 ? 12 : 0; /* tighter where there is little room */
    w = w < least ? least : w;
    r = rect_cut_end(row, w);
    w = button_height(ui, &save, w);
    button_draw(ui, rect_make(r.x, r.y + (r.h - w) / 2, r.w, w), &save);
    (void)rect_cut_end(row, 16);
}

static void draw_extras(struct ui *ui, struct rect *row, int kept)
{
    const struct button buttons[] = {
        { .kind = BUTTON_SECONDARY,
          .id = CTL_LOG_VEHICLE,
          .icon = ICON_CAR,
          .label = tr("Vehicle") },
        { .kind = BUTTON_SECONDARY,
          .id = CTL_LOG_PERSON,
          .icon = ICON_PERSON_ADD,
          .label = tr("Person") },
        { .kind = BUTTON_SECONDARY,
          .id = CTL_LOG_NOTE,
          .icon = ICON_EDIT,
          .label = tr("Note") },
    };
    const struct button add = { .kind = BUTTON_SECONDARY,
                                .id = CTL_LOG_ADD,
                                .icon = ICON_PLUS,
                                .label = tr("Add") };
    int sum = kept - 8;

    for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
        sum += button_width(ui, &buttons[i]) + 16;
    }
    if (sum > row->w) {
        button_at_end(ui, row, 16, &add);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
        button_at_end(ui, row, i + 1 < ARRAY_LEN(buttons) ? 16 : 8,
                      &buttons[i]);
    }
}

static void draw_actions(struct ui *ui, struct rect row,
                         const struct log_model *m, const struct views *v)
{
    ui_part(ui, UI_ACTIONS);
    draw_save(ui, &row, m);
    draw_extras(ui, &row, log_kept_width(ui, &v->log));
    ui_part(ui, UI_CONTENT);
    log_kept_draw(ui, row, &v->log);
}

/* --- all --- */

static int draw_wide(struct ui *ui, struct rect r, const struct log_model *m,
                     const struct views *v, const struct app *app)
{
    const struct rect a = rect_columns(r, 0, 7);
    const struct rect b = rect_columns(r, 7, 5);
    const struct view_place *p = &v->log.position;
    int left = r.y;
    int right = r.y;
    int weak;

    left += log_near_draw(ui, rect_make(a.x, left, a.w, 0), &v->log);
    left += log_types_draw(ui, rect_make(a.x, left, a.w, 0), &m->draft, &v->log,
                           m->lacks_type) +
            16;
    left += draw_answers(ui, rect_make(a.x, left, a.w, 0), m);
    weak = log_weak_draw(ui, rect_make(b.x, right, b.w, 0), &m->draft, p);
    right += weak;
    right += label_draw(ui, rect_make(b.x, right, b.w, 0), tr("Where and when"),
                        false);
    right += log_where_draw(ui, rect_make(b.x, right, b.w, 0), &m->draft, app,
                            log_position_height(p->has_fix, weak)) +
             16;
    right += log_photos_draw(ui, rect_make(b.x, right, b.w, 0), v, app, 144);
    right += log_added_draw(ui, rect_make(b.x, right, b.w, 0), &m->draft);
    return left > right ? left : right;
}

static int draw_narrow(struct ui *ui, struct rect r, const struct log_model *m,
                       const struct views *v, const struct app *app)
{
    int y = r.y;

    y += log_weak_draw(ui, rect_make(r.x, y, r.w, 0), &m->draft,
                       &v->log.position);
    y += log_near_draw(ui, rect_make(r.x, y, r.w, 0), &v->log);
    y += log_types_draw(ui, rect_make(r.x, y, r.w, 0), &m->draft, &v->log,
                        m->lacks_type) +
         16;
    y += draw_answers(ui, rect_make(r.x, y, r.w, 0), m) + 16;
    y += log_where_draw(ui, rect_make(r.x, y, r.w, 0), &m->draft, app,
                        LOG_MAP_LEAST) +
         16;
    y += log_photos_draw(ui, rect_make(r.x, y, r.w, 0), v, app, 104);
    return y + log_added_draw(ui, rect_make(r.x, y, r.w, 0), &m->draft);
}

void log_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct log_model *m = model;
    const struct views *v = app_views(app);
    const struct frame frame = { .title = tr(v->log.title),
                                 .badge = tr("OFFICIAL"),
                                 .has_back = true,
                                 .has_actions = true };
    struct frame_areas areas;
    struct rect r;
    bool is_wide;
    int y;

    if (photo_page_is_open(&m->photo)) {
        photo_page_draw(&m->photo, app, ui);
        return;
    }
    areas = frame_draw(ui, &v->status, &frame);
    r = areas.main;
    is_wide = r.w > 900 && ui->percent < 150;
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + (is_wide ? 20 : 16);
    y = is_wide ? draw_wide(ui, rect_make(r.x, y, r.w, 0), m, v, app)
                : draw_narrow(ui, rect_make(r.x, y, r.w, 0), m, v, app);
    ui_scroll_end(ui, y + (is_wide ? 20 : 16));
    draw_actions(ui, areas.actions, m, v);
    if (m->sheet != LOG_NO_SHEET) {
        log_draw_sheet(m, v, ui);
    }
}
