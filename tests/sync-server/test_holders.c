/* Who gets what: certified keys, closed records, late readers, lost events.
 * What is in a body that is closed doesn't matter here. */
#include "sync-server/access.h"

#include <string.h>

#include "core/cose.h"
#include "core/fields.h"
#include "sync-server/holders.h"
#include "tests/sync-server/desk.h"

static struct desk desk;
static struct desk_tablet author, lead, other;
static struct uuid lead_officer, other_officer, other_team;

static struct uuid add_officer(const char *number, const struct uuid *team)
{
    const struct crypto_random random = port_random(sim_port(desk.machine));
    struct sdb_officer o = { .name = "B. Jones", .is_active = true };

    snprintf(o.number, sizeof(o.number), "%s", number);
    assert_ok(random.fill(random.ctx, o.id.bytes, 16));
    assert_ok(sdb_officer_put(desk.db, &o));
    assert_ok(sdb_officer_join_team(desk.db, &o.id, team));
    return o.id;
}

static void give(struct desk_tablet *t, const struct uuid *officer)
{
    t->officer = *officer;
    assert_ok(sdb_device_allow(desk.db, &t->device, officer));
}

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "author's", &author);
    desk_tablet_new(&desk, "lead's", &lead);
    desk_tablet_new(&desk, "another team's", &other);
    memset(&other_team, 0x77, sizeof(other_team));
    assert_ok(sdb_team_put(desk.db, &other_team, "Another"));
    lead_officer = add_officer("4301", &desk.council.default_team);
    other_officer = add_officer("4302", &other_team);
    give(&lead, &lead_officer);
    give(&other, &other_officer);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&author);
    desk_tablet_free(&lead);
    desk_tablet_free(&other);
    desk_close(&desk);
    return 0;
}

/* --- events --- */

static void record_body(struct desk_tablet *t, uint64_t kind, uint64_t op,
                        const struct uuid *record, struct body_writer *w)
{
    struct desk_event e = { .kind = kind, .op = op, .record = *record };
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &body));
    body_fini(w);
    e.body = buf_bytes(&body);
    desk_record(t, &e);
    buf_fini(&body);
}

static struct uuid id_of(uint8_t n)
{
    struct uuid id;

    memset(&id, n, sizeof(id));
    return id;
}

/* A tablet's grant of a key of its officer. */
static void claim_for(struct desk_tablet *t, uint8_t n, const char *role,
                      const struct uuid *owner)
{
    struct ec_key key = { .d = { n } };
    const struct uuid id = id_of(n);
    struct body_writer w;
    struct buf cose;

    assert_ok(crypto_ec_derive(&key));
    buf_init(&cose, 256);
    cose_key_put(&cose, &key.pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&cose));
    body_put_text(&w, KEY_USE, "holder");
    body_put_uuid(&w, KEY_OWNER, owner);
    if (role != NULL) {
        body_put_text(&w, KEY_ROLE, role);
    }
    record_body(t, KIND_KEY, OP_GRANT, &id, &w);
    buf_fini(&cose);
}

static void claim(struct desk_tablet *t, uint8_t n)
{
    claim_for(t, n, NULL, &t->officer);
}

static void closed(struct desk_tablet *t, uint64_t kind, uint64_t op,
                   const struct uuid *record)
{
    static const uint8_t sealed[] = "ciphertext, as far as the server knows";
    const struct desk_event e = { .kind = kind,
                                  .op = op,
                                  .record = *record,
                                  .body = { sealed, sizeof(sealed) } };

    desk_record(t, &e);
}

static void share(struct desk_tablet *t, uint64_t kind,
                  const struct uuid *record, const struct uuid *holder)
{
    static const uint8_t key[] = "for the holder only";
    struct body_writer w;

    body_begin(&w);
    body_put_uuid(&w, SHARE_HOLDER, holder);
    body_put_bytes(&w, SHARE_CONTENT_KEY, (struct bytes){ key, sizeof(key) });
    record_body(t, kind, OP_SHARE_KEY, record, &w);
}

/* Sends what was made since the last push; how many were not applied. The
 * page of the answer is passed over: receive() counts. */
