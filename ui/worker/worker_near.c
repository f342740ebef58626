/* worker_near.c - a record like the one being written, made near here a short
 * while ago by anybody: told once, so that one matter has one record. */
#include <stdlib.h>
#include <string.h>

#include "core/geo.h"
#include "core/tablet_list.h"
#include "ui/worker/worker_internal.h"

#define NEAR_MS  ((int64_t)30 * 60000)
#define NEAR_MM  ((int64_t)100 * 1000)
#define NEAR_MAX 8  /* that are looked at more closely */
#define LOOK_MAX 60 /* newest records: a shift's of a crew */

struct found {
    struct uuid id, officer;
    int64_t noted_ms;
    int utc_offset_min;
};

struct looking {
    const char *category;
    struct uuid own;
    int64_t since_ms; /* UTC */
    struct found found[NEAR_MAX];
    int count;
};

static enum err take_record(void *ctx, const struct tablet_item *item)
{
    struct looking *l = ctx;
    const int64_t noted = item->noted_ms != 0 ? item->noted_ms : item->made_ms;

    if (item->tier != 0 || item->is_struck || item->gone != 0 ||
        noted < l->since_ms || strcmp(item->category, l->category) != 0 ||
        uuid_eq(&item->id, &l->own)) {
        return ERR_OK;
    }
    l->found[l->count++] =
        (struct found){ item->id, item->officer, noted, item->utc_offset_min };
    return l->count == NEAR_MAX ? ERR_STOPPED : ERR_OK;
}

struct placed {
    bool is_there;
    struct geo_pos pos;
};

static enum err take_place(void *ctx, const struct tablet_field *f)
{
    struct placed *p = ctx;
    struct body_place place;

    if (f->id != FIELD_PLACE || f->value.data == NULL ||
        body_place_parse(f->value, &place)) {
        return ERR_OK;
    }
    p->is_there = true;
    p->pos = (struct geo_pos){ place.lat_e7, place.lon_e7 };
    return ERR_STOPPED;
}

struct naming {
    struct uuid id;
    struct view_near *out;
};

static enum err take_name(void *ctx, const struct tablet_person *p)
{
    struct naming *n = ctx;

    if (!uuid_eq(&p->id, &n->id)) {
        return ERR_OK;
    }
    WORKER_PUT(n->out->who, p->name);
    return ERR_STOPPED;
}

static void tell(struct worker *w, const struct found *f, struct view_near *out)
{
    struct naming n = { f->officer, out };

    out->at_ms = f->noted_ms + (int64_t)f->utc_offset_min * 60000;
    out->is_you = uuid_eq(&f->officer, &w->officer);
    if (tablet_people(session_tablet(w->session), take_name, &n)) {
        out->who[0] = '\0'; /* the time says enough */
    }
}

/* What is asked for stays the same while one category is being written. */
static bool is_known(struct worker *w, const char *category,
                     const struct uuid *own)
{
    const bool is_same =
        strcmp(w->near_category, category) == 0 && uuid_eq(&w->near_own, own);

    WORKER_PUT(w->near_category, category);
    w->near_own = *own;
    return is_same;
}

void worker_look_near(struct worker *w, const char *category,
                      const struct uuid *own)
{
    const struct tablet_filter filter = { .max = LOOK_MAX };
    struct tablet *t = session_tablet(w->session);
    struct looking l = { .category = category, .own = *own };
    struct view_near *out = &w->views->log.near;
    struct view_place here;
    struct port_time now;

    if (is_known(w, category, own)) {
        return;
    }
    *out = (struct view_near){ .at_ms = 0 };
    worker_log_position(w, &here);
    if (category[0] == '\0' || !here.has_fix || w->is_duress) {
        return;
    }
    session_port(w->session)->ops->now(session_port(w->session)->ctx, &now);
    l.since_ms = now.wall_ms - NEAR_MS;
    if (tablet_records(t, &filter, take_record, &l)) {
        return; /* a hint, no more: the record is written all the same */
    }
    for (int i = 0; i < l.count; i++) {
        const struct geo_pos at = { (int32_t)here.lat_e7,
                                    (int32_t)here.lon_e7 };
        struct placed p = { .is_there = false };

        if (tablet_fields(t, &l.found[i].id, take_place, &p) == ERR_OK &&
            p.is_there && geo_distance_mm(at, p.pos) <= NEAR_MM) {
            tell(w, &l.found[i], out);
            return;
        }
    }
}
