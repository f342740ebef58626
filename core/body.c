#include "core/body.h"

#include <string.h>

enum body_key {
    KEY_FIELDS = 1,
    KEY_BASES,
    KEY_PARENT,
    KEY_PARENT_FIELD,
    KEY_KIND,
    KEY_FORM,
    KEY_FORM_VERSION
}; /* stored: append only */

enum place_key {
    PLACE_KEY_LAT = 1,
    PLACE_KEY_LON,
    PLACE_KEY_ACCURACY,
    PLACE_KEY_SOURCE,
    PLACE_KEY_WORDS,
    PLACE_KEY_SIMULATED
}; /* stored: append only */

#define LAT_MAX_E7 900000000
#define LON_MAX_E7 1800000000

/* --- writing --- */

void body_begin(struct body_writer *w)
{
    memset(w, 0, sizeof(*w));
    buf_init(&w->fields, BODY_MAX_BYTES);
    buf_init(&w->bases, BODY_MAX_BYTES);
}

void body_fini(struct body_writer *w)
{
    buf_wipe(&w->fields);
    buf_wipe(&w->bases);
}

struct buf *body_field(struct body_writer *w, uint64_t id)
{
    ASSERT(id > w->last_field);
    w->last_field = id;
    w->field_count++;
    cbor_put_uint(&w->fields, id);
    return &w->fields;
}

void body_put_int(struct body_writer *w, uint64_t id, int64_t value)
{
    cbor_put_int(body_field(w, id), value);
}

void body_put_bool(struct body_writer *w, uint64_t id, bool value)
{
    cbor_put_bool(body_field(w, id), value);
}

void body_put_text(struct body_writer *w, uint64_t id, const char *text)
{
    cbor_put_str(body_field(w, id), text);
}

void body_put_bytes(struct body_writer *w, uint64_t id, struct bytes data)
{
    cbor_put_bytes(body_field(w, id), data.data, data.len);
}

void body_put_raw(struct body_writer *w, uint64_t id, struct bytes value)
{
    cbor_put_raw(body_field(w, id), value);
}

void body_put_uuid(struct body_writer *w, uint64_t id, const struct uuid *v)
{
    cbor_put_uuid(body_field(w, id), v);
}

static void put_code_list(struct buf *out, const char *const *codes,
                          size_t count)
{
    cbor_put_array(out, count);
    for (size_t i = 0; i < count; i++) {
        ASSERT(i == 0 || strcmp(codes[i - 1], codes[i]) < 0);
        cbor_put_str(out, codes[i]);
    }
}

void body_put_codes(struct body_writer *w, uint64_t id,
                    const char *const *added, size_t added_count,
                    const char *const *removed, size_t removed_count)
{
    struct buf *out = body_field(w, id);

    cbor_put_array(out, 2);
    put_code_list(out, added, added_count);
    put_code_list(out, removed, removed_count);
}

void body_put_base(struct body_writer *w, uint64_t id,
                   const struct uuid *own_incarnation,
                   const struct event_ref *refs, size_t count)
{
    if (count == 0) {
        return;
    }
    ASSERT(id > w->last_base);
    w->last_base = id;
    w->base_count++;
    cbor_put_uint(&w->bases, id);
    cbor_put_array(&w->bases, count);
    for (size_t i = 0; i < count; i++) {
        if (uuid_eq(&refs[i].incarnation, own_incarnation)) {
            cbor_put_uint(&w->bases, refs[i].sequence);
            continue;
        }
        cbor_put_array(&w->bases, 2);
        cbor_put_uuid(&w->bases, &refs[i].incarnation);
        cbor_put_uint(&w->bases, refs[i].sequence);
    }
}

enum err body_end(struct body_writer *w, struct buf *out)
{
    const bool has_parent = !uuid_is_zero(&w->parent);
    const bool has_form = w->form != NULL && w->form[0] != '\0';

