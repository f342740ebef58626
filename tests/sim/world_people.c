/* world_people.c - what people do on a tablet: record, edit, strike, attach. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/limits.h"
#include "core/store_internal.h"
#include "sync-server/session.h"
#include "tests/sim/world.h"

#define BLOB_MANY_PIECES (3 * BLOB_PART_MAX_BYTES)
#define NEWER_FIELD      60000
#define NEWER_OP         199

/* One save, with everything that it takes apart freed by the caller. */
struct save {
    struct evlog_new e;
    struct buf body;
    struct hash blob;
    uint64_t token;
    size_t base_count;
    uint16_t bases[WORLD_BASES_MAX];
    struct hash photo[2]; /* with its small picture */
    bool is_photo;
    bool is_closed; /* restricted */
    bool is_newer;  /* a field, maybe an operation that nobody knows yet */
};

static void find_fact(const struct world *w, struct save *s, uint64_t token)
{
    for (size_t i = 0; token != 0 && i < w->fact_count; i++) {
        if (w->facts[i].token == token) {
            s->bases[s->base_count++] = (uint16_t)i;
            return;
        }
    }
}

/* The values of the note that this tablet shows: what the officer sees and
 * replaces. */
static size_t see(struct world *w, const struct world_tablet *t, struct save *s,
                  struct event_ref out[WORLD_BASES_MAX])
{
    static const char sql[] = "SELECT i.incarnation, e.sequence, e.body"
                              " FROM record r JOIN field f ON f.record = r.id"
                              " JOIN event e ON e.id = f.event"
                              " JOIN incarnation i ON i.id = e.incarnation"
                              " WHERE r.record = ?1 AND f.field = ?2";
    sqlite3_stmt *st = NULL;
    size_t count = 0;

    if (store_statement(t->store, sql, &st)) {
        return 0; /* a disk that fails: nothing is seen */
    }
    sqlite3_bind_blob(st, 1, s->e.record.bytes, 16, SQLITE_STATIC);
    sqlite3_bind_int(st, 2, FIELD_NOTE);
    while (count < WORLD_BASES_MAX && sqlite3_step(st) == SQLITE_ROW) {
        const struct bytes body = { sqlite3_column_blob(st, 2),
                                    (size_t)sqlite3_column_bytes(st, 2) };

        memcpy(out[count].incarnation.bytes, sqlite3_column_blob(st, 0), 16);
        out[count++].sequence = (uint64_t)sqlite3_column_int64(st, 1);
        find_fact(w, s, world_token(body));
    }
    sqlite3_reset(st);
    return count;
}

static void put_note(struct world *world, struct world_tablet *t,
                     struct save *s)
{
    struct event_ref seen[WORLD_BASES_MAX];
    struct body_writer w;
    char text[48];
    size_t count = 0;

    snprintf(text, sizeof(text), "fact-%016llx", (unsigned long long)s->token);
    if (s->e.op != OP_CREATE) {
        count = see(world, t, s, seen);
    }
    body_begin(&w);
    w.kind = s->is_closed ? KIND_OBSERVATION : 0;
    body_put_text(&w, FIELD_NOTE, text);
    if (s->is_photo) {
        world_put_photo(&w, s->photo);
    }
    if (s->is_newer) {
        body_put_text(&w, NEWER_FIELD, "of a later version");
    }
    if (count > 0) {
        body_put_base(&w, FIELD_NOTE, &evlog_identity(t->log)->incarnation,
                      seen, count);
    }
    if (body_end(&w, &s->body) ||
        (s->is_closed && world_close_body(t, &s->e.record, &s->body))) {
        s->body.len = 0;
    }
    body_fini(&w);
    s->e.body = buf_bytes(&s->body);
}

/* A blob of the tablet's own, as the camera would leave it. */
static bool put_blob(struct world *w, struct world_tablet *t, struct save *s)
{
    /* Small ones, and now and then one of several pieces. */
    size_t limit = world_below(w, 100) == 0 ? BLOB_MANY_PIECES : 3000;
    const size_t len = 1 + (size_t)world_below(w, limit);

    s->e.blobs = &s->blob;
    s->e.blob_count = 1;
    return !world_put_file(t, &w->random, len, &s->blob);
}

/* A photo's two files; without them there is no photo. */
static void put_photo(struct world *w, struct world_tablet *t, struct save *s)
{
    s->is_photo = world_take_photo(w, t, s->photo);
    if (s->is_photo) {
        s->e.kind = KIND_PHOTO;
        s->e.blobs = s->photo;
        s->e.blob_count = ARRAY_LEN(s->photo);
        s->blob = s->photo[0];
    }
}

