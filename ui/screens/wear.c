#include "ui/screens/wear.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/kit/tr.h"

#define TEXT_MAX 512 /* bytes; an answer of the figure has 200 letters */

const struct wear wear_parts[WEAR__COUNT] = {
    [WEAR_HEAD] = { "head",
                    N_("Head"),
                    { N_("Cap"), N_("Beanie"), N_("Hood up"), N_("Hat"),
                      N_("Helmet"), N_("Bare") },
                    N_("Next: head"),
                    WEAR_HAIR,
                    true },
    [WEAR_HAIR] = { "hair",
                    N_("Face and hair"),
                    { N_("Short hair"), N_("Long hair"), N_("Beard"),
                      N_("Bald"), N_("Face covered"), N_("Not seen") },
                    N_("Next: face and hair"),
                    WEAR_UPPER,
                    true },
    [WEAR_BAG] = { "bag",
                   N_("Bag"),
                   { N_("Rucksack"), N_("Shoulder bag"), N_("Carrier bag"),
                     N_("Suitcase"), N_("No bag") },
                   N_("Next: bag"),
                   WEAR_HANDS,
                   true },
    [WEAR_UPPER] = { "upper_body",
                     N_("Upper body"),
                     { N_("Jacket"), N_("Coat"), N_("Hoodie"), N_("Shirt"),
                       N_("Top") },
                     N_("Next: upper body"),
                     WEAR_LEGS,
                     true },
    [WEAR_HANDS] = { "hands",
                     N_("Hands"),
                     { N_("Empty"), N_("Gloves"), N_("Phone"), N_("Bottle"),
                       N_("Can") },
                     N_("Next: hands"),
                     WEAR_MARKS,
                     true },
    [WEAR_MARKS] = { "marks",
                     N_("Marks"),
                     { N_("Tattoo"), N_("Scar"), N_("Glasses"), N_("Piercing"),
                       N_("None seen") },
                     N_("Next: marks"),
                     WEAR_HEAD,
                     false },
    [WEAR_LEGS] = { "legs",
                    N_("Legs"),
                    { N_("Jeans"), N_("Trousers"), N_("Joggers"), N_("Shorts"),
                      N_("Skirt") },
                    N_("Next: legs"),
                    WEAR_FEET,
                    true },
    [WEAR_FEET] = { "feet",
                    N_("Feet"),
                    { N_("Trainers"), N_("Boots"), N_("Shoes"), N_("Sandals") },
                    N_("Next: feet"),
                    WEAR_BAG,
                    true },
};

const struct wear_colour wear_colours[WEAR_COLOURS] = {
    { N_("Black"), 0x22262B }, { N_("Grey"), 0x7E8790 },
    { N_("White"), 0xFFFFFF }, { N_("Blue"), 0x24386B },
    { N_("Green"), 0x3F7A4A }, { N_("Red"), 0xA12A2A },
    { N_("Brown"), 0x6B4A2F }, { N_("Yellow"), 0xE5C63B },
};

/* Typed ones that fill the figure, too. */
static const struct wear_colour others[] = {
    { N_("Gray"), 0x7E8790 },   { N_("Navy"), 0x1F2C55 },
    { N_("Orange"), 0xD9822B }, { N_("Pink"), 0xD98CA6 },
    { N_("Purple"), 0x6A4C93 }, { N_("Beige"), 0xCDBFA3 },
    { N_("Silver"), 0xB4BAC1 }, { N_("Blond"), 0xD8B96B },
};

/* Where the whole word stands, in any case; NULL: it doesn't. */
static const char *find_word(const char *text, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = text; *at != '\0'; at++) {
        const bool begins = at == text || !isalpha((unsigned char)at[-1]);
        size_t i = 0;

        while (i < len && tolower((unsigned char)at[i]) ==
                              tolower((unsigned char)word[i])) {
            i++;
        }
        if (begins && i == len && !isalpha((unsigned char)at[len])) {
            return at;
        }
    }
    return NULL;
}

int wear_colour_in(const char *text)
{
    for (int i = 0; i < WEAR_COLOURS; i++) {
        if (find_word(text, wear_colours[i].word) != NULL) {
            return i;
        }
    }
    return -1;
}

int wear_word_in(enum wear_part part, const char *text)
{
    for (int i = 0; i < WEAR_WORDS && wear_parts[part].words[i]; i++) {
        if (find_word(text, wear_parts[part].words[i]) != NULL) {
            return i;
        }
    }
    return -1;
}

