/*
 * curve.c - the multiplications of P-256, in 64-bit arithmetic without any
 * allocation, for test programs only: ten times as fast as mbedTLS's own,
 * which counts behind valgrind and the sanitizers. The program's definition
 * goes before the library's; every other curve, and every scalar or point
 * that is not plain, is the library's. Not for secrets: its time tells them.
 * tests/core/test_quick_curve.c compares; test_crypto, test_cose, the
 * conformance tests, the simulator and the programs of the end-to-end tests go
 * without.
 */
#define MBEDTLS_ALLOW_PRIVATE_ACCESS /* the coordinates of a point, in 3 */
#include "tests/quick/curve.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "core/base.h"

#define LIMBS   4
#define WINDOW  16 /* multiples of a point kept: 0 to 15 */
#define NIBBLES 64 /* of a scalar */

__extension__ typedef unsigned __int128 wide;

/* A number below p, times 2^256 modulo p; the lowest limb first. */
struct fe {
    uint64_t w[LIMBS];
};

/* X/Z^2, Y/Z^3; Z 0 at infinity. */
struct point {
    struct fe x, y, z;
};

/* FIPS 186-4, D.1.2.3 */
static const struct fe prime = { { 0xffffffffffffffff, 0x00000000ffffffff, 0,
                                   0xffffffff00000001 } };
static const struct fe one = { { 1, 0xffffffff00000000, 0xffffffffffffffff,
                                 0x00000000fffffffe } };
static const struct fe square_of_r = {
    { 3, 0xfffffffbffffffff, 0xfffffffffffffffe, 0x00000004fffffffd }
};

/* The same, as they are. */
static const struct fe generator_x = { { 0xf4a13945d898c296, 0x77037d812deb33a0,
                                         0xf8bce6e563a440f2,
                                         0x6b17d1f2e12c4247 } };
static const struct fe generator_y = { { 0xcbb6406837bf51f5, 0x2bce33576b315ece,
                                         0x8ee7eb4a7c0f9e16,
                                         0x4fe342e2fe1a7f9b } };

static const struct point infinity = { { { 1, 0, 0, 0 } },
                                       { { 1, 0, 0, 0 } },
                                       { { 0 } } };

static bool fe_is_zero(const struct fe *a)
{
    return (a->w[0] | a->w[1] | a->w[2] | a->w[3]) == 0;
}

/* a - b; true when it borrowed. */
static bool minus(struct fe *out, const struct fe *a, const struct fe *b)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < LIMBS; i++) {
        const wide d = (wide)a->w[i] - b->w[i] - borrow;

        out->w[i] = (uint64_t)d;
        borrow = (uint64_t)(d >> 64) & 1;
    }
    return borrow;
}

static bool plus(struct fe *out, const struct fe *a, const struct fe *b)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < LIMBS; i++) {
        const wide s = (wide)a->w[i] + b->w[i] + carry;

        out->w[i] = (uint64_t)s;
        carry = (uint64_t)(s >> 64);
    }
    return carry;
}

/* Below 2p, with its 257th bit: below p. */
static void reduce(struct fe *a, bool has_carry)
{
    struct fe less;
    const bool borrowed = minus(&less, a, &prime);

    if (has_carry || !borrowed) {
        *a = less;
    }
}

static struct fe fe_add(struct fe a, struct fe b)
{
    struct fe out;
    const bool carry = plus(&out, &a, &b);

    reduce(&out, carry);
    return out;
}

static struct fe fe_sub(struct fe a, struct fe b)
{
    struct fe out;

    if (minus(&out, &a, &b)) {
        (void)plus(&out, &out, &prime);
    }
    return out;
}

/* Montgomery's product; -1/p modulo 2^64 is 1. */
static struct fe fe_mul(struct fe a, struct fe b)
{
    uint64_t t[LIMBS + 2] = { 0 };
    struct fe out;

    for (size_t i = 0; i < LIMBS; i++) {
        uint64_t m, carry = 0;
        wide s;

        for (size_t j = 0; j < LIMBS; j++) {
            s = (wide)a.w[j] * b.w[i] + t[j] + carry;
            t[j] = (uint64_t)s;
            carry = (uint64_t)(s >> 64);
        }
        s = (wide)t[LIMBS] + carry;
        t[LIMBS] = (uint64_t)s;
        t[LIMBS + 1] = (uint64_t)(s >> 64);
        m = t[0];
        s = (wide)m * prime.w[0] + t[0];
        carry = (uint64_t)(s >> 64);
        for (size_t j = 1; j < LIMBS; j++) {
            s = (wide)m * prime.w[j] + t[j] + carry;
            t[j - 1] = (uint64_t)s;
            carry = (uint64_t)(s >> 64);
        }
        s = (wide)t[LIMBS] + carry;
        t[LIMBS - 1] = (uint64_t)s;
        t[LIMBS] = t[LIMBS + 1] + (uint64_t)(s >> 64);
    }
    memcpy(out.w, t, sizeof(out.w));
    reduce(&out, t[LIMBS] != 0);
    return out;
}

