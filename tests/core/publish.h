/*
 * publish.h - a definition (form, category, area) put into a tablet's log, as
 * if the council had sent it.
 */
#ifndef TESTS_CORE_PUBLISH_H
#define TESTS_CORE_PUBLISH_H

#include <string.h>

#include "core/fields.h"
#include "core/tablet.h"
#include "tests/store_machine.h"

/* Its record is made of `id`, so that publishing it again changes it. */
static inline void publish_definition(struct tablet *t, enum event_kind kind,
                                      const char *id, const char *json)
{
    struct evlog_new e = { .kind = kind, .kind_version = 1, .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    e.record = machine_record(0);
    memcpy(e.record.bytes + 1, id, strlen(id) < 15 ? strlen(id) : 15);
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, id);
    body_put_text(&w, DEFINITION_JSON, json);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

#endif /* TESTS_CORE_PUBLISH_H */
