/* Lists for screens: see tablet_list.h. */
#include "core/tablet_list.h"

#include <string.h>

#include "core/project.h"
#include "core/tablet_internal.h"

#define WORDS_MAX_BYTES 512  /* of a search, quoted */
#define WAITING_FEW_MAX 1000 /* events: a week's, and quick to sort */

/* Everything of struct tablet_item that isn't counted. */
#define ITEM_COLUMNS                                                   \
    "r.record, r.parent, r.officer, r.patrol, r.kind, r.tier, r.form," \
    " r.category, r.title, r.noted_ms, r.created_ms, r.is_struck,"     \
    " r.has_conflict, r.has_newer, r.has_quarantined, r.is_own,"       \
    " r.created_hlc,"                                                  \
    " (SELECT value FROM field WHERE record = r.id AND field = 4"      \
    " AND ordinal = 0),"                                               \
    " (SELECT value FROM field WHERE record = r.id AND field = 9"      \
    " AND ordinal = 0),"                                               \
    " (SELECT header FROM event WHERE record = r.record ORDER BY id"   \
    " LIMIT 1),"                                                       \
    " (SELECT reason FROM event WHERE record = r.record AND state = 1" \
    " ORDER BY id LIMIT 1), " WAITING ", r.gone"
/* Some event of it, or of its photos' files, has no receipt. */
#define WAITING                                                           \
    "EXISTS (SELECT 1 FROM event e JOIN incarnation i"                    \
    " ON i.id = e.incarnation WHERE e.record = r.record AND i.is_own = 1" \
    " AND e.state <> 2 AND e.sequence > i.acked AND e.link IS NOT NULL)"  \
    " OR EXISTS (SELECT 1 FROM event e JOIN blob b ON b.event = e.id"     \
    " WHERE e.record = r.record AND b.is_own = 1 AND b.receipt IS NULL)"

static_assert(FIELD_NOTE == 4 && FIELD_PLACE_NAME == 9, "as in ITEM_COLUMNS");

static void read_state(sqlite3_stmt *st, struct tablet_item *item)
{
    tablet_copy_text(db_get_bytes(st, 20), item->reason, sizeof(item->reason));
    if (sqlite3_column_int(st, 14) != 0) {
        item->state = TABLET_REFUSED;
    } else if (sqlite3_column_int(st, 15) == 0) {
        item->state = TABLET_RECEIVED;
    } else {
        item->state =
            sqlite3_column_int(st, 21) != 0 ? TABLET_WAITING : TABLET_HELD;
    }
}

static void read_item(sqlite3_stmt *st, struct tablet_item *item)
{
    struct event_header h;

    memset(item, 0, sizeof(*item));
    db_get_uuid(st, 0, &item->id);
    db_get_uuid(st, 1, &item->parent);
    db_get_uuid(st, 2, &item->officer);
    db_get_uuid(st, 3, &item->patrol);
    item->kind = (uint64_t)sqlite3_column_int64(st, 4);
    item->tier = sqlite3_column_int(st, 5);
    tablet_copy_text(db_get_bytes(st, 6), item->form, sizeof(item->form));
    tablet_copy_text(db_get_bytes(st, 7), item->category,
                     sizeof(item->category));
    tablet_copy_text(db_get_bytes(st, 8), item->title, sizeof(item->title));
    item->noted_ms = sqlite3_column_int64(st, 9);
    item->made_ms = sqlite3_column_int64(st, 10);
    item->is_struck = sqlite3_column_int(st, 11) != 0;
    item->has_conflict = sqlite3_column_int(st, 12) != 0;
    item->has_newer = sqlite3_column_int(st, 13) != 0;
    item->hlc = (uint64_t)sqlite3_column_int64(st, 16);
    item->gone = (enum tablet_gone)sqlite3_column_int(st, 22);
    tablet_copy(db_get_bytes(st, 17), item->note, sizeof(item->note));
    tablet_copy(db_get_bytes(st, 18), item->place_name,
                sizeof(item->place_name));
    if (!event_header_parse(db_get_bytes(st, 19), &h)) {
        item->utc_offset_min = (int)h.utc_offset_min;
    }
    read_state(st, item);
}

static const char sql_photos[] =
    "SELECT count(DISTINCT p.id), count(DISTINCT p.id) FILTER (WHERE NOT ("
    " EXISTS (SELECT 1 FROM event e JOIN blob b ON b.event = e.id"
    " WHERE e.record = p.record AND b.is_own = 1 AND b.receipt IS NULL)))"
    " FROM record p WHERE p.parent = ?1 AND p.kind = ?2";

