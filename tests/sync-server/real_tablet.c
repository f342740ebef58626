#include "tests/sync-server/real_tablet.h"

#include <inttypes.h>
#include <string.h>

#include "core/store.h"
#include "sync-server/definitions.h"
#include "sync-server/handover_key.h"
#include "tests/idle.h"

#define STEPS_MAX 20000

static const char category[] =
    "{\"categories\":[{\"id\":\"ASB\",\"label\":\"ASB\",\"tier\":\"open\","
    "\"marking\":\"OFFICIAL\",\"form\":\"asb\"}]}";

void real_publish(struct desk *d)
{
    struct council *c = service_council(d->service);
    static char text[100000];
    FILE *file = fopen(SOURCE_DIR "/assets/forms/asb.json", "rb");
    size_t len;

    assert_non_null(file);
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    assert_ok(handover_key_ensure(c));
    assert_ok(council_begin(c));
    assert_ok(
        definitions_add_form(c, (struct bytes){ (const uint8_t *)text, len }));
    assert_ok(definitions_add_categories(
        c, (struct bytes){ (const uint8_t *)category, strlen(category) }));
    assert_ok(council_commit(c));
}

static struct store_options store_options(struct real_tablet *r)
{
    return (struct store_options){ .path = "store.db",
                                   .vfs = faultvfs_name(r->disk),
                                   .key32 = { r->key, sizeof(r->key) },
                                   .port = sim_port(r->sim) };
}

enum err real_tablet_open(struct real_tablet *r)
{
    const struct tablet_options options = { .store = store_options(r),
                                            .port = sim_port(r->sim),
                                            .officers = &r->officer,
                                            .officer_count = 1 };
    enum err err = tablet_open(&options, &r->t);

    return err ? err : tablet_sign_in(r->t, &r->officer);
}

void real_tablet_close(struct real_tablet *r)
{
    const size_t open =
        r->t != NULL ? idle_open_statements(store_db(tablet_store(r->t))) : 0;

    tablet_close(r->t);
    r->t = NULL;
    assert_int_equal(open, 0);
}

static void enrol(struct real_tablet *r, const char *name)
{
    struct sdb_device row = { .state = SDB_DEVICE_ACTIVE };
    struct sdb_certificate cert;

    row.id = r->device;
    row.seal_key = r->seal_key.pub;
    snprintf(row.name, sizeof(row.name), "%s", name);
    assert_ok(sdb_device_put(r->desk->db, &row));
    assert_ok(sdb_device_allow(r->desk->db, &r->device, &r->officer));
    memset(&cert, 0, sizeof(cert));
    cert.fingerprint = r->cert;
    cert.device = r->device;
    assert_ok(sdb_certificate_put(r->desk->db, &cert));
}

void real_tablet_new(struct desk *d, const char *name, uint64_t seed,
                     struct real_tablet *out)
{
    const struct sim_port_options machine = { &d->world_ms, 1790000000000,
                                              seed };
    struct store_options options;
    struct crypto_random random;
    struct evlog_identity id;
    struct store *store;

    memset(out, 0, sizeof(*out));
    memset(&id, 0, sizeof(id));
    out->desk = d;
    out->officer = d->officer;
    memset(out->key, (int)seed, sizeof(out->key));
    assert_ok(sim_port_new(&machine, &out->sim));
    assert_ok(faultvfs_new(seed, &out->disk));
    random = port_random(sim_port(out->sim));
    assert_ok(random.fill(random.ctx, out->device.bytes, 16));
    assert_ok(random.fill(random.ctx, id.incarnation.bytes, 16));
    assert_ok(random.fill(random.ctx, out->cert.bytes, 32));
    assert_ok(crypto_ec_new(random, &out->seal_key));
    enrol(out, name);
    id.council = d->council.id;
    id.device = out->device;
    id.seal_key = out->seal_key;
    id.server_key = id.recovery_key = d->council.seal_key.pub;
    options = store_options(out);
    assert_ok(store_open(&options, &store));
    assert_ok(evlog_init(store, &id));
    store_close(store);
    assert_ok(real_tablet_open(out));
}

void real_tablet_free(struct real_tablet *r)
{
    real_tablet_close(r);
    faultvfs_free(r->disk);
    sim_port_free(r->sim);
}

/* --- the network --- */

static void fill_request(struct real_tablet *r, const struct sync_request *q,
                         struct service_request *in)
{
    static const enum service_method methods[] = {
        [SYNC_POST] = METHOD_POST,
        [SYNC_HEAD] = METHOD_HEAD,
        [SYNC_PATCH] = METHOD_PATCH,
        [SYNC_GET] = METHOD_GET,
    };
    const size_t path = strcspn(q->path, "?");

