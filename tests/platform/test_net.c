/* Exchanges with a real TLS server on loopback (openssl s_server). */
#include "platform/linux/net.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/platform/tempdir.h"
#include "tests/test.h"

static struct tempdir dir;

/* Two authorities; certificates for server, client, and one expired. */
static const char make_certs[] =
    "cd '%s' && exec >/dev/null 2>&1 && "
    "p='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes' && "
    "for n in ours other; do openssl req -x509 $p -keyout $n.key -out $n.pem"
    " -subj \"/CN=$n council\" -days 30; done && "
    "printf 'extendedKeyUsage=serverAuth\\n' >s.ext && "
    "printf 'extendedKeyUsage=clientAuth\\n' >c.ext && "
    "sign() { openssl req $p -keyout $1.key -out $1.csr -subj /CN=$1 && "
    "openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial "
    "-extfile $3.ext $4 -out $1.pem; } && "
    "sign server ours s '-days 30' && sign client ours c '-days 30' && "
    "sign stranger other s '-days 30' && "
    /* OpenSSL 3.4 brought the second way and forbade the first. */
    "{ sign old ours s '-days -1' || sign old ours s "
    "'-not_before 20200101000000Z -not_after 20200102000000Z'; } && "
    "printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/cbor\\r\\n"
    "Upload-Offset: 12345678901\\r\\nRetry-After: 7\\r\\n"
    "Content-Length: 5\\r\\n\\r\\nhello' >ok && "
    "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 50\\r\\n\\r\\nhello' >cut &&"
    "printf 'HTTP/1.1 302 Found\\r\\nLocation: https://example.org/\\r\\n"
    "Content-Length: 0\\r\\n\\r\\n' >moved && "
    "{ printf 'HTTP/1.1 200 OK\\r\\n\\r\\n'; head -c 70000 /dev/zero; } >big";

struct server {
    pid_t pid;
    char url[64];
};

static struct server server_start(const char *cert, const char *more)
{
    struct server s = { 0, "" };
    char command[1000], line[200];
    int out[2], in[2];
    unsigned port = 0;
    FILE *f;

    snprintf(command, sizeof(command),
             "cd '%s' && exec openssl s_server -HTTP -accept 127.0.0.1:0 "
             "-cert %s.pem -key %s.key %s 2>/dev/null",
             dir.path, cert, cert, more);
    assert_int_equal(pipe(out), 0);
    assert_int_equal(pipe(in), 0);
    s.pid = fork();
    if (s.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    close(in[0]);
    f = fdopen(out[0], "r");
    assert_non_null(f);
    while (port == 0 && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "ACCEPT ", 7) == 0) {
            port = (unsigned)strtoul(strrchr(line, ':') + 1, NULL, 10);
        }
    }
    assert_true(port > 0); /* both pipes stay open until the end */
    snprintf(s.url, sizeof(s.url), "https://127.0.0.1:%u", port);
    return s;
}

static void server_stop(struct server *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}

/* A whole file, for the life of the test program. */
static struct bytes pem(const char *name)
{
    static char data[8][4000];
    static unsigned next;
    char *at = data[next++ % 8];
    char path[400];
    size_t len;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir.path, name);
    f = fopen(path, "r");
    assert_non_null(f);
    len = fread(at, 1, sizeof(data[0]), f);
    fclose(f);
    return (struct bytes){ (const uint8_t *)at, len };
}

static struct net_answer answer;
static char answer_body[100];

static void get_with(const struct net_options *options, const char *path)
{
    const struct net_request request = { .method = NET_GET, .path = path };
    struct net *n;

    assert_ok(net_open(options, &n));
    assert_ok(net_send(n, &request));
    assert_ok(net_wait(n, 60000, &answer));
    snprintf(answer_body, sizeof(answer_body), "%.*s",
             (int)(answer.body.len < 90 ? answer.body.len : 90),
             answer.body.data ? (const char *)answer.body.data : "");
    net_close(n);
}

