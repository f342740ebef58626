#include "ui/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "ui/kit/input.h"
#include "ui/look.h"

#define FILE_MAX_BYTES ((size_t)256 * 1024)
#define WAIT_MOST_MS   60000
#define DRAG_MOVES     10

struct script {
    struct buf text;
    char dir[512]; /* of the file, with its last slash */
    char *at;      /* next line */
    int line;
    int64_t waits_since_ms; /* 0: does not wait */
};

enum err script_open(const char *path, struct script **script_out)
{
    struct script *s = calloc(1, sizeof(*s));
    const char *slash = strrchr(path, '/');
    FILE *f = fopen(path, "rb");
    char part[4096];
    size_t got;

    if (s == NULL || f == NULL) {
        fprintf(stderr, "beatbook: cannot read script %s\n", path);
        free(s);
        if (f != NULL) {
            fclose(f);
        }
        return ERR_NOT_FOUND;
    }
    buf_init(&s->text, FILE_MAX_BYTES);
    while ((got = fread(part, 1, sizeof(part), f)) > 0) {
        buf_put(&s->text, part, got);
    }
    fclose(f);
    if (s->text.err) {
        script_close(s);
        return ERR_TOO_LONG;
    }
    if (s->text.len > 0 && memchr(s->text.data, '\0', s->text.len) != NULL) {
        fprintf(stderr, "beatbook: a script holds no NUL: %s\n", path);
        script_close(s);
        return ERR_BAD_DATA;
    }
    if (slash != NULL) {
        snprintf(s->dir, sizeof(s->dir), "%.*s/", (int)(slash - path), path);
    }
    buf_put_u8(&s->text, '\0');
    s->at = (char *)s->text.data;
    *script_out = s;
    return ERR_OK;
}

void script_close(struct script *script)
{
    if (script == NULL) {
        return;
    }
    buf_wipe(&script->text); /* it may hold a PIN */
    free(script);
}

static enum script_result fail(const struct script *s, const struct nav *nav,
                               const char *what, const char *arg)
{
    fprintf(stderr, "beatbook: script line %d: %s: %s\n", s->line, what, arg);
    look_print(nav, stderr);
    return SCRIPT_FAILED;
}

typedef enum script_result (*step_fn)(struct script *s, struct nav *nav,
                                      const struct render *render,
                                      const char *arg, int64_t ms);

static enum script_result do_tap(struct script *s, struct nav *nav,
                                 const struct render *render, const char *arg,
                                 int64_t ms)
{
    const struct target *t = ui_find(&nav->ui, arg);
    struct ui_event ev;

    (void)render;
    (void)ms;
    if (t == NULL) {
        return fail(s, nav, "no such control", arg);
    }
    if (t->flags & UI_DISABLED) {
        return fail(s, nav, "control is disabled", arg);
    }
    (void)ui_reveal(&nav->ui, t); /* so that a shot after it shows it */
    if (ui_tap(&nav->ui, t, &ev)) {
        nav_event(nav, &ev);
    }
    return SCRIPT_GOES_ON;
}

/* As a finger does: a field shows the keyboard. */
static enum script_result do_touch(struct script *s, struct nav *nav,
                                   const struct render *render, const char *arg,
                                   int64_t ms)
{
    const struct target *t = ui_find(&nav->ui, arg);
    struct rect seen;
    struct ui_event ev;

    (void)render;
    seen = t != NULL ? rect_intersect(t->box, t->clip) : rect_make(0, 0, 0, 0);
    if (rect_is_empty(seen)) {
        return fail(s, nav, "no such control in sight", arg);
    }
    (void)ui_touch_down(&nav->ui, seen.x + seen.w / 2, seen.y + seen.h / 2, ms);
    nav->ui.tapped.id = 0; /* a script is never too quick */
    if (ui_touch_up(&nav->ui, seen.x + seen.w / 2, seen.y + seen.h / 2, ms,
                    &ev)) {
        nav_event(nav, &ev);
    }
    return SCRIPT_GOES_ON;
}

static enum script_result do_type(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    struct ui_event ev;

    (void)render;
    (void)ms;
    if (nav->ui.field.id != 0) {
        if (ui_type(&nav->ui, arg, &ev)) {
            nav_event(nav, &ev);
        }
        return SCRIPT_GOES_ON;
    }
    for (; *arg != '\0'; arg++) {
        const char one[2] = { *arg, '\0' };

        if (!ui_type(&nav->ui, one, &ev)) {
            return fail(s, nav, "nothing takes this letter", one);
        }
        nav_event(nav, &ev);
    }
    return SCRIPT_GOES_ON;
}

