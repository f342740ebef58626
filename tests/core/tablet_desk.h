/*
 * tablet_desk.h - a tablet on a virtual machine, with some of our own forms
 * and categories published, for tests of what an officer does.
 */
#ifndef TESTS_CORE_TABLET_DESK_H
#define TESTS_CORE_TABLET_DESK_H

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "core/fields.h"
#include "core/tablet.h"
#include "tests/core/publish.h"
#include "tests/store_machine.h"

/* A tablet on a virtual machine, with some of our own forms published. */
struct desk {
    struct machine m;
    struct tablet *t;
    struct uuid officer;
    struct buf why;
};

static inline char *read_asset(const char *name)
{
    char path[300];
    char *text = malloc(1000000);
    FILE *file;

    assert_non_null(text);
    snprintf(path, sizeof(path), "%s/assets/%s", SOURCE_DIR, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, 999999, file)] = '\0';
    fclose(file);
    return text;
}

static inline void publish_form(struct desk *d, const char *id)
{
    char name[100];
    char *json;

    snprintf(name, sizeof(name), "forms/%s.json", id);
    json = read_asset(name);
    publish_definition(d->t, KIND_FORM, id, json);
    free(json);
}

static inline void reopen(struct desk *d)
{
    const struct tablet_options options = { .store = machine_options(&d->m),
                                            .port = sim_port(d->m.sim) };

    tablet_close(d->t);
    assert_ok(tablet_open(&options, &d->t));
}

static inline void desk_new(struct desk *d, uint64_t seed)
{
    memset(d, 0, sizeof(*d));
    machine_new(&d->m, seed);
    machine_close(&d->m);
    reopen(d);
    buf_init(&d->why, 1000);
    memset(d->officer.bytes, 0x44, 16);
    publish_form(d, "asb");
    publish_form(d, "hate");
    publish_form(d, "prevent_concern");
    publish_form(d, "person");
    publish_form(d, "vehicle");
    publish_form(d, "police_uk_import");
    publish_definition(d->t, KIND_CATEGORY, "ASB",
                       "{\"id\":\"ASB\",\"label\":\"ASB\",\"tier\":\"open\","
                       "\"marking\":\"OFFICIAL\",\"form\":\"asb\"}");
    publish_definition(
        d->t, KIND_CATEGORY, "HAT",
        "{\"id\":\"HAT\",\"label\":\"Hate\",\"tier\":\"restricted\","
        "\"marking\":\"OFFICIAL-SENSITIVE\",\"form\":\"hate\"}");
    publish_definition(
        d->t, KIND_CATEGORY, "PRV",
        "{\"id\":\"PRV\",\"label\":\"Prevent\",\"tier\":\"sealed\","
        "\"marking\":\"OFFICIAL-SENSITIVE\",\"form\":\"prevent_concern\"}");
}

static inline void desk_free(struct desk *d)
{
    tablet_close(d->t);
    buf_fini(&d->why);
    machine_free(&d->m);
}

static inline int64_t ask(struct desk *d, const char *sql)
{
    sqlite3_stmt *st;
    int64_t answer = -1;

    assert_int_equal(
        sqlite3_prepare_v2(store_db(tablet_store(d->t)), sql, -1, &st, NULL),
        SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW) {
        answer = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return answer;
}

static inline enum err record(struct desk *d, const char *what,
                              const struct tablet_text_field *fields,
                              size_t count, struct uuid *out)
{
    const struct tablet_new n = { .what = what,
                                  .fields = fields,
                                  .field_count = count };

    return tablet_record(d->t, &n, out, &d->why);
}

/* One entry of which `w` is the body, a second after the last; ends `w`. */
static inline void desk_append(struct desk *d, struct evlog_new *e,
                               struct body_writer *w)
{
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &body));
    e->kind_version = 1;
    e->body = buf_bytes(&body);
    d->m.world_ms += 1000;
    assert_ok(evlog_append(tablet_log(d->t), e, 1, NULL));
    body_fini(w);
    buf_fini(&body);
}

#endif /* TESTS_CORE_TABLET_DESK_H */
