/*
 * worker_capture.c - camera and microphone while a log is open: what is
 * seen, what is taken, and recordings, which go to the disk sealed as they
 * come. Whatever goes wrong, the draft and what came before stay.
 */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "platform/linux/photo_decode.h"
#include "platform/linux/scan.h"
#include "ui/worker/worker_image.h"
#include "ui/worker/worker_internal.h"

#define STEP_MS    60   /* between two pictures on the screen */
#define END_MS     3000 /* for the end of a file to come */
#define PREVIEW_PX 960  /* of what is seen; more costs time only */

/* --- what the page shows --- */

static void show(struct worker *w, enum capture_state state)
{
    struct view_capture *v = &w->views->capture;

    v->state = state;
    v->length_ms = w->capture.is_recording && w->capture.media != NULL
                       ? media_length_ms(w->capture.media)
                       : 0;
    worker_post(w, VIEW_CAPTURE, v);
}

static int64_t most_ms(enum capture_mode mode)
{
    return mode == CAPTURE_VOICE ? VOICE_MAX_MS : VIDEO_MAX_MS;
}

static void close_media(struct worker *w)
{
    media_close(w->capture.media);
    w->capture.media = NULL;
}

/* --- pictures --- */

/* The newest is kept whole: it is what the shutter takes. */
static enum err keep_picture(struct worker *w, const struct media_picture *p)
{
    struct photo_picture *to = &w->capture.picture;
    const size_t count = (size_t)p->width * p->height;
    uint8_t *rgb;

    if (p->width > PHOTO_LARGE_PX || p->height > PHOTO_LARGE_PX) {
        return ERR_TOO_LONG;
    }
    buf_reset(&to->rgb);
    rgb = buf_grow(&to->rgb, count * 3);
    if (rgb == NULL) {
        return to->rgb.err;
    }
    for (size_t i = 0; i < count; i++) {
        rgb[3 * i] = p->pixels[4 * i + 2];
        rgb[3 * i + 1] = p->pixels[4 * i + 1];
        rgb[3 * i + 2] = p->pixels[4 * i];
    }
    to->width = p->width;
    to->height = p->height;
    return ERR_OK;
}

/* Every nth pixel: it is looked at, not kept. */
static enum err post_preview(struct worker *w, uint32_t id,
                             const struct media_picture *p)
{
    const uint32_t longer = p->width > p->height ? p->width : p->height;
    const uint32_t n = (longer + PREVIEW_PX - 1) / PREVIEW_PX;
    const uint32_t width = p->width / n;
    const uint32_t height = p->height / n;
    uint8_t *out = mem_array((size_t)width * height, 4);
    enum err err;

    if (out == NULL) {
        return ERR_NOMEM;
    }
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *row = p->pixels + (size_t)y * n * p->width * 4;
        uint8_t *to = out + (size_t)y * width * 4;

        for (uint32_t x = 0; x < width; x++) {
            memcpy(to + 4 * (size_t)x, row + 4 * (size_t)x * n, 3);
            to[4 * (size_t)x + 3] = 255;
        }
    }
    err = bridge_post_image(w->bridge, id, out, (int)width, (int)height,
                            (int)width * 4);
    mem_free(out);
    return err;
}

/* --- codes --- */

static enum err scan_picture(struct worker *w, const struct photo_picture *p)
{
    struct view_capture *v = &w->views->capture;
    const size_t count = (size_t)p->width * p->height;
    uint8_t *grey = mem_alloc(count > 0 ? count : 1);
    enum err err;

    if (grey == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *c = p->rgb.data + 3 * i;

        grey[i] = (uint8_t)((c[0] * 77 + c[1] * 150 + c[2] * 29) >> 8);
    }
    err = scan_grey(grey, p->width, p->height, v->code, sizeof(v->code));
    mem_free(grey);
    if (!err) {
        v->code_serial++;
    }
    return err;
}

/* A code on a photo that the log has already. */
static bool scan_photos(struct worker *w)
{
    bool is_found = false;

    for (int i = w->views->log.photo_count - 1; i >= 0 && !is_found; i--) {
        struct photo_picture p;

        if (worker_look_at(w, w->views->log.photos[i].id, &p) == ERR_OK) {
            is_found = scan_picture(w, &p) == ERR_OK;
            buf_wipe(&p.rgb);
        }
    }
    return is_found;
}

/* --- recording --- */

/* The picture taken last stands for a video. */
static void small_of(struct worker *w, struct buf *out)
{
    const struct photo_picture *p = &w->capture.picture;
    const struct photo_pixels pixels = { .data = p->rgb.data,
                                         .width = p->width,
                                         .height = p->height };

    if (w->capture.mode == CAPTURE_VIDEO && p->width > 0 &&
        photo_small(&pixels, 1, out)) {
        buf_reset(out);
    }
}

