/*
 * image.h - decoded pixels that a screen may show; decoding happens
 * elsewhere, in a process without rights.
 */
#ifndef UI_KIT_IMAGE_H
#define UI_KIT_IMAGE_H

#include <stdint.h>

#include "core/base.h"

/* Premultiplied BGRA, as Cairo has it on a little-endian machine. */
struct image {
    int width;
    int height;
    int stride;      /* bytes between rows */
    uint32_t serial; /* different for other pixels */
    uint8_t *pixels; /* owned; from mem_alloc */
    bool is_opaque;  /* alpha is not looked at: quicker to draw */
};

/* A larger picture is scaled down before it comes here. */
#define IMAGE_SIDE_MAX 4096

/* A copy of `pixels`; ERR_TOO_LONG beyond IMAGE_SIDE_MAX. */
MUST_USE enum err image_new(const uint8_t *pixels, int width, int height,
                            int stride, struct image **image_out);
/* Takes `pixels` over, opaque rows of width * 4 bytes from mem_alloc; frees
 * them when it fails. */
MUST_USE enum err image_take(uint8_t *pixels, int width, int height,
                             struct image **image_out);
void image_free(struct image *image); /* NULL is allowed */

#endif /* UI_KIT_IMAGE_H */
