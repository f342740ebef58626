/* gate_heap.c - the gate above the heap of the build it is in. */
#include <errno.h>
#include <stdlib.h>

#include "tests/torture/gate.h"

/* What lies below: the address sanitizer's heap, or glibc's own. */
#ifdef GATE_ABOVE_ASAN
#define BELOW(name) __interceptor_##name
#else
#define BELOW(name) __libc_##name
#endif
void *BELOW(malloc)(size_t size);
void *BELOW(calloc)(size_t n, size_t size);
void *BELOW(realloc)(void *p, size_t size);
void BELOW(free)(void *p);

void *malloc(size_t size)
{
    void *p;

    if (gate_fails(GATE_HEAP)) {
        errno = ENOMEM;
        return NULL;
    }
    p = BELOW(malloc)(size);
    gate_born(p);
    return p;
}

void *calloc(size_t n, size_t size)
{
    void *p;

    if (gate_fails(GATE_HEAP)) {
        errno = ENOMEM;
        return NULL;
    }
    p = BELOW(calloc)(n, size);
    gate_born(p);
    return p;
}

void *realloc(void *p, size_t size)
{
    void *more;

    if (gate_fails(GATE_HEAP)) {
        errno = ENOMEM;
        return NULL;
    }
    more = BELOW(realloc)(p, size);
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
    BELOW(free)(p);
}
