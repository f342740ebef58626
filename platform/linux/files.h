/*
 * files.h - blob files, named by the SHA-256 of their bytes.
 *
 *   DIR/blobs/<64 hex>        whole, durable, never changed
 *   DIR/blobs/part/<64 hex>   growing; may be cut at any byte
 *
 * Contracts of the functions: core/port.h.
 */
#ifndef PLATFORM_LINUX_FILES_H
#define PLATFORM_LINUX_FILES_H

#include "core/base.h"

struct files; /* opaque */

/* `folder` is the open DIR, needed during the call only. */
MUST_USE enum err files_open(int folder, struct files **out);
void files_close(struct files *f); /* NULL is allowed */

MUST_USE enum err files_part_size(struct files *f, const struct hash *part,
                                  uint64_t *out);
MUST_USE enum err files_part_write(struct files *f, const struct hash *part,
                                   uint64_t offset, struct bytes data);
MUST_USE enum err files_part_read(struct files *f, const struct hash *part,
                                  uint64_t offset, uint8_t *out, size_t len,
                                  size_t *got_out);
MUST_USE enum err files_part_commit(struct files *f, const struct hash *part,
                                    const struct hash *name);
MUST_USE enum err files_part_drop(struct files *f, const struct hash *part);
MUST_USE enum err files_blob_size(struct files *f, const struct hash *name,
                                  uint64_t *out);
MUST_USE enum err files_blob_read(struct files *f, const struct hash *name,
                                  uint64_t offset, uint8_t *out, size_t len,
                                  size_t *got_out);
MUST_USE enum err files_blob_remove(struct files *f, const struct hash *name);

#endif /* PLATFORM_LINUX_FILES_H */
