/* test_quick_curve.c - the tests' own arithmetic gives what mbedTLS's gives. */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <string.h>

#include "core/crypto.h"
#include "tests/quick/curve.h"
#include "tests/test.h"

#define ROUNDS 40

static mbedtls_ecp_group grp;
static mbedtls_ecp_point p, ours, theirs;
static mbedtls_mpi m, n;

static int counting(void *ctx, unsigned char *out, size_t len)
{
    (void)ctx;
    memset(out, 1, len);
    return 0;
}

/* Below the order: hashes, and at the ends 1 to 3 and the order less those. */
static void scalar(uint32_t i, mbedtls_mpi *out)
{
    struct hash h;

    if (i < 3) {
        assert_int_equal(mbedtls_mpi_lset(out, (int)i + 1), 0);
        return;
    }
    if (i < 6) {
        assert_int_equal(mbedtls_mpi_sub_int(out, &grp.N, (int)i - 2), 0);
        return;
    }
    crypto_sha256((struct bytes){ (const uint8_t *)&i, sizeof(i) }, &h);
    assert_int_equal(mbedtls_mpi_read_binary(out, h.bytes, 32), 0);
    assert_int_equal(mbedtls_mpi_mod_mpi(out, out, &grp.N), 0);
}

static int make(void **state)
{
    (void)state;
    mbedtls_ecp_group_init(&grp);
    mbedtls_ecp_point_init(&p);
    mbedtls_ecp_point_init(&ours);
    mbedtls_ecp_point_init(&theirs);
    mbedtls_mpi_init(&m);
    mbedtls_mpi_init(&n);
    return mbedtls_ecp_group_load(&grp, MBEDTLS_ECP_DP_SECP256R1);
}

static int drop(void **state)
{
    (void)state;
    mbedtls_mpi_free(&n);
    mbedtls_mpi_free(&m);
    mbedtls_ecp_point_free(&theirs);
    mbedtls_ecp_point_free(&ours);
    mbedtls_ecp_point_free(&p);
    mbedtls_ecp_group_free(&grp);
    return 0;
}

static void assert_same_point(void)
{
    assert_int_equal(mbedtls_ecp_point_cmp(&ours, &theirs), 0);
}

static void a_multiple_is_the_librarys(void **state)
{
    (void)state;
    assert_int_equal(mbedtls_ecp_copy(&p, &grp.G), 0);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        scalar(i, &m);
        assert_int_equal(mbedtls_ecp_mul_restartable(&grp, &ours, &m, &p,
                                                     counting, NULL, NULL),
                         0);
        assert_int_equal(
            quick_real_mul()(&grp, &theirs, &m, &p, counting, NULL, NULL), 0);
        assert_same_point();
        assert_int_equal(mbedtls_ecp_copy(&p, &ours), 0);
    }
}

/* Also of a point with itself, with its opposite and to infinity. */
static void a_sum_of_two_is_the_librarys(void **state)
{
    (void)state;
    assert_int_equal(mbedtls_ecp_copy(&p, &grp.G), 0);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        scalar(i, &m);
        scalar(i < 6 ? (i + 3) % 6 : i + ROUNDS, &n);
        assert_int_equal(mbedtls_ecp_muladd_restartable(&grp, &ours, &m, &p, &n,
                                                        &grp.G, NULL),
                         0);
        assert_int_equal(
            quick_real_muladd()(&grp, &theirs, &m, &p, &n, &grp.G, NULL), 0);
        assert_same_point();
        if (!mbedtls_ecp_is_zero(&ours)) {
            assert_int_equal(mbedtls_ecp_copy(&p, &ours), 0);
        }
    }
}

static void a_scalar_out_of_range_is_refused_as_the_library_does(void **state)
{
    (void)state;
    assert_int_equal(mbedtls_mpi_lset(&m, 0), 0);
    assert_int_not_equal(mbedtls_ecp_mul_restartable(&grp, &ours, &m, &grp.G,
                                                     counting, NULL, NULL),
                         0);
    assert_int_not_equal(mbedtls_ecp_mul_restartable(
                             &grp, &ours, &grp.N, &grp.G, counting, NULL, NULL),
                         0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_multiple_is_the_librarys, make, drop),
        cmocka_unit_test_setup_teardown(a_sum_of_two_is_the_librarys, make,
                                        drop),
        cmocka_unit_test_setup_teardown(
            a_scalar_out_of_range_is_refused_as_the_library_does, make, drop),
    };

    return RUN_TESTS(tests);
}
