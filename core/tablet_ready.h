/*
 * tablet_ready.h - what the store can say before a shift: does the chain
 * fit, are the council's forms here, when was the last receipt.
 */
#ifndef CORE_TABLET_READY_H
#define CORE_TABLET_READY_H

#include "core/tablet.h"

struct tablet_ready {
    uint64_t entries;  /* of the own chain, computed again from their bytes */
    bool is_whole;     /* they and the head fit */
    unsigned forms;    /* that the council published */
    int64_t synced_ms; /* UTC, of the newest receipt; 0: none */
};
/* The newest READY_EVENTS_MAX entries: what a shift adds to, in a moment;
 * all of it is store_fsck()'s. */
MUST_USE enum err tablet_ready(struct tablet *t, struct tablet_ready *out);

#endif /* CORE_TABLET_READY_H */
