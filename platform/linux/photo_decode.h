/*
 * photo_decode.h - inside beatbook-photo: bytes of a picture in, pixels and
 * facts out. Runs where nothing can be opened or sent.
 *
 * The child writes a CBOR sequence (RFC 8742):
 *   facts = { 1: orientation, 2: width, 3: height, ? 4: local time ms,
 *             ? 5: UTC offset min, ? 6: lat_e7, ? 7: lon_e7 }
 *   small = { 1: bstr JPEG, 2: warnings }       ; absent when it can't be
 * With the argument "large", in place of small:
 *   large = { 1: width, 2: height, 3: bstr RGB } ; the right way up
 */
#ifndef PLATFORM_LINUX_PHOTO_DECODE_H
#define PLATFORM_LINUX_PHOTO_DECODE_H

#include "core/base.h"
#include "core/buf.h"

enum photo_type { PHOTO_JPEG, PHOTO_PNG, PHOTO_OTHER };
enum photo_type photo_type(struct bytes in);

struct photo_facts {
    int orientation; /* 1-8 */
    bool has_time;
    int64_t local_ms; /* the camera's local time, as if it were UTC */
    bool has_offset;
    int offset_min;
    bool has_place;
    int32_t lat_e7, lon_e7;
};
void photo_exif(struct bytes in, struct photo_facts *out);

/* RGB, 3 bytes a pixel, rows without padding. */
struct photo_pixels {
    uint8_t *data; /* malloc */
    uint32_t width, height;
    uint32_t full_width, full_height; /* of the file */
    unsigned warnings;                /* damage that was passed over */
};
/* At least `side` pixels on the longer side where the file has them. */
MUST_USE enum err photo_jpeg_for(struct bytes in, uint32_t side,
                                 struct photo_pixels *out);
/* The same for PHOTO_SMALL_PX. */
MUST_USE enum err photo_jpeg(struct bytes in, struct photo_pixels *out);
MUST_USE enum err photo_png(struct bytes in, struct photo_pixels *out);

/* At most PHOTO_SMALL_PX a side, turned by `orientation`, as JPEG. */
MUST_USE enum err photo_small(const struct photo_pixels *in, int orientation,
                              struct buf *out);

/* At most PHOTO_LARGE_PX a side, turned by `orientation`. */
MUST_USE enum err photo_large(const struct photo_pixels *in, int orientation,
                              struct photo_pixels *out);
/* As JPEG of PHOTO_LARGE_QUALITY; no side longer than PHOTO_LARGE_PX. */
MUST_USE enum err photo_encode(const struct photo_pixels *in, struct buf *out);

/* Give up every right but reading fd 0, writing fd 1 and memory. */
MUST_USE enum err photo_jail_limits(void);
MUST_USE enum err photo_jail_close(void);

#endif /* PLATFORM_LINUX_PHOTO_DECODE_H */
