/* worker_lists.c - the notebook's page and what waits. */
#include <stdio.h>
#include <string.h>

#include "core/cbor.h"
#include "core/tablet_list.h"
#include "core/tablet_photos.h"
#include "core/tablet_sign.h"
#include "ui/kit/tr.h"
#include "ui/worker/worker_internal.h"

/* Lines of a book on one page of the screen. */
#define PAGE_LINES VIEW_ENTRIES
/* So many lines are looked back for one that the council holds: two weeks'
 * without a network. */
#define HELD_LOOK 1000

/* --- the notebook --- */

struct page {
    struct worker *w;
    struct view_notebook *v;
    uint64_t last; /* number of the newest line, 0: none seen */
};

static enum err take_last(void *ctx, const struct tablet_book_line *l)
{
    struct page *p = ctx;

    p->last = l->number;
    return ERR_STOPPED;
}

/* A long text whole: lists carry only its beginning. */
struct whole {
    char *out;
    size_t size;
};

static enum err take_note(void *ctx, const struct tablet_field *f)
{
    struct whole *whole = ctx;
    struct cbor_reader r;
    struct bytes text;

    if (f->id != FIELD_NOTE || f->value.data == NULL) {
        return ERR_OK;
    }
    cbor_open_gated(&r, f->value);
    text = cbor_get_text(&r);
    if (!r.err) {
        worker_put_some(whole->out, whole->size, text);
    }
    return ERR_STOPPED;
}

/* The council holds all before one that it holds. */
static enum err take_held(void *ctx, const struct tablet_book_line *l)
{
    struct page *p = ctx;

    if (l->entry.state != TABLET_HELD) {
        return ERR_OK;
    }
    p->v->held_to = (int)l->number;
    return ERR_STOPPED;
}

/* Of a sealed record the tablet keeps its number only; the end of it, as
 * on the console. */
static void put_reference(struct view_entry *to, const struct uuid *id)
{
    char text[UUID_TEXT_SIZE];

    uuid_format(id, text);
    snprintf(to->text, sizeof(to->text), "Sealed record %s",
             text + UUID_TEXT_SIZE - 13);
}

static void put_text(struct page *p, struct view_entry *to,
                     const struct tablet_book_line *l)
{
    struct whole whole = { to->text, sizeof(to->text) };

    if (l->text[0] != '\0') {
        WORKER_PUT(to->text, l->text);
        if (strlen(l->text) + 4 >= sizeof(l->text) &&
            tablet_fields(session_tablet(p->w->session), &l->entry.id,
                          take_note, &whole)) {
            return;
        }
        return;
    }
    if (l->entry.gone == TABLET_ERASED || l->about.gone == TABLET_ERASED) {
        WORKER_PUT(to->text, "Erased by order of the council");
        return;
    }
    if (l->entry.gone == TABLET_KEPT || l->about.gone == TABLET_KEPT) {
        WORKER_PUT(to->text, "Kept by the council: look at the console");
        return;
    }
    /* A line that Beatbook wrote: what it is about speaks for it. */
    to->by_beatbook = true;
    if (p->w->is_duress) {
        WORKER_PUT(to->text, worker_category(p->w, l->about.category));
        return;
    }
    snprintf(to->text, sizeof(to->text), "%s%s%s%s%s",
             l->about.title[0] != '\0'
                 ? l->about.title
                 : worker_category(p->w, l->about.category),
             l->about.place_name[0] != '\0' ? ", " : "", l->about.place_name,
             l->about.note[0] != '\0' ? ". " : "", l->about.note);
    if (to->text[0] == '\0' && !uuid_is_zero(&l->about.id)) {
        put_reference(to, &l->about.id);
    }
}

/* Both versions stand beside the line; neither is the right one yet. */
static void put_conflict(struct page *p, struct view_entry *to,
                         const struct tablet_book_line *l)
{
    const size_t len = strlen(to->text);
    char values[VIEW_LINE_SIZE * 2];

    to->has_conflict = true;
    uuid_format(&l->about.id, to->about);
    worker_conflict_values(p->w, &l->about.id, values, sizeof(values));
    if (values[0] != '\0' && strstr(to->text, values) == NULL &&
        len + strlen(values) + 2 < sizeof(to->text)) {
        snprintf(to->text + len, sizeof(to->text) - len, "\n%s", values);
    }
}

