/*
 * page_records.c - what tablets sent, newest first, with its receipt.
 *
 * Open records show their category; restricted and sealed ones nothing but
 * that they are there. Who sees what: an administrator no content at all, a
 * team leader or auditor all open records, anybody else their own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/limits.h"
#include "core/project.h"
#include "sync-server/clocks.h"
#include "sync-server/decide.h"
#include "sync-server/page.h"
#include "sync-server/page_brief.h"

#define ROWS_MAX   50
#define EVENTS_MAX 2000 /* looked at for one page */
#define PHOTOS_MAX 200  /* of records further down the page */

/* What hangs on a record comes after it, so it is seen before it here. */
struct photo {
    struct uuid parent;
    size_t blobs, held;
    char signing[100]; /* "signed by Dai Morgan"; "": nobody was asked to */
};

struct list {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    uint64_t before; /* positions below this one */
    uint64_t next;   /* where the following page goes on; 0: end */
    size_t rows;
    struct photo photos[PHOTOS_MAX];
    size_t photo_count;
    struct buf html;
};

/* One row, ready to be shown: all texts are plain. */
struct row {
    char id[UUID_TEXT_SIZE], record[16], what[200], tag[40], colour[16],
        officer[160];
    char made[40], received[40], photos[32], position[24], link[20];
    bool is_read, is_clock_wrong;
};

static void count_blobs(struct council *c, const struct event_header *h,
                        size_t *blobs, size_t *held)
{
    for (size_t i = 0; i < h->blob_count; i++) {
        struct sdb_blob blob;

        *blobs += 1;
        *held +=
            sdb_blob_get(c->db, &h->blobs[i], &blob) == ERR_OK && blob.is_held;
    }
}

static struct photo *photo_of(struct list *l, const struct uuid *parent)
{
    for (size_t i = 0; i < l->photo_count; i++) {
        if (uuid_eq(&l->photos[i].parent, parent))
            return &l->photos[i];
    }
    if (l->photo_count == PHOTOS_MAX)
        return NULL;
    l->photos[l->photo_count] = (struct photo){ .parent = *parent };
    return &l->photos[l->photo_count++];
}

/* A photo of several files (original and small) counts once. */
static void note_photo(struct list *l, const struct sdb_event *e,
                       const struct event_header *h)
{
    static struct body_view body;
    struct photo *p;
    size_t blobs = 0, held = 0;

    if (e->body.data == NULL || body_parse(e->body, &body) != ERR_OK)
        return;
    p = photo_of(l, &body.parent);
    if (p == NULL)
        return;
    count_blobs(l->council, h, &blobs, &held);
    p->blobs += blobs > 0;
    p->held += blobs > 0 && held == blobs;
}

static void take_text(const struct body_field_view *f, char *out, size_t size)
{
    struct bytes text = { NULL, 0 };

    if (f == NULL || !project_text(f->value, &text)) {
        text.len = 0;
    }
    snprintf(out, size, "%.*s", (int)(text.len < size ? text.len : size),
             text.len > 0 ? (const char *)text.data : "");
}

/* Somebody's words in a record, signed: core/tablet_signature.h. */
static void note_signature(struct list *l, const struct sdb_event *e)
{
    static struct body_view body;
    char who[60] = "", why[16] = "";
    struct photo *p;

    if (e->body.data == NULL || body_parse(e->body, &body) != ERR_OK)
        return;
    p = photo_of(l, &body.parent);
    if (p == NULL)
        return;
    take_text(body_find(&body, SIGNED_BY), who, sizeof(who));
    take_text(body_find(&body, SIGN_WHY), why, sizeof(why));
    snprintf(p->signing, sizeof(p->signing), "%s%s%s",
             strcmp(why, "would-not") == 0 ? "would not sign"
             : why[0] != '\0'              ? "could not sign"
                                           : "signed",
             who[0] != '\0' ? (why[0] != '\0' ? ": " : " by ") : "", who);
}

static void set_signing(const struct list *l, const struct sdb_event *e,
                        struct row *row)
{
    for (size_t i = 0; i < l->photo_count; i++) {
        const struct photo *p = &l->photos[i];
        const size_t len = strlen(row->what);

        if (uuid_eq(&p->parent, &e->record) && p->signing[0] != '\0') {
            snprintf(row->what + len, sizeof(row->what) - len, " (%s)",
                     p->signing);
        }
    }
}

