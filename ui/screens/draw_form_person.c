/*
 * draw_form_person.c - the page of one person: a figure with its labels and
 * the panel of the chosen one, what a colleague looks for first, how well
 * they were seen, and who it is, where that is known (design, 04).
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define GAP      16
#define AGES     6   /* ages in sight; the rest behind "…" */
#define AGES_FEW 4   /* where they do not stand in a row */
#define FEW_MOST 3   /* answers in one box */
#define INCH     254 /* of an inch, in hundredths of a cm */

/* --- which question stands where --- */

static const char *const first_keys[] = { "spoken_to",      "ethnicity_self",
                                          "ethnicity_seen", "age_band",
                                          "gender",         "build",
                                          "height_cm" };
static const char *const seen_keys[] = { "sighting_s",     "sighting_m",
                                         "visibility",     "obstruction",
                                         "known_before",   "any_reason",
                                         "time_lapse_min", "errors" };
static const char *const named_keys[] = { "name", "birth_date", "address",
                                          "contact", "language" };

static bool is_among(const char *key, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum form_face face_of(const struct view_form *v, int i)
{
    const char *key = form_word(v, v->fields[i].key);

    return is_among(key, seen_keys, ARRAY_LEN(seen_keys))     ? FORM_SEEN
           : is_among(key, named_keys, ARRAY_LEN(named_keys)) ? FORM_NAMED
                                                              : FORM_LOOKS;
}

/* The questions of a face that have no place of their own on it. */
static struct form_flow flow_of(const struct view_form *v, enum form_face face)
{
    struct form_flow f = { .count = 0 };

    for (int i = 0; i < v->field_count; i++) {
        const char *key = form_word(v, v->fields[i].key);

        if (face_of(v, i) == face && !form_figure_has(v, i) &&
            !is_among(key, first_keys, ARRAY_LEN(first_keys))) {
            f.order[f.count++] = i;
        }
    }
    return f;
}

static int index_of(const struct view_form *v, const char *key)
{
    const struct view_field *f = form_field_of_page(v, key);

    return f != NULL ? (int)(f - v->fields) : -1;
}

static const struct view_choice *chosen_of(const struct view_form *v,
                                           const struct view_field *f)
{
    for (int i = 0; f != NULL && i < f->choice_count; i++) {
        if (v->choices[f->first_choice + i].is_on) {
            return &v->choices[f->first_choice + i];
        }
    }
    return NULL;
}

/* Cut at the legal ages: what is asked of a child, and where. */
static int draw_youth(struct ui *ui, struct rect r, const struct view_form *v)
{
    static const char *const bands[] = { "0-9", "10-15", "16-17" };
    const struct view_choice *c =
        chosen_of(v, form_field_of_page(v, "age_band"));

    if (c == NULL ||
        !is_among(form_word(v, c->code), bands, ARRAY_LEN(bands))) {
        return 0;
    }
    return banner_draw(ui, r, BANNER_INFO, ICON_INFO,
                       tr("Under 18: do not question in the street. An "
                          "interview needs an appropriate adult.")) +
           GAP;
}

/* --- height --- */

/* Height as people say it; the record holds centimetres. */
static const char *feet_words(struct ui *ui, int cm)
{
    const int inches = (cm * 100 + INCH / 2) / INCH;

    return ui_fmt(ui, tr("%d ft %d"), inches / 12, inches % 12);
}

/* The next whole inch up or down; of an unknown height a usual one. */
int form_height_step(const struct view_field *f, int by)
{
    const int inches = ((int)f->number * 100 + INCH / 2) / INCH + by;

    return f->has_number ? (inches * INCH + 50) / 100 : by > 0 ? 173 : 168;
}

static int draw_height(struct ui *ui, struct rect r, const struct view_form *v)
{
    const int i = index_of(v, "height_cm");
    const struct view_field *f = i >= 0 ? &v->fields[i] : NULL;
    struct stepper s = { .less_id = CTL_FORM_LESS,
                         .more_id = CTL_FORM_PLUS,
                         .open_id = CTL_FORM_OPEN,
                         .index = (uint16_t)i,
                         .key = "height_cm",
                         .value = "–" };
    const bool is_beside = ui->percent < 150 && r.w >= 400;
    const int h = stepper_height(ui);
    int y = r.y;
    int words;

    if (f == NULL) {
        return 0;
    }
    s.label = tr(form_word(v, f->label));
    s.value = f->has_number ? feet_words(ui, (int)f->number) : s.value;
    s.at_least = f->has_number && f->number <= f->min;
    s.at_most = f->has_number && f->number >= f->max;
    ui_hline(ui, r.x, y, r.w, COLOR_LINE);
    words =
        ui_line(ui, TYPE_LABEL) + (f->has_number ? ui_line(ui, TYPE_META) : 0);
    y += is_beside ? 8 + (h - words) / 2 : 12;
    y += ui_text(ui, rect_make(r.x + 20, y, r.w - 40, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, s.label);
    if (f->has_number) {
        y += ui_text(ui, rect_make(r.x + 20, y, r.w - 40, 0), TYPE_META,
                     COLOR_TEXT_2, 0, ui_fmt(ui, tr("%d cm"), (int)f->number));
    }
    if (is_beside) {
        stepper_draw_one(ui, rect_make(r.x + r.w - 12 - 280, r.y + 8, 280, h),
                         &s);
        return h + 16;
    }
    y += 6;
    stepper_draw_one(ui, rect_make(r.x + 20, y, r.w - 40, h), &s);
    return y + h + 16 - r.y;
}

/* --- what a colleague looks for first --- */

/* A box that opens all choices: "Not recorded" until one is chosen. */
static int draw_select(struct ui *ui, struct rect r, const struct views *all,
                       int i)
{
    const struct view_form *v = &all->form;
    const struct view_field *f = &v->fields[i];
    const struct view_choice *c = chosen_of(v, f);
    const char *said =
        c != NULL ? tr(form_word(v, c->label)) : tr("Not recorded");
    const int icon = ui_icon_size(ui, S_ICON);
    const int room = r.w - 32 - icon - 12;
    const int top = r.y;

    r.y += ui_text(ui, rect_make(r.x, r.y, r.w, 0), TYPE_SMALL_B, COLOR_TEXT, 0,
                   tr(form_word(v, f->label))) +
           6;
    r.h = ui_text_height(ui, TYPE_BODY, said, room) + 28;
    r.h = r.h < 64 ? 64 : r.h;
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_FORM_REST, (uint16_t)i) ? COLOR_SUNKEN
                                                               : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER_STRONG, R_FIELD);
    (void)ui_text(ui, rect_make(r.x + 16, r.y, room, r.h), TYPE_BODY,
                  COLOR_TEXT, UI_MID, said);
    ui_icon(ui, r.x + r.w - 16 - icon, r.y + (r.h - icon) / 2, icon, ICON_DOWN,
            COLOR_TEXT);
    ui_target(ui, r, CTL_FORM_REST, (uint16_t)i, form_word(v, f->key), R_FIELD,
              0, tr(form_word(v, f->label)));
    r.y += r.h + 2;
    r.y += ui_text(ui, rect_make(r.x, r.y, r.w, 0), TYPE_CAPTION, COLOR_TEXT_2,
                   0, tr(form_word(v, f->hint)));
    return r.y - top;
}

