/* ctl_conflict.c - records with two versions: list them, settle one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/id.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/records.h"
#include "core/tablet_conflict.h"
#include "ui/ctl/ctl.h"

#define WHY_MAX     2000
#define CHOICES_MAX 64
#define RECORDS_MAX 10000 /* more in conflict is a fault of its own */

/* --- list --- */

struct list {
    struct tablet *t;
    bool is_json;
    size_t records, shown, questions;
    struct uuid *ids; /* owned */
};

static void put_json(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            printf("\\%c", *text);
        } else if ((unsigned char)*text < 0x20) {
            printf("\\u%04x", (unsigned)*text);
        } else {
            putchar(*text);
        }
    }
    putchar('"');
}

static const char *side_text(const struct tablet_side *side, struct buf *out)
{
    switch (side->is) {
    case TABLET_SIDE_STRUCK:
        return "yes";
    case TABLET_SIDE_KEPT:
        return "no";
    case TABLET_SIDE_VALUE:
        break;
    }
    records_item(side->value, out);
    return buf_text(out);
}

static const char *side_where(const struct tablet_side *side)
{
    return side->is_here     ? "this tablet"
           : side->is_office ? "office"
                             : side->device_name;
}

static void put_side_json(const struct tablet_side *side, size_t number,
                          const char *text, const char *when)
{
    printf("%s{\"n\":%zu,\"value\":", number > 1 ? "," : "", number);
    put_json(text);
    printf(",\"officer\":");
    put_json(side->officer_name);
    printf(",\"device\":");
    put_json(side_where(side));
    printf(",\"made\":\"%s\",\"clock\":\"%s\"", when,
           side->gnss_ms != 0 ? "satellite" : "device");
    if (side->is != TABLET_SIDE_VALUE) {
        printf(",\"reason\":");
        put_json(side->reason);
    }
    putchar('}');
}

static void put_side(const struct list *l, const struct tablet_side *side,
                     size_t number)
{
    struct buf text;
    struct buf when;
    const char *words;

    buf_init(&text, BODY_MAX_BYTES * 2);
    buf_init(&when, 64);
    words = side_text(side, &text);
    records_time(side->gnss_ms != 0 ? side->gnss_ms : side->wall_ms, &when);
    if (l->is_json) {
        put_side_json(side, number, words, buf_text(&when));
    } else {
        printf("    #%zu %s\n       %s, %s, %s by %s clock\n", number, words,
               side->officer_name, side_where(side), buf_text(&when),
               side->gnss_ms != 0 ? "the satellites'" : "that device's");
    }
    buf_wipe(&text);
    buf_fini(&when);
}

static enum err put_question(void *ctx, const struct tablet_question *q)
{
    struct list *l = ctx;

    if (l->is_json) {
        printf("%s{\"field\":", l->questions > 0 ? "," : "");
        put_json(q->key);
        printf(",\"values\":[");
    } else {
        printf("  %s\n", q->key);
    }
    for (size_t i = 0; i < q->side_count; i++) {
        put_side(l, &q->sides[i], i + 1);
    }
    if (l->is_json) {
        printf("]}");
    }
    l->questions++;
    return ERR_OK;
}

static enum err look(void *ctx, const struct tablet_question *q)
{
    (void)ctx;
    (void)q;
    return ERR_STOPPED;
}

static enum err put_record(struct list *l, const struct uuid *id)
{
    struct tablet_conflict c;
    char text[UUID_TEXT_SIZE];
    enum err err;

    uuid_format(id, text);
    l->questions = 0;
    err = tablet_conflict(l->t, id, look, l, &c);
    if (err == ERR_DENIED) { /* of another author: theirs to settle */
        return ERR_OK;
    }
    if (l->is_json) {
        printf("%s{\"record\":\"%s\",\"fields\":[", l->shown > 0 ? "," : "",
               text);
    } else {
        puts(text);
    }
    l->shown++;
    err = tablet_conflict(l->t, id, put_question, l, &c);
    if (l->is_json) {
        printf("]}");
    }
    return err;
}

static enum err take_id(void *ctx, const struct tablet_item *item)
{
    struct list *l = ctx;

    if (item->tier == 2) { /* sealed: never merged */
        return ERR_OK;
    }
    l->ids[l->records++] = item->id;
    return ERR_OK;
}

static enum err list(struct list *l)
{
    const struct tablet_filter filter = { .with_children = true,
                                          .only_conflict = true,
                                          .max = RECORDS_MAX };
    enum err err = tablet_records(l->t, &filter, take_id, l);