static enum err take_line(void *ctx, const struct tablet_book_line *l)
{
    struct page *p = ctx;
    struct view_notebook *v = p->v;
    struct view_entry *to;

    /* The newest comes first; the page shows the oldest first. */
    memmove(&v->entries[1], &v->entries[0],
            (size_t)v->entry_count * sizeof(v->entries[0]));
    to = &v->entries[0];
    *to = (struct view_entry){ .number = (int)l->number,
                               .amends = (int)l->amends,
                               .fits = true };
    to->made_ms = worker_local_ms(p->w, l->entry.made_ms);
    to->late_for_ms = worker_local_ms(p->w, l->late_for_ms);
    put_text(p, to, l);
    if (l->about.has_conflict && l->about.tier != 2) {
        put_conflict(p, to, l);
    }
    if (!p->w->is_duress && l->about.tier != 2) {
        worker_put_exhibit(p->w, &l->about.id, to);
        worker_put_signature(p->w, &l->about.id, &to->signature);
    }
    v->entry_count++;
    return v->entry_count == PAGE_LINES ? ERR_STOPPED : ERR_OK;
}

/* The line that is being written. */
static enum err take_begun(void *ctx, const struct uuid *id, const char *form,
                           struct bytes data)
{
    struct page *p = ctx;

    if (strcmp(form, VIEW_ENTRY) != 0) {
        return ERR_OK;
    }
    p->w->entry_id = *id;
    worker_put_some(p->v->draft, sizeof(p->v->draft), data);
    return ERR_STOPPED;
}

/* Which words of `old` (NULL: elsewhere) an amendment strikes and which it puts
 * there: it is written as the worker writes it, 16: “old” → new. Reason. */
static void mark_words(struct view_entry *old, struct view_entry *by)
{
    static const char arrow[] = "\u201d \u2192 ";
    const char *from = strstr(by->text, "\u201c");
    const char *to = from != NULL ? strstr(from, arrow) : NULL;
    char words[VIEW_LINE_SIZE];
    const char *at;
    const char *end;

    if (to == NULL || (size_t)(to - from) - 3 >= sizeof(words)) {
        return;
    }
    from += 3; /* the quotation mark */
    snprintf(words, sizeof(words), "%.*s", (int)(to - from), from);
    at = old != NULL && words[0] != '\0' ? strstr(old->text, words) : NULL;
    if (at != NULL) {
        old->strike_from = (int)(at - old->text);
        old->strike_to = old->strike_from + (int)strlen(words);
    }
    to += sizeof(arrow) - 1;
    end = strstr(to, ". ");
    by->bold_from = (int)(to - by->text);
    by->bold_to = end != NULL ? (int)(end - by->text) : (int)strlen(by->text);
    WORKER_PUT(by->reason, end != NULL ? end + 2 : "");
}

static void mark_amended(struct view_notebook *v)
{
    for (int i = 0; i < v->entry_count; i++) {
        if (v->entries[i].amends != 0) {
            mark_words(NULL, &v->entries[i]);
        }
        for (int k = 0; k < v->entry_count; k++) {
            if (v->entries[k].amends == v->entries[i].number) {
                v->entries[i].amended_by = v->entries[k].number;
                mark_words(&v->entries[i], &v->entries[k]);
            }
        }
    }
}

/* Which of the page's lines a later one on another page corrects. */
static enum err take_amending(void *ctx, const struct tablet_book_line *l)
{
    struct page *p = ctx;
    struct view_notebook *v = p->v;
    struct view_entry by = { .amends = (int)l->amends };

    for (int i = 0; i < v->entry_count && l->amends != 0; i++) {
        if (v->entries[i].number == (int)l->amends &&
            v->entries[i].amended_by == 0) {
            WORKER_PUT(by.text, l->text);
            v->entries[i].amended_by = (int)l->number;
            mark_words(&v->entries[i], &by);
        }
    }
    return ERR_OK;
}