static enum err count_photos(struct tablet *t, struct tablet_item *item)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_photos, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &item->id);
    db_bind_int(st, 2, KIND_PHOTO);
    err = db_row(st);
    if (!err) {
        item->photos = (unsigned)sqlite3_column_int(st, 0);
        item->photos_held = (unsigned)sqlite3_column_int(st, 1);
        sqlite3_reset(st);
    }
    return err;
}

/* --- closed records, as a holder reads them --- */

static void copy_field(const struct project_view *v, uint64_t field, char *out,
                       size_t size)
{
    tablet_copy(project_value(&v->merged, field), out, size);
}

static void copy_id(const struct project_view *v, uint64_t field,
                    struct uuid *out)
{
    const struct bytes value = project_value(&v->merged, field);
    struct cbor_reader r;

    memset(out, 0, sizeof(*out));
    if (value.data != NULL) {
        cbor_open_gated(&r, value);
        cbor_get_uuid(&r, out);
    }
}

/* The list's row says that it is there; a share says the rest. */
static enum err read_held(struct tablet *t, struct tablet_item *item)
{
    struct project_view v;
    enum err err;

    if (item->kind != KIND_RESTRICTED && item->kind != KIND_SEALED) {
        return ERR_OK; /* open, or the author's own */
    }
    err = tablet_held_view(t, &item->id, &v);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    item->kind = v.kind;
    item->parent = v.merged.parent;
    item->is_struck = v.merged.is_struck;
    item->has_conflict = v.merged.has_conflict;
    tablet_copy_text((struct bytes){ (const uint8_t *)v.form, strlen(v.form) },
                     item->form, sizeof(item->form));
    copy_field(&v, FIELD_CATEGORY, item->category, sizeof(item->category));
    copy_field(&v, FIELD_TITLE, item->title, sizeof(item->title));
    copy_field(&v, FIELD_NOTE, item->note, sizeof(item->note));
    copy_field(&v, FIELD_PLACE_NAME, item->place_name,
               sizeof(item->place_name));
    copy_id(&v, FIELD_PATROL, &item->patrol);
    if (!project_int(project_value(&v.merged, FIELD_NOTED_MS),
                     &item->noted_ms)) {
        item->noted_ms = 0;
    }
    project_view_fini(&v);
    return ERR_OK;
}

