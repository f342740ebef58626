/*
 * form_page.h - a form and what was answered of it as the page that the
 * screen shows. Knows no store and no thread: tests use it as it is.
 */
#ifndef UI_WORKER_FORM_PAGE_H
#define UI_WORKER_FORM_PAGE_H

#include "core/category.h"
#include "core/form_check.h"
#include "ui/view.h"
#include "ui/worker/form_draft.h"

struct form_page {
    const struct form *form; /* of this page */
    const struct form_draft *draft;
    const char *path; /* "": the observation; or "persons.2" */
    /* When `path` is a row of a group: that group, which has no form. */
    const struct form_field *group;
    enum category_tier tier;
    bool is_first;     /* see form_desk_now */
    int64_t now_ms;    /* local */
    int64_t offset_ms; /* local is UTC and this */
    /* The form of a child, in the draft's version; NULL: not here. */
    const struct form *(*child)(void *ctx, const char *id);
    void *ctx;
};

/*
 * Fills all of `v` but opened and checked. `problems` NULL: nothing was
 * checked. ERR_NOMEM; ERR_TOO_LONG when it is more than a page can hold.
 */
MUST_USE enum err form_page_fill(const struct form_page *p,
                                 const struct form_problems *problems,
                                 struct view_form *v);

/* What is wrong with the page's own answers; ERR_NOMEM only. */
MUST_USE enum err form_page_check(const struct form_page *p,
                                  struct form_problems *out);

/* True when nothing is wrong with any row of `field`. */
MUST_USE enum err form_page_check_rows(const struct form_page *p,
                                       const struct form_field *field,
                                       bool *is_whole_out);

/*
 * All of it, for Save: the page's problems, and as FORM_CONSTRAINT without
 * a message each field with a row that isn't whole.
 */
MUST_USE enum err form_page_check_all(const struct form_page *p,
                                      struct form_problems *out);

#endif /* UI_WORKER_FORM_PAGE_H */
