/* Positions by gpsd: scripted streams, and real logs through gpsfake. */
#include "platform/linux/location.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/limits.h"
#include "tests/test.h"

#define WAIT_MS 30000
#define TRIES   3 /* gpsd or its feeder may not come up beside much else */

struct listener {
    int fd;
    char port[8];
};

static struct listener listener_new(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    struct listener l = { .fd = socket(AF_INET, SOCK_STREAM, 0) };

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(l.fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(l.fd, 4), 0);
    assert_int_equal(getsockname(l.fd, (struct sockaddr *)&at, &len), 0);
    snprintf(l.port, sizeof(l.port), "%u", (unsigned)ntohs(at.sin_port));
    return l;
}

static void say(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

#define VERSION                                                     \
    "{\"class\":\"VERSION\",\"release\":\"3.22\",\"rev\":\"3.22\"," \
    "\"proto_major\":3,\"proto_minor\":14}\r\n"
#define TPV(mode, rest) \
    "{\"class\":\"TPV\",\"device\":\"/dev/ttyS0\",\"mode\":" mode rest "}\r\n"
#define PLACE                                                 \
    ",\"time\":\"2026-05-04T10:20:30.500Z\",\"lat\":51.3713," \
    "\"lon\":0.7241,\"eph\":4.2"

static void a_cold_start_gives_time_first_and_a_place_later(void **state)
{
    struct listener server = listener_new();
    struct location_stats seen = { 0 };
    struct location *l;
    struct port_fix fix;
    int64_t gnss;
    int fd;

    (void)state;
    assert_ok(location_open("127.0.0.1", server.port, &l));
    assert_err(location_fix(l, &fix), ERR_NOT_FOUND);
    fd = accept(server.fd, NULL, NULL);
    say(fd, VERSION TPV("1", ""));
    assert_true(location_wait(l, &seen, WAIT_MS));
    assert_false(location_time(l, &gnss));
    say(fd, TPV("1", ",\"time\":\"2026-05-04T10:20:29.500Z\""));
    assert_true(location_wait(l, &seen, WAIT_MS));
    assert_true(location_time(l, &gnss));
    assert_true(gnss >= 1777890029500);
    assert_err(location_fix(l, &fix), ERR_NOT_FOUND);
    say(fd, TPV("3", PLACE));
    assert_true(location_wait(l, &seen, WAIT_MS));
    assert_ok(location_fix(l, &fix));
    assert_int_equal(fix.source, PORT_FIX_3D);
    assert_int_equal(fix.lat_e7, 513713000);
    assert_int_equal(fix.lon_e7, 7241000);
    assert_int_equal(fix.accuracy_mm, 4200);
    assert_int_equal(fix.gnss_ms, 1777890030500);
    assert_false(fix.is_simulated);
    say(fd, TPV("1", "")); /* under a bridge: the last place stays, ages */
    assert_true(location_wait(l, &seen, WAIT_MS));
    assert_ok(location_fix(l, &fix));
    assert_int_equal(seen.reports, 4);
    assert_int_equal(seen.fixes, 1);
    location_close(l);
    close(fd);
    close(server.fd);
}

static void a_torn_stream_gives_no_place_and_is_taken_up_again(void **state)
{
    struct listener server = listener_new();
    struct location_stats seen = { 0 };
    struct location *l;
    struct port_fix fix;
    int fd;

    (void)state;
    assert_ok(location_open("127.0.0.1", server.port, &l));
    fd = accept(server.fd, NULL, NULL);
    say(fd, VERSION "{\"class\":\"TPV\",\"mode\":3,\"lat\":51.3");
    close(fd);
    assert_true(location_wait(l, &seen, WAIT_MS));
    assert_int_equal(seen.disconnects, 1);
    assert_err(location_fix(l, &fix), ERR_NOT_FOUND);
    fd = accept(server.fd, NULL, NULL);
    say(fd, VERSION "\x01\x02garbage\r\n" TPV("2", PLACE));
    while (seen.fixes == 0) {
        assert_true(location_wait(l, &seen, WAIT_MS));
    }
    assert_ok(location_fix(l, &fix));
    assert_int_equal(fix.source, PORT_FIX_2D);
    location_close(l);
    close(fd);
    close(server.fd);
}

static void a_place_off_the_globe_is_no_place(void **state)
{
    struct listener server = listener_new();
    struct location_stats seen = { 0 };
    struct location *l;
    struct port_fix fix;
    int fd;

    (void)state;
    assert_ok(location_open("127.0.0.1", server.port, &l));
    fd = accept(server.fd, NULL, NULL);
    say(fd, VERSION TPV("3", ",\"lat\":91.0,\"lon\":0.1") TPV("3", ""));
    while (seen.reports < 2) {
        assert_true(location_wait(l, &seen, WAIT_MS));
    }
    assert_err(location_fix(l, &fix), ERR_NOT_FOUND);
    location_close(l);
    close(fd);
    close(server.fd);
}

/* --- real logs --- */

static pid_t gpsfake(const char *log, const char *port)
{
    pid_t pid = fork();

    if (pid == 0) {
        setsid();
        if (!freopen("/dev/null", "w", stdout) ||
            !freopen("/dev/null", "w", stderr)) {
            _exit(127);
        }
        execlp("gpsfake", "gpsfake", "-q", "-c", "0.005", "-P", port, log,
               (char *)NULL);
        _exit(127);
    }
    return pid;
}

static bool lacks(const struct location_stats *seen, uint64_t fixes,
                  uint64_t blanks)
{
    return seen->fixes < fixes || seen->reports - seen->fixes < blanks;
}

/* Reports until `fixes` of them had a place and `blanks` had none, or the
 * receiver's silence. gpsfake plays the log over and over, so it doesn't
 * matter where in it a slow machine comes in. */
static void play(const char *path, uint64_t fixes, uint64_t blanks,
                 struct location_stats *seen, struct port_fix *fix)
{
    struct listener port = listener_new();
    struct location *l;
    pid_t pid;

    close(port.fd); /* gpsd takes this number */
    pid = gpsfake(path, port.port);
    assert_ok(location_open("127.0.0.1", port.port, &l));
    *seen = (struct location_stats){ 0 };
    while (lacks(seen, fixes, blanks) && seen->reports < 2000 &&
           location_wait(l, seen, WAIT_MS)) {
    }
    if (location_fix(l, fix)) {
        fix->source = PORT_FIX_NONE;
    }
    location_close(l);
    kill(-pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

static bool replay(const char *name, uint64_t fixes, uint64_t blanks,
                   struct location_stats *seen, struct port_fix *fix)
{
    const char *data = getenv("BEATBOOK_DATA");
    char path[500];

    snprintf(path, sizeof(path), "%s/gps/nmea-gpsd/%s",
             data ? data : SOURCE_DIR "/../shared/data", name);
    if (access(path, R_OK) != 0 ||
        system("command -v gpsfake >/dev/null") != 0 ||
        system("command -v gpsd >/dev/null") != 0) {
        return false;
    }
    *seen = (struct location_stats){ 0 };
    for (int i = 0; i < TRIES && lacks(seen, fixes, blanks); i++) {
        play(path, fixes, blanks, seen, fix);
    }
    return true;
}

static void a_replayed_log_gives_its_places_marked_as_replayed(void **state)
{
    struct location_stats seen;
    struct port_fix fix;

    (void)state;
    if (!replay("neo-m8n.log", 5, 0, &seen, &fix)) {
        skip();
        return;
    }
    assert_true(seen.fixes >= 5);
    assert_true(fix.is_simulated);
    assert_in_range(fix.lat_e7, 440000000, 441000000);
    assert_true(fix.lon_e7 < -1210000000);
    assert_true(fix.gnss_ms > 0);
}

static void a_receiver_just_switched_on_reports_without_a_place(void **state)
{
    struct location_stats seen;
    struct port_fix fix;

    (void)state;
    if (!replay("gp-320fw-2019-04-07-coldboot.log", 1, 1, &seen, &fix)) {
        skip();
        return;
    }
    assert_true(seen.reports > seen.fixes); /* at first there was none */
    assert_true(seen.fixes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cold_start_gives_time_first_and_a_place_later),
        cmocka_unit_test(a_torn_stream_gives_no_place_and_is_taken_up_again),
        cmocka_unit_test(a_place_off_the_globe_is_no_place),
        cmocka_unit_test(a_replayed_log_gives_its_places_marked_as_replayed),
        cmocka_unit_test(a_receiver_just_switched_on_reports_without_a_place),
    };

    return RUN_TESTS(tests);
}
