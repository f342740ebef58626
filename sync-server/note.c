#include "sync-server/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

void note(const char *process, const char *format, ...)
{
    char line[600];
    struct tm tm;
    const time_t now = time(NULL);
    size_t len;
    va_list args;

    gmtime_r(&now, &tm);
    len = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%SZ ", &tm);
    len += (size_t)snprintf(line + len, sizeof(line) - len, "%s: ", process);
    va_start(args, format);
    vsnprintf(line + len, sizeof(line) - len - 1, format, args);
    va_end(args);
    for (len = 0; line[len] != '\0'; len++) {
        if ((unsigned char)line[len] < ' ') {
            line[len] = '?'; /* one line stays one line */
        }
    }
    line[len++] = '\n';
    (void)!write(STDERR_FILENO, line, len); /* one write: lines don't mix */
}