static size_t push(struct desk_tablet *t, uint64_t first)
{
    const size_t cursors = t->cursor_count;
    struct desk_reply r;
    struct buf before;
    size_t refused;

    buf_init(&before, 65536);
    buf_put(&before, t->cursors.data, t->cursors.len);
    desk_send(t, &(struct desk_push){ .first = first, .last = t->count }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.receipt.sequence, t->count);
    refused = r.msg.exceptions.count;
    desk_reply_free(&r);
    buf_reset(&t->cursors);
    buf_put(&t->cursors, before.data, before.len);
    t->cursor_count = cursors;
    buf_fini(&before);
    return refused;
}

struct wanted {
    struct uuid record;
    uint64_t op; /* 0: any */
};

/* How many events of a record come down now. */
static size_t receive(struct desk_tablet *t, const struct wanted *what)
{
    struct wire_list_reader list;
    struct desk_reply r;
    struct bytes item;
    struct buf header;
    size_t found = 0;

    buf_init(&header, HEADER_MAX_BYTES);
    desk_send(t, &(struct desk_push){ .first = 0 }, &r);
    assert_int_equal(r.status, 200);
    wire_list_open(&list, &r.msg.entries);
    while (wire_list_next(&list, &item)) {
        struct event_header h;
        struct wire_entry e;
        struct bytes salt, body;

        assert_ok(wire_entry_get(item, &e));
        buf_reset(&header);
        assert_ok(event_wire_parse(e.event, &header, &salt, &body));
        assert_ok(event_header_parse(buf_bytes(&header), &h));
        found += uuid_eq(&h.record, &what->record) &&
                 (what->op == 0 || h.op == what->op);
    }
    buf_fini(&header);
    desk_reply_free(&r);
    return found;
}

static size_t receive_record(struct desk_tablet *t, const struct uuid *record)
{
    const struct wanted what = { *record, 0 };

    return receive(t, &what);
}

struct found {
    size_t count;
    struct sdb_holder last;
};

static enum err count_holder(void *ctx, const struct sdb_holder *h)
{
    struct found *f = ctx;

    f->count += !h->is_revoked;
    f->last = *h;
    return ERR_OK;
}

static struct found holders(void)
{
    struct found f = { 0 };

    assert_ok(sdb_holder_all(desk.db, count_holder, &f));
    return f;
}

/* The lead claims a key and has a role: the id of the certificate. */
static struct uuid make_holder(const char *role)
{
    assert_ok(sdb_officer_add_role(desk.db, &lead_officer, role));
    claim(&lead, 0x31);
    assert_int_equal(push(&lead, lead.count), 0);
    assert_int_equal(holders().count, 1);
    return holders().last.id;
}

/* --- */

static void a_key_is_certified_for_a_role_that_its_officer_has(void **state)
{
    struct uuid certificate;
    struct found f;

    (void)state;
    claim(&author, 0x30);
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(holders().count, 0);
    certificate = make_holder("safeguarding-lead");
    f = holders();
    assert_memory_equal(&f.last.officer, &lead_officer, 16);
    assert_string_equal(f.last.role, "safeguarding-lead");
    /* Everybody who may have to seal learns of it. */
    assert_int_equal(receive_record(&author, &certificate), 1);
    assert_int_equal(receive_record(&other, &certificate), 1);
}

static void a_role_that_comes_later_certifies_the_keys_there_are(void **state)
{
    (void)state;
    claim(&lead, 0x31);
    assert_int_equal(push(&lead, 1), 0);
    assert_int_equal(holders().count, 0);
    assert_ok(sdb_officer_add_role(desk.db, &lead_officer, "team-leader"));
    assert_ok(council_begin(&desk.council));
    assert_ok(holders_certify(&desk.council, &lead_officer));
    assert_ok(holders_certify(&desk.council, &lead_officer));
    assert_ok(council_commit(&desk.council));
    assert_int_equal(holders().count, 1);
}

