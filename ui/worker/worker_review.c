/* worker_review.c - patrol logs for a team leader, questions and answers,
 * signatures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/area.h"
#include "core/tablet_photos.h"
#include "core/tablet_review.h"
#include "core/tablet_sign.h"
#include "core/tablet_signature.h"
#include "ui/worker/hand_ink.h"
#include "ui/worker/worker_image.h"
#include "ui/worker/worker_internal.h"

#define DAY_MS    ((int64_t)24 * 3600 * 1000)
#define KEEP_DAYS 35 /* what a tablet keeps of others, and the list shows */
#define MINUTE_MS 60000
/* Drafts of questions, beside those of forms. */
#define DRAFT_KIND "review"

/* --- signatures --- */

void worker_take_hand(struct worker *w, const struct hand *hand,
                      struct strokes *ink, struct tablet_signing *out)
{
    *out = (struct tablet_signing){
        .name = hand->name,
        .why = hand->why,
        .key = session_officer_key(w->session),
    };
    if (hand->ink.width > 0) {
        hand_ink_take(&hand->ink, ink);
        out->ink = ink;
    }
}

struct signs {
    struct worker *w;
    struct view_signature *own, *counter; /* the newest of each */
};

static enum err take_signed(void *ctx, const struct tablet_signed *s)
{
    struct signs *k = ctx;
    struct view_signature *to = s->is_leader ? k->counter : k->own;

    if (to == NULL) {
        return ERR_OK;
    }
    memset(to, 0, sizeof(*to));
    WORKER_PUT(to->by, s->by);
    WORKER_PUT(to->name, s->name);
    WORKER_PUT(to->why, s->why);
    to->to = (int)s->to;
    to->at_ms = worker_local_ms(k->w, s->at_ms);
    if (s->has_ink) {
        hand_ink_show(&s->ink, &to->ink);
    }
    return ERR_OK;
}

void worker_read_signs(struct worker *w, const struct uuid *record,
                       struct view_signature *own,
                       struct view_signature *counter)
{
    struct signs k = { w, own, counter };

    if (tablet_signs(session_tablet(w->session), record, take_signed, &k)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "signatures could not be read");
    }
}

struct signed_words {
    struct worker *w;
    struct view_signature *to; /* the next */
    int count, most;
};

static enum err take_newest(void *ctx, const struct tablet_signature *s)
{
    struct signed_words *k = ctx;

    WORKER_PUT(k->to->by, s->by);
    WORKER_PUT(k->to->name, s->name);
    WORKER_PUT(k->to->why, s->why);
    k->to->at_ms = worker_local_ms(k->w, s->at_ms);
    k->to->is_misfit = !s->fits;
    if (s->has_ink) {
        hand_ink_show(&s->ink, &k->to->ink);
    }
    k->to++;
    return ++k->count == k->most ? ERR_STOPPED : ERR_OK;
}

int worker_read_hands(struct worker *w, const struct uuid *record,
                      struct view_signature *out, int most)
{
    struct signed_words k = { .w = w, .to = out, .most = most };

    memset(out, 0, (size_t)most * sizeof(*out));
    if (uuid_is_zero(record) || tablet_signatures(session_tablet(w->session),
                                                  record, take_newest, &k)) {
        memset(out, 0, (size_t)most * sizeof(*out));
        return 0;
    }
    return k.count;
}

void worker_put_signature(struct worker *w, const struct uuid *record,
                          struct view_signature *to)
{
    (void)worker_read_hands(w, record, to, 1);
}

void worker_sign(struct worker *w, const struct command *cmd)
{
    struct tablet *t = session_tablet(w->session);
    struct strokes *ink = malloc(sizeof(*ink));
    struct tablet_signing signing;
    struct tablet_patrol_log log;
    struct uuid patrol;
    enum err err = ink == NULL ? ERR_NOMEM : ERR_OK;

    if (!err) {
        worker_take_hand(w, &cmd->hand, ink, &signing);
        if (cmd->kind == CMD_SIGN_BOOK) {
            err = tablet_sign_lines(t, &signing);
        } else {
            err = uuid_parse(cmd->id, &patrol);
            err = err ? err : tablet_patrol_log(t, &patrol, &log, NULL, NULL);
            err =
                err ? err
                    : tablet_countersign(t, &log.book, log.last_line, &signing);
        }
    }
    free(ink);
    worker_show_all(w);
    worker_tell(w, TOLD_SIGNED, err);
}

