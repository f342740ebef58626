/*
 * keyring.h - who may open this tablet's database: one wrap of its key for
 * each officer, under the PIN and the device secret; one under the
 * council's recovery key; eight single-use recovery codes.
 *
 *   KEK = HKDF(Argon2id(PIN, salt) || device secret)
 *
 * Pure: Argon2id and the device secret are the platform's. The caller keeps
 * the bytes of keyring_put() in DIR/wraps.cbor and replaces the file after
 * each change, always before it tells anybody the result.
 *
 * wraps = { 1: version, 2: device, 3: [* slot], 4: bstr recovery wrap,
 *           5: [* code] }                               ; 16-byte ids
 * slot  = { 1: officer, 2: number, 3: name, 4: slot, 5: wrap's version,
 *           6: incarnation at its making, 7: [t, m_kib, lanes, salt],
 *           8: bstr COSE_Encrypt0 of the database key,
 *           9: bstr COSE_Encrypt0 of the officer's signing key,
 *           10: wrong tries, 11: boot, 12: monotonic ms of the last one,
 *           13: role, 14: turn of the last sign-in, 15: PIN made, UTC ms,
 *           16, 17: as 8 and 9, under the duress PIN }
 * code  = { 1: index, 2: salt, 3: bstr COSE_Encrypt0 of the database key }
 * An empty bstr is a wrap that was dropped, or was never there. Version 1
 * has no 13 to 17. An officer without a duress PIN has wraps in 16 and 17
 * that open with nothing: the file doesn't tell who has one.
 */
#ifndef CORE_KEYRING_H
#define CORE_KEYRING_H

#include "core/buf.h"
#include "core/crypto.h"
#include "core/limits.h"

#define KEYRING_SALT_SIZE 16
#define KEYRING_CODE_SIZE 16
#define KEYRING_CODES     8
/* "0123-4567-...": 26 letters of Crockford's base32, hyphens, a NUL. */
#define KEYRING_CODE_TEXT 34

struct keyring; /* opaque */

/* An empty ring for this device; ids are copied. */
MUST_USE enum err keyring_new(const struct uuid *device, struct keyring **out);
/* ERR_BAD_DATA, or ERR_NEWER for a later version of the file. */
MUST_USE enum err keyring_parse(struct bytes in, struct keyring **out);
MUST_USE enum err keyring_put(const struct keyring *k, struct buf *out);
void keyring_free(struct keyring *k); /* NULL is allowed */

const struct uuid *keyring_device(const struct keyring *k);

/* What the sign-in screen shows; text is valid until the next change. */
struct keyring_officer {
    struct uuid id;
    const char *number, *name, *role; /* id of a role; "": not known */
    unsigned wrong_tries;
    bool has_wrap;   /* false: dropped after too many wrong PINs */
    uint64_t turn;   /* of the last sign-in, rising; 0: never */
    int64_t made_ms; /* when the PIN was set, UTC; 0: not known */
};
size_t keyring_count(const struct keyring *k);
void keyring_get(const struct keyring *k, size_t i,
                 struct keyring_officer *out);
/* ERR_NOT_FOUND when no officer has this number here. */
MUST_USE enum err keyring_find(const struct keyring *k, const char *number,
                               struct uuid *officer_out);

/* What Argon2id is to be run with; lanes and memory within KDF_*. */
struct keyring_kdf {
    uint32_t passes, memory_kib, lanes;
    uint8_t salt[KEYRING_SALT_SIZE];
};
/* Today's cost and a fresh salt, for a new PIN. */
MUST_USE enum err keyring_kdf_new(struct crypto_random random,
                                  struct keyring_kdf *out);

/* What opens a wrap. Wipe it when done. */
struct keyring_proof {
    uint8_t pin_hash[32]; /* Argon2id's output */
    uint8_t device_secret[32];
};

/* What lies in a wrap. Wipe it when done. */
struct keyring_keys {
    uint8_t database[CRYPTO_KEY_SIZE];
    bool has_officer; /* the officer's own signing key */
    bool is_duress;   /* it was the duress PIN that opened it */
    struct ec_key officer;
};

