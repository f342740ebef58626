/*
 * render.h - the draw list into pixels by Cairo. No SDL here, so tests and
 * tools can look at a screen without a window.
 */
#ifndef UI_KIT_RENDER_H
#define UI_KIT_RENDER_H

#include "ui/kit/draw.h"

struct render;

/* A surface of width x height pixels. */
MUST_USE enum err render_new(int width, int height, struct render **out);
void render_free(struct render *r); /* NULL is allowed */

/* Pixels of 100 dp; 100 at first. Edges fall on whole pixels at any scale. */
void render_set_scale(struct render *r, int percent);
/* The pixels that a box of dp touches. */
struct rect render_cover(const struct render *r, struct rect dp);

/* Paints what of `list` lies in `damage`, both in dp. */
void render_paint(struct render *r, struct text_engine *engine,
                  const struct draw_list *list, struct rect damage);

/* XRGB pixels, valid until render_free. */
const uint8_t *render_pixels(const struct render *r, int *stride_out);

/* Writes a PNG. */
MUST_USE enum err render_save(const struct render *r, const char *path);

#endif /* UI_KIT_RENDER_H */
