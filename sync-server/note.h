/*
 * note.h - one line into the server's log (standard error): time, process,
 * text. Ids and numbers only: no names, positions, addresses, secrets.
 */
#ifndef SYNC_SERVER_NOTE_H
#define SYNC_SERVER_NOTE_H

#include "core/base.h"

void note(const char *process, const char *format, ...) PRINTF(2, 3);

#endif /* SYNC_SERVER_NOTE_H */