/* --- the list --- */

static int whole(const char **at)
{
    char *end;
    const long n = strtol(*at, &end, 10);

    *at = end;
    return n > 0 && n < 24 * 60 ? (int)n : 0;
}

struct goals {
    int met, all, missed;
    char first_missed[64]; /* its id */
};

/* "market-place 20-22-24/15; tanners-row 0-0-0/15 incident" */
static void read_goals(const char *text, struct goals *out)
{
    memset(out, 0, sizeof(*out));
    while (*text != '\0') {
        const size_t id = strcspn(text, " ;");
        const char *at = text + id;
        int best = 0, goal;

        (void)whole(&at);
        at += *at == '-';
        best = whole(&at);
        at += *at == '-';
        (void)whole(&at);
        at += *at == '/';
        goal = whole(&at);
        out->all += goal > 0;
        out->met += goal > 0 && best >= goal;
        if (goal > 0 && best == 0) {
            if (out->missed++ == 0) {
                snprintf(out->first_missed, sizeof(out->first_missed), "%.*s",
                         (int)(id < 63 ? id : 63), text);
            }
        }
        text += strcspn(text, ";");
        text += strspn(text, "; ");
    }
}

static void put_item(struct worker *w, const struct tablet_patrol_log *p,
                     struct view_review_item *to)
{
    static const enum view_log_state states[] = {
        [TABLET_LOG_TO_REVIEW] = VIEW_LOG_TO_REVIEW,
        [TABLET_LOG_SENT_BACK] = VIEW_LOG_SENT_BACK,
        [TABLET_LOG_APPROVED] = VIEW_LOG_APPROVED,
        [TABLET_LOG_ARRIVING] = VIEW_LOG_ARRIVING,
    };
    struct goals goals;

    memset(to, 0, sizeof(*to));
    uuid_format(&p->id, to->id);
    WORKER_PUT(to->officer, p->name);
    WORKER_PUT(to->beat, p->area);
    to->started_ms = worker_local_ms(w, p->started_ms);
    to->ended_ms = worker_local_ms(w, p->ended_ms);
    to->logs = (int)p->logs;
    to->notices = (int)p->notices;
    read_goals(p->minutes, &goals);
    to->goals = goals.all;
    to->goals_met = goals.met;
    to->here = (int)p->here;
    to->total = (int)p->total;
    to->conflicts = (int)p->conflicts;
    to->state = states[p->state];
    to->is_answered = p->answered > 0;
    to->is_own = p->is_own;
}

static enum err take_patrol(void *ctx, const struct tablet_patrol_log *p)
{
    struct worker *w = ctx;
    struct view_reviews *v = &w->views->reviews;

    if (v->count == VIEW_REVIEWS) {
        return ERR_STOPPED;
    }
    put_item(w, p, &v->items[v->count]);
    w->views->status.review_count +=
        v->items[v->count].state == VIEW_LOG_TO_REVIEW && !p->is_own;
    v->count++;
    return ERR_OK;
}

static int64_t utc_now_ms(struct worker *w)
{
    const struct port *port = session_port(w->session);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.wall_ms;
}

/* Where, and what was written. */
static void put_detail(const struct tablet_item *item, char *out, size_t size)
{
    char text[2 * TABLET_TEXT_SIZE + 4];

    snprintf(text, sizeof(text), "%s%s%s", item->place_name,
             item->place_name[0] != '\0' && item->note[0] != '\0' ? ". " : "",
             item->note);
    worker_put(out, size, text);
}

static enum err take_ask(void *ctx, const struct tablet_asked *a)
{
    struct worker *w = ctx;
    struct view_asks *v = &w->views->asks;
    struct view_ask *to = &v->items[v->count];

