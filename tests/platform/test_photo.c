/* Pictures: real ones, every orientation, broken ones, hostile ones. */
#include "platform/linux/photo.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/limits.h"
#include "platform/linux/photo_decode.h"
#include "tests/platform/tempdir.h"
#include "tests/test.h"

/* Four flat quarters: red and green above, blue and white below. */
enum { WIDTH = 64, HEIGHT = 32 };
static uint8_t quarters[WIDTH * HEIGHT * 3];
static const struct photo_pixels picture = { .data = quarters,
                                             .width = WIDTH,
                                             .height = HEIGHT };

static void draw_quarters(void)
{
    static const uint8_t colours[4][3] = {
        { 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 }, { 255, 255, 255 }
    };

    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            memcpy(quarters + (y * WIDTH + x) * 3,
                   colours[(y >= HEIGHT / 2) * 2 + (x >= WIDTH / 2)], 3);
        }
    }
}

static char colour_at(const struct photo_pixels *p, uint32_t x, uint32_t y)
{
    const uint8_t *c = p->data + ((size_t)y * p->width + x) * 3;

    if (c[0] > 128 && c[1] > 128 && c[2] > 128) {
        return 'w';
    }
    return c[0] > 128 ? 'r' : c[1] > 128 ? 'g' : 'b';
}

static void each_orientation_comes_out_the_right_way_up(void **state)
{
    /* Clockwise from top left, after turning as EXIF says. */
    static const char *const want[9] = { "",     "rgwb", "grbw", "wbrg", "bwgr",
                                         "rbwg", "brgw", "wgrb", "gwbr" };

    (void)state;
    for (int o = 1; o <= 8; o++) {
        struct photo_pixels back;
        struct buf jpeg;
        char got[5] = "";

        buf_init(&jpeg, PHOTO_SMALL_MAX_BYTES);
        assert_ok(photo_small(&picture, o, &jpeg));
        assert_ok(photo_jpeg(buf_bytes(&jpeg), &back));
        assert_int_equal(back.width, o < 5 ? WIDTH : HEIGHT);
        assert_int_equal(back.height, o < 5 ? HEIGHT : WIDTH);
        got[0] = colour_at(&back, 4, 4);
        got[1] = colour_at(&back, back.width - 5, 4);
        got[2] = colour_at(&back, back.width - 5, back.height - 5);
        got[3] = colour_at(&back, 4, back.height - 5);
        assert_string_equal(got, want[o]);
        free(back.data);
        buf_fini(&jpeg);
    }
}

static void write_file(const char *path, struct bytes data)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(data.data, 1, data.len, f), data.len);
    fclose(f);
}

static void a_cut_picture_is_kept_whole_with_a_message(void **state)
{
    struct tempdir d = tempdir_new();
    struct buf jpeg;
    char path[400];

    (void)state;
    snprintf(path, sizeof(path), "%s/a.jpg", d.path);
    buf_init(&jpeg, PHOTO_SMALL_MAX_BYTES);
    assert_ok(photo_small(&picture, 1, &jpeg));
    for (size_t len = 4; len + 2 < jpeg.len; len += jpeg.len / 12) {
        struct photo p;

        write_file(path, (struct bytes){ jpeg.data, len });
        assert_ok(photo_open(path, &p));
        assert_string_not_equal(p.message, "");
        assert_string_equal(p.media_type, "image/jpeg");
        assert_true(
            bytes_eq(buf_bytes(&p.original), (struct bytes){ jpeg.data, len }));
        photo_fini(&p);
    }
    write_file(path, buf_bytes(&jpeg));
    {
        struct photo p;

        assert_ok(photo_open(path, &p));
        assert_string_equal(p.message, "");
        assert_true(p.small.len > 0);
        assert_int_equal(p.width, WIDTH);
        photo_fini(&p);
    }
    buf_fini(&jpeg);
    tempdir_free(&d);
}

static void a_large_picture_is_the_right_way_up_and_broken_ones_say_so(
    void **state)
{
    struct photo_pixels turned;
    struct photo_picture large;
    struct photo back;
    struct buf jpeg;

    (void)state;
    assert_ok(photo_large(&picture, 6, &turned));
    assert_int_equal(turned.width, HEIGHT);
    assert_int_equal(colour_at(&turned, HEIGHT - 5, 4), 'r');
    free(turned.data);
    buf_init(&jpeg, BLOB_MAX_BYTES);
    assert_ok(photo_encode(&picture, &jpeg));
    assert_ok(photo_look(buf_bytes(&jpeg), &large));
    assert_int_equal(large.width, WIDTH);
    assert_int_equal(large.height, HEIGHT);
    assert_int_equal(large.rgb.len, WIDTH * HEIGHT * 3);
    assert_true(large.rgb.data[0] > 200); /* red, top left */
    buf_fini(&large.rgb);
    assert_ok(photo_of_bytes(buf_bytes(&jpeg), &back));
    assert_true(bytes_eq(buf_bytes(&back.original), buf_bytes(&jpeg)));
    assert_true(back.small.len > 0);
    photo_fini(&back);
    assert_err(photo_look((struct bytes){ jpeg.data, 40 }, &large),
               ERR_BAD_DATA);
    assert_err(photo_look((struct bytes){ jpeg.data + 3, 40 }, &large),
               ERR_UNSUPPORTED);
    buf_fini(&jpeg);
}

