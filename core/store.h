/*
 * store.h - one tablet's SQLite file: opened, migrated, checked, dumped.
 *
 * WAL, synchronous=FULL, secure_delete, one connection, encrypted as a
 * whole. Only store_*.c, evlog.c and project_*.c hold SQL. Tables and
 * their meaning: the files of core/sql.
 */
#ifndef CORE_STORE_H
#define CORE_STORE_H

#include "core/base.h"
#include "core/buf.h"
#include "core/port.h"

struct store; /* opaque */

struct store_options {
    const char *path;   /* as SQLite takes it */
    const char *vfs;    /* NULL: the default; another has the cipher's layer */
    struct bytes key32; /* raw database key; empty: not encrypted (tests) */
    const struct port *port; /* outlives the store */
};

/*
 * Opens or creates, runs missing migrations. ERR_WRONG_KEY when the key
 * doesn't open it, ERR_NEWER when a newer program wrote it (the file is
 * left alone), ERR_BAD_DATA when the file is damaged (it is left alone, too).
 */
MUST_USE enum err store_open(const struct store_options *options,
                             struct store **out);
void store_close(struct store *s); /* NULL is allowed */

struct sqlite3 *store_db(struct store *s); /* for the core's own files */
const struct port *store_port(const struct store *s);

/* Nested: only the outermost commit writes; a rollback undoes all. */
MUST_USE enum err store_begin(struct store *s);
MUST_USE enum err store_commit(struct store *s);
void store_rollback(struct store *s);

/* Small facts by name (identity, cursors' starts, keys). Value is bytes. */
MUST_USE enum err store_meta_get(struct store *s, const char *name,
                                 struct buf *out); /* or ERR_NOT_FOUND */
MUST_USE enum err store_meta_put(struct store *s, const char *name,
                                 struct bytes value);

/*
 * fsck: SQLite's integrity check, every chain and seal from link 0, every
 * commitment, every blob's hash, projections against a rebuild. Each
 * finding is told to `found`; ERR_BAD_DATA when there was one.
 */
typedef void (*store_finding_fn)(void *ctx, const char *what);
MUST_USE enum err store_fsck(struct store *s, store_finding_fn found,
                             void *ctx);

/* Projections dropped and made anew from the events. */
MUST_USE enum err store_rebuild(struct store *s);
/* SHA-256 over an ordered SELECT of every projection. */
MUST_USE enum err store_dump_hash(struct store *s, struct hash *out);

#endif /* CORE_STORE_H */
