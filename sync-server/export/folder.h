/*
 * folder.h - writes the files of a bundle and remembers their hashes for
 * the manifest.
 */
#ifndef SYNC_SERVER_EXPORT_FOLDER_H
#define SYNC_SERVER_EXPORT_FOLDER_H

#include "core/bundle.h"

#define FOLDER_NAME_MAX 100 /* "blobs/" and 64 digits */

struct folder_entry {
    char name[FOLDER_NAME_MAX];
    uint64_t size;
    struct hash hash;
    struct buf blocks; /* 32 bytes for each BUNDLE_BLOCK_BYTES */
};

struct folder {
    int fd;                       /* of the folder itself */
    struct folder_entry *entries; /* owned */
    size_t count, cap;
};

/* Makes the folder `path`; ERR_EXISTS when something is there already. */
MUST_USE enum err folder_open(const char *path, struct folder *out);
void folder_close(struct folder *f);

/* Writes one whole file, durably, and notes its hashes. */
MUST_USE enum err folder_put(struct folder *f, const char *name,
                             struct bytes data);
/* The same without noting it: the manifest itself. */
MUST_USE enum err folder_put_last(struct folder *f, const char *name,
                                  struct bytes data);
/* Sorted by name, for the manifest. */
void folder_sort(struct folder *f);

#endif /* SYNC_SERVER_EXPORT_FOLDER_H */
