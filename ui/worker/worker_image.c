#include "ui/worker/worker_image.h"

#include <stdlib.h>

#include "core/mem.h"
#include "platform/linux/photo_decode.h"

/* RGB rows to the renderer's premultiplied BGRA. */
enum err worker_post_rgb(struct bridge *bridge, uint32_t id, const uint8_t *rgb,
                         uint32_t width, uint32_t height)
{
    const size_t count = (size_t)width * height;
    uint8_t *out = mem_array(count, 4);
    enum err err;

    if (out == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        out[4 * i] = rgb[3 * i + 2];
        out[4 * i + 1] = rgb[3 * i + 1];
        out[4 * i + 2] = rgb[3 * i];
        out[4 * i + 3] = 255;
    }
    err = bridge_post_image(bridge, id, out, (int)width, (int)height,
                            (int)width * 4);
    mem_free(out);
    return err;
}

enum err worker_post_image(struct bridge *bridge, uint32_t id,
                           struct bytes small)
{
    struct photo_pixels pixels = { .data = NULL };
    enum err err;

    if (small.len == 0) {
        return ERR_BAD_DATA;
    }
    err = photo_jpeg(small, &pixels);
    if (!err) {
        err = worker_post_rgb(bridge, id, pixels.data, pixels.width,
                              pixels.height);
    }
    free(pixels.data);
    return err;
}
