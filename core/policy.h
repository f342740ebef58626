/*
 * policy.h - what a council decides for patrols, as data: assets/policy.json,
 * which it publishes (kind `power`, id "policy") and may change.
 *
 *   { "id": "policy", "version", "date": "2026-11-22",
 *     "check_in_minutes", "check_in_grace_minutes", "hotspot_cap_minutes",
 *     "text", ? "sources": [ key ], ? "to_be_confirmed": true }
 */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/base.h"

#define POLICY_ID        "policy"
#define POLICY_DATE_SIZE 16

struct policy {
    char date[POLICY_DATE_SIZE]; /* of its making; "": none was published */
    int64_t check_in_ms;         /* "I'm OK" is due so often */
    int64_t check_in_grace_ms;   /* the control room is told so much later */
    uint64_t hotspot_cap_ms;     /* what a shift counts in one hotspot */
    bool is_to_be_confirmed;     /* by the council */
};

/* What holds until a council has published one. */
struct policy policy_before(void);
/* ERR_BAD_DATA: not of this shape, or beyond the bounds in limits.h; `out`
 * is policy_before() then. */
MUST_USE enum err policy_parse(const char *json, size_t len,
                               struct policy *out);

#endif /* CORE_POLICY_H */
