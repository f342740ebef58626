#include "sync-server/page.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/api_enrol.h"
#include "sync-server/authority.h"

#define FILE_MAX ((size_t)1024 * 1024)

/* The only files that are ever sent or filled. */
static struct file {
    const char *name;
    struct buf text;
} files[] = {
    { .name = "page.html" },
    { .name = "account.html" },
    { .name = "sign_in.html" },
    { .name = "sign_in_error.html" },
    { .name = "records.html" },
    { .name = "record_row.html" },
    { .name = "tag.html" },
    { .name = "empty_row.html" },
    { .name = "note.html" },
    { .name = "older.html" },
    { .name = "message.html" },
    { .name = "console.css" },
    { .name = "conflicts.html" },
    { .name = "conflicts_row.html" },
    { .name = "conflict.html" },
    { .name = "conflict_field.html" },
    { .name = "conflict_side.html" },
    { .name = "conflict_other.html" },
    { .name = "conflict_form.html" },
    { .name = "error_summary.html" },
    { .name = "error_item.html" },
    { .name = "error_field.html" },
    { .name = "success.html" },
    { .name = "conflicts_more.html" },
    { .name = "govuk-frontend.css" },
    { .name = "moj-frontend.css" },
    { .name = "closed.html" },
    { .name = "closed_row.html" },
    { .name = "closed_record.html" },
    { .name = "closed_field.html" },
    { .name = "closed_link.html" },
    { .name = "briefings.html" },
    { .name = "briefings_row.html" },
    { .name = "briefing_form.html" },
    { .name = "briefing.html" },
    { .name = "briefing_section.html" },
    { .name = "briefing_reader.html" },
    { .name = "briefing_question.html" },
    { .name = "alarms.html" },
    { .name = "alarms_row.html" },
    { .name = "alarm_form.html" },
    { .name = "alarm_text.html" },
    { .name = "tasks.html" },
    { .name = "tasks_row.html" },
    { .name = "task_form.html" },
    { .name = "area_option.html" },
    { .name = "task_for.html" },
    { .name = "briefing_answer.html" },
    { .name = "record.html" },
    { .name = "record_held.html" },
    { .name = "record_conflict.html" },
    { .name = "record_field.html" },
    { .name = "record_side.html" },
    { .name = "record_detail.html" },
    { .name = "record_details.html" },
    { .name = "record_photos.html" },
    { .name = "record_photo.html" },
    { .name = "record_signatures.html" },
    { .name = "record_said.html" },
    { .name = "record_said_row.html" },
    { .name = "record_branch.html" },
    { .name = "record_branch_row.html" },
    { .name = "record_proof.html" },
    { .name = "record_link.html" },
    { .name = "questions.html" },
    { .name = "questions_row.html" },
    { .name = "questions_answer.html" },
    { .name = "questions_older.html" },
    { .name = "signature.html" },
    { .name = "signature_ink.html" },
    { .name = "signature_stroke.html" },
    { .name = "reviews.html" },
    { .name = "reviews_team.html" },
    { .name = "reviews_row.html" },
    { .name = "reviews_older.html" },
    { .name = "review.html" },
    { .name = "review_verdict.html" },
    { .name = "review_row.html" },
    { .name = "review_closed.html" },
    { .name = "devices.html" },
    { .name = "devices_row.html" },
    { .name = "device.html" },
    { .name = "device_chain.html" },
    { .name = "device_fork.html" },
    { .name = "device_fork_row.html" },
    { .name = "device_entry.html" },
};

static enum err load(const char *dir, struct file *file)
{
    char path[4096];
    enum err err = ERR_OK;
    FILE *f;
    int c;

    snprintf(path, sizeof(path), "%s/console/%s", dir, file->name);
    f = fopen(path, "rb");
    if (f == NULL)
        return ERR_NOT_FOUND;
    buf_fini(&file->text);
    buf_init(&file->text, FILE_MAX);
    while (!err && (c = fgetc(f)) != EOF) {
        buf_put_u8(&file->text, (uint8_t)c);
        err = file->text.err;
    }
    fclose(f);
    return err;
}