/* The first answers in one box, "Other" in one word: nothing chosen says
 * "not known". When another one was chosen before, all of them. */
static int draw_few(struct ui *ui, struct rect r, const struct views *v, int i,
                    int count)
{
    const struct view_form *form = &v->form;
    const struct view_field *f = &form->fields[i];
    const char *labels[FEW_MOST];
    const char *keys[FEW_MOST];
    struct segments s = { .id = CTL_FORM_PICK,
                          .first = (uint16_t)f->first_choice,
                          .labels = labels,
                          .keys = keys,
                          .count = count,
                          .chosen = -1 };
    const int top = r.y;

    for (int k = 0; k < count && k < f->choice_count; k++) {
        const struct view_choice *c = &form->choices[f->first_choice + k];
        const char *code = form_word(form, c->code);

        labels[k] = strcmp(code, "other") == 0 ? tr("Other")
                                               : tr(form_word(form, c->label));
        keys[k] = ui_fmt(ui, "%s.%s", form_word(form, f->key), code);
        s.chosen = c->is_on ? k : s.chosen;
    }
    if (f->choice_count < count || !segments_fit(ui, &s, r.w) ||
        (s.chosen < 0 && chosen_of(form, f) != NULL)) {
        return form_field_draw(ui, r, v, i);
    }
    r.y += ui_text(ui, r, TYPE_SMALL_B, COLOR_TEXT, 0,
                   tr(form_word(form, f->label))) +
           6;
    r.h = segments_height(ui, &s, r.w);
    segments_draw(ui, r, &s);
    return r.y + r.h - top;
}

