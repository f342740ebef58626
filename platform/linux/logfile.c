#include "platform/linux/logfile.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"
#include "platform/linux/fsfile.h"

#define LOG_NAME_MAX 60

struct logfile {
    pthread_mutex_t lock;
    int folder; /* borrowed */
    int fd;
    uint64_t size;
    char name[LOG_NAME_MAX];
};

static int open_current(const struct logfile *log)
{
    return openat(log->folder, log->name,
                  O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
}

enum err logfile_open(int folder, const char *name, struct logfile **out)
{
    struct logfile *log = mem_alloc(sizeof(*log));
    struct stat st;

    if (!log) {
        return ERR_NOMEM;
    }
    ASSERT(strlen(name) < LOG_NAME_MAX);
    log->folder = folder;
    memcpy(log->name, name, strlen(name) + 1);
    log->fd = open_current(log);
    if (log->fd < 0 || fstat(log->fd, &st)) {
        logfile_close(log);
        return ERR_IO;
    }
    log->size = (uint64_t)st.st_size;
    pthread_mutex_init(&log->lock, NULL);
    *out = log;
    return ERR_OK;
}

void logfile_close(struct logfile *log)
{
    if (log && log->fd >= 0) {
        close(log->fd);
        pthread_mutex_destroy(&log->lock);
    }
    mem_free(log);
}

static void rotate(struct logfile *log)
{
    char old[LOG_NAME_MAX + 2];
    int fd;

    snprintf(old, sizeof(old), "%s.1", log->name);
    if (renameat(log->folder, log->name, log->folder, old)) {
        return;
    }
    fd = open_current(log);
    if (fd >= 0) {
        close(log->fd);
        log->fd = fd;
        log->size = 0;
    }
}

size_t logfile_line(char out[LOGFILE_LINE_SIZE], int64_t wall_ms,
                    enum port_log_level level, const char *text)
{
    static const char letters[] = "EWI";
    const time_t at = (time_t)(wall_ms / 1000);
    struct tm utc = { 0 };
    int len;

    gmtime_r(&at, &utc);
    len = snprintf(out, LOGFILE_LINE_SIZE,
                   "%04d-%02d-%02dT%02d:%02d:%02dZ %c %.*s", utc.tm_year + 1900,
                   utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                   utc.tm_sec, letters[level], PORT_LOG_MAX, text);
    if (len < 0) {
        return 0;
    }
    if (len >= LOGFILE_LINE_SIZE) {
        len = LOGFILE_LINE_SIZE - 1;
    }
    for (int i = 0; i < len; i++) {
        if ((unsigned char)out[i] < ' ' || out[i] == 0x7f) {
            out[i] = '?';
        }
    }
    out[len] = '\n'; /* in place of the NUL */
    return (size_t)len + 1;
}

void logfile_put(struct logfile *log, int64_t wall_ms,
                 enum port_log_level level, const char *text)
{
    char line[LOGFILE_LINE_SIZE];
    const size_t len = logfile_line(line, wall_ms, level, text);
    ssize_t put;

    pthread_mutex_lock(&log->lock);
    if (log->size + len > LOG_FILE_MAX_BYTES) {
        rotate(log);
    }
    if (log->size + len <= LOG_FILE_MAX_BYTES) {
        put = write(log->fd, line, len);
        log->size += put > 0 ? (uint64_t)put : 0;
    }
    pthread_mutex_unlock(&log->lock);
}