    if (!err && l->is_json) {
        putchar('[');
    }
    for (size_t i = 0; i < l->records && !err; i++) {
        err = put_record(l, &l->ids[i]);
    }
    if (!err && l->is_json) {
        puts("]");
    } else if (!err && l->shown == 0) {
        puts("nothing is in conflict");
    }
    return err;
}

enum err ctl_conflicts(const struct ctl_args *args)
{
    struct list l = { .is_json = args->is_json };
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    l.t = session_tablet(s);
    l.ids = mem_array(RECORDS_MAX, sizeof(*l.ids));
    err = l.ids == NULL ? ERR_NOMEM : list(&l);
    if (err) {
        ctl_say("the list is not whole: %s", err_text(err));
    }
    mem_free(l.ids);
    session_close(s);
    return err;
}

/* --- settle --- */

/* What the words say, before it is known which fields there are. */
struct wish {
    char key[64];
    size_t side;      /* "key#2" */
    const char *text; /* "key=value" */
    bool is_found;
};

struct wishes {
    struct wish list[CHOICES_MAX];
    struct tablet_choice choices[CHOICES_MAX];
    size_t count, chosen;
};

static enum err read_wish(const char *word, struct wish *out)
{
    const size_t len = strcspn(word, "=#");
    char *end = NULL;

    if (len == 0 || len >= sizeof(out->key) || word[len] == '\0') {
        ctl_say("\"%s\" isn't field=value or field#number", word);
        return ERR_USAGE;
    }
    memcpy(out->key, word, len);
    if (word[len] == '=') {
        out->text = word + len + 1;
        return ERR_OK;
    }
    out->side = strtoul(word + len + 1, &end, 10);
    if (out->side == 0 || *end != '\0') {
        ctl_say("\"%s\": which value? field#1 is the first", word);
        return ERR_USAGE;
    }
    return ERR_OK;
}

/* struck=yes is the first strike, struck=no the first edit beside it. */
static size_t side_of_record(const struct tablet_question *q, const char *text)
{
    const enum tablet_side_is want =
        strcmp(text, "yes") == 0 ? TABLET_SIDE_STRUCK : TABLET_SIDE_KEPT;

    for (size_t i = 0; i < q->side_count; i++) {
        if (q->sides[i].is == want) {
            return i + 1;
        }
    }
    return 0;
}

static enum err match(void *ctx, const struct tablet_question *q)
{
    struct wishes *w = ctx;

    for (size_t i = 0; i < w->count; i++) {
        struct wish *wish = &w->list[i];
        struct tablet_choice *c = &w->choices[w->chosen];

        if (wish->is_found || strcmp(wish->key, q->key) != 0) {
            continue;
        }
        wish->is_found = true;
        *c = (struct tablet_choice){ q->field, wish->side, wish->text };
        if (q->field == CONFLICT_RECORD && wish->text != NULL) {
            c->side = side_of_record(q, wish->text);
        }
        w->chosen++;
    }
    return ERR_OK;
}

static enum err settle(struct tablet *t, const struct uuid *record,
                       struct wishes *w)
{
    struct tablet_conflict now;
    struct buf why;
    enum err err = tablet_conflict(t, record, match, w, &now);

    for (size_t i = 0; i < w->count && !err; i++) {
        if (!w->list[i].is_found) {
            ctl_say("%s is not in conflict there; see beatbookctl conflicts",
                    w->list[i].key);
            return ERR_NOT_FOUND;
        }
    }
    buf_init(&why, WHY_MAX);
    if (!err) {
        err =
            tablet_resolve(t, record, w->choices, w->chosen, &now.stamp, &why);
    }
    if (err) {
        ctl_say("nothing was settled: %s",
                why.len > 0 ? buf_text(&why) : err_text(err));
    }
    buf_fini(&why);
    return err;
}

enum err ctl_resolve(const struct ctl_args *args)
{
    struct wishes w = { .count = 0 };
    struct session *s = NULL;
    struct uuid record;
    enum err err = ERR_OK;

    if (args->word_count < 2 || args->word_count > CHOICES_MAX ||
        uuid_parse(args->words[0], &record)) {
        ctl_say("resolve RECORD field=value... or field#number...");
        return ERR_USAGE;
    }
    for (size_t i = 1; i < args->word_count && !err; i++) {
        err = read_wish(args->words[i], &w.list[w.count++]);
    }
    if (!err) {
        err = ctl_sign_in(args, &s);
    }
    if (!err) {
        err = settle(session_tablet(s), &record, &w);
    }
    session_close(s);
    return err;
}
