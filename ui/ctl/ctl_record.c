/* ctl_record.c - making and correcting records, bringing many in. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/photo.h"
#include "ui/ctl/ctl.h"

#define WHY_MAX 2000
/* A receiver that is warm speaks within a few seconds. */
#define FIX_WAIT_MS 15000
#define FIX_LOOK_MS 200
/* A place without its accuracy says little: so long for one that has it. */
#define FIX_ACCURACY_MS 3000

/* "key=value" words into fields; keys point into `keys`. */
static enum err split_fields(const struct ctl_args *args, struct buf *keys,
                             struct tablet_text_field *fields)
{
    size_t used = 0;

    for (size_t i = 1; i < args->word_count; i++) {
        const char *equals = strchr(args->words[i], '=');

        if (!equals || equals == args->words[i]) {
            ctl_say("\"%s\" isn't field=value", args->words[i]);
            return ERR_USAGE;
        }
        buf_put(keys, args->words[i], (size_t)(equals - args->words[i]));
        buf_put_u8(keys, '\0');
        fields[i - 1].value = equals + 1;
    }
    if (keys->err) {
        return keys->err;
    }
    for (size_t i = 1; i < args->word_count; i++) { /* it grows no more */
        fields[i - 1].key = (const char *)keys->data + used;
        used += strlen(fields[i - 1].key) + 1;
    }
    return ERR_OK;
}

static enum err open_photos(const struct ctl_args *args, struct photo *photos,
                            struct tablet_photo *ready, size_t *opened_out)
{
    *opened_out = 0;
    for (size_t i = 0; i < args->photo_count; i++) {
        const enum err err = photo_open(args->photos[i], &photos[i]);

        if (err) {
            ctl_say("photo %s: %s; nothing was recorded", args->photos[i],
                    err_text(err));
            return err;
        }
        ++*opened_out;
        if (photos[i].message[0]) {
            ctl_say("photo %s: %s", args->photos[i], photos[i].message);
        }
        ready[i] =
            (struct tablet_photo){ .original = buf_bytes(&photos[i].original),
                                   .small = buf_bytes(&photos[i].small),
                                   .media_type = photos[i].media_type,
                                   .orientation = photos[i].orientation,
                                   .taken_ms = photos[i].taken_ms,
                                   .caption = "" };
    }
    return ERR_OK;
}

/* The receiver's place, where one was asked for and none was typed. */
static bool place_now(struct session *s, struct body_place *out)
{
    const struct port *port = session_port(s);
    struct port_fix fix = { .source = PORT_FIX_NONE };
    int left = FIX_WAIT_MS;

    for (bool had = false; left >= 0; left -= FIX_LOOK_MS) {
        const bool has = port->ops->fix(port->ctx, &fix) == ERR_OK;

        if (has && fix.accuracy_mm > 0) {
            break;
        }
        if (has && !had) {
            left = left < FIX_ACCURACY_MS ? left : FIX_ACCURACY_MS;
        }
        had = has;
        ctl_pause(FIX_LOOK_MS);
    }
    if (fix.source == PORT_FIX_NONE) {
        ctl_say("no position from the receiver; recorded without a place");
        return false;
    }
    *out = (struct body_place){ .lat_e7 = fix.lat_e7,
                                .lon_e7 = fix.lon_e7,
                                .accuracy_mm = fix.accuracy_mm,
                                .source = PLACE_GPS,
                                .is_simulated = fix.is_simulated };
    return true;
}

static bool has_place(const struct tablet_new *n)
{
    for (size_t i = 0; i < n->field_count; i++) {
        if (strcmp(n->fields[i].key, "place") == 0) {
            return true;
        }
    }
    return false;
}

static enum err record(struct session *s, const struct ctl_args *args,
                       const struct tablet_new *asked)
{
    struct tablet_new n = *asked;
    struct body_place place;
    struct uuid id;
    struct buf why;
    char text[UUID_TEXT_SIZE];
    enum err err;

    buf_init(&why, WHY_MAX);
    n.what = args->words[0];
    if (args->gpsd && !has_place(&n) && place_now(s, &place)) {
        n.place = &place;
    }
    err = tablet_record(session_tablet(s), &n, &id, &why);
    if (err) {
        ctl_say("nothing was recorded: %s",
                why.len ? buf_text(&why) : err_text(err));
    } else {
        uuid_format(&id, text);
        puts(text);
    }
    buf_fini(&why);
    return err;
}

