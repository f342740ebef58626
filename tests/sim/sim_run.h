/*
 * sim_run.h - sets of runs: side by side, each failure shrunk and told with
 * the command that repeats it, what fired and what was lived through added
 * up.
 */
#ifndef TESTS_SIM_SIM_RUN_H
#define TESTS_SIM_SIM_RUN_H

#include "tests/sim/world.h"

#define SIM_JOBS_MAX     16
#define SIM_FAILURES_MAX 5    /* of one set; then it stops */
#define SIM_SHRINKS_MAX  120  /* runs spent on making one failure smaller */
#define SIM_RUN_SECONDS  600  /* one that hangs has failed */
#define SIM_ALL_FAULTS   1000 /* a smaller set need not meet every fault */

struct sim_arguments {
    const char *program, *table, *wire;
    uint64_t seed, runs, jobs, minutes;
    uint64_t every; /* from one seed to the next: 16 for one class alone */
    uint64_t tablets, steps; /* 0: as the seed draws */
    bool has_faults, is_allowed[WORLD__COUNT];
    bool is_first, is_verbose;
};

/* What runs add up to. */
struct sim_totals {
    uint64_t runs, counted, partitions, kills;
    uint64_t fired[WORLD__COUNT];
    uint64_t disk[FAULTVFS__COUNT];
    uint64_t port[SIM_FAULT__COUNT];
    uint64_t operations, exchanges, tablet_ms, heal_ms_max;
};

/* The plan of `seed` after what the arguments say. */
void sim_plan(const struct sim_arguments *a, uint64_t seed,
              struct world_plan *out);
/* One run in this process; the process ends when a promise is broken. */
void sim_run(const struct world_plan *plan, bool is_verbose,
             struct sim_totals *t, struct hash *trace_out);
/* Makes a failing plan smaller, then prints the command. sim_shrink.c */
void sim_shrink(const struct sim_arguments *a, struct world_plan *plan);

/* A whole set; the exit code. sim_set.c */
int sim_set(const struct sim_arguments *a);
void sim_report(const struct sim_arguments *a, const struct sim_totals *t,
                unsigned failures);
bool sim_is_stub(void);

#endif /* TESTS_SIM_SIM_RUN_H */
