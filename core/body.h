/*
 * body.h - the part of an event that can be erased: fields, and for each
 * field the set of values that its author saw and replaces ("bases").
 *
 * body = { 1: { * field-id => value }, ? 2: { + field-id => [+ ref] },
 *          ? 3: parent record, ? 4: field of the parent,
 *          ? 5: kind, ? 6: form id, ? 7: form version }   ; 5-7: restricted
 * value = int / bool / tstr / bstr / null (emptied) / place / codes
 * place = { 1: lat_e7, 2: lon_e7, ? 3: accuracy_mm, ? 4: source,
 *           ? 5: words, ? 6: simulated }
 * codes = [ [* added], [* removed] ]          ; a set field: codes are tstr
 * ref   = uint (same incarnation) / [ incarnation, uint ]
 */
#ifndef CORE_BODY_H
#define CORE_BODY_H

#include "core/cbor.h"
#include "core/event.h"

/* Fields that every record may have; forms number theirs from 16 on. */
enum body_field {
    FIELD_CATEGORY = 1,     /* tstr, id in assets/categories.json */
    FIELD_NOTED_MS = 2,     /* int, UTC ms: when it was seen */
    FIELD_PLACE = 3,        /* place */
    FIELD_NOTE = 4,         /* tstr */
    FIELD_MARKING = 5,      /* tstr */
    FIELD_TITLE = 6,        /* tstr */
    FIELD_PATROL = 7,       /* bstr: the patrol it belongs to */
    FIELD_REASON = 8,       /* tstr: of a strike, pause, void */
    FIELD_PLACE_NAME = 9,   /* tstr: the place as people call it */
    FIELD_KNOWN_HOW = 10,   /* tstr: code: seen, told, CCTV ... */
    FIELD_EXTERNAL = 11,    /* tstr: reference in another system */
    FIELD_ENDED_MS = 12,    /* int, UTC ms: when it was over */
    FIELD_LINKED = 13,      /* codes: record ids, hex */
    FIELD_LATE_REASON = 14, /* tstr: why it was made late */
    FIELD_CUSTOM = 16
};

/* A body being written: fields in ascending order of their ids. */
struct body_writer {
    struct buf fields, bases;
    size_t field_count, base_count;
    uint64_t last_field, last_base;
    struct uuid parent; /* zero: none */
    uint64_t parent_field;
    uint64_t kind; /* restricted bodies only, else 0 */
    const char *form;
    uint64_t form_version;
};

void body_begin(struct body_writer *w);
void body_fini(struct body_writer *w); /* wipes; may be called twice */

/* Announces field `id`; exactly one value must be put next. */
MUST_USE struct buf *body_field(struct body_writer *w, uint64_t id);
void body_put_int(struct body_writer *w, uint64_t id, int64_t value);
void body_put_bool(struct body_writer *w, uint64_t id, bool value);
void body_put_text(struct body_writer *w, uint64_t id, const char *text);
void body_put_bytes(struct body_writer *w, uint64_t id, struct bytes data);
void body_put_raw(struct body_writer *w, uint64_t id, struct bytes value);
void body_put_uuid(struct body_writer *w, uint64_t id, const struct uuid *v);
/* A set field: codes added and removed, each list ascending by bytes. */
void body_put_codes(struct body_writer *w, uint64_t id,
                    const char *const *added, size_t added_count,
                    const char *const *removed, size_t removed_count);
void body_put_base(struct body_writer *w, uint64_t id,
                   const struct uuid *own_incarnation,
                   const struct event_ref *refs, size_t count);
MUST_USE enum err body_end(struct body_writer *w, struct buf *out);

/* A body being read; all views point into the bytes it was opened on. */
struct body_field_view {
    uint64_t id;
    struct bytes value; /* one canonical CBOR item */
    struct bytes bases; /* the array of refs, or empty */
};

struct body_view {
    size_t field_count; /* also fields that have bases only (strike) */
    struct body_field_view fields[BODY_FIELDS_MAX];
    struct uuid parent;
    uint64_t parent_field;
    uint64_t kind;
    struct bytes form;
    uint64_t form_version;
    bool has_newer; /* keys that this version doesn't know */
};

/* ERR_BAD_DATA unless canonical and of the shape above. */
MUST_USE enum err body_parse(struct bytes in, struct body_view *out);
const struct body_field_view *body_find(const struct body_view *v,
                                        uint64_t id); /* or NULL */
/* The refs of one field; `own` replaces the short form. */
MUST_USE enum err body_bases(const struct body_field_view *f,
                             const struct uuid *own,
                             struct event_ref out[BODY_BASES_MAX],
                             size_t *count_out);

struct body_place {
    int32_t lat_e7, lon_e7;
    uint32_t accuracy_mm; /* 0: unknown */
    uint32_t source;      /* enum place_source, 0: unknown */
    bool is_simulated;
    struct bytes words;
};
enum place_source {
    PLACE_GPS = 1,
    PLACE_MAP = 2,
    PLACE_ADDRESS = 3,
    PLACE_CAMERA = 4
}; /* stored: append only */
void body_place_put(struct buf *out, const struct body_place *p);
MUST_USE enum err body_place_parse(struct bytes in, struct body_place *out);

#endif /* CORE_BODY_H */
