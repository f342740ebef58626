#include "platform/linux/photo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "platform/linux/clock.h"
#include "platform/linux/fsfile.h"

/* Beside the running program, or in the build's bin for a test. */
static bool find_child(char out[PATH_MAX])
{
    static const char *const places[] = { "beatbook-photo",
                                          "../bin/beatbook-photo" };
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (len <= 0) {
        return false;
    }
    self[len] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        int n = snprintf(out, PATH_MAX, "%s/%s", self, places[i]);

        if (n > 0 && n < PATH_MAX && access(out, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* In the child of fork: only what is safe there, then the other program. */
static void become(const char *program, bool is_large, int in, int out)
{
    static char *const env[] = { NULL };
    char name[] = "beatbook-photo";
    char large[] = "large";
    char *const argv[] = { name, is_large ? large : NULL, NULL };
    int null = open("/dev/null", O_WRONLY);

    if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(null, STDERR_FILENO) >= 0 && close_range(3, ~0U, 0) == 0) {
        execve(program, argv, env);
    }
    _exit(127);
}

/* All that comes out of `fd`, until it ends or the time is up. */
static enum err drain(int fd, struct buf *out)
{
    const uint64_t until = clock_mono_ms() + PHOTO_TIMEOUT_MS;
    uint8_t piece[16384];

    for (;;) {
        const uint64_t now = clock_mono_ms();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        ssize_t got;

        if (now >= until) {
            return ERR_STOPPED;
        }
        if (poll(&p, 1, (int)(until - now)) <= 0) {
            continue;
        }
        got = read(fd, piece, sizeof(piece));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return out->err;
        }
        buf_put(out, piece, (size_t)got);
        if (out->err) {
            return out->err;
        }
    }
}

static enum err run_child(int in, bool is_large, struct buf *out)
{
    char program[PATH_MAX];
    int pipes[2];
    enum err err;
    pid_t pid;

    if (!find_child(program)) {
        return ERR_UNSUPPORTED;
    }
    if (pipe2(pipes, O_CLOEXEC)) {
        return ERR_NOMEM;
    }
    pid = fork();
    if (pid == 0) {
        become(program, is_large, in, pipes[1]);
    }
    close(pipes[1]);
    if (pid < 0) {
        close(pipes[0]);
        return ERR_NOMEM;
    }
    err = drain(pipes[0], out);
    close(pipes[0]);
    kill(pid, SIGKILL); /* does nothing where it has ended */
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    return err;
}

/* The camera's local time; without an offset it is taken for ours. */
static int64_t to_utc(int64_t local_ms, bool has_offset, int64_t offset_min)
{
    time_t t = (time_t)(local_ms / 1000);
    struct tm tm;

    if (has_offset) {
        return local_ms - offset_min * 60000;
    }
    if (!gmtime_r(&t, &tm)) {
        return 0;
    }
    tm.tm_isdst = -1;
    t = mktime(&tm);
    return t == (time_t)-1 ? 0 : (int64_t)t * 1000;
}

static enum err take_facts(struct bytes in, struct photo *p)
{
    struct cbor_reader r;
    bool has_time = false, has_offset = false;
    int64_t local_ms = 0, offset_min = 0;

    cbor_open(&r, in);
    for (size_t left = cbor_get_map(&r); left > 0 && !r.err; left--) {
        const uint64_t key = cbor_get_uint(&r);
        const int64_t value = cbor_get_int(&r);

        switch (key) {
        case 1:
            p->orientation = value >= 1 && value <= 8 ? (int)value : 1;
            break;
        case 2:
            p->width = (uint32_t)value;
            break;
        case 3:
            p->height = (uint32_t)value;
            break;
        case 4:
            has_time = true;
            local_ms = value;
            break;
        case 5:
            has_offset = true;
            offset_min = value;
            break;
        case 6:
            p->lat_e7 = (int32_t)value;
            break;
        case 7:
            p->lon_e7 = (int32_t)value;
            p->has_place = true;
            break;
        }
    }
    if (has_time && !r.err) {
        p->taken_ms = to_utc(local_ms, has_offset, offset_min);
    }
    return cbor_close(&r);
}

static enum err take_small(struct bytes in, struct photo *p)
{
    struct cbor_reader r;
    struct bytes jpeg;
    uint64_t warnings;

    cbor_open(&r, in);
    if (cbor_get_map(&r) != 2) {
        return ERR_BAD_DATA;
    }
    cbor_skip(&r);
    jpeg = cbor_get_bytes(&r);
    cbor_skip(&r);
    warnings = cbor_get_uint(&r);
    if (cbor_close(&r)) {
        return ERR_BAD_DATA;
    }
    buf_put(&p->small, jpeg.data, jpeg.len);
    if (warnings > 0) {
        snprintf(p->message, sizeof(p->message),
                 "the picture is damaged: its preview may be incomplete; the "
                 "file is kept as it is");
    }
    return p->small.err;
}

/* The child is not trusted either: all that it says goes by the gate. */
static void take_answer(struct bytes in, struct photo *p)
{
    size_t used = 0;

    if (!cbor_gate_first(in, &used) &&
        !take_facts((struct bytes){ in.data, used }, p) && used < in.len &&
        !take_small((struct bytes){ in.data + used, in.len - used }, p)) {
        return;
    }
    snprintf(p->message, sizeof(p->message),
             "the picture can't be shown: it is damaged, too large or not "
             "what it says; the file is kept as it is");
}

static const char *media_type(struct bytes in)
{
    if (in.len > 3 && memcmp(in.data, "\xff\xd8\xff", 3) == 0) {
        return "image/jpeg";
    }
    if (in.len > 6 && memcmp(in.data, "\x89PNG\r\n", 6) == 0) {
        return "image/png";
    }
    return "application/octet-stream";
}

static enum err read_file(int fd, struct buf *out)
{
    struct stat st;
    uint8_t *at;
    size_t done = 0;

    if (fstat(fd, &st)) {
        return fsfile_err(errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return ERR_BAD_DATA;
    }
    at = buf_grow(out, (size_t)st.st_size);
    while (!out->err && done < (size_t)st.st_size) {
        ssize_t got =
            pread(fd, at + done, (size_t)st.st_size - done, (off_t)done);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return ERR_IO;
        }
        done += (size_t)got;
    }
    return out->err;
}

/* `fd` holds the same bytes: the child reads them there. */
static void understand(int fd, struct photo *out)
{
    struct buf answer;

    out->media_type = media_type(buf_bytes(&out->original));
    if (strncmp(out->media_type, "image/", 6) != 0) {
        snprintf(out->message, sizeof(out->message),
                 "not a JPEG or PNG picture; the file is kept as it is");
        return;
    }
    buf_init(&answer, PHOTO_SMALL_MAX_BYTES + 2048);
    (void)run_child(fd, false, &answer); /* its silence is an answer */
    take_answer(buf_bytes(&answer), out);
    buf_fini(&answer);
}

static void begin(struct photo *out)
{
    memset(out, 0, sizeof(*out));
    out->orientation = 1;
    buf_init(&out->original, BLOB_MAX_BYTES);
    buf_init(&out->small, PHOTO_SMALL_MAX_BYTES);
}

enum err photo_open(const char *path, struct photo *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err err;

    if (fd < 0) {
        return fsfile_err(errno);
    }
    begin(out);
    err = read_file(fd, &out->original);
    if (!err) {
        understand(fd, out);
    }
    close(fd);
    if (err) {
        photo_fini(out);
    }
    return err;
}

/* A file without a name that holds `data`, at its start; -1: none. */
static int file_of(struct bytes data)
{
    int fd = memfd_create("photo", MFD_CLOEXEC);
    size_t done = 0;

    while (fd >= 0 && done < data.len) {
        ssize_t put =
            pwrite(fd, data.data + done, data.len - done, (off_t)done);

        if (put < 0 && errno != EINTR) {
            close(fd);
            return -1;
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return fd;
}

enum err photo_of_bytes(struct bytes data, struct photo *out)
{
    int fd = file_of(data);
    enum err err;

    if (fd < 0) {
        return ERR_NOMEM;
    }
    begin(out);
    buf_put(&out->original, data.data, data.len);
    err = out->original.err;
    if (!err) {
        understand(fd, out);
    }
    close(fd);
    if (err) {
        photo_fini(out);
    }
    return err;
}

/* Facts, then the pixels; the gate sees all of it. */
static enum err take_large(struct bytes in, struct photo_picture *out)
{
    struct cbor_reader r;
    struct bytes rgb;
    size_t used = 0;

    if (cbor_gate_first(in, &used) || used == in.len) {
        return ERR_BAD_DATA;
    }
    cbor_open(&r, (struct bytes){ in.data + used, in.len - used });
    if (cbor_get_map(&r) != 3) {
        return ERR_BAD_DATA;
    }
    cbor_skip(&r);
    out->width = (uint32_t)cbor_get_uint_max(&r, PHOTO_LARGE_PX);
    cbor_skip(&r);
    out->height = (uint32_t)cbor_get_uint_max(&r, PHOTO_LARGE_PX);
    cbor_skip(&r);
    rgb = cbor_get_bytes(&r);
    if (cbor_close(&r) || out->width == 0 || out->height == 0 ||
        rgb.len != (size_t)out->width * out->height * 3) {
        return ERR_BAD_DATA;
    }
    buf_put(&out->rgb, rgb.data, rgb.len);
    return out->rgb.err;
}

enum err photo_look(struct bytes data, struct photo_picture *out)
{
    struct buf answer;
    enum err err;
    int fd;

    if (strncmp(media_type(data), "image/", 6) != 0) {
        return ERR_UNSUPPORTED;
    }
    fd = file_of(data);
    if (fd < 0) {
        return ERR_NOMEM;
    }
    *out = (struct photo_picture){ .width = 0 };
    buf_init(&out->rgb, PHOTO_LARGE_MAX_BYTES);
    buf_init(&answer, PHOTO_LARGE_MAX_BYTES + 2048);
    err = run_child(fd, true, &answer);
    err = err ? err : take_large(buf_bytes(&answer), out);
    buf_fini(&answer);
    close(fd);
    if (err) {
        buf_fini(&out->rgb);
    }
    return err;
}

void photo_fini(struct photo *p)
{
    buf_fini(&p->original);
    buf_fini(&p->small);
}
