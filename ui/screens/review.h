/*
 * review.h - parts of the page on which a team leader reviews one patrol
 * log (draw_review.c). Each draws from the top of `r` and returns its
 * height.
 */
#ifndef UI_SCREENS_REVIEW_H
#define UI_SCREENS_REVIEW_H

#include "ui/app.h"
#include "ui/kit/paint.h"

/* A check that the machine made went wrong: approving needs a reason. */
bool review_is_wrong(const struct view_review_log *v);
/* Questions that were written and not sent. */
int review_drafts(const struct view_review_log *v);

/* The map with the places of the entries, as high as `r`. */
void review_map(struct ui *ui, struct rect r, const struct view_review_log *v,
                const struct app *app);
int review_checks(struct ui *ui, struct rect r, const struct views *v);
/* The entries in order, questions below them, who signed the book. */
int review_entries(struct ui *ui, struct rect r, const struct views *v);
/* A sheet: one entry with its words, photos and history. */
void review_entry_sheet(struct ui *ui, const struct app *app, int at);
const char *review_title(struct ui *ui, const struct view_log_entry *e);

#endif /* UI_SCREENS_REVIEW_H */
