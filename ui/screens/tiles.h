/* tiles.h - what can be logged: icon, name and form of each tile. */
#ifndef UI_SCREENS_TILES_H
#define UI_SCREENS_TILES_H

#include "ui/kit/icons.h"
#include "ui/view.h"

struct tile_look {
    enum icon icon;
    const char *label; /* tr() it */
    const char *kind;
};
extern const struct tile_look tiles_looks[TILE__COUNT];

#endif /* UI_SCREENS_TILES_H */
