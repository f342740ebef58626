/*
 * drawn.h - a line or an area that an officer walked or drew, as the answer
 * to a question: a text that is a GeoJSON geometry (RFC 7946) in one form
 * only,
 *
 *   {"type":"LineString","coordinates":[[-4.6026531,52.4005396],...]}
 *   {"type":"Polygon","coordinates":[[[...],...]]}    one ring, no holes
 *
 * without blanks, degrees with at most seven digits behind the point and no
 * zeros at the end: so the same shape is the same text everywhere.
 */
#ifndef CORE_DRAWN_H
#define CORE_DRAWN_H

#include "core/buf.h"
#include "core/geo.h"
#include "core/limits.h"

enum drawn_kind { DRAWN_LINE, DRAWN_AREA };

struct drawn {
    enum drawn_kind kind;
    struct geo_pos points[DRAWN_POINTS_MAX]; /* of an area: each once */
    size_t count;
};

/* ERR_BAD_DATA unless of that very form, and whole. */
MUST_USE enum err drawn_parse(const char *text, size_t len, struct drawn *out);
/* Appends the text of a whole one. */
void drawn_put(const struct drawn *d, struct buf *out);

/* At least two corners, or three of an area whose edges don't cross. */
bool drawn_is_whole(const struct drawn *d);
/* Edges of an area that cross make it none. */
bool drawn_crosses(const struct drawn *d);
/* Full already, or the same place as the last: false, and nothing added. */
bool drawn_add(struct drawn *d, struct geo_pos p);

/* Every second corner, so that there is room for more. */
void drawn_thin(struct drawn *d);

/* Along the line, or around the area. */
int64_t drawn_length_mm(const struct drawn *d);
/* Square metres, flat; 0 of a line. Within 1 % up to 50 km. */
int64_t drawn_area_m2(const struct drawn *d);

#endif /* CORE_DRAWN_H */
