#include "ui/map/map_move.h"

#include "ui/map/map.h"

static int whole_level(int zoom)
{
    return (zoom + MAP_LEVEL / 2) / MAP_LEVEL * MAP_LEVEL;
}

void map_move_event(struct map_view *v, const struct ui_event *ev)
{
    if (ev->kind == UI_DRAG) {
        map_view_move(v, ev->x, ev->y);
    } else if (ev->amount == 0 || ev->x < 0) {
        map_view_zoom(v, whole_level(v->zoom + ev->amount), v->middle_x,
                      v->middle_y);
    } else {
        map_view_zoom(v, v->zoom + ev->amount, ev->x, ev->y);
    }
}

void map_move_levels(struct map_view *v, int levels)
{
    map_view_zoom(v, whole_level(v->zoom) + levels * MAP_LEVEL, v->middle_x,
                  v->middle_y);
}

static bool middle_of_areas(const struct view_map *v, struct map_spot *out)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < v->area_count; i++) {
            if (pass == 1 || v->areas[i].is_own) {
                *out = map_view_of(v->areas[i].middle);
                return true;
            }
        }
    }
    return false;
}

static struct map_spot middle_of_pack(const struct mappack_facts *f)
{
    const struct map_spot a =
        map_spot_of((int64_t)(f->north * 1e7), (int64_t)(f->west * 1e7));
    const struct map_spot b =
        map_spot_of((int64_t)(f->south * 1e7), (int64_t)(f->east * 1e7));
    const struct map_spot middle = { (a.x + b.x) / 2, (a.y + b.y) / 2 };

    return middle;
}

bool map_move_start(const struct view_map *areas, const struct map *pack,
                    struct map_spot *middle_out, int *zoom_out)
{
    if (middle_of_areas(areas, middle_out)) {
        *zoom_out = MAP_ZOOM_START;
        return true;
    }
    if (pack == NULL || map_state(pack)->status != MAP_READY ||
        !map_state(pack)->facts.has_bounds) {
        return false;
    }
    *middle_out = middle_of_pack(&map_state(pack)->facts);
    *zoom_out = MAP_ZOOM_FAR;
    return true;
}
