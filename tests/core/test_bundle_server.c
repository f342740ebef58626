/* What a bundle says on the server's word: keys, refusals, erasures, logs. */
#include <string.h>

#include "core/cbor_gate.h"
#include "core/cose.h"
#include "core/wire.h"
#include "tests/core/tiny_council.h"

#define NOT_GRANTED "its key was not granted to this device"
#define NO_REASON   "does not say why another log begins there"
#define NO_CHECK    "not a checkpoint that the council signed"
#define MANY_LOGS   100

static struct tiny t;
static struct tiny_bundle b;

static int set_up(void **state)
{
    (void)state;
    tiny_init(&t);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tiny_free(&b);
    tiny_fini(&t);
    return 0;
}

struct verdict {
    struct bundle_verdict v;
    char text[8192]; /* all findings, one a line */
};

static void keep(void *ctx, const char *what)
{
    struct verdict *v = ctx;
    const size_t len = strlen(v->text);

    snprintf(v->text + len, sizeof(v->text) - len, "%s\n", what);
}

/* As it was written last. */
static struct bundle_verdict verify(const char *finding)
{
    struct verdict v;

    memset(&v, 0, sizeof(v));
    assert_ok(bundle_verify(b.files, b.count, keep, &v, &v.v));
    if (finding == NULL) {
        assert_string_equal(v.text, "");
    } else if (strstr(v.text, finding) == NULL) {
        fail_msg("not \"%s\" but:\n%s", finding, v.text);
    }
    return v.v;
}

static struct bundle_verdict check(const char *finding)
{
    tiny_free(&b);
    tiny_write(&t, &b);
    return verify(finding);
}

/* The same after a file was changed by who holds the council's key. */
static struct bundle_verdict check_signed(const char *finding)
{
    tiny_sign(&t, &b, &t.devices[TINY_SERVER].key);
    return verify(finding);
}

/* --- keys --- */

struct grant {
    const char *use; /* NULL: none said */
    const char *key; /* "": none; else in place of tablet A's */
    bool is_without_owner;
};

/* Tablet A writes with another key, which the server granted like that. */
static void grant(const struct grant *g)
{
    const struct tiny_new e = { .who = TINY_SERVER,
                                .kind = KIND_KEY,
                                .op = OP_GRANT,
                                .record = tiny_id(&t) };
    struct ec_key *key = &t.devices[TINY_A].key;
    struct body_writer w;
    struct buf pub;

    key->d[3] ^= 1;
    assert_ok(crypto_ec_derive(key));
    buf_init(&pub, 256);
    cose_key_put(&pub, &key->pub);
    body_begin(&w);
    if (g->key == NULL) {
        body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&pub));
    } else if (g->key[0] != '\0') {
        body_put_text(&w, KEY_PUBLIC, g->key);
    }
    if (g->use != NULL) {
        body_put_text(&w, KEY_USE, g->use);
    }
    if (!g->is_without_owner) {
        body_put_uuid(&w, KEY_OWNER, &t.devices[TINY_A].device);
    }
    tiny_add(&t, &e, &w);
    buf_fini(&pub);
    tiny_seal(&t, TINY_SERVER);
    tiny_note(&t, TINY_A, "by another key");
    tiny_seal(&t, TINY_A);
}

/* A key for signing in is held by a person: it must not seal a notebook. */
static void only_a_whole_grant_for_seals_opens_a_seal(void **state)
{
    static const struct grant holds[] = { { .use = "seal" },
                                          { .use = "server" } };
    static const struct grant fails[] = { { .use = NULL },
                                          { .use = "" },
                                          { .use = "seel" },
                                          { .use = "tls" },
                                          { .use = "client" },
                                          { .use = "seal",
                                            .is_without_owner = true },
                                          { .use = "seal", .key = "" },
                                          { .use = "seal", .key = "no key" } };

    for (size_t i = 0; i < ARRAY_LEN(holds); i++) {
        grant(&holds[i]);
        check(NULL);
        tear_down(state);
        set_up(state);
    }
    for (size_t i = 0; i < ARRAY_LEN(fails); i++) {
        grant(&fails[i]);
        check(NOT_GRANTED);
        tear_down(state);
        set_up(state);
    }
}

static struct uuid key_of_a(void)
{
    static struct event_header h;

    assert_ok(event_header_parse(buf_bytes(&t.events[1].header), &h));
    return h.record;
}

static void revoke(const struct uuid *id)
{
    tiny_key(&t, TINY_SERVER, OP_REVOKE, id, &t.devices[TINY_A].device,
             &t.devices[TINY_A].key.pub);
    tiny_seal(&t, TINY_SERVER);
}

