#include "core/tier.h"

#include <stdio.h>
#include <string.h>

#include "core/cose.h"
#include "core/store_internal.h"
#include "core/store_safety.h"

static const char sql_key_get[] =
    "SELECT key FROM content_key WHERE record = ?1 ORDER BY key";
static const char sql_key_add[] =
    "INSERT INTO content_key (record, key) VALUES (?1, ?2)"
    " ON CONFLICT DO NOTHING";

enum tier tier_of_kind(uint64_t header_kind)
{
    if (header_kind == KIND_RESTRICTED) {
        return TIER_RESTRICTED;
    }
    return header_kind == KIND_SEALED ? TIER_SEALED : TIER_OPEN;
}

static struct bytes aad_of(const struct uuid *record)
{
    return (struct bytes){ record->bytes, sizeof(record->bytes) };
}

enum err tier_open(struct store *s, const struct uuid *record,
                   struct bytes body, struct buf *plain_out)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s, sql_key_get, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err ? err : ERR_NOT_FOUND;
        }
        buf_reset(plain_out);
        err = cose_encrypt0_open(plain_out, db_get_bytes(st, 0), body,
                                 aad_of(record));
        if (err != ERR_WRONG_KEY) {
            sqlite3_reset(st);
            return err == ERR_BAD_DATA ? ERR_NOT_FOUND : err;
        }
    }
}

enum err tier_key(struct store *s, const struct uuid *record,
                  uint8_t key_out[CRYPTO_KEY_SIZE])
{
    sqlite3_stmt *st;
    struct bytes key;
    enum err err = store_statement(s, sql_key_get, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    err = db_row(st);
    if (!err) {
        key = db_get_bytes(st, 0);
        memcpy(key_out, key.data, CRYPTO_KEY_SIZE);
        sqlite3_reset(st);
    }
    return err;
}

static enum err keep_key(struct store *s, const struct uuid *record,
                         struct bytes key)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_key_add, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    db_bind_bytes(st, 2, key);
    err = db_run(st);
    sqlite3_clear_bindings(st);
    if (!err && key.len == CRYPTO_KEY_SIZE) {
        uint8_t item[sizeof(*record) + CRYPTO_KEY_SIZE];

        memcpy(item, record->bytes, sizeof(*record));
        memcpy(item + sizeof(*record), key.data, CRYPTO_KEY_SIZE);
        store_safety_add(s, SAFETY_KEY, (struct bytes){ item, sizeof(item) });
        wipe(item, sizeof(item));
    }
    return err;
}

enum err tier_keep(struct store *s, const struct uuid *record,
                   const uint8_t key[CRYPTO_KEY_SIZE])
{
    return keep_key(s, record, (struct bytes){ key, CRYPTO_KEY_SIZE });
}

enum err tier_seal(struct store *s, const struct uuid *record,
                   struct bytes plain, struct buf *out,
                   uint8_t key_out[CRYPTO_KEY_SIZE])
{
    const struct port *port = store_port(s);
    enum err err = port->ops->random(port->ctx, key_out, CRYPTO_KEY_SIZE);

    return err ? err
               : cose_encrypt0_put(out,
                                   (struct bytes){ key_out, CRYPTO_KEY_SIZE },
                                   port_random(port), plain, aad_of(record));
}

enum err tier_close(struct store *s, const struct uuid *record,
                    struct bytes plain, struct buf *out)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    const struct bytes view = { key, sizeof(key) };
    enum err err = tier_key(s, record, key);

    if (!err) {
        err = cose_encrypt0_put(out, view, port_random(store_port(s)), plain,
                                aad_of(record));
    } else if (err == ERR_NOT_FOUND) {
        err = tier_seal(s, record, plain, out, key);
        if (!err) {
            err = keep_key(s, record, view);
        }
    }
    wipe(key, sizeof(key));
    return err;
}

enum err tier_open_with(const uint8_t key[CRYPTO_KEY_SIZE],
                        const struct uuid *record, struct bytes body,
                        struct buf *plain_out)
{
    buf_reset(plain_out);
    return cose_encrypt0_open(plain_out, (struct bytes){ key, CRYPTO_KEY_SIZE },
                              body, aad_of(record));
}

/* --- shares --- */

/* Append only in meaning: a role that is taken away keeps what it got. */
static const struct {
    const char *role;
    enum tier most; /* it reads this tier and the more open ones */
} roles[] = {
    { "safeguarding-lead", TIER_SEALED },
    { "safeguarding-deputy", TIER_SEALED },
    { "team-leader", TIER_RESTRICTED },
};

bool tier_is_read_by(enum tier tier, const char *role)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (strcmp(roles[i].role, role) == 0) {
            return tier <= roles[i].most;
        }
    }
    return false;
}

const char *tier_role(size_t n)
{
    return n < ARRAY_LEN(roles) ? roles[n].role : NULL;
}

enum err tier_holder_key(const struct ec_key *officer, struct ec_key *out)
{
    const struct bytes secret = { officer->d, sizeof(officer->d) };
    enum err err = ERR_BAD_DATA;
    char info[32];

    /* One try in 2^32 is no scalar of the curve. */
    for (unsigned n = 1; n <= 8 && err == ERR_BAD_DATA; n++) {
        snprintf(info, sizeof(info), "beatbook/holder/%u", n);
        err = crypto_hkdf_sha256(
            (struct bytes){ NULL, 0 }, secret,
            (struct bytes){ (const uint8_t *)info, strlen(info) }, out->d,
            sizeof(out->d));
        if (!err) {
            err = crypto_ec_derive(out);
        }
    }
    return err;
}

enum err tier_share(struct crypto_random random, const struct uuid *record,
                    const uint8_t key[CRYPTO_KEY_SIZE],
                    const struct ec_public *holder, struct buf *out)
{
    return cose_encrypt_put(out, holder, 1, random,
                            (struct bytes){ key, CRYPTO_KEY_SIZE },
                            aad_of(record));
}

enum err tier_share_open(const struct uuid *record, struct bytes share,
                         const struct ec_key *holder,
                         uint8_t key_out[CRYPTO_KEY_SIZE])
{
    struct buf key;
    enum err err;

    buf_init(&key, CRYPTO_KEY_SIZE);
    err = cose_encrypt_open(&key, holder, share, aad_of(record));
    if (!err && key.len != CRYPTO_KEY_SIZE) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(key_out, key.data, CRYPTO_KEY_SIZE);
    }
    buf_wipe(&key);
    return err;
}
