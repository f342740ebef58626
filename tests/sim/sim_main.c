/*
 * sim_main.c - runs the simulated world by seed:
 *   sim --seed N [--runs K] [--tablets T] [--steps S] [--verbose]
 * Without arguments 10 runs; BEATBOOK_SIM_RUNS changes how many.
 * Exit 0 when every promise held and, over many runs, every fault fired.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

#define RUNS_FOR_ALL_FAULTS 100 /* fewer need not meet every fault */

struct totals {
    uint64_t fired[WORLD__COUNT];
    uint64_t disk[FAULTVFS__COUNT];
    uint64_t port[SIM_FAULT__COUNT];
    uint64_t operations, virtual_ms;
};

struct arguments {
    uint64_t seed, runs, tablets, steps;
    bool is_verbose;
};

static void step(struct world *w)
{
    unsigned i = (unsigned)sim_random_below(&w->random, w->tablet_count);

    w->now_ms += 1 + sim_random_below(&w->random, 3000);
    if (sim_random_chance(&w->random, 350)) {
        world_act(w, i);
    }
    if (sim_random_chance(&w->random, 150)) {
        world_harm(w, i);
    }
    world_reap(w);
    for (unsigned n = 0; n < 3; n++) {
        world_sync(w, (unsigned)sim_random_below(&w->random, w->tablet_count));
        world_reap(w);
    }
    world_late(w);
    world_reap(w);
}

static void add_up(const struct world *w, struct totals *t)
{
    for (size_t i = 0; i < WORLD__COUNT; i++) {
        t->fired[i] += w->fired[i];
    }
    for (unsigned n = 0; n <= w->tablet_count; n++) {
        const struct faultvfs *disk =
            n < w->tablet_count ? w->tablets[n].disk : w->disk;

        for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
            t->disk[i] += faultvfs_fired(disk, (enum faultvfs_fault)i);
        }
    }
    t->operations += w->operations;
    t->virtual_ms += w->now_ms;
}

static void run(const struct arguments *a, uint64_t seed, struct totals *t,
                struct hash *trace_out)
{
    struct world *w = calloc(1, sizeof(*w));
    unsigned tablets =
        a->tablets ? (unsigned)a->tablets : 2 + (unsigned)(seed % 4);
    const char *why;
    char text[256];

    if (w == NULL) {
        exit(1);
    }
    w->is_verbose = a->is_verbose;
    world_open(w, seed, tablets);
    for (uint64_t i = 0; i < a->steps; i++) {
        step(w);
    }
    WORLD_ASSERT(w, world_settle(w));
    why = world_check(w, text, sizeof(text));
    if (why != NULL) {
        world_broken(w, why, __FILE__, __LINE__);
    }
    add_up(w, t);
    sha256_end(w->trace, trace_out);
    world_close(w);
    free(w);
}

static int report(const struct arguments *a, const struct totals *t)
{
    int missing = 0;

    printf("%llu runs, %llu saved entries, %.1f virtual days\n",
           (unsigned long long)a->runs, (unsigned long long)t->operations,
           (double)t->virtual_ms / 86400000.0);
    for (size_t i = 0; i < WORLD__COUNT; i++) {
        printf("%8llu %s\n", (unsigned long long)t->fired[i],
               world_fault_text((enum world_fault)i));
        missing += t->fired[i] == 0;
    }
    for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
        printf("%8llu %s\n", (unsigned long long)t->disk[i],
               faultvfs_text((enum faultvfs_fault)i));
        missing += t->disk[i] == 0;
    }
    if (missing > 0 && a->runs >= RUNS_FOR_ALL_FAULTS) {
        printf("not ok: %d kinds of fault never fired\n", missing);
        return 1;
    }
    return 0;
}

static bool parse(int argc, char **argv, struct arguments *a)
{
    const struct {
        const char *name;
        uint64_t *to;
    } numbers[] = {
        { "--seed", &a->seed },
        { "--runs", &a->runs },
        { "--tablets", &a->tablets },
        { "--steps", &a->steps },
    };

    for (int i = 1; i < argc; i++) {
        bool is_known = strcmp(argv[i], "--verbose") == 0;

        a->is_verbose |= is_known;
        for (size_t n = 0; n < ARRAY_LEN(numbers) && i + 1 < argc; n++) {
            if (!is_known && strcmp(argv[i], numbers[n].name) == 0) {
                *numbers[n].to = strtoull(argv[++i], NULL, 10);
                is_known = true;
            }
        }
        if (!is_known) {
            return false;
        }
    }
    return a->runs > 0 && a->tablets < WORLD_TABLETS_MAX;
}

int main(int argc, char **argv)
{
    struct arguments a = { .seed = 1, .runs = 10, .steps = 400 };
    struct totals totals, again;
    struct hash first, second;
    const char *runs = getenv("BEATBOOK_SIM_RUNS");

    if (runs != NULL) {
        a.runs = strtoull(runs, NULL, 10);
    }
    memset(&totals, 0, sizeof(totals));
    memset(&again, 0, sizeof(again));
    if (!parse(argc, argv, &a)) {
        fputs("usage: sim [--seed N] [--runs K] [--tablets T] [--steps S]"
              " [--verbose]\n",
              stderr);
        return 2;
    }
    run(&a, a.seed, &totals, &first);
    if (!a.is_verbose) {
        run(&a, a.seed, &again, &second);
        if (!hash_eq(&first, &second)) {
            printf("not ok: seed %llu ran differently the second time\n",
                   (unsigned long long)a.seed);
            return 1;
        }
    }
    for (uint64_t i = 1; i < a.runs; i++) {
        run(&a, a.seed + i, &totals, &second);
    }
    return report(&a, &totals);
}
