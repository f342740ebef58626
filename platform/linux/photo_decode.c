#include "platform/linux/photo_decode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "core/base.h"
#include "core/limits.h"

enum photo_type photo_type(struct bytes in)
{
    static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n' };

    if (in.len > 3 && memcmp(in.data, "\xff\xd8\xff", 3) == 0) {
        return PHOTO_JPEG;
    }
    if (in.len > sizeof(png) && memcmp(in.data, png, sizeof(png)) == 0) {
        return PHOTO_PNG;
    }
    return PHOTO_OTHER;
}

/* --- JPEG --- */

struct jpeg_failure {
    struct jpeg_error_mgr mgr; /* first: libjpeg hands this back */
    jmp_buf jump;
};

static void jpeg_fail(j_common_ptr info)
{
    longjmp(((struct jpeg_failure *)(void *)info->err)->jump, 1);
}

static void jpeg_quiet(j_common_ptr info)
{
    (void)info;
}

static void jpeg_init(struct jpeg_failure *f)
{
    jpeg_std_error(&f->mgr);
    f->mgr.error_exit = jpeg_fail;
    f->mgr.output_message = jpeg_quiet;
}

static uint32_t longer(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Header and scale; the decoder's own small transforms save most work. */
static bool jpeg_begin(struct jpeg_decompress_struct *jpeg, struct bytes in,
                       uint32_t side, struct photo_pixels *out)
{
    jpeg_mem_src(jpeg, in.data, (unsigned long)in.len);
    jpeg_read_header(jpeg, TRUE);
    out->full_width = jpeg->image_width;
    out->full_height = jpeg->image_height;
    if ((uint64_t)jpeg->image_width * jpeg->image_height > PHOTO_PIXELS_MAX) {
        return false;
    }
    jpeg->out_color_space = JCS_RGB;
    jpeg->scale_num = 1;
    jpeg->scale_denom = 1;
    while (jpeg->scale_denom < 8 &&
           longer(jpeg->image_width, jpeg->image_height) /
                   (jpeg->scale_denom * 2) >=
               side) {
        jpeg->scale_denom *= 2;
    }
    jpeg_start_decompress(jpeg);
    out->width = jpeg->output_width;
    out->height = jpeg->output_height;
    out->data = malloc((size_t)out->width * out->height * 3);
    return out->data != NULL;
}

enum err photo_jpeg_for(struct bytes in, uint32_t side,
                        struct photo_pixels *out)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_failure failure;
    volatile enum err err = ERR_BAD_DATA;

    memset(out, 0, sizeof(*out));
    jpeg.err = &failure.mgr;
    jpeg_init(&failure);
    if (setjmp(failure.jump) == 0) {
        jpeg_create_decompress(&jpeg);
        if (jpeg_begin(&jpeg, in, side, out)) {
            while (jpeg.output_scanline < jpeg.output_height) {
                JSAMPROW row =
                    out->data + (size_t)jpeg.output_scanline * out->width * 3;

                jpeg_read_scanlines(&jpeg, &row, 1);
            }
            err = ERR_OK;
        }
        out->warnings = (unsigned)failure.mgr.num_warnings;
    }
    jpeg_destroy_decompress(&jpeg);
    if (err) {
        free(out->data);
        out->data = NULL;
    }
    return err;
}

enum err photo_jpeg(struct bytes in, struct photo_pixels *out)
{
    return photo_jpeg_for(in, PHOTO_SMALL_PX, out);
}

/* --- PNG --- */

enum err photo_png(struct bytes in, struct photo_pixels *out)
{
    png_image png = { .version = PNG_IMAGE_VERSION };
    const png_color white = { 255, 255, 255 };
    enum err err = ERR_BAD_DATA;

    memset(out, 0, sizeof(*out));
    if (png_image_begin_read_from_memory(&png, in.data, in.len)) {
        out->full_width = out->width = png.width;
        out->full_height = out->height = png.height;
        png.format = PNG_FORMAT_RGB;
        if ((uint64_t)png.width * png.height <= PHOTO_PNG_PIXELS_MAX) {
            out->data = malloc(PNG_IMAGE_SIZE(png));
        }
        if (out->data &&
            png_image_finish_read(&png, &white, out->data, 0, NULL)) {
            err = ERR_OK;
        }
    }
    png_image_free(&png);
    if (err) {
        free(out->data);
        out->data = NULL;
    }
    return err;
}

/* --- the small one --- */

/* Mean of the source's pixels that fall on each of the target's. */
static void shrink(const struct photo_pixels *in, struct photo_pixels *out)
{
    for (uint32_t y = 0; y < out->height; y++) {
        const uint32_t y0 = (uint32_t)((uint64_t)y * in->height / out->height);
        const uint32_t y1 =
            (uint32_t)((uint64_t)(y + 1) * in->height / out->height);

        for (uint32_t x = 0; x < out->width; x++) {
            const uint32_t x0 =
                (uint32_t)((uint64_t)x * in->width / out->width);
            const uint32_t x1 =
                (uint32_t)((uint64_t)(x + 1) * in->width / out->width);
            uint32_t sum[3] = { 0 }, n = 0;

            for (uint32_t v = y0; v < y1; v++) {
                const uint8_t *p = in->data + ((size_t)v * in->width + x0) * 3;

                for (uint32_t u = x0; u < x1; u++, p += 3, n++) {
                    sum[0] += p[0];
                    sum[1] += p[1];
                    sum[2] += p[2];
                }
            }
            ASSERT(n > 0);
            for (int c = 0; c < 3; c++) {
                out->data[((size_t)y * out->width + x) * 3 + (size_t)c] =
                    (uint8_t)(sum[c] / n);
            }
        }
    }
}

