/* Packs of map tiles, good and bad, and the unpacking of what they hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>
#include <zlib.h>

#include "core/limits.h"
#include "core/mappack.h"
#include "core/mappack_index.h"
#include "core/mvt.h"
#include "platform/shared/gunzip.h"
#include "tests/platform/tempdir.h"
#include "tests/test.h"

#define PATH_SIZE 512

struct place {
    struct tempdir dir;
    char path[PATH_SIZE];
};

static void make_place(struct place *p)
{
    p->dir = tempdir_new();
    (void)snprintf(p->path, sizeof(p->path), "%s/a.mbtiles", p->dir.path);
}

static void drop_place(struct place *p)
{
    tempdir_free(&p->dir);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *error = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s", error);
    }
    sqlite3_close(db);
}

#define TABLES                                                    \
    "CREATE TABLE metadata(name TEXT, value TEXT);"               \
    "CREATE TABLE tiles(zoom_level INTEGER, tile_column INTEGER," \
    " tile_row INTEGER, tile_data BLOB);"
#define INDEX                                                          \
    "CREATE UNIQUE INDEX tile_index ON tiles(zoom_level, tile_column," \
    " tile_row);"
#define FACTS                                                           \
    "INSERT INTO metadata VALUES('name','Westbrook'),('format','pbf')," \
    "('minzoom','8'),('maxzoom','15'),('made','2026-10-12'),"           \
    "('bounds','-3.1,51.5,-2.9,51.7'),('attribution','Made up');"
#define TILE "INSERT INTO tiles VALUES(2, 1, 0, x'0102');"

static enum mappack_fault try_pack(struct place *p, const char *sql,
                                   struct mappack **out)
{
    make_place(p);
    run_sql(p->path, sql);
    return mappack_open(p->path, out);
}

static void a_pack_gives_its_facts_and_tiles(void **state)
{
    struct mappack *pack = NULL;
    struct place p;
    struct buf out;

    (void)state;
    assert_int_equal(try_pack(&p, TABLES INDEX FACTS TILE, &pack),
                     MAPPACK_FINE);
    assert_string_equal(mappack_facts(pack)->name, "Westbrook");
    assert_string_equal(mappack_facts(pack)->made, "2026-10-12");
    assert_string_equal(mappack_facts(pack)->source, "Made up");
    assert_int_equal(mappack_facts(pack)->zoom_max, 15);
    assert_true(mappack_facts(pack)->has_bounds);
    buf_init(&out, MVT_PACKED_MAX_BYTES);
    /* Row 0 of the file is the southernmost of four. */
    assert_ok(mappack_tile(pack, 2, 1, 3, &out));
    assert_int_equal(out.len, 2);
    assert_err(mappack_tile(pack, 2, 1, 0, &out), ERR_NOT_FOUND);
    assert_err(mappack_tile(pack, 2, 4, 3, &out), ERR_NOT_FOUND);
    assert_err(mappack_tile(pack, 2, -1, 3, &out), ERR_NOT_FOUND);
    buf_fini(&out);
    mappack_close(pack);
    drop_place(&p);
}

static void check_refused(const char *sql, enum mappack_fault want)
{
    struct mappack *pack = NULL;
    struct place p;

    assert_string_equal(mappack_fault_text(try_pack(&p, sql, &pack)),
                        mappack_fault_text(want));
    assert_null(pack);
    drop_place(&p);
}

static void a_pack_that_cannot_serve_is_refused_by_its_fault(void **state)
{
    (void)state;
    check_refused("CREATE TABLE other(x);", MAPPACK_NOT_A_PACK);
    check_refused("CREATE TABLE metadata(name, value);" FACTS,
                  MAPPACK_NOT_A_PACK);
    check_refused(TABLES INDEX FACTS, MAPPACK_EMPTY);
    check_refused(TABLES FACTS TILE, MAPPACK_UNINDEXED);
    check_refused(TABLES INDEX TILE, MAPPACK_NOT_VECTOR);
    check_refused(TABLES INDEX TILE
                  "INSERT INTO metadata VALUES('format','png');",
                  MAPPACK_NOT_VECTOR);
    check_refused(TABLES INDEX TILE
                  "INSERT INTO metadata VALUES('format','pbf'),"
                  "('minzoom','9'),('maxzoom','99');",
                  MAPPACK_NOT_VECTOR);
    /* As OpenMapTiles has it, but one half is not indexed. */
    check_refused("CREATE TABLE metadata(name, value);" FACTS
                  "CREATE TABLE map(zoom_level, tile_column, tile_row, id);"
                  "CREATE TABLE images(id, tile_data);"
                  "CREATE UNIQUE INDEX i ON images(id);"
                  "INSERT INTO images VALUES('a', x'01');"
                  "INSERT INTO map VALUES(0, 0, 0, 'a');"
                  "CREATE VIEW tiles AS SELECT zoom_level, tile_column,"
                  " tile_row, tile_data FROM map JOIN images USING (id);",
                  MAPPACK_UNINDEXED);
}

