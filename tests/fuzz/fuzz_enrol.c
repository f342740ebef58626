/* fuzz_enrol.c - any bytes: no crash. What decodes encodes to itself. */
#include <string.h>

#include "core/cbor.h"
#include "core/enrol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(struct buf *b, struct bytes in)
{
    ASSERT(b->err == ERR_OK);
    ASSERT(bytes_eq(buf_bytes(b), in));
    buf_reset(b);
}

static void try_code(struct bytes in)
{
    char text[600], again[ENROL_CODE_MAX + 1];
    struct enrol_code code, second;

    if (in.len >= sizeof(text))
        return;
    memcpy(text, in.data, in.len);
    text[in.len] = '\0';
    if (enrol_code_parse(text, &code) == ERR_OK) {
        ASSERT(enrol_code_format(&code, again) == ERR_OK);
        ASSERT(enrol_code_parse(again, &second) == ERR_OK);
        ASSERT(memcmp(&code, &second, sizeof(code)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct enrol_response response;
    const struct bytes in = { data, size };
    struct enrol_request request;
    struct enrol_renew renew;
    struct enrol_rekey rekey;
    struct enrol_refusal refusal;
    struct buf b;

    buf_init(&b, ENROL_BODY_MAX_BYTES);
    if (enrol_request_parse(in, &request) == ERR_OK) {
        (void)!enrol_request_put(&b, &request);
        check_same(&b, in);
    }
    if (enrol_response_parse(in, &response) == ERR_OK) {
        (void)!enrol_response_put(&b, &response);
        check_same(&b, in);
    }
    if (enrol_renew_parse(in, &renew) == ERR_OK) {
        (void)!enrol_renew_put(&b, &renew);
        check_same(&b, in);
    }
    if (enrol_rekey_parse(in, &rekey) == ERR_OK) {
        (void)!enrol_rekey_put(&b, &rekey);
        check_same(&b, in);
    }
    if (enrol_refusal_parse(in, &refusal) == ERR_OK) {
        (void)!enrol_refusal_put(&b, &refusal);
        check_same(&b, in);
    }
    try_code(in);
    buf_fini(&b);
    return 0;
}
