/* The canonical dump: what two stores with equal events agree on. */
#include "core/store.h"

#include "core/mem.h"
#include "core/project.h"
#include "core/store_internal.h"

/*
 * Ordered by what events say, never by row numbers; without `is_own`, so
 * that the dumps of two tablets can be compared, too.
 */
static const char *const dumps[] = {
    "SELECT record, kind, tier, form, form_version, category, title, parent,"
    " parent_field, patrol, officer, device, created_hlc, created_ms,"
    " noted_ms, changed_hlc, event_count, is_struck, has_conflict,"
    " has_missing, has_newer, has_quarantined, gone FROM record ORDER BY "
    "record",
    "SELECT r.record, f.field, f.ordinal, i.incarnation, e.sequence, e.branch,"
    " f.value FROM field f JOIN record r ON r.id = f.record"
    " LEFT JOIN event e ON e.id = f.event"
    " LEFT JOIN incarnation i ON i.id = e.incarnation"
    " ORDER BY r.record, f.field, f.ordinal",
    "SELECT r.record, c.field FROM conflict c JOIN record r ON r.id = c.record"
    " ORDER BY r.record, c.field",
    "SELECT d.kind, d.id, d.version, r.record, d.hlc, d.json FROM definition d"
    " JOIN record r ON r.id = d.record"
    " ORDER BY d.kind, d.id, d.version, r.record",
    "SELECT r.record, s.text FROM search s JOIN record r ON r.id = s.rowid"
    " ORDER BY r.record",
    "SELECT r.record, p.min_lat, p.max_lat, p.min_lon, p.max_lon FROM place p"
    " JOIN record r ON r.id = p.id ORDER BY r.record",
};

static void add_number(struct sha256 *sum, uint64_t value)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    sha256_add(sum, (struct bytes){ bytes, sizeof(bytes) });
}

static void add_column(struct sha256 *sum, sqlite3_stmt *st, int n)
{
    const int type = sqlite3_column_type(st, n);
    struct bytes value;

    add_number(sum, (uint64_t)type);
    if (type == SQLITE_INTEGER) {
        add_number(sum, (uint64_t)sqlite3_column_int64(st, n));
    } else if (type != SQLITE_NULL) {
        value = db_get_bytes(st, n);
        add_number(sum, value.len);
        sha256_add(sum, value);
    }
}

static enum err add_table(struct store *s, struct sha256 *sum, const char *sql)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s, sql, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            add_column(sum, st, i);
        }
    }
    return err;
}

enum err store_dump_hash(struct store *s, struct hash *out)
{
    struct sha256 *sum;
    enum err err = sha256_new(&sum);

    if (err) {
        return err;
    }
    for (size_t i = 0; !err && i < ARRAY_LEN(dumps); i++) {
        add_number(sum, i);
        err = add_table(s, sum, dumps[i]);
    }
    if (!err) {
        sha256_end(sum, out);
    }
    sha256_free(sum);
    return err;
}

enum err store_rebuild(struct store *s)
{
    return project_all(s);
}
