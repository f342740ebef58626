/*
 * cbor_gate.c - libcbor's streaming decoder under our rules. libcbor says
 * what each head is; sizes, order, depth and spelling are judged here, and
 * nothing is allocated, so a hostile input costs no more than its length.
 */
#include "core/cbor_gate.h"

#include <string.h>

#include <cbor.h>

#include "core/limits.h"

/*
 * Tags 0 to 23 stand in one byte. libcbor up to 0.8 calls most of them an
 * error, those of COSE_Sign1 and COSE_Encrypt0 among them, so they are the
 * one head that is not read by it.
 */
#define SHORT_TAG_FIRST 0xc0
#define SHORT_TAG_LAST  0xd7

/* What one head turned out to be. */
enum head_kind {
    HEAD_REFUSED, /* floats, undefined, breaks, indefinite lengths */
    HEAD_NUMBER,  /* integers */
    HEAD_SIMPLE,  /* true, false, null */
    HEAD_BYTES,
    HEAD_TEXT,
    HEAD_ARRAY,
    HEAD_MAP,
    HEAD_TAG
};

struct head {
    enum head_kind kind;
    uint64_t value; /* number, count of items or pairs, tag */
    struct bytes text;
};

/* One open array, map or tag. */
struct level {
    bool is_map;
    uint64_t left;   /* items still to come, keys and values alike */
    size_t child_at; /* where the item that is being read starts */
    struct bytes last_key;
};

struct gate {
    struct bytes in;
    size_t at;
    uint64_t owed; /* items that open levels still claim, all together */
    size_t depth;
    struct level levels[CBOR_DEPTH_MAX];
};

static void on_u8(void *ctx, uint8_t value)
{
    *(struct head *)ctx = (struct head){ HEAD_NUMBER, value, { 0 } };
}

static void on_u16(void *ctx, uint16_t value)
{
    *(struct head *)ctx = (struct head){ HEAD_NUMBER, value, { 0 } };
}

static void on_u32(void *ctx, uint32_t value)
{
    *(struct head *)ctx = (struct head){ HEAD_NUMBER, value, { 0 } };
}

static void on_u64(void *ctx, uint64_t value)
{
    *(struct head *)ctx = (struct head){ HEAD_NUMBER, value, { 0 } };
}

static void on_bytes(void *ctx, cbor_data data, size_t len)
{
    *(struct head *)ctx = (struct head){ HEAD_BYTES, len, { data, len } };
}

static void on_text(void *ctx, cbor_data data, size_t len)
{
    *(struct head *)ctx = (struct head){ HEAD_TEXT, len, { data, len } };
}

static void on_array(void *ctx, size_t count)
{
    *(struct head *)ctx = (struct head){ HEAD_ARRAY, count, { 0 } };
}

static void on_map(void *ctx, size_t count)
{
    *(struct head *)ctx = (struct head){ HEAD_MAP, count, { 0 } };
}

static void on_tag(void *ctx, uint64_t tag)
{
    *(struct head *)ctx = (struct head){ HEAD_TAG, tag, { 0 } };
}

static void on_bool(void *ctx, bool value)
{
    *(struct head *)ctx = (struct head){ HEAD_SIMPLE, value, { 0 } };
}

static void on_null(void *ctx)
{
    *(struct head *)ctx = (struct head){ HEAD_SIMPLE, 0, { 0 } };
}

static void refuse(void *ctx)
{
    ((struct head *)ctx)->kind = HEAD_REFUSED;
}

static void refuse_float(void *ctx, float value)
{
    (void)value;
    refuse(ctx);
}

