#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/limits.h"
#include "platform/linux/photo_decode.h"

/* A sanitizer needs its shadow memory and its own system calls. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PHOTO_JAIL_OPEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define PHOTO_JAIL_OPEN 1
#endif
#endif

#ifdef PHOTO_JAIL_OPEN

enum err photo_jail_limits(void)
{
    return ERR_OK;
}

enum err photo_jail_close(void)
{
    return ERR_OK;
}

#else

static bool limit(int what, rlim_t most)
{
    const struct rlimit both = { most, most };

    return setrlimit((__rlimit_resource_t)what, &both) == 0;
}

enum err photo_jail_limits(void)
{
    return limit(RLIMIT_AS, PHOTO_MEMORY_MAX_BYTES) &&
                   limit(RLIMIT_CPU, PHOTO_TIMEOUT_MS / 1000) &&
                   limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
                   limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, 0)
               ? ERR_OK
               : ERR_DENIED;
}

enum err photo_jail_close(void)
{
    static const int calls[] = { SCMP_SYS(brk),    SCMP_SYS(mmap),
                                 SCMP_SYS(munmap), SCMP_SYS(mremap),
                                 SCMP_SYS(futex),  SCMP_SYS(exit_group) };
    scmp_filter_ctx filter;
    int rc = 0;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) {
        return ERR_DENIED;
    }
    filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < ARRAY_LEN(calls) && rc == 0; i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    }
    if (rc == 0) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                              SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO));
    }
    if (rc == 0) {
        rc = seccomp_load(filter);
    }
    seccomp_release(filter);
    return rc == 0 ? ERR_OK : ERR_DENIED;
}

#endif
