#include "core/tablet_visit.h"

#include <string.h>

#include "core/tablet_internal.h"

enum err tablet_visit_put(struct tablet *t, const char *area,
                          enum entry_mark mark, const char *text)
{
    struct tablet_line line = { .text = text, .area = area, .mark = (int)mark };
    struct tablet_save s;
    struct uuid patrol;
    bool is_paused;
    enum err err = strlen(area) < AREA_ID_SIZE
                       ? tablet_patrol_find(t, &patrol, &is_paused)
                       : ERR_TOO_LONG;

    if (err) {
        return err;
    }
    line.about = &patrol;
    tablet_save_init(&s, t);
    tablet_save_line(&s, &line, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

/* Lines since the patrol began, by the index of kinds and times. */
static const char sql_marks[] =
    "SELECT a.value, m.value, r.created_ms FROM record r"
    " JOIN field m ON m.record = r.id AND m.field = ?4 AND m.ordinal = 0"
    " JOIN field a ON a.record = r.id AND a.field = ?3 AND a.ordinal = 0"
    " JOIN field b ON b.record = r.id AND b.field = ?5 AND b.ordinal = 0"
    " WHERE r.kind = ?1 AND r.is_own = 1 AND b.value = ?6"
    " AND r.created_hlc >= (SELECT created_hlc FROM record"
    " WHERE record = ?2) ORDER BY r.created_hlc, r.record";

static bool read_mark(sqlite3_stmt *st, struct tablet_mark *out)
{
    int64_t mark = 0;
    struct bytes area;

    *out = (struct tablet_mark){ .at_ms = sqlite3_column_int64(st, 2) };
    if (!project_text(db_get_bytes(st, 0), &area) ||
        !project_int(db_get_bytes(st, 1), &mark) || mark < ENTRY_MARK_ENTERED ||
        mark > ENTRY_MARK_ENDED || area.len >= sizeof(out->area)) {
        return false; /* of a newer version */
    }
    memcpy(out->area, area.data, area.len);
    out->mark = (enum entry_mark)mark;
    return true;
}

enum err tablet_marks(struct tablet *t, const struct uuid *patrol,
                      tablet_mark_fn fn, void *ctx)
{
    struct tablet_mark mark;
    struct buf about;
    sqlite3_stmt *st;
    bool has_row = false;
    enum err err = store_statement(t->store, sql_marks, &st);

    if (err) {
        return err;
    }
    buf_init(&about, 32);
    cbor_put_uuid(&about, patrol);
    db_bind_int(st, 1, KIND_ENTRY);
    db_bind_uuid(st, 2, patrol);
    db_bind_int(st, 3, ENTRY_AREA);
    db_bind_int(st, 4, ENTRY_MARK);
    db_bind_int(st, 5, ENTRY_ABOUT);
    db_bind_bytes(st, 6, buf_bytes(&about));
    err = about.err ? about.err : db_step(st, &has_row);
    while (!err && has_row) {
        if (read_mark(st, &mark)) {
            err = fn(ctx, &mark);
        }
        err = err ? err : db_step(st, &has_row);
    }
    sqlite3_reset(st);
    buf_fini(&about);
    return err == ERR_STOPPED ? ERR_OK : err;
}

static void begin(struct visits *v, int64_t at_ms)
{
    if (v->count == VISITS_MAX) {
        memmove(&v->list[0], &v->list[1],
                (VISITS_MAX - 1) * sizeof(v->list[0]));
        v->count--;
    }
    v->list[v->count++] = (struct visit){ .from_ms = at_ms };
    v->is_open = true;
}

static void end(struct visits *v, int64_t at_ms)
{
    if (v->is_open) {
        v->list[v->count - 1].to_ms = at_ms;
    }
    v->is_open = v->is_by_hand = false;
}

void tablet_visits_add(struct visits *v, enum entry_mark mark, int64_t at_ms)
{
    switch (mark) {
    case ENTRY_MARK_ENTERED:
    case ENTRY_MARK_STARTED:
        if (!v->is_open) {
            begin(v, at_ms);
        }
        v->is_by_hand |= mark == ENTRY_MARK_STARTED;
        break;
    case ENTRY_MARK_LEFT:
        if (!v->is_by_hand) {
            end(v, at_ms);
        }
        break;
    case ENTRY_MARK_ENDED:
        end(v, at_ms);
        break;
    }
}