void worker_show_notebook(struct worker *w, int page)
{
    struct view_notebook *v = &w->views->notebook;
    struct tablet *t = session_tablet(w->session);
    struct page p = { .w = w, .v = v };
    struct uuid book;
    uint64_t before;
    size_t count;
    bool is_newest;
    int pages;

    if (tablet_book_page(t, 0, 1, take_last, &p)) {
        return;
    }
    pages = (int)((p.last + PAGE_LINES - 1) / PAGE_LINES);
    *v = (struct view_notebook){ .page_count = pages > 0 ? pages : 1,
                                 .total_count = (int)p.last,
                                 .chain_fits = true,
                                 .found = v->found,
                                 .found_count = v->found_count,
                                 .date_ms = worker_now_ms(w),
                                 .checked_ms = worker_now_ms(w) };
    v->page = page > 0 && page < v->page_count ? page : v->page_count;
    WORKER_PUT(v->author, w->views->status.officer);
    is_newest = v->page == v->page_count;
    before = is_newest ? 0 : (uint64_t)v->page * PAGE_LINES + 1;
    count = is_newest && p.last > 0 ? (size_t)((p.last - 1) % PAGE_LINES) + 1
                                    : PAGE_LINES;
    if (p.last > 0 && tablet_book_page(t, before, count, take_line, &p)) {
        return;
    }
    if (tablet_book_page(t, 0, HELD_LOOK, take_held, &p)) {
        v->held_to = 0; /* it is said again with the next page */
    }
    mark_amended(v);
    if (tablet_book_page(t, 0, HELD_LOOK, take_amending, &p)) {
        return;
    }
    w->entry_id = (struct uuid){ 0 };
    if (!w->is_duress && tablet_drafts(t, take_begun, &p)) {
        v->draft[0] = '\0';
    }
    if (tablet_own_book(t, &book) == ERR_OK) {
        worker_read_signs(w, &book, &v->signature, &v->counter);
        WORKER_PUT(v->inspector, v->counter.by);
        v->inspected_page = (v->counter.to + PAGE_LINES - 1) / PAGE_LINES;
    }
    worker_post(w, VIEW_NOTEBOOK, v);
}

/* Further back nobody looks for a line by what it is about. */
#define ABOUT_LINES_MAX 2000

struct about {
    struct uuid record;
    uint64_t number; /* of its first line; 0: not seen yet */
};

static enum err take_about(void *ctx, const struct tablet_book_line *l)
{
    struct about *a = ctx;

    if (!uuid_eq(&l->about.id, &a->record)) {
        return ERR_OK;
    }
    a->number = l->number;
    return ERR_STOPPED;
}

void worker_show_about(struct worker *w, const char *record_id)
{
    struct about about = { .number = 0 };
    struct view_notebook *v = &w->views->notebook;

    if (uuid_parse(record_id, &about.record) ||
        tablet_book_page(session_tablet(w->session), 0, ABOUT_LINES_MAX,
                         take_about, &about) ||
        about.number == 0) {
        return;
    }
    worker_show_notebook(w, (int)((about.number - 1) / PAGE_LINES) + 1);
    v->found = (int)about.number;
    v->found_count++;
    worker_post(w, VIEW_NOTEBOOK, v);
}

/* --- what waits --- */

static const struct {
    enum event_kind kind;
    const char *name; /* English, translated by the screen */
} kinds[] = {
    { KIND_OBSERVATION, "Records" },
    { KIND_PHOTO, "Photos" },
    { KIND_ENTRY, "Notebook entries" },
    { KIND_PATROL, "Patrols" },
};

/* One that says nothing of itself. */
static const char *kind_words(uint64_t kind)
{
    return kind == KIND_ENTRY    ? "Notebook entry"
           : kind == KIND_PATROL ? "Patrol"
           : kind == KIND_PHOTO  ? "Photo"
                                 : "Record";
}

struct tally {
    struct worker *w;
    struct view_sync *v;
};

