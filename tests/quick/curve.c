/*
 * curve.c - the multiplications of P-256 done by OpenSSL instead of mbedTLS,
 * for test programs only: a tenth of the cost, which counts behind valgrind
 * and the sanitizers. The program's definition goes before the library's;
 * every other curve, and every scalar or point that is not plain, is the
 * library's. tests/core/test_quick_curve.c compares; test_crypto, test_cose,
 * the conformance tests, the simulator and the programs of the end-to-end
 * tests go without.
 */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS /* the coordinates of a point, in 3 */
#include "tests/quick/curve.h"

#include <dlfcn.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <pthread.h>
#include <string.h>

#include "core/base.h"

#define SCALAR_BYTES 32
#define POINT_BYTES  65 /* SEC 1, uncompressed */

static EC_GROUP *group; /* NULL: no memory for it, the library does all */
static pthread_once_t group_once = PTHREAD_ONCE_INIT;

static void make_group(void)
{
    group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
}

/* What one call works with. */
struct sum {
    BN_CTX *ctx;
    BIGNUM *scalar;
    EC_POINT *point, *product, *total;
};

static bool sum_begin(struct sum *s)
{
    pthread_once(&group_once, make_group);
    memset(s, 0, sizeof(*s));
    if (group != NULL) {
        s->ctx = BN_CTX_new();
        s->scalar = BN_new();
        s->point = EC_POINT_new(group);
        s->product = EC_POINT_new(group);
        s->total = EC_POINT_new(group);
    }
    return s->ctx != NULL && s->scalar != NULL && s->point != NULL &&
           s->product != NULL && s->total != NULL &&
           EC_POINT_set_to_infinity(group, s->total) == 1;
}

static void sum_end(struct sum *s)
{
    EC_POINT_free(s->total);
    EC_POINT_free(s->product);
    EC_POINT_free(s->point);
    BN_free(s->scalar);
    BN_CTX_free(s->ctx);
}

/* total += m * p. False: not P-256, not plain, or OpenSSL could not. */
static bool sum_add(struct sum *s, mbedtls_ecp_group *grp, const mbedtls_mpi *m,
                    const mbedtls_ecp_point *p)
{
    uint8_t scalar[SCALAR_BYTES], point[POINT_BYTES];
    size_t len;
    bool is_base;

    if (grp->id != MBEDTLS_ECP_DP_SECP256R1 ||
        mbedtls_ecp_check_privkey(grp, m) ||
        mbedtls_mpi_write_binary(m, scalar, sizeof(scalar)) ||
        mbedtls_ecp_point_write_binary(grp, p, MBEDTLS_ECP_PF_UNCOMPRESSED,
                                       &len, point, sizeof(point)) ||
        len != POINT_BYTES || !BN_bin2bn(scalar, SCALAR_BYTES, s->scalar) ||
        EC_POINT_oct2point(group, s->point, point, len, s->ctx) != 1) {
        return false;
    }
    is_base = mbedtls_ecp_point_cmp(p, &grp->G) == 0; /* it has a table */
    return EC_POINT_mul(group, s->product, is_base ? s->scalar : NULL,
                        is_base ? NULL : s->point, is_base ? NULL : s->scalar,
                        s->ctx) == 1 &&
           EC_POINT_add(group, s->total, s->total, s->product, s->ctx) == 1;
}

static bool sum_write(const struct sum *s, const mbedtls_ecp_group *grp,
                      mbedtls_ecp_point *to)
{
    uint8_t point[POINT_BYTES];

    if (EC_POINT_is_at_infinity(group, s->total) == 1) {
        return mbedtls_ecp_set_zero(to) == 0;
    }
    return EC_POINT_point2oct(group, s->total, POINT_CONVERSION_UNCOMPRESSED,
                              point, sizeof(point), s->ctx) == POINT_BYTES &&
           mbedtls_ecp_point_read_binary(grp, to, point, sizeof(point)) == 0;
}

/* --- in place of the library's --- */

quick_mul *quick_real_mul(void)
{
    void *found = dlsym(RTLD_NEXT, "mbedtls_ecp_mul_restartable");
    quick_mul *real;

    ASSERT(found != NULL);
    memcpy(&real, &found, sizeof(found));
    return real;
}

quick_muladd *quick_real_muladd(void)
{
    void *found = dlsym(RTLD_NEXT, "mbedtls_ecp_muladd_restartable");
    quick_muladd *real;

    ASSERT(found != NULL);
    memcpy(&real, &found, sizeof(found));
    return real;
}

/* The prototypes are the library's. NOLINTBEGIN(readability-function-size) */
int mbedtls_ecp_mul_restartable(mbedtls_ecp_group *grp, mbedtls_ecp_point *R,
                                const mbedtls_mpi *m,
                                const mbedtls_ecp_point *P,
                                int (*f_rng)(void *, unsigned char *, size_t),
                                void *p_rng, mbedtls_ecp_restart_ctx *rs_ctx)
{
    struct sum s;
    const bool is_done =
        sum_begin(&s) && sum_add(&s, grp, m, P) && sum_write(&s, grp, R);

    sum_end(&s);
    return is_done ? 0 : quick_real_mul()(grp, R, m, P, f_rng, p_rng, rs_ctx);
}

int mbedtls_ecp_muladd_restartable(mbedtls_ecp_group *grp, mbedtls_ecp_point *R,
                                   const mbedtls_mpi *m,
                                   const mbedtls_ecp_point *P,
                                   const mbedtls_mpi *n,
                                   const mbedtls_ecp_point *Q,
                                   mbedtls_ecp_restart_ctx *rs_ctx)
{
    struct sum s;
    const bool is_done = sum_begin(&s) && sum_add(&s, grp, m, P) &&
                         sum_add(&s, grp, n, Q) && sum_write(&s, grp, R);

    sum_end(&s);
    return is_done ? 0 : quick_real_muladd()(grp, R, m, P, n, Q, rs_ctx);
}
/* NOLINTEND(readability-function-size) */
