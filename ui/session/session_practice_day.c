#include "ui/session/session_practice_day.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/body.h"
#include "core/fields.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/mem.h"
#include "ui/session/practice_data.h"
#include "ui/session/session_internal.h"

#define MINUTE_MS  ((int64_t)60000)
#define DAY_MS     (24 * 60 * MINUTE_MS)
#define KEY_MAX    64
#define FIELDS_MAX 16
#define VALUE_MAX  512
#define COUNCIL    "Westbrook District Council (practice)"

/* --- definitions --- */

static enum err append(struct session *s, enum event_kind kind,
                       const struct uuid *record, struct body_writer *w)
{
    struct evlog_new e = {
        .record = *record, .kind = kind, .kind_version = 1, .op = OP_CREATE
    };
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    err = body_end(w, &body);
    body_fini(w);
    e.body = buf_bytes(&body);
    err = err ? err : evlog_append(tablet_log(s->tablet), &e, 1, NULL);
    buf_fini(&body);
    return err;
}

static enum err new_id(struct session *s, struct uuid *out)
{
    const struct port *port = session_port(s);

    return port->ops->random(port->ctx, out->bytes, sizeof(out->bytes));
}

static enum err define(struct session *s, enum event_kind kind,
                       const char *title, struct bytes json)
{
    struct body_writer w;
    struct uuid id;
    char *text = mem_array(json.len + 1, 1);
    enum err err = text != NULL ? new_id(s, &id) : ERR_NOMEM;

    if (err) {
        mem_free(text);
        return err;
    }
    memcpy(text, json.data, json.len);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, title);
    body_put_text(&w, DEFINITION_JSON, text);
    err = append(s, kind, &id, &w);
    mem_free(text);
    return err;
}

/* The next whole object at or after `*at`; an empty one at the end. The
 * files are our own, so braces outside of strings match. */
static struct bytes next_object(const char **at, const char *end)
{
    const char *from = NULL;
    bool is_text = false;
    int depth = 0;

    for (const char *c = *at; c < end; c++) {
        if (is_text) {
            c += *c == '\\';
            is_text = *c != '"';
        } else if (*c == '"') {
            is_text = true;
        } else if (*c == '{') {
            from = depth++ == 0 ? c : from;
        } else if (*c == '}' && --depth == 0 && from != NULL) {
            *at = c + 1;
            return (struct bytes){ (const uint8_t *)from,
                                   (size_t)(c + 1 - from) };
        }
    }
    *at = end;
    return (struct bytes){ NULL, 0 };
}

/* An area goes by its kind and id, a category by its id. */
static enum err define_one(struct session *s, enum event_kind kind,
                           struct bytes object)
{
    struct arena arena;
    const struct json *root;
    const char *id, *sort;
    char title[KEY_MAX];
    enum err err;

    arena_init(&arena, 4 * JSON_MAX_BYTES);
    err = json_parse((const char *)object.data, object.len, &arena, &root);
    id = err ? NULL : json_get_text(root, "id");
    sort = err ? NULL : json_get_text(json_get(root, "properties"), "kind");
    if (!err && id != NULL) {
        snprintf(title, sizeof(title), "%s%s%s", sort != NULL ? sort : "",
                 sort != NULL ? "/" : "", id);
        err = define(s, kind, title, object);
    }
    arena_fini(&arena);
    return err;
}

/* Each object of the array that `name` opens. */
static enum err define_all(struct session *s, enum event_kind kind,
                           struct bytes file, const char *name)
{
    const char *at = strstr((const char *)file.data, name);
    const char *end = (const char *)file.data + file.len;
    enum err err = ERR_OK;

    ASSERT(at != NULL); /* our own file */
    at += strlen(name);
    while (!err) {
        const struct bytes object = next_object(&at, end);

        if (object.len == 0) {
            break;
        }
        err = define_one(s, kind, object);
    }
    return err;
}

static enum err name_council(struct session *s)
{
    const struct evlog_identity *id = evlog_identity(tablet_log(s->tablet));
    struct body_writer w;
    enum err err;

    body_begin(&w);
    body_put_text(&w, COUNCIL_NAME, COUNCIL);
    err = append(s, KIND_COUNCIL, &id->council, &w);
    if (err) {
        return err;
    }
    body_begin(&w);
    body_put_text(&w, DEVICE_NAME, "practice");
    return append(s, KIND_DEVICE, &id->device, &w);
}

enum err session_practice_day_define(struct session *s)
{
    enum err err = name_council(s);

    for (size_t i = 0; i < ARRAY_LEN(practice_forms) && !err; i++) {
        err = define_one(
            s, KIND_FORM,
            (struct bytes){ practice_forms[i].json, practice_forms[i].len });
    }
    err = err ? err
              : define_all(s, KIND_CATEGORY,
                           (struct bytes){ practice_categories,
                                           sizeof(practice_categories) - 1 },
                           "\"categories\":");
    return err ? err
               : define_all(s, KIND_AREA,
                            (struct bytes){ practice_areas,
                                            sizeof(practice_areas) - 1 },
                            "\"features\":");
}

/* --- the day --- */

