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

enum view_area_kind { VIEW_AREA_BEAT, VIEW_AREA_HOTSPOT, VIEW_AREA_ORDER };

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
    char visits[VIEW_AREA_TEXT]; /* "08:52 for 7 min"; "" none, or not known */
    int point_at; /* in the view's points: closed rings, holes as rings */
    int point_count;
    struct view_pos middle;
};

struct view_pin {
    int number; /* of the entry, as in the notebook */
    char id[40];
    char title[64]; /* "": restricted, for others than the author */
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
