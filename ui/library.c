#include "ui/library.h"

#include "core/limits.h"
#include "ui/library_data.h"

#define DOC(name)                                  \
    {                                              \
        library_##name, sizeof(library_##name) - 1 \
    }
static const struct {
    const unsigned char *json;
    size_t len;
} files[] = {
    DOC(emergency),  DOC(using),   DOC(referral),
    DOC(suspicious), DOC(prevent), DOC(powers),
};
#undef DOC

static struct {
    struct arena arena;
    struct library_doc docs[ARRAY_LEN(files)];
    bool is_open;
} library;

const struct library_doc *library_docs(size_t *count_out)
{
    enum err err = ERR_OK;

    *count_out = 0;
    if (!library.is_open) {
        arena_init(&library.arena, ARRAY_LEN(files) * 4 * JSON_MAX_BYTES);
        for (size_t i = 0; i < ARRAY_LEN(files) && !err; i++) {
            err = library_parse((const char *)files[i].json, files[i].len,
                                &library.arena, &library.docs[i]);
        }
        ASSERT(err == ERR_OK || err == ERR_NOMEM);
        if (err) {
            arena_fini(&library.arena);
            return NULL;
        }
        library.is_open = true;
    }
    *count_out = ARRAY_LEN(files);
    return library.docs;
}

void library_close(void)
{
    if (library.is_open) {
        arena_fini(&library.arena);
        library.is_open = false;
    }
}