static void put_item(struct tally *tally, const struct tablet_item *item)
{
    struct view_sync *v = tally->v;
    struct view_item *to = &v->items[v->item_count++];

    *to = (struct view_item){
        .kind = item->tier != 0            ? ITEM_SEALED
                : item->kind == KIND_ENTRY ? ITEM_NOTE
                : item->kind == KIND_PHOTO ? ITEM_PHOTO
                                           : ITEM_RECORD,
    };
    to->made_ms = worker_local_ms(tally->w, item->made_ms);
    if (item->title[0] != '\0') {
        WORKER_PUT(to->title, item->title);
    } else if (item->note[0] != '\0') {
        WORKER_PUT(to->title, item->note);
    } else if (item->category[0] != '\0') {
        WORKER_PUT(to->title, worker_category(tally->w, item->category));
    } else {
        WORKER_PUT(to->title, kind_words(item->kind));
    }
    WORKER_PUT(to->detail, item->place_name);
    if (item->photos_held < item->photos) {
        to->photos = (int)item->photos;
        to->photos_held = (int)item->photos_held;
    }
}

static enum err take_waiting(void *ctx, const struct tablet_item *item)
{
    struct tally *tally = ctx;

    if (tally->v->item_count == VIEW_ITEMS) {
        return ERR_STOPPED;
    }
    if (item->photos_held == item->photos) { /* else it is there already */
        put_item(tally, item);
    }
    return ERR_OK;
}

/* Records whose photos haven't all arrived: "2 of 3" until it is true. */
static enum err take_incomplete(void *ctx, const struct tablet_item *item)
{
    struct tally *tally = ctx;

    if (tally->v->item_count == VIEW_ITEMS) {
        return ERR_STOPPED;
    }
    put_item(tally, item);
    return ERR_OK;
}

static enum err take_refused(void *ctx, const struct tablet_item *item)
{
    struct view_problem *p = ctx;
    char id[UUID_TEXT_SIZE];

    if (item->state != TABLET_REFUSED) {
        return ERR_OK;
    }
    uuid_format(&item->id, id);
    WORKER_PUT(p->id, id);
    WORKER_PUT(p->title, item->title[0] != '\0' ? item->title : item->category);
    WORKER_PUT(p->reason, item->reason);
    return ERR_STOPPED;
}

static void put_blob(struct worker *w, struct view_sync *v)
{
    struct sync_status status;
    struct sync *sync;

    v->is_sending = false;
    v->seconds_left = -1;
    if (tablet_sync(session_tablet(w->session), &sync)) {
        return;
    }
    sync_status(sync, &status);
    if (status.bytes_total > 0 && status.bytes_done < status.bytes_total) {
        v->is_sending = true;
        v->sent_bytes = (int64_t)status.bytes_done;
        v->total_bytes = (int64_t)status.bytes_total;
        WORKER_PUT(v->sending, "Photo");
    }
    v->tried_ms = status.state == SYNC_WAITING ? worker_now_ms(w) : 0;
}

static enum err put_kinds(struct tablet *t, struct view_sync *v)
{
    uint64_t of[ARRAY_LEN(kinds)];
    struct tablet_tally tally[ARRAY_LEN(kinds)];
    enum err err;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        of[i] = kinds[i].kind;
    }
    err = tablet_tally(t, of, ARRAY_LEN(kinds), tally);
    for (size_t i = 0; i < ARRAY_LEN(kinds) && !err; i++) {
        struct view_kind *to = &v->kinds[v->kind_count++];

        WORKER_PUT(to->name, kinds[i].name);
        to->made = (int)tally[i].made;
        to->held = (int)tally[i].held;
        v->made_count += to->made;
        v->held_count += to->held;
    }
    return err;
}

void worker_show_sync(struct worker *w)
{
    struct view_sync *v = &w->views->sync;
    struct tablet *t = session_tablet(w->session);
    struct tally tally = { .w = w, .v = v };
    struct tablet_filter filter = { .with_children = true,
                                    .only_own = true,
                                    .only_waiting = true,
                                    .max = VIEW_ITEMS };
    const bool holds = v->holds_photos;
    enum err err;

    *v = (struct view_sync){ .holds_photos = holds };
    err = tablet_photos_incomplete(t, take_incomplete, &tally);
    err = err ? err : tablet_records(t, &filter, take_waiting, &tally);
    err = err ? err : put_kinds(t, v);
    if (!err && w->views->status.refused_count > 0) {
        filter.only_waiting = false;
        filter.only_refused = true;
        err = tablet_records(t, &filter, take_refused, &v->problem);
    }
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
        return;
    }
    put_blob(w, v);
    worker_post(w, VIEW_SYNC, v);
}