bool wear_rgb(const char *text, uint32_t *rgb_out)
{
    const int offered = wear_colour_in(text);

    if (offered >= 0) {
        *rgb_out = wear_colours[offered].rgb;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (find_word(text, others[i].word) != NULL) {
            *rgb_out = others[i].rgb;
            return true;
        }
    }
    return false;
}

/* One blank between words, none around, a capital at the start. */
static void tidy(char *text)
{
    size_t n = 0;

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] != ' ' || (n > 0 && text[n - 1] != ' ')) {
            text[n++] = text[i];
        }
    }
    n -= n > 0 && text[n - 1] == ' ' ? 1 : 0;
    text[n] = '\0';
    text[0] = (char)toupper((unsigned char)text[0]);
}

/* `was` becomes `now`; NULL: there is none. A new one goes to the front or
 * to the end. What would not fit whole leaves `text` as it is. */
static void swap_word(char *text, size_t size, const char *was, const char *now,
                      bool at_front)
{
    const char *at = was != NULL ? find_word(text, was) : NULL;
    const size_t head = at != NULL ? (size_t)(at - text)
                        : at_front ? 0
                                   : strlen(text);
    const char *tail = text + head + (at != NULL ? strlen(was) : 0);
    char out[TEXT_MAX];
    size_t first;
    int n;

    n = snprintf(out, sizeof(out), "%.*s %s %s", (int)head, text,
                 now != NULL ? now : "", tail);
    if (n < 0 || (size_t)n >= sizeof(out) || (size_t)n >= size) {
        return;
    }
    first = head + 1; /* of `now`: small inside the words */
    out[first] = (char)tolower((unsigned char)out[first]);
    if (at == NULL && at_front && now != NULL && tail[0] != '\0') {
        const size_t next = first + strlen(now) + 1;

        out[next] = (char)tolower((unsigned char)out[next]);
    }
    tidy(out);
    snprintf(text, size, "%s", out);
}

void wear_put_colour(char *text, size_t size, int which)
{
    const int was = wear_colour_in(text);

    swap_word(text, size, was >= 0 ? wear_colours[was].word : NULL,
              was != which ? wear_colours[which].word : NULL, true);
}

void wear_put_word(char *text, size_t size, enum wear_part part, int which)
{
    const struct wear *w = &wear_parts[part];
    const int was = wear_word_in(part, text);

    swap_word(text, size, was >= 0 ? w->words[was] : NULL,
              was != which ? w->words[which] : NULL, false);
}

/* --- said in the reader's language --- */

/* The longest of our words at the start of `at`, 0: none. A colour is
 * offered or known, a word is of any part of the figure. */
static size_t known_at(const char *at, const char **colour, const char **word)
{
    const char *found = NULL;
    bool is_colour = false;

    for (size_t i = 0; i < WEAR_COLOURS + ARRAY_LEN(others); i++) {
        const char *c = i < WEAR_COLOURS ? wear_colours[i].word
                                         : others[i - WEAR_COLOURS].word;

        if (find_word(at, c) == at) {
            found = c;
            is_colour = true;
        }
    }
    for (int p = 0; p < WEAR__COUNT; p++) {
        for (int i = 0; i < WEAR_WORDS && wear_parts[p].words[i]; i++) {
            const char *w = wear_parts[p].words[i];

            if (find_word(at, w) == at &&
                (found == NULL || strlen(w) > strlen(found))) {
                found = w;
                is_colour = false;
            }
        }
    }
    if (found == NULL || *(is_colour ? colour : word) != NULL) {
        return 0;
    }
    *(is_colour ? colour : word) = found;
    return strlen(found);
}

const char *wear_say(struct ui *ui, const char *text)
{
    const char *colour = NULL;
    const char *word = NULL;
    const char *at = text;

    if (strncmp(ui->list.lang, "en", 2) == 0) {
        return ui_iso(ui, text);
    }
    while (*at != '\0') {
        const size_t len = known_at(at, &colour, &word);

        if (len == 0) {
            return ui_iso(ui, text); /* somebody's own words */
        }
        at += len;
        at += *at == ' ';
    }
    return colour == NULL ? word != NULL ? tr(word) : ""
           : word == NULL ? tr(colour)
                          : ui_fmt(ui, tr("%s, %s"), tr(word), tr(colour));
}
