/* brief_json.c - briefings and tasks out of a file: see brief.h. */
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "sync-server/brief.h"

struct reading {
    struct council *c;
    const struct uuid *officer;
    struct buf *text; /* what is wrong */
    size_t briefs, tasks;
};

/* One line: no control characters. A section may have line ends. */
static enum err take(struct reading *r, const struct json *o, const char *key,
                     char *out, size_t size)
{
    const struct json *value = json_get(o, key);

    out[0] = '\0';
    if (value == NULL || value->type == JSON_NULL) {
        return ERR_OK;
    }
    if (value->type != JSON_TEXT || value->len >= size) {
        buf_printf(r->text, "\"%s\" is no text of less than %zu bytes.", key,
                   size);
        return ERR_BAD_DATA;
    }
    for (size_t i = 0; i < value->len; i++) {
        const uint8_t byte = (uint8_t)value->text[i];

        if ((byte < ' ' && (byte != '\n' || size < BRIEF_LONG_SIZE)) ||
            byte == 0x7f) {
            buf_printf(r->text, "\"%s\" holds a control character.", key);
            return ERR_BAD_DATA;
        }
    }
    memcpy(out, value->text, value->len + 1);
    return ERR_OK;
}

static enum err take_time(struct reading *r, const struct json *o,
                          const char *key, int64_t *out)
{
    const char *text = json_get_text(o, key);

    if (text == NULL) {
        return ERR_OK;
    }
    if (brief_time_parse(r->c, text, out)) {
        buf_printf(r->text,
                   "\"%s\" is no date like 2026-10-23 or "
                   "2026-10-23T15:00.",
                   key);
        return ERR_BAD_DATA;
    }
    return ERR_OK;
}

static bool is_true(const struct json *o, const char *key)
{
    const struct json *value = json_get(o, key);

    return value != NULL && value->type == JSON_BOOL && value->number == 1;
}

static enum err one_brief(struct reading *r, const struct json *o)
{
    struct brief b = { .officer = *r->officer };
    struct uuid id;
    enum err err = take(r, o, "title", b.title, sizeof(b.title));

    err = err ? err : take(r, o, "text", b.text, sizeof(b.text));
    err = err ? err : take(r, o, "why_here", b.why, sizeof(b.why));
    err = err ? err : take(r, o, "what_to_do", b.to_do, sizeof(b.to_do));
    err =
        err ? err : take(r, o, "look_out_for", b.look_for, sizeof(b.look_for));
    err = err ? err : take(r, o, "place", b.place_name, sizeof(b.place_name));
    err = err ? err : take(r, o, "area", b.area, sizeof(b.area));
    err = err ? err : take(r, o, "marking", b.marking, sizeof(b.marking));
    err = err ? err : take_time(r, o, "ends", &b.ends_ms);
    b.must_read = is_true(o, "must_read");
    err = err ? err : brief_put(r->c, &b, &id);
    if (err == ERR_USAGE) {
        buf_put_text(r->text, "A briefing needs a title and a text.");
    }
    r->briefs += !err;
    return err;
}

static enum err take_officers(struct reading *r, const struct json *o,
                              struct brief_task *t)
{
    const struct json *list = json_get(o, "for");
    const struct json *at =
        list != NULL && list->type == JSON_ARRAY ? list->first : NULL;

    for (; at != NULL; at = at->next) {
        if (at->type != JSON_TEXT || at->len >= BRIEF_CODE_SIZE ||
            t->officer_count == BRIEF_FOR_MAX) {
            buf_printf(r->text, "\"for\" holds up to %d officers' numbers.",
                       BRIEF_FOR_MAX);
            return ERR_BAD_DATA;
        }
        memcpy(t->officers[t->officer_count++], at->text, at->len + 1);
    }
    return ERR_OK;
}

static enum err take_sort(struct reading *r, const struct json *o,
                          struct brief_task *t)
{
    static const char *const words[] = { "check-in", "hotspot", "other" };
    const char *word = json_get_text(o, "kind");

    t->sort = t->goal_min > 0 ? TASK_SORT_HOTSPOT : TASK_SORT_OTHER;
    for (size_t i = 0; word != NULL && i < ARRAY_LEN(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            t->sort = (enum task_sort)(i + TASK_SORT_CHECK_IN);
            return ERR_OK;
        }
    }
    if (word != NULL) {
        buf_put_text(r->text, "\"kind\" is check-in, hotspot or other.");
        return ERR_BAD_DATA;
    }
    return ERR_OK;
}

static enum err one_task(struct reading *r, const struct json *o)
{
    struct brief_task t = { .officer = *r->officer };
    const struct json *goal = json_get(o, "goal_minutes");
    struct uuid id;
    enum err err = take(r, o, "title", t.title, sizeof(t.title));

    err = err ? err : take(r, o, "text", t.text, sizeof(t.text));
    err = err ? err : take(r, o, "place", t.place_name, sizeof(t.place_name));
    err = err ? err : take(r, o, "area", t.area, sizeof(t.area));
    err = err ? err : take_time(r, o, "due", &t.due_ms);
    err = err ? err : take_officers(r, o, &t);
    if (goal != NULL && goal->type == JSON_INT && goal->number > 0 &&
        goal->number <= 24 * 60) {
        t.goal_min = (int)goal->number;
    }
    t.is_urgent = is_true(o, "urgent");
    err = err ? err : take_sort(r, o, &t);
    err = err ? err : brief_task_put(r->c, &t, &id);
    if (err == ERR_USAGE) {
        buf_put_text(r->text, "A task needs a title and a time.");
    }
    r->tasks += !err;
    return err;
}

static enum err one(struct reading *r, const struct json *o)
{
    if (o->type != JSON_OBJECT) {
        buf_put_text(r->text, "It is no briefing and no task.");
        return ERR_BAD_DATA;
    }
    return json_get(o, "due") != NULL ? one_task(r, o) : one_brief(r, o);
}

enum err brief_import(struct council *c, struct bytes json,
                      const struct uuid *officer, struct buf *text)
{
    struct reading r = { .c = c, .officer = officer, .text = text };
    const struct json *root = NULL;
    struct arena arena;
    enum err err;

    arena_init(&arena, 4 * JSON_MAX_BYTES);
    err = json_parse((const char *)json.data, json.len, &arena, &root);
    if (err) {
        buf_put_text(text, "The file is no JSON.");
    } else if (root->type != JSON_ARRAY) {
        err = one(&r, root);
    } else {
        for (const struct json *o = root->first; o != NULL && !err;
             o = o->next) {
            err = one(&r, o);
        }
    }
    arena_fini(&arena);
    if (!err) {
        buf_printf(text,
                   "%zu briefings and %zu tasks go out with the next "
                   "sync of each tablet",
                   r.briefs, r.tasks);
    }
    return err;
}
