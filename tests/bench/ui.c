/*
 * ui.c - how fast the screens answer: figures beside their limits, in one
 * run.
 *
 * usage: ui_bench [--size WxH] [--text PERCENT] [--lang CODE] [--map PACK]
 *
 * The whole way of a touch but for the window: the worker, the screen's
 * drawing, the difference of two frames, the pixels and their copy. Without
 * a pack (or BEATBOOK_MAP) the map is skipped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/bench/ui_bench.h"

#define TAPS          400
#define SCROLL_FRAMES 1200
#define SCROLL_DP     24 /* a frame: 1,440 dp a second, a fast finger */
#define ENTRIES       100000
#define PAGE_ENTRIES  12
#define IDLE_SECONDS  600

/* Limits: issue "The officer's tablet", Figures. */
#define TAP_MS_MOST  50.0
#define FRAMES_LEAST 60.0
/* The clock's minutes, and the lock after three of them. */
#define IDLE_FRAMES_MOST (IDLE_SECONDS / 60.0 + 1)
#define IDLE_CPU_MOST    0.05 /* per cent: what shows as 0 */

/* --- a book of 100,000 entries, page by page --- */

static void fill_page(struct view_notebook *v, int page)
{
    memset(v, 0, sizeof(*v));
    v->page_count = (ENTRIES + PAGE_ENTRIES - 1) / PAGE_ENTRIES;
    v->page = page > 0 && page <= v->page_count ? page : v->page_count;
    v->total_count = ENTRIES;
    v->chain_fits = true;
    v->date_ms = FAKE_NOW_MS;
    snprintf(v->book, sizeof(v->book), "WB-PNB-0117");
    for (int i = 0; i < PAGE_ENTRIES; i++) {
        const int number = (v->page - 1) * PAGE_ENTRIES + i + 1;
        struct view_entry *e = &v->entries[i];

        if (number > ENTRIES) {
            break;
        }
        e->number = number;
        e->made_ms = FAKE_NOW_MS - (int64_t)(ENTRIES - number) * 60000;
        e->fits = true;
        snprintf(e->text, sizeof(e->text),
                 "Entry %d. Spoke to two drivers at the taxi rank about "
                 "engines left running. Both switched off when asked.",
                 number);
        v->entry_count++;
    }
}

static void bench_handle(void *ctx, const struct command *cmd)
{
    struct bench *b = ctx;

    if (cmd->kind == CMD_OPEN_PAGE) {
        fill_page(&b->fake.v.notebook, cmd->number);
        bridge_post(b->bridge, VIEW_NOTEBOOK, &b->fake.v.notebook);
        return;
    }
    fake_backend.handle(&b->fake, cmd);
}

static enum err bench_open(void *ctx, struct bridge *bridge)
{
    struct bench *b = ctx;

    b->bridge = bridge;
    return fake_backend.open(&b->fake, bridge);
}

static int bench_idle(void *ctx)
{
    (void)ctx;
    return -1;
}

static void bench_close(void *ctx)
{
    (void)ctx;
}

static const struct app_backend bench_backend = {
    .open = bench_open,
    .handle = bench_handle,
    .idle = bench_idle,
    .close = bench_close,
};

static void open_bench(struct bench *b, const struct bench_look *look)
{
    b->fake.starts_signed_in = true;
    bench_must(bridge_open(&bench_backend, b, false, &b->bridge), "worker");
    bench_begin(b, look);
}

/* --- tap to drawn response --- */

/* Finger down, drawn; finger up, done by the worker, drawn. */
static double tap(struct bench *b, const struct target *t)
{
    struct rect seen = rect_intersect(t->box, t->clip);
    const int x = seen.x + seen.w / 2;
    const int y = seen.y + seen.h / 2;
    struct ui_event ev;
    double start;
    double down;

    b->now += 1000;
    start = bench_ms();
    (void)ui_touch_down(&b->nav.ui, x, y, b->now);
    bench_frame(b);
    down = bench_ms() - start;
    start = bench_ms();
    if (ui_touch_up(&b->nav.ui, x, y, b->now + 100, &ev)) {
        nav_event(&b->nav, &ev);
    }
    bench_frame(b);
    start = bench_ms() - start;
    return down > start ? down : start;
}

/* Any control in sight but those that end the shift. */
static const struct target *pick(struct bench *b, unsigned *seed)
{
    const struct ui *ui = &b->nav.ui;

    for (int i = 0; i < 200; i++) {
        const struct target *t;

        *seed = *seed * 1103515245u + 12345u;
        t = &ui->targets[(*seed >> 8) % (unsigned)ui->target_count];
        if (ui_is_live(ui, t) && t->part != UI_SOS &&
            strcmp(t->name, "me.lock") != 0 &&
            strcmp(t->name, "me.sign-out") != 0 &&
            !rect_is_empty(rect_intersect(t->box, t->clip))) {
            return t;
        }
    }
    return &ui->targets[0];
}