/* a^(p - 2) */
static struct fe fe_invert(struct fe a)
{
    struct fe power = prime, out = one;

    power.w[0] -= 2;
    for (size_t bit = 256; bit-- > 0;) {
        out = fe_mul(out, out);
        if (power.w[bit / 64] >> bit % 64 & 1) {
            out = fe_mul(out, a);
        }
    }
    return out;
}

/* "dbl-2001-b" of the Explicit-Formulas Database; infinity stays. */
static struct point twice(const struct point *p)
{
    const struct fe delta = fe_mul(p->z, p->z);
    const struct fe gamma = fe_mul(p->y, p->y);
    struct fe beta = fe_mul(p->x, gamma);
    const struct fe third = fe_mul(fe_sub(p->x, delta), fe_add(p->x, delta));
    const struct fe alpha = fe_add(fe_add(third, third), third);
    const struct fe y_z = fe_add(p->y, p->z);
    struct fe gamma_2 = fe_mul(gamma, gamma);
    struct point out;

    beta = fe_add(beta, beta);
    beta = fe_add(beta, beta);
    gamma_2 = fe_add(gamma_2, gamma_2);
    gamma_2 = fe_add(gamma_2, gamma_2);
    gamma_2 = fe_add(gamma_2, gamma_2);
    out.x = fe_sub(fe_mul(alpha, alpha), fe_add(beta, beta));
    out.z = fe_sub(fe_sub(fe_mul(y_z, y_z), gamma), delta);
    out.y = fe_sub(fe_mul(alpha, fe_sub(beta, out.x)), gamma_2);
    return out;
}

/* "add-1998-cmo-2", and what it leaves out. */
static struct point sum(const struct point *p, const struct point *q)
{
    struct fe zp, zq, u, s, h, r, h_2, h_3, v;
    struct point out;

    if (fe_is_zero(&p->z)) {
        return *q;
    }
    if (fe_is_zero(&q->z)) {
        return *p;
    }
    zp = fe_mul(p->z, p->z);
    zq = fe_mul(q->z, q->z);
    u = fe_mul(p->x, zq);
    s = fe_mul(p->y, fe_mul(zq, q->z));
    h = fe_sub(fe_mul(q->x, zp), u);
    r = fe_sub(fe_mul(q->y, fe_mul(zp, p->z)), s);
    if (fe_is_zero(&h)) {
        return fe_is_zero(&r) ? twice(p) : infinity;
    }
    h_2 = fe_mul(h, h);
    h_3 = fe_mul(h_2, h);
    v = fe_mul(u, h_2);
    out.x = fe_sub(fe_sub(fe_mul(r, r), h_3), fe_add(v, v));
    out.y = fe_sub(fe_mul(r, fe_sub(v, out.x)), fe_mul(s, h_3));
    out.z = fe_mul(h, fe_mul(p->z, q->z));
    return out;
}

/* --- mbedTLS's numbers --- */

static bool read_number(const mbedtls_mpi *from, struct fe *out)
{
    uint8_t text[32];

    if (mbedtls_mpi_write_binary(from, text, sizeof(text))) {
        return false;
    }
    for (size_t i = 0; i < LIMBS; i++) {
        out->w[i] = 0;
        for (size_t b = 0; b < 8; b++) {
            out->w[i] = out->w[i] << 8 | text[8 * (LIMBS - 1 - i) + b];
        }
    }
    return true;
}

static int write_number(struct fe a, mbedtls_mpi *to)
{
    static const struct fe plain = { { 1 } };
    uint8_t text[32];

    a = fe_mul(a, plain);
    for (size_t i = 0; i < sizeof(text); i++) {
        text[31 - i] = (uint8_t)(a.w[i / 8] >> 8 * (i % 8));
    }
    return mbedtls_mpi_read_binary(to, text, sizeof(text));
}

