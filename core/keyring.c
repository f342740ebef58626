#include "core/keyring.h"

#include <stdio.h>
#include <string.h>

#include "core/keyring_file.h"
#include "core/mem.h"

enum err keyring_new(const struct uuid *device, struct keyring **out)
{
    struct keyring *k = mem_alloc(sizeof(*k));

    if (!k) {
        return ERR_NOMEM;
    }
    k->device = *device;
    *out = k;
    return ERR_OK;
}

void keyring_free(struct keyring *k)
{
    mem_free(k); /* holds wraps only, nothing in plain */
}

const struct uuid *keyring_device(const struct keyring *k)
{
    return &k->device;
}

size_t keyring_count(const struct keyring *k)
{
    return k->slot_count;
}

void keyring_get(const struct keyring *k, size_t i, struct keyring_officer *out)
{
    const struct keyring_slot *s = &k->slots[i];

    ASSERT(i < k->slot_count);
    *out = (struct keyring_officer){ .id = s->officer,
                                     .number = s->number,
                                     .name = s->name,
                                     .role = s->role,
                                     .turn = s->turn,
                                     .made_ms = s->made_ms,
                                     .wrong_tries = s->wrong_tries,
                                     .has_wrap = s->database.len > 0 };
}

enum err keyring_find(const struct keyring *k, const char *number,
                      struct uuid *officer_out)
{
    for (size_t i = 0; i < k->slot_count; i++) {
        if (strcmp(k->slots[i].number, number) == 0) {
            *officer_out = k->slots[i].officer;
            return ERR_OK;
        }
    }
    return ERR_NOT_FOUND;
}

static const struct keyring_slot *look_slot(const struct keyring *k,
                                            const struct uuid *officer)
{
    for (size_t i = 0; i < k->slot_count; i++) {
        if (uuid_eq(&k->slots[i].officer, officer)) {
            return &k->slots[i];
        }
    }
    return NULL;
}

static struct keyring_slot *find_slot(struct keyring *k,
                                      const struct uuid *officer)
{
    const struct keyring_slot *s = look_slot(k, officer);

    return s ? &k->slots[s - k->slots] : NULL;
}

enum err keyring_kdf_new(struct crypto_random random, struct keyring_kdf *out)
{
    out->passes = 1;
    out->memory_kib = KDF_MEMORY_MIN_KIB;
    out->lanes = 1;
    return random.fill(random.ctx, out->salt, sizeof(out->salt));
}

/* --- wrapping --- */

#define USE_DATABASE "beatbook/wrap/database"
#define USE_OFFICER  "beatbook/wrap/officer-key"
#define USE_DURESS   "beatbook/wrap/duress"
#define USE_DURESS_2 "beatbook/wrap/duress-officer-key"
#define USE_CODE     "beatbook/wrap/code"
#define USE_RECOVERY "beatbook/wrap/recovery"

/* HKDF over two secrets side by side; `use` keeps the keys apart. */
static enum err derive(struct bytes a, struct bytes b, struct bytes salt,
                       const char *use, uint8_t out[CRYPTO_KEY_SIZE])
{
    uint8_t both[64];
    enum err err;

    ASSERT(a.len + b.len <= sizeof(both));
    memcpy(both, a.data, a.len);
    memcpy(both + a.len, b.data, b.len);
    err =
        crypto_hkdf_sha256(salt, (struct bytes){ both, a.len + b.len },
                           (struct bytes){ (const uint8_t *)use, strlen(use) },
                           out, CRYPTO_KEY_SIZE);
    wipe(both, sizeof(both));
    return err;
}

static enum err slot_key(const struct keyring_slot *s,
                         const struct keyring_proof *proof, const char *use,
                         uint8_t out[CRYPTO_KEY_SIZE])
{
    return derive(
        (struct bytes){ proof->pin_hash, sizeof(proof->pin_hash) },
        (struct bytes){ proof->device_secret, sizeof(proof->device_secret) },
        (struct bytes){ s->kdf.salt, sizeof(s->kdf.salt) }, use, out);
}

