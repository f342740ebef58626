/*
 * herd.c - 500 tablets come back after an outage of 24 hours, against the
 * real server over TLS on loopback. Prints one line beside its anchor.
 *
 *   build/tests/herd BIN_DIR [TABLETS [SCALE [ADDRESSES]]]
 *
 * Each tablet is the real engine over its own store, with a day's entries
 * and photos, and has failed until its back-off stands at its cap. Twenty
 * make a team and get what the others of it wrote. When a tablet
 * comes is its own draw (full jitter), not ours. SCALE runs the tablets'
 * clocks so many times faster: with 10 they crowd ten times denser than in
 * life, and what takes real time counts ten times in "drained". They come
 * from so many ADDRESSES; 1: all from behind one router.
 */
#include <curl/curl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/sync.h"
#include "platform/linux/machine.h"
#include "platform/linux/net_curl.h"
#include "platform/shared/x509req.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "sync-server/authority.h"
#include "sync-server/pki.h"

#define TABLETS_MAX    500
#define EVENTS_A_DAY   40 /* in 4 saves of 10 */
#define SAVES          4
#define SMALL_BYTES    ((size_t)20 * 1024)
#define ORIGINAL_BYTES ((size_t)100 * 1024)
#define BLOBS          4 /* three small pictures, one original */
#define OUTAGE_MS      ((uint64_t)24 * 3600 * 1000)
#define TEAM           20        /* tablets that read each other */
#define GIVE_UP_S      (16 * 60) /* of the tablets' time */

struct tablet_of_herd {
    struct sim_port *machine;
    struct faultvfs *disk;
    struct store *store;
    struct evlog *log;
    struct sync *sync;
    struct evlog_identity id;
    struct ec_key tls;
    struct buf leaf; /* DER */
    struct net_curl_config config;
    struct net_curl_job job;
    CURL *easy;
    bool is_out, is_done;
    double sent_s;
    uint64_t wake_ms, offset_ms;
};

static struct tablet_of_herd herd[TABLETS_MAX];
static int tablets = TABLETS_MAX;
static double scale = 10;
static int addresses = 10;
static uint64_t world_ms;
static char dir[256], url[100];
static struct buf root_pem, issuer_pem;
static struct uuid officers[TABLETS_MAX / TEAM + 1];
static pid_t server;
static double *latency_ms;
static size_t latencies, latency_max;
static unsigned busy_answers, cuts;

static void must(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "herd: %s failed\n", what);
        if (server > 0) {
            kill(server, SIGTERM);
        }
        exit(EXIT_FAILURE);
    }
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- the council --- */

static const struct uuid *officer_of(const struct tablet_of_herd *t)
{
    return &officers[(t - herd) / TEAM];
}

/* One for each team: what he may read, all its tablets get. */
static void add_officer(struct council *c, int n)
{
    const struct crypto_random random = port_random(c->port);
    struct sdb_officer row = { .is_active = true };
    struct uuid team;

    must(!random.fill(random.ctx, officers[n].bytes, 16) &&
             !random.fill(random.ctx, team.bytes, 16),
         "random");
    row.id = officers[n];
    snprintf(row.number, sizeof(row.number), "%d", n + 1);
    snprintf(row.name, sizeof(row.name), "Officer %d", n + 1);
    must(!sdb_officer_put(c->db, &row), "officer");
    must(!sdb_team_put(c->db, &team, row.name), "team");
    must(!sdb_officer_join_team(c->db, &row.id, &team), "team");
}

