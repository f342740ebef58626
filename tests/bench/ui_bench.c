#include "tests/bench/ui_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int failed;

void bench_must(enum err err, const char *what)
{
    if (err) {
        fprintf(stderr, "ui_bench: %s: %s\n", what, err_text(err));
        exit(1);
    }
}

double bench_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

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

void bench_frame(struct bench *b)
{
    struct rect damage;

    bridge_pump(b->bridge);
    if (bridge_take(b->bridge)) {
        nav_changed(&b->nav);
    }
    if (b->map != NULL) {
        (void)map_take(b->map);
    }
    nav_draw(&b->nav, b->look.width, b->look.height);
    damage = draw_difference(&b->last, &b->nav.ui.list);
    if (rect_is_empty(damage)) {
        return;
    }
    render_paint(b->render, b->nav.ui.engine, &b->nav.ui.list, damage);
    present(b, damage);
    draw_copy(&b->last, &b->nav.ui.list);
    b->frames++;
}

void bench_begin(struct bench *b, const struct bench_look *look)
{
    b->look = *look;
    bench_must(nav_init(&b->nav, bridge_app(b->bridge), PO_DIR), "screens");
    nav_set_text(&b->nav, look->percent);
    bench_must(nav_set_language(&b->nav, look->lang), "language");
    bench_must(render_new(look->width, look->height, &b->render), "pixels");
    b->window = calloc((size_t)look->width * (size_t)look->height, 4);
    bench_must(b->window != NULL ? ERR_OK : ERR_NOMEM, "window");
    b->fake.v.status.clock_runs = true;
    bridge_post(b->bridge, VIEW_STATUS, &b->fake.v.status);
    bench_frame(b);
    bench_frame(b);
}

void bench_end(struct bench *b)
{
    nav_fini(&b->nav);
    bridge_close(b->bridge);
    map_free(b->map);
    render_free(b->render);
    free(b->window);
    memset(b, 0, sizeof(*b));
}

/* --- figures --- */

void bench_times_begin(struct bench_times *t, int most)
{
    t->ms = calloc((size_t)most, sizeof(*t->ms));
    t->count = 0;
    t->most = most;
    bench_must(t->ms != NULL ? ERR_OK : ERR_NOMEM, "times");
}

void bench_times_add(struct bench_times *t, double ms)
{
    if (t->count < t->most) {
        t->ms[t->count++] = ms;
    }
}

void bench_times_end(struct bench_times *t)
{
    free(t->ms);
    t->ms = NULL;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

double bench_times_at(struct bench_times *t, int permille)
{
    const int at = t->count * permille / 1000;

    qsort(t->ms, (size_t)t->count, sizeof(*t->ms), by_size);
    return t->ms[at < t->count ? at : t->count - 1];
}

/* As tablet.sh prints its own rows. */
static void row(const char *what, const char *limit, double ours,
                const char *unit, double ratio)
{
    printf("%-48s %9s %10.2f %-8s", what, limit, ours, unit);
    if (limit[0] != '\0') {
        printf(" %6.3f%s", ratio, ratio > 1 ? "  OVER" : "");
        failed += ratio > 1;
    }
    printf("\n");
    fflush(stdout);
}

void bench_at_most(const char *what, double limit, double ours,
                   const char *unit)
{
    char text[32];

    (void)snprintf(text, sizeof(text), "<= %g", limit);
    row(what, text, ours, unit, ours / limit);
}

void bench_at_least(const char *what, double limit, double ours,
                    const char *unit)
{
    char text[32];

    (void)snprintf(text, sizeof(text), ">= %g", limit);
    row(what, text, ours, unit, limit / ours);
}

void bench_says(const char *what, double ours, const char *unit)
{
    row(what, "", ours, unit, 0);
}

int bench_failed(void)
{
    return failed;
}
