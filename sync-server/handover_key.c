#include "sync-server/handover_key.h"

#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"

#define META_KEY "handover-key" /* the private half, 32 bytes */

enum err handover_key_get(struct council *c, struct ec_key *out)
{
    struct buf d;
    enum err err;

    buf_init(&d, sizeof(out->d));
    err = sdb_meta_get(c->db, META_KEY, &d);
    if (!err && d.len != sizeof(out->d)) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(out->d, d.data, sizeof(out->d));
        err = crypto_ec_derive(out);
    }
    buf_wipe(&d);
    return err;
}

static enum err publish(struct council *c, const struct ec_public *pub)
{
    struct body_writer w;
    struct evlog_new e = { .kind = KIND_KEY,
                           .kind_version = 1,
                           .op = OP_GRANT };
    struct buf key, body;
    enum err err;

    buf_init(&key, 256);
    buf_init(&body, 1024);
    cose_key_put(&key, pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, "handover");
    body_put_bytes(&w, KEY_OWNER, (struct bytes){ c->id.bytes, 16 });
    err = body_end(&w, &body);
    body_fini(&w);
    err = err ? err
              : c->port->ops->random(c->port->ctx, e.record.bytes,
                                     sizeof(e.record.bytes));
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&key);
    buf_fini(&body);
    return err;
}

enum err handover_key_make(struct council *c)
{
    struct ec_key key;
    enum err err = handover_key_get(c, &key);

    if (err == ERR_NOT_FOUND) {
        err = crypto_ec_new(port_random(c->port), &key);
        err = err ? err
                  : sdb_meta_put(c->db, META_KEY,
                                 (struct bytes){ key.d, sizeof(key.d) });
        err = err ? err : publish(c, &key.pub);
    }
    wipe(&key, sizeof(key));
    return err;
}

enum err handover_key_ensure(struct council *c)
{
    struct ec_key key;
    enum err err = handover_key_get(c, &key);

    wipe(&key, sizeof(key));
    if (err != ERR_NOT_FOUND)
        return err;
    err = council_begin(c);
    if (err)
        return err;
    err = handover_key_make(c);
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}
