/* serve.c - the parent: binds, starts three children, waits, starts again. */
#include "sync-server/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/limits.h"
#include "sync-server/note.h"

enum { CHILD_TLS, CHILD_HTTP, CHILD_STORE, CHILD__COUNT };
static const char *const child_names[] = { "tls", "http", "store" };

enum err serve_read_file(const char *dir, const char *name, size_t max,
                         struct buf *out)
{
    char path[4096];
    uint8_t piece[4096];
    enum err err = ERR_OK;
    ssize_t got = 0;
    int fd;

    if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
        return ERR_TOO_LONG;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    while (!err && (got = read(fd, piece, sizeof(piece))) > 0) {
        buf_put(out, piece, (size_t)got);
        err = out->len > max ? ERR_TOO_LONG : out->err;
    }
    wipe(piece, sizeof(piece));
    close(fd);
    return got < 0 ? ERR_IO : err;
}

/* --- sockets --- */

/* "HOST:PORT", "[v6]:PORT"; the port may be 0. */
static bool split_address(const char *text, char host[256], char port[8])
{
    const char *colon = strrchr(text, ':');
    size_t len;

    if (colon == NULL || strlen(colon + 1) >= 8 || colon[1] == '\0')
        return false;
    len = (size_t)(colon - text);
    if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    if (len == 0 || len >= 256)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    snprintf(port, 8, "%s", colon + 1);
    return true;
}

static bool is_loopback(const struct sockaddr *at)
{
    if (at->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)at;

        return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
    }
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)at)->sin6_addr);
}

static int bind_one(const struct addrinfo *at)
{
    const int fd =
        socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, 512) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Binds and writes "HOST:PORT" with the port that it got. */
static enum err bind_to(const char *text, bool local_only, int *fd_out,
                        char bound_out[300])
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char host[256] = "", port[8] = "";
    struct sockaddr_storage at = { 0 };
    socklen_t len = sizeof(at);
    int fd = -1;

    if (!split_address(text, host, port)) {
        note("parent", "\"%s\" is not HOST:PORT", text);
        return ERR_USAGE;
    }
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        note("parent", "there is no host \"%s\" here", host);
        return ERR_USAGE;
    }
    if (!local_only || is_loopback(found->ai_addr)) {
        fd = bind_one(found);
    }
    freeaddrinfo(found);
    if (fd < 0 || getsockname(fd, (struct sockaddr *)&at, &len) != 0 ||
        getnameinfo((const struct sockaddr *)&at, len, NULL, 0, port,
                    sizeof(port), NI_NUMERICSERV) != 0) {
        note("parent",
             local_only ? "cannot listen on %s (loopback only)"
                        : "cannot listen on %s",
             text);
        return ERR_BUSY;
    }
    snprintf(bound_out, 300, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s",
             host, port);
    *fd_out = fd;
    return ERR_OK;
}

/* The command line's way in; the folder is ours alone (0700). */
static enum err bind_control(const char *dir, int *fd_out)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t mask;
    bool ok;

    if (fd < 0)
        return ERR_IO;
    if (snprintf(at.sun_path, sizeof(at.sun_path), "%s/%s", dir,
                 SERVE_CONTROL) >= (int)sizeof(at.sun_path)) {
        note("parent", "the path of the folder is too long for a socket");
        close(fd);
        return ERR_TOO_LONG;
    }
    (void)unlink(at.sun_path);
    mask = umask(0177);
    ok = bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
         listen(fd, 16) == 0;
    umask(mask);
    if (!ok) {
        close(fd);
        return ERR_IO;
    }
    *fd_out = fd;
    return ERR_OK;
}

/* --- children --- */

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct family {
    const struct serve_options *options;
    struct serve_sockets sockets;
    int control_fd;
    pid_t child[CHILD__COUNT];
    bool is_ready; /* the database was open once */
    pid_t chore;   /* 0: none runs */
    uint64_t chore_due_ms;
};

/* Socket pairs: [0] and [1] are the two ends. */
struct pairs {
    int tls_http[2], tls_store[2], http_store[2];
    int ready[2]; /* store to parent: one byte */
};

static void close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

static void close_network(const struct family *f)
{
    for (size_t i = 0; i < SERVE_SOCKETS_MAX; i++) {
        if (f->sockets.fd[i] >= 0) {
            close(f->sockets.fd[i]);
        }
    }
}

