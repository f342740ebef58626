/* worker_record.c - one record whole: its fields, what became of it, and
 * what officers asked each other about it. */
#include <stdio.h>
#include <string.h>

#include "core/cbor.h"
#include "core/records.h"
#include "core/tablet_history.h"
#include "core/tier.h"
#include "ui/worker/worker_internal.h"

struct reading {
    struct worker *w;
    struct view_record *v;
    const struct form *form;        /* NULL: none, or not here */
    struct uuid writers[VIEW_ROWS]; /* of each row; zero: not told */
    int skip;                       /* steps that are too old to be shown */
};

/* --- one value --- */

static const char *label_of(const struct form_field *asked, uint64_t field)
{
    if (asked != NULL) {
        return asked->label;
    }
    return form_common_label(field) != NULL ? form_common_label(field)
                                            : "Field of another form";
}

/* Nobody reads those: links between records. */
static bool is_inner(const struct form_field *asked, uint64_t field)
{
    return field == FIELD_PATROL || field == FIELD_LINKED ||
           field == FIELD_REASON ||
           (asked != NULL && asked->type == FORM_TYPE_BYTES);
}

static const char *word_of(struct worker *w, const struct form_field *asked,
                           uint64_t field, const char *code)
{
    if (field == FIELD_CATEGORY) {
        return worker_category(w, code);
    }
    if (asked != NULL && asked->type == FORM_TYPE_YES_NO) {
        return strcmp(code, "yes") == 0  ? "Yes"
               : strcmp(code, "no") == 0 ? "No"
                                         : "Not known";
    }
    for (size_t i = 0; asked != NULL && i < asked->choice_count; i++) {
        if (strcmp(asked->choices[i].code, code) == 0) {
            return asked->choices[i].label;
        }
    }
    return NULL;
}

static void add_word(struct reading *k, struct view_value *row,
                     const struct form_field *asked, struct bytes code,
                     bool is_out)
{
    const size_t at = strlen(row->text);
    char text[VIEW_ID_SIZE];
    const char *word;

    worker_put_some(text, sizeof(text), code);
    word = word_of(k->w, asked, 0, text);
    if (at + 3 < sizeof(row->text)) {
        char whole[VIEW_LINE_SIZE + 4];

        snprintf(whole, sizeof(whole), "%s%s%.127s", at > 0 ? "\n" : "",
                 is_out ? "-" : "", word != NULL ? word : text);
        worker_put(row->text + at, sizeof(row->text) - at, whole);
    }
}

/* [ code ... ], or [ [ added ... ], [ removed ... ] ] */
static void put_codes(struct reading *k, struct view_value *row,
                      const struct form_field *asked, struct bytes value)
{
    struct cbor_reader r;
    size_t count;

    row->kind = ROW_WORDS;
    cbor_open_gated(&r, value);
    count = cbor_get_array(&r);
    for (size_t i = 0; i < count && !r.err; i++) {
        if (cbor_peek(&r) == CBOR_TYPE_ARRAY) {
            const size_t inner = cbor_get_array(&r);

            for (size_t n = 0; n < inner && !r.err; n++) {
                add_word(k, row, asked, cbor_get_text(&r), i == 1);
            }
        } else {
            add_word(k, row, asked, cbor_get_text(&r), false);
        }
    }
    row->kind = row->text[0] == '\0' ? ROW_EMPTY : ROW_WORDS;
}

static void put_text(struct reading *k, struct view_value *row,
                     const struct form_field *asked, uint64_t field,
                     struct bytes value)
{
    const char *word;
    struct buf text;

    buf_init(&text, BODY_MAX_BYTES * 2);
    records_item(value, &text);
    word = word_of(k->w, asked, field, buf_text(&text));
    row->kind = word != NULL ? ROW_WORDS : ROW_TEXT;
    row->is_cut = word == NULL && text.len >= sizeof(row->text);
    WORKER_PUT(row->text, word != NULL ? word : buf_text(&text));
    buf_wipe(&text);
}

static void put_place(struct view_value *row, struct bytes value)
{
    struct body_place place;

    if (body_place_parse(value, &place)) {
        row->kind = ROW_EMPTY;
        return;
    }
    row->kind = ROW_PLACE;
    row->lat_e7 = place.lat_e7;
    row->lon_e7 = place.lon_e7;
    worker_put_some(row->text, sizeof(row->text), place.words);
}

static void put_value(struct reading *k, struct view_value *row,
                      const struct form_field *asked, uint64_t field,
                      struct bytes value)
{
    const enum form_type type = asked != NULL ? asked->type : FORM_TYPE_NEWER;
    struct cbor_reader r;

