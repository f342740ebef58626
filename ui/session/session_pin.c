/* session_pin.c - opening by PIN or code, and giving others a PIN. */
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/id.h"
#include "core/tablet_crew.h"
#include "core/tablet_hold.h"
#include "platform/shared/kdf.h"
#include "ui/session/session_internal.h"

enum err session_prove(struct session *s, struct bytes pin,
                       const struct keyring_kdf *kdf, struct keyring_proof *out)
{
    const struct kdf_cost cost = { kdf->passes, kdf->memory_kib, kdf->lanes };
    enum err err =
        keystore_secret(machine_keys(s->machine), out->device_secret);

    if (!err) {
        err = kdf_argon2id(pin, (struct bytes){ kdf->salt, sizeof(kdf->salt) },
                           &cost, out->pin_hash);
    }
    return err;
}

/* The try is on disk before it is made: pulling the plug wins nothing. */
enum err session_try_pin(struct session *s, const struct uuid *officer,
                         struct bytes pin, struct keyring_keys *keys_out,
                         uint64_t *wait_ms_out)
{
    const struct port *port = session_port(s);
    struct keyring_proof proof;
    struct keyring_kdf kdf;
    struct port_time now;
    enum err err, saved;

    port->ops->now(port->ctx, &now);
    err = keyring_try(s->ring, officer, &now.boot, now.mono_ms, &kdf,
                      wait_ms_out);
    if (!err) {
        err = session_save_ring(s);
    }
    if (!err) {
        err = session_prove(s, pin, &kdf, &proof);
    }
    if (err) {
        return err;
    }
    err = keyring_open(s->ring, officer, &proof, keys_out);
    wipe(&proof, sizeof(proof));
    saved = session_save_ring(s);
    if (!err && saved) {
        wipe(keys_out, sizeof(*keys_out));
    }
    return err ? err : saved;
}

/* --- the officer's own key --- */

static void grant_name(const struct uuid *officer, const char *use,
                       char out[64])
{
    char id[UUID_TEXT_SIZE];

    uuid_format(officer, id);
    snprintf(out, 64, "%.10s-grant/%s", use, id);
}

static enum err new_id(struct session *s, struct uuid *out)
{
    const struct port *port = session_port(s);
    struct port_time now;
    uint8_t random[10];
    enum err err = port->ops->random(port->ctx, random, sizeof(random));

    port->ops->now(port->ctx, &now);
    if (!err) {
        id_uuid7(now.wall_ms > 0 ? (uint64_t)now.wall_ms : 0, random, out);
    }
    return err;
}

static enum err append_grant(struct session *s, const struct uuid *officer,
                             const char *use, struct bytes public_key)
{
    const bool was_opened =
        !uuid_is_zero(&s->officer) && !uuid_eq(&s->officer, officer);
    struct evlog_new e = {
        .officer = *officer, .kind = KIND_KEY, .kind_version = 1, .op = OP_GRANT
    };
    struct body_writer w;
    struct buf body;
    enum err err = new_id(s, &e.record);

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, public_key);
    body_put_text(&w, KEY_USE, use);
    body_put_bytes(&w, KEY_OWNER,
                   (struct bytes){ officer->bytes, sizeof(officer->bytes) });
    if (was_opened) {
        body_put_bytes(
            &w, KEY_OPENED_BY,
            (struct bytes){ s->officer.bytes, sizeof(s->officer.bytes) });
    }
    if (!err) {
        err = body_end(&w, &body);
    }
    body_fini(&w);
    if (!err) {
        e.body = buf_bytes(&body);
        err = evlog_append(tablet_log(s->tablet), &e, 1, NULL);
    }
    buf_fini(&body);
    return err;
}

