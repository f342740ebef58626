/* fake_map.c - the design's map screen as a view: places are measured on
 * its picture, 0.926 m a dot, around the sample officer's own place. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_app.h"
#include "tests/ui/fake_map.h"

#define OWN_X     593
#define OWN_Y     401
#define METRES    0.926
#define CORNERS   32
#define DEGREE_M  111320.0
#define TURN      6.28318530717958648
#define MINUTE    ((int64_t)60000)
#define PUT(f, t) (void)snprintf(f, sizeof(f), "%s", t)

static struct view_pos place(const struct view_place *own, double x, double y)
{
    const double lat = (double)own->lat_e7 / 1e7;
    const double north = (OWN_Y - y) * METRES / DEGREE_M;
    const double east = (x - OWN_X) * METRES / DEGREE_M / cos(lat * TURN / 360);
    const struct view_pos pos = {
        (int32_t)(own->lat_e7 + (int64_t)(north * 1e7)),
        (int32_t)(own->lon_e7 + (int64_t)(east * 1e7))
    };

    return pos;
}

static struct view_area *add_area(struct view_map *m, enum view_area_kind kind,
                                  const char *id, const char *name)
{
    struct view_area *a = &m->areas[m->area_count++];

    a->kind = kind;
    PUT(a->id, id);
    PUT(a->name, name);
    a->point_at = m->point_count;
    return a;
}

static struct view_area *add_hotspot(struct view_map *m,
                                     const struct view_place *own,
                                     const char *name, double x, double y,
                                     double r)
{
    struct view_area *a = add_area(m, VIEW_AREA_HOTSPOT, name, name);

    a->middle = place(own, x, y);
    a->goal_minutes = 15;
    a->has_minutes = true;
    for (int i = 0; i <= CORNERS; i++) {
        const double turn = TURN * (i % CORNERS) / CORNERS;

        m->points[m->point_count++] =
            place(own, x + r * cos(turn), y + r * sin(turn));
    }
    a->point_count = m->point_count - a->point_at;
    return a;
}

static void add_beat(struct view_map *m, const struct view_place *own,
                     const char *name, const int (*xy)[2], size_t count)
{
    struct view_area *a = add_area(m, VIEW_AREA_BEAT, name, name);

    for (size_t i = 0; i < count; i++) {
        m->points[m->point_count++] = place(own, xy[i][0], xy[i][1]);
    }
    a->point_count = (int)count;
}

static void add_beats(struct view_map *m, const struct view_place *own)
{
    static const int three[][2] = { { 352, 324 }, { 96, 255 },  { -60, 300 },
                                    { 96, 420 },  { 163, 470 }, { 163, 538 },
                                    { 270, 578 }, { 420, 578 }, { 560, 620 },
                                    { 720, 700 }, { 900, 800 }, { 1290, 800 },
                                    { 1290, 72 }, { 760, 72 },  { 703, 185 },
                                    { 369, 185 }, { 352, 324 } };
    static const int two[][2] = { { 352, 324 }, { 369, 185 }, { 380, -40 },
                                  { 96, -40 },  { -60, 300 }, { 96, 255 },
                                  { 352, 324 } };

    add_beat(m, own, "Beat 3", three, ARRAY_LEN(three));
    m->areas[m->area_count - 1].is_own = true;
    m->areas[m->area_count - 1].middle = place(own, 820, 548);
    add_beat(m, own, "Beat 2", two, ARRAY_LEN(two));
    m->areas[m->area_count - 1].middle = place(own, 150, 200);
}

static void add_hotspots(struct view_map *m, const struct view_place *own)
{
    struct view_area *a = add_hotspot(m, own, "Station Approach", 717, 369, 92);

    a->minutes = 12;
    a->low_minutes = 10;
    a->high_minutes = 14;
    PUT(a->why, "Six reports of street drinking in 14 days, most between "
                "15:00 and 18:00.");
    PUT(a->look_for, "Groups at Stand C, broken glass by the shelter.");
    a->visit_count = 2;
    a->visits[0] = (struct view_visit){ FAKE_NOW_MS - 75 * MINUTE, 7, false };
    a->visits[1] = (struct view_visit){ FAKE_NOW_MS - 4 * MINUTE, 5, false };
    a = add_hotspot(m, own, "Tanner’s Row", 517, 512, 70);
    a->minutes = 6;
    a->low_minutes = 5;
    a->high_minutes = 8;
    a = add_hotspot(m, own, "Market Place", 404, 388, 74);
    a->minutes = 16;
    a->low_minutes = 15;
    a->high_minutes = 19;
    (void)add_hotspot(m, own, "Abbey Close", 196, 386, 70);
}

static void add_track(struct view_map *m, const struct view_place *own)
{
    static const int xy[][2] = { { 517, 333 }, { 517, 265 }, { 700, 270 },
                                 { 722, 385 }, { 790, 377 }, { 722, 385 },
                                 { 692, 552 }, { 460, 500 }, { 338, 467 },
                                 { 333, 525 }, { 338, 467 }, { 344, 380 },
                                 { 460, 395 }, { 582, 401 } };

    for (size_t i = 0; i < ARRAY_LEN(xy); i++) {
        m->track[m->track_count++] = place(own, xy[i][0], xy[i][1]);
    }
}

void fake_map(struct view_map *m, const struct view_place *own)
{
    static const int pins[][3] = {
        { 1, 625, 269 }, { 3, 794, 372 }, { 5, 399, 407 }, { 4, 602, 520 }
    };
    static const char *const titles[] = { "Begging", "Street drinking",
                                          "Rowdy or noisy group", "" };

    memset(m, 0, sizeof(*m));
    add_beats(m, own);
    add_hotspots(m, own);
    add_track(m, own);
    for (size_t i = 0; i < ARRAY_LEN(pins); i++) {
        struct view_pin *p = &m->pins[m->pin_count++];

        p->number = pins[i][0];
        p->pos = place(own, pins[i][1], pins[i][2]);
        p->is_sealed = p->number == 4;
        p->at_ms = FAKE_NOW_MS - (int64_t)(6 - p->number) * 15 * MINUTE;
        (void)snprintf(p->id, sizeof(p->id), "record-%d", p->number);
        if (!p->is_sealed) {
            PUT(p->title, titles[i]);
            PUT(p->place, "Bus Station, Stand C");
            PUT(p->note, "Two men, three bottles. Moved on when asked.");
        }
    }
}

static struct view_area *find_area(struct view_map *m, const char *id)
{
    for (int i = 0; i < m->area_count; i++) {
        if (strcmp(m->areas[i].id, id) == 0) {
            return &m->areas[i];
        }
    }
    return NULL;
}

static void visit(struct fake_app *f, const struct command *cmd)
{
    struct view_area *a = find_area(&f->v.map, cmd->id);

    if (a == NULL || a->visit_count == VIEW_VISITS) {
        return;
    }
    if (cmd->is_on) {
        a->visits[a->visit_count++] =
            (struct view_visit){ f->v.status.now_ms, 0, true };
    } else {
        a->visits[a->visit_count - 1].goes_on = false;
    }
    a->is_visiting = cmd->is_on;
    fake_tell(f, cmd->is_on ? TOLD_VISIT_STARTED : TOLD_VISIT_ENDED, ERR_OK);
}

void fake_place(struct fake_app *f, const struct command *cmd)
{
    if (cmd->kind == CMD_VISIT) {
        visit(f, cmd);
    } else if (cmd->kind == CMD_OPEN_ABOUT) {
        f->v.notebook.found = 214;
        f->v.notebook.found_count++;
    }
}