    if (v->count == VIEW_ASKS) {
        return ERR_STOPPED;
    }
    memset(to, 0, sizeof(*to));
    uuid_format(&a->item.id, to->id);
    WORKER_PUT(to->title, a->item.title[0] != '\0'
                              ? a->item.title
                              : worker_category(w, a->item.category));
    put_detail(&a->item, to->detail, sizeof(to->detail));
    WORKER_PUT(to->by, a->by);
    WORKER_PUT(to->question, a->question);
    to->is_peer = a->is_peer;
    to->is_yours = uuid_eq(&a->item.officer, &w->officer);
    to->at_ms = worker_local_ms(w, a->asked_ms);
    to->made_ms = worker_local_ms(w, a->item.made_ms);
    v->count++;
    return ERR_OK;
}

/* --- one log --- */

#define PICTURES_MAX 12 /* of one log: those of other screens stay, too */

struct log {
    struct worker *w;
    struct view_review_log *v;
    int pictures;
};

static enum err take_picture(void *ctx, const struct tablet_photo_item *p)
{
    struct log *l = ctx;
    struct view_log_entry *e = &l->v->entries[l->v->entry_count];
    struct buf bytes;

    if (e->image != 0 || !p->has_small) {
        return ERR_OK;
    }
    buf_init(&bytes, BLOB_MAX_BYTES);
    if (tablet_photo_bytes(session_tablet(l->w->session), &p->id, false,
                           &bytes) == ERR_OK) {
        e->image = ++l->w->image_count;
        if (worker_post_image(l->w->bridge, e->image, buf_bytes(&bytes))) {
            e->image = 0;
        }
    }
    buf_wipe(&bytes);
    return ERR_STOPPED;
}

static void put_words(struct worker *w, const struct tablet_log_entry *e,
                      struct view_log_entry *to)
{
    const char *category = worker_category(w, e->item.category);
    const bool has_title = e->item.title[0] != '\0';

    if (e->kind == TABLET_LOG_LINE) {
        WORKER_PUT(to->title, "Notebook entry");
        WORKER_PUT(to->detail, e->item.note);
        return;
    }
    WORKER_PUT(to->title, has_title ? e->item.title : category);
    put_detail(&e->item, to->detail, sizeof(to->detail));
}

static void put_pin(struct view_review_log *v, const struct view_log_entry *e,
                    const struct tablet_log_entry *from)
{
    struct view_pin *pin = &v->map.pins[v->map.pin_count];

    if (!from->has_place || v->map.pin_count == VIEW_PINS) {
        return;
    }
    pin->number = v->entry_count + 1;
    WORKER_PUT(pin->id, e->id);
    WORKER_PUT(pin->title, e->title);
    pin->at_ms = e->at_ms;
    pin->pos = (struct view_pos){ from->place.lat_e7, from->place.lon_e7 };
    v->map.pin_count++;
}

static enum err take_entry(void *ctx, const struct tablet_log_entry *from)
{
    static const enum view_entry_sort sorts[] = {
        [TABLET_LOG_STARTED] = VIEW_LOG_STARTED,
        [TABLET_LOG_PAUSED] = VIEW_LOG_PAUSED,
        [TABLET_LOG_RESUMED] = VIEW_LOG_RESUMED,
        [TABLET_LOG_RECORD] = VIEW_LOG_RECORD,
        [TABLET_LOG_LINE] = VIEW_LOG_LINE,
        [TABLET_LOG_CLOSED] = VIEW_LOG_CLOSED,
        [TABLET_LOG_ENDED] = VIEW_LOG_ENDED,
    };
    static const enum view_log_mark marks[] = {
        [TABLET_TO_LOOK_AT] = VIEW_TO_LOOK_AT,
        [TABLET_REVIEWED] = VIEW_REVIEWED,
        [TABLET_ASKED] = VIEW_ASKED,
        [TABLET_ANSWERED] = VIEW_ANSWERED,
    };
    struct log *l = ctx;
    struct view_review_log *v = l->v;
    struct view_log_entry *to = &v->entries[v->entry_count];

