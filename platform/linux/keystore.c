/*
 * keystore.c - device secret and counter in files, helped by a TPM.
 *
 * secret = { 1: version, 2: protection, 3: bstr secret or seal,
 *            4: TPM slot of the counter }
 */
#include "platform/linux/keystore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/disk.h"
#include "platform/linux/fsfile.h"
#include "platform/linux/keystore_tpm.h"

#define KEYSTORE_VERSION 1
/* A TPM's memory wears out: it is told of the first and of each 16th raise
 * only. A copy that is newer than that is found by the server. */
#define KEYSTORE_TPM_EVERY 16

struct keystore {
    int folder;               /* DIR/keystore */
    struct keystore_tpm *tpm; /* NULL without one */
    bool has_secret;
    enum keystore_protection protection; /* of the stored secret */
    struct buf kept;                     /* secret or seal */
    uint32_t slot;
    uint64_t counter;
    uint64_t tpm_counter;
    bool was_raised; /* since open */
    bool was_copied;
};

/* Out of sight first, so that no kill leaves half of it in its place. */
#define DESTROYED "destroyed"

static enum err overwrite(struct keystore *k)
{
    static const uint8_t zeros[KEYSTORE_FILE_MAX_BYTES];
    const int fd =
        openat(k->folder, DESTROYED, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    enum err err;

    if (fd < 0) {
        return errno == ENOENT ? ERR_OK : fsfile_err(errno);
    }
    if (fstat(fd, &st) || st.st_size > (off_t)sizeof(zeros)) {
        close(fd);
        return ERR_IO;
    }
    err = fsfile_write_at(fd, (struct bytes){ zeros, (size_t)st.st_size }, 0);
    if (!err && fsync(fd)) {
        err = fsfile_err(errno);
    }
    close(fd);
    return err ? err : fsfile_remove(k->folder, DESTROYED);
}

static enum err read_secret(struct keystore *k)
{
    struct cbor_reader r;
    struct buf file;
    struct bytes kept;
    enum err err;

    buf_init(&file, KEYSTORE_FILE_MAX_BYTES);
    err = fsfile_read(k->folder, "secret", &file);
    if (err)
        goto out;
    cbor_open(&r, buf_bytes(&file));
    if (cbor_get_map(&r) != 4) {
        err = ERR_BAD_DATA;
        goto out;
    }
    cbor_skip(&r);
    if (cbor_get_uint(&r) > KEYSTORE_VERSION) {
        err = r.err ? r.err : ERR_NEWER;
        goto out;
    }
    cbor_skip(&r);
    k->protection = (enum keystore_protection)cbor_get_uint_max(&r, 3);
    cbor_skip(&r);
    kept = cbor_get_bytes(&r);
    cbor_skip(&r);
    k->slot = (uint32_t)cbor_get_uint_max(&r, UINT32_MAX);
    err = cbor_close(&r);
    if (!err && k->protection == 0) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        buf_put(&k->kept, kept.data, kept.len);
        err = k->kept.err;
        k->has_secret = !err;
    }
out:
    buf_wipe(&file);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_number(int folder, const char *name, uint64_t *out)
{
    struct buf text;
    char *end;
    enum err err;

    buf_init(&text, 32);
    err = fsfile_read(folder, name, &text);
    if (!err) {
        const char *digits = buf_text(&text);

        errno = 0;
        *out = strtoull(digits, &end, 10);
        if (errno || end == digits || (*end != '\n' && *end != '\0')) {
            err = ERR_BAD_DATA;
        }
    }
    buf_fini(&text);
    return err;
}

static enum err write_number(int folder, const char *name, uint64_t value)
{
    char text[32];
    int len = snprintf(text, sizeof(text), "%" PRIu64 "\n", value);

