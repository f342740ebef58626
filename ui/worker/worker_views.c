/* worker_views.c - status, home and end of shift, as the tablet has them. */
#include <string.h>

#include "core/cbor.h"
#include "core/fields.h"
#include "core/tablet_crew.h"
#include "core/tablet_list.h"
#include "core/tablet_review.h"
#include "platform/linux/power.h"
#include "ui/worker/worker_internal.h"

/* Forms behind the tiles, in the order of enum tile_kind; NULL: a tile that
 * is not a form. */
static const char *const tile_forms[TILE__COUNT] = {
    "asb",
    "environment",
    "hate",
    "vulnerable_person",
    "suspicious_activity",
    "protective_security",
    "vehicle_matter",
    "tension",
    "prevent_concern",
    NULL,
};

static enum view_trouble trouble_of(const struct worker *w,
                                    const struct sync_status *status)
{
    static const enum view_trouble by_net[] = {
        [NET_TROUBLE_NONE] = TROUBLE_NONE,
        [NET_TROUBLE_DATE] = TROUBLE_DATE,
        [NET_TROUBLE_STRANGER] = TROUBLE_STRANGER,
        [NET_TROUBLE_EXPIRED] = TROUBLE_EXPIRED,
        [NET_TROUBLE_ENDED] = TROUBLE_ENDED,
    };

    switch (status->last_err) {
    case ERR_OK:
    case ERR_UNREACHABLE:
    case ERR_STOPPED:
        return TROUBLE_NONE;
    case ERR_TLS:
        return by_net[session_trouble(w->session)];
    case ERR_PORTAL:
        return TROUBLE_STRANGER;
    case ERR_DENIED:
        return TROUBLE_ENDED;
    default:
        return TROUBLE_SERVER;
    }
}

static void count_sync(struct worker *w, struct view_status *s)
{
    struct tablet *t = session_tablet(w->session);
    struct evlog_counts counts;
    struct sync_status status;
    struct sync *sync;

    if (evlog_counts(tablet_log(t), &counts) == ERR_OK) {
        s->is_waiting_known = true;
        s->waiting_count = (int)(counts.waiting + counts.blobs_own -
                                 counts.blobs_held - w->made_before);
        s->refused_count = (int)counts.quarantined;
        s->synced_ms = worker_local_ms(w, counts.last_ack_ms);
    }
    if (tablet_sync(t, &sync)) {
        return;
    }
    sync_status(sync, &status);
    s->link = w->real != NULL ? LINK_NONE
              : status.state == SYNC_IDLE || status.state == SYNC_SENDING
                  ? LINK_ANY
                  : LINK_NONE;
    s->link_bars = s->link == LINK_NONE ? 0 : 4;
    s->trouble = w->real == NULL && s->link == LINK_NONE
                     ? trouble_of(w, &status)
                     : TROUBLE_NONE;
}

void worker_show_status(struct worker *w)
{
    struct view_status *s = &w->views->status;
    const struct port *port = session_port(w->session);
    struct tablet *t = session_tablet(w->session);
    struct tablet_summary patrol;
    struct port_fix fix;

    s->now_ms = worker_now_ms(w);
    s->clock_runs = true;
    s->battery_percent = power_percent(NULL);
    s->is_paused = w->is_paused;
    s->is_signed_in = !uuid_is_zero(&w->officer);
    s->has_fix = port->ops->fix(port->ctx, &fix) == ERR_OK &&
                 fix.source != PORT_FIX_NONE && fix.age_ms <= WORKER_FIX_AGE_MS;
    s->accuracy_m = s->has_fix ? worker_metres(fix.accuracy_mm) : 0;
    /* Before the first view that says who is signed in. Under duress nothing
     * of others is shown. */
    if (t == NULL || !s->is_signed_in || w->is_duress ||
        tablet_is_leader(t, &s->is_leader)) {
        s->is_leader = false;
    }
    if (t != NULL) {
        count_sync(w, s);
        worker_put_sos(w, s);
        s->on_patrol =
            tablet_summary(t, &patrol) == ERR_OK && patrol.ended_ms == 0;
        worker_keep_front(w);
    } else {
        s->is_waiting_known = w->has_front;
        s->waiting_count = (int)w->front.waiting;
        s->synced_ms = worker_local_ms(w, w->front.last_receipt_ms);
    }
    s->is_link_untried = t == NULL;
    worker_post(w, VIEW_STATUS, s);
}

static enum err take_person(void *ctx, const struct tablet_person *p)
{
    struct worker *w = ctx;

