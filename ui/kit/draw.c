#include "ui/kit/draw.h"

#include <string.h>

void draw_begin(struct draw_list *l, int width, int height)
{
    l->count = 0;
    l->text_len = 0;
    l->point_count = 0;
    l->on_map = false;
    l->width = width;
    l->height = height;
    l->is_full = false;
}

struct rect draw_flip(const struct draw_list *l, struct rect r)
{
    if (l->is_flipped) {
        r.x = l->width - r.x - r.w;
    }
    return r;
}

static struct draw_cmd *push(struct draw_list *l, enum draw_kind kind,
                             struct rect r)
{
    struct draw_cmd *c;

    if (l->count >= DRAW_CMDS_MAX) {
        l->is_full = true;
        l->count = DRAW_CMDS_MAX - 1;
    }
    c = &l->cmds[l->count++];
    memset(c, 0, sizeof(*c));
    c->kind = kind;
    c->box = draw_flip(l, r);
    c->on_map = l->on_map;
    return c;
}

int draw_box(struct draw_list *l, struct rect r, uint32_t fill, uint32_t edge,
             int edge_w, int radius)
{
    struct draw_cmd *c = push(l, DRAW_BOX, r);

    c->fill = fill;
    c->edge = edge_w > 0 ? edge : 0;
    c->edge_w = edge_w;
    c->radius = radius;
    return l->count - 1;
}

int draw_icon(struct draw_list *l, struct rect r, enum icon icon, uint32_t fill,
              uint32_t edge)
{
    struct draw_cmd *c = push(l, DRAW_ICON, r);

    c->icon = icon;
    c->fill = fill;
    c->edge = edge;
    c->is_flipped = l->is_flipped && icon_mirrors(icon);
    return l->count - 1;
}

int draw_image(struct draw_list *l, struct rect r, const struct image *image,
               int radius)
{
    struct draw_cmd *c = push(l, DRAW_IMAGE, r);

    c->image = image;
    c->serial = image->serial;
    c->radius = radius;
    return l->count - 1;
}

int draw_arc(struct draw_list *l, struct rect r, uint32_t color, int width,
             int turn)
{
    struct draw_cmd *c = push(l, DRAW_ARC, r);

    c->edge = color;
    c->edge_w = width;
    c->turn = turn;
    return l->count - 1;
}

int draw_line(struct draw_list *l, struct rect r, const int16_t *points,
              int count, uint32_t color, int width)
{
    struct draw_cmd *c = push(l, DRAW_LINE, r);
    const size_t size = (size_t)count * 2 * sizeof(*points);
    const char *kept = draw_keep(l, (const char *)points, size);

    c->edge = color;
    c->edge_w = width;
    if (!l->is_full) {
        c->text_at = (uint32_t)(kept - l->text);
        c->text_len = (uint32_t)size;
    }
    return l->count - 1;
}

static struct rect bounds_of(const struct draw_point *points, uint32_t count)
{
    int32_t left = INT32_MAX;
    int32_t top = INT32_MAX;
    int32_t right = INT32_MIN;
    int32_t bottom = INT32_MIN;

    for (uint32_t i = 0; i < count; i++) {
        if (points[i].x != DRAW_BREAK) {
            left = points[i].x < left ? points[i].x : left;
            right = points[i].x > right ? points[i].x : right;
            top = points[i].y < top ? points[i].y : top;
            bottom = points[i].y > bottom ? points[i].y : bottom;
        }
    }
    return left > right ? rect_make(0, 0, 0, 0)
                        : rect_make(left, top, right - left, bottom - top);
}

int draw_path(struct draw_list *l, const struct draw_point *points,
              uint32_t count, uint32_t fill, uint32_t edge, int edge_w)
{
    struct draw_cmd *c;

    if (count > DRAW_POINTS_MAX - l->point_count) {
        l->is_full = true;
        return -1;
    }
    c = push(l, DRAW_PATH, rect_make(0, 0, 0, 0));
    c->box = rect_grow(bounds_of(points, count), edge_w / 2 + 1);
    c->fill = fill;
    c->edge = edge_w > 0 ? edge : 0;
    c->edge_w = edge_w;
    c->points_at = l->point_count;
    c->point_count = count;
    memcpy(&l->points[l->point_count], points, count * sizeof(*points));
    l->point_count += count;
    return l->count - 1;
}

void draw_set_dash(struct draw_list *l, int index, int dash, int gap)
{
    if (index >= 0) { /* -1: it had no room */
        l->cmds[index].dash = dash;
        l->cmds[index].gap = gap;
    }
}

void draw_clip(struct draw_list *l, struct rect r)
{
    (void)push(l, DRAW_CLIP, r);
}

void draw_unclip(struct draw_list *l)
{
    (void)push(l, DRAW_UNCLIP, rect_make(0, 0, 0, 0));
}

const char *draw_keep(struct draw_list *l, const char *text, size_t len)
{
    char *out = l->text + l->text_len;

    if (len + 1 > DRAW_TEXT_MAX - l->text_len) {
        l->is_full = true;
        return "";
    }
    memcpy(out, text, len);
    out[len] = '\0';
    l->text_len += (uint32_t)len + 1;
    return out;
}

