/*
 * sweep.c - an existing cmocka program, each of its tests again and again,
 * with the n-th allocation failing (or, where TORTURE_WHAT says "calls", the
 * n-th call of mem.h, SQLite and mbedTLS): once, and from then on.
 *
 * Samples are spread evenly over each test's calls (TORTURE_BUDGET). With
 * TORTURE_SITES=FILE they are chosen: each call site of our code sees what it
 * called fail, on SITE_RUNS different ways down to what fails; FILE remembers
 * what other programs have shown already. A hundredth of the runs, and no
 * site that a test comes by is left out.
 *
 * It takes the place of cmocka's runner (the linker's --wrap). Each run is a
 * process of its own. A test's own assertion may fail, it never expected
 * the failure; what counts is that nothing crashes, aborts, hangs or touches
 * memory that it must not. The journeys (alloc.c) look at what is left
 * behind.
 */
#define _GNU_SOURCE /* memfd_create, dladdr */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "platform/sim/faultvfs.h"
#include "tests/leave.h"
#include "tests/test.h"
#include "tests/torture/gate.h"

/* A run that takes longer hangs; the longest takes a second. */
#define RUN_MAX_S 120
/* What cmocka's assertions end with outside its runner: exit(-1). */
#define ASSERTED 255
/* Failed runs told in full, for each program. */
#define TOLD_MAX 5
/* Ways on which a call site sees a failure: one more than what a first may
 * take for an answer ("not there") and go on. */
#define SITE_RUNS 2
/* Sites, and ways to them, that are told apart; ten times what there is. */
#define SEEN_MAX ((uint64_t)1 << 20)
/* Calls of one test that are chosen. */
#define CHOSEN_MAX ((uint64_t)1 << 16)

struct tally {
    uint64_t allocations, runs, untouched, asserted, passed, crashed;
};

/* Written by the run, read by its parent. */
struct shared {
    uint64_t count, fired;
    struct tally tally;
};

/* In FILE, by hash: a call site of ours, or all of them up to a test. */
struct seen {
    uint64_t hash; /* 0: none yet */
    uint64_t runs;
};

/* What is to fail: counted from 1. */
struct chosen {
    uint64_t nth;
    bool is_new; /* the first run of a site */
};

struct choice {
    struct chosen chosen[CHOSEN_MAX];
    uint64_t count;
};

struct sweep {
    const char *what; /* one of what fails, in a word */
    const struct CMUnitTest *test;
    bool is_first; /* its set-up fails, too: that of the others is alike */
    void *group_state;
    struct shared *shared;
    uint64_t budget;       /* runs of one test; 0: all */
    struct seen *seen;     /* [SEEN_MAX]; NULL: the budget decides */
    struct choice *choice; /* by the run that counts */
    int log;               /* what the run printed */
    unsigned told;
    const struct CMUnitTest *told_of; /* has its "not ok" already */
};

/* --- the simulation's own memory is not ours to fail --- */

void __real_faultvfs_restart(struct faultvfs *v, bool is_power_loss);
void __wrap_faultvfs_restart(struct faultvfs *v, bool is_power_loss);
void __wrap_faultvfs_restart(struct faultvfs *v, bool is_power_loss)
{
    gate_pause();
    __real_faultvfs_restart(v, is_power_loss);
    gate_resume();
}

/* cmocka keeps its words for its own runner; here they are wanted. */
void cm_print_error(const char *format, ...) PRINTF(1, 2);
void cm_print_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
}

/* --- one run --- */

static void quiet(const struct sweep *s)
{
    if (ftruncate(s->log, 0) || lseek(s->log, 0, SEEK_SET)) {
        _exit(2);
    }
    dup2(s->log, STDOUT_FILENO);
    dup2(s->log, STDERR_FILENO);
}

_Noreturn static void run(const struct sweep *s, uint64_t nth, bool is_lasting)
{
    void *state = s->test->initial_state != NULL ? s->test->initial_state
                                                 : s->group_state;

    quiet(s);
    alarm(RUN_MAX_S);
    if (s->is_first) {
        gate_arm(nth, is_lasting);
    }
    if (s->test->setup_func == NULL || s->test->setup_func(&state) == 0) {
        if (!s->is_first) {
            gate_arm(nth, is_lasting);
        }
        s->test->test_func(&state);
        if (s->test->teardown_func != NULL) {
            s->test->teardown_func(&state);
        }
    }
    gate_disarm();
    s->shared->count = gate_count();
    s->shared->fired = gate_fired();
    leave(0);
}

/* Assertions leave by exit(): the numbers are still wanted. */
static struct shared *exit_shared;
static void at_exit(void)
{
    gate_disarm();
    exit_shared->count = gate_count();
    exit_shared->fired = gate_fired();
    leave(ASSERTED);
}

