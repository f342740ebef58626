/*
 * cose.h - COSE messages (RFC 9052, algorithms RFC 9053), written and read:
 * Sign1 and Sign with ES256, Encrypt0 with A256GCM (reads A128/192GCM too),
 * Encrypt with ECDH-ES + HKDF-256 on P-256 to several recipients.
 *
 * Only what Beatbook needs is written; what others wrote is read strictly:
 * unknown critical headers or other algorithms are ERR_UNSUPPORTED, bytes
 * that aren't canonical or a missing tag (18, 98, 16, 96) ERR_BAD_DATA. An
 * algorithm may stand in the unprotected header: the key allows just one.
 * A key id is a hint about which key to try, never a proof. After an error
 * a writer's `out` may hold an unfinished message; a reader's is unchanged.
 */
#ifndef CORE_COSE_H
#define CORE_COSE_H

#include "core/buf.h"
#include "core/crypto.h"

/* RFC 9053 and the COSE registries. */
enum cose_alg {
    COSE_ES256 = -7,
    COSE_ECDH_ES_HKDF_256 = -25,
    COSE_A128GCM = 1,
    COSE_A192GCM = 2,
    COSE_A256GCM = 3
};

#define COSE_SIGNERS_MAX    4  /* officer, leader, device, spare */
#define COSE_RECIPIENTS_MAX 16 /* holders of one role, with deputies */

/* The key id that we write: first 8 bytes of SHA-256(x || y). */
#define COSE_KID_SIZE 8
void cose_kid(const struct ec_public *pub, uint8_t kid[COSE_KID_SIZE]);

/* --- signatures --- */

struct cose_sign1 {
    int alg;
    struct bytes kid;     /* empty when absent */
    struct bytes payload; /* empty when detached */
    bool detached;
    struct bytes protected_raw;
    struct bytes signature;
};

/* Append a tagged COSE_Sign1 of `payload`; `aad` is the external data. */
MUST_USE enum err cose_sign1_put(struct buf *out, const struct ec_key *key,
                                 struct bytes payload, struct bytes aad);
/* Parts of a message; views into `in`. Checks form, not the signature. */
MUST_USE enum err cose_sign1_parse(struct bytes in, struct cose_sign1 *out);
/* ERR_BAD_SEAL unless `pub` signed it. `payload` only for a detached one. */
MUST_USE enum err cose_sign1_verify(const struct cose_sign1 *msg,
                                    const struct ec_public *pub,
                                    struct bytes payload, struct bytes aad);

/* COSE_Sign by several keys over one payload (closing a book, notices). */
MUST_USE enum err cose_sign_put(struct buf *out, const struct ec_key *keys,
                                size_t key_count, struct bytes payload,
                                struct bytes aad);
/*
 * ERR_BAD_SEAL unless `pub` is one of the signers and its signature holds.
 * Signers with other algorithms are passed over.
 */
MUST_USE enum err cose_sign_verify(struct bytes in, const struct ec_public *pub,
                                   struct bytes aad, struct bytes *payload_out);

/* --- encryption; `out` gets the message, or the plain bytes --- */

MUST_USE enum err cose_encrypt0_put(struct buf *out, struct bytes key32,
                                    struct crypto_random random,
                                    struct bytes plain, struct bytes aad);
/* ERR_WRONG_KEY when it doesn't open with this key and aad. */
MUST_USE enum err cose_encrypt0_open(struct buf *out, struct bytes key,
                                     struct bytes in, struct bytes aad);

/*
 * One recipient gets the content key by direct agreement; for several each
 * one's agreed key wraps it by A256GCM (RFC 9052 section 5.3,
 * "Enc_Recipient"), with the agreement nested in that recipient.
 */
MUST_USE enum err cose_encrypt_put(struct buf *out,
                                   const struct ec_public *recipients,
                                   size_t recipient_count,
                                   struct crypto_random random,
                                   struct bytes plain, struct bytes aad);
/*
 * Tries the recipients whose kid is this key's, then the others.
 * ERR_WRONG_KEY when none opens; ERR_UNSUPPORTED for a compressed sender
 * key or a named party, which nobody here writes.
 */
MUST_USE enum err cose_encrypt_open(struct buf *out, const struct ec_key *key,
                                    struct bytes in, struct bytes aad);

/* --- COSE_Key (RFC 9052 section 7), EC2 P-256, public half --- */

void cose_key_put(struct buf *out, const struct ec_public *pub);
MUST_USE enum err cose_key_parse(struct bytes in, struct ec_public *out);

#endif /* CORE_COSE_H */
