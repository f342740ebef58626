/* signin_aside.c - the dark side of the sign-in page: what this is, the
 * time, what waits, SOS. */
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/signin.h"
#include "ui/trouble.h"

static int aside_fact(struct ui *ui, struct rect r, enum icon icon,
                      const char *title, const char *detail)
{
    const int size = ui_icon_size(ui, 28);
    const int x = r.x + size + 12;
    const int w = r.w - size - 12;
    int y = r.y;

    ui_icon(ui, r.x, y, size, icon, COLOR_ON_RAIL);
    y +=
        ui_text(ui, rect_make(x, y, w, 0), TYPE_LABEL, COLOR_ON_RAIL, 0, title);
    y += ui_text(ui, rect_make(x, y, w, 0), TYPE_SMALL, COLOR_ON_RAIL, 0,
                 detail);
    return y - r.y;
}

static int fact_height(struct ui *ui, int width, const char *title,
                       const char *detail)
{
    const int w = width - ui_icon_size(ui, 28) - 12;

    return ui_text_height(ui, TYPE_LABEL, title, w) +
           ui_text_height(ui, TYPE_SMALL, detail, w);
}

struct fact {
    enum icon icon;
    const char *title;
    const char *detail;
};

static struct fact link_fact(const struct view_status *st)
{
    struct fact f = { ICON_SIGNAL_OFF, tr("No connection"),
                      tr("You can still sign in. Your PIN is checked on "
                         "this tablet.") };

    if (st->is_link_untried) {
        f.title = tr("Connection not tried yet");
    }
    if (st->trouble != TROUBLE_NONE) {
        f.title = trouble_title(st->trouble);
    }
    if (st->link != LINK_NONE) {
        f.icon = ICON_SIGNAL;
        f.title = st->link == LINK_WIFI     ? tr("Wi-Fi connected")
                  : st->link == LINK_MOBILE ? tr("Mobile data")
                                            : tr("Connected");
        f.detail = tr("Your PIN is checked on this tablet.");
    }
    return f;
}

static struct fact waiting_fact(struct ui *ui, const struct view_status *st)
{
    struct fact f = { ICON_CLOUD_CHECK, tr("Nothing waiting to send"), "" };

    f.detail = st->synced_ms != 0
                   ? ui_fmt(ui, tr("Last synced %s"),
                            fmt_when(ui, st->synced_ms, st->now_ms))
                   : tr("Not synced yet");
    if (!st->is_waiting_known) {
        f.icon = ICON_CLOUD_UP;
        f.title = tr("Sign in to see what waits");
    } else if (st->waiting_count > 0) {
        f.icon = ICON_CLOUD_UP;
        f.title =
            ui_fmt(ui,
                   trn("%d waits; sign in to send", "%d wait; sign in to send",
                       (unsigned long)st->waiting_count),
                   st->waiting_count);
    }
    return f;
}

/* What a colleague wrote and this tablet still has to send. */
static bool others_fact(struct ui *ui, const struct view_signin *v,
                        const struct signin_model *m, struct fact *out)
{
    const struct view_officer *o = NULL;

    for (int i = 0; i < v->officer_count && o == NULL; i++) {
        if (i != m->officer && v->officers[i].waiting > 0) {
            o = &v->officers[i];
        }
    }
    if (o == NULL) {
        return false;
    }
    out->icon = ICON_LOCK;
    out->title = ui_fmt(ui,
                        trn("%d waiting for %s", "%d waiting for %s",
                            (unsigned long)o->waiting),
                        o->waiting, ui_iso(ui, o->name));
    out->detail = tr("They will go, sealed to that officer.");
    return true;
}

/* A patrol goes on behind the lock, and whose it is is no secret here. */
static bool patrol_fact(struct ui *ui, const struct view_status *st,
                        struct fact *out)
{
    if (!st->on_patrol || st->is_signed_in || st->officer[0] == '\0') {
        return false;
    }
    out->icon = ICON_PATROL;
    out->title = ui_fmt(ui, tr("%s is on patrol"), ui_iso(ui, st->officer));
    out->detail = tr("It goes on while the tablet is locked.");
    return true;
}

static int brand_height(struct ui *ui, int width, const struct view_signin *v)
{
    const int words = ui_line(ui, TYPE_TITLE) +
                      ui_text_height(ui, TYPE_SMALL, v->council, width - 72);

    return words < 56 ? 56 : words;
}

static void draw_brand(struct ui *ui, struct rect r,
                       const struct view_signin *v)
{
    const int council = ui_text_height(ui, TYPE_SMALL, v->council, r.w - 72);
    int y = r.y +
            (brand_height(ui, r.w, v) - council - ui_line(ui, TYPE_TITLE)) / 2;

    (void)draw_icon(&ui->list, rect_make(r.x, r.y, 56, 56), ICON_MARK,
                    DRAW_RGB(ui_rgb(ui, COLOR_LIVE)),
                    DRAW_RGB(ui_rgb(ui, COLOR_ON_LIVE)));
    (void)rect_cut_start(&r, 72);
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE, COLOR_ON_RAIL, 0,
                 "Beatbook");
    (void)ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_ON_RAIL, 0,
                  v->council);
}

