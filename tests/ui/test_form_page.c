/* What the page of a form does: shown, answered, checked, kept. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_form.h"
#include "tests/ui/stage.h"
#include "ui/kit/input.h"
#include "ui/look.h"
#include "ui/worker/form_desk.h"

static void tap_each(struct stage *s, const char *const *names)
{
    for (; *names != NULL; names++) {
        stage_tap(s, *names);
    }
}
#define TAP(s, ...) tap_each(s, (const char *const[]){ __VA_ARGS__, NULL })

/* --- saving --- */

static void four_taps_save_an_environmental_log(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "form.flytip_size.TRANSIT_VAN",
        "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "home");
    assert_true(look_has(&s->nav, "Observation saved"));
    assert_non_null(ui_find(&s->nav.ui, "toast.undo"));
}

static void save_says_what_to_do_and_focuses_on_it(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.save");
    assert_true(look_has(&s->nav, "Choose what is happening"));
    TAP(s, "log.type.ENV-03", "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "form");
    assert_true(look_has(&s->nav, "Choose an answer, then save"));
    assert_int_equal(
        s->nav.ui.focus.index,
        ui_find(&s->nav.ui, "form.flytip_size.SINGLE_BLACK_BAG")->index);
    stage_tap(s, "form.flytip_size.SINGLE_BLACK_BAG");
    assert_false(look_has(&s->nav, "Choose an answer, then save"));
}

static void a_failed_save_keeps_the_form(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.vehicle", "log.type.VEH-01");
    s->fake.fail_with = ERR_FULL;
    stage_tap(s, "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "form");
    s->fake.fail_with = ERR_OK;
    stage_tap(s, "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void a_sealed_log_is_not_taken_back(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.prevent");
    assert_true(look_has(&s->nav, "Save and seal"));
    TAP(s, "log.type.PRV-02", "form.danger_now.no", "form.source.saw",
        "form.open.facts", "sheet.field");
    stage_type(s, "A sticker");
    TAP(s, "sheet.done", "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "home");
    assert_true(
        look_has(&s->nav, "Sealed. This tablet keeps only its number."));
    assert_null(ui_find(&s->nav.ui, "toast.undo"));
}

/* --- answering --- */

static void only_what_the_type_asks_is_shown(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-04");
    assert_true(look_has(&s->nav, "On what?"));
    stage_tap(s, "log.type.ENV-01");
    assert_false(look_has(&s->nav, "On what?"));
    assert_true(look_has(&s->nav, "Litter grade"));
}

static void a_choice_touched_again_is_taken_back(void **state)
{
    struct stage *s = *state;
    const struct target *t;

    TAP(s, "home.tile.env", "log.type.ENV-03", "form.waste_type.construction",
        "form.waste_type.electrical", "form.waste_type.construction",
        "form.hazardous.yes", "form.hazardous.yes");
    t = ui_find(&s->nav.ui, "form.waste_type.construction");
    assert_false(t->flags & UI_SELECTED);
    t = ui_find(&s->nav.ui, "form.waste_type.electrical");
    assert_true(t->flags & UI_SELECTED);
    t = ui_find(&s->nav.ui, "form.hazardous.yes");
    assert_false(t->flags & UI_SELECTED);
}

static void each_letter_goes_to_the_worker(void **state)
{
    struct stage *s = *state;
    int before;

    TAP(s, "home.tile.tension", "log.type.TEN-01", "form.open.what",
        "sheet.field");
    before = s->fake.counts[CMD_PUT_FIELD];
    stage_type(s, "a");
    stage_type(s, "b");
    assert_int_equal(s->fake.counts[CMD_PUT_FIELD], before + 2);
    assert_string_equal(s->fake.last.text, "ab");
    stage_tap(s, "sheet.done");
    assert_true(look_has(&s->nav, "ab"));
    TAP(s, "form.open.what", "sheet.field");
    stage_type(s, "c");
    stage_tap(s, "sheet.cancel"); /* as it was before the sheet */
    assert_string_equal(s->fake.last.text, "ab");
}

/* --- signatures --- */

static void words_are_signed_by_hand_and_kept_with_the_draft(void **state)
{
    struct stage *s = *state;
    const char *hex;

    stage_reply(s, "I only put it down");
    TAP(s, "log.save"); /* nobody signed */
    assert_true(look_has(&s->nav, "Have it signed, then save"));
    TAP(s, "form.open.reply_signed");
    assert_true(look_has(&s->nav, "I only put it down"));
    stage_sign(s); /* nobody's name: nothing is kept */
    assert_int_equal(s->fake.counts[CMD_SIGN_FIELD], 0);
    TAP(s, "sign.name");
    stage_type(s, "Dai Morgan");
    TAP(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_SIGN_FIELD], 1);
    hex = fake_form_answer(&s->fake, "reply_signed.1.strokes");
    assert_true(strlen(hex) > 40);
    assert_string_equal(fake_form_answer(&s->fake, "reply_signed.1.statement"),
                        "I only put it down");
    assert_true(look_has(&s->nav, "Signed by"));
    assert_true(look_has(&s->nav, "Sign again"));
    TAP(s, "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void words_changed_after_the_signing_are_signed_again(void **state)
{
    struct stage *s = *state;

    stage_reply(s, "I put it down");
    TAP(s, "form.open.reply_signed", "sign.why.would-not", "sheet.done",
        "form.open.reply", "sheet.field");
    assert_true(look_has(&s->nav, "would not sign"));
    stage_type(s, " twice");
    TAP(s, "sheet.done");
    assert_true(look_has(&s->nav, "have them signed again"));
    TAP(s, "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "form");
    TAP(s, "form.open.reply_signed", "sign.why.would-not", "sheet.done",
        "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void a_cancelled_signature_leaves_the_question_open(void **state)
{
    struct stage *s = *state;

    stage_reply(s, "I put it down");
    TAP(s, "form.open.reply_signed", "sign.why.cannot", "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_SIGN_FIELD], 0);
    assert_string_equal(nav_screen_name(&s->nav), "form");
    assert_true(look_has(&s->nav, "Read and sign"));
}

static void a_left_form_is_found_as_it_was(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "form.hazardous.yes", "back");
    assert_string_equal(nav_screen_name(&s->nav), "home");
    stage_tap(s, "home.tile.env");
    assert_true(ui_find(&s->nav.ui, "form.hazardous.yes")->flags & UI_SELECTED);
}

static void a_number_beyond_the_limit_is_said(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-01", "form.step-up.large_items");
    assert_int_equal(s->fake.v.form.fields[3].number, 1);
    TAP(s, "form.open.large_items", "sheet.field");
    stage_type(s, "2345");
    TAP(s, "sheet.done", "log.save");
    assert_true(look_has(&s->nav, "At most 9999"));
}

static void a_rule_of_the_form_is_said_in_its_words(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.care", "log.type.WEL-04", "form.open.last_seen_at",
        "sheet.choice.now", "form.open.found_at", "sheet.choice.10",
        "log.save");
    assert_true(look_has(&s->nav, "Found comes after last seen"));
}

static void the_time_of_a_log_is_not_in_the_future(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.time", "sheet.up.day");
    assert_int_equal(s->fake.v.log.draft.happened_ms, FAKE_NOW_MS);
    stage_tap(s, "sheet.down.day");
    assert_int_equal(s->fake.v.log.draft.happened_ms,
                     FAKE_NOW_MS - 24 * (int64_t)3600000);
    stage_tap(s, "sheet.done");
    assert_true(look_has(&s->nav, "Why it was made late"));
}

/* The victim says what it was about; nobody chooses that over them. */
static void the_category_of_a_hate_crime_follows_its_strands(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.hate");
    assert_null(ui_find(&s->nav.ui, "log.type.HATE-RACE"));
    assert_string_equal(fake_form_answer(&s->fake, "category"), "HATE");
    stage_tap(s, "form.strands.race");
    assert_string_equal(fake_form_answer(&s->fake, "category"), "HATE-RACE");
    stage_tap(s, "form.strands.religion");
    assert_string_equal(fake_form_answer(&s->fake, "category"), "HATE");
    TAP(s, "log.type.HATE-GRAF", "form.strands.race");
    assert_string_equal(fake_form_answer(&s->fake, "category"), "HATE-GRAF");
}

static void a_place_named_before_is_one_touch(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.place", "sheet.offer.1");
    assert_string_equal(fake_form_answer(&s->fake, "place_name"),
                        "Market Place, stall 12");
    assert_true(look_has(&s->nav, "Market Place, stall 12"));
}

/* One matter, one record: the officer is told before writing it again. */
static void a_record_made_near_here_just_now_is_told(void **state)
{
    struct stage *s = *state;
    struct view_near *n = &s->fake.v.log.near;

    TAP(s, "home.tile.env");
    assert_false(look_has(&s->nav, "logged this at"));
    n->at_ms = s->fake.v.status.now_ms;
    (void)snprintf(n->who, sizeof(n->who), "Marek Nowak");
    TAP(s, "log.type.ENV-03");
    assert_true(look_has(&s->nav, "logged this at"));
    assert_true(look_has(&s->nav, "Save yours if it is another one."));
}

/* --- persons --- */

static void a_person_is_described_and_read_back(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person");
    assert_true(look_has(&s->nav, "Describe one thing"));
    TAP(s, "form.age_band.18-20", "form.open.upper_body", "sheet.field");
    stage_type(s, "blue jacket");
    TAP(s, "sheet.done", "form.done");
    assert_true(look_has(&s->nav, "Person 1"));
    assert_true(look_has(&s->nav, "18 to 20"));
    assert_true(look_has(&s->nav, "blue jacket"));
    TAP(s, "form.row.persons.1", "form.remove");
    assert_false(look_has(&s->nav, "Person 1"));
}

static void a_label_of_the_figure_opens_what_it_names(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person", "form.part.bag",
        "form.open.bag", "sheet.field");
    stage_type(s, "black rucksack");
    stage_tap(s, "sheet.done");
    assert_string_equal(fake_form_answer(&s->fake, "persons.1.bag"),
                        "black rucksack");
    assert_true(look_has(&s->nav, "black rucksack"));
}

/* A colour and a garment are two touches; one that stands is swapped. */
static void a_person_is_dressed_by_touches(void **state)
{
    struct stage *s = *state;
    const char *const key = "persons.1.upper_body";

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person", "form.wear.1",
        "form.swatch.4");
    assert_string_equal(fake_form_answer(&s->fake, key), "Blue jacket");
    TAP(s, "form.wear.3", "form.swatch.6");
    assert_string_equal(fake_form_answer(&s->fake, key), "Red hoodie");
    TAP(s, "form.next-part", "form.wear.1");
    assert_string_equal(fake_form_answer(&s->fake, "persons.1.legs"), "Jeans");
    assert_true(look_has(&s->nav, "Red hoodie, jeans"));
}

/* What is stored stays; typed words stay as they were typed. */
static void a_description_is_in_the_readers_language(void **state)
{
    struct stage *s = *state;
    const char *const key = "persons.1.upper_body";

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person", "form.wear.1",
        "form.swatch.1");
    assert_string_equal(fake_form_answer(&s->fake, key), "Black jacket");
    assert_ok(nav_set_language(&s->nav, "ar"));
    stage_turn(s);
    assert_true(look_has(&s->nav, "سترة"));
    assert_true(look_has(&s->nav, "أسود"));
    assert_false(look_has(&s->nav, "Black"));
    assert_string_equal(fake_form_answer(&s->fake, key), "Black jacket");
    TAP(s, "form.done");
    assert_false(look_has(&s->nav, "jacket"));
    TAP(s, "form.row.persons.1", "form.swatch.other", "sheet.field");
    stage_type(s, " of wool");
    TAP(s, "sheet.done");
    assert_true(look_has(&s->nav, "Black jacket of wool"));
    assert_ok(nav_set_language(&s->nav, "en"));
}

static void how_well_somebody_was_seen_has_a_page_of_its_own(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person",
        "form.how-well-seen", "form.step-up.sighting_s",
        "form.visibility.daylight");
    assert_false(look_has(&s->nav, "Gender"));
    TAP(s, "form.done");
    assert_true(look_has(&s->nav, "Seen for 1 second, Daylight"));
    assert_true(look_has(&s->nav, "2 of 8 answered"));
    TAP(s, "form.i-know-who", "form.open.name", "sheet.field");
    stage_type(s, "sam");
    TAP(s, "sheet.done", "back");
    assert_true(look_has(&s->nav, "Gender"));
}

static void height_is_stepped_in_inches_and_kept_in_centimetres(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person",
        "form.step-up.height_cm", "form.step-up.height_cm");
    assert_string_equal(fake_form_answer(&s->fake, "persons.1.height_cm"),
                        "175");
    assert_true(look_has(&s->nav, "5 ft 9"));
    TAP(s, "form.step-down.height_cm");
    assert_true(look_has(&s->nav, "5 ft 8"));
}

/* Self-defined 18+1 codes only after speaking, observed codes only without:
 * the two are never asked together. */
static void what_was_said_and_what_was_seen_stay_apart(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person",
        "form.spoken_to.yes");
    assert_true(look_has(&s->nav, "Ethnicity, in their own words"));
    assert_false(look_has(&s->nav, "Ethnicity, as you saw it"));
    stage_tap(s, "form.spoken_to.no");
    assert_false(look_has(&s->nav, "Ethnicity, in their own words"));
    assert_true(look_has(&s->nav, "Ethnicity, as you saw it"));
}

