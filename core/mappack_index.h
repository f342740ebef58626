/*
 * mappack_index.h - makes the search of a pack: once, where packs are made.
 *
 * What is added is grouped first: the pieces of one street are one place,
 * two streets of one name in two towns are two.
 */
#ifndef CORE_MAPPACK_INDEX_H
#define CORE_MAPPACK_INDEX_H

#include "core/mappack.h"

struct mappack_index;

MUST_USE enum err mappack_index_new(struct mappack_index **out);
void mappack_index_free(struct mappack_index *index); /* NULL is allowed */

/* Names that are no UTF-8, empty or too long are passed over. ERR_TOO_LONG
 * beyond MAPPACK_NAMES_MAX. */
MUST_USE enum err mappack_index_add(struct mappack_index *index,
                                    enum mappack_kind kind, struct bytes name,
                                    int64_t lat_e7, int64_t lon_e7);

/* Writes it into the pack at `path`, in place of an older one; the pack
 * must not be open elsewhere. How many places there are now. */
MUST_USE enum err mappack_index_write(struct mappack_index *index,
                                      const char *path, size_t *count_out);

#endif /* CORE_MAPPACK_INDEX_H */
