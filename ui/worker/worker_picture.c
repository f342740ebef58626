/*
 * worker_picture.c - one photo large with what is known of its custody, and
 * drawings: on a copy, never on the photo itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_photos.h"
#include "platform/linux/photo_decode.h"
#include "ui/kit/drawing.h"
#include "ui/worker/worker_image.h"
#include "ui/worker/worker_internal.h"

/* --- what is known of it --- */

static void put_hash(char out[VIEW_HASH_SIZE], const struct hash *h)
{
    static const struct hash none;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof(h->bytes) && !hash_eq(h, &none); i++) {
        snprintf(out + 2 * i, 3, "%02x", h->bytes[i]);
    }
}

struct maker {
    const struct uuid *id;
    struct view_picture *v;
};

static enum err take_maker(void *ctx, const struct tablet_person *p)
{
    struct maker *m = ctx;

    if (!uuid_eq(&p->id, m->id)) {
        return ERR_OK;
    }
    WORKER_PUT(m->v->by, p->name);
    return ERR_STOPPED;
}

/* The ms of a UUIDv7. */
static int64_t id_ms(const struct uuid *id)
{
    int64_t ms = 0;

    for (int i = 0; i < 6; i++) {
        ms = ms << 8 | id->bytes[i];
    }
    return ms;
}

/* Its place among those of the open log, and its label to be. */
static void put_place(struct worker *w, const struct tablet_capture *c)
{
    struct view_picture *v = &w->views->picture;
    struct tablet *t = session_tablet(w->session);
    const struct view_log *log = &w->views->log;
    char label[TABLET_EXHIBIT_SIZE];

    v->count = log->photo_count;
    for (int i = 0; i < log->photo_count; i++) {
        const struct tablet_capture *other = &w->photos[i].kept;
        const bool is_it = other == c;
        const bool is_base = uuid_eq(&other->id, &c->copy_of);

        if ((is_it || is_base) &&
            tablet_exhibit_next(t, (unsigned)i, label) == ERR_OK) {
            WORKER_PUT(v->exhibit, is_it ? label : v->exhibit);
            WORKER_PUT(v->copy_of, is_base ? label : v->copy_of);
        }
        if (is_it) {
            v->number = i + 1;
            WORKER_PUT(v->before, i > 0 ? log->photos[i - 1].id : "");
            WORKER_PUT(v->after, i + 1 < v->count ? log->photos[i + 1].id : "");
        }
        if (is_base) {
            put_hash(v->copied_hash, &other->original.plain);
        }
    }
}

static void show_capture(struct worker *w, const struct tablet_capture *c)
{
    struct view_picture *v = &w->views->picture;

    v->state = PICTURE_DRAFT;
    v->is_copy = !uuid_is_zero(&c->copy_of);
    v->made_ms = worker_local_ms(w, id_ms(&c->id));
    v->bytes = (int64_t)c->original.bytes;
    v->length_ms = c->length_ms;
    v->is_video = strcmp(c->media_type, "video/webm") == 0;
    WORKER_PUT(v->by, w->views->status.officer);
    put_hash(v->hash, &c->original.plain);
    put_place(w, c);
}

struct beside {
    struct view_picture *v;
    char last[VIEW_ID_SIZE];
};

static enum err take_beside(void *ctx, const struct tablet_photo_item *p)
{
    struct beside *b = ctx;
    char id[UUID_TEXT_SIZE];

    uuid_format(&p->id, id);
    b->v->count++;
    if (strcmp(id, b->v->id) == 0) {
        b->v->number = b->v->count;
        WORKER_PUT(b->v->before, b->last);
    } else if (b->v->number > 0 && b->v->after[0] == '\0') {
        WORKER_PUT(b->v->after, id);
    }
    WORKER_PUT(b->last, id);
    return ERR_OK;
}

static enum err show_item(struct worker *w, const struct tablet_photo_item *p)
{
    struct view_picture *v = &w->views->picture;
    struct tablet *t = session_tablet(w->session);
    struct maker maker = { &p->officer, v };
    struct beside beside = { .v = v };
    struct tablet_photo_item base;

