/*
 * page_children.c - what hangs on a record, on its page: persons, vehicles
 * and rows with their fields, photos with how far they arrived, signatures.
 * The photos themselves are not shown here, and their keys never.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/fields.h"
#include "core/mem.h"
#include "core/signed_words.h"
#include "sync-server/page_brief.h"
#include "sync-server/page_record.h"

struct page {
    struct council *council;
    const struct held_keys *keys;
    struct children direct, below; /* below: of one of `direct` */
    size_t photos, arrived;
    bool is_cut, is_late;
    struct buf details, photo_rows, signatures;
};

/* --- photos --- */

static const char *photo_state(struct council *c, const struct decide_record *r,
                               const char **colour)
{
    size_t blobs = 0, held = 0, erased = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct event_header *h = &r->list[i]->header;

        for (size_t k = 0; k < h->blob_count; k++) {
            struct sdb_blob blob;

            blobs++;
            if (sdb_blob_get(c->db, &h->blobs[k], &blob) == ERR_OK) {
                held += blob.is_held;
                erased += blob.is_erased;
            }
        }
    }
    *colour = erased > 0 ? "grey" : blobs > held ? "blue" : "green";
    return erased > 0      ? "Erased"
           : blobs == 0    ? "No file"
           : blobs == held ? "Arrived"
           : held > 0      ? "In part"
                           : "Still on the tablet";
}

static void photo_what(const struct merge_record *m, char *out, size_t size)
{
    const int64_t bytes = page_record_int(m, PHOTO_BYTES);
    const int64_t length_ms = page_record_int(m, PHOTO_LENGTH_MS);
    char type[40];
    const char *what = "Photo";

    page_record_text(m, PHOTO_TYPE, type, sizeof(type));
    if (strncmp(type, "audio/", 6) == 0) {
        what = "Voice note";
    } else if (strncmp(type, "video/", 6) == 0) {
        what = "Video";
    } else if (page_record_value(m, PHOTO_COPY_OF).data != NULL) {
        what = "Drawn on a copy";
    }
    if (length_ms > 0) {
        snprintf(out, size, "%s, %" PRId64 " s, %" PRId64 " KiB", what,
                 length_ms / 1000, (bytes + 1023) / 1024);
    } else {
        snprintf(out, size, "%s, %" PRId64 " KiB", what, (bytes + 1023) / 1024);
    }
}

static void put_photo(struct page *p, const struct decide_record *r)
{
    const struct merge_record *m = page_record_merged(r);
    const int64_t taken_ms = page_record_int(m, PHOTO_TAKEN_MS);
    char what[120], caption[400], exhibit[80], taken[40] = "Not said", who[360];
    const char *colour;
    const char *state = photo_state(p->council, r, &colour);
    struct buf tag;

    buf_init(&tag, 4096);
    photo_what(m, what, sizeof(what));
    page_record_text(m, PHOTO_CAPTION, caption, sizeof(caption));
    page_record_text(m, PHOTO_EXHIBIT, exhibit, sizeof(exhibit));
    if (taken_ms > 0) {
        page_time(taken_ms, taken, sizeof(taken));
    }
    page_words_who(p->council, &r->list[r->first]->header, who, sizeof(who));
    page_put_tag(&tag, colour, state);
    if (r->conflict.now.is_struck) {
        page_put_tag(&tag, "grey", "Struck out");
    }
    {
        const struct html_value values[] = {
            { "what", what },       { "caption", caption },
            { "exhibit", exhibit }, { "taken", taken },
            { "who", who },         { "raw_tag", buf_text(&tag) },
        };

        page_put(&p->photo_rows, "record_photo.html", values,
                 ARRAY_LEN(values));
    }
    page_carry(&p->photo_rows, &tag);
    buf_fini(&tag);
    p->photos++;
    p->arrived += strcmp(state, "Arrived") == 0;
}

/* --- the others --- */

