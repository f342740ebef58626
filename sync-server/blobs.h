/*
 * blobs.h - HEAD, PATCH and GET of /v1/blobs/{hash}: encrypted files in
 * pieces, resumable at any byte (tus 1.0 semantics without its creation
 * step: a blob exists when an accepted header names it).
 */
#ifndef SYNC_SERVER_BLOBS_H
#define SYNC_SERVER_BLOBS_H

#include "sync-server/route.h"

enum err blobs_head(struct route_call *call);
enum err blobs_patch(struct route_call *call);
enum err blobs_get(struct route_call *call); /* query: offset=N */

#endif /* SYNC_SERVER_BLOBS_H */