static const struct {
    const char *name;
    enum ui_key key;
} key_names[] = {
    { "tab", KEY_TAB },     { "back-tab", KEY_BACK_TAB },
    { "enter", KEY_PRESS }, { "escape", KEY_ESCAPE },
    { "left", KEY_LEFT },   { "right", KEY_RIGHT },
    { "up", KEY_UP },       { "down", KEY_DOWN },
    { "home", KEY_FIRST },  { "end", KEY_LAST },
    { "erase", KEY_ERASE }, { "next-part", KEY_NEXT_PART },
};

static enum script_result do_key(struct script *s, struct nav *nav,
                                 const struct render *render, const char *arg,
                                 int64_t ms)
{
    struct ui_event ev = { 0 };

    (void)render;
    (void)ms;
    if (strcmp(arg, "save") == 0 || strcmp(arg, "undo") == 0) {
        ev.kind = arg[0] == 's' ? UI_SAVE : UI_UNDO;
        nav_event(nav, &ev);
        return SCRIPT_GOES_ON;
    }
    for (size_t i = 0; i < ARRAY_LEN(key_names); i++) {
        if (strcmp(key_names[i].name, arg) == 0) {
            if (ui_key_press(&nav->ui, key_names[i].key, &ev)) {
                nav_event(nav, &ev);
            }
            return SCRIPT_GOES_ON;
        }
    }
    return fail(s, nav, "no such key", arg);
}

static enum script_result do_hold(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    struct ui_event ev;

    (void)render;
    if (ui_find(&nav->ui, arg) == NULL) {
        return fail(s, nav, "no such control", arg);
    }
    ui_hold_begin(&nav->ui, arg, ms);
    if (ui_tick(&nav->ui, ms + MS_HOLD_SOS, &ev)) {
        nav_event(nav, &ev);
    }
    return SCRIPT_GOES_ON;
}

/* One stroke of a finger through the middle of it: down, up, down. */
static enum script_result do_draw(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    const struct target *t = ui_find(&nav->ui, arg);
    struct rect r;
    struct ui_event ev;

    (void)render;
    if (t == NULL || (t->flags & UI_DRAWS) == 0) {
        return fail(s, nav, "nothing to draw on", arg);
    }
    r = t->box;
    (void)ui_touch_down(&nav->ui, r.x + r.w / 4, r.y + r.h / 4, ms);
    (void)ui_touch_move(&nav->ui, r.x + r.w / 3, r.y + r.h * 2 / 3);
    (void)ui_touch_move(&nav->ui, r.x + r.w / 2, r.y + r.h / 3);
    if (ui_touch_up(&nav->ui, r.x + r.w * 2 / 3, r.y + r.h * 3 / 5, ms, &ev)) {
        nav_event(nav, &ev);
    }
    return SCRIPT_GOES_ON;
}

/* A finger that goes DX DY dp from the middle of what can be dragged. */
static enum script_result do_drag(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    const struct target *t;
    char name[64];
    int dx = 0;
    int dy = 0;
    int x;
    int y;
    struct ui_event ev;

    (void)render;
    if (sscanf(arg, "%63s %d %d", name, &dx, &dy) != 3 ||
        (t = ui_find(&nav->ui, name)) == NULL || !(t->flags & UI_GROUND)) {
        return fail(s, nav, "nothing to drag", arg);
    }
    x = t->box.x + t->box.w / 2;
    y = t->box.y + t->box.h / 2;
    (void)ui_touch_down(&nav->ui, x, y, ms);
    for (int i = 1; i <= DRAG_MOVES; i++) {
        (void)ui_touch_move(&nav->ui, x + dx * i / DRAG_MOVES,
                            y + dy * i / DRAG_MOVES);
        if (ui_drag_take(&nav->ui, &ev)) {
            nav_event(nav, &ev);
        }
    }
    if (ui_touch_up(&nav->ui, x + dx, y + dy, ms, &ev)) {
        nav_event(nav, &ev);
    }
    return SCRIPT_GOES_ON;
}

static enum script_result do_expect(struct script *s, struct nav *nav,
                                    const struct render *render,
                                    const char *arg, int64_t ms)
{
    (void)render;
    (void)ms;
    return look_has(nav, arg) ? SCRIPT_GOES_ON
                              : fail(s, nav, "not on the screen", arg);
}

static enum script_result do_absent(struct script *s, struct nav *nav,
                                    const struct render *render,
                                    const char *arg, int64_t ms)
{
    (void)render;
    (void)ms;
    return look_has(nav, arg) ? fail(s, nav, "is on the screen", arg)
                              : SCRIPT_GOES_ON;
}

