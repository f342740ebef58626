#include "tests/sync-server/desk.h"

#include <stdio.h>
#include <string.h>

static enum err random_bytes(struct desk *d, void *out, size_t len)
{
    const struct port *port = sim_port(d->machine);

    return port->ops->random(port->ctx, out, len);
}

static void open_service(struct desk *d)
{
    const struct service_options options = { "c", faultvfs_name(d->disk),
                                             sim_port(d->machine) };

    assert_ok(service_open(&options, &d->service));
    assert_ok(sdb_open("c", faultvfs_name(d->disk), &d->db));
    assert_ok(council_open(d->db, sim_port(d->machine), &d->council));
}

void desk_open(struct desk *d)
{
    const struct sim_port_options machine = { &d->world_ms, 1790000000000, 7 };
    struct sdb_officer officer = { .number = "4417",
                                   .name = "A. Khan",
                                   .is_active = true };
    struct sdb *db;

    memset(d, 0, sizeof(*d));
    assert_ok(sim_port_new(&machine, &d->machine));
    assert_ok(faultvfs_new(11, &d->disk));
    assert_ok(sdb_open("c", faultvfs_name(d->disk), &db));
    assert_ok(council_init(db, sim_port(d->machine), "Westbrook"));
    sdb_close(db);
    open_service(d);
    assert_ok(random_bytes(d, &d->officer, sizeof(d->officer)));
    officer.id = d->officer;
    assert_ok(sdb_officer_put(d->db, &officer));
    assert_ok(
        sdb_officer_join_team(d->db, &d->officer, &d->council.default_team));
}

static void close_service(struct desk *d)
{
    service_close(d->service);
    council_close(&d->council);
    sdb_close(d->db);
}

void desk_restart(struct desk *d)
{
    close_service(d);
    faultvfs_restart(d->disk, true);
    open_service(d);
}

void desk_close(struct desk *d)
{
    close_service(d);
    faultvfs_free(d->disk);
    sim_port_free(d->machine);
}