    v->state = p->state == TABLET_PHOTO_WAITING ? PICTURE_WAITING
               : p->state == TABLET_PHOTO_HELD  ? PICTURE_HELD
                                                : PICTURE_OTHERS;
    v->is_copy = !uuid_is_zero(&p->copy_of);
    v->made_ms = worker_local_ms(w, p->made_ms);
    v->bytes = p->bytes;
    v->length_ms = p->length_ms;
    v->is_video = strcmp(p->media_type, "video/webm") == 0;
    WORKER_PUT(v->exhibit, p->exhibit);
    put_hash(v->hash, &p->plain);
    if (v->is_copy && tablet_photo_item(t, &p->copy_of, &base) == ERR_OK) {
        WORKER_PUT(v->copy_of, base.exhibit);
        put_hash(v->copied_hash, &base.plain);
    }
    if (tablet_people(t, take_maker, &maker)) {
        v->by[0] = '\0';
    }
    return tablet_photos(t, &p->parent, take_beside, &beside);
}

/* --- its bytes --- */

enum err worker_file(struct worker *w, const char *id, struct buf *out)
{
    const struct tablet_capture *c = worker_capture(w, id);
    struct tablet *t = session_tablet(w->session);
    struct uuid photo;
    enum err err;

    if (c != NULL) {
        return tablet_file_bytes(t, &c->original, out);
    }
    err = uuid_parse(id, &photo);
    err = err ? err : tablet_photo_bytes(t, &photo, true, out);
    if (err == ERR_NOT_FOUND) {
        err = tablet_photo_bytes(t, &photo, false, out);
    }
    return err;
}

enum err worker_look_at(struct worker *w, const char *id,
                        struct photo_picture *out)
{
    struct buf bytes;
    enum err err;

    buf_init(&bytes, BLOB_MAX_BYTES);
    err = worker_file(w, id, &bytes);
    err = err ? err : photo_look(buf_bytes(&bytes), out);
    buf_wipe(&bytes);
    return err;
}

static void show_large(struct worker *w)
{
    struct view_picture *v = &w->views->picture;
    struct photo_picture large;

    if (v->length_ms > 0 || worker_look_at(w, v->id, &large)) {
        return; /* the page says that it can't be shown */
    }
    v->is_picture = true;
    if (worker_post_rgb(w->bridge, WORKER_IMAGE_LARGE, large.rgb.data,
                        large.width, large.height) == ERR_OK) {
        v->image = WORKER_IMAGE_LARGE;
    }
    buf_wipe(&large.rgb);
}

void worker_open_picture(struct worker *w, const char *id)
{
    const struct tablet_capture *c = worker_capture(w, id);
    struct view_picture *v = &w->views->picture;
    struct tablet_photo_item item;
    struct uuid photo;
    enum err err = ERR_OK;

    *v = (struct view_picture){ .number = 0 };
    WORKER_PUT(v->id, id);
    if (c != NULL) {
        show_capture(w, c);
    } else if (w->is_duress) {
        err = ERR_NOT_FOUND; /* what was seen before isn't shown */
    } else {
        err = uuid_parse(id, &photo);
        err =
            err ? err
                : tablet_photo_item(session_tablet(w->session), &photo, &item);
        err = err ? err : show_item(w, &item);
    }
    if (err) {
        *v = (struct view_picture){ .number = 0 };
        worker_tell(w, TOLD_FAILED, err);
    } else {
        show_large(w);
    }
    worker_post(w, VIEW_PICTURE, v);
}

/* --- in the notebook --- */

/* Posted once, and again only when it was pushed out of the ring. */
static uint32_t shot_of(struct worker *w, const struct uuid *photo)
{
    struct worker_shot *s;
    struct buf small;
    enum err err;

    for (int i = 0; i < WORKER_SHOTS; i++) {
        if (w->shots[i].image != 0 && uuid_eq(&w->shots[i].photo, photo)) {
            return w->shots[i].image;
        }
    }
    buf_init(&small, PHOTO_SMALL_MAX_BYTES);
    err = tablet_photo_bytes(session_tablet(w->session), photo, false, &small);
    s = &w->shots[w->next_shot];
    err = err ? err
              : worker_post_image(w->bridge,
                                  WORKER_IMAGE_SHOT + (uint32_t)w->next_shot,
                                  buf_bytes(&small));
    buf_wipe(&small);
    if (err) {
        return 0;
    }
    *s = (struct worker_shot){ *photo,
                               WORKER_IMAGE_SHOT + (uint32_t)w->next_shot };
    w->next_shot = (w->next_shot + 1) % WORKER_SHOTS;
    return s->image;
}

struct exhibit {
    struct worker *w;
    struct view_entry *to;
};

static enum err take_exhibit(void *ctx, const struct tablet_photo_item *p)
{
    const struct exhibit *e = ctx;
    struct view_entry *to = e->to;

    to->photo_count++;
    if (to->photo_count == 1) {
        to->image = shot_of(e->w, &p->id);
        uuid_format(&p->id, to->photo);
        WORKER_PUT(to->exhibit, p->exhibit);
    }
    return ERR_OK;
}