/* As it stands now: a correction counts, and two versions are marked. */
static void set_what(struct list *l, const struct sdb_event *e, struct row *row)
{
    struct decide_record r;

    snprintf(row->what, sizeof(row->what), "Observation");
    if (decide_read(l->council, &e->record, &r) == ERR_OK) {
        page_category(l->council, decide_value(&r, FIELD_CATEGORY), row->what,
                      sizeof(row->what));
        if (row->tag[0] == '\0' && r.conflict.question_count > 0) {
            snprintf(row->tag, sizeof(row->tag), "Two versions");
            snprintf(row->colour, sizeof(row->colour), "yellow");
        } else if (row->tag[0] == '\0' && r.conflict.now.is_struck) {
            snprintf(row->tag, sizeof(row->tag), "Struck out");
            snprintf(row->colour, sizeof(row->colour), "grey");
        }
    }
    decide_fini(&r);
}

static void set_photos(struct list *l, const struct sdb_event *e,
                       const struct event_header *h, struct row *row)
{
    size_t blobs = 0, held = 0;

    for (size_t i = 0; i < l->photo_count; i++) {
        if (uuid_eq(&l->photos[i].parent, &e->record)) {
            blobs += l->photos[i].blobs;
            held += l->photos[i].held;
        }
    }
    count_blobs(l->council, h, &blobs, &held);
    snprintf(row->photos, sizeof(row->photos),
             blobs == 0 ? "None" : "%zu of %zu", held, blobs);
}

static void set_tag(const struct sdb_event *e, struct row *row)
{
    if (e->state == SDB_QUARANTINED) {
        snprintf(row->tag, sizeof(row->tag), "Held, not applied");
        snprintf(row->colour, sizeof(row->colour), "red");
    } else if (e->state == SDB_ERASED) {
        snprintf(row->tag, sizeof(row->tag), "Erased");
        snprintf(row->colour, sizeof(row->colour), "grey");
    } else if (e->kind != KIND_OBSERVATION) {
        snprintf(row->tag, sizeof(row->tag), "Hidden");
        snprintf(row->colour, sizeof(row->colour), "purple");
    }
}

/* A record that may be read leads to its page. */
static void put_name(const struct row *row, struct buf *out)
{
    const struct html_value values[] = { { "id", row->id },
                                         { "short", row->record } };

    if (row->is_read) {
        page_put(out, "record_link.html", values, ARRAY_LEN(values));
    } else {
        html_put_text(out, row->record);
    }
}

static void put_row(struct list *l, const struct row *row)
{
    const struct html_value tag_values[] = { { "text", row->tag },
                                             { "colour", row->colour } };
    struct buf tag, name;

    buf_init(&tag, 4096);
    buf_init(&name, 4096);
    put_name(row, &name);
    if (row->tag[0] != '\0') {
        page_put(&tag, "tag.html", tag_values, ARRAY_LEN(tag_values));
    }
    if (row->is_clock_wrong) {
        page_put_tag(&tag, "yellow", "Clock wrong");
    }
    {
        const struct html_value values[] = {
            { "id", row->id },
            { "raw_record", buf_text(&name) },
            { "what", row->what },
            { "raw_tag", buf_text(&tag) },
            { "officer", row->officer },
            { "made", row->made },
            { "received", row->received },
            { "photos", row->photos },
            { "position", row->position },
            { "link", row->link },
        };

        page_put(&l->html, "record_row.html", values, ARRAY_LEN(values));
    }
    buf_fini(&tag);
    buf_fini(&name);
    l->rows++;
}

static void show(struct list *l, const struct sdb_event *e,
                 const struct event_header *h)
{
    const bool is_open = e->kind == KIND_OBSERVATION;
    struct row row;
    char link[65];

    memset(&row, 0, sizeof(row));
    uuid_format(&e->record, row.id);
    page_short_id(row.id, row.record, sizeof(row.record));
    page_time(h->wall_ms, row.made, sizeof(row.made));
    page_time(e->received_ms, row.received, sizeof(row.received));
    snprintf(row.position, sizeof(row.position), "%" PRIu64, e->position);
    hex_format(e->link.bytes, 32, link);
    snprintf(row.link, sizeof(row.link), e->has_link ? "%.12s" : "no chain yet",
             link);
    set_tag(e, &row);
    row.is_clock_wrong = clocks_wrong_in(l->council, h, e->received_ms);
    row.is_read = is_open && l->rights.sees_content;
    if (row.is_read) {
        set_what(l, e, &row);
        set_signing(l, e, &row);
        page_officer(l->council, &e->officer, row.officer, sizeof(row.officer));
        set_photos(l, e, h, &row);
    } else {
        snprintf(row.what, sizeof(row.what), "%s",
                 is_open                  ? "Observation"
                 : e->kind == KIND_SEALED ? "Sealed record"
                                          : "Restricted record");
        snprintf(row.officer, sizeof(row.officer), "Not shown");
        snprintf(row.photos, sizeof(row.photos), "Not shown");
    }
    put_row(l, &row);
}

