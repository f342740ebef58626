/* app.c - each verb as one command. */
#include "ui/app.h"

#include <stdio.h>
#include <string.h>

#include "ui/bridge.h"

static enum err send(struct app *app, struct command *cmd)
{
    const enum err err = bridge_send(app_bridge(app), cmd);

    wipe(cmd->secret, sizeof(cmd->secret));
    return err;
}

enum err app_send(struct app *app, enum command_kind kind)
{
    struct command cmd = { .kind = kind };

    return send(app, &cmd);
}

enum err app_send_on(struct app *app, enum command_kind kind, bool is_on)
{
    struct command cmd = { .kind = kind, .is_on = is_on };

    return send(app, &cmd);
}

enum err app_secret(struct app *app, enum command_kind kind, const char *id,
                    const char *secret)
{
    struct command cmd = { .kind = kind };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id != NULL ? id : "");
    snprintf(cmd.secret, sizeof(cmd.secret), "%s",
             secret != NULL ? secret : "");
    return send(app, &cmd);
}

enum err app_sign_in(struct app *app, const char *officer_id, const char *pin)
{
    return app_secret(app, CMD_SIGN_IN, officer_id, pin);
}

enum err app_find_staff(struct app *app, const char *words)
{
    struct command cmd = { .kind = CMD_FIND_STAFF };

    snprintf(cmd.text, sizeof(cmd.text), "%s", words);
    return send(app, &cmd);
}

enum err app_pause_patrol(struct app *app, const char *reason)
{
    struct command cmd = { .kind = CMD_PAUSE_PATROL };

    snprintf(cmd.reason, sizeof(cmd.reason), "%s", reason);
    return send(app, &cmd);
}

enum err app_end_patrol(struct app *app, const char *reasons,
                        const struct hand *hand)
{
    struct command cmd = { .kind = CMD_END_PATROL, .hand = *hand };

    if (strlen(reasons) >= sizeof(cmd.text)) {
        return ERR_TOO_LONG;
    }
    snprintf(cmd.text, sizeof(cmd.text), "%s", reasons);
    return send(app, &cmd);
}

enum err app_sign(struct app *app, enum command_kind kind, const char *id,
                  const struct hand *hand)
{
    struct command cmd = { .kind = kind, .hand = *hand };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id != NULL ? id : "");
    return send(app, &cmd);
}

enum err app_say(struct app *app, enum command_kind kind, const char *id,
                 const char *words)
{
    struct command cmd = { .kind = kind };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id);
    snprintf(cmd.text, sizeof(cmd.text), "%s", words);
    return send(app, &cmd);
}

enum err app_keep_words(struct app *app, int kind, const char *about,
                        const char *text)
{
    struct command cmd = { .kind = CMD_KEEP_WORDS, .number = kind };

    snprintf(cmd.key, sizeof(cmd.key), "%s", about);
    snprintf(cmd.text, sizeof(cmd.text), "%s", text);
    return send(app, &cmd);
}

enum err app_ask_about(struct app *app, const char *record_id, const char *whom,
                       const char *question)
{
    struct command cmd = { .kind = CMD_ASK_ABOUT };

    snprintf(cmd.id, sizeof(cmd.id), "%s", record_id);
    snprintf(cmd.key, sizeof(cmd.key), "%s", whom);
    snprintf(cmd.text, sizeof(cmd.text), "%s", question);
    return send(app, &cmd);
}

enum err app_review(struct app *app, const char *patrol, bool approves_rest,
                    const char *reason)
{
    struct command cmd = { .kind = CMD_REVIEW, .is_on = approves_rest };

    snprintf(cmd.id, sizeof(cmd.id), "%s", patrol);
    snprintf(cmd.reason, sizeof(cmd.reason), "%s", reason);
    return send(app, &cmd);
}

enum err app_check_in(struct app *app, const char *task_id)
{
    struct command cmd = { .kind = CMD_CHECK_IN };

    snprintf(cmd.id, sizeof(cmd.id), "%s", task_id);
    return send(app, &cmd);
}

enum err app_read_briefing(struct app *app, const char *id, uint64_t changed)
{
    struct command cmd = { .kind = CMD_READ_BRIEFING,
                           .at_ms = (int64_t)changed };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id);
    return send(app, &cmd);
}

enum err app_ask_briefing(struct app *app, const char *id, const char *question)
{
    struct command cmd = { .kind = CMD_ASK_BRIEFING };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id);
    snprintf(cmd.text, sizeof(cmd.text), "%s", question);
    return send(app, &cmd);
}

enum err app_close_task(struct app *app, const char *id, bool is_done,
                        const char *reason)
{
    struct command cmd = { .kind = CMD_CLOSE_TASK, .is_on = is_done };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id);
    snprintf(cmd.reason, sizeof(cmd.reason), "%s", reason);
    return send(app, &cmd);
}

enum err app_see_task(struct app *app, const char *id)
{
    struct command cmd = { .kind = CMD_SEE_TASK };

    snprintf(cmd.id, sizeof(cmd.id), "%s", id);
    return send(app, &cmd);
}

enum err app_open_log(struct app *app, const char *kind, const char *draft,
                      const struct log_spot *spot)
{
    struct command cmd = { .kind = CMD_OPEN_LOG };

    if (spot != NULL) {
        cmd.spot = *spot;
    }
    snprintf(cmd.id, sizeof(cmd.id), "%s", kind);
    snprintf(cmd.key, sizeof(cmd.key), "%s", draft);
    return send(app, &cmd);
}

enum err app_visit(struct app *app, const char *area_id, bool begins)
{
    struct command cmd = { .kind = CMD_VISIT, .is_on = begins };

    snprintf(cmd.id, sizeof(cmd.id), "%s", area_id);
    return send(app, &cmd);
}