    memset(in, 0, sizeof(*in));
    in->listener = LISTENER_DEVICE;
    in->method = methods[q->method];
    memcpy(in->path, q->path, path);
    if (q->path[path] == '?') {
        snprintf(in->query, sizeof(in->query), "%s", q->path + path + 1);
    }
    snprintf(in->content_type, sizeof(in->content_type), "%s", q->content_type);
    in->has_upload_offset = q->method == SYNC_PATCH;
    in->upload_offset = q->upload_offset;
    in->upload_length = q->upload_length;
    in->has_peer = true;
    in->device = r->device;
    in->peer_cert = r->cert;
    in->body = q->body;
}

static void feed(struct sync *s, uint64_t mono,
                 const struct service_response *a)
{
    struct sync_response r = { .status = a->status,
                               .content_type = a->content_type,
                               .body = buf_bytes(&a->body) };

    if (r.content_type == NULL) {
        r.content_type = "";
    }
    for (size_t i = 0; i < a->header_count; i++) {
        unsigned long long offset;

        if (sscanf(a->headers[i], "Upload-Offset: %llu", &offset) == 1) {
            r.has_offset = true;
            r.upload_offset = offset;
        }
    }
    (void)sync_feed(s, mono, &r);
}

static uint64_t mono(struct real_tablet *r)
{
    const struct port *port = sim_port(r->sim);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.mono_ms;
}

bool real_step(struct real_tablet *r)
{
    static struct service_request in;
    struct service_response answer;
    struct sync_request q;
    struct sync *s;
    uint64_t wake;

    assert_ok(tablet_sync(r->t, &s));
    if (!sync_next(s, mono(r), &q, &wake)) {
        r->desk->world_ms += wake > mono(r) ? wake - mono(r) : 1;
        return false;
    }
    assert_non_null(q.content_type); /* "" says that there is none */
    r->sent[q.method]++;
    fill_request(r, &q, &in);
    service_handle(r->desk->service, &in, &answer);
    if (r->fault != NULL && r->faults_left > 0 && r->fault(r, &q, &answer)) {
        r->faults_left--;
        sync_failed(s, mono(r), ERR_UNREACHABLE, "No answer.");
    } else {
        feed(s, mono(r), &answer);
    }
    buf_fini(&answer.body);
    r->desk->world_ms += 20;
    return true;
}

static void tell_finding(void *ctx, const char *what)
{
    (void)ctx;
    print_error("%s\n", what);
}

void real_fsck(struct real_tablet *r)
{
    assert_ok(store_fsck(tablet_store(r->t), tell_finding, NULL));
}

void real_sync(struct real_tablet *r)
{
    struct sync_status status;
    struct sync *s;

    assert_ok(tablet_sync(r->t, &s));
    sync_now(s, mono(r));
    for (int i = 0; i < STEPS_MAX; i++) {
        const bool is_sent = real_step(r);

        sync_status(s, &status);
        if (!is_sent &&
            (status.state == SYNC_IDLE || status.state == SYNC_STOPPED)) {
            return;
        }
    }
    fail_msg("the engine never rests: %s", status.why);
}

/* --- what people do --- */

void real_photos(struct real_tablet *r, unsigned count, size_t bytes,
                 uint8_t first, struct uuid *record)
{
    static const struct tablet_text_field note = { "note", "with photos" };
    struct tablet_photo photos[8];
    struct tablet_new n = { .what = "ASB",
                            .fields = &note,
                            .field_count = 1,
                            .photos = photos,
                            .photo_count = count };
    uint8_t *original = malloc(bytes);
    uint8_t small[8][700];
    struct buf why;

    assert_true(count <= 8);
    assert_non_null(original);
    for (size_t i = 0; i < bytes; i++) {
        original[i] = (uint8_t)(i * 7 + first);
    }
    for (unsigned i = 0; i < count; i++) {
        memset(small[i], 'a', sizeof(small[i]));
        small[i][0] = (uint8_t)(first + i);
        photos[i] = (struct tablet_photo){ .original = { original, bytes },
                                           .small = { small[i], 700 },
                                           .media_type = "image/jpeg",
                                           .orientation = 1 };
    }
    buf_init(&why, 2000);
    assert_err(tablet_record(r->t, &n, record, &why), ERR_OK);
    buf_fini(&why);
    free(original);
}

struct list {
    struct tablet_photo_item *out;
    size_t count, max;
};

static enum err take(void *ctx, const struct tablet_photo_item *p)
{
    struct list *l = ctx;

    assert_true(l->count < l->max);
    l->out[l->count++] = *p;
    return ERR_OK;
}

size_t real_list(struct real_tablet *r, const struct uuid *record,
                 struct tablet_photo_item *out, size_t max)
{
    struct list l = { .out = out, .max = max };

    assert_ok(tablet_photos(r->t, record, take, &l));
    return l.count;
}
