#include "sync-server/page_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/drawn.h"
#include "core/mem.h"
#include "core/records.h"
#include "sync-server/clocks.h"

static const struct form_field *asked(const struct form *form, uint64_t field)
{
    return form != NULL && field >= FIELD_CUSTOM && field <= UINT32_MAX
               ? form_find(form, (uint32_t)field)
               : NULL;
}

void page_words_label(const struct form *form, uint64_t field, char *out,
                      size_t size)
{
    const struct form_field *f = asked(form, field);
    const char *common = form_common_label(field);

    if (common != NULL || f != NULL) {
        snprintf(out, size, "%s", f != NULL ? f->label : common);
    } else if (field == FIELD_PATROL) {
        snprintf(out, size, "Patrol");
    } else if (field == FIELD_LINKED) {
        snprintf(out, size, "Belongs with");
    } else if (field == FIELD_REASON) {
        snprintf(out, size, "Reason");
    } else {
        snprintf(out, size, "Field %" PRIu64, field);
    }
}

/* --- values --- */

static void put_choice(const struct form_field *f, uint64_t field,
                       struct bytes code, struct buf *out)
{
    static const char *const known_how[][2] = { { "saw", "Seen" },
                                                { "told", "Told" },
                                                { "sensor", "A sensor" },
                                                { "record", "A record" } };

    for (size_t i = 0; f != NULL && i < f->choice_count; i++) {
        if (strlen(f->choices[i].code) == code.len &&
            memcmp(f->choices[i].code, code.data, code.len) == 0) {
            buf_put_text(out, f->choices[i].label);
            return;
        }
    }
    for (size_t i = 0; field == FIELD_KNOWN_HOW && i < ARRAY_LEN(known_how);
         i++) {
        if (strlen(known_how[i][0]) == code.len &&
            memcmp(known_how[i][0], code.data, code.len) == 0) {
            buf_put_text(out, known_how[i][1]);
            return;
        }
    }
    buf_put(out, code.data, code.len);
}

static void put_place(struct bytes value, struct buf *out)
{
    static const char *const sources[] = { [PLACE_GPS] = "by satellite",
                                           [PLACE_MAP] = "set on the map",
                                           [PLACE_ADDRESS] = "by address",
                                           [PLACE_CAMERA] = "by a camera" };
    struct body_place p;

    if (body_place_parse(value, &p)) {
        return;
    }
    buf_printf(out, "%.5f, %.5f", p.lat_e7 / 1e7, p.lon_e7 / 1e7);
    if (p.accuracy_mm > 0) {
        buf_printf(out, ", within %u m", (unsigned)(p.accuracy_mm / 1000 + 1));
    }
    if (p.source < ARRAY_LEN(sources) && sources[p.source] != NULL) {
        buf_printf(out, ", %s", sources[p.source]);
    }
    buf_put_text(out, p.is_simulated ? " (replayed)" : "");
    if (p.words.len > 0) {
        buf_put_text(out, "\n");
        buf_put(out, p.words.data, p.words.len);
    }
}

static bool put_drawn(struct bytes text, struct buf *out)
{
    struct drawn *d = mem_alloc(sizeof(*d));
    const bool is_one = d != NULL && drawn_parse((const char *)text.data,
                                                 text.len, d) == ERR_OK;

    if (is_one && d->kind == DRAWN_LINE) {
        buf_printf(out, "A line of %u points, %u m long", (unsigned)d->count,
                   (unsigned)(drawn_length_mm(d) / 1000));
    } else if (is_one) {
        buf_printf(out, "An area of %u corners, %u square metres",
                   (unsigned)d->count, (unsigned)drawn_area_m2(d));
    }
    mem_free(d);
    return is_one;
}

static bool is_time(const struct form_field *f, uint64_t field)
{
    return field == FIELD_NOTED_MS || field == FIELD_ENDED_MS ||
           (f != NULL && f->type == FORM_TYPE_DATE_TIME);
}

static void put_text(const struct form_field *f, uint64_t field,
                     struct bytes value, struct buf *out)
{
    struct cbor_reader r;
    struct bytes text;

    cbor_open_gated(&r, value);
    text = cbor_get_text(&r);
    if (r.err) {
        return;
    }
    if (f != NULL && (f->type == FORM_TYPE_LINE || f->type == FORM_TYPE_AREA) &&
        put_drawn(text, out)) {
        return;
    }
    put_choice(f, field, text, out);
}

