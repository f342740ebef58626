#define _POSIX_C_SOURCE 200809L /* dprintf */
#include "tests/torture/crew.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/leave.h"

/* A run that takes longer hangs. */
#define RUN_MAX_S 120
#define TOLD_MAX  12

static int to_parent = -1;

void crew_done(const char *why)
{
    if (why != NULL) {
        dprintf(to_parent, "%s", why);
    }
    leave(why != NULL ? 3 : 0);
}

static void tell(const char *label, int status, char *text)
{
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\n' ? '|' : *p;
    }
    printf("# %s: %s%d: %s\n", label, WIFSIGNALED(status) ? "signal " : "exit ",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), text);
}

bool crew_child(struct crew *c, const char *label)
{
    char text[1500];
    ssize_t len = 0, got;
    int ends[2], status = 0;
    pid_t pid;

    fflush(stdout);
    if (pipe(ends)) {
        perror("pipe");
        exit(2);
    }
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        to_parent = ends[1];
        dup2(ends[1], STDERR_FILENO);
        alarm(RUN_MAX_S);
        return true;
    }
    close(ends[1]);
    while ((got = read(ends[0], text + len, sizeof(text) - 1 - (size_t)len)) >
           0) {
        len += got;
    }
    close(ends[0]);
    text[len] = '\0';
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("crew");
        exit(2);
    }
    c->runs++;
    if (status != 0 && c->failed++ < TOLD_MAX) {
        tell(label, status, text);
    }
    return false;
}

void crew_run(struct crew *c, struct scene *s, crew_fn fn, const void *what,
              const char *label)
{
    if (crew_child(c, label)) {
        crew_done(fn(s, what));
    }
}

void crew_end(const struct crew *c, const char *name)
{
    printf("%s - %s: %llu ways, %llu broken\n", c->failed > 0 ? "not ok" : "ok",
           name, (unsigned long long)c->runs, (unsigned long long)c->failed);
}