static int start(const struct sweep *s, uint64_t nth, bool is_lasting)
{
    int status = 0;
    pid_t pid;

    s->shared->count = s->shared->fired = 0;
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        exit_shared = s->shared;
        atexit(at_exit);
        run(s, nth, is_lasting);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("sweep");
        exit(2);
    }
    return status;
}

/* --- all of them --- */

static void tell(struct sweep *s, uint64_t nth, bool is_lasting, int status)
{
    bool is_first = s->told_of != s->test;
    char text[4000];
    ssize_t len = pread(s->log, text, sizeof(text) - 1, 0);

    ASSERT(s->test != NULL);
    printf("%s - %s: %s %llu failing%s: %s %d\n",
           is_first ? "not ok" : "# also", s->test->name, s->what,
           (unsigned long long)nth, is_lasting ? " and all after it" : "",
           WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    s->told_of = s->test;
    if (len > 0 && s->told++ < TOLD_MAX) {
        text[len] = '\0';
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
            printf("#   %s\n", line);
        }
    }
}

/* For whoever looks for silent loss: the assertions that failed. */
static void keep_words(const struct sweep *s, uint64_t nth, bool is_lasting)
{
    char text[2000];
    ssize_t len = pread(s->log, text, sizeof(text) - 1, 0);

    if (getenv("TORTURE_WORDS") == NULL || len <= 0) {
        return;
    }
    text[len] = '\0';
    printf("# %s %llu%s: %s", s->test->name, (unsigned long long)nth,
           is_lasting ? "+" : "", text);
}

/* A test's own ASSERT, for memory that it asked for itself. */
static bool is_of_test(const struct sweep *s, int status)
{
    char text[2000];
    const char *at;
    ssize_t len = pread(s->log, text, sizeof(text) - 1, 0);

    text[len > 0 ? len : 0] = '\0';
    at = strstr(text, "assertion failed: ");
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && at != NULL &&
           strstr(text, "/tests/") != NULL && strstr(text, "/tests/") < at;
}

/* One n, one way; false when the run was untouched. */
static bool try(struct sweep *s, uint64_t nth, bool is_lasting)
{
    struct tally *t = &s->shared->tally;
    int status = start(s, nth, is_lasting);

    t->runs++;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        t->passed++;
        if (s->shared->fired == 0) {
            t->untouched++;
            return false;
        }
    } else if ((WIFEXITED(status) && WEXITSTATUS(status) == ASSERTED &&
                s->shared->fired > 0) ||
               is_of_test(s, status)) {
        t->asserted++;
        keep_words(s, nth, is_lasting);
    } else {
        t->crashed++;
        tell(s, nth, is_lasting, status);
    }
    return true;
}

/* NULL: the table is full. */
static struct seen *seen_of(struct seen *seen, uint64_t hash)
{
    for (uint64_t i = 0, at = hash; i < SEEN_MAX; i++, at++) {
        struct seen *found = &seen[at % SEEN_MAX];

        if (found->hash == 0) {
            found->hash = hash;
        }
        if (found->hash == hash) {
            return found;
        }
    }
    return NULL;
}

/* FNV-1a. */
static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ bytes[i]) * 0x100000001b3;
    }
    return hash;
}
#define MIX_START 0xcbf29ce484222325

/* The same in each program: how far behind which function's start. */
static uint64_t site_hash(uintptr_t back)
{
    static struct {
        uintptr_t back;
        uint64_t hash;
    } known[4096];
    const size_t at = back % ARRAY_LEN(known);
    Dl_info info = { 0 };
    uintptr_t offset;

    if (known[at].back != back) {
        known[at].back = back;
        known[at].hash = MIX_START;
        if (dladdr((const void *)back, &info) != 0 && info.dli_sname) {
            offset = back - (uintptr_t)info.dli_saddr;
            known[at].hash =
                mix(MIX_START, info.dli_sname, strlen(info.dli_sname));
        } else {
            offset = back - (uintptr_t)gate_choose;
        }
        known[at].hash = mix(known[at].hash, &offset, sizeof(offset));
    }
    return known[at].hash;
}

/* A way that has not been is chosen while one of its sites wants more. */
static void choose(void *ctx, uint64_t nth, const uintptr_t *callers,
                   size_t count)
{
    const struct sweep *s = ctx;
    struct choice *choice = s->choice;
    struct seen *sites[GATE_DEPTH], *way;
    uint64_t hash = MIX_START;
    bool is_new = false, is_wanted = false;

    for (size_t i = 0; i < count; i++) {
        uint64_t site = site_hash(callers[i]);

        hash = mix(hash, &site, sizeof(site));
        sites[i] = seen_of(s->seen, site);
        if (sites[i] == NULL) {
            return;
        }
        is_new = is_new || sites[i]->runs == 0;
        is_wanted = is_wanted || sites[i]->runs < SITE_RUNS;
    }
    if (!is_wanted || choice->count == CHOSEN_MAX) {
        return;
    }
    way = seen_of(s->seen, hash);
    if (way == NULL || way->runs++ > 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sites[i]->runs++;
    }
    choice->chosen[choice->count++] = (struct chosen){ nth, is_new };
}

