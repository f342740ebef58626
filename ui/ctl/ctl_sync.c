#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "core/tablet_photos.h"
#include "ui/ctl/ctl.h"

/* One look at the network, and the longest sleep between two looks. */
#define PUMP_WAIT_MS 1000
/* An engine that wants to rest so long has nothing more to do now. */
#define STALL_MS 5000
/* Failures in a row before the command gives up and says so. */
#define FAILURES_MAX 4
#define WHY_MAX      2000
#define HELD_BACK                                                         \
    "photos wait (--metered holds back originals, and what is beyond 20 " \
    "MiB of photos a day)"

static uint64_t mono_ms(struct session *s)
{
    const struct port *port = session_port(s);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.mono_ms;
}

void ctl_pause(uint64_t ms)
{
    (void)poll(NULL, 0, ms < PUMP_WAIT_MS ? (int)ms : PUMP_WAIT_MS);
}

/* Nothing is under way: until the engine is due. */
static void sleep_until(struct session *s, uint64_t wake_ms)
{
    const uint64_t now = mono_ms(s);

    ctl_pause(wake_ms > now ? wake_ms - now : 0);
}

static bool is_done(struct tablet *t, const struct sync_status *status,
                    enum err *err_out)
{
    struct evlog_counts counts;

    *err_out = evlog_counts(tablet_log(t), &counts);
    return *err_out || (status->state == SYNC_IDLE && counts.waiting == 0 &&
                        counts.blobs_held >= counts.blobs_own);
}

static void report(struct tablet *t)
{
    struct tablet_photo_counts p;
    struct evlog_counts c;

    if (!evlog_counts(tablet_log(t), &c) && !tablet_photo_counts(t, &p)) {
        printf("%" PRIu64 " made, %" PRIu64 " stored by the council, %" PRIu64
               " waiting; %" PRIu64 " of %" PRIu64 " photos arrived; "
               "colleagues' photos here: %" PRIu64 " of %" PRIu64 "\n",
               c.own, c.acknowledged, c.waiting, p.held, p.made, p.here,
               p.others);
    }
}

/* `left` of the failures in a row; true: go on. */
static bool may_go_on(const struct sync_status *status, bool was_waiting,
                      unsigned max, unsigned *left)
{
    if (status->state == SYNC_STOPPED) {
        return false;
    }
    if (status->state == SYNC_WAITING && !was_waiting) {
        --*left;
    } else if (status->state == SYNC_IDLE) {
        *left = max;
    }
    return *left > 0;
}

/* What ended it, and that nothing written here is lost. */
static void tell_why(struct tablet *t, const char *why)
{
    struct evlog_counts c;
    int len = (int)strlen(why);

    while (len > 0 && why[len - 1] == '.') {
        len--;
    }
    if (!evlog_counts(tablet_log(t), &c) && c.waiting == 0 &&
        c.blobs_held >= c.blobs_own) {
        ctl_say("what was written here is stored by the council and safe on "
                "this tablet, but nothing came down: %.*s",
                len, why);
        return;
    }
    ctl_say("not everything is stored by the council yet: %.*s. It is safe "
            "on this tablet; sync again later",
            len, why);
}

enum err ctl_reconcile(struct session *s, const struct ctl_args *args)
{
    const unsigned max = args->is_once ? 1 : FAILURES_MAX;
    struct tablet *t = session_tablet(s);
    struct sync_status status = { .state = SYNC_SENDING };
    struct sync *sync;
    unsigned left = max;
    enum err err = tablet_sync(t, &sync);

    while (!err) {
        const bool was_waiting = status.state == SYNC_WAITING;
        uint64_t wake_ms;
        bool is_busy;

        err = session_pump(s, PUMP_WAIT_MS, &is_busy, &wake_ms);
        if (err == ERR_CLOSED) {
            ctl_say(CTL_WIPED);
            return err;
        }
        if (err) {
            break;
        }
        sync_status(sync, &status);
        if (is_busy) {
            continue;
        }
        if (is_done(t, &status, &err)) {
            break;
        }
        if ((status.state == SYNC_IDLE || status.state == SYNC_SENDING) &&
            wake_ms > mono_ms(s) + STALL_MS) {
            err = ERR_STOPPED; /* content, though something waits */
            break;
        }
        if (!may_go_on(&status, was_waiting, max, &left)) {
            err = status.last_err ? status.last_err : ERR_STOPPED;
            break;
        }
        sleep_until(s, wake_ms);
    }
    if (status.is_alarm) {
        ctl_say("the council's server was put back to an older state, or a "
                "copy of this tablet is in use: what the server lacks goes up "
                "again, its log says which it was");
    }
    if (err) {
        tell_why(t, status.why[0]        ? status.why
                    : err == ERR_STOPPED ? HELD_BACK
                                         : err_text(err));
    }
    return err;
}

enum err ctl_sync(const struct ctl_args *args)
{
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (!err) {
        err = ctl_reconcile(s, args);
        if (session_tablet(s)) {
            report(session_tablet(s));
        }
        session_close(s);
    }
    return err;
}

enum err ctl_rekey(const struct ctl_args *args)
{
    struct session *s;
    struct buf why;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    buf_init(&why, WHY_MAX);
    err = session_rekey(s, args->code, &why);
    if (err) {
        ctl_say("%s", why.len > 0 ? buf_text(&why) : err_text(err));
    } else {
        err = ctl_reconcile(s, args);
        if (session_tablet(s)) {
            report(session_tablet(s));
        }
    }
    buf_fini(&why);
    session_close(s);
    return err;
}
