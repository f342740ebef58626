/* screen_outline.c - a line or an area as an answer: its corners touched on
 * the stored map, or walked (core/drawn.h). */
#include <stdio.h>
#include <string.h>

#include "core/drawn.h"
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/tr.h"
#include "ui/map/map_move.h"
#include "ui/nav.h"
#include "ui/screens/form.h"
#include "ui/screens/map.h"

#define ZOOM_START (18 * MAP_LEVEL) /* corners are touched */
#define STEP_MM    3000 /* nearer to the last corner is no new one */
#define PLATE_PAD  14

struct outline_model {
    char key[VIEW_KEY_SIZE]; /* of the answer, in full */
    struct drawn shape;
    struct map_spot middle;
    int zoom;
    bool walks; /* each position is a corner */
};

static void look_at(struct outline_model *m, struct geo_pos p)
{
    m->middle = map_spot_of(p.lat_e7, p.lon_e7);
    m->zoom = m->zoom == 0 ? ZOOM_START : m->zoom;
}

/* What is drawn already, the log's place, or the own one. */
static void look_somewhere(struct outline_model *m, const struct views *v,
                           const struct map *pack)
{
    const struct view_place *at =
        v->log.position.has_fix ? &v->log.position : &v->home.position;

    if (m->shape.count > 0) {
        look_at(m, m->shape.points[0]);
    } else if (at->has_fix) {
        look_at(m,
                (struct geo_pos){ (int32_t)at->lat_e7, (int32_t)at->lon_e7 });
    } else {
        if (map_move_start(&v->map, pack, &m->middle, &m->zoom) &&
            m->zoom == MAP_ZOOM_START) {
            m->zoom = ZOOM_START;
        }
    }
}

static void outline_enter(void *model, struct nav *nav)
{
    struct outline_model *m = model;
    const struct views *v = app_views(nav->app);
    const struct view_field *f = form_field_of(&v->form, nav->outline);
    const char *text = f != NULL ? form_word(&v->form, f->value) : "";

    (void)snprintf(m->key, sizeof(m->key), "%s", nav->outline);
    if (drawn_parse(text, strlen(text), &m->shape)) {
        m->shape = (struct drawn){ .kind = f != NULL && f->ask == ASK_LINE
                                               ? DRAWN_LINE
                                               : DRAWN_AREA };
    }
    look_somewhere(m, v, app_map(nav->app));
}

/* --- handle --- */

static struct map_view view_now(const struct ui *ui,
                                const struct outline_model *m, struct rect map)
{
    const struct rect box = draw_flip(&ui->list, map);
    const struct map_view v = { .box = box,
                                .middle = m->middle,
                                .middle_x = box.x + box.w / 2,
                                .middle_y = box.y + box.h / 2,
                                .zoom = m->zoom == 0 ? ZOOM_START : m->zoom };

    return v;
}

static bool find_view(const struct outline_model *m, const struct nav *nav,
                      struct map_view *out)
{
    const struct target *t = ui_find(&nav->ui, "outline.ground");

    if (t == NULL) {
        return false;
    }
    *out = view_now(&nav->ui, m, draw_flip(&nav->ui.list, t->box));
    return true;
}

static void add_corner(struct drawn *d, struct geo_pos p)
{
    if (d->count == DRAWN_POINTS_MAX) {
        drawn_thin(d);
    }
    (void)drawn_add(d, p);
}

/* By key: what is in the middle. */
static void touch(struct outline_model *m, const struct ui_event *ev,
                  const struct nav *nav)
{
    const bool by_key = ev->x == 0 && ev->y == 0;
    struct map_view view;
    int64_t lat = 0;
    int64_t lon = 0;

    if (find_view(m, nav, &view)) {
        map_spot_back(map_view_spot(&view, by_key ? view.middle_x : ev->x,
                                    by_key ? view.middle_y : ev->y),
                      &lat, &lon);
        add_corner(&m->shape, (struct geo_pos){ (int32_t)lat, (int32_t)lon });
    }
}

