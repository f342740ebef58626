/* tempdir.h - a folder for one test, removed with all that is in it. */
#ifndef TESTS_PLATFORM_TEMPDIR_H
#define TESTS_PLATFORM_TEMPDIR_H

#include <stdio.h>
#include <stdlib.h>

#include "core/base.h"

struct tempdir {
    char path[300];
};

static inline struct tempdir tempdir_new(void)
{
    const char *base = getenv("TMPDIR");
    struct tempdir d;

    snprintf(d.path, sizeof(d.path), "%s/beatbook-test-XXXXXX",
             base ? base : "/tmp");
    ASSERT(mkdtemp(d.path) != NULL);
    return d;
}

static inline void tempdir_free(struct tempdir *d)
{
    char command[400];

    snprintf(command, sizeof(command), "rm -rf '%s'", d->path);
    ASSERT(system(command) == 0);
}

#endif /* TESTS_PLATFORM_TEMPDIR_H */
