/*
 * sync.c - the engine's rhythm.
 *
 *   IDLE     nothing waits; an exchange looks for news every SYNC_POLL_MS
 *   SENDING  a request is out, or the next is due now
 *   WAITING  after a failure; not before next_ms
 *   STOPPED  revoked or to be enrolled again, and nothing waits to go up
 *
 * Lanes. Events travel in the order of their chain: a sequence has no gap,
 * so an SOS can't pass what was written before it. What waits before it is
 * small (a day is 40 events, 20 KB), and one exchange takes 500, so the lane
 * of an SOS, an erasure, a safeguarding record or a notice is: the exchange
 * happens at once, before any piece of a blob, and a batch cut short goes
 * on with its first event. Erasures come down in the same exchange, with
 * the first page. Blobs have lanes of their own: small pictures before
 * large ones, in pieces, each of which gives way to an exchange that has
 * events to send; on a metered link originals stay. So the order is: events
 * (SOS, erasures, notices, text, tracks), small photos, originals.
 *
 * Nothing here is state that a restart would miss: what is acknowledged,
 * received or still to be given back stands in the store.
 */
#include "core/sync.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/sync_internal.h"

#define EXCHANGE_TIMEOUT_MS 150000
/* What a slow line needs beyond that: 500 bytes a second. */
#define MS_PER_BYTE 2
#define NO_CHAIN_WORDS                                              \
    "the council's server takes no entries from this tablet: tell " \
    "the administrator. They are safe here"

enum err sync_open(const struct sync_options *options, struct sync **out)
{
    struct sync *s;
    enum err err;