/* Published once; asked at each sign-in, in case a crash came between. */
static enum err grant_one(struct session *s, const struct uuid *officer,
                          const char *use, const struct ec_public *pub)
{
    struct store *store = tablet_store(s->tablet);
    struct buf known, key;
    char name[64];
    enum err err;

    grant_name(officer, use, name);
    buf_init(&known, 256);
    buf_init(&key, 256);
    cose_key_put(&key, pub);
    err = key.err;
    if (!err) {
        err = store_meta_get(store, name, &known);
    }
    if (!err && bytes_eq(buf_bytes(&known), buf_bytes(&key))) {
        goto out;
    }
    if (err && err != ERR_NOT_FOUND)
        goto out;
    err = evlog_begin(tablet_log(s->tablet));
    if (err)
        goto out;
    err = append_grant(s, officer, use, buf_bytes(&key));
    if (!err) {
        err = store_meta_put(store, name, buf_bytes(&key));
    }
    if (!err) {
        err = evlog_commit(tablet_log(s->tablet));
    } else {
        evlog_rollback(tablet_log(s->tablet));
    }
out:
    buf_fini(&known);
    buf_fini(&key);
    return err;
}

/* The key that signs, and the one that shares are made to: the second is
 * only asked for. It counts once the council certifies it. */
static enum err grant_key(struct session *s, const struct uuid *officer,
                          const struct ec_key *own)
{
    struct ec_key holder;
    enum err err = grant_one(s, officer, "officer", &own->pub);

    if (!err) {
        err = tier_holder_key(own, &holder);
    }
    if (!err) {
        err = grant_one(s, officer, "holder", &holder.pub);
    }
    wipe(&holder, sizeof(holder));
    return err;
}

/* --- signing in --- */

/* What was shared with the officer whose PIN was right can be read. */
static enum err hold(struct session *s)
{
    struct ec_key holder;
    enum err err;

    if (!s->keys.has_officer) {
        return tablet_hold(s->tablet, NULL);
    }
    err = tier_holder_key(&s->keys.officer, &holder);
    if (!err) {
        err = tablet_hold(s->tablet, &holder);
    }
    wipe(&holder, sizeof(holder));
    return err;
}

static enum err take_keys(struct session *s, struct keyring_keys *keys)
{
    const bool was_open = s->tablet != NULL;
    enum err err = ERR_OK;

    s->keys = *keys;
    if (!was_open) {
        err = session_open_tablet(s);
        if (err) {
            wipe(&s->keys, sizeof(s->keys));
        }
        if (err == ERR_WRONG_KEY) {
            err = ERR_BAD_DATA; /* the PIN was right: the file isn't */
        }
    }
    if (!err) {
        err = hold(s);
    }
    wipe(keys, sizeof(*keys));
    return err;
}

enum err session_unlock(struct session *s, const struct uuid *officer,
                        struct bytes pin, uint64_t *wait_ms_out)
{
    struct keyring_keys keys;
    enum err err;

    *wait_ms_out = 0;
    if (!s->ring) {
        return ERR_NOT_FOUND;
    }
    err = session_try_pin(s, officer, pin, &keys, wait_ms_out);
    if (!err) {
        err = take_keys(s, &keys);
    }
    if (!err) {
        s->officer = *officer;
    }
    return err;
}

enum err session_sign_in(struct session *s)
{
    enum err err = ERR_OK;

    ASSERT(s->tablet != NULL);
    ASSERT(!uuid_is_zero(&s->officer));
    if (!uuid_eq(tablet_officer(s->tablet), &s->officer)) {
        err = tablet_sign_in(s->tablet, &s->officer);
    }
    if (!err && s->keys.has_officer) {
        err = grant_key(s, &s->officer, &s->keys.officer);
    }
    if (!err) {
        keyring_used(s->ring, &s->officer);
        err = session_save_ring(s);
    }
    return err;
}

/* The tablet answers for this one too, from the next exchange on. */
static enum err renew_officers(struct session *s)
{
    struct uuid officers[KEYRING_SLOTS_MAX];
    const size_t count = session_officers(s, officers);

    session_net_close(s);
    return tablet_set_officers(s->tablet, officers, count);
}

static enum err check_access(struct session *s, const struct uuid *officer)
{
    bool is_out;
    const enum err err = tablet_is_shut_out(s->tablet, officer, &is_out);

