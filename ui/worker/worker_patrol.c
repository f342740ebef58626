/*
 * worker_patrol.c - what goes on while a patrol runs: its track, the beat
 * it is in, the promise to say "I'm OK", the call for help.
 */
#include <stdio.h>
#include <string.h>

#include "core/gnss.h"
#include "core/policy.h"
#include "core/tablet_safety.h"
#include "core/tablet_sign.h"
#include "platform/linux/power.h"
#include "ui/worker/worker_internal.h"

/* The receiver speaks each second. */
#define LOOK_MS 1000
/* Nobody is on patrol. */
#define REST_MS 5000
/* A clock that is off by less is a receiver's own delay. */
#define CLOCK_OFF_MS ((int64_t)2 * 60 * 1000)
#define SECOND_MS    1000
#define SOS_AGAIN_MS 5000

static void read_time(struct worker *w, struct port_time *out)
{
    const struct port *port = session_port(w->session);

    port->ops->now(port->ctx, out);
}

void worker_day(struct worker *w, char out[WORKER_DAY_SIZE])
{
    worker_day_in(w, 0, out);
}

void worker_day_in(struct worker *w, int ahead, char out[WORKER_DAY_SIZE])
{
    const int64_t days = worker_now_ms(w) / 86400000 + ahead + 719468;
    const int64_t era = days / 146097;
    const int64_t of_era = days % 146097;
    const int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;
    const int day = (int)(of_year - (153 * month + 2) / 5 + 1);
    const int number = (int)(month < 10 ? month + 3 : month - 9);

    snprintf(out, WORKER_DAY_SIZE, "%04u-%02u-%02u",
             (unsigned)(year + era * 400 + (number <= 2)) % 10000U,
             (unsigned)number % 100U, (unsigned)day % 100U);
}

/* --- the track --- */

static void read_sample(struct worker *w, struct track_sample *out)
{
    const struct port *port = session_port(w->session);
    struct port_time now;
    struct port_fix fix;

    read_time(w, &now);
    *out = (struct track_sample){ .mono_ms = now.mono_ms,
                                  .wall_ms = now.wall_ms,
                                  .has_receiver = now.has_gnss };
    if (port->ops->fix(port->ctx, &fix) || fix.source == PORT_FIX_NONE ||
        fix.age_ms > WORKER_FIX_AGE_MS || fix.age_ms > now.mono_ms) {
        return;
    }
    out->has_receiver = true;
    out->has_fix = true;
    out->mono_ms -= fix.age_ms;
    out->wall_ms -= (int64_t)fix.age_ms;
    out->pos = (struct geo_pos){ fix.lat_e7, fix.lon_e7 };
    out->accuracy_mm = fix.accuracy_mm;
    out->is_simulated = fix.is_simulated;
}

/* In one event; what can't be stored now stays for the next try. */
static enum err store_track(struct worker *w)
{
    const enum err err = tablet_track_put(session_tablet(w->session),
                                          w->track.points, w->track.count);

    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "a part of the track was not stored: %s", err_text(err));
        return err;
    }
    track_taken(&w->track);
    return ERR_OK;
}

static void follow(struct worker *w, enum track_cause cause)
{
    track_init(&w->track, cause);
    w->is_tracking = true;
    worker_fence_begin(w);
    w->battery_at_start = power_percent(NULL);
    w->battery_ms = worker_mono_ms(w);
}

static void stop_following(struct worker *w)
{
    if (w->is_tracking) {
        track_close(&w->track);
        if (store_track(w)) {
            port_log(session_port(w->session), PORT_LOG_ERROR,
                     "the end of a track is lost");
        }
    }
    w->is_tracking = false;
}

/* --- the beat --- */

void worker_put_beat(struct worker *w, struct view_home *v)
{
    const struct area_list *all;
    const struct area *beat;
    char day[WORKER_DAY_SIZE];
    struct track_sample s;

    read_sample(w, &s);
    if (!s.has_fix || tablet_areas(session_tablet(w->session), &all)) {
        return;
    }
    worker_day(w, day);
    beat = area_at(all, AREA_BEAT, day, s.pos);
    if (beat != NULL && v->patrol == PATROL_OFF) {
        WORKER_PUT(v->beat, beat->name);
    }
    if (beat != NULL) {
        WORKER_PUT(v->position.beat, beat->name);
    }
}

/* --- one look --- */

static void watch_clock(struct worker *w)
{
    struct gnss_check check = { GNSS_AGREES, 0, 0 };
    struct port_time now;
    int off = 0;

    read_time(w, &now);
    if (now.has_gnss) {
        gnss_compare(now.wall_ms, now.gnss_ms, &check);
    }
    if (check.verdict != GNSS_AGREES &&
        (check.offset_ms > CLOCK_OFF_MS || check.offset_ms < -CLOCK_OFF_MS)) {
        off = check.offset_ms > INT32_MAX ? INT32_MAX / SECOND_MS
              : check.offset_ms < -INT32_MAX
                  ? -INT32_MAX / SECOND_MS
                  : (int)(check.offset_ms / SECOND_MS);
    }
    /* A minute more or less is not worth a redraw. */
    if ((off == 0) != (w->views->home.clock_off_s == 0)) {
        w->views->home.clock_off_s = off;
        worker_post(w, VIEW_HOME, &w->views->home);
    }
}

