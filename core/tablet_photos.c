#include "core/tablet_photos.h"

#include <string.h>

#include "core/project.h"
#include "core/store_blobs.h"
#include "core/tablet_capture.h"
#include "core/tablet_internal.h"

/* --- what is known --- */

/* The only value of a field: none while it is in conflict. */
#define VALUE(id)                                                  \
    "(SELECT value FROM field WHERE record = r.id AND field = " id \
    " AND ordinal = 0)"
#define IS_WAITING                                                 \
    " EXISTS (SELECT 1 FROM event e JOIN blob b ON b.event = e.id" \
    " WHERE e.record = r.record AND b.is_own = 1 AND b.receipt IS NULL)"
/* clang-format off */
#define PHOTO_COLUMNS                                                 \
    "r.record, r.parent, r.is_own, " VALUE("16") ", " VALUE("22")     \
    ", " VALUE("19") ", " VALUE("21") ", " VALUE("20") ", "           \
    VALUE("27") "," IS_WAITING ", " VALUE("29") ", " VALUE("28") ", " \
    VALUE("18") ", " VALUE("30") ", r.officer, r.created_ms"
/* clang-format on */

static_assert(PHOTO_BLOB == 16 && PHOTO_SMALL_BLOB == 22 && PHOTO_BYTES == 19 &&
                  PHOTO_ORIENTATION == 21 && PHOTO_TYPE == 20 &&
                  PHOTO_CAPTION == 27 && PHOTO_EXHIBIT == 29 &&
                  PHOTO_COPY_OF == 28 && PHOTO_HASH == 18 &&
                  PHOTO_LENGTH_MS == 30,
              "as in PHOTO_COLUMNS");

static const char sql_photos[] =
    "SELECT " PHOTO_COLUMNS " FROM record r WHERE r.kind = ?1"
    " AND (?2 IS NULL OR r.parent = ?2) AND (r.tier <> 1 OR r.officer = ?3)"
    " AND r.is_struck = 0 ORDER BY r.created_hlc, r.id";
static const char sql_photo[] =
    "SELECT " PHOTO_COLUMNS " FROM record r WHERE r.kind = ?1"
    " AND r.record = ?2 AND (r.tier <> 1 OR r.officer = ?3)";

static bool get_hash(struct bytes cbor, struct hash *out)
{
    struct cbor_reader r;

    memset(out, 0, sizeof(*out));
    if (cbor.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, cbor);
    cbor_get_hash(&r, out);
    return cbor_close(&r) == ERR_OK;
}

static void get_id(struct bytes cbor, struct uuid *out)
{
    struct cbor_reader r;

    *out = (struct uuid){ 0 };
    if (cbor.data != NULL) {
        cbor_open_gated(&r, cbor);
        cbor_get_uuid(&r, out);
    }
}

static int64_t get_int(struct bytes cbor)
{
    int64_t n = 0;

    return cbor.data != NULL && project_int(cbor, &n) ? n : 0;
}

static void read_photo(sqlite3_stmt *st, struct tablet_photo_item *p)
{
    memset(p, 0, sizeof(*p));
    db_get_uuid(st, 0, &p->id);
    db_get_uuid(st, 1, &p->parent);
    p->state = sqlite3_column_int(st, 2) == 0   ? TABLET_PHOTO_COMING
               : sqlite3_column_int(st, 9) != 0 ? TABLET_PHOTO_WAITING
                                                : TABLET_PHOTO_HELD;
    (void)get_hash(db_get_bytes(st, 3), &p->original);
    (void)get_hash(db_get_bytes(st, 4), &p->small);
    p->bytes = get_int(db_get_bytes(st, 5));
    p->orientation = (int)get_int(db_get_bytes(st, 6));
    tablet_copy(db_get_bytes(st, 7), p->media_type, sizeof(p->media_type));
    tablet_copy(db_get_bytes(st, 8), p->caption, sizeof(p->caption));
    tablet_copy(db_get_bytes(st, 10), p->exhibit, sizeof(p->exhibit));
    get_id(db_get_bytes(st, 11), &p->copy_of);
    (void)get_hash(db_get_bytes(st, 12), &p->plain);
    p->length_ms = get_int(db_get_bytes(st, 13));
    db_get_uuid(st, 14, &p->officer);
    p->made_ms = sqlite3_column_int64(st, 15);
}

