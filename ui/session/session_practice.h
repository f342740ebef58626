/*
 * session_practice.h - a tablet to practise on: a folder of its own inside
 * the real one, made anew each time, with forms, a beat and a sample day out
 * of the program, and no council. It has no address to send to, and its
 * pump never opens a connection; nothing of it reaches the real store.
 */
#ifndef UI_SESSION_SESSION_PRACTICE_H
#define UI_SESSION_SESSION_PRACTICE_H

#include "ui/session/session.h"

/* Everybody may know it: it opens made-up records. */
#define SESSION_PRACTICE_PIN "000000"

/*
 * Removes what an earlier practice left in options->dir/practice and makes
 * the folder again; locked after. `officer_out`: whose PIN opens it.
 * session_practice_close() removes it for good.
 */
MUST_USE enum err session_practice_open(const struct session_options *options,
                                        struct session **out,
                                        struct uuid *officer_out);
/* Closes the session and removes its folder; NULL is allowed. */
void session_practice_close(const struct session_options *options,
                            struct session *s);

#endif /* UI_SESSION_SESSION_PRACTICE_H */
