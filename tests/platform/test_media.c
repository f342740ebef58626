/* Camera and microphone by GStreamer's own test sources. */
#include "platform/linux/media.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "platform/linux/scan.h"
#include "tests/test.h"

/* Some thirty pictures, and a second of sound: they end by themselves. */
#define PICTURES "videotestsrc num-buffers=30"
#define SOUND    "audiotestsrc num-buffers=50"

static struct media *open_or_skip(enum media_kind kind, const char *source)
{
    struct media *m = NULL;
    const enum err err = media_open(kind, source, &m);

    if (err == ERR_UNSUPPORTED) {
        print_message("no GStreamer, or a plug-in is missing\n");
        skip();
    }
    assert_ok(err);
    return m;
}

/* All that comes until it ends. */
static enum media_state run(struct media *m, struct buf *out)
{
    enum media_state state;

    do {
        state = media_state(m);
        assert_ok(media_bytes(m, out));
        (void)sched_yield();
    } while (state == MEDIA_RUNS);
    return state;
}

static void a_camera_gives_pictures(void **state)
{
    struct media_picture p = { .width = 0 };
    struct media *m = open_or_skip(MEDIA_LOOK, "videotestsrc is-live=true");

    (void)state;
    while (!media_picture(m, &p)) {
        assert_int_equal(media_state(m), MEDIA_RUNS);
        (void)sched_yield();
    }
    assert_true(p.width >= 16);
    assert_true(p.height >= 16);
    assert_non_null(p.pixels);
    media_close(m);
}

static void a_voice_note_is_opus_and_as_long_as_it_was(void **state)
{
    struct media *m = open_or_skip(MEDIA_VOICE, SOUND);
    struct media *player = NULL;
    struct buf file, none;

    (void)state;
    buf_init(&file, BLOB_MAX_BYTES);
    buf_init(&none, 16);
    assert_int_equal(run(m, &file), MEDIA_ENDED);
    assert_true(media_length_ms(m) > 500);
    assert_true(media_length_ms(m) < 3000);
    assert_true(file.len > 1000);
    assert_memory_equal(file.data, "OggS", 4);
    media_close(m);
    assert_ok(
        media_play(buf_bytes(&file), false, "fakesink sync=false", &player));
    assert_int_equal(run(player, &none), MEDIA_ENDED);
    media_close(player);
    buf_fini(&file);
    buf_fini(&none);
}

static void a_video_is_webm_and_plays_again(void **state)
{
    struct media *m = open_or_skip(MEDIA_VIDEO, PICTURES);
    struct media_picture p = { .width = 0 };
    struct media *player = NULL;
    struct buf file;

    (void)state;
    buf_init(&file, BLOB_MAX_BYTES);
    assert_int_equal(run(m, &file), MEDIA_ENDED);
    assert_true(media_length_ms(m) > 500);
    assert_true(file.len > 1000);
    assert_memory_equal(file.data, "\x1a\x45\xdf\xa3", 4);
    media_close(m);
    assert_ok(media_play(buf_bytes(&file), true, NULL, &player));
    while (!media_picture(player, &p)) {
        assert_int_not_equal(media_state(player), MEDIA_FAILED);
        (void)sched_yield();
    }
    assert_true(p.width >= 16);
    media_close(player);
    buf_fini(&file);
}

static void a_source_that_fails_says_so_and_what_came_before_is_there(
    void **state)
{
    /* As when it is unplugged: an error in the midst. */
    struct media *m =
        open_or_skip(MEDIA_VOICE, SOUND " ! identity error-after=30");
    struct buf file;

    (void)state;
    buf_init(&file, BLOB_MAX_BYTES);
    assert_int_equal(run(m, &file), MEDIA_FAILED);
    assert_true(file.len > 100);
    assert_true(media_length_ms(m) > 100);
    media_close(m);
    buf_fini(&file);
}

static void what_is_asked_to_end_ends_with_its_file_whole(void **state)
{
    struct media *m = open_or_skip(MEDIA_VOICE, "audiotestsrc is-live=true");
    struct buf file;

    (void)state;
    buf_init(&file, BLOB_MAX_BYTES);
    while (media_length_ms(m) < 100) {
        assert_int_equal(media_state(m), MEDIA_RUNS);
        (void)sched_yield();
    }
    media_end(m);
    assert_int_equal(run(m, &file), MEDIA_ENDED);
    assert_true(file.len > 100);
    media_close(m);
    buf_fini(&file);
}

static void an_unknown_source_is_refused_before_anything_runs(void **state)
{
    struct media *m = NULL;

    (void)state;
    assert_err(media_open(MEDIA_LOOK, "nosuchsource", &m), ERR_UNSUPPORTED);
    assert_null(m);
}

/* --- codes --- */

/* Code 39 of "*A1*": nine bars and gaps a character, wide ones are three
 * times as wide. */
static uint32_t draw_code39(uint8_t *grey, uint32_t width, uint32_t height)
{
    static const char *const chars[] = { "nwnnwnwnn", "wnnnnwnnw", "wnnwnnnnw",
                                         "nwnnwnwnn" };
    uint32_t x = 40;

    memset(grey, 255, (size_t)width * height);
    for (size_t c = 0; c < ARRAY_LEN(chars); c++) {
        for (int i = 0; i < 9; i++) {
            const uint32_t w = chars[c][i] == 'w' ? 9 : 3;

            for (uint32_t y = 20; i % 2 == 0 && y + 20 < height; y++) {
                memset(grey + (size_t)y * width + x, 0, w);
            }
            x += w;
        }
        x += 3;
    }
    return x;
}

static void a_barcode_is_read_and_an_empty_picture_has_none(void **state)
{
    enum { WIDTH = 400, HEIGHT = 120 };
    uint8_t *grey;
    char words[40];

    (void)state;
    if (!scan_is_there()) {
        print_message("no zbar\n");
        skip();
    }
    grey = malloc((size_t)WIDTH * HEIGHT);
    assert_non_null(grey);
    assert_true(draw_code39(grey, WIDTH, HEIGHT) < WIDTH - 40);
    assert_ok(scan_grey(grey, WIDTH, HEIGHT, words, sizeof(words)));
    assert_string_equal(words, "A1");
    assert_err(scan_grey(grey, WIDTH, HEIGHT, words, 2), ERR_TOO_LONG);
    memset(grey, 200, (size_t)WIDTH * HEIGHT);
    assert_err(scan_grey(grey, WIDTH, HEIGHT, words, sizeof(words)),
               ERR_NOT_FOUND);
    free(grey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_gives_pictures),
        cmocka_unit_test(a_voice_note_is_opus_and_as_long_as_it_was),
        cmocka_unit_test(a_video_is_webm_and_plays_again),
        cmocka_unit_test(
            a_source_that_fails_says_so_and_what_came_before_is_there),
        cmocka_unit_test(what_is_asked_to_end_ends_with_its_file_whole),
        cmocka_unit_test(an_unknown_source_is_refused_before_anything_runs),
        cmocka_unit_test(a_barcode_is_read_and_an_empty_picture_has_none),
    };

    return RUN_TESTS(tests);
}
