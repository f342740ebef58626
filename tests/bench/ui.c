/*
 * ui.c - how fast the screens answer: ratios to their limits, in one run.
 *
 * usage: ui_bench [TAPS]
 *
 * The whole way of a touch but for the window: the worker, the screen's
 * drawing, the difference of two frames, the pixels and their copy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "tests/ui/fake_app.h"
#include "ui/kit/input.h"
#include "ui/kit/render.h"
#include "ui/nav.h"

#define WIDTH         1280
#define HEIGHT        800
#define TAPS_DEFAULT  400
#define SCROLL_FRAMES 1200
#define SCROLL_DP     24 /* a frame: 1,440 dp a second, a fast finger */
#define ENTRIES       100000
#define PAGE_ENTRIES  12
#define IDLE_SECONDS  600

/* Limits: issue "The officer's tablet", Figures. */
#define TAP_MS_MOST      50.0
#define FRAMES_LEAST     60.0
#define IDLE_FRAMES_MOST (IDLE_SECONDS / 60.0) /* the clock's minutes */
#define IDLE_CPU_MOST    0.05                  /* per cent: what shows as 0 */

struct bench {
    struct fake_app fake;
    struct bridge *bridge;
    struct nav nav;
    struct draw_list last;
    struct render *render;
    uint8_t *window; /* where SDL would have the picture */
    int64_t now;     /* ms, ours alone */
    long frames;     /* that painted something */
};

/* The processor's time: one thread that never waits has no other, and what
 * else runs on the machine does not count. */
static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void must(enum err err, const char *what)
{
    if (err) {
        fprintf(stderr, "ui_bench: %s: %s\n", what, err_text(err));
        exit(1);
    }
}

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

/* --- a frame --- */

static void present(struct bench *b, struct rect r)
{
    int stride = 0;
    const uint8_t *pixels = render_pixels(b->render, &stride);

    for (int y = r.y; y < r.y + r.h; y++) {
        const size_t at = (size_t)y * (size_t)stride + (size_t)r.x * 4;

        memcpy(b->window + at, pixels + at, (size_t)r.w * 4);
    }
}

static void frame(struct bench *b)
{
    struct rect damage;

    bridge_pump(b->bridge);
    if (bridge_take(b->bridge)) {
        nav_changed(&b->nav);
    }
    nav_draw(&b->nav, WIDTH, HEIGHT);
    damage = draw_difference(&b->last, &b->nav.ui.list);
    if (rect_is_empty(damage)) {
        return;
    }
    render_paint(b->render, b->nav.ui.engine, &b->nav.ui.list, damage);
    present(b, damage);
    memcpy(&b->last, &b->nav.ui.list, sizeof(b->last));
    b->frames++;
}

static void open_bench(struct bench *b)
{
    memset(b, 0, sizeof(*b));
    b->fake.starts_signed_in = true;
    must(bridge_open(&bench_backend, b, false, &b->bridge), "worker");
    must(nav_init(&b->nav, bridge_app(b->bridge), PO_DIR), "screens");
    must(render_new(WIDTH, HEIGHT, &b->render), "pixels");
    b->window = calloc((size_t)WIDTH * HEIGHT, 4);
    must(b->window != NULL ? ERR_OK : ERR_NOMEM, "window");
    b->fake.v.status.clock_runs = true;
    bridge_post(b->bridge, VIEW_STATUS, &b->fake.v.status);
    frame(b);
    frame(b);
}

