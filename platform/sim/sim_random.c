#include "platform/sim/sim_random.h"

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void sim_random_init(struct sim_random *r, uint64_t seed)
{
    for (size_t i = 0; i < 4; i++) {
        r->state[i] = splitmix(&seed);
    }
}

uint64_t sim_random_next(struct sim_random *r)
{
    uint64_t *s = r->state;
    uint64_t result = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

uint64_t sim_random_below(struct sim_random *r, uint64_t below)
{
    return below == 0 ? 0 : sim_random_next(r) % below;
}

bool sim_random_chance(struct sim_random *r, unsigned permille)
{
    return sim_random_next(r) % 1000 < permille;
}

void sim_random_fill(struct sim_random *r, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint64_t v = sim_random_next(r);

        for (int k = 0; k < 8 && i < len; k++, i++) {
            out[i] = (uint8_t)(v >> (8 * k));
        }
    }
}
