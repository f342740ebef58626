#include "sync-server/brief.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/wire.h"

#define MINUTE_MS ((int64_t)60000)
#define DAY_MS    (24 * 60 * MINUTE_MS)

/* --- writing --- */

/* A body in the making: of a new record, or over what stands. */
struct draft {
    struct council *c;
    const struct decide_record *old; /* NULL: new */
    struct body_writer w;
};

/* What the new value replaces: all heads of the field. */
static void put_base(struct draft *d, uint64_t id)
{
    struct event_ref refs[BODY_BASES_MAX];
    const struct merge_record *m;
    size_t count = 0;

    if (d->old == NULL) {
        return;
    }
    m = &d->old->conflict.now;
    for (size_t i = 0; i < m->field_count; i++) {
        if (m->fields[i].id != id || m->fields[i].is_set) {
            continue;
        }
        for (size_t k = 0; k < m->fields[i].head_count; k++) {
            if (count < ARRAY_LEN(refs)) {
                refs[count++] = d->old->events[m->fields[i].heads[k].event].ref;
            }
        }
    }
    if (count > 0) {
        body_put_base(&d->w, id, &d->c->head.id, refs, count);
    }
}

static bool is_new_text(const struct draft *d, uint64_t id, const char *text)
{
    struct bytes value, now;
    struct cbor_reader r;

    if (d->old == NULL) {
        return text[0] != '\0';
    }
    value = decide_value(d->old, id);
    if (value.data == NULL) {
        return text[0] != '\0';
    }
    cbor_open_gated(&r, value);
    now = cbor_get_text(&r);
    return r.err || now.len != strlen(text) ||
           memcmp(now.data, text, now.len) != 0;
}

/* What stays as it was isn't written again: "changed" means changed. */
static void put_text(struct draft *d, uint64_t id, const char *text)
{
    if (is_new_text(d, id, text)) {
        body_put_text(&d->w, id, text);
        put_base(d, id);
    }
}

static bool is_new_int(const struct draft *d, uint64_t id, int64_t n)
{
    const struct bytes value =
        d->old == NULL ? (struct bytes){ NULL, 0 } : decide_value(d->old, id);
    struct cbor_reader r;
    int64_t now;

    if (value.data == NULL) {
        return n != 0;
    }
    cbor_open_gated(&r, value);
    now = cbor_get_int(&r);
    return r.err || now != n;
}

static void put_int(struct draft *d, uint64_t id, int64_t n)
{
    if (is_new_int(d, id, n)) {
        body_put_int(&d->w, id, n);
        put_base(d, id);
    }
}

static bool value_is_true(struct bytes value)
{
    struct cbor_reader r;
    bool is;

    if (value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, value);
    is = cbor_get_bool(&r);
    return !r.err && is;
}

static void put_bool(struct draft *d, uint64_t id, bool is)
{
    const struct bytes old =
        d->old == NULL ? (struct bytes){ NULL, 0 } : decide_value(d->old, id);

    if (value_is_true(old) != is) {
        body_put_bool(&d->w, id, is);
        put_base(d, id);
    }
}

static void put_team(struct draft *d, uint64_t id)
{
    if (d->old == NULL) {
        body_put_uuid(&d->w, id, &d->c->default_team);
    }
}

/* One event: a new record for the team, or a change for its readers. */
static enum err append(struct draft *d, const struct uuid *id,
                       const struct uuid *officer, enum event_kind kind)
{
    const struct sdb_audience team = { WIRE_SUB_TEAM, d->c->default_team };
    struct evlog_new e = { .officer = *officer,
                           .record = *id,
                           .kind = kind,
                           .kind_version = 1,
                           .op = d->old == NULL ? OP_CREATE : OP_SET };
    const bool is_empty = d->w.field_count == 0;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    err = body_end(&d->w, &body);
    e.body = buf_bytes(&body);
    if (!err && !is_empty) {
        err = d->old == NULL ? council_append(d->c, &e, &team, NULL)
                             : decide_append(d->c, &e);
    }
    buf_fini(&body);
    return err;
}

/* Ends the transaction with what became of it. */
static enum err finish(struct council *c, enum err err)
{
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

static enum err begin(struct council *c, const struct uuid *id,
                      enum event_kind kind, struct decide_record *old,
                      struct uuid *id_out)
{
    const struct crypto_random random = port_random(c->port);
    enum err err;

    memset(old, 0, sizeof(*old));
    *id_out = *id;
    if (uuid_is_zero(id)) {
        err = random.fill(random.ctx, id_out->bytes, sizeof(id_out->bytes));
        return err ? err : council_begin(c);
    }
    err = decide_read(c, id, old);
    if (!err && old->kind != (uint64_t)kind) {
        err = ERR_NOT_FOUND;
    }
    return err ? err : council_begin(c);
}

enum err brief_put(struct council *c, const struct brief *b,
                   struct uuid *id_out)
{
    struct decide_record old;
    struct draft d = { .c = c };
    enum err err;

