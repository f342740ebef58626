/* page_devices.c - the council's tablets: since when, last heard, copied? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "sync-server/page_brief.h"
#include "sync-server/page_devices.h"

#define DEVICES_MAX 500

struct list {
    struct council *council;
    size_t count;
    bool is_cut;
    struct sdb_device devices[DEVICES_MAX];
};

static enum err take_device(void *ctx, const struct sdb_device *d)
{
    struct list *l = ctx;

    if (l->count == DEVICES_MAX) {
        l->is_cut = true;
        return ERR_STOPPED;
    }
    l->devices[l->count++] = *d;
    return ERR_OK;
}

void page_put_device_state(const struct sdb_device *d, struct buf *out)
{
    switch (d->state) {
    case SDB_DEVICE_ACTIVE:
        page_put_tag(out, "green", "In use");
        break;
    case SDB_DEVICE_REENROL:
        page_put_tag(out, "yellow", "To be enrolled anew");
        break;
    case SDB_DEVICE_REVOKED:
        page_put_tag(out, "grey", "Access ended");
        break;
    }
    if (!uuid_is_zero(&d->forked)) {
        page_put_tag(out, "red", "Was copied");
    }
}

static void put_row(struct list *l, const struct sdb_device *d, struct buf *out)
{
    char id[UUID_TEXT_SIZE], chains[24], seen[40] = "Never";
    uint64_t count = 0;
    struct buf state;

    buf_init(&state, 8192);
    uuid_format(&d->id, id);
    if (sdb_incarnation_count(l->council->db, &d->id, &count)) {
        count = 0;
    }
    snprintf(chains, sizeof(chains), "%" PRIu64, count);
    if (d->seen_ms > 0) {
        page_time(d->seen_ms, seen, sizeof(seen));
    }
    page_put_device_state(d, &state);
    {
        const struct html_value values[] = {
            { "id", id },
            { "name", d->name },
            { "what", d->is_kiosk ? "Kiosk" : "Tablet" },
            { "seen", seen },
            { "chains", chains },
            { "raw_state", buf_text(&state) },
        };

        page_put(out, "devices_row.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &state);
    buf_fini(&state);
}

enum err page_devices_start(struct route_call *call, struct page_devices *out,
                            bool *is_answered_out)
{
    enum err err;

    *is_answered_out = true;
    out->council = call->council;
    out->session = session_find(call->council, call->in);
    if (out->session == NULL) {
        return page_redirect(call, "/sign-in");
    }
    err = page_rights(call->council, out->session, &out->rights);
    if (err) {
        return err;
    }
    if (!out->rights.sees_all) {
        return page_message(call, 403, "Not for you",
                            "Tablets are looked after by team leaders, "
                            "auditors and administrators.");
    }
    *is_answered_out = false;
    return ERR_OK;
}

static enum err reply(struct route_call *call, const struct page_devices *p,
                      struct list *l)
{
    char cut[80] = "";
    struct buf rows, main;
    enum err err;

    buf_init(&rows, SYNC_BODY_MAX_BYTES);
    buf_init(&main, SYNC_BODY_MAX_BYTES);
    for (size_t i = 0; i < l->count; i++) {
        put_row(l, &l->devices[i], &rows);
    }
    if (l->is_cut) {
        snprintf(cut, sizeof(cut), "Only the first %d are shown.", DEVICES_MAX);
    }
    {
        const struct html_value values[] = {
            { "cut", cut },
            { "raw_rows", buf_text(&rows) },
        };

        page_put(&main, "devices.html", values, ARRAY_LEN(values));
    }
    page_carry(&main, &rows);
    err = page_log_record(p->council, p->session, "console, tablets", NULL);
    err = err ? err : page_reply(call, 200, "Tablets", &main, p->session);
    buf_wipe(&rows);
    buf_wipe(&main);
    return err;
}

enum err page_devices(struct route_call *call)
{
    struct page_devices p;
    struct list *l = NULL;
    bool is_answered;
    enum err err = page_devices_start(call, &p, &is_answered);

    if (err || is_answered) {
        return err;
    }
    l = mem_alloc(sizeof(*l));
    if (l == NULL) {
        return ERR_NOMEM;
    }
    l->council = call->council;
    l->count = 0;
    l->is_cut = false;
    err = sdb_device_all(call->council->db, take_device, l);
    err = err == ERR_STOPPED ? ERR_OK : err;
    err = err ? err : reply(call, &p, l);
    mem_free(l);
    return err;
}
