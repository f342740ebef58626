#include "ui/trouble.h"

#include <stddef.h>

#include "ui/kit/tr.h"

const char *trouble_title(enum view_trouble trouble)
{
    switch (trouble) {
    case TROUBLE_DATE:
        return tr("This tablet’s date looks wrong");
    case TROUBLE_STRANGER:
        return tr("Not the council’s server");
    case TROUBLE_EXPIRED:
        return tr("This tablet’s certificate has run out");
    case TROUBLE_ENDED:
        return tr("The council ended this tablet’s access");
    case TROUBLE_SERVER:
        return tr("The server does not take it now");
    case TROUBLE_NONE:
        break;
    }
    return NULL;
}

const char *trouble_advice(enum view_trouble trouble)
{
    switch (trouble) {
    case TROUBLE_DATE:
        return tr("The server’s certificate does not fit this date. Set date "
                  "and time; if they are right, tell the administrator.");
    case TROUBLE_STRANGER:
        return tr("A Wi-Fi sign-in page answers, or a network that reads "
                  "along. Sign in to the Wi-Fi, or use another network.");
    case TROUBLE_EXPIRED:
        return tr("Ask the administrator to let it renew.");
    case TROUBLE_ENDED:
        return tr("Bring it to the office: what waits can be carried over.");
    case TROUBLE_SERVER:
        return tr("It is tried again by itself. If this lasts, tell the "
                  "administrator.");
    case TROUBLE_NONE:
        break;
    }
    return NULL;
}
