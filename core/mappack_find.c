/*
 * mappack_find.c - names that are like what was typed (mappack.h).
 *
 * FTS5 finds those that share groups of three letters; of these the ones are
 * best that take the fewest changes to hold the words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/db.h"
#include "core/limits.h"
#include "core/mappack_internal.h"

#define FOLD_SIZE  (MAPPACK_NAME_SIZE + 8)
#define QUERY_SIZE (MAPPACK_WORDS_MAX * 10)
#define CHANGE     10 /* what one wrong letter costs */
#define INSIDE     3  /* the match begins within a word */
#define LEFT_OVER  1  /* each eight letters behind it */

static const char find_sql[] =
    "SELECT kind, name, near, lat_e7, lon_e7 FROM place_search"
    " WHERE place_search MATCH $1 ORDER BY rank LIMIT $2";

bool mappack_find_prepare(struct mappack *pack)
{
    return sqlite3_prepare_v2(pack->db, find_sql, -1, &pack->find, NULL) ==
           SQLITE_OK;
}

/* U+00C0 to U+017F without their accents; the letters of Welsh are all in
 * there. 0: not one of these. */
static char plain_letter(unsigned code)
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                                 "aaaaaaaceeeeiiiidnooooo ouuuuyty";
    static const char extended[] =
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllllllln"
        "nnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    if (code >= 0xC0 && code < 0xC0 + sizeof(latin1) - 1) {
        return latin1[code - 0xC0];
    }
    if (code >= 0x100 && code < 0x100 + sizeof(extended) - 1) {
        return extended[code - 0x100];
    }
    return 0;
}

/* An apostrophe takes no room: "St Mary's" is "st marys". */
static bool is_nothing(const char *at)
{
    return *at == '\'' || strncmp(at, "\xE2\x80\x99", 3) == 0;
}

size_t mappack_fold(const char *text, char *out, size_t size)
{
    size_t len = 0;

    ASSERT(size >= 3);
    out[len++] = ' ';
    while (*text != '\0' && len + 3 < size) {
        const unsigned char c = (unsigned char)*text;
        char letter = 0;

        if (is_nothing(text)) {
            text += c == '\'' ? 1 : 3;
            continue;
        }
        if (c >= 0xC3 && c <= 0xC5 && text[1] != '\0') {
            letter = plain_letter((c & 0x1Fu) << 6 |
                                  ((unsigned char)text[1] & 0x3Fu));
            text++;
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   c >= 0x80) {
            letter = (char)c;
        } else if (c >= 'A' && c <= 'Z') {
            letter = (char)(c - 'A' + 'a');
        }
        text++;
        if (letter != 0) {
            out[len++] = letter;
        } else if (out[len - 1] != ' ') {
            out[len++] = ' ';
        }
    }
    if (out[len - 1] != ' ') {
        out[len++] = ' ';
    }
    out[len] = '\0';
    return len;
}

/* "abc" OR "bcd" ...; the blank before the first word counts, the one
 * behind the last does not: more letters may follow. */
static void make_query(const char *words, size_t len, char *out, size_t size)
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i + 3 < len && at + 12 < size; i++) {
        at += (size_t)snprintf(out + at, size - at, "%s\"%.3s\"",
                               i == 0 ? "" : " OR ", &words[i]);
    }
}

/*
 * The fewest changes that turn `words` into a part of `name` (Sellers): a
 * letter more, less, another one, or two that changed places. `end_out`:
 * where in `name` that part ends.
 */
static int changes(const char *words, size_t len, const char *name,
                   size_t name_len, size_t *end_out)
{
    int rows[3][MAPPACK_WORDS_MAX + 2];
    int best = (int)len;

    *end_out = 0;
    for (size_t i = 0; i <= len; i++) {
        rows[0][i] = (int)i;
        rows[2][i] = (int)i;
    }
    for (size_t k = 1; k <= name_len; k++) {
        int *now = rows[k % 3];
        const int *last = rows[(k + 2) % 3];
        const int *before = rows[(k + 1) % 3];

        now[0] = 0;
        for (size_t i = 1; i <= len; i++) {
            const bool same = words[i - 1] == name[k - 1];
            int least = last[i - 1] + (same ? 0 : 1);

            least = last[i] + 1 < least ? last[i] + 1 : least;
            least = now[i - 1] + 1 < least ? now[i - 1] + 1 : least;
            if (i > 1 && k > 1 && words[i - 1] == name[k - 2] &&
                words[i - 2] == name[k - 1] && before[i - 2] + 1 < least) {
                least = before[i - 2] + 1;
            }
            now[i] = least;
        }
        if (now[len] < best) {
            best = now[len];
            *end_out = k;
        }
    }
    return best;
}

