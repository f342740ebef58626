/*
 * page_reviews.c - patrols as team leaders review them, by team: what waits,
 * what was sent back, what is approved. Reviewed on tablets; here it is read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sync-server/page_reviews.h"

#define PATROLS_MAX 40 /* looked at for one page, newest first */
#define TEAMS_MAX   64

struct row {
    struct review_log log;
    struct uuid teams[4]; /* of its officer */
    size_t team_count;
};

struct list {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    char show[16]; /* "waiting", "back", "approved", "" */
    uint64_t before;
    bool has_more;
    size_t found, count, shown;
    struct uuid patrols[PATROLS_MAX];
    struct row rows[PATROLS_MAX];
    struct buf html;
};

/* --- finding --- */

static enum err take_patrol(void *ctx, const struct sdb_event *e)
{
    struct list *l = ctx;

    l->patrols[l->found++] = e->record;
    l->before = e->position;
    return ERR_OK;
}

static enum err take_team(void *ctx, const struct uuid *team)
{
    struct row *row = ctx;

    if (row->team_count < ARRAY_LEN(row->teams)) {
        row->teams[row->team_count++] = *team;
    }
    return ERR_OK;
}

static bool is_asked_for(const struct list *l, enum review_state state)
{
    return l->show[0] == '\0' ||
           (strcmp(l->show, "waiting") == 0 && state == REVIEW_TO_DO) ||
           (strcmp(l->show, "back") == 0 && state == REVIEW_BACK) ||
           (strcmp(l->show, "approved") == 0 && state == REVIEW_DONE);
}

static enum err read_row(struct list *l, const struct uuid *patrol)
{
    struct row *row = &l->rows[l->count];
    enum err err = reviews_read(l->council, patrol, NULL, NULL, &row->log);

    if (err == ERR_NOT_FOUND) {
        return ERR_OK;
    }
    row->team_count = 0;
    err = err ? err
              : sdb_officer_teams(l->council->db, &row->log.officer, take_team,
                                  row);
    if (!err && page_review_may_see(&l->rights, l->session, &row->log) &&
        is_asked_for(l, row->log.state)) {
        l->count++;
    }
    return err;
}

static enum err look(struct list *l)
{
    enum err err =
        sdb_patrol_list(l->council->db, l->before, PATROLS_MAX, take_patrol, l);

    l->has_more = l->found == PATROLS_MAX;
    for (size_t i = 0; i < l->found && !err; i++) {
        err = read_row(l, &l->patrols[i]);
    }
    return err;
}

/* --- showing --- */

