#include "ui/shell.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/bridge.h"
#include "ui/cue.h"
#include "ui/keys.h"
#include "ui/kit/render.h"
#include "ui/map/map.h"
#include "ui/nav.h"
#include "ui/script.h"

struct shell {
    SDL_Window *window;
    struct bridge *bridge;
    struct map *map; /* NULL: none was named, or no memory */
    struct nav nav;
    struct draw_list last; /* what the surface shows */
    struct render *render;
    struct script *script;
    int width; /* dp */
    int height;
    int scale; /* pixels of 100 dp */
    uint32_t view_event;
    struct cues *cues;
    uint32_t told; /* serial of what was told last */
    int held;      /* of SOS, in thousandths */
    bool is_dirty;
    bool quits;
    int exit_code;
};

struct shell_options shell_defaults(void)
{
    const struct shell_options o = { .lang = "en",
                                     .po_dir = BEATBOOK_PO_DIR,
                                     .width = 1280,
                                     .height = 800,
                                     .percent = 100,
                                     .scale = 100,
                                     .theme = THEME_DAY,
                                     .has_shake = true };

    return o;
}

/* `width` and `height` in pixels. */
static enum err make_surface(struct shell *sh, int width, int height)
{
    struct render *render = NULL;
    const enum err err = render_new(width, height, &render);

    if (err)
        return err;
    render_free(sh->render);
    sh->render = render;
    render_set_scale(render, sh->scale);
    /* Nothing at the far sides is left without paint. */
    sh->width = (width * 100 + sh->scale - 1) / sh->scale;
    sh->height = (height * 100 + sh->scale - 1) / sh->scale;
    sh->last.width = 0; /* differs from any: paint all */
    sh->is_dirty = true;
    return ERR_OK;
}

static enum err open_window(struct shell *sh, const struct shell_options *o)
{
    /* Without this SDL presents a software surface through OpenGL, which
     * costs 80 ms and 95 MB where there is no GPU. */
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    if (SDL_Init(SDL_INIT_VIDEO | SDL_INIT_EVENTS) != 0) {
        fprintf(stderr, "beatbook: no display: %s\n", SDL_GetError());
        return ERR_UNSUPPORTED;
    }
    sh->window = SDL_CreateWindow("Beatbook", SDL_WINDOWPOS_UNDEFINED,
                                  SDL_WINDOWPOS_UNDEFINED, o->width, o->height,
                                  SDL_WINDOW_RESIZABLE);
    if (sh->window == NULL) {
        fprintf(stderr, "beatbook: no window: %s\n", SDL_GetError());
        return ERR_UNSUPPORTED;
    }
    SDL_SetWindowMinimumSize(sh->window, 740 * sh->scale / 100,
                             600 * sh->scale / 100);
    sh->view_event = SDL_RegisterEvents(1);
    SDL_StartTextInput();
    return make_surface(sh, o->width, o->height);
}

static void present(struct shell *sh, struct rect damage)
{
    int stride = 0;
    const uint8_t *pixels = render_pixels(sh->render, &stride);
    SDL_Surface *screen = SDL_GetWindowSurface(sh->window);
    SDL_Surface *frame;
    const struct rect px = render_cover(sh->render, damage);
    SDL_Rect r = { px.x, px.y, px.w, px.h };

    if (screen == NULL) {
        return; /* minimised, or between two sizes */
    }
    frame = SDL_CreateRGBSurfaceWithFormatFrom(
        (void *)(uintptr_t)pixels, px.x + px.w, px.y + px.h, 32, stride,
        SDL_PIXELFORMAT_XRGB8888);
    if (frame == NULL) {
        return;
    }
    SDL_BlitSurface(frame, &r, screen, &r);
    SDL_FreeSurface(frame);
    SDL_UpdateWindowSurfaceRects(sh->window, &r, 1);
}

/* Draws the list again and paints what differs; often nothing does. */
static void draw_frame(struct shell *sh)
{
    struct ui *ui = &sh->nav.ui;
    struct rect damage;

    if (!sh->is_dirty) {
        return;
    }
    sh->is_dirty = false;
    nav_draw(&sh->nav, sh->width, sh->height);
    damage = draw_difference(&sh->last, &ui->list);
    if (rect_is_empty(damage)) {
        return;
    }
    render_paint(sh->render, ui->engine, &ui->list, damage);
    present(sh, damage);
    draw_copy(&sh->last, &ui->list);
}

static void on_window(struct shell *sh, const SDL_WindowEvent *ev)
{
    if (ev->event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        const enum err err = make_surface(sh, ev->data1, ev->data2);

        if (err) {
            nav_failed(&sh->nav, err);
        }
    } else if (ev->event == SDL_WINDOWEVENT_EXPOSED) {
        sh->last.width = 0;
        sh->is_dirty = true;
    }
}

/* SDL counts in pixels, the kit in dp. */
static SDL_Event in_dp(const struct shell *sh, const SDL_Event *ev)
{
    SDL_Event dp = *ev;

    if (ev->type == SDL_MOUSEBUTTONDOWN || ev->type == SDL_MOUSEBUTTONUP) {
        dp.button.x = ev->button.x * 100 / sh->scale;
        dp.button.y = ev->button.y * 100 / sh->scale;
    } else if (ev->type == SDL_MOUSEMOTION) {
        dp.motion.x = ev->motion.x * 100 / sh->scale;
        dp.motion.y = ev->motion.y * 100 / sh->scale;
    } else if (ev->type == SDL_MOUSEWHEEL) {
        int x = 0;
        int y = 0;

        (void)SDL_GetMouseState(&x, &y); /* the event itself has no place */
        dp.wheel.mouseX = x * 100 / sh->scale;
        dp.wheel.mouseY = y * 100 / sh->scale;
    }
    return dp;
}

