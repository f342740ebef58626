/*
 * prune.h - making room on a tablet: content that the council's server has
 * had for long enough goes, headers and links stay, and lists say "kept by
 * the council". All times are the server's clock, never the tablet's.
 *
 * A mark a day says: up to this event nothing of ours waited. A record goes
 * when a mark older than the server's `keep_days` covers all its events,
 * unless it is in conflict, refused, under a legal hold, or has a photo that
 * no receipt names. Definitions, patrols, books and tasks stay: the programs
 * need them.
 */
#ifndef CORE_PRUNE_H
#define CORE_PRUNE_H

#include "core/evlog.h"

/*
 * After a verified answer: notes the mark of the day and prunes some
 * records. `*from` is 0 at first; when it is not 0 afterwards, there are
 * more: call again with the next answer. Unchanged after an error.
 */
MUST_USE enum err prune_step(struct evlog *log, int64_t server_ms,
                             uint64_t keep_days, int64_t *from);
/* The server lost what it had confirmed: marks mean nothing any more. */
MUST_USE enum err prune_forget(struct store *s);

#endif /* CORE_PRUNE_H */
