/*
 * tablet.h - one tablet's core behind one door: store, log, forms, sync
 * engine. The screen's worker thread and beatbookctl both drive this.
 */
#ifndef CORE_TABLET_H
#define CORE_TABLET_H

#include "core/evlog.h"
#include "core/sync.h"

struct tablet; /* opaque */

struct tablet_options {
    struct store_options store;
    const struct port *port;
};
MUST_USE enum err tablet_open(const struct tablet_options *options,
                              struct tablet **out);
void tablet_close(struct tablet *t);
struct evlog *tablet_log(struct tablet *t);
struct sync *tablet_sync(struct tablet *t);

/* Who writes from now on; zero for nobody. Recorded as sign-in/out. */
MUST_USE enum err tablet_sign_in(struct tablet *t, const struct uuid *officer);
MUST_USE enum err tablet_sign_out(struct tablet *t);

/* One field as text, as the command line and the import give it; the form
 * says what it means ("field=value"). */
struct tablet_text_field {
    const char *key;
    const char *value;
};

/* A photo made ready by the platform: plain bytes in memory. */
struct tablet_photo {
    struct bytes original, small; /* small may be empty */
    const char *media_type;       /* "image/jpeg" */
    int orientation;              /* EXIF 1-8, of the original */
    int64_t taken_ms;             /* 0: unknown */
    const char *caption;          /* may be "" */
};

/*
 * Record one observation of category or form `what` with its photos in one
 * save. ERR_BAD_DATA with a plain reason in `why` when a value doesn't fit
 * the form; nothing is stored then.
 */
MUST_USE enum err tablet_record(struct tablet *t, const char *what,
                                const struct tablet_text_field *fields,
                                size_t field_count,
                                const struct tablet_photo *photos,
                                size_t photo_count, struct uuid *record_out,
                                struct buf *why);

/* Change fields of a record, with the heads seen now as bases. */
MUST_USE enum err tablet_set(struct tablet *t, const struct uuid *record,
                             const struct tablet_text_field *fields,
                             size_t field_count, struct buf *why);
MUST_USE enum err tablet_strike(struct tablet *t, const struct uuid *record,
                                const char *reason);

/* --- patrol and notebook --- */
MUST_USE enum err tablet_patrol_start(struct tablet *t, const char *area,
                                      struct uuid *patrol_out);
MUST_USE enum err tablet_patrol_pause(struct tablet *t, const char *reason);
MUST_USE enum err tablet_patrol_resume(struct tablet *t);
MUST_USE enum err tablet_patrol_end(struct tablet *t);
/* A line of the officer's book; `late_for_ms` 0 unless made late. */
MUST_USE enum err tablet_entry(struct tablet *t, const char *text,
                               int64_t late_for_ms, uint64_t *number_out);

/*
 * police.uk street CSV (RFC 4180). Each row becomes one observation that
 * keeps every column; equal rows are separate. ERR_BAD_DATA names the line
 * in `why`; nothing of the file is stored then.
 */
MUST_USE enum err tablet_import_police_uk(struct tablet *t, struct bytes csv,
                                          uint64_t *rows_out, struct buf *why);

/* {"events":...,"waiting":...} as the command line prints it. */
MUST_USE enum err tablet_status_json(struct tablet *t, struct buf *out);

#endif /* CORE_TABLET_H */
