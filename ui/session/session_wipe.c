/*
 * session_wipe.c - the council's signed order to close this tablet for good.
 *
 *   the order is in the store (core/wipe_order.h)
 *     -> the tablet's last event says that it obeys
 *     -> all that no receipt covers is sealed to the council's key, in a file
 *     -> it is offered by the network, for a minute
 *     -> DIR/wiped: from here on only forward, also after a power cut
 *     -> device secret and wraps are destroyed; the file stays unless a
 *        receipt covers all of it
 *
 * Without a sealed file, or receipts for everything, nothing is destroyed.
 * Begun at the answer that brought the order, or when the tablet is next
 * opened; what is encrypted stays where it is, closed to everybody.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/limits.h"
#include "core/tablet_handover.h"
#include "core/wipe_order.h"
#include "platform/linux/fsfile.h"
#include "ui/session/session_internal.h"

#define WIPE_MARK  "wiped"
#define WIPE_SAID  "wipe.said" /* meta: the last event is written */
#define NAP_MAX_MS 1000
/* Failures in a row after which the network is not waited for. */
#define OFFER_FAILURES_MAX 3

static enum err get_order(struct session *s, struct wipe_order *out)
{
    const struct evlog_identity *id = evlog_identity(tablet_log(s->tablet));
    struct buf signed_order;
    enum err err;

    buf_init(&signed_order, WIPE_ORDER_MAX);
    err =
        store_meta_get(tablet_store(s->tablet), WIPE_ORDER_META, &signed_order);
    if (!err) {
        err = wipe_order_open(buf_bytes(&signed_order), &id->server_key,
                              &id->device, out);
    }
    buf_fini(&signed_order);
    return err;
}

/* --- the last event --- */

static enum err append_last(struct session *s, const struct wipe_order *order)
{
    struct evlog *log = tablet_log(s->tablet);
    struct evlog_new e = { .record = order->device,
                           .kind = KIND_DEVICE,
                           .kind_version = 1,
                           .op = OP_WIPE };
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_bytes(&w, DEVICE_ORDER, (struct bytes){ order->id.bytes, 16 });
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : evlog_append(log, &e, 1, NULL);
    buf_fini(&body);
    return err;
}

static enum err say(struct session *s, const struct wipe_order *order)
{
    struct evlog *log = tablet_log(s->tablet);
    struct buf said;
    enum err err;

    buf_init(&said, 16);
    err = store_meta_get(tablet_store(s->tablet), WIPE_SAID, &said);
    if (!err &&
        bytes_eq(buf_bytes(&said), (struct bytes){ order->id.bytes, 16 })) {
        buf_fini(&said);
        return ERR_OK;
    }
    buf_fini(&said);
    err = evlog_begin(log);
    if (err) {
        return err;
    }
    err = append_last(s, order);
    err = err ? err
              : store_meta_put(tablet_store(s->tablet), WIPE_SAID,
                               (struct bytes){ order->id.bytes, 16 });
    if (err) {
        evlog_rollback(log);
        return err;
    }
    return evlog_commit(log);
}

/* --- the sealed file --- */

static void sealed_name(const struct wipe_order *order, char out[80])
{
    char id[UUID_TEXT_SIZE];

    uuid_format(&order->id, id);
    snprintf(out, 80, "unsent-%s.sealed", id);
}

static enum err write_piece(void *ctx, struct bytes piece)
{
    if (piece.len > 0 && fwrite(piece.data, 1, piece.len, ctx) != piece.len) {
        return fsfile_err(errno);
    }
    return ERR_OK;
}

/* Whole and durable under its name, or not there. */
static enum err seal(struct session *s, const struct wipe_order *order)
{
    char name[80], path[SESSION_PATH_MAX], temp[SESSION_PATH_MAX + 8];
    struct tablet_handover what;
    enum err err;
    FILE *f;

    sealed_name(order, name);
    snprintf(path, sizeof(path), "%s/%s", s->dir, name);
    snprintf(temp, sizeof(temp), "%s.new", path);
    f = fopen(temp, "wbe");
    if (!f) {
        return fsfile_err(errno);
    }
    err = tablet_handover(s->tablet, false, write_piece, f, &what);
    if (fflush(f) || fsync(fileno(f))) {
        err = err ? err : fsfile_err(errno);
    }
    if (fclose(f) && !err) {
        err = ERR_IO;
    }
    if (!err && (rename(temp, path) || fsync(machine_folder(s->machine)))) {
        err = fsfile_err(errno);
    }
    if (!err) {
        port_log(session_port(s), PORT_LOG_WARN,
                 "wipe: %llu events and %llu files are sealed in %s",
                 (unsigned long long)what.events,
                 (unsigned long long)what.files, name);
    }
    return err;
}

