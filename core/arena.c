#include "core/arena.h"

#include <string.h>

#include "core/mem.h"

/* A form with its texts takes two or three of these. */
#define BLOCK_BYTES ((size_t)16 * 1024)
#define ALIGN       _Alignof(max_align_t)

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    max_align_t data[];
};

void arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){ .max = max };
}

void arena_fini(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *next = a->blocks->next;

        mem_free(a->blocks);
        a->blocks = next;
    }
    a->used = 0;
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
    struct arena_block *b;

    if (size < BLOCK_BYTES) {
        size = BLOCK_BYTES;
    }
    b = mem_alloc(sizeof(*b) + size);
    if (b != NULL) {
        b->size = size;
        b->next = a->blocks;
        a->blocks = b;
    }
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct arena_block *b = a->blocks;
    void *p;

    if (size == 0) {
        size = 1; /* two things never share an address */
    }
    if (size > a->max || a->used > a->max - size) {
        return NULL;
    }
    a->used += size;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (b == NULL || b->size - b->used < size) {
        b = add_block(a, size);
    }
    if (b == NULL) {
        return NULL;
    }
    p = (uint8_t *)b->data + b->used;
    b->used += size;
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size) {
        return NULL;
    }
    return arena_alloc(a, n * size);
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(a, len + 1) : NULL;

    if (copy != NULL && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}
