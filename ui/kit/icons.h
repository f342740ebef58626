/*
 * icons.h - the design's line icons, drawn by Cairo from icons.def.
 */
#ifndef UI_KIT_ICONS_H
#define UI_KIT_ICONS_H

#include <cairo.h>
#include <stdbool.h>

#define ICON(NAME, name, mirrors, shapes) ICON_##NAME,
enum icon {
    ICON_NONE,
#include "ui/kit/icons.def"
    ICON_MARK, /* the Beatbook mark: own colours, at least 32 dp */
    ICON__COUNT
};
#undef ICON

/* True for icons that point along the reading direction. */
bool icon_mirrors(enum icon icon);

/* The icon with this name in the design, or ICON_NONE. */
enum icon icon_find(const char *name);

/*
 * Draws into the square of `size` at (x, y) with the current source; the
 * mark uses `back` and `front` (0xRRGGBB) instead.
 */
void icon_draw(cairo_t *cr, enum icon icon, double x, double y, double size);
void icon_draw_mark(cairo_t *cr, double x, double y, double size, unsigned back,
                    unsigned front);

#endif /* UI_KIT_ICONS_H */
