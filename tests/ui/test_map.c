/* The map: where a finger takes it, what is drawn of a pack. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/limits.h"
#include "core/mem.h"
#include "tests/test.h"
#include "tests/ui/on_map.h"
#include "ui/map/map_credit.h"
#include "ui/map/map_draw.h"
#include "ui/map/map_label.h"

#define CLOSE_DP 1.5

static void move_to(struct stage *s, int x, int y)
{
    struct ui_event ev;

    (void)ui_touch_move(&s->nav.ui, x, y);
    if (ui_drag_take(&s->nav.ui, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

static void check_near(struct draw_point p, double x, double y)
{
    assert_true(fabs(p.x - x) <= CLOSE_DP);
    assert_true(fabs(p.y - y) <= CLOSE_DP);
}

static void what_is_under_the_finger_follows_it(void **state)
{
    struct stage *s = *state;
    struct ui_event ev;
    struct map_spot spot;
    struct map_view view;

    (void)ui_touch_down(&s->nav.ui, 300, 600, 1000);
    move_to(s, 320, 600); /* a tap no more */
    view = on_map_view(s);
    spot = map_view_spot(&view, 320, 600);
    move_to(s, 380, 500);
    view = on_map_view(s);
    check_near(map_view_point(&view, spot), 380, 500);
    assert_true(on_map_model(s)->was_moved);
    assert_false(ui_touch_up(&s->nav.ui, 380, 500, 2000, &ev));
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LIST);
}

static void growing_keeps_the_place_under_the_fingers(void **state)
{
    struct stage *s = *state;
    struct ui_event ev;
    struct map_view view = on_map_view(s);
    const struct map_spot spot = map_view_spot(&view, 300, 600);

    assert_true(ui_zoom_at(&s->nav.ui, 300, 600, 700, true, &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
    view = on_map_view(s);
    assert_int_equal(view.zoom, 17700);
    check_near(map_view_point(&view, spot), 300, 600);
    /* Lifted: the nearest level that is drawn sharp. */
    assert_true(ui_touch_up(&s->nav.ui, 300, 600, 2000, &ev));
    nav_event(&s->nav, &ev);
    assert_int_equal(on_map_model(s)->zoom, 18000);
}

static void keys_move_and_grow_the_map(void **state)
{
    struct stage *s = *state;
    const struct map_spot before = on_map_model(s)->middle;

    stage_type(s, "+");
    assert_int_equal(on_map_model(s)->zoom, 18000);
    stage_type(s, "-");
    stage_type(s, "-");
    assert_int_equal(on_map_model(s)->zoom, 16000);
    for (int i = 0; i < 30; i++) {
        stage_type(s, "-");
    }
    assert_int_equal(on_map_model(s)->zoom, MAP_ZOOM_MIN * MAP_LEVEL);
    ui_focus_on(&s->nav.ui, ui_find(&s->nav.ui, "map.ground")->id, 0);
    stage_key(s, KEY_RIGHT);
    assert_true(on_map_model(s)->middle.x > before.x);
}

static void a_touch_in_a_hotspot_opens_its_sheet(void **state)
{
    struct stage *s = *state;
    const struct view_map *v = &app_views(s->nav.app)->map;
    struct map_view view = on_map_view(s);
    struct draw_point p;

    p = map_view_point(&view, map_view_of(v->areas[2].middle));
    assert_int_equal(v->areas[2].kind, VIEW_AREA_HOTSPOT);
    on_map_touch(s, p.x, p.y);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_HOTSPOT);
    assert_string_equal(on_map_model(s)->chosen, v->areas[2].id);
    stage_key(s, KEY_ESCAPE);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LIST);
}

static void closing_the_sheet_moves_nothing_that_is_seen(void **state)
{
    struct stage *s = *state;
    struct map_view view = on_map_view(s);
    const struct map_spot spot = map_view_spot(&view, 400, 400);

    stage_tap(s, "map.close");
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_NONE);
    view = on_map_view(s);
    check_near(map_view_point(&view, spot), 400, 400);
}

static void a_layer_that_is_off_is_not_drawn(void **state)
{
    struct stage *s = *state;
    int paths = 0;
    int left = 0;

    for (int i = 0; i < s->nav.ui.list.count; i++) {
        paths += s->nav.ui.list.cmds[i].kind == DRAW_PATH;
    }
    stage_tap(s, "map.layer.track");
    for (int i = 0; i < s->nav.ui.list.count; i++) {
        left += s->nav.ui.list.cmds[i].kind == DRAW_PATH;
    }
    assert_true(left < paths);
}