    return fsfile_replace(folder, name,
                          (struct bytes){ (const uint8_t *)text, (size_t)len });
}

/* "place" is written in place, never replaced: its inode is its sign. */
static enum err write_place(struct keystore *k)
{
    char text[32];
    struct stat st;
    enum err err;
    int fd =
        openat(k->folder, "place",
               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
        return fsfile_err(errno);
    }
    if (fstat(fd, &st)) {
        err = fsfile_err(errno);
    } else {
        int len =
            snprintf(text, sizeof(text), "%" PRIu64 "\n", (uint64_t)st.st_ino);

        err = fsfile_write_at(
            fd, (struct bytes){ (const uint8_t *)text, (size_t)len }, 0);
    }
    if (!err && fsync(fd)) {
        err = fsfile_err(errno);
    }
    close(fd);
    return err;
}

static enum err read_place(struct keystore *k)
{
    struct stat st;
    uint64_t inode;
    enum err err = read_number(k->folder, "place", &inode);

    /* Cut while it was first written: it says nothing, so write it anew. */
    if (err == ERR_NOT_FOUND || err == ERR_BAD_DATA) {
        return write_place(k);
    }
    if (!err && fstatat(k->folder, "place", &st, AT_SYMLINK_NOFOLLOW)) {
        err = fsfile_err(errno);
    }
    if (!err) {
        k->was_copied = inode != (uint64_t)st.st_ino;
    }
    return err;
}

static enum err read_counter(struct keystore *k)
{
    enum err err = read_number(k->folder, "counter", &k->counter);

    if (err == ERR_NOT_FOUND) {
        k->counter = 0;
        err = ERR_OK;
    }
    if (!err && k->has_secret && k->protection == KEYSTORE_TPM && k->tpm) {
        err = keystore_tpm_get(k->tpm, k->slot, &k->tpm_counter);
        if (k->tpm_counter > k->counter) {
            k->counter = k->tpm_counter;
        }
    }
    return err;
}

enum err keystore_open(int folder, const char *tcti, struct keystore **out)
{
    struct keystore *k = mem_alloc(sizeof(*k));
    enum err err;

    if (!k) {
        return ERR_NOMEM;
    }
    k->folder = -1;
    buf_init(&k->kept, KEYSTORE_FILE_MAX_BYTES);
    err = fsfile_folder(folder, "keystore", &k->folder);
    if (!err) {
        err = overwrite(k); /* where a kill came in between */
    }
    if (!err) {
        err = read_secret(k);
    }
    /* A secret in a file needs no TPM, a sealed one needs it; without one
     * keystore_secret() says so, and the counter's file still counts. */
    if (!err && (!tcti || strcmp(tcti, "none") != 0) &&
        (!k->has_secret || k->protection == KEYSTORE_TPM)) {
        err = keystore_tpm_open(tcti, &k->tpm);
        if (err == ERR_UNSUPPORTED) {
            err = ERR_OK;
        }
    }
    if (!err) {
        err = read_place(k);
    }
    if (!err) {
        err = read_counter(k);
    }
    if (err) {
        keystore_close(k);
        return err;
    }
    *out = k;
    return ERR_OK;
}

void keystore_close(struct keystore *k)
{
    if (!k) {
        return;
    }
    keystore_tpm_close(k->tpm);
    buf_wipe(&k->kept);
    if (k->folder >= 0) {
        close(k->folder);
    }
    mem_free(k);
}

enum keystore_protection keystore_protection(const struct keystore *k)
{
    if (k->has_secret) {
        return k->protection;
    }
    if (k->tpm) {
        return KEYSTORE_TPM;
    }
    return disk_is_encrypted(k->folder, NULL, NULL) ? KEYSTORE_DISK
                                                    : KEYSTORE_WEAK;
}

static enum err write_secret(struct keystore *k)
{
    struct buf file;
    enum err err;