/* The lower facts, from the bottom up, as far as they leave `top` free. */
static int facts_up(struct ui *ui, struct rect in, const struct fact *facts,
                    int count, int bottom, int top)
{
    int gap = 24;

    for (int i = 0; i < count; i++) {
        const int h = fact_height(ui, in.w, facts[i].title, facts[i].detail);

        if (i > 0 && bottom - gap - h < top) {
            continue; /* on a low screen the clock comes first */
        }
        bottom -= gap + h;
        (void)aside_fact(ui, rect_make(in.x, bottom, in.w, 0), facts[i].icon,
                         facts[i].title, facts[i].detail);
        gap = 16;
    }
    return bottom;
}

/* With the year where it isn't that of the last sync: a clock that lost its
 * date is seen here. */
static const char *day_words(struct ui *ui, const struct view_status *st)
{
    return st->synced_ms == 0 || fmt_is_year(st->synced_ms, st->now_ms)
               ? fmt_day(ui, st->now_ms)
               : fmt_date(ui, st->now_ms);
}

static void draw_clock(struct ui *ui, struct rect in, int top, int bottom,
                       const struct view_status *st)
{
    const char *words = day_words(ui, st);
    const int day = ui_text_height(ui, TYPE_TITLE_M, words, in.w);
    const int clock_h = ui_line(ui, TYPE_CLOCK) + day;
    int y;

    if (bottom - top < clock_h) {
        return;
    }
    y = top - 44 + (bottom - top + 44 - clock_h) / 2;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_CLOCK, COLOR_ON_RAIL, 0,
                 fmt_time(ui, st->now_ms));
    (void)ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_TITLE_M, COLOR_ON_RAIL,
                  0, words);
}

void signin_aside(struct ui *ui, struct rect r, const struct views *v,
                  const struct signin_model *m)
{
    struct fact facts[4] = { waiting_fact(ui, &v->status),
                             link_fact(&v->status) };
    int count = patrol_fact(ui, &v->status, &facts[2]) ? 3 : 2;
    const int sos_h = sos_height(ui);
    struct rect in;
    int bottom, top;

    count += others_fact(ui, &v->signin, m, &facts[count]);
    (void)ui_box(ui, r, COLOR_RAIL, COLOR_NONE, 0, 0);
    in = rect_inset(r, 32, 32);
    draw_brand(ui, in, &v->signin);
    bottom = in.y + in.h - sos_h;
    sos_draw(ui, rect_make(in.x, bottom, sos_width(ui), sos_h), &v->status);
    (void)ui_text(ui,
                  rect_make(in.x + sos_width(ui) + 16, bottom,
                            ui_step(ui, 120, 160, 200), sos_h),
                  TYPE_SMALL, COLOR_ON_RAIL, UI_MID, tr("In danger? Call 999"));
    top = in.y + 100;
    bottom = facts_up(ui, in, facts, count, bottom,
                      top + ui_line(ui, TYPE_CLOCK) +
                          ui_line(ui, TYPE_TITLE_M) + 16);
    draw_clock(ui, in, top, bottom, &v->status);
}

int signin_facts(struct ui *ui, struct rect r, const struct views *v,
                 const struct signin_model *m)
{
    const struct fact link = link_fact(&v->status);
    const struct fact waiting = waiting_fact(ui, &v->status);
    struct fact others;
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 link.title);
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 waiting.title);
    if (others_fact(ui, &v->signin, m, &others)) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     ui_fmt(ui, "%s. %s", others.title, others.detail));
    }
    return y;
}

/* The short form of the dark side: brand, time and SOS in one band. */
int signin_band(struct ui *ui, struct rect r, const struct views *v)
{
    const int sos_h = sos_height(ui);
    const char *time = fmt_time(ui, v->status.now_ms);
    const int time_w = ui_text_width(ui, TYPE_HEAD, time);
    const int room = r.w - 2 * S_MARGIN - sos_width(ui) - time_w - 48;
    const int brand = brand_height(ui, room, &v->signin);
    struct rect in;

    r.h = (sos_h > brand ? sos_h : brand) + 32;
    (void)ui_box(ui, r, COLOR_RAIL, COLOR_NONE, 0, 0);
    in = rect_inset(r, S_MARGIN, 16);
    sos_draw(ui,
             rect_make(in.x + in.w - sos_width(ui), in.y + (in.h - sos_h) / 2,
                       sos_width(ui), sos_h),
             &v->status);
    (void)rect_cut_end(&in, sos_width(ui) + 24);
    (void)ui_text(ui, rect_cut_end(&in, time_w), TYPE_HEAD, COLOR_ON_RAIL,
                  UI_MID, time);
    in.y += (in.h - brand) / 2;
    in.w = room;
    draw_brand(ui, in, &v->signin);
    return r.h;
}
