#include "sync-server/backup_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crypto.h"
#include "core/mem.h"

void backup_path(char out[BACKUP_PATH_SIZE], const char *dir, const char *name)
{
    snprintf(out, BACKUP_PATH_SIZE, "%s/%s", dir, name);
}

static enum err of_errno(void)
{
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
        return ERR_FULL;
    case EEXIST:
        return ERR_EXISTS;
    case ENOENT:
        return ERR_NOT_FOUND;
    default:
        return ERR_IO;
    }
}

/* --- copies --- */

static enum err copy_bytes(int from, int to)
{
    static char piece[128 * 1024];
    ssize_t got;

    while ((got = read(from, piece, sizeof(piece))) > 0) {
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = write(to, piece + done, (size_t)(got - done));

            if (put <= 0)
                return of_errno();
            done += put;
        }
    }
    return got < 0 || fsync(to) != 0 ? of_errno() : ERR_OK;
}

enum err backup_copy_file(const char *from, const char *to)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int out = -1;
    enum err err = in < 0 ? of_errno() : ERR_OK;

    if (!err) {
        out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                   0600);
        err = out < 0 ? of_errno() : copy_bytes(in, out);
    }
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return err;
}

enum err backup_link_file(const char *from, const char *to)
{
    if (link(from, to) == 0)
        return ERR_OK;
    return errno == EEXIST ? ERR_EXISTS : backup_copy_file(from, to);
}

enum err backup_make_folder(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? ERR_OK : of_errno();
}

enum err backup_sync_folder(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        close(fd);
    }
    return ok ? ERR_OK : ERR_IO;
}

static bool is_file(const char *path)
{
    struct stat what;

    return lstat(path, &what) == 0 && S_ISREG(what.st_mode);
}

enum err backup_copy_folder(const char *from, const char *to, const char *name)
{
    char in[BACKUP_PATH_SIZE], out[BACKUP_PATH_SIZE];
    char a[BACKUP_PATH_SIZE], b[BACKUP_PATH_SIZE];
    struct dirent *entry;
    enum err err;
    DIR *folder;

    backup_path(in, from, name);
    backup_path(out, to, name);
    folder = opendir(in);
    if (folder == NULL)
        return ERR_OK;
    err = backup_make_folder(out);
    while (!err && (entry = readdir(folder)) != NULL) {
        backup_path(a, in, entry->d_name);
        backup_path(b, out, entry->d_name);
        if (is_file(a)) {
            err = backup_copy_file(a, b);
        }
    }
    closedir(folder);
    return err ? err : backup_sync_folder(out);
}

void backup_remove_folder(const char *path)
{
    char file[BACKUP_PATH_SIZE];
    struct dirent *entry;
    DIR *folder = opendir(path);

    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        backup_path(file, path, entry->d_name);
        if (is_file(file)) {
            (void)unlink(file);
        } else {
            backup_remove_folder(file);
        }
    }
    closedir(folder);
    (void)rmdir(path);
}

/* --- names --- */

void backup_check(struct bytes hash32, char out[BACKUP_CHECK_SIZE])
{
    ASSERT(hash32.len == 32);
    hex_format(hash32.data, (BACKUP_CHECK_SIZE - 1) / 2, out);
}

struct numbers {
    int64_t *list;
    size_t count, cap;
};

static enum err add_number(struct numbers *n, int64_t value)
{
    if (n->count == n->cap) {
        const size_t cap = 2 * n->cap + 16;
        int64_t *more = mem_realloc(n->list, cap * sizeof(*more));

        if (more == NULL)
            return ERR_NOMEM;
        n->list = more;
        n->cap = cap;
    }
    n->list[n->count++] = value;
    return ERR_OK;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

enum err backup_generations(const char *to, backup_generation_fn fn, void *ctx)
{
    struct numbers n = { NULL, 0, 0 };
    struct dirent *entry;
    enum err err = ERR_OK;
    DIR *folder = opendir(to);

    if (folder == NULL)
        return of_errno();
    while (!err && (entry = readdir(folder)) != NULL) {
        long long ms;
        int len = 0;

        if (sscanf(entry->d_name, "gen-%lld%n", &ms, &len) == 1 &&
            entry->d_name[len] == '\0') {
            err = add_number(&n, ms);
        }
    }
    closedir(folder);
    if (n.count > 0) {
        qsort(n.list, n.count, sizeof(*n.list), compare);
    }
    for (size_t i = 0; i < n.count && !err; i++) {
        err = fn(ctx, n.list[i]);
    }
    mem_free(n.list);
    return err;
}

/* --- states --- */

/* The file whose name starts so, into `name`; false without one. */
static bool find_file(const char *folder, const char *start, char name[256])
{
    struct dirent *entry;
    bool found = false;
    DIR *dir = opendir(folder);

    while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
        const size_t len = strlen(entry->d_name);

        found = strncmp(entry->d_name, start, strlen(start)) == 0 && len > 5 &&
                strcmp(entry->d_name + len - 5, ".part") != 0;
        if (found) {
            snprintf(name, 256, "%s", entry->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return found;
}

static bool find_segment(const char *folder, uint64_t number, char name[256],
                         long long *ms)
{
    char start[32], check[32];
    unsigned long long n;

    snprintf(start, sizeof(start), "seg-%08llu-", (unsigned long long)number);
    return find_file(folder, start, name) &&
           sscanf(name, "seg-%llu-%lld-%16s", &n, ms, check) == 3;
}

bool backup_part(const char *folder, uint64_t number, char out[256])
{
    long long ms;

    return number == 0 ? find_file(folder, "base-", out)
                       : find_segment(folder, number, out, &ms);
}

struct search {
    const char *to;
    int64_t until_ms;
    struct backup_state *out;
    bool is_found;
};

/* Later generations overwrite what earlier ones found. */
static enum err look_at(void *ctx, int64_t base_ms)
{
    struct search *s = ctx;
    struct backup_state state = { .base_ms = base_ms, .at_ms = base_ms };
    char name[256];
    long long ms;

    snprintf(state.folder, sizeof(state.folder), "%.900s/" BACKUP_GENERATION,
             s->to, (long long)base_ms);
    if (base_ms > s->until_ms || !find_file(state.folder, "base-", name))
        return ERR_OK;
    while (find_segment(state.folder, state.segments + 1, name, &ms) &&
           ms <= s->until_ms) {
        state.segments++;
        state.at_ms = ms;
    }
    *s->out = state;
    s->is_found = true;
    return ERR_OK;
}

enum err backup_find(const char *to, int64_t until_ms, struct backup_state *out)
{
    struct search s = { to, until_ms, out, false };
    enum err err = backup_generations(to, look_at, &s);

    return !err && !s.is_found ? ERR_NOT_FOUND : err;
}

/* --- the word about the last check --- */

enum err backup_verified(const char *to, struct backup_state *out)
{
    char path[BACKUP_PATH_SIZE];
    long long at, base;
    unsigned long long segments;
    bool ok;
    FILE *f;

    memset(out, 0, sizeof(*out));
    backup_path(path, to, "verified");
    f = fopen(path, "re");
    if (f == NULL)
        return of_errno();
    ok = fscanf(f, "%lld %lld %llu", &at, &base, &segments) == 3;
    fclose(f);
    if (!ok)
        return ERR_BAD_DATA;
    out->at_ms = at;
    out->base_ms = base;
    out->segments = segments;
    return ERR_OK;
}
