/*
 * keyring_file.h - a keyring's insides and its file, for keyring*.c only.
 */
#ifndef CORE_KEYRING_FILE_H
#define CORE_KEYRING_FILE_H

#include "core/cbor.h"
#include "core/cose.h"
#include "core/keyring.h"

#define KEYRING_VERSION     2
#define KEYRING_SLOT_PIN    1 /* append only */
#define KEYRING_SLOT_DURESS 2

struct keyring_wrap {
    size_t len; /* 0: none */
    uint8_t data[KEYRING_WRAP_MAX];
};

struct keyring_slot {
    struct uuid officer, incarnation;
    char number[KEYRING_TEXT_MAX + 1];
    char name[KEYRING_TEXT_MAX + 1];
    char role[KEYRING_TEXT_MAX + 1];
    uint32_t slot, version;
    struct keyring_kdf kdf;
    struct keyring_wrap database, signing;
    unsigned wrong_tries;
    struct uuid boot;  /* of the last try */
    uint64_t tried_ms; /* monotonic */
    uint64_t turn;
    int64_t made_ms;
    struct keyring_wrap duress, duress_signing;
};

struct keyring_code {
    uint32_t index;
    uint8_t salt[KEYRING_SALT_SIZE];
    struct keyring_wrap database;
};

struct keyring {
    struct uuid device;
    size_t slot_count;
    struct keyring_slot slots[KEYRING_SLOTS_MAX];
    struct keyring_wrap recovery;
    size_t code_count;
    struct keyring_code codes[KEYRING_CODES];
};

void keyring_code_format(const uint8_t code[KEYRING_CODE_SIZE],
                         char out[KEYRING_CODE_TEXT]);
/* Either case, O for 0, I and L for 1; blanks and hyphens are skipped. */
MUST_USE enum err keyring_code_parse(const char *text,
                                     uint8_t out[KEYRING_CODE_SIZE]);

#endif /* CORE_KEYRING_FILE_H */
