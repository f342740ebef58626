#include "core/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GROW_FIRST 64 /* items of a list that was empty */

void *mem_realloc(void *p, size_t size)
{
    return realloc(p, size > 0 ? size : 1);
}

void *mem_grow(void *list, size_t count, size_t *cap, size_t size)
{
    const size_t more = *cap > 0 ? *cap * 2 : GROW_FIRST;
    void *bigger;

    if (count < *cap) {
        return list;
    }
    bigger = mem_realloc(list, more * size);
    if (bigger != NULL) {
        *cap = more;
    }
    return bigger;
}

void *mem_alloc(size_t size)
{
    void *p = mem_realloc(NULL, size);

    if (p != NULL) {
        memset(p, 0, size);
    }
    return p;
}

void *mem_array(size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size) {
        return NULL;
    }
    return mem_alloc(n * size);
}

void mem_free(void *p)
{
    free(p);
}

char *mem_text(const char *text)
{
    char *copy;

    if (text == NULL) {
        return NULL;
    }
    copy = mem_alloc(strlen(text) + 1);
    if (copy != NULL) {
        memcpy(copy, text, strlen(text) + 1);
    }
    return copy;
}
