/* The documents of the library: whole, sourced, and to be found. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/library.h"
#include "core/limits.h"
#include "core/power_card.h"
#include "core/profile.h"

static const char *const names[] = { "emergency",  "using",   "referral",
                                     "suspicious", "prevent", "powers" };

static struct arena arena;
static char text[JSON_MAX_BYTES];

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 8 * JSON_MAX_BYTES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static size_t load(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t len;

    assert_non_null(f);
    len = fread(text, 1, sizeof(text), f);
    fclose(f);
    return len;
}

static struct library_doc doc(const char *name)
{
    struct library_doc d;
    char path[300];

    snprintf(path, sizeof(path), SOURCE_DIR "/assets/library/%s.json", name);
    assert_ok(library_parse(text, load(path), &arena, &d));
    assert_string_equal(d.id, name);
    return d;
}

/* --- the documents as they are --- */

static const char *number_of(const struct library_doc *d, const char *number)
{
    for (size_t s = 0; s < d->section_count; s++) {
        for (size_t i = 0; i < d->sections[s].item_count; i++) {
            if (strcmp(d->sections[s].items[i].number, number) == 0) {
                return d->sections[s].items[i].title;
            }
        }
    }
    return NULL;
}

static void the_emergency_card_has_both_numbers_and_needs_no_pin(void **state)
{
    const struct library_doc d = doc("emergency");

    (void)state;
    assert_true(d.is_always);
    assert_non_null(number_of(&d, "999"));
    assert_non_null(number_of(&d, "0800 789 321"));
    assert_int_equal(d.sections[0].items[0].is_to_be_confirmed, false);
}

static void only_the_emergency_card_needs_no_pin(void **state)
{
    (void)state;
    for (size_t i = 1; i < ARRAY_LEN(names); i++) {
        assert_false(doc(names[i]).is_always);
    }
}

static void every_source_leads_somewhere(void **state)
{
    const struct json *root, *sources;
    struct library_doc docs[ARRAY_LEN(names)];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        docs[i] = doc(names[i]);
    }
    assert_ok(json_parse(text, load(SOURCE_DIR "/assets/sources.json"), &arena,
                         &root));
    sources = json_get(root, "sources");
    for (size_t d = 0; d < ARRAY_LEN(names); d++) {
        for (size_t s = 0; s < docs[d].section_count; s++) {
            for (size_t i = 0; i < docs[d].sections[s].item_count; i++) {
                const struct library_item *item = &docs[d].sections[s].items[i];

                for (size_t k = 0; k < item->source_count; k++) {
                    assert_non_null(json_get(sources, item->sources[k]));
                }
            }
        }
    }
}

static const char *in_welsh(const char *msgid)
{
    return strcmp(msgid, "Heavy bleeding") == 0 ? "Gwaedu trwm" : msgid;
}

static size_t count_found_in(const char *name, const char *words)
{
    const struct library_doc d = doc(name);
    size_t found = 0;

    for (size_t s = 0; s < d.section_count; s++) {
        for (size_t i = 0; i < d.sections[s].item_count; i++) {
            found += library_matches(&d, &d.sections[s],
                                     &d.sections[s].items[i], in_welsh, words);
        }
    }
    return found;
}

/* What the tile is called that an officer logs it under. */
static void the_words_of_the_tiles_find_what_one_may_do(void **state)
{
    (void)state;
    assert_true(count_found_in("powers", "street drinking") >= 3);
    assert_true(count_found_in("powers", "Dumped waste") >= 1);
    assert_true(count_found_in("powers", "nuisance neighbour") >= 1);
}

static size_t count_found(const char *words)
{
    size_t found = 0;

    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        found += count_found_in(names[n], words);
    }
    return found;
}

static void words_are_found_by_their_beginning_in_any_case(void **state)
{
    (void)state;
    assert_true(count_found("ALCO") > 2);
    assert_true(count_found("alco surr") > 0);
    assert_true(count_found("alco surr") < count_found("alco"));
    assert_true(count_found("0800") >= 3);
    assert_int_equal(count_found("lcohol"), 0);
    assert_int_equal(count_found(""), 0);
    assert_int_equal(count_found("  "), 0);
}

/* --- what isn't of the shape --- */

static void refuse(const char *json)
{
    struct library_doc d;

    assert_err(library_parse(json, strlen(json), &arena, &d), ERR_BAD_DATA);
}

#define HEAD "{\"id\":\"x\",\"date\":\"2026-11-22\",\"title\":\"X\","

