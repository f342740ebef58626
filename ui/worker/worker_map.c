/* worker_map.c - what lies on the map: the council's areas, and what this
 * officer recorded on the patrol. */
#include <string.h>

#include "core/area.h"
#include "core/body.h"
#include "core/cbor.h"
#include "core/drawn.h"
#include "core/tablet.h"
#include "core/tablet_list.h"
#include "core/tablet_visit.h"
#include "core/tier.h"
#include "ui/worker/worker_internal.h"

static enum view_area_kind kind_of(enum area_kind kind)
{
    if (kind == AREA_HOTSPOT) {
        return VIEW_AREA_HOTSPOT;
    }
    return kind == AREA_BEAT ? VIEW_AREA_BEAT : VIEW_AREA_ORDER;
}

static bool is_shown(const struct area *a)
{
    return (a->kind == AREA_HOTSPOT || a->kind == AREA_BEAT ||
            a->kind == AREA_ORDER) &&
           a->ground.shape.count > 0;
}

/* Room for it whole, or it is left out: half an edge is a wrong one. */
static bool has_room(const struct view_map *v, const struct geo_shape *shape)
{
    size_t points = 0;

    for (size_t i = 0; i < shape->count; i++) {
        for (size_t k = 0; k < shape->polygons[i].count; k++) {
            points += shape->polygons[i].rings[k].count + 1;
        }
    }
    return v->area_count < VIEW_AREAS &&
           points <= (size_t)(VIEW_AREA_POINTS - v->point_count);
}

static void put_shape(struct view_map *v, const struct geo_shape *shape)
{
    for (size_t i = 0; i < shape->count; i++) {
        for (size_t k = 0; k < shape->polygons[i].count; k++) {
            const struct geo_line *ring = &shape->polygons[i].rings[k];

            for (size_t n = 0; n < ring->count; n++) {
                v->points[v->point_count++] =
                    (struct view_pos){ ring->points[n].lat_e7,
                                       ring->points[n].lon_e7 };
            }
            v->points[v->point_count++] =
                (struct view_pos){ VIEW_POS_BREAK, 0 };
        }
    }
}

static struct view_pos middle_of(const struct geo_box *box)
{
    const struct view_pos middle = {
        (int32_t)(((int64_t)box->min.lat_e7 + box->max.lat_e7) / 2),
        (int32_t)(((int64_t)box->min.lon_e7 + box->max.lon_e7) / 2)
    };

    return middle;
}

static void put_area(struct worker *w, struct view_map *v, const struct area *a)
{
    struct view_area *out = &v->areas[v->area_count++];

    out->kind = kind_of(a->kind);
    WORKER_PUT(out->id, a->id);
    WORKER_PUT(out->name, a->name);
    WORKER_PUT(out->why, a->why);
    WORKER_PUT(out->look_for, a->look_for);
    out->is_own =
        a->kind == AREA_BEAT && (strcmp(a->id, w->views->home.beat) == 0 ||
                                 strcmp(a->name, w->views->home.beat) == 0);
    out->goal_minutes = a->goal_minutes;
    out->middle = middle_of(&a->box);
    out->point_at = v->point_count;
    put_shape(v, &a->ground.shape);
    out->point_count = v->point_count - out->point_at;
}

/* --- the way of this patrol --- */

/* Half as fine, when it is longer than there is room for. */
static void thin_out(struct view_map *v)
{
    int kept = 0;

    for (int i = 0; i < v->track_count; i++) {
        if (i % 2 == 0 || v->track[i].lat_e7 == VIEW_POS_BREAK) {
            v->track[kept++] = v->track[i];
        }
    }
    v->track_count = kept < VIEW_TRACK_POINTS / 2 ? kept : 0;
}

static enum err take_step(void *ctx, const struct track_point *p)
{
    struct view_map *v = ctx;

    if (v->track_count + 2 > VIEW_TRACK_POINTS) {
        thin_out(v);
    }
    if (p->cause != TRACK_NO_GAP) {
        v->track[v->track_count++] = (struct view_pos){ VIEW_POS_BREAK, 0 };
    }
    v->track[v->track_count++] =
        (struct view_pos){ p->pos.lat_e7, p->pos.lon_e7 };
    return ERR_OK;
}

