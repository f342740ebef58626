/* worker_brief.c - briefings and tasks, and what the officer says of them. */
#include <stdio.h>
#include <string.h>

#include "core/tablet_brief.h"
#include "ui/worker/worker_internal.h"

static int64_t utc_now_ms(struct worker *w)
{
    const struct port *port = session_port(w->session);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.wall_ms;
}

/* --- briefings --- */

static enum err take_brief(void *ctx, const struct tablet_brief *b)
{
    struct worker *w = ctx;
    struct view_briefs *v = &w->views->briefs;
    struct view_brief *to = &v->items[v->count];

    if (v->count == VIEW_BRIEFS) {
        return ERR_STOPPED;
    }
    memset(to, 0, sizeof(*to));
    uuid_format(&b->id, to->id);
    WORKER_PUT(to->title, b->title);
    WORKER_PUT(to->place, b->place_name);
    WORKER_PUT(to->from, b->from);
    WORKER_PUT(to->marking, b->marking);
    WORKER_PUT(to->area, b->area);
    WORKER_PUT(to->text, b->text);
    WORKER_PUT(to->why, b->why);
    WORKER_PUT(to->to_do, b->to_do);
    WORKER_PUT(to->look_for, b->look_for);
    WORKER_PUT(to->question, b->question);
    WORKER_PUT(to->answer, b->answer);
    to->made_ms = worker_local_ms(w, b->made_ms);
    to->ends_ms = worker_local_ms(w, b->ends_ms);
    to->changed_ms =
        b->changed_ms != b->made_ms ? worker_local_ms(w, b->changed_ms) : 0;
    to->read_ms = worker_local_ms(w, b->read_ms);
    to->asked_ms = worker_local_ms(w, b->asked_ms);
    to->answered_ms = worker_local_ms(w, b->answered_ms);
    to->changed = b->changed;
    to->is_read = b->is_read;
    to->must_read = b->must_read;
    v->count++;
    return ERR_OK;
}

/* The home screen's short form of each. */
static void put_short(struct worker *w)
{
    const struct view_briefs *v = &w->views->briefs;
    struct view_home *home = &w->views->home;

    home->briefing_count = 0;
    home->must_read_count = 0;
    w->views->status.unread_count = 0;
    for (int i = 0; i < v->count; i++) {
        const struct view_brief *b = &v->items[i];
        struct view_briefing *to = &home->briefings[home->briefing_count];

        w->views->status.unread_count += !b->is_read;
        home->must_read_count += b->must_read && !b->is_read;
        if (home->briefing_count < VIEW_BRIEFINGS) {
            *to = (struct view_briefing){ .is_unread = !b->is_read };
            WORKER_PUT(to->title, b->title);
            WORKER_PUT(to->detail, b->place[0] != '\0' ? b->place : b->text);
            to->detail[strcspn(to->detail, "\n")] = '\0';
            home->briefing_count++;
        }
    }
}

/* --- tasks --- */

/* As the running patrol's track has it: none without one. */
static int minutes_in(const struct view_end *end, const char *area)
{
    for (int i = 0; i < end->hotspot_count && area[0] != '\0'; i++) {
        if (strcmp(end->hotspots[i].id, area) == 0) {
            return end->hotspots[i].best;
        }
    }
    return 0;
}

static void put_task(struct worker *w, struct view_task *to,
                     const struct tablet_task *t)
{
    static const enum task_kind kinds[] = {
        [TASK_SORT_CHECK_IN] = TASK_CHECK_IN,
        [TASK_SORT_HOTSPOT] = TASK_HOTSPOT,
        [TASK_SORT_OTHER] = TASK_OTHER,
    };

    memset(to, 0, sizeof(*to));
    uuid_format(&t->id, to->id);
    to->due_ms = worker_local_ms(w, t->due_ms);
    to->kind = kinds[t->sort];
    to->minutes_goal = t->goal_min;
    to->minutes_done = minutes_in(&w->views->end, t->area);
    WORKER_PUT(to->title, t->title);
    WORKER_PUT(to->detail, t->place_name[0] != '\0' ? t->place_name : t->note);
    WORKER_PUT(to->text, t->note);
    WORKER_PUT(to->place, t->place_name);
    WORKER_PUT(to->area, t->area);
    WORKER_PUT(to->from, t->from);
    to->state = t->outcome == TASK_DONE       ? TASK_STATE_DONE
                : t->outcome == TASK_NOT_DONE ? TASK_STATE_NOT_DONE
                                              : TASK_STATE_OPEN;
    to->closed_ms = worker_local_ms(w, t->closed_ms);
    WORKER_PUT(to->closed_by, t->closed_by);
    WORKER_PUT(to->reason, t->reason);
}

