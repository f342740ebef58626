/* sandbox_seccomp.c - system call filters by libseccomp. */
#include <errno.h>
#include <seccomp.h>
#include <stddef.h>

#include "sync-server/sandbox.h"

/* What every process of ours needs: memory, clocks, its open pipes. */
static const char *const common[] = {
    "brk",
    "mmap",
    "munmap",
    "mremap",
    "madvise",
    "mprotect",
    "futex",
    "getrandom",
    "clock_gettime",
    "clock_nanosleep",
    "gettimeofday",
    "time",
    "read",
    "write",
    "readv",
    "writev",
    "recvfrom",
    "sendto",
    "recvmsg",
    "sendmsg",
    "close",
    "poll",
    "ppoll",
    "epoll_wait",
    "epoll_pwait",
    "epoll_ctl",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    "restart_syscall",
    "exit",
    "exit_group",
    "getpid",
    "gettid",
    "getppid",
    "tgkill",
    "sched_yield",
    "rseq",
    "set_robust_list",
    "membarrier",
    "shutdown",
    "eventfd2",
};

static const char *const tls_calls[] = {
    "accept4",    "accept", "getsockname", "getpeername", "setsockopt",
    "getsockopt", "ioctl",  "fcntl",       "dup3",
};

static const char *const http_calls[] = { "ioctl", "fcntl" };

/* SQLite and the blob files; accept is for the local control socket. */
static const char *const store_calls[] = {
    "accept",
    "accept4",
    "open",
    "openat",
    "fstat",
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "access",
    "faccessat",
    "faccessat2",
    "lseek",
    "pread64",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "fcntl",
    "flock",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "rmdir",
    "getdents64",
    "getcwd",
    "readlink",
    "readlinkat",
    "chmod",
    "fchmod",
    "fchmodat",
    "geteuid",
    "getuid",
    "getgid",
    "getegid",
    "umask",
    "sysinfo",
    "uname",
    "fstatfs",
    "statfs",
    "dup",
    "utimensat",
    "nanosleep",
    "prlimit64",
    "copy_file_range",
    "sync_file_range",
    "fchown",
    "lchown",
    "getrusage",
    "ioctl",
    "link",
    "linkat",
};

static bool allow(scmp_filter_ctx filter, const char *const *names,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int number = seccomp_syscall_resolve_name(names[i]);
        int code;

        if (number == __NR_SCMP_ERROR || number < 0)
            continue; /* this machine has no such call */
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
        if (code != 0 && code != -EEXIST)
            return false;
    }
    return true;
}

enum err sandbox_enter(enum sandbox_role role)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok;

    if (filter == NULL)
        return ERR_NOMEM;
    ok = allow(filter, common, ARRAY_LEN(common));
    switch (role) {
    case SANDBOX_TLS:
        ok = ok && allow(filter, tls_calls, ARRAY_LEN(tls_calls));
        break;
    case SANDBOX_HTTP:
        ok = ok && allow(filter, http_calls, ARRAY_LEN(http_calls));
        break;
    case SANDBOX_STORE:
        ok = ok && allow(filter, store_calls, ARRAY_LEN(store_calls));
        break;
    }
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok ? ERR_OK : ERR_DENIED;
}

enum err sandbox_no_rings(void)
{
    const int number = seccomp_syscall_resolve_name("io_uring_setup");
    scmp_filter_ctx filter;
    bool ok;

    if (number == __NR_SCMP_ERROR)
        return ERR_OK; /* neither the library nor this machine knows it */
    filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return ERR_NOMEM;
    ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0) == 0 &&
         seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok ? ERR_OK : ERR_DENIED;
}
