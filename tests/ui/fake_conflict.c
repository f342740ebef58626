/* fake_conflict.c - a record with two versions, as the design has it. */
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_app.h"
#include "ui/kit/tr.h"

#define MINUTE   ((int64_t)60000)
#define HOUR     ((int64_t)3600000)
#define MIDNIGHT (FAKE_NOW_MS - 10 * HOUR - 7 * MINUTE - 12000)
#define AT(h, m) (MIDNIGHT + (h)*HOUR + (m)*MINUTE)

static void put(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}
#define PUT(field, text) put(field, sizeof(field), text)

static const char place_yours[] =
    "Bench by the boating lake, Millfield Park. Has moved from the Abbey "
    "doorway.";
static const char place_hers[] =
    "Abbey doorway, Monks Walk. Reported by the verger.";
static const char need_yours[] =
    "Blanket and hot food. Declined a shelter place.";
static const char need_hers[] =
    "Shelter place booked for tonight, bed 4, from 19:00.";

static void add_side(struct view_question *q, bool is_you, const char *text)
{
    struct view_side *s = &q->sides[q->side_count++];

    s->kind = SIDE_TEXT;
    s->is_you = is_you;
    s->is_here = is_you;
    s->is_office = !is_you;
    s->made_ms = is_you ? AT(9, 51) : AT(9, 55);
    s->by_satellite = is_you;
    PUT(s->who, is_you ? "Amina Yusuf" : "Priya Nair");
    PUT(s->text, text);
}

static void fill_conflict(struct view_conflict *c)
{
    struct view_question *q = &c->questions[0];

    PUT(c->id, "record-1");
    PUT(c->title, N_("Rough sleeper, welfare"));
    c->by_you = true;
    c->made_ms = AT(9, 20);
    c->joined_count = 12;
    c->question_count = 2;
    PUT(q->label, N_("Where he is now"));
    q->can_write = true;
    add_side(q, true, place_yours);
    add_side(q, false, place_hers);
    q = &c->questions[1];
    PUT(q->label, N_("What is needed"));
    q->can_write = true;
    add_side(q, true, need_yours);
    add_side(q, false, need_hers);
    c->opened++;
}

void fake_fill_conflicts(struct fake_app *f)
{
    struct view_conflict_item *i = &f->v.conflicts.items[0];
    struct view_entry *e =
        &f->v.notebook.entries[f->v.notebook.entry_count - 1];

    f->v.conflicts.item_count = 1;
    PUT(i->id, "record-1");
    PUT(i->title, N_("Rough sleeper, welfare"));
    PUT(i->values, "Bench by the boating lake, Millfield Park | Abbey doorway");
    i->made_ms = AT(9, 20);
    i->fields = 2;
    f->v.home.conflict_count = 1;
    e->has_conflict = true;
    PUT(e->about, "record-1");
}

/* What was chosen stands; what was left open stays. */
static void settle(struct fake_app *f, const struct command *cmd)
{
    struct view_conflict *c = &f->v.conflicts.open;

    if (cmd->settlement.opened != c->opened) {
        fake_tell(f, TOLD_CHANGED, ERR_OK);
        return;
    }
    c->question_count = 0;
    c->opened++;
    f->v.conflicts.item_count = 0;
    f->v.home.conflict_count = 0;
    f->v.status.waiting_count++;
    fake_tell(f, TOLD_SETTLED, ERR_OK);
}

/* --- the record whole --- */

static struct view_value *add_row(struct view_value *rows, int *count,
                                  const char *label, enum row_kind kind,
                                  const char *text)
{
    struct view_value *row = &rows[(*count)++];

    memset(row, 0, sizeof(*row));
    PUT(row->label, label);
    row->kind = kind;
    PUT(row->text, text);
    return row;
}

static void add_two(struct view_record *v, const char *label, const char *yours,
                    const char *hers)
{
    struct view_value *row =
        add_row(v->rows, &v->row_count, label, ROW_TEXT, yours);

    row->is_differ = true;
    PUT(row->who, "Amina Yusuf");
    row = add_row(v->rows, &v->row_count, "", ROW_TEXT, hers);
    row->is_differ = true;
    PUT(row->who, "Priya Nair");
}

