/* cli.c - what the verbs share: folder, passphrases, files. */
#include "sync-server/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "sync-server/admin.h"
#include "sync-server/journal.h"

#define PASSPHRASE_MAX ((size_t)1024)

void cli_say(const char *format, ...)
{
    va_list args;

    fputs("beatbook-server: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

enum err cli_open(const char *dir, struct cli_open *out)
{
    return cli_open_wait(dir, 0, out);
}

static enum err open_council(const char *dir, unsigned wait_ms,
                             struct cli_open *out)
{
    const struct machine_options options = { .dir = dir,
                                             .is_exclusive = true,
                                             .lock_wait_ms = wait_ms };
    enum err err;

    memset(out, 0, sizeof(*out));
    err = machine_open(&options, &out->machine);
    err = err ? err : sdb_open(dir, NULL, &out->db);
    err =
        err ? err
            : council_open(out->db, machine_port(out->machine), &out->council);
    return err;
}

static enum err attach(const char *dir, struct cli_open *out)
{
    enum err err =
        journal_attach(dir, NULL, &out->council, &out->journal, &out->redone);

    if (err == ERR_BAD_DATA && out->journal != NULL) {
        cli_say("%s/" JOURNAL_FILE " has a damaged line; the others count",
                dir);
        err = ERR_OK;
    }
    if (err == ERR_NEWER) {
        cli_say("%s/" JOURNAL_FILE " has an order of a newer version: use "
                "that, or what it ended would be open again",
                dir);
    }
    if (err)
        return err;
    if (journal_accesses(out->journal) > 0) {
        cli_say("%llu accesses were ended or given again: the database did "
                "not know of it",
                (unsigned long long)journal_accesses(out->journal));
    }
    if (out->redone > 0) {
        cli_say("%llu records were erased again: the database did not know "
                "of it",
                (unsigned long long)out->redone);
    }
    return ERR_OK;
}

enum err cli_open_wait(const char *dir, unsigned wait_ms, struct cli_open *out)
{
    enum err err = open_council(dir, wait_ms, out);

    err = err ? err : attach(dir, out);
    if (err) {
        cli_close(out);
    }
    return err;
}

static enum err begin_chain(struct council *c)
{
    enum err err = council_begin(c);

    if (err)
        return err;
    err = council_new_incarnation(c);
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

enum err cli_open_anew(const char *dir, struct cli_open *out)
{
    enum err err = open_council(dir, 0, out);

    err = err ? err : begin_chain(&out->council);
    err = err ? err : attach(dir, out);
    if (err) {
        cli_close(out);
    }
    return err;
}

void cli_close(struct cli_open *o)
{
    if (o->council.db != NULL) {
        council_close(&o->council);
    }
    journal_close(o->journal);
    sdb_close(o->db);
    machine_close(o->machine);
    memset(o, 0, sizeof(*o));
}

/* --- passphrases --- */

static enum err from_file(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "rb");
    int c;

    if (f == NULL) {
        cli_say("cannot read the passphrase file: %s", strerror(errno));
        return ERR_IO;
    }
    while ((c = fgetc(f)) != EOF && c != '\n') {
        buf_put_u8(out, (uint8_t)c);
    }
    fclose(f);
    return out->err;
}

static enum err from_terminal(const char *prompt, struct buf *out)
{
    struct termios before, quiet;
    int c;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return ERR_NOT_FOUND;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%s: ", prompt);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    while ((c = getchar()) != EOF && c != '\n') {
        buf_put_u8(out, (uint8_t)c);
    }
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return out->err;
}

static enum err ask_twice(const char *what, struct buf *out)
{
    struct buf again;
    char prompt[200];
    enum err err;

    snprintf(prompt, sizeof(prompt), "%s", what);
    err = from_terminal(prompt, out);
    if (err)
        return err;
    buf_init(&again, PASSPHRASE_MAX);
    err = from_terminal("Once more", &again);
    if (!err && !bytes_eq(buf_bytes(out), buf_bytes(&again))) {
        cli_say("the two are not the same");
        err = ERR_USAGE;
    }
    buf_wipe(&again);
    return err;
}

enum err cli_passphrase(const char *what, struct buf *out)
{
    const char *path = getenv("BEATBOOK_PASSPHRASE_FILE");
    enum err err;

    if (path != NULL) {
        err = from_file(path, out);
    } else {
        err = isatty(STDIN_FILENO) ? ask_twice(what, out) : ERR_NOT_FOUND;
    }
    if (!err && out->len < ADMIN_PASSPHRASE_MIN) {
        cli_say("a passphrase has at least %d characters",
                ADMIN_PASSPHRASE_MIN);
        err = ERR_USAGE;
    }
    return err;
}

/* --- files --- */

enum err cli_write_file(const char *dir, const char *name, struct bytes data)
{
    char path[4096], temp[4200];
    size_t done = 0;
    int fd, folder;
    bool ok;

    if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
        return ERR_TOO_LONG;
    snprintf(temp, sizeof(temp), "%s.new", path);
    fd =
        open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return ERR_IO;
    while (done < data.len) {
        const ssize_t got = write(fd, data.data + done, data.len - done);

        if (got <= 0)
            break;
        done += (size_t)got;
    }
    ok = done == data.len && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && rename(temp, path) == 0;
    *strrchr(path, '/') = '\0';
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = ok && folder >= 0 && fsync(folder) == 0;
    if (folder >= 0) {
        close(folder);
    }
    return ok ? ERR_OK : ERR_IO;
}
