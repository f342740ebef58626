/*
 * cbor_gate.h - the one door for CBOR from outside.
 *
 * Stands apart from core/cbor.h only because libcbor's own header declares
 * an `enum cbor_type` too: cbor_gate.c is the one file that sees both.
 */
#ifndef CORE_CBOR_GATE_H
#define CORE_CBOR_GATE_H

#include "core/base.h"

/*
 * Check that `in` is exactly one canonical item. ERR_BAD_DATA if not, with
 * the offset of the item that broke a rule in `*at_out` (may be NULL); for
 * bytes that end too early this is where the unfinished item starts.
 */
MUST_USE enum err cbor_gate(struct bytes in, size_t *at_out);

/*
 * The same for the first item of a longer input (a CBOR sequence, RFC
 * 8742); its length goes to `*used_out`.
 */
MUST_USE enum err cbor_gate_first(struct bytes in, size_t *used_out);

#endif /* CORE_CBOR_GATE_H */
