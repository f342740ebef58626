/*
 * area.h - beats, hotspots, order areas, streets and places of a council,
 * from GeoJSON (RFC 7946), as assets/demo/areas.geojson or an AREA event
 * has it: features with an `id` and, in `properties`,
 *
 *   kind          "beat", "hotspot", "order", "district", "street", "place"
 *   name          as people call it
 *   goal_minutes  of a hotspot, a shift; else none
 *   why, look_for in words
 *   from, until   first and last day it holds, "2027-06-04"; else always
 *
 * Other members are passed over, a feature without geometry is withdrawn.
 */
#ifndef CORE_AREA_H
#define CORE_AREA_H

#include "core/arena.h"
#include "core/geo.h"

struct json;

enum area_kind { /* in the order in which a list shows them */
                 AREA_HOTSPOT,
                 AREA_BEAT,
                 AREA_ORDER,
                 AREA_DISTRICT,
                 AREA_STREET,
                 AREA_PLACE,
                 AREA_OTHER /* a kind that this version doesn't know */
};

/* What a geometry holds; a point is a line of one position. */
struct area_ground {
    struct geo_shape shape;
    const struct geo_line *lines;
    size_t line_count;
};

struct area {
    const char *id; /* of the feature; with the kind it names the area */
    enum area_kind kind;
    const char *name;
    const char *why, *look_for; /* "" when not said */
    const char *from, *until;   /* days, "" when open */
    int goal_minutes;           /* 0: none */
    struct area_ground ground;
    struct geo_box box; /* around all of it */
};

struct area_list {
    const struct area *list; /* in the order of arrival */
    size_t count;
};

/*
 * A geometry of any type into `arena`. ERR_BAD_DATA: not of RFC 7946's
 * shape, a ring that isn't closed or has fewer than four positions, a place
 * that isn't on earth. A collection holds what its members hold.
 */
MUST_USE enum err area_ground_parse(const struct json *geometry,
                                    struct arena *arena,
                                    struct area_ground *out);

/* An empty list; grows by area_list_add(). */
MUST_USE enum err area_list_new(struct area_list **out);
void area_list_free(struct area_list *all); /* NULL is allowed */

/*
 * A Feature or a FeatureCollection. ERR_BAD_DATA and ERR_TOO_LONG (more
 * than AREAS_MAX): the list is as it was. ERR_NOMEM.
 */
MUST_USE enum err area_list_add(struct area_list *all, const char *json,
                                size_t len);

/* NULL when there is none. */
const struct area *area_find(const struct area_list *all, enum area_kind kind,
                             const char *id);
/* The first of `kind` that holds on `day` ("2026-10-16") and has `p` in it. */
const struct area *area_at(const struct area_list *all, enum area_kind kind,
                           const char *day, struct geo_pos p);
bool area_holds_on(const struct area *a, const char *day);
/* How far: 0 inside an area; else to its edge, line or point. */
int64_t area_distance_mm(const struct area *a, struct geo_pos p);

/* "beat", ...; AREA_OTHER for an unknown word, "area" for it. */
enum area_kind area_kind_of(const char *word);
const char *area_kind_word(enum area_kind kind);

#endif /* CORE_AREA_H */