/* Who and with which cost; text is copied, cut at KEYRING_TEXT_MAX. */
struct keyring_new_pin {
    struct uuid officer, incarnation;
    const char *number, *name, *role;
    int64_t made_ms; /* UTC */
    struct keyring_kdf kdf;
    struct keyring_proof proof;
};
/* Wrap `keys` for this officer, in place of an earlier wrap. ERR_FULL when
 * KEYRING_SLOTS_MAX officers have one. */
MUST_USE enum err keyring_set_pin(struct keyring *k,
                                  const struct keyring_new_pin *pin,
                                  const struct keyring_keys *keys,
                                  struct crypto_random random);

/*
 * A second PIN of this officer, of the same length, for duress: it opens the
 * same keys and says so. keyring_slot_kdf() gives the cost for its proof; a
 * new PIN takes it away. ERR_EXISTS when it is the officer's PIN itself.
 */
MUST_USE enum err keyring_set_duress(struct keyring *k,
                                     const struct uuid *officer,
                                     const struct keyring_proof *proof,
                                     const struct keyring_keys *keys,
                                     struct crypto_random random);
MUST_USE enum err keyring_slot_kdf(const struct keyring *k,
                                   const struct uuid *officer,
                                   struct keyring_kdf *out);

/* This officer signed in: the last used of all. Save the ring after it. */
void keyring_used(struct keyring *k, const struct uuid *officer);

/* Take this officer's wraps away; the name stays. ERR_NOT_FOUND. Save the
 * ring after it. */
MUST_USE enum err keyring_drop(struct keyring *k, const struct uuid *officer);

/*
 * Count one try before it is made; save the ring, run Argon2id with
 * `kdf_out`, then keyring_open(). ERR_BUSY while the back-off runs, with
 * the rest of it in `wait_ms_out`; ERR_DENIED when the wrap was dropped;
 * ERR_NOT_FOUND.
 */
MUST_USE enum err keyring_try(struct keyring *k, const struct uuid *officer,
                              const struct uuid *boot, uint64_t mono_ms,
                              struct keyring_kdf *kdf_out,
                              uint64_t *wait_ms_out);
/* How long keyring_try() would say ERR_BUSY; 0: not at all. */
uint64_t keyring_wait_ms(const struct keyring *k, const struct uuid *officer,
                         const struct uuid *boot, uint64_t mono_ms);
/* The wait after one more wrong PIN; 0: none, or no try is left then. */
uint64_t keyring_next_wait_ms(const struct keyring *k,
                              const struct uuid *officer);
/*
 * ERR_OK and the tries forgotten, or ERR_WRONG_KEY; the tenth wrong one in
 * a row drops this officer's wrap, never data. Save the ring after either.
 */
MUST_USE enum err keyring_open(struct keyring *k, const struct uuid *officer,
                               const struct keyring_proof *proof,
                               struct keyring_keys *out);

/* --- when no PIN opens it --- */

/* Wrap the database key for the council's recovery key. */
MUST_USE enum err keyring_set_recovery(struct keyring *k,
                                       const struct ec_public *council,
                                       const uint8_t database[32],
                                       struct crypto_random random);
/* With the private half, from the safe. */
MUST_USE enum err keyring_recover(const struct keyring *k,
                                  const struct ec_key *council,
                                  uint8_t database_out[32]);

struct keyring_codes {
    char text[KEYRING_CODES][KEYRING_CODE_TEXT];
};
/* Eight new ones; the old ones are void. Shown once, on paper. */
MUST_USE enum err keyring_new_codes(struct keyring *k,
                                    const uint8_t device_secret[32],
                                    const uint8_t database[32],
                                    struct crypto_random random,
                                    struct keyring_codes *out);
size_t keyring_codes_left(const struct keyring *k);
/* ERR_BAD_DATA: not a code; ERR_WRONG_KEY: none of ours. Used up after. */
MUST_USE enum err keyring_use_code(struct keyring *k, const char *text,
                                   const uint8_t device_secret[32],
                                   uint8_t database_out[32]);

#endif /* CORE_KEYRING_H */
