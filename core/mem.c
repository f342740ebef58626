#include "core/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *mem_realloc(void *p, size_t size)
{
    return realloc(p, size > 0 ? size : 1);
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
