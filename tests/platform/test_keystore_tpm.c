/* The key store on a software TPM (swtpm), each test with its own. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/keystore.h"
#include "platform/linux/keystore_tpm.h"
#include "tests/platform/tempdir.h"
#include "tests/test.h"

struct chip {
    struct tempdir dir;
    char tcti[400];
};

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static uint8_t counter = 1;
static const struct crypto_random counting = { count_up, &counter };

/* A port that is free and whose neighbour is, too; they are taken again at
 * once by swtpm, which the TCTI asks for on both. */
static unsigned free_pair(void)
{
    for (;;) {
        struct sockaddr_in at = { .sin_family = AF_INET };
        socklen_t len = sizeof(at);
        int a = socket(AF_INET, SOCK_STREAM, 0);
        int b = socket(AF_INET, SOCK_STREAM, 0);
        unsigned port;
        bool is_free;

        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        assert_int_equal(bind(a, (struct sockaddr *)&at, sizeof(at)), 0);
        assert_int_equal(getsockname(a, (struct sockaddr *)&at, &len), 0);
        port = ntohs(at.sin_port);
        at.sin_port = htons((uint16_t)(port + 1));
        is_free =
            port < 65535 && bind(b, (struct sockaddr *)&at, sizeof(at)) == 0;
        close(a);
        close(b);
        if (is_free) {
            return port;
        }
    }
}

/* --daemon returns when it listens. */
static void chip_start(struct chip *c)
{
    const unsigned port = free_pair();
    char command[900];

    c->dir = tempdir_new();
    snprintf(command, sizeof(command),
             "swtpm socket --tpm2 --daemon --pid file='%s/pid' "
             "--tpmstate dir='%s' "
             "--server type=tcp,port=%u,bindaddr=127.0.0.1 "
             "--ctrl type=tcp,port=%u,bindaddr=127.0.0.1 "
             "--flags not-need-init,startup-clear >/dev/null 2>&1",
             c->dir.path, c->dir.path, port, port + 1);
    assert_int_equal(system(command), 0);
    snprintf(c->tcti, sizeof(c->tcti), "swtpm:host=127.0.0.1,port=%u", port);
}

static void chip_stop(struct chip *c)
{
    char command[400];

    snprintf(command, sizeof(command), "kill \"$(cat '%s/pid')\"", c->dir.path);
    assert_int_equal(system(command), 0);
    tempdir_free(&c->dir);
}

static struct keystore *store_open_in(int folder, struct chip *c)
{
    struct keystore *k;

    assert_ok(keystore_open(folder, c->tcti, &k));
    return k;
}

static void the_secret_opens_on_its_own_machine_only(void **state)
{
    struct tempdir d = tempdir_new();
    int folder = open(d.path, O_RDONLY | O_DIRECTORY);
    uint8_t made[KEYSTORE_SECRET_SIZE], again[KEYSTORE_SECRET_SIZE];
    struct chip ours, other;
    struct keystore *k;

    (void)state;
    chip_start(&ours);
    chip_start(&other);
    k = store_open_in(folder, &ours);
    assert_int_equal(keystore_protection(k), KEYSTORE_TPM);
    assert_ok(keystore_make(k, counting, false));
    assert_ok(keystore_secret(k, made));
    keystore_close(k);
    k = store_open_in(folder, &ours);
    assert_ok(keystore_secret(k, again));
    assert_memory_equal(made, again, sizeof(made));
    keystore_close(k);
    k = store_open_in(folder, &other);
    assert_err(keystore_secret(k, again), ERR_WRONG_KEY);
    keystore_close(k);
    assert_ok(keystore_open(folder, "none", &k));
    assert_err(keystore_secret(k, again), ERR_WRONG_KEY);
    keystore_close(k);
    chip_stop(&ours);
    chip_stop(&other);
    close(folder);
    tempdir_free(&d);
}

static void the_sealed_file_does_not_hold_the_secret(void **state)
{
    struct tempdir d = tempdir_new();
    int folder = open(d.path, O_RDONLY | O_DIRECTORY);
    uint8_t secret[KEYSTORE_SECRET_SIZE], file[4096];
    struct chip chip;
    struct keystore *k;
    ssize_t len;
    int fd;

    (void)state;
    chip_start(&chip);
    k = store_open_in(folder, &chip);
    assert_ok(keystore_make(k, counting, false));
    assert_ok(keystore_secret(k, secret));
    keystore_close(k);
    fd = openat(folder, "keystore/secret", O_RDONLY);
    len = read(fd, file, sizeof(file));
    assert_true(len > 0);
    assert_null(memmem(file, (size_t)len, secret, 16));
    close(fd);
    chip_stop(&chip);
    close(folder);
    tempdir_free(&d);
}

/* A whole folder put back from yesterday, inode and all. */
static void a_counter_file_put_back_does_not_fool_the_chip(void **state)
{
    struct tempdir d = tempdir_new();
    int folder = open(d.path, O_RDONLY | O_DIRECTORY);
    struct chip chip;
    struct keystore *k;
    uint64_t value;

    (void)state;
    chip_start(&chip);
    k = store_open_in(folder, &chip);
    assert_ok(keystore_make(k, counting, false));
    assert_ok(keystore_raise(k, 5));
    keystore_close(k);
    assert_int_equal(unlinkat(folder, "keystore/counter", 0), 0);
    k = store_open_in(folder, &chip);
    assert_ok(keystore_counter(k, &value));
    assert_int_equal(value, 5);
    assert_ok(keystore_raise(k, UINT64_C(1) << 40));
    keystore_close(k);
    assert_int_equal(unlinkat(folder, "keystore/counter", 0), 0);
    k = store_open_in(folder, &chip);
    assert_ok(keystore_counter(k, &value));
    assert_int_equal(value, UINT64_C(1) << 40);
    keystore_close(k);
    chip_stop(&chip);
    close(folder);
    tempdir_free(&d);
}

static void a_named_tpm_that_does_not_answer_is_an_error(void **state)
{
    struct tempdir d = tempdir_new();
    int folder = open(d.path, O_RDONLY | O_DIRECTORY);
    struct keystore *k;

    (void)state;
    assert_err(keystore_open(folder, "cmd:exit 1", &k), ERR_IO);
    close(folder);
    tempdir_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_secret_opens_on_its_own_machine_only),
        cmocka_unit_test(the_sealed_file_does_not_hold_the_secret),
        cmocka_unit_test(a_counter_file_put_back_does_not_fool_the_chip),
        cmocka_unit_test(a_named_tpm_that_does_not_answer_is_an_error),
    };

    if (system("command -v swtpm >/dev/null") != 0) {
        return 77;
    }
    signal(SIGPIPE, SIG_IGN);
    return RUN_TESTS(tests);
}
