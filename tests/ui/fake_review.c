/* fake_review.c - the made-up day's patrol logs, as the design has them. */
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_app.h"
#include "ui/kit/tr.h"

#define MINUTE           ((int64_t)60000)
#define HOUR             ((int64_t)3600000)
#define DAY              (24 * HOUR)
#define MIDNIGHT         (FAKE_NOW_MS - 10 * HOUR - 7 * MINUTE - 12000)
#define AT(h, m)         (MIDNIGHT + (h)*HOUR + (m)*MINUTE)
#define NOON             AT(12, 12)
#define PUT(field, text) snprintf(field, sizeof(field), "%s", text)

static void fill_list(struct view_reviews *v)
{
    static const struct {
        const char *officer, *beat;
        int days, hour, minute, length;
        int logs, notices, met, goals, here, total, conflicts;
        enum view_log_state state;
        bool is_answered;
    } all[] = {
        { "Amina Yusuf", "Beat 3, Town Centre", 0, 8, 31, 211, 6, 1, 2, 4, 58,
          65, 0, VIEW_LOG_TO_REVIEW, false },
        { "Keisha Brown", "Beat 4, Millfield", 0, 7, 58, 242, 9, 0, 3, 3, 51,
          51, 0, VIEW_LOG_TO_REVIEW, false },
        { "Marek Nowak", "Beat 3, Town Centre", 0, 8, 45, 0, 2, 0, 0, 0, 11, 11,
          0, VIEW_LOG_ARRIVING, false },
        { "Gareth Pryce", "Beat 5, Priory", 1, 13, 30, 250, 4, 0, 2, 3, 38, 38,
          0, VIEW_LOG_TO_REVIEW, false },
        { "Priya Nair", "Beat 1, Northfield", 1, 9, 0, 225, 7, 0, 3, 3, 44, 44,
          1, VIEW_LOG_TO_REVIEW, false },
        { "Marek Nowak", "Beat 3, Town Centre", 1, 8, 30, 255, 5, 2, 4, 4, 47,
          47, 0, VIEW_LOG_TO_REVIEW, false },
        { "Amina Yusuf", "Beat 2, Hollins", 2, 14, 0, 200, 3, 0, 1, 3, 29, 29,
          0, VIEW_LOG_TO_REVIEW, true },
        { "Keisha Brown", "Beat 4, Millfield", 2, 8, 0, 240, 8, 1, 2, 3, 40, 40,
          0, VIEW_LOG_SENT_BACK, false },
        { "Gareth Pryce", "Beat 5, Priory", 3, 13, 30, 245, 4, 0, 3, 3, 31, 31,
          0, VIEW_LOG_APPROVED, false },
    };

    v->count = ARRAY_LEN(all);
    v->as_of_ms = AT(12, 11);
    for (int i = 0; i < v->count; i++) {
        struct view_review_item *to = &v->items[i];

        snprintf(to->id, sizeof(to->id), "log-%d", i);
        PUT(to->officer, all[i].officer);
        PUT(to->beat, all[i].beat);
        to->started_ms = AT(all[i].hour, all[i].minute) - all[i].days * DAY;
        to->ended_ms =
            all[i].length > 0 ? to->started_ms + all[i].length * MINUTE : 0;
        to->logs = all[i].logs;
        to->notices = all[i].notices;
        to->goals_met = all[i].met;
        to->goals = all[i].goals;
        to->here = all[i].here;
        to->total = all[i].total;
        to->conflicts = all[i].conflicts;
        to->state = all[i].state;
        to->is_answered = all[i].is_answered;
    }
}

static void fill_ink(struct view_ink *ink)
{
    static const int16_t hand[] = { 30,        120, 60,  30,  90,  130, 130,
                                    70,        160, 125, 200, 80,  240, 130,
                                    INT16_MIN, 0,   100, 150, 280, 140 };

    ink->width = 640;
    ink->height = 200;
    ink->count = ARRAY_LEN(hand) / 2;
    ink->stroke_count = 2;
    ink->at_ms[1] = 900;
    memcpy(ink->points, hand, sizeof(hand));
}

