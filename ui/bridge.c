#include "ui/bridge.h"

#include <SDL.h>
#include <stdlib.h>
#include <string.h>

#define COMMANDS_MAX 256

struct slot {
    uint32_t id; /* 0: free */
    struct image *image;
};

struct app {
    struct views views;                    /* UI thread only */
    struct slot images[BRIDGE_IMAGES_MAX]; /* UI thread only */
    int next_image;
    struct bridge *bridge;
    struct map *map; /* borrowed; NULL: no map here */
};

struct bridge {
    struct app app;
    const struct app_backend *backend;
    void *ctx;
    SDL_Thread *thread; /* NULL: unthreaded */
    uint32_t event_type;
    /* under the mutex */
    SDL_mutex *mutex;
    SDL_cond *wake;
    struct command *commands[COMMANDS_MAX];
    int first;
    int count;
    bool is_busy; /* a command is being handled, or open() runs */
    bool stops;
    struct views fresh;
    bool is_fresh[VIEW__COUNT];
    struct slot fresh_images[BRIDGE_IMAGES_MAX];
    int fresh_image_count;
};

static const struct {
    size_t at;
    size_t size;
} parts[VIEW__COUNT] = {
#define PART(KIND, field)                     \
    [KIND] = { offsetof(struct views, field), \
               sizeof(((struct views *)0)->field) }
    PART(VIEW_STATUS, status),     PART(VIEW_SIGNIN, signin),
    PART(VIEW_HOME, home),         PART(VIEW_LOG, log),
    PART(VIEW_NOTEBOOK, notebook), PART(VIEW_SYNC, sync),
    PART(VIEW_END, end),           PART(VIEW_CONFLICT, conflicts),
    PART(VIEW_FORM, form),         PART(VIEW_CHECK, check),
    PART(VIEW_TOLD, told),         PART(VIEW_BRIEFING, briefs),
    PART(VIEW_MAP, map),           PART(VIEW_PICTURE, picture),
    PART(VIEW_CAPTURE, capture),   PART(VIEW_REVIEW, reviews),
    PART(VIEW_REVIEW_LOG, review), PART(VIEW_ASKED_OF, asks),
    PART(VIEW_RECORD, record),     PART(VIEW_KEPT, kept),
#undef PART
};

static void tell_ui(struct bridge *b)
{
    SDL_Event ev;

    SDL_zero(ev);
    SDL_LockMutex(b->mutex); /* some callers hold it: it is recursive */
    ev.type = b->event_type;
    SDL_UnlockMutex(b->mutex);
    if (ev.type == 0) {
        return;
    }
    /* A full SDL queue wakes the UI by itself. */
    (void)SDL_PushEvent(&ev);
}

void bridge_set_event(struct bridge *bridge, uint32_t event_type)
{
    SDL_LockMutex(bridge->mutex);
    bridge->event_type = event_type;
    SDL_UnlockMutex(bridge->mutex);
    tell_ui(bridge); /* views may have come before */
}

static struct command *pop(struct bridge *b)
{
    struct command *cmd = b->commands[b->first];

    b->first = (b->first + 1) % COMMANDS_MAX;
    b->count--;
    return cmd;
}

static void handle_one(struct bridge *b, struct command *cmd)
{
    b->backend->handle(b->ctx, cmd);
    wipe(cmd, sizeof(*cmd));
    free(cmd);
}

void bridge_pump(struct bridge *bridge)
{
    ASSERT(bridge->thread == NULL);
    while (bridge->count > 0) {
        handle_one(bridge, pop(bridge));
    }
}

static void wait_for_work(struct bridge *b, int timeout_ms)
{
    if (timeout_ms < 0) {
        SDL_CondWait(b->wake, b->mutex);
    } else {
        SDL_CondWaitTimeout(b->wake, b->mutex, (Uint32)timeout_ms);
    }
}