    if (b->title[0] == '\0' || b->text[0] == '\0') {
        return ERR_USAGE;
    }
    err = begin(c, &b->id, KIND_BRIEFING, &old, id_out);
    if (err) {
        decide_fini(&old);
        return err;
    }
    d.old = old.count > 0 ? &old : NULL;
    body_begin(&d.w);
    put_text(&d, FIELD_NOTE, b->text);
    put_text(&d, FIELD_MARKING, b->marking);
    put_text(&d, FIELD_TITLE, b->title);
    put_text(&d, FIELD_PLACE_NAME, b->place_name);
    put_int(&d, FIELD_ENDED_MS, b->ends_ms);
    put_text(&d, BRIEFING_WHY, b->why);
    put_text(&d, BRIEFING_TO_DO, b->to_do);
    put_text(&d, BRIEFING_LOOK_FOR, b->look_for);
    put_text(&d, BRIEFING_AREA, b->area);
    put_bool(&d, BRIEFING_MUST_READ, b->must_read);
    put_team(&d, BRIEFING_TEAM);
    err = append(&d, id_out, &b->officer, KIND_BRIEFING);
    body_fini(&d.w);
    decide_fini(&old);
    return finish(c, err);
}

/* Who a task is for, ascending by bytes, as codes that are added. */
static void put_officers(struct draft *d, const struct brief_task *t)
{
    const char *numbers[BRIEF_FOR_MAX];
    size_t count = 0;

    for (size_t i = 0; i < t->officer_count; i++) {
        size_t at = count;

        while (at > 0 && strcmp(numbers[at - 1], t->officers[i]) > 0) {
            numbers[at] = numbers[at - 1];
            at--;
        }
        if (at == 0 || strcmp(numbers[at - 1], t->officers[i]) != 0) {
            numbers[at] = t->officers[i];
            count++;
        } else { /* said twice: put back what moved */
            memmove(&numbers[at], &numbers[at + 1],
                    (count - at) * sizeof(numbers[0]));
        }
    }
    if (count > 0) {
        body_put_codes(&d->w, TASK_OFFICERS, numbers, count, NULL, 0);
    }
}

enum err brief_task_put(struct council *c, const struct brief_task *t,
                        struct uuid *id_out)
{
    struct decide_record old;
    struct draft d = { .c = c };
    enum err err;

    if (t->title[0] == '\0' || t->due_ms == 0) {
        return ERR_USAGE;
    }
    if (!uuid_is_zero(&t->id)) {
        return ERR_UNSUPPORTED; /* taken back and written anew instead */
    }
    err = begin(c, &t->id, KIND_TASK, &old, id_out);
    if (err) {
        return err;
    }
    body_begin(&d.w);
    put_text(&d, FIELD_NOTE, t->text);
    put_text(&d, FIELD_TITLE, t->title);
    put_text(&d, FIELD_PLACE_NAME, t->place_name);
    put_int(&d, TASK_KIND, t->sort);
    put_int(&d, TASK_DUE_MS, t->due_ms);
    put_int(&d, TASK_GOAL_MIN, t->goal_min);
    put_text(&d, TASK_AREA, t->area);
    put_officers(&d, t);
    put_team(&d, TASK_TEAM);
    put_bool(&d, TASK_URGENT, t->is_urgent);
    err = append(&d, id_out, &t->officer, KIND_TASK);
    body_fini(&d.w);
    return finish(c, err);
}

static enum err open_either(struct council *c, const struct uuid *id,
                            struct decide_record *out)
{
    enum err err = decide_read(c, id, out);

