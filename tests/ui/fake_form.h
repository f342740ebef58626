/*
 * fake_form.h - the forms that we ship, in memory: the worker's own pages
 * over assets/, without a store.
 */
#ifndef TESTS_UI_FAKE_FORM_H
#define TESTS_UI_FAKE_FORM_H

#include "tests/ui/fake_app.h"

/* Opens a tile's form, empty or as it was left. */
void fake_form_open(struct fake_app *f, const char *kind);
/* CMD_PUT_FIELD, CMD_SIGN_FIELD, CMD_OPEN_ROW, CMD_DROP_ROW, CMD_SAVE_FORM;
 * true when the form was whole and is saved. */
bool fake_form_handle(struct fake_app *f, const struct command *cmd);
/* What stands under this key in the open draft; "": nothing. */
const char *fake_form_answer(const struct fake_app *f, const char *key);
void fake_form_close(struct fake_app *f); /* frees everything */

#endif /* TESTS_UI_FAKE_FORM_H */
