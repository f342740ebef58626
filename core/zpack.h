/*
 * zpack.h - exchange bodies in zstd (RFC 8878), with an end to how large
 * they get.
 *
 * A reader unpacks at most SYNC_INFLATE_RATIO_MAX times what it was given
 * (but ZPACK_FLOOR_BYTES in any case) and never beyond SYNC_PLAIN_MAX_BYTES,
 * with a window of 1 MiB, and stops as soon as one of these is passed. A
 * writer whose text packs better than that pads with a skippable frame.
 */
#ifndef CORE_ZPACK_H
#define CORE_ZPACK_H

#include "core/buf.h"

/* Append `in`, packed. ERR_TOO_LONG: in or out is over its limit. */
MUST_USE enum err zpack_pack(struct buf *out, struct bytes in);

/*
 * Append what `in` holds. ERR_TOO_LONG: a limit is passed; ERR_BAD_DATA: cut,
 * damaged, or not zstd. `out` is as before after an error.
 */
MUST_USE enum err zpack_unpack(struct buf *out, struct bytes in);

#endif /* CORE_ZPACK_H */
