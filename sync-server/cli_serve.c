/* cli_serve.c - the running server around the service. */
#include <stdio.h>
#include <string.h>

#include "sync-server/admin.h"
#include "sync-server/authority.h"
#include "sync-server/cli.h"
#include "sync-server/journal.h"
#include "sync-server/handover_key.h"
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
 * made is erased again. */
static enum err redo_orders(struct running *r)
{
    uint64_t redone = 0;
    enum err err = journal_attach(
        r->args->dir, NULL, service_council(r->service), &r->journal, &redone);

    if (err == ERR_BAD_DATA && r->journal != NULL) {
        note("store", "orders.journal has a damaged line; the others count");
        err = ERR_OK;
    }
    if (redone > 0) {
        note("store",
             "%llu records were erased again: the database did not "
             "know of it",
             (unsigned long long)redone);
    }
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
    err = err ? err : redo_orders(r);
    return err ? err : put_addresses(r);
}

static void on_handle(void *ctx, const struct service_request *in,
                      struct service_response *out)
{
    service_handle(((struct running *)ctx)->service, in, out);
}

static void on_tick(void *ctx, uint64_t *wake_ms_out)
{
    service_tick(((struct running *)ctx)->service, wake_ms_out);
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
    printf("listening on %s\nweb on %s\n", listen, web);
    if (metrics != NULL) {
        printf("metrics on %s\n", metrics);
    }
    fflush(stdout);
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
                                     : "%s: %s",
                args->dir, err_text(err));
        return err;
    }
    cli_close(&probe);
    r.args = args;
    return serve_run(&options);
}
