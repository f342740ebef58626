/*
 * order.h - what the council orders about one record: a legal hold, its
 * release, its erasure. Each order is an event of the server's own, goes to
 * every tablet before anything else, and stands in a journal beside the
 * database, so that a restored server carries it out again before it opens.
 *
 * Erasing takes salts, bodies and files; headers, links and seals stay. It
 * holds for what arrives later, and for what hangs on the record (persons,
 * photos, rows). It is refused while a hold stands on any of these.
 */
#ifndef SYNC_SERVER_ORDER_H
#define SYNC_SERVER_ORDER_H

#include "sync-server/accept.h"
#include "sync-server/sdb_order.h"

struct order_ask {
    struct uuid record;
    const char *reason; /* stays for good: a case number, no names */
    struct uuid officer;
};

/* One transaction each; `text` says in plain words what was done, or why it
 * was not. ERR_CLOSED: a hold stands. ERR_EXISTS: it was done before. */
MUST_USE enum err order_erase(struct council *c, const struct order_ask *ask,
                              struct buf *text);
MUST_USE enum err order_hold(struct council *c, const struct order_ask *ask,
                             struct buf *text);
MUST_USE enum err order_release(struct council *c, const struct order_ask *ask,
                                struct buf *text);
/* Every erasure, and the tablets that have not confirmed it. */
MUST_USE enum err order_list(struct council *c, struct buf *text);

/* Inside a transaction: our event, its row, and what it takes away; nothing
 * when the order is held. For the journal and for what tablets give back. */
MUST_USE enum err order_apply(struct council *c, const struct sdb_order *o,
                              bool *is_new_out);

/* An order of ours that a tablet gives back after a restore. */
MUST_USE enum err order_given_back(struct council *c,
                                   const struct accept_event *ev);

/* Is the arriving event about something erased? Its body is dropped then,
 * and `*ordered_out` names the order to make for it, or is NULL. */
enum order_cover { ORDER_NONE, ORDER_RECORD, ORDER_PARENT };
MUST_USE enum err order_covers(struct council *c, const struct accept_event *ev,
                               enum order_cover *out);
/* For ORDER_PARENT, after the event is stored: the child is erased, too. */
MUST_USE enum err order_erase_child(struct council *c,
                                    const struct accept_event *ev);

/* Outside transactions: removes files, empties the write-ahead log. What
 * can't be done now is done at the next call. */
MUST_USE enum err order_flush(struct council *c);

#endif /* SYNC_SERVER_ORDER_H */
