#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/limits.h"
#include "ui/ctl/ctl.h"

/* The first line of the file, without its end. */
static enum err read_line(FILE *f, struct buf *out)
{
    int c;

    while ((c = fgetc(f)) != EOF && c != '\n') {
        if (c != '\r') {
            buf_put_u8(out, (uint8_t)c);
        }
    }
    return out->err;
}

static enum err pin_of_file(const char *name, const char *path, struct buf *out)
{
    FILE *f = fopen(path, "re");
    enum err err;

    if (!f) {
        ctl_say("%s: %s: %s", name, path, strerror(errno));
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_DENIED;
    }
    err = read_line(f, out);
    fclose(f);
    return err;
}

static enum err ask(FILE *tty, const char *what, const char *number,
                    struct buf *out)
{
    struct termios old, quiet;
    enum err err;

    if (tcgetattr(fileno(tty), &old)) {
        return ERR_UNSUPPORTED;
    }
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(tty, "%s of officer %s: ", what, number);
    fflush(tty);
    tcsetattr(fileno(tty), TCSAFLUSH, &quiet);
    err = read_line(tty, out);
    tcsetattr(fileno(tty), TCSAFLUSH, &old);
    fputc('\n', tty);
    return err;
}

static enum err pin_of_terminal(const char *number, bool is_new,
                                struct buf *out)
{
    FILE *tty = fopen("/dev/tty", "r+e");
    struct buf again;
    enum err err;

    if (!tty) {
        ctl_say("no terminal to ask for the PIN: name a file with it in "
                "BEATBOOK_PIN_FILE");
        return ERR_UNSUPPORTED;
    }
    setvbuf(tty, NULL, _IONBF, 0);
    buf_init(&again, PIN_MAX_BYTES);
    err = ask(tty, is_new ? "New PIN" : "PIN", number, out);
    if (!err && is_new) {
        err = ask(tty, "Once more the PIN", number, &again);
        if (!err && !bytes_eq(buf_bytes(out), buf_bytes(&again))) {
            ctl_say("the two PINs differ: nothing was done");
            err = ERR_WRONG_KEY;
        }
    }
    buf_wipe(&again);
    fclose(tty);
    return err;
}

enum err ctl_pin(const char *number, bool is_new, struct buf *out)
{
    const char *path = getenv("BEATBOOK_PIN_FILE");

    buf_init(out, PIN_MAX_BYTES);
    return path && *path ? pin_of_file("BEATBOOK_PIN_FILE", path, out)
                         : pin_of_terminal(number, is_new, out);
}

enum err ctl_new_pin(const char *number, struct buf *out)
{
    const char *path = getenv("BEATBOOK_NEW_PIN_FILE");

    buf_init(out, PIN_MAX_BYTES);
    return path && *path ? pin_of_file("BEATBOOK_NEW_PIN_FILE", path, out)
                         : pin_of_terminal(number, true, out);
}

enum err ctl_open(const struct ctl_args *args, struct session **out)
{
    const struct session_options options = { .dir = args->dir,
                                             .log_name = "beatbookctl.log",
                                             .gpsd = args->gpsd,
                                             .tcti = args->tpm,
                                             .proxy = args->proxy,
                                             .is_metered = args->is_metered };
    const enum err err = session_open(&options, out);

    switch (err) {
    case ERR_OK:
        break;
    case ERR_BUSY:
        ctl_say("%s is open in another program: close it first", args->dir);
        break;
    case ERR_NOT_FOUND:
        ctl_say("the folder above %s doesn't exist", args->dir);
        break;
    case ERR_DENIED:
        ctl_say("%s belongs to somebody else, or can't be written", args->dir);
        break;
    case ERR_NEWER:
        ctl_say("%s was written by a newer version: update this program",
                args->dir);
        break;
    default:
        ctl_say("%s can't be opened: %s", args->dir, err_text(err));
    }
    return err;
}

/* The one that was named, or the only one. */
enum err ctl_choose_officer(const struct ctl_args *args,
                            const struct keyring *ring,
                            struct keyring_officer *out)
{
    size_t count = keyring_count(ring);

    for (size_t i = 0; i < count; i++) {
        keyring_get(ring, i, out);
        if (args->officer ? strcmp(out->number, args->officer) == 0
                          : count == 1) {
            return ERR_OK;
        }
    }
    if (args->officer) {
        ctl_say("officer %s has no PIN on this tablet", args->officer);
        return ERR_NOT_FOUND;
    }
    ctl_say("several officers have a PIN here: say --officer NUMBER");
    return ERR_USAGE;
}

static void explain_locked(enum err err, const char *number, uint64_t wait_ms)
{
    switch (err) {
    case ERR_WRONG_KEY:
        ctl_say("wrong PIN for officer %s", number);
        break;
    case ERR_BUSY:
        ctl_say("too many wrong PINs: wait %" PRIu64 " s, then try again",
                wait_ms / 1000 + 1);
        break;
    case ERR_DENIED:
        ctl_say("officer %s is locked out after %d wrong PINs, or the device "
                "secret may not be read here (is the disk still encrypted?). "
                "A colleague or a recovery code opens the tablet; no data is "
                "lost",
                number, KEYRING_TRIES_MAX);
        break;
    case ERR_NEWER:
        ctl_say("the store was written by a newer version: update this "
                "program; nothing was changed");
        break;
    case ERR_CLOSED:
        ctl_say(CTL_WIPED);
        break;
    case ERR_BAD_DATA:
        ctl_say("the store is damaged; it was left as it is. Call "
                "\"beatbookctl salvage\": it makes a new one from what can be "
                "read and from the safety copy, and deletes nothing");
        break;
    case ERR_FULL:
        ctl_say("no space left on this tablet: make room, then try again; "
                "what was recorded is safe");
        break;
    default:
        ctl_say("the tablet can't be opened: %s", err_text(err));
    }
}

enum err ctl_unlock(const struct ctl_args *args, struct session **out)
{
    struct keyring_officer officer;
    struct session *s = NULL;
    struct buf pin;
    uint64_t wait_ms = 0;
    enum err err = ctl_open(args, &s);

    if (err) {
        return err;
    }
    buf_init(&pin, PIN_MAX_BYTES);
    if (!session_keyring(s)) {
        ctl_say("%s isn't enrolled: beatbookctl enrol --dir DIR --code CODE "
                "--officer NUMBER comes first",
                args->dir);
        err = ERR_NOT_FOUND;
        goto out;
    }
    err = ctl_choose_officer(args, session_keyring(s), &officer);
    if (err)
        goto out;
    err = ctl_pin(officer.number, false, &pin);
    if (err)
        goto out;
    err = session_unlock(s, &officer.id, buf_bytes(&pin), &wait_ms);
    if (err) {
        explain_locked(err, officer.number, wait_ms);
    } else if (evlog_was_restored(tablet_log(session_tablet(s)))) {
        ctl_say("this folder is a copy, or was put back to an older state: "
                "it goes on with a chain of its own, and nothing is lost. "
                "If the other copy is in use, too, tell the administrator");
    }
out:
    buf_wipe(&pin);
    if (err) {
        session_close(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

enum err ctl_sign_in(const struct ctl_args *args, struct session **out)
{
    enum err err = ctl_unlock(args, out);

    if (err) {
        return err;
    }
    err = session_sign_in(*out);
    if (err) {
        ctl_say("%s%s; nothing was done",
                err == ERR_DENIED ? "the council ended this officer's access: "
                                  : "the sign-in can't be recorded: ",
                err_text(err));
        session_close(*out);
        *out = NULL;
    }
    return err;
}
