/*
 * tiny_council.h - a council in memory with a server and two tablets, real
 * keys, chains, seals and log, for tests of bundles. It writes bundles by
 * itself (not by the exporter), so that it can also write wrong ones.
 */
#ifndef TESTS_CORE_TINY_COUNCIL_H
#define TESTS_CORE_TINY_COUNCIL_H

#include "core/body.h"
#include "core/bundle.h"
#include "core/fields.h"
#include "tests/test.h"

#define TINY_EVENTS_MAX 64
#define TINY_SEALS_MAX  32
#define TINY_FILES_MAX  12

enum tiny_who { TINY_SERVER, TINY_A, TINY_B, TINY_DEVICES };

struct tiny_device {
    struct uuid device, incarnation;
    struct ec_key key;
    uint64_t count;
    struct hash link;
};

struct tiny_event {
    enum tiny_who who;
    struct event_ref ref;
    struct hash before; /* the link before it */
    struct hash header_hash;
    struct buf header, body;
    uint8_t salt[EVENT_SALT_SIZE];
    bool is_hidden;    /* not disclosed in the bundle */
    bool is_erased;    /* disclosed without its body */
    bool is_unchained; /* given back after a restore */
    size_t log;        /* 0, or 1 after a restart */
};

struct tiny_seal {
    enum tiny_who who;
    uint64_t sequence;
    struct buf seal;
    struct ec_public pub;
};

struct tiny {
    struct uuid council, log_id[2];
    struct tiny_device devices[TINY_DEVICES];
    struct tiny_event events[TINY_EVENTS_MAX]; /* by log position */
    size_t event_count;
    struct tiny_seal seals[TINY_SEALS_MAX];
    size_t seal_count;
    struct hash missing; /* one blob that had not arrived; zero: none */
    uint8_t next;        /* ids, made by counting */
    size_t log;          /* events go into it */
};

/* A council with its first event, its key and the keys of both tablets. */
void tiny_init(struct tiny *t);
void tiny_fini(struct tiny *t);
struct uuid tiny_id(struct tiny *t);

struct tiny_new {
    enum tiny_who who;
    uint64_t kind, op; /* 0: observation, create */
    struct uuid record;
    const char *form; /* NULL: none */
    struct hash blob; /* zero: none */
    struct event_ref repeats;
    uint64_t envelope; /* 0: ours */
};
/* Takes the writer's fields and frees it; the event's log position. */
size_t tiny_add(struct tiny *t, const struct tiny_new *e,
                struct body_writer *w);
/* An observation with a note; its position. */
size_t tiny_note(struct tiny *t, enum tiny_who who, const char *text);
/* GRANT or REVOKE by `by`: the key of `owner`, record `id`. */
size_t tiny_key(struct tiny *t, enum tiny_who by, uint64_t op,
                const struct uuid *id, const struct uuid *owner,
                const struct ec_public *pub);
/* The seal over all that `who` has written. */
void tiny_seal(struct tiny *t, enum tiny_who who);
/* A restored server begins its second log. */
void tiny_restart(struct tiny *t, uint64_t seen_more);
/* The same, with one thing wrong: who says it, as what, or one field that is
 * missing, of another value, or not of its type. */
struct tiny_lie {
    enum tiny_who who;
    uint64_t kind, op; /* 0: as it should be */
    uint64_t field;    /* 0: none */
    enum { TINY_MISSING, TINY_OTHER, TINY_MISTYPED } how;
};
void tiny_restart_wrong(struct tiny *t, const struct tiny_lie *lie);

struct tiny_bundle {
    struct bundle_file files[TINY_FILES_MAX];
    char names[TINY_FILES_MAX][100];
    struct buf data[TINY_FILES_MAX];
    size_t count;
};
/* All files, the manifest signed; nothing hidden is in it. */
void tiny_write(struct tiny *t, struct tiny_bundle *b);
void tiny_free(struct tiny_bundle *b);
/* By name; made when there is none. Then tiny_sign() to make it hold. */
struct buf *tiny_file(struct tiny_bundle *b, const char *name);
void tiny_sign(struct tiny *t, struct tiny_bundle *b, const struct ec_key *key);
/* The same without renewing the manifest: what a forger outside can do. */
void tiny_refresh(struct tiny_bundle *b);

/* The events as the files for people take them; `out` has room for all. */
size_t tiny_events(const struct tiny *t, struct bundle_event *out);

#endif /* TESTS_CORE_TINY_COUNCIL_H */
