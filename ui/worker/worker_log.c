/*
 * worker_log.c - the open log: its form's types, the draft, its photos, and
 * the save that makes a record of it.
 */
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/mem.h"
#include "core/tablet_list.h"
#include "ui/worker/worker_internal.h"

#define LOG_FIELDS_MAX (8 + 2 * VIEW_PEOPLE)

const char *worker_category(struct worker *w, const char *id)
{
    const struct category_list *all;
    const struct category *c = NULL;

    if (tablet_categories(session_tablet(w->session), &all) == ERR_OK) {
        c = category_find(all, id);
    }
    return c != NULL ? c->short_label : id;
}

static void list_types(struct worker *w, const char *kind)
{
    const struct category_list *all;

    w->views->log.type_count = 0;
    if (tablet_categories(session_tablet(w->session), &all) == ERR_OK) {
        form_types_list(all, kind, &w->views->log);
    } /* else the screen says that no form is here yet */
}

/* 0 says that it isn't known: the best ones are a metre. */
int worker_metres(uint32_t accuracy_mm)
{
    const int metres = (int)(accuracy_mm / 1000) + (accuracy_mm % 1000 >= 500);

    return accuracy_mm > 0 && metres == 0 ? 1 : metres;
}

void worker_position(struct worker *w, struct view_place *out)
{
    const struct port *port = session_port(w->session);
    struct port_fix fix;

    *out = (struct view_place){ 0 };
    if (port->ops->fix(port->ctx, &fix) || fix.source == PORT_FIX_NONE) {
        return;
    }
    out->has_fix = true;
    out->is_old = fix.age_ms > WORKER_FIX_AGE_MS;
    out->fix_ms = worker_now_ms(w) - (int64_t)fix.age_ms;
    out->accuracy_m = worker_metres(fix.accuracy_mm);
    out->lat_e7 = fix.lat_e7;
    out->lon_e7 = fix.lon_e7;
    out->is_simulated = fix.is_simulated;
}

void worker_log_position(struct worker *w, struct view_place *out)
{
    worker_position(w, out);
    if (w->spot.is_set) {
        *out = (struct view_place){ .has_fix = true,
                                    .is_chosen = true,
                                    .lat_e7 = w->spot.pos.lat_e7,
                                    .lon_e7 = w->spot.pos.lon_e7 };
    }
}

/* What the draft says, for the save and for the picture of the place. */
static void take_spot(struct worker *w, bool is_set, int32_t lat_e7,
                      int32_t lon_e7)
{
    w->spot = (struct worker_spot){ is_set, { lat_e7, lon_e7 } };
    worker_log_position(w, &w->views->log.position);
}

/* A place, its name, or both. */
static void put_spot(struct draft *d, const struct log_spot *spot)
{
    if (spot->is_set) {
        d->has_spot = true;
        d->spot_lat_e7 = spot->lat_e7;
        d->spot_lon_e7 = spot->lon_e7;
    }
    if (spot->name[0] != '\0') {
        WORKER_PUT(d->place, spot->name);
        d->is_place_set = true;
    }
}

static void new_draft(struct worker *w, struct draft *d, const char *kind)
{
    struct uuid id;
    char text[UUID_TEXT_SIZE];

    *d = (struct draft){ .people = PEOPLE_UNKNOWN,
                         .happened_ms = worker_now_ms(w) };
    WORKER_PUT(d->kind, kind);
    if (worker_new_id(w, &id) == ERR_OK) {
        uuid_format(&id, text);
        WORKER_PUT(d->id, text);
    }
}

/* The note is long at times and mostly short: no more is written than is
 * there, since it is written at each letter. */
struct bytes worker_draft_bytes(const struct draft *draft)
{
    return (struct bytes){ (const uint8_t *)draft,
                           offsetof(struct draft, note) + strlen(draft->note) +
                               1 };
}

bool worker_draft_read(struct bytes data, struct draft *out)
{
    if (data.len <= offsetof(struct draft, note) || data.len > sizeof(*out) ||
        data.data[data.len - 1] != '\0') {
        return false;
    }
    memset(out, 0, sizeof(*out));
    memcpy(out, data.data, data.len);
    return true;
}

struct wanted {
    struct uuid id;
    struct draft *out;
    bool is_found;
};

