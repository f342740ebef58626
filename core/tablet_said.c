/* What people say of a record: see tablet_internal.h. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_internal.h"
#include "core/tablet_list.h"

static const char sql_said[] =
    "SELECT header, body, op FROM event WHERE record = ?1 AND state = 0"
    " ORDER BY id";

static void read_said(sqlite3_stmt *st, const struct event_header *h,
                      struct body_view *view, struct tablet_said *out)
{
    const struct bytes body = db_get_bytes(st, 1);

    *out = (struct tablet_said){ .op = (uint64_t)sqlite3_column_int64(st, 2),
                                 .hlc = h->hlc,
                                 .officer = h->officer,
                                 .wall_ms = h->wall_ms,
                                 .gnss_ms = h->has_gnss ? h->gnss_ms : 0 };
    if (body.data != NULL && body_parse(body, view) == ERR_OK) {
        out->body = view;
    }
}

enum err tablet_said(struct tablet *t, const struct uuid *record,
                     tablet_said_fn fn, void *ctx)
{
    struct body_view *view = mem_alloc(sizeof(*view));
    sqlite3_stmt *st;
    bool has_row;
    enum err err =
        view == NULL ? ERR_NOMEM : store_statement(t->store, sql_said, &st);

    if (err) {
        mem_free(view);
        return err;
    }
    db_bind_uuid(st, 1, record);
    while (!err) {
        struct event_header h;
        struct tablet_said said;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        if (event_header_parse(db_get_bytes(st, 0), &h) == ERR_OK) {
            read_said(st, &h, view, &said);
            err = fn(ctx, &said);
        }
    }
    sqlite3_reset(st);
    mem_free(view);
    return err == ERR_STOPPED ? ERR_OK : err;
}

int64_t tablet_said_int(const struct tablet_said *s, uint64_t field,
                        int64_t otherwise)
{
    const struct body_field_view *f =
        s->body == NULL ? NULL : body_find(s->body, field);
    struct cbor_reader r;
    int64_t value;

    if (f == NULL) {
        return otherwise;
    }
    cbor_open_gated(&r, f->value);
    value = cbor_get_int(&r);
    return r.err ? otherwise : value;
}

void tablet_said_text(const struct tablet_said *s, uint64_t field, char *out,
                      size_t size)
{
    const struct body_field_view *f =
        s->body == NULL ? NULL : body_find(s->body, field);

    out[0] = '\0';
    if (f != NULL) {
        tablet_copy(f->value, out, size);
    }
}

enum err tablet_say(struct tablet *t, const struct evlog_new *e,
                    struct body_writer *w, const char *words)
{
    char text[2 * TABLET_TEXT_SIZE];
    struct tablet_item item;
    const struct tablet_line line = { .text = text, .about = &e->record };
    struct tablet_save s;
    enum err err = tablet_item(t, &e->record, &item);

    if (err) {
        body_fini(w);
        return err;
    }
    snprintf(text, sizeof(text), "%.40s%s%.255s", words,
             item.title[0] != '\0' ? ": " : "", item.title);
    tablet_save_init(&s, t);
    tablet_save_add(&s, e, w, TIER_OPEN, NULL);
    tablet_save_line(&s, &line, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

void tablet_copy_text(struct bytes text, char *out, size_t size)
{
    size_t len = text.len;

    if (len >= size) {
        len = size - 1;
        while (len > 0 && (text.data[len] & 0xc0) == 0x80) {
            len--;
        }
    }
    if (len > 0) {
        memcpy(out, text.data, len);
    }
    out[len] = '\0';
}

void tablet_copy(struct bytes value, char *out, size_t size)
{
    struct bytes text;

    if (value.data == NULL || !project_text(value, &text)) {
        text = (struct bytes){ NULL, 0 };
    }
    tablet_copy_text(text, out, size);
}

struct name {
    char *out;
    size_t size;
};

static enum err take_name(void *ctx, const struct tablet_field *f)
{
    const struct name *name = ctx;

    if (f->id != OFFICER_NAME || f->ordinal > 0) {
        return ERR_OK;
    }
    tablet_copy(f->value, name->out, name->size);
    return ERR_STOPPED;
}

enum err tablet_name_of(struct tablet *t, const struct uuid *officer, char *out,
                        size_t size)
{
    struct name name = { out, size };
    enum err err;

    out[0] = '\0';
    err = tablet_fields(t, officer, take_name, &name);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* A set's members: is one of them this? */
static bool has_code(struct bytes value, const char *code)
{
    struct cbor_reader r;
    bool has = false;

    cbor_open_gated(&r, value);
    for (size_t left = cbor_get_array(&r); left > 0 && !r.err; left--) {
        const struct bytes one = cbor_get_text(&r);

        has |= !r.err && one.len == strlen(code) &&
               memcmp(one.data, code, one.len) == 0;
    }
    return has;
}

static enum err take_self(void *ctx, const struct tablet_field *f)
{
    struct tablet_self *self = ctx;
    struct cbor_reader r;
    struct uuid team;

    if (f->value.data == NULL || f->ordinal > 0) {
        return ERR_OK;
    }
    if (f->id == OFFICER_NUMBER) {
        tablet_copy(f->value, self->number, sizeof(self->number));
    } else if (f->id == OFFICER_ROLES) {
        self->is_leader = has_code(f->value, "team-leader");
    } else if (f->id == OFFICER_TEAM) {
        cbor_open_gated(&r, f->value);
        cbor_get_uuid(&r, &team);
        if (!r.err) {
            self->team = team;
        }
    }
    return ERR_OK;
}

enum err tablet_self(struct tablet *t, struct tablet_self *out)
{
    enum err err;

    memset(out, 0, sizeof(*out));
    err = tablet_fields(t, &t->officer, take_self, out);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
