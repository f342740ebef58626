/* worker.c - opens the session, hands each command to its place. */
#include "ui/worker/worker.h"

#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/id.h"
#include "core/mem.h"
#include "ui/worker/worker_internal.h"

#define MINUTE_MS ((int64_t)60000)

enum err worker_new(const struct session_options *options, struct worker **out)
{
    struct worker *w = mem_alloc(sizeof(*w));

    if (w == NULL) {
        return ERR_NOMEM;
    }
    w->options = options;
    w->views = mem_alloc(sizeof(*w->views));
    if (w->views == NULL) {
        mem_free(w);
        return ERR_NOMEM;
    }
    *out = w;
    return ERR_OK;
}

void worker_free(struct worker *w)
{
    if (w == NULL) {
        return;
    }
    mem_free(w->views);
    mem_free(w);
}

static void read_clock(struct worker *w, struct port_time *out)
{
    const struct port *port = session_port(w->session);

    port->ops->now(port->ctx, out);
}

int64_t worker_local_ms(struct worker *w, int64_t utc_ms)
{
    struct port_time now;

    read_clock(w, &now);
    return utc_ms == 0 ? 0 : utc_ms + now.utc_offset_min * MINUTE_MS;
}

int64_t worker_now_ms(struct worker *w)
{
    struct port_time now;

    read_clock(w, &now);
    return now.wall_ms + now.utc_offset_min * MINUTE_MS;
}

uint64_t worker_mono_ms(struct worker *w)
{
    struct port_time now;

    read_clock(w, &now);
    return now.mono_ms;
}

enum err worker_new_id(struct worker *w, struct uuid *out)
{
    const struct port *port = session_port(w->session);
    struct port_time now;
    uint8_t random[10];
    const enum err err = port->ops->random(port->ctx, random, sizeof(random));

    read_clock(w, &now);
    if (!err) {
        id_uuid7((uint64_t)now.wall_ms, random, out);
    }
    return err;
}

void worker_put_some(char *out, size_t size, struct bytes text)
{
    size_t len = text.len;

    if (len >= size) {
        len = size - 1;
        while (len > 0 && (text.data[len] & 0xc0) == 0x80) {
            len--; /* not in the middle of a character */
        }
    }
    if (len > 0) {
        memcpy(out, text.data, len);
    }
    out[len] = '\0';
}

void worker_put(char *out, size_t size, const char *text)
{
    worker_put_some(out, size,
                    (struct bytes){ (const uint8_t *)text, strlen(text) });
}

void worker_tell(struct worker *w, enum told told, enum err err)
{
    struct view_told *v = &w->views->told;

    v->told = err ? TOLD_FAILED : told;
    v->err = err;
    v->serial++;
    worker_post(w, VIEW_TOLD, v);
}

void worker_show_all(struct worker *w)
{
    worker_show_status(w);
    if (session_tablet(w->session) == NULL) {
        worker_show_signin(w);
        return;
    }
    worker_show_home(w);
    worker_show_notebook(w, 0);
    worker_show_kept(w);
    worker_show_sync(w);
    worker_show_end(w);
    worker_show_conflicts(w);
    worker_show_map(w);
    worker_show_reviews(w);
}

/* The network's thread: an answer is there, look at it. */
static void answer_came(void *ctx)
{
    static const struct command nothing = { .kind = CMD_NOTHING };
    struct worker *w = ctx;

    if (bridge_send(w->bridge, &nothing)) {
        return; /* 256 commands wait: the worker is awake anyway */
    }
}

static enum err backend_open(void *ctx, struct bridge *bridge)
{
    struct worker *w = ctx;
    enum err err;

    w->bridge = bridge;
    err = session_open(w->options, &w->session);
    if (err)
        return err;
    session_on_answer(w->session, answer_came, w);
    if (session_front_get(w->session, &w->front) == ERR_OK) {
        w->has_front = true;
        WORKER_PUT(w->views->signin.council, w->front.council);
        WORKER_PUT(w->views->signin.tablet, w->front.tablet);
    }
    worker_show_signin(w);
    worker_show_status(w);
    return ERR_OK;
}

static void backend_close(void *ctx)
{
    struct worker *w = ctx;

    worker_stop_capture(w);
    if (session_tablet(w->session) != NULL) {
        worker_leave_patrol(w); /* what was walked is kept; it runs on */
    }
    worker_end_practice(w);
    worker_drop_photos(w);
    worker_close_form(w);
    session_close(w->session);
    w->session = NULL;
}

static void change_patrol(struct worker *w, const struct command *cmd)
{
    enum told told = TOLD_NOTHING;
    enum err err;

    switch (cmd->kind) {
    case CMD_START_PATROL:
        err = worker_begin_patrol(w);
        break;
    case CMD_PAUSE_PATROL:
        err = worker_pause_patrol(w, cmd->reason);
        break;
    case CMD_RESUME_PATROL:
        err = worker_go_on(w);
        break;
    default:
        err = worker_end_patrol(w, cmd->text, &cmd->hand);
        w->views->end.ended_ms = worker_now_ms(w);
        told = TOLD_PATROL_ENDED;
    }
    worker_send_first(w);
    worker_show_all(w);
    if (err || told != TOLD_NOTHING) {
        worker_tell(w, told, err);
    }
}

