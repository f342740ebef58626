/* sim_report.c - what a set lived through, in words and for the table. */
#include <stdio.h>

#include "tests/sim/sim_run.h"

#define YEAR_MS (365.25 * 86400000.0)

static void line(const char *row, const char *text, uint64_t n)
{
    printf("%12llu  %-22s %s\n", (unsigned long long)n, row, text);
}

static void report_faults(const struct sim_totals *t)
{
    for (size_t i = 0; i < WORLD__COUNT; i++) {
        line(world_fault_row((enum world_fault)i),
             world_fault_text((enum world_fault)i), t->fired[i]);
    }
    for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
        line("(disk)", faultvfs_text((enum faultvfs_fault)i), t->disk[i]);
    }
    for (size_t i = 0; i < SIM_FAULT__COUNT; i++) {
        line("(machine)", sim_fault_text((enum sim_fault)i), t->port[i]);
    }
}

/* measure | ours: totals.sh puts the anchors beside them. */
static void write_table(const struct sim_arguments *a,
                        const struct sim_totals *t, unsigned failures)
{
    FILE *out = fopen(a->table, "w");

    if (out == NULL) {
        return;
    }
    fprintf(out, "crypto %s\nfirst %llu\nruns %llu\ncounted %llu\n",
            sim_is_stub() ? "stub" : "real", (unsigned long long)a->seed,
            (unsigned long long)t->runs, (unsigned long long)t->counted);
    fprintf(out, "partitions %llu\nkills %llu\nyears %.2f\n",
            (unsigned long long)t->partitions, (unsigned long long)t->kills,
            (double)t->tablet_ms / YEAR_MS);
    fprintf(out, "operations %llu\nexchanges %llu\nheal_s %.0f\n",
            (unsigned long long)t->operations, (unsigned long long)t->exchanges,
            (double)t->heal_ms_max / 1000.0);
    fprintf(out, "failures %u\n", failures);
    fclose(out);
}

void sim_report(const struct sim_arguments *a, const struct sim_totals *t,
                unsigned failures)
{
    report_faults(t);
    printf("%s cryptography: %llu runs from seed %llu, %llu counted"
           " (>= 2 tablets, >= %d operations, a fault)\n",
           sim_is_stub() ? "stub" : "real", (unsigned long long)t->runs,
           (unsigned long long)a->seed, (unsigned long long)t->counted,
           WORLD_OPS_COUNTED);
    printf("%llu with a partition that healed, %llu with a kill,"
           " %.1f tablet-years\n",
           (unsigned long long)t->partitions, (unsigned long long)t->kills,
           (double)t->tablet_ms / YEAR_MS);
    printf("%llu operations, %llu requests served, converged within %.0f s"
           " of the last fault, %u failed\n",
           (unsigned long long)t->operations, (unsigned long long)t->exchanges,
           (double)t->heal_ms_max / 1000.0, failures);
    if (a->table != NULL) {
        write_table(a, t, failures);
    }
}