void desk_tablet_new(struct desk *d, const char *name, struct desk_tablet *t)
{
    struct sdb_device row;
    struct sdb_certificate cert;

    memset(t, 0, sizeof(*t));
    t->desk = d;
    t->officer = d->officer;
    assert_ok(random_bytes(d, &t->device, 16));
    assert_ok(random_bytes(d, &t->incarnation, 16));
    assert_ok(random_bytes(d, &t->cert, 32));
    assert_ok(crypto_ec_new(port_random(sim_port(d->machine)), &t->key));
    for (size_t i = 0; i <= DESK_EVENTS_MAX; i++) {
        buf_init(&t->wire[i], HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    }
    buf_init(&t->receipt, 4096);
    buf_init(&t->cursors, 65536);
    memset(&row, 0, sizeof(row));
    row.id = t->device;
    snprintf(row.name, sizeof(row.name), "%s", name);
    row.state = SDB_DEVICE_ACTIVE;
    row.seal_key = t->key.pub;
    row.enrolled_ms = council_now(&d->council);
    assert_ok(sdb_device_put(d->db, &row));
    assert_ok(sdb_device_allow(d->db, &t->device, &t->officer));
    memset(&cert, 0, sizeof(cert));
    cert.fingerprint = t->cert;
    cert.device = t->device;
    assert_ok(sdb_certificate_put(d->db, &cert));
}

void desk_tablet_free(struct desk_tablet *t)
{
    for (size_t i = 0; i <= DESK_EVENTS_MAX; i++) {
        buf_fini(&t->wire[i]);
    }
    buf_fini(&t->receipt);
    buf_fini(&t->cursors);
}

static void copy_buf(struct buf *to, const struct buf *from)
{
    buf_init(to, from->max);
    buf_put(to, from->data, from->len);
}

void desk_tablet_clone(const struct desk_tablet *from, struct desk_tablet *to)
{
    *to = *from;
    for (size_t i = 0; i <= DESK_EVENTS_MAX; i++) {
        copy_buf(&to->wire[i], &from->wire[i]);
    }
    copy_buf(&to->receipt, &from->receipt);
    copy_buf(&to->cursors, &from->cursors);
}

static void fill_header(struct desk_tablet *t, const struct desk_event *e,
                        struct event_header *h)
{
    struct port_time now;
    const struct port *port = sim_port(t->desk->machine);

    memset(h, 0, sizeof(*h));
    port->ops->now(port->ctx, &now);
    h->envelope = EVENT_ENVELOPE;
    h->device = t->device;
    h->incarnation = t->incarnation;
    h->sequence = t->count;
    h->hlc = hlc_next(&t->hlc, now.wall_ms);
    h->wall_ms = now.wall_ms;
    h->mono_ms = now.mono_ms;
    h->boot = now.boot;
    h->officer = uuid_is_zero(&e->officer) ? t->officer : e->officer;
    h->record = e->record;
    if (uuid_is_zero(&e->record)) {
        assert_ok(random_bytes(t->desk, &h->record, 16));
    }
    h->kind = e->kind ? e->kind : KIND_OBSERVATION;
    h->kind_version = 1;
    h->op = e->op ? e->op : OP_CREATE;
    if (!hash_eq(&e->blob, &(struct hash){ { 0 } })) {
        h->blob_count = 1;
        h->blobs[0] = e->blob;
    }
    if (e->form != NULL) {
        snprintf(h->form, sizeof(h->form), "%s", e->form);
        h->form_version = 1;
    }
}

void desk_record(struct desk_tablet *t, const struct desk_event *e)
{
    uint8_t salt[EVENT_SALT_SIZE];
    struct event_header h;
    struct body_writer w;
    struct buf header, body;
    char text[32];

    assert_true(t->count < DESK_EVENTS_MAX);
    t->count++;
    fill_header(t, e, &h);
    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&body, BODY_MAX_BYTES);
    if (e->body.data != NULL) {
        buf_put(&body, e->body.data, e->body.len);
    } else {
        snprintf(text, sizeof(text), "note %d", (int)t->count);
        body_begin(&w);
        body_put_text(&w, FIELD_NOTE, text);
        assert_ok(body_end(&w, &body));
        body_fini(&w);
    }
    assert_ok(random_bytes(t->desk, salt, sizeof(salt)));
    event_commit(salt, buf_bytes(&body), &h.commitment);
    assert_ok(event_header_put(&header, &h));
    event_link(&t->link[t->count - 1], buf_bytes(&header), &t->link[t->count]);
    buf_reset(&t->wire[t->count]);
    assert_ok(event_wire_put(&t->wire[t->count], buf_bytes(&header), salt,
                             buf_bytes(&body)));
    buf_fini(&header);
    buf_fini(&body);
}

void desk_note(struct desk_tablet *t, const char *text)
{
    struct desk_event e;
    struct body_writer w;
    struct buf body;

    memset(&e, 0, sizeof(e));
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(t, &e);
    buf_fini(&body);
}

/* --- the exchange --- */

static void put_events(struct desk_tablet *t, const struct desk_push *p,
                       struct wire_list_writer *events, struct buf *seal)
{
    const struct event_seal what = { t->device, t->incarnation, p->last,
                                     t->link[p->last] };

    for (uint64_t i = p->first; i <= p->last; i++) {
        cbor_put_bytes(wire_list_item(events), t->wire[i].data, t->wire[i].len);
    }
    assert_ok(event_seal_put(seal, &t->key, &what));
    if (p->is_bad_seal) {
        seal->data[seal->len - 1] ^= 1;
    }
}

void desk_encode(struct desk_tablet *t, const struct desk_push *p,
                 struct buf *out)
{
    struct wire_list_writer officers, events, offers, blobs;
    struct wire_exchange x;
    struct buf seal;