static void move(struct outline_model *m, const struct ui_event *ev,
                 const struct nav *nav)
{
    struct map_view view;

    if (!find_view(m, nav, &view)) {
        return;
    }
    map_move_event(&view, ev);
    m->middle = view.middle;
    m->zoom = view.zoom;
}

static void zoom_by(struct outline_model *m, const struct nav *nav, int levels)
{
    struct map_view view;

    if (find_view(m, nav, &view)) {
        map_move_levels(&view, levels);
        m->zoom = view.zoom;
    }
}

static bool is_done(const struct drawn *d)
{
    return d->count == 0 || drawn_is_whole(d);
}

static enum go finish(const struct outline_model *m, struct nav *nav)
{
    struct buf text;
    enum err err;

    if (!is_done(&m->shape)) {
        return GO_STAY;
    }
    buf_init(&text, DRAWN_MAX_BYTES);
    if (m->shape.count > 0) {
        drawn_put(&m->shape, &text);
    }
    err = text.err ? text.err
                   : app_put_field(nav->app, m->key, FIELD_WRITE,
                                   text.len > 0 ? buf_text(&text) : "");
    buf_fini(&text);
    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return GO_BACK;
}

static enum go outline_tap(struct outline_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    switch (ev->id) {
    case CTL_OUTLINE_GROUND:
        touch(m, ev, nav);
        break;
    case CTL_OUTLINE_BACK:
        m->shape.count -= m->shape.count > 0;
        break;
    case CTL_OUTLINE_WALK:
        m->walks = !m->walks;
        break;
    case CTL_OUTLINE_DONE:
        return finish(m, nav);
    case CTL_MAP_IN:
        zoom_by(m, nav, 1);
        break;
    case CTL_MAP_OUT:
        zoom_by(m, nav, -1);
        break;
    case CTL_MAP_LOCATE:
        if (app_views(nav->app)->home.position.has_fix) {
            const struct view_place *own = &app_views(nav->app)->home.position;

            look_at(m, (struct geo_pos){ (int32_t)own->lat_e7,
                                         (int32_t)own->lon_e7 });
        }
        break;
    default:
        break;
    }
    return GO_STAY;
}

static enum go outline_handle(void *model, const struct ui_event *ev,
                              struct nav *nav)
{
    struct outline_model *m = model;

    switch (ev->kind) {
    case UI_GO_BACK:
        return GO_BACK; /* the answer stays as it was */
    case UI_SAVE:
        return finish(m, nav);
    case UI_DRAG:
    case UI_ZOOM:
        move(m, ev, nav);
        return GO_STAY;
    case UI_TAP:
        return outline_tap(m, ev, nav);
    default:
        return GO_STAY;
    }
}

/* A step further. */
static enum go outline_changed(void *model, struct nav *nav)
{
    struct outline_model *m = model;
    const struct view_place *own = &app_views(nav->app)->home.position;
    const struct geo_pos p = { (int32_t)own->lat_e7, (int32_t)own->lon_e7 };
    struct drawn *d = &m->shape;

    if (m->walks && own->has_fix && !own->is_old &&
        (d->count == 0 ||
         geo_distance_mm(d->points[d->count - 1], p) >= STEP_MM)) {
        add_corner(d, p);
        look_at(m, p);
    }
    return GO_STAY;
}

/* --- draw --- */

static const char *size_words(struct ui *ui, const struct drawn *d)
{
    if (drawn_crosses(d)) {
        return tr("Edges cross. Take a corner back.");
    }
    if (!drawn_is_whole(d)) {
        return d->kind == DRAWN_AREA ? tr("Touch each corner of the area")
                                     : tr("Touch each corner of the line");
    }
    return d->kind == DRAWN_AREA
               ? ui_fmt(ui, tr("%s m², %s m around"),
                        fmt_number(ui, (long)drawn_area_m2(d)),
                        fmt_number(ui, (long)(drawn_length_mm(d) / 1000)))
               : ui_fmt(ui, tr("%s m long"),
                        fmt_number(ui, (long)(drawn_length_mm(d) / 1000)));
}