static void refuse(bool has_sequence, bool has_incarnation)
{
    const struct tiny_new e = { .who = TINY_SERVER,
                                .kind = KIND_LOG,
                                .op = OP_REFUSE,
                                .record = t.council };
    struct body_writer w;

    body_begin(&w);
    if (has_incarnation) {
        body_put_uuid(&w, LOG_INCARNATION, &t.devices[TINY_A].incarnation);
    }
    if (has_sequence) {
        body_put_int(&w, LOG_SEQUENCE, (int64_t)t.devices[TINY_A].count);
    }
    tiny_add(&t, &e, &w);
    tiny_seal(&t, TINY_SERVER);
}

/* Said once more later, it would let in what was written in between. */
static void the_first_revocation_counts(void **state)
{
    const struct uuid id = key_of_a(), other = tiny_id(&t);

    (void)state;
    revoke(&other);
    tiny_note(&t, TINY_A, "in time");
    tiny_seal(&t, TINY_A);
    check(NULL);
    revoke(&id);
    tiny_note(&t, TINY_A, "too late");
    tiny_seal(&t, TINY_A);
    revoke(&id);
    check(NOT_GRANTED);
}

static void a_refusal_that_names_no_event_excuses_none(void **state)
{
    const struct uuid id = key_of_a();

    (void)state;
    revoke(&id);
    tiny_note(&t, TINY_A, "too late");
    tiny_seal(&t, TINY_A);
    refuse(false, true);
    refuse(true, false);
    check(NOT_GRANTED);
    refuse(true, true);
    check(NULL);
}

/* The disclosed part needn't hold what was refused. */
static void a_refusal_of_a_hidden_event_is_no_flaw(void **state)
{
    (void)state;
    tiny_note(&t, TINY_A, "one");
    tiny_note(&t, TINY_A, "refused");
    tiny_seal(&t, TINY_A);
    refuse(true, true);
    t.events[4].is_hidden = true;
    check(NULL);
}

/* One event of the council's own record. */
static void of_council(enum tiny_who who, uint64_t op)
{
    const struct tiny_new e = {
        .who = who, .kind = KIND_COUNCIL, .op = op, .record = t.council
    };
    struct body_writer w;

    body_begin(&w);
    tiny_add(&t, &e, &w);
    tiny_seal(&t, who);
}

/* Only to make it is what the server alone can have done. */
static void who_changes_the_council_is_not_the_server(void **state)
{
    (void)state;
    of_council(TINY_B, OP_SET);
    check(NULL);
    t.events[0].is_hidden = true;
    check(NOT_GRANTED);
}

/* Whoever creates "a council" in the log is not thereby the server. */
static void another_council_in_the_log_is_not_the_server(void **state)
{
    struct tiny_new e = { .who = TINY_B,
                          .kind = KIND_COUNCIL,
                          .record = tiny_id(&t) };
    struct body_writer w;

    (void)state;
    body_begin(&w);
    tiny_add(&t, &e, &w);
    tiny_seal(&t, TINY_B);
    check(NULL);
    t.events[0].is_hidden = true; /* and the true one is not shown */
    check(NOT_GRANTED);
}

/* Words about a key are neither a grant nor a revocation. */
static void a_key_that_is_only_described_opens_no_seal(void **state)
{
    const struct uuid id = tiny_id(&t);
    struct ec_key *key = &t.devices[TINY_A].key;

    (void)state;
    key->d[3] ^= 1;
    assert_ok(crypto_ec_derive(key));
    tiny_key(&t, TINY_SERVER, OP_CREATE, &id, &t.devices[TINY_A].device,
             &key->pub);
    tiny_seal(&t, TINY_SERVER);
    tiny_note(&t, TINY_A, "by another key");
    tiny_seal(&t, TINY_A);
    check(NOT_GRANTED);
}

/* --- chains --- */

/* A tablet's own key cannot close a chain in another's name or place. */
static void a_seal_of_another_chain_closes_none(void **state)
{
    for (int i = 0; i < 4; i++) {
        const struct tiny_device *d = &t.devices[TINY_A];
        struct event_seal what;
        struct buf *seal;

        tiny_note(&t, TINY_A, "one");
        tiny_note(&t, TINY_A, "two");
        tiny_seal(&t, TINY_A);
        what =
            (struct event_seal){ d->device, d->incarnation, d->count, d->link };
        if (i == 0) {
            what.device = t.devices[TINY_B].device;
        } else if (i == 1) {
            what.incarnation = t.devices[TINY_B].incarnation;
        } else if (i == 2) {
            what.sequence++;
        } else {
            what.link = t.devices[TINY_B].link;
        }
        seal = &t.seals[t.seal_count - 1].seal;
        buf_reset(seal);
        assert_ok(event_seal_put(seal, &d->key, &what));
        check("it does not close the chain");
        tear_down(state);
        set_up(state);
    }
}

