/*
 * logfile.h - the program's log: one line an event, ids only, never what a
 * person wrote. Two files of LOG_FILE_MAX_BYTES at most: the current one
 * and the one before (NAME.1).
 */
#ifndef PLATFORM_LINUX_LOGFILE_H
#define PLATFORM_LINUX_LOGFILE_H

#include "core/port.h"

struct logfile; /* opaque; may be used from any thread */

/* Appends to `name` in `folder` (borrowed until close). */
MUST_USE enum err logfile_open(int folder, const char *name,
                               struct logfile **out);
void logfile_close(struct logfile *log); /* NULL is allowed */

/*
 * One line: time, level, `text` with control characters replaced. What
 * can't be written is dropped: a full disk must not stop the program.
 */
void logfile_put(struct logfile *log, int64_t wall_ms,
                 enum port_log_level level, const char *text);

/* The same line, with its line feed, for another place; its length. */
#define LOGFILE_LINE_SIZE (PORT_LOG_MAX + 40)
size_t logfile_line(char out[LOGFILE_LINE_SIZE], int64_t wall_ms,
                    enum port_log_level level, const char *text);

#endif /* PLATFORM_LINUX_LOGFILE_H */
