#include "core/profile.h"

#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/limits.h"

static bool take(const struct json *root, const char *key, char *out,
                 size_t size)
{
    const char *text = json_get_text(root, key);

    if (text == NULL || text[0] == '\0' || strlen(text) >= size) {
        return false;
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

enum err profile_parse(const char *json, size_t len, struct profile *out)
{
    const struct json *root;
    struct arena arena;
    char id[sizeof(PROFILE_ID)];
    enum err err;

    memset(out, 0, sizeof(*out));
    arena_init(&arena, 4 * JSON_MAX_BYTES);
    err = json_parse(json, len, &arena, &root);
    if (!err &&
        (!take(root, "id", id, sizeof(id)) || strcmp(id, PROFILE_ID) != 0 ||
         !take(root, "jurisdiction", out->jurisdiction,
               sizeof(out->jurisdiction)) ||
         !take(root, "title", out->title, sizeof(out->title)))) {
        memset(out, 0, sizeof(*out));
        err = ERR_BAD_DATA;
    }
    arena_fini(&arena);
    return err;
}

bool profile_has(const struct profile *profile, const struct library_item *item)
{
    if (profile->jurisdiction[0] == '\0' || item->nation_count == 0) {
        return true;
    }
    for (size_t i = 0; i < item->nation_count; i++) {
        if (strcmp(item->nations[i], profile->jurisdiction) == 0) {
            return true;
        }
    }
    return false;
}