/* --- offering it --- */

static bool is_confirmed(struct session *s)
{
    struct evlog_counts c;

    return !evlog_counts(tablet_log(s->tablet), &c) && c.waiting == 0 &&
           c.blobs_held >= c.blobs_own;
}

static void nap(struct session *s, uint64_t wake_ms)
{
    const uint64_t now = session_mono_ms(s);
    const uint64_t ms = wake_ms > now ? wake_ms - now : 0;

    (void)poll(NULL, 0, ms < NAP_MAX_MS ? (int)ms : NAP_MAX_MS);
}

static void offer(struct session *s)
{
    const uint64_t until = session_mono_ms(s) + SESSION_WIPE_OFFER_MS;
    struct sync_status status = { .state = SYNC_SENDING };
    unsigned failures = 0;
    struct sync *sync;

    if (tablet_sync(s->tablet, &sync)) {
        return;
    }
    sync_now(sync, session_mono_ms(s));
    while (!is_confirmed(s) && failures < OFFER_FAILURES_MAX &&
           session_mono_ms(s) < until) {
        const bool was_waiting = status.state == SYNC_WAITING;
        uint64_t wake_ms;
        bool is_busy;

        if (session_step(s, NAP_MAX_MS, &is_busy, &wake_ms)) {
            return;
        }
        sync_status(sync, &status);
        failures += status.state == SYNC_WAITING && !was_waiting ? 1 : 0;
        if (!is_busy) {
            nap(s, wake_ms);
        }
    }
}

/* --- the end --- */

static enum err destroy(struct session *s)
{
    enum err err;

    session_net_close(s);
    tablet_close(s->tablet);
    s->tablet = NULL;
    wipe(&s->keys, sizeof(s->keys));
    memset(&s->officer, 0, sizeof(s->officer));
    err = keystore_destroy(machine_keys(s->machine));
    if (!err) {
        err = fsfile_remove(machine_folder(s->machine), "wraps.cbor");
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    if (!err) {
        keyring_free(s->ring);
        s->ring = NULL;
        port_log(session_port(s), PORT_LOG_WARN,
                 "wipe: the council's order was obeyed, the keys are gone");
    }
    return err;
}

enum err session_wipe_resume(struct session *s)
{
    struct buf mark;
    enum err err;

    buf_init(&mark, 256);
    err = fsfile_read(machine_folder(s->machine), WIPE_MARK, &mark);
    buf_fini(&mark);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return s->ring ? destroy(s) : ERR_OK;
}

enum err session_wipe_forget(struct session *s)
{
    const enum err err = fsfile_remove(machine_folder(s->machine), WIPE_MARK);

    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err mark(struct session *s, const struct wipe_order *order)
{
    char id[UUID_TEXT_SIZE];

    uuid_format(&order->id, id);
    return fsfile_replace(machine_folder(s->machine), WIPE_MARK,
                          (struct bytes){ (const uint8_t *)id, strlen(id) });
}

static enum err obey(struct session *s, const struct wipe_order *order)
{
    enum err err = say(s, order);
    enum err sealed = err ? err : seal(s, order);
    char name[80];
    bool all;

    offer(s);
    all = !err && is_confirmed(s);
    if (!all && sealed) {
        return sealed; /* not yet: something would be lost */
    }
    if (all) {
        sealed_name(order, name);
        err = fsfile_remove(machine_folder(s->machine), name);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    err = err ? err : mark(s, order);
    err = err ? err : destroy(s);
    return err ? err : ERR_CLOSED;
}

enum err session_wipe_obey(struct session *s)
{
    struct wipe_order order;
    enum err err = get_order(s, &order);

    if (err == ERR_NOT_FOUND || err == ERR_DENIED || err == ERR_BAD_SEAL) {
        return ERR_OK; /* none, or none for us */
    }
    return err ? err : obey(s, &order);
}