    if (!err && out->kind != KIND_BRIEFING && out->kind != KIND_TASK) {
        err = ERR_NOT_FOUND;
    }
    return err ? err : council_begin(c);
}

enum err brief_end(struct council *c, const struct uuid *id,
                   const struct uuid *officer)
{
    struct decide_record old;
    struct draft d = { .c = c, .old = &old };
    enum err err = open_either(c, id, &old);

    if (!err) {
        body_begin(&d.w);
        put_int(&d, FIELD_ENDED_MS, council_now(c));
        err = append(&d, id, officer, (enum event_kind)old.kind);
        body_fini(&d.w);
        err = finish(c, err);
    }
    decide_fini(&old);
    return err;
}

enum err brief_answer(struct council *c, const struct uuid *id,
                      const struct uuid *officer, const char *text)
{
    struct evlog_new e = {
        .officer = *officer, .record = *id, .kind_version = 1, .op = OP_ANSWER
    };
    struct decide_record r;
    struct body_writer w;
    struct buf body;
    enum err err;

    if (text[0] == '\0') {
        return ERR_USAGE;
    }
    err = open_either(c, id, &r);
    e.kind = (enum event_kind)r.kind;
    decide_fini(&r);
    if (err) {
        return err;
    }
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : decide_append(c, &e);
    buf_fini(&body);
    return finish(c, err);
}

/* --- reading --- */

static void get_text(const struct decide_record *r, uint64_t id, char *out,
                     size_t size)
{
    const struct bytes value = decide_value(r, id);
    struct bytes text = { NULL, 0 };
    struct cbor_reader reader;

    if (value.data != NULL) {
        cbor_open_gated(&reader, value);
        text = cbor_get_text(&reader);
        text.len = reader.err ? 0 : text.len;
    }
    while (text.len >= size || (text.len > 0 && text.len == size - 1 &&
                                (text.data[text.len] & 0xc0) == 0x80)) {
        text.len--;
    }
    if (text.len > 0) {
        memcpy(out, text.data, text.len);
    }
    out[text.len] = '\0';
}

static int64_t get_int(const struct decide_record *r, uint64_t id)
{
    const struct bytes value = decide_value(r, id);
    struct cbor_reader reader;
    int64_t n;

    if (value.data == NULL) {
        return 0;
    }
    cbor_open_gated(&reader, value);
    n = cbor_get_int(&reader);
    return reader.err ? 0 : n;
}

void brief_read(const struct decide_record *r, struct brief *out)
{
    memset(out, 0, sizeof(*out));
    out->id = r->id;
    out->officer = r->list[r->first]->header.officer;
    get_text(r, FIELD_TITLE, out->title, sizeof(out->title));
    get_text(r, FIELD_PLACE_NAME, out->place_name, sizeof(out->place_name));
    get_text(r, FIELD_MARKING, out->marking, sizeof(out->marking));
    get_text(r, FIELD_NOTE, out->text, sizeof(out->text));
    get_text(r, BRIEFING_AREA, out->area, sizeof(out->area));
    get_text(r, BRIEFING_WHY, out->why, sizeof(out->why));
    get_text(r, BRIEFING_TO_DO, out->to_do, sizeof(out->to_do));
    get_text(r, BRIEFING_LOOK_FOR, out->look_for, sizeof(out->look_for));
    out->ends_ms = get_int(r, FIELD_ENDED_MS);
    out->must_read = value_is_true(decide_value(r, BRIEFING_MUST_READ));
}

static void get_officers(const struct decide_record *r, struct brief_task *out)
{
    const struct merge_record *m = &r->conflict.now;

    for (size_t i = 0; i < m->field_count; i++) {
        struct cbor_reader reader;
        size_t count;

        if (m->fields[i].id != TASK_OFFICERS || !m->fields[i].is_set) {
            continue;
        }
        cbor_open_gated(&reader, buf_bytes(&m->fields[i].codes));
        count = cbor_get_array(&reader);
        for (size_t k = 0; k < count && k < BRIEF_FOR_MAX; k++) {
            const struct bytes number = cbor_get_text(&reader);

            if (!reader.err && number.len < BRIEF_CODE_SIZE) {
                memcpy(out->officers[out->officer_count++], number.data,
                       number.len);
            }
        }
    }
}

void brief_task_read(const struct decide_record *r, struct brief_task *out)
{
    const int64_t sort = get_int(r, TASK_KIND);

    memset(out, 0, sizeof(*out));
    out->id = r->id;
    out->officer = r->list[r->first]->header.officer;
    get_text(r, FIELD_TITLE, out->title, sizeof(out->title));
    get_text(r, FIELD_PLACE_NAME, out->place_name, sizeof(out->place_name));
    get_text(r, FIELD_NOTE, out->text, sizeof(out->text));
    get_text(r, TASK_AREA, out->area, sizeof(out->area));
    out->sort = sort >= TASK_SORT_CHECK_IN && sort <= TASK_SORT_OTHER
                    ? (enum task_sort)sort
                    : TASK_SORT_OTHER;
    out->due_ms = get_int(r, TASK_DUE_MS);
    out->goal_min = (int)get_int(r, TASK_GOAL_MIN);
    out->is_urgent = value_is_true(decide_value(r, TASK_URGENT));
    get_officers(r, out);
}

/* --- what was said --- */

static bool is_mark(uint64_t op)
{
    return op == OP_ACKNOWLEDGE || op == OP_ASK || op == OP_ANSWER ||
           op == OP_CLOSE || op == OP_CHECK_IN;
}

static int64_t int_of(const struct body_view *v, uint64_t id, int64_t without)
{
    const struct body_field_view *f = body_find(v, id);
    struct cbor_reader r;
    int64_t n;

    if (f == NULL) {
        return without;
    }
    cbor_open_gated(&r, f->value);
    n = cbor_get_int(&r);
    return r.err ? without : n;
}

static void text_of(const struct body_view *v, uint64_t id, char *out,
                    size_t size)
{
    const struct body_field_view *f = body_find(v, id);
    struct bytes text = { NULL, 0 };
    struct cbor_reader r;

    if (f != NULL) {
        cbor_open_gated(&r, f->value);
        text = cbor_get_text(&r);
        text.len = r.err || text.len >= size ? 0 : text.len;
    }
    if (text.len > 0) {
        memcpy(out, text.data, text.len);
    }
    out[text.len] = '\0';
}

static uint64_t last_change(const struct decide_record *r)
{
    uint64_t last = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct merge_event *e = &r->events[i];

        if ((e->op == OP_CREATE || e->op == OP_SET) && !e->is_quarantined &&
            e->hlc > last) {
            last = e->hlc;
        }
    }
    return last;
}

