#define _POSIX_C_SOURCE 200809L /* openat, fdopendir, fstat */

#include "sync-server/verify/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

#define FOLDER_DEPTH_MAX 2

static enum err add(struct folder *f, const char *name, struct bytes data)
{
    char *copy = mem_text(name);

    if (f->count == f->cap) {
        const size_t cap = f->cap > 0 ? 2 * f->cap : 16;
        void *files = mem_realloc(f->files, cap * sizeof(f->files[0]));

        if (files == NULL) {
            mem_free(copy);
            return ERR_NOMEM;
        }
        f->files = files;
        f->cap = cap;
    }
    if (copy == NULL) {
        return ERR_NOMEM;
    }
    f->files[f->count++] = (struct bundle_file){ copy, data };
    return ERR_OK;
}

static enum err read_all(int fd, uint8_t *data, size_t len)
{
    size_t got = 0;

    while (got < len) {
        const ssize_t n = read(fd, data + got, len - got);

        if (n <= 0) {
            return ERR_IO;
        }
        got += (size_t)n;
    }
    return ERR_OK;
}

static enum err add_file(struct folder *f, int fd, const struct stat *st,
                         const char *name)
{
    uint8_t *data = mem_alloc((size_t)st->st_size);
    enum err err;

    if (data == NULL) {
        return ERR_NOMEM;
    }
    err = read_all(fd, data, (size_t)st->st_size);
    if (!err) {
        err = add(f, name, (struct bytes){ data, (size_t)st->st_size });
    }
    if (err) {
        mem_free(data);
    }
    return err;
}

static enum err read_folder(struct folder *f, int fd, const char *prefix,
                            int depth);

static enum err read_entry(struct folder *f, int dir, const char *entry,
                           const char *name, int depth)
{
    const int fd =
        openat(dir, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    enum err err = ERR_BAD_DATA;

    if (fd < 0) {
        return ERR_BAD_DATA; /* a link, or not ours to read */
    }
    if (fstat(fd, &st) != 0) {
        err = ERR_IO;
    } else if (S_ISREG(st.st_mode)) {
        err = add_file(f, fd, &st, name);
    } else if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH_MAX) {
        return read_folder(f, fd, name, depth + 1); /* closes fd */
    }
    close(fd);
    return err;
}

/* A name of theirs, fit for a terminal. */
static void put_tame(char out[FOLDER_NAME_SIZE], const char *name)
{
    snprintf(out, FOLDER_NAME_SIZE, "%s", name);
    for (char *at = out; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            *at = '?';
        }
    }
}

static enum err read_folder(struct folder *f, int fd, const char *prefix,
                            int depth)
{
    DIR *dir = fdopendir(fd);
    const struct dirent *entry;
    enum err err = ERR_OK;

    if (dir == NULL) {
        close(fd);
        return ERR_IO;
    }
    while (!err && (entry = readdir(dir)) != NULL) {
        char name[FOLDER_NAME_SIZE];
        const int len = snprintf(name, sizeof(name), "%s%s%s", prefix,
                                 prefix[0] != '\0' ? "/" : "", entry->d_name);

        if (strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        err = len < 0 || (size_t)len >= sizeof(name)
                  ? ERR_TOO_LONG
                  : read_entry(f, fd, entry->d_name, name, depth);
        if (err && f->wrong[0] == '\0') {
            put_tame(f->wrong, name);
        }
    }
    closedir(dir);
    return err;
}

enum err folder_read(const char *path, struct folder *out)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err err;

    *out = (struct folder){ 0 };
    if (fd < 0) {
        put_tame(out->wrong, path);
        return ERR_IO;
    }
    err = read_folder(out, fd, "", 1);
    if (err) {
        char wrong[FOLDER_NAME_SIZE];

        memcpy(wrong, out->wrong, sizeof(wrong));
        folder_free(out);
        memcpy(out->wrong, wrong, sizeof(wrong));
    }
    return err;
}

void folder_free(struct folder *f)
{
    for (size_t i = 0; i < f->count; i++) {
        mem_free((void *)(uintptr_t)f->files[i].name);
        mem_free((void *)(uintptr_t)f->files[i].data.data);
    }
    mem_free(f->files);
    *f = (struct folder){ 0 };
}
