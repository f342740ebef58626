/* sdb_sqlite_page.c - what the console's pages look up. */
#include "sync-server/sdb_page.h"
#include "sync-server/sdb_sqlite.h"

/* Kinds: person 2, vehicle 3, photo 4, row 5, key 16. Operations: create 1,
 * patrol-start 11, ask 22, answer 23, review 25. An index is used where its
 * own words stand in the query. */
static_assert(KIND_PERSON == 2 && KIND_VEHICLE == 3 && KIND_PHOTO == 4 &&
                  KIND_ROW == 5 && KIND_KEY == 16 && OP_CREATE == 1 &&
                  OP_PATROL_START == 11 && OP_ASK == 22 && OP_ANSWER == 23 &&
                  OP_REVIEW == 25,
              "as in the queries below");

#define EVENT_COLUMNS                                                  \
    "SELECT incarnation, sequence, device, officer, record, kind, op," \
    " position, header, body, state, received_ms FROM event WHERE"     \
    " council=?1 "

/* ERR_NOT_FOUND: of a row it is the end, of who was told it is an error. */
static enum err ended(struct sdb *db, sqlite3_stmt *st, enum err row,
                      enum err told)
{
    sdb_sqlite_end(db, st);
    if (told) {
        return told == ERR_STOPPED ? ERR_OK : told;
    }
    return row == ERR_NOT_FOUND ? ERR_OK : row;
}

/* Rows of EVENT_COLUMNS; link, hash and salt are not asked for. */
static enum err tell_events(struct sdb *db, sqlite3_stmt *st, sdb_event_fn fn,
                            void *ctx)
{
    enum err err = ERR_OK, told = ERR_OK;

    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_event e = { .kind = 0 };
        uint64_t state;

        sdb_sqlite_read(st, "uiuuuiiibbis", &e.ref.incarnation, &e.ref.sequence,
                        &e.device, &e.officer, &e.record, &e.kind, &e.op,
                        &e.position, &e.header, &e.body, &state,
                        &e.received_ms);
        e.state = (enum sdb_event_state)state;
        told = fn(ctx, &e);
    }
    return ended(db, st, err, told);
}

/* --- children --- */

enum err sdb_child_add(struct sdb *db, const struct sdb_child *child)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO child(council, parent, position, record,"
            " kind) VALUES(?1,?2,?3,?4,?5)");

    sdb_sqlite_bind(st, "uiui", &child->parent, child->position, &child->record,
                    child->kind);
    return sdb_sqlite_done(db, st);
}

enum err sdb_child_list(struct sdb *db, const struct uuid *parent, size_t max,
                        sdb_child_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT parent, record, kind, position FROM child WHERE council=?1"
            " AND parent=?2 ORDER BY position LIMIT ?3");
    enum err err = ERR_OK, told = ERR_OK;

    sdb_sqlite_bind(st, "ui", parent, (uint64_t)max);
    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_child child;

        sdb_sqlite_read(st, "uuii", &child.parent, &child.record, &child.kind,
                        &child.position);
        told = fn(ctx, &child);
    }
    return ended(db, st, err, told);
}

enum err sdb_child_creates(struct sdb *db, const uint64_t from_to[2],
                           sdb_event_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, EVENT_COLUMNS "AND position>=?2 AND position<?3 AND op=1"
                          " AND kind IN (2, 3, 4, 5) ORDER BY position");

    sdb_sqlite_bind(st, "ii", from_to[0], from_to[1]);
    return tell_events(db, st, fn, ctx);
}

/* --- lists --- */

enum err sdb_said_list(struct sdb *db, enum event_op op, uint64_t before,
                       size_t max, sdb_event_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, EVENT_COLUMNS "AND op=?2 AND op IN (22, 23, 25) AND position<?3"
                          " AND state=1 ORDER BY position DESC LIMIT ?4");

    sdb_sqlite_bind(st, "iii", (uint64_t)op, before, (uint64_t)max);
    return tell_events(db, st, fn, ctx);
}

enum err sdb_patrol_list(struct sdb *db, uint64_t before, size_t max,
                         sdb_event_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, EVENT_COLUMNS "AND op = 11 AND kind=6 AND position<?2 AND state=1"
                          " ORDER BY position DESC LIMIT ?3");

    sdb_sqlite_bind(st, "ii", before, (uint64_t)max);
    return tell_events(db, st, fn, ctx);
}

enum err sdb_key_events(struct sdb *db, sdb_event_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, EVENT_COLUMNS "AND kind = 16 AND state=1 ORDER BY position");

    return tell_events(db, st, fn, ctx);
}

enum err sdb_team_all(struct sdb *db, sdb_team_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT team, name FROM team WHERE council=?1 ORDER BY name, team");
    enum err err = ERR_OK, told = ERR_OK;

    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        char name[SDB_TEXT_MAX];
        struct uuid id;

        sdb_sqlite_read(st, "ut", &id, name);
        told = fn(ctx, &id, name);
    }
    return ended(db, st, err, told);
}

/* --- chains --- */

enum err sdb_incarnation_all(struct sdb *db, const struct uuid *device,
                             sdb_incarnation_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT incarnation, device, held, link, state FROM incarnation i"
            " WHERE council=?1 AND device=?2 ORDER BY (SELECT min(position)"
            " FROM event e WHERE e.council=i.council AND"
            " e.incarnation=i.incarnation)");
    enum err err = ERR_OK, told = ERR_OK;

    sdb_sqlite_bind(st, "u", device);
    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_incarnation i;
        uint64_t state;

        sdb_sqlite_read(st, "uuihi", &i.id, &i.device, &i.held, &i.link,
                        &state);
        i.state = (enum sdb_incarnation_state)state;
        told = fn(ctx, &i);
    }
    return ended(db, st, err, told);
}

enum err sdb_branch_all(struct sdb *db, const struct uuid *incarnation,
                        size_t max, sdb_event_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT incarnation, sequence, header_hash, header, salt, body,"
            " received_ms FROM branch WHERE council=?1"
            " AND (?2 IS NULL OR incarnation=?2)"
            " ORDER BY incarnation, sequence, received_ms LIMIT ?3");
    const struct bytes one = { incarnation == NULL ? NULL : incarnation->bytes,
                               sizeof(incarnation->bytes) };
    enum err err = ERR_OK, told = ERR_OK;

    sdb_sqlite_bind(st, "bi", &one, (uint64_t)max);
    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_event e = { .kind = 0 };

        sdb_sqlite_read(st, "uihbbbs", &e.ref.incarnation, &e.ref.sequence,
                        &e.header_hash, &e.header, &e.salt, &e.body,
                        &e.received_ms);
        told = fn(ctx, &e);
    }
    return ended(db, st, err, told);
}