static enum err each_held_field(const struct project_view *v,
                                tablet_field_fn fn, void *ctx)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < v->merged.field_count && !err; i++) {
        const struct merge_field *m = &v->merged.fields[i];
        struct tablet_field f = { .id = m->id, .is_conflict = m->is_conflict };

        if (m->is_set) {
            f.value = buf_bytes(&m->codes);
            err = fn(ctx, &f);
        }
        for (size_t j = 0; j < m->head_count && !m->is_set && !err; j++) {
            const struct merge_event *e = &v->events[m->heads[j].event];

            f.ordinal = (unsigned)j;
            f.value = m->heads[j].value;
            f.officer = e->officer;
            f.made_ms = (int64_t)(e->hlc >> 16);
            err = fn(ctx, &f);
        }
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- a conflict --- */

static const char sql_versions[] =
    "SELECT f.value FROM field f JOIN record r ON r.id = f.record"
    " WHERE r.record = ?1 AND f.field = ?2 AND f.value IS NOT NULL"
    " ORDER BY f.ordinal";

/* None of several values is the current one: all stand, in their order. */
static enum err join_versions(struct tablet *t, const struct uuid *record,
                              uint64_t field, char out[TABLET_TEXT_SIZE])
{
    sqlite3_stmt *st;
    bool has_row;
    struct buf all;
    enum err err = store_statement(t->store, sql_versions, &st);

    if (err) {
        return err;
    }
    buf_init(&all, (size_t)BODY_MAX_BYTES * BODY_BASES_MAX);
    db_bind_uuid(st, 1, record);
    db_bind_int(st, 2, (int64_t)field);
    for (;;) {
        struct bytes text;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        if (project_text(db_get_bytes(st, 0), &text)) {
            buf_put_text(&all, all.len > 0 ? " | " : "");
            buf_put(&all, text.data, text.len);
        }
    }
    err = err ? err : all.err;
    tablet_copy_text(buf_bytes(&all), out, TABLET_TEXT_SIZE);
    buf_wipe(&all);
    return err;
}

static enum err finish_item(struct tablet *t, struct tablet_item *item)
{
    enum err err = count_photos(t, item);

    if (err || !item->has_conflict || item->tier != TIER_OPEN) {
        return err;
    }
    err = join_versions(t, &item->id, FIELD_NOTE, item->note);
    return err ? err
               : join_versions(t, &item->id, FIELD_PLACE_NAME,
                               item->place_name);
}

/* --- records --- */

/* Those that WAITING says, looked for from the other side. */
#define WAITING_SET                                                           \
    "SELECT e.record FROM incarnation i CROSS JOIN event e"                   \
    " ON e.incarnation = i.id AND e.sequence > i.acked WHERE i.is_own = 1"    \
    " AND e.state <> 2 AND e.link IS NOT NULL"                                \
    " UNION SELECT e.record FROM blob b CROSS JOIN event e ON e.id = b.event" \
    " WHERE b.is_own = 1 AND b.receipt IS NULL"
#define OF_KIND                                             \
    " (iif(?1 = 0, +r.kind <= ?2 OR +r.kind >= ?3, +r.kind" \
    " = ?1) OR r.record IN temp.held)"
/*
 * All lists ask for the same; `by` says how the rows are found, so that few
 * are looked at. What is shown of a row is read for those of the page only.
 */
#define RECORDS(by) RECORDS_OF("record r WHERE " by)
#define RECORDS_OF(from)                                            \
    "SELECT " ITEM_COLUMNS " FROM record r WHERE r.id IN"           \
    " (SELECT id FROM (SELECT r.id AS id FROM " from                \
    " AND (?4 IS NULL OR r.patrol = ?4 OR r.record IN temp.held)"   \
    " AND (?12 = 1 OR r.parent IS ?5 OR r.record IN temp.held)"     \
    " AND (?6 IS NULL OR r.id IN"                                   \
    " (SELECT rowid FROM search WHERE search MATCH ?6))"            \
    " AND (?7 = 0 OR r.is_own = 1) AND (?8 = 0 OR (" WAITING "))"   \
    " AND (?13 = 0 OR r.has_conflict = 1)"                          \
    " AND (?14 = 0 OR r.has_quarantined = 1)"                       \
    " AND (?9 = 0 OR r.created_hlc < ?9)"                           \
    " AND (r.tier = 0 OR r.officer = ?10 OR r.record IN temp.held)" \
    " ORDER BY r.created_hlc DESC, r.record LIMIT ?11))"            \
    " ORDER BY r.created_hlc DESC, r.record"

static const char by_time[] = RECORDS(OF_KIND);
static const char by_kind[] = RECORDS("r.kind = ?1");
static const char by_words[] = RECORDS(
    "r.id IN (SELECT rowid FROM search WHERE search MATCH ?6) AND" OF_KIND);
static const char by_waiting[] =
    RECORDS_OF("(" WAITING_SET ") w CROSS JOIN record r"
               " ON r.record = w.record WHERE" OF_KIND);
static const char by_patrol[] = RECORDS("r.patrol = ?4 AND" OF_KIND);
static const char by_conflict[] = RECORDS("r.has_conflict = 1 AND" OF_KIND);
static const char by_refusal[] = RECORDS("r.has_quarantined = 1 AND" OF_KIND);

/* Few are looked for by themselves; of many, the newest come soon. */
static const char sql_unsent[] =
    "SELECT coalesce(sum(head - acked), 0) FROM incarnation WHERE is_own = 1";

static bool waits_much(struct tablet *t)
{
    int64_t unsent = 0;

    return store_number(t->store, sql_unsent, &unsent) == ERR_OK &&
           unsent > WAITING_FEW_MAX;
}

/* Closed records that are held may be of any kind and patrol. */
static const char *sql_of(struct tablet *t, const struct tablet_filter *f,
                          bool has_words)
{
    if (has_words) {
        return by_words;
    }
    if (f->only_waiting) {
        return waits_much(t) ? by_time : by_waiting;
    }
    if (f->only_refused) {
        return by_refusal;
    }
    if (f->only_conflict) {
        return by_conflict;
    }
    if (t->held_count > 0) {
        return by_time;
    }
    if (!uuid_is_zero(&f->patrol)) {
        return by_patrol;
    }
    return f->kind != 0 ? by_kind : by_time;
}

/* Each word quoted, so that no search is a syntax error. */
static void quote_words(const char *words, struct buf *out)
{
    while (*words != '\0') {
        const size_t len = strcspn(words, " \t\n\"");

        if (len > 0) {
            buf_put_text(out, out->len > 0 ? " \"" : "\"");
            buf_put(out, words, len);
            buf_put_text(out, "\"*");
        }
        words += len + (words[len] != '\0');
    }
}

/* Closed records may not fit what is asked for: see fits(). */
static int64_t row_limit(const struct tablet *t, size_t max)
{
    return max > (size_t)INT64_MAX - t->held_count
               ? INT64_MAX
               : (int64_t)(max + t->held_count);
}

static void bind_filter(struct tablet *t, sqlite3_stmt *st,
                        const struct tablet_filter *f, const char *words)
{
    db_bind_int(st, 1, (int64_t)f->kind);
    db_bind_int(st, 2, KIND_BRIEFING);
    db_bind_int(st, 3, KIND_RESTRICTED);
    db_bind_uuid_or_null(st, 4, &f->patrol);
    db_bind_uuid_or_null(st, 5, &f->parent);
    db_bind_text(st, 6, words);
    db_bind_int(st, 7, f->only_own);
    db_bind_int(st, 8, f->only_waiting);
    db_bind_int(st, 9, (int64_t)f->before_hlc);
    db_bind_uuid(st, 10, &t->officer);
    db_bind_int(st, 11, row_limit(t, f->max));
    db_bind_int(st, 12, f->with_children);
    db_bind_int(st, 13, f->only_conflict);
    db_bind_int(st, 14, f->only_refused);
}

/* What SQL can't see of a closed record. */
static bool fits(const struct tablet_filter *f, const struct tablet_item *i)
{
    if (i->tier == TIER_OPEN) {
        return true;
    }
    if (f->kind != 0 ? i->kind != f->kind
                     : i->kind > KIND_BRIEFING && i->kind < KIND_RESTRICTED) {
        return false;
    }
    return (f->with_children || uuid_eq(&f->parent, &i->parent)) &&
           (uuid_is_zero(&f->patrol) || uuid_eq(&f->patrol, &i->patrol));
}

static enum err each_item(struct tablet *t, sqlite3_stmt *st,
                          const struct tablet_filter *f, tablet_item_fn fn,
                          void *ctx)
{
    struct tablet_item item;
    size_t told = 0;
    bool has_row;
    enum err err = ERR_OK;

    while (!err && told < f->max) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        read_item(st, &item);
        err = read_held(t, &item);
        if (err || !fits(f, &item)) {
            continue;
        }
        err = finish_item(t, &item);
        if (!err) {
            err = fn(ctx, &item);
            told++;
        }
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_records(struct tablet *t, const struct tablet_filter *filter,
                        tablet_item_fn fn, void *ctx)
{
    const bool has_words = filter->words != NULL && filter->words[0] != '\0';
    struct buf words;
    sqlite3_stmt *st;
    enum err err = tablet_held_refresh(t);

    err = err ? err
              : store_statement(t->store, sql_of(t, filter, has_words), &st);
    if (err) {
        return err;
    }
    buf_init(&words, WORDS_MAX_BYTES);
    if (has_words) {
        quote_words(filter->words, &words);
        buf_text(&words);
    }
    err = words.err;
    if (!err) {
        bind_filter(t, st, filter, words.len > 0 ? buf_text(&words) : NULL);
        err = each_item(t, st, filter, fn, ctx);
    }
    buf_fini(&words);
    return err;
}

/* --- how much there is --- */

#define OWN_SEEN "r.is_own = 1 AND (r.tier = 0 OR r.officer = ?1)"
static const char sql_made[] =
    "SELECT r.kind, count(*) FROM record r WHERE " OWN_SEEN " GROUP BY r.kind";
static const char sql_waiting[] =
    "SELECT r.kind, count(*) FROM (" WAITING_SET ") w CROSS JOIN record r"
    " ON r.record = w.record WHERE r.has_quarantined = 0 AND " OWN_SEEN
    " GROUP BY r.kind";
/* Those that a share opens: of an earlier life of this tablet, or made here
 * by a colleague. */
static const char sql_own_held[] =
    "SELECT r.record FROM record r JOIN temp.held h ON h.record = r.record"
    " WHERE r.is_own = 1 AND (r.kind IN (?1, ?2)"
    " OR (r.tier <> 0 AND r.officer IS NOT ?3))";

struct kinds {
    const uint64_t *list;
    size_t count;
    struct tablet_tally *tally;
};

static struct tablet_tally *tally_of(const struct kinds *k, uint64_t kind)
{
    for (size_t i = 0; i < k->count; i++) {
        if (k->list[i] == kind) {
            return &k->tally[i];
        }
    }
    return NULL;
}

typedef void tally_fn(struct tablet_tally *to, size_t count);

static void put_made(struct tablet_tally *to, size_t count)
{
    to->made = to->held = count;
}

static void take_waiting(struct tablet_tally *to, size_t count)
{
    to->held -= count;
}

/* Rows of `sql`: a kind, how many of it. */
static enum err tally_each(struct tablet *t, const struct kinds *k,
                           const char *sql, tally_fn *fn)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    while (!(err = db_step(st, &has_row)) && has_row) {
        struct tablet_tally *to =
            tally_of(k, (uint64_t)sqlite3_column_int64(st, 0));

        if (to != NULL) {
            fn(to, (size_t)sqlite3_column_int64(st, 1));
        }
    }
    return err;
}

static enum err tally_held(struct tablet *t, const struct kinds *k)
{
    struct tablet_item item;
    struct uuid record;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_own_held, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_RESTRICTED);
    db_bind_int(st, 2, KIND_SEALED);
    db_bind_uuid(st, 3, &t->officer);
    while (!(err = db_step(st, &has_row)) && has_row) {
        struct tablet_tally *to;

        db_get_uuid(st, 0, &record);
        err = tablet_item(t, &record, &item);
        if (err) {
            break;
        }
        to = tally_of(k, item.kind);
        if (to != NULL) {
            to->made++;
            to->held += item.state != TABLET_WAITING;
        }
    }
    sqlite3_reset(st);
    return err;
}

