#include "sync-server/sandbox.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

enum err sandbox_child(void)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0) != 0)
        return ERR_DENIED;
    return ERR_OK;
}

enum err sandbox_user(const char *name)
{
    const struct passwd *user;

    if (name == NULL || geteuid() != 0)
        return ERR_OK;
    user = getpwnam(name);
    if (user == NULL)
        return ERR_NOT_FOUND;
    if (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 ||
        setuid(user->pw_uid) != 0)
        return ERR_DENIED;
    /* It must not be possible to go back. */
    return setuid(0) == 0 ? ERR_DENIED : ERR_OK;
}
