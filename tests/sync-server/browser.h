/*
 * browser.h - a browser in front of the console of desk.h: it keeps the
 * cookies that it was given, and sends what the page's form holds.
 */
#ifndef TESTS_SYNC_SERVER_BROWSER_H
#define TESTS_SYNC_SERVER_BROWSER_H

#include "sync-server/session.h"
#include "tests/sync-server/desk.h"

struct browser {
    char session[SESSION_TOKEN], form[SESSION_TOKEN];
    struct service_response r; /* the last answer; free r.body */
};

/* The page's text, until the next call. `path` may have a query. */
const char *browser_ask(struct desk *d, struct browser *b,
                        enum service_method method, const char *path,
                        const char *body);
void browser_sign_in(struct desk *d, struct browser *b, const char *number,
                     const char *pass);

/* Someone with a role; under the passphrase lies a key, as the command line
 * makes it. */
struct browser_officer {
    const char *number, *name, *role, *pass;
};
void browser_add_officer(struct desk *d, const struct browser_officer *o);
/* Writes the page where PAGE_OUT says, to look at it: DIR/NAME.html. */
void browser_keep(const char *name, const char *page);

#endif /* TESTS_SYNC_SERVER_BROWSER_H */