enum err tablet_tally(struct tablet *t, const uint64_t *kinds, size_t count,
                      struct tablet_tally *out)
{
    const struct kinds k = { kinds, count, out };
    enum err err = tablet_held_refresh(t);

    memset(out, 0, count * sizeof(*out));
    err = err ? err : tally_each(t, &k, sql_made, put_made);
    err = err ? err : tally_each(t, &k, sql_waiting, take_waiting);
    return err || t->held_count == 0 ? err : tally_held(t, &k);
}

static const char sql_item[] =
    "SELECT " ITEM_COLUMNS " FROM record r WHERE r.record = ?1"
    " AND (r.tier = 0 OR r.officer = ?2 OR r.record IN temp.held)";

enum err tablet_item(struct tablet *t, const struct uuid *record,
                     struct tablet_item *out)
{
    sqlite3_stmt *st;
    enum err err = tablet_held_refresh(t);

    err = err ? err : store_statement(t->store, sql_item, &st);
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    db_bind_uuid(st, 2, &t->officer);
    err = db_row(st);
    if (err) {
        return err;
    }
    read_item(st, out);
    sqlite3_reset(st);
    err = read_held(t, out);
    return err ? err : finish_item(t, out);
}

static const char sql_fields[] =
    "SELECT f.field, f.ordinal, f.value, e.header,"
    " EXISTS (SELECT 1 FROM conflict c WHERE c.record = f.record"
    " AND c.field = f.field) FROM field f JOIN record r ON r.id = f.record"
    " LEFT JOIN event e ON e.id = f.event WHERE r.record = ?1"
    " AND (r.tier = 0 OR r.officer = ?2)"
    " AND NOT (f.event IS NOT NULL AND f.value IS NOT NULL AND EXISTS"
    " (SELECT 1 FROM field s WHERE s.record = f.record AND s.field = f.field"
    " AND s.event IS NULL)) ORDER BY f.field, f.ordinal";