static enum err put_track(struct worker *w, struct view_map *v,
                          const struct uuid *patrol)
{
    enum err err =
        tablet_track(session_tablet(w->session), patrol, take_step, v);

    for (size_t i = 0; !err && w->is_tracking && i < w->track.count; i++) {
        err = take_step(v, &w->track.points[i]);
    }
    return err;
}

static int minutes(uint64_t ms)
{
    return (int)(ms / 60000);
}

static void put_minutes(struct view_map *v, const struct tablet_way *way)
{
    for (size_t i = 0; i < way->hotspot_count; i++) {
        const struct tablet_hotspot *h = &way->hotspots[i];

        for (int k = 0; k < v->area_count; k++) {
            struct view_area *a = &v->areas[k];

            if (a->kind == VIEW_AREA_HOTSPOT &&
                strcmp(a->id, h->area->id) == 0) {
                a->has_minutes = true;
                a->minutes = minutes(h->dwell.best_ms);
                a->low_minutes = minutes(h->dwell.low_ms);
                a->high_minutes = minutes(h->dwell.high_ms);
            }
        }
    }
}

/* --- visits --- */

static_assert(VIEW_VISITS == VISITS_MAX, "all of them have room");

struct visiting {
    struct view_map *v;
    struct visits visits[VIEW_AREAS]; /* by the index of the area */
};

static enum err take_mark(void *ctx, const struct tablet_mark *m)
{
    struct visiting *all = ctx;

    for (int i = 0; i < all->v->area_count; i++) {
        const struct view_area *a = &all->v->areas[i];

        if (a->kind == VIEW_AREA_HOTSPOT &&
            strncmp(a->id, m->area, sizeof(a->id) - 1) == 0) {
            tablet_visits_add(&all->visits[i], m->mark, m->at_ms);
        }
    }
    return ERR_OK;
}

static void put_visits(struct worker *w, struct view_area *a,
                       const struct visits *visits, int64_t end_ms)
{
    for (size_t i = 0; i < visits->count; i++) {
        const struct visit *from = &visits->list[i];
        struct view_visit *to = &a->visits[a->visit_count++];
        const int64_t until = from->to_ms != 0 ? from->to_ms : end_ms;

        to->from_ms = worker_local_ms(w, from->from_ms);
        to->minutes = (int)((until - from->from_ms) / 60000);
        to->goes_on = from->to_ms == 0;
    }
    a->is_visiting = visits->is_open && visits->is_by_hand;
}

static enum err put_marks(struct worker *w, struct view_map *v,
                          const struct tablet_way *way)
{
    struct visiting all = { .v = v };
    const struct port *port = session_port(w->session);
    struct port_time now;
    const enum err err =
        tablet_marks(session_tablet(w->session), &way->patrol, take_mark, &all);

    port->ops->now(port->ctx, &now);
    for (int i = 0; i < v->area_count && !err; i++) {
        put_visits(w, &v->areas[i], &all.visits[i],
                   way->ended_ms != 0 ? way->ended_ms : now.wall_ms);
    }
    return err;
}

/* Without a patrol there is no track, and no minutes are known. */
static enum err put_way(struct worker *w, struct view_map *v)
{
    struct tablet_way way;
    enum err err = worker_way(w, &way);

    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    put_minutes(v, &way);
    err = put_marks(w, v, &way);
    return err ? err : put_track(w, v, &way.patrol);
}

/* --- areas --- */

static enum err put_areas(struct worker *w, struct view_map *v)
{
    const struct area_list *all = NULL;
    char day[WORKER_DAY_SIZE];
    const enum err err = tablet_areas(session_tablet(w->session), &all);

    worker_day(w, day);
    for (size_t i = 0; !err && i < all->count; i++) {
        const struct area *a = &all->list[i];

        if (is_shown(a) && area_holds_on(a, day) &&
            has_room(v, &a->ground.shape)) {
            put_area(w, v, a);
        }
    }
    return err;
}

struct pins {
    struct worker *w;
    struct view_map *v;
    struct view_pin *now;
    bool has_place;
};