struct day {
    struct session *s;
    int64_t midnight_ms; /* UTC, of this day here */
    int64_t now_ms;
    char keys[FIELDS_MAX][KEY_MAX];
    char values[FIELDS_MAX][VALUE_MAX];
    struct tablet_text_field fields[FIELDS_MAX];
    size_t count;
};

/* "09:12" of this day, or of the day before where that is yet to come. */
static bool read_time(const struct day *d, const char *text, int64_t *out)
{
    int hour, minute;
    char end;

    if (sscanf(text, "%2d:%2d%c", &hour, &minute, &end) != 2) {
        return false;
    }
    *out = d->midnight_ms + (hour * 60 + minute) * MINUTE_MS;
    *out -= *out > d->now_ms ? DAY_MS : 0;
    return true;
}

static void put(struct day *d, const char *key, const char *value)
{
    int64_t at;

    if (d->count == FIELDS_MAX || value == NULL) {
        return;
    }
    snprintf(d->keys[d->count], KEY_MAX, "%s", key);
    if (read_time(d, value, &at)) {
        snprintf(d->values[d->count], VALUE_MAX, "%" PRId64, at);
    } else {
        snprintf(d->values[d->count], VALUE_MAX, "%s", value);
    }
    d->fields[d->count] =
        (struct tablet_text_field){ d->keys[d->count], d->values[d->count] };
    d->count++;
}

/* Codes of a set are joined: "a;b". */
static void put_json(struct day *d, const struct json *value)
{
    char text[VALUE_MAX] = "";
    size_t len = 0;

    if (value->type == JSON_TEXT) {
        put(d, value->key, value->text);
        return;
    }
    if (value->type != JSON_ARRAY) {
        snprintf(text, sizeof(text), "%" PRId64, value->number);
        put(d, value->key, text);
        return;
    }
    for (const struct json *c = value->first; c != NULL; c = c->next) {
        if (c->type == JSON_TEXT && len + c->len + 2 < sizeof(text)) {
            len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
                                    len > 0 ? ";" : "", c->text);
        }
    }
    put(d, value->key, text);
}

static int32_t number_of(const struct json *step, const char *key)
{
    const struct json *value = json_get(step, key);

    return value != NULL ? (int32_t)value->number : 0;
}

static enum err play_record(struct day *d, const struct json *step)
{
    const struct json *fields = json_get(step, "fields");
    const struct body_place place = {
        .lat_e7 = number_of(step, "lat_e7"),
        .lon_e7 = number_of(step, "lon_e7"),
        .accuracy_mm = (uint32_t)number_of(step, "accuracy_m") * 1000,
        .source = PLACE_GPS,
        .is_simulated = true
    };
    struct tablet_new n = { .what = json_get_text(step, "category"),
                            .fields = d->fields,
                            .place = &place };
    struct uuid record;
    struct buf why;
    enum err err;

    d->count = 0;
    put(d, "noted", json_get_text(step, "at"));
    put(d, "place_name", json_get_text(step, "place_name"));
    put(d, "note", json_get_text(step, "text"));
    for (const struct json *f = fields != NULL ? fields->first : NULL;
         f != NULL; f = f->next) {
        put_json(d, f);
    }
    n.field_count = d->count;
    buf_init(&why, BODY_MAX_BYTES);
    err = tablet_record(d->s->tablet, &n, &record, &why);
    if (err) {
        port_log(session_port(d->s), PORT_LOG_WARN,
                 "practice: %s is left out: %s", n.what, err_text(err));
    }
    buf_fini(&why);
    return err;
}

static enum err play_step(struct day *d, const struct json *step)
{
    const char *what = json_get_text(step, "do");
    uint64_t number;

    if (what != NULL && strcmp(what, "record") == 0) {
        return play_record(d, step);
    }
    if (what != NULL && strcmp(what, "entry") == 0) {
        return tablet_entry(d->s->tablet, json_get_text(step, "text"), 0, 0,
                            &number);
    }
    return ERR_OK; /* a patrol, a check-in: the officer's own to practise */
}

static enum err play_all(struct day *d)
{
    struct port_time now;
    const struct json *root, *steps;
    struct arena arena;
    enum err err;

    session_port(d->s)->ops->now(session_port(d->s)->ctx, &now);
    d->now_ms = now.wall_ms;
    d->midnight_ms = now.wall_ms + now.utc_offset_min * MINUTE_MS;
    d->midnight_ms -= d->midnight_ms % DAY_MS + now.utc_offset_min * MINUTE_MS;
    arena_init(&arena, 4 * JSON_MAX_BYTES);
    err = json_parse((const char *)practice_day, sizeof(practice_day) - 1,
                     &arena, &root);
    steps = err ? NULL : json_get(root, "steps");
    for (const struct json *step = steps != NULL ? steps->first : NULL;
         step != NULL && !err; step = step->next) {
        err = play_step(d, step);
    }
    arena_fini(&arena);
    return err;
}

enum err session_practice_day_play(struct session *s,
                                   const struct uuid *officer)
{
    struct day *d = mem_alloc(sizeof(*d));
    enum err err = d != NULL ? tablet_sign_in(s->tablet, officer) : ERR_NOMEM;

    if (!err) {
        d->s = s;
        err = play_all(d);
    }
    mem_free(d);
    return err ? err : tablet_sign_out(s->tablet);
}
