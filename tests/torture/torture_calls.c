/*
 * torture_calls.c - every fallible call of the disk (SQLite's VFS) and of
 * the port fails, once and from then on, on either machine.
 */
#include <stdio.h>

#include "tests/torture/crew.h"

#define PORT FAULTVFS__COUNT /* in place of a fault of the VFS */

struct call {
    enum scene_journey journey;
    bool is_council, is_lasting;
    int fault;
    uint64_t nth;
};

static void plan(struct scene *s, const struct call *k)
{
    struct scene_port *p = k->is_council ? &s->council : &s->tablet;

    if (k->fault == PORT) {
        p->calls = 0;
        p->plan = k->nth;
        p->is_lasting = k->is_lasting;
    } else {
        faultvfs_plan(p->disk, (enum faultvfs_fault)k->fault, k->nth,
                      k->is_lasting);
    }
}

static const char *one_call(struct scene *s, const void *what)
{
    const struct call *k = what;
    enum err err;

    plan(s, k);
    err = scene_go(s, k->journey);
    (void)err;
    scene_calm(s);
    scene_reboot(s, k->nth); /* only what was killed */
    return scene_check(s, k->journey);
}

/* How many such calls the journey makes: the first plan that never fires. */
static uint64_t count_calls(const struct call *k)
{
    static struct scene s;
    const uint64_t far = UINT64_MAX / 2;
    struct call probe = *k;
    const struct scene_port *p = k->is_council ? &s.council : &s.tablet;
    uint64_t count;

    scene_open(&s, k->journey);
    probe.nth = far;
    probe.is_lasting = false;
    plan(&s, &probe);
    ASSERT(scene_go(&s, k->journey) == ERR_OK);
    count =
        k->fault == PORT
            ? p->calls
            : far - faultvfs_planned(p->disk, (enum faultvfs_fault)k->fault);
    scene_close(&s);
    return count;
}

static uint64_t one_kind(struct scene *s, struct crew *c, struct call *k,
                         bool is_all)
{
    const uint64_t count = count_calls(k);
    /* The reads of a page that is not in the cache are alike. */
    const uint64_t step = is_all || count < 60 ? 1 : count / 60 + 1;
    char label[120];

    for (k->nth = 1; k->nth <= count; k->nth += step) {
        snprintf(label, sizeof(label), "%s, %s, %s, %llu of %llu%s",
                 scene_name(k->journey), k->is_council ? "council" : "tablet",
                 k->fault == PORT
                     ? "a call of the port fails"
                     : faultvfs_text((enum faultvfs_fault)k->fault),
                 (unsigned long long)k->nth, (unsigned long long)count,
                 k->is_lasting ? " and all after it" : "");
        crew_run(c, s, one_call, k, label);
    }
    return count;
}

void torture_calls(enum scene_journey j, bool is_all)
{
    static const int faults[] = { FAULTVFS_READ_IO, FAULTVFS_WRITE_IO,
                                  FAULTVFS_SYNC_IO, FAULTVFS_FULL,
                                  FAULTVFS_KILL,    PORT };
    static struct scene s;
    struct crew c = { 0, 0 };
    uint64_t count = 0;

    scene_open(&s, j);
    for (int n = 0; n < 4; n++) {
        for (size_t f = 0; f < ARRAY_LEN(faults); f++) {
            struct call k = { .journey = j,
                              .is_council = (n & 1) != 0,
                              .is_lasting = (n & 2) != 0,
                              .fault = faults[f] };

            count += one_kind(&s, &c, &k, is_all);
        }
    }
    scene_close(&s);
    printf("# calls %s | %llu calls, %llu failed, %llu broken\n", scene_name(j),
           (unsigned long long)count, (unsigned long long)c.runs,
           (unsigned long long)c.failed);
    crew_end(&c, scene_name(j));
}
