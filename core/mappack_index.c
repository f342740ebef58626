#include "core/mappack_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/db.h"
#include "core/geo.h"
#include "core/limits.h"
#include "core/mappack_internal.h"
#include "core/mem.h"
#include "core/text.h"

/* One street, or the houses of one unit; beyond the second, a town says
 * nothing of a place, beyond the third a postcode. */
#define SAME_MM ((int64_t)1500 * 1000)
#define TOWN_MM ((int64_t)15000 * 1000)
#define UNIT_MM ((int64_t)1000 * 1000)
/* UNIT_MM along a meridian, and a little more: 1,010 m. */
#define UNIT_LAT_E7 ((int64_t)91000)
#define REPS        32 /* places of one name, compared */

struct item {
    enum mappack_kind kind;
    char name[MAPPACK_NAME_SIZE];
    int64_t lat_e7;
    int64_t lon_e7;
    bool is_used;
};

struct mappack_index {
    struct item *items;
    size_t count;
    size_t cap;
    const struct item **postcodes; /* from south to north, when written */
    size_t postcode_count;
};

enum err mappack_index_new(struct mappack_index **out)
{
    *out = mem_alloc(sizeof(**out));
    return *out != NULL ? ERR_OK : ERR_NOMEM;
}

void mappack_index_free(struct mappack_index *index)
{
    if (index != NULL) {
        mem_free(index->postcodes);
        mem_free(index->items);
        mem_free(index);
    }
}

enum err mappack_index_add(struct mappack_index *index, enum mappack_kind kind,
                           struct bytes name, int64_t lat_e7, int64_t lon_e7)
{
    struct item *items;
    struct item *item;

    if (name.len == 0 || name.len >= MAPPACK_NAME_SIZE ||
        !text_is_utf8((const char *)name.data, name.len)) {
        return ERR_OK;
    }
    if (index->count == MAPPACK_NAMES_MAX) {
        return ERR_TOO_LONG;
    }
    items = mem_grow(index->items, index->count, &index->cap,
                     sizeof(*index->items));
    if (items == NULL) {
        return ERR_NOMEM;
    }
    index->items = items;
    item = &items[index->count++];
    memset(item, 0, sizeof(*item));
    item->kind = kind;
    memcpy(item->name, name.data, name.len);
    item->lat_e7 = lat_e7;
    item->lon_e7 = lon_e7;
    return ERR_OK;
}

static int by_name(const void *a, const void *b)
{
    const struct item *p = a;
    const struct item *q = b;
    const int order = p->kind != q->kind ? (int)p->kind - (int)q->kind
                                         : strcmp(p->name, q->name);

    if (order != 0) {
        return order;
    }
    if (p->lat_e7 != q->lat_e7) {
        return p->lat_e7 < q->lat_e7 ? -1 : 1;
    }
    return p->lon_e7 < q->lon_e7 ? -1 : p->lon_e7 > q->lon_e7;
}

static int64_t distance(const struct item *a, const struct item *b)
{
    const struct geo_pos p = { (int32_t)a->lat_e7, (int32_t)a->lon_e7 };
    const struct geo_pos q = { (int32_t)b->lat_e7, (int32_t)b->lon_e7 };

    return geo_distance_mm(p, q);
}

static const char *nearest_town(const struct mappack_index *index,
                                const struct item *item)
{
    int64_t least = TOWN_MM;
    const char *name = "";

    if (item->kind == MAPPACK_TOWN) {
        return "";
    }
    for (size_t i = 0; i < index->count && index->items[i].kind == MAPPACK_TOWN;
         i++) {
        const int64_t mm = distance(&index->items[i], item);

        if (mm < least) {
            least = mm;
            name = index->items[i].name;
        }
    }
    return name;
}

/* The member in the middle of those that belong to `first`; marks all. */
static const struct item *take_group(struct item *first, size_t count)
{
    int64_t lat = 0;
    int64_t lon = 0;
    int64_t n = 0;
    struct item middle;
    const struct item *best = first;

    for (size_t i = 0; i < count; i++) {
        if (!first[i].is_used && distance(first, &first[i]) <= SAME_MM) {
            first[i].is_used = true;
            lat += first[i].lat_e7;
            lon += first[i].lon_e7;
            n++;
        }
    }
    ASSERT(n > 0); /* first itself is the least */
    middle = *first;
    middle.lat_e7 = lat / n;
    middle.lon_e7 = lon / n;
    for (size_t i = 0; i < count; i++) {
        if (distance(&middle, &first[i]) < distance(&middle, best)) {
            best = &first[i];
        }
    }
    return best;
}

static size_t group_size(const struct mappack_index *index, size_t from)
{
    size_t to = from + 1;

    while (to < index->count &&
           index->items[to].kind == index->items[from].kind &&
           strcmp(index->items[to].name, index->items[from].name) == 0) {
        to++;
    }
    return to - from;
}

static enum err put_place(sqlite3_stmt *st, const struct item *item,
                          const char *near)
{
    char words[MAPPACK_NAME_SIZE + 8];

    (void)mappack_fold(item->name, words, sizeof(words));
    db_bind_text(st, 1, words);
    db_bind_int(st, 2, item->kind);
    db_bind_text(st, 3, item->name);
    db_bind_text(st, 4, near);
    db_bind_int(st, 5, item->lat_e7);
    db_bind_int(st, 6, item->lon_e7);
    return db_run(st);
}

static int by_latitude(const void *a, const void *b)
{
    const struct item *p = *(const struct item *const *)a;
    const struct item *q = *(const struct item *const *)b;

    return p->lat_e7 != q->lat_e7 ? (p->lat_e7 < q->lat_e7 ? -1 : 1)
                                  : by_name(p, q);
}

