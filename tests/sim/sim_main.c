/*
 * sim_main.c - runs the simulated world by seed; see usage[] below.
 * Exit 0 when every promise held and, over many runs, every fault fired.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim_run.h"

static const char usage[] =
    "usage: sim [--seed N] [--runs K] [--every E] [--jobs J] [--minutes M]\n"
    "           [--tablets T] [--steps S] [--faults NAME,...]\n"
    "           [--table FILE] [--wire FILE] [--first] [--verbose]\n"
    "--seed N     the first seed (1)\n"
    "--runs K     how many (10)\n"
    "--every E    each E-th seed only (1): one class of runs\n"
    "--jobs J     processes side by side (1)\n"
    "--minutes M  no new seed after so long\n"
    "--tablets T, --steps S, --faults ...: in place of what the seed draws\n"
    "--table FILE lines for the table of measures\n"
    "--first      stop at the first failure, without shrinking it\n"
    "--wire FILE  what went over the wire; one run\n"
    "--verbose    every logical event; one run, no shrinking\n";

static bool parse_faults(const char *list, struct sim_arguments *a)
{
    char name[32];

    a->has_faults = true;
    while (*list != '\0') {
        size_t len = strcspn(list, ",");
        size_t f = 0;

        snprintf(name, sizeof(name), "%.*s", (int)len, list);
        while (f < WORLD__COUNT &&
               strcmp(name, world_fault_name((enum world_fault)f)) != 0) {
            f++;
        }
        if (f == WORLD__COUNT && strcmp(name, "none") != 0) {
            return false;
        }
        if (f < WORLD__COUNT) {
            a->is_allowed[f] = true;
        }
        list += len + (list[len] == ',');
    }
    return true;
}

static bool parse_number(const char *name, const char *value,
                         struct sim_arguments *a)
{
    const struct {
        const char *name;
        uint64_t *to;
    } numbers[] = {
        { "--seed", &a->seed },       { "--runs", &a->runs },
        { "--tablets", &a->tablets }, { "--steps", &a->steps },
        { "--jobs", &a->jobs },       { "--minutes", &a->minutes },
        { "--every", &a->every },
    };

    for (size_t n = 0; n < ARRAY_LEN(numbers); n++) {
        if (strcmp(name, numbers[n].name) == 0) {
            *numbers[n].to = strtoull(value, NULL, 10);
            return true;
        }
    }
    return false;
}

static bool parse(int argc, char **argv, struct sim_arguments *a)
{
    a->program = argv[0];
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;

        if (strcmp(argv[i], "--verbose") == 0) {
            a->is_verbose = true;
        } else if (strcmp(argv[i], "--first") == 0) {
            a->is_first = true;
        } else if (has_value && strcmp(argv[i], "--table") == 0) {
            a->table = argv[++i];
        } else if (has_value && strcmp(argv[i], "--wire") == 0) {
            a->wire = argv[++i];
        } else if (has_value && strcmp(argv[i], "--faults") == 0) {
            if (!parse_faults(argv[++i], a)) {
                return false;
            }
        } else if (has_value && parse_number(argv[i], argv[i + 1], a)) {
            i++;
        } else {
            return false;
        }
    }
    return a->runs > 0 && a->jobs > 0 && a->jobs <= SIM_JOBS_MAX &&
           a->tablets <= WORLD_TABLETS_MAX;
}

int main(int argc, char **argv)
{
    struct sim_arguments a = { .seed = 1, .runs = 10, .jobs = 1, .every = 1 };

    if (!parse(argc, argv, &a)) {
        fputs(usage, stderr);
        return 2;
    }
    return sim_set(&a);
}
