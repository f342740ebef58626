/* fake_photo.c - photos of the sample day: taken, looked at, drawn on. */
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_app.h"

#define PUT(to, ...) snprintf(to, sizeof(to), __VA_ARGS__)

#define SHA                                                          \
    "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6" \
    "ef"

static struct view_photo *add(struct fake_app *f)
{
    struct view_log *v = &f->v.log;
    struct view_photo *p;

    if (v->photo_count == VIEW_PHOTOS) {
        return NULL;
    }
    p = &v->photos[v->photo_count++];
    *p = (struct view_photo){ .image =
                                  v->photo_count % 2 ? FAKE_BENCH : FAKE_SHOP };
    PUT(p->id, "photo-%d", v->photo_count);
    return p;
}

static void take_away(struct fake_app *f, const char *id)
{
    struct view_log *v = &f->v.log;

    for (int i = 0; i < v->photo_count; i++) {
        if (strcmp(v->photos[i].id, id) == 0) {
            v->photo_count--;
            memmove(&v->photos[i], &v->photos[i + 1],
                    (size_t)(v->photo_count - i) * sizeof(v->photos[0]));
        }
    }
}

static void describe(struct fake_app *f, const char *id)
{
    struct view_picture *v = &f->v.picture;
    const struct view_log *log = &f->v.log;

    *v = (struct view_picture){ .state = PICTURE_HELD,
                                .is_picture = true,
                                .image = FAKE_BENCH,
                                .number = 1,
                                .count = 2,
                                .made_ms = FAKE_NOW_MS - 1520000,
                                .bytes = 2900000 };
    PUT(v->id, "%s", id);
    PUT(v->after, "saved-2");
    PUT(v->exhibit, "AY/12");
    PUT(v->by, "Amina Yusuf");
    PUT(v->hash, "%s", SHA);
    for (int i = 0; i < log->photo_count; i++) {
        if (strcmp(log->photos[i].id, id) == 0) {
            v->state = PICTURE_DRAFT;
            v->image = log->photos[i].image;
            v->number = i + 1;
            v->count = log->photo_count;
            PUT(v->before, "%s", i > 0 ? log->photos[i - 1].id : "");
            PUT(v->after, "%s", i + 1 < v->count ? log->photos[i + 1].id : "");
            v->is_copy = log->photos[i].is_copy;
            v->length_ms = log->photos[i].length_ms;
            v->is_picture = v->length_ms == 0;
            PUT(v->exhibit, "AY/%d", 13 + i);
        }
    }
    if (v->is_copy) {
        PUT(v->copy_of, "AY/13");
        PUT(v->copied_hash, "%s", SHA);
    }
}

/* A camera with a picture at once; recordings of twelve seconds. */
static void capture(struct fake_app *f, enum capture_mode mode)
{
    struct view_capture *v = &f->v.capture;

    f->taking = mode;
    v->has_camera = v->has_microphone = true;
    v->length_ms = 0;
    v->state = mode == CAPTURE_CLOSED ? CAPTURE_OFF
               : f->has_no_camera     ? CAPTURE_NONE
                                      : CAPTURE_LIVE;
    v->image = FAKE_ROAD;
}

static void shoot(struct fake_app *f)
{
    struct view_capture *v = &f->v.capture;
    struct view_photo *p;

    if (f->taking != CAPTURE_PHOTO && v->state != CAPTURE_RECORDS) {
        v->state = CAPTURE_RECORDS;
        v->length_ms = 12000;
        v->most_ms = f->taking == CAPTURE_VOICE ? 300000 : 30000;
        return;
    }
    p = add(f);
    if (p != NULL && f->taking != CAPTURE_PHOTO) {
        p->length_ms = v->length_ms;
        p->image = f->taking == CAPTURE_VOICE ? 0 : p->image;
    }
    v->state = CAPTURE_OFF;
    fake_tell(f, TOLD_PHOTO_KEPT, ERR_OK);
}

bool fake_photo(struct fake_app *f, const struct command *cmd)
{
    struct view_photo *p;

    switch (cmd->kind) {
    case CMD_TAKE_PHOTO:
    case CMD_ATTACH_PHOTO:
        (void)add(f);
        return true;
    case CMD_CAPTURE:
        capture(f, (enum capture_mode)cmd->number);
        return true;
    case CMD_SHOOT:
        shoot(f);
        return true;
    case CMD_PLAY:
        f->v.picture.is_playing = !f->v.picture.is_playing;
        return true;
    case CMD_REMOVE_PHOTO:
        take_away(f, cmd->id);
        return true;
    case CMD_OPEN_PHOTO:
        describe(f, cmd->id);
        return true;
    case CMD_DRAW:
        p = add(f);
        if (p != NULL) {
            p->is_copy = cmd->id[0] != '\0';
        }
        fake_tell(f, TOLD_PHOTO_KEPT, ERR_OK);
        return true;
    default:
        return false;
    }
}