static void a_child_is_not_questioned_in_the_street(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person",
        "form.age_band.16-17");
    assert_true(look_has(&s->nav, "Under 18: do not question"));
    stage_tap(s, "form.age_band.18-20");
    assert_false(look_has(&s->nav, "Under 18: do not question"));
}

static void who_may_read_a_closed_log_is_said_at_any_size(void **state)
{
    static const struct {
        const char *tile, *words;
    } closed[] = { { "home.tile.care", "Only you and those who deal with it" },
                   { "home.tile.prevent", "Sealed when you save" } };
    static const int shapes[][2] = { { 1280, 800 },
                                     { 800, 1280 },
                                     { 800, 600 } };
    struct stage *s = *state;

    for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
        stage_tap(s, "rail.patrol");
        stage_tap(s, closed[i].tile);
        for (size_t k = 0; k < ARRAY_LEN(shapes); k++) {
            for (int percent = 100; percent <= 200; percent += 25) {
                nav_set_text(&s->nav, percent);
                s->width = shapes[k][0];
                s->height = shapes[k][1];
                stage_turn(s);
                assert_true(look_has(&s->nav, closed[i].words));
            }
        }
        nav_set_text(&s->nav, 100);
    }
}

static void assert_above(struct stage *s, const char *upper, const char *lower)
{
    const struct target *a = ui_find(&s->nav.ui, upper);
    const struct target *b = ui_find(&s->nav.ui, lower);

    assert_non_null(a);
    assert_non_null(b);
    assert_true(a->box.y < b->box.y);
}

