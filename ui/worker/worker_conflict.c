/* worker_conflict.c - records with two versions, and what was decided. */
#include <stdio.h>
#include <string.h>

#include "core/cbor.h"
#include "core/mem.h"
#include "core/records.h"
#include "core/tablet_conflict.h"
#include "ui/worker/worker_internal.h"

#define WHY_MAX 400

static const char *label_of(const struct tablet_question *q)
{
    if (q->field == CONFLICT_RECORD) {
        return "";
    }
    if (q->asked != NULL) {
        return q->asked->label;
    }
    return form_common_label(q->field) != NULL ? form_common_label(q->field)
                                               : q->key;
}

static bool is_time(const struct tablet_question *q)
{
    return q->field == FIELD_NOTED_MS || q->field == FIELD_ENDED_MS ||
           (q->asked != NULL && q->asked->type == FORM_TYPE_DATE_TIME);
}

/* --- one value --- */

/* A code as its form calls it; false: it is no code of it. */
static bool put_choice(struct worker *w, const struct tablet_question *q,
                       const char *code, struct view_side *to)
{
    if (q->field == FIELD_CATEGORY) {
        WORKER_PUT(to->text, worker_category(w, code));
        return true;
    }
    for (size_t i = 0; q->asked != NULL && i < q->asked->choice_count; i++) {
        if (strcmp(q->asked->choices[i].code, code) == 0) {
            WORKER_PUT(to->text, q->asked->choices[i].label);
            return true;
        }
    }
    return false;
}

static void put_value(struct worker *w, const struct tablet_question *q,
                      struct bytes value, struct view_side *to)
{
    struct cbor_reader r;
    struct buf text;

    cbor_open_gated(&r, value);
    if (cbor_peek(&r) == CBOR_TYPE_NULL) {
        to->kind = SIDE_EMPTY;
        return;
    }
    if (is_time(q)) {
        to->kind = SIDE_TIME;
        to->time_ms = worker_local_ms(w, cbor_get_int(&r));
        return;
    }
    buf_init(&text, BODY_MAX_BYTES * 2);
    records_item(value, &text);
    to->kind = SIDE_TEXT;
    if (put_choice(w, q, buf_text(&text), to)) {
        to->kind = SIDE_WORD;
    } else {
        WORKER_PUT(to->text, buf_text(&text));
    }
    buf_wipe(&text);
}

/* What was written beside a strike, where it is plain words. */
static void put_kept(const struct tablet_side *from, struct view_side *to)
{
    struct cbor_reader r;
    struct buf text;

    cbor_open_gated(&r, from->value);
    if (from->value.data == NULL || cbor_peek(&r) != CBOR_TYPE_TEXT) {
        return;
    }
    buf_init(&text, BODY_MAX_BYTES * 2);
    records_item(from->value, &text);
    WORKER_PUT(to->text, buf_text(&text));
    buf_wipe(&text);
}

static void put_side(struct worker *w, const struct tablet_question *q,
                     const struct tablet_side *from, struct view_side *to)
{
    const int64_t utc = from->gnss_ms != 0 ? from->gnss_ms : from->wall_ms;

    *to = (struct view_side){ .is_here = from->is_here,
                              .is_office = from->is_office,
                              .by_satellite = from->gnss_ms != 0 };
    to->is_you = uuid_eq(&from->officer, &w->officer);
    to->made_ms = utc + (int64_t)from->utc_offset_min * 60000;
    WORKER_PUT(to->who, from->officer_name);
    WORKER_PUT(to->where, from->device_name);
    switch (from->is) {
    case TABLET_SIDE_STRUCK:
        to->kind = SIDE_STRUCK;
        WORKER_PUT(to->text, from->reason);
        break;
    case TABLET_SIDE_KEPT:
        to->kind = SIDE_KEPT;
        put_kept(from, to);
        break;
    case TABLET_SIDE_VALUE:
        put_value(w, q, from->value, to);
        break;
    }
}

/* --- one record --- */

struct showing {
    struct worker *w;
    struct view_conflict *v;
    uint64_t fields[VIEW_QUESTIONS]; /* of the questions shown */
};

/* The first other person who wrote into it can be asked. */
static void put_whom(struct worker *w, const struct tablet_side *side)
{
    struct view_record *v = &w->views->record;

    if (v->ask_id[0] == '\0' && !uuid_is_zero(&side->officer) &&
        !uuid_eq(&side->officer, &w->officer) &&
        side->officer_name[0] != '\0') {
        uuid_format(&side->officer, v->ask_id);
        WORKER_PUT(v->ask_name, side->officer_name);
    }
}