/* The line that was being written is written, or given up. */
static void drop_entry(struct worker *w)
{
    if (!uuid_is_zero(&w->entry_id) &&
        tablet_draft_drop(session_tablet(w->session), &w->entry_id)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "a draft could not be dropped");
    }
    w->entry_id = (struct uuid){ 0 };
    w->views->notebook.draft[0] = '\0';
}

static void keep_entry(struct worker *w, const char *text)
{
    const struct bytes data = { (const uint8_t *)text, strlen(text) };
    enum err err = ERR_OK;

    if (data.len == 0) {
        drop_entry(w);
    } else {
        if (uuid_is_zero(&w->entry_id)) {
            err = worker_new_id(w, &w->entry_id);
        }
        err = err ? err
                  : tablet_draft_put(session_tablet(w->session), &w->entry_id,
                                     VIEW_ENTRY, data);
        WORKER_PUT(w->views->notebook.draft, text);
    }
    worker_post(w, VIEW_NOTEBOOK, &w->views->notebook);
    worker_show_begun(w);
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
    }
}

static void add_entry(struct worker *w, const struct command *cmd)
{
    struct tablet *t = session_tablet(w->session);
    struct port_time now;
    uint64_t number;
    enum err err;

    read_clock(w, &now);
    err = tablet_entry(
        t, cmd->text,
        cmd->at_ms == 0 ? 0 : cmd->at_ms - now.utc_offset_min * MINUTE_MS, 0,
        &number);
    if (!err) {
        drop_entry(w);
    }
    worker_show_all(w);
    worker_tell(w, TOLD_ENTRY_MADE, err);
}

/* A correction is a new line that points back; the old one stays. */
static void amend_entry(struct worker *w, const struct command *cmd)
{
    const struct view_notebook *book = &w->views->notebook;
    const struct view_entry *old = NULL;
    char text[VIEW_NOTE_SIZE + 2 * VIEW_LINE_SIZE];
    uint64_t number;
    enum err err = ERR_NOT_FOUND;

    for (int i = 0; i < book->entry_count; i++) {
        if (book->entries[i].number == cmd->number) {
            old = &book->entries[i];
        }
    }
    if (old != NULL && cmd->from >= 0 && cmd->from < cmd->to &&
        cmd->to <= (int)strlen(old->text)) {
        snprintf(text, sizeof(text), "%d: \u201c%.*s\u201d \u2192 %s. %s",
                 cmd->number, cmd->to - cmd->from, old->text + cmd->from,
                 cmd->text, cmd->reason);
        err = tablet_entry(session_tablet(w->session), text, 0,
                           (uint64_t)cmd->number, &number);
    }
    if (!err) {
        worker_forget_words(w, KEPT_AMEND);
    }
    worker_show_all(w);
    worker_tell(w, TOLD_ENTRY_MADE, err);
}

/* What officers capture beside text. */
static void handle_capture(struct worker *w, const struct command *cmd)
{
    switch (cmd->kind) {
    case CMD_ATTACH_PHOTO:
        worker_attach(w, cmd->text);
        break;
    case CMD_REMOVE_PHOTO:
        worker_remove_photo(w, cmd->id);
        break;
    case CMD_OPEN_PHOTO:
        worker_open_picture(w, cmd->id);
        break;
    case CMD_DRAW:
        worker_draw(w, cmd);
        break;
    case CMD_CAPTURE:
        worker_open_capture(w, (enum capture_mode)cmd->number);
        break;
    case CMD_SHOOT:
        worker_shoot(w);
        break;
    case CMD_PLAY:
        worker_play(w, cmd->id);
        break;
    default:
        break;
    }
}

/* From the map; the tablet and the officer's PIN; what people say of a log. */
static void handle_own(struct worker *w, const struct command *cmd)
{
    if (cmd->kind == CMD_VISIT) {
        worker_visit(w, cmd);
    } else if (cmd->kind == CMD_OPEN_ABOUT) {
        worker_show_about(w, cmd->id);
    } else if (cmd->kind == CMD_SET_DURESS) {
        worker_set_duress(w, cmd->secret);
    } else if (cmd->kind == CMD_RENEW_PIN) {
        worker_renew_pin(w);
    } else if (cmd->kind == CMD_CHECK_TABLET) {
        worker_check(w);
    } else if (cmd->kind == CMD_KEEP_WORDS) {
        worker_keep_words(w, cmd);
    } else if (cmd->kind == CMD_ASK_ABOUT) {
        worker_ask_about(w, cmd);
    } else if (cmd->kind == CMD_READ_RECORD) {
        worker_open_record(w, cmd);
    } else if (cmd->kind == CMD_SIGN_BOOK || cmd->kind == CMD_COUNTERSIGN) {
        worker_sign(w, cmd);
    } else if (cmd->kind == CMD_OPEN_REVIEW || cmd->kind == CMD_PUT_QUESTION ||
               cmd->kind == CMD_REVIEW || cmd->kind == CMD_ANSWER) {
        worker_review(w, cmd);
    } else {
        handle_capture(w, cmd);
    }
}

