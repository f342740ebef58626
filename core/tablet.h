/*
 * tablet.h - one tablet's core behind one door: store, log, forms, sync
 * engine. The screen's worker thread and beatbookctl both drive this; what
 * screens list is in core/tablet_list.h.
 *
 * Each verb is one save: all of it is durable when it returns ERR_OK, and
 * nothing of it is stored otherwise. `why` gets a plain reason, in English,
 * without personal data beyond what was given.
 */
#ifndef CORE_TABLET_H
#define CORE_TABLET_H

#include "core/category.h"
#include "core/evlog.h"
#include "core/form.h"
#include "core/sync.h"

struct tablet; /* opaque */

struct tablet_options {
    struct store_options store;
    const struct port *port;
    const struct uuid *officers; /* with a wrap on this tablet; copied */
    size_t officer_count;
    bool is_metered; /* hold originals of photos back */
};
/* ERR_NOT_FOUND before evlog_init; else as store_open and evlog_open. */
MUST_USE enum err tablet_open(const struct tablet_options *options,
                              struct tablet **out);
void tablet_close(struct tablet *t); /* NULL is allowed */
struct store *tablet_store(struct tablet *t);
struct evlog *tablet_log(struct tablet *t);
/* Opened at its first use. */
MUST_USE enum err tablet_sync(struct tablet *t, struct sync **out);

/* True when the council ended this officer's access, as far as it is known
 * here: the newest of what its server said of the officer. */
MUST_USE enum err tablet_is_shut_out(struct tablet *t,
                                     const struct uuid *officer, bool *out);
/* Who writes from now on; zero for nobody. Recorded as sign-in/out.
 * ERR_DENIED for one who is shut out. */
MUST_USE enum err tablet_sign_in(struct tablet *t, const struct uuid *officer);
MUST_USE enum err tablet_sign_out(struct tablet *t);
const struct uuid *tablet_officer(const struct tablet *t); /* zero: nobody */

/* --- forms and categories that the council published --- */

/* The newest; valid until tablet_close. ERR_NOT_FOUND before a first sync
 * brought it. */
MUST_USE enum err tablet_form(struct tablet *t, const char *id,
                              const struct form **out);
/* The one of that version: what a draft was begun with. */
MUST_USE enum err tablet_form_at(struct tablet *t, const char *id,
                                 uint32_t version, const struct form **out);
MUST_USE enum err tablet_categories(struct tablet *t,
                                    const struct category_list **out);

/* Whose law the council works under; all empty when it has not said. */
struct profile;
MUST_USE enum err tablet_profile(struct tablet *t, struct profile *out);
struct policy;
/* The newest that the council published; policy_before() without one. */
MUST_USE enum err tablet_policy(struct tablet *t, struct policy *out);

/* Those of who is signed in; not known before the council has said. */
struct power_cards;
MUST_USE enum err tablet_cards(struct tablet *t, struct power_cards *out);

/* Beats, hotspots, orders ...: core/area.h. Valid until tablet_close; an
 * empty list before a first sync brought some. */
struct area_list;
MUST_USE enum err tablet_areas(struct tablet *t, const struct area_list **out);

/* --- records --- */

/*
 * One field as text, as core/form_text.h reads it. "key.N.child" is field
 * `child` of the Nth (1..) person, vehicle or row of `key`. A later value
 * of the same key wins; "" empties the field.
 */
struct tablet_text_field {
    const char *key;
    const char *value;
};

struct tablet_capture; /* core/tablet_capture.h */

/* A photo made ready by the platform: plain bytes in memory; or, with
 * `kept`, what was captured before and is sealed (the rest is unused). */
struct tablet_photo {
    const struct tablet_capture *kept;
    struct bytes original, small; /* small may be empty */
    const char *media_type;       /* "image/jpeg" */
    int orientation;              /* EXIF 1-8, of the original; 0: unknown */
    int64_t taken_ms;             /* 0: unknown */
    const char *caption;          /* may be "" or NULL */
};

/* A form to be used in this version, though there may be a newer one. */
struct tablet_pin {
    const char *form;
    uint32_t version;
};

struct tablet_new {
    const char *what;              /* id of a category or form */
    const struct tablet_pin *pins; /* of its form and its children's */
    size_t pin_count;
    const struct tablet_text_field *fields;
    size_t field_count;
    const struct tablet_photo *photos;
    size_t photo_count;
    const struct body_place *place; /* in place of a "place" field; or NULL */
    struct uuid record;       /* zero: made. A draft of this id is done with */
    const struct ec_key *key; /* co-signs what others signed; NULL: none */
};

/*
 * Record one observation with its photos, persons, vehicles, a line in the
 * officer's book. Not given: category, marking, time, patrol. ERR_BAD_DATA
 * when a value doesn't fit the form; ERR_NOT_FOUND for an unknown `what`;
 * ERR_DENIED for a sealed one when fewer than two people could read it.
 */
MUST_USE enum err tablet_record(struct tablet *t, const struct tablet_new *n,
                                struct uuid *record_out, struct buf *why);

/* Change fields of a record, with the heads seen now as bases: settles a
 * conflict, too. ERR_DENIED for what isn't readable here. */
MUST_USE enum err tablet_set(struct tablet *t, const struct uuid *record,
                             const struct tablet_text_field *fields,
                             size_t field_count, struct buf *why);
MUST_USE enum err tablet_strike(struct tablet *t, const struct uuid *record,
                                const char *reason);

/* --- patrol and notebook: ERR_DENIED when nobody is signed in --- */

/* ERR_EXISTS while one runs. */
MUST_USE enum err tablet_patrol_start(struct tablet *t, const char *area,
                                      struct uuid *patrol_out);
/* ERR_NOT_FOUND when none runs, or none is paused. */
MUST_USE enum err tablet_patrol_pause(struct tablet *t, const char *reason);
MUST_USE enum err tablet_patrol_resume(struct tablet *t);
MUST_USE enum err tablet_patrol_end(struct tablet *t);
/* The same with what its track came to (core/tablet_track.h). */
struct tablet_patrol_figures {
    uint64_t distance_mm, gaps_ms;
    const char *minutes;
    const struct tablet_signing *signing; /* core/tablet_sign.h, or NULL */
};
MUST_USE enum err tablet_patrol_close(struct tablet *t,
                                      const struct tablet_patrol_figures *f);

/* A line of the officer's book; `late_for_ms` 0 unless made late, `amends`
 * the number of the line that it corrects or 0. */
MUST_USE enum err tablet_entry(struct tablet *t, const char *text,
                               int64_t late_for_ms, uint64_t amends,
                               uint64_t *number_out);
/* Nothing can be added to the book any more; the next line opens another.
 * `key` is the officer's own. */
MUST_USE enum err tablet_close_book(struct tablet *t, const struct ec_key *key);

/* --- in and out --- */

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
