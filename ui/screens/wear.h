/*
 * wear.h - what somebody wears, in one touch: the parts of the figure, words
 * and colours for each, and how they go into the words of its answer.
 *
 * The answer stays text in English, as typed words are: the council reads
 * it. A touch swaps one word and leaves the rest of what was written. What
 * is of our words only is shown in the reader's language.
 */
#ifndef UI_SCREENS_WEAR_H
#define UI_SCREENS_WEAR_H

#include <stddef.h>
#include <stdint.h>

#include "ui/kit/paint.h"

#define WEAR_WORDS   6
#define WEAR_COLOURS 8 /* offered; more are known, see wear_rgb */

enum wear_part {
    WEAR_HEAD,
    WEAR_HAIR,
    WEAR_BAG,
    WEAR_UPPER,
    WEAR_HANDS,
    WEAR_MARKS,
    WEAR_LEGS,
    WEAR_FEET,
    WEAR__COUNT
};

struct wear {
    const char *key;               /* of its question in assets/forms */
    const char *label;             /* short; English: tr() it */
    const char *words[WEAR_WORDS]; /* English: tr() to show; NULL: no more */
    const char *next_words;        /* "Next: legs" leads here; tr() it */
    enum wear_part next;           /* which follows, down the figure */
    bool has_colours;
};
extern const struct wear wear_parts[WEAR__COUNT];

struct wear_colour {
    const char *word; /* English: tr() it */
    uint32_t rgb;
};
extern const struct wear_colour wear_colours[WEAR_COLOURS];

/* The one that `text` names, or -1. */
int wear_colour_in(const char *text);
int wear_word_in(enum wear_part part, const char *text);
/* The colour that `text` names, of all that are known. */
bool wear_rgb(const char *text, uint32_t *rgb_out);

/* Puts colour or word `which` into `text` in the place of the one that is
 * there; takes it out when it is that one. `size` of the array. */
void wear_put_colour(char *text, size_t size, int which);
void wear_put_word(char *text, size_t size, enum wear_part part, int which);

/* An answer as it is shown: "Black jacket" in the reader's language where
 * all of it is words of ours, else as somebody wrote it. */
const char *wear_say(struct ui *ui, const char *text);

#endif /* UI_SCREENS_WEAR_H */
