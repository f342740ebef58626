/*
 * page_brief.h - what the pages about briefings and tasks share.
 */
#ifndef SYNC_SERVER_PAGE_BRIEF_H
#define SYNC_SERVER_PAGE_BRIEF_H

#include "sync-server/brief.h"
#include "sync-server/page.h"

#define PAGE_READERS_MAX 512

/* One who should read a briefing, or did. */
struct page_reader {
    struct uuid officer;
    int64_t read_ms; /* by the tablet's clock; 0: not yet */
    bool is_current; /* as it is now */
};

struct page_readers {
    size_t count, read; /* read: as it is now */
    size_t asked, answered;
    struct page_reader list[PAGE_READERS_MAX];
};
MUST_USE enum err page_readers(struct council *c, const struct decide_record *r,
                               struct page_readers *out);

void page_put_tag(struct buf *out, const char *colour, const char *text);

/* A list of briefings or tasks, as its page says it. */
struct page_list {
    const char *title, *template;
    const char *flag; /* of the query: */
    const char *said; /* what was done, when it has that flag */
    const char *none; /* instead of rows where there are none */
};
/* Puts `none` into empty `rows`, then replies. */
MUST_USE enum err page_reply_list(struct route_call *call,
                                  const struct page_list *p, struct buf *rows,
                                  const struct session *session);

/* Day, month, year of a form. */
struct page_date {
    char day[8], month[8], year[8];
};
void page_date_get(struct bytes form, struct page_date *out);
/* At that hour and minute, the council's own time; ERR_BAD_DATA. */
MUST_USE enum err page_date_ms(struct council *c, const struct page_date *d,
                               int hour, int minute, int64_t *out);
/* The other way. */
void page_date_put(struct council *c, int64_t ms, struct page_date *out);

/* Beats, hotspots and orders to choose from; `chosen` is an id or "". */
MUST_USE enum err page_put_areas(struct council *c, const char *chosen,
                                 struct buf *out);

/* A form's error beside its control, into holes KEY_class, raw_KEY_error. */
struct page_fault {
    const char *key;  /* of the control */
    const char *text; /* NULL: none */
    struct buf html;
};
/* Fills `html` of each, and the summary. */
void page_put_faults(struct page_fault *faults, size_t count, struct buf *out);
const char *page_fault_class(const struct page_fault *f);

#endif /* SYNC_SERVER_PAGE_BRIEF_H */