void worker_put_exhibit(struct worker *w, const struct uuid *record,
                        struct view_entry *to)
{
    struct exhibit e = { w, to };

    if (!uuid_is_zero(record) &&
        tablet_photos(session_tablet(w->session), record, take_exhibit, &e)) {
        to->photo_count = 0;
        to->image = 0;
    }
}

/* --- drawing --- */

/* The renderer's rows, which Cairo draws on. */
static uint8_t *to_bgra(const struct photo_picture *p)
{
    const size_t count = (size_t)p->width * p->height;
    uint8_t *out = mem_array(count, 4);

    for (size_t i = 0; out != NULL && i < count; i++) {
        out[4 * i] = p->rgb.data[3 * i + 2];
        out[4 * i + 1] = p->rgb.data[3 * i + 1];
        out[4 * i + 2] = p->rgb.data[3 * i];
        out[4 * i + 3] = 255;
    }
    return out;
}

static void from_bgra(const uint8_t *in, struct photo_picture *p)
{
    const size_t count = (size_t)p->width * p->height;

    for (size_t i = 0; i < count; i++) {
        p->rgb.data[3 * i] = in[4 * i + 2];
        p->rgb.data[3 * i + 1] = in[4 * i + 1];
        p->rgb.data[3 * i + 2] = in[4 * i];
    }
}

static enum err draw_on(struct photo_picture *p, const struct drawing *d)
{
    uint8_t *pixels = to_bgra(p);
    enum err err = pixels == NULL ? ERR_NOMEM : ERR_OK;

    if (!err) {
        err = drawing_into(d, pixels, (int)p->width, (int)p->height);
    }
    if (!err) {
        from_bgra(pixels, p);
    }
    mem_free(pixels);
    return err;
}

/* White, in the shape of the sheet that was drawn on. */
static enum err empty_sheet(const struct drawing *d, struct photo_picture *out)
{
    const bool is_wide = d->width >= d->height;
    uint8_t *white;
    size_t size;

    if (d->width < 1 || d->height < 1) {
        return ERR_BAD_DATA;
    }
    *out = (struct photo_picture){
        .width = is_wide ? PHOTO_LARGE_PX
                         : (uint32_t)(PHOTO_LARGE_PX * d->width / d->height),
        .height = is_wide ? (uint32_t)(PHOTO_LARGE_PX * d->height / d->width)
                          : PHOTO_LARGE_PX
    };
    if (out->width < 1 || out->height < 1) {
        return ERR_BAD_DATA;
    }
    size = (size_t)out->width * out->height * 3;
    buf_init(&out->rgb, PHOTO_LARGE_MAX_BYTES);
    white = buf_grow(&out->rgb, size);
    if (white == NULL) {
        return out->rgb.err;
    }
    memset(white, 255, size);
    return ERR_OK;
}

static enum err keep_drawing(struct worker *w, const struct photo_picture *p,
                             const struct uuid *copy_of)
{
    const struct photo_pixels pixels = { .data = p->rgb.data,
                                         .width = p->width,
                                         .height = p->height };
    struct photo photo;
    struct buf jpeg;
    enum err err;

    buf_init(&jpeg, BLOB_MAX_BYTES);
    err = photo_encode(&pixels, &jpeg);
    err = err ? err : photo_of_bytes(buf_bytes(&jpeg), &photo);
    if (!err) {
        err = worker_add_photo(w, &photo, copy_of);
        photo_fini(&photo);
    }
    buf_wipe(&jpeg);
    return err;
}

void worker_draw(struct worker *w, const struct command *cmd)
{
    const bool is_sketch = cmd->id[0] == '\0';
    struct photo_picture p = { .width = 0 };
    struct uuid base = { 0 };
    enum err err;

    if (w->views->log.draft.id[0] == '\0') {
        return; /* nothing is open: a command that came after a lock */
    }
    err =
        is_sketch ? empty_sheet(&cmd->drawing, &p) : uuid_parse(cmd->id, &base);
    if (!err && !is_sketch) {
        err = worker_look_at(w, cmd->id, &p);
    }
    err = err ? err : draw_on(&p, &cmd->drawing);
    err = err ? err : keep_drawing(w, &p, is_sketch ? NULL : &base);
    if (p.width > 0) {
        buf_wipe(&p.rgb);
    }
    worker_post(w, VIEW_LOG, &w->views->log);
    worker_tell(w, TOLD_PHOTO_KEPT, err);
}
