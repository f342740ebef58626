/*
 * photo_child.c - the program beatbook-photo: a picture on standard input,
 * facts and a small derivative on standard output; with the argument
 * "large", a large one as plain pixels. It first takes in all bytes, then
 * gives up every right, and only then looks at them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "platform/linux/photo_decode.h"

static enum err read_all(struct buf *out)
{
    uint8_t piece[16384];
    ssize_t got;

    do {
        got = read(STDIN_FILENO, piece, sizeof(piece));
        if (got > 0) {
            buf_put(out, piece, (size_t)got);
        }
    } while ((got > 0 || (got < 0 && errno == EINTR)) && !out->err);
    return got < 0 ? ERR_IO : out->err;
}

static enum err write_all(const struct buf *b)
{
    size_t done = 0;

    while (done < b->len) {
        ssize_t put = write(STDOUT_FILENO, b->data + done, b->len - done);

        if (put < 0 && errno != EINTR) {
            return ERR_IO;
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return b->err;
}

static void put_facts(struct buf *out, const struct photo_facts *f,
                      const struct photo_pixels *p)
{
    cbor_put_map(out, 3u + f->has_time + f->has_offset + 2u * f->has_place);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, (uint64_t)f->orientation);
    cbor_put_uint(out, 2);
    cbor_put_uint(out, p->full_width);
    cbor_put_uint(out, 3);
    cbor_put_uint(out, p->full_height);
    if (f->has_time) {
        cbor_put_uint(out, 4);
        cbor_put_int(out, f->local_ms);
    }
    if (f->has_offset) {
        cbor_put_uint(out, 5);
        cbor_put_int(out, f->offset_min);
    }
    if (f->has_place) {
        cbor_put_uint(out, 6);
        cbor_put_int(out, f->lat_e7);
        cbor_put_uint(out, 7);
        cbor_put_int(out, f->lon_e7);
    }
}

static enum err put_small(struct buf *out, const struct photo_pixels *p,
                          int orientation)
{
    struct buf jpeg;
    enum err err;

    buf_init(&jpeg, PHOTO_SMALL_MAX_BYTES);
    err = photo_small(p, orientation, &jpeg);
    if (!err) {
        cbor_put_map(out, 2);
        cbor_put_uint(out, 1);
        cbor_put_bytes(out, jpeg.data, jpeg.len);
        cbor_put_uint(out, 2);
        cbor_put_uint(out, p->warnings);
    }
    buf_fini(&jpeg);
    return err;
}

static enum err put_large(struct buf *out, const struct photo_pixels *p,
                          int orientation)
{
    struct photo_pixels large;
    enum err err = photo_large(p, orientation, &large);

    if (!err) {
        cbor_put_map(out, 3);
        cbor_put_uint(out, 1);
        cbor_put_uint(out, large.width);
        cbor_put_uint(out, 2);
        cbor_put_uint(out, large.height);
        cbor_put_uint(out, 3);
        cbor_put_bytes(out, large.data, (size_t)large.width * large.height * 3);
        free(large.data);
    }
    return err;
}

static enum err decode(struct bytes in, uint32_t side,
                       struct photo_facts *facts, struct photo_pixels *pixels)
{
    if (photo_type(in) != PHOTO_JPEG) {
        return photo_png(in, pixels);
    }
    photo_exif(in, facts);
    return photo_jpeg_for(in, side, pixels);
}

int main(int argc, char **argv)
{
    const bool is_large = argc == 2 && strcmp(argv[1], "large") == 0;
    struct photo_facts facts = { .orientation = 1 };
    struct photo_pixels pixels = { 0 };
    struct buf in, out;
    enum err err;

    buf_init(&in, BLOB_MAX_BYTES);
    buf_init(&out,
             (is_large ? PHOTO_LARGE_MAX_BYTES : PHOTO_SMALL_MAX_BYTES) + 1024);
    if (photo_jail_limits() || read_all(&in) || photo_jail_close()) {
        _exit(2);
    }
    err = decode(buf_bytes(&in), is_large ? PHOTO_LARGE_PX : PHOTO_SMALL_PX,
                 &facts, &pixels);
    put_facts(&out, &facts, &pixels);
    if (write_all(&out)) {
        _exit(2);
    }
    buf_reset(&out);
    if (!err) {
        err = is_large ? put_large(&out, &pixels, facts.orientation)
                       : put_small(&out, &pixels, facts.orientation);
    }
    if (!err) {
        err = write_all(&out);
    }
    _exit(err ? 1 : 0);
}
