/*
 * worker_photo.c - what was captured for the open log. Its files are sealed
 * as they come and stand in the store beside the draft: a kill loses none.
 */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "ui/worker/worker_image.h"
#include "ui/worker/worker_internal.h"

void worker_drop_photos(struct worker *w)
{
    wipe(w->photos, sizeof(w->photos));
    w->views->log.photo_count = 0;
}

/* A recording, and what can't be decoded, shows as what it is. */
static void show(struct worker *w, int at, struct bytes small)
{
    const struct tablet_capture *c = &w->photos[at].kept;
    struct view_photo *to = &w->views->log.photos[at];
    enum err err;

    *to = (struct view_photo){ .is_copy = !uuid_is_zero(&c->copy_of),
                               .length_ms = c->length_ms };
    uuid_format(&c->id, to->id);
    if (c->length_ms > 0 && small.len == 0) {
        return;
    }
    w->image_count++;
    err = worker_post_image(w->bridge, w->image_count, small);
    to->image = err ? 0 : w->image_count;
    to->is_broken = err != ERR_OK;
}

static enum err take_capture(void *ctx, const struct tablet_capture *c)
{
    struct worker *w = ctx;
    struct view_log *v = &w->views->log;
    struct buf small;
    enum err err = ERR_OK;

    if (v->photo_count == VIEW_PHOTOS) {
        return ERR_STOPPED;
    }
    buf_init(&small, PHOTO_SMALL_MAX_BYTES);
    if (c->small.bytes > 0) {
        err = tablet_file_bytes(session_tablet(w->session), &c->small, &small);
    }
    if (err) { /* the original may well be there */
        buf_reset(&small);
    }
    w->photos[v->photo_count].kept = *c;
    w->photos[v->photo_count].is_used = true;
    show(w, v->photo_count++, buf_bytes(&small));
    buf_fini(&small);
    return ERR_OK;
}

void worker_load_photos(struct worker *w)
{
    struct uuid draft;

    worker_drop_photos(w);
    if (uuid_parse(w->views->log.draft.id, &draft) ||
        tablet_captures(session_tablet(w->session), &draft, take_capture, w)) {
        worker_tell(w, TOLD_FAILED, ERR_IO);
    }
}

/* What was captured is found by its draft, so that is kept, too. */
static void keep_draft(struct worker *w)
{
    const struct draft same = w->views->log.draft;

    if (w->form.form[0] != '\0') {
        worker_keep_form(w);
    } else {
        worker_put_draft(w, &same);
    }
}

enum err worker_add_capture(struct worker *w, struct tablet_capture *c,
                            struct bytes small)
{
    struct tablet *t = session_tablet(w->session);
    struct view_log *v = &w->views->log;
    enum err err = uuid_parse(v->draft.id, &c->draft);

    if (!err && v->photo_count == VIEW_PHOTOS) {
        err = ERR_FULL;
    }
    err = err ? err : worker_new_id(w, &c->id);
    if (!err && small.len > 0) {
        err = tablet_file_seal(t, small, &c->small);
    }
    err = err ? err : tablet_capture_put(t, c);
    if (err)
        return err;
    w->photos[v->photo_count].kept = *c;
    w->photos[v->photo_count].is_used = true;
    show(w, v->photo_count++, small);
    keep_draft(w);
    return ERR_OK;
}

/* Photos leave room for words: they are refused first, text last. */
static bool has_room(struct worker *w, const struct photo *p)
{
    uint64_t left;

    return session_free_bytes(w->session, &left) ||
           left >= SPACE_FOR_TEXT_BYTES + p->original.len + p->small.len;
}

enum err worker_add_photo(struct worker *w, const struct photo *p,
                          const struct uuid *copy_of)
{
    struct tablet_capture c = { .orientation = p->orientation,
                                .taken_ms = p->taken_ms };
    enum err err = ERR_OK;

    if (w->views->log.photo_count == VIEW_PHOTOS || !has_room(w, p)) {
        return ERR_FULL; /* before it is on the disk */
    }
    if (copy_of != NULL) {
        c.copy_of = *copy_of;
    }
    WORKER_PUT(c.media_type, p->media_type);
    err = tablet_file_seal(session_tablet(w->session), buf_bytes(&p->original),
                           &c.original);
    err = err ? err : worker_add_capture(w, &c, buf_bytes(&p->small));
    wipe(&c, sizeof(c));
    return err;
}

void worker_attach(struct worker *w, const char *path)
{
    struct photo photo;
    enum err err = photo_open(path, &photo);

    if (!err) {
        err = worker_add_photo(w, &photo, NULL);
        photo_fini(&photo);
    }
    if (err == ERR_FULL) {
        worker_tell(w, TOLD_NO_PHOTO_ROOM, ERR_OK);
    } else if (err) {
        worker_tell(w, TOLD_FAILED, err);
    }
    worker_post(w, VIEW_LOG, &w->views->log);
}

const struct tablet_capture *worker_capture(const struct worker *w,
                                            const char *id)
{
    for (int i = 0; i < w->views->log.photo_count; i++) {
        if (strcmp(w->views->log.photos[i].id, id) == 0) {
            return &w->photos[i].kept;
        }
    }
    return NULL;
}

void worker_remove_photo(struct worker *w, const char *id)
{
    struct view_log *v = &w->views->log;
    const struct tablet_capture *c = worker_capture(w, id);
    enum err err;
    int at = 0;

    if (c == NULL) {
        return;
    }
    err = tablet_capture_drop(session_tablet(w->session), c);
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    while (&w->photos[at].kept != c) {
        at++;
    }
    v->photo_count--;
    for (int i = at; i < v->photo_count; i++) {
        v->photos[i] = v->photos[i + 1];
        w->photos[i] = w->photos[i + 1];
    }
    wipe(&w->photos[v->photo_count], sizeof(w->photos[0]));
    worker_post(w, VIEW_LOG, v);
}

size_t worker_take_photos(struct worker *w, struct tablet_photo *out)
{
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LEN(w->photos); i++) {
        if (w->photos[i].is_used) {
            out[count++] = (struct tablet_photo){ .kept = &w->photos[i].kept };
        }
    }
    return count;
}
