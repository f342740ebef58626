/*
 * sim_keep.c - what costs more to make than to use is made once a process,
 * for the simulator only: zstd's contexts, reset between two uses, and, with
 * mbedTLS before 3, the table of multiples of P-256's generator that later
 * versions bring along. Results are the same; CMakeLists.txt has the linker
 * put these in place (--wrap).
 */
#include <stddef.h>

#include <mbedtls/ecp.h>
#include <mbedtls/version.h>
#include <zstd.h>

/* The linker's names. NOLINTBEGIN(bugprone-reserved-identifier) */
ZSTD_CCtx *__real_ZSTD_createCCtx(void);
size_t __real_ZSTD_freeCCtx(ZSTD_CCtx *ctx);
ZSTD_DCtx *__real_ZSTD_createDCtx(void);
size_t __real_ZSTD_freeDCtx(ZSTD_DCtx *ctx);
ZSTD_CCtx *__wrap_ZSTD_createCCtx(void);
size_t __wrap_ZSTD_freeCCtx(ZSTD_CCtx *ctx);
ZSTD_DCtx *__wrap_ZSTD_createDCtx(void);
size_t __wrap_ZSTD_freeDCtx(ZSTD_DCtx *ctx);
int __real_mbedtls_ecp_group_load(mbedtls_ecp_group *grp,
                                  mbedtls_ecp_group_id id);
void __real_mbedtls_ecp_group_free(mbedtls_ecp_group *grp);
int __wrap_mbedtls_ecp_group_load(mbedtls_ecp_group *grp,
                                  mbedtls_ecp_group_id id);
void __wrap_mbedtls_ecp_group_free(mbedtls_ecp_group *grp);

static ZSTD_CCtx *spare_c; /* NULL: none, or in use */
static ZSTD_DCtx *spare_d;

ZSTD_CCtx *__wrap_ZSTD_createCCtx(void)
{
    ZSTD_CCtx *ctx = spare_c != NULL ? spare_c : __real_ZSTD_createCCtx();

    spare_c = NULL;
    return ctx;
}

size_t __wrap_ZSTD_freeCCtx(ZSTD_CCtx *ctx)
{
    if (spare_c != NULL || ctx == NULL ||
        ZSTD_isError(ZSTD_CCtx_reset(ctx, ZSTD_reset_session_and_parameters))) {
        return __real_ZSTD_freeCCtx(ctx);
    }
    spare_c = ctx;
    return 0;
}

ZSTD_DCtx *__wrap_ZSTD_createDCtx(void)
{
    ZSTD_DCtx *ctx = spare_d != NULL ? spare_d : __real_ZSTD_createDCtx();

    spare_d = NULL;
    return ctx;
}

size_t __wrap_ZSTD_freeDCtx(ZSTD_DCtx *ctx)
{
    if (spare_d != NULL || ctx == NULL ||
        ZSTD_isError(ZSTD_DCtx_reset(ctx, ZSTD_reset_session_and_parameters))) {
        return __real_ZSTD_freeDCtx(ctx);
    }
    spare_d = ctx;
    return 0;
}

#if MBEDTLS_VERSION_MAJOR < 3
static mbedtls_ecp_group kept; /* with its table, once there is one */

/* Multiplying its generator makes the table. */
static void keep_table(void)
{
    mbedtls_ecp_point point;
    mbedtls_mpi two;

    mbedtls_ecp_point_init(&point);
    mbedtls_mpi_init(&two);
    mbedtls_ecp_group_init(&kept);
    if (__real_mbedtls_ecp_group_load(&kept, MBEDTLS_ECP_DP_SECP256R1) ||
        mbedtls_mpi_lset(&two, 2) ||
        mbedtls_ecp_mul(&kept, &point, &two, &kept.G, NULL, NULL)) {
        __real_mbedtls_ecp_group_free(&kept);
    }
    mbedtls_mpi_free(&two);
    mbedtls_ecp_point_free(&point);
}

int __wrap_mbedtls_ecp_group_load(mbedtls_ecp_group *grp,
                                  mbedtls_ecp_group_id id)
{
    int ret = __real_mbedtls_ecp_group_load(grp, id);

    if (ret != 0 || id != MBEDTLS_ECP_DP_SECP256R1) {
        return ret;
    }
    if (kept.T == NULL) {
        keep_table();
    }
    grp->T = kept.T;
    grp->T_size = kept.T_size;
    return 0;
}

void __wrap_mbedtls_ecp_group_free(mbedtls_ecp_group *grp)
{
    if (grp->T == kept.T) {
        grp->T = NULL;
        grp->T_size = 0;
    }
    __real_mbedtls_ecp_group_free(grp);
}
#else
int __wrap_mbedtls_ecp_group_load(mbedtls_ecp_group *grp,
                                  mbedtls_ecp_group_id id)
{
    return __real_mbedtls_ecp_group_load(grp, id);
}

void __wrap_mbedtls_ecp_group_free(mbedtls_ecp_group *grp)
{
    __real_mbedtls_ecp_group_free(grp);
}
#endif
/* NOLINTEND(bugprone-reserved-identifier) */
