/* test_api_enrol.c - who gets a certificate, and who does not. */
#include "sync-server/api_enrol.h"

#include <string.h>

#include "core/cose.h"
#include "core/enrol.h"
#include "platform/shared/x509req.h"
#include "sync-server/attempts.h"
#include "sync-server/authority.h"
#include "sync-server/pki.h"
#include "sync-server/secret.h"
#include "tests/sync-server/desk.h"

static struct desk desk;
static struct council *council;
static struct service_response reply;
static struct buf root_safe, chain; /* as `init` wrote them */

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

/* A tablet that asks: its keys, and the code's secret. */
struct asker {
    struct ec_key seal, tls;
    uint8_t secret[ENROL_SECRET_SIZE];
    enum enrol_storage storage;
};

static void asker_new(struct asker *a, uint8_t secret)
{
    const struct crypto_random random = port_random(council->port);

    assert_ok(crypto_ec_new(random, &a->seal));
    assert_ok(crypto_ec_new(random, &a->tls));
    memset(a->secret, secret, sizeof(a->secret));
    a->storage = ENROL_STORAGE_TPM;
}

static void add_code(uint8_t secret, int64_t expires_ms)
{
    struct sdb_enrolment e = { .name = "Tablet", .expires_ms = expires_ms };
    uint8_t bytes[ENROL_SECRET_SIZE];

    memset(bytes, secret, sizeof(bytes));
    crypto_sha256((struct bytes){ bytes, sizeof(bytes) }, &e.secret);
    e.device.bytes[0] = secret;
    assert_ok(sdb_begin(council->db));
    assert_ok(sdb_enrolment_put(council->db, &e));
    assert_ok(sdb_commit(council->db));
}

/* `signer` makes the statement: the tablet's seal key, or somebody else. */
static int ask(const struct asker *a, const struct ec_key *signer)
{
    static struct service_request in;
    struct enrol_request r = { .storage = a->storage,
                               .version = text_of("0.1") };
    struct buf csr, key, statement, body;

    buf_init(&csr, ENROL_CSR_MAX_BYTES);
    buf_init(&key, 256);
    buf_init(&statement, 1024);
    buf_init(&body, ENROL_BODY_MAX_BYTES);
    assert_ok(
        x509req_make(&a->tls, "Tablet", port_random(council->port), &csr));
    cose_key_put(&key, &a->seal.pub);
    assert_ok(
        enrol_statement_put(&statement, signer, buf_bytes(&csr), ENROL_AAD));
    memcpy(r.secret, a->secret, sizeof(r.secret));
    r.csr = buf_bytes(&csr);
    r.seal_key = buf_bytes(&key);
    r.statement = buf_bytes(&statement);
    assert_ok(enrol_request_put(&body, &r));

    memset(&in, 0, sizeof(in));
    in.listener = LISTENER_WEB;
    in.method = METHOD_POST;
    strcpy(in.path, "/v1/enrol");
    strcpy(in.address, "192.0.2.7");
    in.body = buf_bytes(&body);
    buf_fini(&reply.body);
    service_handle(desk.service, &in, &reply);
    buf_fini(&csr);
    buf_fini(&key);
    buf_fini(&statement);
    buf_fini(&body);
    return reply.status;
}

static uint64_t refusal(void)
{
    struct enrol_refusal r;

    assert_ok(enrol_refusal_parse(buf_bytes(&reply.body), &r));
    return r.code;
}

static int set_up(void **state)
{
    struct authority_files files;

    (void)state;
    desk_open(&desk);
    council = service_council(desk.service);
    attempts_right("192.0.2.7");
    assert_ok(council_begin(council));
    assert_ok(authority_init(council, "Westbrook", "localhost",
                             text_of("a passphrase"), &files));
    assert_ok(sdb_meta_put(council->db, API_META_COUNCIL, text_of("West")));
    assert_ok(sdb_meta_put(council->db, AUTHORITY_META_LISTENER,
                           text_of("localhost:1")));
    assert_ok(council_commit(council));
    buf_init(&root_safe, SECRET_WRAPPED_MAX);
    buf_put(&root_safe, files.root_safe.data, files.root_safe.len);
    buf_init(&chain, 8 * ENROL_CERT_MAX_BYTES);
    buf_put(&chain, files.chain.data, files.chain.len);
    authority_files_fini(&files);
    add_code(1, INT64_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&reply.body);
    buf_fini(&root_safe);
    buf_fini(&chain);
    desk_close(&desk);
    return 0;
}

static void a_good_code_gives_a_certificate_of_ours(void **state)
{
    static struct enrol_response r;
    struct pki_cert cert;
    struct asker a;
    char id[UUID_TEXT_SIZE];

    (void)state;
    asker_new(&a, 1);
    assert_int_equal(ask(&a, &a.seal), 200);
    assert_ok(enrol_response_parse(buf_bytes(&reply.body), &r));
    assert_ok(pki_check(r.leaf, r.issuer));
    assert_ok(pki_check(r.issuer, r.root));
    assert_ok(pki_read(r.leaf, &cert));
    uuid_format(&r.device, id);
    assert_string_equal(cert.subject, id);
    assert_memory_equal(&cert.key, &a.tls.pub, sizeof(cert.key));
    assert_int_equal(cert.until_s - cert.from_s, 90 * 86400 + AUTHORITY_SKEW_S);
}

