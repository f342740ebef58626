/*
 * torture_power.c - power lost at every sync point of a journey, on either
 * machine, and for each point some hundred draws of what the disk kept.
 */
#include <stdio.h>

#include "tests/torture/crew.h"

#define SUBSETS 200
/* Of so many draws one takes the journey to its end, without --all. */
#define GOES_ON 8

enum kind { AT_SYNC, BEFORE_COMMIT, AFTER_COMMIT };

struct point {
    enum scene_journey journey;
    bool is_council;
    enum kind kind;
    uint64_t nth;
};

struct loss {
    struct point point;
    uint64_t seed;
    bool goes_on;
};

static const char *one_loss(struct scene *s, const void *what)
{
    const struct loss *l = what;

    scene_reboot(s, l->seed);
    return l->goes_on ? scene_check(s, l->point.journey) : scene_look(s);
}

static struct scene_port *side(struct scene *s, const struct point *p)
{
    return p->is_council ? &s->council : &s->tablet;
}

/* True while the journey has so many such points. */
static bool one_point(const struct point *p, struct crew *c, bool is_all)
{
    static struct scene s;
    char label[100];
    enum err err;

    scene_open(&s, p->journey);
    if (p->kind == AT_SYNC) {
        faultvfs_kill_at_sync(side(&s, p)->disk, p->nth);
    } else {
        side(&s, p)->commits = 0;
        side(&s, p)->commit = p->nth;
        side(&s, p)->is_after = p->kind == AFTER_COMMIT;
    }
    err = scene_go(&s, p->journey);
    if (!faultvfs_is_killed(side(&s, p)->disk)) {
        ASSERT(err == ERR_OK);
        scene_close(&s);
        return false;
    }
    scene_calm(&s);
    for (uint64_t seed = 1; seed <= SUBSETS; seed++) {
        const struct loss l = { *p, seed, is_all || seed % GOES_ON == 0 };

        snprintf(label, sizeof(label), "%s, %s, %s %llu, draw %llu",
                 scene_name(p->journey), p->is_council ? "council" : "tablet",
                 p->kind == AT_SYNC         ? "sync"
                 : p->kind == BEFORE_COMMIT ? "before file"
                                            : "after file",
                 (unsigned long long)p->nth, (unsigned long long)seed);
        crew_run(c, &s, one_loss, &l, label);
    }
    scene_reboot(&s, 1);
    scene_close(&s);
    return true;
}

void torture_power(enum scene_journey j, bool is_all)
{
    struct crew c = { 0, 0 };
    uint64_t points = 0;

    for (int council = 0; council < 2; council++) {
        for (int kind = AT_SYNC; kind <= AFTER_COMMIT; kind++) {
            struct point p = { j, council != 0, (enum kind)kind, 1 };

            while (one_point(&p, &c, is_all)) {
                p.nth++;
            }
            points += p.nth - 1;
        }
    }
    printf("# power %s | %llu points x %d draws, %llu broken\n", scene_name(j),
           (unsigned long long)points, SUBSETS, (unsigned long long)c.failed);
    crew_end(&c, scene_name(j));
}
