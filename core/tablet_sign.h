/*
 * tablet_sign.h - signing by hand: an officer signs the lines of the book
 * off and the end of a patrol, a team leader countersigns. What binds is the
 * officer key's COSE_Sign; the drawing is what a reader knows it by.
 */
#ifndef CORE_TABLET_SIGN_H
#define CORE_TABLET_SIGN_H

#include "core/strokes.h"
#include "core/tablet_list.h"

/* What the hand gave: one of ink, name, why. */
struct tablet_signing {
    const struct strokes *ink; /* NULL: not drawn */
    const char *name;          /* typed in its place; "" */
    const char *why;           /* neither: "would-not", "cannot"; "" */
    const struct ec_key *key;  /* of who is signed in; NULL: none here */
};

/* Every line of the officer's open book up to now. ERR_NOT_FOUND without a
 * line that isn't signed, ERR_USAGE when the hand gave nothing. */
MUST_USE enum err tablet_sign_lines(struct tablet *t,
                                    const struct tablet_signing *s);
/* A leader read the lines up to `to` of somebody's book. ERR_DENIED: the own
 * one, or no leader; ERR_NOT_FOUND: no such book. */
MUST_USE enum err tablet_countersign(struct tablet *t, const struct uuid *book,
                                     uint64_t to,
                                     const struct tablet_signing *s);

struct tablet_signed {
    bool is_leader; /* countersigned */
    uint64_t to;    /* the last line that it covers */
    struct uuid officer;
    char by[TABLET_TEXT_SIZE];
    int64_t at_ms;
    char name[TABLET_TEXT_SIZE], why[TABLET_CODE_SIZE];
    bool has_key; /* the officer key signed, too */
    bool has_ink;
    struct strokes ink;
};
typedef enum err (*tablet_signed_fn)(void *ctx, const struct tablet_signed *s);
/* Of a book or a patrol, as they were made. */
MUST_USE enum err tablet_signs(struct tablet *t, const struct uuid *record,
                               tablet_signed_fn fn, void *ctx);

/* The newest book of who is signed in here; ERR_NOT_FOUND. */
MUST_USE enum err tablet_own_book(struct tablet *t, struct uuid *out);

#endif /* CORE_TABLET_SIGN_H */
