/*
 * mem.h - the core's only door to the heap, so that a test can make the
 * n-th allocation fail (the linker's --wrap=mem_realloc).
 */
#ifndef CORE_MEM_H
#define CORE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);           /* zeroed; NULL when there is none */
void *mem_array(size_t n, size_t size); /* zeroed; NULL on overflow too */
void *mem_realloc(void *p, size_t size);
/* Room for one more behind `count` items: the list as it is, or twice as
 * large with `*cap` raised. NULL: no memory, the old one is as it was. */
void *mem_grow(void *list, size_t count, size_t *cap, size_t size);
void mem_free(void *p);           /* NULL is allowed */
char *mem_text(const char *text); /* a copy; NULL stays NULL */

#endif /* CORE_MEM_H */
