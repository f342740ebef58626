/*
 * tablet_internal.h - shared by the files tablet_*.c. Not for others.
 */
#ifndef CORE_TABLET_INTERNAL_H
#define CORE_TABLET_INTERNAL_H

#include "core/fields.h"
#include "core/form_text.h"
#include "core/id.h"
#include "core/project.h"
#include "core/store_internal.h"
#include "core/tablet.h"
#include "core/tier.h"

/* A definition once read stays until the tablet closes: screens hold it. */
struct tablet_cached {
    struct tablet_cached *next;
    int64_t version, hlc;
    struct form *form;
};

/* A content key that a share told. */
struct tablet_held_key {
    struct uuid record;
    uint8_t key[CRYPTO_KEY_SIZE];
};

struct tablet {
    struct store *store;
    struct evlog *log;
    const struct port *port;
    struct uuid officer;         /* zero: nobody */
    struct uuid session;         /* of the sign-in */
    struct tablet_cached *forms; /* newest first */
    struct tablet_categories_cached {
        struct tablet_categories_cached *next;
        int64_t stamp;
        struct category_list *list;
    } * categories;
    struct tablet_areas_cached {
        struct tablet_areas_cached *next;
        int64_t stamp;
        struct area_list *list;
    } * areas;
    struct uuid *officers; /* owned */
    size_t officer_count;
    bool is_metered;
    struct sync *sync;
    void (*sync_close)(struct sync *sync);
    bool has_holder; /* of the officer whose PIN was right */
    struct ec_key holder;
    struct tablet_held_key *held; /* owned, wiped */
    size_t held_count, held_cap;
    int64_t held_seen;    /* event row up to which shares were looked at */
    int64_t held_changes; /* of the database at that look; -1: none yet */
    int64_t share_seen;   /* and up to which nobody lacks one */
};

MUST_USE enum err tablet_new_id(struct tablet *t, struct uuid *out);

void tablet_areas_close(struct tablet *t);

/* --- one save in the making: tablet_save.c --- */

struct tablet_save {
    struct tablet *t;
    struct evlog_new *events;
    struct buf *bodies;
    struct hash (*blobs)[2];
    size_t count, cap;
    enum err err; /* sticks */
};
void tablet_save_init(struct tablet_save *s, struct tablet *t);
void tablet_save_fini(struct tablet_save *s);
/*
 * Adds an event with the body in `w` (which is finished with). Closed tiers:
 * `e->kind` is what it is, the header hides it, the body is encrypted; call
 * inside evlog_begin. `key_out` gets the key of a sealed body.
 */
void tablet_save_add(struct tablet_save *s, const struct evlog_new *e,
                     struct body_writer *w, enum tier tier,
                     uint8_t key_out[CRYPTO_KEY_SIZE]);
/* A new record: the same, and a closed one's key told to all holders. */
void tablet_save_record(struct tablet_save *s, const struct evlog_new *e,
                        struct body_writer *w, enum tier tier);
MUST_USE enum err tablet_save_end(struct tablet_save *s);

/* --- closed records: tablet_hold.c, tablet_held.c --- */

/* A share for everybody who reads this tier. */
void tablet_save_shares(struct tablet_save *s, const struct uuid *record,
                        enum tier tier, const uint8_t key[CRYPTO_KEY_SIZE]);
/* Shares that came since the last look; also into temp.held. */
MUST_USE enum err tablet_held_refresh(struct tablet *t);
/* The nth key that was shared for `record`; NULL behind the last. */
const uint8_t *tablet_held_key(const struct tablet *t,
                               const struct uuid *record, size_t n);
/* The record as a holder reads it; ERR_NOT_FOUND when nothing was shared. */
MUST_USE enum err tablet_held_view(struct tablet *t, const struct uuid *record,
                                   struct project_view *out);
/* A record that names the key given to tablet_hold; ERR_NOT_FOUND. */
MUST_USE enum err tablet_own_name(struct tablet *t, struct uuid *out);
void tablet_held_close(struct tablet *t);

/* --- forms: tablet_form.c --- */

/* Puts answers, ascending by field, as fields of a body. */
void tablet_put_values(struct body_writer *w, const struct form_value *values,
                       size_t count, const struct body_place *place);
/* One answer as CBOR; a set as all added. */
void tablet_put_value(struct buf *out, const struct form_value *v);
/* The key of a field, for people; "?" when the form (or NULL) has no such
 * field. */
const char *tablet_field_key(const struct form *form, uint32_t id);
/* What is wrong with answers, into `why`; hidden ones are taken out. */
MUST_USE enum err tablet_check(const struct form *form,
                               struct form_value *values, size_t *count,
                               struct buf *why);
/* The same for some answers only: what is required may stand in another
 * event. In tablet_change.c. */
MUST_USE enum err tablet_check_values(const struct form *form,
                                      const struct form_value *values,
                                      size_t count, struct buf *why);
/* Reads `text` as the answer to `key` into values; ascending, replaced. */
MUST_USE enum err tablet_read(const struct form *form, const char *key,
                              const char *text, struct arena *arena,
                              struct form_value *values, size_t *count);

/* --- signatures on words of a form: tablet_signature.c --- */

struct tablet_signature_new {
    const char *field;         /* of the record, for `why` */
    const struct form *form;   /* the signature's */
    const struct bytes *words; /* what must have been signed; NULL: nothing */
    const struct ec_key *key;  /* of the officer; NULL: none here */
    struct arena *arena;
    struct form_value *values; /* BODY_FIELDS_MAX of them */
    size_t *count;
};
/* Adds hash and co-signature. ERR_BAD_DATA, said in `why`: neither drawn nor
 * typed nor a reason, or other words were signed. */