static void add_device(struct council *c, struct tablet_of_herd *t)
{
    const struct crypto_random random = port_random(c->port);
    struct sdb_device row = { .name = "tablet", .state = SDB_DEVICE_ACTIVE };

    must(!random.fill(random.ctx, t->id.device.bytes, 16) &&
             !random.fill(random.ctx, t->id.incarnation.bytes, 16) &&
             !crypto_ec_new(random, &t->id.seal_key) &&
             !crypto_ec_new(random, &t->tls),
         "keys");
    t->id.council = c->id;
    t->id.server_key = c->seal_key.pub;
    t->id.recovery_key = c->seal_key.pub; /* not used here */
    row.id = t->id.device;
    row.seal_key = t->id.seal_key.pub;
    buf_init(&t->leaf, ENROL_CERT_MAX_BYTES);
    must(!sdb_device_put(c->db, &row) &&
             !sdb_device_allow(c->db, &row.id, officer_of(t)) &&
             !authority_issue(c, &row.id, &t->tls.pub, &t->leaf),
         "device");
}

static void make_council(const char *bin)
{
    char command[1200], folder[300];
    struct machine_options options = { .dir = folder, .is_exclusive = true };
    struct machine *machine;
    struct council c;
    struct buf der;
    struct sdb *db;

    snprintf(folder, sizeof(folder), "%s/council", dir);
    snprintf(command, sizeof(command),
             "echo a passphrase for a herd >%s/pass; "
             "BEATBOOK_PASSPHRASE_FILE=%s/pass %s/beatbook-server init "
             "--dir %s --council Herd >/dev/null",
             dir, dir, bin, folder);
    must(system(command) == 0, "init");
    must(!machine_open(&options, &machine) && !sdb_open(folder, NULL, &db) &&
             !council_open(db, machine_port(machine), &c) && !council_begin(&c),
         "opening the council");
    for (int i = 0; i * TEAM < tablets; i++) {
        add_officer(&c, i);
    }
    for (int i = 0; i < tablets; i++) {
        add_device(&c, &herd[i]);
    }
    must(!council_commit(&c), "commit");
    buf_init(&der, ENROL_CERT_MAX_BYTES);
    buf_init(&root_pem, 2 * ENROL_CERT_MAX_BYTES);
    buf_init(&issuer_pem, 2 * ENROL_CERT_MAX_BYTES);
    must(!authority_get(&c, AUTHORITY_META_ROOT, &der) &&
             !pki_cert_pem(buf_bytes(&der), &root_pem) &&
             !authority_get(&c, AUTHORITY_META_ISSUER, &der) &&
             !pki_cert_pem(buf_bytes(&der), &issuer_pem),
         "certificates");
    buf_fini(&der);
    council_close(&c);
    sdb_close(db);
    machine_close(machine);
}

static void start_server(const char *bin)
{
    char program[300], folder[300], line[200];
    int out[2];
    FILE *f;

    snprintf(program, sizeof(program), "%s/beatbook-server", bin);
    snprintf(folder, sizeof(folder), "%s/council", dir);
    must(pipe(out) == 0, "pipe");
    server = fork();
    if (server == 0) {
        dup2(out[1], 1);
        close(out[0]);
        execl(program, program, "serve", "--dir", folder, "--listen",
              "127.0.0.1:0", "--web", "127.0.0.1:0", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    f = fdopen(out[0], "r");
    while (f != NULL && url[0] == '\0' && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "listening on ", 13) == 0) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(url, sizeof(url), "https://%.80s", line + 13);
        }
    }
    must(url[0] != '\0', "serve");
}

/* --- a tablet's day --- */

static void put_blob(struct tablet_of_herd *t, size_t len, struct hash *name)
{
    const struct port *port = sim_port(t->machine);
    uint8_t *bytes = malloc(len);

    must(bytes != NULL && !port->ops->random(port->ctx, bytes, 256), "blob");
    for (size_t i = 256; i < len; i++) {
        bytes[i] = (uint8_t)(bytes[i - 256] * 31 + (uint8_t)i);
    }
    crypto_sha256((struct bytes){ bytes, len }, name);
    must(!port->ops->part_write(port->ctx, name, 0,
                                (struct bytes){ bytes, len }) &&
             !port->ops->part_commit(port->ctx, name, name),
         "blob");
    free(bytes);
}

