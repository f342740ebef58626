/*
 * cli_renew.c - a new issuing CA, signed by the root's key from the safe.
 * The server stands still meanwhile: that key never meets a socket.
 */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/authority.h"
#include "sync-server/cli.h"
#include "sync-server/secret.h"
#include "sync-server/serve.h"

#define ROOT_FILE "root-ca.key"

static enum err open_root(const char *safe, struct bytes passphrase,
                          struct ec_key *out)
{
    struct buf wrapped, scalar;
    enum err err;

    buf_init(&wrapped, SECRET_WRAPPED_MAX);
    buf_init(&scalar, 64);
    err = serve_read_file(safe, ROOT_FILE, SECRET_WRAPPED_MAX, &wrapped);
    if (err == ERR_NOT_FOUND) {
        cli_say("there is no %s in %s: it is in the safe", ROOT_FILE, safe);
    }
    err = err ? err : secret_open(passphrase, buf_bytes(&wrapped), &scalar);
    if (!err && scalar.len != sizeof(out->d)) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(out->d, scalar.data, sizeof(out->d));
        err = crypto_ec_derive(out);
    }
    buf_wipe(&wrapped);
    buf_wipe(&scalar);
    return err;
}

/* In the safe's folder before the council knows of it. */
static enum err save_root(const struct cli *args, struct bytes passphrase,
                          struct crypto_random random, const struct ec_key *old,
                          const struct ec_key *new)
{
    struct buf wrapped;
    enum err err;

    buf_init(&wrapped, SECRET_WRAPPED_MAX);
    err =
        secret_wrap(passphrase, (struct bytes){ old->d, 32 }, random, &wrapped);
    err =
        err ? err
            : cli_write_file(args->safe, ROOT_FILE ".old", buf_bytes(&wrapped));
    buf_reset(&wrapped);
    err = err ? err
              : secret_wrap(passphrase, (struct bytes){ new->d, 32 }, random,
                            &wrapped);
    err =
        err ? err
            : cli_write_file(args->safe, ROOT_FILE ".new", buf_bytes(&wrapped));
    buf_wipe(&wrapped);
    return err;
}

/* The council has the new root: its key takes the old one's name. */
static enum err rename_root(const struct cli *args)
{
    char from[4096], to[4096];

    snprintf(from, sizeof(from), "%s/" ROOT_FILE ".new", args->safe);
    snprintf(to, sizeof(to), "%s/" ROOT_FILE, args->safe);
    return rename(from, to) == 0 ? ERR_OK : ERR_IO;
}

static enum err roll(const struct cli *args, struct council *c,
                     struct bytes passphrase)
{
    const struct crypto_random random = port_random(c->port);
    struct ec_key root, next;
    enum err err = open_root(args->safe, passphrase, &root);

    if (!err && args->is_new_root) {
        err = crypto_ec_new(random, &next);
        err = err ? err : save_root(args, passphrase, random, &root, &next);
    }
    err = err ? err : council_begin(c);
    if (!err) {
        err = authority_roll(c, &root, args->is_new_root ? &next : NULL);
        if (err) {
            council_rollback(c);
        } else {
            err = council_commit(c);
        }
    }
    if (!err && args->is_new_root) {
        err = rename_root(args);
    }
    wipe(&root, sizeof(root));
    wipe(&next, sizeof(next));
    return err ? err : cli_refresh(args->dir, c);
}

enum err cli_renew_ca(const struct cli *args)
{
    struct cli_open open;
    struct buf passphrase;
    enum err err;

    if (args->safe == NULL) {
        cli_say("renew-ca needs --safe DIR: the folder with %s", ROOT_FILE);
        return ERR_USAGE;
    }
    err = cli_open(args->dir, &open);
    if (err) {
        cli_say(err == ERR_BUSY ? "stop the server in %s first" : "%s: %s",
                args->dir, err_text(err));
        return err;
    }
    buf_init(&passphrase, 1024);
    err = cli_passphrase("Passphrase of the root key", &passphrase);
    err = err ? err : roll(args, &open.council, buf_bytes(&passphrase));
    if (err) {
        cli_say("renew-ca: %s", err_text(err));
    } else {
        puts(args->is_new_root
                 ? "a new root and a new issuing CA; tablets follow when "
                   "their certificates are renewed"
                 : "a new issuing CA, for a year");
    }
    buf_wipe(&passphrase);
    cli_close(&open);
    return err;
}
