/* ctl_salvage.c - a new store from what is left of a damaged one. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/ctl/ctl.h"

static void report(const struct session_salvaged *out)
{
    const struct salvage_report *r = &out->report;

    printf("A new notebook file was made.\n");
    if (r->is_file_readable) {
        printf("  %" PRIu64 " entries came from the damaged file; %" PRIu64
               " places in it can't be read\n",
               r->from_file, r->lost_rows);
    } else {
        puts("  nothing of the damaged file can be read");
    }
    printf("  %" PRIu64 " entries came from the safety copy\n"
           "  %" PRIu64 " entries weren't sent yet: they go with the next "
           "sync\n",
           r->from_safety, r->unsent);
    if (r->safety_damage > 0) {
        printf("  %" PRIu64 " places of the safety copy can't be read\n",
               r->safety_damage);
    }
    printf("The damaged file is kept in %s: give it to the administrator. "
           "Sync now: what the council holds comes back.\n",
           out->aside);
}

static void explain(const struct session_salvaged *out, enum err err)
{
    if (err == ERR_NOT_FOUND && out->is_pin_right) {
        ctl_say("neither the file nor the safety copy says which tablet this "
                "is. Keep the whole folder and enrol a new one. Nothing was "
                "changed");
    } else if (out->is_pin_right) {
        ctl_say("nothing could be salvaged: %s. Nothing was deleted",
                err_text(err));
    } else {
        ctl_say("not opened: %s", err_text(err));
    }
}

enum err ctl_salvage(const struct ctl_args *args)
{
    struct keyring_officer officer;
    struct session_salvaged out;
    struct session *s = NULL;
    struct buf pin;
    uint64_t wait_ms;
    enum err err = ctl_open(args, &s);

    if (err) {
        return err;
    }
    buf_init(&pin, PIN_MAX_BYTES);
    if (!session_keyring(s)) {
        ctl_say("%s isn't enrolled", args->dir);
        err = ERR_NOT_FOUND;
    }
    err = err ? err : ctl_choose_officer(args, session_keyring(s), &officer);
    err = err ? err : ctl_pin(officer.number, false, &pin);
    if (!err) {
        err = session_salvage(s, &officer.id, buf_bytes(&pin), &wait_ms, &out);
        if (err) {
            explain(&out, err);
        } else {
            report(&out);
        }
    }
    buf_wipe(&pin);
    session_close(s);
    return err;
}