/* What was recorded is one more capture of the log. */
static void keep_recording(struct worker *w)
{
    struct worker_camera *c = &w->capture;
    struct tablet_capture made = { .length_ms = media_length_ms(c->media) };
    struct buf small;
    enum err err;

    WORKER_PUT(made.media_type,
               c->mode == CAPTURE_VIDEO ? "video/webm" : "audio/ogg");
    err = tablet_sealing_end(c->sealing, &made.original);
    c->sealing = NULL;
    c->is_recording = c->is_ending = false;
    buf_init(&small, PHOTO_SMALL_MAX_BYTES);
    small_of(w, &small);
    made.length_ms = made.length_ms > 0 ? made.length_ms : 1;
    err = err ? err : worker_add_capture(w, &made, buf_bytes(&small));
    buf_fini(&small);
    wipe(&made, sizeof(made));
    close_media(w);
    worker_post(w, VIEW_LOG, &w->views->log);
    worker_tell(w, TOLD_RECORDING_KEPT, err);
}

static enum err take_bytes(struct worker *w)
{
    struct buf piece;
    enum err err;

    buf_init(&piece, BLOB_MAX_BYTES);
    err = media_bytes(w->capture.media, &piece);
    if (!err && piece.len > 0) {
        err = tablet_sealing_add(w->capture.sealing, buf_bytes(&piece));
        w->capture.bytes += piece.len;
    }
    buf_wipe(&piece);
    return err;
}

/* Nothing came: there is nothing to keep. */
static void drop_recording(struct worker *w)
{
    tablet_sealing_drop(w->capture.sealing);
    w->capture.sealing = NULL;
    w->capture.is_recording = w->capture.is_ending = false;
    close_media(w);
}

static void end_recording(struct worker *w, enum capture_state state)
{
    if (w->capture.bytes > 0) {
        keep_recording(w);
    } else {
        drop_recording(w);
    }
    show(w, state);
}

static void begin_recording(struct worker *w)
{
    struct worker_camera *c = &w->capture;
    const bool is_voice = c->mode == CAPTURE_VOICE;
    enum err err = w->views->log.photo_count == VIEW_PHOTOS ? ERR_FULL : ERR_OK;

    if (!err) {
        err = tablet_sealing_new(session_tablet(w->session), &c->sealing);
    }
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    close_media(w); /* the camera is opened anew, to record */
    c->bytes = 0;
    if (media_open(is_voice ? MEDIA_VOICE : MEDIA_VIDEO,
                   is_voice ? w->options->microphone : w->options->camera,
                   &c->media)) {
        tablet_sealing_drop(c->sealing);
        c->sealing = NULL;
        show(w, CAPTURE_NONE);
        return;
    }
    c->is_recording = true;
    c->since_ms = worker_mono_ms(w);
    w->views->capture.most_ms = most_ms(c->mode);
    show(w, CAPTURE_RECORDS);
}

static void ask_end(struct worker *w)
{
    media_end(w->capture.media);
    w->capture.is_ending = true;
    w->capture.since_ms = worker_mono_ms(w);
}

/* --- opened, shot, closed --- */

void worker_stop_capture(struct worker *w)
{
    struct worker_camera *c = &w->capture;

    if (c->is_recording) {
        if (take_bytes(w)) {
            port_log(session_port(w->session), PORT_LOG_WARN,
                     "the end of a recording was not kept");
        }
        end_recording(w, CAPTURE_OFF);
    }
    close_media(w);
    media_close(w->player);
    w->player = NULL;
    buf_fini(&c->picture.rgb);
    c->picture = (struct photo_picture){ .width = 0 };
    c->mode = CAPTURE_CLOSED;
    if (w->views->capture.state != CAPTURE_OFF) {
        show(w, CAPTURE_OFF);
    }
}

static void open_camera(struct worker *w)
{
    const enum err err =
        media_open(MEDIA_LOOK, w->options->camera, &w->capture.media);

    w->capture.since_ms = worker_mono_ms(w);
    show(w, err ? CAPTURE_NONE : CAPTURE_STARTS);
}

void worker_open_capture(struct worker *w, enum capture_mode mode)
{
    struct view_capture *v = &w->views->capture;

    worker_stop_capture(w);
    v->has_camera = media_has_camera(w->options->camera);
    v->has_microphone = media_has_microphone(w->options->microphone);
    if (mode == CAPTURE_CLOSED || w->views->log.draft.id[0] == '\0') {
        return;
    }
    w->capture.mode = mode;
    buf_init(&w->capture.picture.rgb, PHOTO_LARGE_MAX_BYTES);
    if (mode == CAPTURE_VOICE) {
        show(w, v->has_microphone ? CAPTURE_LIVE : CAPTURE_NONE);
    } else if (mode == CAPTURE_SCAN && scan_photos(w)) {
        show(w, CAPTURE_OFF); /* with the code that was found */
    } else {
        open_camera(w);
    }
}

