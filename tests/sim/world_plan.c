/* world_plan.c - a run's own weather: some faults often, some never. */
#include <string.h>

#include "tests/sim/world.h"

/* With real signatures a run takes ten times as long: it lives longer, too. */
#define WEEKS        5
#define WEEKS_REAL   12
#define OFF_PERMILLE 350 /* a fault that this run doesn't know */

static const unsigned base[] = {
#define X(name, permille, row, text) permille,
    WORLD_FAULTS(X)
#undef X
};

/* Mostly a beat's team: what goes wrong among five goes wrong among two or
 * three, in half the time. Sometimes a council's whole fleet. */
static unsigned draw_tablets(struct sim_random *r)
{
    static const unsigned teams[] = { 2, 2, 2, 2, 2, 2, 3, 3, 4, 5 };

    if (sim_random_chance(r, 2)) {
        return 50;
    }
    if (sim_random_chance(r, 8)) {
        return 6 + (unsigned)sim_random_below(r, 15);
    }
    return teams[sim_random_below(r, ARRAY_LEN(teams))];
}

void world_plan(uint64_t seed, bool is_stub, struct world_plan *out)
{
    struct sim_random r;

    memset(out, 0, sizeof(*out));
    sim_random_init(&r, ~seed);
    out->seed = seed;
    out->tablets = draw_tablets(&r);
    if (!is_stub && out->tablets > 5) {
        out->tablets = 5; /* 50 with real signatures take a minute */
    }
    out->weeks_permille = is_stub ? WEEKS : WEEKS_REAL;
    out->steps = 300 + (unsigned)sim_random_below(&r, 40);
    for (size_t f = 0; f < WORLD_FIRST_APART; f++) {
        static const unsigned quarters[] = { 1, 2, 4, 4, 6, 12 };
        unsigned rate = base[f] * quarters[sim_random_below(&r, 6)];

        if (!sim_random_chance(&r, OFF_PERMILLE)) {
            out->permille[f] = (rate + 3) / 4;
        }
    }
    if (out->permille[WORLD_TABLET_KILLED] == 0) {
        out->permille[WORLD_TABLET_KILLED] = base[WORLD_TABLET_KILLED];
    }
    if (out->permille[WORLD_PARTITION] == 0) {
        out->permille[WORLD_PARTITION] = base[WORLD_PARTITION];
    }
    out->is_encrypted = !is_stub || sim_random_chance(&r, 60);
    out->is_pressed = sim_random_chance(&r, 500);
    for (size_t f = WORLD_FIRST_APART; f < WORLD__COUNT; f++) {
        out->permille[f] = base[f];
    }
    world_orders_plan(out);
    world_salvage_plan(out);
    world_tiers_plan(out);
    world_photos_plan(out);
}
