/*
 * world_merge.c - the merge, done again by a few lines that share nothing
 * with core/merge.c: a value stands until an applied entry of the same
 * record names it as replaced. What a tablet shows must be that (I16).
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/store_internal.h"
#include "tests/sim/world.h"

struct merge_check {
    struct world *w;
    struct world_tablet *tablet;
    bool is_here[WORLD_FACTS_MAX]; /* applied on this tablet */
    bool is_replaced[WORLD_FACTS_MAX];
    bool is_odd[WORLD_FACTS_MAX]; /* its number was used twice: a clone's */
};

uint64_t world_token(struct bytes body)
{
    struct body_view *view = malloc(sizeof(*view));
    const struct body_field_view *f;
    uint64_t token = 0;
    char text[17] = "";

    if (view != NULL && body.data != NULL && !body_parse(body, view)) {
        f = body_find(view, FIELD_NOTE);
        /* a text of 21 bytes: head 0x75, then "fact-" and 16 digits */
        if (f != NULL && f->value.len == 22) {
            memcpy(text, f->value.data + 6, 16);
            token = strtoull(text, NULL, 16);
        }
    }
    free(view);
    return token;
}

static enum err see_here(void *ctx, const struct evlog_event *e)
{
    struct merge_check *c = ctx;
    uint64_t token = world_read(c->tablet, e->header, e->body);

    for (size_t i = 0; token != 0 && i < c->w->fact_count; i++) {
        c->is_here[i] |= c->w->facts[i].token == token;
    }
    return ERR_OK;
}

static void mark(struct merge_check *c)
{
    const struct world_fact *facts = c->w->facts;

    for (size_t i = 0; i < c->w->fact_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (facts[i].ref.sequence != 0 &&
                facts[i].ref.sequence == facts[k].ref.sequence &&
                uuid_eq(&facts[i].ref.incarnation, &facts[k].ref.incarnation)) {
                c->is_odd[i] = c->is_odd[k] = true;
            }
        }
        for (size_t n = 0; n < facts[i].base_count && c->is_here[i]; n++) {
            if (!facts[i].is_silent) {
                c->is_replaced[facts[i].bases[n]] = true;
            }
        }
    }
}

/* The rows of the note that the tablet shows: tokens, 0 for a strike. */
static size_t shown(struct merge_check *c, const struct uuid *record,
                    uint64_t *out, size_t max)
{
    static const char sql[] = "SELECT f.value FROM field f JOIN record r"
                              " ON r.id = f.record WHERE r.record = ?1"
                              " AND f.field = ?2";
    sqlite3_stmt *st = NULL;
    size_t count = 0;

    WORLD_ASSERT(c->w, !store_statement(c->tablet->store, sql, &st));
    sqlite3_bind_blob(st, 1, record->bytes, 16, SQLITE_STATIC);
    sqlite3_bind_int(st, 2, FIELD_NOTE);
    while (sqlite3_step(st) == SQLITE_ROW && count < max) {
        const uint8_t *value = sqlite3_column_blob(st, 0);
        char text[17] = "";

        if (value != NULL && sqlite3_column_bytes(st, 0) == 22) {
            memcpy(text, value + 6, 16);
        }
        out[count++] = strtoull(text, NULL, 16);
    }
    sqlite3_reset(st);
    return count;
}

static bool is_among(uint64_t token, const uint64_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == token) {
            return true;
        }
    }
    return false;
}

#define SHOWN_MAX 64

static enum err tell_event(void *ctx, const struct evlog_event *e)
{
    const struct uuid *record = ctx;
    struct event_header h;

    if (!event_header_parse(e->header, &h) && uuid_eq(&h.record, record)) {
        fprintf(stderr, "  held: %016llx as %02x%02x:%llu",
                (unsigned long long)world_token(e->body),
                e->ref.incarnation.bytes[0], e->ref.incarnation.bytes[1],
                (unsigned long long)e->ref.sequence);
        for (size_t i = 0; i < h.former.count; i++) {
            fprintf(stderr, ", stood at %02x%02x:%llu",
                    h.former.at[i].incarnation.bytes[0],
                    h.former.at[i].incarnation.bytes[1],
                    (unsigned long long)h.former.at[i].sequence);
        }
        fputc('\n', stderr);
    }
    return ERR_OK;
}

/* For whoever replays it. */
static void tell(const struct merge_check *c, const struct uuid *record)
{
    struct uuid copy = *record;
    const struct world_fact *facts = c->w->facts;

    for (size_t i = 0; i < c->w->fact_count; i++) {
        if (uuid_eq(&facts[i].record, record)) {
            fprintf(stderr,
                    "  %zu of tablet %u: %016llx as %02x%02x:%llu%s%s%s%s;"
                    " replaces",
                    i, facts[i].tablet, (unsigned long long)facts[i].token,
                    facts[i].ref.incarnation.bytes[0],
                    facts[i].ref.incarnation.bytes[1],
                    (unsigned long long)facts[i].ref.sequence,
                    facts[i].is_strike ? ", strike" : "",
                    facts[i].is_silent ? ", silent" : "",
                    c->is_here[i] ? ", here" : "",
                    c->is_replaced[i] ? ", replaced" : "");
            for (size_t n = 0; n < facts[i].base_count; n++) {
                fprintf(stderr, " %u", facts[i].bases[n]);
            }
            fputc('\n', stderr);
        }
    }
    if (evlog_all(c->tablet->log, tell_event, &copy)) {
        fputs("  the log cannot be read\n", stderr);
    }
}