static void a_tablet_can_name_neither_a_role_nor_anothers_key(void **state)
{
    (void)state;
    claim_for(&author, 0x30, "safeguarding-lead", &author.officer);
    claim_for(&author, 0x32, NULL, &lead_officer);
    assert_int_equal(push(&author, 1), 2);
    assert_int_equal(holders().count, 0);
}

static void a_share_brings_its_holder_the_record_and_what_was_before(void **s)
{
    const struct uuid certificate = make_holder("safeguarding-lead");
    const struct uuid record = id_of(0x90);

    (void)s;
    (void)receive_record(&lead, &record);
    closed(&author, KIND_RESTRICTED, OP_CREATE, &record);
    closed(&author, KIND_RESTRICTED, OP_SET, &record);
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(receive_record(&lead, &record), 0);
    share(&author, KIND_RESTRICTED, &record, &certificate);
    assert_int_equal(push(&author, 3), 0);
    assert_int_equal(receive_record(&lead, &record), 3);
    assert_int_equal(receive_record(&lead, &record), 0);
    closed(&author, KIND_RESTRICTED, OP_SET, &record);
    assert_int_equal(push(&author, 4), 0);
    assert_int_equal(receive_record(&lead, &record), 1);
    assert_int_equal(receive_record(&other, &record), 0);
}

static void a_sealed_record_goes_to_holders_and_not_back_to_its_author(void **s)
{
    const struct uuid certificate = make_holder("safeguarding-lead");
    const struct uuid record = id_of(0x90);
    struct desk_tablet second;

    (void)s;
    desk_tablet_new(&desk, "author's second", &second);
    closed(&author, KIND_SEALED, OP_CREATE, &record);
    share(&author, KIND_SEALED, &record, &certificate);
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(receive_record(&lead, &record), 2);
    assert_int_equal(receive_record(&second, &record), 0);
    assert_int_equal(receive_record(&other, &record), 0);
    desk_tablet_free(&second);
}

static void a_sealed_record_is_never_changed(void **state)
{
    const struct uuid record = id_of(0x90);

    (void)state;
    closed(&author, KIND_SEALED, OP_CREATE, &record);
    closed(&author, KIND_SEALED, OP_ANSWER, &record);
    assert_int_equal(push(&author, 1), 0);
    closed(&author, KIND_SEALED, OP_SET, &record);
    closed(&author, KIND_SEALED, OP_STRIKE, &record);
    closed(&author, KIND_SEALED, OP_RESOLVE, &record);
    assert_int_equal(push(&author, 3), 3);
}

static void a_revoked_holder_gets_nothing_by_new_shares(void **state)
{
    const struct uuid certificate = make_holder("safeguarding-lead");
    const struct uuid record = id_of(0x90);

    (void)state;
    assert_ok(council_begin(&desk.council));
    assert_ok(holders_revoke(&desk.council, &lead_officer, NULL));
    assert_ok(council_commit(&desk.council));
    assert_int_equal(holders().count, 0);
    closed(&author, KIND_RESTRICTED, OP_CREATE, &record);
    share(&author, KIND_RESTRICTED, &record, &certificate);
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(receive_record(&lead, &record), 0);
    {
        const struct wanted revoke = { certificate, OP_REVOKE };

        assert_int_equal(receive(&author, &revoke), 1);
    }
}

static void a_team_that_joins_in_gets_the_record_from_its_start(void **state)
{
    const struct uuid record = id_of(0x90);

    (void)state;
    for (int i = 0; i < 3; i++) {
        desk_record(&author, &(struct desk_event){ .record = record });
    }
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(receive_record(&lead, &record), 3);
    assert_int_equal(receive_record(&other, &record), 0);
    desk_record(&other, &(struct desk_event){ .record = record });
    assert_int_equal(push(&other, 1), 0);
    assert_int_equal(receive_record(&other, &record), 3);
    assert_int_equal(receive_record(&lead, &record), 1);
}