static int draw_gender(struct ui *ui, struct rect r, const struct views *v,
                       int i)
{
    return draw_few(ui, r, v, i, 3);
}

static int draw_spoken(struct ui *ui, struct rect r, const struct views *v,
                       int i)
{
    return draw_few(ui, r, v, i, 2);
}

/* Two questions side by side where there is room; either may be missing. */
typedef int (*draw_one)(struct ui *ui, struct rect r, const struct views *v,
                        int field);

static int draw_pair(struct ui *ui, struct rect r, const struct views *v,
                     const int pair[2], const draw_one draws[2])
{
    const bool is_beside =
        r.w >= 560 && ui->percent < 150 && pair[0] >= 0 && pair[1] >= 0;
    int y = r.y;
    int high = 0;

    for (int i = 0; i < 2; i++) {
        struct rect cell = is_beside ? rect_cell(r, 2, i, GAP) : r;
        int h;

        if (pair[i] < 0) {
            continue;
        }
        cell.y = y;
        h = draws[i](ui, cell, v, pair[i]);
        high = h > high ? h : high;
        y += is_beside ? 0 : h + GAP;
    }
    return is_beside ? high + GAP : y - r.y;
}

/* "10–15" of the code "10-15"; else the choice's own words. */
static const char *age_words(struct ui *ui, const struct view_form *v,
                             const struct view_choice *c)
{
    int from = 0;
    int to = 0;
    char end = 0;

    if (sscanf(form_word(v, c->code), "%3d-%3d%c", &from, &to, &end) == 2 &&
        from > 0) {
        return ui_iso(ui, ui_fmt(ui, "%d–%d", from, to));
    }
    return tr(form_word(v, c->label));
}

/* The usual ages in a row, with the chosen one; the others behind "…". */
static int draw_ages(struct ui *ui, struct rect r, const struct view_form *v,
                     int i)
{
    const struct view_field *f = &v->fields[i];
    const char *labels[AGES + 1];
    const char *keys[AGES + 1];
    uint16_t indexes[AGES + 1];
    struct chips c = { .id = CTL_FORM_PICK,
                       .indexes = indexes,
                       .labels = labels,
                       .keys = keys,
                       .count = f->choice_count,
                       .more_id = CTL_FORM_REST,
                       .more_index = (uint16_t)i,
                       .more_key = form_word(v, f->key),
                       .more_dots = true,
                       .in_form = true };
    const int head = ui_text(ui, r, TYPE_SMALL_B, COLOR_TEXT, 0,
                             tr(form_word(v, f->label))) +
                     6;

    r.y += head;
    for (int some = AGES; some >= AGES_FEW; some--) {
        c.most = 0;
        c.on = 0;
        for (int k = 0; k < f->choice_count; k++) {
            const struct view_choice *choice = &v->choices[f->first_choice + k];

            if (c.most <= AGES && (k < some || choice->is_on)) {
                labels[c.most] = age_words(ui, v, choice);
                keys[c.most] = ui_fmt(ui, "%s.%s", form_word(v, f->key),
                                      form_word(v, choice->code));
                indexes[c.most] = (uint16_t)(f->first_choice + k);
                c.on |= (choice->is_on ? 1u : 0u) << c.most;
                c.most++;
            }
        }
        if (chips_height(ui, &c, r.w) <= S_TOUCH_MIN) {
            break;
        }
    }
    return head + chips_draw(ui, r, &c) + GAP;
}