static enum err take_draft(void *ctx, const struct uuid *id, const char *form,
                           struct bytes data)
{
    struct wanted *d = ctx;

    (void)form;
    if (!uuid_eq(id, &d->id)) {
        return ERR_OK;
    }
    d->is_found = worker_draft_read(data, d->out);
    return ERR_STOPPED;
}

/* The draft of that id, as it was left; under duress it stays where it is.
 * False: none, or of another version of the program. */
static bool load_draft(struct worker *w, const char *id, struct draft *out)
{
    struct wanted wanted = { .out = out };

    return !w->is_duress && uuid_parse(id, &wanted.id) == ERR_OK &&
           tablet_drafts(session_tablet(w->session), take_draft, &wanted) ==
               ERR_OK &&
           wanted.is_found;
}

void worker_open_log(struct worker *w, const struct command *cmd)
{
    struct view_log *v = &w->views->log;
    const uint32_t opened = v->opened + 1;
    const char *kind = cmd->id;

    worker_stop_capture(w);
    worker_drop_photos(w);
    *v =
        (struct view_log){ .opened = opened,
                           .has_camera = media_has_camera(w->options->camera) };
    w->near_category[0] = '\0';
    list_types(w, kind);
    take_spot(w, cmd->spot.is_set, cmd->spot.lat_e7, cmd->spot.lon_e7);
    form_desk_close(&w->form); /* another tile's */
    if (strcmp(kind, "asb") != 0) {
        worker_open_form(w, cmd);
        return;
    }
    if (!load_draft(w, cmd->key, &v->draft)) {
        new_draft(w, &v->draft, kind);
    }
    put_spot(&v->draft, &cmd->spot);
    take_spot(w, v->draft.has_spot, v->draft.spot_lat_e7, v->draft.spot_lon_e7);
    worker_load_photos(w);
    worker_post(w, VIEW_LOG, v);
    if (cmd->spot.is_set || cmd->spot.name[0] != '\0') {
        worker_put_draft(w, &v->draft); /* it was chosen, not only shown */
    }
}

void worker_put_draft(struct worker *w, const struct draft *draft)
{
    struct view_log *v = &w->views->log;
    const struct bytes data = worker_draft_bytes(draft);
    struct uuid id;
    enum err err = uuid_parse(draft->id, &id);

    v->draft = *draft;
    take_spot(w, draft->has_spot, draft->spot_lat_e7, draft->spot_lon_e7);
    if (!err) {
        worker_look_near(w, draft->type, &id);
        err = tablet_draft_put(session_tablet(w->session), &id, draft->kind,
                               data);
    }
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    v->saved_ms = worker_now_ms(w);
    worker_post(w, VIEW_LOG, v);
    worker_show_begun(w);
}

void worker_tell_saved(struct worker *w, enum told told, enum err err)
{
    if (err == ERR_FULL && w->views->log.photo_count > 0) {
        worker_tell(w, TOLD_NO_PHOTO_ROOM, ERR_OK);
    } else {
        worker_tell(w, told, err);
    }
}

/* --- saving --- */

struct fields {
    struct tablet_text_field list[LOG_FIELDS_MAX];
    size_t count;
    char numbers[2][24];
};

static void add(struct fields *f, const char *key, const char *value)
{
    if (value[0] != '\0') {
        ASSERT(f->count < ARRAY_LEN(f->list));
        f->list[f->count++] = (struct tablet_text_field){ key, value };
    }
}

static void add_answers(struct worker *w, struct fields *f,
                        const struct draft *d)
{
    static const char *const who[] = { "", "personal", "nuisance",
                                       "environmental" };
    static const char *const going[] = { "", "yes", "no", "unknown" };
    const struct port *port = session_port(w->session);
    struct port_time now;

    add(f, "qualifier", who[d->who]);
    add(f, "ongoing", going[d->going]);
    if (d->people != PEOPLE_UNKNOWN) {
        snprintf(f->numbers[0], sizeof(f->numbers[0]), "%d", d->people);
        add(f, "people_count", f->numbers[0]);
    }
    port->ops->now(port->ctx, &now);
    if (d->happened_ms != 0) {
        snprintf(
            f->numbers[1], sizeof(f->numbers[1]), "%lld",
            (long long)(d->happened_ms - (int64_t)now.utc_offset_min * 60000));
        add(f, "noted", f->numbers[1]);
    }
    add(f, "place_name", d->place);
}

