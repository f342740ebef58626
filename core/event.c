#include "core/event.h"

#include <string.h>

#include "core/cbor.h"
#include "core/cose.h"

#define SEAL_AAD       "beatbook/seal/1"
#define SEAL_MAX_BYTES 256 /* the payload has 88 */

enum header_key {
    KEY_ENVELOPE = 1,
    KEY_DEVICE,
    KEY_INCARNATION,
    KEY_SEQUENCE,
    KEY_HLC,
    KEY_WALL,
    KEY_MONO,
    KEY_BOOT,
    KEY_UTC_OFFSET,
    KEY_ZONE,
    KEY_GNSS,
    KEY_OFFICER,
    KEY_RECORD,
    KEY_KIND,
    KEY_KIND_VERSION,
    KEY_OP,
    KEY_FORM,
    KEY_FORM_VERSION,
    KEY_COMMITMENT,
    KEY_BLOBS,
    KEY_REPEATS,
    KEY_EARLIER,
    KEY__COUNT
}; /* stored and signed: append only */

#define BIT(key) (1u << (key))
/* Present in each header that we can read. */
#define KEYS_ALWAYS                                                          \
    (BIT(KEY_ENVELOPE) | BIT(KEY_DEVICE) | BIT(KEY_INCARNATION) |            \
     BIT(KEY_SEQUENCE) | BIT(KEY_HLC) | BIT(KEY_WALL) | BIT(KEY_MONO) |      \
     BIT(KEY_BOOT) | BIT(KEY_UTC_OFFSET) | BIT(KEY_RECORD) | BIT(KEY_KIND) | \
     BIT(KEY_KIND_VERSION) | BIT(KEY_OP) | BIT(KEY_COMMITMENT))
/* Present in each header of any envelope. */
#define KEYS_EVER                                                         \
    (BIT(KEY_ENVELOPE) | BIT(KEY_DEVICE) | BIT(KEY_INCARNATION) |         \
     BIT(KEY_SEQUENCE) | BIT(KEY_HLC) | BIT(KEY_RECORD) | BIT(KEY_KIND) | \
     BIT(KEY_OP) | BIT(KEY_COMMITMENT))

#define UTC_OFFSET_MAX_MIN (18 * 60) /* ISO 8601 zones end at 14 hours */

const char *event_op_word(uint64_t op)
{
    switch (op) {
#define X(num, NAME, word) \
    case num:              \
        return word;
        EVENT_OPS(X)
#undef X
    default:
        return NULL;
    }
}

const char *event_kind_word(uint64_t kind)
{
    switch (kind) {
#define X(num, NAME, word) \
    case num:              \
        return word;
        EVENT_KINDS(X)
#undef X
    default:
        return NULL;
    }
}

/* --- header --- */

static void put_clocks(struct buf *out, const struct event_header *h)
{
    cbor_put_uint(out, KEY_HLC);
    cbor_put_uint(out, h->hlc);
    cbor_put_uint(out, KEY_WALL);
    cbor_put_int(out, h->wall_ms);
    cbor_put_uint(out, KEY_MONO);
    cbor_put_uint(out, h->mono_ms);
    cbor_put_uint(out, KEY_BOOT);
    cbor_put_uuid(out, &h->boot);
    cbor_put_uint(out, KEY_UTC_OFFSET);
    cbor_put_int(out, h->utc_offset_min);
    if (h->zone[0] != '\0') {
        cbor_put_uint(out, KEY_ZONE);
        cbor_put_str(out, h->zone);
    }
    if (h->has_gnss) {
        cbor_put_uint(out, KEY_GNSS);
        cbor_put_int(out, h->gnss_ms);
    }
}

static void put_what(struct buf *out, const struct event_header *h)
{
    if (!uuid_is_zero(&h->officer)) {
        cbor_put_uint(out, KEY_OFFICER);
        cbor_put_uuid(out, &h->officer);
    }
    cbor_put_uint(out, KEY_RECORD);
    cbor_put_uuid(out, &h->record);
    cbor_put_uint(out, KEY_KIND);
    cbor_put_uint(out, h->kind);
    cbor_put_uint(out, KEY_KIND_VERSION);
    cbor_put_uint(out, h->kind_version);
    cbor_put_uint(out, KEY_OP);
    cbor_put_uint(out, h->op);
    if (h->form[0] != '\0') {
        cbor_put_uint(out, KEY_FORM);
        cbor_put_str(out, h->form);
        cbor_put_uint(out, KEY_FORM_VERSION);
        cbor_put_uint(out, h->form_version);
    }
}