static void words_are_found_in_the_readers_language_as_well(void **state)
{
    (void)state;
    assert_int_equal(count_found_in("emergency", "gwaedu"), 1);
    assert_int_equal(count_found_in("emergency", "heavy"), 1);
}

static void a_document_of_another_shape_is_refused(void **state)
{
    struct library_doc d;
    static const char good[] =
        HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
             "\"text\":\"B\",\"sources\":[\"L1\"]}]}]}";

    (void)state;
    assert_ok(library_parse(good, strlen(good), &arena, &d));
    refuse("[]");
    refuse(HEAD "\"sections\":[]}");
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[]}]}");
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
                "\"sources\":[\"L1\"]}]}]}");
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
                "\"text\":\"B\",\"sources\":[7]}]}]}");
    refuse("{\"id\":\"x\",\"date\":\"2026\",\"title\":\"X\",\"sections\":["
           "{\"title\":\"S\",\"items\":[{\"title\":\"A\",\"text\":\"B\","
           "\"sources\":[\"L1\"]}]}]}");
}

static void a_statement_without_a_source_is_to_be_confirmed(void **state)
{
    static const char marked[] =
        HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
             "\"text\":\"B\",\"to_be_confirmed\":true}]}]}";
    struct library_doc d;

    (void)state;
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
                "\"text\":\"B\"}]}]}");
    assert_ok(library_parse(marked, strlen(marked), &arena, &d));
    assert_true(d.sections[0].items[0].is_to_be_confirmed);
}

/* --- whose law --- */

static struct profile profile_of(const char *file)
{
    struct profile p;
    char path[300];

    snprintf(path, sizeof(path), SOURCE_DIR "/assets/profiles/%s.json", file);
    assert_ok(profile_parse(text, load(path), &p));
    return p;
}

static unsigned shown_titles(const struct library_doc *d,
                             const struct profile *p, const char *title)
{
    unsigned count = 0;

    for (size_t s = 0; s < d->section_count; s++) {
        for (size_t i = 0; i < d->sections[s].item_count; i++) {
            const struct library_item *item = &d->sections[s].items[i];

            count += strcmp(item->title, title) == 0 && profile_has(p, item);
        }
    }
    return count;
}

static void an_officer_sees_the_powers_of_the_nation_and_no_others(void **state)
{
    const struct library_doc d = doc("powers");
    const struct profile england = profile_of("england");
    const struct profile wales = profile_of("wales");
    const struct profile scotland = profile_of("scotland");
    const struct profile ireland = profile_of("northern-ireland");
    const struct profile none = { { 0 }, { 0 } };

    (void)state;
    assert_int_equal(shown_titles(&d, &england, "Alcohol: under 18"), 1);
    assert_int_equal(shown_titles(&d, &wales, "Alcohol: under 18"), 1);
    assert_int_equal(shown_titles(&d, &scotland, "Alcohol: under 18"), 0);
    assert_int_equal(shown_titles(&d, &ireland, "Alcohol: under 18"), 0);
    assert_int_equal(shown_titles(&d, &scotland, "Scotland: litter FPN"), 1);
    assert_int_equal(shown_titles(&d, &england, "Scotland: litter FPN"), 0);
    assert_int_equal(shown_titles(&d, &none, "Scotland: litter FPN"), 1);
    assert_int_equal(shown_titles(&d, &none, "Alcohol: under 18"), 1);
    /* What no officer has anywhere is said everywhere. */
    assert_int_equal(shown_titles(&d, &scotland, "Detain a person"), 1);
}

static void a_profile_of_another_shape_is_refused(void **state)
{
    static const char *const bad[] = {
        "[]",
        "{\"id\":\"x\",\"jurisdiction\":\"E\",\"title\":\"England\"}",
        "{\"id\":\"profile\",\"jurisdiction\":\"\",\"title\":\"England\"}",
        "{\"id\":\"profile\",\"jurisdiction\":\"ENGLANDS\",\"title\":\"E\"}",
        "{\"id\":\"profile\",\"jurisdiction\":7,\"title\":\"England\"}",
        "{\"id\":\"profile\",\"jurisdiction\":\"E\"}",
    };
    struct profile p;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(profile_parse(bad[i], strlen(bad[i]), &p), ERR_BAD_DATA);
        assert_string_equal(p.jurisdiction, "");
    }
}

/* --- the officer's own cards --- */

#define CARD(from, until, powers)                                \
    "{\"route\":\"csas\",\"issuer\":\"Police\",\"from\":\"" from \
    "\",\"until\":\"" until "\",\"powers\":[" powers "]}"