static void what_comes_late_comes_in_pages(void **state)
{
    const struct uuid record = id_of(0x90);
    struct desk_reply r;
    size_t pages = 0;
    bool more = true;

    (void)state;
    (void)receive_record(&other, &record);
    for (int i = 0; i < 20; i++) {
        desk_record(&author, &(struct desk_event){ .record = record });
    }
    assert_int_equal(push(&author, 1), 0);
    desk_record(&other, &(struct desk_event){ .record = record });
    assert_int_equal(push(&other, 1), 0); /* its answer: 20 would fit */
    other.cursor_count = 0;
    buf_reset(&other.cursors);
    for (; more; pages++) {
        desk_send(&other, &(struct desk_push){ .max_rows = 6 }, &r);
        assert_true(r.msg.entries.count <= 6);
        more = r.msg.has_more;
        desk_reply_free(&r);
    }
    assert_in_range(pages, 4, 5); /* 20 late ones and the council's two */
}

static void a_tablet_put_back_gets_what_it_wrote_since_from_the_server(void **s)
{
    const struct uuid record = id_of(0x90);
    struct desk_tablet copy;

    (void)s;
    desk_record(&author, &(struct desk_event){ .record = record });
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(receive_record(&author, &record), 0);
    desk_tablet_clone(&author, &copy);
    for (int i = 0; i < 3; i++) {
        desk_record(&author, &(struct desk_event){ .record = record });
    }
    assert_int_equal(push(&author, 2), 0);
    /* The older copy comes in a life of its own. */
    memset(&copy.incarnation, 0x5a, 16);
    copy.count = 0;
    assert_int_equal(receive_record(&copy, &record), 3);
    assert_int_equal(receive_record(&copy, &record), 0);
    /* In the life that it has, a tablet isn't told what it wrote itself. */
    assert_int_equal(receive_record(&author, &record), 0);
    desk_tablet_free(&copy);
}

/* --- who is shut out --- */

/* What enrolment does: the tablet's seal key becomes an event. */
static void grant_seal_key(const struct desk_tablet *t, uint8_t n)
{
    struct evlog_new e = { .record = id_of(n),
                           .kind = KIND_KEY,
                           .op = OP_GRANT };
    struct body_writer w;
    struct buf key, body;

    buf_init(&key, 256);
    buf_init(&body, 1024);
    cose_key_put(&key, &t->key.pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, "seal");
    body_put_uuid(&w, KEY_OWNER, &t->device);
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    assert_ok(council_record(&desk.council, &e, 1));
    buf_fini(&key);
    buf_fini(&body);
}

static void end_access(const struct uuid *id,
                       enum err (*end)(struct council *, const struct uuid *))
{
    assert_ok(council_begin(&desk.council));
    assert_ok(end(&desk.council, id));
    assert_ok(council_commit(&desk.council));
}

static uint64_t stopped(struct desk_tablet *t, size_t *entries)
{
    struct desk_reply r;
    uint64_t stop;

    desk_send(t, &(struct desk_push){ .first = 0 }, &r);
    assert_int_equal(r.status, 200);
    stop = r.msg.has_stop ? r.msg.stop : 0;
    *entries = r.msg.entries.count;
    desk_reply_free(&r);
    return stop;
}

static void a_tablet_that_is_shut_out_only_sends_and_that_is_kept_apart(
    void **s)
{
    const struct wanted key = { id_of(0xa1), OP_REVOKE };
    const struct wanted device = { author.device, OP_REVOKE };
    const struct wanted note = { id_of(0x90), 0 };
    struct desk_tablet told;
    struct sdb_device row;
    size_t entries;

    (void)s;
    grant_seal_key(&author, 0xa1);
    grant_seal_key(&lead, 0xa2);
    desk_record(&author, &(struct desk_event){ .record = note.record });
    assert_int_equal(push(&author, 1), 0);
    end_access(&author.device, access_end_device);
    end_access(&author.device, access_end_device); /* once is enough */
    desk_record(&author, &(struct desk_event){ .record = note.record });
    assert_int_equal(push(&author, 2), 1);
    assert_int_equal(stopped(&author, &entries), WIRE_STOP_REVOKED);
    assert_int_equal(entries, 0);
    desk_tablet_new(&desk, "looks on", &told);
    assert_int_equal(receive(&told, &key), 1);
    desk_tablet_free(&told);
    assert_int_equal(receive(&other, &device), 1);
    assert_int_equal(receive(&lead, &note), 1); /* the first one only */
    assert_ok(sdb_device_get(desk.db, &author.device, &row));
    assert_true(row.revoked_position > 0);
}