static void fill_rows(struct view_record *v)
{
    static const char *const more[6][2] = {
        { N_("Marking"), "OFFICIAL" },
        { N_("Spoke to the officer?"), N_("Yes") },
        { N_("Age band"), "35 to 49" },
        { N_("With a dog"), N_("Yes") },
        { N_("Consent to a referral"), N_("No") },
        { N_("Referred to"), "Outreach\nHousing" },
    };
    struct view_value *row;

    v->row_count = 0;
    (void)add_row(v->rows, &v->row_count, N_("What it is"), ROW_WORDS,
                  N_("Rough sleeper, welfare"));
    row = add_row(v->rows, &v->row_count, N_("When it was seen"), ROW_TIME, "");
    row->time_ms = AT(9, 20);
    row =
        add_row(v->rows, &v->row_count, N_("Where on the map"), ROW_PLACE, "");
    row->lat_e7 = 515840300;
    row->lon_e7 = -29972200;
    (void)add_row(v->rows, &v->row_count, N_("Note"), ROW_TEXT,
                  "Man of about 40 with a grey dog. Says he is well.");
    (void)add_row(v->rows, &v->row_count, N_("How it is known"), ROW_WORDS,
                  N_("Seen by the officer"));
    add_two(v, N_("Where he is now"), place_yours, place_hers);
    add_two(v, N_("What is needed"), need_yours, need_hers);
    (void)add_row(v->rows, &v->row_count, N_("Name of the place"), ROW_EMPTY,
                  "");
    for (size_t i = 0; i < ARRAY_LEN(more); i++) {
        (void)add_row(v->rows, &v->row_count, more[i][0], ROW_WORDS,
                      more[i][1]);
    }
    v->field_count = v->row_count - 2; /* two have two values */
}

static struct view_step *add_step(struct view_record *v, enum step_kind kind,
                                  bool is_you, int64_t at_ms)
{
    struct view_step *s = &v->steps[v->step_count++];

    memset(s, 0, sizeof(*s));
    s->kind = kind;
    s->is_you = s->is_here = is_you;
    s->is_office = !is_you;
    s->at_ms = at_ms;
    PUT(s->who, is_you ? "Amina Yusuf" : "Priya Nair");
    s->first = v->step_row_count;
    return s;
}

static void add_value(struct view_record *v, struct view_step *s,
                      const char *label, const char *text)
{
    (void)add_row(v->step_rows, &v->step_row_count, label, ROW_TEXT, text);
    s->count++;
}

static void fill_steps(struct view_record *v)
{
    struct view_step *s;

    v->step_count = v->step_row_count = 0;
    s = add_step(v, STEP_CHANGED, false, AT(9, 55));
    add_value(v, s, N_("Where he is now"), place_hers);
    add_value(v, s, N_("What is needed"), need_hers);
    s = add_step(v, STEP_CHANGED, true, AT(9, 51));
    add_value(v, s, N_("Where he is now"), place_yours);
    add_value(v, s, N_("What is needed"), need_yours);
    (void)add_step(v, STEP_PHOTO, true, AT(9, 24));
    s = add_step(v, STEP_MADE, true, AT(9, 20));
    add_value(v, s, N_("Where he is now"), "Abbey doorway");
    v->earlier_count = 0;
}

static void fill_record(struct view_record *v)
{
    PUT(v->id, "record-1");
    fill_rows(v);
    fill_steps(v);
    PUT(v->ask_id, "4203");
    PUT(v->ask_name, "Priya Nair");
}

/* What was sent is no draft any more. */
static void forget_words(struct fake_app *f, enum command_kind kind)
{
    const int first = kind == CMD_AMEND_ENTRY    ? KEPT_AMEND
                      : kind == CMD_ASK_BRIEFING ? KEPT_BRIEFING
                      : kind == CMD_ASK_ABOUT    ? KEPT_ASK
                                                 : KEPT_CONFLICT;
    const int end = kind == CMD_SETTLE ? KEPT__COUNT : first + 1;

    if (kind == CMD_AMEND_ENTRY || kind == CMD_ASK_BRIEFING ||
        kind == CMD_ASK_ABOUT || kind == CMD_SETTLE) {
        memset(&f->v.kept.of[first], 0,
               (size_t)(end - first) * sizeof(f->v.kept.of[0]));
    }
}

bool fake_conflict(struct fake_app *f, const struct command *cmd)
{
    forget_words(f, cmd->kind);
    if (cmd->kind == CMD_OPEN_CONFLICT) {
        fill_conflict(&f->v.conflicts.open);
        fill_record(&f->v.record);
        return true;
    }
    if (cmd->kind == CMD_READ_RECORD) {
        fill_record(&f->v.record);
        snprintf(f->v.record.id, sizeof(f->v.record.id), "%s", cmd->id);
        if (f->is_leader) { /* somebody's words stand in it */
            f->v.record.hands[0] = f->v.review.signature;
            snprintf(f->v.record.hands[0].by, sizeof(f->v.record.hands[0].by),
                     "Daria Popov");
            f->v.record.hand_count = 1;
        }
        return true;
    }
    if (cmd->kind == CMD_SETTLE) {
        settle(f, cmd);
        return true;
    }
    if (cmd->kind == CMD_KEEP_WORDS) {
        struct view_kept_one *one = &f->v.kept.of[cmd->number];

        snprintf(one->about, sizeof(one->about), "%.63s", cmd->key);
        snprintf(one->text, sizeof(one->text), "%.1023s", cmd->text);
        return true;
    }
    if (cmd->kind == CMD_ASK_ABOUT) {
        snprintf(f->v.record.question, sizeof(f->v.record.question), "%.255s",
                 cmd->text);
        f->v.record.asked_ms = f->v.status.now_ms;
        f->v.status.waiting_count++;
        fake_tell(f, TOLD_ASKED, ERR_OK);
        return true;
    }
    return false;
}
