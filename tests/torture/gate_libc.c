/* gate_libc.c - the gate above the C library's heap (glibc). */
#include <errno.h>
#include <stdlib.h>

#include "tests/torture/gate.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void __libc_free(void *p);

void *malloc(size_t size)
{
    void *p;

    if (gate_fails()) {
        errno = ENOMEM;
        return NULL;
    }
    p = __libc_malloc(size);
    gate_born(p);
    return p;
}

void *calloc(size_t n, size_t size)
{
    void *p;

    if (gate_fails()) {
        errno = ENOMEM;
        return NULL;
    }
    p = __libc_calloc(n, size);
    gate_born(p);
    return p;
}

void *realloc(void *p, size_t size)
{
    void *more;

    if (gate_fails()) {
        errno = ENOMEM;
        return NULL;
    }
    more = __libc_realloc(p, size);
    if (p == NULL) {
        gate_born(more);
    } else if (more == NULL && size == 0) {
        gate_died(p);
    }
    return more;
}

void free(void *p)
{
    gate_died(p);
    __libc_free(p);
}
