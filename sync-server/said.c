#include "sync-server/said.h"

#include <string.h>

#include "core/body.h"
#include "core/mem.h"
#include "sync-server/sdb_order.h"

struct reading {
    struct said *out;
    struct body_view view;
};

static bool is_change(uint64_t op)
{
    return op == OP_CREATE || op == OP_SET || op == OP_STRIKE ||
           op == OP_ATTACH || op == OP_RESOLVE || op == OP_ISSUE ||
           op == OP_VOID || op == OP_SPOIL;
}

static int64_t get_int(const struct body_view *v, uint64_t field)
{
    const struct body_field_view *f = body_find(v, field);
    struct cbor_reader r;
    int64_t n;

    if (f == NULL) {
        return 0;
    }
    cbor_open_gated(&r, f->value);
    n = cbor_get_int(&r);
    return r.err ? 0 : n;
}

/* Cut at a whole character. */
static void get_text(const struct body_view *v, uint64_t field,
                     char out[SAID_TEXT_SIZE])
{
    const struct body_field_view *f = body_find(v, field);
    struct cbor_reader r;
    struct bytes text;
    size_t len;

    out[0] = '\0';
    if (f == NULL) {
        return;
    }
    cbor_open_gated(&r, f->value);
    text = cbor_get_text(&r);
    if (r.err || text.len == 0) {
        return;
    }
    len = text.len < SAID_TEXT_SIZE ? text.len : SAID_TEXT_SIZE - 1;
    while (len > 0 && len < text.len && (text.data[len] & 0xc0) == 0x80) {
        len--;
    }
    memcpy(out, text.data, len);
    out[len] = '\0';
}

static void read_of(const struct body_view *v, struct said_one *one)
{
    const struct body_field_view *f = body_find(v, REVIEW_OF);
    struct cbor_reader r;

    if (f != NULL) {
        cbor_open_gated(&r, f->value);
        cbor_get_uuid(&r, &one->of);
        one->is_peer = !r.err;
    }
}

static void add(struct reading *k, const struct sdb_event *e,
                const struct event_header *h)
{
    struct said_one *one = &k->out->list[k->out->count];

    if (k->out->count == SAID_MAX) {
        k->out->is_cut = true;
        return;
    }
    if (e->body.data == NULL || body_parse(e->body, &k->view)) {
        return;
    }
    *one = (struct said_one){ .ref = e->ref,
                              .origin = h->former.count > 0 ? h->former.at[0]
                                                            : e->ref,
                              .op = e->op,
                              .hlc = h->hlc,
                              .officer = e->officer,
                              .at_ms = h->wall_ms };
    get_text(&k->view, e->op == OP_REVIEW ? FIELD_REASON : FIELD_NOTE,
             one->text);
    if (e->op == OP_REVIEW) {
        one->verdict = get_int(&k->view, REVIEW_VERDICT);
        one->seen = (uint64_t)get_int(&k->view, REVIEW_SEEN);
        one->count = get_int(&k->view, REVIEW_COUNT);
    } else {
        read_of(&k->view, one);
    }
    k->out->count++;
}

static enum err take_event(void *ctx, const struct sdb_event *e)
{
    struct reading *k = ctx;
    struct said *out = k->out;
    struct event_header h;

    out->is_closed |= e->kind == KIND_RESTRICTED || e->kind == KIND_SEALED;
    if (e->state != SDB_APPLIED || event_header_parse(e->header, &h)) {
        return ERR_OK;
    }
    if (out->kind == 0) {
        out->kind = e->kind;
        out->officer = e->officer;
        out->made_ms = h.wall_ms;
    }
    out->newest = h.hlc > out->newest ? h.hlc : out->newest;
    if (is_change(e->op)) {
        out->changed = h.hlc > out->changed ? h.hlc : out->changed;
    } else if (!out->is_closed &&
               (e->op == OP_ASK || e->op == OP_ANSWER || e->op == OP_REVIEW)) {
        add(k, e, &h);
    }
    return ERR_OK;
}

