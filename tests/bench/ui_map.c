/* ui_map.c - the map under a finger: frames over a real pack, while the
 * map's own thread decodes and draws what comes into sight. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/ui_bench.h"
#include "ui/controls.h"

#define FRAMES_LEAST                                        \
    60.0 /* a second: issue "The officer's tablet", Figures \
          */
#define FRAME_NS     16666667L
#define PAN_FRAMES   1152 /* two rounds of eight ways */
#define PAN_DP       20   /* a frame: 1,200 dp a second, a fast finger */
#define STROKE       24   /* frames before the finger is put down again */
#define PINCHES      6
#define PINCH_FRAMES 60
#define PINCH_AMOUNT 45 /* thousandths of a doubling: out and in in 2 s */
#define STEPS        60
#define REST_FRAMES  600 /* that the map's thread may take to draw all */

struct run {
    struct bench b;
    struct bench_times times;
    double seen;          /* dots of the map that were in sight */
    double drawn;         /* of these, from pieces of their own level */
    struct timespec next; /* when the screen would show another frame */
};

/* Frames come as a screen takes them, so that the map's thread has the time
 * between them, no more. */
static void wait_for_screen(struct run *r)
{
    struct timespec now;

    r->next.tv_nsec += FRAME_NS;
    if (r->next.tv_nsec >= 1000000000L) {
        r->next.tv_nsec -= 1000000000L;
        r->next.tv_sec++;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec > r->next.tv_sec ||
        (now.tv_sec == r->next.tv_sec && now.tv_nsec > r->next.tv_nsec)) {
        r->next = now; /* late: the frame is lost */
        return;
    }
    (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &r->next, NULL);
}

static void event(struct run *r, bool has, const struct ui_event *ev)
{
    if (has) {
        nav_event(&r->b.nav, ev);
    }
}

/* How much of the map stands as it will, not enlarged from another level. */
static void count_drawn(struct run *r)
{
    const struct ui *ui = &r->b.nav.ui;
    const struct target *t = ui_find(ui, "map.ground");

    if (t == NULL) {
        return;
    }
    r->seen += (double)t->box.w * t->box.h;
    for (int i = 0; i < ui->list.count; i++) {
        const struct draw_cmd *c = &ui->list.cmds[i];

        if (c->kind == DRAW_IMAGE && c->on_map && c->box.w == c->image->width) {
            const struct rect seen = rect_intersect(c->box, t->box);

            r->drawn += (double)seen.w * seen.h;
        }
    }
}

static void timed_frame(struct run *r, double began)
{
    bench_frame(&r->b);
    bench_times_add(&r->times, bench_ms() - began);
    count_drawn(r);
    wait_for_screen(r);
}

static void rest(struct run *r)
{
    for (int i = 0; i < REST_FRAMES && !map_is_idle(r->b.map); i++) {
        bench_frame(&r->b);
        wait_for_screen(r);
    }
    bench_frame(&r->b);
}

/* Round a part of the town to the south east, then to the north west, in
 * strokes of a finger. */
static void pan(struct run *r)
{
    static const int ways[][2] = {
        { -1, 0 }, { -1, -1 }, { 0, -1 }, { 1, -1 },
        { 1, 0 },  { 1, 1 },   { 0, 1 },  { -1, 1 }
    };
    struct ui *ui = &r->b.nav.ui;
    const int x = r->b.look.width / 3;
    const int y = r->b.look.height / 2;

    for (int i = 0; i < PAN_FRAMES; i++) {
        const int turn = i / (3 * STROKE) + (i >= PAN_FRAMES / 2 ? 4 : 0);
        const int *way = ways[turn % (int)ARRAY_LEN(ways)];
        const int step = i % STROKE;
        double began = bench_ms();
        struct ui_event ev;
        bool has;

        if (step == 0) {
            (void)ui_touch_down(ui, x, y, r->b.now);
        }
        (void)ui_touch_move(ui, x + way[0] * step * PAN_DP,
                            y + way[1] * step * PAN_DP);
        has = ui_drag_take(ui, &ev);
        event(r, has, &ev);
        timed_frame(r, began);
        r->b.now += 17;
        if (step == STROKE - 1) {
            event(r, ui_touch_up(ui, x, y, r->b.now, &ev), &ev);
        }
    }
}