static int draw_first(struct ui *ui, struct rect r, const struct views *v)
{
    static const draw_one spoken_draws[] = { draw_spoken, draw_select };
    static const draw_one body_draws[] = { draw_gender, form_field_draw };
    const struct view_form *f = &v->form;
    const int self = index_of(f, "ethnicity_self");
    const int spoken[2] = { index_of(f, "spoken_to"),
                            self >= 0 ? self : index_of(f, "ethnicity_seen") };
    const int body[2] = { index_of(f, "gender"), index_of(f, "build") };
    const int age = index_of(f, "age_band");
    int y = r.y;

    y += draw_pair(ui, rect_make(r.x, y, r.w, 0), v, spoken, spoken_draws);
    if (age >= 0) {
        y += draw_ages(ui, rect_make(r.x, y, r.w, 0), f, age);
    }
    return y + draw_pair(ui, rect_make(r.x, y, r.w, 0), v, body, body_draws) -
           r.y;
}

/* --- how it reads --- */

/* Words that say that there was nothing to see: nothing for a sentence. */
static bool is_nothing(const char *said)
{
    static const char *const words[] = { "",      "Not seen", "None seen",
                                         "Empty", "No bag",   "Bare" };

    return is_among(said, words, ARRAY_LEN(words));
}

/* A word of ours inside a sentence: only English writes it small. */
static const char *inside(struct ui *ui, const char *word)
{
    if (strncmp(ui->list.lang, "en", 2) != 0 || word[0] == '\0') {
        return word;
    }
    return ui_fmt(ui, "%c%s", tolower((unsigned char)word[0]), word + 1);
}

static const char *join(struct ui *ui, const char *a, const char *b)
{
    return a[0] == '\0' ? b : b[0] == '\0' ? a : ui_fmt(ui, tr("%s, %s"), a, b);
}

static const char *choice_words(struct ui *ui, const struct view_form *v,
                                const char *key, bool is_first)
{
    const struct view_choice *c = chosen_of(v, form_field_of_page(v, key));
    const char *word = c != NULL ? tr(form_word(v, c->label)) : "";

    return is_first ? word : inside(ui, word);
}

/* "Man" of somebody who is grown up; of others as it was chosen. */
static const char *gender_words(struct ui *ui, const struct view_form *v)
{
    static const char *const young[] = { "0-9", "10-15", "16-17", "unknown" };
    const struct view_choice *age =
        chosen_of(v, form_field_of_page(v, "age_band"));
    const struct view_choice *c = chosen_of(v, form_field_of_page(v, "gender"));
    const bool is_grown = age != NULL && !is_among(form_word(v, age->code),
                                                   young, ARRAY_LEN(young));
    const char *code = c != NULL ? form_word(v, c->code) : "";

    if (is_grown && strcmp(code, "male") == 0) {
        return tr("Man");
    }
    if (is_grown && strcmp(code, "female") == 0) {
        return tr("Woman");
    }
    return choice_words(ui, v, "gender", true);
}

/* "Man, 18 to 20, slim, about 5 ft 10. Red cap, blue jacket, grey jeans." */
static const char *person_words(struct ui *ui, const struct view_form *v)
{
    static const enum wear_part order[] = { WEAR_HEAD,  WEAR_HAIR, WEAR_UPPER,
                                            WEAR_LEGS,  WEAR_FEET, WEAR_BAG,
                                            WEAR_HANDS, WEAR_MARKS };
    const struct view_field *height = form_field_of_page(v, "height_cm");
    const char *body = gender_words(ui, v);
    const char *clothes = "";

    body = join(ui, body, choice_words(ui, v, "age_band", body[0] == '\0'));
    body = join(ui, body, choice_words(ui, v, "build", body[0] == '\0'));
    if (height != NULL && height->has_number) {
        body = join(
            ui, body,
            ui_fmt(ui, tr("about %s"), feet_words(ui, (int)height->number)));
    }
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        const char *said = form_figure_said(v, order[i]);

        if (!is_nothing(said)) {
            clothes = join(
                ui, clothes,
                wear_say(ui, clothes[0] == '\0' ? said : inside(ui, said)));
        }
    }
    return body[0] == '\0'      ? clothes
           : clothes[0] == '\0' ? body
                                : ui_fmt(ui, "%s. %s", body, clothes);
}