void page_words_value(struct council *c, const struct form *form,
                      uint64_t field, struct bytes value, struct buf *out)
{
    const struct form_field *f = asked(form, field);
    struct cbor_reader r;
    char text[200];

    cbor_open_gated(&r, value);
    switch (cbor_peek(&r)) {
    case CBOR_TYPE_NULL:
        buf_put_text(out, "(left empty)");
        break;
    case CBOR_TYPE_MAP:
        put_place(value, out);
        break;
    case CBOR_TYPE_TEXT:
        if (field == FIELD_CATEGORY) {
            page_category(c, value, text, sizeof(text));
            buf_put_text(out, text);
        } else {
            put_text(f, field, value, out);
        }
        break;
    case CBOR_TYPE_UINT:
    case CBOR_TYPE_NEGINT:
        if (is_time(f, field)) {
            page_time(cbor_get_int(&r), text, sizeof(text));
            buf_printf(out, "%s UTC", text);
            break;
        }
        records_item(value, out);
        if (f != NULL && f->unit != NULL) {
            buf_printf(out, " %s", f->unit);
        }
        break;
    default:
        records_item(value, out);
        break;
    }
}

void page_words_codes(const struct form *form, uint64_t field,
                      struct bytes codes, struct buf *out)
{
    const struct form_field *f = asked(form, field);
    struct cbor_reader r;
    size_t count;

    cbor_open_gated(&r, codes);
    count = cbor_get_array(&r);
    for (size_t i = 0; i < count && !r.err; i++) {
        const struct bytes code = cbor_get_text(&r);

        if (!r.err) {
            buf_put_text(out, i > 0 ? ", " : "");
            put_choice(f, field, code, out);
        }
    }
    buf_put_text(out, count == 0 ? "(none)" : "");
}

void page_words_strike(struct bytes body, struct buf *out)
{
    struct body_view *view = mem_alloc(sizeof(*view));
    const struct body_field_view *f = NULL;

    buf_put_text(out, "Strike it out");
    if (view != NULL && body.data != NULL && !body_parse(body, view)) {
        f = body_find(view, FIELD_REASON);
    }
    if (f != NULL && f->value.data != NULL) {
        buf_put_text(out, ": ");
        records_item(f->value, out);
    }
    mem_free(view);
}

/* --- who and when --- */

void page_words_who(struct council *c, const struct event_header *h, char *out,
                    size_t size)
{
    struct sdb_device device;
    char officer[160];

    page_officer(c, &h->officer, officer, sizeof(officer));
    if (uuid_eq(&h->device, &c->device)) {
        snprintf(out, size, "%s, on this console", officer);
    } else if (sdb_device_get(c->db, &h->device, &device) == ERR_OK) {
        snprintf(out, size, "%s, tablet %s", officer, device.name);
    } else {
        snprintf(out, size, "%s", officer);
    }
}

/* A time is worth as much as the clock that gave it. */
void page_words_when(const struct event_header *h, char *out, size_t size)
{
    char at[40];

    page_time(h->has_gnss ? h->gnss_ms : h->wall_ms, at, sizeof(at));
    snprintf(out, size, "%s UTC %s", at,
             h->has_gnss ? "by satellite" : "by that device's own clock");
}

void page_words_came(struct council *c, const struct event_header *h,
                     int64_t received_ms, char *out, size_t size)
{
    char received[40], says[40];

    if (!clocks_wrong_in(c, h, received_ms)) {
        page_words_when(h, out, size);
        return;
    }
    page_time(received_ms, received, sizeof(received));
    page_time(h->wall_ms, says, sizeof(says));
    snprintf(out, size,
             "This tablet's clock was wrong: received %s UTC, says %s UTC",
             received, says);
}

const char *page_words_op(uint64_t op)
{
    switch (op) {
    case OP_CREATE:
        return "Recorded";
    case OP_SET:
        return "Corrected";
    case OP_STRIKE:
        return "Struck out";
    case OP_ATTACH:
        return "Added to";
    case OP_RESOLVE:
        return "Two versions settled";
    case OP_CONSULT:
        return "Looked at";
    case OP_ASK:
        return "Asked";
    case OP_ANSWER:
        return "Answered";
    case OP_REVIEW:
        return "Reviewed";
    case OP_HOLD:
        return "Put on hold";
    case OP_RELEASE:
        return "Released from hold";
    case OP_ERASE_BODY:
        return "Erased";
    default:
        return event_op_word(op) != NULL ? event_op_word(op)
                                         : "made by a newer version";
    }
}

const char *page_words_kind(uint64_t kind)
{
    switch (kind) {
    case KIND_OBSERVATION:
        return "Observation";
    case KIND_PERSON:
        return "Person";
    case KIND_VEHICLE:
        return "Vehicle";
    case KIND_PHOTO:
        return "Photo";
    case KIND_PATROL:
        return "Patrol";
    case KIND_ENTRY:
        return "Notebook entry";
    case KIND_NOTICE:
        return "Notice";
    case KIND_RESTRICTED:
        return "Restricted record";
    case KIND_SEALED:
        return "Sealed record";
    default:
        return event_kind_word(kind) != NULL ? event_kind_word(kind)
                                             : "made by a newer version";
    }
}