static void what_is_no_picture_is_kept_as_a_file(void **state)
{
    static const uint8_t bomb[] = { 0x89, 'P',  'N',  'G', '\r', '\n', 0x1a,
                                    '\n', 0,    0,    0,   13,   'I',  'H',
                                    'D',  'R',  0,    0,   0xff, 0xff, 0,
                                    0,    0xff, 0xff, 8,   2,    0,    0,
                                    0,    0,    0,    0,   0 };
    struct tempdir d = tempdir_new();
    struct photo p;
    char path[400];

    (void)state;
    snprintf(path, sizeof(path), "%s/a.jpg", d.path);
    write_file(path, (struct bytes){ (const uint8_t *)"%PDF-1.7 text", 13 });
    assert_ok(photo_open(path, &p));
    assert_string_equal(p.media_type, "application/octet-stream");
    assert_string_not_equal(p.message, "");
    photo_fini(&p);
    write_file(path, (struct bytes){ bomb, sizeof(bomb) });
    assert_ok(photo_open(path, &p));
    assert_string_equal(p.media_type, "image/png");
    assert_string_not_equal(p.message, "");
    assert_int_equal(p.small.len, 0);
    photo_fini(&p);
    assert_err(photo_open(d.path, &p), ERR_BAD_DATA);
    snprintf(path, sizeof(path), "%s/none", d.path);
    assert_err(photo_open(path, &p), ERR_NOT_FOUND);
    tempdir_free(&d);
}

static void the_decoder_can_open_nothing(void **state)
{
    pid_t pid;
    int status = 0;

    (void)state;
    pid = fork();
    if (pid == 0) {
        if (photo_jail_close()) {
            _exit(3);
        }
        (void)open("/etc/passwd", O_RDONLY);
        _exit(4); /* a sanitized build gets here */
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 4) {
        skip();
    }
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

/* --- real pictures --- */

static bool photos_folder(char out[400])
{
    const char *data = getenv("BEATBOOK_DATA");

    snprintf(out, 400, "%s/photos", data ? data : SOURCE_DIR "/../shared/data");
    return access(out, R_OK) == 0;
}

static void each_real_photo_gets_a_small_one_without_metadata(void **state)
{
    char folder[400], path[800];
    size_t count = 0;
    struct dirent *e;
    DIR *dir;

    (void)state;
    if (!photos_folder(folder)) {
        skip();
    }
    dir = opendir(folder);
    assert_non_null(dir);
    while ((e = readdir(dir)) != NULL) {
        struct photo_pixels small;
        struct photo p;

        if (e->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        assert_ok(photo_open(path, &p));
        assert_string_equal(p.message, "");
        assert_ok(photo_jpeg(buf_bytes(&p.small), &small));
        assert_true(small.width <= PHOTO_SMALL_PX);
        assert_true(small.height <= PHOTO_SMALL_PX);
        assert_null(memmem(p.small.data, p.small.len, "Exif", 4));
        if (strstr(e->d_name, "Portrait")) {
            assert_true(small.height > small.width);
        }
        free(small.data);
        photo_fini(&p);
        count++;
    }
    closedir(dir);
    assert_true(count > 0);
}

static void place_time_and_turn_are_read_from_the_camera(void **state)
{
    char folder[400], path[800];
    struct photo p;

    (void)state;
    if (!photos_folder(folder)) {
        skip();
    }
    setenv("TZ", "Europe/London", 1);
    snprintf(path, sizeof(path), "%s/keynsham-gully-2017-06-06-orient6-gps.jpg",
             folder);
    if (photo_open(path, &p)) {
        skip();
    }
    assert_int_equal(p.orientation, 6);
    assert_true(p.has_place);
    assert_in_range(p.lat_e7, 513000000, 515000000); /* Keynsham, Avon */
    assert_true(p.lon_e7 < -24000000);
    assert_true(p.lon_e7 > -26000000);
    assert_int_equal(p.taken_ms, 1496734125000); /* 08:28:45 BST */
    photo_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_orientation_comes_out_the_right_way_up),
        cmocka_unit_test(a_cut_picture_is_kept_whole_with_a_message),
        cmocka_unit_test(
            a_large_picture_is_the_right_way_up_and_broken_ones_say_so),
        cmocka_unit_test(what_is_no_picture_is_kept_as_a_file),
        cmocka_unit_test(the_decoder_can_open_nothing),
        cmocka_unit_test(each_real_photo_gets_a_small_one_without_metadata),
        cmocka_unit_test(place_time_and_turn_are_read_from_the_camera),
    };

    draw_quarters();
    return RUN_TESTS(tests);
}
