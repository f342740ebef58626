#include "core/library.h"

#include <string.h>

#include "core/json.h"

static const char *text_or_empty(const struct json *object, const char *key)
{
    const char *text = json_get_text(object, key);

    return text != NULL ? text : "";
}

static bool is_true(const struct json *object, const char *key)
{
    const struct json *member = json_get(object, key);

    return member != NULL && member->type == JSON_BOOL && member->number != 0;
}

/* A list with something in it; NULL otherwise. */
static const struct json *list_of(const struct json *object, const char *key)
{
    const struct json *list = json_get(object, key);

    return list != NULL && list->type == JSON_ARRAY && list->count > 0 ? list
                                                                       : NULL;
}

/* A list of at most `max` texts; absent: none. */
static enum err read_texts(const struct json *object, const char *key,
                           const char **out, size_t max, size_t *count_out)
{
    const struct json *list = json_get(object, key);

    *count_out = 0;
    if (list == NULL) {
        return ERR_OK;
    }
    if (list->type != JSON_ARRAY || list->count > max) {
        return ERR_BAD_DATA;
    }
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        if (at->type != JSON_TEXT) {
            return ERR_BAD_DATA;
        }
        out[(*count_out)++] = at->text;
    }
    return ERR_OK;
}

static enum err read_item(const struct json *object, bool is_own,
                          struct library_item *out)
{
    enum err err = read_texts(object, "sources", out->sources,
                              LIBRARY_SOURCES_MAX, &out->source_count);

    err = err ? err
              : read_texts(object, "nations", out->nations, LIBRARY_NATIONS_MAX,
                           &out->nation_count);
    out->id = text_or_empty(object, "id");
    out->title = text_or_empty(object, "title");
    out->text = text_or_empty(object, "text");
    out->number = text_or_empty(object, "number");
    out->also = text_or_empty(object, "also");
    out->is_to_be_confirmed = is_true(object, "to_be_confirmed");
    if (err || out->title[0] == '\0' || out->text[0] == '\0') {
        return ERR_BAD_DATA;
    }
    return is_own || out->source_count > 0 || out->is_to_be_confirmed
               ? ERR_OK
               : ERR_BAD_DATA;
}

static enum err read_section(const struct json *object, bool is_own,
                             struct arena *arena, struct library_section *out)
{
    const struct json *list = list_of(object, "items");
    struct library_item *items;

    out->title = text_or_empty(object, "title");
    if (list == NULL || out->title[0] == '\0') {
        return ERR_BAD_DATA;
    }
    items = arena_array(arena, list->count, sizeof(*items));
    if (items == NULL) {
        return ERR_NOMEM;
    }
    out->items = items;
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        const enum err err = read_item(at, is_own, &items[out->item_count++]);

        if (err) {
            return err;
        }
    }
    return ERR_OK;
}

enum err library_parse(const char *json, size_t len, struct arena *arena,
                       struct library_doc *out)
{
    const struct json *root, *list;
    struct library_section *sections;
    enum err err = json_parse(json, len, arena, &root);

    memset(out, 0, sizeof(*out));
    if (err) {
        return err;
    }
    out->id = text_or_empty(root, "id");
    out->date = text_or_empty(root, "date");
    out->title = text_or_empty(root, "title");
    out->icon = text_or_empty(root, "icon");
    out->intro = text_or_empty(root, "intro");
    out->is_always = is_true(root, "always");
    list = list_of(root, "sections");
    if (list == NULL || out->id[0] == '\0' || out->title[0] == '\0' ||
        strlen(out->date) != strlen("2026-11-22")) {
        return ERR_BAD_DATA;
    }
    sections = arena_array(arena, list->count, sizeof(*sections));
    if (sections == NULL) {
        return ERR_NOMEM;
    }
    out->sections = sections;
    for (const struct json *at = list->first; at != NULL && !err;
         at = at->next) {
        err = read_section(at, is_true(root, "own"), arena,
                           &sections[out->section_count++]);
    }
    return err;
}

/* --- search --- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Letters, digits and whatever isn't ASCII. */
static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           ((unsigned char)c & 0x80) != 0;
}

static bool begins(const char *text, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0' || lower(text[i]) != lower(word[i])) {
            return false;
        }
    }
    return true;
}

static bool has_word(const char *text, const char *word, size_t len)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || !is_letter(at[-1])) && begins(at, word, len)) {
            return true;
        }
    }
    return false;
}

static bool is_in_one(const char *const *texts, size_t count,
                      library_say_fn say, const char *word, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (texts[i][0] != '\0' && (has_word(texts[i], word, len) ||
                                    has_word(say(texts[i]), word, len))) {
            return true;
        }
    }
    return false;
}

bool library_matches(const struct library_doc *doc,
                     const struct library_section *section,
                     const struct library_item *item, library_say_fn say,
                     const char *words)
{
    const char *const texts[] = { item->title, item->text, item->also,
                                  section->title, doc->title };
    bool has_any = false;

    while (*words != '\0') {
        const size_t len = strcspn(words, " \t\n");

        if (len > 0) {
            has_any = true;
            if (!is_in_one(texts, ARRAY_LEN(texts), say, words, len) &&
                !has_word(item->number, words, len)) {
                return false;
            }
        }
        words += len + (words[len] != '\0');
    }
    return has_any;
}