/* A record of somebody's to change, or a new one. */
static void choose_record(struct world *w, struct save *s)
{
    if (w->fact_count > 0 && sim_random_chance(&w->random, 400)) {
        const struct world_fact *f = &w->facts[world_below(w, w->fact_count)];
        uint64_t draw = world_below(w, 10);

        /* One not shown to everybody, or a picture: another new one. */
        if (!f->is_closed && !f->is_photo) {
            s->e.record = f->record;
            s->e.op = draw == 0 ? OP_STRIKE : draw == 1 ? OP_RESOLVE : OP_SET;
            return;
        }
    }
    sim_random_fill(&w->random, s->e.record.bytes, 16);
    s->e.op = OP_CREATE;
}

static void remember(struct world *w, unsigned i, const struct save *s,
                     const struct event_ref *ref)
{
    struct world_fact *f = &w->facts[w->fact_count++];

    f->record = s->e.record;
    f->ref = *ref;
    f->token = s->token;
    f->tablet = i;
    if (s->e.blob_count > 0) {
        f->blob = s->blob;
    }
    f->is_refused = s->e.kind == KIND_OFFICER;
    f->is_closed = s->is_closed;
    f->is_photo = s->is_photo;
    f->may_be_lost = false;
    f->is_strike = s->e.op == OP_STRIKE;
    f->is_silent = s->e.op == (enum event_op)NEWER_OP;
    f->base_count = s->base_count;
    memcpy(f->bases, s->bases, sizeof(f->bases));
    f->is_first = true;
    for (size_t k = 0; k + 1 < w->fact_count && f->is_first; k++) {
        f->is_first = !uuid_eq(&w->facts[k].record, &f->record);
    }
}

void world_act(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct event_ref ref = { .sequence = 0 };
    uint64_t counter = sim_port_counter(t->machine);
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
    if (world_strikes(w, WORLD_REFUSED)) {
        s.e.kind = KIND_OFFICER; /* not for tablets to say */
        s.e.op = OP_CREATE;
        sim_random_fill(&w->random, s.e.record.bytes, 16);
    }
    if (s.e.kind == KIND_OBSERVATION && world_strikes(w, WORLD_NEWER)) {
        s.is_newer = true;
        s.e.kind_version = 2;
        if (world_below(w, 3) == 0) {
            s.e.op = (enum event_op)NEWER_OP;
        }
    }
    if (s.e.kind == KIND_OBSERVATION && s.e.op == OP_CREATE && !s.is_newer &&
        world_strikes(w, WORLD_CLOSED)) {
        s.is_closed = true;
        s.e.kind = KIND_RESTRICTED;
    }
    if (s.e.kind == KIND_OBSERVATION && s.e.op == OP_CREATE && !s.is_newer &&
        world_strikes(w, WORLD_PHOTO)) {
        put_photo(w, t, &s);
    }
    put_note(w, t, &s);
    if (s.is_closed && s.body.len == 0) {
        buf_fini(&s.body); /* without its key nothing is written */
        return;
    }
    if (s.is_photo || !sim_random_chance(&w->random, 150) ||
        put_blob(w, t, &s)) {
        err = evlog_append(t->log, &s.e, 1, &ref);
        world_trace(w, "record", i, (uint64_t)err);
        remember(w, i, &s, &ref);
        if (err) { /* the disk may have kept what it didn't confirm */
            w->facts[w->fact_count - 1].may_be_lost = true;
        } else {
            w->facts[w->fact_count - 1].is_saved = true;
            w->facts[w->fact_count - 1].is_counted =
                sim_port_counter(t->machine) > counter;
            w->operations++;
            t->wake_ms = 0;
        }
    }
    buf_fini(&s.body);
}

/* A console client: whoever is on the desk looks at the records. */
void world_look(struct world *w)
{
    struct service_request *in = calloc(1, sizeof(*in));
    struct service_response out;
    char cookie[SESSION_TOKEN];

    WORLD_ASSERT(w, in != NULL);
    if (w->service != NULL &&
        !session_begin(service_council(w->service), &w->tablets[0].officer,
                       NULL, cookie)) {
        in->listener = LISTENER_WEB;
        in->method = METHOD_GET;
        snprintf(in->path, sizeof(in->path), "/records");
        snprintf(in->cookie, sizeof(in->cookie), SESSION_COOKIE "=%s", cookie);
        service_handle(w->service, in, &out);
        world_trace(w, "looked", (uint64_t)out.status, 0);
        w->operations += out.status == 200;
        buf_fini(&out.body);
    }
    free(in);
}