static void an_officer_who_is_shut_out_gets_nothing_wherever_a_pin_is(void **s)
{
    const struct uuid certificate = make_holder("safeguarding-lead");
    const struct wanted out = { lead_officer, OP_REVOKE };
    const struct uuid record = id_of(0x90);

    (void)s;
    end_access(&lead_officer, access_end_officer);
    assert_int_equal(holders().count, 0);
    closed(&author, KIND_RESTRICTED, OP_CREATE, &record);
    share(&author, KIND_RESTRICTED, &record, &certificate);
    desk_record(&author, &(struct desk_event){ .record = id_of(0x91) });
    assert_int_equal(push(&author, 1), 0);
    assert_int_equal(receive_record(&lead, &record), 0);
    {
        const struct uuid open = id_of(0x91);

        assert_int_equal(receive_record(&lead, &open), 0);
    }
    assert_int_equal(receive(&other, &out), 1);
    desk_record(&lead, &(struct desk_event){ .record = record });
    assert_int_equal(push(&lead, lead.count), 1);
}

static void a_certificate_that_is_shut_out_downloads_nothing(void **state)
{
    struct sdb_certificate cert;
    size_t entries;

    (void)state;
    assert_ok(sdb_certificate_get(desk.db, &author.cert, &cert));
    cert.is_revoked = true;
    assert_ok(sdb_certificate_put(desk.db, &cert));
    assert_int_equal(stopped(&author, &entries), WIRE_STOP_REENROL);
    assert_int_equal(entries, 0);
    desk_record(&author, &(struct desk_event){ .kind = 0 });
    assert_int_equal(push(&author, 1), 0); /* the tablet is in order */
}

static void a_tablet_for_one_officer_takes_no_other_ones_key(void **state)
{
    (void)state;
    assert_ok(sdb_device_bind(desk.db, &author.device));
    claim(&author, 0x30);
    assert_int_equal(push(&author, 1), 0);
    author.officer = lead_officer;
    claim(&author, 0x31);
    assert_int_equal(push(&author, 2), 1);
    {
        bool is_allowed;

        assert_ok(sdb_device_allows(desk.db, &author.device, &lead_officer,
                                    &is_allowed));
        assert_false(is_allowed);
    }
}

/* The disk as it was, and the service on it. */
static void restore(struct faultvfs *backup)
{
    service_close(desk.service);
    council_close(&desk.council);
    sdb_close(desk.db);
    assert_ok(faultvfs_copy(desk.disk, backup));
    faultvfs_free(backup);
    assert_ok(
        service_open(&(struct service_options){ "c", faultvfs_name(desk.disk),
                                                sim_port(desk.machine) },
                     &desk.service));
    assert_ok(sdb_open("c", faultvfs_name(desk.disk), &desk.db));
    assert_ok(council_open(desk.db, sim_port(desk.machine), &desk.council));
}

/* A page as the tablet keeps it, to be given back. */
static void keep_page(const struct desk_reply *r, struct buf *offer)
{
    struct wire_list_reader list;
    struct wire_list_writer leaves, events;
    struct wire_offer o;
    struct bytes item;
    struct buf header, array;

    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&array, 65536);
    wire_list_begin(&leaves, 65536);
    wire_list_begin(&events, SYNC_PLAIN_MAX_BYTES);
    wire_list_open(&list, &r->msg.entries);
    while (wire_list_next(&list, &item)) {
        struct wire_leaf leaf;
        struct wire_entry e;
        struct bytes salt, body;

        assert_ok(wire_entry_get(item, &e));
        buf_reset(&header);
        assert_ok(event_wire_parse(e.event, &header, &salt, &body));
        leaf.position = e.position;
        crypto_sha256(buf_bytes(&header), &leaf.header);
        wire_leaf_put(wire_list_item(&leaves), &leaf);
        cbor_put_bytes(wire_list_item(&events), e.event.data, e.event.len);
    }
    cbor_put_array(&array, leaves.count);
    cbor_put_raw(&array, buf_bytes(&leaves.items));
    o.seal = r->msg.page;
    o.leaves = buf_bytes(&array);
    o.events = wire_list_view(&events);
    wire_offer_put(offer, &o);
    assert_ok(offer->err);
    wire_list_fini(&leaves);
    wire_list_fini(&events);
    buf_fini(&header);
    buf_fini(&array);
}