/* AAD = [device, incarnation, officer, slot, version, use] */
static void put_aad(struct buf *aad, const struct keyring *k,
                    const struct keyring_slot *s, const char *use)
{
    const bool is_duress =
        strcmp(use, USE_DURESS) == 0 || strcmp(use, USE_DURESS_2) == 0;

    buf_init(aad, 256);
    cbor_put_array(aad, 6);
    cbor_put_uuid(aad, &k->device);
    cbor_put_uuid(aad, &s->incarnation);
    cbor_put_uuid(aad, &s->officer);
    cbor_put_uint(aad, is_duress ? KEYRING_SLOT_DURESS : s->slot);
    cbor_put_uint(aad, s->version);
    cbor_put_str(aad, use);
}

static enum err take_wrap(struct buf *message, struct keyring_wrap *out)
{
    if (message->err) {
        return message->err;
    }
    if (message->len > sizeof(out->data)) {
        return ERR_TOO_LONG;
    }
    memcpy(out->data, message->data, message->len);
    out->len = message->len;
    return ERR_OK;
}

static enum err wrap_new(const uint8_t kek[CRYPTO_KEY_SIZE],
                         struct crypto_random random, struct bytes secret,
                         struct buf *aad, struct keyring_wrap *out)
{
    struct buf message;
    enum err err = aad->err;

    buf_init(&message, KEYRING_WRAP_MAX);
    if (!err) {
        err =
            cose_encrypt0_put(&message, (struct bytes){ kek, CRYPTO_KEY_SIZE },
                              random, secret, buf_bytes(aad));
    }
    if (!err) {
        err = take_wrap(&message, out);
    }
    buf_fini(&message);
    return err;
}

static enum err wrap_open(const uint8_t kek[CRYPTO_KEY_SIZE],
                          const struct keyring_wrap *wrap, struct buf *aad,
                          uint8_t out[32])
{
    struct buf plain;
    enum err err = aad->err;

    buf_init(&plain, KEYRING_WRAP_MAX);
    if (!err) {
        err = cose_encrypt0_open(&plain, (struct bytes){ kek, CRYPTO_KEY_SIZE },
                                 (struct bytes){ wrap->data, wrap->len },
                                 buf_bytes(aad));
    }
    if (!err && plain.len != 32) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(out, plain.data, 32);
    }
    buf_wipe(&plain);
    return err;
}

/* Which of a slot's wraps is for this use. */
static struct keyring_wrap *wrap_in(struct keyring_slot *s, const char *use)
{
    return strcmp(use, USE_OFFICER) == 0    ? &s->signing
           : strcmp(use, USE_DURESS) == 0   ? &s->duress
           : strcmp(use, USE_DURESS_2) == 0 ? &s->duress_signing
                                            : &s->database;
}

static enum err seal_in_slot(const struct keyring *k, struct keyring_slot *s,
                             const struct keyring_proof *proof, const char *use,
                             struct bytes secret, struct crypto_random random)
{
    struct keyring_wrap *wrap = wrap_in(s, use);
    uint8_t kek[CRYPTO_KEY_SIZE];
    struct buf aad;
    enum err err = slot_key(s, proof, use, kek);

    put_aad(&aad, k, s, use);
    if (!err) {
        err = wrap_new(kek, random, secret, &aad, wrap);
    }
    buf_fini(&aad);
    wipe(kek, sizeof(kek));
    return err;
}

static enum err open_in_slot(const struct keyring *k, struct keyring_slot *s,
                             const struct keyring_proof *proof, const char *use,
                             uint8_t out[32])
{
    const struct keyring_wrap *wrap = wrap_in(s, use);
    uint8_t kek[CRYPTO_KEY_SIZE];
    struct buf aad;
    enum err err = slot_key(s, proof, use, kek);

    put_aad(&aad, k, s, use);
    if (!err) {
        err = wrap_open(kek, wrap, &aad, out);
    }
    buf_fini(&aad);
    wipe(kek, sizeof(kek));
    return err;
}

