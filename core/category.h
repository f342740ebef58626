/*
 * category.h - what an observation is about: assets/categories.json, or one
 * definition out of it as a CATEGORY event carries it.
 */
#ifndef CORE_CATEGORY_H
#define CORE_CATEGORY_H

#include "core/base.h"

/* Who may read its records (core/PROTOCOL.md). */
enum category_tier {
    CATEGORY_OPEN = 1,
    CATEGORY_RESTRICTED = 2,
    CATEGORY_SEALED = 3
};

struct category {
    const char *id;
    const char *parent;      /* id of its group; NULL for a group */
    const char *label;       /* msgid */
    const char *short_label; /* msgid for a small tile; the label if none */
    const char *definition;  /* msgid; "" when none */
    const char *owner;       /* who deals with it; "" when not known */
    const char *marking;     /* "OFFICIAL", "OFFICIAL-SENSITIVE" */
    const char *form;        /* id */
    enum category_tier tier;
    uint32_t priority; /* 1 urgent .. 5 record only; 0: none set */
    bool is_public;    /* may be picked at a kiosk */
    bool is_retired;   /* to read old records, not for new ones */
    bool is_to_be_confirmed;
};

struct category_list {
    const struct category *list; /* in the order of the file */
    size_t count;
};

/*
 * ERR_BAD_DATA: not of this shape, an id twice, a parent that isn't before
 * its children. ERR_NEWER: a tier that this version can't keep.
 */
MUST_USE enum err category_list_parse(const char *json, size_t len,
                                      struct category_list **out);
void category_list_free(struct category_list *all); /* NULL is allowed */

/* NULL when there is none of that id. */
const struct category *category_find(const struct category_list *all,
                                     const char *id);

#endif /* CORE_CATEGORY_H */