static void fill_entries(struct view_review_log *v)
{
    static const struct {
        enum view_entry_sort sort;
        enum view_log_mark mark;
        int hour, minute;
        const char *title, *detail;
        int pictures, pictures_here;
        int lat, lon; /* 1e-7 degree from the town hall; 0, 0: no place */
    } all[] = {
        { VIEW_LOG_STARTED, VIEW_TO_LOOK_AT, 8, 31, "", "", 0, 0, 0, 0 },
        { VIEW_LOG_RECORD, VIEW_TO_LOOK_AT, 8, 52, N_("Begging"),
          "Station Approach. Moved on, advice given.", 0, 0, 9000, 20000 },
        { VIEW_LOG_RECORD, VIEW_REVIEWED, 9, 38, N_("Litter"),
          "Tanner’s Row. Led to notice WB-26-004183.", 1, 1, -9000, 1000 },
        { VIEW_LOG_LINE, VIEW_REVIEWED, 9, 45, "",
          "Spoke to the manager of the Spar: two more cartons since.", 0, 0, 0,
          0 },
        { VIEW_LOG_CLOSED, VIEW_TO_LOOK_AT, 9, 52, "", "", 0, 0, 0, 0 },
        { VIEW_LOG_RECORD, VIEW_TO_LOOK_AT, 10, 5, N_("Street drinking"),
          "Bus Station. 4 people.", 2, 1, 5000, 26000 },
        { VIEW_LOG_ENDED, VIEW_TO_LOOK_AT, 12, 2, "", "", 0, 0, 0, 0 },
    };

    v->entry_count = ARRAY_LEN(all);
    for (int i = 0; i < v->entry_count; i++) {
        struct view_log_entry *e = &v->entries[i];
        struct view_pin *pin = &v->map.pins[v->map.pin_count];

        memset(e, 0, sizeof(*e));
        e->sort = all[i].sort;
        e->mark = all[i].mark;
        e->at_ms = AT(all[i].hour, all[i].minute);
        PUT(e->title, all[i].title);
        PUT(e->detail, all[i].detail);
        e->pictures = all[i].pictures;
        e->pictures_here = all[i].pictures_here;
        e->image = all[i].pictures_here > 0 ? 1 : 0;
        if (e->sort == VIEW_LOG_RECORD || e->sort == VIEW_LOG_LINE) {
            snprintf(e->id, sizeof(e->id), "entry-%d", i);
        }
        if (e->mark == VIEW_REVIEWED) {
            PUT(e->by, "Tom Ashdown");
        }
        if (all[i].lat != 0) {
            pin->number = i + 1;
            PUT(pin->id, e->id);
            PUT(pin->title, e->title);
            pin->pos = (struct view_pos){ 515840300 + all[i].lat,
                                          -29972200 + all[i].lon };
            v->map.pin_count++;
        }
    }
}

static void count_marks(struct view_review_log *v)
{
    v->reviewed = v->asked = v->to_look_at = 0;
    for (int i = 0; i < v->entry_count; i++) {
        const struct view_log_entry *e = &v->entries[i];

        if (e->id[0] == '\0') {
            continue;
        }
        v->reviewed += e->mark == VIEW_REVIEWED;
        v->asked += e->mark == VIEW_ASKED;
        v->to_look_at += e->mark == VIEW_TO_LOOK_AT || e->mark == VIEW_ANSWERED;
    }
}

static void fill_log(struct fake_app *f, const char *id)
{
    struct view_review_log *v = &f->v.review;
    const uint32_t opened = v->opened;

    memset(v, 0, sizeof(*v));
    v->opened = opened + 1;
    for (int i = 0; i < f->v.reviews.count; i++) {
        if (strcmp(f->v.reviews.items[i].id, id) == 0) {
            v->item = f->v.reviews.items[i];
        }
    }
    fill_entries(v);
    count_marks(v);
    v->clock_off_ms = 1400;
    v->checks = 3;
    PUT(v->missed, "Abbey Close");
    v->missed_count = 1;
    v->distance_m = 9400;
    v->gap_minutes = 3;
    v->last_line = 217;
    PUT(v->signature.by, v->item.officer);
    v->signature.to = 217;
    v->signature.at_ms = AT(12, 4);
    fill_ink(&v->signature.ink);
}

static void fill_ask(struct view_asks *v)
{
    struct view_ask *a = &v->items[0];

    v->count = 1;
    PUT(a->id, "entry-5");
    PUT(a->title, N_("Street drinking"));
    PUT(a->detail, "Bus Station. 4 people, cans, no shouting.");
    PUT(a->by, "Tom Ashdown");
    PUT(a->question, "Which of the two Cross Lane doors was it, and did "
                     "camera 15 face you?");
    a->is_yours = true;
    a->made_ms = AT(10, 5) - DAY;
    a->at_ms = AT(8, 2);
}

