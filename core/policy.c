#include "core/policy.h"

#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/limits.h"

#define MINUTE_MS 60000

/* Whole minutes in `out`, in ms; false: none, or beyond `max_ms`. */
static bool take_minutes(const struct json *root, const char *key,
                         int64_t max_ms, int64_t *out)
{
    const struct json *n = json_get(root, key);

    if (n == NULL || n->type != JSON_INT || n->number < 1 ||
        n->number > max_ms / MINUTE_MS) {
        return false;
    }
    *out = n->number * MINUTE_MS;
    return true;
}

static bool take(const struct json *root, struct policy *out)
{
    const char *id = json_get_text(root, "id");
    const char *date = json_get_text(root, "date");
    const struct json *open = json_get(root, "to_be_confirmed");
    int64_t cap = 0;

    if (id == NULL || strcmp(id, POLICY_ID) != 0 || date == NULL ||
        date[0] == '\0' || strlen(date) >= sizeof(out->date) ||
        !take_minutes(root, "check_in_minutes", WELFARE_EVERY_MAX_MS,
                      &out->check_in_ms) ||
        !take_minutes(root, "check_in_grace_minutes", WELFARE_GRACE_MAX_MS,
                      &out->check_in_grace_ms) ||
        !take_minutes(root, "hotspot_cap_minutes",
                      (int64_t)TABLET_HOTSPOT_CAP_MAX_MS, &cap)) {
        return false;
    }
    memcpy(out->date, date, strlen(date) + 1);
    out->hotspot_cap_ms = (uint64_t)cap;
    out->is_to_be_confirmed =
        open != NULL && open->type == JSON_BOOL && open->number != 0;
    return true;
}

struct policy policy_before(void)
{
    return (struct policy){ .check_in_ms = (int64_t)60 * MINUTE_MS,
                            .check_in_grace_ms = (int64_t)2 * MINUTE_MS,
                            .hotspot_cap_ms = (uint64_t)60 * MINUTE_MS,
                            .is_to_be_confirmed = true };
}

enum err policy_parse(const char *json, size_t len, struct policy *out)
{
    const struct json *root;
    struct arena arena;
    enum err err;

    memset(out, 0, sizeof(*out));
    arena_init(&arena, 4 * JSON_MAX_BYTES);
    err = json_parse(json, len, &arena, &root);
    if (!err && !take(root, out)) {
        err = ERR_BAD_DATA;
    }
    if (err) {
        *out = policy_before();
    }
    arena_fini(&arena);
    return err;
}
