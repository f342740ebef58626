/*
 * evlog_salvage.h - a new store from what is left of a damaged one: its
 * readable rows, then the safety copy. What was unsent is recorded again in
 * a new incarnation, each naming the old; so is all that was sent where the
 * last receipt can't be read, as the server may have been put back since.
 * What was received and can't be read comes again with the next syncs.
 */
#ifndef CORE_EVLOG_SALVAGE_H
#define CORE_EVLOG_SALVAGE_H

#include "core/store.h"

struct salvage_report {
    bool is_file_readable;  /* at least its first page */
    uint64_t from_file;     /* entries */
    uint64_t from_safety;   /* own entries that only the safety copy had */
    uint64_t unsent;        /* recorded again: they wait for the next sync */
    uint64_t lost_rows;     /* places of the file that can't be read */
    uint64_t safety_damage; /* places of the safety copy, likewise */
};

/*
 * `fresh` names a file that doesn't exist yet; one transaction: after an
 * error it is to be removed. `damaged` may have no file at all.
 * ERR_NOT_FOUND: neither the file nor the copy says who this tablet is: it
 * has to be enrolled anew, with the damaged folder kept.
 */
MUST_USE enum err evlog_salvage(const struct store_options *damaged,
                                const struct store_options *fresh,
                                struct salvage_report *out);

#endif /* CORE_EVLOG_SALVAGE_H */