    cbor_open_gated(&r, value);
    if (value.data == NULL || cbor_peek(&r) == CBOR_TYPE_NULL) {
        row->kind = ROW_EMPTY;
    } else if (field == FIELD_NOTED_MS || field == FIELD_ENDED_MS ||
               type == FORM_TYPE_DATE_TIME) {
        row->kind = ROW_TIME;
        row->time_ms = worker_local_ms(k->w, cbor_get_int(&r));
    } else if (cbor_peek(&r) == CBOR_TYPE_MAP) {
        put_place(row, value);
    } else if (cbor_peek(&r) == CBOR_TYPE_ARRAY) {
        put_codes(k, row, asked, value);
    } else if (type == FORM_TYPE_LINE || type == FORM_TYPE_AREA) {
        row->kind = ROW_WORDS;
        WORKER_PUT(row->text, "Drawn on the map");
    } else {
        put_text(k, row, asked, field, value);
    }
}

/* --- its fields --- */

static enum err take_field(void *ctx, const struct tablet_field *f)
{
    struct reading *k = ctx;
    const struct form_field *asked =
        k->form != NULL ? form_find(k->form, (uint32_t)f->id) : NULL;
    const bool is_more = f->ordinal > 0;
    struct view_value *row = &k->v->rows[k->v->row_count];

    if (is_inner(asked, f->id) || (is_more && !f->is_conflict)) {
        return ERR_OK; /* the same value from two tablets is one */
    }
    if (k->v->row_count == VIEW_ROWS) {
        return ERR_STOPPED;
    }
    memset(row, 0, sizeof(*row));
    if (!is_more) {
        WORKER_PUT(row->label, label_of(asked, f->id));
        k->v->field_count++;
    }
    put_value(k, row, asked, f->id, f->value);
    row->is_differ = f->is_conflict;
    k->writers[k->v->row_count++] = f->officer;
    return ERR_OK;
}

static enum err take_writer(void *ctx, const struct tablet_person *p)
{
    struct reading *k = ctx;

    for (int i = 0; i < k->v->row_count; i++) {
        if (k->v->rows[i].is_differ && uuid_eq(&k->writers[i], &p->id)) {
            WORKER_PUT(k->v->rows[i].who, p->name);
        }
    }
    return ERR_OK;
}

/* --- its history --- */

static bool step_kind(uint64_t op, enum step_kind *out)
{
    static const struct {
        uint64_t op;
        enum step_kind kind;
    } kinds[] = {
        { OP_CREATE, STEP_MADE },     { OP_SET, STEP_CHANGED },
        { OP_RESOLVE, STEP_SETTLED }, { OP_STRIKE, STEP_STRUCK },
        { OP_ATTACH, STEP_PHOTO },    { OP_ASK, STEP_ASKED },
        { OP_ANSWER, STEP_ANSWERED }, { OP_REVIEW, STEP_REVIEWED },
        { OP_ISSUE, STEP_ISSUED },
    };

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i].op == op) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static enum err count_step(void *ctx, const struct tablet_step *s)
{
    enum step_kind kind;

    *(int *)ctx += step_kind(s->op, &kind);
    return ERR_OK;
}

static void put_step_rows(struct reading *k, const struct tablet_step *s,
                          struct view_step *to)
{
    const bool is_said = s->op == OP_ASK || s->op == OP_ANSWER;

    to->first = k->v->step_row_count;
    for (size_t i = 0; i < s->field_count && s->op != OP_REVIEW; i++) {
        const uint64_t id = s->fields[i].id;
        const struct form_field *asked =
            k->form != NULL ? form_find(k->form, (uint32_t)id) : NULL;
        struct view_value *row = &k->v->step_rows[k->v->step_row_count];

        if (is_inner(asked, id) || (is_said && id != FIELD_NOTE) ||
            k->v->step_row_count == VIEW_STEP_ROWS) {
            continue;
        }
        memset(row, 0, sizeof(*row));
        if (!is_said) {
            WORKER_PUT(row->label, label_of(asked, id));
        }
        put_value(k, row, asked, id, s->fields[i].value);
        k->v->step_row_count++;
        to->count++;
    }
}

static enum err take_step(void *ctx, const struct tablet_step *s)
{
    struct reading *k = ctx;
    struct view_step *to = &k->v->steps[k->v->step_count];
    const int64_t utc = s->by.gnss_ms != 0 ? s->by.gnss_ms : s->by.wall_ms;
    enum step_kind kind;

