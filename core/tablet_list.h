/*
 * tablet_list.h - what screens list: plain structs, copied out of the store,
 * without any pointer into it. Restricted records are told to their author
 * only, sealed ones as a reference without content.
 *
 * Each function calls `fn` for each row and stops early, with ERR_OK, when
 * it returns ERR_STOPPED; `fn` must not write.
 */
#ifndef CORE_TABLET_LIST_H
#define CORE_TABLET_LIST_H

#include "core/tablet.h"

#define TABLET_TEXT_SIZE 256 /* longer texts are cut at a character */
#define TABLET_CODE_SIZE 40

enum tablet_state {
    TABLET_WAITING = 1, /* made here, no receipt yet for all of it */
    TABLET_HELD,        /* made here, a receipt names it */
    TABLET_REFUSED,     /* held by the server, not applied: `reason` */
    TABLET_RECEIVED     /* made elsewhere */
};

/* What became of content that isn't here. */
enum tablet_gone {
    TABLET_HERE,
    TABLET_KEPT,  /* pruned, or never sent here: the council has it */
    TABLET_ERASED /* for good, by order of the council */
};

struct tablet_item {
    struct uuid id, parent, officer, patrol; /* zero: none */
    uint64_t kind;                           /* enum event_kind */
    int tier;                                /* core/tier.h */
    char form[TABLET_CODE_SIZE], category[TABLET_CODE_SIZE];
    char title[TABLET_TEXT_SIZE], note[TABLET_TEXT_SIZE];
    char place_name[TABLET_TEXT_SIZE]; /* both, in conflict: "one | two" */
    int64_t noted_ms, made_ms;         /* UTC; noted 0: not said */
    int utc_offset_min;                /* of local time when it was made */
    bool is_struck, has_conflict, has_newer;
    enum tablet_gone gone; /* its content isn't here any more */
    enum tablet_state state;
    char reason[TABLET_TEXT_SIZE];
    unsigned photos, photos_held;
    uint64_t hlc; /* for the next page */
};
typedef enum err (*tablet_item_fn)(void *ctx, const struct tablet_item *item);

struct tablet_filter {
    uint64_t kind;      /* 0: any that people write (up to KIND_BRIEFING) */
    struct uuid patrol; /* zero: any */
    struct uuid parent; /* zero: records that stand alone */
    const char *words;  /* all must be in it; NULL: any */
    bool with_children; /* any parent or none */
    bool only_own, only_waiting, only_conflict, only_refused;
    uint64_t before_hlc; /* older than the last of the page before; 0 */
    size_t max;
};
/* Newest first. */
MUST_USE enum err tablet_records(struct tablet *t,
                                 const struct tablet_filter *filter,
                                 tablet_item_fn fn, void *ctx);
/* How much of each kind was made here, and how much of that isn't waiting:
 * the receipts name it, or it was refused. `kinds` without repeats. */
struct tablet_tally {
    size_t made, held;
};
MUST_USE enum err tablet_tally(struct tablet *t, const uint64_t *kinds,
                               size_t count, struct tablet_tally *out);
MUST_USE enum err tablet_item(struct tablet *t, const struct uuid *record,
                              struct tablet_item *out);

/* One value of a record; `value` is CBOR, data NULL when struck, valid
 * during the call. A set has its members in ordinal 0 and no officer. */
struct tablet_field {
    uint64_t id;
    unsigned ordinal;
    bool is_conflict;
    struct bytes value;
    struct uuid officer;
    int64_t made_ms;
};
typedef enum err (*tablet_field_fn)(void *ctx, const struct tablet_field *f);
MUST_USE enum err tablet_fields(struct tablet *t, const struct uuid *record,
                                tablet_field_fn fn, void *ctx);

/* --- the book --- */

struct tablet_book_line {
    uint64_t number, amends; /* 0: corrects none */
    char text[TABLET_TEXT_SIZE];
    int64_t late_for_ms;      /* 0: made in time */
    struct tablet_item about; /* id zero: none */
    struct tablet_item entry;
};
typedef enum err (*tablet_line_fn)(void *ctx, const struct tablet_book_line *l);
/* The newest book of who is signed in, last line first, below line
 * `before` (0: from the end). */
MUST_USE enum err tablet_book_page(struct tablet *t, uint64_t before,
                                   size_t max, tablet_line_fn fn, void *ctx);

/* --- the end of the shift --- */

struct tablet_summary {
    struct uuid patrol;
    char area[TABLET_TEXT_SIZE];
    int64_t started_ms, ended_ms; /* UTC; ended 0: it runs */
    bool is_paused;
    int utc_offset_min;
    unsigned observations, notices, photos, entries;
    unsigned made, stored, waiting; /* those four, by receipts */
    unsigned drafts;
};
/* The newest patrol of who is signed in; ERR_NOT_FOUND. */
MUST_USE enum err tablet_summary(struct tablet *t, struct tablet_summary *out);

/* --- people --- */

struct tablet_person {
    struct uuid id;
    char number[TABLET_CODE_SIZE], name[TABLET_TEXT_SIZE];
    char role[TABLET_CODE_SIZE]; /* the first by name; "": none */
};
typedef enum err (*tablet_person_fn)(void *ctx, const struct tablet_person *p);
MUST_USE enum err tablet_people(struct tablet *t, tablet_person_fn fn,
                                void *ctx);

/* --- drafts: of who is signed in; data as the screen wrote it --- */

typedef enum err (*tablet_draft_fn)(void *ctx, const struct uuid *id,
                                    const char *form, struct bytes data);
MUST_USE enum err tablet_draft_put(struct tablet *t, const struct uuid *id,
                                   const char *form, struct bytes data);
MUST_USE enum err tablet_draft_drop(struct tablet *t, const struct uuid *id);
/* Last changed first. */
MUST_USE enum err tablet_drafts(struct tablet *t, tablet_draft_fn fn,
                                void *ctx);

/* Those of one form only; a form that begins with "@" is in no other list. */
MUST_USE enum err tablet_drafts_of(struct tablet *t, const char *form,
                                   tablet_draft_fn fn, void *ctx);

#endif /* CORE_TABLET_LIST_H */
