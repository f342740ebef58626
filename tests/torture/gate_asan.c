/* gate_asan.c - the gate above the address sanitizer's heap. */
#include <errno.h>
#include <stdlib.h>

#include "tests/torture/gate.h"

/* NOLINTBEGIN(readability-identifier-naming): the sanitizer's names */
void *__interceptor_malloc(size_t size);
void *__interceptor_calloc(size_t n, size_t size);
void *__interceptor_realloc(void *p, size_t size);
void __interceptor_free(void *p);
/* NOLINTEND(readability-identifier-naming) */

void *malloc(size_t size)
{
    void *p;

    if (gate_fails()) {
        errno = ENOMEM;
        return NULL;
    }
    p = __interceptor_malloc(size);
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
    p = __interceptor_calloc(n, size);
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
    more = __interceptor_realloc(p, size);
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
    __interceptor_free(p);
}
