/* ctl_handover.c - what could not be sent, on a stick: out and back. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/tablet_handover.h"
#include "ui/ctl/ctl.h"

/* --- out --- */

static enum err write_piece(void *ctx, struct bytes piece)
{
    FILE *f = ctx;

    if (fwrite(piece.data, 1, piece.len, f) == piece.len) {
        return ERR_OK;
    }
    return errno == ENOSPC || errno == EFBIG ? ERR_FULL : ERR_IO;
}

/* Written beside and renamed: a file of that name is whole. */
static enum err write_sealed(struct tablet *t, const char *path, bool is_all,
                             struct tablet_handover *made)
{
    char temp[4096];
    FILE *f;
    enum err err;

    if (snprintf(temp, sizeof(temp), "%s.part", path) >= (int)sizeof(temp)) {
        return ERR_TOO_LONG;
    }
    f = fopen(temp, "we");
    if (!f) {
        ctl_say("%s can't be written: %s", temp, strerror(errno));
        return ERR_DENIED;
    }
    err = tablet_handover(t, is_all, write_piece, f, made);
    if (!err && (fflush(f) != 0 || fsync(fileno(f)) != 0)) {
        err = errno == ENOSPC ? ERR_FULL : ERR_IO;
    }
    if (fclose(f) != 0 && !err) {
        err = ERR_IO;
    }
    if (!err && rename(temp, path) != 0) {
        err = ERR_IO;
    }
    if (err) {
        (void)unlink(temp);
        ctl_say("%s could not be written whole: %s. Everything is still on "
                "this tablet",
                path, err_text(err));
    }
    return err;
}

enum err ctl_export_sealed(const struct ctl_args *args)
{
    struct tablet_handover made;
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    err = write_sealed(session_tablet(s), args->sealed, args->is_all, &made);
    if (!err) {
        printf("%" PRIu64 " entries and %" PRIu64 " files (%" PRIu64
               " bytes) in %s. Only the council's server can open it.\n",
               made.events, made.files, made.bytes, args->sealed);
        if (made.missing > 0) {
            ctl_say("%" PRIu64 " files of photos can't be read on this tablet",
                    made.missing);
        }
    }
    session_close(s);
    return err;
}

/* --- back --- */

static enum err read_whole(const char *path, struct buf *out)
{
    FILE *f = fopen(path, "re");
    uint8_t piece[4096];
    size_t got;

    if (!f) {
        ctl_say("%s can't be read: %s", path, strerror(errno));
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_DENIED;
    }
    while ((got = fread(piece, 1, sizeof(piece), f)) > 0) {
        buf_put(out, piece, got);
    }
    fclose(f);
    return out->err;
}

static void explain(enum err err)
{
    switch (err) {
    case ERR_BAD_DATA:
        ctl_say("this is no receipt, or it is damaged; nothing was changed");
        break;
    case ERR_BAD_SEAL:
        ctl_say("this receipt isn't by our council's server, or it was "
                "changed; nothing was changed here");
        break;
    case ERR_DENIED:
        ctl_say("this receipt is for another tablet");
        break;
    case ERR_WENT_BACK:
        ctl_say("this receipt is of a log that the server has left since: "
                "sync, or make the file again with --all");
        break;
    default:
        ctl_say("the receipt can't be taken: %s", err_text(err));
    }
}

enum err ctl_import_receipt(const struct ctl_args *args)
{
    struct tablet_receipts got;
    struct session *s;
    struct buf file;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    buf_init(&file, HANDOVER_REPLY_MAX_BYTES);
    err = read_whole(args->receipt, &file);
    if (!err) {
        err = tablet_take_receipts(session_tablet(s), buf_bytes(&file), &got);
        if (err) {
            explain(err);
        } else {
            printf("the council holds %" PRIu64 " more entries and %" PRIu64
                   " more files of this tablet; %" PRIu64
                   " are held but not applied\n",
                   got.events, got.files, got.exceptions);
        }
    }
    buf_fini(&file);
    session_close(s);
    return err;
}
