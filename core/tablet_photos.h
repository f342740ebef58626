/*
 * tablet_photos.h - photos that are known here, own and colleagues': which
 * the council holds, which of the others' have come, and their pictures.
 */
#ifndef CORE_TABLET_PHOTOS_H
#define CORE_TABLET_PHOTOS_H

#include "core/tablet_list.h"

enum tablet_photo_state {
    TABLET_PHOTO_WAITING = 1, /* own, some file of it has no receipt */
    TABLET_PHOTO_HELD,        /* own, receipts name all of its files */
    TABLET_PHOTO_COMING,      /* a colleague's, nothing of it is here */
    TABLET_PHOTO_HERE         /* a colleague's, a picture of it is here */
};

struct tablet_photo_item {
    struct uuid id, parent;
    enum tablet_photo_state state;
    struct hash original, small;  /* zero: none */
    bool has_original, has_small; /* the file is on this tablet */
    bool is_asked;                /* the original is to come */
    int64_t bytes;                /* of the original, plain */
    int orientation;              /* EXIF 1-8; 0: not said */
    char media_type[TABLET_CODE_SIZE];
    char caption[TABLET_TEXT_SIZE];
    char exhibit[TABLET_CODE_SIZE]; /* "AY/12"; "": none */
    struct uuid copy_of;            /* drawn on a copy of this; zero: no */
    struct hash plain;              /* of the original's plain bytes */
    int64_t length_ms;              /* of a recording; 0: it is none */
    struct uuid officer;            /* who made it */
    int64_t made_ms;                /* UTC, saved */
};
typedef enum err (*tablet_photo_fn)(void *ctx,
                                    const struct tablet_photo_item *p);
/* Of one record, or (parent zero) of all that are readable; oldest first. */
MUST_USE enum err tablet_photos(struct tablet *t, const struct uuid *parent,
                                tablet_photo_fn fn, void *ctx);
MUST_USE enum err tablet_photo_item(struct tablet *t, const struct uuid *photo,
                                    struct tablet_photo_item *out);

/* Own records some photo of which hasn't arrived: "2 of 3 photos". */
MUST_USE enum err tablet_photos_incomplete(struct tablet *t, tablet_item_fn fn,
                                           void *ctx);

/* The picture, decrypted and compared with its hash. ERR_NOT_FOUND when it
 * isn't here (yet), ERR_BAD_HASH when the file was changed. */
MUST_USE enum err tablet_photo_bytes(struct tablet *t, const struct uuid *photo,
                                     bool is_original, struct buf *out);
/* The original is to come with the next syncs; nothing when it is here. */
MUST_USE enum err tablet_photo_ask(struct tablet *t, const struct uuid *photo);

/* By photos, not by files: "2 of 3 arrived" is true of whole ones. */
struct tablet_photo_counts {
    uint64_t made, held;   /* own; held: every file has its receipt */
    uint64_t others, here; /* colleagues'; here: one can see them */
    uint64_t asked;        /* originals that are still to come */
};
MUST_USE enum err tablet_photo_counts(struct tablet *t,
                                      struct tablet_photo_counts *out);

#endif /* CORE_TABLET_PHOTOS_H */
