#include "ui/controls.h"

#define C(NAME, name) name,
const char *const control_names[CTL__COUNT] = {
    "none",
#include "ui/controls.def"
};
#undef C
