#include "ui/map/map_shape.h"

#include <math.h>
#include <string.h>

#include "core/base.h"
#include "ui/map/map_spot.h"

/* Beyond the piece by this much, a line's edge cannot be seen. */
#define MARGIN_DP 40
/* Cairo counts in 24 bits: what is far out is drawn at the edge of that. */
#define FAR_DP 20000.0

struct road_style {
    const char *class_name;
    double width;   /* dp at zoom 17 */
    int zoom_first; /* of the screen */
    enum color fill;
    bool is_dashed; /* no casing then */
};

/* From the least to the most: later ones lie on top. */
static const struct road_style roads[] = {
    { "path", 2.4, 16, COLOR_MAP_CASING, true },
    { "track", 3.2, 16, COLOR_MAP_CASING, true },
    { "service", 7, 16, COLOR_MAP_ROAD, false },
    { "walk", 10, 14, COLOR_MAP_ROAD, false },
    { "street", 13, 13, COLOR_MAP_ROAD, false },
    { "through", 16, 12, COLOR_MAP_ROAD, false },
    { "main", 20, 10, COLOR_MAP_ROAD_MAIN, false },
    { "motorway", 24, 10, COLOR_MAP_ROAD_MAIN, false },
};

/* Widths grow slower than the ground, so that a far view stays legible. */
static const double grows[MAP_ZOOM_MAX + 1] = {
    [10] = 0.09, [11] = 0.1,  [12] = 0.12, [13] = 0.15, [14] = 0.22,
    [15] = 0.36, [16] = 0.62, [17] = 1,    [18] = 1.7,  [19] = 3
};

struct brush {
    cairo_t *cr;
    const struct map_block *block;
    double x; /* corner of the piece in the block */
    double y;
    double scale; /* dp a unit of the layer being drawn */
};

static void set_color(const struct brush *b, enum color color)
{
    const uint32_t rgb = palette[b->block->theme][color];

    cairo_set_source_rgb(b->cr, ((rgb >> 16) & 255) / 255.0,
                         ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0);
}

struct bytes map_shape_text(const struct mvt_layer *l,
                            const struct mvt_feature *f, const char *key)
{
    const struct mvt_value *v = mvt_get(l, f, key);
    const struct bytes none = { NULL, 0 };

    return v != NULL && v->kind == MVT_TEXT ? v->text : none;
}

static bool is_text(struct bytes text, const char *want)
{
    return bytes_eq(text,
                    (struct bytes){ (const uint8_t *)want, strlen(want) });
}

static bool is_class(const struct mvt_layer *l, const struct mvt_feature *f,
                     const char *want)
{
    return is_text(map_shape_text(l, f, "class"), want);
}

static const struct road_style *style_of(struct bytes class_name)
{
    for (size_t i = 0; i < ARRAY_LEN(roads); i++) {
        if (is_text(class_name, roads[i].class_name)) {
            return &roads[i];
        }
    }
    return NULL;
}

static double width_of(const struct road_style *style, int zoom)
{
    if (zoom < style->zoom_first) {
        return 0;
    }
    return fmax(style->width * grows[zoom], style->is_dashed ? 1.2 : 0.9);
}

double map_shape_road(const char *class_name, size_t len, int zoom)
{
    const struct bytes name = { (const uint8_t *)class_name, len };
    const struct road_style *style = style_of(name);

    return style == NULL ? 0 : width_of(style, zoom);
}

/* Could anything of it be seen in this piece? */
static bool is_near(const struct brush *b, const struct mvt_feature *f)
{
    const double low_x = (b->x - MARGIN_DP) / b->scale;
    const double low_y = (b->y - MARGIN_DP) / b->scale;
    const double side = (MAP_TILE_DP + 2 * MARGIN_DP) / b->scale;
    bool west = true;
    bool east = true;
    bool north = true;
    bool south = true;

    for (uint32_t i = 0; i < f->point_count; i++) {
        west &= f->points[i].x < low_x;
        east &= f->points[i].x > low_x + side;
        north &= f->points[i].y < low_y;
        south &= f->points[i].y > low_y + side;
    }
    return !(west || east || north || south);
}

static double near_by(double dp)
{
    return fmin(fmax(dp, -FAR_DP), FAR_DP);
}

static void add_path(const struct brush *b, const struct mvt_feature *f)
{
    for (uint32_t i = 0; i < f->part_count; i++) {
        const struct mvt_part *part = &f->parts[i];

        for (uint32_t k = 0; k < part->count; k++) {
            const struct mvt_point *p = &f->points[part->first + k];
            const double x = near_by(p->x * b->scale - b->x);
            const double y = near_by(p->y * b->scale - b->y);

            if (k == 0) {
                cairo_move_to(b->cr, x, y);
            } else {
                cairo_line_to(b->cr, x, y);
            }
        }
        if (f->type == MVT_POLYGON) {
            cairo_close_path(b->cr);
        }
    }
}

