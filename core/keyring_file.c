#include "core/keyring_file.h"

#include <string.h>

#include "core/mem.h"

#define SLOT_PAIRS   17
#define SLOT_PAIRS_1 12 /* of version 1 */

/* --- writing --- */

static void put_wrap(struct buf *out, const struct keyring_wrap *w)
{
    cbor_put_bytes(out, w->data, w->len);
}

static void put_slot(struct buf *out, const struct keyring_slot *s)
{
    cbor_put_map(out, SLOT_PAIRS);
    cbor_put_uint(out, 1);
    cbor_put_uuid(out, &s->officer);
    cbor_put_uint(out, 2);
    cbor_put_str(out, s->number);
    cbor_put_uint(out, 3);
    cbor_put_str(out, s->name);
    cbor_put_uint(out, 4);
    cbor_put_uint(out, s->slot);
    cbor_put_uint(out, 5);
    cbor_put_uint(out, s->version);
    cbor_put_uint(out, 6);
    cbor_put_uuid(out, &s->incarnation);
    cbor_put_uint(out, 7);
    cbor_put_array(out, 4);
    cbor_put_uint(out, s->kdf.passes);
    cbor_put_uint(out, s->kdf.memory_kib);
    cbor_put_uint(out, s->kdf.lanes);
    cbor_put_bytes(out, s->kdf.salt, sizeof(s->kdf.salt));
    cbor_put_uint(out, 8);
    put_wrap(out, &s->database);
    cbor_put_uint(out, 9);
    put_wrap(out, &s->signing);
    cbor_put_uint(out, 10);
    cbor_put_uint(out, s->wrong_tries);
    cbor_put_uint(out, 11);
    cbor_put_uuid(out, &s->boot);
    cbor_put_uint(out, 12);
    cbor_put_uint(out, s->tried_ms);
    cbor_put_uint(out, 13);
    cbor_put_str(out, s->role);
    cbor_put_uint(out, 14);
    cbor_put_uint(out, s->turn);
    cbor_put_uint(out, 15);
    cbor_put_int(out, s->made_ms);
    cbor_put_uint(out, 16);
    put_wrap(out, &s->duress);
    cbor_put_uint(out, 17);
    put_wrap(out, &s->duress_signing);
}

enum err keyring_put(const struct keyring *k, struct buf *out)
{
    cbor_put_map(out, 5);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, KEYRING_VERSION);
    cbor_put_uint(out, 2);
    cbor_put_uuid(out, &k->device);
    cbor_put_uint(out, 3);
    cbor_put_array(out, k->slot_count);
    for (size_t i = 0; i < k->slot_count; i++) {
        put_slot(out, &k->slots[i]);
    }
    cbor_put_uint(out, 4);
    put_wrap(out, &k->recovery);
    cbor_put_uint(out, 5);
    cbor_put_array(out, k->code_count);
    for (size_t i = 0; i < k->code_count; i++) {
        const struct keyring_code *c = &k->codes[i];

        cbor_put_map(out, 3);
        cbor_put_uint(out, 1);
        cbor_put_uint(out, c->index);
        cbor_put_uint(out, 2);
        cbor_put_bytes(out, c->salt, sizeof(c->salt));
        cbor_put_uint(out, 3);
        put_wrap(out, &c->database);
    }
    return out->err;
}

/* --- reading: a wrong shape sets the reader's sticky error --- */

static void expect(struct cbor_reader *r, bool is_so)
{
    if (!is_so && !r->err) {
        r->err = ERR_BAD_DATA;
    }
}

static void expect_key(struct cbor_reader *r, uint64_t key)
{
    expect(r, cbor_get_uint(r) == key);
}

static void get_fixed(struct cbor_reader *r, uint8_t *out, size_t len)
{
    struct bytes b = cbor_get_bytes(r);

    expect(r, b.len == len);
    if (!r->err) {
        memcpy(out, b.data, len);
    }
}

static void get_wrap(struct cbor_reader *r, struct keyring_wrap *out)
{
    struct bytes b = cbor_get_bytes(r);

    expect(r, b.len <= sizeof(out->data));
    if (!r->err && b.len > 0) {
        memcpy(out->data, b.data, b.len);
        out->len = b.len;
    }
}

static void get_text(struct cbor_reader *r, char out[KEYRING_TEXT_MAX + 1])
{
    struct bytes b = cbor_get_text(r);

    expect(r, b.len <= KEYRING_TEXT_MAX &&
                  (b.len == 0 || !memchr(b.data, 0, b.len)));
    if (!r->err && b.len > 0) {
        memcpy(out, b.data, b.len);
    }
}

static void get_kdf(struct cbor_reader *r, struct keyring_kdf *kdf)
{
    expect(r, cbor_get_array(r) == 4);
    kdf->passes = (uint32_t)cbor_get_uint_max(r, KDF_PASSES_MAX);
    kdf->memory_kib = (uint32_t)cbor_get_uint_max(r, KDF_MEMORY_MAX_KIB);
    kdf->lanes = (uint32_t)cbor_get_uint_max(r, KDF_LANES_MAX);
    get_fixed(r, kdf->salt, sizeof(kdf->salt));
    expect(r, kdf->passes > 0 && kdf->lanes > 0 &&
                  kdf->memory_kib >= KDF_MEMORY_MIN_KIB);
}