/* True when an entry here names one that isn't applied here: whether that is
 * known, refused or lost decides what it takes along. */
static bool names_absent(const struct merge_check *c, size_t i)
{
    const struct world_fact *f = &c->w->facts[i];

    for (size_t n = 0; n < f->base_count && c->is_here[i]; n++) {
        if (!c->is_here[f->bases[n]]) {
            return true;
        }
    }
    return false;
}

/* --- what a salvage leaves out --- */

#define PLACES_MAX 256

/* Places of one record's entries, and those that their notes replace. */
struct naming {
    const struct uuid *record;
    struct event_ref held[PLACES_MAX], named[PLACES_MAX];
    size_t held_count, named_count;
};

static void add_bases(struct naming *n, const struct event_header *h,
                      struct bytes body)
{
    struct body_view *view = malloc(sizeof(*view));
    const struct body_field_view *f = NULL;
    struct event_ref refs[BODY_BASES_MAX];
    size_t count = 0;

    if (view != NULL && body.data != NULL && !body_parse(body, view)) {
        f = body_find(view, FIELD_NOTE);
    }
    if (f != NULL && body_bases(f, &h->incarnation, refs, &count)) {
        count = 0;
    }
    for (size_t i = 0; i < count && n->named_count < PLACES_MAX; i++) {
        n->named[n->named_count++] = refs[i];
    }
    free(view);
}

static enum err see_naming(void *ctx, const struct evlog_event *e)
{
    struct naming *n = ctx;
    struct event_header h;

    if (event_header_parse(e->header, &h) || !uuid_eq(&h.record, n->record)) {
        return ERR_OK;
    }
    if (n->held_count < PLACES_MAX) {
        n->held[n->held_count++] = e->ref;
    }
    for (size_t i = 0; i < h.former.count && n->held_count < PLACES_MAX; i++) {
        n->held[n->held_count++] = h.former.at[i];
    }
    add_bases(n, &h, e->body);
    return ERR_OK;
}

static bool is_held(const struct naming *n, const struct event_ref *ref)
{
    for (size_t i = 0; i < n->held_count; i++) {
        if (n->held[i].sequence == ref->sequence &&
            uuid_eq(&n->held[i].incarnation, &ref->incarnation)) {
            return true;
        }
    }
    return false;
}

/*
 * A store that was damaged gets back what the server's window of 35 days has.
 * Where the first of an entry's places could be read and its copy was older
 * than that, what replaces it names the copy, which is not held: both stand
 * side by side, and the record is marked so.
 */
static bool names_unheld(const struct merge_check *c, const struct uuid *record)
{
    struct naming *n;
    bool is_unheld = false;

    if (c->tablet->files == 0) {
        return false; /* it was never salvaged */
    }
    n = calloc(1, sizeof(*n));
    WORLD_ASSERT(c->w, n != NULL);
    n->record = record;
    WORLD_ASSERT(c->w, !evlog_all(c->tablet->log, see_naming, n));
    for (size_t i = 0; i < n->named_count; i++) {
        is_unheld |= !is_held(n, &n->named[i]);
    }
    free(n);
    return is_unheld;
}

/* All that must stand stands, and nothing else. */
static bool holds(struct merge_check *c, const struct uuid *record)
{
    const struct world_fact *facts = c->w->facts;
    uint64_t list[SHOWN_MAX];
    size_t count, want = 0;
    bool is_ok = true;

    for (size_t i = 0; i < c->w->fact_count; i++) {
        if (uuid_eq(&facts[i].record, record) &&
            (c->is_odd[i] || facts[i].is_refused || names_absent(c, i))) {
            return true; /* not for these few lines to say */
        }
    }
    if (names_unheld(c, record)) {
        return true;
    }
    count = shown(c, record, list, SHOWN_MAX);
    for (size_t i = 0; i < c->w->fact_count; i++) {
        if (uuid_eq(&facts[i].record, record) && c->is_here[i] &&
            !c->is_replaced[i] && !facts[i].is_silent) {
            want++;
            is_ok &=
                is_among(facts[i].is_strike ? 0 : facts[i].token, list, count);
        }
    }
    if (!is_ok || want != count) {
        tell(c, record);
        for (size_t i = 0; i < count; i++) {
            fprintf(stderr, "  shown: %016llx\n", (unsigned long long)list[i]);
        }
    }
    return is_ok && want == count;
}

bool world_merge_holds(struct world *w, unsigned tablet, size_t *fact_out)
{
    struct merge_check *c = calloc(1, sizeof(*c));
    bool is_ok = true;

    WORLD_ASSERT(w, c != NULL);
    c->w = w;
    c->tablet = &w->tablets[tablet];
    WORLD_ASSERT(w, !evlog_all(c->tablet->log, see_here, c));
    mark(c);
    for (size_t i = 0; i < w->fact_count && is_ok; i++) {
        /* once for each record: at its first entry */
        if (w->facts[i].is_first && !holds(c, &w->facts[i].record)) {
            *fact_out = i;
            is_ok = false;
        }
    }
    free(c);
    return is_ok;
}
