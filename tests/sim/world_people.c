/* world_people.c - what people do on a tablet: record, edit, strike, attach. */
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/limits.h"
#include "tests/sim/world.h"

/* One save, with everything that it takes apart freed by the caller. */
struct save {
    struct evlog_new e;
    struct buf body;
    struct hash blob;
    uint64_t token;
};

static void put_note(struct save *s)
{
    struct body_writer w;
    char text[48];

    snprintf(text, sizeof(text), "fact-%016llx", (unsigned long long)s->token);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    if (body_end(&w, &s->body)) {
        s->body.len = 0;
    }
    body_fini(&w);
    s->e.body = buf_bytes(&s->body);
}

/* A blob of the tablet's own, as the camera would leave it. */
static bool put_blob(struct world *w, struct world_tablet *t, struct save *s)
{
    const struct port *port = sim_port(t->machine);
    uint8_t bytes[3000];
    size_t len = 1 + (size_t)sim_random_below(&w->random, sizeof(bytes));
    enum err err;

    sim_random_fill(&w->random, bytes, len);
    crypto_sha256((struct bytes){ bytes, len }, &s->blob);
    err = port->ops->part_write(port->ctx, &s->blob, 0,
                                (struct bytes){ bytes, len });
    err = err ? err : port->ops->part_commit(port->ctx, &s->blob, &s->blob);
    s->e.blobs = &s->blob;
    s->e.blob_count = 1;
    return !err;
}

/* A record of somebody's to change, or a new one. */
static void choose_record(struct world *w, struct save *s)
{
    if (w->fact_count > 0 && sim_random_chance(&w->random, 400)) {
        size_t i = (size_t)sim_random_below(&w->random, w->fact_count);

        s->e.record = w->facts[i].record;
        s->e.op = sim_random_chance(&w->random, 100) ? OP_STRIKE : OP_SET;
        return;
    }
    sim_random_fill(&w->random, s->e.record.bytes, 16);
    s->e.op = OP_CREATE;
}

static void remember(struct world *w, unsigned i, const struct save *s)
{
    struct world_fact *f = &w->facts[w->fact_count++];

    f->record = s->e.record;
    f->token = s->token;
    f->tablet = i;
    f->is_refused = s->e.kind == KIND_OFFICER;
    f->may_be_lost = false;
}

void world_act(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct save s;
    enum err err;

    if (t->store == NULL || w->fact_count == WORLD_FACTS_MAX) {
        return;
    }
    memset(&s, 0, sizeof(s));
    buf_init(&s.body, BODY_MAX_BYTES);
    s.token = sim_random_next(&w->random);
    s.e.officer = t->officer;
    s.e.kind = KIND_OBSERVATION;
    s.e.kind_version = 1;
    choose_record(w, &s);
    if (sim_random_chance(&w->random, 30)) {
        s.e.kind = KIND_OFFICER; /* not for tablets to say */
        s.e.op = OP_CREATE;
        sim_random_fill(&w->random, s.e.record.bytes, 16);
        w->fired[WORLD_REFUSED]++;
    }
    put_note(&s);
    if (!sim_random_chance(&w->random, 150) || put_blob(w, t, &s)) {
        err = evlog_append(t->log, &s.e, 1, NULL);
        world_trace(w, "record", i, (uint64_t)err);
        if (!err) {
            remember(w, i, &s);
            w->operations++;
        }
    }
    buf_fini(&s.body);
}
