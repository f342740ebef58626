/*
 * safety.h - the file of the safety copy (core/store_safety.h): written in
 * place, durable when a write returns. It grows by zeros ahead of need, so
 * that most writes change no length, which would be a second write.
 */
#ifndef PLATFORM_LINUX_SAFETY_H
#define PLATFORM_LINUX_SAFETY_H

#include "core/base.h"
#include "core/buf.h"

#define SAFETY_NAME "safety.log"

struct safety {
    int folder; /* borrowed */
    int fd;     /* -1: not open */
    uint64_t size;
};
void safety_init(struct safety *f, int folder);
void safety_fini(struct safety *f);
MUST_USE enum err safety_file_read(struct safety *f, uint64_t offset,
                                   uint8_t *out, size_t len, size_t *got_out);
MUST_USE enum err safety_file_write(struct safety *f, uint64_t offset,
                                    struct bytes data);
MUST_USE enum err safety_file_replace(struct safety *f, struct bytes data);

#endif /* PLATFORM_LINUX_SAFETY_H */
