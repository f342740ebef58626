/*
 * serve_echo.c - the server's processes with a service that says back what
 * it was asked, for tests of the transport alone.
 *
 * usage: serve_echo DIR    writes certificates into DIR, then serves
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "sync-server/pki.h"
#include "sync-server/serve.h"

#define DAY 86400

static enum err fill(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    return getrandom(out, len, 0) == (ssize_t)len ? ERR_OK : ERR_IO;
}
static const struct crypto_random source = { fill, NULL };

static void must(enum err err, const char *what)
{
    if (err) {
        fprintf(stderr, "serve_echo: %s: %s\n", what, err_text(err));
        exit(1);
    }
}

static void write_file(const char *dir, const char *name, const struct buf *b)
{
    char path[500];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "wb");
    if (f == NULL || fwrite(b->data, 1, b->len, f) != b->len ||
        fclose(f) != 0) {
        must(ERR_IO, path);
    }
}

struct authority {
    struct ec_key key;
    const char *name;
    struct buf der;
};

static void make_ca(struct authority *a, const char *name)
{
    struct pki_new n = { .use = PKI_ISSUER,
                         .from_s = time(NULL) - DAY,
                         .until_s = time(NULL) + 30 * DAY,
                         .signer = &a->key };

    a->name = name;
    snprintf(n.subject, sizeof(n.subject), "%s", name);
    snprintf(n.issuer, sizeof(n.issuer), "%s", name);
    must(crypto_ec_new(source, &a->key), "key");
    n.key = a->key.pub;
    buf_init(&a->der, 8192);
    must(pki_issue(&n, source, &a->der), "ca");
}

/* The tablets of the council: one router stands before all of them. */
#define COUNCIL_TABLETS 15

static void make_leaf(const char *dir, const char *file, unsigned number,
                      const struct authority *ca, enum pki_use use,
                      int64_t until_s)
{
    struct pki_new n = { .use = use,
                         .from_s = time(NULL) - 2 * DAY,
                         .until_s = until_s,
                         .signer = &ca->key,
                         .sans = { "localhost", "127.0.0.1" },
                         .san_count = use == PKI_SERVER ? 2 : 0 };
    struct ec_key key;
    struct buf der, pem;
    char name[100];

    snprintf(n.subject, sizeof(n.subject), "018f0000-0000-7000-8000-%012u",
             number);
    snprintf(n.issuer, sizeof(n.issuer), "%s", ca->name);
    must(crypto_ec_new(source, &key), "key");
    n.key = key.pub;
    buf_init(&der, 8192);
    buf_init(&pem, 32768);
    must(pki_issue(&n, source, &der), file);
    must(pki_cert_pem((struct bytes){ der.data, der.len }, &pem), file);
    must(pki_cert_pem((struct bytes){ ca->der.data, ca->der.len }, &pem), file);
    snprintf(name, sizeof(name), "%s.chain.pem", file);
    write_file(dir, name, &pem);
    buf_reset(&pem);
    must(pki_key_pem(&key, &pem), file);
    snprintf(name, sizeof(name), "%s.key.pem", file);
    write_file(dir, name, &pem);
    buf_fini(&der);
    buf_wipe(&pem);
}

static void make_certificates(const char *dir)
{
    struct authority ours, other;
    const int64_t now = time(NULL);
    struct buf pem;
    char tls[500];

    snprintf(tls, sizeof(tls), "%s/tls", dir);
    (void)mkdir(tls, 0700);
    make_ca(&ours, "Westbrook issuing");
    make_ca(&other, "Eastbrook issuing");
    buf_init(&pem, 8192);
    must(pki_cert_pem((struct bytes){ ours.der.data, ours.der.len }, &pem),
         "ca");
    write_file(dir, "tls/devices.ca.pem", &pem);
    make_leaf(dir, "tls/server", 1, &ours, PKI_SERVER, now + DAY);
    make_leaf(dir, "tls/good", 1, &ours, PKI_DEVICE, now + DAY);
    make_leaf(dir, "tls/expired", 1, &ours, PKI_DEVICE, now - DAY);
    make_leaf(dir, "tls/other", 1, &other, PKI_DEVICE, now + DAY);
    make_leaf(dir, "tls/wrong-use", 1, &ours, PKI_SERVER, now + DAY);
    for (unsigned i = 0; i < COUNCIL_TABLETS; i++) {
        char file[40];

        snprintf(file, sizeof(file), "tls/tablet%u", i);
        make_leaf(dir, file, 100 + i, &ours, PKI_DEVICE, now + DAY);
    }
    buf_fini(&pem);
}

/* --- the service --- */

static enum err echo_open(void *ctx)
{
    (void)ctx;
    return ERR_OK;
}

/* A store that is slow: it works while there is a file DIR/held. */
static void hold(const char *dir)
{
    char path[500];

    snprintf(path, sizeof(path), "%s/held", dir);
    for (FILE *f = fopen(path, "rb"); f != NULL; f = fopen(path, "rb")) {
        (void)fclose(f);
        (void)poll(NULL, 0, 10);
    }
}

static void echo_handle(void *ctx, const struct service_request *in,
                        struct service_response *out)
{
    char device[UUID_TEXT_SIZE];

    uuid_format(&in->device, device);
    out->status = 200;
    out->content_type = "text/plain";
    if (strcmp(in->path, "/crash") == 0) {
        abort();
    }
    if (strcmp(in->path, "/hold") == 0) {
        hold(ctx);
    }
    if (strcmp(in->path, "/big") == 0) {
        for (size_t i = 0; i < 3000000; i++) {
            buf_put_u8(&out->body, (uint8_t)('a' + i % 26));
        }
        return;
    }
    if (strcmp(in->path, "/open") == 0) { /* may this process open files? */
        FILE *f = fopen("/etc/passwd", "r");

        buf_printf(&out->body, "%s", f == NULL ? "no" : "yes");
        if (f != NULL) {
            (void)fclose(f);
        }
        return;
    }
    buf_printf(&out->body, "listener=%d method=%d path=%s peer=%s body=%zu\n",
               (int)in->listener, (int)in->method, in->path,
               in->has_peer ? device : "none", in->body.len);
}

static void echo_tick(void *ctx, uint64_t *wake_ms_out)
{
    (void)ctx;
    *wake_ms_out = 1000;
}

static void echo_control(void *ctx, struct bytes in, struct buf *out)
{
    (void)ctx;
    buf_put(out, in.data, in.len);
}

static void echo_close(void *ctx)
{
    (void)ctx;
}

static void echo_bound(void *ctx, const char *listen, const char *web,
                       const char *metrics)
{
    (void)ctx;
    printf("listening on %s\nweb on %s\nmetrics on %s\n", listen, web, metrics);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct serve_options options = {
        .listen = "127.0.0.1:0",
        .web = "127.0.0.1:0",
        .metrics = "127.0.0.1:0",
        .service = { echo_open, echo_handle, echo_tick, echo_control,
                     echo_close, argv[1], NULL },
        .bound = echo_bound,
    };

    if (argc != 2) {
        fprintf(stderr, "usage: serve_echo DIR\n");
        return 2;
    }
    options.dir = argv[1];
    make_certificates(argv[1]);
    return serve_run(&options) == ERR_OK ? 0 : 1;
}
