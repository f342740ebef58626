/* scene_check.c - after the fault: was every promise kept, on both sides? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/merkle.h"
#include "sync-server/ledger.h"
#include "tests/torture/scene_parts.h"

#define RECORDS_MAX 64

struct check {
    struct scene *s;
    bool is_broken;
    struct merkle tree;
    uint64_t base;
    /* observations that the server has at first hand */
    struct uuid records[RECORDS_MAX];
    size_t record_count;
    struct hash blobs[RECORDS_MAX];
    size_t blob_count;
};

static void broken(struct check *c, const char *what, const char *more)
{
    if (!c->is_broken) {
        char had[SCENE_WHY_MAX];

        snprintf(had, sizeof(had), "%s", c->s->why);
        snprintf(c->s->why, sizeof(c->s->why), "%.90s: %.60s%s%.40s", what,
                 more, had[0] != '\0' ? "; " : "", had);
        c->is_broken = true;
    }
}

static void finding(void *ctx, const char *what)
{
    broken(ctx, "the tablet's fsck", what);
}

/* --- the council --- */

static void note_event(struct check *c, const struct sdb_event *e,
                       const struct event_header *h)
{
    for (size_t i = 0; i < h->blob_count && c->blob_count < RECORDS_MAX; i++) {
        c->blobs[c->blob_count++] = h->blobs[i];
    }
    if (e->kind != KIND_OBSERVATION || e->op != OP_CREATE ||
        h->former.count > 0) {
        return;
    }
    for (size_t i = 0; i < c->record_count; i++) {
        if (uuid_eq(&c->records[i], &e->record)) {
            broken(c, "an observation is on the server twice", "");
        }
    }
    if (c->record_count < RECORDS_MAX) {
        c->records[c->record_count++] = e->record;
    }
}

static enum err see_event(void *ctx, const struct sdb_event *e)
{
    struct check *c = ctx;
    struct event_header h;
    struct hash hash;
    enum err err = event_header_parse(e->header, &h);

    if (err)
        return err;
    crypto_sha256(e->header, &hash);
    if (!hash_eq(&hash, &e->header_hash)) {
        broken(c, "a header is not the one that was logged", "");
    }
    if (e->body.data == NULL || e->salt.len != EVENT_SALT_SIZE) {
        broken(c, "an event on the server has no body", "");
        return ERR_OK;
    }
    event_commit(e->salt.data, e->body, &hash);
    if (!hash_eq(&hash, &h.commitment)) {
        broken(c, "a body on the server is another", "");
    }
    note_event(c, e, &h);
    return e->position < c->base
               ? ERR_OK
               : merkle_append(&c->tree,
                               (struct bytes){ e->header_hash.bytes, 32 }, NULL,
                               NULL);
}

static void check_log(struct check *c, struct sdb *db)
{
    struct sdb_log log;
    struct hash want, have;
    enum err err = sdb_log_current(db, &log);

    merkle_init(&c->tree);
    c->base = log.base;
    err = err ? err : sdb_event_all(db, 0, see_event, c);
    err = err ? err : ledger_root_at(db, &log, log.size, &have);
    if (err) {
        broken(c, "the server's log", err_text(err));
        return;
    }
    merkle_root(&c->tree, &want);
    if (c->tree.size != log.size || !hash_eq(&want, &have)) {
        broken(c, "the server's log is not that of its events", "");
    }
}

/* Each photo is held, and its bytes are those that its name says. */
static void check_blob(struct check *c, struct sdb *db, const struct hash *name)
{
    const struct port *port = sim_port(c->s->council.sim);
    static uint8_t bytes[8192];
    struct sdb_blob row;
    struct hash hash;
    size_t got;

    if (sdb_blob_get(db, name, &row) || !row.is_held) {
        broken(c, "a photo is not held by the server", "");
        return;
    }
    if (port->ops->blob_read(port->ctx, name, 0, bytes, sizeof(bytes), &got)) {
        broken(c, "a photo's file is gone", "");
        return;
    }
    crypto_sha256((struct bytes){ bytes, got }, &hash);
    if (got != row.size || !hash_eq(&hash, name)) {
        broken(c, "a photo's bytes are others", "");
    }
}

