/*
 * worker_form.c - a log whose page is made from its form: opened where it
 * was left, kept at each change, checked and saved.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_list.h"
#include "ui/worker/worker_internal.h"

#define MINUTE_MS ((int64_t)60000)

static const struct form *find_form(void *ctx, const char *id, uint32_t version)
{
    struct worker *w = ctx;
    const struct form *form = NULL;

    if (tablet_form_at(session_tablet(w->session), id, version, &form)) {
        return NULL;
    }
    return form;
}

static const struct category *find_category(struct worker *w, const char *id)
{
    const struct category_list *all;

    if (tablet_categories(session_tablet(w->session), &all)) {
        return NULL;
    }
    return category_find(all, id);
}

/* The chosen type's, or while none is chosen the whole tile's. */
static const struct category *chosen(struct worker *w)
{
    const struct category *c =
        find_category(w, form_draft_get(&w->form.draft, "category"));

    return c != NULL ? c
                     : find_category(w, form_types_group(w->form.draft.kind));
}

static int64_t offset_ms(struct worker *w)
{
    return worker_local_ms(w, MINUTE_MS) - MINUTE_MS;
}

static struct form_desk_now desk_now(struct worker *w)
{
    const struct category *c = chosen(w);

    return (struct form_desk_now){ .tier =
                                       c != NULL ? c->tier : CATEGORY_SEALED,
                                   .is_first = c != NULL && c->priority == 1,
                                   .now_ms = worker_now_ms(w),
                                   .offset_ms = offset_ms(w) };
}

static void show_log(struct worker *w)
{
    struct view_log *v = &w->views->log;
    const struct category *c = chosen(w);

    form_desk_put_draft(&w->form, offset_ms(w), &v->draft);
    if (c != NULL) {
        WORKER_PUT(v->marking, c->marking);
        worker_look_near(w, c->tier == CATEGORY_OPEN ? c->id : "", &w->form_id);
    }
    worker_post(w, VIEW_LOG, v);
}

/* Places named on this shift, the last first. */
static void offer_places(struct worker *w)
{
    struct view_form *v = &w->views->form;

    v->offer_count = 0;
    for (int i = 0; i < w->recent_count; i++) {
        WORKER_PUT(v->offers[v->offer_count].text, w->recent[i]);
        v->offer_count++;
    }
}

/* Moves a place to the front of those that will be offered again. */
static void remember_place(struct worker *w, const char *place)
{
    int at = 0;

    if (place[0] == '\0' || strlen(place) >= sizeof(w->recent[0])) {
        return;
    }
    while (at < w->recent_count && strcmp(w->recent[at], place) != 0) {
        at++;
    }
    if (at == w->recent_count) {
        at = at < VIEW_FORM_OFFERS ? at : VIEW_FORM_OFFERS - 1;
        w->recent_count = at + 1;
    }
    memmove(w->recent[1], w->recent[0], (size_t)at * sizeof(w->recent[0]));
    WORKER_PUT(w->recent[0], place);
}

static void show(struct worker *w)
{
    const struct form_desk_now now = desk_now(w);
    const enum err err = form_desk_show(&w->form, &now, &w->views->form);

    offer_places(w);

    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    worker_post(w, VIEW_FORM, &w->views->form);
    show_log(w);
}

/* --- opened and kept --- */

struct kept {
    const char *kind;
    struct uuid id; /* which; zero: a new one */
    struct buf data;
};

static enum err take_kept(void *ctx, const struct uuid *id, const char *form,
                          struct bytes data)
{
    struct kept *kept = ctx;

    if (strcmp(form, kept->kind) != 0 || !uuid_eq(id, &kept->id)) {
        return ERR_OK;
    }
    buf_put(&kept->data, data.data, data.len);
    return ERR_STOPPED;
}

static enum err begin(struct worker *w)
{
    struct port_time now;
    char text[32];
    const struct port *port = session_port(w->session);
    enum err err = worker_new_id(w, &w->form_id);

