/*
 * page_signature.c - somebody's words with their signature: drawn from its
 * strokes, and checked against its hash and the officer's co-signature.
 */
#include <stdio.h>
#include <string.h>

#include "core/fields.h"
#include "core/mem.h"
#include "core/signed_words.h"
#include "core/strokes.h"
#include "sync-server/page_brief.h"
#include "sync-server/page_record.h"

#define NAME_SIZE 240

struct parts {
    struct bytes list[SIGNED_PARTS]; /* views into the merged record */
    struct hash hash;                /* that was signed */
    bool has_hash;
    struct bytes cose; /* data NULL: not co-signed */
};

static struct bytes inner(struct bytes value, bool is_bytes)
{
    const struct bytes none = { NULL, 0 };
    struct cbor_reader r;
    struct bytes out;

    if (value.data == NULL) {
        return none;
    }
    cbor_open_gated(&r, value);
    out = is_bytes ? cbor_get_bytes(&r) : cbor_get_text(&r);
    return r.err ? none : out;
}

static void read_parts(const struct merge_record *m, struct parts *out)
{
    const struct bytes hash = inner(page_record_value(m, SIGNED_HASH), true);

    memset(out, 0, sizeof(*out));
    for (int i = 0; i < SIGNED_PARTS; i++) {
        const uint64_t field = signed_words_field((enum signed_part)i);

        out->list[i] = inner(page_record_value(m, field), i == SIGNED_PART_INK);
    }
    out->has_hash = hash.len == sizeof(out->hash.bytes);
    if (out->has_hash) {
        memcpy(out->hash.bytes, hash.data, hash.len);
    }
    out->cose = inner(page_record_value(m, SIGN_COSE), true);
}

/* --- drawn --- */

static void put_points(const struct strokes *s, int from, int to,
                       struct buf *out)
{
    for (int i = from; i < to; i++) {
        buf_printf(out, "%s%d,%d", i > from ? " " : "", s->points[2 * i],
                   s->points[2 * i + 1]);
    }
    if (to == from + 1) { /* a dot is a line to itself */
        buf_printf(out, " %d,%d", s->points[2 * from], s->points[2 * from + 1]);
    }
}

static void put_strokes(const struct strokes *s, struct buf *out)
{
    for (int i = 0; i < s->stroke_count; i++) {
        const int end =
            i + 1 < s->stroke_count ? s->strokes[i + 1].first : s->point_count;
        struct buf points;

        buf_init(&points, STROKES_BYTES_MAX);
        put_points(s, s->strokes[i].first, end, &points);
        {
            const struct html_value values[] = { { "points",
                                                   buf_text(&points) } };

            page_put(out, "signature_stroke.html", values, ARRAY_LEN(values));
        }
        page_carry(out, &points);
        buf_wipe(&points);
    }
}