static void refuse_double(void *ctx, double value)
{
    (void)value;
    refuse(ctx);
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_u8,
    .uint16 = on_u16,
    .uint32 = on_u32,
    .uint64 = on_u64,
    .negint8 = on_u8,
    .negint16 = on_u16,
    .negint32 = on_u32,
    .negint64 = on_u64,
    .byte_string = on_bytes,
    .byte_string_start = refuse,
    .string = on_text,
    .string_start = refuse,
    .array_start = on_array,
    .indef_array_start = refuse,
    .map_start = on_map,
    .indef_map_start = refuse,
    .tag = on_tag,
    .float2 = refuse_float,
    .float4 = refuse_float,
    .float8 = refuse_double,
    .undefined = refuse,
    .null = on_null,
    .boolean = on_bool,
    .indef_break = refuse,
};

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
static bool is_utf8(struct bytes text)
{
    const uint8_t *at = text.data;
    const uint8_t *end = at + text.len;

    while (at < end) {
        uint32_t point = *at;
        size_t more;

        if (point < 0x80) {
            at++;
            continue;
        }
        more = point >= 0xf0 ? 3 : point >= 0xe0 ? 2 : 1;
        if (point < 0xc2 || point > 0xf4 || (size_t)(end - at) <= more) {
            return false;
        }
        point &= 0x3fu >> more;
        for (size_t i = 1; i <= more; i++) {
            if ((at[i] & 0xc0) != 0x80) {
                return false;
            }
            point = point << 6 | (at[i] & 0x3fu);
        }
        if ((more == 2 && point < 0x800) || (more == 3 && point < 0x10000) ||
            (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
            return false;
        }
        at += more + 1;
    }
    return true;
}

/* RFC 8949 section 4.2.1: the argument stands in the fewest bytes. */
static bool is_shortest(uint8_t first, uint64_t value)
{
    switch (first & 0x1f) {
    case 24:
        return value >= 24;
    case 25:
        return value > UINT8_MAX;
    case 26:
        return value > UINT16_MAX;
    case 27:
        return value > UINT32_MAX;
    default:
        return true; /* in the first byte itself */
    }
}

static bool is_cose_tag(uint64_t tag)
{
    return tag == 16 || tag == 18 || tag == 96 || tag == 98;
}

/* Read one head, with its string; false when it breaks a rule. */
static bool read_head(struct gate *g, struct head *head_out)
{
    const uint8_t *at = g->in.data + g->at;
    struct cbor_decoder_result result;

    if (*at >= SHORT_TAG_FIRST && *at <= SHORT_TAG_LAST) {
        on_tag(head_out, *at - SHORT_TAG_FIRST);
        g->at++;
        return true;
    }
    head_out->kind = HEAD_REFUSED;
    result = cbor_stream_decode(at, g->in.len - g->at, &callbacks, head_out);
    if (result.status != CBOR_DECODER_FINISHED ||
        head_out->kind == HEAD_REFUSED) {
        return false;
    }
    if (head_out->kind != HEAD_SIMPLE && !is_shortest(*at, head_out->value)) {
        return false;
    }
    g->at += result.read;
    return true;
}

/* The items of a new level are to come; false when they can't. */
static bool open_level(struct gate *g, bool is_map, uint64_t count)
{
    const uint64_t left_bytes = g->in.len - g->at;

    if (g->depth == CBOR_DEPTH_MAX ||
        count > (is_map ? left_bytes / 2 : left_bytes)) {
        return false;
    }
    count = is_map ? 2 * count : count;
    g->owed += count;
    if (g->owed > left_bytes) {
        return false; /* no item is shorter than one byte */
    }
    if (count > 0) {
        g->levels[g->depth++] = (struct level){ .is_map = is_map,
                                                .left = count,
                                                .child_at = g->at };
    }
    return true;
}

/* A key has ended at g->at: it must sort after the one before it. */
static bool key_is_in_order(struct gate *g, struct level *map)
{
    const struct bytes key = { g->in.data + map->child_at,
                               g->at - map->child_at };
    const struct bytes last = map->last_key;
    int order = -1;

    if (last.len > 0) {
        /* No item begins with another one: none is equal but in whole. */
        order = memcmp(last.data, key.data,
                       last.len < key.len ? last.len : key.len);
    }
    map->last_key = key;
    return order < 0;
}

/* An item has ended: count it in its level, and the levels that end so. */
static bool end_item(struct gate *g)
{
    while (g->depth > 0) {
        struct level *level = &g->levels[g->depth - 1];

        if (level->is_map && level->left % 2 == 0 &&
            !key_is_in_order(g, level)) {
            return false;
        }
        level->left--;
        level->child_at = g->at;
        if (level->left > 0) {
            return true;
        }
        g->depth--;
    }
    return true;
}

/* One head and what follows from it; false when it breaks a rule. */
static bool step(struct gate *g)
{
    const size_t depth = g->depth;
    struct head head;

    if (!read_head(g, &head)) {
        return false;
    }
    g->owed--;
    switch (head.kind) {
    case HEAD_TEXT:
        if (!is_utf8(head.text)) {
            return false;
        }
        break;
    case HEAD_TAG:
        if (!is_cose_tag(head.value) || !open_level(g, false, 1)) {
            return false;
        }
        break;
    case HEAD_ARRAY:
    case HEAD_MAP:
        if (!open_level(g, head.kind == HEAD_MAP, head.value)) {
            return false;
        }
        break;
    default:
        break;
    }
    return g->depth > depth || end_item(g);
}

/* `*at_out` is where the item ends, or where the one that is wrong starts. */
static enum err run(struct bytes in, size_t *at_out)
{
    struct gate g = { .in = in, .owed = 1 };

    do {
        *at_out = g.at;
        if (g.at == in.len || !step(&g)) {
            return ERR_BAD_DATA;
        }
    } while (g.depth > 0);
    *at_out = g.at;
    return ERR_OK;
}

enum err cbor_gate_first(struct bytes in, size_t *used_out)
{
    return run(in, used_out);
}

enum err cbor_gate(struct bytes in, size_t *at_out)
{
    size_t at;
    enum err err = run(in, &at);

    if (!err && at != in.len) {
        err = ERR_BAD_DATA; /* something follows */
    }
    if (err && at_out != NULL) {
        *at_out = at;
    }
    return err;
}