    if (w->fields.err || w->bases.err) {
        return w->fields.err ? w->fields.err : w->bases.err;
    }
    if (w->field_count > BODY_FIELDS_MAX || w->base_count > BODY_FIELDS_MAX) {
        return ERR_TOO_LONG;
    }
    cbor_put_map(out, (size_t)1 + (w->base_count > 0) + has_parent +
                          (w->parent_field > 0) + (w->kind > 0) +
                          (has_form ? 2u : 0u));
    cbor_put_uint(out, KEY_FIELDS);
    cbor_put_map(out, w->field_count);
    cbor_put_raw(out, buf_bytes(&w->fields));
    if (w->base_count > 0) {
        cbor_put_uint(out, KEY_BASES);
        cbor_put_map(out, w->base_count);
        cbor_put_raw(out, buf_bytes(&w->bases));
    }
    if (has_parent) {
        cbor_put_uint(out, KEY_PARENT);
        cbor_put_uuid(out, &w->parent);
    }
    if (w->parent_field > 0) {
        cbor_put_uint(out, KEY_PARENT_FIELD);
        cbor_put_uint(out, w->parent_field);
    }
    if (w->kind > 0) {
        cbor_put_uint(out, KEY_KIND);
        cbor_put_uint(out, w->kind);
    }
    if (has_form) {
        cbor_put_uint(out, KEY_FORM);
        cbor_put_str(out, w->form);
        cbor_put_uint(out, KEY_FORM_VERSION);
        cbor_put_uint(out, w->form_version);
    }
    return out->err;
}

/* --- reading --- */

/* The view of field `id`, made where there is none; ids come ascending
 * within one map, and the two maps are merged by place. */
static struct body_field_view *place_field(struct body_view *v, uint64_t id)
{
    size_t at = v->field_count;

    while (at > 0 && v->fields[at - 1].id >= id) {
        at--;
    }
    if (at < v->field_count && v->fields[at].id == id) {
        return &v->fields[at];
    }
    if (v->field_count == BODY_FIELDS_MAX) {
        return NULL;
    }
    memmove(&v->fields[at + 1], &v->fields[at],
            (v->field_count - at) * sizeof(v->fields[0]));
    v->field_count++;
    v->fields[at] = (struct body_field_view){ .id = id };
    return &v->fields[at];
}

static void get_fields(struct cbor_reader *r, struct body_view *v)
{
    size_t count = cbor_get_map(r);

    for (; count > 0; count--) { /* after an error an id is 0 */
        const uint64_t id = cbor_get_uint_max(r, INT64_MAX);
        struct body_field_view *f = place_field(v, id);

        if (f == NULL || id == 0 || cbor_peek(r) == CBOR_TYPE_TAG) {
            r->err = ERR_BAD_DATA;
            return;
        }
        f->value = cbor_get_item(r);
    }
}

static void get_one_ref(struct cbor_reader *r, const struct uuid *own,
                        struct event_ref *out)
{
    if (cbor_peek(r) == CBOR_TYPE_UINT) {
        out->incarnation = *own;
    } else {
        if (cbor_get_array(r) != 2) {
            r->err = ERR_BAD_DATA;
        }
        cbor_get_uuid(r, &out->incarnation);
    }
    out->sequence = cbor_get_uint_max(r, INT64_MAX);
    if (out->sequence == 0) {
        r->err = ERR_BAD_DATA;
    }
}

enum err body_bases(const struct body_field_view *f, const struct uuid *own,
                    struct event_ref out[BODY_BASES_MAX], size_t *count_out)
{
    struct cbor_reader r;
    size_t count;

    *count_out = 0;
    if (f->bases.len == 0) {
        return ERR_OK;
    }
    cbor_open_gated(&r, f->bases);
    count = cbor_get_array(&r);
    if (count == 0 || count > BODY_BASES_MAX) {
        return ERR_BAD_DATA;
    }
    for (size_t i = 0; i < count; i++) {
        get_one_ref(&r, own, &out[i]);
    }
    *count_out = count;
    return cbor_close(&r);
}

static void get_bases(struct cbor_reader *r, struct body_view *v)
{
    static const struct uuid any = { { 1 } };
    struct event_ref refs[BODY_BASES_MAX];
    size_t count = cbor_get_map(r);
    size_t ref_count;

    if (count == 0) {
        r->err = ERR_BAD_DATA;
    }
    for (; count > 0 && !r->err; count--) {
        const uint64_t id = cbor_get_uint_max(r, INT64_MAX);
        struct body_field_view *f = place_field(v, id);

        if (f == NULL || id == 0) {
            r->err = ERR_BAD_DATA;
            return;
        }
        f->bases = cbor_get_item(r);
        if (body_bases(f, &any, refs, &ref_count)) {
            r->err = ERR_BAD_DATA;
        }
    }
}

static uint64_t get_above_zero(struct cbor_reader *r)
{
    const uint64_t value = cbor_get_uint_max(r, INT64_MAX);

    if (value == 0) {
        r->err = ERR_BAD_DATA;
    }
    return value;
}