enum err page_open(const char *share_dir)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < ARRAY_LEN(files) && !err; i++) {
        err = load(share_dir, &files[i]);
    }
    return err;
}

struct bytes page_template(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        if (strcmp(files[i].name, name) == 0)
            return (struct bytes){ files[i].text.data, files[i].text.len };
    }
    return (struct bytes){ NULL, 0 };
}

void page_put(struct buf *out, const char *template_name,
              const struct html_value *values, size_t count)
{
    html_fill(out, page_template(template_name), values, count);
}

void page_carry(struct buf *out, const struct buf *part)
{
    out->err = out->err ? out->err : part->err;
}

static enum err account(struct council *c, const struct session *session,
                        struct buf *out)
{
    struct sdb_officer officer;
    struct buf closed, alarms;
    enum err err;

    if (session == NULL)
        return ERR_OK;
    buf_init(&closed, FILE_MAX);
    buf_init(&alarms, FILE_MAX);
    if (session->has_holder) {
        page_put(&closed, "closed_link.html", NULL, 0);
    }
    err = page_put_alarms(c, session, &alarms);
    err = err ? err : sdb_officer_get(c->db, &session->officer, &officer);
    if (!err) {
        const struct html_value values[] = {
            { "raw_alarms", buf_text(&alarms) },
            { "officer", officer.name },
            { "token", session->token },
            { "raw_closed", buf_text(&closed) },
        };

        page_put(out, "account.html", values, ARRAY_LEN(values));
    }
    buf_fini(&closed);
    buf_fini(&alarms);
    return err;
}

enum err page_reply(struct route_call *call, int status, const char *title,
                    const struct buf *main, const struct session *session)
{
    struct buf name, bar, copy;
    enum err err;

    buf_init(&name, 512);
    buf_init(&bar, FILE_MAX);
    buf_init(&copy, FILE_MAX);
    buf_put(&copy, main->data, main->len);
    err = authority_get(call->council, API_META_COUNCIL, &name);
    err = err ? err : account(call->council, session, &bar);
    if (!err) {
        const struct html_value values[] = {
            { "title", title },
            { "council", buf_text(&name) },
            { "raw_account", buf_text(&bar) },
            { "raw_main", buf_text(&copy) },
        };

        page_put(&call->out->body, "page.html", values, ARRAY_LEN(values));
        call->out->status = status;
        call->out->content_type = "text/html; charset=utf-8";
        err = main->err ? main->err : call->out->body.err;
    }
    buf_fini(&name);
    buf_fini(&bar);
    buf_fini(&copy);
    return err;
}

enum err page_message(struct route_call *call, int status, const char *title,
                      const char *text)
{
    const struct html_value values[] = { { "title", title }, { "text", text } };
    struct buf main;
    enum err err;

    buf_init(&main, FILE_MAX);
    page_put(&main, "message.html", values, ARRAY_LEN(values));
    err = page_reply(call, status, title, &main, NULL);
    buf_fini(&main);
    return err;
}

enum err page_redirect(struct route_call *call, const char *path)
{
    call->out->status = 303;
    route_header(call->out, "Location: %s", path);
    return ERR_OK;
}

enum err page_start(struct route_call *call)
{
    return page_redirect(call, session_find(call->council, call->in) == NULL
                                   ? "/sign-in"
                                   : "/records");
}

enum err page_style(struct route_call *call)
{
    const size_t len = strlen(call->tail);
    struct bytes text = page_template(call->tail);

    if (len < 4 || strcmp(call->tail + len - 4, ".css") != 0 || text.len == 0)
        return ERR_NOT_FOUND;
    call->out->content_type = "text/css; charset=utf-8";
    route_header(call->out, "Cache-Control: public, max-age=3600");
    buf_put(&call->out->body, text.data, text.len);
    return call->out->body.err;
}
