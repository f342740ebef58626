/* Exhibit labels, "AY/12": see tablet_capture.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/tablet_capture.h"
#include "core/tablet_internal.h"

/* Labels looked at for the highest: those of other tablets of the officer
 * come in between. */
#define LOOK_BACK "64"

static const char sql_labels[] =
    "SELECT f.value FROM record r JOIN field f ON f.record = r.id"
    " AND f.field = ?3 AND f.ordinal = 0 WHERE r.kind = ?1 AND r.officer = ?2"
    " ORDER BY r.created_hlc DESC LIMIT " LOOK_BACK;

/* Bytes of the character at `text`. */
static size_t character(const char *text)
{
    size_t n = 1;

    while (n < 4 && ((uint8_t)text[n] & 0xc0) == 0x80) {
        n++;
    }
    return n;
}

void tablet_initials(const char *name, char out[20])
{
    size_t len = 0;
    bool is_start = true;
    int count = 0;

    for (size_t n; *name != '\0' && count < 4; name += n) {
        n = character(name);
        if (*name == ' ' || *name == '-' || *name == '.') {
            is_start = true;
        } else if (is_start) {
            memcpy(out + len, name, n);
            if (out[len] >= 'a' && out[len] <= 'z') {
                out[len] = (char)(out[len] - 'a' + 'A');
            }
            len += n;
            is_start = false;
            count++;
        }
    }
    out[len] = '\0';
}

static uint64_t number_of(struct bytes cbor)
{
    char label[TABLET_EXHIBIT_SIZE];
    const char *slash;

    tablet_copy(cbor, label, sizeof(label));
    slash = strrchr(label, '/');
    return slash != NULL ? strtoull(slash + 1, NULL, 10) : 0;
}

static void counter_name(const struct tablet *t, char out[64])
{
    char id[UUID_TEXT_SIZE];

    uuid_format(&t->officer, id);
    snprintf(out, 64, "exhibit.%s", id);
}

/* Given out here, records that are closed to this tablet included. */
static enum err read_counter(struct tablet *t, uint64_t *out)
{
    struct cbor_reader r;
    struct buf value;
    char name[64];
    enum err err;

    *out = 0;
    counter_name(t, name);
    buf_init(&value, sizeof(uint64_t) + 1);
    err = store_meta_get(t->store, name, &value);
    if (!err) {
        cbor_open(&r, buf_bytes(&value));
        *out = cbor_get_uint(&r);
        err = cbor_close(&r);
    }
    buf_fini(&value);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Also of what came from the officer's other tablets. */
static enum err last_number(struct tablet *t, uint64_t *out)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = read_counter(t, out);

    err = err ? err : store_statement(t->store, sql_labels, &st);
    if (err)
        return err;
    db_bind_int(st, 1, KIND_PHOTO);
    db_bind_uuid(st, 2, &t->officer);
    db_bind_int(st, 3, PHOTO_EXHIBIT);
    for (;;) {
        uint64_t n;

        err = db_step(st, &has_row);
        if (err || !has_row)
            return err;
        n = number_of(db_get_bytes(st, 0));
        *out = n > *out ? n : *out;
    }
}

/* By name, else by the number on the warrant card. */
static enum err officer_mark(struct tablet *t, char out[20])
{
    char name[TABLET_TEXT_SIZE];
    struct tablet_self self;
    enum err err = tablet_name_of(t, &t->officer, name, sizeof(name));

    if (err)
        return err;
    tablet_initials(name, out);
    if (out[0] == '\0') {
        err = tablet_self(t, &self);
        snprintf(out, 20, "%.19s", self.number);
    }
    return err;
}

enum err tablet_exhibit_next(struct tablet *t, unsigned ahead,
                             char out[TABLET_EXHIBIT_SIZE])
{
    char mark[20] = "";
    uint64_t last;
    enum err err;

    out[0] = '\0';
    if (uuid_is_zero(&t->officer)) {
        return ERR_OK;
    }
    err = officer_mark(t, mark);
    if (!err && mark[0] != '\0') {
        err = last_number(t, &last);
        if (!err && last < UINT32_MAX) { /* else it isn't ours */
            snprintf(out, TABLET_EXHIBIT_SIZE, "%s/%lu", mark,
                     (unsigned long)(last + 1 + ahead));
        }
    }
    return err;
}

enum err tablet_exhibit_take(struct tablet *t, char *out)
{
    struct buf value;
    char name[64];
    enum err err = tablet_exhibit_next(t, 0, out);

    if (err || out[0] == '\0') {
        return err;
    }
    counter_name(t, name);
    buf_init(&value, sizeof(uint64_t) + 1);
    cbor_put_uint(&value, strtoull(strrchr(out, '/') + 1, NULL, 10));
    err = value.err ? value.err
                    : store_meta_put(t->store, name, buf_bytes(&value));
    buf_fini(&value);
    return err;
}
