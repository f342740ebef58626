/*
 * text.h - UTF-8 from outside: is it valid, how many characters has it.
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/base.h"

/*
 * RFC 3629: shortest form, no surrogates, nothing above U+10FFFF. NUL is
 * valid UTF-8; who needs a C string looks for it too.
 */
bool text_is_utf8(const char *text, size_t len);
/* Bytes of the one character that begins `text`; 0: none that is valid. */
size_t text_char(const char *text, size_t len);

/* Code points of valid UTF-8. */
size_t text_chars(const char *text, size_t len);

#endif /* CORE_TEXT_H */
