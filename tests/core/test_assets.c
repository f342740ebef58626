/* test_assets.c - the forms that we ship do what their README promises. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/category.h"
#include "core/expr.h"
#include "core/fields.h"
#include "core/form.h"
#include "core/form_check.h"
#include "core/json.h"
#include "core/limits.h"
#include "tests/test.h"

#define ASSETS  SOURCE_DIR "/assets/"
#define MAX_ALL 64

struct shipped {
    struct form *forms[MAX_ALL];
    size_t count;
    struct category_list *categories;
};

/* The whole file; the caller frees it. */
static char *read_file(const char *path, size_t *len_out)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(JSON_MAX_BYTES + 1);

    if (f == NULL || text == NULL) {
        fail_msg("cannot read %s", path);
        abort();
    }
    *len_out = fread(text, 1, JSON_MAX_BYTES, f);
    text[*len_out] = '\0';
    fclose(f);
    return text;
}

static void load(struct shipped *all, const char *name)
{
    char path[512];
    size_t len;
    char *text;

    snprintf(path, sizeof(path), ASSETS "forms/%s", name);
    text = read_file(path, &len);
    print_message("%s\n", name);
    assert_true(all->count < MAX_ALL);
    assert_ok(form_parse(text, len, &all->forms[all->count]));
    assert_int_equal(strlen(all->forms[all->count]->id),
                     strlen(name) - strlen(".json"));
    assert_memory_equal(all->forms[all->count]->id, name,
                        strlen(name) - strlen(".json"));
    all->count++;
    free(text);
}

static void load_categories(struct shipped *all)
{
    size_t len;
    char *text = read_file(ASSETS "categories.json", &len);

    assert_ok(category_list_parse(text, len, &all->categories));
    free(text);
}

static int load_all(void **state)
{
    struct shipped *all = calloc(1, sizeof(*all));
    DIR *dir = opendir(ASSETS "forms");
    const struct dirent *entry;

    if (all == NULL || dir == NULL) {
        free(all);
        return -1;
    }
    while ((entry = readdir(dir)) != NULL) {
        const char *end = strstr(entry->d_name, ".json");

        if (end != NULL && strcmp(entry->d_name, "form.schema.json") != 0) {
            load(all, entry->d_name);
        }
    }
    closedir(dir);
    load_categories(all);
    *state = all;
    return 0;
}

static int free_all(void **state)
{
    struct shipped *all = *state;

    for (size_t i = 0; i < all->count; i++) {
        form_free(all->forms[i]);
    }
    category_list_free(all->categories);
    free(all);
    return 0;
}

static const struct form *find_form(const struct shipped *all, const char *id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->forms[i]->id, id) == 0) {
            return all->forms[i];
        }
    }
    return NULL;
}

static void every_type_is_known_and_every_child_form_is_there(void **state)
{
    const struct shipped *all = *state;

    assert_true(all->count >= 15);
    for (size_t i = 0; i < all->count; i++) {
        const struct form *form = all->forms[i];

        for (size_t k = 0; k < form->field_count; k++) {
            const struct form_field *f = &form->fields[k];
            const bool has_form =
                f->type == FORM_TYPE_PHOTO || f->type == FORM_TYPE_PERSON ||
                f->type == FORM_TYPE_VEHICLE || f->type == FORM_TYPE_SIGNATURE;

            print_message("%s.%s\n", form->id, f->key);
            assert_int_not_equal(f->type, FORM_TYPE_NEWER);
            if (has_form) {
                assert_non_null(f->child_form);
                assert_non_null(find_form(all, f->child_form));
            }
        }
    }
}

static void an_empty_record_lacks_only_what_the_form_requires(void **state)
{
    const struct shipped *all = *state;
    struct form_problems problems;

    for (size_t i = 0; i < all->count; i++) {
        assert_ok(form_check(all->forms[i], NULL, 0, &problems));
        for (size_t k = 0; k < problems.count; k++) {
            assert_int_equal(problems.list[k].kind, FORM_REQUIRED);
        }
    }
}

