#include "core/form_text.h"

#include <string.h>

/* --- times --- */

/* Exactly `digits` digits at *at, which moves on; -1 when there are none. */
static int take_digits(const char **at, int digits)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        const char c = (*at)[i];

        if (c < '0' || c > '9') {
            return -1;
        }
        value = value * 10 + (c - '0');
    }
    *at += digits;
    return value;
}

static bool take_sign(const char **at, char sign)
{
    if (**at != sign) {
        return false;
    }
    (*at)++;
    return true;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar from year 1 on;
 * false when there is no such date. */
static bool days_since_1970(int year, int month, int day, int64_t *days_out)
{
    static const int before[] = { 0,   31,  59,  90,  120, 151, 181,
                                  212, 243, 273, 304, 334, 365 };
    const int y = year - 1;
    int length;

    if (year < 1 || month < 1 || month > 12) {
        return false;
    }
    length = before[month] - before[month - 1];
    if (month == 2 && is_leap(year)) {
        length++;
    }
    if (day < 1 || day > length) {
        return false;
    }
    *days_out = (int64_t)y * 365 + y / 4 - y / 100 + y / 400 +
                before[month - 1] + (month > 2 && is_leap(year)) + day - 1 -
                719162; /* days from year 1 to 1970 */
    return true;
}

/* "Z", "+01:00" or "-03:30" in minutes. */
static bool take_offset(const char **at, int *minutes_out)
{
    const bool is_west = **at == '-';
    int hours;
    int minutes;

    if (take_sign(at, 'Z')) {
        *minutes_out = 0;
        return true;
    }
    if (!take_sign(at, '+') && !take_sign(at, '-')) {
        return false;
    }
    hours = take_digits(at, 2);
    if (hours < 0 || hours > 23 || !take_sign(at, ':')) {
        return false;
    }
    minutes = take_digits(at, 2);
    *minutes_out = (is_west ? -1 : 1) * (hours * 60 + minutes);
    return minutes >= 0 && minutes < 60;
}

/* ":SS" and ".fff", both optional, in ms. */
static bool take_seconds(const char **at, int64_t *ms_out)
{
    int seconds;
    int scale = 100;

    *ms_out = 0;
    if (!take_sign(at, ':')) {
        return true;
    }
    seconds = take_digits(at, 2);
    if (seconds < 0 || seconds > 59) {
        return false;
    }
    *ms_out = (int64_t)seconds * 1000;
    if (!take_sign(at, '.')) {
        return true;
    }
    if (**at < '0' || **at > '9') {
        return false;
    }
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        *ms_out += (**at - '0') * scale;
        scale /= 10; /* what is finer than a millisecond is dropped */
    }
    return true;
}

static bool take_date(const char **at, int64_t *days_out)
{
    const int year = take_digits(at, 4);
    int month;
    int day;

    if (year < 0 || !take_sign(at, '-')) {
        return false;
    }
    month = take_digits(at, 2);
    if (month < 0 || !take_sign(at, '-')) {
        return false;
    }
    day = take_digits(at, 2);
    return days_since_1970(year, month, day, days_out);
}

enum err form_read_time(const char *text, int64_t *ms_out)
{
    int64_t days;
    int64_t ms;
    int hour;
    int minute;
    int offset;

    if (!take_date(&text, &days) || !take_sign(&text, 'T')) {
        return ERR_BAD_DATA;
    }
    hour = take_digits(&text, 2);
    if (hour < 0 || hour > 23 || !take_sign(&text, ':')) {
        return ERR_BAD_DATA;
    }
    minute = take_digits(&text, 2);
    if (minute < 0 || minute > 59 || !take_seconds(&text, &ms) ||
        !take_offset(&text, &offset) || *text != '\0') {
        return ERR_BAD_DATA;
    }
    *ms_out = (days * 1440 + hour * 60 + minute - offset) * 60000 + ms;
    return ERR_OK;
}

/* --- the other kinds --- */

static enum err read_number(const char *text, int64_t *number_out)
{
    const bool is_negative = *text == '-';
    int64_t value = 0;
    size_t digits = 0;

    for (text += is_negative; *text >= '0' && *text <= '9'; text++) {
        if (++digits > 18) {
            return ERR_BAD_DATA; /* 18 digits fit 64 bits for sure */
        }
        value = value * 10 + (*text - '0');
    }
    *number_out = is_negative ? -value : value;
    return digits > 0 && *text == '\0' ? ERR_OK : ERR_BAD_DATA;
}

/* "-3.0012" at *at as 1e-7 degree; more decimals are dropped. */
static bool take_degrees(const char **at, int32_t *e7_out)
{
    const bool is_negative = take_sign(at, '-');
    int64_t value = 0;
    int digits = 0;
    int decimals = 0;

    for (; **at >= '0' && **at <= '9' && digits < 4; (*at)++, digits++) {
        value = value * 10 + (**at - '0');
    }
    if (digits == 0 || digits == 4) {
        return false;
    }
    if (take_sign(at, '.')) {
        for (; **at >= '0' && **at <= '9'; (*at)++) {
            if (decimals < 7) {
                value = value * 10 + (**at - '0');
                decimals++;
            }
        }
    }
    for (; decimals < 7; decimals++) {
        value *= 10;
    }
    if (value > 1800000000) {
        return false;
    }
    *e7_out = (int32_t)(is_negative ? -value : value);
    return true;
}

