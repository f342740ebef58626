/*
 * gate_calls.c - what our code asks of SQLite, of mbedTLS and of mem.h, and
 * may be refused (the linker's --wrap). Their calls among themselves go on.
 *
 * A statement that fails did nothing; a connection that isn't opened is NULL,
 * as both libraries do when they have no memory.
 */
#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/gcm.h>
#include <mbedtls/hkdf.h>
#include <sqlite3.h>

#include "tests/torture/gate.h"

/* Any of theirs that is below 0. */
#define NO MBEDTLS_ERR_ECP_ALLOC_FAILED

#define GATED_AS(type, no, name, params, args)                     \
    type __real_##name params;                                     \
    type __wrap_##name params;                                     \
    type __wrap_##name params                                      \
    {                                                              \
        return gate_fails(GATE_CALLS) ? (no) : __real_##name args; \
    }
#define GATED(no, name, params, args) GATED_AS(int, no, name, params, args)

GATED_AS(void *, NULL, mem_alloc, (size_t size), (size))
GATED_AS(void *, NULL, mem_array, (size_t n, size_t size), (n, size))
GATED_AS(void *, NULL, mem_realloc, (void *p, size_t size), (p, size))
GATED_AS(void *, NULL, mem_grow,
         (void *list, size_t count, size_t *cap, size_t size),
         (list, count, cap, size))
GATED_AS(char *, NULL, mem_text, (const char *text), (text))

GATED(SQLITE_IOERR, sqlite3_step, (sqlite3_stmt * st), (st))
GATED(SQLITE_IOERR, sqlite3_exec,
      (sqlite3 * db, const char *sql, int (*fn)(void *, int, char **, char **),
       void *ctx, char **text),
      (db, sql, fn, ctx, text))
GATED(SQLITE_FULL, sqlite3_wal_checkpoint_v2,
      (sqlite3 * db, const char *name, int mode, int *log, int *done),
      (db, name, mode, log, done))
GATED(SQLITE_NOMEM, sqlite3_key, (sqlite3 * db, const void *key, int len),
      (db, key, len))
GATED((*out = NULL, SQLITE_IOERR), sqlite3_open_v2,
      (const char *name, sqlite3 **out, int flags, const char *vfs),
      (name, out, flags, vfs))
GATED((*out = NULL, SQLITE_NOMEM), sqlite3_prepare_v2,
      (sqlite3 * db, const char *sql, int len, sqlite3_stmt **out,
       const char **tail),
      (db, sql, len, out, tail))
GATED((*out = NULL, SQLITE_NOMEM), sqlite3_prepare_v3,
      (sqlite3 * db, const char *sql, int len, unsigned flags,
       sqlite3_stmt **out, const char **tail),
      (db, sql, len, flags, out, tail))

GATED(NO, mbedtls_ecp_group_load,
      (mbedtls_ecp_group * group, mbedtls_ecp_group_id id), (group, id))
GATED(NO, mbedtls_ecp_point_read_binary,
      (const mbedtls_ecp_group *group, mbedtls_ecp_point *point,
       const unsigned char *data, size_t len),
      (group, point, data, len))
GATED(NO, mbedtls_ecp_point_write_binary,
      (const mbedtls_ecp_group *group, const mbedtls_ecp_point *point,
       int format, size_t *len, unsigned char *data, size_t size),
      (group, point, format, len, data, size))
GATED(NO, mbedtls_mpi_read_binary,
      (mbedtls_mpi * n, const unsigned char *data, size_t len), (n, data, len))
GATED(NO, mbedtls_mpi_write_binary,
      (const mbedtls_mpi *n, unsigned char *data, size_t len), (n, data, len))
GATED(NO, mbedtls_gcm_setkey,
      (mbedtls_gcm_context * gcm, mbedtls_cipher_id_t cipher,
       const unsigned char *key, unsigned bits),
      (gcm, cipher, key, bits))
GATED(NO, mbedtls_gcm_crypt_and_tag,
      (mbedtls_gcm_context * gcm, int mode, size_t len, const unsigned char *iv,
       size_t iv_len, const unsigned char *add, size_t add_len,
       const unsigned char *in, unsigned char *out, size_t tag_len,
       unsigned char *tag),
      (gcm, mode, len, iv, iv_len, add, add_len, in, out, tag_len, tag))
GATED(NO, mbedtls_hkdf,
      (const mbedtls_md_info_t *md, const unsigned char *salt, size_t salt_len,
       const unsigned char *secret, size_t len, const unsigned char *info,
       size_t info_len, unsigned char *out, size_t out_len),
      (md, salt, salt_len, secret, len, info, info_len, out, out_len))
GATED(NO, mbedtls_ecdsa_sign_det_ext,
      (mbedtls_ecp_group * group, mbedtls_mpi *r, mbedtls_mpi *s,
       const mbedtls_mpi *d, const unsigned char *hash, size_t len,
       mbedtls_md_type_t md, int (*fn)(void *, unsigned char *, size_t),
       void *ctx),
      (group, r, s, d, hash, len, md, fn, ctx))
GATED(NO, mbedtls_ecdh_compute_shared,
      (mbedtls_ecp_group * group, mbedtls_mpi *z, const mbedtls_ecp_point *q,
       const mbedtls_mpi *d, int (*fn)(void *, unsigned char *, size_t),
       void *ctx),
      (group, z, q, d, fn, ctx))
