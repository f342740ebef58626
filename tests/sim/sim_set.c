/* sim_set.c - many runs, in several processes that take seeds in turn. */
#include <malloc.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/leave.h"
#include "tests/sim/sim_run.h"

#define NO_SEED UINT64_MAX

/* SQLite's pages: of all machines of one run. */
#define PAGES      8192
#define PAGE_BYTES 4608 /* with what SQLite keeps of each */

/* Shared by all processes of a set. */
struct set {
    _Atomic uint64_t next; /* seeds handed out */
    _Atomic bool is_over;
    struct {
        uint64_t seed; /* that it runs now */
        struct sim_totals totals;
    } jobs[SIM_JOBS_MAX];
};

static bool has_time(const struct sim_arguments *a, time_t from)
{
    return a->minutes == 0 || time(NULL) - from < (time_t)a->minutes * 60;
}

static void work(const struct sim_arguments *a, struct set *set, size_t job,
                 time_t from)
{
    struct sim_totals *t = &set->jobs[job].totals;
    struct world_plan plan;
    struct hash trace;

    for (;;) {
        uint64_t n = atomic_fetch_add(&set->next, 1);

        if (n >= a->runs || set->is_over || !has_time(a, from)) {
            set->jobs[job].seed = NO_SEED;
            leave(0);
        }
        set->jobs[job].seed = a->seed + n * a->every;
        sim_plan(a, set->jobs[job].seed, &plan);
        alarm(SIM_RUN_SECONDS);
        sim_run(&plan, false, t, &trace);
    }
}

static pid_t start(const struct sim_arguments *a, struct set *set, size_t job,
                   time_t from)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        work(a, set, job, from);
    }
    return child;
}

/* The first seed twice: the same logical events. */
static bool is_repeatable(const struct sim_arguments *a)
{
    struct sim_totals t = { .runs = 0 };
    struct world_plan plan;
    struct hash first, second;

    sim_plan(a, a->seed, &plan);
    sim_run(&plan, a->is_verbose, &t, &first);
    sim_run(&plan, false, &t, &second);
    return hash_eq(&first, &second);
}

static unsigned run_all(const struct sim_arguments *a, struct set *set)
{
    pid_t children[SIM_JOBS_MAX];
    time_t from = time(NULL);
    unsigned failures = 0;
    size_t alive = 0;
    int status;
    pid_t one;

    for (; alive < a->jobs; alive++) {
        children[alive] = start(a, set, alive, from);
    }
    while (alive > 0 && (one = wait(&status)) > 0) {
        size_t job = 0;
        struct world_plan plan;

        while (job < a->jobs && children[job] != one) {
            job++;
        }
        if (job == a->jobs) {
            continue;
        }
        if (status == 0) {
            alive--;
            continue;
        }
        failures++;
        set->is_over = a->is_first || failures >= SIM_FAILURES_MAX;
        sim_plan(a, set->jobs[job].seed, &plan);
        printf("FAILED seed %llu\n", (unsigned long long)plan.seed);
        if (!a->is_first) {
            sim_shrink(a, &plan);
        }
        children[job] = start(a, set, job, from);
    }
    return failures;
}

static void add(struct sim_totals *to, const struct sim_totals *t)
{
    to->runs += t->runs;
    to->counted += t->counted;
    to->partitions += t->partitions;
    to->kills += t->kills;
    to->operations += t->operations;
    to->exchanges += t->exchanges;
    to->tablet_ms += t->tablet_ms;
    if (t->heal_ms_max > to->heal_ms_max) {
        to->heal_ms_max = t->heal_ms_max;
    }
    for (size_t i = 0; i < WORLD__COUNT; i++) {
        to->fired[i] += t->fired[i];
    }
    for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
        to->disk[i] += t->disk[i];
    }
    for (size_t i = 0; i < SIM_FAULT__COUNT; i++) {
        to->port[i] += t->port[i];
    }
}

/* Counters that stayed at 0. */
static unsigned silent(const struct sim_totals *t)
{
    unsigned n = 0;

    for (size_t i = 0; i < WORLD__COUNT; i++) {
        n += t->fired[i] == 0;
    }
    for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
        n += t->disk[i] == 0;
    }
    for (size_t i = 0; i < SIM_FAULT__COUNT; i++) {
        n += t->port[i] == 0;
    }
    return n;
}

static int set_result(const struct sim_arguments *a, struct set *set,
                      unsigned failures)
{
    struct sim_totals all = { .runs = 0 };
    bool is_complete =
        a->minutes == 0 && a->runs >= SIM_ALL_FAULTS && a->every == 1;

    for (size_t i = 0; i < a->jobs; i++) {
        add(&all, &set->jobs[i].totals);
    }
    sim_report(a, &all, failures);
    if (is_complete && !a->has_faults && silent(&all) > 0) {
        printf("not ok: %u kinds of fault never fired\n", silent(&all));
        return 1;
    }
    return failures > 0;
}

int sim_set(const struct sim_arguments *a)
{
    static _Alignas(16) uint8_t pages[(size_t)PAGES * PAGE_BYTES];
    struct set *set = mmap(NULL, sizeof(*set), PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int code;

    if (set == MAP_FAILED) {
        return 1;
    }
    /* One thread; buffers of megabytes come and go. */
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 200);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, pages, PAGE_BYTES, PAGES);
    if (a->is_verbose || a->runs == 1) {
        struct sim_totals *t = &set->jobs[0].totals;
        struct world_plan plan;
        struct hash trace;

        sim_plan(a, a->seed, &plan);
        sim_run(&plan, a->is_verbose, t, &trace);
        code = set_result(a, set, 0);
    } else if (a->minutes == 0 && !a->is_first && !is_repeatable(a)) {
        printf("not ok: seed %llu ran differently the second time\n",
               (unsigned long long)a->seed);
        code = 1;
    } else {
        code = set_result(a, set, run_all(a, set));
    }
    munmap(set, sizeof(*set));
    return code;
}
