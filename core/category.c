#include "core/category.h"

#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/mem.h"

struct category_list_owned {
    struct category_list all; /* first, so that it finds its owner */
    struct arena arena;
};

static const struct category *find(const struct category *list, size_t count,
                                   const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].id, id) == 0) {
            return &list[i];
        }
    }
    return NULL;
}

static bool is_true(const struct json *object, const char *key)
{
    const struct json *member = json_get(object, key);

    return member != NULL && member->type == JSON_BOOL && member->number != 0;
}

static const char *text_or_empty(const struct json *object, const char *key)
{
    const char *text = json_get_text(object, key);

    return text != NULL ? text : "";
}

static enum err read_tier(const struct json *object,
                          enum category_tier *tier_out)
{
    static const char *const names[] = {
        [CATEGORY_OPEN] = "open",
        [CATEGORY_RESTRICTED] = "restricted",
        [CATEGORY_SEALED] = "sealed",
    };
    const char *tier = json_get_text(object, "tier");

    if (tier == NULL) {
        return ERR_BAD_DATA; /* never open by accident */
    }
    for (size_t i = CATEGORY_OPEN; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], tier) == 0) {
            *tier_out = (enum category_tier)i;
            return ERR_OK;
        }
    }
    return ERR_NEWER;
}

static enum err read_priority(const struct json *object, uint32_t *priority_out)
{
    const struct json *member = json_get(object, "priority");

    if (member == NULL) {
        return ERR_OK;
    }
    if (member->type != JSON_INT || member->number < 1 || member->number > 5) {
        return ERR_BAD_DATA;
    }
    *priority_out = (uint32_t)member->number;
    return ERR_OK;
}

static enum err read_one(const struct json *object, struct category *c)
{
    enum err err = read_tier(object, &c->tier);

    if (!err) {
        err = read_priority(object, &c->priority);
    }
    if (err)
        return err;
    c->id = json_get_text(object, "id");
    c->parent = json_get_text(object, "parent");
    c->label = json_get_text(object, "label");
    c->short_label = json_get_text(object, "short");
    if (c->short_label == NULL) {
        c->short_label = c->label;
    }
    c->definition = text_or_empty(object, "definition");
    c->owner = text_or_empty(object, "owner");
    c->marking = json_get_text(object, "marking");
    c->form = json_get_text(object, "form");
    c->is_public = is_true(object, "kiosk_public");
    c->is_retired = is_true(object, "retired");
    c->is_to_be_confirmed = is_true(object, "to_be_confirmed");
    if (c->id == NULL || c->label == NULL || c->marking == NULL ||
        c->form == NULL || strlen(c->id) > FORM_CODE_MAX ||
        strlen(c->form) > FORM_ID_MAX) {
        return ERR_BAD_DATA;
    }
    return ERR_OK;
}

static enum err read_list(struct category_list_owned *own,
                          const struct json *list)
{
    struct category *all = arena_array(&own->arena, list->count, sizeof(*all));
    size_t count = 0;

    if (all == NULL) {
        return ERR_NOMEM;
    }
    own->all.list = all;
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        struct category *c = &all[count];
        const enum err err = read_one(at, c);

        if (err)
            return err;
        if (find(all, count, c->id) != NULL ||
            (c->parent != NULL && find(all, count, c->parent) == NULL)) {
            return ERR_BAD_DATA;
        }
        own->all.count = ++count;
    }
    return ERR_OK;
}

static enum err read_single(struct category_list_owned *own,
                            const struct json *object)
{
    struct category *c = arena_alloc(&own->arena, sizeof(*c));

    if (c == NULL) {
        return ERR_NOMEM;
    }
    own->all = (struct category_list){ c, 1 };
    return read_one(object, c);
}

enum err category_list_parse(const char *json, size_t len,
                             struct category_list **out)
{
    struct category_list_owned *own = mem_alloc(sizeof(*own));
    const struct json *root;
    const struct json *list;
    enum err err;

    if (own == NULL) {
        return ERR_NOMEM;
    }
    arena_init(&own->arena, CATEGORIES_MAX_BYTES);
    err = json_parse(json, len, &own->arena, &root);
    if (!err) {
        list = json_get(root, "categories");
        if (list == NULL) {
            err = read_single(own, root);
        } else {
            err =
                list->type == JSON_ARRAY ? read_list(own, list) : ERR_BAD_DATA;
        }
    }
    if (err) {
        category_list_free(&own->all);
        return err;
    }
    *out = &own->all;
    return ERR_OK;
}

void category_list_free(struct category_list *all)
{
    struct category_list_owned *own = (struct category_list_owned *)all;

    if (own != NULL) {
        arena_fini(&own->arena);
        mem_free(own);
    }
}

const struct category *category_find(const struct category_list *all,
                                     const char *id)
{
    return find(all->list, all->count, id);
}
