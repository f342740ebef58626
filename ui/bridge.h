/*
 * bridge.h - two queues and a thread between the screens and the core.
 *
 *     UI thread                                  worker thread
 *     app_*() --- commands (256) --->            backend.handle()
 *     bridge_take() <--- views (latest of each)  bridge_post()
 *
 * A view replaces an unread one of its kind: the UI is shown the latest,
 * never a backlog. An SDL user event wakes the UI thread.
 */
#ifndef UI_BRIDGE_H
#define UI_BRIDGE_H

#include "ui/app.h"

/* Pictures kept for drawing; the oldest goes first. */
#define BRIDGE_IMAGES_MAX 32

/*
 * Starts the worker thread; `backend->open` runs on it. With `threaded`
 * false nothing runs until bridge_pump: for tests.
 */
MUST_USE enum err bridge_open(const struct app_backend *backend, void *ctx,
                              bool threaded, struct bridge **bridge_out);
/* Handles what waits, closes the backend, joins. NULL is allowed. */
void bridge_close(struct bridge *bridge);

struct app *bridge_app(struct bridge *bridge);
struct bridge *app_bridge(struct app *app);
/* UI thread: the stored map that screens draw; borrowed until close. */
void bridge_set_map(struct bridge *bridge, struct map *map);
/* UI thread: the wall clock that screens are shown. */
void app_set_clock(struct app *app, int64_t now_ms);

/* UI thread: takes in new views; true when something changed. */
bool bridge_take(struct bridge *bridge);
/* True when every command was handled and every view was taken. */
bool bridge_is_idle(struct bridge *bridge);
/* Unthreaded: handles all commands that wait. */
void bridge_pump(struct bridge *bridge);
/* The SDL event type that says "views have come"; 0 without SDL events. */
void bridge_set_event(struct bridge *bridge, uint32_t event_type);

/* Worker thread (any thread): copies `view`, a struct of that kind. */
void bridge_post(struct bridge *bridge, enum view_kind_id kind,
                 const void *view);
/* The same of each kind at once. */
void bridge_post_all(struct bridge *bridge, const struct views *views);
/* Copies the pixels: premultiplied BGRA. Replaces an image of this id. */
MUST_USE enum err bridge_post_image(struct bridge *bridge, uint32_t id,
                                    const uint8_t *pixels, int width,
                                    int height, int stride);
/* Any thread: makes the worker call handle() with `kind`. */
MUST_USE enum err bridge_send(struct bridge *bridge, const struct command *cmd);

#endif /* UI_BRIDGE_H */
