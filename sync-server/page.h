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
/* What failed in a part has failed in the whole. */
void page_carry(struct buf *out, const struct buf *part);
/* The whole answer: `main` inside the page's frame. */
enum err page_reply(struct route_call *call, int status, const char *title,
                    const struct buf *main, const struct session *session);
enum err page_message(struct route_call *call, int status, const char *title,
                      const char *text);
enum err page_redirect(struct route_call *call, const char *path);

enum err page_start(struct route_call *call);         /* GET / */
enum err page_style(struct route_call *call);         /* GET /style/... */
enum err page_sign_in(struct route_call *call);       /* GET /sign-in */
enum err page_sign_in_post(struct route_call *call);  /* POST /sign-in */
enum err page_sign_out(struct route_call *call);      /* POST /sign-out */
enum err page_records(struct route_call *call);       /* GET /records */
enum err page_record(struct route_call *call);        /* GET /records/ID */
enum err page_questions(struct route_call *call);     /* GET /questions */
enum err page_reviews(struct route_call *call);       /* GET /reviews */
enum err page_review(struct route_call *call);        /* GET /reviews/ID */
enum err page_devices(struct route_call *call);       /* GET /devices */
enum err page_device(struct route_call *call);        /* GET /devices/ID */
enum err page_closed(struct route_call *call);        /* GET /closed/... */
enum err page_conflicts(struct route_call *call);     /* GET /conflicts */
enum err page_conflict(struct route_call *call);      /* GET /conflicts/ID */
enum err page_conflict_post(struct route_call *call); /* POST /conflicts/ID */

enum err page_briefings(struct route_call *call);     /* GET /briefings */
enum err page_briefing(struct route_call *call);      /* GET /briefings/... */
enum err page_briefing_post(struct route_call *call); /* POST the same */
enum err page_alarms(struct route_call *call);        /* GET /alarms */
enum err page_alarm_post(struct route_call *call);    /* POST /alarms/ID */
enum err page_tasks(struct route_call *call);         /* GET /tasks */
enum err page_task(struct route_call *call);          /* GET /tasks/new */
enum err page_task_post(struct route_call *call);     /* POST /tasks/... */

/* --- what pages about records share: page_shared.c --- */

struct page_rights {
    bool sees_all;     /* else own records only */
    bool sees_content; /* never an administrator */
    bool decides;      /* team leaders; authors may on their own records */
};
MUST_USE enum err page_rights(struct council *c, const struct session *s,
                              struct page_rights *out);
/* What an officer who doesn't see all is told; empty for others. */
void page_put_rights(const struct page_rights *rights, struct buf *out);

void page_time(int64_t ms, char *out, size_t size); /* UTC */
/* The end of a record's id: its beginning is the time, which records made
 * in one minute share. */
void page_short_id(const char *id, char *out, size_t size);
/* A tag with the number of open alarms, for who may take one; else nothing. */
MUST_USE enum err page_put_alarms(struct council *c, const struct session *s,
                                  struct buf *out);
/* "23 Oct 2026, 15:00", the council's own time. */
void page_local(struct council *c, int64_t ms, char *out, size_t size);
/* One line of an error summary, for the control `target`. */
void page_put_error(struct buf *items, const char *target, const char *text);
/* What an officer may write here; ERR_DENIED was answered by the page. */
MUST_USE enum err page_leader(struct route_call *call, struct session **out,
                              bool *is_answered_out);
/* "Amina Yusuf (4127)", or "unknown". */
void page_officer(struct council *c, const struct uuid *id, char *out,
                  size_t size);
/* The label of a category's id (CBOR text); "Observation" without. */
void page_category(struct council *c, struct bytes value, char *out,
                   size_t size);
/* That somebody looked, on record; for auditors, not for the tablets. */
MUST_USE enum err page_log_access(struct council *c, const struct session *s,
                                  const char *what, uint64_t position);
/* The same with the record looked at; NULL: the list of them. */
MUST_USE enum err page_log_record(struct council *c, const struct session *s,
                                  const char *what, const struct uuid *record);

#endif /* SYNC_SERVER_PAGE_H */
