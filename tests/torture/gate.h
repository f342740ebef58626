/*
 * gate.h - every malloc, calloc and realloc of a test program, whoever
 * asks: our code, SQLite, mbedTLS, zstd, libcbor, the C library. The n-th
 * one from arming on fails, alone or with all that follow.
 *
 * The functions themselves are in gate_heap.c, also where the
 * address sanitizer is below them. One thread.
 */
#ifndef TESTS_TORTURE_GATE_H
#define TESTS_TORTURE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counting starts at 1; `nth` 0 only counts. */
void gate_arm(uint64_t nth, bool is_lasting);
void gate_disarm(void);
uint64_t gate_count(void); /* asked for while armed */
uint64_t gate_fired(void); /* refused while armed */
int64_t gate_live(void);   /* blocks that are allocated now */

/* For the simulation's own memory, between calls of these two. */
void gate_pause(void);
void gate_resume(void);

/* For gate_heap.c. */
bool gate_fails(void);
void gate_born(const void *p);
void gate_died(const void *p);

#endif /* TESTS_TORTURE_GATE_H */