int draw_text(struct draw_list *l, struct rect r, const struct text_job *job,
              uint32_t color)
{
    struct draw_cmd *c = push(l, DRAW_TEXT, r);
    const bool is_kept =
        job->text >= l->text && job->text < l->text + DRAW_TEXT_MAX;
    const char *kept = is_kept ? job->text : draw_keep(l, job->text, job->len);

    c->text_at = (uint32_t)(kept - l->text);
    c->text_len = (uint32_t)job->len;
    if (kept[0] == '\0') {
        c->text_at = 0;
        c->text_len = 0;
    }
    c->fill = DRAW_RGB(color);
    c->type = job->type;
    c->percent = job->percent;
    c->align = job->align;
    c->one_line = job->one_line;
    c->is_rtl = job->is_rtl;
    c->span_count = job->span_count;
    for (int i = 0; i < job->span_count; i++) {
        c->spans[i] = job->spans[i];
    }
    return l->count - 1;
}

void draw_set_height(struct draw_list *l, int index, int h)
{
    ASSERT(index >= 0);
    ASSERT(index < l->count);
    l->cmds[index].box.h = h;
}

struct text_job draw_job(const struct draw_list *l, const struct draw_cmd *c)
{
    struct text_job job = { .text = l->text + c->text_at,
                            .len = c->text_len,
                            .type = c->type,
                            .percent = c->percent,
                            .width = c->box.w,
                            .one_line = c->one_line,
                            .is_rtl = c->is_rtl,
                            .align = c->align,
                            .lang = l->lang,
                            .spans = c->spans,
                            .span_count = c->span_count };

    return job;
}

void draw_copy(struct draw_list *to, const struct draw_list *from)
{
    memcpy(to->cmds, from->cmds, (size_t)from->count * sizeof(from->cmds[0]));
    memcpy(to->text, from->text, from->text_len);
    memcpy(to->points, from->points,
           from->point_count * sizeof(from->points[0]));
    memcpy(to->lang, from->lang, sizeof(to->lang));
    to->count = from->count;
    to->text_len = from->text_len;
    to->width = from->width;
    to->height = from->height;
    to->point_count = from->point_count;
    to->is_flipped = from->is_flipped;
    to->on_map = from->on_map;
    to->percent = from->percent;
    to->is_full = from->is_full;
}

static bool same_spans(const struct draw_cmd *a, const struct draw_cmd *b)
{
    for (int i = 0; i < a->span_count; i++) {
        const struct text_span *s = &a->spans[i];
        const struct text_span *t = &b->spans[i];

        if (s->from != t->from || s->to != t->to || s->look != t->look ||
            s->color != t->color) {
            return false;
        }
    }
    return true;
}

static bool same_look(const struct draw_cmd *a, const struct draw_cmd *b)
{
    return a->kind == b->kind && a->box.x == b->box.x && a->box.y == b->box.y &&
           a->box.w == b->box.w && a->box.h == b->box.h && a->fill == b->fill &&
           a->edge == b->edge && a->edge_w == b->edge_w &&
           a->radius == b->radius && a->icon == b->icon &&
           a->is_flipped == b->is_flipped && a->serial == b->serial &&
           a->turn == b->turn && a->dash == b->dash && a->gap == b->gap &&
           a->point_count == b->point_count;
}

static bool same_cmd(const struct draw_list *la, const struct draw_cmd *a,
                     const struct draw_list *lb, const struct draw_cmd *b)
{
    if (!same_look(a, b) || a->type != b->type || a->percent != b->percent ||
        a->align != b->align || a->one_line != b->one_line ||
        a->is_rtl != b->is_rtl || a->text_len != b->text_len ||
        a->span_count != b->span_count) {
        return false;
    }
    return memcmp(la->text + a->text_at, lb->text + b->text_at, a->text_len) ==
               0 &&
           memcmp(&la->points[a->points_at], &lb->points[b->points_at],
                  a->point_count * sizeof(la->points[0])) == 0 &&
           same_spans(a, b);
}

static struct rect whole(const struct draw_list *l)
{
    return rect_make(0, 0, l->width, l->height);
}

static struct rect union_of(const struct draw_list *l, int from, int to,
                            struct rect sum)
{
    for (int i = from; i < to; i++) {
        /* Letters and round ends may reach a little over their box. */
        sum = rect_union(sum, rect_grow(l->cmds[i].box, 2));
    }
    return sum;
}

struct rect draw_difference(const struct draw_list *old,
                            const struct draw_list *now)
{
    const int least = old->count < now->count ? old->count : now->count;
    struct rect sum = rect_make(0, 0, 0, 0);
    int head = 0;
    int tail = 0;

    if (old->width != now->width || old->height != now->height ||
        old->percent != now->percent || strcmp(old->lang, now->lang) != 0) {
        return whole(now);
    }
    while (head < least &&
           same_cmd(old, &old->cmds[head], now, &now->cmds[head])) {
        head++;
    }
    while (tail < least - head &&
           same_cmd(old, &old->cmds[old->count - 1 - tail], now,
                    &now->cmds[now->count - 1 - tail])) {
        tail++;
    }
    sum = union_of(old, head, old->count - tail, sum);
    sum = union_of(now, head, now->count - tail, sum);
    return rect_intersect(sum, whole(now));
}