static void get(const struct server *s, const char *authority, const char *path)
{
    const struct net_options options = { .url = s->url,
                                         .authority = pem(authority),
                                         .answer_max_bytes = 65536 };

    get_with(&options, path);
}

static void an_answer_comes_with_its_headers(void **state)
{
    struct server s = server_start("server", "");

    (void)state;
    get(&s, "ours.pem", "/ok");
    assert_ok(answer.err);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.content_type, "application/cbor");
    assert_string_equal(answer_body, "hello");
    assert_true(answer.has_offset);
    assert_int_equal(answer.upload_offset, 12345678901);
    assert_int_equal(answer.retry_after_s, 7);
    server_stop(&s);
}

static void another_councils_server_is_refused_and_named(void **state)
{
    struct server s = server_start("stranger", "");

    (void)state;
    get(&s, "ours.pem", "/ok");
    assert_err(answer.err, ERR_TLS);
    assert_non_null(strstr(answer.why, "other council"));
    assert_int_equal(answer.trouble, NET_TROUBLE_STRANGER);
    server_stop(&s);
}

static void an_expired_certificate_is_told_as_such(void **state)
{
    struct server s = server_start("old", "");

    (void)state;
    get(&s, "ours.pem", "/ok");
    assert_err(answer.err, ERR_TLS);
    assert_non_null(strstr(answer.why, "expired"));
    assert_int_equal(answer.trouble, NET_TROUBLE_DATE);
    server_stop(&s);
}

static void a_tablet_does_not_pass_for_a_server(void **state)
{
    struct server s = server_start("client", "");

    (void)state;
    get(&s, "ours.pem", "/ok");
    assert_err(answer.err, ERR_TLS);
    assert_non_null(strstr(answer.why, "device's certificate"));
    assert_int_equal(answer.trouble, NET_TROUBLE_STRANGER);
    server_stop(&s);
}

static void the_client_certificate_is_shown_where_asked(void **state)
{
    struct server s = server_start("server", "-Verify 1 -verify_return_error "
                                             "-CAfile ours.pem");
    struct net_options options = { .url = s.url,
                                   .authority = pem("ours.pem"),
                                   .certificate = pem("client.pem"),
                                   .key = pem("client.key"),
                                   .answer_max_bytes = 65536 };

    (void)state;
    get_with(&options, "/ok");
    assert_ok(answer.err);
    options.certificate = pem("stranger.pem");
    options.key = pem("stranger.key");
    get_with(&options, "/ok");
    assert_err(answer.err, ERR_TLS);
    options.certificate.len = options.key.len = 0;
    get_with(&options, "/ok");
    assert_err(answer.err, ERR_TLS);
    server_stop(&s);
}

static void old_tls_is_refused(void **state)
{
    struct server s = server_start("server", "-tls1_1 -cipher ALL:@SECLEVEL=0");

    (void)state;
    get(&s, "ours.pem", "/ok");
    assert_err(answer.err, ERR_TLS);
    server_stop(&s);
}

static void a_redirect_is_handed_over_not_followed(void **state)
{
    struct server s = server_start("server", "");

    (void)state;
    get(&s, "ours.pem", "/moved");
    assert_ok(answer.err);
    assert_int_equal(answer.status, 302);
    server_stop(&s);
}

static void an_answer_beyond_the_limit_is_cut_off(void **state)
{
    struct server s = server_start("server", "");

    (void)state;
    get(&s, "ours.pem", "/big");
    assert_err(answer.err, ERR_TOO_LONG);
    server_stop(&s);
}

static void a_cut_answer_is_no_answer(void **state)
{
    struct server s = server_start("server", "");

    (void)state;
    get(&s, "ours.pem", "/cut");
    assert_err(answer.err, ERR_UNREACHABLE);
    server_stop(&s);
}