/* A call for help asks for its answer every few seconds, by itself. */
static void ask_again(struct worker *w)
{
    const uint64_t now = worker_mono_ms(w);

    if (!uuid_is_zero(&w->sos) && w->views->status.sos != SOS_ANSWERED &&
        now >= w->sos_ms + SOS_AGAIN_MS) {
        w->sos_ms = now;
        worker_send_first(w);
    }
}

int worker_look(struct worker *w)
{
    struct track_sample s;

    if (session_tablet(w->session) == NULL) {
        return -1;
    }
    ask_again(w);
    read_sample(w, &s);
    if (s.has_fix != w->views->status.has_fix) {
        worker_show_status(w); /* it came, or it went: at once */
        worker_show_home(w);   /* and with it the beat */
        /* A log that was opened without one says where it is now. */
        worker_log_position(w, &w->views->log.position);
        worker_post(w, VIEW_LOG, &w->views->log);
    }
    if (!w->is_tracking) {
        return !uuid_is_zero(&w->sos)     ? LOOK_MS
               : w->options->gpsd != NULL ? REST_MS
                                          : -1;
    }
    if (track_feed(&w->track, &s) == TRACK_KEPT) {
        if (worker_watch_fences(w)) {
            worker_show_notebook(w, 0); /* a line more */
            worker_show_status(w);
        }
        worker_follow_map(w);
    }
    if (track_is_due(&w->track, worker_mono_ms(w))) {
        /* A full one that can't be stored makes room for what is newer. */
        if (store_track(w) && w->track.count == TRACK_BATCH_POINTS) {
            track_taken(&w->track);
        }
    }
    watch_clock(w);
    return LOOK_MS;
}

/* --- the patrol's life --- */

/* Behind a PIN: a patrol that ran when the program ended goes on. */
void worker_resume_patrol(struct worker *w)
{
    struct tablet_summary p;

    if (w->is_tracking ||
        tablet_summary(session_tablet(w->session), &p) != ERR_OK ||
        p.ended_ms != 0 || p.is_paused) {
        return;
    }
    follow(w, TRACK_STOPPED);
}

/* Another officer signs in: what was followed so far is this one's. */
void worker_leave_patrol(struct worker *w)
{
    stop_following(w);
}

/* Of now: an officer who is looked for isn't where the last fix was. */
static bool place_now(struct worker *w, struct body_place *out)
{
    struct track_sample s;

    read_sample(w, &s);
    *out = (struct body_place){ .lat_e7 = s.pos.lat_e7,
                                .lon_e7 = s.pos.lon_e7,
                                .accuracy_mm = s.accuracy_mm,
                                .source = PLACE_GPS,
                                .is_simulated = s.is_simulated };
    return s.has_fix;
}

static enum err promise(struct worker *w, bool is_first)
{
    struct port_time now;
    struct body_place place;
    struct policy policy;
    const bool has_place = place_now(w, &place);
    enum err err = tablet_policy(session_tablet(w->session), &policy);

    read_time(w, &now);
    if (err) {
        return err;
    }
    return (is_first ? tablet_check_in_begin : tablet_check_in)(
        session_tablet(w->session), now.wall_ms + policy.check_in_ms,
        has_place ? &place : NULL);
}

enum err worker_begin_patrol(struct worker *w)
{
    struct uuid patrol;
    enum err err;

    worker_put_beat(w, &w->views->home); /* where it begins */
    err = tablet_patrol_start(session_tablet(w->session), w->views->home.beat,
                              &patrol);
    if (!err) {
        follow(w, TRACK_NO_GAP);
        err = promise(w, true);
    }
    return err;
}

enum err worker_pause_patrol(struct worker *w, const char *reason)
{
    worker_end_visits(w);
    stop_following(w);
    return tablet_patrol_pause(session_tablet(w->session), reason);
}

enum err worker_go_on(struct worker *w)
{
    enum err err = tablet_patrol_resume(session_tablet(w->session));

    if (!err) {
        follow(w, TRACK_PAUSED);
        err = promise(w, true);
    }
    return err;
}

static void put_reasons(struct tablet_way *way, const char *reasons)
{
    /* "id=code;id=code;", from the end sheet. */
    for (size_t i = 0; i < way->hotspot_count; i++) {
        struct tablet_hotspot *h = &way->hotspots[i];
        const size_t len = strlen(h->area->id);
        const char *at = strstr(reasons, h->area->id);

        if (at != NULL && at[len] == '=' && (at == reasons || at[-1] == ';')) {
            snprintf(h->reason, sizeof(h->reason), "%.*s",
                     (int)strcspn(at + len + 1, "; "), at + len + 1);
        }
    }
}

