/*
 * keystore.h - what must not be copied with the data: the device secret,
 * and a number that never goes back.
 *
 *   DIR/keystore/secret    CBOR: how it is kept, and the secret or its seal
 *   DIR/keystore/counter   decimal
 *   DIR/keystore/place     its own inode number: tells a copied folder
 *
 * The secret is sealed by the machine's TPM 2.0 where there is one; else it
 * lies in the file (mode 0600), which is refused unless the disk under DIR
 * is encrypted or an administrator granted weak storage.
 */
#ifndef PLATFORM_LINUX_KEYSTORE_H
#define PLATFORM_LINUX_KEYSTORE_H

#include "core/base.h"
#include "core/crypto.h"

#define KEYSTORE_SECRET_SIZE 32

struct keystore; /* opaque */

/* How the secret is protected; stored, append only. */
enum keystore_protection {
    KEYSTORE_TPM = 1,  /* sealed to this machine */
    KEYSTORE_DISK = 2, /* in a file on an encrypted disk */
    KEYSTORE_WEAK = 3  /* in a file on a plain disk */
};

/*
 * `folder` is the open DIR. `tcti` names the TPM as tss2 does; NULL: this
 * machine's, if it has one; "none": don't look for one.
 */
MUST_USE enum err keystore_open(int folder, const char *tcti,
                                struct keystore **out);
void keystore_close(struct keystore *k); /* wipes; NULL is allowed */

/* That of the stored secret, or what one made now would have. */
enum keystore_protection keystore_protection(const struct keystore *k);

/*
 * Make the secret. ERR_DENIED where it would lie on a plain disk and
 * `is_weak_allowed` is false; ERR_EXISTS when there is one.
 */
MUST_USE enum err keystore_make(struct keystore *k, struct crypto_random random,
                                bool is_weak_allowed);

/*
 * ERR_NOT_FOUND before keystore_make; ERR_WRONG_KEY when another machine's
 * TPM sealed it; ERR_DENIED when the disk was encrypted and is no more.
 */
MUST_USE enum err keystore_secret(struct keystore *k,
                                  uint8_t out[KEYSTORE_SECRET_SIZE]);

/*
 * Destroy the secret: overwritten in place, then removed. Whatever was
 * wrapped with it stays closed. ERR_OK when there is none.
 */
MUST_USE enum err keystore_destroy(struct keystore *k);

/*
 * The number; 0 at first. In a folder that was copied it is one higher
 * than stored until it is raised, so that the copy is noticed.
 */
MUST_USE enum err keystore_counter(struct keystore *k, uint64_t *out);
/* Lower values change nothing. Durable. */
MUST_USE enum err keystore_raise(struct keystore *k, uint64_t value);

#endif /* PLATFORM_LINUX_KEYSTORE_H */
