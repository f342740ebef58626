/*
 * form_desk.h - the one form that is open: its draft, the page of it that
 * is shown, and what a touch does to it. Knows no store: forms come from
 * whoever has them, so the worker and the tests share it.
 */
#ifndef UI_WORKER_FORM_DESK_H
#define UI_WORKER_FORM_DESK_H

#include "ui/app.h"
#include "ui/worker/form_page.h"

struct form_desk {
    struct form_draft draft;
    char form[FORM_ID_MAX + 1];
    char path[VIEW_KEY_SIZE]; /* of the page */
    /* The form in the version that the draft was begun with; 0: the newest.
     * NULL: not here. */
    const struct form *(*find)(void *ctx, const char *id, uint32_t version);
    void *ctx;
};

/* A new draft when `kept` is empty or no draft of `kind`; else as it was
 * left. ERR_NOT_FOUND: the form isn't here. */
MUST_USE enum err form_desk_open(struct form_desk *d, const char *kind,
                                 const char *form, struct bytes kept);
void form_desk_close(struct form_desk *d); /* may be called twice */

/* CMD_PUT_FIELD, CMD_SIGN_FIELD, CMD_OPEN_ROW, CMD_DROP_ROW. */
MUST_USE enum err form_desk_handle(struct form_desk *d,
                                   const struct command *cmd,
                                   int64_t offset_ms);

/* When and in which tier: what a page needs beside the draft. */
struct form_desk_now {
    enum category_tier tier;
    bool is_first;  /* goes to the council at once when it is saved */
    int64_t now_ms; /* local */
    int64_t offset_ms;
};
/* The page that is open. */
MUST_USE enum err form_desk_show(struct form_desk *d,
                                 const struct form_desk_now *now,
                                 struct view_form *v);
/* True when the whole can be saved; else the page says what is wrong, and
 * it is the observation's. */
MUST_USE enum err form_desk_check(struct form_desk *d,
                                  const struct form_desk_now *now,
                                  struct view_form *v, bool *is_whole_out);

/* Category, time, place and note, as the parts of every log show them. */
void form_desk_put_draft(const struct form_desk *d, int64_t offset_ms,
                         struct draft *out);

#endif /* UI_WORKER_FORM_DESK_H */
