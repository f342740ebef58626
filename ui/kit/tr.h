/*
 * tr.h - texts in the officer's language, from gettext catalogues.
 *
 * We read the .mo files ourselves: the language changes while the program
 * runs, and a tablet need not have that language's system locale (without
 * it libintl gives English only).
 */
#ifndef UI_KIT_TR_H
#define UI_KIT_TR_H

#include "core/base.h"

/* Marks a text for the catalogue where a call cannot stand. */
#define N_(text) text

/*
 * Uses DIR/LANG.mo. "en" needs no file. On failure the language stays.
 * ERR_NOT_FOUND: no such catalogue; ERR_BAD_DATA: not one.
 */
MUST_USE enum err tr_use(const char *dir, const char *lang);
const char *tr_lang(void); /* "en", "cy", "ar" */
bool tr_is_rtl(void);
void tr_close(void);

/* The text in the language, or `text` itself. Valid until tr_use. */
const char *tr(const char *text) __attribute__((format_arg(1)));
/* Singular and plural by the language's own rule. */
const char *trn(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1), format_arg(2)));

#endif /* UI_KIT_TR_H */
