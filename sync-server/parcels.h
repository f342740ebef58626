/*
 * parcels.h - HEAD and PATCH of /v1/parcels/{hash}: a hand-over file that
 * another tablet of the council carries; named by the SHA-256 of its bytes.
 * With the last piece it is taken in (handover.h) and answered.
 */
#ifndef SYNC_SERVER_PARCELS_H
#define SYNC_SERVER_PARCELS_H

#include "sync-server/route.h"

enum err parcels_head(struct route_call *call);
enum err parcels_patch(struct route_call *call);

#endif /* SYNC_SERVER_PARCELS_H */
