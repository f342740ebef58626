/*
 * folder.h - all files below a folder, in memory, by relative name.
 */
#ifndef SYNC_SERVER_VERIFY_FOLDER_H
#define SYNC_SERVER_VERIFY_FOLDER_H

#include "core/bundle.h"

#define FOLDER_NAME_SIZE 200 /* blobs/ and 64 digits fit well */

struct folder {
    struct bundle_file *files; /* owned, with their names and bytes */
    size_t count, cap;
    char wrong[FOLDER_NAME_SIZE]; /* after an error: which entry it was */
};

/*
 * Reads two levels deep (a bundle has no more); a symbolic link or a device
 * in it is ERR_BAD_DATA, a file or folder that can't be read ERR_IO. After
 * an error `out` has no files, and nothing to free.
 */
MUST_USE enum err folder_read(const char *path, struct folder *out);
void folder_free(struct folder *f);

#endif /* SYNC_SERVER_VERIFY_FOLDER_H */
