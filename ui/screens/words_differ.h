/*
 * words_differ.h - which words of a text another version does not have.
 */
#ifndef UI_SCREENS_WORDS_DIFFER_H
#define UI_SCREENS_WORDS_DIFFER_H

#include "ui/kit/text.h"

/*
 * Spans (TEXT_BOLD) of the words of `text` that are not among those that
 * both have in the same order, at most TEXT_SPANS_MAX: close ones become
 * one. Words are compared without case of A-Z and without punctuation at
 * their ends. None when the texts are the same or share no word: then the
 * whole of both differs, and bold would say nothing.
 */
int words_differ(const char *text, const char *other,
                 struct text_span out[TEXT_SPANS_MAX]);

#endif /* UI_SCREENS_WORDS_DIFFER_H */