static enum err take_question(void *ctx, const struct tablet_question *q)
{
    struct showing *s = ctx;
    struct view_question *to;

    if (s->v->question_count == VIEW_QUESTIONS) {
        return ERR_STOPPED; /* the rest is asked when these are settled */
    }
    s->fields[s->v->question_count] = q->field;
    to = &s->v->questions[s->v->question_count++];
    memset(to, 0, sizeof(*to));
    WORKER_PUT(to->label, label_of(q));
    for (size_t i = 0; i < q->side_count && i < VIEW_SIDES; i++) {
        put_side(s->w, q, &q->sides[i], &to->sides[to->side_count++]);
        put_whom(s->w, &q->sides[i]);
    }
    to->is_number = q->asked != NULL && q->asked->type == FORM_TYPE_NUMBER;
    to->can_write = to->is_number || q->field == FIELD_NOTE ||
                    q->field == FIELD_PLACE_NAME ||
                    (q->asked != NULL && q->asked->type == FORM_TYPE_TEXT);
    return ERR_OK;
}

static enum err take_maker(void *ctx, const struct tablet_person *p)
{
    struct showing *s = ctx;
    struct uuid id;

    if (uuid_parse(s->v->by, &id) || !uuid_eq(&id, &p->id)) {
        return ERR_OK;
    }
    WORKER_PUT(s->v->by, p->name);
    return ERR_STOPPED;
}

static enum err put_record(struct showing *s)
{
    struct tablet *t = session_tablet(s->w->session);
    struct tablet_item item;
    enum err err = tablet_item(t, &s->w->conflict, &item);

    if (err) {
        return err;
    }
    WORKER_PUT(s->v->title, item.title[0] != '\0'
                                ? item.title
                                : worker_category(s->w, item.category));
    s->v->made_ms = item.made_ms + (int64_t)item.utc_offset_min * 60000;
    s->v->by_you = uuid_eq(&item.officer, &s->w->officer);
    uuid_format(&item.officer, s->v->by);
    return tablet_people(t, take_maker, s);
}

/* Reads the open record again; counts `opened` when it shows other values. */
static enum err read_open(struct worker *w, uint64_t fields[VIEW_QUESTIONS])
{
    struct view_conflict *v = &w->views->conflicts.open;
    struct showing s = { .w = w, .v = v };
    struct tablet_conflict c;
    enum err err;

    v->question_count = 0;
    w->views->record.ask_id[0] = '\0';
    err = tablet_conflict(session_tablet(w->session), &w->conflict,
                          take_question, &s, &c);
    if (!err) {
        err = put_record(&s);
    }
    if (err) {
        v->question_count = 0;
        return err;
    }
    uuid_format(&w->conflict, v->id);
    v->joined_count = (int)c.joined;
    if (memcmp(&c.stamp, &w->conflict_stamp, sizeof(c.stamp)) != 0) {
        w->conflict_stamp = c.stamp;
        v->opened++;
    }
    if (fields != NULL) {
        memcpy(fields, s.fields, sizeof(s.fields));
    }
    return ERR_OK;
}

/* --- the list --- */

struct values {
    struct worker *w;
    char *out;
    size_t size;
};

static enum err take_values(void *ctx, const struct tablet_question *q)
{
    struct values *v = ctx;
    struct view_side *side = mem_alloc(sizeof(*side));
    size_t at = strlen(v->out);

    if (side == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < q->side_count && at + 4 < v->size; i++) {
        put_side(v->w, q, &q->sides[i], side);
        worker_put(v->out + at, v->size - at, at > 0 ? " | " : "");
        at = strlen(v->out);
        worker_put(v->out + at, v->size - at, side->text);
        at = strlen(v->out);
    }
    mem_free(side);
    return ERR_STOPPED; /* the first field stands for the record */
}

void worker_conflict_values(struct worker *w, const struct uuid *record,
                            char *out, size_t size)
{
    struct values v = { w, out, size };
    struct tablet_conflict c;

    out[0] = '\0';
    if (tablet_conflict(session_tablet(w->session), record, take_values, &v,
                        &c)) {
        out[0] = '\0';
    }
}

static enum err take_item(void *ctx, const struct tablet_item *item)
{
    struct worker *w = ctx;
    struct view_conflicts *v = &w->views->conflicts;
    struct view_conflict_item *to = &v->items[v->item_count];