    port->ops->now(port->ctx, &now);
    snprintf(text, sizeof(text), "%lld", (long long)now.wall_ms);
    if (!err) {
        err = form_draft_put(&w->form.draft, "noted", text);
    }
    return err;
}

/* After each touch: shown at once, then kept. */
void worker_keep_form(struct worker *w)
{
    struct buf data;
    enum err err;

    show(w);
    buf_init(&data, FORM_DRAFT_BYTES);
    form_draft_write(&w->form.draft, &data);
    err = data.err ? data.err
                   : tablet_draft_put(session_tablet(w->session), &w->form_id,
                                      w->form.draft.kind, buf_bytes(&data));
    buf_wipe(&data);
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    w->views->log.saved_ms = worker_now_ms(w);
    worker_post(w, VIEW_LOG, &w->views->log);
    worker_show_begun(w);
}

/* In the draft beside the answers, under a name that no question has. */
#define SPOT_KEY "@spot"

static enum err put_spot(struct worker *w, const struct log_spot *spot)
{
    char text[32];
    enum err err = ERR_OK;

    if (spot->is_set) {
        snprintf(text, sizeof(text), "%ld %ld", (long)spot->lat_e7,
                 (long)spot->lon_e7);
        err = form_draft_put(&w->form.draft, SPOT_KEY, text);
    }
    return err || spot->name[0] == '\0'
               ? err
               : form_draft_put(&w->form.draft, "place_name", spot->name);
}

static void take_spot(struct worker *w)
{
    const char *text = form_draft_get(&w->form.draft, SPOT_KEY);
    char *end = NULL;
    const long lat = strtol(text, &end, 10);
    const long lon = strtol(end, NULL, 10);

    w->spot =
        (struct worker_spot){ text[0] != '\0', { (int32_t)lat, (int32_t)lon } };
    worker_log_position(w, &w->views->log.position);
}

void worker_open_form(struct worker *w, const struct command *cmd)
{
    const char *kind = cmd->id;
    const struct log_spot *spot = &cmd->spot;
    const struct category *group = find_category(w, form_types_group(kind));
    struct kept kept = { .kind = kind };
    const bool is_new = w->is_duress || uuid_parse(cmd->key, &kept.id);
    enum err err = ERR_NOT_FOUND;
    char id[UUID_TEXT_SIZE];

    buf_init(&kept.data, FORM_DRAFT_BYTES);
    w->form.find = find_form;
    w->form.ctx = w;
    if (group != NULL && is_new) {
        err = ERR_OK; /* what was begun stays where it is */
    } else if (group != NULL) {
        err = tablet_drafts(session_tablet(w->session), take_kept, &kept);
    }
    if (!err) {
        err =
            form_desk_open(&w->form, kind, group->form, buf_bytes(&kept.data));
    }
    w->form_id = kept.id;
    if (!err && form_draft_get(&w->form.draft, "noted")[0] == '\0') {
        err = begin(w);
    }
    if (!err) {
        err = put_spot(w, spot);
    }
    if (!err) {
        take_spot(w);
    }
    uuid_format(&w->form_id, id);
    WORKER_PUT(w->views->log.draft.id, id);
    buf_wipe(&kept.data);
    w->views->form.opened++;
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    worker_load_photos(w);
    if (spot->is_set || spot->name[0] != '\0') {
        worker_keep_form(w);
    } else {
        show(w);
    }
}

void worker_put_field(struct worker *w, const struct command *cmd)
{
    enum err err = ERR_OK;

    if (w->form.form[0] == '\0') {
        return; /* nothing is open: a command that came after a lock */
    }
    err = form_desk_handle(&w->form, cmd, offset_ms(w));
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    if (cmd->kind == CMD_OPEN_ROW || cmd->kind == CMD_DROP_ROW) {
        w->views->form.opened++;
    }
    worker_keep_form(w);
}

void worker_forget_forms(struct worker *w)
{
    wipe(&w->undone_log, sizeof(w->undone_log));
    form_draft_fini(&w->undone);
    wipe(w->recent, sizeof(w->recent));
    w->recent_count = 0;
    worker_close_form(w);
}

