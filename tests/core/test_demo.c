/* test_demo.c - the sample day fits the forms, categories and places that
 * it is told with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/category.h"
#include "core/form_check.h"
#include "core/json.h"
#include "tests/test.h"

#define ASSETS SOURCE_DIR "/assets/"

/* 16 October 2026, 00:00 in Westbrook. */
#define DAY_MS INT64_C(1792105200000)

struct demo {
    struct arena arena;
    const struct json *day, *council, *areas;
    struct category_list *categories;
};

static char *read_file(const char *name, size_t *len_out)
{
    char path[512];
    char *text = malloc(JSON_MAX_BYTES + 1);
    FILE *f;

    snprintf(path, sizeof(path), ASSETS "%s", name);
    f = fopen(path, "rb");
    if (f == NULL || text == NULL) {
        fail_msg("cannot read %s", path);
        abort();
    }
    *len_out = fread(text, 1, JSON_MAX_BYTES, f);
    text[*len_out] = '\0';
    fclose(f);
    return text;
}

static const struct json *read_json(struct demo *d, const char *name)
{
    const struct json *root = NULL;
    size_t len;
    char *text = read_file(name, &len);

    assert_ok(json_parse(text, len, &d->arena, &root));
    free(text);
    return root;
}

static int load(void **state)
{
    struct demo *d = calloc(1, sizeof(*d));
    size_t len;
    char *text;

    if (d == NULL) {
        return -1;
    }
    arena_init(&d->arena, (size_t)8 * 1024 * 1024);
    d->day = read_json(d, "demo/day.json");
    d->council = read_json(d, "demo/council.json");
    d->areas = read_json(d, "demo/areas.geojson");
    text = read_file("categories.json", &len);
    assert_ok(category_list_parse(text, len, &d->categories));
    free(text);
    *state = d;
    return 0;
}

static int unload(void **state)
{
    struct demo *d = *state;

    category_list_free(d->categories);
    arena_fini(&d->arena);
    free(d);
    return 0;
}

static struct form *load_form(const char *id)
{
    struct form *form = NULL;
    char name[64];
    size_t len;
    char *text;

    snprintf(name, sizeof(name), "forms/%s.json", id);
    text = read_file(name, &len);
    assert_ok(form_parse(text, len, &form));
    free(text);
    return form;
}

static int64_t time_of_day(const char *text)
{
    int hour, minute;

    assert_int_equal(sscanf(text, "%2d:%2d", &hour, &minute), 2);
    return DAY_MS + ((int64_t)hour * 60 + minute) * 60000;
}

static struct form_value text_value(uint32_t field, const struct json *j)
{
    return (struct form_value){
        .field = field,
        .kind = FORM_VALUE_TEXT,
        .text = { (const uint8_t *)j->text, j->len },
    };
}

/* The answer that a step of the day gives to one question. */
static struct form_value answer(struct demo *d, const struct form_field *f,
                                const struct json *j)
{
    struct form_value v = { .field = f->id, .number = j->number };
    const char **codes;

    if (j->type == JSON_ARRAY) {
        v.kind = FORM_VALUE_CODES;
        v.codes = codes = arena_array(&d->arena, j->count, sizeof(*codes));
        assert_non_null(codes);
        for (const struct json *c = j->first; c != NULL; c = c->next) {
            codes[v.count++] = c->text;
        }
    } else if (f->type == FORM_TYPE_DATE_TIME) {
        v.kind = FORM_VALUE_INT;
        v.number = time_of_day(j->text);
    } else if (j->type == JSON_INT) {
        v.kind = FORM_VALUE_INT;
    } else {
        v = text_value(f->id, j);
    }
    return v;
}