static void the_map_is_not_mirrored_in_arabic(void **state)
{
    struct stage *s = *state;
    const struct view_map *v = &app_views(s->nav.app)->map;
    struct map_view view;
    struct draw_point west;
    struct draw_point east;

    assert_ok(nav_set_language(&s->nav, "ar"));
    stage_turn(s);
    view = on_map_view(s);
    west = map_view_point(&view, map_view_of(v->areas[4].middle));
    east = map_view_point(&view, map_view_of(v->areas[2].middle));
    assert_true(v->areas[4].middle.lon_e7 < v->areas[2].middle.lon_e7);
    assert_true(west.x < east.x);
}

static void a_place_comes_back_from_the_plane(void **state)
{
    const struct map_spot spot = map_spot_of(515877000, -29984000);
    int64_t lat = 0;
    int64_t lon = 0;

    (void)state;
    map_spot_back(spot, &lat, &lon);
    assert_true(llabs(lat - 515877000) <= 1);
    assert_true(llabs(lon + 29984000) <= 1);
    /* A hundred metres at zoom 17, on the ground there. */
    assert_true(fabs(map_spot_metres(spot, 17) - 0.742) < 0.001);
}

/* --- a pack of our own --- */

/* Water over all of the tile, and a street "Corn Street" across it. */
static const uint8_t tile_bytes[] = {
    0x1a, 0x1d,
    0x78, 0x02,
    0x0a, 0x05,
    0x77, 0x61,
    0x74, 0x65,
    0x72, 0x12,
    0x12, 0x18,
    0x03, 0x22,
    0x0e, 0x09,
    0x00, 0x00,
    0x1a, 0x80,
    0x40, 0x00,
    0x00, 0x80,
    0x40, 0xff,
    0x3f, 0x00,
    0x0f, /* the ring 0,0 4096,0 4096,4096 0,4096; then the road */ 0x1a,
    0x42, 0x78,
    0x02, 0x0a,
    0x04, 0x72,
    0x6f, 0x61,
    0x64, 0x12,
    0x12, 0x12,
    0x04, 0x00,
    0x00, 0x01,
    0x01, 0x18,
    0x02, 0x22,
    0x08, 0x09,
    0x00, 0x80,
    0x20, 0x0a,
    0x80, 0x40,
    0x00, 0x1a,
    0x05, 0x63,
    0x6c, 0x61,
    0x73, 0x73,
    0x1a, 0x04,
    0x6e, 0x61,
    0x6d, 0x65,
    0x22, 0x08,
    0x0a, 0x06,
    0x73, 0x74,
    0x72, 0x65,
    0x65, 0x74,
    0x22, 0x0d,
    0x0a, 0x0b,
    0x43, 0x6f,
    0x72, 0x6e,
    0x20, 0x53,
    0x74, 0x72,
    0x65, 0x65,
    0x74
};

struct pack {
    char dir[64];
    char path[128];
    struct map_draw *draw;
};

static void make_pack(struct pack *p)
{
    static const char sql[] =
        "CREATE TABLE metadata(name, value);"
        "CREATE TABLE tiles(zoom_level, tile_column, tile_row, tile_data);"
        "CREATE UNIQUE INDEX i ON tiles(zoom_level, tile_column, tile_row);"
        "INSERT INTO metadata VALUES('format','pbf'),('minzoom','8'),"
        "('maxzoom','15');"
        "INSERT INTO tiles VALUES(15, 8, 32759, x'ffff');";
    struct mappack *pack = NULL;
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;

    (void)snprintf(p->dir, sizeof(p->dir), "/tmp/test_map.XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    (void)snprintf(p->path, sizeof(p->path), "%s/a.mbtiles", p->dir);
    assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "INSERT INTO tiles VALUES(15, 7, 32759, ?1)", -1,
                           &st, NULL),
        SQLITE_OK);
    sqlite3_bind_blob(st, 1, tile_bytes, sizeof(tile_bytes), SQLITE_STATIC);
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    sqlite3_finalize(st);
    sqlite3_close(db);
    assert_int_equal(mappack_open(p->path, &pack), MAPPACK_FINE);
    assert_ok(map_draw_new(pack, &p->draw));
}

static void drop_pack(struct pack *p)
{
    map_draw_free(p->draw);
    (void)unlink(p->path);
    assert_int_equal(rmdir(p->dir), 0);
}

