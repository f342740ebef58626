/*
 * keystore_tpm.c - TPM 2.0 through tss2-esys.
 *
 * The secret is sealed under a storage key that the TPM derives anew each
 * time from its own seed (P-256, owner hierarchy), so nothing but the two
 * blobs is kept. What goes over the bus is encrypted under a session that
 * is salted with that key. The counter is an ordinary NV index of 8 bytes.
 */
#include "platform/linux/keystore_tpm.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_tctildr.h>

#include "core/cbor.h"
#include "core/mem.h"

/* Owner-defined indices (TCG registry: 0x01800000 to 0x01bfffff). */
#define NV_BASE 0x01bb0000U

struct keystore_tpm {
    TSS2_TCTI_CONTEXT *tcti;
    ESYS_CONTEXT *esys;
    ESYS_TR primary; /* ESYS_TR_NONE until needed */
};

static const TPMT_SYM_DEF session_cipher = { .algorithm = TPM2_ALG_AES,
                                             .keyBits = { .aes = 128 },
                                             .mode = { .aes = TPM2_ALG_CFB } };

static enum err err_of(TSS2_RC rc)
{
    const TSS2_RC code = rc & 0xffff;

    if (rc == TSS2_RC_SUCCESS) {
        return ERR_OK;
    }
    if (code == TPM2_RC_LOCKOUT) {
        return ERR_BUSY;
    }
    return ERR_IO;
}

/* The kernel's resource manager, where it is and we may use it. */
static const char *machine_tcti(void)
{
    return access("/dev/tpmrm0", R_OK | W_OK) == 0 ? "device:/dev/tpmrm0"
                                                   : NULL;
}

enum err keystore_tpm_open(const char *tcti, struct keystore_tpm **out)
{
    const char *name = tcti ? tcti : machine_tcti();
    struct keystore_tpm *t;
    TSS2_RC rc;

    if (!name) {
        return ERR_UNSUPPORTED;
    }
    t = mem_alloc(sizeof(*t));
    if (!t) {
        return ERR_NOMEM;
    }
    t->primary = ESYS_TR_NONE;
    /* tss2 writes its own log for what is no fault of anybody's. */
    (void)setenv("TSS2_LOG", "all+none", 0);
    rc = Tss2_TctiLdr_Initialize(name, &t->tcti);
    if (rc == TSS2_RC_SUCCESS) {
        rc = Esys_Initialize(&t->esys, t->tcti, NULL);
    }
    if (rc == TSS2_RC_SUCCESS) {
        rc = Esys_Startup(t->esys, TPM2_SU_CLEAR);
        if (rc == TPM2_RC_INITIALIZE) { /* done before, by the firmware */
            rc = TSS2_RC_SUCCESS;
        }
    }
    if (rc != TSS2_RC_SUCCESS) {
        keystore_tpm_close(t);
        return tcti ? ERR_IO : ERR_UNSUPPORTED;
    }
    *out = t;
    return ERR_OK;
}

void keystore_tpm_close(struct keystore_tpm *t)
{
    if (!t) {
        return;
    }
    if (t->primary != ESYS_TR_NONE) {
        Esys_FlushContext(t->esys, t->primary);
    }
    if (t->esys) {
        Esys_Finalize(&t->esys);
    }
    if (t->tcti) {
        Tss2_TctiLdr_Finalize(&t->tcti);
    }
    mem_free(t);
}

/* The TCG's template of a storage key: the same TPM makes the same key. */
static enum err need_primary(struct keystore_tpm *t)
{
    const TPM2B_SENSITIVE_CREATE sensitive = { .size = 0 };
    const TPMT_SYM_DEF_OBJECT cipher = { .algorithm = TPM2_ALG_AES,
                                         .keyBits = { .aes = 128 },
                                         .mode = { .aes = TPM2_ALG_CFB } };
    TPM2B_PUBLIC public = { .size = 0 };
    TPMT_PUBLIC *key = &public.publicArea;
    const TPM2B_DATA outside = { .size = 0 };
    const TPML_PCR_SELECTION pcrs = { .count = 0 };

    if (t->primary != ESYS_TR_NONE) {
        return ERR_OK;
    }
    key->type = TPM2_ALG_ECC;
    key->nameAlg = TPM2_ALG_SHA256;
    key->objectAttributes = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT |
                            TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
                            TPMA_OBJECT_SENSITIVEDATAORIGIN |
                            TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA;
    key->parameters.eccDetail.symmetric = cipher;
    key->parameters.eccDetail.scheme.scheme = TPM2_ALG_NULL;
    key->parameters.eccDetail.curveID = TPM2_ECC_NIST_P256;
    key->parameters.eccDetail.kdf.scheme = TPM2_ALG_NULL;
    return err_of(Esys_CreatePrimary(
        t->esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
        &sensitive, &public, &outside, &pcrs, &t->primary, NULL, NULL, NULL,
        NULL));
}

