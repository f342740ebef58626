/* What a verb needs to know of a record before it writes. */
#include <string.h>

#include "core/tablet_internal.h"

static const char sql_known[] =
    "SELECT id, kind, tier, form, form_version, officer, gone FROM record"
    " WHERE record = ?1";
static const char sql_heads[] =
    "SELECT i.incarnation, e.sequence FROM field f"
    " JOIN event e ON e.id = f.event"
    " JOIN incarnation i ON i.id = e.incarnation"
    " WHERE f.record = ?1 AND f.field = ?2 ORDER BY f.ordinal LIMIT ?3";

enum err tablet_known_record(struct tablet *t, const struct uuid *record,
                             struct tablet_known *out)
{
    const char *form;
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_known, &st);

    memset(out, 0, sizeof(*out));
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    err = db_row(st);
    if (err) {
        return err;
    }
    out->id = sqlite3_column_int64(st, 0);
    out->kind = (uint64_t)sqlite3_column_int64(st, 1);
    out->tier = (enum tier)sqlite3_column_int(st, 2);
    form = db_get_text(st, 3);
    if (strlen(form) <= FORM_ID_MAX) {
        memcpy(out->form, form, strlen(form));
    }
    out->form_version = (uint64_t)sqlite3_column_int64(st, 4);
    db_get_uuid(st, 5, &out->officer);
    out->gone = sqlite3_column_int(st, 6);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err tablet_heads(struct tablet *t, int64_t record_row, uint64_t field,
                      struct event_ref out[BODY_BASES_MAX], size_t *count_out)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_heads, &st);

    *count_out = 0;
    if (err) {
        return err;
    }
    db_bind_int(st, 1, record_row);
    db_bind_int(st, 2, (int64_t)field);
    db_bind_int(st, 3, BODY_BASES_MAX);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_uuid(st, 0, &out[*count_out].incarnation);
        out[*count_out].sequence = (uint64_t)sqlite3_column_int64(st, 1);
        ++*count_out;
    }
}