MUST_USE enum err tablet_finish_signature(const struct tablet_signature_new *n,
                                          struct buf *why);

/* --- the book and the patrol: tablet_book.c --- */

/* Adds a line to the officer's book, opening one if need be; nothing when
 * nobody is signed in. `about` may be NULL. */
struct tablet_line {
    const char *text; /* NULL: it speaks by what it is about */
    const struct uuid *about;
    int64_t late_for_ms;
    uint64_t amends;
    const char *area; /* NULL: of no place; else with a mark */
    int mark;         /* enum entry_mark */
};
void tablet_save_line(struct tablet_save *s, const struct tablet_line *line,
                      uint64_t *number_out);
/* The officer's open book in this incarnation; ERR_NOT_FOUND. */
MUST_USE enum err tablet_book_find(struct tablet *t, struct uuid *out,
                                   uint64_t *entries_out);
/* What a hand gave, into a body: tablet_sign.c. `to` 0: no lines. */
struct tablet_signing;
MUST_USE enum err tablet_put_signing(struct tablet *t,
                                     const struct uuid *record, uint64_t to,
                                     const struct tablet_signing *s,
                                     struct body_writer *w);
/* The running patrol of the officer; ERR_NOT_FOUND. */
MUST_USE enum err tablet_patrol_find(struct tablet *t, struct uuid *out,
                                     bool *is_paused_out);

/* --- photos: tablet_photo.c --- */

void tablet_save_photo(struct tablet_save *s, const struct tablet_photo *p,
                       const struct uuid *parent, uint32_t field,
                       enum tier tier);

/* The next exhibit label, which nobody gets again: tablet_exhibit.c. Inside
 * a transaction. */
MUST_USE enum err tablet_exhibit_take(struct tablet *t, char *out);

/* --- what is known of a record: tablet_query.c --- */

struct tablet_known {
    int64_t id;
    uint64_t kind;
    enum tier tier;
    char form[FORM_ID_MAX + 1];
    uint64_t form_version;
    struct uuid officer;
    int gone; /* enum tablet_gone */
};
MUST_USE enum err tablet_known_record(struct tablet *t,
                                      const struct uuid *record,
                                      struct tablet_known *out);
/* The heads of one field, for bases. */
MUST_USE enum err tablet_heads(struct tablet *t, int64_t record_row,
                               uint64_t field,
                               struct event_ref out[BODY_BASES_MAX],
                               size_t *count_out);

/* --- what people say of a record: tablet_said.c --- */

/* An event that is about a record, or wrote fields of it. */
struct tablet_said {
    uint64_t op, hlc;
    struct uuid officer;
    int64_t wall_ms;
    int64_t gnss_ms;              /* 0: no satellite time */
    const struct body_view *body; /* NULL: erased, or not readable */
};
typedef enum err (*tablet_said_fn)(void *ctx, const struct tablet_said *s);
/* Those that count, as they were stored here; ERR_STOPPED ends it well. */
MUST_USE enum err tablet_said(struct tablet *t, const struct uuid *record,
                              tablet_said_fn fn, void *ctx);
/* A number in what was said; `otherwise` when it says none. */
int64_t tablet_said_int(const struct tablet_said *s, uint64_t field,
                        int64_t otherwise);
/* Words in it; "" when there are none. */
void tablet_said_text(const struct tablet_said *s, uint64_t field, char *out,
                      size_t size);
/* Whom one officer asks, or answers; false: it is a team leader's affair. */
bool tablet_said_of(const struct tablet_said *s, struct uuid *out);
/* The newest question of a colleague to who is signed in: tablet_ask.c. */
struct tablet_peer {
    bool is_open; /* else there is none without an answer */
    struct uuid by;
    int64_t at_ms;
    char question[256];
};
MUST_USE enum err tablet_peer_read(struct tablet *t, const struct uuid *record,
                                   struct tablet_peer *out);
MUST_USE enum err tablet_peer_answer(struct tablet *t,
                                     const struct uuid *record,
                                     const struct uuid *asker,
                                     const char *answer);
/* One event of who is signed in about a record, and a line of the book that
 * begins with `words` and names the record by its title. */
MUST_USE enum err tablet_say(struct tablet *t, const struct evlog_new *e,
                             struct body_writer *w, const char *words);
/* Copies what fits, cut before a character that doesn't. */
void tablet_copy_text(struct bytes text, char *out, size_t size);
/* The same of a value; one that is no text, or data NULL, gives "". */
void tablet_copy(struct bytes value, char *out, size_t size);
/* "" for one who isn't known here. */
MUST_USE enum err tablet_name_of(struct tablet *t, const struct uuid *officer,
                                 char *out, size_t size);
/* A COSE_Sign by `key`, external data `aad`, over [ record, number, link of
 * the newest event ], into `out` of at most SIGNED_HEAD_MAX_BYTES. */
#define SIGNED_HEAD_MAX_BYTES 512 /* a signature and 70 bytes signed */
MUST_USE enum err tablet_sign_head(struct tablet *t, const char *aad,
                                   const struct uuid *record, uint64_t number,
                                   const struct ec_key *key, struct buf *out);
/* What the officer's own record says; "" and zero when it isn't here. */
struct tablet_self {
    char number[FORM_ID_MAX + 1];
    struct uuid team;
    bool is_leader; /* a team leader: may review what others wrote */
};
MUST_USE enum err tablet_self(struct tablet *t, struct tablet_self *out);

#endif /* CORE_TABLET_INTERNAL_H */
