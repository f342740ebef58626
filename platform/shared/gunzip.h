/* gunzip.h - unpacks gzip and zlib streams from outside, with a hard cap. */
#ifndef PLATFORM_SHARED_GUNZIP_H
#define PLATFORM_SHARED_GUNZIP_H

#include "core/buf.h"

/* True when the bytes begin as a gzip or zlib stream does. */
bool gunzip_is_packed(struct bytes in);

/*
 * Appends what `in` unpacks to. ERR_BAD_DATA when it is cut off, broken or
 * followed by more, ERR_TOO_LONG when it would pass out->max.
 */
MUST_USE enum err gunzip(struct bytes in, struct buf *out);

#endif /* PLATFORM_SHARED_GUNZIP_H */
