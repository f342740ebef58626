#include "ui/kit/ui.h"

#include <stdio.h>
#include <string.h>

#include "ui/kit/ink.h"
#include "ui/kit/keyboard.h"
#include "ui/kit/paint.h"

#define BAR_WIDTH     12
#define BAR_LEAST     48
#define SCRIM_PERCENT 64

enum err ui_init(struct ui *ui, const char *const *names)
{
    memset(ui, 0, sizeof(*ui));
    ui->names = names;
    ui->percent = 100;
    ui->list.percent = 100;
    snprintf(ui->list.lang, sizeof(ui->list.lang), "en");
    return text_new(&ui->engine);
}

void ui_fini(struct ui *ui)
{
    text_free(ui->engine);
    ui->engine = NULL;
    wipe(ui->edit, sizeof(ui->edit));
    wipe(&ui->ink, sizeof(ui->ink));
}

void ui_begin(struct ui *ui, int width, int height)
{
    ui->width = width;
    ui->height = height;
    ui->list.percent = ui->percent;
    draw_begin(&ui->list, width, height);
    ui->target_count = 0;
    ui->part = UI_CONTENT;
    ui->group = 0;
    ui->groups = 0;
    ui->layer = 0;
    ui->scroll_now = -1;
    ui->foot = 0;
    ui->has_actions = false;
    ui->clip = rect_make(0, 0, width, height);
    (void)ui_box(ui, ui->clip, COLOR_BG, COLOR_NONE, 0, 0);
}

void ui_part(struct ui *ui, enum ui_part part)
{
    ui->part = part;
}

void ui_group_begin(struct ui *ui)
{
    ui->group = ++ui->groups;
}

void ui_group_end(struct ui *ui)
{
    ui->group = 0;
}

void ui_layer_begin(struct ui *ui)
{
    ui->layer++;
    (void)draw_box(
        &ui->list, rect_make(0, 0, ui->width, ui->height),
        DRAW_RGBA(ui_rgb(ui, COLOR_SCRIM), SCRIM_PERCENT * 255 / 100), 0, 0, 0);
}

void ui_layer_end(struct ui *ui)
{
    ui->layer--;
}

static int find_scroll(struct ui *ui, uint16_t id)
{
    for (int i = 0; i < UI_SCROLLS_MAX; i++) {
        if (ui->scrolls[i].id == id) {
            return i;
        }
    }
    for (int i = 0; i < UI_SCROLLS_MAX; i++) {
        if (ui->scrolls[i].id == 0) {
            ui->scrolls[i].id = id;
            return i;
        }
    }
    memset(ui->scrolls, 0, sizeof(ui->scrolls)); /* places of old screens */
    ui->scrolls[0].id = id;
    return 0;
}

static void clamp_scroll(struct ui_scroll *s)
{
    const int most = s->content - s->view.h;

    s->offset = s->offset > most ? most : s->offset;
    s->offset = s->offset < 0 ? 0 : s->offset;
}

int ui_scroll_begin(struct ui *ui, uint16_t id, struct rect view)
{
    struct ui_scroll *s;

    ASSERT(ui->scroll_now < 0);
    ui->scroll_now = find_scroll(ui, id);
    s = &ui->scrolls[ui->scroll_now];
    /* Rings and edges may reach a little into the margins. */
    s->view = view;
    clamp_scroll(s);
    ui->clip = draw_flip(&ui->list, rect_make(view.x - S_MARGIN, view.y,
                                              view.w + 2 * S_MARGIN, view.h));
    draw_clip(&ui->list, rect_make(view.x - S_MARGIN, view.y,
                                   view.w + 2 * S_MARGIN, view.h));
    return view.y - s->offset;
}

static void draw_bar(struct ui *ui, const struct ui_scroll *s)
{
    const int h = s->view.h - 16;
    int knob = h * s->view.h / s->content;
    struct rect track =
        rect_make(s->view.x + s->view.w + 6, s->view.y + 8, BAR_WIDTH, h);
    int room;

    knob = knob < BAR_LEAST ? BAR_LEAST : knob;
    room = h - knob;
    (void)ui_box(ui, track, COLOR_SUNKEN, COLOR_NONE, 0, BAR_WIDTH / 2);
    track.y += room * s->offset / (s->content - s->view.h);
    track.h = knob;
    (void)ui_box(ui, track, COLOR_LINE_STRONG, COLOR_NONE, 0, BAR_WIDTH / 2);
}