static void put_ref(struct buf *out, const struct event_ref *ref)
{
    cbor_put_array(out, 2);
    cbor_put_uuid(out, &ref->incarnation);
    cbor_put_uint(out, ref->sequence);
}

/* The place that it repeats, then those before it, oldest first. */
static void put_former(struct buf *out, const struct event_places *p)
{
    if (p->count == 0) {
        return;
    }
    cbor_put_uint(out, KEY_REPEATS);
    put_ref(out, &p->at[p->count - 1]);
    if (p->count > 1) {
        cbor_put_uint(out, KEY_EARLIER);
        cbor_put_array(out, p->count - 1);
        for (size_t i = 0; i + 1 < p->count; i++) {
            put_ref(out, &p->at[i]);
        }
    }
}

enum err event_header_put(struct buf *out, const struct event_header *h)
{
    const size_t count = (size_t)14 + (h->zone[0] != '\0') + h->has_gnss +
                         !uuid_is_zero(&h->officer) +
                         (h->form[0] != '\0' ? 2u : 0u) + (h->blob_count > 0) +
                         (h->former.count > 0) + (h->former.count > 1);

    ASSERT(h->blob_count <= HEADER_BLOBS_MAX);
    ASSERT(h->former.count <= EVENT_PLACES_MAX);
    cbor_put_map(out, count);
    cbor_put_uint(out, KEY_ENVELOPE);
    cbor_put_uint(out, h->envelope);
    cbor_put_uint(out, KEY_DEVICE);
    cbor_put_uuid(out, &h->device);
    cbor_put_uint(out, KEY_INCARNATION);
    cbor_put_uuid(out, &h->incarnation);
    cbor_put_uint(out, KEY_SEQUENCE);
    cbor_put_uint(out, h->sequence);
    put_clocks(out, h);
    put_what(out, h);
    cbor_put_uint(out, KEY_COMMITMENT);
    cbor_put_hash(out, &h->commitment);
    if (h->blob_count > 0) {
        cbor_put_uint(out, KEY_BLOBS);
        cbor_put_array(out, h->blob_count);
        for (size_t i = 0; i < h->blob_count; i++) {
            cbor_put_hash(out, &h->blobs[i]);
        }
    }
    put_former(out, &h->former);
    return out->err; /* never longer than HEADER_MAX_BYTES: limits.h */
}

/* A text of 1..size-1 bytes without NUL, copied with a NUL. */
static void get_short_text(struct cbor_reader *r, char *out, size_t size)
{
    const struct bytes text = cbor_get_text(r);

    if (text.len == 0 || text.len >= size ||
        memchr(text.data, '\0', text.len) != NULL) {
        r->err = ERR_BAD_DATA;
        return;
    }
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
}

static void get_blobs(struct cbor_reader *r, struct event_header *h)
{
    const size_t count = cbor_get_array(r);

    if (count == 0 || count > HEADER_BLOBS_MAX) {
        r->err = ERR_BAD_DATA;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        cbor_get_hash(r, &h->blobs[i]);
        if (i > 0 && memcmp(h->blobs[i - 1].bytes, h->blobs[i].bytes,
                            sizeof(h->blobs[i].bytes)) >= 0) {
            r->err = ERR_BAD_DATA;
        }
    }
    h->blob_count = count;
}

static void get_ref(struct cbor_reader *r, struct event_ref *ref)
{
    if (cbor_get_array(r) != 2) {
        r->err = ERR_BAD_DATA;
    }
    cbor_get_uuid(r, &ref->incarnation);
    ref->sequence = cbor_get_uint_max(r, INT64_MAX);
    if (ref->sequence == 0) {
        r->err = ERR_BAD_DATA;
    }
}

/* Read after the place that it repeats, as keys ascend; that stays last. */
static void get_earlier(struct cbor_reader *r, struct event_places *p)
{
    const size_t count = cbor_get_array(r);

    if (p->count != 1 || count == 0 || count >= EVENT_PLACES_MAX) {
        r->err = ERR_BAD_DATA;
        return;
    }
    p->at[count] = p->at[0];
    for (size_t i = 0; i < count; i++) {
        get_ref(r, &p->at[i]);
    }
    p->count = count + 1;
}

static void get_who(struct cbor_reader *r, uint64_t key, struct event_header *h)
{
    switch (key) {
    case KEY_DEVICE:
        cbor_get_uuid(r, &h->device);
        break;
    case KEY_INCARNATION:
        cbor_get_uuid(r, &h->incarnation);
        break;
    case KEY_SEQUENCE:
        h->sequence = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_RECORD:
        cbor_get_uuid(r, &h->record);
        break;
    case KEY_HLC:
        h->hlc = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_KIND:
        h->kind = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_OP:
        h->op = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_COMMITMENT:
        cbor_get_hash(r, &h->commitment);
        break;
    default:
        cbor_skip(r);
    }
}

