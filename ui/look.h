/*
 * look.h - what is on the screen, in words: for scripts and tests.
 */
#ifndef UI_LOOK_H
#define UI_LOOK_H

#include <stdio.h>

#include "ui/nav.h"

/* Is `text` part of a text that is drawn? Isolates do not count. */
bool look_has(const struct nav *nav, const char *text);

/* Screen, texts and controls, one a line. */
void look_print(const struct nav *nav, FILE *out);

#endif /* UI_LOOK_H */