/* EXIF orientation: where pixel (x, y) of the upright picture lies. */
static const uint8_t *turned(const struct photo_pixels *p, int orientation,
                             uint32_t x, uint32_t y)
{
    const uint32_t right = p->width - 1, bottom = p->height - 1;
    const uint32_t at[9][2] = { { 0, 0 },          { x, y },
                                { right - x, y },  { right - x, bottom - y },
                                { x, bottom - y }, { y, x },
                                { y, bottom - x }, { right - y, bottom - x },
                                { right - y, x } };

    return p->data +
           ((size_t)at[orientation][1] * p->width + at[orientation][0]) * 3;
}

static void write_rows(struct jpeg_compress_struct *jpeg,
                       const struct photo_pixels *p, int orientation)
{
    uint8_t row[PHOTO_LARGE_PX * 3];
    JSAMPROW rows[1] = { row };

    while (jpeg->next_scanline < jpeg->image_height) {
        for (uint32_t x = 0; x < jpeg->image_width; x++) {
            memcpy(row + x * 3, turned(p, orientation, x, jpeg->next_scanline),
                   3);
        }
        jpeg_write_scanlines(jpeg, rows, 1);
    }
}

static enum err compress(const struct photo_pixels *p, int orientation,
                         int quality, struct buf *out)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_failure failure;
    unsigned char *volatile data = NULL;
    unsigned long len = 0;
    volatile enum err err = ERR_NOMEM;

    jpeg.err = &failure.mgr;
    jpeg_init(&failure);
    if (setjmp(failure.jump) == 0) {
        const bool is_sideways = orientation >= 5;

        jpeg_create_compress(&jpeg);
        jpeg_mem_dest(&jpeg, (unsigned char **)(uintptr_t)&data, &len);
        jpeg.image_width = is_sideways ? p->height : p->width;
        jpeg.image_height = is_sideways ? p->width : p->height;
        jpeg.input_components = 3;
        jpeg.in_color_space = JCS_RGB;
        jpeg_set_defaults(&jpeg);
        jpeg_set_quality(&jpeg, quality, TRUE);
        jpeg_start_compress(&jpeg, TRUE);
        write_rows(&jpeg, p, orientation);
        jpeg_finish_compress(&jpeg);
        buf_put(out, data, len);
        err = out->err;
    }
    jpeg_destroy_compress(&jpeg);
    free(data);
    return err;
}

/* `in`, no longer than `side`; `out` has its own pixels. */
static enum err scaled(const struct photo_pixels *in, uint32_t side,
                       struct photo_pixels *out)
{
    const uint32_t is = longer(in->width, in->height);

    *out = *in;
    if (is > side) {
        out->width = (uint32_t)((uint64_t)in->width * side / is);
        out->height = (uint32_t)((uint64_t)in->height * side / is);
        out->width = out->width ? out->width : 1;
        out->height = out->height ? out->height : 1;
    }
    out->data = malloc((size_t)out->width * out->height * 3);
    if (out->data == NULL) {
        return ERR_NOMEM;
    }
    shrink(in, out);
    return ERR_OK;
}

enum err photo_small(const struct photo_pixels *in, int orientation,
                     struct buf *out)
{
    struct photo_pixels p;
    enum err err;

    ASSERT(orientation >= 1);
    ASSERT(orientation <= 8);
    err = scaled(in, PHOTO_SMALL_PX, &p);
    if (!err) {
        err = compress(&p, orientation, PHOTO_SMALL_QUALITY, out);
        free(p.data);
    }
    return err;
}

enum err photo_large(const struct photo_pixels *in, int orientation,
                     struct photo_pixels *out)
{
    struct photo_pixels p;
    enum err err;

    ASSERT(orientation >= 1);
    ASSERT(orientation <= 8);
    err = scaled(in, PHOTO_LARGE_PX, &p);
    if (err)
        return err;
    *out = p;
    out->width = orientation >= 5 ? p.height : p.width;
    out->height = orientation >= 5 ? p.width : p.height;
    out->data = malloc((size_t)p.width * p.height * 3);
    if (out->data == NULL) {
        free(p.data);
        return ERR_NOMEM;
    }
    for (uint32_t y = 0; y < out->height; y++) {
        for (uint32_t x = 0; x < out->width; x++) {
            memcpy(out->data + ((size_t)y * out->width + x) * 3,
                   turned(&p, orientation, x, y), 3);
        }
    }
    free(p.data);
    return ERR_OK;
}

enum err photo_encode(const struct photo_pixels *in, struct buf *out)
{
    ASSERT(longer(in->width, in->height) <= PHOTO_LARGE_PX);
    return compress(in, 1, PHOTO_LARGE_QUALITY, out);
}
