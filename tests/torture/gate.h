/*
 * gate.h - what a test program asks others for, and the n-th time from
 * arming on doesn't get, alone or with all that follow. Either memory: every
 * malloc, calloc and realloc, whoever asks: our code, SQLite, mbedTLS, zstd,
 * libcbor, the C library. Or our calls of mem.h, SQLite and mbedTLS that can
 * say no: a list that grows, a statement, a cipher, a signature.
 *
 * The functions themselves are in gate_heap.c, also where the address
 * sanitizer is below them, and in gate_calls.c. One thread.
 */
#ifndef TESTS_TORTURE_GATE_H
#define TESTS_TORTURE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gate_what { GATE_HEAP, GATE_CALLS };

/* The heap, unless another is chosen. */
void gate_choose(enum gate_what what);

/* Counting starts at 1; `nth` 0 only counts. */
void gate_arm(uint64_t nth, bool is_lasting);
void gate_disarm(void);
uint64_t gate_count(void); /* asked for while armed */
uint64_t gate_fired(void); /* refused while armed */
int64_t gate_live(void);   /* blocks that are allocated now */

/* Callers that are told of, at most. */
#define GATE_DEPTH 48

/*
 * From now on each counted call is told: where it returns to in our code,
 * the innermost first, up to the test, whose own code is left out. Needs
 * frame pointers, which the build has; what was built without them ends the
 * list early. NULL: no more.
 */
typedef void gate_seen(void *ctx, uint64_t nth, const uintptr_t *callers,
                       size_t count);
void gate_watch(gate_seen *seen, void *ctx);

/* For the simulation's own memory, between calls of these two. */
void gate_pause(void);
void gate_resume(void);

/* For gate_heap.c and gate_calls.c. */
bool gate_fails(enum gate_what what);
void gate_born(const void *p);
void gate_died(const void *p);

#endif /* TESTS_TORTURE_GATE_H */
