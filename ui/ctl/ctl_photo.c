/* ctl_photo.c - a record's photos: what arrived, and the pictures. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/id.h"
#include "core/limits.h"
#include "core/tablet_photos.h"
#include "ui/ctl/ctl.h"

static enum err print_photo(void *ctx, const struct tablet_photo_item *p)
{
    static const char *const states[] = {
        [TABLET_PHOTO_WAITING] = "waiting",
        [TABLET_PHOTO_HELD] = "held",
        [TABLET_PHOTO_COMING] = "coming",
        [TABLET_PHOTO_HERE] = "here",
    };
    char id[UUID_TEXT_SIZE];

    (void)ctx;
    uuid_format(&p->id, id);
    printf("%s %s %" PRId64 " bytes, small picture %s, original %s\n", id,
           states[p->state], p->bytes, p->has_small ? "here" : "not here",
           p->has_original ? "here"
           : p->is_asked   ? "asked for"
                           : "not here");
    return ERR_OK;
}

/* The id that the command names; a message when it is none. */
static enum err read_id(const struct ctl_args *args, struct uuid *out)
{
    if (args->word_count != 1 || uuid_parse(args->words[0], out)) {
        ctl_say("%s needs one id, as \"record\" and \"photos\" print it",
                args->verb);
        return ERR_USAGE;
    }
    return ERR_OK;
}

enum err ctl_photos(const struct ctl_args *args)
{
    struct uuid record = { { 0 } };
    struct session *s;
    enum err err = args->word_count == 0 ? ERR_OK : read_id(args, &record);

    err = err ? err : ctl_unlock(args, &s);
    if (err) {
        return err;
    }
    err = tablet_photos(session_tablet(s), &record, print_photo, NULL);
    if (err) {
        ctl_say("the photos can't be listed: %s", err_text(err));
    }
    session_close(s);
    return err;
}

static enum err write_file(const char *path, const struct buf *bytes)
{
    FILE *f = path ? fopen(path, "wxe") : stdout;
    bool is_written;

    if (!f) {
        ctl_say("%s can't be written: %s", path, strerror(errno));
        return errno == EEXIST ? ERR_EXISTS : ERR_DENIED;
    }
    is_written =
        fwrite(bytes->data, 1, bytes->len, f) == bytes->len && fflush(f) == 0;
    if (path && fclose(f) != 0) {
        is_written = false;
    }
    if (!is_written) {
        ctl_say("the photo could not be written whole");
        return ERR_IO;
    }
    return ERR_OK;
}

static enum err ask(struct session *s, const struct uuid *photo)
{
    enum err err = tablet_photo_ask(session_tablet(s), photo);

    if (err) {
        ctl_say("it can't be asked for: %s", err_text(err));
        return err;
    }
    ctl_say("the original isn't on this tablet yet: it comes with the next "
            "sync");
    return ERR_BUSY;
}

enum err ctl_photo(const struct ctl_args *args)
{
    struct session *s;
    struct buf bytes;
    struct uuid photo;
    enum err err = read_id(args, &photo);

    err = err ? err : ctl_unlock(args, &s);
    if (err) {
        return err;
    }
    buf_init(&bytes, BLOB_MAX_BYTES);
    err = tablet_photo_bytes(session_tablet(s), &photo, args->is_original,
                             &bytes);
    if (err == ERR_NOT_FOUND && args->is_original) {
        err = ask(s, &photo);
    } else if (err) {
        ctl_say("the photo can't be shown: %s", err_text(err));
    } else {
        err = write_file(args->out, &bytes);
    }
    buf_wipe(&bytes);
    session_close(s);
    return err;
}
