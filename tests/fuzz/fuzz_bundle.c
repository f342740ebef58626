/*
 * fuzz_bundle.c - any bytes as the files of a bundle: the check ends, tells
 * what is wrong, and touches nothing else. The input is files one after the
 * other: a byte for which (see `names`), 3 bytes of length, the bytes.
 *
 * No fuzzer signs a manifest, so the parts behind it are also run alone, as
 * if its signature held.
 */
#include <stdlib.h>
#include <string.h>

#include "core/bundle_check.h"
#include "core/mem.h"
#include "core/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
    BUNDLE_MANIFEST,   BUNDLE_EVENTS, BUNDLE_CHAINS, BUNDLE_SEALS,
    BUNDLE_CHECKPOINT, BUNDLE_PROOFS, BUNDLE_CSV,    BUNDLE_GEOJSON,
    "blobs/00",        "more.txt",
};

static size_t split(const uint8_t *data, size_t size, struct bundle_file *out)
{
    size_t count = 0;

    while (size >= 4 && count < ARRAY_LEN(names)) {
        const size_t which = data[0] % ARRAY_LEN(names);
        size_t len = (size_t)data[1] << 16 | (size_t)data[2] << 8 | data[3];

        data += 4;
        size -= 4;
        if (len > size) {
            len = size;
        }
        out[count].name = names[which];
        out[count++].data = (struct bytes){ data, len };
        data += len;
        size -= len;
    }
    return count;
}

static void count_finding(void *ctx, const char *what)
{
    size_t *told = ctx;

    *told += strlen(what);
}

static void run_alone(const struct bundle_file *files, size_t count,
                      size_t *told)
{
    static enum err (*const steps[])(struct bundle_check *) = {
        bundle_check_events, bundle_check_log,    bundle_check_chains,
        bundle_check_blobs,  bundle_check_people,
    };
    struct bundle_verdict v = { .has_anchor = true };
    struct bundle_check c = { .files = files,
                              .file_count = count,
                              .found = count_finding,
                              .ctx = told,
                              .verdict = &v };

    memset(c.council.bytes, 1, sizeof(c.council.bytes));
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        ASSERT(steps[i](&c) == ERR_OK);
    }
    mem_free(c.rows);
    mem_free(c.by_ref);
    mem_free(c.keys);
    mem_free(c.refused);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bundle_file files[ARRAY_LEN(names)];
    const size_t count = split(data, size, files);
    struct bundle_verdict v;
    size_t told = 0;

    ASSERT(bundle_verify(files, count, count_finding, &told, &v) == ERR_OK);
    ASSERT((v.findings == 0) == (told == 0));
    run_alone(files, count, &told);
    return 0;
}
