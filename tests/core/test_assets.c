/* test_assets.c - the forms that we ship do what their README promises. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int load_all(void **state)
{
    struct shipped *all = calloc(1, sizeof(*all));
    DIR *dir = opendir(ASSETS "forms");
    const struct dirent *entry;

    if (all == NULL || dir == NULL) {
        return -1;
    }
    while ((entry = readdir(dir)) != NULL) {
        const char *end = strstr(entry->d_name, ".json");

        if (end != NULL && strcmp(entry->d_name, "form.schema.json") != 0) {
            load(all, entry->d_name);
        }
    }
    closedir(dir);
    *state = all;
    return 0;
}

static int free_all(void **state)
{
    struct shipped *all = *state;

    for (size_t i = 0; i < all->count; i++) {
        form_free(all->forms[i]);
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_known_and_every_child_form_is_there),
        cmocka_unit_test(an_empty_record_lacks_only_what_the_form_requires),
        cmocka_unit_test(questions_follow_the_category),
        cmocka_unit_test(the_import_form_has_every_column_of_the_open_data),
    };

    return cmocka_run_group_tests(tests, load_all, free_all);
}