static void check_council(struct check *c)
{
    struct sdb *db = service_council(c->s->service)->db;

    check_log(c, db);
    for (size_t i = 0; i < c->blob_count; i++) {
        check_blob(c, db, &c->blobs[i]);
    }
    for (size_t i = 0; i < c->s->ack_count; i++) {
        size_t n = 0;

        while (n < c->record_count &&
               !uuid_eq(&c->records[n], &c->s->acks[i])) {
            n++;
        }
        if (n == c->record_count) {
            broken(c, "an acknowledged observation is not on the server", "");
        }
    }
}

/* --- the tablet --- */

struct seek {
    const struct uuid *record;
    bool is_found;
};

static enum err see_own(void *ctx, const struct evlog_event *e)
{
    struct seek *seek = ctx;
    struct event_header h;
    enum err err = event_header_parse(e->header, &h);

    if (!err && h.kind == KIND_OBSERVATION &&
        uuid_eq(&h.record, seek->record) && e->body.data != NULL) {
        seek->is_found = true;
    }
    return err;
}

static void check_tablet(struct check *c)
{
    enum err err = store_fsck(tablet_store(c->s->t), finding, c);

    if (err) {
        broken(c, "the tablet's fsck", err_text(err));
    }
    for (size_t i = 0; i < c->s->ack_count; i++) {
        struct seek seek = { &c->s->acks[i], false };

        if (evlog_all(tablet_log(c->s->t), see_own, &seek) || !seek.is_found) {
            broken(c, "an acknowledged observation is not on the tablet", "");
        }
    }
}

/* --- the journey again --- */

static enum err enrol_again(struct check *c)
{
    struct scene *s = c->s;
    enum err err = scene_enrol(s);

    if (err == ERR_REFUSED) {
        /* The code was used and the tablet lost its keys: a new one. */
        scene_new_code(s, service_council(s->service));
        err = scene_enrol(s);
    }
    return err;
}

static void go_on(struct check *c, enum scene_journey j)
{
    struct scene *s = c->s;
    enum err err = ERR_OK;

    s->why[0] = '\0';
    if (s->t == NULL && s->is_enrolled) {
        broken(c, "the enrolment is lost", "");
        return;
    }
    if (s->t == NULL) {
        err = enrol_again(c);
    }
    if (err) {
        broken(c, "it cannot be enrolled again", err_text(err));
        return;
    }
    if (j != SCENE_ENROL && s->ack_count == 0) {
        err = scene_record(s);
        if (err) {
            broken(c, "it cannot be saved again", err_text(err));
            return;
        }
    }
    err = scene_sync(s);
    if (err) {
        broken(c, "it does not sync", err_text(err));
    }
}

/* What the tablet has receipts for is there. */
static enum err see_chain(void *ctx, const struct evlog_chain *chain)
{
    struct check *c = ctx;
    struct sdb *db = service_council(c->s->service)->db;
    struct sdb_incarnation row = { .held = 0 };
    enum err err = sdb_incarnation_get(db, &chain->incarnation, &row);

    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    if (row.held < chain->acked) {
        broken(c, "acknowledged entries are not on the server", "");
    }
    return ERR_OK;
}

const char *scene_look(struct scene *s)
{
    struct check *c = calloc(1, sizeof(*c));
    enum err err = scene_restart(s);
    bool is_broken;

    ASSERT(c != NULL);
    c->s = s;
    s->why[0] = '\0';
    if (err) {
        broken(c, "it does not start again", err_text(err));
    } else if (s->t == NULL && s->is_enrolled) {
        broken(c, "the enrolment is lost", "");
    } else if (s->t != NULL) {
        check_tablet(c);
        err = evlog_chains(tablet_log(s->t), see_chain, c);
        if (err) {
            broken(c, "chains", err_text(err));
        }
    }
    if (!c->is_broken) {
        check_log(c, service_council(s->service)->db);
    }
    is_broken = c->is_broken;
    free(c);
    return is_broken ? s->why : NULL;
}

const char *scene_check(struct scene *s, enum scene_journey j)
{
    struct check *c = calloc(1, sizeof(*c));
    enum err err;
    bool is_broken;

    ASSERT(c != NULL);
    c->s = s;
    if (strcmp(s->why, "a cut request was taken") == 0) {
        c->is_broken = true;
    }
    err = scene_restart(s);
    if (err) {
        broken(c, "it does not start again", err_text(err));
    }
    if (!c->is_broken && s->t != NULL) {
        check_tablet(c);
    }
    if (!c->is_broken) {
        go_on(c, j);
    }
    if (!c->is_broken) {
        check_tablet(c);
        check_council(c);
    }
    is_broken = c->is_broken;
    free(c);
    return is_broken ? s->why : NULL;
}
