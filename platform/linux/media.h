/*
 * media.h - camera, microphone and loudspeaker, through GStreamer: pictures
 * to look at, a file that grows while it is recorded, a file played back.
 *
 * GStreamer's threads stay behind this: each call returns at once, on the
 * caller's thread, and whoever waits asks again. Only files of our own
 * recording are ever given to media_play(). Where this was built without
 * GStreamer, or a part of it is missing, opening says ERR_UNSUPPORTED.
 */
#ifndef PLATFORM_LINUX_MEDIA_H
#define PLATFORM_LINUX_MEDIA_H

#include "core/base.h"
#include "core/buf.h"

struct media; /* opaque: one pipeline */

/* Is there such a thing at all? Quick, loads nothing. `source` is a
 * GStreamer element with its properties, or NULL for this machine's. */
bool media_has_camera(const char *source);
bool media_has_microphone(const char *source);

enum media_kind {
    MEDIA_LOOK,  /* pictures only, to be shown and taken */
    MEDIA_VIDEO, /* pictures, and a WebM file (VP8), no sound */
    MEDIA_VOICE  /* an Ogg file (Opus), mono */
};
/* ERR_NOT_FOUND: no such source; ERR_UNSUPPORTED; ERR_IO: it can't start. */
MUST_USE enum err media_open(enum media_kind kind, const char *source,
                             struct media **out);
/* A recording of MEDIA_VIDEO (is_video) or MEDIA_VOICE; `sink` as `source`
 * above. `file` is copied. */
MUST_USE enum err media_play(struct bytes file, bool is_video, const char *sink,
                             struct media **out);
void media_close(struct media *m); /* NULL is allowed */

enum media_state {
    MEDIA_RUNS,
    MEDIA_ENDED, /* by itself, or after media_end: all bytes were given */
    MEDIA_FAILED /* unplugged, taken away: what came before is good */
};
enum media_state media_state(struct media *m);

/* The newest picture, when there is one that wasn't given yet: rows of 4 *
 * width bytes, BGR and one unused. Valid until the next call or close. */
struct media_picture {
    const uint8_t *pixels;
    uint32_t width, height;
};
bool media_picture(struct media *m, struct media_picture *out);

/* Adds what was recorded since the last call. ERR_TOO_LONG by `out`. */
MUST_USE enum err media_bytes(struct media *m, struct buf *out);
/* Of what was recorded or played till now. */
int64_t media_length_ms(const struct media *m);
/* No more is recorded; the file's end still comes. */
void media_end(struct media *m);

#endif /* PLATFORM_LINUX_MEDIA_H */
