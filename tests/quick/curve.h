/*
 * curve.h - the library's own multiplications, behind the quick ones of
 * curve.c, so that a test can compare them.
 */
#ifndef TESTS_QUICK_CURVE_H
#define TESTS_QUICK_CURVE_H

#include <mbedtls/ecp.h>

typedef int quick_mul(mbedtls_ecp_group *grp, mbedtls_ecp_point *r,
                      const mbedtls_mpi *m, const mbedtls_ecp_point *p,
                      int (*f_rng)(void *, unsigned char *, size_t),
                      void *p_rng, mbedtls_ecp_restart_ctx *rs_ctx);
typedef int quick_muladd(mbedtls_ecp_group *grp, mbedtls_ecp_point *r,
                         const mbedtls_mpi *m, const mbedtls_ecp_point *p,
                         const mbedtls_mpi *n, const mbedtls_ecp_point *q,
                         mbedtls_ecp_restart_ctx *rs_ctx);

quick_mul *quick_real_mul(void);
quick_muladd *quick_real_muladd(void);

#endif /* TESTS_QUICK_CURVE_H */