    return err ? err : is_out ? ERR_DENIED : ERR_OK;
}

enum err session_add_officer(struct session *s,
                             const struct session_officer *who,
                             struct bytes pin)
{
    const struct crypto_random random = port_random(session_port(s));
    struct keyring_new_pin slot = { .officer = who->id,
                                    .number = who->number,
                                    .name = who->name,
                                    .role = who->role };
    struct keyring_keys keys = { .has_officer = true };
    struct port_time now;
    enum err err;

    ASSERT(s->tablet != NULL);
    if (pin.len < PIN_MIN_BYTES || pin.len > PIN_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    session_port(s)->ops->now(session_port(s)->ctx, &now);
    slot.made_ms = now.wall_ms;
    slot.incarnation = evlog_identity(tablet_log(s->tablet))->incarnation;
    memcpy(keys.database, s->keys.database, sizeof(keys.database));
    err = check_access(s, &who->id);
    if (!err) {
        err = crypto_ec_new(random, &keys.officer);
    }
    if (!err) {
        err = keyring_kdf_new(random, &slot.kdf);
    }
    if (!err) {
        err = session_prove(s, pin, &slot.kdf, &slot.proof);
    }
    if (!err) {
        err = keyring_set_pin(s->ring, &slot, &keys, random);
    }
    if (!err) {
        err = session_save_ring(s);
    }
    if (!err) {
        err = grant_key(s, &who->id, &keys.officer);
    }
    if (!err) {
        err = renew_officers(s);
    }
    wipe(&keys, sizeof(keys));
    wipe(&slot, sizeof(slot));
    return err;
}

/* --- duress, back-off --- */

enum err session_set_duress(struct session *s, struct bytes pin)
{
    struct keyring_proof proof;
    struct keyring_kdf kdf;
    enum err err;

    ASSERT(s->tablet != NULL);
    if (pin.len < PIN_MIN_BYTES || pin.len > PIN_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    err = keyring_slot_kdf(s->ring, &s->officer, &kdf);
    if (!err) {
        err = session_prove(s, pin, &kdf, &proof);
    }
    if (!err) {
        err = keyring_set_duress(s->ring, &s->officer, &proof, &s->keys,
                                 port_random(session_port(s)));
    }
    wipe(&proof, sizeof(proof));
    return err ? err : session_save_ring(s);
}

bool session_is_duress(const struct session *s)
{
    return s->tablet != NULL && s->keys.is_duress;
}

uint64_t session_wait_ms(struct session *s, const struct uuid *officer)
{
    const struct port *port = session_port(s);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return s->ring ? keyring_wait_ms(s->ring, officer, &now.boot, now.mono_ms)
                   : 0;
}

/* --- codes --- */

enum err session_new_codes(struct session *s, struct keyring_codes *out)
{
    uint8_t secret[KEYSTORE_SECRET_SIZE];
    enum err err = keystore_secret(machine_keys(s->machine), secret);

    ASSERT(s->tablet != NULL);
    if (!err) {
        err = keyring_new_codes(s->ring, secret, s->keys.database,
                                port_random(session_port(s)), out);
    }
    if (!err) {
        err = session_save_ring(s);
    }
    wipe(secret, sizeof(secret));
    return err;
}

enum err session_use_code(struct session *s, const char *code)
{
    uint8_t secret[KEYSTORE_SECRET_SIZE];
    struct keyring_keys keys = { .has_officer = false };
    enum err err;

    if (!s->ring) {
        return ERR_NOT_FOUND;
    }
    err = keystore_secret(machine_keys(s->machine), secret);
    if (!err) {
        err = keyring_use_code(s->ring, code, secret, keys.database);
    }
    if (!err) { /* used up before it opens anything */
        err = session_save_ring(s);
    }
    if (!err) {
        memset(&s->officer, 0, sizeof(s->officer)); /* nobody's PIN */
        err = take_keys(s, &keys);
    }
    wipe(secret, sizeof(secret));
    wipe(&keys, sizeof(keys));
    return err;
}
