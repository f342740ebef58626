/*
 * tablet_capture.h - what was captured for a log that isn't saved yet: a
 * photo, a copy drawn on, a sketch, a recording. Its files are sealed at
 * once and kept with the draft, so that a kill loses none; saving the log
 * makes records of them.
 */
#ifndef CORE_TABLET_CAPTURE_H
#define CORE_TABLET_CAPTURE_H

#include "core/crypto.h"
#include "core/tablet_list.h"

/* One file as it lies, and what opens it. */
struct tablet_file {
    struct hash name, plain;
    uint8_t key[CRYPTO_KEY_SIZE];
    uint64_t bytes; /* plain; 0: there is no such file */
};

struct tablet_capture {
    struct uuid id;      /* of the record that it will be */
    struct uuid draft;   /* of the log that it belongs to */
    struct uuid copy_of; /* it was drawn on a copy of this one; zero: no */
    struct tablet_file original, small;
    char media_type[TABLET_CODE_SIZE];
    int orientation;   /* EXIF 1-8; 0: not said */
    int64_t taken_ms;  /* UTC by the camera's clock; 0: unknown */
    int64_t length_ms; /* of a recording; 0: it is none */
};

/* --- one file --- */

MUST_USE enum err tablet_file_seal(struct tablet *t, struct bytes plain,
                                   struct tablet_file *out);
/* ERR_NOT_FOUND when it isn't here, ERR_BAD_HASH when it was changed. */
MUST_USE enum err tablet_file_bytes(struct tablet *t,
                                    const struct tablet_file *file,
                                    struct buf *out);

/* The same while it is still being made: a recording goes to the disk
 * encrypted as it comes. One that isn't ended leaves nothing behind. */
struct tablet_sealing; /* opaque */
MUST_USE enum err tablet_sealing_new(struct tablet *t,
                                     struct tablet_sealing **out);
MUST_USE enum err tablet_sealing_add(struct tablet_sealing *s,
                                     struct bytes piece);
/* Frees `s` in either case. */
MUST_USE enum err tablet_sealing_end(struct tablet_sealing *s,
                                     struct tablet_file *out);
void tablet_sealing_drop(struct tablet_sealing *s); /* NULL is allowed */

/* --- what a draft has --- */

/* Durable when it returns; the files must be sealed. */
MUST_USE enum err tablet_capture_put(struct tablet *t,
                                     const struct tablet_capture *c);
typedef enum err (*tablet_capture_fn)(void *ctx,
                                      const struct tablet_capture *c);
/* Of one draft of who is signed in, in the order of capture. */
MUST_USE enum err tablet_captures(struct tablet *t, const struct uuid *draft,
                                  tablet_capture_fn fn, void *ctx);
/* It goes with its files: before the save only. */
MUST_USE enum err tablet_capture_drop(struct tablet *t,
                                      const struct tablet_capture *c);

/* --- exhibits --- */

/* "AY/12" behind the last one of who is signed in, `ahead` further on;
 * "" when nobody is. */
#define TABLET_EXHIBIT_SIZE 32
MUST_USE enum err tablet_exhibit_next(struct tablet *t, unsigned ahead,
                                      char out[TABLET_EXHIBIT_SIZE]);
/* Initials of a name, at most four: "Amina Yusuf-Khan" gives "AYK". */
void tablet_initials(const char *name, char out[20]);

#endif /* CORE_TABLET_CAPTURE_H */