static void questions_follow_the_category(void **state)
{
    const struct form *asb = find_form(*state, "asb");
    struct form_value category = {
        .field = FIELD_CATEGORY,
        .kind = FORM_VALUE_TEXT,
        .text = { (const uint8_t *)"ASB-11", 6 },
    };

    assert_non_null(asb);
    assert_true(
        form_is_shown(asb, &category, 1, form_find_key(asb, "noise_type")->id));
    assert_false(
        form_is_shown(asb, &category, 1, form_find_key(asb, "animal")->id));
}

static void the_import_form_has_every_column_of_the_open_data(void **state)
{
    static const char *const keys[] = {
        "crime_id",
        "month",
        "reported_by",
        "falls_within",
        "longitude",
        "latitude",
        "location",
        "lsoa_code",
        "lsoa_name",
        "crime_type",
        "last_outcome_category",
        "context",
    };
    const struct form *form = find_form(*state, "police_uk_import");

    assert_non_null(form);
    assert_int_equal(form->field_count, ARRAY_LEN(keys));
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        assert_string_equal(form->fields[i].key, keys[i]);
        assert_int_equal(form->fields[i].id, FORM_FIELD_ID_MIN + i);
        assert_int_equal(form->fields[i].type, FORM_TYPE_TEXT);
    }
}

/* Follows names from the root; the test fails where one is missing. */
static const struct json *at_path(const struct json *root,
                                  const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        root = json_get(root, names[i]);
        assert_non_null(root);
    }
    return root;
}

#define AT(root, ...)                                   \
    at_path(root, (const char *const[]){ __VA_ARGS__ }, \
            ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })))

static bool has_text(const struct json *list, const char *text)
{
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        if (strcmp(at->text, text) == 0) {
            return true;
        }
    }
    return false;
}