static void get_field(struct cbor_reader *r, uint64_t key,
                      struct event_header *h)
{
    switch (key) {
    case KEY_WALL:
        h->wall_ms = cbor_get_int(r);
        break;
    case KEY_MONO:
        h->mono_ms = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_BOOT:
        cbor_get_uuid(r, &h->boot);
        break;
    case KEY_UTC_OFFSET:
        h->utc_offset_min = cbor_get_int(r);
        break;
    case KEY_ZONE:
        get_short_text(r, h->zone, sizeof(h->zone));
        break;
    case KEY_GNSS:
        h->has_gnss = true;
        h->gnss_ms = cbor_get_int(r);
        break;
    case KEY_OFFICER:
        cbor_get_uuid(r, &h->officer);
        break;
    case KEY_KIND_VERSION:
        h->kind_version = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_FORM:
        get_short_text(r, h->form, sizeof(h->form));
        break;
    case KEY_FORM_VERSION:
        h->form_version = cbor_get_uint_max(r, INT64_MAX);
        break;
    case KEY_BLOBS:
        get_blobs(r, h);
        break;
    case KEY_REPEATS:
        h->former.count = 1;
        get_ref(r, &h->former.at[0]);
        break;
    case KEY_EARLIER:
        get_earlier(r, &h->former);
        break;
    default:
        get_who(r, key, h);
    }
}

/* Everything has one spelling: what is none must be absent. */
static bool is_complete(const struct event_header *h, unsigned seen)
{
    if ((seen & KEYS_ALWAYS) != KEYS_ALWAYS || h->sequence == 0) {
        return false;
    }
    if ((seen & BIT(KEY_OFFICER)) != 0 && uuid_is_zero(&h->officer)) {
        return false;
    }
    if (((seen & BIT(KEY_FORM)) != 0) !=
        ((seen & BIT(KEY_FORM_VERSION)) != 0)) {
        return false;
    }
    return h->utc_offset_min >= -UTC_OFFSET_MAX_MIN &&
           h->utc_offset_min <= UTC_OFFSET_MAX_MIN;
}

enum err event_header_parse(struct bytes in, struct event_header *h)
{
    struct cbor_reader r;
    unsigned seen = 0;
    size_t count;

    memset(h, 0, sizeof(*h));
    if (in.len > HEADER_MAX_BYTES) {
        return ERR_BAD_DATA;
    }
    cbor_open(&r, in);
    count = cbor_get_map(&r);
    for (; count > 0 && !r.err; count--) {
        const uint64_t key = cbor_get_uint(&r);

        if (key < KEY__COUNT) {
            seen |= BIT(key);
        }
        if (key == KEY_ENVELOPE) { /* the first, as keys ascend */
            h->envelope = cbor_get_uint_max(&r, INT64_MAX);
        } else if (h->envelope == EVENT_ENVELOPE) {
            get_field(&r, key, h);
        } else {
            get_who(&r, key, h);
        }
    }
    if (cbor_close(&r) || (seen & KEYS_EVER) != KEYS_EVER) {
        return ERR_BAD_DATA;
    }
    if (h->envelope != EVENT_ENVELOPE) {
        return h->envelope == 0 || h->sequence == 0 ? ERR_BAD_DATA : ERR_NEWER;
    }
    return is_complete(h, seen) ? ERR_OK : ERR_BAD_DATA;
}

/* --- commitment, link --- */

void event_commit(const uint8_t salt[EVENT_SALT_SIZE], struct bytes body,
                  struct hash *out)
{
    crypto_sha256_2((struct bytes){ salt, EVENT_SALT_SIZE }, body, out);
}

void event_link(const struct hash *prev, struct bytes header, struct hash *out)
{
    struct hash h;

    crypto_sha256(header, &h);
    crypto_sha256_2((struct bytes){ prev->bytes, sizeof(prev->bytes) },
                    (struct bytes){ h.bytes, sizeof(h.bytes) }, out);
}

/* --- wire form --- */

/* A header split around its commitment; without one the gap is where it
 * belongs. */
struct split {
    size_t count; /* pairs, without the commitment */
    struct bytes before, after;
    bool has_commitment;
};

static enum err split_header(struct bytes header, struct split *out)
{
    struct cbor_reader r;
    const uint8_t *start, *gap, *gap_end;
    size_t count;