/* One whose parameters are encrypted, salted to our storage key. */
static enum err open_session(struct keystore_tpm *t, TPMA_SESSION encrypted,
                             ESYS_TR *out)
{
    TSS2_RC rc =
        Esys_StartAuthSession(t->esys, t->primary, ESYS_TR_NONE, ESYS_TR_NONE,
                              ESYS_TR_NONE, ESYS_TR_NONE, NULL, TPM2_SE_HMAC,
                              &session_cipher, TPM2_ALG_SHA256, out);

    if (rc == TSS2_RC_SUCCESS) {
        rc = Esys_TRSess_SetAttributes(
            t->esys, *out, encrypted | TPMA_SESSION_CONTINUESESSION, 0xff);
    }
    return err_of(rc);
}

static enum err put_blobs(const TPM2B_PRIVATE *private,
                          const TPM2B_PUBLIC *public, struct buf *out)
{
    uint8_t a[sizeof(TPM2B_PRIVATE)], b[sizeof(TPM2B_PUBLIC)];
    size_t a_len = 0, b_len = 0;

    if (Tss2_MU_TPM2B_PRIVATE_Marshal(private, a, sizeof(a), &a_len) ||
        Tss2_MU_TPM2B_PUBLIC_Marshal(public, b, sizeof(b), &b_len)) {
        return ERR_IO;
    }
    cbor_put_array(out, 2);
    cbor_put_bytes(out, a, a_len);
    cbor_put_bytes(out, b, b_len);
    return out->err;
}

enum err keystore_tpm_seal(struct keystore_tpm *t, struct bytes secret,
                           struct buf *out)
{
    TPM2B_SENSITIVE_CREATE sensitive = { .size = 0 };
    const TPM2B_PUBLIC template = { .publicArea = {
                                        .type = TPM2_ALG_KEYEDHASH,
                                        .nameAlg = TPM2_ALG_SHA256,
                                        .objectAttributes =
                                            TPMA_OBJECT_FIXEDTPM |
                                            TPMA_OBJECT_FIXEDPARENT |
                                            TPMA_OBJECT_USERWITHAUTH |
                                            TPMA_OBJECT_NODA,
                                        .parameters = {
                                            .keyedHashDetail = {
                                                .scheme = {
                                                    .scheme =
                                                        TPM2_ALG_NULL } } } } };
    const TPM2B_DATA outside = { .size = 0 };
    const TPML_PCR_SELECTION pcrs = { .count = 0 };
    TPM2B_PRIVATE *private = NULL;
    TPM2B_PUBLIC *public = NULL;
    ESYS_TR session = ESYS_TR_NONE;
    enum err err = need_primary(t);

    if (secret.len > sizeof(sensitive.sensitive.data.buffer)) {
        return ERR_TOO_LONG;
    }
    if (!err) {
        err = open_session(t, TPMA_SESSION_DECRYPT, &session);
    }
    if (!err) {
        sensitive.sensitive.data.size = (UINT16)secret.len;
        memcpy(sensitive.sensitive.data.buffer, secret.data, secret.len);
        err = err_of(Esys_Create(t->esys, t->primary, session, ESYS_TR_NONE,
                                 ESYS_TR_NONE, &sensitive, &template, &outside,
                                 &pcrs, &private, &public, NULL, NULL, NULL));
    }
    if (!err) {
        err = put_blobs(private, public, out);
    }
    if (session != ESYS_TR_NONE) {
        Esys_FlushContext(t->esys, session);
    }
    wipe(&sensitive, sizeof(sensitive));
    Esys_Free(private);
    Esys_Free(public);
    return err;
}

static enum err get_blobs(struct bytes sealed, TPM2B_PRIVATE *private,
                          TPM2B_PUBLIC *public)
{
    struct cbor_reader r;
    struct bytes a, b;
    size_t at = 0;

    cbor_open(&r, sealed);
    if (cbor_get_array(&r) != 2) {
        return ERR_BAD_DATA;
    }
    a = cbor_get_bytes(&r);
    b = cbor_get_bytes(&r);
    if (cbor_close(&r) ||
        Tss2_MU_TPM2B_PRIVATE_Unmarshal(a.data, a.len, &at, private)) {
        return ERR_BAD_DATA;
    }
    at = 0;
    return Tss2_MU_TPM2B_PUBLIC_Unmarshal(b.data, b.len, &at, public)
               ? ERR_BAD_DATA
               : ERR_OK;
}