/* A county has some 100,000 of them: only those nearby are measured. */
static enum err list_postcodes(struct mappack_index *index)
{
    mem_free(index->postcodes);
    index->postcode_count = 0;
    index->postcodes = mem_array(index->count + 1, sizeof(*index->postcodes));
    if (index->postcodes == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < index->count; i++) {
        if (index->items[i].kind == MAPPACK_POSTCODE) {
            index->postcodes[index->postcode_count++] = &index->items[i];
        }
    }
    qsort(index->postcodes, index->postcode_count, sizeof(*index->postcodes),
          by_latitude);
    return ERR_OK;
}

/* The first postcode that is not south of `lat_e7`. */
static size_t first_from(const struct mappack_index *index, int64_t lat_e7)
{
    size_t low = 0, high = index->postcode_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (index->postcodes[mid]->lat_e7 < lat_e7) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* The nearest within UNIT_MM; "". */
static const char *nearest_postcode(const struct mappack_index *index,
                                    const struct item *item)
{
    int64_t least = UNIT_MM;
    const char *name = "";

    for (size_t i = first_from(index, item->lat_e7 - UNIT_LAT_E7);
         i < index->postcode_count &&
         index->postcodes[i]->lat_e7 <= item->lat_e7 + UNIT_LAT_E7;
         i++) {
        const int64_t mm = distance(index->postcodes[i], item);

        if (mm < least) {
            least = mm;
            name = index->postcodes[i]->name;
        }
    }
    return name;
}

/* Places of one name. */
struct reps {
    const struct item *items[REPS];
    const char *towns[REPS];
    size_t count;
};

/* The town, and where two are in one, what tells them apart. */
static void near_of(const struct mappack_index *index, const struct reps *r,
                    size_t n, char out[MAPPACK_NAME_SIZE])
{
    const char *unit = "";

    for (size_t i = 0; i < r->count && unit[0] == '\0'; i++) {
        if (i != n && strcmp(r->towns[i], r->towns[n]) == 0) {
            unit = nearest_postcode(index, r->items[n]);
        }
    }
    if (strlen(r->towns[n]) + strlen(unit) + 3 > MAPPACK_NAME_SIZE) {
        unit = "";
    }
    (void)snprintf(out, MAPPACK_NAME_SIZE, "%s%s%s", r->towns[n],
                   r->towns[n][0] != '\0' && unit[0] != '\0' ? ", " : "", unit);
}

static enum err put_reps(const struct mappack_index *index, sqlite3_stmt *st,
                         struct reps *r)
{
    char near[MAPPACK_NAME_SIZE];
    enum err err = ERR_OK;

    for (size_t i = 0; i < r->count && !err; i++) {
        near_of(index, r, i, near);
        err = put_place(st, r->items[i], near);
    }
    r->count = 0;
    return err;
}

static enum err put_group(struct mappack_index *index, sqlite3_stmt *st,
                          struct item *first, size_t size, size_t *count)
{
    struct reps r = { .count = 0 };
    enum err err = ERR_OK;

    for (size_t i = 0; i < size && !err; i++) {
        if (first[i].is_used) {
            continue;
        }
        r.items[r.count] = take_group(&first[i], size - i);
        r.towns[r.count] = nearest_town(index, r.items[r.count]);
        r.count++;
        (*count)++;
        err = r.count == REPS ? put_reps(index, st, &r) : ERR_OK;
    }
    return err ? err : put_reps(index, st, &r);
}

static enum err put_all(struct mappack_index *index, sqlite3_stmt *st,
                        size_t *count_out)
{
    enum err err = ERR_OK;

    *count_out = 0;
    for (size_t from = 0; from < index->count && !err;) {
        const size_t size = group_size(index, from);

        err = put_group(index, st, &index->items[from], size, count_out);
        from += size;
    }
    return err;
}

static enum err write_table(struct mappack_index *index, sqlite3 *db,
                            size_t *count_out)
{
    static const char make[] =
        "BEGIN; DROP TABLE IF EXISTS place_search;"
        "CREATE VIRTUAL TABLE place_search USING fts5(words, kind UNINDEXED,"
        " name UNINDEXED, near UNINDEXED, lat_e7 UNINDEXED,"
        " lon_e7 UNINDEXED, tokenize = 'trigram');";
    static const char put[] =
        "INSERT INTO place_search (words, kind, name, near, lat_e7, lon_e7)"
        " VALUES ($1, $2, $3, $4, $5, $6)";
    sqlite3_stmt *st = NULL;
    enum err err = db_exec(db, make);

    if (!err) {
        err = db_err(sqlite3_prepare_v2(db, put, -1, &st, NULL));
    }
    if (!err) {
        err = put_all(index, st, count_out);
    }
    sqlite3_finalize(st);
    if (!err) {
        err = db_exec(db, "INSERT INTO place_search (place_search)"
                          " VALUES ('optimize'); COMMIT;");
    }
    return err;
}

enum err mappack_index_write(struct mappack_index *index, const char *path,
                             size_t *count_out)
{
    sqlite3 *db = NULL;
    enum err err =
        db_err(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL));

    if (index->count > 0) {
        qsort(index->items, index->count, sizeof(index->items[0]), by_name);
    }
    err = err ? err : list_postcodes(index);
    if (!err) {
        err = write_table(index, db, count_out);
    }
    (void)sqlite3_close(db); /* what was not committed is undone */
    return err;
}
