#include "ui/screens/tiles.h"

#include "ui/kit/tr.h"

const struct tile_look tiles_looks[TILE__COUNT] = {
    { ICON_ASB, N_("Anti-social behaviour"), "asb" },
    { ICON_ENV, N_("Environmental"), "env" },
    { ICON_HATE, N_("Hate crime"), "hate" },
    { ICON_CARE, N_("Vulnerable person"), "care" },
    { ICON_EYE, N_("Suspicious activity"), "suspicious" },
    { ICON_SHIELD, N_("Protective security"), "security" },
    { ICON_CAR, N_("Vehicle"), "vehicle" },
    { ICON_TENSION, N_("Community tension"), "tension" },
    { ICON_PREVENT, N_("Prevent concern"), "prevent" },
    { ICON_FPN, N_("Fixed penalty"), "notice" },
};
