/*
 * blobs.h - HEAD, PATCH and GET of /v1/blobs/{hash}: encrypted files in
 * pieces, resumable at any byte (tus 1.0 semantics without its creation
 * step: a blob exists when an accepted header names it). Who may download
 * is asked of reader.h.
 */
#ifndef SYNC_SERVER_BLOBS_H
#define SYNC_SERVER_BLOBS_H

#include "sync-server/route.h"

enum err blobs_head(struct route_call *call);
enum err blobs_patch(struct route_call *call);
enum err blobs_get(struct route_call *call); /* query: offset=N */
/* Several small ones at once: wire_fetch in, wire_fetched out. What the
 * tablet may not have is not told from what isn't here. */
enum err blobs_fetch(struct route_call *call);

/*
 * All bytes of a wanted blob are in its part: compared with the name, kept,
 * recorded. ERR_BAD_HASH when they are others; the part is gone then.
 */
MUST_USE enum err blobs_complete(struct council *c, const struct hash *name,
                                 uint64_t size);
/* SHA-256 of a part. */
MUST_USE enum err blobs_hash_part(const struct port *port,
                                  const struct hash *part, struct hash *out);

#endif /* SYNC_SERVER_BLOBS_H */