static void get_key(struct cbor_reader *r, uint64_t key, struct body_view *v)
{
    switch (key) {
    case KEY_FIELDS:
        get_fields(r, v);
        break;
    case KEY_BASES:
        get_bases(r, v);
        break;
    case KEY_PARENT:
        cbor_get_uuid(r, &v->parent);
        break;
    case KEY_PARENT_FIELD:
        v->parent_field = get_above_zero(r);
        break;
    case KEY_KIND:
        v->kind = get_above_zero(r);
        break;
    case KEY_FORM:
        v->form = cbor_get_text(r);
        if (v->form.len == 0 || v->form.len > FORM_ID_MAX) {
            r->err = ERR_BAD_DATA;
        }
        break;
    case KEY_FORM_VERSION:
        v->form_version = cbor_get_uint_max(r, INT64_MAX);
        break;
    default:
        v->has_newer = true;
        cbor_skip(r);
    }
}

enum err body_parse(struct bytes in, struct body_view *out)
{
    struct cbor_reader r;
    bool has_fields = false;
    size_t count;

    /* The views behind field_count are written before they are read. */
    out->field_count = 0;
    memset(&out->parent, 0, sizeof(out->parent));
    out->parent_field = out->kind = out->form_version = 0;
    out->form = (struct bytes){ NULL, 0 };
    out->has_newer = false;
    if (in.len > BODY_MAX_BYTES) {
        return ERR_BAD_DATA;
    }
    cbor_open(&r, in);
    count = cbor_get_map(&r);
    for (; count > 0 && !r.err; count--) {
        const uint64_t key = cbor_get_uint(&r);

        has_fields |= key == KEY_FIELDS;
        get_key(&r, key, out);
    }
    return cbor_close(&r) || !has_fields ? ERR_BAD_DATA : ERR_OK;
}

const struct body_field_view *body_find(const struct body_view *v, uint64_t id)
{
    for (size_t i = 0; i < v->field_count; i++) {
        if (v->fields[i].id == id) {
            return &v->fields[i];
        }
    }
    return NULL;
}

/* --- places --- */

void body_place_put(struct buf *out, const struct body_place *p)
{
    cbor_put_map(out, (size_t)2 + (p->accuracy_mm > 0) + (p->source > 0) +
                          (p->words.len > 0) + p->is_simulated);
    cbor_put_uint(out, PLACE_KEY_LAT);
    cbor_put_int(out, p->lat_e7);
    cbor_put_uint(out, PLACE_KEY_LON);
    cbor_put_int(out, p->lon_e7);
    if (p->accuracy_mm > 0) {
        cbor_put_uint(out, PLACE_KEY_ACCURACY);
        cbor_put_uint(out, p->accuracy_mm);
    }
    if (p->source > 0) {
        cbor_put_uint(out, PLACE_KEY_SOURCE);
        cbor_put_uint(out, p->source);
    }
    if (p->words.len > 0) {
        cbor_put_uint(out, PLACE_KEY_WORDS);
        cbor_put_text(out, (const char *)p->words.data, p->words.len);
    }
    if (p->is_simulated) {
        cbor_put_uint(out, PLACE_KEY_SIMULATED);
        cbor_put_bool(out, true);
    }
}

static int32_t get_degrees(struct cbor_reader *r, int32_t max_e7)
{
    const int64_t value = cbor_get_int(r);

    if (value < -max_e7 || value > max_e7) {
        r->err = ERR_BAD_DATA;
        return 0;
    }
    return (int32_t)value;
}

enum err body_place_parse(struct bytes in, struct body_place *out)
{
    struct cbor_reader r;
    unsigned seen = 0;
    size_t count;

    memset(out, 0, sizeof(*out));
    cbor_open(&r, in);
    count = cbor_get_map(&r);
    for (; count > 0 && !r.err; count--) {
        switch (cbor_get_uint(&r)) {
        case PLACE_KEY_LAT:
            out->lat_e7 = get_degrees(&r, LAT_MAX_E7);
            seen |= 1;
            break;
        case PLACE_KEY_LON:
            out->lon_e7 = get_degrees(&r, LON_MAX_E7);
            seen |= 2;
            break;
        case PLACE_KEY_ACCURACY:
            out->accuracy_mm = (uint32_t)cbor_get_uint_max(&r, UINT32_MAX);
            break;
        case PLACE_KEY_SOURCE:
            out->source = (uint32_t)cbor_get_uint_max(&r, UINT32_MAX);
            break;
        case PLACE_KEY_WORDS:
            out->words = cbor_get_text(&r);
            break;
        case PLACE_KEY_SIMULATED:
            out->is_simulated = cbor_get_bool(&r);
            break;
        default:
            cbor_skip(&r);
        }
    }
    return cbor_close(&r) || seen != 3 ? ERR_BAD_DATA : ERR_OK;
}