struct match {
    struct mappack_place place;
    int cost;
    int64_t far_mm; /* 0: not asked */
    int order;      /* as found */
};

/* The blank at the words' end is not compared, that at their start is: a
 * match at the start of a word is better than one inside. */
static int cost_of(const char *words, size_t len, const char *name)
{
    char folded[FOLD_SIZE];
    const size_t name_len = mappack_fold(name, folded, sizeof(folded));
    size_t end = 0;
    int cost = CHANGE * changes(words, len - 1, folded, name_len, &end);
    const size_t rest = name_len - end;

    if (end >= len - 1 && folded[end - (len - 1)] != ' ') {
        cost += INSIDE;
    }
    return cost + (int)(rest / 8) * LEFT_OVER + (end > len ? 1 : 0);
}

static int by_cost(const void *a, const void *b)
{
    const struct match *p = a;
    const struct match *q = b;

    if (p->cost != q->cost) {
        return p->cost - q->cost;
    }
    if ((p->place.kind == MAPPACK_TOWN) != (q->place.kind == MAPPACK_TOWN)) {
        return p->place.kind == MAPPACK_TOWN ? -1 : 1;
    }
    if (p->far_mm != q->far_mm) {
        return p->far_mm < q->far_mm ? -1 : 1;
    }
    if (p->place.kind != q->place.kind) {
        return (int)p->place.kind - (int)q->place.kind;
    }
    return p->order - q->order;
}

static void read_place(sqlite3_stmt *st, struct mappack_place *out)
{
    memset(out, 0, sizeof(*out));
    out->kind = (enum mappack_kind)sqlite3_column_int(st, 0);
    (void)snprintf(out->name, sizeof(out->name), "%s", db_get_text(st, 1));
    (void)snprintf(out->near, sizeof(out->near), "%s", db_get_text(st, 2));
    out->lat_e7 = sqlite3_column_int64(st, 3);
    out->lon_e7 = sqlite3_column_int64(st, 4);
}

static int64_t distance(const struct mappack_place *p,
                        const struct geo_pos *from)
{
    const struct geo_pos to = { (int32_t)p->lat_e7, (int32_t)p->lon_e7 };

    return from != NULL && geo_pos_is_valid(to) ? geo_distance_mm(*from, to)
                                                : 0;
}

/* Two letters of five wrong is another name. */
static bool is_alike(int cost, size_t len)
{
    return cost < CHANGE * ((int)len + 1) * 2 / 5;
}

static enum err read_all(sqlite3_stmt *st, const char *words, size_t len,
                         const struct geo_pos *from, struct match *all,
                         size_t *count_out)
{
    bool row = false;
    enum err err = db_step(st, &row);
    size_t count = 0;

    while (!err && row && count < MAPPACK_ALIKE_MAX) {
        struct match *m = &all[count];

        read_place(st, &m->place);
        m->cost = cost_of(words, len, m->place.name);
        m->far_mm = distance(&m->place, from);
        m->order = (int)count;
        count += is_alike(m->cost, len) ? 1 : 0;
        err = db_step(st, &row);
    }
    *count_out = count;
    return err;
}

enum err mappack_find(struct mappack *pack, const char *words,
                      const struct geo_pos *from, struct mappack_place *out,
                      size_t max, size_t *count_out)
{
    char folded[MAPPACK_WORDS_MAX];
    char query[QUERY_SIZE];
    struct match all[MAPPACK_ALIKE_MAX];
    const size_t len = mappack_fold(words, folded, sizeof(folded));
    size_t count = 0;
    enum err err;

    *count_out = 0;
    if (pack->find == NULL) {
        return ERR_UNSUPPORTED;
    }
    if (len < 4) { /* two letters and a blank on either side */
        return ERR_OK;
    }
    make_query(folded, len, query, sizeof(query));
    db_bind_text(pack->find, 1, query);
    db_bind_int(pack->find, 2, MAPPACK_ALIKE_MAX);
    err = read_all(pack->find, folded, len, from, all, &count);
    (void)sqlite3_reset(pack->find);
    if (err)
        return err;
    qsort(all, count, sizeof(all[0]), by_cost);
    for (size_t i = 0; i < count && i < max; i++) {
        out[(*count_out)++] = all[i].place;
    }
    return ERR_OK;
}