static void bench_taps(struct bench *b)
{
    struct bench_times t;
    unsigned seed = 1;

    bench_times_begin(&t, TAPS);
    for (int i = 0; i < TAPS; i++) {
        bench_times_add(&t, tap(b, pick(b, &seed)));
    }
    bench_at_most("tap to drawn response, p99 of 400", TAP_MS_MOST,
                  bench_times_at(&t, 990), "ms");
    bench_says("tap to drawn response, slowest", bench_times_at(&t, 1000),
               "ms");
    bench_times_end(&t);
}

/* --- scrolling --- */

/* A page must be higher than the screen. */
static void open_book(struct bench *b)
{
    nav_go(&b->nav, GO_NOTEBOOK);
    nav_set_text(&b->nav, b->look.percent < 150 ? 150 : b->look.percent);
    bench_must(app_open_page(b->nav.app, 1), "page");
    bench_frame(b);
    bench_frame(b);
}

/* Through page after page, as fast as frames come. */
static void bench_scroll(struct bench *b)
{
    const int x = b->look.width * 2 / 5;
    const int y = b->look.height * 5 / 8;
    struct bench_times t;
    int page = 1;

    bench_times_begin(&t, SCROLL_FRAMES);
    open_book(b);
    for (int i = 0; i < SCROLL_FRAMES; i++) {
        double start = bench_ms();

        (void)ui_touch_down(&b->nav.ui, x, y, b->now);
        (void)ui_touch_move(&b->nav.ui, x, y - 20);
        if (!ui_touch_move(&b->nav.ui, x, y - 20 - SCROLL_DP)) {
            page = page * 2 % (ENTRIES / PAGE_ENTRIES) + 1;
            bench_must(app_open_page(b->nav.app, page), "page");
            memset(b->nav.ui.scrolls, 0, sizeof(b->nav.ui.scrolls));
        }
        bench_frame(b);
        bench_times_add(&t, bench_ms() - start);
        b->nav.ui.is_panning = false;
    }
    bench_at_least("scrolling 100,000 entries, p99 frame", FRAMES_LEAST,
                   1000 / bench_times_at(&t, 990), "frames/s");
    bench_says("scrolling 100,000 entries, slowest frame",
               bench_times_at(&t, 1000), "ms");
    nav_set_text(&b->nav, b->look.percent);
    bench_times_end(&t);
}

/* --- nobody touches it --- */

static void bench_idle_frames(struct bench *b)
{
    long before;
    double spent;
    int64_t end;

    nav_go(&b->nav, GO_NOTEBOOK);
    bench_frame(b);
    bench_frame(b);
    b->now += MS_TOAST_STAY;
    (void)nav_tick(&b->nav, b->now);
    bench_frame(b);
    end = b->now + (int64_t)IDLE_SECONDS * 1000;
    before = b->frames;
    spent = bench_ms();
    while (b->now < end) { /* as the loop does: sleep until the next tick */
        const int wait = nav_next_tick(&b->nav);

        b->now = wait < 0 ? end : b->now + wait;
        if (b->now < end && nav_tick(&b->nav, b->now)) {
            bench_frame(b);
        }
    }
    spent = bench_ms() - spent;
    bench_at_most("frames of ten idle minutes", IDLE_FRAMES_MOST,
                  (double)(b->frames - before), "frames");
    bench_at_most("their drawing, of one processor", IDLE_CPU_MOST,
                  spent * 100 / (IDLE_SECONDS * 1000.0), "%");
}

/* --- options --- */

static bool parse(int argc, char **argv, struct bench_look *look,
                  const char **map)
{
    for (int i = 1; i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";

        if (strcmp(argv[i], "--size") == 0 &&
            sscanf(value, "%5dx%5d", &look->width, &look->height) == 2) {
            continue;
        }
        if (strcmp(argv[i], "--text") == 0 && atoi(value) >= 100) {
            look->percent = atoi(value);
        } else if (strcmp(argv[i], "--lang") == 0) {
            look->lang = value;
        } else if (strcmp(argv[i], "--map") == 0) {
            *map = value;
        } else {
            return false;
        }
    }
    return look->width >= 740 && look->height >= 600;
}

int main(int argc, char **argv)
{
    static struct bench b;
    struct bench_look look = {
        .width = 1280, .height = 800, .percent = 100, .lang = "en"
    };
    const char *map = getenv("BEATBOOK_MAP");
    struct rusage use;

    if (!parse(argc, argv, &look, &map)) {
        fprintf(stderr, "usage: ui_bench [--size WxH] [--text PERCENT] "
                        "[--lang CODE] [--map PACK]\n");
        return 2;
    }
    printf("screens drawn at %dx%d, text %d %%, %s; processor's time\n",
           look.width, look.height, look.percent, look.lang);
    open_bench(&b, &look);
    bench_taps(&b);
    bench_end(&b);
    open_bench(&b, &look);
    bench_scroll(&b);
    bench_idle_frames(&b);
    bench_end(&b);
    if (map != NULL && map[0] != '\0') {
        bench_map(&look, map);
    } else {
        printf("map: skipped, no pack was named\n");
    }
    getrusage(RUSAGE_SELF, &use);
    bench_says("memory of all this, at most", (double)use.ru_maxrss / 1024,
               "MB");
    return bench_failed() != 0;
}
