/*
 * records_text.c - names of columns and texts of values.
 */
#include <stdio.h>
#include <string.h>

#include "core/cbor.h"
#include "core/fields.h"
#include "core/mem.h"
#include "core/records_table.h"

static const struct {
    uint64_t kind; /* 0: every kind */
    uint64_t id;
    const char *key;
} names[] = {
    { 0, FIELD_CATEGORY, "category" },
    { 0, FIELD_NOTED_MS, "noted" },
    { 0, FIELD_PLACE, "place" },
    { 0, FIELD_NOTE, "note" },
    { 0, FIELD_MARKING, "marking" },
    { 0, FIELD_TITLE, "title" },
    { 0, FIELD_PATROL, "patrol" },
    { 0, FIELD_REASON, "reason" },
    { 0, FIELD_PLACE_NAME, "place_name" },
    { 0, FIELD_KNOWN_HOW, "known_how" },
    { 0, FIELD_EXTERNAL, "external_ref" },
    { 0, FIELD_ENDED_MS, "ended" },
    { 0, FIELD_LINKED, "linked" },
    { 0, FIELD_LATE_REASON, "late_reason" },
    { KIND_PATROL, PATROL_AREA, "area" },
    { KIND_PATROL, PATROL_CREW, "crew" },
    { KIND_PATROL, PATROL_DISTANCE_MM, "distance_mm" },
    { KIND_PATROL, PATROL_MINUTES, "minutes" },
    { KIND_PATROL, PATROL_GAPS_MS, "gaps_ms" },
    { KIND_PATROL, SIGN_INK, "signed_strokes" },
    { KIND_PATROL, SIGN_NAME, "signed_name" },
    { KIND_PATROL, SIGN_COSE, "signature" },
    { KIND_PATROL, SIGN_WHY, "not_signed" },
    { KIND_BOOK, BOOK_NUMBER, "book_number" },
    { KIND_BOOK, BOOK_SIGNATURE, "book_signature" },
    { KIND_ENTRY, ENTRY_NUMBER, "entry_number" },
    { KIND_ENTRY, ENTRY_LATE_MS, "late_for_ms" },
    { KIND_ENTRY, ENTRY_AMENDS, "amends" },
    { KIND_ENTRY, ENTRY_ABOUT, "about" },
    { KIND_ENTRY, ENTRY_AREA, "area" },
    { KIND_ENTRY, ENTRY_MARK, "mark" },
    { KIND_BRIEFING, BRIEFING_WHY, "why_here" },
    { KIND_BRIEFING, BRIEFING_TO_DO, "what_to_do" },
    { KIND_BRIEFING, BRIEFING_LOOK_FOR, "look_out_for" },
    { KIND_BRIEFING, BRIEFING_AREA, "area" },
    { KIND_BRIEFING, BRIEFING_MUST_READ, "must_read" },
    { KIND_BRIEFING, BRIEFING_TEAM, "team" },
    { KIND_TASK, TASK_KIND, "task_kind" },
    { KIND_TASK, TASK_DUE_MS, "due" },
    { KIND_TASK, TASK_GOAL_MIN, "goal_minutes" },
    { KIND_TASK, TASK_AREA, "area" },
    { KIND_TASK, TASK_OFFICERS, "for" },
    { KIND_TASK, TASK_TEAM, "team" },
    { KIND_TASK, TASK_URGENT, "urgent" },
    { KIND_PHOTO, PHOTO_BLOB, "blob" },
    { KIND_PHOTO, PHOTO_HASH, "sha256" },
    { KIND_PHOTO, PHOTO_BYTES, "bytes" },
    { KIND_PHOTO, PHOTO_TYPE, "media_type" },
    { KIND_PHOTO, PHOTO_ORIENTATION, "orientation" },
    { KIND_PHOTO, PHOTO_SMALL_BLOB, "small_blob" },
    { KIND_PHOTO, PHOTO_SMALL_HASH, "small_sha256" },
    { KIND_PHOTO, PHOTO_SMALL_BYTES, "small_bytes" },
    { KIND_PHOTO, PHOTO_TAKEN_MS, "taken_ms" },
    { KIND_PHOTO, PHOTO_CAPTION, "caption" },
    { KIND_PHOTO, PHOTO_COPY_OF, "copy_of" },
    { KIND_PHOTO, PHOTO_EXHIBIT, "exhibit" },
    { KIND_PHOTO, PHOTO_LENGTH_MS, "length_ms" },
};

