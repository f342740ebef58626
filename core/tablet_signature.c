#include "core/tablet_signature.h"

#include <string.h>

#include "core/cose.h"
#include "core/mem.h"
#include "core/tablet_internal.h"

#define PART_MAX_BYTES (TEXT_MAX_BYTES + STROKES_BYTES_MAX)
#define ROWS_MAX       64

/* --- made --- */

static bool is_drawing(struct bytes ink)
{
    struct strokes *s = mem_alloc(sizeof(*s));
    const bool is_one = s != NULL && strokes_get(ink, s) == ERR_OK;

    mem_free(s);
    return is_one;
}

static bool is_same(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static enum err add_hex(const struct tablet_signature_new *n, const char *key,
                        struct bytes data)
{
    char *text = arena_alloc(n->arena, 2 * data.len + 1);

    if (text == NULL) {
        return ERR_NOMEM;
    }
    hex_format(data.data, data.len, text);
    return tablet_read(n->form, key, text, n->arena, n->values, n->count);
}

static enum err cosign(const struct tablet_signature_new *n,
                       const struct hash *hash)
{
    struct buf cose;
    enum err err;

    if (n->key == NULL) {
        return ERR_OK;
    }
    buf_init(&cose, SIGNED_HEAD_MAX_BYTES);
    err = cose_sign_put(&cose, n->key, 1,
                        (struct bytes){ hash->bytes, sizeof(hash->bytes) },
                        (struct bytes){ (const uint8_t *)SIGNATURE_AAD,
                                        strlen(SIGNATURE_AAD) });
    err = err ? err : add_hex(n, "cosigned", buf_bytes(&cose));
    buf_fini(&cose);
    return err;
}

enum err tablet_finish_signature(const struct tablet_signature_new *n,
                                 struct buf *why)
{
    struct bytes parts[SIGNED_PARTS] = { { NULL, 0 } };
    struct hash hash;
    enum err err;

    for (size_t i = 0; i < *n->count; i++) {
        for (int k = 0; k < SIGNED_PARTS; k++) {
            if (n->values[i].field == signed_words_field((enum signed_part)k)) {
                parts[k] = n->values[i].text;
            }
        }
    }
    if ((parts[SIGNED_PART_INK].len > 0) + (parts[SIGNED_PART_TYPED].len > 0) +
                (parts[SIGNED_PART_WHY].len > 0) !=
            1 ||
        (parts[SIGNED_PART_INK].len > 0 &&
         !is_drawing(parts[SIGNED_PART_INK]))) {
        buf_printf(why, "%s is not signed", n->field);
        return ERR_BAD_DATA;
    }
    if (n->words != NULL && !is_same(parts[SIGNED_PART_WORDS], *n->words)) {
        buf_printf(why, "%s: the words changed after they were signed",
                   n->field);
        return ERR_BAD_DATA;
    }
    err = signed_words_hash(parts, &hash);
    if (!err) {
        err = add_hex(n, "hash",
                      (struct bytes){ hash.bytes, sizeof(hash.bytes) });
    }
    return err ? err : cosign(n, &hash);
}

/* --- read --- */

struct rows {
    struct uuid ids[ROWS_MAX];
    size_t count;
};

static enum err take_row(void *ctx, const struct tablet_item *item)
{
    struct rows *rows = ctx;

    if (strcmp(item->form, SIGNATURE_FORM) == 0 && !item->is_struck &&
        rows->count < ROWS_MAX) {
        rows->ids[rows->count++] = item->id;
    }
    return ERR_OK;
}

struct reading {
    struct tablet_signature *s;
    struct buf texts[SIGNED_PARTS]; /* copies: a value lives for one call */
    struct hash hash;
};

static void take_part(struct reading *r, enum signed_part part,
                      struct bytes value)
{
    struct cbor_reader cbor;
    struct bytes data = { NULL, 0 };

    cbor_open_gated(&cbor, value);
    if (part == SIGNED_PART_INK) {
        data = cbor_get_bytes(&cbor);
    } else {
        data = cbor_get_text(&cbor);
    }
    if (!cbor.err) {
        buf_put(&r->texts[part], data.data, data.len);
    }
}

static enum err take_field(void *ctx, const struct tablet_field *f)
{
    struct reading *r = ctx;
    struct cbor_reader cbor;

    if (f->value.data == NULL || f->ordinal > 0) {
        return ERR_OK;
    }
    for (int i = 0; i < SIGNED_PARTS; i++) {
        if (f->id == signed_words_field((enum signed_part)i)) {
            take_part(r, (enum signed_part)i, f->value);
        }
    }
    cbor_open_gated(&cbor, f->value);
    if (f->id == SIGNED_AT_MS) {
        r->s->at_ms = cbor_get_int(&cbor);
    } else if (f->id == SIGNED_HASH) {
        cbor_get_hash(&cbor, &r->hash);
    } else if (f->id == SIGNED_BY) {
        tablet_copy(f->value, r->s->by, sizeof(r->s->by));
    } else if (f->id == SIGN_NAME) {
        tablet_copy(f->value, r->s->name, sizeof(r->s->name));
    } else if (f->id == SIGN_WHY) {
        tablet_copy(f->value, r->s->why, sizeof(r->s->why));
    }
    return ERR_OK;
}

static enum err finish(struct reading *r)
{
    struct bytes parts[SIGNED_PARTS];
    struct hash hash;
    enum err err = ERR_OK;

    for (int i = 0; i < SIGNED_PARTS; i++) {
        parts[i] = buf_bytes(&r->texts[i]);
        err = err ? err : r->texts[i].err;
    }
    r->s->has_ink = parts[SIGNED_PART_INK].len > 0 &&
                    strokes_get(parts[SIGNED_PART_INK], &r->s->ink) == ERR_OK;
    err = err ? err : signed_words_hash(parts, &hash);
    r->s->fits =
        !err && memcmp(hash.bytes, r->hash.bytes, sizeof(hash.bytes)) == 0;
    return err;
}

static enum err read_one(struct tablet *t, const struct uuid *id,
                         struct tablet_signature *out)
{
    struct reading r = { .s = out };
    enum err err;

    memset(out, 0, sizeof(*out));
    out->id = *id;
    for (int i = 0; i < SIGNED_PARTS; i++) {
        buf_init(&r.texts[i], PART_MAX_BYTES);
    }
    err = tablet_fields(t, id, take_field, &r);
    err = err ? err : finish(&r);
    for (int i = 0; i < SIGNED_PARTS; i++) {
        buf_wipe(&r.texts[i]);
    }
    return err;
}

enum err tablet_signatures(struct tablet *t, const struct uuid *record,
                           tablet_signature_fn fn, void *ctx)
{
    const struct tablet_filter rows_of = { .kind = KIND_ROW,
                                           .parent = *record,
                                           .max = ROWS_MAX };
    struct tablet_signature *one = mem_alloc(sizeof(*one));
    struct rows rows = { .count = 0 };
    enum err err =
        one == NULL ? ERR_NOMEM : tablet_records(t, &rows_of, take_row, &rows);

    for (size_t i = 0; i < rows.count && !err; i++) {
        err = read_one(t, &rows.ids[i], one);
        err = err ? err : fn(ctx, one);
    }
    mem_free(one);
    return err == ERR_STOPPED ? ERR_OK : err;
}