    if (!step_kind(s->op, &kind) || k->skip-- > 0) {
        return ERR_OK;
    }
    if (k->v->step_count == VIEW_STEPS) {
        return ERR_STOPPED;
    }
    memset(to, 0, sizeof(*to));
    to->kind = kind;
    to->is_you = uuid_eq(&s->by.officer, &k->w->officer);
    to->is_here = s->by.is_here;
    to->is_office = s->by.is_office;
    to->is_refused = s->is_refused;
    to->at_ms = utc + (int64_t)s->by.utc_offset_min * 60000;
    WORKER_PUT(to->who, s->by.officer_name);
    WORKER_PUT(to->where, s->by.device_name);
    WORKER_PUT(to->why, s->by.reason);
    put_step_rows(k, s, to);
    k->v->step_count++;
    return ERR_OK;
}

static void newest_first(struct view_record *v)
{
    for (int a = 0, b = v->step_count - 1; a < b; a++, b--) {
        const struct view_step kept = v->steps[a];

        v->steps[a] = v->steps[b];
        v->steps[b] = kept;
    }
}

static enum err read_steps(struct reading *k, const struct uuid *record)
{
    struct tablet *t = session_tablet(k->w->session);
    int count = 0;
    enum err err = tablet_history(t, record, count_step, &count);

    k->skip = count > VIEW_STEPS ? count - VIEW_STEPS : 0;
    k->v->earlier_count = k->skip;
    if (!err) {
        err = tablet_history(t, record, take_step, k);
    }
    newest_first(k->v);
    return err;
}

/* --- what was asked --- */

static enum err read_exchange(struct worker *w, const struct uuid *record,
                              struct view_record *v)
{
    struct tablet_exchange x;
    const enum err err =
        tablet_asked_by_me(session_tablet(w->session), record, &x);

    if (err || uuid_is_zero(&x.whom)) {
        return err;
    }
    if (v->ask_id[0] != '\0') { /* who was asked is asked again */
        uuid_format(&x.whom, v->ask_id);
        WORKER_PUT(v->ask_name, x.name);
    }
    WORKER_PUT(v->question, x.question);
    WORKER_PUT(v->answer, x.answer);
    v->asked_ms = worker_local_ms(w, x.asked_ms);
    v->answered_ms = x.answered_ms != 0 ? worker_local_ms(w, x.answered_ms) : 0;
    return ERR_OK;
}

void worker_read_record(struct worker *w, const struct uuid *record)
{
    struct view_record *v = &w->views->record;
    struct tablet *t = session_tablet(w->session);
    struct reading k = { .w = w, .v = v };
    struct tablet_item item;
    enum err err = tablet_item(t, record, &item);

    v->row_count = v->field_count = 0;
    v->step_count = v->step_row_count = v->earlier_count = 0;
    v->question[0] = v->answer[0] = '\0';
    v->asked_ms = v->answered_ms = 0;
    v->hand_count = worker_read_hands(w, record, v->hands, VIEW_HANDS);
    if (!err && item.form[0] != '\0' &&
        tablet_form(t, item.form, &k.form) != ERR_OK) {
        k.form = NULL;
    }
    if (!err && item.tier != TIER_OPEN) {
        v->ask_id[0] = '\0'; /* nobody else reads it */
    }
    if (!err) {
        err = tablet_fields(t, record, take_field, &k);
    }
    if (!err) {
        err = tablet_people(t, take_writer, &k);
    }
    if (!err) {
        err = read_steps(&k, record);
    }
    if (!err) {
        err = read_exchange(w, record, v);
    }
    if (err) {
        wipe(v, sizeof(*v));
    }
    uuid_format(record, v->id);
    worker_post(w, VIEW_RECORD, v);
}

void worker_open_record(struct worker *w, const struct command *cmd)
{
    struct uuid record;

    if (uuid_parse(cmd->id, &record) == ERR_OK) {
        worker_read_record(w, &record);
    }
}

void worker_ask_about(struct worker *w, const struct command *cmd)
{
    struct uuid record;
    struct uuid whom;
    enum err err = uuid_parse(cmd->id, &record);

    if (!err) {
        err = uuid_parse(cmd->key, &whom);
    }
    if (!err) {
        err = tablet_ask(session_tablet(w->session), &record, &whom, cmd->text);
    }
    if (!err) {
        worker_forget_words(w, KEPT_ASK);
    }
    worker_show_all(w);
    worker_tell(w, TOLD_ASKED, err);
}
