#include "tests/ui/audit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CONTRAST_TEXT 4.5 /* WCAG 2.2, 1.4.3 AA */
#define CLIPS_MAX     8

static int fault(const char *what, const char *how, const char *text)
{
    fprintf(stderr, "%s: %s: \"%.60s\"\n", what, how, text);
    return 1;
}

/* --- what is seen --- */

/* A draw list with what each command shows, found once: pairs are compared. */
struct audit {
    const struct ui *ui;
    const struct draw_list *list;
    const char *what;
    struct rect clip[DRAW_CMDS_MAX];   /* that holds for the command */
    struct rect ink[DRAW_CMDS_MAX][2]; /* of a text, within its clip */
    bool scrolls[DRAW_CMDS_MAX]; /* what is beyond the clip can be reached */
};

static void find_clips(struct audit *a)
{
    const struct draw_list *l = a->list;
    struct rect stack[CLIPS_MAX];
    int depth = 0, clips = 0;

    stack[0] = rect_make(0, 0, l->width, l->height);
    for (int i = 0; i < l->count; i++) {
        a->clip[i] = stack[depth];
        a->scrolls[i] = clips > 0;
        clips += l->cmds[i].kind == DRAW_CLIP;
        clips -= l->cmds[i].kind == DRAW_UNCLIP;
        if (l->cmds[i].kind == DRAW_CLIP && depth + 1 < CLIPS_MAX) {
            stack[depth + 1] = rect_intersect(stack[depth], l->cmds[i].box);
            depth++;
        } else if (l->cmds[i].kind == DRAW_UNCLIP) {
            depth--;
        }
    }
}

static int last_scrim(const struct draw_list *l)
{
    for (int i = l->count - 1; i >= 0; i--) {
        const struct draw_cmd *c = &l->cmds[i];

        if (c->kind == DRAW_BOX && c->fill >> 24 != 0 && c->fill >> 24 != 255 &&
            c->box.w == l->width && c->box.h == l->height) {
            return i;
        }
    }
    return -1;
}

/* --- texts --- */

static int audit_text(const struct audit *a, int n)
{
    const struct draw_list *l = a->list;
    const struct draw_cmd *c = &l->cmds[n];
    const struct text_job job = draw_job(l, c);
    const struct text_size size = text_measure(a->ui->engine, &job);
    const struct rect clip = a->clip[n];
    const char *what = a->what;
    int faults = 0;

    if (size.too_wide) {
        faults += fault(what, "wider than its box", job.text);
    }
    if (size.is_cut) {
        faults += fault(what, "cut with an ellipsis", job.text);
    }
    if (size.height > c->box.h) {
        faults += fault(what, "higher than its box", job.text);
    }
    if (c->box.x < clip.x || c->box.x + c->box.w > clip.x + clip.w) {
        faults += fault(what, "beyond the side", job.text);
    }
    if (!a->scrolls[n] && (c->box.y < 0 || c->box.y + c->box.h > l->height)) {
        faults += fault(what, "beyond top or bottom", job.text);
    }
    return faults;
}

static bool overlaps(struct rect a, struct rect b)
{
    return !rect_is_empty(rect_intersect(a, b));
}

/*
 * Where the letters really are: a centred text does not fill its box, and a
 * last line may be short. Part 0: all lines but the last, part 1: the last.
 */
static struct rect ink_of(const struct draw_cmd *c, struct text_size size,
                          int part)
{
    const int head = (size.lines - 1) * size.line;
    const int w = part == 0 ? size.width : size.last;
    const bool at_right =
        (c->align == TEXT_END) != (c->is_rtl && c->align != TEXT_CENTER);
    struct rect r = c->box;

    if (c->align == TEXT_CENTER) {
        r.x += (r.w - w) / 2;
    } else if (at_right) {
        r.x += r.w - w;
    }
    r.y += part == 0 ? 3 : head + 3; /* air above and below the letters */
    r.h = (part == 0 ? head : size.line) - 6;
    r.w = w;
    return r;
}

static void find_ink(struct audit *a, int n)
{
    const struct draw_cmd *c = &a->list->cmds[n];
    const struct text_job job = draw_job(a->list, c);
    const struct text_size size = text_measure(a->ui->engine, &job);

    for (int part = 0; part < 2; part++) {
        a->ink[n][part] = rect_intersect(ink_of(c, size, part), a->clip[n]);
    }
}

static bool inks_meet(const struct audit *a, int m, int n)
{
    for (int i = 0; i < 4; i++) {
        if (overlaps(a->ink[m][i / 2], a->ink[n][i % 2])) {
            return true;
        }
    }
    return false;
}

