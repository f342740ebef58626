/* The officer's book: numbered lines, opened, closed. See tablet.h. */
#include <string.h>

#include "core/cose.h"
#include "core/tablet_internal.h"

#define CLOSING_AAD "beatbook/book/1"

/* The officer's open book in this incarnation. */
struct book {
    struct uuid id;
    uint64_t entries;
};

static const char sql_book[] =
    "SELECT b.record, (SELECT count(*) FROM record e"
    " WHERE e.parent = b.record AND e.kind = ?3) FROM record b"
    " WHERE b.kind = ?2 AND b.officer = ?1 AND b.is_own = 1"
    " AND EXISTS (SELECT 1 FROM event o WHERE o.record = b.record"
    " AND o.op = ?4 AND o.incarnation = ?6)"
    " AND NOT EXISTS (SELECT 1 FROM event c WHERE c.record = b.record"
    " AND c.op = ?5) ORDER BY b.created_hlc DESC LIMIT 1";
static const char sql_book_count[] =
    "SELECT count(*) FROM record WHERE kind = ?1 AND officer = ?2"
    " AND is_own = 1";

static enum err find_book(struct tablet *t, struct book *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_book, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    db_bind_int(st, 2, KIND_BOOK);
    db_bind_int(st, 3, KIND_ENTRY);
    db_bind_int(st, 4, OP_OPEN_BOOK);
    db_bind_int(st, 5, OP_CLOSE_BOOK);
    db_bind_int(st, 6, evlog_row(t->log));
    err = db_row(st);
    if (!err) {
        db_get_uuid(st, 0, &out->id);
        out->entries = (uint64_t)sqlite3_column_int64(st, 1);
        sqlite3_reset(st);
    }
    return err;
}

enum err tablet_book_find(struct tablet *t, struct uuid *out,
                          uint64_t *entries_out)
{
    struct book book;
    const enum err err = find_book(t, &book);

    if (!err) {
        *out = book.id;
        *entries_out = book.entries;
    }
    return err;
}

static enum err count_books(struct tablet *t, int64_t *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_book_count, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_BOOK);
    db_bind_uuid(st, 2, &t->officer);
    err = db_row(st);
    if (!err) {
        *out = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return err;
}

static void open_book(struct tablet_save *s, struct book *out)
{
    struct evlog_new e = { .officer = s->t->officer,
                           .kind = KIND_BOOK,
                           .kind_version = 1,
                           .op = OP_OPEN_BOOK };
    struct body_writer w;
    int64_t before = 0;

    s->err = count_books(s->t, &before);
    if (!s->err) {
        s->err = tablet_new_id(s->t, &out->id);
    }
    e.record = out->id;
    out->entries = 0;
    body_begin(&w);
    body_put_int(&w, BOOK_NUMBER, before + 1);
    tablet_save_add(s, &e, &w, TIER_OPEN, NULL);
}

static void put_line(struct body_writer *w, const struct tablet_line *line,
                     uint64_t number)
{
    if (line->text != NULL) {
        body_put_text(w, FIELD_NOTE, line->text);
    }
    body_put_int(w, ENTRY_NUMBER, (int64_t)number);
    if (line->late_for_ms != 0) {
        body_put_int(w, ENTRY_LATE_MS, line->late_for_ms);
    }
    if (line->amends != 0) {
        body_put_int(w, ENTRY_AMENDS, (int64_t)line->amends);
    }
    if (line->about != NULL) {
        body_put_uuid(w, ENTRY_ABOUT, line->about);
    }
    if (line->area != NULL) {
        body_put_text(w, ENTRY_AREA, line->area);
        body_put_int(w, ENTRY_MARK, line->mark);
    }
}

void tablet_save_line(struct tablet_save *s, const struct tablet_line *line,
                      uint64_t *number_out)
{
    struct evlog_new e = { .officer = s->t->officer,
                           .kind = KIND_ENTRY,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct book book;

    if (s->err || uuid_is_zero(&s->t->officer)) {
        return;
    }
    s->err = find_book(s->t, &book);
    if (s->err == ERR_NOT_FOUND) {
        open_book(s, &book);
    }
    if (!s->err) {
        s->err = tablet_new_id(s->t, &e.record);
    }
    if (s->err) {
        return;
    }
    if (line->amends > book.entries) {
        s->err = ERR_NOT_FOUND; /* there is no such line to correct */
        return;
    }
    body_begin(&w);
    w.parent = book.id;
    put_line(&w, line, book.entries + 1);
    tablet_save_add(s, &e, &w, TIER_OPEN, NULL);
    if (number_out != NULL) {
        *number_out = book.entries + 1;
    }
}

enum err tablet_entry(struct tablet *t, const char *text, int64_t late_for_ms,
                      uint64_t amends, uint64_t *number_out)
{
    const struct tablet_line line = { .text = text,
                                      .late_for_ms = late_for_ms,
                                      .amends = amends };
    struct tablet_save s;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    if (text[0] == '\0' || strlen(text) > TEXT_MAX_BYTES) {
        return text[0] == '\0' ? ERR_BAD_DATA : ERR_TOO_LONG;
    }
    tablet_save_init(&s, t);
    tablet_save_line(&s, &line, number_out);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

enum err tablet_sign_head(struct tablet *t, const char *aad,
                          const struct uuid *record, uint64_t number,
                          const struct ec_key *key, struct buf *out)
{
    struct evlog_head head;
    struct buf payload;
    enum err err = evlog_head(t->log, &head);

    if (err) {
        return err;
    }
    buf_init(&payload, SIGNED_HEAD_MAX_BYTES);
    cbor_put_array(&payload, 3);
    cbor_put_uuid(&payload, record);
    cbor_put_uint(&payload, number);
    cbor_put_hash(&payload, &head.link);
    err = payload.err;
    if (!err) {
        err =
            cose_sign_put(out, key, 1, buf_bytes(&payload),
                          (struct bytes){ (const uint8_t *)aad, strlen(aad) });
    }
    buf_fini(&payload);
    return err;
}

enum err tablet_close_book(struct tablet *t, const struct ec_key *key)
{
    struct evlog_new e = { .officer = t->officer,
                           .kind = KIND_BOOK,
                           .kind_version = 1,
                           .op = OP_CLOSE_BOOK };
    struct body_writer w;
    struct tablet_save s;
    struct book book;
    struct buf signature;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = find_book(t, &book);
    if (err) {
        return err;
    }
    buf_init(&signature, SIGNED_HEAD_MAX_BYTES);
    err = tablet_sign_head(t, CLOSING_AAD, &book.id, book.entries, key,
                           &signature);
    if (!err) {
        e.record = book.id;
        tablet_save_init(&s, t);
        body_begin(&w);
        body_put_bytes(&w, BOOK_SIGNATURE, buf_bytes(&signature));
        tablet_save_add(&s, &e, &w, TIER_OPEN, NULL);
        err = tablet_save_end(&s);
        tablet_save_fini(&s);
    }
    buf_fini(&signature);
    return err;
}