static void a_proxy_of_the_environment_is_ignored(void **state)
{
    struct server s = server_start("server", "");
    struct net_options options = { .url = s.url,
                                   .authority = pem("ours.pem"),
                                   .answer_max_bytes = 65536 };

    (void)state;
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    get_with(&options, "/ok");
    assert_ok(answer.err);
    options.proxy = "http://127.0.0.1:1";
    get_with(&options, "/ok");
    assert_err(answer.err, ERR_UNREACHABLE);
    server_stop(&s);
}

static void *speak_http(void *ctx)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    int fd = accept(*(int *)ctx, NULL, NULL);
    char in[600];

    if (fd >= 0 && read(fd, in, sizeof(in)) > 0) {
        (void)!write(fd, text, sizeof(text) - 1);
    }
    close(fd);
    return NULL;
}

static void plain_http_is_told_as_such(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct server s = { 0, "" };
    pthread_t thread;

    (void)state;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    snprintf(s.url, sizeof(s.url), "https://127.0.0.1:%u",
             (unsigned)ntohs(at.sin_port));
    pthread_create(&thread, NULL, speak_http, &fd);
    get(&s, "ours.pem", "/ok");
    pthread_join(thread, NULL);
    assert_err(answer.err, ERR_TLS);
    assert_non_null(strstr(answer.why, "plain HTTP"));
    assert_int_equal(answer.trouble, NET_TROUBLE_STRANGER);
    close(fd);
    get(&s, "ours.pem", "/ok"); /* now nobody listens */
    assert_err(answer.err, ERR_UNREACHABLE);
}

static void closing_cuts_a_request_that_hangs(void **state)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0), peer;
    char url[64];
    struct net_options options = { .url = url, .answer_max_bytes = 1 };
    const struct net_request request = { .method = NET_GET, .path = "/" };
    struct net *n;

    (void)state;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    snprintf(url, sizeof(url), "https://127.0.0.1:%u",
             (unsigned)ntohs(at.sin_port));
    assert_ok(net_open(&options, &n));
    assert_err(net_wait(n, 0, &answer), ERR_NOT_FOUND);
    assert_ok(net_send(n, &request));
    assert_err(net_send(n, &request), ERR_BUSY);
    peer = accept(fd, NULL, NULL); /* and say nothing */
    assert_true(peer >= 0);
    net_close(n);
    close(peer);
    close(fd);
}

static void only_https_is_spoken(void **state)
{
    const struct net_options options = { .url = "http://127.0.0.1:1" };
    struct net *n;

    (void)state;
    assert_err(net_open(&options, &n), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_comes_with_its_headers),
        cmocka_unit_test(another_councils_server_is_refused_and_named),
        cmocka_unit_test(an_expired_certificate_is_told_as_such),
        cmocka_unit_test(a_tablet_does_not_pass_for_a_server),
        cmocka_unit_test(the_client_certificate_is_shown_where_asked),
        cmocka_unit_test(old_tls_is_refused),
        cmocka_unit_test(a_redirect_is_handed_over_not_followed),
        cmocka_unit_test(an_answer_beyond_the_limit_is_cut_off),
        cmocka_unit_test(a_cut_answer_is_no_answer),
        cmocka_unit_test(a_proxy_of_the_environment_is_ignored),
        cmocka_unit_test(plain_http_is_told_as_such),
        cmocka_unit_test(closing_cuts_a_request_that_hangs),
        cmocka_unit_test(only_https_is_spoken),
    };
    char command[2500];
    int failed;

    if (system("command -v openssl >/dev/null") != 0) {
        return 77;
    }
    signal(SIGPIPE, SIG_IGN);
    dir = tempdir_new();
    snprintf(command, sizeof(command), make_certs, dir.path);
    if (system(command) != 0) {
        fprintf(stderr, "openssl could not make the certificates\n");
        return 1;
    }
    failed = RUN_TESTS(tests);
    tempdir_free(&dir);
    return failed;
}