static void draw_plate(struct ui *ui, struct rect map, const char *text)
{
    const int most = map.w - 2 * S_MARGIN - 2 * PLATE_PAD;
    const struct text_size size = ui_text_size(ui, TYPE_SMALL_B, text, most, 0);
    const struct rect r =
        rect_make(map.x + S_MARGIN, map.y + S_MARGIN,
                  size.width + 2 * PLATE_PAD, size.height + 2 * 10);

    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG, S_BORDER_STRONG,
                 R_CARD);
    (void)ui_text(ui, rect_make(r.x + PLATE_PAD, r.y, size.width, r.h),
                  TYPE_SMALL_B, COLOR_TEXT, UI_MID, text);
}

static void draw_shape(struct ui *ui, const struct drawn *d,
                       const struct map_view *view)
{
    struct view_pos pos[DRAWN_POINTS_MAX + 1];
    int count = 0;

    for (size_t i = 0; i < d->count; i++) {
        pos[count++] =
            (struct view_pos){ d->points[i].lat_e7, d->points[i].lon_e7 };
    }
    if (d->kind == DRAWN_AREA && count >= 3) {
        pos[count++] = pos[0];
    }
    map_view_outline(ui, view, pos, count, drawn_crosses(d));
}

static void draw_actions(struct ui *ui, struct rect row,
                         const struct outline_model *m, bool can_walk)
{
    const struct button done = { .kind = BUTTON_PRIMARY,
                                 .id = CTL_OUTLINE_DONE,
                                 .icon = ICON_CHECK,
                                 .label = tr("Done"),
                                 .is_disabled = !is_done(&m->shape) };
    const struct button walk = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_OUTLINE_WALK,
                                 .icon = m->walks ? ICON_STOP : ICON_WALK,
                                 .label =
                                     m->walks ? tr("Stop") : tr("Walk it") };

    button_at_end(ui, &row, 16, &done);
    if (can_walk && button_width(ui, &walk) <= row.w - 80) {
        button_at_end(ui, &row, 16, &walk);
    }
    button_icon(ui,
                rect_make(row.x, row.y + (row.h - S_TOUCH_MIN) / 2, S_TOUCH_MIN,
                          S_TOUCH_MIN),
                CTL_OUTLINE_BACK, ICON_UNDO, 28, tr("Take the corner back"));
}

static void outline_draw(const void *model, const struct app *app,
                         struct ui *ui)
{
    const struct outline_model *m = model;
    const struct views *v = app_views(app);
    const struct view_field *f = form_field_of(&v->form, m->key);
    const struct frame frame = {
        .title = f != NULL ? tr(form_word(&v->form, f->label)) : tr("Map"),
        .has_back = true,
        .has_actions = true
    };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct rect map =
        rect_make(areas.main.x - S_MARGIN, areas.main.y,
                  areas.main.w + 2 * S_MARGIN, areas.main.h);
    const struct map_view view = view_now(ui, m, map);
    const bool shows[MAP_LAYER__COUNT] = { false };

    (void)map_view_ground(ui, &view, app_map(app));
    ui_target(ui, map, CTL_OUTLINE_GROUND, 0, NULL, 0, UI_GROUND,
              tr("Map: arrows move it, plus and minus zoom"));
    map_view_marks(ui, &view, &v->map, &v->home.position, shows, -1);
    draw_shape(ui, &m->shape, &view);
    draw_plate(ui, map, size_words(ui, &m->shape));
    map_draw_zoom(ui, map);
    map_draw_source(ui, app_map(app), map);
    ui_part(ui, UI_ACTIONS);
    draw_actions(ui, areas.actions, m,
                 v->home.patrol == PATROL_ON && v->home.position.has_fix);
    ui_part(ui, UI_CONTENT);
}

const struct screen screen_outline = {
    .name = "outline",
    .model_size = sizeof(struct outline_model),
    .enter = outline_enter,
    .handle = outline_handle,
    .draw = outline_draw,
    .changed = outline_changed,
};
