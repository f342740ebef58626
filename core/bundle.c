/*
 * bundle.c - the order of the checks, and what all of them use.
 */
#include "core/bundle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bundle_check.h"
#include "core/cbor.h"
#include "core/mem.h"
#include "core/records.h"

#define FINDING_MAX 300 /* bytes of one line for the person who checks */

void bundle_event_put(struct buf *out, const struct bundle_event *e)
{
    cbor_put_array(out, 4);
    cbor_put_uint(out, e->position);
    cbor_put_bytes(out, e->header.data, e->header.len);
    if (e->body.data == NULL) {
        cbor_put_null(out);
        cbor_put_null(out);
        return;
    }
    cbor_put_bytes(out, e->salt.data, e->salt.len);
    cbor_put_bytes(out, e->body.data, e->body.len);
}

enum err bundle_event_parse(struct bytes item, struct bundle_event *out)
{
    struct cbor_reader r;

    *out = (struct bundle_event){ 0 };
    cbor_open(&r, item);
    if (cbor_get_array(&r) != 4) {
        return ERR_BAD_DATA;
    }
    out->position = cbor_get_uint(&r);
    out->header = cbor_get_bytes(&r);
    if (cbor_peek(&r) == CBOR_TYPE_NULL) {
        cbor_get_null(&r);
        cbor_get_null(&r);
        return cbor_close(&r);
    }
    out->salt = cbor_get_bytes(&r);
    out->body = cbor_get_bytes(&r);
    if (out->salt.len != EVENT_SALT_SIZE) {
        return ERR_BAD_DATA;
    }
    return cbor_close(&r);
}

bool bundle_is_wrong(struct bundle_check *c, enum err err)
{
    if (err == ERR_NOMEM) {
        c->err = err;
    }
    return err != ERR_OK;
}

void bundle_found(struct bundle_check *c, const char *format, ...)
{
    char text[FINDING_MAX];
    va_list args;

    if (c->err) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    for (char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            *at = '?'; /* names are theirs: nothing for a terminal */
        }
    }
    c->verdict->findings++;
    c->found(c->ctx, text);
}

const struct bundle_file *bundle_file_find(const struct bundle_check *c,
                                           const char *name)
{
    for (size_t i = 0; i < c->file_count; i++) {
        if (strcmp(c->files[i].name, name) == 0) {
            return &c->files[i];
        }
    }
    return NULL;
}

int bundle_ref_compare(const struct event_ref *a, const struct event_ref *b)
{
    const int by_id = memcmp(a->incarnation.bytes, b->incarnation.bytes,
                             sizeof(a->incarnation.bytes));

    if (by_id != 0) {
        return by_id;
    }
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

struct bundle_row *bundle_row_find(const struct bundle_check *c,
                                   const struct event_ref *ref)
{
    size_t low = 0;
    size_t high = c->row_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const int order = bundle_ref_compare(&c->by_ref[mid].ref, ref);

        if (order == 0) {
            return &c->rows[c->by_ref[mid].row];
        }
        if (order < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}

void *bundle_grow(void *list, size_t count, size_t *cap, size_t size)
{
    const size_t more = *cap > 0 ? *cap * 2 : 64;
    void *bigger;

    if (count < *cap) {
        return list;
    }
    bigger = mem_realloc(list, more * size);
    if (bigger != NULL) {
        *cap = more;
    }
    return bigger;
}

bool bundle_seq_next(struct bundle_seq *seq, struct bytes *item_out)
{
    struct bytes rest;
    size_t used;

    if (seq->file == NULL || seq->next >= seq->file->data.len) {
        return false;
    }
    rest.data = seq->file->data.data + seq->next;
    rest.len = seq->file->data.len - seq->next;
    if (cbor_gate_first(rest, &used)) {
        bundle_found(seq->check,
                     "%s: byte %zu: not canonical CBOR from here on",
                     seq->file->name, seq->next);
        seq->next = seq->file->data.len;
        return false;
    }
    seq->offset = seq->next;
    seq->next += used;
    *item_out = (struct bytes){ rest.data, used };
    return true;
}

/* First row of a text file that differs, counted from 1. */
static void found_difference(struct bundle_check *c,
                             const struct bundle_file *file, struct bytes made)
{
    size_t line = 1;
    size_t i = 0;

    while (i < file->data.len && i < made.len &&
           file->data.data[i] == made.data[i]) {
        line += made.data[i] == '\n';
        i++;
    }
    bundle_found(c, "%s: byte %zu (line %zu): differs from what the events say",
                 file->name, i, line);
}

typedef enum err (*people_fn)(const struct bundle_event *events, size_t count,
                              struct buf *out);

static enum err check_people_file(struct bundle_check *c, const char *name,
                                  const struct bundle_event *events,
                                  people_fn make)
{
    const struct bundle_file *file = bundle_file_find(c, name);
    struct buf made;
    enum err err;

    if (file == NULL) {
        return ERR_OK; /* the manifest's check has told it */
    }
    buf_init(&made, SIZE_MAX / 2);
    err = make(events, c->row_count, &made);
    if (!err && !bytes_eq(buf_bytes(&made), file->data)) {
        found_difference(c, file, buf_bytes(&made));
    }
    buf_fini(&made);
    return err;
}

enum err bundle_check_people(struct bundle_check *c)
{
    struct bundle_event *events = mem_array(c->row_count + 1, sizeof(*events));
    enum err err;

    if (events == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < c->row_count; i++) {
        events[i] = c->rows[i].event;
    }
    err = check_people_file(c, BUNDLE_CSV, events, records_csv);
    if (!err) {
        err = check_people_file(c, BUNDLE_GEOJSON, events, records_geojson);
    }
    mem_free(events);
    return err;
}

enum err bundle_verify(const struct bundle_file *files, size_t count,
                       bundle_finding_fn found, void *ctx,
                       struct bundle_verdict *out)
{
    static enum err (*const steps[])(struct bundle_check *) = {
        bundle_check_manifest, bundle_check_events, bundle_check_log,
        bundle_check_chains,   bundle_check_blobs,  bundle_check_people,
    };
    struct bundle_check c = { .files = files,
                              .file_count = count,
                              .found = found,
                              .ctx = ctx,
                              .verdict = out };
    enum err err = ERR_OK;

    *out = (struct bundle_verdict){ 0 };
    for (size_t i = 0; i < ARRAY_LEN(steps) && !err; i++) {
        err = steps[i](&c);
        err = err ? err : c.err;
        if (!out->has_anchor) {
            break; /* without a signer there is nothing to hold on to */
        }
    }
    mem_free((void *)(uintptr_t)c.missing);
    mem_free((void *)(uintptr_t)c.unchained);
    mem_free(c.refused);
    mem_free(c.rows);
    mem_free(c.by_ref);
    mem_free(c.keys);
    return err;
}
