/*
 * session_salvage.c - a damaged store: a new one is made beside it from
 * what can be read, then the two change places. Nothing is deleted.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/evlog_salvage.h"
#include "platform/linux/fsfile.h"
#include "platform/linux/safety.h"
#include "ui/session/session_internal.h"

#define STORE     "store.db"
#define STORE_NEW "store.db.new"
#define ASIDE_MAX 1000 /* folders with a damaged store */

static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

/* Of an earlier try that didn't end: made anew. */
static void remove_new(int folder)
{
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char name[40];

        snprintf(name, sizeof(name), STORE_NEW "%s", ends[i]);
        (void)unlinkat(folder, name, 0);
    }
}

/* "damaged-1", or the next that isn't there yet. */
static enum err make_aside(int folder, char out[SESSION_ASIDE_MAX])
{
    for (int i = 1; i < ASIDE_MAX; i++) {
        snprintf(out, SESSION_ASIDE_MAX, "damaged-%d", i);
        if (mkdirat(folder, out, 0700) == 0) {
            return ERR_OK;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return fsfile_err(errno);
}

static enum err move_one(int folder, const char *from, const char *aside,
                         const char *end)
{
    char old[40], new[SESSION_ASIDE_MAX + 40];

    snprintf(old, sizeof(old), "%s%s", from, end);
    snprintf(new, sizeof(new), "%s/%s%s", aside, from, end);
    return renameat(folder, old, folder, new) == 0 || errno == ENOENT
               ? ERR_OK
               : fsfile_err(errno);
}

static enum err change_places(int folder, char aside[SESSION_ASIDE_MAX])
{
    char copy[SESSION_ASIDE_MAX + 40];
    enum err err = make_aside(folder, aside);

    if (err) {
        return err;
    }
    snprintf(copy, sizeof(copy), "%s/" SAFETY_NAME, aside);
    if (linkat(folder, SAFETY_NAME, folder, copy, 0) != 0 && errno != ENOENT) {
        return fsfile_err(errno);
    }
    for (size_t i = ARRAY_LEN(ends); i > 0 && !err; i--) {
        err = move_one(folder, STORE, aside, ends[i - 1]);
    }
    if (!err && renameat(folder, STORE_NEW, folder, STORE) != 0) {
        err = fsfile_err(errno);
    }
    if (!err && fsync(folder) != 0) {
        err = fsfile_err(errno);
    }
    return err;
}

void session_finish_salvage(struct session *s)
{
    const int folder = machine_folder(s->machine);
    struct stat st;

    if (fstatat(folder, STORE, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
        errno == ENOENT) {
        (void)renameat(folder, STORE_NEW, folder, STORE);
    }
}

static enum err salvage(struct session *s, const struct keyring_keys *keys,
                        struct session_salvaged *out)
{
    const int folder = machine_folder(s->machine);
    char old[SESSION_PATH_MAX], new[SESSION_PATH_MAX + 8];
    struct store_options damaged = { .path = old,
                                     .key32 = { keys->database,
                                                sizeof(keys->database) },
                                     .port = session_port(s) };
    struct store_options fresh = damaged;
    enum err err;

    session_store_path(s, old, sizeof(old));
    snprintf(new, sizeof(new), "%s.new", old);
    fresh.path = new;
    remove_new(folder);
    err = evlog_salvage(&damaged, &fresh, &out->report);
    if (!err) {
        err = change_places(folder, out->aside);
    } else {
        remove_new(folder);
    }
    return err;
}

enum err session_salvage(struct session *s, const struct uuid *officer,
                         struct bytes pin, uint64_t *wait_ms_out,
                         struct session_salvaged *out)
{
    struct keyring_keys keys;
    enum err err;

    memset(out, 0, sizeof(*out));
    *wait_ms_out = 0;
    if (!s->ring) {
        return ERR_NOT_FOUND;
    }
    ASSERT(s->tablet == NULL);
    err = session_try_pin(s, officer, pin, &keys, wait_ms_out);
    if (err) {
        return err;
    }
    out->is_pin_right = true;
    err = salvage(s, &keys, out);
    wipe(&keys, sizeof(keys));
    return err;
}
