/* fake_briefs.c - the made-up day's briefings. */
#include <stdio.h>
#include <string.h>

#include "tests/ui/fake_app.h"

#define MINUTE           ((int64_t)60000)
#define HOUR             ((int64_t)3600000)
#define MIDNIGHT         (FAKE_NOW_MS - 10 * HOUR - 7 * MINUTE - 12000)
#define AT(h, m)         (MIDNIGHT + (h)*HOUR + (m)*MINUTE)
#define PUT(field, text) snprintf(field, sizeof(field), "%s", text)

void fake_fill_briefs(struct view_briefs *v)
{
    static const struct {
        const char *title, *place, *text, *to_do, *look_for, *why, *area;
    } all[] = {
        { "Bus station: groups after school", "Hotspot, 15:00 to 17:30",
          "Up to 25 young people gather at Stands B to D from about 15:15. "
          "Drivers report shouting and two panels broken this week.",
          "Be there 15:00 to 17:30. Talk first. Log each visit. Call 101 if "
          "it grows, 999 if anyone is hurt or threatened.",
          "Glass by the shelter. A younger child, about 12, who hangs back: "
          "check he is all right.",
          "6 reports in 14 days, 4 of them 15:00 to 18:00.",
          "Station Approach" },
        { "Missing: Elsie Garland, 81", "Last seen Priory Estate, 07:50",
          "Left home on the Priory Estate at about 07:50 in a green coat, "
          "with a wheeled bag. She may not know where she is.",
          "If you see her, stay with her and call 999.",
          "Bus stops, the Abbey, the riverside.", "", "beat-5" },
        { "Market day: Corn Street closed", "Until 16:00",
          "Corn Street is closed to vehicles until 16:00. Traders keep waste "
          "until the 16:00 collection.",
          "", "", "", "market-place" },
        { "New order on alcohol, Beat 3", "",
          "PSPO 2 covers the town centre until 4 June 2027. Ask first; it is "
          "an offence only to go on drinking or not to hand it over.",
          "", "", "", "pspo-2" },
    };

    v->count = ARRAY_LEN(all);
    for (int i = 0; i < v->count; i++) {
        struct view_brief *b = &v->items[i];

        snprintf(b->id, sizeof(b->id), "brief-%d", i);
        PUT(b->title, all[i].title);
        PUT(b->place, all[i].place);
        PUT(b->text, all[i].text);
        PUT(b->to_do, all[i].to_do);
        PUT(b->look_for, all[i].look_for);
        PUT(b->why, all[i].why);
        PUT(b->area, all[i].area);
        PUT(b->from, "Tom Ashdown");
        PUT(b->marking, i < 2 ? "OFFICIAL-SENSITIVE" : "OFFICIAL");
        b->made_ms = AT(7, 55) - i * 5 * MINUTE;
        b->ends_ms = AT(23, 59) + (i == 0 ? 7 : i) * 24 * HOUR;
        b->is_read = i >= 2;
        b->read_ms = i == 2 ? AT(8, 29) : i == 3 ? AT(16, 40) - 24 * HOUR : 0;
        b->changed = 7;
    }
}

static void read_briefing(struct fake_app *f, int i)
{
    struct view_brief *b = &f->v.briefs.items[i];

    f->v.status.unread_count -= !b->is_read;
    f->v.home.must_read_count -= b->must_read && !b->is_read;
    b->is_read = true;
    b->read_ms = f->v.status.now_ms;
    if (i < f->v.home.briefing_count) {
        f->v.home.briefings[i].is_unread = false;
    }
}

enum told fake_say(struct fake_app *f, const struct command *cmd)
{
    enum told told = TOLD_NOTHING;

    if (cmd->kind == CMD_SEE_TASK) {
        f->v.status.urgent.id[0] = '\0';
    }
    for (int i = 0; i < f->v.briefs.count; i++) {
        struct view_brief *b = &f->v.briefs.items[i];

        if (strcmp(b->id, cmd->id) != 0) {
            continue;
        }
        if (cmd->kind == CMD_READ_BRIEFING) {
            read_briefing(f, i);
        } else {
            snprintf(b->question, sizeof(b->question), "%.255s", cmd->text);
            b->asked_ms = f->v.status.now_ms;
            told = TOLD_ASKED;
        }
    }
    for (int i = 0; i < f->v.home.task_count; i++) {
        struct view_task *t = &f->v.home.tasks[i];

        if (strcmp(t->id, cmd->id) == 0 && cmd->kind == CMD_CLOSE_TASK) {
            t->state = cmd->is_on ? TASK_STATE_DONE : TASK_STATE_NOT_DONE;
            t->closed_ms = f->v.status.now_ms;
            PUT(t->closed_by, f->v.status.officer);
            PUT(t->reason, cmd->reason);
            told = TOLD_TASK_CLOSED;
        }
    }
    return told;
}

void fake_fill_tasks(struct view_home *v)
{
    v->task_count = 5;
    for (int i = 0; i < 5; i++) {
        struct view_task *t = &v->tasks[i];

        snprintf(t->id, sizeof(t->id), i == 0 ? VIEW_WELFARE : "task-%d", i);
        t->due_ms = AT(10, 30) + i * 15 * MINUTE;
        t->kind = i == 0 ? TASK_CHECK_IN : TASK_HOTSPOT;
        PUT(t->title, i == 1   ? "Station Approach"
                      : i == 2 ? "Tanner’s Row"
                      : i == 3 ? "Abbey Close"
                               : "Market Place");
        t->minutes_goal = 15;
        t->minutes_done = i == 1 ? 12 : 0;
        PUT(t->from, "Tom Ashdown");
    }
    v->open_count = 5;
}

void fake_fill_begun(struct view_home *v)
{
    static const struct view_begun all[] = {
        { "draft-1", "asb", "Street drinking", "Market Square, north side",
          FAKE_NOW_MS - 4 * 60000 },
        { "draft-2", "vehicle", "Suspected abandoned vehicle",
          "Canal Street car park", FAKE_NOW_MS - 30 * 60000 },
        { "draft-3", "asb", "Anti-social behaviour", "",
          FAKE_NOW_MS - (int64_t)20 * 60 * 60000 },
        { "draft-4", VIEW_ENTRY, "Notebook", "Spoke with the stallholders", 0 },
    };

    memcpy(v->begun, all, sizeof(all));
    v->begun_count = ARRAY_LEN(all);
}