/* --- the page --- */

/* Figure and height in one card. */
static int draw_card(struct ui *ui, struct rect r, const struct form_model *m,
                     const struct view_form *v)
{
    const int card = ui_card(ui, r);
    int y = r.y;

    y += form_figure_draw(ui, r, v, m->part);
    y += draw_height(ui, rect_make(r.x, y, r.w, 0), v);
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y + GAP;
}

static struct button seen_button(const char *label)
{
    return (struct button){ .kind = BUTTON_QUIET,
                            .id = CTL_FORM_SEEN,
                            .icon = ICON_EDIT,
                            .label = label };
}

/* The bar has no room for it beside large words. */
static bool seen_is_on_page(const struct ui *ui)
{
    return ui->percent >= 150;
}

static int draw_ends(struct ui *ui, struct rect r, const struct view_form *v)
{
    const struct button named = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_FORM_NAMED,
                                  .icon = ICON_ID,
                                  .label = tr("I know who") };
    const struct button drop = { .kind = BUTTON_DANGER_LINE,
                                 .id = CTL_FORM_DROP,
                                 .icon = ICON_BIN,
                                 .label = tr("Remove") };
    const struct button seen = seen_button(tr("How well seen?"));
    const int named_w = button_width(ui, &named);
    const int drop_w = button_width(ui, &drop);
    const int h = button_height(ui, &named, named_w);
    const bool is_beside = named_w + drop_w + GAP <= r.w;
    const int top = r.y;

    if (seen_is_on_page(ui)) {
        const int w =
            button_width(ui, &seen) < r.w ? button_width(ui, &seen) : r.w;
        const int high = button_height(ui, &seen, w);

        button_draw(ui, rect_make(r.x, r.y, w, high), &seen);
        r.y += high + 8;
    }
    button_draw(ui, rect_make(r.x, r.y, named_w, h), &named);
    if (v->self.part_count == 0) {
        return r.y + h + GAP - top;
    }
    r.x += is_beside ? named_w + GAP : 0;
    r.y += is_beside ? 0 : h + 8;
    button_draw(ui, rect_make(r.x, r.y, drop_w, h), &drop);
    return r.y + h + GAP - top;
}

static int draw_looks(struct ui *ui, struct rect r, const struct form_model *m,
                      const struct views *v, bool is_wide)
{
    const struct rect a = is_wide ? rect_columns(r, 0, 5) : r;
    const struct rect b = is_wide ? rect_columns(r, 5, 7) : r;
    const struct form_flow rest = flow_of(&v->form, FORM_LOOKS);
    int left = r.y;
    int right = r.y;
    int n = rest.count;

    left += draw_card(ui, rect_make(a.x, left, a.w, 0), m, &v->form);
    left += form_reads_draw(ui, rect_make(a.x, left, a.w, 0),
                            person_words(ui, &v->form)) +
            GAP;
    right = is_wide ? right : left;
    right += draw_youth(ui, rect_make(b.x, right, b.w, 0), &v->form);
    right += draw_first(ui, rect_make(b.x, right, b.w, 0), v);
    right +=
        form_panel_draw(ui, rect_make(b.x, right, b.w, 0), &v->form, m->part) +
        GAP;
    if (is_wide) {
        n = form_flow_split(ui, v, &rest, a.w, b.w, right - left);
        left +=
            form_flow_draw(ui, rect_make(a.x, left, a.w, 0), v, &rest, 0, n);
        right += form_flow_draw(ui, rect_make(b.x, right, b.w, 0), v, &rest, n,
                                rest.count);
    } else {
        right +=
            form_flow_draw(ui, rect_make(b.x, right, b.w, 0), v, &rest, 0, n);
    }
    right += draw_ends(ui, rect_make(b.x, right, b.w, 0), &v->form);
    return left > right ? left : right;
}

