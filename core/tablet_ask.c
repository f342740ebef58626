/* What officers ask each other about a record: see tablet_history.h. */
#include <string.h>

#include "core/mem.h"
#include "core/tablet_history.h"
#include "core/tablet_internal.h"

bool tablet_said_of(const struct tablet_said *s, struct uuid *out)
{
    const struct body_field_view *f =
        s->body == NULL ? NULL : body_find(s->body, REVIEW_OF);
    struct cbor_reader r;

    if (f == NULL) {
        return false;
    }
    cbor_open_gated(&r, f->value);
    cbor_get_uuid(&r, out);
    return !r.err;
}

/* --- asked of who is signed in --- */

struct of_me {
    const struct uuid *me;
    struct tablet_peer *out;
    uint64_t asked, answered;
};

static enum err take_of_me(void *ctx, const struct tablet_said *s)
{
    struct of_me *k = ctx;
    struct uuid of;

    if ((s->op != OP_ASK && s->op != OP_ANSWER) || !tablet_said_of(s, &of)) {
        return ERR_OK;
    }
    if (s->op == OP_ASK && uuid_eq(&of, k->me) && s->hlc > k->asked) {
        k->asked = s->hlc;
        k->out->by = s->officer;
        k->out->at_ms = s->wall_ms;
        tablet_said_text(s, FIELD_NOTE, k->out->question,
                         sizeof(k->out->question));
    } else if (s->op == OP_ANSWER && uuid_eq(&s->officer, k->me) &&
               s->hlc > k->answered) {
        k->answered = s->hlc;
    }
    return ERR_OK;
}

enum err tablet_peer_read(struct tablet *t, const struct uuid *record,
                          struct tablet_peer *out)
{
    struct of_me k = { .me = &t->officer, .out = out };
    const enum err err = tablet_said(t, record, take_of_me, &k);

    out->is_open = !err && k.asked > k.answered;
    return err;
}

enum err tablet_peer_answer(struct tablet *t, const struct uuid *record,
                            const struct uuid *asker, const char *answer)
{
    struct tablet_known known;
    struct evlog_new e = { .officer = t->officer,
                           .record = *record,
                           .kind_version = 1,
                           .op = OP_ANSWER };
    struct body_writer w;
    const enum err err = tablet_known_record(t, record, &known);

    if (err) {
        return err;
    }
    e.kind = (enum event_kind)known.kind;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, answer);
    body_put_uuid(&w, REVIEW_OF, asker);
    return tablet_say(t, &e, &w, "Answered");
}

/* --- asked by who is signed in --- */

struct by_me {
    const struct uuid *me;
    struct tablet_exchange *out;
    uint64_t asked, answered;
};

static enum err take_by_me(void *ctx, const struct tablet_said *s)
{
    struct by_me *k = ctx;
    struct uuid of;

    if ((s->op != OP_ASK && s->op != OP_ANSWER) || !tablet_said_of(s, &of)) {
        return ERR_OK;
    }
    if (s->op == OP_ASK && uuid_eq(&s->officer, k->me) && s->hlc > k->asked) {
        k->asked = s->hlc;
        k->out->whom = of;
        k->out->asked_ms = s->wall_ms;
        tablet_said_text(s, FIELD_NOTE, k->out->question,
                         sizeof(k->out->question));
    } else if (s->op == OP_ANSWER && uuid_eq(&of, k->me) &&
               s->hlc > k->answered) {
        k->answered = s->hlc;
        k->out->answered_ms = s->wall_ms;
        tablet_said_text(s, FIELD_NOTE, k->out->answer, sizeof(k->out->answer));
    }
    return ERR_OK;
}

enum err tablet_asked_by_me(struct tablet *t, const struct uuid *record,
                            struct tablet_exchange *out)
{
    struct by_me k = { .me = &t->officer, .out = out };
    enum err err;

    memset(out, 0, sizeof(*out));
    if (uuid_is_zero(&t->officer)) {
        return ERR_OK;
    }
    err = tablet_said(t, record, take_by_me, &k);
    if (!err && k.answered < k.asked) { /* to an earlier question */
        out->answer[0] = '\0';
        out->answered_ms = 0;
    }
    return err ? err
               : tablet_name_of(t, &out->whom, out->name, sizeof(out->name));
}

enum err tablet_ask(struct tablet *t, const struct uuid *record,
                    const struct uuid *whom, const char *question)
{
    struct tablet_known known;
    struct evlog_new e = { .officer = t->officer,
                           .record = *record,
                           .kind_version = 1,
                           .op = OP_ASK };
    struct body_writer w;
    const enum err err = tablet_known_record(t, record, &known);

    if (err) {
        return err;
    }
    if (uuid_is_zero(&t->officer) || known.tier != TIER_OPEN) {
        return ERR_DENIED;
    }
    if (question[0] == '\0' || uuid_is_zero(whom) ||
        uuid_eq(whom, &t->officer)) {
        return ERR_USAGE;
    }
    e.kind = (enum event_kind)known.kind;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, question);
    body_put_uuid(&w, REVIEW_OF, whom);
    return tablet_say(t, &e, &w, "Asked a colleague");
}
