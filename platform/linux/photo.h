/*
 * photo.h - a photo file made ready: the original as it is, a small
 * derivative without metadata, and what its EXIF says.
 *
 * Nothing from outside is parsed here: the program beatbook-photo does it,
 * a child without files, network or secrets. What it can't decode is kept
 * as a file, with a message.
 */
#ifndef PLATFORM_LINUX_PHOTO_H
#define PLATFORM_LINUX_PHOTO_H

#include "core/base.h"
#include "core/buf.h"

struct photo {
    struct buf original;    /* the file's bytes, untouched */
    struct buf small;       /* JPEG, right way up; empty: none */
    const char *media_type; /* by its first bytes, never by its name */
    int orientation;        /* EXIF 1-8 of the original; 1 when unknown */
    uint32_t width, height; /* of the original as stored; 0: unknown */
    int64_t taken_ms;       /* UTC by the camera's clock; 0: unknown */
    bool has_place;
    int32_t lat_e7, lon_e7; /* where the camera says it was */
    char message[120];      /* "" or why there is no (whole) derivative */
};

/*
 * Read `path`. ERR_TOO_LONG beyond BLOB_MAX_BYTES, ERR_NOT_FOUND,
 * ERR_DENIED; a broken picture is ERR_OK with a message. photo_fini()
 * after ERR_OK.
 */
MUST_USE enum err photo_open(const char *path, struct photo *out);
void photo_fini(struct photo *p);

/* The same of bytes that are here already: a camera's, a copy's. `data` is
 * copied. */
MUST_USE enum err photo_of_bytes(struct bytes data, struct photo *out);

/* The right way up, at most PHOTO_LARGE_PX a side: RGB, 3 bytes a pixel. */
struct photo_picture {
    struct buf rgb;
    uint32_t width, height;
};
/* ERR_UNSUPPORTED: no picture; ERR_BAD_DATA: it can't be decoded. buf_fini
 * its `rgb` after ERR_OK. */
MUST_USE enum err photo_look(struct bytes data, struct photo_picture *out);

#endif /* PLATFORM_LINUX_PHOTO_H */