    memset(&x, 0, sizeof(x));
    wire_list_begin(&officers, 1024);
    wire_list_begin(&events, SYNC_PLAIN_MAX_BYTES);
    wire_list_begin(&offers, SYNC_PLAIN_MAX_BYTES);
    wire_list_begin(&blobs, 65536);
    buf_init(&seal, 1024);
    x.version = WIRE_VERSION;
    x.device = t->device;
    x.incarnation = t->incarnation;
    x.head_sequence = t->count;
    x.head_link = t->link[t->count];
    x.has_receipt = t->receipt.len > 0 && !p->forgets_receipt;
    x.receipt = buf_bytes(&t->receipt);
    x.cursors = (struct wire_list){ t->cursor_count, buf_bytes(&t->cursors) };
    cbor_put_uuid(wire_list_item(&officers), &t->officer);
    x.officers = wire_list_view(&officers);
    if (p->first > 0) {
        put_events(t, p, &events, &seal);
        x.has_first = x.has_events = x.has_seal = true;
        x.first = p->first;
        x.events = wire_list_view(&events);
        x.seal = buf_bytes(&seal);
    }
    if (p->offer.len > 0) {
        cbor_put_raw(wire_list_item(&offers), p->offer);
        x.has_offers = true;
        x.offers = wire_list_view(&offers);
    }
    for (size_t i = 0; i < p->blob_count; i++) {
        cbor_put_hash(wire_list_item(&blobs), &p->blobs[i]);
        x.has_blobs = true;
        x.blobs = wire_list_view(&blobs);
    }
    x.max_rows = p->max_rows ? p->max_rows : SYNC_BATCH_MAX;
    x.max_bytes = SYNC_EVENTS_MAX_BYTES;
    wire_exchange_put(out, &x);
    assert_ok(out->err);
    wire_list_fini(&officers);
    wire_list_fini(&events);
    wire_list_fini(&offers);
    wire_list_fini(&blobs);
    buf_fini(&seal);
}

static void keep(struct desk_tablet *t, const struct desk_reply *r)
{
    buf_reset(&t->receipt);
    buf_put(&t->receipt, r->msg.receipt.data, r->msg.receipt.len);
    if (r->msg.cursors.count > 0) {
        buf_reset(&t->cursors);
        buf_put(&t->cursors, r->msg.cursors.items.data,
                r->msg.cursors.items.len);
        t->cursor_count = r->msg.cursors.count;
    }
}

void desk_send_raw(struct desk_tablet *t, const char *type, struct bytes body,
                   struct desk_reply *out)
{
    struct service_request in;
    struct service_response answer;

    memset(&in, 0, sizeof(in));
    memset(out, 0, sizeof(*out));
    in.listener = LISTENER_DEVICE;
    in.method = METHOD_POST;
    snprintf(in.path, sizeof(in.path), "/v1/exchange");
    snprintf(in.content_type, sizeof(in.content_type), "%s", type);
    in.has_peer = true;
    in.device = t->device;
    in.peer_cert = t->cert;
    in.body = body;
    service_handle(t->desk->service, &in, &answer);
    out->status = answer.status;
    out->body = answer.body;
    buf_init(&out->plain, SYNC_PLAIN_MAX_BYTES);
    if (answer.status == 200) {
        assert_ok(wire_unpack(&out->plain, answer.content_type,
                              buf_bytes(&answer.body)));
        assert_ok(wire_reply_get(buf_bytes(&out->plain), &out->msg));
        assert_ok(wire_receipt_open(
            out->msg.receipt, &t->desk->council.seal_key.pub, &out->receipt));
        keep(t, out);
    }
}

void desk_send(struct desk_tablet *t, const struct desk_push *p,
               struct desk_reply *out)
{
    struct buf plain, packed;
    const char *type;

    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    buf_init(&packed, SYNC_PLAIN_MAX_BYTES);
    desk_encode(t, p, &plain);
    assert_ok(wire_pack(&packed, buf_bytes(&plain), &type));
    desk_send_raw(t, type, buf_bytes(&packed), out);
    buf_fini(&plain);
    buf_fini(&packed);
}

void desk_reply_free(struct desk_reply *r)
{
    buf_fini(&r->plain);
    buf_fini(&r->body);
}
