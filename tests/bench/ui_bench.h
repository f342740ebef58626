/*
 * ui_bench.h - what the parts of ui_bench share: the whole way of a touch
 * but for the window, and a table of figures beside their limits.
 */
#ifndef TESTS_BENCH_UI_BENCH_H
#define TESTS_BENCH_UI_BENCH_H

#include "tests/ui/fake_app.h"
#include "ui/kit/input.h"
#include "ui/kit/render.h"
#include "ui/map/map.h"
#include "ui/nav.h"

/* How the screens are looked at. */
struct bench_look {
    int width; /* dp, and pixels */
    int height;
    int percent;
    const char *lang;
};

struct bench {
    struct fake_app fake;
    struct bridge *bridge;
    struct nav nav;
    struct draw_list last;
    struct render *render;
    struct map *map; /* NULL: none is looked at */
    uint8_t *window; /* where SDL would have the picture */
    struct bench_look look;
    int64_t now; /* ms, ours alone */
    long frames; /* that painted something */
};

/* Frame times, sorted by bench_sort. */
struct bench_times {
    double *ms;
    int count;
    int most;
};

/* Stops the program, with a line that says why. */
void bench_must(enum err err, const char *what);

/* This thread's processor time: what else runs does not count. */
double bench_ms(void);

/* With the worker of `b` open, signed in: drawn once. */
void bench_begin(struct bench *b, const struct bench_look *look);
void bench_end(struct bench *b);
/* What the loop of the window does: views, draw list, pixels, copy. */
void bench_frame(struct bench *b);

void bench_times_begin(struct bench_times *t, int most);
void bench_times_add(struct bench_times *t, double ms);
void bench_times_end(struct bench_times *t);
/* The slowest but `permille` of them; 1000: the slowest. Sorts. */
double bench_times_at(struct bench_times *t, int permille);

/* One row of the table; counts those over their limit. */
void bench_at_most(const char *what, double limit, double ours,
                   const char *unit);
void bench_at_least(const char *what, double limit, double ours,
                    const char *unit);
/* A row that nothing limits. */
void bench_says(const char *what, double ours, const char *unit);
int bench_failed(void);

/* --- the parts --- */

void bench_map(const struct bench_look *look, const char *pack);

#endif /* TESTS_BENCH_UI_BENCH_H */