static void put_urgent(struct worker *w, const struct tablet_task *t)
{
    struct view_urgent *to = &w->views->status.urgent;

    if (to->id[0] != '\0' || !t->is_urgent || t->is_acknowledged ||
        t->outcome != TASK_OPEN) {
        return;
    }
    uuid_format(&t->id, to->id);
    WORKER_PUT(to->title, t->title);
    WORKER_PUT(to->detail, t->place_name[0] != '\0' ? t->place_name : t->note);
    WORKER_PUT(to->from, t->from);
    to->made_ms = worker_local_ms(w, t->made_ms);
}

struct pass {
    struct worker *w;
    bool takes_open;
};

/* Those that are open come first. */
static enum err take_task(void *ctx, const struct tablet_task *t)
{
    const struct pass *pass = ctx;
    struct view_home *home = &pass->w->views->home;
    const bool is_open = t->outcome == TASK_OPEN;

    if (is_open != pass->takes_open) {
        return ERR_OK;
    }
    if (home->task_count == VIEW_TASKS) {
        return ERR_STOPPED;
    }
    put_task(pass->w, &home->tasks[home->task_count++], t);
    home->open_count += is_open;
    if (is_open) {
        put_urgent(pass->w, t);
    }
    return ERR_OK;
}

void worker_read_briefs(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct view_home *home = &w->views->home;
    struct pass pass = { w, true };
    enum err err;

    w->views->briefs.count = 0;
    home->task_count = home->open_count = 0;
    memset(&w->views->status.urgent, 0, sizeof(w->views->status.urgent));
    err = tablet_briefs(t, utc_now_ms(w), take_brief, w);
    err = err ? err : tablet_tasks(t, utc_now_ms(w), take_task, &pass);
    pass.takes_open = false;
    err = err ? err : tablet_tasks(t, utc_now_ms(w), take_task, &pass);
    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "briefings and tasks could not be read: %s", err_text(err));
    }
    worker_day(w, w->views->briefs.today);
    err = tablet_cards(t, &w->views->briefs.cards);
    err = err ? err : tablet_profile(t, &w->views->briefs.profile);
    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "the council's powers could not be read: %s", err_text(err));
    }
    put_short(w);
    worker_post(w, VIEW_BRIEFING, &w->views->briefs);
}

/* --- what the officer says --- */

void worker_brief(struct worker *w, const struct command *cmd)
{
    struct tablet *t = session_tablet(w->session);
    enum told told = TOLD_NOTHING;
    struct uuid id;
    enum err err = uuid_parse(cmd->id, &id);

    switch (err ? CMD_NOTHING : cmd->kind) {
    case CMD_READ_BRIEFING:
        err = tablet_brief_read(t, &id, (uint64_t)cmd->at_ms);
        break;
    case CMD_ASK_BRIEFING:
        err = tablet_brief_ask(t, &id, cmd->text);
        if (!err) {
            worker_forget_words(w, KEPT_BRIEFING);
        }
        told = TOLD_ASKED;
        break;
    case CMD_CHECK_IN:
        err = tablet_task_close(t, &id, TASK_DONE, "");
        told = TOLD_CHECKED_IN;
        break;
    case CMD_CLOSE_TASK:
        err = tablet_task_close(t, &id, cmd->is_on ? TASK_DONE : TASK_NOT_DONE,
                                cmd->reason);
        told = TOLD_TASK_CLOSED;
        break;
    case CMD_SEE_TASK:
        err = tablet_task_seen(t, &id);
        break;
    default:
        break;
    }
    worker_show_all(w);
    if (err || told != TOLD_NOTHING) {
        /* A colleague said it first: the list shows it now. */
        worker_tell(w, err == ERR_EXISTS ? TOLD_CHANGED : told,
                    err == ERR_EXISTS ? ERR_OK : err);
    }
}
