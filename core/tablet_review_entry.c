/* What was said of one entry of a log: see tablet_review.h. */
#include <string.h>

#include "core/tablet_photos.h"
#include "core/tablet_review_internal.h"

struct said {
    struct tablet_log_entry *e;
    bool has_first;
    uint64_t asked, answered, approved, seen;
    struct uuid reviewer, asker;
    int64_t reviewed_ms, asked_ms;
};

static bool is_change(uint64_t op)
{
    return op == OP_CREATE || op == OP_SET || op == OP_STRIKE ||
           op == OP_ATTACH || op == OP_RESOLVE || op == OP_ISSUE ||
           op == OP_VOID || op == OP_SPOIL;
}

static void take_ask(struct said *k, const struct tablet_said *s)
{
    if (s->hlc > k->asked) {
        k->asked = s->hlc;
        k->asker = s->officer;
        k->asked_ms = s->wall_ms;
        tablet_said_text(s, FIELD_NOTE, k->e->question, sizeof(k->e->question));
    }
}

static void take_answer(struct said *k, const struct tablet_said *s)
{
    k->e->changed = s->hlc > k->e->changed ? s->hlc : k->e->changed;
    if (s->hlc > k->answered) {
        k->answered = s->hlc;
        k->e->answered_ms = s->wall_ms;
        tablet_said_text(s, FIELD_NOTE, k->e->answer, sizeof(k->e->answer));
    }
}

static void take_review(struct said *k, const struct tablet_said *s)
{
    if (tablet_said_int(s, REVIEW_VERDICT, 0) != REVIEW_APPROVED ||
        s->hlc <= k->approved) {
        return;
    }
    k->approved = s->hlc;
    k->seen = (uint64_t)tablet_said_int(s, REVIEW_SEEN, 0);
    k->reviewer = s->officer;
    k->reviewed_ms = s->wall_ms;
}

static enum err take_said(void *ctx, const struct tablet_said *s)
{
    struct said *k = ctx;
    struct uuid of;

    if (!k->has_first) {
        k->has_first = true;
        k->e->has_gnss = s->gnss_ms != 0;
        k->e->off_ms = s->gnss_ms != 0 ? span_ms(s->gnss_ms, s->wall_ms) : 0;
    }
    if (is_change(s->op)) {
        k->e->changed = s->hlc > k->e->changed ? s->hlc : k->e->changed;
    } else if (tablet_said_of(s, &of)) {
        return ERR_OK; /* between two officers */
    } else if (s->op == OP_ASK) {
        take_ask(k, s);
    } else if (s->op == OP_ANSWER) {
        take_answer(k, s);
    } else if (s->op == OP_REVIEW) {
        take_review(k, s);
    }
    return ERR_OK;
}

static enum err put_mark(struct tablet *t, const struct said *k)
{
    const bool is_open = k->asked > k->answered && k->asked > k->approved;
    const bool is_seen = k->approved != 0 && k->seen >= k->e->changed;
    const bool is_reviewed = is_seen && !is_open;
    struct tablet_log_entry *e = k->e;

    e->mark = is_open            ? TABLET_ASKED
              : is_reviewed      ? TABLET_REVIEWED
              : k->answered != 0 ? TABLET_ANSWERED
                                 : TABLET_TO_LOOK_AT;
    if (k->answered < k->asked) {
        e->answer[0] = '\0'; /* to an earlier question */
        e->answered_ms = 0;
    }
    e->by_ms = is_reviewed ? k->reviewed_ms : k->asked_ms;
    return tablet_name_of(t, is_reviewed ? &k->reviewer : &k->asker, e->by,
                          sizeof(e->by));
}

static enum err take_picture(void *ctx, const struct tablet_photo_item *p)
{
    struct tablet_log_entry *e = ctx;

    e->pictures++;
    e->pictures_here += p->state != TABLET_PHOTO_COMING;
    return ERR_OK;
}

static enum err take_place(void *ctx, const struct tablet_field *f)
{
    struct tablet_log_entry *e = ctx;

    if (f->id != FIELD_PLACE || f->value.data == NULL || f->ordinal > 0) {
        return ERR_OK;
    }
    e->has_place = body_place_parse(f->value, &e->place) == ERR_OK;
    e->place.words = (struct bytes){ NULL, 0 };
    return ERR_STOPPED;
}

enum err tablet_review_entry(struct tablet *t, const struct uuid *record,
                             bool with_place, struct tablet_log_entry *e)
{
    struct said k = { .e = e };
    enum err err;

    memset(e, 0, sizeof(*e));
    err = tablet_item(t, record, &e->item);
    if (err) {
        return err;
    }
    e->kind = e->item.kind == KIND_ENTRY  ? TABLET_LOG_LINE
              : e->item.tier != TIER_OPEN ? TABLET_LOG_CLOSED
                                          : TABLET_LOG_RECORD;
    e->at_ms = e->item.noted_ms != 0 ? e->item.noted_ms : e->item.made_ms;
    if (e->kind == TABLET_LOG_CLOSED) {
        /* That there is one, and nothing else, even for who holds its key:
         * opening it is logged, with a reason, on the console. */
        e->at_ms = e->item.made_ms;
        e->item = (struct tablet_item){ .id = *record,
                                        .tier = e->item.tier,
                                        .made_ms = e->item.made_ms };
        return ERR_OK;
    }
    err = tablet_said(t, record, take_said, &k);
    err = err ? err : put_mark(t, &k);
    err = err ? err : tablet_photos(t, record, take_picture, e);
    if (!err && with_place) {
        err = tablet_fields(t, record, take_place, e);
    }
    return err;
}