    if (options->officer_count > SYNC_OFFICERS_MAX) {
        return ERR_TOO_LONG;
    }
    s = mem_alloc(sizeof(*s));
    if (s == NULL) {
        return ERR_NOMEM;
    }
    s->log = options->log;
    s->port = options->port;
    for (size_t i = 0; i < options->officer_count; i++) {
        s->officers[i] = options->officers[i];
    }
    s->officer_count = options->officer_count;
    s->is_metered = options->is_metered;
    s->batch = SYNC_BATCH_MAX;
    s->piece = BLOB_PART_MAX_BYTES;
    s->closed_next = 1;
    s->has_more = true; /* an exchange is due at once */
    store_blob_mark_top(&s->down.mark);
    buf_init(&s->body, SYNC_BODY_MAX_BYTES);
    err = sync_restart_get(s);
    if (err) {
        sync_close(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

void sync_close(struct sync *s)
{
    if (s != NULL) {
        buf_fini(&s->body);
        mem_free(s);
    }
}

void sync_say(struct sync *s, enum err err, const char *why)
{
    s->status.last_err = err;
    snprintf(s->status.why, sizeof(s->status.why), "%s", why);
}

/* --- rhythm --- */

/* A random wait up to the doubled one, never above the cap: a thousand
 * tablets that lost the server together don't come back together, nor do
 * those that a busy server told the same number of seconds. */
static void back_off(struct sync *s, uint64_t now, uint32_t retry_after_s)
{
    unsigned shift = s->failures < 16 ? s->failures : 16;
    uint64_t limit = SYNC_BACKOFF_FIRST_MS << shift;
    uint64_t draw = 0;
    uint64_t at_least = (uint64_t)retry_after_s * 1000;
    uint64_t spread =
        at_least < SYNC_BACKOFF_CAP_MS ? at_least : SYNC_BACKOFF_CAP_MS;

    limit = limit < SYNC_BACKOFF_CAP_MS ? limit : SYNC_BACKOFF_CAP_MS;
    if (s->port->ops->random(s->port->ctx, (uint8_t *)&draw, sizeof(draw))) {
        draw = limit - 1;
    }
    s->next_ms = now + 1 + draw % limit;
    if (s->next_ms < now + at_least) {
        s->next_ms = now + at_least + draw % (spread + 1);
    }
    s->failures++;
}

static void shrink(struct sync *s)
{
    s->batch = s->batch > SYNC_BATCH_MID ? SYNC_BATCH_MID : SYNC_BATCH_MIN;
    s->piece =
        s->piece / 4 > BLOB_PART_MIN_BYTES ? s->piece / 4 : BLOB_PART_MIN_BYTES;
}

/* What a line carried in time, not what it might. */
static bool is_quick(const struct sync *s, uint64_t now)
{
    return now - s->sent_ms < SYNC_QUICK_MS;
}

static void grow(struct sync *s)
{
    s->batch = s->batch < SYNC_BATCH_MID ? SYNC_BATCH_MID : SYNC_BATCH_MAX;
}

/* A piece of `bytes` got through. */
static void grow_piece(struct sync *s, uint64_t now, size_t bytes)
{
    if (is_quick(s, now) && bytes >= s->piece) {
        s->piece = s->piece * 4 < BLOB_PART_MAX_BYTES ? s->piece * 4
                                                      : BLOB_PART_MAX_BYTES;
    }
}

static void fail(struct sync *s, uint64_t now, enum err err,
                 uint32_t retry_after_s)
{
    s->flight = SYNC_NONE;
    s->blob_count = 0; /* asked again at the next exchange */
    s->has_more = true;
    shrink(s);
    back_off(s, now, retry_after_s);
    s->status.last_err = err;
}

/* Own events that no receipt covers. */
static bool is_waiting(struct sync *s)
{
    bool events, blobs;

    return !evlog_unsent(s->log, &events, &blobs) && events;
}

static uint32_t timeout_for(size_t bytes)
{
    const uint64_t ms = EXCHANGE_TIMEOUT_MS + (uint64_t)bytes * MS_PER_BYTE;

    return (uint32_t)(ms < HTTP_TOTAL_MS ? ms : HTTP_TOTAL_MS);
}

static bool build_exchange(struct sync *s, uint64_t now,
                           struct sync_request *out)
{
    const char *type = "";
    enum err err = sync_push_build(s, &type);

    if (err) {
        sync_say(s, err, "The notebook on this tablet cannot be read.");
        fail(s, now, err, 0);
        return false;
    }
    memset(out, 0, sizeof(*out));
    out->method = SYNC_POST;
    snprintf(out->path, sizeof(out->path), "/v1/exchange");
    out->content_type = type;
    out->body = buf_bytes(&s->body);
    out->timeout_ms = timeout_for(s->body.len);
    s->flight = SYNC_EXCHANGE;
    return true;
}

bool sync_next(struct sync *s, uint64_t mono_ms, struct sync_request *out,
               uint64_t *wake_ms_out)
{
    bool events;

    *wake_ms_out = mono_ms + EXCHANGE_TIMEOUT_MS;
    if (s->flight != SYNC_NONE) {
        return false;
    }
    s->sent_ms = mono_ms;
    if (mono_ms < s->next_ms) {
        *wake_ms_out = s->next_ms;
        return false;
    }
    sync_blob_look_again(s, mono_ms, false);
    events = is_waiting(s);
    if (!events && !s->has_more && !s->restart.is_open &&
        sync_blob_next(s, out)) {
        s->flight = SYNC_PIECE;
        return true;
    }
    if (!events && !s->has_more && !s->restart.is_open && !s->is_piece_done &&
        mono_ms < s->poll_ms && sync_down_next(s, out)) {
        s->flight = SYNC_DOWN;
        return true;
    }
    if (!events && !s->has_more && !s->restart.is_open && !s->is_piece_done &&
        mono_ms < s->poll_ms && sync_parcel_next(s, out)) {
        s->flight = SYNC_PARCEL;
        return true;
    }
    /* Blobs that could not go now (metered, unreadable) wait for a poll. */
    if (events || s->has_more || s->restart.is_open || s->is_piece_done ||
        mono_ms >= s->poll_ms) {
        s->is_piece_done = false;
        if (build_exchange(s, mono_ms, out)) {
            return true;
        }
        *wake_ms_out = s->next_ms;
        return false;
    }
    *wake_ms_out = s->poll_ms;
    return false;
}

/* --- answers --- */

static const char *words_of(enum err err, int status)
{
    if (status == 507) {
        return "the council's server has no space left: its administrator "
               "must make room";
    }
    switch (err) {
    case ERR_BUSY:
        return "the council's server is busy";
    case ERR_DENIED:
        return "the council's server does not let this tablet in";
    case ERR_PORTAL:
        return "the answer did not come from our server: is there a sign-in "
               "page, or something that reads along?";
    default:
        return err_text(err);
    }
}

static enum err fail_with(struct sync *s, uint64_t now, enum err err,
                          const struct sync_response *r)
{
    char why[160];

    snprintf(why, sizeof(why), "%s (HTTP %d)", words_of(err, r->status),
             r->status);
    if (s->status.last_err != err || s->status.why[0] == '\0') {
        sync_say(s, err, why);
    }
    if (err == ERR_WENT_BACK) {
        s->status.is_alarm = true;
    }
    fail(s, now, err, r->retry_after_s);
    return err;
}

/* What an answer without a receipt meant. */
static enum err refusal(const struct sync_response *r)
{
    if (strncmp(r->content_type, "text/plain", 10) != 0) {
        return ERR_PORTAL;
    }
    switch (r->status) {
    case 403:
        return ERR_DENIED;
    case 413:
        return ERR_TOO_LONG;
    case 429:
    case 503:
    case 507:
        return ERR_BUSY;
    default:
        return r->status >= 400 ? ERR_REFUSED : ERR_PORTAL;
    }
}

static enum err feed_exchange(struct sync *s, uint64_t now,
                              const struct sync_response *r)
{
    enum err err = r->status == 200
                       ? sync_pull_apply(s, r->content_type, r->body)
                       : refusal(r);

    if (err)
        return fail_with(s, now, err, r);
    s->flight = SYNC_NONE;
    s->failures = 0;
    s->next_ms = now;
    s->poll_ms = now + SYNC_POLL_MS;
    if (is_quick(s, now)) {
        grow(s);
    }
    if (s->stop == WIRE_GO) {
        const bool is_stuck = sync_blob_any_stuck(s);

        sync_say(s, is_stuck ? ERR_BAD_HASH : ERR_OK,
                 is_stuck ? SYNC_STUCK_WORDS : "");
    }
    if (s->chains > 1) { /* each records again what waits: not at once */
        s->failures = s->chains - 2;
        back_off(s, now, 0);
        sync_say(s, ERR_REFUSED, NO_CHAIN_WORDS);
    }
    return ERR_OK;
}

static enum err feed_piece(struct sync *s, uint64_t now,
                           const struct sync_response *r)
{
    enum err err = sync_blob_feed(s, r);

    if (err)
        return fail_with(s, now, err, r);
    s->flight = SYNC_NONE;
    s->failures = 0;
    s->is_piece_done = s->blob_count == 0; /* the receipt is to name them */
    grow_piece(s, now, s->body.len);
    return ERR_OK;
}

static enum err feed_file(struct sync *s, uint64_t now,
                          const struct sync_response *r)
{
    const bool is_down = s->flight == SYNC_DOWN;
    const size_t bytes = is_down                ? r->body.len
                         : s->parcel.has_offset ? s->body.len
                                                : 0; /* how far was it? */
    const enum err err =
        is_down ? sync_down_feed(s, r) : sync_parcel_feed(s, r);

    if (err)
        return fail_with(s, now, err, r);
    s->flight = SYNC_NONE;
    s->failures = 0;
    grow_piece(s, now, bytes);
    return ERR_OK;
}

enum err sync_feed(struct sync *s, uint64_t mono_ms,
                   const struct sync_response *response)
{
    switch (s->flight) {
    case SYNC_EXCHANGE:
        return feed_exchange(s, mono_ms, response);
    case SYNC_PIECE:
        return feed_piece(s, mono_ms, response);
    case SYNC_DOWN:
    case SYNC_PARCEL:
        return feed_file(s, mono_ms, response);
    default:
        return ERR_USAGE; /* no request is out: a late answer */
    }
}

void sync_failed(struct sync *s, uint64_t mono_ms, enum err err,
                 const char *why)
{
    if (s->flight == SYNC_NONE) {
        return;
    }
    sync_say(s, err, why);
    fail(s, mono_ms, err, 0);
}

void sync_now(struct sync *s, uint64_t mono_ms)
{
    s->failures = 0;
    s->next_ms = mono_ms;
    s->poll_ms = mono_ms;
    sync_blob_look_again(s, mono_ms, true);
}

void sync_status(const struct sync *s, struct sync_status *out)
{
    bool events, blobs;
    const bool waits = evlog_unsent(s->log, &events, &blobs) || events || blobs;

    *out = s->status;
    out->next_try_ms = s->next_ms;
    if (s->failures > 0 && s->flight == SYNC_NONE) {
        out->state = SYNC_WAITING;
    } else if (s->flight != SYNC_NONE || waits || s->has_more ||
               s->restart.is_open || s->down.is_open || s->parcel.is_open) {
        out->state = SYNC_SENDING;
    } else {
        out->state = s->stop == WIRE_GO ? SYNC_IDLE : SYNC_STOPPED;
    }
}
