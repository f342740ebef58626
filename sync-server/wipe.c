#include "sync-server/wipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/cbor.h"
#include "core/fields.h"
#include "core/wipe_order.h"
#include "sync-server/access_journal.h"

#define META    "wipe/" /* and the device's id: [ order, given, obeyed ] */
#define ROW_MAX (WIPE_ORDER_MAX + 64)

struct row {
    struct buf hold;
    struct bytes order;          /* as signed; views `hold` */
    int64_t given_ms, obeyed_ms; /* 0: not yet */
};

static void meta_name(const struct uuid *device,
                      char out[sizeof(META) + UUID_TEXT_SIZE])
{
    memcpy(out, META, sizeof(META));
    uuid_format(device, out + sizeof(META) - 1);
}

/* ERR_NOT_FOUND without an order. Always ends with row_fini(). */
static enum err row_get(struct council *c, const struct uuid *device,
                        struct row *out)
{
    char name[sizeof(META) + UUID_TEXT_SIZE];
    struct cbor_reader r;
    enum err err;

    memset(out, 0, sizeof(*out));
    buf_init(&out->hold, ROW_MAX);
    meta_name(device, name);
    err = sdb_meta_get(c->db, name, &out->hold);
    if (err)
        return err;
    cbor_open(&r, buf_bytes(&out->hold));
    if (cbor_get_array(&r) != 3)
        return ERR_BAD_DATA;
    out->order = cbor_get_bytes(&r);
    out->given_ms = cbor_get_int(&r);
    out->obeyed_ms = cbor_get_int(&r);
    return cbor_close(&r);
}

static void row_fini(struct row *row)
{
    buf_fini(&row->hold);
}

static enum err row_put(struct council *c, const struct uuid *device,
                        const struct row *row)
{
    char name[sizeof(META) + UUID_TEXT_SIZE];
    struct buf b;
    enum err err;

    meta_name(device, name);
    buf_init(&b, ROW_MAX);
    cbor_put_array(&b, 3);
    cbor_put_bytes(&b, row->order.data, row->order.len);
    cbor_put_int(&b, row->given_ms);
    cbor_put_int(&b, row->obeyed_ms);
    err = b.err ? b.err : sdb_meta_put(c->db, name, buf_bytes(&b));
    buf_fini(&b);
    return err;
}

/* On record for everybody, with the reason. */
static enum err append_order(struct council *c, const struct wipe_order *order,
                             const char *reason)
{
    struct evlog_new e = { .record = order->device,
                           .kind = KIND_DEVICE,
                           .op = OP_WIPE };
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_REASON, reason);
    body_put_bytes(&w, DEVICE_ORDER, (struct bytes){ order->id.bytes, 16 });
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    return err;
}

enum err wipe_order(struct council *c, const struct uuid *device,
                    const char *reason)
{
    const struct crypto_random random = port_random(c->port);
    struct wipe_order order = { .device = *device, .given_ms = council_now(c) };
    struct sdb_device known;
    struct buf signed_order;
    struct row row;
    enum err err = sdb_device_get(c->db, device, &known);

    if (err)
        return err;
    err = row_get(c, device, &row);
    row_fini(&row);
    if (err != ERR_NOT_FOUND)
        return err;
    buf_init(&signed_order, WIPE_ORDER_MAX);
    err = random.fill(random.ctx, order.id.bytes, 16);
    err = err ? err : wipe_order_sign(&signed_order, &c->seal_key, &order);
    err = err ? err : append_order(c, &order, reason);
    if (!err) {
        row = (struct row){ .order = buf_bytes(&signed_order),
                            .given_ms = order.given_ms };
        err = row_put(c, device, &row);
    }
    buf_fini(&signed_order);
    return err;
}

enum err wipe_pending(struct council *c, const struct uuid *device,
                      struct buf *out)
{
    struct row row;
    enum err err = row_get(c, device, &row);

    if (!err && row.obeyed_ms == 0) {
        buf_put(out, row.order.data, row.order.len);
        err = out->err;
    }
    row_fini(&row);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err note_obeyed(struct council *c, const struct uuid *id,
                            struct row *row, uint64_t position)
{
    struct sdb_device device;
    enum err err;

    row->obeyed_ms = council_now(c);
    err = row_put(c, id, row);
    err = err ? err : sdb_device_get(c->db, id, &device);
    if (err || device.state == SDB_DEVICE_REVOKED)
        return err;
    err = access_journal_add(c, OP_REVOKE, id, "device");
    if (err)
        return err;
    device.state = SDB_DEVICE_REVOKED;
    device.revoked_position = position;
    return sdb_device_put(c->db, &device);
}

enum err wipe_obeyed(struct council *c, const struct event_header *h,
                     uint64_t position)
{
    struct row row;
    enum err err;

    if (h->kind != KIND_DEVICE || h->op != OP_WIPE ||
        !uuid_eq(&h->record, &h->device))
        return ERR_OK;
    err = row_get(c, &h->device, &row);
    if (!err && row.obeyed_ms == 0) {
        err = note_obeyed(c, &h->device, &row, position);
    }
    row_fini(&row);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* --- the list --- */

struct listing {
    struct council *council;
    struct buf *text;
};

static enum err list_one(void *ctx, const struct sdb_device *d)
{
    struct listing *l = ctx;
    char id[UUID_TEXT_SIZE];
    struct row row;
    enum err err = row_get(l->council, &d->id, &row);

    if (!err) {
        uuid_format(&d->id, id);
        buf_printf(l->text, "%s  %s  ordered %" PRId64 "  ", id, d->name,
                   row.given_ms / 1000);
        if (row.obeyed_ms > 0) {
            buf_printf(l->text, "obeyed %" PRId64 "\n", row.obeyed_ms / 1000);
        } else {
            buf_put_text(l->text, "not obeyed yet\n");
        }
    }
    row_fini(&row);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err wipe_list(struct council *c, struct buf *text)
{
    struct listing l = { c, text };
    const enum err err = sdb_device_all(c->db, list_one, &l);

    if (!err && text->len == 0) {
        buf_put_text(text, "no tablet was ordered to wipe\n");
    }
    return err ? err : text->err;
}