static enum err read_place(const char *text, struct form_value *v)
{
    if (!take_degrees(&text, &v->lat_e7)) {
        return ERR_BAD_DATA;
    }
    if (*text != ' ' && *text != ',') {
        return ERR_BAD_DATA;
    }
    while (*text == ' ' || *text == ',') {
        text++;
    }
    if (!take_degrees(&text, &v->lon_e7) ||
        (*text != '\0' && *text != ' ' && *text != ',')) {
        return ERR_BAD_DATA;
    }
    while (*text == ' ' || *text == ',') {
        text++;
    }
    v->text = (struct bytes){ (const uint8_t *)text, strlen(text) };
    return ERR_OK;
}

static enum err read_codes(const char *text, struct arena *arena,
                           struct form_value *v)
{
    const char **codes = arena_array(arena, FORM_ITEMS_MAX + 1, sizeof(*codes));

    if (codes == NULL) {
        return ERR_NOMEM;
    }
    v->codes = codes;
    while (*text != '\0') {
        const size_t len = strcspn(text, ";");

        if (len > 0 && v->count > FORM_ITEMS_MAX) {
            return ERR_TOO_LONG;
        }
        if (len > 0) {
            codes[v->count] = arena_text(arena, text, len);
            if (codes[v->count++] == NULL) {
                return ERR_NOMEM;
            }
        }
        text += len + (text[len] == ';');
    }
    return ERR_OK;
}

static enum err read_bytes(const char *text, struct arena *arena,
                           struct form_value *v)
{
    const size_t len = strlen(text) / 2;
    uint8_t *data = arena_alloc(arena, len);

    if (data == NULL) {
        return ERR_NOMEM;
    }
    v->text = (struct bytes){ data, len };
    return hex_parse(text, len, data);
}

static enum err read_value(enum form_type type, const char *text,
                           struct arena *arena, struct form_value *v)
{
    switch (type) {
    case FORM_TYPE_TEXT:
    case FORM_TYPE_ONE_OF:
    case FORM_TYPE_YES_NO:
    case FORM_TYPE_LINE:
    case FORM_TYPE_AREA:
        v->kind = FORM_VALUE_TEXT;
        v->text = (struct bytes){ (const uint8_t *)text, strlen(text) };
        return ERR_OK;
    case FORM_TYPE_NUMBER:
        v->kind = FORM_VALUE_INT;
        return read_number(text, &v->number);
    case FORM_TYPE_DATE_TIME:
        v->kind = FORM_VALUE_INT;
        return strchr(text, 'T') != NULL ? form_read_time(text, &v->number)
                                         : read_number(text, &v->number);
    case FORM_TYPE_MANY_OF:
        v->kind = FORM_VALUE_CODES;
        return read_codes(text, arena, v);
    case FORM_TYPE_PLACE:
        v->kind = FORM_VALUE_PLACE;
        return read_place(text, v);
    case FORM_TYPE_BYTES:
        v->kind = FORM_VALUE_BYTES;
        return read_bytes(text, arena, v);
    case FORM_TYPE_NEWER:
    case FORM_TYPE_PHOTO:
    case FORM_TYPE_PERSON:
    case FORM_TYPE_VEHICLE:
    case FORM_TYPE_SIGNATURE:
    case FORM_TYPE_GROUP:
        break;
    }
    return ERR_UNSUPPORTED;
}

static bool find_question(const struct form *form, const char *key,
                          uint32_t *id_out, enum form_type *type_out)
{
    static const struct {
        uint32_t id;
        const char *key;
        enum form_type type;
    } common[] = {
#define X(field, name, field_type) { field, name, FORM_TYPE_##field_type },
        FORM_COMMON(X)
#undef X
    };
    const struct form_field *f = form_find_key(form, key);

    if (f != NULL) {
        *id_out = f->id;
        *type_out = f->type;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(common); i++) {
        if (strcmp(common[i].key, key) == 0) {
            *id_out = common[i].id;
            *type_out = common[i].type;
            return true;
        }
    }
    return false;
}

enum err form_read(const struct form *form, const char *key, const char *text,
                   struct arena *arena, struct form_value *value_out)
{
    struct form_value value = { .kind = FORM_VALUE_NULL };
    enum form_type type = FORM_TYPE_NEWER;
    enum err err = ERR_OK;

    if (!find_question(form, key, &value.field, &type)) {
        return ERR_NOT_FOUND;
    }
    if (*text != '\0') {
        err = read_value(type, text, arena, &value);
    }
    if (!err) {
        *value_out = value;
    }
    return err;
}
