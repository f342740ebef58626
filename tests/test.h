/*
 * test.h - what every test file needs around cmocka.
 *
 * A test's name is a sentence that can be false. Tests that need real data
 * look for it under BEATBOOK_DATA and skip() where it is missing.
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base.h"

/* `call` returns the named error; both texts are printed when it doesn't. */
#define assert_err(call, want) \
    assert_string_equal(err_text(call), err_text(want))
#define assert_ok(call) assert_err(call, ERR_OK)

/* The analyzer doesn't know that a failed assertion leaves the function. */
#ifdef __clang_analyzer__
#undef assert_non_null
#undef assert_true
#define assert_non_null(p) ((p) ? (void)0 : abort())
#define assert_true(c)     ((c) ? (void)0 : abort())
#endif

/* As cmocka 1 has it: our texts are often bytes, uint8_t *. */
#undef assert_string_equal
#define assert_string_equal(a, b)                                        \
    _assert_string_equal((const char *)(a), (const char *)(b), __FILE__, \
                         __LINE__)

/* The step of a sweep over many places or seeds: 1; `n` where BEATBOOK_COARSE
 * is set, behind a tool with which each costs fifty times as much. The
 * address sanitizer always sees them all. */
static inline size_t test_step(size_t n)
{
    return getenv("BEATBOOK_COARSE") != NULL ? n : 1;
}

/* By lines, so that neither a crash nor a fork loses or repeats a result. */
#define RUN_TESTS(tests)               \
    (setvbuf(stdout, NULL, _IOLBF, 0), \
     cmocka_run_group_tests(tests, NULL, NULL))

#endif /* TESTS_TEST_H */