static void take_photo(struct worker *w)
{
    const struct photo_picture *p = &w->capture.picture;
    const struct photo_pixels pixels = { .data = p->rgb.data,
                                         .width = p->width,
                                         .height = p->height };
    struct photo photo;
    struct buf jpeg;
    enum err err = p->width == 0 ? ERR_NOT_FOUND : ERR_OK;

    buf_init(&jpeg, BLOB_MAX_BYTES);
    err = err ? err : photo_encode(&pixels, &jpeg);
    err = err ? err : photo_of_bytes(buf_bytes(&jpeg), &photo);
    if (!err) {
        err = worker_add_photo(w, &photo, NULL);
        photo_fini(&photo);
    }
    buf_wipe(&jpeg);
    worker_post(w, VIEW_LOG, &w->views->log);
    worker_tell(w, TOLD_PHOTO_KEPT, err);
}

void worker_shoot(struct worker *w)
{
    struct worker_camera *c = &w->capture;

    if (c->mode == CAPTURE_PHOTO && c->media != NULL) {
        take_photo(w);
        worker_stop_capture(w);
    } else if (c->is_recording && !c->is_ending) {
        ask_end(w);
    } else if (!c->is_recording &&
               (c->mode == CAPTURE_VIDEO || c->mode == CAPTURE_VOICE)) {
        begin_recording(w);
    }
}

/* --- as time goes on --- */

static void look_at_recording(struct worker *w, enum media_state state,
                              uint64_t age_ms)
{
    struct worker_camera *c = &w->capture;
    const enum err err = take_bytes(w);

    if (err || state == MEDIA_FAILED) {
        end_recording(w, CAPTURE_LOST);
    } else if (state == MEDIA_ENDED || (c->is_ending && age_ms > END_MS)) {
        end_recording(w, CAPTURE_OFF);
    } else if (!c->is_ending &&
               (media_length_ms(c->media) >= most_ms(c->mode) ||
                c->bytes > RECORDING_MAX_BYTES)) {
        ask_end(w);
    } else {
        show(w, CAPTURE_RECORDS);
    }
}

static void look_at_picture(struct worker *w)
{
    struct worker_camera *c = &w->capture;
    struct media_picture p;

    if (!media_picture(c->media, &p) || keep_picture(w, &p) ||
        post_preview(w, WORKER_IMAGE_CAMERA, &p)) {
        return;
    }
    w->views->capture.image = WORKER_IMAGE_CAMERA;
    if (!c->is_recording && w->views->capture.state != CAPTURE_LIVE) {
        show(w, CAPTURE_LIVE);
    }
    if (c->mode == CAPTURE_SCAN &&
        scan_picture(w, &w->capture.picture) == ERR_OK) {
        worker_stop_capture(w);
        worker_post(w, VIEW_CAPTURE, &w->views->capture);
    }
}

/* A recording that is played. */
static void look_at_player(struct worker *w)
{
    struct media_picture p;

    if (media_picture(w->player, &p) &&
        post_preview(w, WORKER_IMAGE_LARGE, &p) == ERR_OK) {
        w->views->picture.image = WORKER_IMAGE_LARGE;
        worker_post(w, VIEW_PICTURE, &w->views->picture);
    }
    if (media_state(w->player) != MEDIA_RUNS) {
        media_close(w->player);
        w->player = NULL;
        w->views->picture.is_playing = false;
        worker_post(w, VIEW_PICTURE, &w->views->picture);
    }
}

int worker_capture_step(struct worker *w)
{
    struct worker_camera *c = &w->capture;
    const uint64_t age_ms = worker_mono_ms(w) - c->since_ms;

    if (w->player != NULL) {
        look_at_player(w);
    }
    if (c->media != NULL) {
        const enum media_state state = media_state(c->media);

        look_at_picture(w);
        if (c->media == NULL) {
            return STEP_MS; /* a code was found */
        }
        if (c->is_recording) {
            look_at_recording(w, state, age_ms);
        } else if (state != MEDIA_RUNS) {
            close_media(w);
            show(w, CAPTURE_LOST);
        } else if (age_ms > CAMERA_LOOK_MAX_MS) {
            worker_stop_capture(w); /* forgotten: the tablet may lock */
        }
    }
    return c->media != NULL || w->player != NULL ? STEP_MS : -1;
}

void worker_play(struct worker *w, const char *id)
{
    struct view_picture *v = &w->views->picture;
    const bool was_playing = w->player != NULL;
    struct buf file;
    enum err err = ERR_OK;

    media_close(w->player);
    w->player = NULL;
    v->is_playing = false;
    if (!was_playing && strcmp(v->id, id) == 0) {
        buf_init(&file, BLOB_MAX_BYTES);
        err = worker_file(w, id, &file);
        err = err ? err
                  : media_play(buf_bytes(&file), v->is_video,
                               w->options->speaker, &w->player);
        buf_wipe(&file);
        v->is_playing = !err;
    }
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
    }
    worker_post(w, VIEW_PICTURE, v);
}
