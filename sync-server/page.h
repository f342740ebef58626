/*
 * page.h - the console's pages: templates, styles, and one function a page.
 *
 * A page loads rows into a struct, checks the right, and fills templates
 * (html.h). It works without JavaScript; there is none.
 */
#ifndef SYNC_SERVER_PAGE_H
#define SYNC_SERVER_PAGE_H

#include "sync-server/html.h"
#include "sync-server/route.h"
#include "sync-server/session.h"

/* Templates and styles, loaded once at start (names in page.c). */
MUST_USE enum err page_open(const char *share_dir);
/* Text of a template; empty when page_open() was not called. */
struct bytes page_template(const char *name);

/* Appends one filled template. */
void page_put(struct buf *out, const char *template_name,
              const struct html_value *values, size_t count);
/* The whole answer: `main` inside the page's frame. */
enum err page_reply(struct route_call *call, int status, const char *title,
                    const struct buf *main, const struct session *session);
enum err page_message(struct route_call *call, int status, const char *title,
                      const char *text);
enum err page_redirect(struct route_call *call, const char *path);

enum err page_start(struct route_call *call);        /* GET / */
enum err page_style(struct route_call *call);        /* GET /style/... */
enum err page_sign_in(struct route_call *call);      /* GET /sign-in */
enum err page_sign_in_post(struct route_call *call); /* POST /sign-in */
enum err page_sign_out(struct route_call *call);     /* POST /sign-out */
enum err page_records(struct route_call *call);      /* GET /records */

#endif /* SYNC_SERVER_PAGE_H */
