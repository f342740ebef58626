#include "ui/screens/tiles.h"

#include <string.h>

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

enum go tiles_open(struct nav *nav, const char *kind,
                   const struct log_spot *spot)
{
    const enum err err = spot != NULL ? app_open_log_at(nav->app, kind, spot)
                                      : app_open_log(nav->app, kind);

    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return strcmp(kind, "asb") == 0 ? GO_LOG : GO_FORM;
}
