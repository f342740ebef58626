#include "ui/map/map_label.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/limits.h"
#include "core/text.h"
#include "ui/map/map_line.h"
#include "ui/map/map_spot.h"

#define FONT_SIZE 14 /* dp: caption */
#define HALO_DP   3.0
#define WRAP_DP   120
#define REPEAT_DP 420   /* between two of one name */
#define TURN_MOST 0.45  /* radians from letter to letter */
#define BEND_MOST 1.3   /* from the first to the last */
#define MIDDLE    0.35  /* of the size: from baseline to mid letter */
#define BOXES_MAX 12000 /* one a letter */
#define EDGE_DP   3

struct map_pen {
    PangoFontMap *fonts;
    PangoContext *context;
    cairo_surface_t *surface; /* where paths are built */
    cairo_t *cr;
};

struct box {
    double left, top, right, bottom;
};

struct label {
    cairo_path_t *path; /* in the block */
    struct box box;
};

struct map_labels {
    struct label items[MAP_LABELS_MAX];
    int count;
};

/* A name that asks for room. */
struct wish {
    int rank; /* smaller first */
    int size; /* dp */
    bool is_bold;
    struct bytes text;
    const struct map_line *line; /* or NULL: at (x, y) */
    double length;
    double x, y;
};

struct placing {
    struct map_pen *pen;
    const struct map_block *block;
    bool is_welsh;
    int percent;
    double scale; /* of the layer being read */
    struct arena arena;
    struct wish *wishes;
    int wish_count;
    struct box *boxes;
    int box_count;
    struct map_labels *out;
};

enum err map_pen_new(struct map_pen **out)
{
    struct map_pen *pen = calloc(1, sizeof(*pen));
    cairo_font_options_t *options;

    if (pen == NULL) {
        return ERR_NOMEM;
    }
    pen->fonts = pango_cairo_font_map_new();
    pen->context = pango_font_map_create_context(pen->fonts);
    options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pen->context, options);
    cairo_font_options_destroy(options);
    /* Without bounds: letters outside of a surface get no path. */
    pen->surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
    pen->cr = cairo_create(pen->surface);
    *out = pen;
    return ERR_OK;
}

void map_pen_free(struct map_pen *pen)
{
    if (pen == NULL) {
        return;
    }
    cairo_destroy(pen->cr);
    cairo_surface_destroy(pen->surface);
    g_object_unref(pen->context);
    g_object_unref(pen->fonts);
    free(pen);
}

/* The name in the screen's language, or the one in use. */
static struct bytes name_of(const struct mvt_layer *l,
                            const struct mvt_feature *f, const void *ctx)
{
    const struct placing *p = ctx;
    struct bytes text =
        map_shape_text(l, f, p->is_welsh ? "name_cy" : "name_en");

    return text.len > 0 ? text : map_shape_text(l, f, "name");
}

/* Far out, main roads have room for their number only. */
static struct bytes road_name(const struct mvt_layer *l,
                              const struct mvt_feature *f, const void *ctx)
{
    const struct placing *p = ctx;
    const struct bytes class_name = map_shape_text(l, f, "class");
    const struct bytes none = { NULL, 0 };
    const struct bytes ref = map_shape_text(l, f, "ref");
    const double width = map_shape_road((const char *)class_name.data,
                                        class_name.len, p->block->zoom);
    struct bytes text;

    if (class_name.len == 0 || width < 3) {
        return none;
    }
    if (p->block->zoom < 16) {
        return ref;
    }
    text = name_of(l, f, ctx);
    if (text.len == 0 && width > 5) {
        return ref;
    }
    return width < 6 && p->block->zoom < 17 ? none : text;
}

static bool is_drawable(struct bytes text)
{
    if (text.len == 0 || text.len > MAP_LABEL_TEXT ||
        !text_is_utf8((const char *)text.data, text.len)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < ' ' || text.data[i] == 0x7F) {
            return false;
        }
    }
    return true;
}

