/*
 * coverage.h - read first by core's files where coverage is measured: the
 * branch of an ASSERT that never happens is none to be reached.
 */
#ifndef TESTS_COVERAGE_H
#define TESTS_COVERAGE_H

#include "core/base.h"

#undef ASSERT
#define ASSERT(expr) ((void)(expr))

#endif /* TESTS_COVERAGE_H */
