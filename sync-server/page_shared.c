/* page_shared.c - rights, names, times and the access log of pages. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/limits.h"
#include "sync-server/definitions.h"
#include "sync-server/page.h"

#define CATEGORY_ID_MAX 60

void page_time(int64_t ms, char *out, size_t size)
{
    const time_t at = (time_t)(ms / 1000);
    struct tm tm;

    if (gmtime_r(&at, &tm) == NULL ||
        strftime(out, size, "%d %b %Y, %H:%M:%S", &tm) == 0) {
        snprintf(out, size, "unknown");
    }
}

void page_short_id(const char *id, char *out, size_t size)
{
    const size_t len = strlen(id);

    snprintf(out, size, "%s", len > 12 ? id + len - 12 : id);
}

void page_local(struct council *c, int64_t ms, char *out, size_t size)
{
    struct port_time now;

    c->port->ops->now(c->port->ctx, &now);
    page_time(ms + now.utc_offset_min * (int64_t)60000, out, size);
    if (strlen(out) > 3 && out[strlen(out) - 3] == ':') {
        out[strlen(out) - 3] = '\0'; /* no seconds */
    }
}

void page_put_error(struct buf *items, const char *target, const char *text)
{
    const struct html_value values[] = { { "target", target },
                                         { "text", text } };

    page_put(items, "error_item.html", values, ARRAY_LEN(values));
}

enum err page_leader(struct route_call *call, struct session **out,
                     bool *is_answered_out)
{
    struct page_rights rights;
    enum err err;

    *is_answered_out = true;
    *out = session_find(call->council, call->in);
    if (*out == NULL) {
        return page_redirect(call, "/sign-in");
    }
    err = page_rights(call->council, *out, &rights);
    if (err) {
        return err;
    }
    if (!rights.decides) {
        return page_message(call, 403, "For team leaders",
                            "Briefings and tasks are written and followed by "
                            "team leaders. Officers read them on their "
                            "tablets.");
    }
    if (call->in->method == METHOD_POST &&
        !session_form_ok(call->in, (*out)->token)) {
        return page_message(call, 403, "Not done",
                            "The request did not come from our page.");
    }
    *is_answered_out = false;
    return ERR_OK;
}

void page_officer(struct council *c, const struct uuid *id, char *out,
                  size_t size)
{
    struct sdb_officer officer;

    if (sdb_officer_get(c->db, id, &officer) == ERR_OK) {
        snprintf(out, size, "%.100s (%.40s)", officer.name, officer.number);
    } else {
        snprintf(out, size, "unknown");
    }
}

void page_category(struct council *c, struct bytes value, char *out,
                   size_t size)
{
    char name[sizeof(DEFINITIONS_META_LABEL) + CATEGORY_ID_MAX];
    struct cbor_reader r;
    struct bytes id = { NULL, 0 };
    struct buf label;

    snprintf(out, size, "Observation");
    if (value.data != NULL) {
        cbor_open_gated(&r, value);
        id = cbor_get_text(&r);
        id.len = r.err ? 0 : id.len;
    }
    if (id.len == 0 || id.len > CATEGORY_ID_MAX)
        return;
    snprintf(name, sizeof(name), "%s%.*s", DEFINITIONS_META_LABEL, (int)id.len,
             (const char *)id.data);
    buf_init(&label, 1024);
    if (sdb_meta_get(c->db, name, &label) == ERR_OK) {
        snprintf(out, size, "%.190s", buf_text(&label));
    } else {
        snprintf(out, size, "%.*s", (int)id.len, (const char *)id.data);
    }
    buf_fini(&label);
}

enum err page_rights(struct council *c, const struct session *s,
                     struct page_rights *out)
{
    bool is_admin = false;
    bool is_auditor = false;
    enum err err =
        sdb_officer_has_role(c->db, &s->officer, "administrator", &is_admin);

    memset(out, 0, sizeof(*out));
    err = err ? err
              : sdb_officer_has_role(c->db, &s->officer, "team-leader",
                                     &out->decides);
    err =
        err ? err
            : sdb_officer_has_role(c->db, &s->officer, "auditor", &is_auditor);
    out->sees_content = !is_admin;
    out->sees_all = out->decides || is_auditor || is_admin;
    out->decides = out->decides && !is_admin;
    return err;
}

void page_put_rights(const struct page_rights *rights, struct buf *out)
{
    const struct html_value values[] = {
        { "text", !rights->sees_content
                      ? "Administrators see that records arrived, never what "
                        "is in them."
                      : "You see the records that you made yourself." }
    };

    if (!rights->sees_content || !rights->sees_all) {
        page_put(out, "note.html", values, ARRAY_LEN(values));
    }
}

/* A look into the log, for auditors; `w` has the reason and ends here. */
static enum err log_look(struct council *c, const struct session *s,
                         struct body_writer *w)
{
    struct sdb_audience auditors = { WIRE_SUB_ROLE, { { 0 } } };
    struct evlog_new e = { .officer = s->officer,
                           .record = c->id,
                           .kind = KIND_LOG,
                           .op = OP_CONSULT };
    struct buf body;
    enum err err;

    sdb_role_id("auditor", &auditors.id);
    buf_init(&body, BODY_MAX_BYTES);
    err = body_end(w, &body);
    body_fini(w);
    e.body = buf_bytes(&body);
    err = err ? err : council_begin(c);
    if (!err) {
        err = council_append(c, &e, &auditors, NULL);
        if (err) {
            council_rollback(c);
        } else {
            err = council_commit(c);
        }
    }
    buf_fini(&body);
    return err;
}

enum err page_log_access(struct council *c, const struct session *s,
                         const char *what, uint64_t position)
{
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_REASON, what);
    body_put_int(&w, LOG_SEQUENCE, (int64_t)position);
    return log_look(c, s, &w);
}

enum err page_log_record(struct council *c, const struct session *s,
                         const char *what, const struct uuid *record)
{
    char id[UUID_TEXT_SIZE];
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_REASON, what);
    if (record != NULL) {
        uuid_format(record, id);
        body_put_text(&w, FIELD_EXTERNAL, id);
    }
    return log_look(c, s, &w);
}