static void add_wish(struct placing *p, struct wish wish)
{
    if (p->wish_count < 4 * MAP_LABELS_MAX && is_drawable(wish.text)) {
        p->wishes[p->wish_count++] = wish;
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct wish *x = a;
    const struct wish *y = b;

    if (x->rank != y->rank) {
        return x->rank - y->rank;
    }
    if (x->length != y->length) {
        return x->length > y->length ? -1 : 1;
    }
    return x->x < y->x ? -1 : x->x > y->x;
}

static enum err wish_roads(struct placing *p)
{
    const struct mvt_layer *l = mvt_layer(p->block->tile, "road");
    struct map_lines lines;
    enum err err;

    if (l == NULL) {
        return ERR_OK;
    }
    err = map_line_join(&p->arena, l, road_name, p, &lines);
    if (err)
        return err;
    p->scale = p->block->side / l->extent;
    for (uint32_t i = 0; i < lines.count; i++) {
        const struct map_line *line = &lines.items[i];
        const struct bytes class_name =
            map_shape_text(l, line->feature, "class");
        const double width =
            map_shape_road((const char *)class_name.data, class_name.len, 17);

        add_wish(p, (struct wish){ .rank = 60 - (int)(width),
                                   .size = FONT_SIZE,
                                   .text = line->name,
                                   .line = line,
                                   .length = map_line_length(line, p->scale) });
    }
    return ERR_OK;
}

struct point_style {
    const char *class_name;
    int zoom_first;
    int rank;
    int size;
};

static const struct point_style places[] = {
    { "city", 10, 0, 22 },          { "town", 10, 1, 20 },
    { "suburb", 13, 4, 16 },        { "village", 13, 3, 16 },
    { "quarter", 14, 5, 16 },       { "hamlet", 14, 6, 14 },
    { "neighbourhood", 15, 7, 14 }, { "locality", 16, 70, 14 },
};

static const struct point_style points[] = {
    { "police", 15, 10, 14 },   { "hospital", 15, 11, 14 },
    { "station", 15, 12, 14 },  { "townhall", 16, 13, 14 },
    { "fire", 16, 14, 14 },     { "court", 16, 15, 14 },
    { "bus", 16, 16, 14 },      { "defibrillator", 18, 90, 12 },
    { "toilets", 17, 62, 12 },  { "school", 16, 61, 14 },
    { "library", 17, 63, 14 },  { "community", 17, 64, 14 },
    { "health", 17, 65, 14 },   { "pharmacy", 18, 66, 14 },
    { "museum", 17, 67, 14 },   { "worship", 18, 68, 14 },
    { "market", 17, 60, 14 },   { "shop", 18, 69, 14 },
    { "pub", 18, 71, 14 },      { "sport", 17, 72, 14 },
    { "shelter", 19, 91, 12 },  { "parking", 19, 80, 12 },
    { "building", 18, 85, 14 },
};

static const struct point_style *find_style(const struct point_style *styles,
                                            size_t count, struct bytes name)
{
    for (size_t i = 0; i < count; i++) {
        if (name.len == strlen(styles[i].class_name) &&
            memcmp(styles[i].class_name, name.data, name.len) == 0) {
            return &styles[i];
        }
    }
    return NULL;
}

/* What stands on a sign for it in any language. */
static struct bytes sign_of(const struct point_style *style)
{
    static const struct {
        const char *class_name;
        const char *sign;
    } signs[] = { { "toilets", "WC" }, { "defibrillator", "AED" } };
    struct bytes none = { NULL, 0 };

    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (strcmp(style->class_name, signs[i].class_name) == 0) {
            return (struct bytes){ (const uint8_t *)signs[i].sign,
                                   strlen(signs[i].sign) };
        }
    }
    return none;
}

static void wish_points(struct placing *p, const char *layer,
                        const struct point_style *styles, size_t count)
{
    const struct mvt_layer *l = mvt_layer(p->block->tile, layer);

    for (uint32_t i = 0; l != NULL && i < l->feature_count; i++) {
        const struct mvt_feature *f = &l->features[i];
        const struct point_style *s =
            find_style(styles, count, map_shape_text(l, f, "class"));
        const double scale = p->block->side / l->extent;
        struct bytes text;

        if (s == NULL || p->block->zoom < s->zoom_first ||
            f->type != MVT_POINT) {
            continue;
        }
        text = name_of(l, f, p);
        add_wish(p, (struct wish){ .rank = s->rank,
                                   .size = s->size,
                                   .is_bold = true,
                                   .text = text.len > 0 ? text : sign_of(s),
                                   .x = f->points[0].x * scale,
                                   .y = f->points[0].y * scale });
    }
}

static bool is_free(const struct placing *p, struct box box, int own)
{
    const double side = p->block->side - EDGE_DP;

    if (box.left < EDGE_DP || box.top < EDGE_DP || box.right > side ||
        box.bottom > side || p->box_count >= BOXES_MAX) {
        return false;
    }
    for (int i = 0; i < own; i++) {
        const struct box *b = &p->boxes[i];

        if (box.left < b->right && b->left < box.right && box.top < b->bottom &&
            b->top < box.bottom) {
            return false;
        }
    }
    return true;
}