static void a_missing_or_other_file_is_refused(void **state)
{
    struct mappack *pack = NULL;
    struct place p;
    FILE *file;

    (void)state;
    make_place(&p);
    assert_int_equal(mappack_open(p.path, &pack), MAPPACK_MISSING);
    file = fopen(p.path, "wb");
    assert_non_null(file);
    (void)fputs("This is a letter, not a map. It goes on and on, for longer "
                "than the header of a database has bytes, and more.",
                file);
    (void)fclose(file);
    assert_int_equal(mappack_open(p.path, &pack), MAPPACK_NOT_A_PACK);
    assert_null(pack);
    drop_place(&p);
}

static void a_view_that_never_ends_is_stopped(void **state)
{
    (void)state;
    check_refused("CREATE TABLE metadata(name, value);" FACTS
                  "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1"
                  " UNION ALL SELECT i + 1 FROM n) SELECT i AS zoom_level,"
                  " i AS tile_column, i AS tile_row, x'00' AS tile_data"
                  " FROM n WHERE i < 0;",
                  MAPPACK_DAMAGED);
}

/* Every page behind the first in turn: no crash, and a message or tiles. */
static void damage_at_any_page_is_named_or_harmless(void **state)
{
    struct mappack *pack = NULL;
    struct place p;
    FILE *file;
    long size;
    int damaged = 0;

    (void)state;
    assert_int_equal(try_pack(&p,
                              "PRAGMA page_size=512;" TABLES INDEX FACTS
                              "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL"
                              " SELECT i + 1 FROM n WHERE i < 200)"
                              " INSERT INTO tiles SELECT 8, i, 0,"
                              " zeroblob(300) FROM n;",
                              &pack),
                     MAPPACK_FINE);
    mappack_close(pack);
    file = fopen(p.path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    for (long at = 0; at < size; at += 512) {
        uint8_t page[512];
        uint8_t junk[512];
        struct buf out;

        memset(junk, 0xA5, sizeof(junk));
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        assert_int_equal(fread(page, 1, sizeof(page), file), sizeof(page));
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        assert_int_equal(fwrite(junk, 1, sizeof(junk), file), sizeof(junk));
        assert_int_equal(fflush(file), 0);
        if (mappack_open(p.path, &pack) == MAPPACK_FINE) {
            for (int i = 0; i < 200; i++) {
                buf_init(&out, MVT_PACKED_MAX_BYTES);
                damaged += mappack_tile(pack, 8, i, 255, &out) == ERR_BAD_DATA;
                buf_fini(&out);
            }
            mappack_close(pack);
        }
        assert_int_equal(fseek(file, at, SEEK_SET), 0);
        assert_int_equal(fwrite(page, 1, sizeof(page), file), sizeof(page));
        assert_int_equal(fflush(file), 0);
    }
    (void)fclose(file);
    assert_true(damaged > 0);
    drop_place(&p);
}

static void pack_bytes(const uint8_t *data, size_t len, int window,
                       struct buf *out)
{
    uint8_t step[4096];
    z_stream z;

    memset(&z, 0, sizeof(z));
    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)len;
    z.next_out = step;
    z.avail_out = sizeof(step);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_put(out, step, sizeof(step) - z.avail_out);
    deflateEnd(&z);
}

static void what_was_packed_comes_out_and_a_bomb_does_not(void **state)
{
    static const uint8_t zeros[100000];
    const int windows[] = { 15, 15 + 16 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
        struct buf packed;
        struct buf out;

        buf_init(&packed, 4096);
        pack_bytes(zeros, sizeof(zeros), windows[i], &packed);
        assert_true(gunzip_is_packed(buf_bytes(&packed)));
        buf_init(&out, sizeof(zeros));
        assert_ok(gunzip(buf_bytes(&packed), &out));
        assert_int_equal(out.len, sizeof(zeros));
        buf_fini(&out);
        buf_init(&out, sizeof(zeros) - 1);
        assert_err(gunzip(buf_bytes(&packed), &out), ERR_TOO_LONG);
        buf_fini(&out);
        for (size_t cut = 1; cut < packed.len; cut++) {
            buf_init(&out, sizeof(zeros));
            assert_err(gunzip((struct bytes){ packed.data, cut }, &out),
                       ERR_BAD_DATA);
            buf_fini(&out);
        }
        buf_init(&out, sizeof(zeros));
        buf_put_u8(&packed, 7);
        assert_err(gunzip(buf_bytes(&packed), &out), ERR_BAD_DATA);
        buf_fini(&out);
        buf_fini(&packed);
    }
}

