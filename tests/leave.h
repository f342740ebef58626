/*
 * leave.h - how a forked process of a test ends: at once, without its
 * parent's exit handlers, but with what it covered written down.
 */
#ifndef TESTS_LEAVE_H
#define TESTS_LEAVE_H

#include <stddef.h>
#include <unistd.h>

/* clang's, in a build with -fprofile-instr-generate only. NOLINTNEXTLINE */
extern int __llvm_profile_write_file(void) __attribute__((weak));

_Noreturn static inline void leave(int code)
{
    if (__llvm_profile_write_file != NULL) {
        __llvm_profile_write_file();
    }
    _exit(code);
}

#endif /* TESTS_LEAVE_H */