static void look_at(struct list *l, const struct sdb_event *e)
{
    static struct event_header h;

    if (event_header_parse(e->header, &h) != ERR_OK)
        return;
    if (e->kind == KIND_PHOTO) {
        note_photo(l, e, &h);
        return;
    }
    if (e->kind == KIND_ROW && strcmp(h.form, "signature") == 0) {
        note_signature(l, e);
        return;
    }
    if (e->op != OP_CREATE ||
        (e->kind != KIND_OBSERVATION && e->kind != KIND_RESTRICTED &&
         e->kind != KIND_SEALED))
        return;
    if (!l->rights.sees_all && !uuid_eq(&e->officer, &l->session->officer))
        return;
    show(l, e, &h);
}

/* A copy: showing an event asks the database for more, and views end. */
static enum err look_back(struct list *l)
{
    enum err err = ERR_OK;
    size_t seen = 0;

    while (!err && l->before > 0 && l->rows < ROWS_MAX && seen < EVENTS_MAX) {
        struct sdb_event e;
        struct buf header, body;

        seen++;
        l->before--;
        err = sdb_event_at(l->council->db, l->before, &e);
        if (err)
            break;
        buf_init(&header, HEADER_MAX_BYTES);
        buf_init(&body, BODY_MAX_BYTES);
        buf_put(&header, e.header.data, e.header.len);
        buf_put(&body, e.body.data, e.body.len);
        e.header = buf_bytes(&header);
        e.body.data = e.body.data == NULL ? NULL : body.data;
        err = header.err ? header.err : body.err;
        if (!err) {
            look_at(l, &e);
        }
        buf_wipe(&header);
        buf_wipe(&body);
    }
    l->next = l->before;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err reply(struct route_call *call, struct list *l,
                      const struct sdb_log *log)
{
    char events[24], quarantined[24], blobs[24], held[24], size[24], before[24];
    struct buf main, note, older;
    struct sdb_counts n;
    enum err err = sdb_counts(call->council->db, &n);

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&note, 8192);
    buf_init(&older, 8192);
    snprintf(events, sizeof(events), "%" PRIu64, n.events);
    snprintf(quarantined, sizeof(quarantined), "%" PRIu64, n.quarantined);
    snprintf(blobs, sizeof(blobs), "%" PRIu64, n.blobs);
    snprintf(held, sizeof(held), "%" PRIu64, n.blobs_held);
    snprintf(size, sizeof(size), "%" PRIu64, log->size);
    snprintf(before, sizeof(before), "%" PRIu64, l->next);
    page_put_rights(&l->rights, &note);
    if (l->next > 0) {
        const struct html_value values[] = { { "before", before } };

        page_put(&older, "older.html", values, ARRAY_LEN(values));
    }
    if (l->rows == 0) {
        const struct html_value values[] = { { "text", "No records here." } };

        page_put(&l->html, "empty_row.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "events", events },
            { "quarantined", quarantined },
            { "blobs", blobs },
            { "blobs_held", held },
            { "log", size },
            { "raw_note", buf_text(&note) },
            { "raw_rows", buf_text(&l->html) },
            { "raw_older", buf_text(&older) },
        };

        page_put(&main, "records.html", values, ARRAY_LEN(values));
    }
    err = err ? err : page_reply(call, 200, "Records", &main, l->session);
    buf_fini(&main);
    buf_fini(&note);
    buf_fini(&older);
    return err;
}

enum err page_records(struct route_call *call)
{
    static struct list l; /* the store answers one request at a time */
    struct sdb_log log;
    char before[24];
    enum err err;

    memset(&l, 0, sizeof(l));
    l.council = call->council;
    l.session = session_find(call->council, call->in);
    if (l.session == NULL)
        return page_redirect(call, "/sign-in");
    buf_init(&l.html, SYNC_BODY_MAX_BYTES);
    err = page_rights(call->council, l.session, &l.rights);
    err = err ? err : sdb_log_current(call->council->db, &log);
    if (!err) {
        const struct bytes query = { (const uint8_t *)call->in->query,
                                     strlen(call->in->query) };

        l.before = log.base + log.size;
        if (html_form_get(query, "before", before, sizeof(before)) &&
            strtoull(before, NULL, 10) < l.before) {
            l.before = strtoull(before, NULL, 10);
        }
        err = look_back(&l);
    }
    err = err ? err
              : page_log_access(l.council, l.session,
                                "console, list of records", l.next);
    err = err ? err : reply(call, &l, &log);
    buf_fini(&l.html);
    return err;
}