static void work_a_day(struct tablet_of_herd *t)
{
    const struct port *port = sim_port(t->machine);
    struct evlog_new e[EVENTS_A_DAY / SAVES];
    struct hash blobs[BLOBS];
    struct body_writer w;
    struct buf body;

    for (size_t i = 0; i < BLOBS; i++) {
        put_blob(t, i + 1 < BLOBS ? SMALL_BYTES : ORIGINAL_BYTES, &blobs[i]);
    }
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE,
                  "Fly-tipping behind the garages: a mattress, two sacks of "
                  "rubble, a fridge. Spoke to the caretaker, nobody saw who.");
    must(!body_end(&w, &body), "body");
    body_fini(&w);
    for (int save = 0; save < SAVES; save++) {
        memset(e, 0, sizeof(e));
        for (size_t i = 0; i < ARRAY_LEN(e); i++) {
            must(!port->ops->random(port->ctx, e[i].record.bytes, 16), "id");
            e[i].officer = *officer_of(t);
            e[i].kind = KIND_OBSERVATION;
            e[i].kind_version = 1;
            e[i].op = OP_CREATE;
            e[i].body = buf_bytes(&body);
        }
        e[0].blobs = &blobs[save];
        e[0].blob_count = 1;
        must(!evlog_append(t->log, e, ARRAY_LEN(e), NULL), "recording");
    }
    buf_fini(&body);
}

/* Fails until its back-off has stood at the cap for most of a day. */
static void sit_out(struct tablet_of_herd *t)
{
    struct sync_request request;
    uint64_t at = 0, wake = 0;

    while (at < OUTAGE_MS) {
        if (sync_next(t->sync, at, &request, &wake)) {
            sync_failed(t->sync, at, ERR_UNREACHABLE, "no connection");
            t->offset_ms = at; /* its last try: the server is back now */
        } else {
            at = wake > at ? wake : at + 1;
        }
    }
    t->wake_ms = 0;
}

static void put_text(struct buf *to, const char *text, size_t len)
{
    buf_init(to, len + 1);
    buf_put(to, text, len);
    (void)buf_text(to);
}

static void set_config(struct tablet_of_herd *t)
{
    struct buf der, pem;

    put_text(&t->config.url, url, strlen(url));
    put_text(&t->config.authority, (const char *)root_pem.data, root_pem.len);
    buf_init(&der, 256);
    buf_init(&pem, 4 * ENROL_CERT_MAX_BYTES);
    must(!x509req_pem(buf_bytes(&t->leaf), "CERTIFICATE", &pem), "leaf");
    buf_put(&pem, issuer_pem.data, issuer_pem.len);
    put_text(&t->config.certificate, (const char *)pem.data, pem.len);
    buf_reset(&pem);
    must(!x509req_key_der(&t->tls, &der) &&
             !x509req_pem(buf_bytes(&der), "EC PRIVATE KEY", &pem),
         "key");
    put_text(&t->config.key, (const char *)pem.data, pem.len);
    buf_init(&t->config.proxy, 1);
    t->config.answer_max = BLOB_FILE_MAX_BYTES;
    buf_fini(&der);
    buf_fini(&pem);
}

static void make_tablet(struct tablet_of_herd *t, int i, int64_t wall_ms)
{
    const struct sim_port_options machine = { &world_ms, wall_ms,
                                              (uint64_t)i + 1 };
    struct store_options store = { .path = "t" };
    struct sync_options sync = { .officers = officer_of(t),
                                 .officer_count = 1 };

    must(!sim_port_new(&machine, &t->machine) &&
             !faultvfs_new((uint64_t)i + 1, &t->disk),
         "machine");
    store.vfs = faultvfs_name(t->disk);
    store.port = sim_port(t->machine);
    must(!store_open(&store, &t->store) && !evlog_init(t->store, &t->id) &&
             !evlog_open(t->store, &t->log),
         "store");
    work_a_day(t);
    sync.log = t->log;
    sync.port = sim_port(t->machine);
    must(!sync_open(&sync, &t->sync), "engine");
    sit_out(t);
    set_config(t);
    t->easy = curl_easy_init();
    must(t->easy != NULL, "curl");
}