static void the_schema_has_the_limits_of_the_parser(void **state)
{
    struct arena arena;
    const struct json *root;
    const struct json *field;
    size_t len;
    char *text = read_file(ASSETS "forms/form.schema.json", &len);

    (void)state;
    arena_init(&arena, (size_t)1024 * 1024);
    assert_ok(json_parse(text, len, &arena, &root));
#define LIMIT(want, ...) \
    assert_int_equal(AT(root, __VA_ARGS__)->number, (int64_t)(want))
    LIMIT(FORM_ID_MAX, "properties", "id", "maxLength");
    LIMIT(FORM_FIELDS_MAX, "properties", "fields", "maxItems");
    LIMIT(FORM_CALLS_MAX, "properties", "calls", "maxItems");
    LIMIT(FORM_ADVICE_MAX, "properties", "advice", "maxItems");
    LIMIT(FORM_CATEGORIES_MAX, "properties", "categories", "maxItems");
    LIMIT(FORM_CODE_MAX, "$defs", "code", "maxLength");
    LIMIT(FORM_LABEL_MAX, "$defs", "label", "maxLength");
    LIMIT(EXPR_MAX_BYTES, "$defs", "expression", "maxLength");
    field = AT(root, "$defs", "field", "properties");
#undef LIMIT
#define LIMIT(want, ...) \
    assert_int_equal(AT(field, __VA_ARGS__)->number, (int64_t)(want))
    LIMIT(FORM_FIELD_ID_MIN, "id", "minimum");
    LIMIT(FORM_FIELD_ID_MAX, "id", "maximum");
    LIMIT(TEXT_MAX_BYTES, "max_chars", "maximum");
    LIMIT(FORM_ITEMS_MAX, "max_items", "maximum");
    LIMIT(FORM_CHOICES_MAX, "choices", "maxItems");
#undef LIMIT
#define X(NAME, name) \
    assert_true(has_text(AT(field, "type", "examples"), #name));
    FORM_TYPES(X)
#undef X
    for (const struct json *word = AT(field, "key", "not", "enum")->first;
         word != NULL; word = word->next) {
        assert_false(expr_is_name(word->text));
    }
    free(text);
    arena_fini(&arena);
}

static void every_source_key_leads_somewhere(void **state)
{
    struct arena arena;
    const struct json *sources;
    const struct json *root;
    size_t len;
    char *text = read_file(ASSETS "sources.json", &len);

    (void)state;
    arena_init(&arena, (size_t)8 * 1024 * 1024);
    assert_ok(json_parse(text, len, &arena, &sources));
    sources = AT(sources, "sources");
    free(text);
    text = read_file(ASSETS "categories.json", &len);
    assert_ok(json_parse(text, len, &arena, &root));
    free(text);
    for (const struct json *c = AT(root, "categories")->first; c != NULL;
         c = c->next) {
        print_message("%s\n", json_get_text(c, "id"));
        /* A definition has a source, or says that it needs one. */
        assert_true(AT(c, "sources")->count > 0 ||
                    json_get(c, "to_be_confirmed") != NULL);
        for (const struct json *s = AT(c, "sources")->first; s != NULL;
             s = s->next) {
            assert_non_null(json_get(sources, s->text));
        }
    }
    arena_fini(&arena);
}

static void every_imported_type_has_a_category(void **state)
{
    const struct shipped *all = *state;
    struct arena arena;
    const struct json *root;
    size_t len;
    char *text = read_file(ASSETS "police_uk_types.json", &len);

    arena_init(&arena, (size_t)1024 * 1024);
    assert_ok(json_parse(text, len, &arena, &root));
    for (const struct json *t = AT(root, "types")->first; t != NULL;
         t = t->next) {
        assert_non_null(category_find(all->categories, t->text));
    }
    free(text);
    arena_fini(&arena);
}

static bool serves(const struct form *form, const char *category)
{
    for (size_t i = 0; i < form->category_count; i++) {
        if (strcmp(form->categories[i], category) == 0) {
            return true;
        }
    }
    return false;
}

static void every_category_has_a_form_that_serves_it(void **state)
{
    const struct shipped *all = *state;

    assert_int_equal(all->categories->count, 171);
    for (size_t i = 0; i < all->categories->count; i++) {
        const struct category *c = &all->categories->list[i];
        const struct form *form = find_form(all, c->form);

        print_message("%s\n", c->id);
        assert_non_null(form);
        assert_true(serves(form, c->id));
        assert_string_equal(form->kind, "observation");
        assert_true(strlen(c->definition) > 0);
    }
}

static void every_form_serves_categories_that_exist(void **state)
{
    const struct shipped *all = *state;

    for (size_t i = 0; i < all->count; i++) {
        for (size_t k = 0; k < all->forms[i]->category_count; k++) {
            const struct category *c =
                category_find(all->categories, all->forms[i]->categories[k]);

            assert_non_null(c);
            assert_string_equal(c->form, all->forms[i]->id);
        }
    }
}

static void concerns_about_people_are_not_open(void **state)
{
    static const struct {
        const char *id;
        enum category_tier tier;
    } rows[] = {
        { "PRV", CATEGORY_SEALED },        { "PRV-01", CATEGORY_SEALED },
        { "PRV-04", CATEGORY_SEALED },     { "WEL-03", CATEGORY_SEALED },
        { "VAWG-07", CATEGORY_SEALED },    { "HATE", CATEGORY_RESTRICTED },
        { "SUS-01", CATEGORY_RESTRICTED }, { "TEN-03", CATEGORY_RESTRICTED },
        { "ASB-09", CATEGORY_OPEN },
    };
    const struct shipped *all = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct category *c = category_find(all->categories, rows[i].id);

        assert_non_null(c);
        assert_int_equal(c->tier, rows[i].tier);
    }
}

static void a_category_without_a_known_tier_is_refused(void **state)
{
    static const char head[] =
        "{\"id\": \"X\", \"label\": \"X\", \"marking\": \"OFFICIAL\","
        " \"form\": \"asb\"";
    struct category_list *all = NULL;
    char json[256];

    (void)state;
    snprintf(json, sizeof(json), "%s}", head);
    assert_err(category_list_parse(json, strlen(json), &all), ERR_BAD_DATA);
    snprintf(json, sizeof(json), "%s, \"tier\": \"secret\"}", head);
    assert_err(category_list_parse(json, strlen(json), &all), ERR_NEWER);
    snprintf(json, sizeof(json), "%s, \"tier\": \"sealed\"}", head);
    assert_ok(category_list_parse(json, strlen(json), &all));
    assert_int_equal(category_find(all, "X")->tier, CATEGORY_SEALED);
    category_list_free(all);
}

static void fields_that_programs_write_have_the_same_ids(void **state)
{
    static const struct {
        const char *form, *key;
        uint32_t id;
        enum form_type type;
    } rows[] = {
        { "photo", "blob", PHOTO_BLOB, FORM_TYPE_BYTES },
        { "photo", "blob_key", PHOTO_KEY, FORM_TYPE_BYTES },
        { "photo", "sha256", PHOTO_HASH, FORM_TYPE_BYTES },
        { "photo", "bytes", PHOTO_BYTES, FORM_TYPE_NUMBER },
        { "photo", "media_type", PHOTO_TYPE, FORM_TYPE_TEXT },
        { "photo", "orientation", PHOTO_ORIENTATION, FORM_TYPE_NUMBER },
        { "photo", "small_blob", PHOTO_SMALL_BLOB, FORM_TYPE_BYTES },
        { "photo", "small_blob_key", PHOTO_SMALL_KEY, FORM_TYPE_BYTES },
        { "photo", "small_sha256", PHOTO_SMALL_HASH, FORM_TYPE_BYTES },
        { "photo", "small_bytes", PHOTO_SMALL_BYTES, FORM_TYPE_NUMBER },
        { "photo", "taken_ms", PHOTO_TAKEN_MS, FORM_TYPE_DATE_TIME },
        { "photo", "caption", PHOTO_CAPTION, FORM_TYPE_TEXT },
        { "photo", "copy_of", PHOTO_COPY_OF, FORM_TYPE_BYTES },
        { "photo", "exhibit", PHOTO_EXHIBIT, FORM_TYPE_TEXT },
        { "photo", "length_ms", PHOTO_LENGTH_MS, FORM_TYPE_NUMBER },
        { "patrol", "area", PATROL_AREA, FORM_TYPE_TEXT },
        { "patrol", "crew", PATROL_CREW, FORM_TYPE_MANY_OF },
        { "patrol", "distance_mm", PATROL_DISTANCE_MM, FORM_TYPE_NUMBER },
        { "notebook_entry", "entry_number", ENTRY_NUMBER, FORM_TYPE_NUMBER },
        { "notebook_entry", "late_for_ms", ENTRY_LATE_MS, FORM_TYPE_DATE_TIME },
        { "notebook_entry", "amends", ENTRY_AMENDS, FORM_TYPE_NUMBER },
        { "notebook_entry", "about", ENTRY_ABOUT, FORM_TYPE_BYTES },
        { "signature", "signed_at", SIGNED_AT_MS, FORM_TYPE_DATE_TIME },
        { "signature", "strokes", SIGN_INK, FORM_TYPE_BYTES },
        { "signature", "typed_name", SIGN_NAME, FORM_TYPE_TEXT },
        { "signature", "cosigned", SIGN_COSE, FORM_TYPE_BYTES },
        { "signature", "not_signed", SIGN_WHY, FORM_TYPE_ONE_OF },
        { "signature", "hash", SIGNED_HASH, FORM_TYPE_BYTES },
        { "signature", "signer", SIGNED_BY, FORM_TYPE_TEXT },
        { "signature", "statement", SIGNED_WORDS, FORM_TYPE_TEXT },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct form *form = find_form(*state, rows[i].form);
        const struct form_field *f;

        assert_non_null(form);
        f = form_find_key(form, rows[i].key);
        assert_non_null(f);
        assert_int_equal(f->id, rows[i].id);
        assert_int_equal(f->type, rows[i].type);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_known_and_every_child_form_is_there),
        cmocka_unit_test(an_empty_record_lacks_only_what_the_form_requires),
        cmocka_unit_test(questions_follow_the_category),
        cmocka_unit_test(every_category_has_a_form_that_serves_it),
        cmocka_unit_test(every_form_serves_categories_that_exist),
        cmocka_unit_test(concerns_about_people_are_not_open),
        cmocka_unit_test(a_category_without_a_known_tier_is_refused),
        cmocka_unit_test(fields_that_programs_write_have_the_same_ids),
        cmocka_unit_test(the_schema_has_the_limits_of_the_parser),
        cmocka_unit_test(every_source_key_leads_somewhere),
        cmocka_unit_test(every_imported_type_has_a_category),
        cmocka_unit_test(the_import_form_has_every_column_of_the_open_data),
    };

    return cmocka_run_group_tests(tests, load_all, free_all);
}
