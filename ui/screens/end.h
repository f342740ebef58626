/*
 * end.h - parts of the end-of-shift sheet (end.c). Each draws from the
 * top of `r` and returns its height.
 */
#ifndef UI_SCREENS_END_H
#define UI_SCREENS_END_H

#include "ui/app.h"
#include "ui/kit/paint.h"

#define END_REASONS 5 /* the last only without any position */
extern const char *const end_codes[END_REASONS];

/* Two columns, and a word beside the buttons? */
bool end_is_wide(const struct ui *ui, struct rect main);
extern const char *const end_minutes_note; /* English: tr() it */
/* Minutes in each hotspot: a bar, low to high, the goal; the note, where it
 * has no room beside the buttons. */
int end_hotspots(struct ui *ui, struct rect r, const struct view_end *e,
                 bool has_note);
/* Hotspots without a visit that nobody gave a reason for. */
int end_missed_count(const struct view_end *e);
/* "Abbey Close: no visit. What got in the way?"; `chosen` -1: none, is_asked:
 * the patrol can't be closed before one is. */
int end_reasons(struct ui *ui, struct rect r, const struct view_end *e,
                int chosen, bool is_asked);
/* The way, how long it was, gaps. */
int end_way(struct ui *ui, struct rect r, const struct app *app);
/* What the server holds, drafts, the notebook, battery and space. */
int end_list(struct ui *ui, struct rect r, const struct views *v);

#endif /* UI_SCREENS_END_H */