static const struct mvt_layer *begin_layer(struct brush *b, const char *name)
{
    const struct mvt_layer *l = mvt_layer(b->block->tile, name);

    if (l != NULL) {
        b->scale = b->block->side / l->extent;
    }
    return l;
}

/* All areas of a layer, or of one class of it. */
static void fill_areas(struct brush *b, const char *layer,
                       const char *class_name, enum color color)
{
    const struct mvt_layer *l = begin_layer(b, layer);

    if (l == NULL) {
        return;
    }
    set_color(b, color);
    for (uint32_t i = 0; i < l->feature_count; i++) {
        const struct mvt_feature *f = &l->features[i];

        if (f->type == MVT_POLYGON && is_near(b, f) &&
            (class_name == NULL || is_class(l, f, class_name))) {
            add_path(b, f);
            cairo_fill(b->cr);
        }
    }
}

static void stroke_lines(struct brush *b, const char *layer,
                         const char *class_name, double width, enum color color)
{
    const struct mvt_layer *l = begin_layer(b, layer);

    if (l == NULL || width <= 0) {
        return;
    }
    set_color(b, color);
    cairo_set_line_width(b->cr, width);
    for (uint32_t i = 0; i < l->feature_count; i++) {
        const struct mvt_feature *f = &l->features[i];

        if (f->type == MVT_LINE && is_near(b, f) &&
            (class_name == NULL || is_class(l, f, class_name))) {
            add_path(b, f);
        }
    }
    cairo_stroke(b->cr);
}

static void draw_ground(struct brush *b)
{
    const double grow = grows[b->block->zoom];

    set_color(b, COLOR_MAP_LAND);
    cairo_paint(b->cr);
    fill_areas(b, "land", "built", COLOR_MAP_BLOCK);
    fill_areas(b, "land", "shore", COLOR_MAP_BLOCK);
    fill_areas(b, "green", NULL, COLOR_MAP_GREEN);
    fill_areas(b, "water", NULL, COLOR_MAP_WATER);
    stroke_lines(b, "stream", "stream", 3 * grow, COLOR_MAP_WATER);
    stroke_lines(b, "stream", "canal", fmax(8 * grow, 1), COLOR_MAP_WATER);
    stroke_lines(b, "stream", "river", fmax(10 * grow, 1.5), COLOR_MAP_WATER);
    stroke_lines(b, "stream", "coast", 1.5, COLOR_MAP_WATER);
    fill_areas(b, "building", NULL, COLOR_MAP_BUILDING);
    fill_areas(b, "land", "square", COLOR_MAP_ROAD);
}

static void draw_dashed(struct brush *b, const struct road_style *s)
{
    const double width = width_of(s, b->block->zoom);
    const double dash[] = { width * 2.5, width * 1.5 };

    cairo_set_line_cap(b->cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(b->cr, dash, 2, 0);
    stroke_lines(b, "road", s->class_name, width, s->fill);
    cairo_set_dash(b->cr, NULL, 0, 0);
    cairo_set_line_cap(b->cr, CAIRO_LINE_CAP_ROUND);
}

static void draw_roads(struct brush *b)
{
    const int zoom = b->block->zoom;
    const double edge = zoom >= 15 ? 2 : 1;

    for (size_t i = 0; i < ARRAY_LEN(roads); i++) {
        if (roads[i].is_dashed && width_of(&roads[i], zoom) > 0) {
            draw_dashed(b, &roads[i]);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(roads); i++) {
        const double width = width_of(&roads[i], zoom);

        if (!roads[i].is_dashed && width > 0 && zoom >= 13) {
            stroke_lines(b, "road", roads[i].class_name, width + edge,
                         COLOR_MAP_CASING);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(roads); i++) {
        if (!roads[i].is_dashed) {
            stroke_lines(b, "road", roads[i].class_name,
                         width_of(&roads[i], zoom), roads[i].fill);
        }
    }
}

static void draw_rail(struct brush *b)
{
    const double grow = fmax(grows[b->block->zoom], 0.3);
    const double dash[] = { 8 * grow, 8 * grow };

    stroke_lines(b, "rail", NULL, fmax(4 * grow, 1), COLOR_MAP_RAIL);
    if (b->block->zoom < 15) {
        return;
    }
    cairo_set_line_cap(b->cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(b->cr, dash, 2, 0);
    stroke_lines(b, "rail", NULL, 2 * grow, COLOR_MAP_LAND);
    cairo_set_dash(b->cr, NULL, 0, 0);
}

void map_shape_draw(cairo_t *cr, const struct map_block *block, double x,
                    double y)
{
    struct brush b = { .cr = cr, .block = block, .x = x, .y = y };

    ASSERT(block->zoom >= MAP_ZOOM_MIN);
    ASSERT(block->zoom <= MAP_ZOOM_MAX);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    draw_ground(&b);
    draw_roads(&b);
    draw_rail(&b);
}