/* --- the rush --- */

static void job_fini(struct net_curl_job *job)
{
    curl_slist_free_all(job->headers);
    buf_fini(&job->path);
    buf_fini(&job->content_type);
    buf_fini(&job->body);
    buf_fini(&job->answer);
    memset(job, 0, sizeof(*job));
}

static void send_out(struct tablet_of_herd *t, const struct sync_request *q,
                     CURLM *multi)
{
    static const enum net_method methods[] = { [SYNC_POST] = NET_POST,
                                               [SYNC_HEAD] = NET_HEAD,
                                               [SYNC_PATCH] = NET_PATCH,
                                               [SYNC_GET] = NET_GET };
    struct net_curl_job *job = &t->job;
    char from[40];

    job_fini(job);
    job->request = (struct net_request){ .method = methods[q->method],
                                         .has_upload = q->method == SYNC_PATCH,
                                         .upload_offset = q->upload_offset,
                                         .upload_length = q->upload_length,
                                         .timeout_ms = q->timeout_ms };
    put_text(&job->path, q->path, strlen(q->path));
    put_text(&job->content_type, q->content_type ? q->content_type : "",
             q->content_type ? strlen(q->content_type) : 0);
    put_text(&job->body, (const char *)q->body.data, q->body.len);
    buf_init(&job->answer, t->config.answer_max);
    must(!net_curl_prepare(t->easy, &t->config, job), "request");
    snprintf(from, sizeof(from), "host!127.0.0.%d",
             (int)(t - herd) % addresses + 1);
    curl_easy_setopt(t->easy, CURLOPT_INTERFACE, from);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, (char *)t);
    must(curl_multi_add_handle(multi, t->easy) == CURLM_OK, "curl");
    t->is_out = true;
    t->sent_s = now_s();
}

static uint64_t engine_ms(const struct tablet_of_herd *t)
{
    return t->offset_ms + world_ms;
}

static void note_latency(double ms)
{
    if (latencies == latency_max) {
        latency_max = latency_max ? 2 * latency_max : 4096;

        double *more = realloc(latency_ms, latency_max * sizeof(*more));

        must(more != NULL, "memory");
        latency_ms = more;
    }
    latency_ms[latencies++] = ms;
}

static void take(struct tablet_of_herd *t, CURLcode code, CURLM *multi)
{
    struct net_answer a;
    struct sync_response r;

    curl_multi_remove_handle(multi, t->easy);
    net_curl_finish(t->easy, code, &t->config, &t->job, &a);
    t->is_out = false;
    t->wake_ms = 0;
    if (a.err) {
        cuts++;
        if (cuts < 4) {
            fprintf(stderr, "herd: %s\n", a.why);
        }
        sync_failed(t->sync, engine_ms(t), a.err, a.why);
        return;
    }
    note_latency((now_s() - t->sent_s) * 1000);
    busy_answers += a.status == 503 || a.status == 429 ? 1 : 0;
    r = (struct sync_response){ .status = a.status,
                                .content_type = a.content_type,
                                .body = a.body,
                                .has_offset = a.has_offset,
                                .upload_offset = a.upload_offset,
                                .retry_after_s = a.retry_after_s };
    (void)!sync_feed(t->sync, engine_ms(t), &r);
}

static bool is_drained(struct tablet_of_herd *t, uint64_t *refused)
{
    struct evlog_counts c;

    must(!evlog_counts(t->log, &c), "counting");
    *refused = c.quarantined;
    return c.waiting == 0 && c.blobs_held >= c.blobs_own;
}

/* One look at a tablet that has nothing under way. */
static void step(struct tablet_of_herd *t, CURLM *multi)
{
    struct sync_request request;
    uint64_t refused, wake = 0;

    if (t->wake_ms > engine_ms(t)) {
        return;
    }
    if (is_drained(t, &refused)) {
        t->is_done = true;
        return;
    }
    if (sync_next(t->sync, engine_ms(t), &request, &wake)) {
        send_out(t, &request, multi);
    } else {
        t->wake_ms = wake;
    }
}