static PangoLayout *make_layout(const struct placing *p,
                                const struct wish *wish)
{
    PangoLayout *layout = pango_layout_new(p->pen->context);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family(
        font, "Noto Sans, Noto Sans Arabic, sans-serif");
    pango_font_description_set_weight(
        font, wish->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(
        font, (double)wish->size * p->percent / 100 * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, (const char *)wish->text.data,
                          (int)wish->text.len);
    return layout;
}

static void keep(struct placing *p, int from, cairo_path_t *path)
{
    struct label *l = &p->out->items[p->out->count++];

    l->path = path;
    l->box = p->boxes[from];
    for (int i = from + 1; i < p->box_count; i++) {
        const struct box *b = &p->boxes[i];

        l->box.left = fmin(l->box.left, b->left);
        l->box.top = fmin(l->box.top, b->top);
        l->box.right = fmax(l->box.right, b->right);
        l->box.bottom = fmax(l->box.bottom, b->bottom);
    }
}

static void put_at_point(struct placing *p, const struct wish *wish)
{
    PangoLayout *layout = make_layout(p, wish);
    cairo_t *cr = p->pen->cr;
    PangoRectangle size;
    struct box box;

    pango_layout_set_width(layout, WRAP_DP * p->percent / 100 * PANGO_SCALE);
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_get_pixel_extents(layout, NULL, &size);
    box.left = wish->x - size.width / 2.0 - 3;
    box.right = wish->x + size.width / 2.0 + 3;
    box.top = wish->y - size.height / 2.0;
    box.bottom = wish->y + size.height / 2.0;
    if (is_free(p, box, p->box_count)) {
        const int from = p->box_count;

        p->boxes[p->box_count++] = box;
        cairo_new_path(cr);
        cairo_move_to(cr, wish->x - size.width / 2.0 - size.x, box.top);
        pango_cairo_layout_path(cr, layout);
        keep(p, from, cairo_copy_path(cr));
    }
    g_object_unref(layout);
}

/* One name on its way along a line. */
struct walk {
    struct placing *p;
    const struct wish *wish;
    double at;  /* dp from the line's start, of the next letter */
    double way; /* 1 forward, -1 from the end */
    double first_angle;
    double last_angle;
    bool has_first;
    int own; /* boxes before this name's */
};

static double turn_between(double a, double b)
{
    return fabs(remainder(a - b, 2 * 3.14159265358979323846));
}

static bool put_letter(struct walk *w, PangoFont *font, PangoGlyphInfo *glyph)
{
    struct placing *p = w->p;
    cairo_t *cr = p->pen->cr;
    const double width = (double)glyph->geometry.width / PANGO_SCALE;
    const double size = (double)w->wish->size * p->percent / 100;
    struct map_line_at spot =
        map_line_find(w->wish->line, p->scale, w->at + w->way * width / 2);
    const double half = fmax(width, size * 0.8) / 2 + 1;
    const struct box box = { spot.x - half, spot.y - size / 2 - 1,
                             spot.x + half, spot.y + size / 2 + 1 };
    PangoGlyphInfo alone = *glyph;
    int cluster = 0;
    PangoGlyphString one = { .num_glyphs = 1,
                             .glyphs = &alone,
                             .log_clusters = &cluster };

    if (w->way < 0) {
        spot.angle += 3.14159265358979323846;
    }
    if (!w->has_first) {
        w->has_first = true;
        w->first_angle = spot.angle;
        w->last_angle = spot.angle;
    }
    if (turn_between(spot.angle, w->last_angle) > TURN_MOST ||
        turn_between(spot.angle, w->first_angle) > BEND_MOST ||
        !is_free(p, box, w->own)) {
        return false;
    }
    w->last_angle = spot.angle;
    w->at += w->way * width;
    p->boxes[p->box_count++] = box;
    cairo_save(cr);
    cairo_translate(cr, spot.x, spot.y);
    cairo_rotate(cr, spot.angle);
    cairo_move_to(cr, -width / 2, size * MIDDLE);
    pango_cairo_glyph_string_path(cr, font, &one);
    cairo_restore(cr);
    return true;
}

static bool put_letters(struct walk *w, PangoLayout *layout)
{
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);

    for (GSList *r = line->runs; r != NULL; r = r->next) {
        PangoGlyphItem *run = r->data;

        for (int i = 0; i < run->glyphs->num_glyphs; i++) {
            if (!put_letter(w, run->item->analysis.font,
                            &run->glyphs->glyphs[i])) {
                return false;
            }
        }
    }
    return w->p->box_count > w->own;
}