/* The same hand signs the lines, "Patrol ended" among them. */
static enum err sign_book(struct worker *w, const struct tablet_signing *s)
{
    const enum err err = tablet_sign_lines(session_tablet(w->session), s);

    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err worker_end_patrol(struct worker *w, const char *reasons,
                           const struct hand *hand)
{
    struct tablet *t = session_tablet(w->session);
    struct tablet_patrol_figures figures = { .minutes = "" };
    struct tablet_signing signing;
    struct strokes ink;
    struct tablet_way way;
    struct buf minutes;
    enum err err;

    worker_end_visits(w);
    stop_following(w);
    worker_take_hand(w, hand, &ink, &signing);
    figures.signing = &signing;
    buf_init(&minutes, TEXT_MAX_BYTES);
    if (worker_way(w, &way) == ERR_OK) { /* else it ends all the same */
        put_reasons(&way, reasons);
        tablet_way_text(&way, &minutes);
        figures.distance_mm = way.distance_mm;
        figures.gaps_ms = way.gap_ms;
        figures.minutes = buf_text(&minutes);
    }
    err = tablet_patrol_close(t, &figures);
    buf_fini(&minutes);
    return err ? err : sign_book(w, &signing);
}

enum err worker_way(struct worker *w, struct tablet_way *out)
{
    struct tablet *t = session_tablet(w->session);
    char day[WORKER_DAY_SIZE];
    struct tablet_summary p;
    struct port_time now;
    enum err err = tablet_summary(t, &p);

    if (err) {
        return err;
    }
    *out = (struct tablet_way){ .patrol = p.patrol,
                                .started_ms = p.started_ms,
                                .ended_ms = p.ended_ms };
    read_time(w, &now);
    worker_day(w, day);
    return tablet_way_read(t, w->is_tracking ? &w->track : NULL, day,
                           now.wall_ms, out);
}

/* --- I'm OK, and not --- */

void worker_check_in(struct worker *w)
{
    const enum err err = promise(w, false);

    worker_send_first(w);
    worker_show_home(w);
    worker_tell(w, TOLD_CHECKED_IN, err);
}

void worker_put_welfare(struct worker *w, struct view_home *v)
{
    struct tablet_welfare welfare;
    struct view_task task = { .kind = TASK_CHECK_IN };
    struct policy policy;
    int at = 0;

    v->welfare = (struct view_welfare){ .due_ms = 0 };
    if (v->task_count > 0 && strcmp(v->tasks[0].id, VIEW_WELFARE) == 0) {
        memmove(&v->tasks[0], &v->tasks[1],
                (size_t)--v->task_count * sizeof(v->tasks[0]));
        v->open_count--;
    }
    if (tablet_welfare(session_tablet(w->session), &welfare) ||
        tablet_policy(session_tablet(w->session), &policy) ||
        welfare.next_ms == 0) {
        return;
    }
    v->welfare.due_ms = worker_local_ms(w, welfare.next_ms);
    v->welfare.is_seen = welfare.is_held;
    v->welfare.grace_ms = policy.check_in_grace_ms;
    task.due_ms = v->welfare.due_ms;
    WORKER_PUT(task.id, VIEW_WELFARE);
    v->task_count += v->task_count < VIEW_TASKS;
    memmove(&v->tasks[at + 1], &v->tasks[at],
            (size_t)(v->task_count - 1 - at) * sizeof(v->tasks[0]));
    v->tasks[at] = task;
    v->open_count += v->open_count < v->task_count;
}

/* At once, even where sending was paused by hand. */
void worker_send_first(struct worker *w)
{
    struct sync *sync;

    w->is_paused = false;
    w->pump_ms = 0;
    if (tablet_sync(session_tablet(w->session), &sync) == ERR_OK) {
        sync_now(sync, worker_mono_ms(w));
    }
}

/* The screen never says "sent" before a receipt names it, and says whom to
 * call until then. */
void worker_call_for_help(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct body_place place;
    const bool has_place = place_now(w, &place);
    enum err err = ERR_CLOSED; /* locked since the start: nothing is written */

    w->views->status.sos = SOS_TRYING;
    w->sos = (struct uuid){ 0 };
    if (t != NULL) {
        err = tablet_sos(t, has_place ? &place : NULL, &w->sos);
        if (err) {
            port_log(session_port(w->session), PORT_LOG_ERROR,
                     "a call for help was not recorded: %s", err_text(err));
        }
        worker_send_first(w);
    }
    worker_show_status(w);
    worker_tell(w, err ? TOLD_SOS_SHUT : TOLD_CALL_999, ERR_OK);
}

void worker_put_sos(struct worker *w, struct view_status *s)
{
    const enum view_sos before = s->sos;
    enum tablet_sos_state state;

    if (uuid_is_zero(&w->sos) ||
        tablet_sos_state(session_tablet(w->session), &w->sos, &state)) {
        return;
    }
    s->sos = state == TABLET_SOS_ANSWERED ? SOS_ANSWERED
             : state == TABLET_SOS_HELD   ? SOS_SENT
                                          : SOS_TRYING;
    if (s->sos != before && s->sos == SOS_SENT) {
        worker_tell(w, TOLD_SOS_SENT, ERR_OK);
    } else if (s->sos != before && s->sos == SOS_ANSWERED) {
        worker_tell(w, TOLD_SOS_ANSWERED, ERR_OK);
    }
}