static void of_a_vehicle_is_asked_first_what_is_seen_first(void **state)
{
    struct stage *s = *state;

    s->width = 800; /* one column */
    s->height = 1280;
    TAP(s, "home.tile.vehicle", "log.type.VEH-01", "form.add.vehicle");
    assert_above(s, "form.colour.black", "form.body.car");
    assert_above(s, "form.body.car", "form.open.make");
    assert_above(s, "form.open.make", "form.open.vrm");
    assert_above(s, "form.open.vrm", "form.vrm_style.current");
}

static void a_mark_is_kept_without_spaces_and_says_its_kind(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.vehicle", "log.type.VEH-01", "form.add.vehicle",
        "form.open.vrm", "sheet.field");
    stage_type(s, "wb01 ktx");
    stage_tap(s, "sheet.done");
    assert_true(look_has(&s->nav, "WB01 KTX"));
    assert_true(ui_find(&s->nav.ui, "form.vrm_style.current")->flags &
                UI_SELECTED);
}

static void back_from_a_person_leads_to_the_log(void **state)
{
    struct stage *s = *state;

    TAP(s, "home.tile.env", "log.type.ENV-03", "log.person", "back");
    assert_string_equal(nav_screen_name(&s->nav), "form");
    assert_non_null(ui_find(&s->nav.ui, "log.save"));
    stage_tap(s, "back");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

/* --- the draft --- */

static void a_draft_comes_back_whole(void **state)
{
    struct form_draft a = { .kind = "env", .is_time_set = true };
    struct form_draft b = { .kind = "" };
    struct buf bytes;

    (void)state;
    form_draft_pin(&a, "environment", 3);
    assert_ok(form_draft_put(&a, "note", "Grey caf\u00e9 wall"));
    assert_ok(form_draft_toggle(&a, "waste_type", "tyres"));
    assert_ok(form_draft_toggle(&a, "waste_type", "green"));
    assert_ok(form_draft_put(&a, "persons.2.hair", "short"));
    buf_init(&bytes, FORM_DRAFT_BYTES);
    form_draft_write(&a, &bytes);
    assert_ok(bytes.err);
    assert_ok(form_draft_read(&b, buf_bytes(&bytes)));
    assert_string_equal(b.kind, "env");
    assert_true(b.is_time_set);
    assert_int_equal(form_draft_version(&b, "environment"), 3);
    assert_string_equal(form_draft_get(&b, "note"), "Grey caf\u00e9 wall");
    assert_string_equal(form_draft_get(&b, "waste_type"), "tyres;green");
    assert_int_equal(form_draft_rows(&b, "persons"), 2);
    form_draft_fini(&b);
    for (size_t cut = 0; cut < bytes.len; cut++) { /* none of it crashes */
        const struct bytes part = { bytes.data, cut };

        assert_int_not_equal(form_draft_read(&b, part), ERR_OK);
        form_draft_fini(&b);
    }
    buf_fini(&bytes);
    form_draft_fini(&a);
}

static void rows_close_up_behind_one_taken_out(void **state)
{
    struct form_draft d = { .kind = "env" };

    (void)state;
    assert_ok(form_draft_put(&d, "persons.1.hair", "one"));
    assert_ok(form_draft_put(&d, "persons.2.hair", "two"));
    assert_ok(form_draft_put(&d, "persons.3.hair", "three"));
    assert_ok(form_draft_put(&d, "persons_seen", "3"));
    assert_ok(form_draft_drop_row(&d, "persons", 2));
    assert_int_equal(form_draft_rows(&d, "persons"), 2);
    assert_string_equal(form_draft_get(&d, "persons.1.hair"), "one");
    assert_string_equal(form_draft_get(&d, "persons.2.hair"), "three");
    assert_string_equal(form_draft_get(&d, "persons_seen"), "3");
    form_draft_fini(&d);
}

/* --- any form --- */

static const char every_type[] =
    "{\"id\":\"all\",\"version\":%d,\"kind\":\"observation\",\"label\":\"All\","
    "\"categories\":[],\"common\":[\"category\",\"noted\",\"note\"],"
    "\"common_required\":[],\"fields\":["
    "{\"id\":16,\"key\":\"t\",\"type\":\"text\",\"label\":\"T\"},"
    "{\"id\":17,\"key\":\"n\",\"type\":\"number\",\"label\":\"N\",\"min\":2,"
    "\"max\":3},"
    "{\"id\":18,\"key\":\"w\",\"type\":\"place\",\"label\":\"W\"},"
    "{\"id\":19,\"key\":\"g\",\"type\":\"group\",\"label\":\"G\",\"fields\":["
    "{\"id\":30,\"key\":\"gt\",\"type\":\"text\",\"label\":\"GT\"},"
    "{\"id\":31,\"key\":\"gn\",\"type\":\"number\",\"label\":\"GN\"}]},"
    "{\"id\":20,\"key\":\"later\",\"type\":\"hologram\",\"label\":\"?\"}]}";

struct shelf {
    struct form *forms[2]; /* versions 1 and 2 */
    uint32_t asked;
    uint32_t newest;
};

static const struct form *take_form(void *ctx, const char *id, uint32_t version)
{
    struct shelf *shelf = ctx;

    assert_string_equal(id, "all");
    shelf->asked = version;
    return shelf->forms[(version == 0 ? shelf->newest : version) - 1];
}

static void open_shelf(struct shelf *shelf, struct form_desk *desk)
{
    char json[2048];

    *shelf = (struct shelf){ .newest = 1 };
    for (int i = 0; i < 2; i++) {
        const int len = snprintf(json, sizeof(json), every_type, i + 1);

        assert_ok(form_parse(json, (size_t)len, &shelf->forms[i]));
    }
    *desk = (struct form_desk){ .find = take_form, .ctx = shelf };
    assert_ok(form_desk_open(desk, "all", "all", (struct bytes){ NULL, 0 }));
}

static void close_shelf(struct shelf *shelf, struct form_desk *desk)
{
    form_desk_close(desk);
    form_free(shelf->forms[0]);
    form_free(shelf->forms[1]);
}

static void put(struct form_desk *desk, const char *key, const char *text)
{
    struct command cmd = { .kind = CMD_PUT_FIELD };

    snprintf(cmd.key, sizeof(cmd.key), "%s", key);
    snprintf(cmd.text, sizeof(cmd.text), "%s", text);
    assert_ok(form_desk_handle(desk, &cmd, 0));
}

static void an_open_draft_keeps_its_forms_version(void **state)
{
    const struct form_desk_now now = { .tier = CATEGORY_OPEN };
    static struct view_form v;
    struct form_desk desk;
    struct shelf shelf;
    struct buf kept;

    (void)state;
    open_shelf(&shelf, &desk);
    put(&desk, "t", "begun with version 1");
    buf_init(&kept, FORM_DRAFT_BYTES);
    form_draft_write(&desk.draft, &kept);
    shelf.newest = 2; /* an update comes */
    assert_ok(form_desk_show(&desk, &now, &v));
    assert_int_equal(shelf.asked, 1);
    assert_ok(form_desk_open(&desk, "all", "all", buf_bytes(&kept)));
    assert_int_equal(shelf.asked, 1); /* after a kill, too */
    assert_ok(form_desk_open(&desk, "all", "all", (struct bytes){ NULL, 0 }));
    assert_int_equal(form_draft_version(&desk.draft, "all"), 2);
    buf_fini(&kept);
    close_shelf(&shelf, &desk);
}

static void rows_of_a_group_have_pages(void **state)
{
    const struct form_desk_now now = { .tier = CATEGORY_OPEN };
    struct command open = { .kind = CMD_OPEN_ROW, .key = "g.1" };
    static struct view_form v;
    struct form_desk desk;
    struct shelf shelf;

    (void)state;
    open_shelf(&shelf, &desk);
    assert_ok(form_desk_show(&desk, &now, &v));
    assert_int_equal(v.field_count, 4); /* what is unknown is not asked */
    assert_ok(form_desk_handle(&desk, &open, 0));
    assert_ok(form_desk_show(&desk, &now, &v));
    assert_int_equal(v.page, ASK_GROUP);
    assert_int_equal(v.field_count, 2);
    put(&desk, "g.1.gt", "first");
    put(&desk, "g.1.gn", "7");
    open.key[0] = '\0';
    assert_ok(form_desk_handle(&desk, &open, 0));
    assert_ok(form_desk_show(&desk, &now, &v));
    assert_int_equal(v.fields[3].row_count, 1);
    assert_int_equal(v.rows[0].part_count, 2);
    close_shelf(&shelf, &desk);
}

static void steps_stop_at_the_limits(void **state)
{
    struct command step = {
        .kind = CMD_PUT_FIELD, .act = FIELD_STEP, .key = "n", .number = 1
    };
    struct form_desk desk;
    struct shelf shelf;

    (void)state;
    open_shelf(&shelf, &desk);
    for (int i = 0; i < 5; i++) {
        assert_ok(form_desk_handle(&desk, &step, 0));
    }
    assert_string_equal(form_draft_get(&desk.draft, "n"), "3");
    step.number = -1;
    for (int i = 0; i < 5; i++) {
        assert_ok(form_desk_handle(&desk, &step, 0));
    }
    assert_string_equal(form_draft_get(&desk.draft, "n"), "2");
    close_shelf(&shelf, &desk);
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(four_taps_save_an_environmental_log),
        IN(save_says_what_to_do_and_focuses_on_it),
        IN(a_failed_save_keeps_the_form),
        IN(a_sealed_log_is_not_taken_back),
        IN(only_what_the_type_asks_is_shown),
        IN(a_choice_touched_again_is_taken_back),
        IN(each_letter_goes_to_the_worker),
        IN(words_are_signed_by_hand_and_kept_with_the_draft),
        IN(words_changed_after_the_signing_are_signed_again),
        IN(a_cancelled_signature_leaves_the_question_open),
        IN(a_left_form_is_found_as_it_was),
        IN(a_number_beyond_the_limit_is_said),
        IN(a_rule_of_the_form_is_said_in_its_words),
        IN(the_time_of_a_log_is_not_in_the_future),
        IN(the_category_of_a_hate_crime_follows_its_strands),
        IN(a_place_named_before_is_one_touch),
        IN(a_child_is_not_questioned_in_the_street),
        IN(a_person_is_described_and_read_back),
        IN(a_record_made_near_here_just_now_is_told),
        IN(a_label_of_the_figure_opens_what_it_names),
        IN(a_person_is_dressed_by_touches),
        IN(a_description_is_in_the_readers_language),
        IN(how_well_somebody_was_seen_has_a_page_of_its_own),
        IN(height_is_stepped_in_inches_and_kept_in_centimetres),
        IN(what_was_said_and_what_was_seen_stay_apart),
        IN(who_may_read_a_closed_log_is_said_at_any_size),
        IN(of_a_vehicle_is_asked_first_what_is_seen_first),
        IN(a_mark_is_kept_without_spaces_and_says_its_kind),
        IN(back_from_a_person_leads_to_the_log),
        cmocka_unit_test(a_draft_comes_back_whole),
        cmocka_unit_test(rows_close_up_behind_one_taken_out),
        cmocka_unit_test(an_open_draft_keeps_its_forms_version),
        cmocka_unit_test(rows_of_a_group_have_pages),
        cmocka_unit_test(steps_stop_at_the_limits),
    };

    return RUN_TESTS(tests);
}