static bool put_once(struct placing *p, const struct wish *wish,
                     PangoLayout *layout, double width, double centre)
{
    const struct map_line_at a =
        map_line_find(wish->line, p->scale, centre - width / 2);
    const struct map_line_at b =
        map_line_find(wish->line, p->scale, centre + width / 2);
    struct walk w = {
        .p = p, .wish = wish, .way = b.x >= a.x ? 1 : -1, .own = p->box_count
    };

    w.at = centre - w.way * width / 2;
    cairo_new_path(p->pen->cr);
    if (p->out->count == MAP_LABELS_MAX || !put_letters(&w, layout)) {
        p->box_count = w.own;
        return false;
    }
    keep(p, w.own, cairo_copy_path(p->pen->cr));
    return true;
}

static void put_along(struct placing *p, const struct wish *wish)
{
    PangoLayout *layout = make_layout(p, wish);
    PangoRectangle size;
    double width;
    int repeats;

    pango_layout_get_pixel_extents(layout, NULL, &size);
    width = size.width;
    repeats = (int)fmin(wish->length / REPEAT_DP + 1, MAP_LABEL_REPEATS);
    for (int i = 0; i < repeats && width + 12 < wish->length; i++) {
        /* The middle of its share of the line, else a little beside it. */
        static const double tries[] = { 0.5, 0.35, 0.65, 0.2, 0.8 };
        bool is_put = false;

        for (size_t k = 0; k < ARRAY_LEN(tries) && !is_put; k++) {
            const double centre = wish->length * (i + tries[k]) / repeats;

            is_put = centre - width / 2 > 4 &&
                     centre + width / 2 < wish->length - 4 &&
                     put_once(p, wish, layout, width, centre);
        }
    }
    g_object_unref(layout);
}

static enum err place_all(struct placing *p)
{
    enum err err;

    p->wishes =
        arena_array(&p->arena, (size_t)4 * MAP_LABELS_MAX, sizeof(*p->wishes));
    p->boxes = arena_array(&p->arena, BOXES_MAX, sizeof(*p->boxes));
    if (p->wishes == NULL || p->boxes == NULL) {
        return ERR_NOMEM;
    }
    wish_points(p, "place", places, ARRAY_LEN(places));
    wish_points(p, "point", points, ARRAY_LEN(points));
    err = wish_roads(p);
    if (err)
        return err;
    qsort(p->wishes, (size_t)p->wish_count, sizeof(*p->wishes), by_rank);
    for (int i = 0; i < p->wish_count && p->out->count < MAP_LABELS_MAX; i++) {
        if (p->wishes[i].line != NULL) {
            put_along(p, &p->wishes[i]);
        } else {
            put_at_point(p, &p->wishes[i]);
        }
    }
    return ERR_OK;
}

enum err map_label_place(struct map_pen *pen, const struct map_block *block,
                         const char *lang, int percent, struct map_labels **out)
{
    struct placing p = { .pen = pen,
                         .block = block,
                         .is_welsh = strcmp(lang, "cy") == 0,
                         .percent = percent };
    enum err err;

    p.out = calloc(1, sizeof(*p.out));
    if (p.out == NULL) {
        return ERR_NOMEM;
    }
    arena_init(&p.arena, MVT_MEMORY_MAX_BYTES);
    err = place_all(&p);
    arena_fini(&p.arena);
    if (err) {
        map_label_free(p.out);
        return err;
    }
    *out = p.out;
    return ERR_OK;
}

void map_label_free(struct map_labels *labels)
{
    if (labels == NULL) {
        return;
    }
    for (int i = 0; i < labels->count; i++) {
        cairo_path_destroy(labels->items[i].path);
    }
    free(labels);
}

int map_label_count(const struct map_labels *labels)
{
    return labels->count;
}

static void set_color(cairo_t *cr, uint32_t rgb, double alpha)
{
    cairo_set_source_rgba(cr, ((rgb >> 16) & 255) / 255.0,
                          ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0,
                          alpha);
}

void map_label_draw(cairo_t *cr, const struct map_labels *labels,
                    enum theme_id theme, double x, double y)
{
    cairo_save(cr);
    cairo_translate(cr, -x, -y);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, HALO_DP);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
    for (int i = 0; i < labels->count; i++) {
        const struct label *l = &labels->items[i];

        if (l->box.right < x - HALO_DP ||
            l->box.left > x + MAP_TILE_DP + HALO_DP ||
            l->box.bottom < y - HALO_DP ||
            l->box.top > y + MAP_TILE_DP + HALO_DP) {
            continue;
        }
        cairo_new_path(cr);
        cairo_append_path(cr, l->path);
        set_color(cr, palette[theme][COLOR_MAP_HALO], 1);
        cairo_stroke_preserve(cr);
        set_color(cr, palette[theme][COLOR_MAP_LABEL], 1);
        cairo_fill(cr);
    }
    cairo_restore(cr);
}
