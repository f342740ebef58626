/* cli_serve.c - the running server around the service. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync-server/admin.h"
#include "sync-server/authority.h"
#include "sync-server/backup.h"
#include "sync-server/backup_files.h"
#include "sync-server/cli.h"
#include "sync-server/handover_key.h"
#include "sync-server/journal.h"
#include "sync-server/note.h"
#include "sync-server/page.h"
#include "sync-server/serve.h"

/* A server that was killed holds its folder until its last process is gone;
 * whoever starts it again at once should not have to ask twice. */
#define END_WAIT_MS 10000

struct running {
    const struct cli *args;
    char listener[300], web[320]; /* as tablets are told */
    char bound_listen[300], bound_web[300];
    struct machine *machine;
    struct service *service;
    int64_t looked_ms; /* at the server's certificate */
    struct journal *journal;
    struct backup *backup;
    char backup_dir[BACKUP_PATH_SIZE]; /* "": none is made */
    char bound_metrics[300];
};

/* Tablets can't reach "0.0.0.0": they are told the host of `init`. */
static void public_name(struct running *r, const char *bound, char *out,
                        size_t size)
{
    const char *port = strrchr(bound, ':');
    struct buf host;

    if (strncmp(bound, "0.0.0.0:", 8) != 0 && strncmp(bound, "[::]:", 5) != 0) {
        snprintf(out, size, "%s", bound);
        return;
    }
    buf_init(&host, 256);
    if (authority_get(service_council(r->service), AUTHORITY_META_HOST,
                      &host) == ERR_OK) {
        snprintf(out, size, "%s%s", buf_text(&host), port);
    }
    buf_fini(&host);
}

static enum err put_addresses(struct running *r)
{
    struct council *c = service_council(r->service);
    char name[300];
    enum err err = sdb_begin(c->db);

    public_name(r, r->bound_listen, r->listener, sizeof(r->listener));
    public_name(r, r->bound_web, name, sizeof(name));
    snprintf(r->web, sizeof(r->web), "https://%s", name);
    err = err ? err
              : sdb_meta_put(c->db, AUTHORITY_META_LISTENER,
                             (struct bytes){ (const uint8_t *)r->listener,
                                             strlen(r->listener) });
    err = err ? err
              : sdb_meta_put(
                    c->db, AUTHORITY_META_WEB,
                    (struct bytes){ (const uint8_t *)r->web, strlen(r->web) });
    if (err) {
        sdb_rollback(c->db);
        return err;
    }
    return sdb_commit(c->db);
}

/* Before anybody is let in: what was erased after a restored backup was
 * made is erased again, whose access was ended since is shut out again. */
static enum err redo_orders(struct running *r)
{
    uint64_t redone = 0;
    enum err err = journal_attach(
        r->args->dir, r->backup_dir[0] != '\0' ? r->backup_dir : NULL,
        service_council(r->service), &r->journal, &redone);

    if (err == ERR_BAD_DATA && r->journal != NULL) {
        note("store", "orders.journal has a damaged line; the others count");
        err = ERR_OK;
    }
    if (err == ERR_NEWER) {
        note("store", "orders.journal has an order of a newer version: use "
                      "that, or what it ended would be open again");
    }
    if (!err && journal_accesses(r->journal) > 0) {
        note("store",
             "%llu accesses were ended or given again: the database did not "
             "know of it",
             (unsigned long long)journal_accesses(r->journal));
    }
    if (redone > 0) {
        note("store",
             "%llu records were erased again: the database did not "
             "know of it",
             (unsigned long long)redone);
    }
    return err;
}

/* A council goes on without a backup, and says so as long as it does. */
static void start_backup(struct running *r)
{
    const struct backup_options options = {
        .dir = r->args->dir,
        .to = r->backup_dir,
        .every_ms = r->args->every != NULL
                        ? (uint64_t)strtoul(r->args->every, NULL, 10) * 1000
                        : BACKUP_EVERY_MS,
    };
    enum err err;

    if (r->backup_dir[0] == '\0') {
        note("store", "NO BACKUP is made (--backup none)");
        return;
    }
    err = backup_open(&options, service_council(r->service), &r->backup);
    if (err) {
        note("store", "NO BACKUP is made in %s: %s", r->backup_dir,
             err_text(err));
        r->backup_dir[0] = '\0';
    }
}

