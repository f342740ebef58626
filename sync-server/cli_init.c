/* cli_init.c - a new council: keys, certificates, forms, categories. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "sync-server/api_enrol.h"
#include "sync-server/authority.h"
#include "sync-server/cli.h"
#include "sync-server/definitions.h"
#include "sync-server/holders.h"
#include "sync-server/serve.h"

#define ASSET_MAX ((size_t)1024 * 1024)

static enum err add_forms(struct council *c, const char *assets)
{
    char folder[3000], name[600];
    struct dirent *entry;
    struct buf json;
    enum err err = ERR_OK;
    DIR *dir;

    snprintf(folder, sizeof(folder), "%s/forms", assets);
    dir = opendir(folder);
    if (dir == NULL)
        return ERR_NOT_FOUND;
    while (!err && (entry = readdir(dir)) != NULL) {
        const char *dot = strchr(entry->d_name, '.');

        if (dot == NULL || strcmp(dot, ".json") != 0)
            continue; /* also not form.schema.json */
        snprintf(name, sizeof(name), "forms/%s", entry->d_name);
        buf_init(&json, ASSET_MAX);
        err = serve_read_file(assets, name, ASSET_MAX, &json);
        err = err ? err : definitions_add_form(c, buf_bytes(&json));
        buf_fini(&json);
        if (err) {
            cli_say("%s/%s: %s", assets, name, err_text(err));
        }
    }
    closedir(dir);
    return err;
}

static enum err add_policy(struct council *c, const char *assets)
{
    struct policy policy;
    struct buf json;
    enum err err;

    buf_init(&json, ASSET_MAX);
    err = serve_read_file(assets, "policy.json", ASSET_MAX, &json);
    err = err ? err : definitions_add_policy(c, buf_bytes(&json), &policy);
    buf_fini(&json);
    if (err) {
        cli_say("%s/policy.json: %s", assets, err_text(err));
    }
    return err;
}

static enum err add_definitions(struct council *c, const char *assets)
{
    struct buf json;
    enum err err;

    buf_init(&json, ASSET_MAX);
    err = serve_read_file(assets, "categories.json", ASSET_MAX, &json);
    err = err ? err : definitions_add_categories(c, buf_bytes(&json));
    buf_fini(&json);
    if (err) {
        cli_say("%s/categories.json: %s", assets, err_text(err));
        return err;
    }
    err = add_policy(c, assets);
    return err ? err : add_forms(c, assets);
}

static enum err make_folder(const char *dir, const char *name)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    return mkdir(path, 0700) == 0 || errno == EEXIST ? ERR_OK : ERR_IO;
}

static enum err write_files(const char *dir, const struct authority_files *f)
{
    enum err err = make_folder(dir, "tls");

    err = err ? err : make_folder(dir, "safe");
    err =
        err ? err
            : cli_write_file(dir, "safe/root-ca.key", buf_bytes(&f->root_safe));
    err = err ? err
              : cli_write_file(dir, "safe/recovery.key",
                               buf_bytes(&f->recovery_safe));
    err =
        err ? err : cli_write_file(dir, SERVE_TLS_CHAIN, buf_bytes(&f->chain));
    err = err ? err
              : cli_write_file(dir, SERVE_TLS_DEVICES, buf_bytes(&f->devices));
    return err ? err : cli_write_file(dir, SERVE_TLS_KEY, buf_bytes(&f->key));
}

static enum err fill(struct council *c, const struct cli *args,
                     struct bytes passphrase, struct authority_files *files)
{
    const char *name = args->council;
    char here[256] = "localhost";
    enum err err = council_begin(c);

    if (err)
        return err;
    if (args->host == NULL) {
        (void)gethostname(here, sizeof(here) - 1);
    }
    err = authority_init(c, name, args->host != NULL ? args->host : here,
                         passphrase, files);
    err = err ? err : holders_publish_recovery(c);
    err = err ? err
              : sdb_meta_put(
                    c->db, API_META_COUNCIL,
                    (struct bytes){ (const uint8_t *)name, strlen(name) });
    err = err ? err
              : add_definitions(c, args->assets != NULL ? args->assets
                                                        : SERVER_ASSETS_DIR);
    err = err ? err : write_files(args->dir, files);
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

/* The files come first and the database last: without the council in it,
 * `init` can be called again after any interruption. */
static enum err make(struct machine *machine, struct sdb *db,
                     const struct cli *args, struct bytes passphrase)
{
    const struct port *port = machine_port(machine);
    struct authority_files files;
    struct council c;
    enum err err;

    memset(&files, 0, sizeof(files));
    err = council_init(db, port, args->council);
    if (err == ERR_EXISTS) {
        err = council_open(db, port, &c);
        if (!err) {
            struct hash hash;

            err = authority_fingerprint(&c, &hash) == ERR_OK ? ERR_EXISTS
                                                             : ERR_OK;
        }
        if (err == ERR_EXISTS) {
            cli_say("there is a council in %s already", args->dir);
        }
    } else if (!err) {
        err = council_open(db, port, &c);
    }
    err = err ? err : fill(&c, args, passphrase, &files);
    authority_files_fini(&files);
    return err;
}

enum err cli_init(const struct cli *args)
{
    const struct machine_options options = { .dir = args->dir,
                                             .is_exclusive = true };
    struct machine *machine = NULL;
    struct sdb *db = NULL;
    struct buf passphrase;
    enum err err;

    if (args->council == NULL) {
        cli_say("init needs --council NAME");
        return ERR_USAGE;
    }
    buf_init(&passphrase, 1024);
    err = cli_passphrase("Passphrase for the root key and the recovery key",
                         &passphrase);
    if (err == ERR_NOT_FOUND) {
        cli_say("init needs a passphrase: from a terminal or the file "
                "BEATBOOK_PASSPHRASE_FILE");
        err = ERR_USAGE;
    }
    err = err ? err : machine_open(&options, &machine);
    err = err ? err : sdb_open(args->dir, NULL, &db);
    err = err ? err : make(machine, db, args, buf_bytes(&passphrase));
    if (err == ERR_NOT_FOUND) {
        cli_say("init in %s: not found: the folder above it must be there, "
                "and the forms in the folder of --assets",
                args->dir);
    } else if (err && err != ERR_USAGE) {
        cli_say("init: %s", err_text(err));
    } else if (!err) {
        printf("council \"%s\" in %s\n"
               "put %s/safe on a medium for the safe and delete it here\n",
               args->council, args->dir, args->dir);
    }
    buf_wipe(&passphrase);
    sdb_close(db);
    machine_close(machine);
    return err;
}
