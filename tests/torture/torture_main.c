/*
 * torture_main.c - usage: torture power|cuts|calls|alloc|flip
 *                         [save|sync|enrol] [--all]
 */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "tests/torture/crew.h"

static const struct {
    const char *name;
    void (*go)(enum scene_journey j, bool is_all);
} parts[] = {
    { "power", torture_power }, { "cuts", torture_cuts },
    { "calls", torture_calls }, { "alloc", torture_alloc },
    { "flip", torture_flip },
};
static const char *const journeys[] = { "save", "sync", "enrol" };

int main(int argc, char **argv)
{
    bool is_all = false, is_chosen[SCENE__COUNT] = { false };
    bool is_any = false;
    size_t part = ARRAY_LEN(parts);

    setvbuf(stdout, NULL, _IOLBF, 0);
    sqlite3_initialize();
    for (int i = 1; i < argc; i++) {
        for (size_t n = 0; n < ARRAY_LEN(parts); n++) {
            part = strcmp(argv[i], parts[n].name) == 0 ? n : part;
        }
        for (size_t n = 0; n < ARRAY_LEN(journeys); n++) {
            is_chosen[n] = is_chosen[n] || strcmp(argv[i], journeys[n]) == 0;
            is_any = is_any || is_chosen[n];
        }
        is_all = is_all || strcmp(argv[i], "--all") == 0;
    }
    if (part == ARRAY_LEN(parts)) {
        fprintf(stderr, "usage: torture power|cuts|calls|alloc|flip "
                        "[save|sync|enrol] [--all]\n");
        return 2;
    }
    for (size_t n = 0; n < ARRAY_LEN(journeys); n++) {
        if (!is_any || is_chosen[n]) {
            parts[part].go((enum scene_journey)n, is_all);
        }
    }
    return 0;
}