/* --- search --- */

static void add_name(struct mappack_index *index, enum mappack_kind kind,
                     const char *name, int64_t lat, int64_t lon)
{
    const struct bytes text = { (const uint8_t *)name, strlen(name) };

    assert_ok(mappack_index_add(index, kind, text, lat, lon));
}

static void open_indexed(struct place *p, struct mappack **pack_out)
{
    struct mappack_index *index = NULL;
    size_t count = 0;

    assert_int_equal(try_pack(p, TABLES INDEX FACTS TILE, pack_out),
                     MAPPACK_FINE);
    assert_false(mappack_facts(*pack_out)->has_search);
    mappack_close(*pack_out);
    assert_ok(mappack_index_new(&index));
    add_name(index, MAPPACK_TOWN, "Westbrook", 523900000, -46000000);
    add_name(index, MAPPACK_TOWN, "Hollins", 524500000, -46000000);
    add_name(index, MAPPACK_STREET, "Commercial Street", 523901000, -46001000);
    add_name(index, MAPPACK_STREET, "Commercial Street", 523905000, -46001000);
    add_name(index, MAPPACK_STREET, "Commercial Street", 524501000, -46001000);
    add_name(index, MAPPACK_STREET, "Corn Street", 523902000, -46002000);
    add_name(index, MAPPACK_STREET, "Mill Lane", 523950000, -46000000);
    add_name(index, MAPPACK_STREET, "Mill Lane", 523700000, -46000000);
    add_name(index, MAPPACK_STREET, "Mill Lane", 524490000, -46000000);
    add_name(index, MAPPACK_POSTCODE, "NP20 4AA", 523951000, -46000000);
    add_name(index, MAPPACK_POSTCODE, "NP20 9ZZ", 523701000, -46000000);
    add_name(index, MAPPACK_STREET, "St. Mary\xE2\x80\x99s Row", 523902000,
             -46003000);
    add_name(index, MAPPACK_STREET, "Heol T\xC5\xB7 Gwyn", 523902000,
             -46004000);
    add_name(index, MAPPACK_ROAD, "M4", 523950000, -46000000);
    add_name(index, MAPPACK_ROAD, "A4042", 523950000, -46005000);
    add_name(index, MAPPACK_POSTCODE, "NP20 1XJ", 523903000, -46000000);
    add_name(index, MAPPACK_POINT, "\xFF\xFE", 523903000, -46000000);
    assert_ok(mappack_index_write(index, p->path, &count));
    assert_int_equal(count, 15); /* two pieces of one street are one */
    mappack_index_free(index);
    assert_int_equal(mappack_open(p->path, pack_out), MAPPACK_FINE);
    assert_true(mappack_facts(*pack_out)->has_search);
}

static void check_first(struct mappack *pack, const char *words,
                        const char *want)
{
    struct mappack_place places[4];
    size_t count = 0;

    assert_ok(mappack_find(pack, words, NULL, places, 4, &count));
    if (count == 0) {
        fail_msg("nothing found for \"%s\"", words);
    }
    assert_string_equal(places[0].name, want);
}

static void names_are_found_as_people_type_them(void **state)
{
    struct mappack *pack = NULL;
    struct place p;

    (void)state;
    open_indexed(&p, &pack);
    check_first(pack, "commercial street", "Commercial Street");
    check_first(pack, "comercial stret", "Commercial Street");
    check_first(pack, "COMM", "Commercial Street");
    check_first(pack, "cron street", "Corn Street");
    check_first(pack, "st marys row", "St. Mary\xE2\x80\x99s Row");
    check_first(pack, "heol ty gwyn", "Heol T\xC5\xB7 Gwyn");
    check_first(pack, "m4", "M4");
    check_first(pack, "a404", "A4042");
    check_first(pack, "np20 1xj", "NP20 1XJ");
    check_first(pack, "np201xj", "NP20 1XJ");
    check_first(pack, "westbrok", "Westbrook");
    mappack_close(pack);
    drop_place(&p);
}