    if (!uuid_eq(&p->id, &w->officer)) {
        return ERR_OK;
    }
    WORKER_PUT(w->views->status.officer, p->name);
    return ERR_STOPPED;
}

/* The beat of the newest patrol, or the whole district. */
static void put_patrol(struct worker *w, struct view_home *v)
{
    struct tablet_summary p;

    v->patrol = PATROL_OFF;
    if (tablet_summary(session_tablet(w->session), &p)) {
        WORKER_PUT(v->beat, w->front.council);
        return;
    }
    WORKER_PUT(v->beat, p.area);
    if (p.ended_ms != 0) {
        return;
    }
    v->patrol = p.is_paused ? PATROL_PAUSED : PATROL_ON;
    v->started_ms = worker_local_ms(w, p.started_ms);
    if (p.is_paused && v->paused_ms == 0) {
        v->paused_ms = worker_now_ms(w);
    } else if (!p.is_paused) {
        v->paused_ms = 0;
    }
}

static bool has_form(struct tablet *t, const char *id)
{
    const struct form *form;

    return id != NULL && tablet_form(t, id, &form) == ERR_OK;
}

void worker_show_home(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct view_home *v = &w->views->home;

    if (tablet_people(t, take_person, w)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "the list of officers could not be read");
    }
    put_patrol(w, v);
    v->notice_numbers = -1;
    for (int i = 0; i < TILE__COUNT; i++) {
        v->has_form[i] = has_form(t, tile_forms[i]);
    }
    worker_read_begun(w, v);
    worker_position(w, &v->position);
    worker_read_briefs(w);
    worker_put_beat(w, v);
    worker_put_welfare(w, v);
    worker_post(w, VIEW_STATUS, &w->views->status);
    worker_post(w, VIEW_HOME, v);
}

/* --- names, once the store is open --- */

struct name {
    struct worker *w;
    uint64_t field;
    char *out;
    size_t size;
};

static enum err take_name(void *ctx, const struct tablet_field *f)
{
    struct name *name = ctx;
    struct cbor_reader r;
    struct bytes text;

    if (f->id != name->field || f->value.data == NULL) {
        return ERR_OK;
    }
    cbor_open_gated(&r, f->value);
    text = cbor_get_text(&r);
    if (!r.err && text.len < name->size) {
        memcpy(name->out, text.data, text.len);
        name->out[text.len] = '\0';
    }
    return ERR_STOPPED;
}

static enum err take_named(void *ctx, const struct tablet_item *item)
{
    struct name *name = ctx;
    const enum err err = tablet_fields(session_tablet(name->w->session),
                                       &item->id, take_name, name);

    return err ? err : ERR_STOPPED;
}

void worker_read_names(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    const struct tablet_filter council = { .kind = KIND_COUNCIL, .max = 1 };
    struct name name = { w, COUNCIL_NAME, w->front.council,
                         sizeof(w->front.council) };
    struct name own = { w, DEVICE_NAME, w->front.tablet,
                        sizeof(w->front.tablet) };

    /* Neither is an error: both come with the first exchange. */
    if (tablet_records(t, &council, take_named, &name) ||
        tablet_fields(t, &evlog_identity(tablet_log(t))->device, take_name,
                      &own)) {
        return;
    }
    WORKER_PUT(w->views->signin.council, w->front.council);
    WORKER_PUT(w->views->signin.tablet, w->front.tablet);
}

static enum err take_share(void *ctx, const struct uuid *officer,
                           uint64_t waiting)
{
    struct session_front *f = ctx;

    if (!uuid_is_zero(officer) && f->share_count < ARRAY_LEN(f->shares)) {
        f->shares[f->share_count++] =
            (struct session_share){ *officer, waiting };
    }
    return ERR_OK;
}

void worker_keep_front(struct worker *w)
{
    struct session_front now = w->front;
    struct evlog_counts counts;

    if (evlog_counts(tablet_log(session_tablet(w->session)), &counts)) {
        return;
    }
    now.waiting = counts.waiting + counts.blobs_own - counts.blobs_held;
    now.last_receipt_ms = counts.last_ack_ms;
    if (now.waiting == w->kept_waiting && w->is_front_kept) {
        return;
    }
    now.share_count = 0;
    if (tablet_waiting_of_each(session_tablet(w->session), take_share, &now)) {
        now.share_count = 0; /* whose it is isn't said: that much waits is */
    }
    if (session_front_put(w->session, &now)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "what the sign-in screen says could not be renewed");
        return;
    }
    w->front = now;
    w->kept_waiting = now.waiting;
    w->is_front_kept = true;
}