/* In a process of its own: is the newest backup one? */
static enum err on_chore(void *ctx)
{
    struct running *r = ctx;
    struct backup_state seen, state;
    struct buf why;
    enum err err = backup_verified(r->backup_dir, &seen);

    if (!err && !backup_find(r->backup_dir, INT64_MAX, &state) &&
        state.base_ms == seen.base_ms && state.segments == seen.segments)
        return ERR_OK; /* nothing new */
    buf_init(&why, 4096);
    err = backup_verify(r->backup_dir, &why, &state);
    if (err == ERR_NOT_FOUND) {
        err = ERR_OK; /* the first is being made */
    } else if (err) {
        note("verify", "THE BACKUP DOES NOT HOLD: %s (%s)", buf_text(&why),
             err_text(err));
    } else {
        note("verify", "the backup was restored and checked: %llu segments",
             (unsigned long long)state.segments);
    }
    buf_fini(&why);
    return err;
}

static enum err on_open(void *ctx)
{
    struct running *r = ctx;
    const struct machine_options where = { .dir = r->args->dir,
                                           .is_exclusive = true,
                                           .lock_wait_ms = END_WAIT_MS };
    struct service_options options = { .dir = r->args->dir };
    enum err err = machine_open(&where, &r->machine);

    if (err == ERR_BUSY) {
        note("store", "another program works in %s", r->args->dir);
    }
    if (err)
        return err;
    options.port = machine_port(r->machine);
    err = page_open(r->args->share != NULL ? r->args->share : SERVER_SHARE_DIR);
    if (err) {
        note("store", "the console's templates are missing (--share DIR)");
        return err;
    }
    err = service_open(&options, &r->service);
    err = err ? err : handover_key_ensure(service_council(r->service));
    if (!err) {
        start_backup(r);
        err = redo_orders(r);
    }
    return err ? err : put_addresses(r);
}

static void on_handle(void *ctx, const struct service_request *in,
                      struct service_response *out)
{
    service_handle(((struct running *)ctx)->service, in, out);
}

static void on_tick(void *ctx, uint64_t *wake_ms_out)
{
    struct running *r = ctx;
    struct port_time now;

    service_tick(r->service, wake_ms_out);
    if (r->backup != NULL) {
        machine_port(r->machine)->ops->now(machine_port(r->machine)->ctx, &now);
        backup_tick(r->backup, now.mono_ms);
    }
}

static void on_control(void *ctx, struct bytes in, struct buf *out)
{
    admin_handle(service_council(((struct running *)ctx)->service), in, out);
}

/* --- certificates, renewed before they end --- */

#define CHAIN_MAX     (32 * ENROL_CERT_MAX_BYTES)
#define CA_WARN_DAYS  90
#define LOOK_EVERY_MS ((int64_t)3600 * 1000)

static enum err replace(const char *dir, const char *name,
                        const struct buf *now)
{
    struct buf before;
    enum err err;

    buf_init(&before, CHAIN_MAX);
    err = serve_read_file(dir, name, CHAIN_MAX, &before);
    if (err || !bytes_eq(buf_bytes(&before), buf_bytes(now))) {
        err = cli_write_file(dir, name, buf_bytes(now));
        note("parent", "%s: %s", name, err ? err_text(err) : "renewed");
    }
    buf_fini(&before);
    return err;
}

enum err cli_refresh(const char *dir, struct council *c)
{
    struct authority_files files;
    struct buf chain;
    int64_t days = 0;
    enum err err;

    buf_init(&chain, CHAIN_MAX);
    err = authority_days_left(c, &days);
    if (!err && days < CA_WARN_DAYS) {
        note("parent",
             "the issuing CA ends in %d days: bring the root's key from the "
             "safe, then \"renew-ca\"",
             (int)days);
    }
    err = err ? err : serve_read_file(dir, SERVE_TLS_CHAIN, CHAIN_MAX, &chain);
    if (!err) {
        err = authority_refresh(c, buf_bytes(&chain), &files);
        err = err ? err : replace(dir, SERVE_TLS_CHAIN, &files.chain);
        err = err ? err : replace(dir, SERVE_TLS_DEVICES, &files.devices);
        authority_files_fini(&files);
    }
    buf_fini(&chain);
    return err;
}

