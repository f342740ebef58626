/*
 * cue.h - a short tone and a shake for what just happened: saved, refused,
 * SOS being held. Both can be off; where there is no device, there is none.
 */
#ifndef UI_CUE_H
#define UI_CUE_H

#include "ui/view.h"

enum cue { CUE_NONE, CUE_DONE, CUE_REFUSED, CUE_HOLD, CUE_CALLED };

/* What is felt and heard when this was told. */
enum cue cue_of_told(const struct view_told *told);
/* While SOS is held, each quarter of the time; `before` and `now` in
 * thousandths of it. */
enum cue cue_of_hold(int before, int now);

struct cues;

/* Opens nothing yet; sound is off unless asked for. NULL: no memory, and
 * every call below does nothing. */
struct cues *cue_new(bool has_sound, bool has_shake);
void cue_free(struct cues *c);

void cue_play(struct cues *c, enum cue cue);
/* Closes what is over; ms until it wants to be called again, -1: never. */
int cue_rest(struct cues *c);

#endif /* UI_CUE_H */
