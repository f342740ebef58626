/*
 * sim_shrink.c - a failing run made smaller: fewer kinds of fault, fewer
 * tablets, fewer steps, each tried in a process of its own.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/sim/sim_run.h"

/* True when `plan` still fails. */
static bool fails(const struct world_plan *plan, bool is_told)
{
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        struct sim_totals t = { .runs = 0 };
        struct hash trace;
        int null = open("/dev/null", O_WRONLY);

        if (!is_told && null >= 0) {
            dup2(null, STDERR_FILENO);
        }
        alarm(SIM_RUN_SECONDS / 10);
        sim_run(plan, false, &t, &trace);
        _exit(0);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}

struct shrink {
    struct world_plan best;
    unsigned tries;
};

static bool attempt(struct shrink *s, const struct world_plan *plan)
{
    if (s->tries >= SIM_SHRINKS_MAX) {
        return false;
    }
    s->tries++;
    if (!fails(plan, false)) {
        return false;
    }
    s->best = *plan;
    return true;
}

static void fewer_faults(struct shrink *s)
{
    for (size_t f = 0; f < WORLD__COUNT; f++) {
        struct world_plan plan = s->best;

        if (plan.permille[f] > 0) {
            plan.permille[f] = 0;
            (void)attempt(s, &plan);
        }
    }
}

static void fewer_tablets(struct shrink *s)
{
    static const unsigned counts[] = { 1, 2, 3, 5, 10 };

    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        struct world_plan plan = s->best;

        plan.tablets = counts[i];
        if (counts[i] < s->best.tablets && attempt(s, &plan)) {
            return;
        }
    }
}

/* Halves what is taken away as long as that makes it pass. */
static void fewer_steps(struct shrink *s)
{
    unsigned less = s->best.steps / 2;

    while (less > 0) {
        struct world_plan plan = s->best;

        plan.steps -= less;
        if (plan.steps == 0 || !attempt(s, &plan)) {
            less /= 2;
        } else if (less > s->best.steps / 2) {
            less = s->best.steps / 2;
        }
    }
}

static const char *commit_hash(char out[48])
{
    FILE *git = popen("git rev-parse --short=12 HEAD 2>/dev/null", "r");

    if (git == NULL || fgets(out, 48, git) == NULL) {
        snprintf(out, 48, "unknown");
    }
    if (git != NULL) {
        pclose(git);
    }
    out[strcspn(out, "\n")] = '\0';
    return out;
}

static void print_command(const struct sim_arguments *a,
                          const struct world_plan *plan)
{
    char hash[48];
    const char *comma = "";

    printf("replay (git %s): %s --seed %llu --runs 1 --tablets %u"
           " --steps %u --faults ",
           commit_hash(hash), a->program, (unsigned long long)plan->seed,
           plan->tablets, plan->steps);
    for (size_t f = 0; f < WORLD__COUNT; f++) {
        if (plan->permille[f] > 0) {
            printf("%s%s", comma, world_fault_name((enum world_fault)f));
            comma = ",";
        }
    }
    printf("%s --verbose\n", *comma == '\0' ? "none" : "");
    fflush(stdout);
}

void sim_shrink(const struct sim_arguments *a, struct world_plan *plan)
{
    struct shrink s = { .best = *plan };
    unsigned before;

    if (!fails(plan, true)) {
        printf("seed %llu failed once and not again: not repeatable\n",
               (unsigned long long)plan->seed);
        print_command(a, plan);
        return;
    }
    do {
        before = s.tries;
        fewer_faults(&s);
        fewer_tablets(&s);
        fewer_steps(&s);
    } while (before == 0);
    *plan = s.best;
    (void)fails(&s.best, true);
    print_command(a, &s.best);
}