/* Commands that need an open tablet and an officer before it. */
static void handle_open(struct worker *w, const struct command *cmd)
{
    switch (cmd->kind) {
    case CMD_START_PATROL:
    case CMD_PAUSE_PATROL:
    case CMD_RESUME_PATROL:
    case CMD_END_PATROL:
        change_patrol(w, cmd);
        break;
    case CMD_CHECK_IN:
        if (strcmp(cmd->id, VIEW_WELFARE) == 0) {
            worker_check_in(w);
        } else {
            worker_brief(w, cmd); /* a team leader's */
        }
        break;
    case CMD_OPEN_LOG:
        worker_open_log(w, cmd);
        break;
    case CMD_PUT_DRAFT:
        worker_put_draft(w, &cmd->draft);
        break;
    case CMD_SAVE:
        worker_save(w, &cmd->draft);
        break;
    case CMD_UNDO_SAVE:
        worker_undo_save(w);
        break;
    case CMD_OPEN_PAGE:
        worker_show_notebook(w, cmd->number);
        break;
    case CMD_ADD_ENTRY:
        add_entry(w, cmd);
        break;
    case CMD_AMEND_ENTRY:
        amend_entry(w, cmd);
        break;
    case CMD_KEEP_ENTRY:
        keep_entry(w, cmd->text);
        break;
    case CMD_SYNC_NOW:
        worker_sync_now(w);
        break;
    case CMD_OPEN_CONFLICT:
        worker_open_conflict(w, cmd->id);
        break;
    case CMD_SETTLE:
        worker_settle(w, &cmd->settlement);
        break;
    case CMD_PUT_FIELD:
    case CMD_OPEN_ROW:
    case CMD_DROP_ROW:
    case CMD_SIGN_FIELD:
        worker_put_field(w, cmd);
        break;
    case CMD_SAVE_FORM:
        worker_save_form(w);
        break;
    case CMD_READ_BRIEFING:
    case CMD_ASK_BRIEFING:
    case CMD_CLOSE_TASK:
    case CMD_SEE_TASK:
        worker_brief(w, cmd);
        break;
    default:
        handle_own(w, cmd);
    }
}

static void backend_handle(void *ctx, const struct command *cmd)
{
    struct worker *w = ctx;

    w->pump_ms = 0;
    session_tend_room(w->session);
    switch (cmd->kind) {
    case CMD_NOTHING:
    case CMD_LANGUAGE:
        break;
    case CMD_SIGN_IN:
        worker_sign_in(w, cmd);
        break;
    case CMD_LOCK:
        worker_lock(w);
        break;
    case CMD_SIGN_OUT:
        worker_sign_out(w);
        break;
    case CMD_OPEN_FOR:
        worker_open_for(w, cmd);
        break;
    case CMD_USE_CODE:
        worker_use_code(w, cmd);
        break;
    case CMD_FIND_STAFF:
        worker_find_staff(w, cmd->text);
        break;
    case CMD_SET_PIN:
        worker_set_pin(w, cmd);
        break;
    case CMD_STOP_OPENING:
        worker_stop_opening(w);
        break;
    case CMD_TAKE_PATROL:
        worker_take_patrol(w, cmd->is_on);
        break;
    case CMD_PRACTISE:
        worker_practise(w, cmd->is_on);
        break;
    case CMD_SOS:
        worker_call_for_help(w);
        break;
    case CMD_PAUSE_SYNC:
        w->is_paused = cmd->is_on;
        worker_show_status(w);
        break;
    case CMD_HOLD_PHOTOS:
        w->views->sync.holds_photos = cmd->is_on;
        worker_post(w, VIEW_SYNC, &w->views->sync);
        break;
    default:
        if (session_tablet(w->session) != NULL && !uuid_is_zero(&w->officer)) {
            handle_open(w, cmd);
        }
    }
}

/* The receiver is looked at each second of a patrol, the network when it
 * is due. */
static int backend_idle(void *ctx)
{
    struct worker *w = ctx;
    const uint64_t now = worker_mono_ms(w);
    const int step = worker_capture_step(w);
    int look = worker_look(w);
    int pump = -1;

    look = look < 0 || (step >= 0 && step < look) ? step : look;
    if (w->pump_ms <= now) {
        pump = worker_pump(w);
        w->pump_ms = pump < 0 ? UINT64_MAX : now + (uint64_t)pump;
    } else if (w->pump_ms != UINT64_MAX) {
        pump = (int)(w->pump_ms - now);
    }
    return pump < 0 || (look >= 0 && look < pump) ? look : pump;
}

const struct app_backend worker_backend = {
    .open = backend_open,
    .handle = backend_handle,
    .idle = backend_idle,
    .close = backend_close,
};