static const struct form *find_form(const struct records_table *t,
                                    const char *id, uint64_t version)
{
    const struct form *best = NULL;

    for (size_t i = 0; i < t->form_count; i++) {
        if (strcmp(t->forms[i]->id, id) != 0) {
            continue;
        }
        if (t->forms[i]->version == version) {
            return t->forms[i];
        }
        best = t->forms[i]; /* ids never change: any version will name it */
    }
    return best;
}

const struct form *records_form(const struct records_table *t,
                                const struct records_event *first)
{
    return first->form[0] == '\0'
               ? NULL
               : find_form(t, first->form, first->form_version);
}

/* The form's key, unless it is a word of every record: then "form.key". */
static void form_key(const char *form, const struct form_field *field,
                     uint64_t kind, char key[RECORDS_KEY_MAX])
{
    bool is_taken = records_is_fixed(field->key);

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        is_taken |= (names[i].kind == 0 || names[i].kind == kind) &&
                    strcmp(names[i].key, field->key) == 0;
    }
    snprintf(key, RECORDS_KEY_MAX, "%s%s%s", is_taken ? form : "",
             is_taken ? "." : "", field->key);
}

void records_key(const struct records_table *t,
                 const struct records_event *first, uint64_t id,
                 char key[RECORDS_KEY_MAX])
{
    const struct form *form;
    const struct form_field *field = NULL;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (names[i].id == id &&
            (names[i].kind == 0 || names[i].kind == first->kind)) {
            snprintf(key, RECORDS_KEY_MAX, "%s", names[i].key);
            return;
        }
    }
    form = records_form(t, first);
    if (form != NULL && id <= UINT32_MAX) {
        field = form_find(form, (uint32_t)id);
    }
    if (field != NULL) {
        form_key(first->form, field, first->kind, key);
    } else if (form == NULL && first->form[0] == '\0') {
        const char *word = event_kind_word(first->kind);

        snprintf(key, RECORDS_KEY_MAX, "%s.%llu", word != NULL ? word : "kind",
                 (unsigned long long)id);
    } else {
        snprintf(key, RECORDS_KEY_MAX, "%s.%llu", first->form,
                 (unsigned long long)id);
    }
}

/* Days since 1970 to a date of the Gregorian calendar. */
static void civil(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t y = 1970;
    static const int lengths[] = { 31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31 };
    int64_t cycles = days / 146097;

    if (days % 146097 < 0) {
        cycles--;
    }
    y += cycles * 400;
    days -= cycles * 146097;
    for (;;) {
        const bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        const int in_year = leap ? 366 : 365;

        if (days < in_year) {
            break;
        }
        days -= in_year;
        y++;
    }
    *month = 1;
    for (int i = 0; i < 12; i++) {
        const bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        const int length = lengths[i] + (i == 1 && leap);

        if (days < length) {
            break;
        }
        days -= length;
        *month = i + 2;
    }
    *day = (int)days + 1;
    *year = y;
}

void records_time(int64_t ms, struct buf *out)
{
    int64_t days = ms / 86400000;
    int64_t rest = ms % 86400000;
    int64_t year;
    int month;
    int day;

    if (rest < 0) {
        rest += 86400000;
        days--;
    }
    civil(days, &year, &month, &day);
    buf_printf(out, "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ", (long long)year,
               month, day, (int)(rest / 3600000), (int)(rest / 60000 % 60),
               (int)(rest / 1000 % 60), (int)(rest % 1000));
}

