/* fake_map.h - the map screen of the design, around the officer's place. */
#ifndef TESTS_UI_FAKE_MAP_H
#define TESTS_UI_FAKE_MAP_H

#include "ui/view.h"

void fake_map(struct view_map *m, const struct view_place *own);

#endif /* TESTS_UI_FAKE_MAP_H */
