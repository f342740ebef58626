/*
 * on_map.h - the map's screen on the stage, and a finger on it.
 */
#ifndef TESTS_UI_ON_MAP_H
#define TESTS_UI_ON_MAP_H

#include "tests/test.h"
#include "tests/ui/stage.h"
#include "ui/kit/input.h"
#include "ui/screens/map.h"

/* For cmocka: a stage that shows the map. */
static inline int on_map_open(void **state)
{
    if (stage_open(state)) {
        return -1;
    }
    stage_tap(*state, "rail.map");
    return 0;
}

static inline const struct map_model *on_map_model(const struct stage *s)
{
    return (const struct map_model *)(const void *)s->nav.model;
}

static inline struct map_view on_map_view(const struct stage *s)
{
    const struct target *t = ui_find(&s->nav.ui, "map.ground");

    assert_non_null(t);
    return map_view_now(&s->nav.ui, on_map_model(s),
                        draw_flip(&s->nav.ui.list, t->box));
}

static inline void on_map_touch(struct stage *s, int x, int y)
{
    struct ui_event ev;

    (void)ui_touch_down(&s->nav.ui, x, y, 1000);
    if (ui_touch_up(&s->nav.ui, x, y, 1100, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

#endif /* TESTS_UI_ON_MAP_H */