/* Cut at a whole character, so that it stays UTF-8. */
static void copy_text(char out[KEYRING_TEXT_MAX + 1], const char *text)
{
    size_t len = strlen(text);

    if (len > KEYRING_TEXT_MAX) {
        len = KEYRING_TEXT_MAX;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

/* Wraps that open with nothing, of the same size as real ones. */
static enum err seal_decoys(const struct keyring *k, struct keyring_slot *s,
                            struct crypto_random random)
{
    const uint8_t none[32] = { 0 };
    struct keyring_proof nobody;
    enum err err = random.fill(random.ctx, nobody.pin_hash, 32);

    memset(nobody.device_secret, 0, sizeof(nobody.device_secret));
    if (!err) {
        err = seal_in_slot(k, s, &nobody, USE_DURESS,
                           (struct bytes){ none, 32 }, random);
    }
    if (!err && s->signing.len > 0) {
        err = seal_in_slot(k, s, &nobody, USE_DURESS_2,
                           (struct bytes){ none, 32 }, random);
    }
    wipe(&nobody, sizeof(nobody));
    return err;
}

enum err keyring_set_pin(struct keyring *k, const struct keyring_new_pin *pin,
                         const struct keyring_keys *keys,
                         struct crypto_random random)
{
    struct keyring_slot *old = find_slot(k, &pin->officer);
    struct keyring_slot s = { .officer = pin->officer,
                              .incarnation = pin->incarnation,
                              .kdf = pin->kdf,
                              .slot = KEYRING_SLOT_PIN,
                              .version = old ? old->version + 1 : 1,
                              .turn = old ? old->turn : 0,
                              .made_ms = pin->made_ms };
    enum err err;

    if (!old && k->slot_count == KEYRING_SLOTS_MAX) {
        return ERR_FULL;
    }
    copy_text(s.number, pin->number);
    copy_text(s.name, pin->name);
    copy_text(s.role, pin->role ? pin->role : old ? old->role : "");
    err = seal_in_slot(k, &s, &pin->proof, USE_DATABASE,
                       (struct bytes){ keys->database, 32 }, random);
    if (!err && keys->has_officer) {
        err = seal_in_slot(k, &s, &pin->proof, USE_OFFICER,
                           (struct bytes){ keys->officer.d, 32 }, random);
    }
    if (!err) {
        err = seal_decoys(k, &s, random);
    }
    if (err) {
        return err;
    }
    *(old ? old : &k->slots[k->slot_count++]) = s;
    return ERR_OK;
}

static void drop_wraps(struct keyring_slot *s)
{
    memset(&s->database, 0, sizeof(s->database));
    memset(&s->signing, 0, sizeof(s->signing));
    memset(&s->duress, 0, sizeof(s->duress));
    memset(&s->duress_signing, 0, sizeof(s->duress_signing));
}

enum err keyring_drop(struct keyring *k, const struct uuid *officer)
{
    struct keyring_slot *s = find_slot(k, officer);

    if (!s) {
        return ERR_NOT_FOUND;
    }
    drop_wraps(s);
    return ERR_OK;
}

void keyring_used(struct keyring *k, const struct uuid *officer)
{
    struct keyring_slot *s = find_slot(k, officer);
    uint64_t last = 0;

    for (size_t i = 0; i < k->slot_count; i++) {
        last = k->slots[i].turn > last ? k->slots[i].turn : last;
    }
    if (s && (s->turn < last || last == 0) && last < INT64_MAX) {
        s->turn = last + 1;
    }
}

enum err keyring_slot_kdf(const struct keyring *k, const struct uuid *officer,
                          struct keyring_kdf *out)
{
    const struct keyring_slot *s = look_slot(k, officer);

    if (!s) {
        return ERR_NOT_FOUND;
    }
    *out = s->kdf;
    return ERR_OK;
}

enum err keyring_set_duress(struct keyring *k, const struct uuid *officer,
                            const struct keyring_proof *proof,
                            const struct keyring_keys *keys,
                            struct crypto_random random)
{
    struct keyring_slot *s = find_slot(k, officer);
    uint8_t same[32];
    enum err err;

    if (!s || s->database.len == 0) {
        return ERR_NOT_FOUND;
    }
    err = open_in_slot(k, s, proof, USE_DATABASE, same);
    wipe(same, sizeof(same));
    if (err != ERR_WRONG_KEY) {
        return err ? err : ERR_EXISTS;
    }
    err = seal_in_slot(k, s, proof, USE_DURESS,
                       (struct bytes){ keys->database, 32 }, random);
    if (!err && s->signing.len > 0) {
        ASSERT(keys->has_officer);
        err = seal_in_slot(k, s, proof, USE_DURESS_2,
                           (struct bytes){ keys->officer.d, 32 }, random);
    }
    return err;
}

/* --- tries --- */

/* Ms to wait before the next try, after `wrong` wrong ones. */
static uint64_t back_off_ms(unsigned wrong)
{
    static const uint16_t seconds[KEYRING_TRIES_MAX] = {
        0, 0, 0, 5, 15, 30, 60, 120, 300, 600
    };

    return (uint64_t)
               seconds[wrong < KEYRING_TRIES_MAX ? wrong
                                                 : KEYRING_TRIES_MAX - 1] *
           1000;
}

/* After a restart the wait begins anew: no wall clock to turn. */
uint64_t keyring_wait_ms(const struct keyring *k, const struct uuid *officer,
                         const struct uuid *boot, uint64_t mono_ms)
{
    const struct keyring_slot *s = look_slot(k, officer);
    uint64_t since, wait;

    if (!s || s->database.len == 0) {
        return 0;
    }
    since = uuid_eq(&s->boot, boot) && mono_ms >= s->tried_ms
                ? mono_ms - s->tried_ms
                : mono_ms;
    wait = back_off_ms(s->wrong_tries);
    return since < wait ? wait - since : 0;
}

uint64_t keyring_next_wait_ms(const struct keyring *k,
                              const struct uuid *officer)
{
    const struct keyring_slot *s = look_slot(k, officer);

    return s && s->wrong_tries + 1 < KEYRING_TRIES_MAX
               ? back_off_ms(s->wrong_tries + 1)
               : 0;
}

enum err keyring_try(struct keyring *k, const struct uuid *officer,
                     const struct uuid *boot, uint64_t mono_ms,
                     struct keyring_kdf *kdf_out, uint64_t *wait_ms_out)
{
    struct keyring_slot *s = find_slot(k, officer);

    *wait_ms_out = 0;
    if (!s) {
        return ERR_NOT_FOUND;
    }
    if (s->database.len == 0) {
        return ERR_DENIED;
    }
    *wait_ms_out = keyring_wait_ms(k, officer, boot, mono_ms);
    if (*wait_ms_out > 0) {
        return ERR_BUSY;
    }
    if (s->wrong_tries < KEYRING_TRIES_MAX) {
        s->wrong_tries++;
    }
    s->boot = *boot;
    s->tried_ms = mono_ms;
    *kdf_out = s->kdf;
    return ERR_OK;
}

static enum err open_keys(const struct keyring *k, struct keyring_slot *s,
                          const struct keyring_proof *proof,
                          const char *const use[2], struct keyring_keys *out)
{
    enum err err = open_in_slot(k, s, proof, use[0], out->database);

    if (!err && wrap_in(s, use[1])->len > 0) {
        err = open_in_slot(k, s, proof, use[1], out->officer.d);
        if (!err) {
            err = crypto_ec_derive(&out->officer);
        }
        out->has_officer = !err;
    }
    return err;
}

enum err keyring_open(struct keyring *k, const struct uuid *officer,
                      const struct keyring_proof *proof,
                      struct keyring_keys *out)
{
    static const char *const pin[2] = { USE_DATABASE, USE_OFFICER };
    static const char *const duress[2] = { USE_DURESS, USE_DURESS_2 };
    struct keyring_slot *s = find_slot(k, officer);
    enum err err;

    memset(out, 0, sizeof(*out));
    if (!s) {
        return ERR_NOT_FOUND;
    }
    if (s->database.len == 0) {
        return ERR_DENIED;
    }
    err = open_keys(k, s, proof, pin, out);
    if (err == ERR_WRONG_KEY && s->duress.len > 0) {
        err = open_keys(k, s, proof, duress, out);
        out->is_duress = !err;
    }
    if (err == ERR_WRONG_KEY && s->wrong_tries >= KEYRING_TRIES_MAX) {
        drop_wraps(s);
    }
    if (!err) {
        s->wrong_tries = 0;
    } else {
        wipe(out, sizeof(*out));
    }
    return err;
}

/* --- recovery --- */

static void put_plain_aad(struct buf *aad, const struct keyring *k,
                          uint64_t index, const char *use)
{
    buf_init(aad, 128);
    cbor_put_array(aad, 3);
    cbor_put_uuid(aad, &k->device);
    cbor_put_uint(aad, index);
    cbor_put_str(aad, use);
}

enum err keyring_set_recovery(struct keyring *k,
                              const struct ec_public *council,
                              const uint8_t database[32],
                              struct crypto_random random)
{
    struct buf aad, message;
    enum err err;

    put_plain_aad(&aad, k, 0, USE_RECOVERY);
    buf_init(&message, KEYRING_WRAP_MAX);
    err = aad.err ? aad.err
                  : cose_encrypt_put(&message, council, 1, random,
                                     (struct bytes){ database, 32 },
                                     buf_bytes(&aad));
    if (!err) {
        err = take_wrap(&message, &k->recovery);
    }
    buf_fini(&message);
    buf_fini(&aad);
    return err;
}

enum err keyring_recover(const struct keyring *k, const struct ec_key *council,
                         uint8_t database_out[32])
{
    struct buf aad, plain;
    enum err err;

    if (k->recovery.len == 0) {
        return ERR_NOT_FOUND;
    }
    put_plain_aad(&aad, k, 0, USE_RECOVERY);
    buf_init(&plain, KEYRING_WRAP_MAX);
    err = aad.err ? aad.err
                  : cose_encrypt_open(
                        &plain, council,
                        (struct bytes){ k->recovery.data, k->recovery.len },
                        buf_bytes(&aad));
    if (!err && plain.len != 32) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(database_out, plain.data, 32);
    }
    buf_wipe(&plain);
    buf_fini(&aad);
    return err;
}

static enum err code_key(const struct keyring_code *c,
                         const uint8_t code[KEYRING_CODE_SIZE],
                         const uint8_t device_secret[32],
                         uint8_t out[CRYPTO_KEY_SIZE])
{
    return derive((struct bytes){ code, KEYRING_CODE_SIZE },
                  (struct bytes){ device_secret, 32 },
                  (struct bytes){ c->salt, sizeof(c->salt) }, USE_CODE, out);
}

static enum err new_code(struct keyring *k, struct keyring_code *c,
                         const uint8_t code[KEYRING_CODE_SIZE],
                         const uint8_t device_secret[32],
                         const uint8_t database[32],
                         struct crypto_random random)
{
    uint8_t kek[CRYPTO_KEY_SIZE];
    struct buf aad;
    enum err err = random.fill(random.ctx, c->salt, sizeof(c->salt));

    put_plain_aad(&aad, k, c->index, USE_CODE);
    if (!err) {
        err = code_key(c, code, device_secret, kek);
    }
    if (!err) {
        err = wrap_new(kek, random, (struct bytes){ database, 32 }, &aad,
                       &c->database);
    }
    buf_fini(&aad);
    wipe(kek, sizeof(kek));
    return err;
}

enum err keyring_new_codes(struct keyring *k, const uint8_t device_secret[32],
                           const uint8_t database[32],
                           struct crypto_random random,
                           struct keyring_codes *out)
{
    struct keyring_code codes[KEYRING_CODES] = { { 0 } };
    enum err err = ERR_OK;

    for (size_t i = 0; i < KEYRING_CODES && !err; i++) {
        uint8_t code[KEYRING_CODE_SIZE];

        codes[i].index = (uint32_t)i + 1;
        err = random.fill(random.ctx, code, sizeof(code));
        if (!err) {
            keyring_code_format(code, out->text[i]);
            err = new_code(k, &codes[i], code, device_secret, database, random);
        }
        wipe(code, sizeof(code));
    }
    if (err) {
        wipe(out, sizeof(*out));
        return err;
    }
    memcpy(k->codes, codes, sizeof(codes));
    k->code_count = KEYRING_CODES;
    return ERR_OK;
}

size_t keyring_codes_left(const struct keyring *k)
{
    return k->code_count;
}

enum err keyring_use_code(struct keyring *k, const char *text,
                          const uint8_t device_secret[32],
                          uint8_t database_out[32])
{
    uint8_t code[KEYRING_CODE_SIZE], kek[CRYPTO_KEY_SIZE];
    enum err err = keyring_code_parse(text, code);
    size_t i = 0;

    if (err) {
        return err;
    }
    err = ERR_WRONG_KEY;
    for (i = 0; i < k->code_count && err == ERR_WRONG_KEY; i++) {
        struct buf aad;

        put_plain_aad(&aad, k, k->codes[i].index, USE_CODE);
        err = code_key(&k->codes[i], code, device_secret, kek);
        if (!err) {
            err = wrap_open(kek, &k->codes[i].database, &aad, database_out);
        }
        buf_fini(&aad);
    }
    if (!err) { /* the one before i was it */
        k->code_count--;
        memmove(&k->codes[i - 1], &k->codes[i],
                (k->code_count - (i - 1)) * sizeof(k->codes[0]));
    }
    wipe(code, sizeof(code));
    wipe(kek, sizeof(kek));
    return err;
}
