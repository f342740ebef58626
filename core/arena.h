/*
 * arena.h - memory that is freed all at once: what a parser builds lives as
 * long as its result, and nobody can forget a part of it.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/base.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* owned, newest first */
    size_t used;                /* bytes handed out */
    size_t max;                 /* never hands out more than this */
};

/* An empty arena that hands out at most `max` bytes. */
void arena_init(struct arena *a, size_t max);
void arena_fini(struct arena *a); /* frees all; may be called twice */

/* Zeroed, aligned for any type; NULL when there is no memory or `max` is
 * reached. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size);

/* A copy of `len` bytes with a NUL after them; NULL as above. */
char *arena_text(struct arena *a, const char *text, size_t len);

#endif /* CORE_ARENA_H */