/* Called and left with the mutex held. */
static void rest(struct bridge *b)
{
    int timeout_ms;

    SDL_UnlockMutex(b->mutex);
    timeout_ms = b->backend->idle(b->ctx);
    SDL_LockMutex(b->mutex);
    if (b->count > 0 || b->stops) {
        return;
    }
    if (b->is_busy) {
        b->is_busy = false;
        tell_ui(b); /* a script may wait for rest */
    }
    wait_for_work(b, timeout_ms);
}

static int work(void *arg)
{
    struct bridge *b = arg;

    (void)b->backend->open(b->ctx, b); /* a failure is told by its views */
    SDL_LockMutex(b->mutex);
    while (!b->stops || b->count > 0) {
        if (b->count == 0) {
            rest(b);
            continue;
        }
        struct command *cmd = pop(b);

        b->is_busy = true;
        SDL_UnlockMutex(b->mutex);
        handle_one(b, cmd);
        SDL_LockMutex(b->mutex);
    }
    SDL_UnlockMutex(b->mutex);
    return 0;
}

enum err bridge_open(const struct app_backend *backend, void *ctx,
                     bool threaded, struct bridge **bridge_out)
{
    struct bridge *b = calloc(1, sizeof(*b));

    if (b == NULL) {
        return ERR_NOMEM;
    }
    b->app.bridge = b;
    b->backend = backend;
    b->ctx = ctx;
    b->mutex = SDL_CreateMutex();
    b->wake = SDL_CreateCond();
    *bridge_out = b;
    if (!threaded) {
        return backend->open(ctx, b);
    }
    b->is_busy = true;
    b->thread = SDL_CreateThread(work, "worker", b);
    if (b->thread == NULL) {
        bridge_close(b);
        return ERR_NOMEM;
    }
    return ERR_OK;
}

void bridge_close(struct bridge *bridge)
{
    if (bridge == NULL) {
        return;
    }
    SDL_LockMutex(bridge->mutex);
    bridge->stops = true;
    SDL_CondSignal(bridge->wake);
    SDL_UnlockMutex(bridge->mutex);
    if (bridge->thread != NULL) {
        SDL_WaitThread(bridge->thread, NULL);
        bridge->thread = NULL;
    }
    bridge_pump(bridge);
    bridge->backend->close(bridge->ctx);
    for (int i = 0; i < BRIDGE_IMAGES_MAX; i++) {
        image_free(bridge->app.images[i].image);
        image_free(bridge->fresh_images[i].image);
    }
    SDL_DestroyCond(bridge->wake);
    SDL_DestroyMutex(bridge->mutex);
    free(bridge);
}

struct app *bridge_app(struct bridge *bridge)
{
    return &bridge->app;
}

void bridge_post(struct bridge *bridge, enum view_kind_id kind,
                 const void *view)
{
    SDL_LockMutex(bridge->mutex);
    memcpy((char *)&bridge->fresh + parts[kind].at, view, parts[kind].size);
    bridge->is_fresh[kind] = true;
    SDL_UnlockMutex(bridge->mutex);
    tell_ui(bridge);
}

void bridge_post_all(struct bridge *bridge, const struct views *views)
{
    for (int i = 0; i < VIEW__COUNT; i++) {
        bridge_post(bridge, (enum view_kind_id)i,
                    (const char *)views + parts[i].at);
    }
}

/* In place of an unread one of this id: a camera's next picture. What is
 * left in `image` is the caller's. */
static enum err put_image(struct bridge *bridge, uint32_t id,
                          struct image **image)
{
    struct slot *s = NULL;
    struct image *old;

    for (int i = 0; i < bridge->fresh_image_count; i++) {
        if (bridge->fresh_images[i].id == id) {
            s = &bridge->fresh_images[i];
        }
    }
    if (s == NULL) {
        if (bridge->fresh_image_count == BRIDGE_IMAGES_MAX) {
            return ERR_FULL;
        }
        s = &bridge->fresh_images[bridge->fresh_image_count++];
        s->image = NULL;
    }
    old = s->image;
    s->id = id;
    s->image = *image;
    *image = old;
    return ERR_OK;
}