static void collect(CURLM *multi)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(multi, &left)) != NULL) {
        char *owner = NULL;

        if (msg->msg == CURLMSG_DONE) {
            curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &owner);
            take((struct tablet_of_herd *)(void *)owner, msg->data.result,
                 multi);
        }
    }
}

static double rush(void)
{
    CURLM *multi = curl_multi_init();
    const double began = now_s();
    int left = tablets, running;

    must(multi != NULL, "curl");
    while (left > 0 && (now_s() - began) * scale < GIVE_UP_S) {
        world_ms = (uint64_t)((now_s() - began) * 1000 * scale);
        left = 0;
        for (int i = 0; i < tablets; i++) {
            if (!herd[i].is_done && !herd[i].is_out) {
                step(&herd[i], multi);
            }
            left += herd[i].is_done ? 0 : 1;
        }
        (void)curl_multi_perform(multi, &running);
        collect(multi);
        (void)curl_multi_poll(multi, NULL, 0, 5, NULL);
    }
    curl_multi_cleanup(multi);
    return now_s() - began;
}

/* --- what came of it --- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int report(double took_s)
{
    uint64_t lost = 0, refused = 0;
    struct rusage used;
    double p50, p99, most;

    for (int i = 0; i < tablets; i++) {
        uint64_t n = 0;

        lost += is_drained(&herd[i], &n) ? 0 : 1;
        refused += n;
    }
    must(latencies > 0, "measuring");
    qsort(latency_ms, latencies, sizeof(*latency_ms), by_size);
    p50 = latency_ms[latencies / 2];
    p99 = latency_ms[latencies * 99 / 100];
    most = latency_ms[latencies - 1];
    getrusage(RUSAGE_CHILDREN, &used);
    printf("%zu requests; p50 %.0f ms, p99 %.0f ms, longest %.0f ms; %u "
           "answered \"busy\", %u cut\n",
           latencies, p50, p99, most, busy_answers, cuts);
    printf("server: %.1f s of processor time, %.1f s in all, tablets' clocks "
           "x %.0f\n",
           (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec, took_s,
           scale);
    printf("| %d tablets after a 24 h outage | swarm-plugin: 450 clients, "
           "most failed | %" PRIu64 " refused, %" PRIu64
           " not drained, p99 %.2f s, drained in %.1f min |\n",
           tablets, refused, lost, p99 / 1000, took_s * scale / 60);
    return lost == 0 && refused == 0 && p99 <= 2000 && took_s * scale <= 15 * 60
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct timespec wall;
    char command[300];
    double began = now_s(), took;
    int status;

    if (argc < 2) {
        fputs("usage: herd BIN_DIR [TABLETS [SCALE [ADDRESSES]]]\n", stderr);
        return 2;
    }
    tablets = argc > 2 ? atoi(argv[2]) : TABLETS_MAX;
    scale = argc > 3 ? atof(argv[3]) : 10;
    addresses = argc > 4 ? atoi(argv[4]) : 10;
    must(tablets > 0 && tablets <= TABLETS_MAX && scale >= 1 && addresses > 0 &&
             addresses < 250,
         "reading that");
    snprintf(dir, sizeof(dir), "%s/beatbook-herd.XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    must(mkdtemp(dir) != NULL, "a folder");
    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    clock_gettime(CLOCK_REALTIME, &wall);
    make_council(argv[1]);
    start_server(argv[1]);
    for (int i = 0; i < tablets; i++) {
        make_tablet(&herd[i], i, (int64_t)wall.tv_sec * 1000);
    }
    fprintf(stderr, "herd: %d tablets made in %.0f s\n", tablets,
            now_s() - began);
    took = rush();
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    (void)!system(command);
    return report(took);
}