enum err ctl_record(const struct ctl_args *args)
{
    struct tablet_text_field fields[CTL_WORDS_MAX];
    struct tablet_photo ready[CTL_PHOTOS_MAX];
    struct photo photos[CTL_PHOTOS_MAX];
    struct tablet_new n = { .fields = fields,
                            .photos = ready,
                            .photo_count = args->photo_count };
    struct session *s = NULL;
    struct buf keys;
    size_t opened = 0;
    enum err err;

    if (args->word_count == 0) {
        ctl_say("record what? Name a category or form, then field=value");
        return ERR_USAGE;
    }
    buf_init(&keys, TEXT_MAX_BYTES);
    err = split_fields(args, &keys, fields);
    if (!err) {
        n.field_count = args->word_count - 1;
        err = open_photos(args, photos, ready, &opened);
    }
    if (!err) {
        err = ctl_sign_in(args, &s);
    }
    if (!err) {
        err = record(s, args, &n);
    }
    session_close(s);
    for (size_t i = 0; i < opened; i++) {
        photo_fini(&photos[i]);
    }
    buf_fini(&keys);
    return err;
}

/* --- correcting --- */

static enum err change(const struct ctl_args *args, struct session *s,
                       const struct uuid *record,
                       const struct tablet_text_field *fields, size_t count)
{
    const bool is_strike = strcmp(args->verb, "strike") == 0;
    struct buf why;
    enum err err;

    buf_init(&why, WHY_MAX);
    err = is_strike
              ? tablet_strike(session_tablet(s), record,
                              count > 0 ? fields[0].value : "")
              : tablet_set(session_tablet(s), record, fields, count, &why);
    if (err) {
        ctl_say("nothing was changed: %s",
                why.len ? buf_text(&why) : err_text(err));
    }
    buf_fini(&why);
    return err;
}

/* A strike has one word, its reason, written like a field. */
static bool is_change(const struct ctl_args *args,
                      const struct tablet_text_field *fields)
{
    return strcmp(args->verb, "strike") != 0 ||
           (args->word_count == 2 && strcmp(fields[0].key, "reason") == 0);
}

enum err ctl_change(const struct ctl_args *args)
{
    struct tablet_text_field fields[CTL_WORDS_MAX];
    struct session *s = NULL;
    struct uuid record;
    struct buf keys;
    enum err err;

    if (args->word_count < 2 || uuid_parse(args->words[0], &record)) {
        ctl_say("change what? Name a record, then field=value");
        return ERR_USAGE;
    }
    buf_init(&keys, TEXT_MAX_BYTES);
    err = split_fields(args, &keys, fields);
    if (!err && !is_change(args, fields)) {
        ctl_say("why is it struck? strike RECORD reason=...");
        err = ERR_USAGE;
    }
    if (!err) {
        err = ctl_sign_in(args, &s);
    }
    if (!err) {
        err = change(args, s, &record, fields, args->word_count - 1);
    }
    session_close(s);
    buf_fini(&keys);
    return err;
}

static enum err read_file(const char *path, struct buf *out)
{
    uint8_t piece[65536];
    FILE *f = fopen(path, "re");
    size_t got;

    if (!f) {
        ctl_say("%s can't be read", path);
        return ERR_NOT_FOUND;
    }
    while (!out->err && (got = fread(piece, 1, sizeof(piece), f)) > 0) {
        buf_put(out, piece, got);
    }
    fclose(f);
    if (out->err) {
        ctl_say("%s: %s", path, err_text(out->err));
    }
    return out->err;
}

enum err ctl_import(const struct ctl_args *args)
{
    struct session *s = NULL;
    struct buf csv, why;
    uint64_t rows = 0;
    enum err err;

    if (args->receipt) {
        return ctl_import_receipt(args);
    }
    if (args->word_count != 2 || strcmp(args->words[0], "police-uk") != 0) {
        ctl_say("import knows one format: import police-uk FILE.csv");
        return ERR_USAGE;
    }
    buf_init(&csv, IMPORT_MAX_BYTES);
    buf_init(&why, WHY_MAX);
    err = read_file(args->words[1], &csv);
    if (!err) {
        err = ctl_sign_in(args, &s);
    }
    if (!err) {
        err = tablet_import_police_uk(session_tablet(s), buf_bytes(&csv), &rows,
                                      &why);
        if (err) {
            ctl_say("nothing was imported: %s",
                    why.len ? buf_text(&why) : err_text(err));
        } else {
            printf("%" PRIu64 " rows imported\n", rows);
        }
    }
    session_close(s);
    buf_fini(&csv);
    buf_fini(&why);
    return err;
}
