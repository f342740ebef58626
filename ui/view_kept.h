/*
 * view_kept.h - what is typed into a sheet and not sent yet: kept at each
 * letter as a form's answers are, so that a kill loses the last one at most.
 */
#ifndef UI_VIEW_KEPT_H
#define UI_VIEW_KEPT_H

#include "core/base.h"

enum kept_kind {
    KEPT_AMEND,    /* of entry `about`: wrong, right, reason, by '\n' */
    KEPT_BRIEFING, /* a question about the briefing `about` */
    KEPT_ASK,      /* a question about the record `about` */
    KEPT_CONFLICT, /* words in place of both: one for each question of the
                      record `about` */
    KEPT__COUNT = KEPT_CONFLICT + 8
};

struct view_kept_one {
    char about[64]; /* "": nothing is kept */
    char text[1024];
};

/* One of each kind, of who is signed in. */
struct view_kept {
    struct view_kept_one of[KEPT__COUNT];
};

/* What is kept of that kind about that; "" where it is about another. */
const char *view_kept_text(const struct view_kept *v, enum kept_kind kind,
                           const char *about);

#endif /* UI_VIEW_KEPT_H */