static void on_event(struct shell *sh, const SDL_Event *ev)
{
    const SDL_Event dp = in_dp(sh, ev);

    if (ev->type == SDL_QUIT) {
        sh->quits = true;
    } else if (ev->type == SDL_WINDOWEVENT) {
        on_window(sh, &ev->window);
    } else if (ev->type == sh->view_event) {
        if (bridge_take(sh->bridge)) {
            nav_changed(&sh->nav);
            sh->is_dirty = true;
        }
        sh->is_dirty |= sh->map != NULL && map_take(sh->map);
    } else if (keys_event(&sh->nav, &dp, (int64_t)SDL_GetTicks64())) {
        sh->is_dirty = true;
    }
}

static void wait_for_event(struct shell *sh, int timeout_ms)
{
    SDL_Event ev;
    int got;

    got = timeout_ms < 0 ? SDL_WaitEvent(&ev)
                         : SDL_WaitEventTimeout(&ev, timeout_ms);
    while (got) {
        on_event(sh, &ev);
        got = SDL_PollEvent(&ev);
    }
}

/* True when a script made a step, so there is no reason to wait. */
static bool script_turn(struct shell *sh)
{
    enum script_result result;

    if (sh->script == NULL || !bridge_is_idle(sh->bridge) ||
        (sh->map != NULL && !map_is_idle(sh->map))) {
        return false;
    }
    result = script_step(sh->script, &sh->nav, sh->render,
                         (int64_t)SDL_GetTicks64());
    if (result == SCRIPT_WAITS) {
        return false;
    }
    sh->is_dirty = true;
    if (result == SCRIPT_STAYS) {
        script_close(sh->script);
        sh->script = NULL;
        return true;
    }
    sh->quits = result != SCRIPT_GOES_ON;
    sh->exit_code = result == SCRIPT_FAILED ? 1 : 0;
    return true;
}

static int next_wait(struct shell *sh)
{
    const int rest = cue_rest(sh->cues);
    int tick = nav_next_tick(&sh->nav);

    tick = rest >= 0 && (tick < 0 || tick > rest) ? rest : tick;
    /* A waiting script looks again: its deadline must come to pass. */
    if (sh->script != NULL && (tick < 0 || tick > SCRIPT_LOOK_MS)) {
        return SCRIPT_LOOK_MS;
    }
    return tick;
}

/* What was just told, and how long SOS is held. */
static void give_cues(struct shell *sh)
{
    const struct view_told *told = &app_views(sh->nav.app)->told;
    const int held = sh->nav.ui.held_permille;

    if (told->serial != sh->told) {
        sh->told = told->serial;
        cue_play(sh->cues, cue_of_told(told));
    }
    cue_play(sh->cues, cue_of_hold(sh->held, held));
    sh->held = held;
}

static void loop(struct shell *sh)
{
    while (!sh->quits) {
        sh->is_dirty |= nav_tick(&sh->nav, (int64_t)SDL_GetTicks64());
        give_cues(sh);
        draw_frame(sh);
        wait_for_event(sh, script_turn(sh) ? 0 : next_wait(sh));
    }
}

/* A map that can't be opened says so on its screen; the rest goes on. */
static void open_map(struct shell *sh, const char *path)
{
    if (path == NULL || map_new(&sh->map)) {
        return;
    }
    bridge_set_map(sh->bridge, sh->map);
    map_set_event(sh->map, sh->view_event);
    if (map_open(sh->map, path)) {
        fprintf(stderr, "beatbook: the map's path is too long\n");
    }
}

static enum err start(struct shell *sh, const struct shell_options *o,
                      const struct app_backend *backend, void *ctx)
{
    enum err err;

    sh->scale = o->scale;
    sh->cues = cue_new(o->has_sound, o->has_shake && o->script == NULL);
    err = open_window(sh, o);

    if (err)
        return err;
    err = bridge_open(backend, ctx, true, &sh->bridge);
    if (err)
        return err;
    err = nav_init(&sh->nav, bridge_app(sh->bridge), o->po_dir);
    if (err)
        return err;
    bridge_set_event(sh->bridge, sh->view_event);
    open_map(sh, o->map);
    nav_set_theme(&sh->nav, o->theme);
    nav_set_text(&sh->nav, o->percent);
    err = nav_set_language(&sh->nav, o->lang);
    if (err) {
        fprintf(stderr, "beatbook: no texts for language %s\n", o->lang);
        return err;
    }
    if (o->script != NULL) {
        return script_open(o->script, &sh->script);
    }
    return ERR_OK;
}

int shell_run(const struct shell_options *options,
              const struct app_backend *backend, void *ctx)
{
    struct shell *sh = calloc(1, sizeof(*sh));
    int code;
    enum err err;

    if (sh == NULL) {
        return 1;
    }
    err = start(sh, options, backend, ctx);
    if (err) {
        fprintf(stderr, "beatbook: cannot start: %s\n", err_text(err));
        sh->exit_code = 1;
    } else {
        loop(sh);
    }
    cue_free(sh->cues);
    script_close(sh->script);
    bridge_close(sh->bridge);
    map_free(sh->map);
    nav_fini(&sh->nav);
    render_free(sh->render);
    if (sh->window != NULL) {
        SDL_DestroyWindow(sh->window);
    }
    SDL_Quit();
    code = sh->exit_code;
    free(sh);
    return code;
}