/* In the child: keep the ends that are its own, nothing else. */
static _Noreturn void be_child(const struct family *f, int which,
                               const struct pairs *p)
{
    const struct sigaction off = { .sa_handler = SIG_IGN };
    sigset_t none;

    sigaction(SIGINT, &off, NULL); /* the parent decides */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    switch (which) {
    case CHILD_TLS:
        close_pair(p->ready);
        close_pair(p->http_store);
        close(p->tls_http[1]);
        close(p->tls_store[1]);
        close(f->control_fd);
        tls_main(f->options, &f->sockets, p->tls_http[0], p->tls_store[0]);
    case CHILD_HTTP:
        close_pair(p->ready);
        close_pair(p->tls_store);
        close(p->tls_http[0]);
        close(p->http_store[1]);
        close(f->control_fd);
        close_network(f);
        http_main(f->options, p->tls_http[1], p->http_store[0]);
    default:
        close(p->ready[0]);
        close_pair(p->tls_http);
        close(p->tls_store[0]);
        close(p->http_store[0]);
        close_network(f);
        store_main(f->options, p->tls_store[1], p->http_store[1], f->control_fd,
                   p->ready[1]);
    }
}

/* Until the store is at work, or ended: then nobody says "listening". */
static void await_ready(struct family *f, int fd)
{
    char byte;
    ssize_t got;

    do {
        got = read(fd, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1 && !f->is_ready) {
        f->is_ready = true;
        if (f->options->ready != NULL) {
            f->options->ready(f->options->bound_ctx);
        }
    }
}

static enum err start(struct family *f)
{
    const int type = SOCK_STREAM | SOCK_CLOEXEC;
    struct pairs p;
    enum err err = ERR_OK;

    if (socketpair(AF_UNIX, type, 0, p.tls_http) != 0)
        return ERR_IO;
    if (socketpair(AF_UNIX, type, 0, p.tls_store) != 0) {
        close_pair(p.tls_http);
        return ERR_IO;
    }
    if (socketpair(AF_UNIX, type, 0, p.http_store) != 0) {
        close_pair(p.tls_http);
        close_pair(p.tls_store);
        return ERR_IO;
    }
    if (pipe2(p.ready, O_CLOEXEC) != 0) {
        close_pair(p.tls_http);
        close_pair(p.tls_store);
        close_pair(p.http_store);
        return ERR_IO;
    }
    for (int i = 0; i < CHILD__COUNT && !err; i++) {
        f->child[i] = fork();
        if (f->child[i] == 0) {
            be_child(f, i, &p);
        }
        err = f->child[i] < 0 ? ERR_IO : ERR_OK;
    }
    close(p.ready[1]);
    if (!err) {
        await_ready(f, p.ready[0]);
    }
    close(p.ready[0]);
    close_pair(p.tls_http);
    close_pair(p.tls_store);
    close_pair(p.http_store);
    return err;
}

static void end_child(struct family *f, int which, int signal_number)
{
    if (f->child[which] <= 0)
        return;
    kill(f->child[which], signal_number);
    while (waitpid(f->child[which], NULL, 0) < 0 && errno == EINTR) {
        ;
    }
    f->child[which] = -1;
}

/* Ends those that still run: the store first, which closes its database. */
static void stop(struct family *f, int signal_number)
{
    end_child(f, CHILD_STORE, signal_number);
    end_child(f, CHILD_TLS, signal_number);
    end_child(f, CHILD_HTTP, signal_number);
}

/* --- what takes its time --- */

static void look_at_chore(struct family *f)
{
    int status = 0;

    if (f->chore > 0 && waitpid(f->chore, &status, WNOHANG) == f->chore) {
        f->chore = 0;
        f->chore_due_ms = now_ms() + f->options->chore_ms;
        if (WIFSIGNALED(status)) {
            note("parent", "the backup's check was ended by signal %d",
                 WTERMSIG(status));
        }
    }
    if (f->options->chore == NULL || f->chore != 0 || !f->is_ready ||
        now_ms() < f->chore_due_ms)
        return;
    f->chore = fork();
    if (f->chore == 0) {
        const struct sigaction off = { .sa_handler = SIG_IGN };
        sigset_t none;

        sigaction(SIGINT, &off, NULL);
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        close_network(f);
        close(f->control_fd);
        if (nice(10) == -1) {
            note("parent", "the backup's check runs as fast as it can");
        }
        store_chore(f->options);
    }
    f->chore = f->chore > 0 ? f->chore : 0;
}

static void end_chore(struct family *f)
{
    if (f->chore <= 0)
        return;
    kill(f->chore, SIGKILL);
    while (waitpid(f->chore, NULL, 0) < 0 && errno == EINTR) {
        ;
    }
    f->chore = 0;
}

/* Waits for the first child that ends; -1 when we are told to stop. */
static int wait_child(struct family *f, const sigset_t *signals, int *status)
{
    const struct timespec second = { 1, 0 };

    for (;;) {
        const int number = sigtimedwait(signals, NULL, &second);

        if (number > 0 && number != SIGCHLD)
            return -1;
        look_at_chore(f);
        for (int i = 0; i < CHILD__COUNT; i++) {
            if (f->child[i] > 0 &&
                waitpid(f->child[i], status, WNOHANG) == f->child[i]) {
                f->child[i] = -1;
                return i;
            }
        }
    }
}

static void say_end(int which, int status)
{
    if (WIFSIGNALED(status)) {
        note("parent", "%s was ended by signal %d", child_names[which],
             WTERMSIG(status));
    } else {
        note("parent", "%s ended with code %d", child_names[which],
             WEXITSTATUS(status));
    }
}

/* Those that the first one took with it, or that took it. */
static void say_others(struct family *f)
{
    for (int i = 0; i < CHILD__COUNT; i++) {
        int status = 0;

        if (f->child[i] > 0 &&
            waitpid(f->child[i], &status, WNOHANG) == f->child[i]) {
            f->child[i] = -1;
            say_end(i, status);
        }
    }
}

/* In a process of its own: keys that it reads stay out of the parent. */
static enum err prepare(const struct family *f, const sigset_t *before)
{
    int status = 0;
    pid_t child;

    if (f->options->prepare == NULL)
        return ERR_OK;
    child = fork();
    if (child == 0) {
        sigprocmask(SIG_SETMASK, before, NULL);
        _exit(f->options->prepare(f->options->service.ctx) ? EXIT_FAILURE
                                                           : EXIT_SUCCESS);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
        ;
    }
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0
               ? ERR_OK
               : ERR_STOPPED;
}

static enum err keep_running(struct family *f, const sigset_t *signals,
                             const sigset_t *before)
{
    for (;;) {
        const uint64_t began = now_ms();
        int status = 0, which;
        enum err err = prepare(f, before);

        err = err ? err : start(f);

        if (err) {
            stop(f, SIGKILL);
            return err;
        }
        which = wait_child(f, signals, &status);
        if (which < 0) {
            note("parent", "stopping");
            end_chore(f);
            stop(f, SIGTERM);
            return ERR_OK;
        }
        say_end(which, status);
        say_others(f);
        stop(f, SIGTERM);
        if (now_ms() - began < SERVE_CRASH_MS) {
            note("parent", "gives up: %s ended right after its start",
                 child_names[which]);
            return ERR_STOPPED;
        }
        note("parent", "starts all processes anew");
    }
}

static enum err bind_all(struct family *f)
{
    const struct serve_options *o = f->options;
    char listen_at[300], web_at[300], metrics_at[300];
    enum err err =
        bind_to(o->listen, false, &f->sockets.fd[LISTENER_DEVICE], listen_at);

    if (!err) {
        err = bind_to(o->web, false, &f->sockets.fd[LISTENER_WEB], web_at);
    }
    if (!err && o->metrics != NULL) {
        err = bind_to(o->metrics, true, &f->sockets.fd[LISTENER_METRICS],
                      metrics_at);
    }
    if (!err) {
        err = bind_control(o->dir, &f->control_fd);
    }
    if (!err && o->bound != NULL) {
        o->bound(o->bound_ctx, listen_at, web_at,
                 o->metrics == NULL ? NULL : metrics_at);
    }
    return err;
}

enum err serve_run(const struct serve_options *options)
{
    struct family f = { .options = options,
                        .sockets = { { -1, -1, -1 } },
                        .control_fd = -1,
                        .child = { -1, -1, -1 } };
    const struct sigaction off = { .sa_handler = SIG_IGN };
    sigset_t signals, before;
    enum err err;

    f.chore_due_ms = now_ms() + options->chore_first_ms;
    sigaction(SIGPIPE, &off, NULL);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, &before);
    err = bind_all(&f);
    if (!err) {
        err = keep_running(&f, &signals, &before);
    }
    end_chore(&f);
    sigprocmask(SIG_SETMASK, &before, NULL);
    close_network(&f);
    if (f.control_fd >= 0) {
        close(f.control_fd);
    }
    return err;
}