static enum script_result wait_until(struct script *s, struct nav *nav,
                                     const char *arg, int64_t ms, bool is_there)
{
    if (look_has(nav, arg) == is_there) {
        s->waits_since_ms = 0;
        return SCRIPT_GOES_ON;
    }
    if (s->waits_since_ms == 0) {
        s->waits_since_ms = ms + 1;
    }
    if (ms - s->waits_since_ms > WAIT_MOST_MS) {
        return fail(s, nav,
                    is_there ? "did not come within a minute"
                             : "did not go within a minute",
                    arg);
    }
    return SCRIPT_WAITS;
}

static enum script_result do_wait(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    (void)render;
    return wait_until(s, nav, arg, ms, true);
}

static enum script_result do_wait_gone(struct script *s, struct nav *nav,
                                       const struct render *render,
                                       const char *arg, int64_t ms)
{
    (void)render;
    return wait_until(s, nav, arg, ms, false);
}

static enum script_result do_shot(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    char path[1024];

    (void)ms;
    snprintf(path, sizeof(path), "%s%s", arg[0] == '/' ? "" : s->dir, arg);
    if (render_save(render, path) != ERR_OK) {
        return fail(s, nav, "cannot write", path);
    }
    return SCRIPT_GOES_ON;
}

static enum script_result do_attach(struct script *s, struct nav *nav,
                                    const struct render *render,
                                    const char *arg, int64_t ms)
{
    const struct views *v = app_views(nav->app);
    char path[1024];

    (void)render;
    (void)ms;
    snprintf(path, sizeof(path), "%s%s", arg[0] == '/' ? "" : s->dir, arg);
    if (app_attach_photo(nav->app, v->log.draft.id, path) != ERR_OK) {
        return fail(s, nav, "cannot attach", path);
    }
    return SCRIPT_GOES_ON;
}

static enum script_result do_theme(struct script *s, struct nav *nav,
                                   const struct render *render, const char *arg,
                                   int64_t ms)
{
    static const char *const names[] = { "day", "night", "contrast" };

    (void)render;
    (void)ms;
    for (int i = 0; i < THEME__COUNT; i++) {
        if (strcmp(names[i], arg) == 0) {
            nav_set_theme(nav, (enum theme_id)i);
            return SCRIPT_GOES_ON;
        }
    }
    return fail(s, nav, "no such theme", arg);
}

static enum script_result do_lang(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    (void)render;
    (void)ms;
    return nav_set_language(nav, arg) == ERR_OK
               ? SCRIPT_GOES_ON
               : fail(s, nav, "no such language", arg);
}

static enum script_result do_text(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    (void)s;
    (void)render;
    (void)ms;
    nav_set_text(nav, atoi(arg));
    return SCRIPT_GOES_ON;
}

static enum script_result do_stay(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    (void)s;
    (void)nav;
    (void)render;
    (void)arg;
    (void)ms;
    return SCRIPT_STAYS;
}

static enum script_result do_quit(struct script *s, struct nav *nav,
                                  const struct render *render, const char *arg,
                                  int64_t ms)
{
    (void)s;
    (void)nav;
    (void)render;
    (void)arg;
    (void)ms;
    return SCRIPT_ENDED;
}

static const struct {
    const char *word;
    step_fn step;
} steps[] = {
    { "tap", do_tap },
    { "touch", do_touch },
    { "type", do_type },
    { "key", do_key },
    { "hold", do_hold },
    { "expect", do_expect },
    { "absent", do_absent },
    { "wait-for", do_wait },
    { "wait-gone", do_wait_gone },
    { "shot", do_shot },
    { "draw", do_draw },
    { "drag", do_drag },
    { "attach", do_attach },
    { "theme", do_theme },
    { "lang", do_lang },
    { "text", do_text },
    { "stay", do_stay },
    { "quit", do_quit },
};

static enum script_result run_line(struct script *s, struct nav *nav,
                                   const struct render *render,
                                   const char *line, int64_t ms)
{
    const size_t word = strcspn(line, " ");
    const char *arg = line + word + strspn(line + word, " ");

    if (line[0] == '\0' || line[0] == '#') {
        return SCRIPT_GOES_ON;
    }
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (strlen(steps[i].word) == word &&
            strncmp(steps[i].word, line, word) == 0) {
            return steps[i].step(s, nav, render, arg, ms);
        }
    }
    return fail(s, nav, "no such step", line);
}

enum script_result script_step(struct script *script, struct nav *nav,
                               const struct render *render, int64_t ms)
{
    char *line = script->at;
    char *end = strchr(line, '\n');
    enum script_result result;

    if (*line == '\0') {
        return SCRIPT_ENDED;
    }
    if (end != NULL) {
        *end = '\0';
    }
    script->line++;
    result = run_line(script, nav, render, line, ms);
    if (end != NULL) {
        *end = '\n';
    }
    if (result == SCRIPT_WAITS) {
        script->line--;
    } else {
        script->at = end != NULL ? end + 1 : line + strlen(line);
    }
    return result;
}