/* A line or an area is a text of one form only. */
static void take_drawn(struct view_map *v, struct bytes value)
{
    struct cbor_reader r;
    struct bytes text;
    struct drawn d;
    struct view_area *a;

    cbor_open_gated(&r, value);
    text = cbor_get_text(&r);
    if (r.err || drawn_parse((const char *)text.data, text.len, &d) ||
        v->area_count == VIEW_AREAS ||
        v->point_count + (int)d.count + 1 > VIEW_AREA_POINTS) {
        return;
    }
    a = &v->areas[v->area_count++];
    *a = (struct view_area){ .kind = d.kind == DRAWN_AREA ? VIEW_AREA_DRAWN
                                                          : VIEW_AREA_LINE,
                             .point_at = v->point_count };
    for (size_t i = 0; i < d.count + (d.kind == DRAWN_AREA); i++) {
        const struct geo_pos *p = &d.points[i % d.count];

        v->points[v->point_count++] = (struct view_pos){ p->lat_e7, p->lon_e7 };
    }
    a->point_count = v->point_count - a->point_at;
    a->middle = v->points[a->point_at];
}

static enum err take_place(void *ctx, const struct tablet_field *f)
{
    struct pins *p = ctx;
    struct body_place place;

    if (f->id >= FIELD_CUSTOM && f->value.data != NULL && !f->is_conflict &&
        (f->value.data[0] & 0xe0) == 0x60) { /* a text */
        take_drawn(p->v, f->value);
    }
    if (f->id != FIELD_PLACE || f->value.data == NULL ||
        body_place_parse(f->value, &place)) {
        return ERR_OK;
    }
    p->now->pos = (struct view_pos){ place.lat_e7, place.lon_e7 };
    p->has_place = true;
    return ERR_OK;
}

/* Newest first, so that the newest are there when there is no more room. */
static enum err take_pin(void *ctx, const struct tablet_item *item)
{
    struct pins *p = ctx;
    char id[UUID_TEXT_SIZE];
    enum err err;

    if (item->is_struck || item->gone != TABLET_HERE) {
        return ERR_OK;
    }
    p->now = &p->v->pins[p->v->pin_count];
    p->has_place = false;
    err =
        tablet_fields(session_tablet(p->w->session), &item->id, take_place, p);
    if (err || !p->has_place) {
        return err;
    }
    uuid_format(&item->id, id);
    WORKER_PUT(p->now->id, id);
    p->now->is_sealed = item->tier != TIER_OPEN;
    if (item->tier != TIER_SEALED) {
        WORKER_PUT(p->now->title, item->title[0] != '\0'
                                      ? item->title
                                      : worker_category(p->w, item->category));
        WORKER_PUT(p->now->place, item->place_name);
        WORKER_PUT(p->now->note, item->note);
    }
    p->now->at_ms = worker_local_ms(p->w, item->made_ms);
    p->v->pin_count++;
    return p->v->pin_count == VIEW_PINS ? ERR_STOPPED : ERR_OK;
}

static enum err put_pins(struct worker *w, struct view_map *v)
{
    struct tablet *t = session_tablet(w->session);
    struct tablet_filter filter = { .only_own = true, .max = VIEW_PINS };
    struct pins pins = { .w = w, .v = v };
    struct tablet_summary patrol;
    enum err err = tablet_summary(t, &patrol);

    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    filter.patrol = patrol.patrol;
    err = tablet_records(t, &filter, take_pin, &pins);
    for (int i = 0; i < v->pin_count; i++) {
        v->pins[i].number = v->pin_count - i;
    }
    return err;
}

void worker_show_map(struct worker *w)
{
    struct view_map *v = &w->views->map;

    memset(v, 0, sizeof(*v));
    if (put_areas(w, v) || put_way(w, v) || put_pins(w, v)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "what lies on the map could not be read");
    }
    worker_post(w, VIEW_MAP, v);
}

void worker_follow_map(struct worker *w)
{
    struct view_home *home = &w->views->home;

    worker_position(w, &home->position);
    worker_put_beat(w, home);
    worker_post(w, VIEW_HOME, home);
    worker_show_map(w);
}
