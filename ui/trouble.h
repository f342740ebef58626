/*
 * trouble.h - why nothing is sent, and what the person with the tablet can
 * do about it, in words of the reader's language.
 */
#ifndef UI_TROUBLE_H
#define UI_TROUBLE_H

#include "ui/view.h"

/* NULL for TROUBLE_NONE: there is simply no signal. */
const char *trouble_title(enum view_trouble trouble);
const char *trouble_advice(enum view_trouble trouble);

#endif /* UI_TROUBLE_H */
