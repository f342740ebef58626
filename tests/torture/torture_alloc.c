/*
 * torture_alloc.c - the n-th allocation of a whole journey fails, once and
 * from then on, on both machines at once; then nothing may be left behind:
 * not a block of memory, not half a save.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/torture/crew.h"
#include "tests/torture/gate.h"

/* Runs of one journey without --all. */
#define SAMPLE 150

struct failure {
    enum scene_journey journey;
    uint64_t nth;
    bool is_lasting;
};

static uint64_t count;
/* Blocks before the machines were made; what an honest run leaves of them:
 * the libraries' own, made once. */
static int64_t at_first, residue;

/* The journey from a fresh start of both programs, then both end. */
static const char *one_failure(struct scene *s, const void *what)
{
    const struct failure *f = what;
    const char *why;
    int64_t left;
    enum err err;

    scene_end(s);
    gate_arm(f->nth, f->is_lasting);
    err = scene_restart(s);
    if (!err) {
        (void)!scene_go(s, f->journey);
    }
    gate_disarm();
    count = gate_count();
    scene_calm(s);
    why = scene_check(s, f->journey);
    scene_close(s);
    left = gate_live() - at_first - residue;
    if (why == NULL && left != 0) {
        snprintf(s->why, sizeof(s->why), "%lld blocks of memory left behind",
                 (long long)left);
        why = s->why;
    }
    return why;
}

void torture_alloc(enum scene_journey j, bool is_all)
{
    static struct scene s;
    struct crew c = { 0, 0 };
    uint64_t step;
    char label[100];

    at_first = gate_live();
    residue = 0;
    for (int warm = 0; warm < 2; warm++) {
        scene_open(&s, j);
        one_failure(&s, &(struct failure){ j, 0, false });
        residue = gate_live() - at_first;
    }
    at_first = gate_live();
    residue = 0;
    scene_open(&s, j);
    step = is_all ? 1 : count / SAMPLE + 1;
    for (uint64_t nth = 1; nth <= count; nth += step) {
        for (int lasting = 0; lasting < 2; lasting++) {
            const struct failure f = { j, nth, lasting != 0 };

            snprintf(label, sizeof(label), "%s, allocation %llu of %llu%s",
                     scene_name(j), (unsigned long long)nth,
                     (unsigned long long)count,
                     lasting ? " and all after it" : "");
            crew_run(&c, &s, one_failure, &f, label);
        }
    }
    scene_close(&s);
    printf("# journey %s | %llu allocations, %llu runs, %llu broken\n",
           scene_name(j), (unsigned long long)count, (unsigned long long)c.runs,
           (unsigned long long)c.failed);
    crew_end(&c, scene_name(j));
}