static void put_codes(struct cbor_reader *r, struct buf *out)
{
    const size_t count = cbor_get_array(r);

    for (size_t i = 0; i < count && !r->err; i++) {
        if (i > 0) {
            buf_put_text(out, ";");
        }
        if (cbor_peek(r) == CBOR_TYPE_TEXT) {
            const struct bytes text = cbor_get_text(r);

            buf_put(out, text.data, text.len);
        } else {
            cbor_skip(r);
        }
    }
}

void records_degrees(int32_t e7, struct buf *out)
{
    const int64_t value = e7 < 0 ? -(int64_t)e7 : e7;

    buf_printf(out, "%s%lld.%07lld", e7 < 0 ? "-" : "",
               (long long)(value / 10000000), (long long)(value % 10000000));
}

static void put_place(struct bytes item, struct buf *out)
{
    struct body_place place;

    if (body_place_parse(item, &place)) {
        return;
    }
    records_degrees(place.lat_e7, out);
    buf_put_u8(out, ' ');
    records_degrees(place.lon_e7, out);
    if (place.words.len > 0) {
        buf_put_u8(out, ' ');
        buf_put(out, place.words.data, place.words.len);
    }
}

static void put_hex(struct bytes data, struct buf *out)
{
    for (size_t i = 0; i < data.len; i++) {
        buf_printf(out, "%02x", data.data[i]);
    }
}

void records_item(struct bytes item, struct buf *out)
{
    struct cbor_reader r;
    struct bytes text;

    if (item.data == NULL) {
        buf_put_text(out, "(struck)");
        return;
    }
    cbor_open_gated(&r, item);
    switch (cbor_peek(&r)) {
    case CBOR_TYPE_UINT:
    case CBOR_TYPE_NEGINT:
        buf_printf(out, "%lld", (long long)cbor_get_int(&r));
        break;
    case CBOR_TYPE_TEXT:
        text = cbor_get_text(&r);
        buf_put(out, text.data, text.len);
        break;
    case CBOR_TYPE_BYTES:
        put_hex(cbor_get_bytes(&r), out);
        break;
    case CBOR_TYPE_BOOL:
        buf_put_text(out, cbor_get_bool(&r) ? "yes" : "no");
        break;
    case CBOR_TYPE_ARRAY:
        put_codes(&r, out);
        break;
    case CBOR_TYPE_MAP:
        put_place(item, out);
        break;
    case CBOR_TYPE_NULL: /* emptied */
    case CBOR_TYPE_TAG:
    case CBOR_TYPE_END:
        break;
    }
}

void records_value(const struct merge_field *field, struct buf *out)
{
    if (field->is_set) {
        records_item(buf_bytes(&field->codes), out);
        return;
    }
    for (size_t i = 0; i < field->head_count; i++) {
        if (i > 0 && !field->is_conflict) {
            return; /* the same value from two tablets is one value */
        }
        if (i > 0) {
            buf_put_text(out, " | ");
        }
        records_item(field->heads[i].value, out);
    }
}

void records_officer(const struct records_table *t, const struct uuid *id,
                     struct buf *out)
{
    char text[UUID_TEXT_SIZE];

    if (uuid_is_zero(id)) {
        return;
    }
    for (size_t i = t->officer_count; i-- > 0;) {
        struct body_view *view;
        const struct body_field_view *number = NULL;

        if (!uuid_eq(&t->officer_ids[i], id) ||
            t->officers[i].body.data == NULL) {
            continue;
        }
        view = mem_alloc(sizeof(*view));
        if (view != NULL && body_parse(t->officers[i].body, view) == ERR_OK) {
            number = body_find(view, OFFICER_NUMBER);
        }
        if (number != NULL) {
            records_item(number->value, out);
            mem_free(view);
            return;
        }
        mem_free(view);
    }
    uuid_format(id, text);
    buf_put_text(out, text);
}
