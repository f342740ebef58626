/*
 * worker.h - the other side of the bridge: one thread that owns a tablet's
 * session and answers the screens' commands with views.
 *
 * Its calls may be slow (a PIN's hash, an fsync); the screens go on.
 */
#ifndef UI_WORKER_WORKER_H
#define UI_WORKER_WORKER_H

#include "ui/app.h"
#include "ui/session/session.h"

struct worker; /* opaque */

/* `options` and its texts are borrowed for the worker's life. */
MUST_USE enum err worker_new(const struct session_options *options,
                             struct worker **out);
void worker_free(struct worker *w); /* after bridge_close; NULL is allowed */

/* To be given to shell_run with a worker as its context. */
extern const struct app_backend worker_backend;

#endif /* UI_WORKER_WORKER_H */