static void sweep_chosen(struct sweep *s)
{
    for (uint64_t i = 0; i < s->choice->count; i++) {
        const struct chosen *c = &s->choice->chosen[i];

        (void)try(s, c->nth, false);
        if (c->is_new) {
            (void)try(s, c->nth, true);
        }
    }
}

static void sweep_evenly(struct sweep *s, uint64_t count)
{
    uint64_t step = 1;

    if (s->budget > 0 && count > s->budget / 2) {
        step = (2 * count + s->budget - 1) / s->budget;
    }
    /* Different samples each day would be no regression test: from 1 on. */
    for (uint64_t nth = 1;; nth += step) {
        bool is_touched = try(s, nth, false);

        is_touched = try(s, nth, true) || is_touched;
        if (!is_touched && nth > count) {
            break;
        }
    }
}

static void sweep_test(struct sweep *s)
{
    struct tally *t = &s->shared->tally;
    int status;
    uint64_t count, crashed = t->crashed;

    s->choice->count = 0;
    gate_watch(s->seen == NULL ? NULL : choose, s);
    status = start(s, 0, false);
    gate_watch(NULL, NULL);
    count = s->shared->count;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        printf("ok - %s # SKIP it skips itself, or needs its order\n",
               s->test->name);
        return;
    }
    t->allocations += count;
    if (s->seen != NULL) {
        sweep_chosen(s);
    } else {
        sweep_evenly(s, count);
    }
    if (t->crashed == crashed) {
        printf("ok - %s, %llu %ss\n", s->test->name, (unsigned long long)count,
               s->what);
    }
}

/* Zeros that a run and its parent both see, or a file that is made of them;
 * ends the program without. */
static void *shared_room(size_t size, const char *path)
{
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT, 0600);
    void *room = MAP_FAILED;

    if (path == NULL || (file >= 0 && ftruncate(file, (off_t)size) == 0)) {
        room = mmap(NULL, size, PROT_READ | PROT_WRITE,
                    MAP_SHARED | (path == NULL ? MAP_ANONYMOUS : 0), file, 0);
    }
    if (room == MAP_FAILED) {
        perror("sweep");
        exit(2);
    }
    if (file >= 0) {
        close(file);
    }
    return room;
}

int __wrap__cmocka_run_group_tests(const char *group,
                                   const struct CMUnitTest *tests, size_t count,
                                   CMFixtureFunction setup,
                                   CMFixtureFunction teardown);
int __wrap__cmocka_run_group_tests(const char *group,
                                   const struct CMUnitTest *tests, size_t count,
                                   CMFixtureFunction setup,
                                   CMFixtureFunction teardown)
{
    const char *budget = getenv("TORTURE_BUDGET");
    const char *sites = getenv("TORTURE_SITES");
    const char *only = getenv("TORTURE_TEST");
    const char *what = getenv("TORTURE_WHAT");
    struct sweep s = { .what = "allocation", .log = memfd_create("sweep", 0) };
    const struct tally *t;

    (void)group;
    s.shared = shared_room(sizeof(*s.shared), NULL);
    s.choice = shared_room(sizeof(*s.choice), NULL);
    if (sites != NULL) {
        s.seen = shared_room(SEEN_MAX * sizeof(*s.seen), sites);
    }
    if (s.log < 0) {
        perror("sweep");
        return 2;
    }
    if (what != NULL && strcmp(what, "calls") == 0) {
        gate_choose(GATE_CALLS);
        s.what = "call";
    }
    /* SQLite3MC registers its ciphers once, without a look at the heap. */
    sqlite3_initialize();
    if (setup != NULL && setup(&s.group_state) != 0) {
        printf("not ok - the group's set-up\n");
        return 1;
    }
    s.budget = budget == NULL ? 0 : strtoull(budget, NULL, 10);
    for (size_t i = 0; i < count; i++) {
        s.test = &tests[i];
        s.is_first = i == 0;
        if (only == NULL || strcmp(only, s.test->name) == 0) {
            sweep_test(&s);
        }
    }
    if (teardown != NULL) {
        teardown(&s.group_state);
    }
    t = &s.shared->tally;
    printf("# sweep %zu tests, %llu %ss, %llu failed runs, "
           "%llu crashed, %llu stopped at an assertion\n",
           count, (unsigned long long)t->allocations, s.what,
           (unsigned long long)(t->runs - t->untouched),
           (unsigned long long)t->crashed, (unsigned long long)t->asserted);
    return t->crashed > 0;
}
