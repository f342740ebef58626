/* page_alarms.c - calls for help and missed check-ins; a call is taken here. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/alarm.h"
#include "sync-server/definitions.h"
#include "sync-server/page_brief.h"

/* The page asks again by itself, without a script. */
#define AGAIN_S 15
#define LOOK_MS ((int64_t)10 * 60 * 1000)

struct list {
    struct council *council;
    struct session *session;
    struct page_rights rights;
    size_t rows;
    struct buf html;
};

static bool may_see(const struct list *l, const struct alarm *a)
{
    return l->rights.sees_content &&
           (l->rights.sees_all || uuid_eq(&a->officer, &l->session->officer));
}

static void put_place(const struct alarm *a, char *out, size_t size)
{
    char accuracy[40] = "";

    if (!a->has_place) {
        snprintf(out, size, "Not known");
        return;
    }
    if (a->place.accuracy_mm > 0) {
        snprintf(accuracy, sizeof(accuracy), ", within %u m",
                 (unsigned)(a->place.accuracy_mm / 1000 + 1));
    }
    snprintf(out, size, "%.5f, %.5f%s%s", a->place.lat_e7 / 1e7,
             a->place.lon_e7 / 1e7, accuracy,
             a->place.is_simulated ? " (replayed)" : "");
}

static const char *state_of(const struct alarm *a, const char **colour)
{
    if (a->kind == ALARM_SOS) {
        *colour = a->is_answered ? "green" : "red";
        return a->is_answered ? "SOS, taken" : "SOS";
    }
    *colour = a->kind == ALARM_MISSED ? "red" : "blue";
    return a->kind == ALARM_MISSED ? "Check-in missed" : "Check-in due";
}

static void put_end(struct list *l, const struct alarm *a, struct buf *out)
{
    char id[UUID_TEXT_SIZE], officer[160], at[40], text[260];

    if (a->kind != ALARM_SOS) {
        return;
    }
    uuid_format(&a->record, id);
    if (a->is_answered) {
        page_officer(l->council, &a->answered_by, officer, sizeof(officer));
        page_local(l->council, a->answered_ms, at, sizeof(at));
        snprintf(text, sizeof(text), "Taken by %s, %s", officer, at);
        {
            const struct html_value values[] = { { "text", text } };

            page_put(out, "alarm_text.html", values, ARRAY_LEN(values));
        }
        return;
    }
    if (l->rights.sees_all) {
        const struct html_value values[] = { { "id", id },
                                             { "token", l->session->token } };

        page_put(out, "alarm_form.html", values, ARRAY_LEN(values));
    }
}

static enum err show(void *ctx, const struct alarm *a)
{
    struct list *l = ctx;
    char officer[160], at[40], said[40], place[120], tablet[SDB_TEXT_MAX];
    const char *colour, *state = state_of(a, &colour);
    struct sdb_device device;
    struct buf tag, end;

    if (!may_see(l, a)) {
        return ERR_OK;
    }
    buf_init(&tag, 4096);
    buf_init(&end, 8192);
    page_officer(l->council, &a->officer, officer, sizeof(officer));
    page_local(l->council, a->at_ms, at, sizeof(at));
    page_local(l->council, a->said_ms, said, sizeof(said));
    put_place(a, place, sizeof(place));
    snprintf(tablet, sizeof(tablet), "unknown");
    if (sdb_device_get(l->council->db, &a->device, &device) == ERR_OK) {
        snprintf(tablet, sizeof(tablet), "%s", device.name);
    }
    page_put_tag(&tag, colour, state);
    put_end(l, a, &end);
    {
        const struct html_value values[] = {
            { "raw_tag", buf_text(&tag) },
            { "officer", officer },
            { "tablet", tablet },
            { "at", at },
            { "said", said },
            { "place", place },
            { "raw_end", buf_text(&end) },
        };

        page_put(&l->html, "alarms_row.html", values, ARRAY_LEN(values));
    }
    l->rows++;
    buf_fini(&tag);
    buf_fini(&end);
    return ERR_OK;
}

