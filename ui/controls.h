/*
 * controls.h - the identity of each control, as an enum; see controls.def.
 */
#ifndef UI_CONTROLS_H
#define UI_CONTROLS_H

#define C(NAME, name) CTL_##NAME,
enum control {
    CTL_NONE,
#include "ui/controls.def"
    CTL__COUNT
};
#undef C

extern const char *const control_names[CTL__COUNT];

#endif /* UI_CONTROLS_H */