static const char sql_has[] = "SELECT 1 FROM blob WHERE name = ?1";
static const char sql_is_asked[] = "SELECT 1 FROM blob_asked WHERE name = ?1";

static enum err has(struct tablet *t, const char *sql, const struct hash *name,
                    bool *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql, &st);

    if (!err) {
        db_bind_hash(st, 1, name);
        err = db_step(st, out);
        sqlite3_reset(st);
    }
    return err;
}

static enum err look_at_files(struct tablet *t, struct tablet_photo_item *p)
{
    enum err err = has(t, sql_has, &p->original, &p->has_original);

    err = err ? err : has(t, sql_has, &p->small, &p->has_small);
    err = err ? err : has(t, sql_is_asked, &p->original, &p->is_asked);
    if (p->state == TABLET_PHOTO_COMING && (p->has_small || p->has_original)) {
        p->state = TABLET_PHOTO_HERE;
    }
    return err;
}

enum err tablet_photos(struct tablet *t, const struct uuid *parent,
                       tablet_photo_fn fn, void *ctx)
{
    struct tablet_photo_item p;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_photos, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PHOTO);
    db_bind_uuid_or_null(st, 2, parent);
    db_bind_uuid(st, 3, &t->officer);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        read_photo(st, &p);
        err = look_at_files(t, &p);
        err = err ? err : fn(ctx, &p);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_photo_item(struct tablet *t, const struct uuid *photo,
                           struct tablet_photo_item *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_photo, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PHOTO);
    db_bind_uuid(st, 2, photo);
    db_bind_uuid(st, 3, &t->officer);
    err = db_row(st);
    if (err) {
        return err;
    }
    read_photo(st, out);
    sqlite3_reset(st);
    return look_at_files(t, out);
}

static const char sql_incomplete[] =
    "SELECT DISTINCT r.parent FROM blob b JOIN event e ON e.id = b.event"
    " JOIN record r ON r.record = e.record AND r.kind = ?1"
    " WHERE b.is_own = 1 AND b.receipt IS NULL AND r.parent IS NOT NULL"
    " ORDER BY r.parent";

enum err tablet_photos_incomplete(struct tablet *t, tablet_item_fn fn,
                                  void *ctx)
{
    struct tablet_item item;
    struct uuid parent;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_incomplete, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PHOTO);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_uuid(st, 0, &parent);
        err = tablet_item(t, &parent, &item);
        if (!err) {
            err = fn(ctx, &item);
        } else if (err == ERR_NOT_FOUND) {
            err = ERR_OK; /* not for who is signed in */
        }
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- its bytes --- */

static const char sql_file[] =
    "SELECT b.value, k.value, h.value FROM record r"
    " JOIN field b ON b.record = r.id AND b.field = ?2 AND b.ordinal = 0"
    " JOIN field k ON k.record = r.id AND k.field = ?3 AND k.ordinal = 0"
    " JOIN field h ON h.record = r.id AND h.field = ?4 AND h.ordinal = 0"
    " WHERE r.record = ?1 AND r.kind = ?5"
    " AND (r.tier <> 1 OR r.officer = ?6)";

static bool get_key(struct bytes cbor, uint8_t key[CRYPTO_KEY_SIZE])
{
    struct hash h; /* as long as a key */

    static_assert(sizeof(h) == CRYPTO_KEY_SIZE, "both have 32 bytes");
    if (!get_hash(cbor, &h)) {
        return false;
    }
    memcpy(key, h.bytes, CRYPTO_KEY_SIZE);
    wipe(&h, sizeof(h));
    return true;
}