    if (v->entry_count == VIEW_LOG_ENTRIES) {
        return ERR_STOPPED;
    }
    memset(to, 0, sizeof(*to));
    to->sort = sorts[from->kind];
    to->mark = marks[from->mark];
    to->at_ms = worker_local_ms(l->w, from->at_ms);
    if (from->kind == TABLET_LOG_RECORD || from->kind == TABLET_LOG_LINE) {
        uuid_format(&from->item.id, to->id);
        put_words(l->w, from, to);
    }
    WORKER_PUT(to->by, from->by);
    WORKER_PUT(to->question, from->question);
    WORKER_PUT(to->answer, from->answer);
    to->pictures = (int)from->pictures;
    to->pictures_here = (int)from->pictures_here;
    to->has_conflict = from->item.has_conflict;
    to->has_place = from->has_place;
    put_pin(v, to, from);
    v->entry_count++;
    return ERR_OK;
}

/* After the log was read: its statements are at rest. */
static void put_pictures(struct log *l)
{
    struct view_review_log *v = l->v;
    const int count = v->entry_count;

    for (v->entry_count = 0; v->entry_count < count; v->entry_count++) {
        const struct view_log_entry *e = &v->entries[v->entry_count];
        struct uuid id;

        if (e->pictures_here > 0 && l->pictures++ < PICTURES_MAX &&
            uuid_parse(e->id, &id) == ERR_OK &&
            tablet_photos(session_tablet(l->w->session), &id, take_picture,
                          l)) {
            break;
        }
    }
    v->entry_count = count;
}

static enum err take_draft(void *ctx, const struct uuid *id, const char *form,
                           struct bytes data)
{
    struct view_review_log *v = ctx;
    char text[VIEW_ID_SIZE];

    uuid_format(id, text);
    for (int i = 0; strcmp(form, DRAFT_KIND) == 0 && i < v->entry_count; i++) {
        struct view_log_entry *e = &v->entries[i];

        if (strcmp(e->id, text) == 0) {
            snprintf(e->draft, sizeof(e->draft), "%.*s", (int)data.len,
                     (const char *)data.data);
        }
    }
    return ERR_OK;
}

static void put_missed(struct worker *w, const struct tablet_patrol_log *p,
                       struct view_review_log *v)
{
    const struct area_list *areas;
    struct goals goals;

    read_goals(p->minutes, &goals);
    v->missed_count = goals.missed;
    WORKER_PUT(v->missed, goals.first_missed);
    if (tablet_areas(session_tablet(w->session), &areas)) {
        return;
    }
    for (size_t i = 0; i < areas->count && goals.missed > 0; i++) {
        if (strcmp(areas->list[i].id, goals.first_missed) == 0) {
            WORKER_PUT(v->missed, areas->list[i].name);
        }
    }
}

static void put_checks(struct worker *w, const struct tablet_patrol_log *p,
                       struct view_review_log *v)
{
    v->reviewed = (int)p->reviewed;
    v->asked = (int)p->asked;
    v->to_look_at = (int)p->to_look_at;
    WORKER_PUT(v->by, p->by);
    WORKER_PUT(v->other, p->other);
    v->by_ms = worker_local_ms(w, p->by_ms);
    v->has_line_gap = p->has_line_gap;
    v->clock_off_ms = p->clock_off_ms;
    v->checks = (int)p->checks;
    v->late_checks = (int)p->late_checks;
    v->distance_m = (int)(p->distance_mm / 1000);
    v->gap_minutes = (int)(p->gaps_ms / MINUTE_MS);
    v->last_line = (int)p->last_line;
    put_missed(w, p, v);
    memset(&v->signature, 0, sizeof(v->signature));
    memset(&v->counter, 0, sizeof(v->counter));
    if (!uuid_is_zero(&p->book)) {
        worker_read_signs(w, &p->book, &v->signature, &v->counter);
    }
}

static void show_log(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct view_review_log *v = &w->views->review;
    struct tablet_patrol_log p;
    struct log l = { .w = w, .v = v };
    enum err err;

    if (uuid_is_zero(&w->review)) {
        return;
    }
    v->entry_count = 0;
    v->map.pin_count = 0;
    err = tablet_patrol_log(t, &w->review, &p, take_entry, &l);
    if (err) {
        v->item.id[0] = '\0';
        v->entry_count = 0;
    } else {
        put_item(w, &p, &v->item);
        put_checks(w, &p, v);
        put_pictures(&l);
        err = tablet_drafts(t, take_draft, v);
    }
    if (err) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "the patrol log could not be read: %s", err_text(err));
    }
    worker_post(w, VIEW_REVIEW_LOG, v);
}

