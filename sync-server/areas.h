/*
 * areas.h - beats, hotspots, orders, streets and places from a council's
 * GeoJSON (core/area.h), published as events, so that tablets get them like
 * everything else.
 */
#ifndef SYNC_SERVER_AREAS_H
#define SYNC_SERVER_AREAS_H

#include "sync-server/council.h"

/*
 * The file is all there is: an AREA event for each feature that is new or
 * changed, and one that withdraws each that is no longer in it. One
 * transaction; `text` gets the counts, or which feature is wrong.
 * ERR_BAD_DATA: not GeoJSON; ERR_EXISTS: one kind and id twice.
 */
MUST_USE enum err areas_publish(struct council *c, struct bytes geojson,
                                struct buf *text);

typedef void areas_fn(void *ctx, const char *kind, const char *id);

/* Each that the tablets have now, in the file's order: "beat", "beat-3". */
MUST_USE enum err areas_each(struct council *c, areas_fn *each, void *ctx);

#endif /* SYNC_SERVER_AREAS_H */
