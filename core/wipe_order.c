#include "core/wipe_order.h"

#include <string.h>

#include "core/cbor.h"
#include "core/cose.h"

static struct bytes aad(void)
{
    return (struct bytes){ (const uint8_t *)WIPE_ORDER_AAD,
                           strlen(WIPE_ORDER_AAD) };
}

enum err wipe_order_sign(struct buf *out, const struct ec_key *key,
                         const struct wipe_order *order)
{
    struct buf payload;
    enum err err;

    buf_init(&payload, 128);
    cbor_put_map(&payload, 3);
    cbor_put_uint(&payload, 1);
    cbor_put_uuid(&payload, &order->device);
    cbor_put_uint(&payload, 2);
    cbor_put_uuid(&payload, &order->id);
    cbor_put_uint(&payload, 3);
    cbor_put_int(&payload, order->given_ms);
    err = payload.err ? payload.err
                      : cose_sign1_put(out, key, buf_bytes(&payload), aad());
    buf_fini(&payload);
    return err;
}

static enum err parse(struct bytes payload, struct wipe_order *out)
{
    struct cbor_reader r;
    bool has_keys;

    cbor_open(&r, payload);
    has_keys = cbor_get_map(&r) == 3 && cbor_get_uint(&r) == 1;
    cbor_get_uuid(&r, &out->device);
    has_keys = has_keys && cbor_get_uint(&r) == 2;
    cbor_get_uuid(&r, &out->id);
    has_keys = has_keys && cbor_get_uint(&r) == 3;
    out->given_ms = cbor_get_int(&r);
    return cbor_close(&r) || !has_keys ? ERR_BAD_DATA : ERR_OK;
}

enum err wipe_order_open(struct bytes in, const struct ec_public *server,
                         const struct uuid *device, struct wipe_order *out)
{
    const struct bytes attached = { NULL, 0 };
    struct cose_sign1 msg;
    enum err err;

    memset(out, 0, sizeof(*out));
    if (in.len > WIPE_ORDER_MAX) {
        return ERR_BAD_DATA;
    }
    err = cose_sign1_parse(in, &msg);
    if (err) {
        return err;
    }
    err = cose_sign1_verify(&msg, server, attached, aad());
    err = err ? err : parse(msg.payload, out);
    if (!err && !uuid_eq(&out->device, device)) {
        err = ERR_DENIED;
    }
    return err;
}
