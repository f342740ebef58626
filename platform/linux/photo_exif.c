#include <stdio.h>
#include <string.h>

#include <libexif/exif-data.h>

#include "platform/linux/photo_decode.h"

static ExifEntry *find(ExifData *data, ExifIfd ifd, int tag)
{
    return exif_content_get_entry(data->ifd[ifd], (ExifTag)tag);
}

/* Days from 1970-01-01, Gregorian. */
static int64_t days_of(int64_t y, int64_t m, int64_t d)
{
    const int64_t year = m <= 2 ? y - 1 : y;
    const int64_t era = year / 400, yoe = year - era * 400;
    const int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* The entry's text with a NUL; "" when it isn't one. */
static void text_of(const ExifEntry *e, char *out, size_t size)
{
    size_t len = e && e->format == EXIF_FORMAT_ASCII ? e->size : 0;

    if (len >= size) {
        len = size - 1;
    }
    if (len > 0) {
        memcpy(out, e->data, len);
    }
    out[len] = '\0';
}

static void read_time(ExifData *data, struct photo_facts *out)
{
    char text[24], offset[10];
    int y, mo, d, h, mi, s, oh, om;
    char sign;

    text_of(find(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL), text,
            sizeof(text));
    if (sscanf(text, "%4d:%2d:%2d %2d:%2d:%2d", &y, &mo, &d, &h, &mi, &s) !=
            6 ||
        y < 1970 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 24 ||
        mi < 0 || mi > 59 || s < 0 || s > 60) {
        return;
    }
    out->has_time = true;
    out->local_ms = (days_of(y, mo, d) * 86400 + h * 3600 + mi * 60 + s) * 1000;
    text_of(find(data, EXIF_IFD_EXIF, 0x9011), offset, sizeof(offset));
    if (sscanf(offset, "%c%2d:%2d", &sign, &oh, &om) == 3 &&
        (sign == '+' || sign == '-') && oh >= 0 && oh <= 14 && om >= 0 &&
        om < 60) {
        out->has_offset = true;
        out->offset_min = (sign == '-' ? -1 : 1) * (oh * 60 + om);
    }
}

/* Three rationals: degrees, minutes, seconds. */
static bool read_angle(ExifData *data, int tag, int ref_tag, char negative,
                       int32_t max_e7, int32_t *out)
{
    static const double parts[3] = { 1, 60, 3600 };
    const ExifEntry *e = find(data, EXIF_IFD_GPS, tag);
    const ExifByteOrder order = exif_data_get_byte_order(data);
    double degrees = 0;
    char ref[4];

    if (!e || e->format != EXIF_FORMAT_RATIONAL || e->components != 3 ||
        e->size < 24) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        ExifRational r = exif_get_rational(e->data + 8 * i, order);

        if (r.denominator == 0) {
            return false;
        }
        degrees += (double)r.numerator / (double)r.denominator / parts[i];
    }
    text_of(find(data, EXIF_IFD_GPS, ref_tag), ref, sizeof(ref));
    if (ref[0] == '\0' || degrees * 1e7 > (double)max_e7) {
        return false;
    }
    *out = (int32_t)(degrees * 1e7 + 0.5) * (ref[0] == negative ? -1 : 1);
    return true;
}

void photo_exif(struct bytes in, struct photo_facts *out)
{
    ExifData *data = exif_data_new_from_data(in.data, (unsigned)in.len);
    const ExifEntry *e;

    *out = (struct photo_facts){ .orientation = 1 };
    if (!data) {
        return;
    }
    e = find(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION);
    if (e && e->format == EXIF_FORMAT_SHORT && e->size >= 2) {
        int value = exif_get_short(e->data, exif_data_get_byte_order(data));

        if (value >= 1 && value <= 8) {
            out->orientation = value;
        }
    }
    read_time(data, out);
    /* Tags 1-4 of the GPS directory: refs and values. */
    out->has_place = read_angle(data, 2, 1, 'S', 900000000, &out->lat_e7) &&
                     read_angle(data, 4, 3, 'W', 1800000000, &out->lon_e7);
    exif_data_unref(data);
}
