/*
 * html.h - pages out of templates with named holes.
 *
 * {{name}} is escaped for text and quoted attributes, always. {{{raw_name}}}
 * takes HTML that another template made; the name has to start with "raw_",
 * so that a search finds every place. A hole without a value stays empty.
 */
#ifndef SYNC_SERVER_HTML_H
#define SYNC_SERVER_HTML_H

#include "core/buf.h"

struct html_value {
    const char *name;
    const char *text; /* NULL: empty */
};

void html_put_text(struct buf *out, const char *text); /* escaped */
void html_fill(struct buf *out, struct bytes template_text,
               const struct html_value *values, size_t count);

/* One field of an application/x-www-form-urlencoded body, decoded. False
 * when it is missing, too long, malformed or holds a control character. */
bool html_form_get(struct bytes body, const char *name, char *out, size_t size);

/* The same of a text area: line ends are allowed, and come as "\n". */
bool html_form_get_lines(struct bytes body, const char *name, char *out,
                         size_t size);

#endif /* SYNC_SERVER_HTML_H */
