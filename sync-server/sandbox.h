/*
 * sandbox.h - giving up rights, for good, once a process has what it needs.
 *
 * sandbox_seccomp.c allows each process just the system calls of its work;
 * the others fail with EPERM. sandbox_none.c is for systems and builds
 * without seccomp (sanitizers) and says so loudly.
 */
#ifndef SYNC_SERVER_SANDBOX_H
#define SYNC_SERVER_SANDBOX_H

#include "core/base.h"

enum sandbox_role {
    SANDBOX_TLS,  /* accepts and uses sockets; opens nothing */
    SANDBOX_HTTP, /* reads and writes what is open already */
    SANDBOX_STORE /* opens files below one folder; makes no network socket */
};

/* Ends with the parent, gains nothing by exec, leaves no core dump. */
MUST_USE enum err sandbox_child(void);
/* To user `name` if this is root and `name` isn't NULL. */
MUST_USE enum err sandbox_user(const char *name);
/*
 * Before anything that may set up io_uring: libuv does where the kernel has
 * it, and a ring's operations pass by the filters. Makes it seem absent.
 */
MUST_USE enum err sandbox_no_rings(void);
MUST_USE enum err sandbox_enter(enum sandbox_role role);

#endif /* SYNC_SERVER_SANDBOX_H */
