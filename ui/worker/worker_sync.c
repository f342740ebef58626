/* worker_sync.c - lets the sync engine speak with the council. */
#include <string.h>

#include "ui/worker/worker_internal.h"

/* A look at the clock and the counters now and then, for the top bar. */
#define REFRESH_MS 30000

static void show_if_changed(struct worker *w, bool was_sending)
{
    const int waited = w->views->status.waiting_count;

    worker_show_status(w);
    worker_show_home(w); /* a briefing came or ended; a promise was seen */
    if (waited != w->views->status.waiting_count ||
        was_sending != w->is_sending) {
        worker_show_sync(w);
        worker_show_end(w);
        worker_show_notebook(w, w->views->notebook.page);
        worker_show_reviews(w);
    }
}

int worker_pump(struct worker *w)
{
    const bool was_sending = w->is_sending;
    uint64_t now;
    enum err err;

    if (session_tablet(w->session) == NULL || w->is_paused) {
        return -1;
    }
    err = session_pump(w->session, 0, &w->is_sending, &w->wake_ms);
    if (err == ERR_CLOSED) {
        worker_lock(w); /* for good, by order of the council */
    }
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return REFRESH_MS;
    }
    show_if_changed(w, was_sending);
    if (w->is_sending) {
        return -1; /* the answer wakes the worker */
    }
    now = worker_mono_ms(w);
    if (w->wake_ms <= now) {
        return 0;
    }
    if (w->is_leaving) {
        worker_left(w);
        return -1;
    }
    return w->wake_ms - now < REFRESH_MS ? (int)(w->wake_ms - now) : REFRESH_MS;
}

void worker_sync_now(struct worker *w)
{
    struct sync *sync;
    const enum err err = tablet_sync(session_tablet(w->session), &sync);

    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    w->is_paused = false;
    sync_now(sync, worker_mono_ms(w));
    worker_show_status(w);
}
