/* signin_sheets.c - the dialogs of the sign-in page. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/signin.h"
#include "ui/sheet.h"

static void draw_how(struct ui *ui, const struct signin_model *m)
{
    static const char *const labels[] = { N_("A colleague beside me"),
                                          N_("A one-time code by phone") };
    static const char *const keys[] = { "colleague", "code" };
    struct sheet sheet = { .title = m->who.id[0] != '\0'
                                        ? tr("Forgotten PIN")
                                        : tr("New on this tablet?"),
                           .width = 560,
                           .cancel = tr("Cancel") };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 m->who.id[0] != '\0'
                     ? tr("Somebody who may sign in here opens the tablet, "
                          "then you choose a new PIN. Both ways work with no "
                          "connection. Nothing is lost.")
                     : tr("Somebody who may sign in here opens the tablet, "
                          "then you find your name and choose a PIN. Both "
                          "ways work with no connection.")) +
         16;
    y = sheet_choices(ui, rect_make(r.x, y, r.w, 0), labels, keys,
                      ARRAY_LEN(labels), -1);
    sheet_end(ui, &sheet, y);
}

static void draw_code(struct ui *ui, const struct view_signin *v,
                      const struct signin_model *m)
{
    struct sheet sheet = { .title = tr("One-time code"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Open"),
                           .is_off = m->text[0] == '\0' ||
                                     v->state == SIGNIN_CHECKING };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field code = {
        .id = CTL_SHEET_FIELD,
        .label = tr("26 letters and digits"),
        .hint = "0123-4567-89AB-CDEF-GHJK-MNPQ-RS",
        .text = m->text,
        .error = v->state == SIGNIN_BAD_CODE
                     ? tr("This code does not open this tablet, or it was "
                          "used before. Read it once more, letter by letter.")
                     : NULL,
        .lines = 1,
        .most = SIGNIN_TEXT_SIZE - 1
    };
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 tr("Your team leader has the codes of this tablet. Each "
                    "opens it once.")) +
         16;
    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &code);
    sheet_end(ui, &sheet, y);
}

static int staff_row(struct ui *ui, struct rect r, const struct view_officer *o,
                     int index)
{
    const char *detail =
        ui_fmt(ui, "%s %s", signin_role(o->role), ui_iso(ui, o->number));
    const int room = r.w - 32 - 60;
    const int text = ui_text_height(ui, TYPE_LABEL, o->name, room) +
                     ui_text_height(ui, TYPE_META, detail, room);
    int y;

    r.h = text + 24 < 72 ? 72 : text + 24;
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_SIGNIN_STAFF, (uint16_t)index)
                     ? COLOR_SUNKEN
                     : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER, R_CARD);
    avatar_draw(ui, rect_make(r.x + 16, r.y + (r.h - 48) / 2, 48, 48),
                fmt_initials(ui, o->name), COLOR_PRIMARY_SOFT,
                COLOR_ON_PRIMARY_SOFT);
    y = r.y + (r.h - text) / 2;
    y += ui_text(ui, rect_make(r.x + 76, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 o->name);
    (void)ui_text(ui, rect_make(r.x + 76, y, room, 0), TYPE_META, COLOR_TEXT_2,
                  0, detail);
    ui_target(ui, r, CTL_SIGNIN_STAFF, (uint16_t)index, o->number, R_CARD, 0,
              o->name);
    return r.h;
}

static const char *found_words(struct ui *ui, const struct view_signin *v)
{
    if (v->staff_count == 0) {
        return tr("Nobody of this name in the council's list. It is renewed "
                  "with each sync.");
    }
    if (v->staff_count <= VIEW_STAFF) {
        return "";
    }
    return ui_fmt(ui,
                  trn("and %d more: type more of the name",
                      "and %d more: type more of the name",
                      (unsigned long)(v->staff_count - VIEW_STAFF)),
                  v->staff_count - VIEW_STAFF);
}

static void draw_who(struct ui *ui, const struct view_signin *v,
                     const struct signin_model *m)
{
    struct sheet sheet = { .title = tr("Who gets a PIN?"),
                           .width = 640,
                           .cancel = tr("Cancel") };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field name = { .id = CTL_SHEET_FIELD,
                                .label = tr("Name or number"),
                                .text = m->text,
                                .lines = 1,
                                .most = SIGNIN_TEXT_SIZE - 1 };
    int y = r.y;

    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &name) + 12;
    ui_group_begin(ui);
    for (int i = 0; i < v->staff_count && i < VIEW_STAFF; i++) {
        y += staff_row(ui, rect_make(r.x, y, r.w, 0), &v->staff[i], i) + 8;
    }
    ui_group_end(ui);
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 found_words(ui, v));
    sheet_end(ui, &sheet, y);
}

static void draw_patrol(struct ui *ui, const struct view_signin *v)
{
    static const char *const labels[] = { N_("Hand over: I go on with it"),
                                          N_("End it") };
    static const char *const keys[] = { "hand-over", "end" };
    struct sheet sheet = { .title =
                               ui_fmt(ui, tr("%s is on patrol on this tablet."),
                                      ui_iso(ui, v->other.name)),
                           .width = 560,
                           .cancel = tr("Back") };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 ui_fmt(ui, tr("%s, since %s. Hand over or end it?"),
                        ui_iso(ui, v->other.beat),
                        ui_iso(ui, fmt_time(ui, v->other.started_ms)))) +
         16;
    y = sheet_choices(ui, rect_make(r.x, y, r.w, 0), labels, keys,
                      ARRAY_LEN(labels), -1);
    sheet_end(ui, &sheet, y);
}

static void draw_help(struct ui *ui)
{
    const struct {
        const char *title, *text;
    } parts[] = {
        { tr("Signing in"),
          tr("Touch your name, then your six digits. No connection is "
             "needed.") },
        { tr("Wrong PIN"),
          tr("After three wrong PINs each next one waits longer. After ten "
             "the PIN is locked; what you wrote stays.") },
        { tr("Forgotten PIN, new here"),
          tr("A colleague who may sign in here, or a one-time code from your "
             "team leader, opens the tablet. Then you choose a PIN.") },
        { tr("In danger"),
          tr("Hold SOS for two seconds, or F12. It works without signing "
             "in.") },
    };
    struct sheet sheet = { .title = tr("Help"), .width = 640 };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                     parts[i].title);
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT_2, 0,
                     parts[i].text) +
             12;
    }
    sheet_end(ui, &sheet, y - 12);
}

void signin_sheet(struct ui *ui, const struct view_signin *v,
                  const struct signin_model *m)
{
    if (v->state == SIGNIN_PATROL) {
        draw_patrol(ui, v);
        return;
    }
    switch (m->step) {
    case STEP_HOW:
        draw_how(ui, m);
        break;
    case STEP_CODE:
        draw_code(ui, v, m);
        break;
    case STEP_WHO:
        draw_who(ui, v, m);
        break;
    case STEP_HELP:
        draw_help(ui);
        break;
    default:
        break;
    }
}