enum err app_open_about(struct app *app, const char *record_id)
{
    struct command cmd = { .kind = CMD_OPEN_ABOUT };

    snprintf(cmd.id, sizeof(cmd.id), "%s", record_id);
    return send(app, &cmd);
}

enum err app_put_draft(struct app *app, const struct draft *draft)
{
    struct command cmd = { .kind = CMD_PUT_DRAFT, .draft = *draft };

    return send(app, &cmd);
}

enum err app_save(struct app *app, const struct draft *draft)
{
    struct command cmd = { .kind = CMD_SAVE, .draft = *draft };

    return send(app, &cmd);
}

enum err app_attach_photo(struct app *app, const char *draft_id,
                          const char *path)
{
    struct command cmd = { .kind = CMD_ATTACH_PHOTO };

    if (strlen(path) > APP_PATH_MAX) {
        return ERR_TOO_LONG;
    }
    snprintf(cmd.id, sizeof(cmd.id), "%s", draft_id);
    snprintf(cmd.text, sizeof(cmd.text), "%s", path);
    return send(app, &cmd);
}

enum err app_remove_photo(struct app *app, const char *photo_id)
{
    struct command cmd = { .kind = CMD_REMOVE_PHOTO };

    snprintf(cmd.id, sizeof(cmd.id), "%s", photo_id);
    return send(app, &cmd);
}

enum err app_photo(struct app *app, enum command_kind kind,
                   const char *photo_id)
{
    struct command cmd = { .kind = kind };

    snprintf(cmd.id, sizeof(cmd.id), "%s", photo_id);
    return send(app, &cmd);
}

enum err app_capture(struct app *app, enum capture_mode mode)
{
    struct command cmd = { .kind = CMD_CAPTURE, .number = (int)mode };

    return send(app, &cmd);
}

enum err app_draw(struct app *app, const char *photo_id,
                  const struct drawing *drawing)
{
    struct command cmd = { .kind = CMD_DRAW, .drawing = *drawing };

    snprintf(cmd.id, sizeof(cmd.id), "%s", photo_id);
    return send(app, &cmd);
}

enum err app_open_page(struct app *app, int page)
{
    struct command cmd = { .kind = CMD_OPEN_PAGE, .number = page };

    return send(app, &cmd);
}

enum err app_add_entry(struct app *app, const char *text, int64_t late_for_ms)
{
    struct command cmd = { .kind = CMD_ADD_ENTRY, .at_ms = late_for_ms };

    snprintf(cmd.text, sizeof(cmd.text), "%s", text);
    return send(app, &cmd);
}

enum err app_keep_entry(struct app *app, const char *text)
{
    struct command cmd = { .kind = CMD_KEEP_ENTRY };

    snprintf(cmd.text, sizeof(cmd.text), "%s", text);
    return send(app, &cmd);
}

enum err app_amend_entry(struct app *app, int number, int from, int to,
                         const char *text, const char *reason)
{
    struct command cmd = {
        .kind = CMD_AMEND_ENTRY, .number = number, .from = from, .to = to
    };

    snprintf(cmd.text, sizeof(cmd.text), "%s", text);
    snprintf(cmd.reason, sizeof(cmd.reason), "%s", reason);
    return send(app, &cmd);
}

enum err app_set_language(struct app *app, const char *lang)
{
    struct command cmd = { .kind = CMD_LANGUAGE };

    snprintf(cmd.id, sizeof(cmd.id), "%s", lang);
    return send(app, &cmd);
}

enum err app_open_conflict(struct app *app, const char *record_id)
{
    struct command cmd = { .kind = CMD_OPEN_CONFLICT };

    snprintf(cmd.id, sizeof(cmd.id), "%s", record_id);
    return send(app, &cmd);
}

enum err app_read_record(struct app *app, const char *record_id)
{
    struct command cmd = { .kind = CMD_READ_RECORD };

    snprintf(cmd.id, sizeof(cmd.id), "%s", record_id);
    return send(app, &cmd);
}

enum err app_settle(struct app *app, const struct settlement *what)
{
    struct command cmd = { .kind = CMD_SETTLE, .settlement = *what };

    return send(app, &cmd);
}

enum err app_put_field(struct app *app, const char *key, enum field_act act,
                       const char *text)
{
    struct command cmd = { .kind = CMD_PUT_FIELD, .act = act };

    snprintf(cmd.key, sizeof(cmd.key), "%s", key);
    snprintf(cmd.text, sizeof(cmd.text), "%s", text);
    return send(app, &cmd);
}

enum err app_step_field(struct app *app, const char *key, int by)
{
    struct command cmd = { .kind = CMD_PUT_FIELD,
                           .act = FIELD_STEP,
                           .number = by };

    snprintf(cmd.key, sizeof(cmd.key), "%s", key);
    return send(app, &cmd);
}

enum err app_put_time(struct app *app, const char *key, int64_t at_ms)
{
    struct command cmd = { .kind = CMD_PUT_FIELD,
                           .act = FIELD_TIME,
                           .at_ms = at_ms };

    snprintf(cmd.key, sizeof(cmd.key), "%s", key);
    return send(app, &cmd);
}

enum err app_sign_field(struct app *app, const char *key,
                        const struct hand *hand, int64_t at_ms)
{
    struct command cmd = { .kind = CMD_SIGN_FIELD,
                           .hand = *hand,
                           .at_ms = at_ms };

    snprintf(cmd.key, sizeof(cmd.key), "%s", key);
    return send(app, &cmd);
}

enum err app_send_row(struct app *app, enum command_kind kind, const char *key)
{
    struct command cmd = { .kind = kind };

    snprintf(cmd.key, sizeof(cmd.key), "%s", key);
    return send(app, &cmd);
}