/* A server with an expired CA still starts: it says what is to be done. */
static enum err on_prepare(void *ctx)
{
    struct running *r = ctx;
    struct cli_open open;
    enum err err = cli_open(r->args->dir, &open);

    if (err)
        return err;
    err = cli_refresh(r->args->dir, &open.council);
    if (err) {
        note("parent", "certificates could not be renewed: %s", err_text(err));
    }
    cli_close(&open);
    return ERR_OK;
}

/* The tls process reads its files when it starts. */
static bool on_is_over(void *ctx)
{
    struct running *r = ctx;
    struct council *c = service_council(r->service);
    const int64_t now = council_now(c);
    struct buf chain;
    bool is_due = false;

    if (now < r->looked_ms + LOOK_EVERY_MS)
        return false;
    r->looked_ms = now;
    buf_init(&chain, CHAIN_MAX);
    if (!serve_read_file(r->args->dir, SERVE_TLS_CHAIN, CHAIN_MAX, &chain)) {
        is_due = authority_is_due(c, buf_bytes(&chain));
    }
    buf_fini(&chain);
    return is_due;
}

static void on_close(void *ctx)
{
    struct running *r = ctx;

    backup_close(r->backup);
    service_close(r->service);
    journal_close(r->journal);
    machine_close(r->machine);
}

static void on_bound(void *ctx, const char *listen, const char *web,
                     const char *metrics)
{
    struct running *r = ctx;

    snprintf(r->bound_listen, sizeof(r->bound_listen), "%s", listen);
    snprintf(r->bound_web, sizeof(r->bound_web), "%s", web);
    snprintf(r->bound_metrics, sizeof(r->bound_metrics), "%s",
             metrics != NULL ? metrics : "");
}

/* Who reads this may connect at once. */
static void on_ready(void *ctx)
{
    const struct running *r = ctx;

    printf("listening on %s\nweb on %s\n", r->bound_listen, r->bound_web);
    if (r->bound_metrics[0] != '\0') {
        printf("metrics on %s\n", r->bound_metrics);
    }
    fflush(stdout);
}

static void set_backup(struct running *r)
{
    const char *to = r->args->backup;

    if (to == NULL) {
        backup_path(r->backup_dir, r->args->dir, "backup");
    } else if (strcmp(to, "none") != 0) {
        snprintf(r->backup_dir, sizeof(r->backup_dir), "%s", to);
    }
}

enum err cli_serve(const struct cli *args)
{
    static struct running r;
    struct serve_options options = {
        .dir = args->dir,
        .listen = args->listen,
        .web = args->web != NULL ? args->web : "127.0.0.1:0",
        .metrics = args->metrics,
        .user = args->user,
        .service = { .open = on_open,
                     .handle = on_handle,
                     .tick = on_tick,
                     .control = on_control,
                     .close = on_close,
                     .ctx = &r,
                     .is_over = on_is_over },
        .prepare = on_prepare,
        .bound = on_bound,
        .ready = on_ready,
        .chore_first_ms = BACKUP_FIRST_LOOK_MS,
        .chore_ms = BACKUP_VERIFY_MS,
        .bound_ctx = &r,
    };
    struct cli_open probe;
    enum err err;

    if (args->listen == NULL) {
        cli_say("serve needs --listen HOST:PORT");
        return ERR_USAGE;
    }
    /* Say what is wrong before anything is bound. */
    err = cli_open_wait(args->dir, END_WAIT_MS, &probe);
    if (err) {
        cli_say(err == ERR_NOT_FOUND ? "there is no council in %s: call "
                                       "\"init\" first"
                : err == ERR_BUSY    ? "%s is in use: a server runs on it"
                                     : "%s: %s",
                args->dir, err_text(err));
        return err;
    }
    cli_close(&probe);
    r.args = args;
    set_backup(&r);
    options.chore = r.backup_dir[0] != '\0' ? on_chore : NULL;
    if (args->every != NULL) { /* for tests: as often as segments */
        options.chore_first_ms = options.chore_ms =
            (uint64_t)strtoul(args->every, NULL, 10) * 1000;
    }
    return serve_run(&options);
}