/* Persons and vehicles in the officer's words, under the note. */
static void join_note(const struct draft *d, struct buf *out)
{
    buf_put_text(out, d->note);
    for (size_t i = 0; i < ARRAY_LEN(d->persons); i++) {
        if (d->persons[i][0] != '\0') {
            buf_printf(out, "%s%s", out->len > 0 ? "\n" : "", d->persons[i]);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(d->vehicles); i++) {
        if (d->vehicles[i][0] != '\0') {
            buf_printf(out, "%s%s", out->len > 0 ? "\n" : "", d->vehicles[i]);
        }
    }
}

bool worker_place(struct worker *w, struct body_place *out)
{
    const struct port *port = session_port(w->session);
    struct port_fix fix = { .source = PORT_FIX_NONE };
    struct view_place at;

    if (w->spot.is_set) {
        *out = (struct body_place){ .lat_e7 = w->spot.pos.lat_e7,
                                    .lon_e7 = w->spot.pos.lon_e7,
                                    .source = PLACE_MAP };
        return true;
    }
    worker_position(w, &at);
    if (port->ops->fix(port->ctx, &fix)) {
        fix.is_simulated = false;
    }
    *out = (struct body_place){ .lat_e7 = (int32_t)at.lat_e7,
                                .lon_e7 = (int32_t)at.lon_e7,
                                .accuracy_mm = (uint32_t)at.accuracy_m * 1000,
                                .source = PLACE_GPS,
                                .is_simulated = fix.is_simulated };
    return at.has_fix;
}

static enum err save_record(struct worker *w, const struct draft *d)
{
    struct tablet_photo photos[VIEW_PHOTOS];
    struct fields f = { .count = 0 };
    struct tablet_new n = { .what = d->type, .photos = photos };
    struct body_place place;
    struct buf note;
    struct buf why;
    enum err err;

    buf_init(&note, TEXT_MAX_BYTES);
    buf_init(&why, VIEW_NOTE_SIZE);
    add_answers(w, &f, d);
    join_note(d, &note);
    add(&f, "note", buf_text(&note));
    n.fields = f.list;
    n.field_count = f.count;
    n.photo_count = worker_take_photos(w, photos);
    n.place = worker_place(w, &place) ? &place : NULL;
    if (uuid_parse(d->id, &n.record)) {
        n.record = (struct uuid){ 0 };
    }
    err = note.err
              ? note.err
              : tablet_record(session_tablet(w->session), &n, &w->saved, &why);
    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "a record was not saved: %s", err_text(err));
    }
    buf_fini(&note);
    buf_fini(&why);
    return err;
}

void worker_save(struct worker *w, const struct draft *draft)
{
    enum err err;

    take_spot(w, draft->has_spot, draft->spot_lat_e7, draft->spot_lon_e7);
    err = save_record(w, draft);
    if (!err) {
        w->spot.is_set = false;
        form_draft_fini(&w->undone);
        w->undone_log = *draft;
        worker_drop_photos(w);
        w->wake_ms = 0;
        worker_show_all(w);
    }
    worker_tell_saved(w, TOLD_SAVED, err);
}

enum err worker_log_again(struct worker *w)
{
    struct draft *d = &w->undone_log;
    char text[UUID_TEXT_SIZE];
    struct uuid id;
    enum err err = worker_new_id(w, &id);

    if (!err) {
        uuid_format(&id, text);
        WORKER_PUT(d->id, text);
        err = tablet_draft_put(session_tablet(w->session), &id, d->kind,
                               worker_draft_bytes(d));
    }
    wipe(d, sizeof(*d));
    return err;
}

/* "Undone at once": the record stays in the log, struck. */
void worker_undo_save(struct worker *w)
{
    enum err err;

    if (uuid_is_zero(&w->saved)) {
        return;
    }
    err =
        tablet_strike(session_tablet(w->session), &w->saved, "undone at once");
    if (!err) {
        w->saved = (struct uuid){ 0 };
        err = worker_draft_again(w);
    }
    worker_show_all(w);
    worker_tell(w, TOLD_UNDONE, err);
}
