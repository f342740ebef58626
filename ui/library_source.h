/*
 * library_source.h - where a page of the library comes from, in words: the
 * keys ("R4") are those of the council's own list of sources.
 */
#ifndef UI_LIBRARY_SOURCE_H
#define UI_LIBRARY_SOURCE_H

/* English: tr() it. NULL for a key that isn't known here. */
const char *library_source(const char *key);

#endif /* UI_LIBRARY_SOURCE_H */
