/*
 * keys.h - SDL's touches, clicks and keys as the kit's (design, 5).
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <SDL.h>

#include "ui/nav.h"

/* True when the frame must be drawn again. */
bool keys_event(struct nav *nav, const SDL_Event *ev, int64_t ms);

#endif /* UI_KEYS_H */
