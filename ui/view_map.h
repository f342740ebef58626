/*
 * view_map.h - what lies on the map: areas, the own track, pins. A snapshot
 * as those of view.h are; positions in 1e-7 degree of WGS 84.
 */
#ifndef UI_VIEW_MAP_H
#define UI_VIEW_MAP_H

#include <stdbool.h>
#include <stdint.h>

#define VIEW_AREAS        48
#define VIEW_AREA_POINTS  4096
#define VIEW_TRACK_POINTS 2048
#define VIEW_PINS         48
#define VIEW_AREA_TEXT    256

struct view_pos {
    int32_t lat_e7; /* VIEW_POS_BREAK: another ring, or a gap in the track */
    int32_t lon_e7;
};
#define VIEW_POS_BREAK INT32_MIN

struct view_visit {
    int64_t from_ms;
    int minutes;
    bool goes_on;
};
#define VIEW_VISITS 8

enum view_area_kind {
    VIEW_AREA_BEAT,
    VIEW_AREA_HOTSPOT,
    VIEW_AREA_ORDER,
    VIEW_AREA_DRAWN, /* of a record of this patrol */
    VIEW_AREA_LINE   /* the same, not closed */
};

struct view_area {
    enum view_area_kind kind;
    char id[40];
    char name[64];
    char why[VIEW_AREA_TEXT];
    char look_for[VIEW_AREA_TEXT];
    bool is_own; /* the beat of this patrol */
    int goal_minutes;
    bool has_minutes; /* the next three are known */
    int minutes;      /* today, by the positions as they are */
    int low_minutes;  /* allowing for GPS */
    int high_minutes;
    struct view_visit visits[VIEW_VISITS]; /* of this patrol, in order */
    int visit_count;
    bool is_visiting; /* the officer began the last one, and ends it */
    int point_at;     /* in the view's points: closed rings, holes as rings */
    int point_count;
    struct view_pos middle;
};

struct view_pin {
    int number;     /* of the patrol's records, the first is 1 */
    char id[40];    /* of the record */
    char title[64]; /* "": sealed, nobody reads it here */
    char place[64];
    char note[VIEW_AREA_TEXT];
    bool is_sealed;
    int64_t at_ms;
    struct view_pos pos;
};

struct view_map {
    struct view_area areas[VIEW_AREAS];
    int area_count;
    struct view_pos points[VIEW_AREA_POINTS];
    int point_count;
    struct view_pos track[VIEW_TRACK_POINTS]; /* oldest first */
    int track_count;
    struct view_pin pins[VIEW_PINS];
    int pin_count;
};

#endif /* UI_VIEW_MAP_H */
