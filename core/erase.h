/*
 * erase.h - what is removed for good. An order of the council (operation
 * erase-body) removes salt, body and every trace of what the events of its
 * record said; headers, links and seals stay, so every chain still holds.
 *
 * That a record is erased is a function of the events held: a body that
 * arrives later is dropped, whichever way and in whatever order they come.
 * Files go, and old pages of the database are overwritten, after the commit;
 * a crash in between is made good when the log is opened.
 */
#ifndef CORE_ERASE_H
#define CORE_ERASE_H

#include "core/store.h"

/* Orders about a record: hold, release, erase-body. Their own bodies stay. */
bool erase_is_order(uint64_t op);

/* True when an order to erase this record is held. */
MUST_USE enum err erase_is_ordered(struct store *s, const struct uuid *record,
                                   bool *out);

/* Inside a transaction: drops salts, bodies, content keys, the draft and the
 * names of blobs. The caller projects the record anew. */
MUST_USE enum err erase_record(struct store *s, const struct uuid *record);

/* One event's salt, body and blobs, as above (pruning). */
MUST_USE enum err erase_event(struct store *s, int64_t event,
                              struct bytes header);

/*
 * Outside transactions: removes the files, rewrites the word index, zeroes
 * what the place index leaves behind, empties the write-ahead log. Nothing
 * when nothing is due.
 */
MUST_USE enum err erase_flush(struct store *s);

#endif /* CORE_ERASE_H */
