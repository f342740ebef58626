#include <string.h>

#include "core/cose.h"
#include "core/merkle.h"
#include "core/wire.h"
#include "tests/sync-server/desk.h"

#define EVENTS 11

static struct desk desk;
static struct desk_tablet a;

static int set_up(void **state)
{
    struct desk_reply r;

    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &a);
    for (int i = 0; i < EVENTS; i++) {
        desk_record(&a, &(struct desk_event){ 0 });
    }
    desk_send(&a, &(struct desk_push){ .first = 1, .last = EVENTS }, &r);
    assert_int_equal(r.receipt.sequence, EVENTS);
    desk_reply_free(&r);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&a);
    desk_close(&desk);
    return 0;
}

static int ask_at(enum service_listener listener, const char *query,
                  struct buf *body)
{
    struct service_request in = { .listener = listener,
                                  .method = METHOD_GET,
                                  .has_peer = true };
    struct service_response r;

    in.device = a.device;
    in.peer_cert = a.cert;
    snprintf(in.path, sizeof(in.path), "/v1/proof");
    snprintf(in.query, sizeof(in.query), "%s", query);
    service_handle(desk.service, &in, &r);
    *body = r.body;
    return r.status;
}

static int status_of(const char *query)
{
    struct buf body;
    int status = ask_at(LISTENER_DEVICE, query, &body);

    buf_fini(&body);
    return status;
}

/* Parses the answer; its seal must be the server's over just that. */
static void ask(const char *query, struct buf *body, struct wire_proof *out,
                struct merkle_proof *path)
{
    struct wire_checkpoint at;
    struct wire_list_reader list;
    struct cose_sign1 seal;
    struct bytes item;

    assert_int_equal(ask_at(LISTENER_DEVICE, query, body), 200);
    assert_ok(wire_proof_get(buf_bytes(body), out));
    assert_ok(cose_sign1_parse(out->seal, &seal));
    assert_ok(cose_sign1_verify(
        &seal, &desk.council.seal_key.pub, (struct bytes){ NULL, 0 },
        (struct bytes){ (const uint8_t *)WIRE_AAD_CHECKPOINT,
                        strlen(WIRE_AAD_CHECKPOINT) }));
    assert_ok(wire_checkpoint_get(seal.payload, &at));
    assert_int_equal(at.size, out->size);
    assert_true(hash_eq(&at.root, &out->root));
    path->count = 0;
    wire_list_open(&list, &out->nodes);
    while (wire_list_next(&list, &item)) {
        assert_ok(wire_item_hash(item, &path->nodes[path->count++]));
    }
}

static void every_leaf_is_proved_in_every_tree_that_has_it(void **state)
{
    (void)state;
    for (unsigned size = 1; size <= EVENTS; size++) {
        for (unsigned leaf = 0; leaf < size; leaf++) {
            struct merkle_proof path;
            struct sdb_event e;
            struct wire_proof p;
            struct buf body;
            char query[60];

            snprintf(query, sizeof(query), "leaf=%u&size=%u", leaf, size);
            ask(query, &body, &p, &path);
            assert_ok(sdb_event_at(desk.db, leaf, &e));
            assert_ok(merkle_check((struct bytes){ e.header_hash.bytes, 32 },
                                   leaf, size, &path, &p.root));
            e.header_hash.bytes[0] ^= 1;
            assert_err(merkle_check((struct bytes){ e.header_hash.bytes, 32 },
                                    leaf, size, &path, &p.root),
                       ERR_BAD_HASH);
            buf_fini(&body);
        }
    }
}

static void each_older_tree_is_proved_to_be_a_prefix(void **state)
{
    (void)state;
    for (unsigned old = 1; old <= EVENTS; old++) {
        struct merkle_proof path, none;
        struct wire_proof now, then;
        struct buf body, old_body;
        char query[60];

        snprintf(query, sizeof(query), "leaf=0&size=%u", old);
        ask(query, &old_body, &then, &none);
        snprintf(query, sizeof(query), "old=%u", old);
        ask(query, &body, &now, &path);
        assert_true(now.has_old_size && now.old_size == old);
        assert_ok(
            merkle_check_prefix(old, &then.root, now.size, &now.root, &path));
        then.root.bytes[5] ^= 1;
        assert_err(
            merkle_check_prefix(old, &then.root, now.size, &now.root, &path),
            ERR_BAD_HASH);
        buf_fini(&body);
        buf_fini(&old_body);
    }
}

static void a_question_that_makes_no_sense_gets_no_proof(void **state)
{
    static const struct {
        const char *query;
        int status;
    } rows[] = {
        { "", 400 },
        { "leaf=1&old=1", 400 },
        { "leaf=", 400 },
        { "leaf=x", 400 },
        { "leaf=-1", 400 },
        { "leaf=1234567890123456789", 400 },
        { "leaf", 400 },
        { "leaf=1&what=2", 400 },
        { "leaf=1&log=12", 400 },
        { "leaf=1&log=zz345678901234567890123456789012", 400 },
        { "leaf=0&log=00345678901234567890123456789012", 404 },
        { "leaf=999999", 404 },
        { "leaf=5&size=5", 404 },
        { "leaf=0&size=999999", 404 },
        { "old=999999", 404 },
        { "old=6&size=5", 404 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (status_of(rows[i].query) != rows[i].status) {
            fail_msg("%s: %d", rows[i].query, status_of(rows[i].query));
        }
    }
}

static void a_proof_is_for_tablets_that_may_download(void **state)
{
    struct sdb_device row;
    struct buf body;

    (void)state;
    assert_int_equal(ask_at(LISTENER_WEB, "leaf=0", &body), 404);
    buf_fini(&body);
    assert_int_equal(status_of("leaf=0"), 200);
    assert_ok(sdb_device_get(desk.db, &a.device, &row));
    row.state = SDB_DEVICE_REVOKED;
    assert_ok(sdb_device_put(desk.db, &row));
    assert_int_equal(status_of("leaf=0"), 403);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(every_leaf_is_proved_in_every_tree_that_has_it),
        T(each_older_tree_is_proved_to_be_a_prefix),
        T(a_question_that_makes_no_sense_gets_no_proof),
        T(a_proof_is_for_tablets_that_may_download),
    };

    return RUN_TESTS(tests);
}