static void check_record(struct demo *d, const struct json *step)
{
    const char *id = json_get_text(step, "category");
    const struct category *c = category_find(d->categories, id);
    const struct json *fields = json_get(step, "fields");
    struct form_value values[64];
    struct form_problems problems;
    struct form *form;
    size_t count = 0;

    assert_non_null(c);
    form = load_form(c->form);
    values[count++] = text_value(FIELD_CATEGORY, json_get(step, "category"));
    values[count++] = (struct form_value){
        .field = FIELD_NOTED_MS,
        .kind = FORM_VALUE_INT,
        .number = time_of_day(json_get_text(step, "at")),
    };
    values[count++] = (struct form_value){
        .field = FIELD_PLACE,
        .kind = FORM_VALUE_PLACE,
        .lat_e7 = (int32_t)json_get(step, "lat_e7")->number,
        .lon_e7 = (int32_t)json_get(step, "lon_e7")->number,
    };
    for (const struct json *j = fields != NULL ? fields->first : NULL;
         j != NULL; j = j->next) {
        const struct form_field *f = form_find_key(form, j->key);

        print_message("%s %s\n", id, j->key);
        assert_non_null(f);
        values[count++] = answer(d, f, j);
    }
    assert_ok(form_check(form, values, count, &problems));
    for (size_t i = 0; i < problems.count; i++) {
        print_message("%s: field %u: %s\n", id, problems.list[i].field,
                      problems.list[i].message);
    }
    assert_int_equal(problems.count, 0);
    form_free(form);
}

static void every_record_of_the_day_fits_its_form(void **state)
{
    struct demo *d = *state;
    size_t records = 0;

    for (const struct json *step = json_get(d->day, "steps")->first;
         step != NULL; step = step->next) {
        if (strcmp(json_get_text(step, "do"), "record") == 0) {
            check_record(d, step);
            records++;
        }
    }
    assert_true(records >= 12);
}

static void the_day_runs_forward(void **state)
{
    const struct demo *d = *state;
    int64_t last = 0;

    for (const struct json *step = json_get(d->day, "steps")->first;
         step != NULL; step = step->next) {
        const int64_t at = time_of_day(json_get_text(step, "at"));

        assert_true(at >= last);
        last = at;
    }
}

static void every_photo_is_there_and_small(void **state)
{
    const struct demo *d = *state;
    size_t photos = 0;

    for (const struct json *step = json_get(d->day, "steps")->first;
         step != NULL; step = step->next) {
        const struct json *list = json_get(step, "photos");

        for (const struct json *p = list != NULL ? list->first : NULL;
             p != NULL; p = p->next) {
            char name[128];
            size_t len;
            char *bytes;

            snprintf(name, sizeof(name), "demo/%s", json_get_text(p, "file"));
            bytes = read_file(name, &len);
            assert_in_range(len, 1000, 40 * 1024);
            assert_memory_equal(bytes, "\xff\xd8\xff", 3);
            free(bytes);
            photos++;
        }
    }
    assert_int_equal(photos, 4);
}

static bool has_member(const struct json *list, const char *key,
                       const char *value)
{
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        const char *text = json_get_text(at, key);

        if (text != NULL && strcmp(text, value) == 0) {
            return true;
        }
    }
    return false;
}

static void tasks_and_briefings_point_to_areas_that_exist(void **state)
{
    static const char *const lists[] = { "tasks", "briefings" };
    const struct demo *d = *state;
    const struct json *features = json_get(d->areas, "features");

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        for (const struct json *at = json_get(d->council, lists[i])->first;
             at != NULL; at = at->next) {
            const char *area = json_get_text(at, "area");

            print_message("%s\n", json_get_text(at, "title"));
            assert_true(area == NULL || has_member(features, "id", area));
        }
    }
}

static void everybody_who_works_is_an_officer_with_a_role(void **state)
{
    const struct demo *d = *state;
    const struct json *officers = json_get(d->council, "officers");
    const struct json *roles = json_get(d->council, "roles");

    for (const struct json *at = officers->first; at != NULL; at = at->next) {
        const struct json *own = json_get(at, "roles");

        assert_true(own->count > 0);
        for (const struct json *r = own->first; r != NULL; r = r->next) {
            assert_true(has_member(roles, "id", r->text));
        }
    }
    for (const struct json *at = json_get(d->council, "roster")->first;
         at != NULL; at = at->next) {
        assert_true(
            has_member(officers, "number", json_get_text(at, "officer")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_of_the_day_fits_its_form),
        cmocka_unit_test(the_day_runs_forward),
        cmocka_unit_test(every_photo_is_there_and_small),
        cmocka_unit_test(tasks_and_briefings_point_to_areas_that_exist),
        cmocka_unit_test(everybody_who_works_is_an_officer_with_a_role),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