void fake_fill_review(struct fake_app *f)
{
    if (f->is_leader) {
        fake_lead(f);
    }
    if (f->is_asked) {
        fill_ask(&f->v.asks);
        f->v.home.ask_count = 1;
        PUT(f->v.home.asked_by, "Tom Ashdown");
    }
    f->v.notebook.signature.to = f->v.notebook.total_count - 2;
    f->v.end.unsigned_lines = 2;
}

void fake_lead(struct fake_app *f)
{
    struct view_status *s = &f->v.status;

    s->is_leader = true;
    s->review_count = 6;
    s->unread_count = 0;
    s->now_ms = NOON;
    s->waiting_count = 0;
    s->synced_ms = AT(12, 11);
    s->accuracy_m = 4;
    PUT(s->officer, "Tom Ashdown");
    f->v.home.patrol = PATROL_OFF;
    fill_list(&f->v.reviews);
    bridge_post(f->bridge, VIEW_HOME, &f->v.home);
    bridge_post(f->bridge, VIEW_STATUS, s);
    fake_post_review(f);
}

void fake_post_review(struct fake_app *f)
{
    bridge_post(f->bridge, VIEW_REVIEW, &f->v.reviews);
    bridge_post(f->bridge, VIEW_REVIEW_LOG, &f->v.review);
    bridge_post(f->bridge, VIEW_ASKED_OF, &f->v.asks);
}

/* --- commands --- */

static void put_question(struct fake_app *f, const struct command *cmd)
{
    for (int i = 0; i < f->v.review.entry_count; i++) {
        struct view_log_entry *e = &f->v.review.entries[i];

        if (strcmp(e->id, cmd->id) == 0) {
            snprintf(e->draft, sizeof(e->draft), "%.255s", cmd->text);
        }
    }
}

static void review(struct fake_app *f, const struct command *cmd)
{
    struct view_review_log *v = &f->v.review;

    for (int i = 0; i < v->entry_count; i++) {
        struct view_log_entry *e = &v->entries[i];

        if (e->draft[0] != '\0') {
            PUT(e->question, e->draft);
            PUT(e->by, "Tom Ashdown");
            e->draft[0] = '\0';
            e->mark = VIEW_ASKED;
        } else if (e->id[0] != '\0' && cmd->is_on && e->mark != VIEW_ASKED) {
            PUT(e->by, "Tom Ashdown");
            e->mark = VIEW_REVIEWED;
        }
    }
    count_marks(v);
    v->item.state = v->asked > 0 ? VIEW_LOG_SENT_BACK : VIEW_LOG_APPROVED;
    PUT(v->by, "Tom Ashdown");
    v->by_ms = f->v.status.now_ms;
    f->v.status.review_count--;
    f->v.status.waiting_count++;
    fake_tell(f, v->asked > 0 ? TOLD_SENT_BACK : TOLD_APPROVED, ERR_OK);
}

static void sign(struct view_signature *s, const struct fake_app *f,
                 const struct hand *hand, int to)
{
    memset(s, 0, sizeof(*s));
    PUT(s->by, f->v.status.officer);
    PUT(s->name, hand->name);
    PUT(s->why, hand->why);
    s->to = to;
    s->at_ms = f->v.status.now_ms;
    s->ink = hand->ink;
}

bool fake_review(struct fake_app *f, const struct command *cmd)
{
    const int total = f->v.notebook.total_count;

    switch (cmd->kind) {
    case CMD_OPEN_REVIEW:
        fill_log(f, cmd->id);
        return true;
    case CMD_PUT_QUESTION:
        put_question(f, cmd);
        return true;
    case CMD_REVIEW:
        review(f, cmd);
        return true;
    case CMD_COUNTERSIGN:
        sign(&f->v.review.counter, f, &cmd->hand, f->v.review.last_line);
        fake_tell(f, TOLD_SIGNED, ERR_OK);
        return true;
    case CMD_SIGN_BOOK:
        sign(&f->v.notebook.signature, f, &cmd->hand, total);
        f->v.end.unsigned_lines = 0;
        fake_tell(f, TOLD_SIGNED, ERR_OK);
        return true;
    case CMD_END_PATROL:
        sign(&f->v.end.signature, f, &cmd->hand, 0);
        sign(&f->v.notebook.signature, f, &cmd->hand, total);
        f->v.end.unsigned_lines = 0;
        return false;
    case CMD_ANSWER:
        f->v.asks.count = 0;
        f->v.home.ask_count = 0;
        fake_tell(f, TOLD_ANSWERED, ERR_OK);
        return true;
    default:
        return false;
    }
}
