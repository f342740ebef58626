/*
 * export.h - writes evidence bundles (section 9 of core/PROTOCOL.md) from
 * the council's database.
 */
#ifndef SYNC_SERVER_EXPORT_EXPORT_H
#define SYNC_SERVER_EXPORT_EXPORT_H

#include "core/bundle.h"
#include "sync-server/council.h"

struct export_what {
    enum bundle_scope scope;
    const char *id; /* record or patrol as text, notice number; "" for all */
};

/*
 * Make the folder `path` and write the bundle into it. A bundle of one
 * record holds it, its children, the definitions and keys that it needs,
 * and nothing of others but 32-byte hashes.
 *
 * ERR_EXISTS when `path` is there already, ERR_NOT_FOUND when nothing has
 * this id. `why` gets a plain sentence for any error.
 */
MUST_USE enum err export_bundle(struct council *c, const char *path,
                                const struct export_what *what,
                                struct buf *why);

#endif /* SYNC_SERVER_EXPORT_EXPORT_H */