void worker_close_form(struct worker *w)
{
    form_desk_close(&w->form);
    wipe(&w->views->form, sizeof(w->views->form));
}

/* --- saved --- */

static size_t take_pins(const struct form_draft *d,
                        struct tablet_pin pins[FORM_DRAFT_PINS])
{
    for (size_t i = 0; i < d->pin_count; i++) {
        pins[i] = (struct tablet_pin){ d->pins[i].form, d->pins[i].version };
    }
    return d->pin_count;
}

static enum err save_record(struct worker *w)
{
    const struct form_draft *d = &w->form.draft;
    struct tablet_text_field *fields = mem_array(d->count + 1, sizeof(*fields));
    struct tablet_photo photos[VIEW_PHOTOS];
    struct tablet_pin pins[FORM_DRAFT_PINS];
    struct tablet_new n = { .what = form_draft_get(d, "category"),
                            .fields = fields,
                            .pins = pins,
                            .photos = photos,
                            .record = w->form_id,
                            .key = session_officer_key(w->session) };
    struct body_place place;
    struct buf why;
    enum err err;

    if (fields == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < d->count; i++) {
        if (strcmp(d->answers[i].key, "category") != 0 &&
            strcmp(d->answers[i].key, SPOT_KEY) != 0) {
            fields[n.field_count++] =
                (struct tablet_text_field){ d->answers[i].key,
                                            d->answers[i].text };
        }
    }
    n.pin_count = take_pins(d, pins);
    n.photo_count = worker_take_photos(w, photos);
    n.place = worker_place(w, &place) ? &place : NULL;
    buf_init(&why, VIEW_NOTE_SIZE);
    err = tablet_record(session_tablet(w->session), &n, &w->saved, &why);
    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "a record was not saved: %s", err_text(err));
    }
    buf_wipe(&why);
    mem_free(fields);
    return err;
}

enum err worker_draft_again(struct worker *w)
{
    struct uuid id;
    struct buf data;
    enum err err;

    if (w->undone_log.type[0] != '\0') {
        return worker_log_again(w);
    }
    if (w->undone.count == 0) {
        return ERR_OK;
    }
    buf_init(&data, FORM_DRAFT_BYTES);
    form_draft_write(&w->undone, &data);
    err = data.err ? data.err : worker_new_id(w, &id);
    if (!err) {
        err = tablet_draft_put(session_tablet(w->session), &id, w->undone.kind,
                               buf_bytes(&data));
    }
    buf_wipe(&data);
    form_draft_fini(&w->undone);
    return err;
}

void worker_save_form(struct worker *w)
{
    const struct form_desk_now now = desk_now(w);
    const bool is_sealed = now.tier == CATEGORY_SEALED;
    bool is_whole = false;
    enum err err;

    if (w->form.form[0] == '\0') {
        return;
    }
    err = form_desk_check(&w->form, &now, &w->views->form, &is_whole);
    worker_post(w, VIEW_FORM, &w->views->form);
    if (!err && !is_whole) {
        return; /* the page says what is wrong */
    }
    if (!err) {
        err = save_record(w);
    }
    if (!err) {
        if (now.tier == CATEGORY_OPEN) {
            remember_place(w, form_draft_get(&w->form.draft, "place_name"));
        }
        form_draft_fini(&w->undone);
        wipe(&w->undone_log, sizeof(w->undone_log));
        if (is_sealed) {
            w->saved = (struct uuid){ 0 }; /* nothing takes it back */
        } else {
            w->undone = w->form.draft; /* until the next save, or a lock */
            w->form.draft = (struct form_draft){ .kind = "" };
        }
        worker_close_form(w);
        w->spot.is_set = false;
        worker_drop_photos(w);
        w->wake_ms = 0;
        if (now.is_first) {
            worker_send_first(w);
        }
        worker_show_all(w);
    }
    worker_tell_saved(w, is_sealed ? TOLD_SEALED : TOLD_SAVED, err);
}