void worker_show_reviews(struct worker *w)
{
    struct tablet *t = session_tablet(w->session);
    struct view_reviews *v = &w->views->reviews;
    struct view_status *s = &w->views->status;
    const int64_t since = utc_now_ms(w) - KEEP_DAYS * DAY_MS;

    w->views->asks.count = 0;
    v->count = 0;
    s->review_count = 0;
    v->as_of_ms = s->synced_ms;
    if (!w->is_duress && tablet_questions(t, take_ask, w)) {
        w->views->asks.count = 0;
    }
    w->views->home.ask_count = w->views->asks.count;
    WORKER_PUT(w->views->home.asked_by, w->views->asks.items[0].by);
    worker_post(w, VIEW_HOME, &w->views->home);
    if (s->is_leader && tablet_patrols(t, since, take_patrol, w)) {
        port_log(session_port(w->session), PORT_LOG_WARN,
                 "the patrol logs could not be read");
    }
    worker_post(w, VIEW_STATUS, s);
    worker_post(w, VIEW_ASKED_OF, &w->views->asks);
    worker_post(w, VIEW_REVIEW, v);
    if (s->is_leader) {
        show_log(w);
    }
}

/* --- what the leader says --- */

static enum err put_question(struct worker *w, const struct command *cmd)
{
    struct tablet *t = session_tablet(w->session);
    const struct bytes words = { (const uint8_t *)cmd->text,
                                 strlen(cmd->text) };
    struct uuid id;
    enum err err = uuid_parse(cmd->id, &id);

    if (err) {
        return err;
    }
    return words.len == 0 ? tablet_draft_drop(t, &id)
                          : tablet_draft_put(t, &id, DRAFT_KIND, words);
}

static enum err drop_questions(struct worker *w)
{
    const struct view_review_log *v = &w->views->review;
    enum err err = ERR_OK;

    for (int i = 0; i < v->entry_count && !err; i++) {
        struct uuid id;

        if (v->entries[i].draft[0] != '\0') {
            err = uuid_parse(v->entries[i].id, &id);
            err =
                err ? err : tablet_draft_drop(session_tablet(w->session), &id);
        }
    }
    return err;
}

static enum err review(struct worker *w, const struct command *cmd,
                       enum told *told)
{
    const struct view_review_log *v = &w->views->review;
    struct tablet_log_question questions[VIEW_LOG_ENTRIES];
    struct tablet_verdict verdict = { .questions = questions,
                                      .approves_rest = cmd->is_on,
                                      .reason = cmd->reason };
    enum err err = uuid_parse(cmd->id, &verdict.patrol);

    for (int i = 0; i < v->entry_count && !err; i++) {
        struct tablet_log_question *q = &questions[verdict.question_count];

        if (v->entries[i].draft[0] == '\0') {
            continue;
        }
        err = uuid_parse(v->entries[i].id, &q->record);
        q->text = v->entries[i].draft;
        verdict.question_count++;
    }
    *told = verdict.question_count > 0 || v->asked > 0 ? TOLD_SENT_BACK
                                                       : TOLD_APPROVED;
    err = err ? err : tablet_review(session_tablet(w->session), &verdict);
    return err ? err : drop_questions(w);
}

void worker_review(struct worker *w, const struct command *cmd)
{
    struct view_review_log *v = &w->views->review;
    enum told told = TOLD_NOTHING;
    struct uuid id;
    enum err err = ERR_OK;

    switch (cmd->kind) {
    case CMD_OPEN_REVIEW:
        err = uuid_parse(cmd->id, &w->review);
        memset(&v->item, 0, sizeof(v->item));
        v->opened++;
        break;
    case CMD_PUT_QUESTION:
        err = put_question(w, cmd);
        break;
    case CMD_REVIEW:
        err = review(w, cmd, &told);
        break;
    default:
        err = uuid_parse(cmd->id, &id);
        err = err ? err
                  : tablet_answer(session_tablet(w->session), &id, cmd->text);
        told = TOLD_ANSWERED;
    }
    worker_show_all(w);
    if (err || told != TOLD_NOTHING) {
        worker_tell(w, told, err);
    }
}