/* False where it is none that can be drawn. */
static bool put_ink(struct bytes ink, const char *who, struct buf *out)
{
    struct strokes *s = mem_alloc(sizeof(*s));
    const bool is_one = s != NULL && strokes_get(ink, s) == ERR_OK;
    struct buf lines;

    buf_init(&lines, SYNC_BODY_MAX_BYTES);
    if (is_one) {
        char width[16], height[16];
        struct html_value values[] = { { "who", who },
                                       { "width", width },
                                       { "height", height },
                                       { "raw_strokes", "" } };

        snprintf(width, sizeof(width), "%d", s->width);
        snprintf(height, sizeof(height), "%d", s->height);
        put_strokes(s, &lines);
        values[3].text = buf_text(&lines);
        page_put(out, "signature_ink.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &lines);
    buf_wipe(&lines);
    mem_free(s);
    return is_one;
}

/* --- how it was signed --- */

static void copy(struct bytes text, char *out, size_t size)
{
    snprintf(out, size, "%.*s",
             (int)(text.len < size - 1 ? text.len : size - 1),
             text.len > 0 ? (const char *)text.data : "");
}

static void put_how(const struct parts *p, bool is_drawn, char *out,
                    size_t size)
{
    char typed[200], why[32];

    copy(p->list[SIGNED_PART_TYPED], typed, sizeof(typed));
    copy(p->list[SIGNED_PART_WHY], why, sizeof(why));
    if (why[0] != '\0') {
        snprintf(out, size, "%s",
                 strcmp(why, "would-not") == 0 ? "Not signed: would not sign"
                                               : "Not signed: could not sign");
    } else if (typed[0] != '\0') {
        snprintf(out, size, "Signed by typing: %s", typed);
    } else if (p->list[SIGNED_PART_INK].len > 0) {
        snprintf(out, size, "%s",
                 is_drawn ? "Signed by finger"
                          : "Signed by finger, but the drawing can't be read");
    } else {
        snprintf(out, size, "Nothing was signed");
    }
}

/* --- what it is worth --- */

static bool fits(const struct parts *p)
{
    struct hash hash;

    return p->has_hash && signed_words_hash(p->list, &hash) == ERR_OK &&
           hash_eq(&hash, &p->hash);
}

/* Is one of the officer's keys, good at that time, the one that signed? */
static bool is_cosigned(const struct held_keys *keys,
                        const struct page_signed *s, const struct parts *p,
                        bool *has_key_out)
{
    *has_key_out = false;
    for (size_t i = 0; i < keys->count; i++) {
        const struct held_key *k = &keys->list[i];

        if (k->is_seal || !uuid_eq(&k->owner, &s->officer) ||
            k->revoked <= s->position) {
            continue;
        }
        *has_key_out = true;
        if (signed_words_check(p->cose, &k->pub, &p->hash) == ERR_OK) {
            return true;
        }
    }
    return false;
}

static void put_worth(struct council *c, const struct held_keys *keys,
                      const struct page_signed *s, const struct parts *p,
                      struct buf *out)
{
    char officer[160], text[NAME_SIZE];
    const bool is_whole = fits(p);
    bool has_key = false;
    bool holds = false;

    page_put_tag(out, is_whole ? "green" : "red",
                 is_whole ? "The words are those that were signed"
                          : "The words are not those that were signed");
    if (p->cose.data == NULL) {
        page_put_tag(out, "grey", "Not co-signed by the officer");
        return;
    }
    page_officer(c, &s->officer, officer, sizeof(officer));
    holds = p->has_hash && is_cosigned(keys, s, p, &has_key);
    snprintf(text, sizeof(text), "%s %s",
             holds     ? "Co-signature holds:"
             : has_key ? "Co-signature does not hold:"
                       : "Co-signed, but no key is known here of",
             officer);
    page_put_tag(out, holds ? "green" : has_key ? "red" : "yellow", text);
}

enum err page_put_signature(struct council *c, const struct held_keys *keys,
                            const struct page_signed *s, struct buf *out)
{
    const int64_t at_ms = page_record_int(s->merged, SIGNED_AT_MS);
    char who[NAME_SIZE], at[40] = "", how[300];
    struct buf words, ink, worth;
    struct parts p;
    bool is_drawn;

    buf_init(&words, TEXT_MAX_BYTES + 1);
    buf_init(&ink, SYNC_BODY_MAX_BYTES);
    buf_init(&worth, 8192);
    read_parts(s->merged, &p);
    copy(p.list[SIGNED_PART_WHO], who, sizeof(who));
    if (who[0] == '\0') {
        snprintf(who, sizeof(who), "somebody who isn't named");
    }
    buf_put(&words, p.list[SIGNED_PART_WORDS].data,
            p.list[SIGNED_PART_WORDS].len);
    is_drawn = p.list[SIGNED_PART_INK].len > 0 &&
               put_ink(p.list[SIGNED_PART_INK], who, &ink);
    put_how(&p, is_drawn, how, sizeof(how));
    put_worth(c, keys, s, &p, &worth);
    if (at_ms > 0) {
        page_time(at_ms, at, sizeof(at));
    }
    {
        const struct html_value values[] = {
            { "who", who },
            { "words", words.len > 0 ? buf_text(&words) : "(no words)" },
            { "how", how },
            { "at", at },
            { "utc", at_ms > 0 ? " UTC" : "" },
            { "raw_ink", buf_text(&ink) },
            { "raw_worth", buf_text(&worth) },
        };

        page_put(out, "signature.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &words);
    page_carry(out, &ink);
    page_carry(out, &worth);
    buf_wipe(&words);
    buf_wipe(&ink);
    buf_fini(&worth);
    return out->err;
}
