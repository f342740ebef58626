#include <stdio.h>
#include <unistd.h>

#include "core/limits.h"
#include "ui/ctl/ctl.h"

#define WHY_MAX 2000

static enum err print_codes(struct session *s)
{
    struct keyring_codes codes;
    enum err err = session_new_codes(s, &codes);

    if (err) {
        ctl_say("no recovery codes could be made: %s", err_text(err));
        return err;
    }
    puts("Recovery codes: write them down, keep them in the office. Each "
         "opens this\ntablet once when a PIN is forgotten.");
    for (int i = 0; i < KEYRING_CODES; i++) {
        printf("  %d  %s\n", i + 1, codes.text[i]);
    }
    wipe(&codes, sizeof(codes));
    return ERR_OK;
}

static void say_storage(struct session *s)
{
    static const char *const ways[] = {
        "", "in this machine's TPM", "in a file on an encrypted disk",
        "in a file on a disk that is NOT encrypted, as the council allowed"
    };
    const int storage = session_storage(s);

    printf("The device secret is kept %s.\n",
           ways[storage >= 1 && storage <= 3 ? storage : 3]);
}

/* The tablet is enrolled by now: what follows can be done again. */
static void finish(struct session *s, const struct ctl_args *args)
{
    printf("Enrolled. Officer %s has a PIN on this tablet.\n", args->officer);
    say_storage(s);
    if (isatty(STDOUT_FILENO)) {
        if (print_codes(s)) {
            ctl_say("make them later: beatbookctl codes --dir DIR");
        }
    } else {
        puts("No terminal: make recovery codes later with \"beatbookctl "
             "codes\".");
    }
    if (ctl_reconcile(s, args)) {
        ctl_say("the first sync did not end; the tablet is enrolled all the "
                "same: run beatbookctl sync again");
    }
}

enum err ctl_enrol(const struct ctl_args *args)
{
    struct session_enrolment what = { args->code, args->officer, { NULL, 0 } };
    struct session *s = NULL;
    struct buf pin, why;
    enum err err;

    if (!args->code || !args->officer) {
        ctl_say("enrol needs --code CODE and --officer NUMBER");
        return ERR_USAGE;
    }
    err = ctl_open(args, &s);
    if (err) {
        return err;
    }
    buf_init(&why, WHY_MAX);
    err = ctl_pin(args->officer, true, &pin);
    if (!err) {
        what.pin = buf_bytes(&pin);
        err = session_enrol(s, &what, &why);
        if (err) {
            ctl_say("%s", why.len ? buf_text(&why) : err_text(err));
        }
    }
    if (!err) {
        finish(s, args);
    }
    buf_wipe(&pin);
    buf_fini(&why);
    session_close(s);
    return err;
}

enum err ctl_codes(const struct ctl_args *args)
{
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (!err) {
        err = print_codes(s);
        session_close(s);
    }
    return err;
}