static void two_streets_of_one_name_say_where_they_are(void **state)
{
    struct mappack_place places[4];
    struct mappack *pack = NULL;
    size_t count = 0;
    struct place p;

    (void)state;
    open_indexed(&p, &pack);
    assert_ok(mappack_find(pack, "commercial st", NULL, places, 4, &count));
    assert_true(count >= 2);
    assert_string_equal(places[0].name, places[1].name);
    assert_string_not_equal(places[0].near, places[1].near);
    mappack_close(pack);
    drop_place(&p);
}

static void of_one_name_in_one_town_the_postcode_tells(void **state)
{
    struct mappack_place places[4];
    struct mappack *pack = NULL;
    size_t count = 0;
    struct place p;

    (void)state;
    open_indexed(&p, &pack);
    assert_ok(mappack_find(pack, "mill lane", NULL, places, 4, &count));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        const char *want = places[i].lat_e7 == 523950000 ? "Westbrook, NP20 4AA"
                           : places[i].lat_e7 == 523700000
                               ? "Westbrook, NP20 9ZZ"
                               : "Hollins";

        assert_string_equal(places[i].near, want);
    }
    mappack_close(pack);
    drop_place(&p);
}

static void of_names_as_much_alike_the_nearest_comes_first(void **state)
{
    static const struct geo_pos from[] = { { 523701000, -46000000 },
                                           { 524480000, -46000000 },
                                           { 523949000, -46000000 } };
    static const int64_t first[] = { 523700000, 524490000, 523950000 };
    struct mappack_place places[4];
    struct mappack *pack = NULL;
    size_t count = 0;
    struct place p;

    (void)state;
    open_indexed(&p, &pack);
    for (size_t i = 0; i < ARRAY_LEN(from); i++) {
        assert_ok(mappack_find(pack, "mill lane", &from[i], places, 4, &count));
        assert_int_equal(count, 3);
        assert_int_equal(places[0].lat_e7, first[i]);
    }
    /* A better match is not given up for a nearer one. */
    assert_ok(mappack_find(pack, "commercial st", &from[0], places, 4, &count));
    assert_string_equal(places[0].name, "Commercial Street");
    assert_int_equal(places[0].lon_e7, -46001000);
    mappack_close(pack);
    drop_place(&p);
}

static void odd_words_find_nothing_and_break_nothing(void **state)
{
    static const char *const odd[] = {
        "",
        "x",
        "\"",
        "'; DROP TABLE tiles; --",
        "zzzz qqqq",
        "* OR *",
        "\xC5",
        "\xFF\xFE\xFD",
        "((((((((((((((((((((((((((((((((((((((((((",
        "a very long line that goes on and on for more letters than any name"
    };
    struct mappack_place places[4];
    struct mappack *pack = NULL;
    size_t count = 0;
    struct place p;

    (void)state;
    open_indexed(&p, &pack);
    for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
        assert_ok(mappack_find(pack, odd[i], NULL, places, 4, &count));
        assert_int_equal(count, 0);
    }
    mappack_close(pack);
    drop_place(&p);
}

static void packs_of_pictures_are_refused(void **state)
{
    const char *folder = getenv("BEATBOOK_DATA");
    struct mappack *pack = NULL;
    char path[PATH_SIZE];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/map/mbtiles/plain_1.mbtiles",
                   folder != NULL ? folder : SOURCE_DIR "/../shared/data");
    if (access(path, R_OK) != 0) {
        skip();
    }
    assert_int_equal(mappack_open(path, &pack), MAPPACK_NOT_VECTOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_gives_its_facts_and_tiles),
        cmocka_unit_test(a_pack_that_cannot_serve_is_refused_by_its_fault),
        cmocka_unit_test(a_missing_or_other_file_is_refused),
        cmocka_unit_test(a_view_that_never_ends_is_stopped),
        cmocka_unit_test(damage_at_any_page_is_named_or_harmless),
        cmocka_unit_test(what_was_packed_comes_out_and_a_bomb_does_not),
        cmocka_unit_test(names_are_found_as_people_type_them),
        cmocka_unit_test(two_streets_of_one_name_say_where_they_are),
        cmocka_unit_test(of_one_name_in_one_town_the_postcode_tells),
        cmocka_unit_test(of_names_as_much_alike_the_nearest_comes_first),
        cmocka_unit_test(odd_words_find_nothing_and_break_nothing),
        cmocka_unit_test(packs_of_pictures_are_refused),
    };

    return RUN_TESTS(tests);
}