static void get_slot_2(struct cbor_reader *r, struct keyring_slot *s)
{
    expect_key(r, 13);
    get_text(r, s->role);
    expect_key(r, 14);
    s->turn = cbor_get_uint(r);
    expect_key(r, 15);
    s->made_ms = cbor_get_int(r);
    expect_key(r, 16);
    get_wrap(r, &s->duress);
    expect_key(r, 17);
    get_wrap(r, &s->duress_signing);
}

static void get_slot(struct cbor_reader *r, struct keyring_slot *s)
{
    const size_t pairs = cbor_get_map(r);

    expect(r, pairs == SLOT_PAIRS || pairs == SLOT_PAIRS_1);
    expect_key(r, 1);
    cbor_get_uuid(r, &s->officer);
    expect_key(r, 2);
    get_text(r, s->number);
    expect_key(r, 3);
    get_text(r, s->name);
    expect_key(r, 4);
    s->slot = (uint32_t)cbor_get_uint_max(r, UINT32_MAX);
    expect_key(r, 5);
    s->version = (uint32_t)cbor_get_uint_max(r, UINT32_MAX);
    expect_key(r, 6);
    cbor_get_uuid(r, &s->incarnation);
    expect_key(r, 7);
    get_kdf(r, &s->kdf);
    expect_key(r, 8);
    get_wrap(r, &s->database);
    expect_key(r, 9);
    get_wrap(r, &s->signing);
    expect_key(r, 10);
    s->wrong_tries = (unsigned)cbor_get_uint_max(r, KEYRING_TRIES_MAX);
    expect_key(r, 11);
    cbor_get_uuid(r, &s->boot);
    expect_key(r, 12);
    s->tried_ms = cbor_get_uint(r);
    if (pairs == SLOT_PAIRS) {
        get_slot_2(r, s);
    }
}

static void get_code(struct cbor_reader *r, struct keyring_code *c)
{
    expect(r, cbor_get_map(r) == 3);
    expect_key(r, 1);
    c->index = (uint32_t)cbor_get_uint_max(r, UINT32_MAX);
    expect_key(r, 2);
    get_fixed(r, c->salt, sizeof(c->salt));
    expect_key(r, 3);
    get_wrap(r, &c->database);
}

static enum err get_ring(struct cbor_reader *r, struct keyring *k)
{
    size_t count;

    expect(r, cbor_get_map(r) == 5);
    expect_key(r, 1);
    if (cbor_get_uint(r) > KEYRING_VERSION && !r->err) {
        return ERR_NEWER;
    }
    expect_key(r, 2);
    cbor_get_uuid(r, &k->device);
    expect_key(r, 3);
    count = cbor_get_array(r);
    expect(r, count <= KEYRING_SLOTS_MAX);
    for (; !r->err && k->slot_count < count; k->slot_count++) {
        get_slot(r, &k->slots[k->slot_count]);
    }
    expect_key(r, 4);
    get_wrap(r, &k->recovery);
    expect_key(r, 5);
    count = cbor_get_array(r);
    expect(r, count <= KEYRING_CODES);
    for (; !r->err && k->code_count < count; k->code_count++) {
        get_code(r, &k->codes[k->code_count]);
    }
    return cbor_close(r);
}

enum err keyring_parse(struct bytes in, struct keyring **out)
{
    struct keyring *k = mem_alloc(sizeof(*k));
    struct cbor_reader r;
    enum err err;

    if (!k) {
        return ERR_NOMEM;
    }
    cbor_open(&r, in);
    err = get_ring(&r, k);
    if (err) {
        keyring_free(k);
        return err;
    }
    *out = k;
    return ERR_OK;
}

/* --- recovery codes --- */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void keyring_code_format(const uint8_t code[KEYRING_CODE_SIZE],
                         char out[KEYRING_CODE_TEXT])
{
    unsigned bits = 0, held = 0;
    size_t letters = 0;

    for (size_t i = 0; i < KEYRING_CODE_SIZE || held > 0;) {
        if (held < 5 && i < KEYRING_CODE_SIZE) {
            bits = (bits << 8 | code[i++]) & 0xfff;
            held += 8;
            continue;
        }
        if (held < 5) { /* the last letter carries two zero bits */
            bits <<= 5 - held;
            held = 5;
        }
        held -= 5;
        if (letters > 0 && letters % 4 == 0) {
            *out++ = '-';
        }
        *out++ = alphabet[bits >> held & 31];
        letters++;
    }
    *out = '\0';
}

static int letter_value(char c)
{
    const char *at;

    if (c >= 'a' && c <= 'z') {
        c = (char)(c - 'a' + 'A');
    }
    c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

enum err keyring_code_parse(const char *text, uint8_t out[KEYRING_CODE_SIZE])
{
    unsigned bits = 0, held = 0;
    size_t len = 0, letters = 0;

    for (; *text; text++) {
        int value = letter_value(*text);

        if (*text == '-' || *text == ' ') {
            continue;
        }
        if (value < 0 || letters == 26) {
            return ERR_BAD_DATA;
        }
        letters++;
        bits = (bits << 5 | (unsigned)value) & 0xfff;
        held += 5;
        if (held >= 8) {
            held -= 8;
            out[len++] = (uint8_t)(bits >> held);
        }
    }
    return letters == 26 && (bits & 3) == 0 ? ERR_OK : ERR_BAD_DATA;
}
