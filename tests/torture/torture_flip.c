/*
 * torture_flip.c - one bit of each page of a store changed on the disk, and
 * of its log: found when it is opened or checked, never a crash, never a
 * wrong answer.
 */
#include <stdio.h>
#include <string.h>

#include "tests/torture/crew.h"
#include "tests/torture/scene_parts.h"

#define PAGE 4096

struct flip {
    char file[40];
    bool is_log;
    size_t offset;
};

static unsigned findings;

static void finding(void *ctx, const char *what)
{
    (void)ctx;
    (void)what;
    findings++;
}

/* Unnoticed is right only where nothing of ours lay: the events and their
 * seals must be the same. */
static const char *one_flip(struct scene *s, const void *what)
{
    const struct flip *f = what;
    struct hash before, after;
    enum err err;

    ASSERT(store_dump_hash(tablet_store(s->t), &before) == ERR_OK);
    if (f->is_log) {
        faultvfs_kill(s->tablet.disk); /* else it is emptied at the end */
    }
    scene_tablet_off(s);
    faultvfs_restart(s->tablet.disk, false);
    if (!faultvfs_flip(s->tablet.disk, f->file, f->offset)) {
        return "there is no such byte";
    }
    err = scene_tablet_on(s);
    if (err) {
        return NULL; /* refused */
    }
    err = store_fsck(tablet_store(s->t), finding, NULL);
    if (err || findings > 0) {
        return NULL; /* found */
    }
    if (evlog_was_restored(tablet_log(s->t))) {
        return NULL; /* its end is missing: the counter outside says so */
    }
    err = store_dump_hash(tablet_store(s->t), &after);
    if (f->is_log && !err && hash_eq(&before, &after)) {
        return NULL; /* written to the database already */
    }
    return err || hash_eq(&before, &after) ? "nobody noticed"
                                           : "it shows something else";
}

void torture_flip(enum scene_journey j, bool is_all)
{
    static const char *const ends[] = { "", "-wal" };
    static struct scene s;
    struct crew c = { 0, 0 };
    uint64_t pages = 0;
    const size_t steps[] = { 16, 1700, PAGE - 20 };

    if (j != SCENE_SYNC) {
        return; /* a store with a photo's record in it will do */
    }
    scene_open(&s, j);
    for (size_t e = 0; e < ARRAY_LEN(ends); e++) {
        struct flip f;
        char label[100];
        size_t size;

        f.is_log = e == 1;
        snprintf(f.file, sizeof(f.file), "store-%u.db%s", s.wraps[0], ends[e]);
        size = faultvfs_size(s.tablet.disk, f.file);
        for (size_t page = 0; page * PAGE < size; page++, pages++) {
            for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
                f.offset = page * PAGE + steps[i];
                if (f.offset >= size || (!is_all && i != page % 3)) {
                    continue;
                }
                snprintf(label, sizeof(label), "%s, byte %zu of %zu", f.file,
                         f.offset, size);
                crew_run(&c, &s, one_flip, &f, label);
            }
        }
    }
    scene_close(&s);
    printf("# flips | %llu pages, %llu bits changed, %llu unnoticed\n",
           (unsigned long long)pages, (unsigned long long)c.runs,
           (unsigned long long)c.failed);
    crew_end(&c, "a changed bit of a store is noticed");
}