/* Behind the honest ones: another chain of tablet A, and some seal. */
static void add_chain(size_t count, bool is_null)
{
    const struct tiny_device *d = &t.devices[TINY_A];
    struct buf *chains = tiny_file(&b, BUNDLE_CHAINS);
    struct buf *seals = tiny_file(&b, BUNDLE_SEALS);
    uint8_t seal[1024];
    size_t used;

    cbor_put_array(chains, 5);
    cbor_put_uuid(chains, &d->device);
    cbor_put_uuid(chains, &d->incarnation);
    cbor_put_uint(chains, 1);
    cbor_put_hash(chains, &t.events[0].before);
    cbor_put_array(chains, count);
    for (size_t i = 0; i < count; i++) {
        if (is_null) {
            cbor_put_null(chains);
        } else {
            cbor_put_uint(chains, 7);
        }
    }
    assert_ok(cbor_gate_first(buf_bytes(seals), &used));
    assert_true(used <= sizeof(seal));
    memcpy(seal, seals->data, used);
    buf_put(seals, seal, used);
}

static void a_chain_of_nothing_or_told_twice_is_named(void **state)
{
    (void)state;
    tiny_note(&t, TINY_A, "one");
    tiny_seal(&t, TINY_A);
    check(NULL);
    add_chain(0, true);
    check_signed("not a chain");
    check(NULL);
    add_chain(2, false);
    check_signed("not a chain");
    check(NULL);
    add_chain(1, true); /* the same event in two chains */
    check_signed("event 1 of the chain is not among the events");
}

/* --- erasures --- */

static void order_erasure(enum tiny_who who, size_t of)
{
    struct tiny_new e = { .who = who, .op = OP_ERASE_BODY };
    static struct event_header h;
    struct body_writer w;
    enum err err = event_header_parse(buf_bytes(&t.events[of].header), &h);

    assert_true(err == ERR_OK || err == ERR_NEWER);
    e.record = h.record;
    body_begin(&w);
    tiny_add(&t, &e, &w);
    tiny_seal(&t, who);
}

/* The number is what a court is told: not every hidden text was erased. */
static void only_texts_that_the_council_had_erased_are_counted(void **state)
{
    const size_t one = tiny_note(&t, TINY_A, "one");
    const size_t two = tiny_note(&t, TINY_A, "two");

    (void)state;
    tiny_seal(&t, TINY_A);
    t.events[one].is_erased = true;
    assert_int_equal(check(NULL).erased, 0);
    order_erasure(TINY_B, one); /* a tablet has no say in it */
    assert_int_equal(check(NULL).erased, 0);
    order_erasure(TINY_SERVER, one);
    assert_int_equal(check(NULL).erased, 1);
    order_erasure(TINY_SERVER, two); /* its text is there all the same */
    assert_int_equal(check(NULL).erased, 1);
    t.events[0].is_hidden = true; /* nobody is known to be the server */
    assert_int_equal(check(NOT_GRANTED).erased, 0);
}

/* Whether it has a text at all only a newer program can tell. */
static void a_newer_event_without_text_is_not_counted_as_erased(void **state)
{
    const struct tiny_new e = { .who = TINY_A,
                                .record = tiny_id(&t),
                                .envelope = EVENT_ENVELOPE + 1 };
    struct body_writer w;
    size_t newer;

    (void)state;
    body_begin(&w);
    newer = tiny_add(&t, &e, &w);
    tiny_seal(&t, TINY_A);
    t.events[newer].is_erased = true;
    order_erasure(TINY_SERVER, newer);
    assert_int_equal(check(NULL).erased, 0);
}

/* --- the log --- */