/* What the council decided: core/policy.h. */
static enum err put_policy(struct council *c, char *out, size_t size)
{
    struct policy p;
    const enum err err = definitions_policy(c, &p);

    snprintf(out, size,
             "On patrol an officer checks in every %d minutes; a check-in is"
             " missed %d minutes after it was due. Of one hotspot a shift"
             " counts %d minutes.%s%s%s",
             (int)(p.check_in_ms / 60000), (int)(p.check_in_grace_ms / 60000),
             (int)(p.hotspot_cap_ms / 60000),
             p.date[0] != '\0' ? " Policy of " : "", p.date,
             p.date[0] == '\0'      ? ""
             : p.is_to_be_confirmed ? ", to be confirmed by the council."
                                    : ".");
    return err;
}

static enum err reply(struct route_call *call, struct list *l)
{
    char policy[320];
    struct buf main, note;
    enum err err = put_policy(call->council, policy, sizeof(policy));

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&note, 8192);
    page_put_rights(&l->rights, &note);
    if (l->rows == 0) {
        const struct html_value values[] = {
            { "text",
              "Nobody has called for help, and nobody is on patrol." }
        };

        page_put(&l->html, "empty_row.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "raw_note", buf_text(&note) },
            { "policy", policy },
            { "raw_rows", buf_text(&l->html) },
        };

        page_put(&main, "alarms.html", values, ARRAY_LEN(values));
    }
    err = err ? err : page_reply(call, 200, "Alarms", &main, l->session);
    route_header(call->out, "Refresh: %d", AGAIN_S);
    buf_fini(&main);
    buf_fini(&note);
    return err;
}

static enum err open_list(struct route_call *call, struct list *l)
{
    memset(l, 0, sizeof(*l));
    l->council = call->council;
    l->session = session_find(call->council, call->in);
    return l->session == NULL
               ? ERR_OK
               : page_rights(call->council, l->session, &l->rights);
}

/* The page asks again by itself: one look is one line of the log, not each. */
static enum err log_look(const struct list *l)
{
    struct session *s = l->session;
    const int64_t now = council_now(l->council);

    if (now - s->alarms_ms < LOOK_MS)
        return ERR_OK;
    s->alarms_ms = now;
    return page_log_access(l->council, s, "console, alarms", 0);
}

enum err page_alarms(struct route_call *call)
{
    static struct list l; /* the store answers one request at a time */
    enum err err = open_list(call, &l);

    if (err || l.session == NULL)
        return err ? err : page_redirect(call, "/sign-in");
    buf_init(&l.html, SYNC_BODY_MAX_BYTES);
    err = alarm_list(call->council, show, &l);
    err = err ? err : log_look(&l);
    err = err ? err : reply(call, &l);
    buf_fini(&l.html);
    return err;
}

enum err page_alarm_post(struct route_call *call)
{
    static struct list l;
    struct uuid record;
    enum err err = open_list(call, &l);

    if (err || l.session == NULL)
        return err ? err : page_redirect(call, "/sign-in");
    if (!session_form_ok(call->in, l.session->token))
        return page_message(call, 403, "Not taken",
                            "The request did not come from our page.");
    if (!l.rights.sees_all || !l.rights.sees_content)
        return page_message(call, 403, "Not taken",
                            "Only a team leader takes a call for help.");
    if (uuid_parse(call->tail, &record))
        return ERR_NOT_FOUND;
    err = alarm_answer(call->council, &record, &l.session->officer);
    if (err && err != ERR_EXISTS) /* somebody was faster: it is taken */
        return err;
    return page_redirect(call, "/alarms");
}

/* What stands in the head of each page, for who may take a call. */
enum err page_put_alarms(struct council *c, const struct session *s,
                         struct buf *out)
{
    struct page_rights rights;
    char text[40];
    size_t count = 0;
    enum err err = page_rights(c, s, &rights);

    if (err || !rights.sees_all || !rights.sees_content)
        return err;
    err = alarm_count(c, &count);
    if (!err && count > 0) {
        snprintf(text, sizeof(text), "%zu", count);
        page_put_tag(out, "red", text);
    }
    return err;
}
