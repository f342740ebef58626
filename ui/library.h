/*
 * library.h - the documents that are part of the program, so that no file
 * can be missing when somebody needs the emergency card.
 */
#ifndef UI_LIBRARY_H
#define UI_LIBRARY_H

#include "core/library.h"

#define LIBRARY_HELP 1 /* the document about this tablet itself */

/* In the order of the list; the first is the emergency card. Parsed at the
 * first call and kept; NULL with *count_out 0 when there is no memory. */
const struct library_doc *library_docs(size_t *count_out);
/* Gives the memory back. */
void library_close(void);

#endif /* UI_LIBRARY_H */
