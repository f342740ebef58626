/*
 * records_table.h - the records of a bundle, merged and named, as both
 * files for people need them. Private to core/records*.c.
 */
#ifndef CORE_RECORDS_TABLE_H
#define CORE_RECORDS_TABLE_H

#include "core/form.h"
#include "core/merge.h"
#include "core/records.h"

#define RECORDS_KEY_MAX 96 /* "form.key", the longest column name */

/* One event that a record is made of. */
struct records_event {
    struct uuid record;
    uint64_t position;
    uint64_t kind;
    int64_t wall_ms;
    int64_t utc_offset_min;
    char form[FORM_ID_MAX + 1];
    uint64_t form_version;
    struct merge_event merge;
};

struct records_table {
    struct records_event *events; /* owned, ascending (record, position) */
    size_t event_count, event_cap;
    struct form **forms; /* owned: every definition in the bundle */
    size_t form_count, form_cap;
    struct merge_event *officers; /* owned: the officers' events */
    struct uuid *officer_ids;     /* owned: their records */
    size_t officer_count, officer_cap, officer_id_cap;
    struct event_ref *refused; /* owned: quarantined by the server */
    size_t refused_count, refused_cap;
    struct uuid server; /* the device of the council's first event */
    bool has_server;
};

MUST_USE enum err records_table_make(const struct bundle_event *events,
                                     size_t count, struct records_table *out);
void records_table_fini(struct records_table *t);

/* One record, merged; `first` is its earliest event in the log. */
struct records_row {
    const struct records_event *first;
    struct merge_record merged;
};
/* Called for each record in ascending order of its id. */
typedef enum err (*records_row_fn)(void *ctx, const struct records_table *t,
                                   const struct records_row *row);
MUST_USE enum err records_table_walk(const struct records_table *t,
                                     records_row_fn fn, void *ctx);

/* The form that a record was made with; NULL: none, or not in the bundle. */
const struct form *records_form(const struct records_table *t,
                                const struct records_event *first);
/*
 * The column name of field `id` in a record of this kind and form: a common
 * word, the form's key, or "form.key" where that is a common word already.
 */
void records_key(const struct records_table *t,
                 const struct records_event *first, uint64_t id,
                 char key[RECORDS_KEY_MAX]);
/* True for the words at the head of each row of records.csv. */
bool records_is_fixed(const char *key);
/* An officer's number, or the hex id when it isn't in the bundle. */
void records_officer(const struct records_table *t, const struct uuid *id,
                     struct buf *out);
/* A merged field as text; several values are joined by " | ". */
void records_value(const struct merge_field *field, struct buf *out);
/* Degrees from 1e-7 degree, without floating point: "51.2724000". */
void records_degrees(int32_t e7, struct buf *out);

#endif /* CORE_RECORDS_TABLE_H */