enum err keystore_tpm_unseal(struct keystore_tpm *t, struct bytes sealed,
                             struct buf *out)
{
    TPM2B_PRIVATE private = { .size = 0 };
    TPM2B_PUBLIC public = { .size = 0 };
    TPM2B_SENSITIVE_DATA *plain = NULL;
    ESYS_TR object = ESYS_TR_NONE, session = ESYS_TR_NONE;
    enum err err = get_blobs(sealed, &private, &public);

    if (!err) {
        err = need_primary(t);
    }
    /* Another TPM has another storage key: the seal's integrity fails. */
    if (!err && Esys_Load(t->esys, t->primary, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                          ESYS_TR_NONE, &private, &public, &object)) {
        object = ESYS_TR_NONE;
        err = ERR_WRONG_KEY;
    }
    if (!err) {
        err = open_session(t, TPMA_SESSION_ENCRYPT, &session);
    }
    if (!err) {
        err = err_of(Esys_Unseal(t->esys, object, session, ESYS_TR_NONE,
                                 ESYS_TR_NONE, &plain));
    }
    if (!err) {
        buf_put(out, plain->buffer, plain->size);
        wipe(plain, sizeof(*plain));
        err = out->err;
    }
    if (session != ESYS_TR_NONE) {
        Esys_FlushContext(t->esys, session);
    }
    if (object != ESYS_TR_NONE) {
        Esys_FlushContext(t->esys, object);
    }
    Esys_Free(plain);
    return err;
}

/* --- the counter --- */

static TPM2_HANDLE nv_index(uint32_t slot)
{
    return NV_BASE + (slot & 0xffff);
}

/* ERR_NOT_FOUND while the index isn't defined. */
static enum err nv_open(struct keystore_tpm *t, uint32_t slot, ESYS_TR *out)
{
    TSS2_RC rc = Esys_TR_FromTPMPublic(t->esys, nv_index(slot), ESYS_TR_NONE,
                                       ESYS_TR_NONE, ESYS_TR_NONE, out);

    if ((rc & 0xff) == (TPM2_RC_HANDLE & 0xff) && rc != TSS2_RC_SUCCESS) {
        return ERR_NOT_FOUND;
    }
    return err_of(rc);
}

static enum err nv_define(struct keystore_tpm *t, uint32_t slot, ESYS_TR *out)
{
    const TPM2B_AUTH none = { .size = 0 };
    const TPM2B_NV_PUBLIC public = {
        .nvPublic = { .nvIndex = nv_index(slot),
                      .nameAlg = TPM2_ALG_SHA256,
                      .attributes =
                          TPMA_NV_AUTHWRITE | TPMA_NV_AUTHREAD | TPMA_NV_NO_DA,
                      .dataSize = 8 }
    };

    return err_of(Esys_NV_DefineSpace(t->esys, ESYS_TR_RH_OWNER,
                                      ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                      ESYS_TR_NONE, &none, &public, out));
}

enum err keystore_tpm_get(struct keystore_tpm *t, uint32_t slot, uint64_t *out)
{
    TPM2B_MAX_NV_BUFFER *data = NULL;
    ESYS_TR nv;
    TSS2_RC rc;
    enum err err = nv_open(t, slot, &nv);

    *out = 0;
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    rc = Esys_NV_Read(t->esys, nv, nv, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                      ESYS_TR_NONE, 8, 0, &data);
    if (rc == TPM2_RC_NV_UNINITIALIZED) { /* cut between define and write */
        err = ERR_OK;
    } else {
        err = err_of(rc);
    }
    if (rc == TSS2_RC_SUCCESS && data->size == 8) {
        for (int i = 0; i < 8; i++) {
            *out = *out << 8 | data->buffer[i];
        }
    }
    Esys_Free(data);
    Esys_TR_Close(t->esys, &nv);
    return err;
}

enum err keystore_tpm_put(struct keystore_tpm *t, uint32_t slot, uint64_t value)
{
    TPM2B_MAX_NV_BUFFER data = { .size = 8 };
    ESYS_TR nv;
    enum err err = nv_open(t, slot, &nv);

    if (err == ERR_NOT_FOUND) {
        err = nv_define(t, slot, &nv);
    }
    if (err) {
        return err;
    }
    for (int i = 0; i < 8; i++) {
        data.buffer[i] = (BYTE)(value >> (56 - 8 * i));
    }
    err = err_of(Esys_NV_Write(t->esys, nv, nv, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                               ESYS_TR_NONE, &data, 0));
    Esys_TR_Close(t->esys, &nv);
    return err;
}