static void put_detail(struct page *p, const struct decide_record *r)
{
    char what[200];
    struct buf fields;

    buf_init(&fields, SYNC_BODY_MAX_BYTES);
    snprintf(what, sizeof(what), "%s%s",
             r->kind == KIND_ROW && r->form != NULL ? r->form->label
                                                    : page_words_kind(r->kind),
             r->conflict.now.is_struck ? " (struck out)" : "");
    page_put_fields(p->council, r, &fields);
    {
        const struct html_value values[] = {
            { "what", what },
            { "raw_fields", buf_text(&fields) },
        };

        page_put(&p->details, "record_detail.html", values, ARRAY_LEN(values));
    }
    page_carry(&p->details, &fields);
    buf_wipe(&fields);
}

static bool is_signature(const struct decide_record *r)
{
    return strcmp(r->list[r->first]->header.form, SIGNATURE_FORM) == 0;
}

static enum err put_child(struct page *p, const struct sdb_child *child)
{
    struct decide_record r;
    struct page_signed s = { .position = child->position };
    enum err err = decide_read(p->council, &child->record, &r);

    if (!err && r.kind == KIND_PHOTO) {
        put_photo(p, &r);
    } else if (!err && r.kind == KIND_ROW && is_signature(&r)) {
        s.merged = page_record_merged(&r);
        s.officer = r.list[r.first]->header.officer;
        err = page_put_signature(p->council, p->keys, &s, &p->signatures);
    } else if (!err) {
        put_detail(p, &r);
    }
    decide_fini(&r);
    /* One that can't be read must not hide the others. */
    return err == ERR_NOMEM || err == ERR_IO ? err : ERR_OK;
}

/* A person may have photos and signatures, a photo a copy drawn on. */
static enum err put_all(struct page *p, const struct uuid *record)
{
    enum err err = children_of(p->council, record, &p->direct);

    p->is_cut = p->direct.is_cut;
    p->is_late = p->direct.is_late;
    for (size_t i = 0; i < p->direct.count && !err; i++) {
        err = put_child(p, &p->direct.list[i]);
        err =
            err ? err
                : children_of(p->council, &p->direct.list[i].record, &p->below);
        p->is_cut |= p->below.is_cut;
        for (size_t k = 0; k < p->below.count && !err; k++) {
            err = put_child(p, &p->below.list[k]);
        }
    }
    return err;
}

static void put_section(const char *template_name, const char *text,
                        struct buf *rows, struct buf *out)
{
    const struct html_value values[] = { { "text", text },
                                         { "raw_rows", buf_text(rows) } };

    if (rows->len > 0) {
        page_put(out, template_name, values, ARRAY_LEN(values));
    }
    page_carry(out, rows);
}

static void put_note(const char *text, struct buf *out)
{
    const struct html_value values[] = { { "text", text } };

    page_put(out, "note.html", values, ARRAY_LEN(values));
}

static void put_sections(struct page *p, struct buf *out)
{
    char text[120];

    if (p->is_late) {
        put_note("The list of photos and persons is being made. Open this page "
                 "again to see all that hang on this record.",
                 out);
    }
    if (p->is_cut) {
        snprintf(text, sizeof(text),
                 "Only the first %d that hang on a record are shown.",
                 CHILDREN_MAX);
        put_note(text, out);
    }
    put_section("record_details.html", "", &p->details, out);
    snprintf(text, sizeof(text), "%zu of %zu photos and recordings arrived",
             p->arrived, p->photos);
    put_section("record_photos.html", text, &p->photo_rows, out);
    put_section("record_signatures.html", "", &p->signatures, out);
}

enum err page_put_children(struct council *c, const struct held_keys *keys,
                           const struct decide_record *r, struct buf *out)
{
    struct page *p = mem_alloc(sizeof(*p));
    enum err err;

    if (p == NULL) {
        return ERR_NOMEM;
    }
    memset(p, 0, sizeof(*p));
    p->council = c;
    p->keys = keys;
    buf_init(&p->details, SYNC_BODY_MAX_BYTES);
    buf_init(&p->photo_rows, SYNC_BODY_MAX_BYTES);
    buf_init(&p->signatures, SYNC_BODY_MAX_BYTES);
    err = put_all(p, &r->id);
    if (!err) {
        put_sections(p, out);
    }
    buf_wipe(&p->details);
    buf_wipe(&p->photo_rows);
    buf_wipe(&p->signatures);
    mem_free(p);
    return err;
}