static void a_power_is_held_while_a_card_that_names_it_holds(void **state)
{
    static const char json[] = "{\"officer\":\"4127\",\"cards\":[" CARD(
        "2026-04-01", "2027-03-31",
        "\"CSAS-02\",\"CSAS-05\"") "," CARD("2025-01-01", "2026-11-21",
                                            "\"COUN-01\"") "]}";
    struct power_cards cards;

    (void)state;
    assert_ok(power_cards_parse(json, strlen(json), &cards));
    assert_true(cards.is_known);
    assert_true(power_cards_have(&cards, "CSAS-05", "2026-04-01"));
    assert_true(power_cards_have(&cards, "CSAS-05", "2027-03-31"));
    assert_false(power_cards_have(&cards, "CSAS-05", "2026-03-31"));
    assert_false(power_cards_have(&cards, "CSAS-05", "2027-04-01"));
    assert_false(power_cards_have(&cards, "CSAS-06", "2026-11-22"));
    assert_true(power_cards_have(&cards, "COUN-01", "2026-11-21"));
    assert_false(power_cards_have(&cards, "COUN-01", "2026-11-22"));
    assert_string_equal(power_cards_first_to_end(&cards)->until, "2026-11-21");
}

static void an_officer_without_cards_holds_nothing(void **state)
{
    static const char json[] = "{\"officer\":\"4127\",\"cards\":[]}";
    struct power_cards cards;

    (void)state;
    assert_ok(power_cards_parse(json, strlen(json), &cards));
    assert_true(cards.is_known);
    assert_null(power_cards_first_to_end(&cards));
    assert_false(power_cards_have(&cards, "CSAS-02", "2026-11-22"));
}

static void cards_of_another_shape_are_refused(void **state)
{
    static const char *const bad[] = {
        "{}",
        "{\"cards\":[" CARD("2026-04-01", "2027-3-31", "\"A\"") "]}",
        "{\"cards\":[" CARD("soon", "2027-03-31", "\"A\"") "]}",
        "{\"cards\":[" CARD("2026-04-01", "2027-03-31", "") "]}",
        "{\"cards\":[" CARD("2026-04-01", "2027-03-31", "7") "]}",
        "{\"cards\":[" CARD("2026-04-01", "2027-03-31",
                            "\"0123456789ABCDEF\"") "]}",
        "{\"cards\":[{},{},{},{},{}]}",
    };
    struct power_cards cards;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(power_cards_parse(bad[i], strlen(bad[i]), &cards),
                   ERR_BAD_DATA);
        assert_false(cards.is_known);
    }
}

static bool has_power(const struct library_doc *d, const char *id)
{
    for (size_t s = 0; s < d->section_count; s++) {
        for (size_t i = 0; i < d->sections[s].item_count; i++) {
            if (strcmp(d->sections[s].items[i].id, id) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void are_all_known(const struct library_doc *d, const struct json *card)
{
    for (const struct json *p = json_get(card, "powers")->first; p != NULL;
         p = p->next) {
        assert_true(has_power(d, p->text));
    }
}

static void every_power_on_the_demos_cards_is_in_the_library(void **state)
{
    const struct library_doc d = doc("powers");
    const struct json *root;

    (void)state;
    assert_ok(json_parse(text, load(SOURCE_DIR "/assets/demo/cards.json"),
                         &arena, &root));
    for (const struct json *o = json_get(root, "officers")->first; o != NULL;
         o = o->next) {
        for (const struct json *c = json_get(o, "cards")->first; c != NULL;
             c = c->next) {
            are_all_known(&d, c);
        }
    }
}

#define IN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(the_words_of_the_tiles_find_what_one_may_do),
        IN(the_emergency_card_has_both_numbers_and_needs_no_pin),
        IN(only_the_emergency_card_needs_no_pin),
        IN(every_source_leads_somewhere),
        IN(words_are_found_by_their_beginning_in_any_case),
        IN(words_are_found_in_the_readers_language_as_well),
        IN(a_document_of_another_shape_is_refused),
        IN(a_statement_without_a_source_is_to_be_confirmed),
        IN(an_officer_sees_the_powers_of_the_nation_and_no_others),
        IN(a_profile_of_another_shape_is_refused),
        IN(a_power_is_held_while_a_card_that_names_it_holds),
        IN(an_officer_without_cards_holds_nothing),
        IN(cards_of_another_shape_are_refused),
        IN(every_power_on_the_demos_cards_is_in_the_library),
    };

    return RUN_TESTS(tests);
}
