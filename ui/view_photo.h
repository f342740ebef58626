/*
 * view_photo.h - one photo looked at: how large it can be shown, what
 * exhibit it is, and who has held it since.
 */
#ifndef UI_VIEW_PHOTO_H
#define UI_VIEW_PHOTO_H

#include "core/base.h"

#define VIEW_HASH_SIZE 65 /* SHA-256 in hexadecimal */

enum picture_state {
    PICTURE_DRAFT,   /* sealed; its log isn't saved yet */
    PICTURE_WAITING, /* saved here, the council lacks some of it */
    PICTURE_HELD,    /* the council signed for all of it */
    PICTURE_OTHERS   /* a colleague's, from the council */
};

struct view_picture {
    char id[40];     /* of the photo; "": none is open */
    uint32_t image;  /* 0: it can't be shown */
    bool is_picture; /* else a recording, or a file */
    bool is_video;   /* a recording with pictures */
    bool is_playing;
    enum picture_state state;
    char exhibit[40]; /* "AY/12"; of a draft: what it will be */
    char copy_of[40]; /* label of what it was drawn on a copy of; "" */
    bool is_copy;     /* even where that label isn't known here */
    char by[64];      /* who made it */
    int64_t made_ms;
    int64_t bytes;
    int64_t length_ms;                /* of a recording */
    char hash[VIEW_HASH_SIZE];        /* of its bytes */
    char copied_hash[VIEW_HASH_SIZE]; /* of what it is a copy of; "" */
    int number, count;                /* 1.. among its record's */
    char before[40], after[40];       /* those beside it; "": none */
};

/* What camera and microphone are doing for the open log. */
enum capture_mode {
    CAPTURE_CLOSED,
    CAPTURE_PHOTO,
    CAPTURE_VIDEO,
    CAPTURE_VOICE,
    CAPTURE_SCAN /* a QR code or barcode, on a photo or before the camera */
};
enum capture_state {
    CAPTURE_OFF,    /* nothing runs, or what was asked for is done */
    CAPTURE_STARTS, /* no picture has come yet */
    CAPTURE_LIVE,   /* ready */
    CAPTURE_RECORDS,
    CAPTURE_LOST, /* it failed in the midst: unplugged */
    CAPTURE_NONE  /* this tablet has none, or no support for it */
};
struct view_capture {
    enum capture_state state;
    bool has_camera, has_microphone;
    uint32_t image;             /* the newest picture */
    int64_t length_ms, most_ms; /* of what is recorded, and at most */
    char code[128];             /* read last, as code_serial counts */
    uint32_t code_serial;
};

#endif /* UI_VIEW_PHOTO_H */