/* Two fingers: from the street to the town and back. */
static void pinch(struct run *r)
{
    struct ui *ui = &r->b.nav.ui;
    const int x = r->b.look.width / 3;
    const int y = r->b.look.height / 2;

    for (int i = 0; i < PINCHES * PINCH_FRAMES; i++) {
        const int amount = i / PINCH_FRAMES % 2 ? PINCH_AMOUNT : -PINCH_AMOUNT;
        double began = bench_ms();
        struct ui_event ev;

        if (i % PINCH_FRAMES == 0) {
            (void)ui_touch_down(ui, x, y, r->b.now);
        }
        event(r, ui_zoom_at(ui, x, y, amount, true, &ev), &ev);
        timed_frame(r, began);
        r->b.now += 17;
        if (i % PINCH_FRAMES == PINCH_FRAMES - 1) {
            event(r, ui_touch_up(ui, x, y, r->b.now, &ev), &ev);
            timed_frame(r, bench_ms());
        }
    }
}

static void tap(struct run *r, const char *name)
{
    const struct target *t = ui_find(&r->b.nav.ui, name);
    struct ui_event ev;
    double began = bench_ms();

    bench_must(t != NULL ? ERR_OK : ERR_NOT_FOUND, name);
    r->b.now += 1000;
    event(r, ui_tap(&r->b.nav.ui, t, &ev), &ev);
    timed_frame(r, began);
}

static void step(struct run *r)
{
    for (int i = 0; i < STEPS; i++) {
        tap(r, i / 5 % 2 ? "map.in" : "map.out");
        for (int frame = 0; frame < 6; frame++) {
            timed_frame(r, bench_ms());
        }
    }
}

static void tell(struct run *r, const char *what)
{
    const double p99 = bench_times_at(&r->times, 990);
    char name[80];

    (void)snprintf(name, sizeof(name), "map, %s: p99 frame", what);
    bench_at_least(name, FRAMES_LEAST, 1000 / p99, "frames/s");
    (void)snprintf(name, sizeof(name), "map, %s: slowest frame", what);
    bench_says(name, bench_times_at(&r->times, 1000), "ms");
    r->times.count = 0;
}

/* A place where nothing is drawn yet, until all of it stands. */
static double draws_all(struct run *r)
{
    struct timespec from;
    struct timespec to;

    clock_gettime(CLOCK_MONOTONIC, &from);
    rest(r);
    clock_gettime(CLOCK_MONOTONIC, &to);
    return (double)(to.tv_sec - from.tv_sec) * 1000 +
           (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

void bench_map(const struct bench_look *look, const char *pack)
{
    static struct run r;

    memset(&r, 0, sizeof(r));
    bench_times_begin(&r.times, PAN_FRAMES);
    r.b.fake.starts_signed_in = true;
    bench_must(bridge_open(&fake_backend, &r.b.fake, false, &r.b.bridge),
               "worker");
    bench_begin(&r.b, look);
    bench_must(map_new(&r.b.map), "map");
    bench_must(map_open(r.b.map, pack), pack);
    bridge_set_map(r.b.bridge, r.b.map);
    clock_gettime(CLOCK_MONOTONIC, &r.next);
    nav_go(&r.b.nav, GO_MAP);
    bench_says("map, opened: all of it drawn", draws_all(&r), "ms");
    if (map_state(r.b.map)->status != MAP_READY) {
        fprintf(stderr, "ui_bench: %s: not a pack\n", pack);
        bench_must(ERR_BAD_DATA, pack);
    }
    if (ui_find(&r.b.nav.ui, "map.close") != NULL) {
        tap(&r, "map.close"); /* no sheet over it */
    }
    rest(&r);
    r.times.count = 0;
    r.seen = r.drawn = 0;
    pan(&r);
    tell(&r, "a finger across the town");
    bench_says("map, of it in sight drawn at its own level",
               100 * r.drawn / r.seen, "%");
    bench_says("map, after it: the rest drawn", draws_all(&r), "ms");
    pinch(&r);
    tell(&r, "two fingers");
    rest(&r);
    step(&r);
    tell(&r, "steps of zoom");
    bench_end(&r.b);
    bench_times_end(&r.times);
}