static enum err find_picture(struct tablet *t, const struct uuid *photo,
                             bool is_original, struct tablet_file *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_file, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, photo);
    db_bind_int(st, 2, is_original ? PHOTO_BLOB : PHOTO_SMALL_BLOB);
    db_bind_int(st, 3, is_original ? PHOTO_KEY : PHOTO_SMALL_KEY);
    db_bind_int(st, 4, is_original ? PHOTO_HASH : PHOTO_SMALL_HASH);
    db_bind_int(st, 5, KIND_PHOTO);
    db_bind_uuid(st, 6, &t->officer);
    err = db_row(st);
    if (err) {
        return err;
    }
    if (!get_hash(db_get_bytes(st, 0), &out->name) ||
        !get_key(db_get_bytes(st, 1), out->key) ||
        !get_hash(db_get_bytes(st, 2), &out->plain)) {
        err = ERR_BAD_DATA;
    }
    sqlite3_reset(st);
    return err;
}

enum err tablet_photo_bytes(struct tablet *t, const struct uuid *photo,
                            bool is_original, struct buf *out)
{
    struct tablet_file p;
    enum err err = find_picture(t, photo, is_original, &p);

    if (err) {
        return err;
    }
    err = tablet_file_bytes(t, &p, out);
    wipe(&p, sizeof(p));
    return err;
}

/* --- on request --- */

static const char sql_named_by[] =
    "SELECT f.event FROM record r JOIN field f ON f.record = r.id"
    " AND f.field = ?2 AND f.ordinal = 0 WHERE r.record = ?1";

enum err tablet_photo_ask(struct tablet *t, const struct uuid *photo)
{
    struct tablet_photo_item p;
    struct store_blob b;
    sqlite3_stmt *st;
    enum err err = tablet_photo_item(t, photo, &p);

    if (err || p.has_original) {
        return err;
    }
    err = store_statement(t->store, sql_named_by, &st);
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, photo);
    db_bind_int(st, 2, PHOTO_BLOB);
    err = db_row(st);
    if (err) {
        return err;
    }
    b.name = p.original;
    b.event = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return store_blob_ask(t->store, &b);
}

/* --- counts --- */

static const char sql_made[] =
    "SELECT count(*) FROM record WHERE kind = 4 AND is_own = 1";
static const char sql_waiting[] =
    "SELECT count(DISTINCT e.record) FROM blob b JOIN event e"
    " ON e.id = b.event JOIN record r ON r.record = e.record AND r.kind = 4"
    " WHERE b.is_own = 1 AND b.receipt IS NULL";
static const char sql_others[] =
    "SELECT count(*) FROM record WHERE kind = 4 AND is_own = 0"
    " AND is_struck = 0";
static const char sql_here[] =
    "SELECT count(DISTINCT e.record) FROM blob b JOIN event e"
    " ON e.id = b.event JOIN record r ON r.record = e.record AND r.kind = 4"
    " AND r.is_struck = 0 WHERE b.is_own = 0";
static const char sql_asked[] = "SELECT count(*) FROM blob_asked";

static_assert(KIND_PHOTO == 4, "as in the queries above");

enum err tablet_photo_counts(struct tablet *t, struct tablet_photo_counts *out)
{
    const struct {
        const char *sql;
        uint64_t *to;
    } numbers[] = {
        { sql_made, &out->made },     { sql_waiting, &out->held },
        { sql_others, &out->others }, { sql_here, &out->here },
        { sql_asked, &out->asked },
    };
    enum err err = ERR_OK;

    memset(out, 0, sizeof(*out));
    for (size_t i = 0; !err && i < ARRAY_LEN(numbers); i++) {
        int64_t n = 0;

        err = store_number(t->store, numbers[i].sql, &n);
        *numbers[i].to = (uint64_t)n;
    }
    out->held = out->made > out->held ? out->made - out->held : 0;
    return err;
}