static void a_code_opens_once_but_its_answer_may_be_asked_for_again(void **s)
{
    struct asker a, thief;

    (void)s;
    asker_new(&a, 1);
    asker_new(&thief, 1);
    assert_int_equal(ask(&a, &a.seal), 200);
    assert_int_equal(ask(&a, &a.seal), 200);
    assert_int_equal(ask(&thief, &thief.seal), 403);
    assert_int_equal(refusal(), ENROL_REFUSED_CODE);
}

static void a_statement_by_another_key_is_refused(void **state)
{
    struct asker a, other;

    (void)state;
    asker_new(&a, 1);
    asker_new(&other, 1);
    assert_int_equal(ask(&a, &other.seal), 400);
    assert_int_equal(refusal(), ENROL_REFUSED_REQUEST);
    assert_int_equal(ask(&a, &a.seal), 200); /* the code is still good */
}

static void an_expired_code_is_refused(void **state)
{
    struct asker a;

    (void)state;
    add_code(2, council_now(council));
    asker_new(&a, 2);
    assert_int_equal(ask(&a, &a.seal), 403);
    assert_int_equal(refusal(), ENROL_REFUSED_CODE);
}

static void weak_storage_needs_leave(void **state)
{
    struct asker a;

    (void)state;
    asker_new(&a, 1);
    a.storage = ENROL_STORAGE_WEAK;
    assert_int_equal(ask(&a, &a.seal), 403);
    assert_int_equal(refusal(), ENROL_REFUSED_STORAGE);
}

static void after_five_wrong_codes_an_address_has_to_wait(void **state)
{
    struct asker a;

    (void)state;
    asker_new(&a, 9);
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        assert_int_equal(ask(&a, &a.seal), 403);
    }
    asker_new(&a, 1);
    assert_int_equal(ask(&a, &a.seal), 429);
    assert_int_equal(refusal(), ENROL_REFUSED_TRIES);
}

static struct ec_key root_key(void)
{
    struct ec_key key;
    struct buf scalar;

    buf_init(&scalar, 64);
    assert_ok(
        secret_open(text_of("a passphrase"), buf_bytes(&root_safe), &scalar));
    memcpy(key.d, scalar.data, sizeof(key.d));
    assert_ok(crypto_ec_derive(&key));
    buf_wipe(&scalar);
    return key;
}

static void roll(const struct ec_key *root, const struct ec_key *next)
{
    assert_ok(council_begin(council));
    assert_ok(authority_roll(council, root, next));
    assert_ok(council_commit(council));
}

static void only_the_roots_key_makes_a_new_issuing_ca(void **state)
{
    struct ec_key other;

    (void)state;
    assert_ok(crypto_ec_new(port_random(council->port), &other));
    assert_ok(council_begin(council));
    assert_err(authority_roll(council, &other, NULL), ERR_WRONG_KEY);
    council_rollback(council);
}

static void the_old_issuing_ca_goes_on_being_believed(void **state)
{
    const struct ec_key root = root_key();
    struct authority_files f;
    size_t before, after;

    (void)state;
    assert_ok(authority_refresh(council, buf_bytes(&chain), &f));
    before = f.devices.len;
    authority_files_fini(&f);
    assert_false(authority_is_due(council, buf_bytes(&chain)));
    roll(&root, NULL);
    assert_true(authority_is_due(council, buf_bytes(&chain)));
    assert_ok(authority_refresh(council, buf_bytes(&chain), &f));
    after = f.devices.len;
    assert_true(after > before + before / 2);
    assert_false(authority_is_due(council, buf_bytes(&f.chain)));
    authority_files_fini(&f);
}

static void a_new_root_is_reached_from_each_one_before(void **state)
{
    struct ec_key root[3] = { root_key() };
    struct enrol_renewed r = { .cross_count = 0 };
    struct buf old, hold;

    (void)state;
    buf_init(&old, ENROL_CERT_MAX_BYTES);
    buf_init(&hold, 16 * ENROL_CERT_MAX_BYTES);
    assert_ok(authority_put_roots(council, &hold, &r));
    assert_int_equal(r.root.len, 0);
    assert_ok(authority_get(council, AUTHORITY_META_ROOT, &old));
    for (int i = 0; i < 2; i++) {
        assert_ok(crypto_ec_new(port_random(council->port), &root[i + 1]));
        roll(&root[i], &root[i + 1]);
    }
    assert_ok(authority_put_roots(council, &hold, &r));
    assert_int_equal(r.cross_count, 2);
    assert_ok(pki_check(r.cross[0], buf_bytes(&old)));
    assert_ok(pki_check(r.cross[1], r.cross[0]));
    assert_ok(pki_check(r.root, r.root));
    assert_err(pki_check(r.cross[1], buf_bytes(&old)), ERR_BAD_SEAL);
    buf_fini(&old);
    buf_fini(&hold);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_good_code_gives_a_certificate_of_ours),
        T(a_code_opens_once_but_its_answer_may_be_asked_for_again),
        T(a_statement_by_another_key_is_refused),
        T(an_expired_code_is_refused),
        T(weak_storage_needs_leave),
        T(after_five_wrong_codes_an_address_has_to_wait),
        T(only_the_roots_key_makes_a_new_issuing_ca),
        T(the_old_issuing_ca_goes_on_being_believed),
        T(a_new_root_is_reached_from_each_one_before),
    };

    return RUN_TESTS(tests);
}
