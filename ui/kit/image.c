#include "ui/kit/image.h"

#include <stdlib.h>
#include <string.h>

enum err image_new(const uint8_t *pixels, int width, int height, int stride,
                   struct image **image_out)
{
    static uint32_t serials; /* made on the UI thread only */
    struct image *image;

    if (width < 1 || height < 1 || stride < width * 4) {
        return ERR_BAD_DATA;
    }
    if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX) {
        return ERR_TOO_LONG;
    }
    image = calloc(1, sizeof(*image));
    if (image == NULL) {
        return ERR_NOMEM;
    }
    image->stride = width * 4;
    image->pixels = malloc((size_t)image->stride * (size_t)height);
    if (image->pixels == NULL) {
        free(image);
        return ERR_NOMEM;
    }
    for (int y = 0; y < height; y++) {
        memcpy(image->pixels + (size_t)y * (size_t)image->stride,
               pixels + (size_t)y * (size_t)stride, (size_t)image->stride);
    }
    image->width = width;
    image->height = height;
    image->serial = ++serials;
    *image_out = image;
    return ERR_OK;
}

void image_free(struct image *image)
{
    if (image == NULL) {
        return;
    }
    free(image->pixels);
    free(image);
}
