/* sandbox_none.c - no system call filter in this build. */
#include "sync-server/note.h"
#include "sync-server/sandbox.h"

enum err sandbox_enter(enum sandbox_role role)
{
    (void)role;
    note("sandbox", "WARNING: this build has no system call filter; "
                    "do not serve a network with it");
    return ERR_OK;
}

enum err sandbox_no_rings(void)
{
    return ERR_OK; /* without filters there is nothing to pass by */
}