static int audit_overlap(const struct audit *a, int n, int from)
{
    const struct draw_list *l = a->list;

    for (int i = from; i < n; i++) {
        if (l->cmds[i].kind == DRAW_TEXT && !l->cmds[i].on_map &&
            inks_meet(a, i, n)) {
            return fault(a->what, l->text + l->cmds[i].text_at,
                         l->text + l->cmds[n].text_at);
        }
    }
    return 0;
}

/* A box that is drawn later hides the words. */
static int audit_hidden(const struct audit *a, int n)
{
    const struct draw_list *l = a->list;
    const struct rect seen = a->ink[n][1];

    for (int i = n + 1; i < l->count; i++) {
        const struct draw_cmd *c = &l->cmds[i];

        if (c->kind == DRAW_BOX && c->fill >> 24 == 255 &&
            c->box.w > 4 && /* not a caret */
            overlaps(seen, rect_intersect(c->box, a->clip[i]))) {
            return fault(a->what, "hidden", l->text + l->cmds[n].text_at);
        }
    }
    return 0;
}

/* --- contrast --- */

static double channel(uint32_t rgb, int shift)
{
    const double c = ((rgb >> shift) & 255) / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * channel(rgb, 16) + 0.7152 * channel(rgb, 8) +
           0.0722 * channel(rgb, 0);
}

static double contrast(uint32_t a, uint32_t b)
{
    const double la = luminance(a);
    const double lb = luminance(b);

    return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

/* The last opaque box below the text's middle. */
static uint32_t ground_of(const struct audit *a, int n, struct rect b)
{
    const int x = b.x + b.w / 2;
    const int y = b.y + b.h / 2;

    for (int i = n - 1; i >= 0; i--) {
        const struct draw_cmd *c = &a->list->cmds[i];

        if (c->kind == DRAW_BOX && c->fill >> 24 == 255 && c->box.w > 4 &&
            c->box.h > 4 &&
            rect_contains(rect_intersect(c->box, a->clip[i]), x, y)) {
            return c->fill & 0xFFFFFF;
        }
    }
    return 0;
}

static int audit_contrast(const struct audit *a, int n)
{
    const struct draw_list *l = a->list;
    const uint32_t ink = l->cmds[n].fill & 0xFFFFFF;
    const struct rect seen = a->ink[n][1];

    if (rect_is_empty(seen)) {
        return 0; /* scrolled away */
    }
    return contrast(ink, ground_of(a, n, seen)) < CONTRAST_TEXT
               ? fault(a->what, "too little contrast",
                       l->text + l->cmds[n].text_at)
               : 0;
}

/* --- controls --- */

static int audit_target(const struct ui *ui, int n, const char *what)
{
    const struct target *t = &ui->targets[n];
    const struct rect seen = rect_intersect(t->box, t->clip);
    int faults = 0;

    if (!ui_is_live(ui, t)) {
        return 0;
    }
    if (t->box.w < S_TOUCH_MIN ||
        t->box.h < (t->flags & UI_WRITTEN ? S_WRITTEN_MIN : S_TOUCH_MIN)) {
        faults += fault(what, "too small to touch", t->name);
    }
    if (t->label[0] == '\0') {
        faults += fault(what, "has no accessible name", t->name);
    }
    if (t->box.x < 0 || t->box.x + t->box.w > ui->width ||
        (t->scroll < 0 && (t->box.y < 0 || t->box.y + t->box.h > ui->height))) {
        faults += fault(what, "control beyond the screen", t->name);
    }
    for (int i = 0; i < n; i++) {
        const struct target *o = &ui->targets[i];

        if (ui_is_live(ui, o) && o->part != UI_SOS && t->part != UI_SOS &&
            !(o->flags & UI_GROUND) &&
            overlaps(seen, rect_intersect(o->box, o->clip))) {
            faults += fault(what, o->name, t->name);
        }
        if (strcmp(o->name, t->name) == 0 && o->layer == t->layer &&
            t->part != UI_KEYBOARD) {
            faults += fault(what, "two controls of one name", t->name);
        }
    }
    return faults;
}

int audit_screen(const struct ui *ui, const char *what)
{
    static struct audit a;
    const struct draw_list *l = &ui->list;
    const int from = last_scrim(l) + 1;
    int faults = 0;

    a.ui = ui;
    a.list = l;
    a.what = what;
    find_clips(&a);

    if (l->is_full) {
        faults += fault(what, "draw list full", "");
    }
    for (int i = from; i < l->count; i++) {
        if (l->cmds[i].kind == DRAW_TEXT) {
            find_ink(&a, i);
            if (!l->cmds[i].on_map) { /* it is moved; panels lie over it */
                faults += audit_text(&a, i);
                faults += audit_overlap(&a, i, from);
                faults += audit_hidden(&a, i);
            }
            faults += audit_contrast(&a, i);
        }
    }
    for (int i = 0; i < ui->target_count; i++) {
        faults += audit_target(ui, i, what);
    }
    return faults;
}
