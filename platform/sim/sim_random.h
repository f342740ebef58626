/*
 * sim_random.h - seeded numbers: xoshiro256** (Blackman and Vigna), filled
 * by splitmix64. The same seed gives the same run on every machine.
 */
#ifndef PLATFORM_SIM_SIM_RANDOM_H
#define PLATFORM_SIM_SIM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_random {
    uint64_t state[4];
};

void sim_random_init(struct sim_random *r, uint64_t seed);
uint64_t sim_random_next(struct sim_random *r);
/* 0 .. below - 1; 0 when `below` is 0. */
uint64_t sim_random_below(struct sim_random *r, uint64_t below);
/* True in `permille` of 1,000 draws. */
bool sim_random_chance(struct sim_random *r, unsigned permille);
void sim_random_fill(struct sim_random *r, uint8_t *out, size_t len);

#endif /* PLATFORM_SIM_SIM_RANDOM_H */
