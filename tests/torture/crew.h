/*
 * crew.h - one way of failing after another, each in a process of its own,
 * and what came of them.
 */
#ifndef TESTS_TORTURE_CREW_H
#define TESTS_TORTURE_CREW_H

#include "tests/torture/scene.h"

/* In the child. Returns NULL, or what is broken. */
typedef const char *(*crew_fn)(struct scene *s, const void *what);

struct crew {
    uint64_t runs, failed;
};

/* True in a copy of this process, which ends with crew_done(); false here,
 * when it has ended and was counted. */
bool crew_child(struct crew *c, const char *label);
_Noreturn void crew_done(const char *why); /* NULL: all is well */
/* A copy of this process takes `s` on with `what`; `label` names it in the
 * failure told. */
void crew_run(struct crew *c, struct scene *s, crew_fn fn, const void *what,
              const char *label);
/* "ok" or "not ok" for all of them. */
void crew_end(const struct crew *c, const char *name);

/* The parts: torture_*.c. `is_all`: every one in place of a sample. */
void torture_power(enum scene_journey j, bool is_all);
void torture_cuts(enum scene_journey j, bool is_all);
void torture_calls(enum scene_journey j, bool is_all);
void torture_alloc(enum scene_journey j, bool is_all);
void torture_flip(enum scene_journey j, bool is_all);

#endif /* TESTS_TORTURE_CREW_H */