static void a_second_log_needs_the_servers_word_on_the_first(void **state)
{
    static const uint64_t ids[] = { LOG_OLD_ID, LOG_OLD_ROOT };
    struct tiny_lie lies[32] = { { .who = TINY_B },
                                 { .kind = KIND_OBSERVATION },
                                 { .op = OP_REFUSE } };
    size_t count = 3;

    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        lies[count++] =
            (struct tiny_lie){ .field = ids[i], .how = TINY_MISSING };
        lies[count++] = (struct tiny_lie){ .field = ids[i], .how = TINY_OTHER };
        lies[count++] =
            (struct tiny_lie){ .field = ids[i], .how = TINY_MISTYPED };
    }
    lies[count++] = (struct tiny_lie){ .field = LOG_OLD_SIZE };
    lies[count++] =
        (struct tiny_lie){ .field = LOG_OLD_SIZE, .how = TINY_OTHER };
    lies[count++] =
        (struct tiny_lie){ .field = LOG_OLD_SIZE, .how = TINY_MISTYPED };
    lies[count++] = (struct tiny_lie){ .field = LOG_SEEN_SIZE };
    lies[count++] =
        (struct tiny_lie){ .field = LOG_SEEN_SIZE, .how = TINY_MISTYPED };
    for (size_t i = 0; i < count; i++) {
        tiny_restart_wrong(&t, &lies[i]);
        tiny_seal(&t, lies[i].who);
        check(NO_REASON);
        tear_down(state);
        set_up(state);
    }
    tiny_restart_wrong(&t, &(struct tiny_lie){ .who = TINY_SERVER });
    tiny_seal(&t, TINY_SERVER);
    assert_int_equal(check(NULL).restarts, 1);
    t.events[0].is_hidden = true; /* nobody is known to be the server */
    check(NO_REASON);
}

static void put_checkpoint(uint64_t size)
{
    const struct wire_checkpoint point = { .log_id = t.log_id[0],
                                           .size = size };

    assert_ok(wire_checkpoint_sign(tiny_file(&b, BUNDLE_CHECKPOINT),
                                   &t.devices[TINY_SERVER].key, &point));
}

/* Sizes that would run over in the sums of them. */
static void a_log_of_an_impossible_size_is_named(void **state)
{
    static const uint64_t half = INT64_MAX / 2;

    (void)state;
    check(NULL);
    buf_reset(tiny_file(&b, BUNDLE_CHECKPOINT));
    put_checkpoint(half + 1);
    check_signed(NO_CHECK);
    buf_reset(tiny_file(&b, BUNDLE_CHECKPOINT));
    put_checkpoint(half);
    put_checkpoint(half);
    put_checkpoint(1);
    check_signed(NO_CHECK);
}

static void more_logs_than_any_council_has_are_named(void **state)
{
    (void)state;
    check(NULL);
    for (size_t i = 0; i < MANY_LOGS; i++) {
        put_checkpoint(1);
    }
    check_signed(NO_CHECK);
}

static void a_proof_of_another_shape_is_named(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } shapes[] = { { "\x83\x03\x80\x00", 4 },   /* three items */
                   { "\x82\x03\x98\xff", 260 }, /* 255 nodes */
                   { "\x82\x03\x81\x07", 4 },   /* a node of no hash */
                   { "\x82\x04\x80", 3 } };     /* of another position */

    (void)state;
    tiny_note(&t, TINY_A, "one");
    tiny_note(&t, TINY_A, "two");
    tiny_seal(&t, TINY_A);
    for (size_t i = 0; i < 3; i++) {
        t.events[i].is_hidden = i > 0;
    }
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        struct buf *proofs;
        static const uint8_t nodes[256]; /* each 0: the number nought */

        check("");
        proofs = tiny_file(&b, BUNDLE_PROOFS);
        buf_reset(proofs);
        buf_put(proofs, shapes[i].bytes, shapes[i].len < 4 ? shapes[i].len : 4);
        if (shapes[i].len > 4) {
            buf_put(proofs, nodes, 255);
        }
        check_signed("not the proof of log position 0");
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(only_a_whole_grant_for_seals_opens_a_seal),
        T(the_first_revocation_counts),
        T(a_refusal_that_names_no_event_excuses_none),
        T(a_refusal_of_a_hidden_event_is_no_flaw),
        T(another_council_in_the_log_is_not_the_server),
        T(who_changes_the_council_is_not_the_server),
        T(a_key_that_is_only_described_opens_no_seal),
        T(a_seal_of_another_chain_closes_none),
        T(a_chain_of_nothing_or_told_twice_is_named),
        T(a_newer_event_without_text_is_not_counted_as_erased),
        T(only_texts_that_the_council_had_erased_are_counted),
        T(a_second_log_needs_the_servers_word_on_the_first),
        T(a_log_of_an_impossible_size_is_named),
        T(more_logs_than_any_council_has_are_named),
        T(a_proof_of_another_shape_is_named),
    };

    return RUN_TESTS(tests);
}