static void who_was_shut_out_stays_out_when_a_backup_forgot_it(void **state)
{
    struct faultvfs *backup;
    struct desk_reply r;
    struct sdb_device row;
    struct sdb_officer officer;
    struct buf offer;

    (void)state;
    buf_init(&offer, SYNC_PLAIN_MAX_BYTES);
    assert_ok(faultvfs_new(5, &backup));
    assert_ok(faultvfs_copy(backup, desk.disk));
    end_access(&lead.device, access_end_device);
    end_access(&lead_officer, access_end_officer);
    desk_send(&other, &(struct desk_push){ .first = 0 }, &r);
    assert_true(r.msg.has_page);
    keep_page(&r, &offer);
    desk_reply_free(&r);
    restore(backup);
    assert_ok(sdb_device_get(desk.db, &lead.device, &row));
    assert_int_equal(row.state, SDB_DEVICE_ACTIVE);
    desk_send(&other, &(struct desk_push){ .offer = buf_bytes(&offer) }, &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
    assert_ok(sdb_device_get(desk.db, &lead.device, &row));
    assert_int_equal(row.state, SDB_DEVICE_REVOKED);
    assert_ok(sdb_officer_get(desk.db, &lead_officer, &officer));
    assert_false(officer.is_active);
    buf_fini(&offer);
}

/* A tablet gives back a page with the end, which the server still has. */
static void who_was_let_in_again_is_in_when_a_page_comes_back(void **state)
{
    struct sdb_officer officer;
    struct desk_reply r;
    struct buf offer;

    (void)state;
    buf_init(&offer, SYNC_PLAIN_MAX_BYTES);
    end_access(&lead_officer, access_end_officer);
    desk_send(&other, &(struct desk_push){ .first = 0 }, &r);
    assert_true(r.msg.has_page);
    keep_page(&r, &offer);
    desk_reply_free(&r);
    assert_ok(sdb_officer_get(desk.db, &lead_officer, &officer));
    officer.is_active = true;
    assert_ok(council_begin(&desk.council));
    assert_ok(sdb_officer_put(desk.db, &officer));
    assert_ok(access_grant(&desk.council, &lead_officer, "safeguarding-lead"));
    assert_ok(council_commit(&desk.council));
    desk_send(&other, &(struct desk_push){ .offer = buf_bytes(&offer) }, &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
    assert_ok(sdb_officer_get(desk.db, &lead_officer, &officer));
    assert_true(officer.is_active);
    buf_fini(&offer);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_key_is_certified_for_a_role_that_its_officer_has),
        T(a_role_that_comes_later_certifies_the_keys_there_are),
        T(a_tablet_can_name_neither_a_role_nor_anothers_key),
        T(a_share_brings_its_holder_the_record_and_what_was_before),
        T(a_sealed_record_goes_to_holders_and_not_back_to_its_author),
        T(a_sealed_record_is_never_changed),
        T(a_revoked_holder_gets_nothing_by_new_shares),
        T(a_team_that_joins_in_gets_the_record_from_its_start),
        T(what_comes_late_comes_in_pages),
        T(a_tablet_put_back_gets_what_it_wrote_since_from_the_server),
        T(a_tablet_that_is_shut_out_only_sends_and_that_is_kept_apart),
        T(an_officer_who_is_shut_out_gets_nothing_wherever_a_pin_is),
        T(a_certificate_that_is_shut_out_downloads_nothing),
        T(a_tablet_for_one_officer_takes_no_other_ones_key),
        T(who_was_shut_out_stays_out_when_a_backup_forgot_it),
        T(who_was_let_in_again_is_in_when_a_page_comes_back),
    };

    return RUN_TESTS(tests);
}
