/* fuzz_photo.c - any bytes as a picture: no crash in what the jailed child
 * does with them; a derivative is within its size. */
#include <stdlib.h>

#include "core/limits.h"
#include "platform/linux/photo_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_small(const struct photo_pixels *p, int orientation)
{
    struct buf jpeg;

    buf_init(&jpeg, PHOTO_SMALL_MAX_BYTES);
    if (photo_small(p, orientation, &jpeg) == ERR_OK) {
        ASSERT(photo_type(buf_bytes(&jpeg)) == PHOTO_JPEG);
    }
    buf_fini(&jpeg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes in = { data, size };
    struct photo_facts facts = { .orientation = 1 };
    struct photo_pixels pixels = { 0 };
    const enum photo_type type = photo_type(in);

    photo_exif(in, &facts);
    ASSERT(facts.orientation >= 1 && facts.orientation <= 8);
    if (type == PHOTO_OTHER) {
        return 0;
    }
    if ((type == PHOTO_JPEG ? photo_jpeg(in, &pixels)
                            : photo_png(in, &pixels)) == ERR_OK) {
        ASSERT(pixels.data != NULL);
        try_small(&pixels, facts.orientation);
    }
    free(pixels.data);
    return 0;
}