static uint32_t pixel(const uint8_t *pixels, int x, int y)
{
    const uint8_t *p = &pixels[(y * MAP_TILE_DP + x) * 4];

    return (uint32_t)(p[2] << 16 | p[1] << 8 | p[0]);
}

static void a_piece_has_the_colours_of_its_theme(void **state)
{
    struct pack p;

    (void)state;
    make_pack(&p);
    for (int theme = 0; theme < THEME__COUNT; theme++) {
        const struct map_key key = { .zoom = 17,
                                     .column = 7 * 4,
                                     .row = 8 * 4,
                                     .look = { (enum theme_id)theme, 100,
                                               false } };
        uint8_t *pixels = NULL;

        assert_ok(map_draw_piece(p.draw, &key, &pixels));
        assert_int_equal(pixel(pixels, 100, 100),
                         palette[theme][COLOR_MAP_WATER]);
        mem_free(pixels);
    }
    drop_pack(&p);
}

static void a_piece_that_is_not_there_or_damaged_is_told_apart(void **state)
{
    struct map_key key = { .zoom = 17,
                           .row = 8 * 4,
                           .look = { .percent = 100 } };
    uint8_t *pixels = NULL;
    struct pack p;

    (void)state;
    make_pack(&p);
    key.column = 9 * 4;
    assert_err(map_draw_piece(p.draw, &key, &pixels), ERR_NOT_FOUND);
    key.column = 8 * 4;
    assert_err(map_draw_piece(p.draw, &key, &pixels), ERR_BAD_DATA);
    key.column = 7 * 4;
    assert_ok(map_draw_piece(p.draw, &key, &pixels)); /* it goes on */
    mem_free(pixels);
    drop_pack(&p);
}

static void a_long_street_carries_its_name_several_times(void **state)
{
    struct map_block block = { .side = 1024, .zoom = 17 };
    struct map_labels *labels = NULL;
    struct map_pen *pen = NULL;
    struct mvt_tile tile;

    (void)state;
    assert_ok(map_pen_new(&pen));
    assert_ok(
        mvt_decode((struct bytes){ tile_bytes, sizeof(tile_bytes) }, &tile));
    block.tile = &tile;
    assert_ok(map_label_place(pen, &block, "en", 100, &labels));
    assert_int_equal(map_label_count(labels), 3); /* 1024 dp, 420 apart */
    map_label_free(labels);
    block.side = 128; /* shorter than the name and its ends */
    assert_ok(map_label_place(pen, &block, "en", 200, &labels));
    assert_int_equal(map_label_count(labels), 0);
    map_label_free(labels);
    mvt_free(&tile);
    map_pen_free(pen);
}

#define ON_MAP(test) \
    cmocka_unit_test_setup_teardown(test, on_map_open, stage_close)

/* --- whom to name --- */

static void a_pack_is_credited_in_its_own_words(void **state)
{
    struct mappack_facts f = { .source = "" };
    char out[MAPPACK_TEXT_SIZE];

    (void)state;
    map_credit(&f, out);
    assert_string_equal(out, "");
    snprintf(f.source, sizeof(f.source), "Made up");
    map_credit(&f, out);
    assert_string_equal(out, "Made up");
    snprintf(
        f.source, sizeof(f.source),
        "<a href=\"https://osm.example/c\">&copy; OSM</a> &amp; us, 1 < 2");
    map_credit(&f, out);
    assert_string_equal(out, "© OSM & us, 1 < 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_is_credited_in_its_own_words),
        ON_MAP(what_is_under_the_finger_follows_it),
        ON_MAP(growing_keeps_the_place_under_the_fingers),
        ON_MAP(keys_move_and_grow_the_map),
        ON_MAP(a_touch_in_a_hotspot_opens_its_sheet),
        ON_MAP(closing_the_sheet_moves_nothing_that_is_seen),
        ON_MAP(a_layer_that_is_off_is_not_drawn),
        ON_MAP(the_map_is_not_mirrored_in_arabic),
        cmocka_unit_test(a_place_comes_back_from_the_plane),
        cmocka_unit_test(a_piece_has_the_colours_of_its_theme),
        cmocka_unit_test(a_piece_that_is_not_there_or_damaged_is_told_apart),
        cmocka_unit_test(a_long_street_carries_its_name_several_times),
    };

    return RUN_TESTS(tests);
}