/* ERR_NOT_FOUND when no field of it can be shown from the store. */
static enum err stored_fields(struct tablet *t, const struct uuid *record,
                              tablet_field_fn fn, void *ctx)
{
    struct event_header h;
    struct tablet_field f;
    sqlite3_stmt *st;
    bool has_row, has_any = false;
    enum err err = store_statement(t->store, sql_fields, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    db_bind_uuid(st, 2, &t->officer);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return !err && !has_any ? ERR_NOT_FOUND : err;
        }
        has_any = true;
        memset(&f, 0, sizeof(f));
        f.id = (uint64_t)sqlite3_column_int64(st, 0);
        f.ordinal = (unsigned)sqlite3_column_int(st, 1);
        f.value = db_get_bytes(st, 2);
        f.is_conflict = sqlite3_column_int(st, 4) != 0;
        if (!event_header_parse(db_get_bytes(st, 3), &h)) {
            f.officer = h.officer;
            f.made_ms = h.wall_ms;
        }
        err = fn(ctx, &f);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_fields(struct tablet *t, const struct uuid *record,
                       tablet_field_fn fn, void *ctx)
{
    struct project_view v;
    enum err err = tablet_held_refresh(t);

    err = err ? err : stored_fields(t, record, fn, ctx);
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = tablet_held_view(t, record, &v);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    err = each_held_field(&v, fn, ctx);
    project_view_fini(&v);
    return err;
}
/* --- the book --- */

static const char sql_lines[] =
    "SELECT " ITEM_COLUMNS ", n.value, l.value, a.value, b.value"
    " FROM record r JOIN field n ON n.record = r.id AND n.field = ?3"
    " AND n.ordinal = 0"
    " LEFT JOIN field l ON l.record = r.id AND l.field = ?4 AND l.ordinal = 0"
    " LEFT JOIN field a ON a.record = r.id AND a.field = ?5 AND a.ordinal = 0"
    " LEFT JOIN field b ON b.record = r.id AND b.field = ?6 AND b.ordinal = 0"
    " WHERE r.kind = ?2 AND r.parent = (SELECT record FROM record"
    " WHERE kind = ?7 AND officer = ?1 AND is_own = 1"
    " ORDER BY created_hlc DESC LIMIT 1)"
    " AND (?8 = 0 OR r.created_hlc < (SELECT o.created_hlc FROM record o"
    " JOIN field x ON x.record = o.id AND x.field = ?3 WHERE"
    " o.parent = r.parent AND x.value = ?9))"
    " ORDER BY r.created_hlc DESC LIMIT ?10";

static void read_line(sqlite3_stmt *st, struct tablet_book_line *line,
                      struct uuid *about)
{
    struct cbor_reader r;
    int64_t number = 0;

    memset(line, 0, sizeof(*line));
    memset(about, 0, sizeof(*about));
    read_item(st, &line->entry);
    memcpy(line->text, line->entry.note, sizeof(line->text));
    if (project_int(db_get_bytes(st, 23), &number)) {
        line->number = (uint64_t)number;
    }
    if (!project_int(db_get_bytes(st, 24), &line->late_for_ms)) {
        line->late_for_ms = 0;
    }
    if (project_int(db_get_bytes(st, 25), &number)) {
        line->amends = (uint64_t)number;
    }
    if (db_get_bytes(st, 26).data != NULL) {
        cbor_open_gated(&r, db_get_bytes(st, 26));
        cbor_get_uuid(&r, about);
    }
}

enum err tablet_book_page(struct tablet *t, uint64_t before, size_t max,
                          tablet_line_fn fn, void *ctx)
{
    struct tablet_book_line line;
    struct uuid about;
    struct buf number;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_lines, &st);

    if (err) {
        return err;
    }
    buf_init(&number, 16);
    cbor_put_uint(&number, before);
    db_bind_uuid(st, 1, &t->officer);
    db_bind_int(st, 2, KIND_ENTRY);
    db_bind_int(st, 3, ENTRY_NUMBER);
    db_bind_int(st, 4, ENTRY_LATE_MS);
    db_bind_int(st, 5, ENTRY_AMENDS);
    db_bind_int(st, 6, ENTRY_ABOUT);
    db_bind_int(st, 7, KIND_BOOK);
    db_bind_int(st, 8, before != 0);
    db_bind_bytes(st, 9, buf_bytes(&number));
    db_bind_int(st, 10, (int64_t)max);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        read_line(st, &line, &about);
        if (!uuid_is_zero(&about)) {
            err = tablet_item(t, &about, &line.about);
            err = err == ERR_NOT_FOUND ? ERR_OK : err;
        }
        if (!err) {
            err = fn(ctx, &line);
        }
        if (err) {
            sqlite3_reset(st);
            break;
        }
    }
    buf_fini(&number);
    return err == ERR_STOPPED ? ERR_OK : err;
}
