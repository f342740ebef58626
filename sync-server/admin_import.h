/*
 * admin_import.h - the verb "import": a hand-over file from a path that
 * this process can read.
 */
#ifndef SYNC_SERVER_ADMIN_IMPORT_H
#define SYNC_SERVER_ADMIN_IMPORT_H

#include "sync-server/council.h"

/* Answer's text: [ code, summary in words, answer for the tablet ] as CBOR.
 * An error only when the file can't be read at all. */
MUST_USE enum err admin_import(struct council *c, const char *path,
                               struct buf *out);

#endif /* SYNC_SERVER_ADMIN_IMPORT_H */