static void put_row(struct list *l, const struct row *row, struct buf *out)
{
    const struct review_log *log = &row->log;
    char id[UUID_TEXT_SIZE], officer[160], began[40], ended[40] = "Not yet";
    char counts[160];
    struct buf state, verdict;

    buf_init(&state, 4096);
    buf_init(&verdict, 16384);
    uuid_format(&log->patrol, id);
    page_officer(l->council, &log->officer, officer, sizeof(officer));
    page_time(log->started_ms, began, sizeof(began));
    if (log->ended_ms != 0) {
        page_time(log->ended_ms, ended, sizeof(ended));
    }
    page_put_review_state(log, &state);
    page_put_verdict(l->council, log, &verdict);
    snprintf(counts, sizeof(counts),
             "%zu%s: %zu reviewed, %zu to look at, %zu asked", log->entries,
             log->is_cut ? " or more" : "", log->reviewed, log->to_look_at,
             log->asked);
    {
        const struct html_value values[] = {
            { "id", id },
            { "officer", officer },
            { "area", log->area },
            { "began", began },
            { "ended", ended },
            { "counts", counts },
            { "raw_state", buf_text(&state) },
            { "raw_verdict", buf_text(&verdict) },
        };

        page_put(out, "reviews_row.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &state);
    page_carry(out, &verdict);
    buf_fini(&state);
    buf_fini(&verdict);
    l->shown++;
}

static bool is_of(const struct row *row, const struct uuid *team)
{
    for (size_t i = 0; i < row->team_count; i++) {
        if (uuid_eq(&row->teams[i], team)) {
            return true;
        }
    }
    return false;
}

/* `team` NULL: officers of none. */
static void put_team(struct list *l, const struct uuid *team, const char *name)
{
    struct buf rows;

    buf_init(&rows, SYNC_BODY_MAX_BYTES);
    for (size_t i = 0; i < l->count; i++) {
        if (team == NULL ? l->rows[i].team_count == 0
                         : is_of(&l->rows[i], team)) {
            put_row(l, &l->rows[i], &rows);
        }
    }
    if (rows.len > 0) {
        const struct html_value values[] = { { "team", name },
                                             { "raw_rows", buf_text(&rows) } };

        page_put(&l->html, "reviews_team.html", values, ARRAY_LEN(values));
    }
    page_carry(&l->html, &rows);
    buf_wipe(&rows);
}

struct teams {
    size_t count;
    struct {
        struct uuid id;
        char name[SDB_TEXT_MAX];
    } list[TEAMS_MAX];
};

static enum err take_name(void *ctx, const struct uuid *id, const char *name)
{
    struct teams *t = ctx;

    if (t->count == TEAMS_MAX) {
        return ERR_STOPPED;
    }
    t->list[t->count].id = *id;
    snprintf(t->list[t->count++].name, SDB_TEXT_MAX, "%s", name);
    return ERR_OK;
}

static enum err put_teams(struct list *l)
{
    struct teams *t = mem_alloc(sizeof(*t));
    enum err err = ERR_NOMEM;

    if (t != NULL) {
        t->count = 0;
        err = sdb_team_all(l->council->db, take_name, t);
        for (size_t i = 0; i < t->count && !err; i++) {
            put_team(l, &t->list[i].id, t->list[i].name);
        }
        put_team(l, NULL, "Officers without a team");
    }
    mem_free(t);
    return err;
}

static enum err reply(struct route_call *call, struct list *l)
{
    static const char here[] = " aria-current=\"page\"";
    const char *const show = l->show;
    struct buf main, note, older;
    char before[24];
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&note, 8192);
    buf_init(&older, 8192);
    page_put_rights(&l->rights, &note);
    snprintf(before, sizeof(before), "%" PRIu64, l->before);
    if (l->has_more) {
        const struct html_value values[] = { { "show", show },
                                             { "before", before } };

        page_put(&older, "reviews_older.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "raw_note", buf_text(&note) },
            { "raw_all", show[0] == '\0' ? here : "" },
            { "raw_waiting", strcmp(show, "waiting") == 0 ? here : "" },
            { "raw_back", strcmp(show, "back") == 0 ? here : "" },
            { "raw_approved", strcmp(show, "approved") == 0 ? here : "" },
            { "none", l->shown == 0 ? "No patrol here." : "" },
            { "raw_teams", buf_text(&l->html) },
            { "raw_older", buf_text(&older) },
        };

        page_put(&main, "reviews.html", values, ARRAY_LEN(values));
    }
    page_carry(&main, &l->html);
    page_carry(&main, &note);
    page_carry(&main, &older);
    err = page_reply(call, 200, "Reviews", &main, l->session);
    buf_wipe(&main);
    buf_fini(&note);
    buf_fini(&older);
    return err;
}

static void read_query(struct list *l, const char *text)
{
    const struct bytes query = { (const uint8_t *)text, strlen(text) };
    char before[24];

    l->before = INT64_MAX;
    if (!html_form_get(query, "show", l->show, sizeof(l->show))) {
        l->show[0] = '\0';
    }
    if (html_form_get(query, "before", before, sizeof(before))) {
        const uint64_t n = strtoull(before, NULL, 10);

        l->before = n < l->before ? n : l->before;
    }
}

static enum err list_all(struct route_call *call, struct list *l)
{
    enum err err = page_rights(l->council, l->session, &l->rights);

    if (!err && l->rights.sees_content) {
        err = look(l);
        err = err ? err : put_teams(l);
    }
    err =
        err ? err
            : page_log_record(l->council, l->session, "console, reviews", NULL);
    return err ? err : reply(call, l);
}

enum err page_reviews(struct route_call *call)
{
    struct session *s = session_find(call->council, call->in);
    struct list *l;
    enum err err;

    if (s == NULL)
        return page_redirect(call, "/sign-in");
    l = mem_alloc(sizeof(*l));
    if (l == NULL)
        return ERR_NOMEM;
    memset(l, 0, sizeof(*l));
    l->council = call->council;
    l->session = s;
    buf_init(&l->html, SYNC_BODY_MAX_BYTES);
    read_query(l, call->in->query);
    err = list_all(call, l);
    buf_wipe(&l->html);
    mem_free(l);
    return err;
}
