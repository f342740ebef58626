/* worker_kept.c - words of a sheet that aren't sent yet, kept as drafts. */
#include <string.h>

#include "ui/worker/worker_internal.h"

/* "@": no draft of a record, in no list of those. Stored. */
static const char *const forms[KEPT__COUNT] = {
    [KEPT_AMEND] = "@amend",
    [KEPT_BRIEFING] = "@ask-briefing",
    [KEPT_ASK] = "@ask",
    [KEPT_CONFLICT] = "@conflict-1",
    [KEPT_CONFLICT + 1] = "@conflict-2",
    [KEPT_CONFLICT + 2] = "@conflict-3",
    [KEPT_CONFLICT + 3] = "@conflict-4",
    [KEPT_CONFLICT + 4] = "@conflict-5",
    [KEPT_CONFLICT + 5] = "@conflict-6",
    [KEPT_CONFLICT + 6] = "@conflict-7",
    [KEPT_CONFLICT + 7] = "@conflict-8",
};
static_assert(KEPT__COUNT == KEPT_CONFLICT + VIEW_QUESTIONS,
              "words for each question");

struct kept {
    struct worker *w;
    int kind;
};

/* "about", a line end, the words. */
static enum err take_kept(void *ctx, const struct uuid *id, const char *form,
                          struct bytes data)
{
    struct kept *k = ctx;
    struct view_kept_one *one = &k->w->views->kept.of[k->kind];
    const uint8_t *end = memchr(data.data, '\n', data.len);
    size_t len;

    (void)form;
    if (end == NULL) {
        return ERR_OK;
    }
    len = (size_t)(end - data.data);
    k->w->kept[k->kind] = *id;
    worker_put_some(one->about, sizeof(one->about),
                    (struct bytes){ data.data, len });
    worker_put_some(one->text, sizeof(one->text),
                    (struct bytes){ end + 1, data.len - len - 1 });
    return ERR_STOPPED;
}

void worker_show_kept(struct worker *w)
{
    struct view_kept *v = &w->views->kept;
    struct kept k = { w, 0 };

    memset(w->kept, 0, sizeof(w->kept));
    wipe(v, sizeof(*v));
    for (; k.kind < KEPT__COUNT && !w->is_duress; k.kind++) {
        if (tablet_drafts_of(session_tablet(w->session), forms[k.kind],
                             take_kept, &k)) {
            break; /* they stay where they are */
        }
    }
    worker_post(w, VIEW_KEPT, v);
}

static enum err drop(struct worker *w, int kind)
{
    const struct uuid id = w->kept[kind];

    w->kept[kind] = (struct uuid){ 0 };
    return uuid_is_zero(&id)
               ? ERR_OK
               : tablet_draft_drop(session_tablet(w->session), &id);
}

void worker_forget_words(struct worker *w, int kind)
{
    wipe(&w->views->kept.of[kind], sizeof(w->views->kept.of[kind]));
    if (drop(w, kind)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "a draft could not be dropped");
    }
}

static enum err put(struct worker *w, int kind, const char *about,
                    const char *text)
{
    struct buf data;
    enum err err = ERR_OK;

    if (uuid_is_zero(&w->kept[kind])) {
        err = worker_new_id(w, &w->kept[kind]);
    }
    buf_init(&data, 2 * sizeof(struct view_kept_one));
    buf_printf(&data, "%s\n", about);
    buf_put_text(&data, text);
    err = err ? err : data.err;
    if (!err) {
        err = tablet_draft_put(session_tablet(w->session), &w->kept[kind],
                               forms[kind], buf_bytes(&data));
    }
    buf_wipe(&data);
    return err;
}

void worker_keep_words(struct worker *w, const struct command *cmd)
{
    struct view_kept_one *one;
    enum err err;

    if (cmd->number < 0 || cmd->number >= KEPT__COUNT) {
        return;
    }
    one = &w->views->kept.of[cmd->number];
    if (cmd->text[0] == '\0') {
        wipe(one, sizeof(*one));
        err = drop(w, cmd->number);
    } else {
        WORKER_PUT(one->about, cmd->key);
        WORKER_PUT(one->text, cmd->text);
        err = put(w, cmd->number, one->about, one->text);
    }
    worker_post(w, VIEW_KEPT, &w->views->kept);
    if (err) {
        worker_tell(w, TOLD_FAILED, err);
    }
}