    if (item->tier == 2) { /* sealed: never merged */
        return ERR_OK;
    }
    if (v->item_count == VIEW_CONFLICTS) {
        return ERR_STOPPED;
    }
    memset(to, 0, sizeof(*to));
    uuid_format(&item->id, to->id);
    WORKER_PUT(to->title, item->title[0] != '\0'
                              ? item->title
                              : worker_category(w, item->category));
    to->made_ms = item->made_ms + (int64_t)item->utc_offset_min * 60000;
    v->item_count++;
    return ERR_OK;
}

static enum err count_fields(void *ctx, const struct tablet_question *q)
{
    (void)ctx;
    (void)q;
    return ERR_STOPPED;
}

static enum err read_items(struct worker *w)
{
    const struct tablet_filter filter = { .with_children = true,
                                          .only_conflict = true,
                                          .max = VIEW_CONFLICTS };
    struct view_conflicts *v = &w->views->conflicts;
    struct tablet *t = session_tablet(w->session);
    enum err err;

    v->item_count = 0;
    err = tablet_records(t, &filter, take_item, w);
    for (int i = 0; i < v->item_count && !err; i++) {
        struct tablet_conflict c;
        struct uuid id;

        err = uuid_parse(v->items[i].id, &id);
        if (!err) {
            err = tablet_conflict(t, &id, count_fields, NULL, &c);
        }
        if (err == ERR_DENIED) { /* of another author: theirs to settle */
            v->item_count--;
            memmove(&v->items[i], &v->items[i + 1],
                    (size_t)(v->item_count - i) * sizeof(v->items[0]));
            i--;
            err = ERR_OK;
        } else if (!err) {
            v->items[i].fields = (int)c.questions;
            worker_conflict_values(w, &id, v->items[i].values,
                                   sizeof(v->items[i].values));
        }
    }
    return err;
}

void worker_show_conflicts(struct worker *w)
{
    struct view_conflicts *v = &w->views->conflicts;

    if (read_items(w)) {
        v->item_count = 0;
    }
    if (!uuid_is_zero(&w->conflict)) {
        if (read_open(w, NULL)) {
            v->open.question_count = 0;
        } else {
            worker_read_record(w, &w->conflict);
        }
    }
    w->views->home.conflict_count = v->item_count;
    worker_post(w, VIEW_CONFLICT, v);
    worker_post(w, VIEW_HOME, &w->views->home);
}

/* --- verbs --- */

void worker_open_conflict(struct worker *w, const char *record_id)
{
    struct view_conflict *v = &w->views->conflicts.open;
    enum err err = uuid_parse(record_id, &w->conflict);

    memset(&w->conflict_stamp, 0xff, sizeof(w->conflict_stamp));
    if (!err) {
        err = read_open(w, NULL);
    }
    if (err) { /* it was settled or withdrawn meanwhile */
        v->question_count = 0;
        v->opened++;
        worker_tell(w, TOLD_FAILED, err);
    } else {
        worker_read_record(w, &w->conflict);
    }
    worker_post(w, VIEW_CONFLICT, &w->views->conflicts);
}

static enum err settle(struct worker *w, const struct settlement *what,
                       struct buf *why)
{
    struct tablet_choice choices[VIEW_QUESTIONS];
    uint64_t fields[VIEW_QUESTIONS];
    const struct view_conflict *v = &w->views->conflicts.open;
    const struct hash shown = w->conflict_stamp;
    size_t count = 0;
    enum err err = read_open(w, fields);

    if (err) {
        return err;
    }
    if (what->opened != v->opened) {
        return ERR_EXISTS;
    }
    for (int i = 0; i < v->question_count; i++) {
        const int choice = what->choice[i];

        if (choice != 0) {
            choices[count++] = (struct tablet_choice){
                fields[i], choice > 0 ? (size_t)choice : 0, what->other[i]
            };
        }
    }
    return tablet_resolve(session_tablet(w->session), &w->conflict, choices,
                          count, &shown, why);
}

void worker_settle(struct worker *w, const struct settlement *what)
{
    struct buf why;
    enum err err;

    buf_init(&why, WHY_MAX);
    err = settle(w, what, &why);
    buf_fini(&why);
    for (int i = 0; i < VIEW_QUESTIONS && !err; i++) {
        worker_forget_words(w, KEPT_CONFLICT + i);
    }
    worker_show_all(w);
    worker_tell(w, err == ERR_EXISTS ? TOLD_CHANGED : TOLD_SETTLED,
                err == ERR_EXISTS ? ERR_OK : err);
}