static bool read_point(const mbedtls_ecp_point *from, struct point *out)
{
    if (!read_number(&from->X, &out->x) || !read_number(&from->Y, &out->y)) {
        return false;
    }
    out->x = fe_mul(out->x, square_of_r);
    out->y = fe_mul(out->y, square_of_r);
    out->z = one;
    return true;
}

static int write_point(const struct point *p, mbedtls_ecp_point *to)
{
    struct fe i, i_2;
    int ret;

    if (fe_is_zero(&p->z)) {
        return mbedtls_ecp_set_zero(to);
    }
    i = fe_invert(p->z);
    i_2 = fe_mul(i, i);
    ret = write_number(fe_mul(p->x, i_2), &to->X);
    ret = ret ? ret : write_number(fe_mul(p->y, fe_mul(i_2, i)), &to->Y);
    return ret ? ret : mbedtls_mpi_lset(&to->Z, 1);
}

/* One product of a sum: its scalar, and the first multiples of its point. */
struct term {
    struct fe scalar;
    struct point of[WINDOW];
    bool is_of_generator; /* whose multiples lie in base_of */
};

/* The generator's multiples for each nibble of a scalar; made once. */
static struct point base_of[NIBBLES][WINDOW];
static pthread_once_t base_once = PTHREAD_ONCE_INIT;

static void multiples(const struct point *p, struct point of[WINDOW])
{
    of[0] = infinity;
    of[1] = *p;
    for (size_t i = 2; i < WINDOW; i++) {
        of[i] = i % 2 == 0 ? twice(&of[i / 2]) : sum(&of[i - 1], p);
    }
}

static void make_base(void)
{
    struct point p = { fe_mul(generator_x, square_of_r),
                       fe_mul(generator_y, square_of_r), one };

    for (size_t nibble = 0; nibble < NIBBLES; nibble++) {
        multiples(&p, base_of[nibble]);
        p = twice(&base_of[nibble][WINDOW / 2]);
    }
}

/* False for what the library should judge. */
static bool term(mbedtls_ecp_group *grp, const mbedtls_mpi *m,
                 const mbedtls_ecp_point *p, struct term *out)
{
    struct point p1;

    if (grp->id != MBEDTLS_ECP_DP_SECP256R1 ||
        mbedtls_ecp_check_privkey(grp, m) || mbedtls_ecp_check_pubkey(grp, p) ||
        !read_number(m, &out->scalar) || !read_point(p, &p1)) {
        return false;
    }
    out->is_of_generator = mbedtls_ecp_point_cmp(p, &grp->G) == 0;
    if (out->is_of_generator) {
        return pthread_once(&base_once, make_base) == 0;
    }
    multiples(&p1, out->of);
    return true;
}

static size_t nibble_of(const struct term *t, size_t nibble)
{
    return t->scalar.w[nibble / 16] >> 4 * (nibble % 16) & 15;
}

static int total(const struct term *terms, size_t count, mbedtls_ecp_point *out)
{
    struct point p = infinity;
    bool needs_doubling = false;

    for (size_t i = 0; i < count; i++) {
        needs_doubling = needs_doubling || !terms[i].is_of_generator;
    }
    for (size_t nibble = NIBBLES; needs_doubling && nibble-- > 0;) {
        for (size_t i = 0; i < 4; i++) {
            p = twice(&p);
        }
        for (size_t i = 0; i < count; i++) {
            if (!terms[i].is_of_generator) {
                p = sum(&p, &terms[i].of[nibble_of(&terms[i], nibble)]);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; terms[i].is_of_generator && n < NIBBLES; n++) {
            p = sum(&p, &base_of[n][nibble_of(&terms[i], n)]);
        }
    }
    return write_point(&p, out);
}

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
    struct term t;

    if (!term(grp, m, P, &t)) {
        return quick_real_mul()(grp, R, m, P, f_rng, p_rng, rs_ctx);
    }
    return total(&t, 1, R);
}

int mbedtls_ecp_muladd_restartable(mbedtls_ecp_group *grp, mbedtls_ecp_point *R,
                                   const mbedtls_mpi *m,
                                   const mbedtls_ecp_point *P,
                                   const mbedtls_mpi *n,
                                   const mbedtls_ecp_point *Q,
                                   mbedtls_ecp_restart_ctx *rs_ctx)
{
    struct term t[2];

    if (!term(grp, m, P, &t[0]) || !term(grp, n, Q, &t[1])) {
        return quick_real_muladd()(grp, R, m, P, n, Q, rs_ctx);
    }
    return total(t, 2, R);
}
/* NOLINTEND(readability-function-size) */