int form_person_draw(struct ui *ui, struct rect r, const struct form_model *m,
                     const struct views *v, bool is_wide)
{
    const struct form_flow all = flow_of(&v->form, m->face);
    const struct rect a = is_wide ? rect_columns(r, 0, 6) : r;
    const struct rect b = rect_columns(r, 6, 6);
    int left;
    int right = r.y;
    int n;

    if (m->face == FORM_LOOKS) {
        return draw_looks(ui, r, m, v, is_wide);
    }
    n = is_wide ? form_flow_split(ui, v, &all, a.w, b.w, 0) : all.count;
    left = r.y + form_flow_draw(ui, rect_make(a.x, r.y, a.w, 0), v, &all, 0, n);
    right += form_flow_draw(ui, rect_make(b.x, right, b.w, 0), v, &all, n,
                            all.count);
    return left > right ? left : right;
}

/* --- how well they were seen, in the action bar --- */

static int seen_count(const struct view_form *v)
{
    int n = 0;

    for (size_t i = 0; i < ARRAY_LEN(seen_keys); i++) {
        const struct view_field *f = form_field_of_page(v, seen_keys[i]);

        n += f != NULL && (f->has_number || form_word(v, f->value)[0] != '\0' ||
                           chosen_of(v, f) != NULL);
    }
    return n;
}

static const char *seen_words(struct ui *ui, const struct view_form *v)
{
    const struct view_field *time = form_field_of_page(v, "sighting_s");
    const struct view_field *far = form_field_of_page(v, "sighting_m");
    const struct view_field *way = form_field_of_page(v, "obstruction");
    const struct view_choice *light =
        chosen_of(v, form_field_of_page(v, "visibility"));
    const char *out = "";

    if (time != NULL && time->has_number) {
        out = ui_fmt(ui,
                     trn("Seen for %d second", "Seen for %d seconds",
                         (unsigned long)time->number),
                     (int)time->number);
    }
    if (far != NULL && far->has_number) {
        out = join(ui, out, ui_fmt(ui, tr("from %d m"), (int)far->number));
    }
    out = join(ui, out, light != NULL ? tr(form_word(v, light->label)) : "");
    return way != NULL && form_word(v, way->value)[0] != '\0'
               ? join(ui, out, ui_iso(ui, form_word(v, way->value)))
               : out;
}

void form_seen_draw(struct ui *ui, struct rect *row, const struct view_form *v)
{
    const int all = (int)ARRAY_LEN(seen_keys);
    const int n = seen_count(v);
    const struct button change =
        seen_button(n == 0 ? tr("How well seen?") : tr("Change"));
    const char *title = seen_words(ui, v);
    const char *more =
        n == all
            ? tr("How well could you see? All 8 answered")
            : ui_fmt(ui, tr("How well could you see? %d of 8 answered"), n);
    const int icon = ui_icon_size(ui, 28);
    struct rect r;
    int h;

    if (seen_is_on_page(ui)) {
        return;
    }
    button_at_end(ui, row, GAP, &change);
    r = *row;
    if (title[0] == '\0') {
        title = tr("How well could you see?");
        more = ui_fmt(ui, tr("%d of 8 answered"), n);
    }
    ui_part(ui, UI_CONTENT);
    r.w -= icon + 12;
    h = ui_text_height(ui, TYPE_LABEL, title, r.w) +
        ui_text_height(ui, TYPE_SMALL, more, r.w);
    if (r.w < 160 || h > r.h) {
        return; /* the button leads there all the same */
    }
    ui_icon(ui, r.x, r.y + (r.h - icon) / 2, icon, ICON_EYE, COLOR_TEXT);
    r = rect_make(r.x + icon + 12, r.y + (r.h - h) / 2, r.w, 0);
    r.y += ui_text(ui, r, TYPE_LABEL, COLOR_TEXT, 0, title);
    (void)ui_text(ui, r, TYPE_SMALL, COLOR_TEXT_2, 0, more);
}