    buf_init(&file, KEYSTORE_FILE_MAX_BYTES);
    cbor_put_map(&file, 4);
    cbor_put_uint(&file, 1);
    cbor_put_uint(&file, KEYSTORE_VERSION);
    cbor_put_uint(&file, 2);
    cbor_put_uint(&file, (uint64_t)k->protection);
    cbor_put_uint(&file, 3);
    cbor_put_bytes(&file, k->kept.data, k->kept.len);
    cbor_put_uint(&file, 4);
    cbor_put_uint(&file, k->slot);
    err = file.err;
    if (!err) {
        err = fsfile_replace(k->folder, "secret", buf_bytes(&file));
    }
    buf_wipe(&file);
    return err;
}

enum err keystore_make(struct keystore *k, struct crypto_random random,
                       bool is_weak_allowed)
{
    uint8_t secret[KEYSTORE_SECRET_SIZE];
    uint8_t slot[2];
    enum err err;

    if (k->has_secret) {
        return ERR_EXISTS;
    }
    k->protection = keystore_protection(k);
    if (k->protection == KEYSTORE_WEAK && !is_weak_allowed) {
        return ERR_DENIED;
    }
    err = random.fill(random.ctx, secret, sizeof(secret));
    if (!err) {
        err = random.fill(random.ctx, slot, sizeof(slot));
    }
    if (err)
        goto out;
    k->slot = (uint32_t)(slot[0] << 8 | slot[1]);
    buf_reset(&k->kept);
    if (k->protection == KEYSTORE_TPM) {
        err = keystore_tpm_seal(
            k->tpm, (struct bytes){ secret, sizeof(secret) }, &k->kept);
    } else {
        buf_put(&k->kept, secret, sizeof(secret));
        err = k->kept.err;
    }
    if (!err) {
        err = write_secret(k);
    }
    k->has_secret = !err;
out:
    wipe(secret, sizeof(secret));
    return err;
}

enum err keystore_secret(struct keystore *k, uint8_t out[KEYSTORE_SECRET_SIZE])
{
    struct buf plain;
    enum err err = ERR_OK;

    if (!k->has_secret) {
        return ERR_NOT_FOUND;
    }
    if (k->protection == KEYSTORE_DISK &&
        !disk_is_encrypted(k->folder, NULL, NULL)) {
        return ERR_DENIED;
    }
    buf_init(&plain, KEYSTORE_FILE_MAX_BYTES);
    if (k->protection == KEYSTORE_TPM) {
        err = k->tpm ? keystore_tpm_unseal(k->tpm, buf_bytes(&k->kept), &plain)
                     : ERR_WRONG_KEY;
    } else {
        buf_put(&plain, k->kept.data, k->kept.len);
        err = plain.err;
    }
    if (!err && plain.len != KEYSTORE_SECRET_SIZE) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(out, plain.data, KEYSTORE_SECRET_SIZE);
    }
    buf_wipe(&plain);
    return err;
}

enum err keystore_destroy(struct keystore *k)
{
    wipe(k->kept.data, k->kept.len);
    buf_reset(&k->kept);
    k->has_secret = false;
    if (renameat(k->folder, "secret", k->folder, DESTROYED) &&
        errno != ENOENT) {
        return fsfile_err(errno);
    }
    return fsync(k->folder) ? fsfile_err(errno) : overwrite(k);
}

enum err keystore_counter(struct keystore *k, uint64_t *out)
{
    *out = k->counter + (k->was_copied ? 1 : 0);
    return ERR_OK;
}

enum err keystore_raise(struct keystore *k, uint64_t value)
{
    enum err err;

    if (value > k->counter) {
        err = write_number(k->folder, "counter", value);
        if (err) {
            return err;
        }
        k->counter = value;
    }
    if (k->was_copied) {
        err = write_place(k);
        if (err) {
            return err;
        }
        k->was_copied = false;
    }
    if (k->tpm && k->has_secret && value > k->tpm_counter &&
        (!k->was_raised || value - k->tpm_counter >= KEYSTORE_TPM_EVERY)) {
        err = keystore_tpm_put(k->tpm, k->slot, value);
        if (err) {
            return err;
        }
        k->tpm_counter = value;
        k->was_raised = true;
    }
    return ERR_OK;
}
