/*
 * path.h - SVG path text into Cairo's current path.
 *
 * Knows M L H V C S A Z and their relative forms: all that the icons use.
 */
#ifndef UI_KIT_PATH_H
#define UI_KIT_PATH_H

#include <cairo.h>
#include <stddef.h>

#define PI 3.14159265358979323846 /* C11 has no M_PI */

/* Adds the path of `len` bytes; stops at the first thing it cannot read. */
void path_add(cairo_t *cr, const char *text, size_t len);

/* Up to `max` numbers separated by blanks or commas; how many were read. */
int path_numbers(const char *text, size_t len, double *out, int max);

#endif /* UI_KIT_PATH_H */
