#include "ui/map/map_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct piece {
    struct bytes name;
    const struct mvt_feature *feature;
    const struct mvt_point *points;
    uint32_t count;
    bool is_used;
};

static int by_name(const void *a, const void *b)
{
    const struct piece *p = a;
    const struct piece *q = b;

    /* One name is one value of the layer, so it has one address; where
     * values repeat, streets stay in pieces. */
    if (p->name.data != q->name.data) {
        return (uintptr_t)p->name.data < (uintptr_t)q->name.data ? -1 : 1;
    }
    return p->points < q->points ? -1 : p->points > q->points;
}

static bool is_same(struct mvt_point a, struct mvt_point b)
{
    return a.x == b.x && a.y == b.y;
}

static void append(struct map_line *line, const struct piece *p, bool from_end)
{
    for (uint32_t i = 1; i < p->count; i++) {
        line->points[line->count++] =
            p->points[from_end ? p->count - 1 - i : i];
    }
}

/* Adds pieces at the line's end as long as one fits there. */
static void extend(struct map_line *line, struct piece *pieces, size_t count)
{
    bool any = true;

    while (any) {
        any = false;
        for (size_t i = 0; i < count && !any; i++) {
            struct piece *p = &pieces[i];
            const struct mvt_point tail = line->points[line->count - 1];
            const bool at_end = is_same(p->points[p->count - 1], tail);

            if (!p->is_used && (is_same(p->points[0], tail) || at_end)) {
                append(line, p, !is_same(p->points[0], tail));
                p->is_used = true;
                any = true;
            }
        }
    }
}

static void turn_round(struct map_line *line)
{
    for (uint32_t i = 0; i < line->count / 2; i++) {
        const struct mvt_point p = line->points[i];

        line->points[i] = line->points[line->count - 1 - i];
        line->points[line->count - 1 - i] = p;
    }
}

/* All lines of one name. */
static enum err join_group(struct arena *arena, struct piece *pieces,
                           size_t count, struct map_lines *out)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        total += pieces[i].count;
    }
    for (size_t i = 0; i < count; i++) {
        struct map_line *line = &out->items[out->count];

        if (pieces[i].is_used) {
            continue;
        }
        line->points = arena_array(arena, total, sizeof(*line->points));
        if (line->points == NULL) {
            return ERR_NOMEM;
        }
        line->name = pieces[i].name;
        line->feature = pieces[i].feature;
        line->points[0] = pieces[i].points[0];
        line->count = 1;
        append(line, &pieces[i], false);
        pieces[i].is_used = true;
        total -= pieces[i].count;
        extend(line, pieces, count);
        turn_round(line);
        extend(line, pieces, count);
        out->count++;
    }
    return ERR_OK;
}

static size_t count_parts(const struct mvt_layer *layer)
{
    size_t count = 0;

    for (uint32_t i = 0; i < layer->feature_count; i++) {
        if (layer->features[i].type == MVT_LINE) {
            count += layer->features[i].part_count;
        }
    }
    return count;
}

static size_t collect(const struct mvt_layer *layer, map_line_name name,
                      const void *ctx, struct piece *pieces)
{
    size_t count = 0;

    for (uint32_t i = 0; i < layer->feature_count; i++) {
        const struct mvt_feature *f = &layer->features[i];
        struct bytes text = { NULL, 0 };

        if (f->type == MVT_LINE) {
            text = name(layer, f, ctx);
        }
        for (uint32_t k = 0; text.len > 0 && k < f->part_count; k++) {
            if (f->parts[k].count >= 2) {
                pieces[count++] =
                    (struct piece){ .name = text,
                                    .feature = f,
                                    .points = &f->points[f->parts[k].first],
                                    .count = f->parts[k].count };
            }
        }
    }
    return count;
}

enum err map_line_join(struct arena *arena, const struct mvt_layer *layer,
                       map_line_name name, const void *ctx,
                       struct map_lines *out)
{
    const size_t most = count_parts(layer);
    struct piece *pieces = arena_array(arena, most, sizeof(*pieces));
    size_t count;
    enum err err = ERR_OK;

    *out = (struct map_lines){ .items = arena_array(arena, most,
                                                    sizeof(*out->items)) };
    if (pieces == NULL || out->items == NULL) {
        return ERR_NOMEM;
    }
    count = collect(layer, name, ctx, pieces);
    qsort(pieces, count, sizeof(*pieces), by_name);
    for (size_t from = 0; from < count && !err;) {
        size_t to = from + 1;

        while (to < count && to - from < MAP_LINE_PIECES_MAX &&
               pieces[to].name.data == pieces[from].name.data) {
            to++;
        }
        err = join_group(arena, &pieces[from], to - from, out);
        from = to;
    }
    return err;
}

static double step_length(const struct map_line *line, uint32_t i, double scale)
{
    const double dx = (double)line->points[i + 1].x - (double)line->points[i].x;
    const double dy = (double)line->points[i + 1].y - (double)line->points[i].y;

    return hypot(dx, dy) * scale;
}

double map_line_length(const struct map_line *line, double scale)
{
    double sum = 0;

    for (uint32_t i = 0; i + 1 < line->count; i++) {
        sum += step_length(line, i, scale);
    }
    return sum;
}

struct map_line_at map_line_find(const struct map_line *line, double scale,
                                 double at)
{
    struct map_line_at out = { 0, 0, 0 };

    for (uint32_t i = 0; i + 1 < line->count; i++) {
        const struct mvt_point *p = &line->points[i];
        const double length = step_length(line, i, scale);
        const double part = length > 0 ? fmin(at / length, 1) : 1;
        const double dx = (double)p[1].x - (double)p[0].x;
        const double dy = (double)p[1].y - (double)p[0].y;

        out.x = ((double)p[0].x + dx * part) * scale;
        out.y = ((double)p[0].y + dy * part) * scale;
        out.angle = atan2(dy, dx);
        if (at <= length && length > 0) {
            break;
        }
        at -= length;
    }
    return out;
}
