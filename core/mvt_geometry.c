#include "core/mvt_geometry.h"

#include "core/pbuf.h"

enum command { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };

struct walk {
    struct pbuf in;
    enum mvt_type type;
    bool is_loose;            /* version 1 */
    struct mvt_feature *into; /* NULL: only counts */
    uint32_t points;
    uint32_t parts;
    uint32_t part_points; /* of the part that is open */
    uint32_t x;           /* unsigned: they may wrap */
    uint32_t y;
};

static void begin_part(struct walk *w)
{
    if (w->into != NULL) {
        w->into->parts[w->parts].first = w->points;
        w->into->parts[w->parts].count = 0;
    }
    w->parts++;
    w->part_points = 0;
}

static void add_points(struct walk *w, uint32_t count)
{
    for (uint32_t i = 0; i < count && !w->in.bad; i++) {
        w->x += (uint32_t)pbuf_zigzag((uint32_t)pbuf_varint(&w->in));
        w->y += (uint32_t)pbuf_zigzag((uint32_t)pbuf_varint(&w->in));
        if (w->into != NULL) {
            w->into->points[w->points].x = (int32_t)w->x;
            w->into->points[w->points].y = (int32_t)w->y;
            w->into->parts[w->parts - 1].count++;
        }
        w->points++;
        w->part_points++;
    }
}

/* A point's one MoveTo; of a line or ring, the start of a part. */
static bool move_to(struct walk *w, uint32_t count)
{
    if (w->type == MVT_POINT) {
        if (w->parts > 0 && !w->is_loose) {
            return false;
        }
    } else if (count != 1 || w->part_points == 1) {
        return false; /* the part before has no line */
    }
    if (w->type == MVT_POLYGON && w->part_points > 1) {
        return false; /* the ring before was not closed */
    }
    begin_part(w);
    add_points(w, count);
    return true;
}

static bool line_to(struct walk *w, uint32_t count)
{
    if (w->type == MVT_POINT || w->part_points != 1) {
        return false;
    }
    add_points(w, count);
    return true;
}

static bool close_path(struct walk *w, uint32_t count)
{
    const bool may_close =
        w->type == MVT_POLYGON || (w->type == MVT_LINE && w->is_loose);

    if (!may_close || count != 1 || w->part_points < 2) {
        return false;
    }
    w->part_points = 0;
    return true;
}

static bool run(struct walk *w)
{
    while (w->in.at != w->in.end) {
        const uint64_t word = pbuf_varint(&w->in);
        const uint32_t count = (uint32_t)(word >> 3);
        const size_t left = (size_t)(w->in.end - w->in.at);
        bool fits = false;

        if (word > UINT32_MAX || count == 0) {
            return false;
        }
        if ((word & 7) != CLOSE_PATH && count > left / 2) {
            return false; /* each point takes two bytes at least */
        }
        if ((word & 7) == MOVE_TO) {
            fits = move_to(w, count);
        } else if ((word & 7) == LINE_TO) {
            fits = line_to(w, count);
        } else if ((word & 7) == CLOSE_PATH) {
            fits = close_path(w, count);
        }
        if (!fits || w->in.bad) {
            return false;
        }
    }
    /* An open ring, or a line of one point, at the end. */
    return !w->in.bad && w->points > 0 &&
           (w->type == MVT_POINT || w->part_points != 1) &&
           (w->type != MVT_POLYGON || w->part_points == 0);
}

enum err mvt_geometry(struct arena *arena, struct bytes commands,
                      uint32_t version, struct mvt_feature *f)
{
    struct walk w = { .in = pbuf_open(commands),
                      .type = f->type,
                      .is_loose = version < 2 };

    if (!run(&w)) {
        return ERR_BAD_DATA;
    }
    f->points = arena_array(arena, w.points, sizeof(*f->points));
    f->parts = arena_array(arena, w.parts, sizeof(*f->parts));
    if (f->points == NULL || f->parts == NULL) {
        return ERR_NOMEM;
    }
    f->point_count = w.points;
    f->part_count = w.parts;
    w = (struct walk){ .in = pbuf_open(commands),
                       .type = f->type,
                       .is_loose = version < 2,
                       .into = f };
    return run(&w) ? ERR_OK : ERR_BAD_DATA;
}