static void close_bench(struct bench *b)
{
    nav_fini(&b->nav);
    bridge_close(b->bridge);
    render_free(b->render);
    free(b->window);
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
    start = now_ms();
    (void)ui_touch_down(&b->nav.ui, x, y, b->now);
    frame(b);
    down = now_ms() - start;
    start = now_ms();
    if (ui_touch_up(&b->nav.ui, x, y, b->now + 100, &ev)) {
        nav_event(&b->nav, &ev);
    }
    frame(b);
    start = now_ms() - start;
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

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void figure(const char *what, double value, const char *unit,
                   double ratio)
{
    printf("%-44s %9.2f %-9s %6.3f of the limit%s\n", what, value, unit, ratio,
           ratio > 1 ? "  TOO MUCH" : "");
}

static double bench_taps(struct bench *b, int taps)
{
    double *ms = calloc((size_t)taps, sizeof(*ms));
    unsigned seed = 1;
    double p99;

    must(ms != NULL ? ERR_OK : ERR_NOMEM, "taps");
    for (int i = 0; i < taps; i++) {
        ms[i] = tap(b, pick(b, &seed));
    }
    qsort(ms, (size_t)taps, sizeof(*ms), by_size);
    p99 = ms[taps * 99 / 100];
    printf("%d taps: median %.2f ms, worst %.2f ms\n", taps, ms[taps / 2],
           ms[taps - 1]);
    figure("tap to drawn response, p99, 1280x800", p99, "ms",
           p99 / TAP_MS_MOST);
    free(ms);
    return p99 / TAP_MS_MOST;
}

/* --- scrolling --- */

static void open_book(struct bench *b)
{
    nav_go(&b->nav, GO_NOTEBOOK);
    nav_set_text(&b->nav, 150); /* a page is then higher than the screen */
    must(app_open_page(b->nav.app, 1), "page");
    frame(b);
    frame(b);
}

/* Through page after page, as fast as frames come. */
static double bench_scroll(struct bench *b)
{
    double *ms = calloc(SCROLL_FRAMES, sizeof(*ms));
    int page = 1;
    double sum = 0;
    double fps;

    must(ms != NULL ? ERR_OK : ERR_NOMEM, "frames");
    open_book(b);
    for (int i = 0; i < SCROLL_FRAMES; i++) {
        double start = now_ms();

        (void)ui_touch_down(&b->nav.ui, 500, 500, b->now);
        (void)ui_touch_move(&b->nav.ui, 500, 480);
        if (!ui_touch_move(&b->nav.ui, 500, 480 - SCROLL_DP)) {
            page = page * 2 % (ENTRIES / PAGE_ENTRIES) + 1;
            must(app_open_page(b->nav.app, page), "page");
            memset(b->nav.ui.scrolls, 0, sizeof(b->nav.ui.scrolls));
        }
        frame(b);
        ms[i] = now_ms() - start;
        b->nav.ui.is_panning = false;
        sum += ms[i];
    }
    qsort(ms, SCROLL_FRAMES, sizeof(*ms), by_size);
    fps = 1000.0 * SCROLL_FRAMES / sum;
    printf("%d frames over %d entries: mean %.0f frames/s, slowest %.2f ms\n",
           SCROLL_FRAMES, ENTRIES, fps, ms[SCROLL_FRAMES - 1]);
    fps = 1000.0 / ms[SCROLL_FRAMES * 99 / 100];
    figure("scrolling 100,000 entries, p99 frame", fps, "frames/s",
           FRAMES_LEAST / fps);
    nav_set_text(&b->nav, 100);
    free(ms);
    return FRAMES_LEAST / fps;
}

/* --- nobody touches it --- */

static double bench_idle_frames(struct bench *b)
{
    long before;
    double spent;
    int64_t end;

    nav_go(&b->nav, GO_NOTEBOOK);
    frame(b);
    frame(b);
    b->now += MS_TOAST_STAY;
    (void)nav_tick(&b->nav, b->now);
    frame(b);
    end = b->now + (int64_t)IDLE_SECONDS * 1000;
    before = b->frames;
    spent = now_ms();
    while (b->now < end) { /* as the loop does: sleep until the next tick */
        const int wait = nav_next_tick(&b->nav);

        b->now = wait < 0 ? end : b->now + wait;
        if (b->now < end && nav_tick(&b->nav, b->now)) {
            frame(b);
        }
    }
    spent = now_ms() - spent;
    spent = spent * 100 / (IDLE_SECONDS * 1000.0);
    figure("frames in 10 idle minutes, the clock's own",
           (double)(b->frames - before), "frames",
           (double)(b->frames - before) / IDLE_FRAMES_MOST);
    figure("CPU while idle", spent, "%", spent / IDLE_CPU_MOST);
    return (double)(b->frames - before) / IDLE_FRAMES_MOST;
}

int main(int argc, char **argv)
{
    static struct bench b;
    const int taps = argc > 1 ? atoi(argv[1]) : TAPS_DEFAULT;
    struct rusage use;
    double worst[3];
    int bad = 0;

    open_bench(&b);
    worst[0] = bench_taps(&b, taps > 0 ? taps : TAPS_DEFAULT);
    close_bench(&b);
    open_bench(&b);
    worst[1] = bench_scroll(&b);
    worst[2] = bench_idle_frames(&b);
    close_bench(&b);
    getrusage(RUSAGE_SELF, &use);
    printf("%-44s %9.1f MB\n", "memory of all this, at most",
           (double)use.ru_maxrss / 1024);
    for (size_t i = 0; i < ARRAY_LEN(worst); i++) {
        bad += worst[i] > 1;
    }
    return bad != 0;
}