enum err brief_marks(const struct decide_record *r, brief_mark_fn fn, void *ctx)
{
    static struct body_view view; /* one request at a time */
    static struct brief_mark m;
    const uint64_t changed = last_change(r);
    enum err err = ERR_OK;

    for (size_t i = 0; i < r->count && !err; i++) {
        const struct merge_event *e = &r->events[i];

        if (!is_mark(e->op) || e->is_quarantined || e->body.data == NULL ||
            body_parse(e->body, &view)) {
            continue;
        }
        m = (struct brief_mark){ .officer = e->officer,
                                 .op = e->op,
                                 .at_ms = r->list[i]->header.wall_ms };
        m.is_current = (uint64_t)int_of(&view, BRIEFING_SEEN, 0) >= changed;
        m.is_done = int_of(&view, TASK_OUTCOME, TASK_DONE) == TASK_DONE;
        text_of(&view, e->op == OP_CLOSE ? FIELD_REASON : FIELD_NOTE, m.text,
                sizeof(m.text));
        err = fn(ctx, &m);
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- local time --- */

static int64_t offset_ms(struct council *c)
{
    struct port_time now;

    c->port->ops->now(c->port->ctx, &now);
    return now.utc_offset_min * MINUTE_MS;
}

/* Days from 1970-01-01 (proleptic Gregorian; H. Hinnant's days_from_civil). */
static int64_t days_of(int year, int month, int day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = y / 400;
    const int64_t yoe = y - era * 400;
    const int64_t doy =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool is_date(const int d[5])
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    const bool is_leap = d[0] % 4 == 0 && (d[0] % 100 != 0 || d[0] % 400 == 0);

    return d[0] >= 2000 && d[0] <= 2199 && d[1] >= 1 && d[1] <= 12 &&
           d[2] >= 1 &&
           d[2] <= days[d[1] - 1] + (d[1] == 2 && is_leap ? 1 : 0) &&
           d[3] >= 0 && d[3] <= 23 && d[4] >= 0 && d[4] <= 59;
}

enum err brief_local_ms(struct council *c, const int date[5], int64_t *out)
{
    if (!is_date(date)) {
        return ERR_BAD_DATA;
    }
    *out = days_of(date[0], date[1], date[2]) * DAY_MS +
           (date[3] * 60 + date[4]) * MINUTE_MS - offset_ms(c);
    return ERR_OK;
}

enum err brief_time_parse(struct council *c, const char *text, int64_t *out)
{
    int d[5] = { 0, 0, 0, 23, 59 };
    int end = 0;
    const size_t len = strlen(text);

    if (len == 10 &&
        sscanf(text, "%4d-%2d-%2d%n", &d[0], &d[1], &d[2], &end) == 3 &&
        end == 10) {
        return brief_local_ms(c, d, out);
    }
    if (len == 16 &&
        sscanf(text, "%4d-%2d-%2dT%2d:%2d%n", &d[0], &d[1], &d[2], &d[3], &d[4],
               &end) == 5 &&
        end == 16) {
        return brief_local_ms(c, d, out);
    }
    return ERR_BAD_DATA;
}

void brief_time_format(struct council *c, int64_t ms, char *out, size_t size)
{
    const int64_t local = ms + offset_ms(c);
    const int64_t z = local / DAY_MS + 719468;
    const int64_t era = z / 146097;
    const int64_t doe = z - era * 146097;
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int64_t mp = (5 * doy + 2) / 153;
    const int64_t month = mp + (mp < 10 ? 3 : -9);
    const int64_t minute = local % DAY_MS / MINUTE_MS;

    snprintf(out, size, "%04d-%02d-%02dT%02d:%02d",
             (int)(yoe + era * 400 + (month <= 2)), (int)month,
             (int)(doy - (153 * mp + 2) / 5 + 1), (int)(minute / 60),
             (int)(minute % 60));
}