enum err bridge_post_image(struct bridge *bridge, uint32_t id,
                           const uint8_t *pixels, int width, int height,
                           int stride)
{
    struct image *image = NULL;
    enum err err = image_new(pixels, width, height, stride, &image);

    if (err)
        return err;
    SDL_LockMutex(bridge->mutex);
    err = put_image(bridge, id, &image);
    SDL_UnlockMutex(bridge->mutex);
    image_free(image);
    tell_ui(bridge);
    return err;
}

static void keep_image(struct app *app, struct slot fresh)
{
    int at = app->next_image;

    for (int i = 0; i < BRIDGE_IMAGES_MAX; i++) {
        if (app->images[i].id == fresh.id) {
            at = i;
        }
    }
    if (at == app->next_image) {
        app->next_image = (app->next_image + 1) % BRIDGE_IMAGES_MAX;
    }
    image_free(app->images[at].image);
    app->images[at] = fresh;
}

bool bridge_take(struct bridge *bridge)
{
    bool any = false;

    SDL_LockMutex(bridge->mutex);
    for (int i = 0; i < VIEW__COUNT; i++) {
        if (bridge->is_fresh[i]) {
            memcpy((char *)&bridge->app.views + parts[i].at,
                   (char *)&bridge->fresh + parts[i].at, parts[i].size);
            bridge->is_fresh[i] = false;
            any = true;
        }
    }
    for (int i = 0; i < bridge->fresh_image_count; i++) {
        keep_image(&bridge->app, bridge->fresh_images[i]);
        bridge->fresh_images[i].image = NULL;
        any = true;
    }
    bridge->fresh_image_count = 0;
    SDL_UnlockMutex(bridge->mutex);
    return any;
}

bool bridge_is_idle(struct bridge *bridge)
{
    bool is_idle;

    SDL_LockMutex(bridge->mutex);
    is_idle = bridge->count == 0 && !bridge->is_busy &&
              bridge->fresh_image_count == 0;
    for (int i = 0; i < VIEW__COUNT; i++) {
        is_idle = is_idle && !bridge->is_fresh[i];
    }
    SDL_UnlockMutex(bridge->mutex);
    return is_idle;
}

enum err bridge_send(struct bridge *bridge, const struct command *cmd)
{
    struct command *copy = malloc(sizeof(*copy));
    enum err err = ERR_OK;

    if (copy == NULL) {
        return ERR_NOMEM;
    }
    *copy = *cmd;
    SDL_LockMutex(bridge->mutex);
    if (bridge->count == COMMANDS_MAX) {
        err = ERR_FULL;
    } else {
        const int at = (bridge->first + bridge->count) % COMMANDS_MAX;

        bridge->commands[at] = copy;
        bridge->count++;
        bridge->is_busy = bridge->thread != NULL;
        SDL_CondSignal(bridge->wake);
    }
    SDL_UnlockMutex(bridge->mutex);
    if (err) {
        wipe(copy, sizeof(*copy));
        free(copy);
    }
    return err;
}

/* The verbs of app.h stand in app.c; these need the struct. */
const struct views *app_views(const struct app *app)
{
    return &app->views;
}

struct map *app_map(const struct app *app)
{
    return app->map;
}

void bridge_set_map(struct bridge *bridge, struct map *map)
{
    bridge->app.map = map;
}

void app_set_clock(struct app *app, int64_t now_ms)
{
    app->views.status.now_ms = now_ms;
}

const struct image *app_image(const struct app *app, uint32_t id)
{
    for (int i = 0; id != 0 && i < BRIDGE_IMAGES_MAX; i++) {
        if (app->images[i].id == id) {
            return app->images[i].image;
        }
    }
    return NULL;
}

struct bridge *app_bridge(struct app *app)
{
    return app->bridge;
}