    *out = (struct split){ 0 };
    cbor_open_gated(&r, header);
    count = cbor_get_map(&r);
    start = gap = gap_end = r.at;
    out->count = count;
    for (; count > 0 && !r.err; count--) {
        const uint8_t *pair = r.at;
        const uint64_t key = cbor_get_uint(&r);

        cbor_skip(&r);
        if (key < KEY_COMMITMENT) {
            gap = gap_end = r.at;
        } else if (key == KEY_COMMITMENT) {
            gap = pair;
            gap_end = r.at;
            out->has_commitment = true;
            out->count--;
        }
    }
    out->before = (struct bytes){ start, (size_t)(gap - start) };
    out->after = (struct bytes){ gap_end, (size_t)(r.end - gap_end) };
    return cbor_close(&r);
}

enum err event_wire_put(struct buf *out, struct bytes header,
                        const uint8_t *salt, struct bytes body)
{
    struct buf cut;
    struct split s;
    enum err err;

    if (body.data == NULL) {
        cbor_put_array(out, 1);
        cbor_put_bytes(out, header.data, header.len);
        return out->err;
    }
    err = split_header(header, &s);
    if (err || !s.has_commitment) {
        return ERR_BAD_DATA;
    }
    buf_init(&cut, HEADER_MAX_BYTES);
    cbor_put_map(&cut, s.count);
    cbor_put_raw(&cut, s.before);
    cbor_put_raw(&cut, s.after);
    cbor_put_array(out, 3);
    cbor_put_bytes(out, cut.data, cut.len);
    cbor_put_bytes(out, salt, EVENT_SALT_SIZE);
    cbor_put_bytes(out, body.data, body.len);
    err = cut.err ? cut.err : out->err;
    buf_fini(&cut);
    return err;
}

enum err event_wire_parse(struct bytes in, struct buf *header_out,
                          struct bytes *salt_out, struct bytes *body_out)
{
    struct cbor_reader r;
    struct split s;
    struct bytes header;
    struct hash commitment;
    size_t count;

    *salt_out = *body_out = (struct bytes){ NULL, 0 };
    cbor_open(&r, in);
    count = cbor_get_array(&r);
    header = cbor_get_bytes(&r);
    if (count == 3) {
        *salt_out = cbor_get_bytes(&r);
        *body_out = cbor_get_bytes(&r);
    }
    if (cbor_close(&r) || (count != 1 && count != 3) ||
        cbor_gate(header, NULL) || split_header(header, &s) ||
        s.has_commitment != (count == 1)) {
        return ERR_BAD_DATA;
    }
    if (count == 1) {
        cbor_put_raw(header_out, header);
        return header_out->err;
    }
    if (salt_out->len != EVENT_SALT_SIZE || body_out->len > BODY_MAX_BYTES) {
        return ERR_BAD_DATA;
    }
    event_commit(salt_out->data, *body_out, &commitment);
    cbor_put_map(header_out, s.count + 1);
    cbor_put_raw(header_out, s.before);
    cbor_put_uint(header_out, KEY_COMMITMENT);
    cbor_put_hash(header_out, &commitment);
    cbor_put_raw(header_out, s.after);
    return header_out->err;
}

/* --- seal --- */

static struct bytes seal_aad(void)
{
    return (struct bytes){ (const uint8_t *)SEAL_AAD, sizeof(SEAL_AAD) - 1 };
}

enum err event_seal_put(struct buf *out, const struct ec_key *key,
                        const struct event_seal *seal)
{
    struct buf payload;
    enum err err;

    buf_init(&payload, SEAL_MAX_BYTES);
    cbor_put_array(&payload, 4);
    cbor_put_uuid(&payload, &seal->device);
    cbor_put_uuid(&payload, &seal->incarnation);
    cbor_put_uint(&payload, seal->sequence);
    cbor_put_hash(&payload, &seal->link);
    err = payload.err;
    if (!err) {
        err = cose_sign1_put(out, key, buf_bytes(&payload), seal_aad());
    }
    buf_fini(&payload);
    return err;
}

enum err event_seal_open(struct bytes in, const struct ec_public *pub,
                         struct event_seal *out)
{
    struct cose_sign1 msg;
    struct cbor_reader r;
    enum err err = cose_sign1_parse(in, &msg);

    if (err || msg.detached) {
        return ERR_BAD_DATA;
    }
    err = cose_sign1_verify(&msg, pub, (struct bytes){ NULL, 0 }, seal_aad());
    if (err) {
        return err;
    }
    cbor_open(&r, msg.payload);
    if (cbor_get_array(&r) != 4) {
        return ERR_BAD_DATA;
    }
    cbor_get_uuid(&r, &out->device);
    cbor_get_uuid(&r, &out->incarnation);
    out->sequence = cbor_get_uint_max(&r, INT64_MAX);
    cbor_get_hash(&r, &out->link);
    return cbor_close(&r);
}