static bool is_ref(const struct event_ref *a, const struct event_ref *b)
{
    return a->sequence == b->sequence &&
           uuid_eq(&a->incarnation, &b->incarnation);
}

/* What was recorded again stands once. */
static void drop_copies(struct said *s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++) {
        bool is_copy = false;

        for (size_t k = 0; k < kept; k++) {
            is_copy |= is_ref(&s->list[k].origin, &s->list[i].origin);
        }
        if (!is_copy) {
            if (kept != i) {
                s->list[kept] = s->list[i];
            }
            kept++;
        }
    }
    s->count = kept;
}

enum err said_read(struct council *c, const struct uuid *record,
                   struct said *out)
{
    struct reading *k = mem_alloc(sizeof(*k));
    enum err err;

    memset(out, 0, offsetof(struct said, list));
    out->record = *record;
    if (k == NULL) {
        return ERR_NOMEM;
    }
    k->out = out;
    err = sdb_event_of_record(c->db, record, take_event, k);
    mem_free(k);
    if (err) {
        return err;
    }
    if (out->is_closed) {
        out->count = 0;
    }
    drop_copies(out);
    for (size_t i = 0; i < out->count; i++) { /* an answer is looked at again */
        const struct said_one *one = &out->list[i];

        if (one->op == OP_ANSWER && !one->is_peer && one->hlc > out->changed) {
            out->changed = one->hlc;
        }
    }
    return ERR_OK;
}

/* A colleague's question is answered by whom it was put to. */
static bool is_answer_to(const struct said_one *answer,
                         const struct said_one *ask)
{
    if (answer->op != OP_ANSWER || answer->hlc <= ask->hlc ||
        answer->is_peer != ask->is_peer) {
        return false;
    }
    return !ask->is_peer || (uuid_eq(&answer->officer, &ask->of) &&
                             uuid_eq(&answer->of, &ask->officer));
}

const struct said_one *said_answer(const struct said *s,
                                   const struct said_one *ask)
{
    const struct said_one *first = NULL;

    for (size_t i = 0; i < s->count; i++) {
        if (is_answer_to(&s->list[i], ask) &&
            (first == NULL || s->list[i].hlc < first->hlc)) {
            first = &s->list[i];
        }
    }
    return first;
}

bool said_is_open(const struct said *s, const struct said_one *ask)
{
    if (said_answer(s, ask) != NULL) {
        return false;
    }
    for (size_t i = 0; i < s->count && !ask->is_peer; i++) {
        if (s->list[i].op == OP_REVIEW && s->list[i].hlc > ask->hlc &&
            s->list[i].verdict == REVIEW_APPROVED) {
            return false;
        }
    }
    return true;
}

static void keep_newest(const struct said_one **kept,
                        const struct said_one *one)
{
    if (*kept == NULL || one->hlc > (*kept)->hlc) {
        *kept = one;
    }
}

enum said_mark said_mark(const struct said *s, const struct said_one **by_out)
{
    const struct said_one *asked = NULL, *answered = NULL, *approved = NULL;

    for (size_t i = 0; i < s->count; i++) {
        const struct said_one *one = &s->list[i];

        if (one->op == OP_REVIEW && one->verdict == REVIEW_APPROVED) {
            keep_newest(&approved, one);
        } else if (one->op == OP_ASK && !one->is_peer) {
            keep_newest(&asked, one);
        } else if (one->op == OP_ANSWER && !one->is_peer) {
            keep_newest(&answered, one);
        }
    }
    *by_out = asked;
    if (asked != NULL && said_is_open(s, asked)) {
        return SAID_ASKED;
    }
    if (approved != NULL && approved->seen >= s->changed) {
        *by_out = approved;
        return SAID_REVIEWED;
    }
    return answered != NULL ? SAID_ANSWERED : SAID_TO_LOOK_AT;
}
