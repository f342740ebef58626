/*
 * sim_sha.c - SHA-256 by the processor's own instructions, for the simulator
 * only and only where mbedTLS 2.28 would do without: the same hashes in a
 * quarter of the time. tests/sim/sim_keep.c says how it comes in its place.
 */
#include <stdbool.h>
#include <string.h>

#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#if MBEDTLS_VERSION_MAJOR < 3 && defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define BLOCK 64

/* The linker's names. NOLINTBEGIN(bugprone-reserved-identifier) */
int __real_mbedtls_sha256_update_ret(mbedtls_sha256_context *ctx,
                                     const unsigned char *in, size_t len);
int __wrap_mbedtls_sha256_update_ret(mbedtls_sha256_context *ctx,
                                     const unsigned char *in, size_t len);
int __real_mbedtls_sha256_finish_ret(mbedtls_sha256_context *ctx,
                                     unsigned char out[32]);
int __wrap_mbedtls_sha256_finish_ret(mbedtls_sha256_context *ctx,
                                     unsigned char out[32]);

/* FIPS 180-4, 4.2.2. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

/* Asked once: a virtual machine's host answers it, which takes long. */
static bool has_instructions(void)
{
    static int known = -1;
    unsigned a, b = 0, c, d;

    if (known < 0) {
        known = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) != 0;
    }
    return known;
}

__attribute__((target("sha,sse4.1"))) static void blocks(
    uint32_t state[8], const unsigned char *in, size_t count)
{
    const __m128i swap =
        _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i t = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    __m128i a;

    t = _mm_shuffle_epi32(t, 0xb1);
    b = _mm_shuffle_epi32(b, 0x1b);
    a = _mm_alignr_epi8(t, b, 8);
    b = _mm_blend_epi16(b, t, 0xf0);
    for (; count > 0; count--, in += BLOCK) {
        const __m128i a0 = a, b0 = b;
        __m128i m[4];

        for (size_t i = 0; i < 16; i++) {
            __m128i *w = &m[i % 4];
            const __m128i *k = (const __m128i *)(const void *)constants + i;

            if (i < 4) {
                *w = _mm_loadu_si128((const __m128i *)(const void *)in + i);
                *w = _mm_shuffle_epi8(*w, swap);
            } else {
                const __m128i last = m[(i + 3) % 4];

                *w = _mm_sha256msg1_epu32(*w, m[(i + 1) % 4]);
                *w =
                    _mm_add_epi32(*w, _mm_alignr_epi8(last, m[(i + 2) % 4], 4));
                *w = _mm_sha256msg2_epu32(*w, last);
            }
            t = _mm_add_epi32(*w, _mm_loadu_si128(k));
            b = _mm_sha256rnds2_epu32(b, a, t);
            a = _mm_sha256rnds2_epu32(a, b, _mm_shuffle_epi32(t, 0x0e));
        }
        a = _mm_add_epi32(a, a0);
        b = _mm_add_epi32(b, b0);
    }
    t = _mm_shuffle_epi32(a, 0x1b);
    b = _mm_shuffle_epi32(b, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(t, b, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(b, t, 8));
}

int __wrap_mbedtls_sha256_update_ret(mbedtls_sha256_context *ctx,
                                     const unsigned char *in, size_t len)
{
    const size_t have = ctx->total[0] % BLOCK;
    const uint64_t total =
        ((uint64_t)ctx->total[1] << 32 | ctx->total[0]) + len;

    if (!has_instructions()) {
        return __real_mbedtls_sha256_update_ret(ctx, in, len);
    }
    ctx->total[0] = (uint32_t)total;
    ctx->total[1] = (uint32_t)(total >> 32);
    if (have > 0) {
        const size_t lacks = BLOCK - have < len ? BLOCK - have : len;

        memcpy(ctx->buffer + have, in, lacks);
        if (have + lacks < BLOCK) {
            return 0;
        }
        blocks(ctx->state, ctx->buffer, 1);
        in += lacks;
        len -= lacks;
    }
    blocks(ctx->state, in, len / BLOCK);
    if (len % BLOCK > 0) {
        memcpy(ctx->buffer, in + len / BLOCK * BLOCK, len % BLOCK);
    }
    return 0;
}

int __wrap_mbedtls_sha256_finish_ret(mbedtls_sha256_context *ctx,
                                     unsigned char out[32])
{
    const uint64_t bits = ((uint64_t)ctx->total[1] << 32 | ctx->total[0]) * 8;
    unsigned char end[BLOCK + 8 + 1] = { 0x80 };
    const size_t pad = (BLOCK + 55 - ctx->total[0] % BLOCK) % BLOCK + 1;

    if (!has_instructions()) {
        return __real_mbedtls_sha256_finish_ret(ctx, out);
    }
    for (size_t i = 0; i < 8; i++) {
        end[pad + i] = (unsigned char)(bits >> (56 - 8 * i));
    }
    (void)__wrap_mbedtls_sha256_update_ret(ctx, end, pad + 8);
    for (size_t i = 0; i < 32; i++) {
        out[i] = (unsigned char)(ctx->state[i / 4] >> (24 - 8 * (i % 4)));
    }
    return 0;
}
/* NOLINTEND(bugprone-reserved-identifier) */
#else
typedef int sim_sha_is_elsewhere; /* no file without a declaration */
#endif
