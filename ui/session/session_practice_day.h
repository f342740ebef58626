/*
 * session_practice_day.h - what the tablet to practise on starts with: the
 * definitions and the sample day that the program carries.
 */
#ifndef UI_SESSION_SESSION_PRACTICE_DAY_H
#define UI_SESSION_SESSION_PRACTICE_DAY_H

#include "ui/session/session.h"

/* The council's name, forms, categories, areas, one briefing. Inside a
 * transaction of the log. */
MUST_USE enum err session_practice_day_define(struct session *s);
/* The day's records and lines, as `officer`'s, who is signed out after. */
MUST_USE enum err session_practice_day_play(struct session *s,
                                            const struct uuid *officer);

#endif /* UI_SESSION_SESSION_PRACTICE_DAY_H */
