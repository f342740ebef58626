#include "ui/kit/image.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* The worker makes images, and so does the UI thread. */
static uint32_t next_serial(void)
{
    static atomic_uint serials;

    return atomic_fetch_add(&serials, 1) + 1;
}

enum err image_take(uint8_t *pixels, int width, int height,
                    struct image **image_out)
{
    struct image *image = calloc(1, sizeof(*image));

    if (image == NULL) {
        mem_free(pixels);
        return ERR_NOMEM;
    }
    image->stride = width * 4;
    image->pixels = pixels;
    image->width = width;
    image->height = height;
    image->serial = next_serial();
    image->is_opaque = true;
    *image_out = image;
    return ERR_OK;
}

enum err image_new(const uint8_t *pixels, int width, int height, int stride,
                   struct image **image_out)
{
    uint8_t *copy;
    enum err err;

    if (width < 1 || height < 1 || stride < width * 4) {
        return ERR_BAD_DATA;
    }
    if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX) {
        return ERR_TOO_LONG;
    }
    copy = mem_array((size_t)height, (size_t)width * 4);
    if (copy == NULL) {
        return ERR_NOMEM;
    }
    for (int y = 0; y < height; y++) {
        memcpy(copy + (size_t)y * (size_t)width * 4,
               pixels + (size_t)y * (size_t)stride, (size_t)width * 4);
    }
    err = image_take(copy, width, height, image_out);
    if (!err) {
        (*image_out)->is_opaque = false;
    }
    return err;
}

void image_free(struct image *image)
{
    if (image == NULL) {
        return;
    }
    mem_free(image->pixels);
    free(image);
}