void ui_scroll_end(struct ui *ui, int bottom_y)
{
    struct ui_scroll *s = &ui->scrolls[ui->scroll_now];

    s->content = bottom_y + s->offset - s->view.y;
    draw_unclip(&ui->list);
    ui->clip = rect_make(0, 0, ui->width, ui->height);
    ui->scroll_now = -1;
    if (s->content > s->view.h) {
        draw_bar(ui, s);
    }
}

static void set_name(struct ui *ui, struct target *t, const char *key)
{
    const char *base = t->id < UI_KEYBOARD_FIRST ? ui->names[t->id] : "key";

    if (key != NULL) {
        snprintf(t->name, sizeof(t->name), "%s.%s", base, key);
    } else {
        snprintf(t->name, sizeof(t->name), "%s", base);
    }
}

void ui_target(struct ui *ui, struct rect r, uint16_t id, uint16_t index,
               const char *key, int radius, int flags, const char *label)
{
    struct target *t;

    ASSERT(id != 0);
    ASSERT(r.w >= S_TOUCH_MIN);
    ASSERT(r.h >= (flags & UI_WRITTEN ? S_WRITTEN_MIN : S_TOUCH_MIN));
    if (ui->target_count >= UI_TARGETS_MAX) {
        ui->list.is_full = true;
        return;
    }
    t = &ui->targets[ui->target_count++];
    memset(t, 0, sizeof(*t));
    t->id = id;
    t->index = index;
    t->box = draw_flip(&ui->list, r);
    t->clip = ui->clip;
    t->radius = radius;
    t->flags = flags;
    t->part = ui->part;
    t->group = ui->group;
    t->layer = ui->layer;
    t->scroll = ui->scroll_now;
    t->label = draw_keep(&ui->list, label, strlen(label));
    t->text = t->label;
    set_name(ui, t, key);
}

bool ui_is_pressed(const struct ui *ui, uint16_t id, uint16_t index)
{
    return ui->is_pressing && !ui->is_panning && ui->pressed.id == id &&
           ui->pressed.index == index;
}

bool ui_is_live(const struct ui *ui, const struct target *t)
{
    int top = 0;

    for (int i = 0; i < ui->target_count; i++) {
        if (ui->targets[i].part != UI_SOS &&
            ui->targets[i].part != UI_KEYBOARD && ui->targets[i].layer > top) {
            top = ui->targets[i].layer;
        }
    }
    return t->layer == top || t->part == UI_SOS || t->part == UI_KEYBOARD;
}

const struct target *ui_find(const struct ui *ui, const char *name)
{
    for (int i = 0; i < ui->target_count; i++) {
        if (strcmp(ui->targets[i].name, name) == 0 &&
            ui_is_live(ui, &ui->targets[i])) {
            return &ui->targets[i];
        }
    }
    return NULL;
}

void ui_forget(struct ui *ui)
{
    ui->focus.id = 0;
    ui->field.id = 0;
    ui->shows_keyboard = false;
    ui->is_pressing = false;
    ink_clear(ui);
    wipe(ui->edit, sizeof(ui->edit));
}

void ui_focus_on(struct ui *ui, uint16_t id, uint16_t index)
{
    ui->focus.id = id;
    ui->focus.index = index;
}

static void draw_focus(struct ui *ui)
{
    const int gap = S_FOCUS_GAP;
    const int ring = S_FOCUS_WIDTH;

    if (!ui->shows_focus || ui->focus.id == 0) {
        return;
    }
    for (int i = 0; i < ui->target_count; i++) {
        const struct target *t = &ui->targets[i];

        if (t->id == ui->focus.id && t->index == ui->focus.index &&
            ui_is_live(ui, t) &&
            !rect_is_empty(rect_intersect(t->box, t->clip))) {
            /* The box is already mirrored: mirror back before drawing. */
            const struct rect r = draw_flip(&ui->list, t->box);
            const int radius = t->radius + gap + ring;

            (void)ui_box(ui, rect_grow(r, gap), COLOR_NONE, COLOR_FOCUS_GAP,
                         gap, radius - ring);
            (void)ui_box(ui, rect_grow(r, gap + ring), COLOR_NONE, COLOR_FOCUS,
                         ring, radius);
            return;
        }
    }
}

void ui_end(struct ui *ui)
{
    ASSERT(ui->scroll_now < 0);
    ASSERT(ui->layer == 0);
    draw_focus(ui);
    if (ui->shows_keyboard) {
        keyboard_draw(ui);
    }
}
