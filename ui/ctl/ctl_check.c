/* ctl_check.c - looking at a store: status, export, fsck, rebuild. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/records.h"
#include "ui/ctl/ctl.h"

#define STATUS_MAX_BYTES ((size_t)64 * 1024)

enum err ctl_status(const struct ctl_args *args)
{
    struct session *s;
    struct buf json;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    buf_init(&json, STATUS_MAX_BYTES);
    err = tablet_status_json(session_tablet(s), &json);
    if (err) {
        ctl_say("no status: %s", err_text(err));
    } else {
        puts(buf_text(&json));
    }
    buf_fini(&json);
    session_close(s);
    return err;
}

static enum err write_out(const char *path, const struct buf *text)
{
    FILE *f = path ? fopen(path, "we") : stdout;
    bool is_written;

    if (!f) {
        ctl_say("%s can't be written: %s", path, strerror(errno));
        return ERR_DENIED;
    }
    is_written =
        fwrite(text->data, 1, text->len, f) == text->len && fflush(f) == 0;
    if (path && fclose(f) != 0) {
        is_written = false;
    }
    if (!is_written) {
        ctl_say("the records could not be written whole: %s", strerror(errno));
        return ERR_IO;
    }
    return ERR_OK;
}

enum err ctl_export(const struct ctl_args *args)
{
    struct session *s;
    struct buf csv;
    enum err err;

    if (args->sealed) {
        return ctl_export_sealed(args);
    }
    err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    buf_init(&csv, EXPORT_MAX_BYTES);
    err = records_log_csv(tablet_log(session_tablet(s)), &csv);
    if (err) {
        ctl_say("no export: %s", err_text(err));
    } else {
        err = write_out(args->out, &csv);
    }
    buf_fini(&csv);
    session_close(s);
    return err;
}

struct findings {
    size_t count;
};

static void print_finding(void *ctx, const char *what)
{
    struct findings *f = ctx;

    f->count++;
    printf("%s\n", what);
}

enum err ctl_fsck(const struct ctl_args *args)
{
    struct findings found = { 0 };
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    err = store_fsck(tablet_store(session_tablet(s)), print_finding, &found);
    if (!err) {
        puts("no fault found");
    } else if (found.count > 0) {
        ctl_say("%zu faults. Nothing was changed; keep the folder and call "
                "the administrator",
                found.count);
    } else {
        ctl_say("the check could not be finished: %s", err_text(err));
    }
    session_close(s);
    return err;
}

enum err ctl_rebuild(const struct ctl_args *args)
{
    struct hash before, after;
    struct session *s;
    struct store *store;
    char hex[2 * sizeof(struct hash) + 1];
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    store = tablet_store(session_tablet(s));
    err = store_dump_hash(store, &before);
    if (!err) {
        err = store_rebuild(store);
    }
    if (!err) {
        err = store_dump_hash(store, &after);
    }
    if (err) {
        ctl_say("not rebuilt: %s; the store is as it was", err_text(err));
    } else {
        hex_format(after.bytes, sizeof(after.bytes), hex);
        printf("rebuilt; dump %s, %s\n", hex,
               hash_eq(&before, &after) ? "as before" : "CHANGED");
    }
    session_close(s);
    return err;
}
