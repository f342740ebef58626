/*
 * audit.h - reads a drawn screen as a strict person would: nothing cut,
 * nothing over another control, large enough, readable.
 */
#ifndef TESTS_UI_AUDIT_H
#define TESTS_UI_AUDIT_H

#include "ui/kit/ui.h"

/* How many faults; each is printed with `what` before it. */
int audit_screen(const struct ui *ui, const char *what);

#endif /* TESTS_UI_AUDIT_H */
