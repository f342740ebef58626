/*
 * world_wire.c - what went over the wire and what happened to machines, line
 * by line, for a reader that replays it (tests/model/conform.mjs):
 *   MS WHAT A B            as world_trace() tells it
 *   MS key X Y             the server's key that signs receipts
 *   MS ask TABLET STATUS REQUEST ANSWER    hex; status 0: it died answering
 *   MS hear TABLET ERR ANSWER              what the tablet made of it
 * Only exchanges; bodies are unpacked.
 */
#include <stdio.h>
#include <string.h>

#include "core/wire.h"
#include "tests/sim/world.h"

static void put_hex(FILE *to, struct bytes b)
{
    if (b.len == 0) {
        fputc('-', to);
    }
    for (size_t i = 0; i < b.len; i++) {
        fprintf(to, "%02x", b.data[i]);
    }
}

/* What can't be unpacked stands as "-". */
static void put_body(FILE *to, const char *type, struct bytes body)
{
    struct buf plain;

    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    if (wire_unpack(&plain, type, body)) {
        plain.len = 0;
    }
    fputc(' ', to);
    put_hex(to, buf_bytes(&plain));
    buf_fini(&plain);
}

void world_wire_open(struct world *w)
{
    if (w->plan.wire == NULL) {
        return;
    }
    w->wire = fopen(w->plan.wire, "w");
    WORLD_ASSERT(w, w->wire != NULL);
    fprintf(w->wire, "0 key ");
    put_hex(w->wire, (struct bytes){ w->server_key.x, 32 });
    fputc(' ', w->wire);
    put_hex(w->wire, (struct bytes){ w->server_key.y, 32 });
    fputc('\n', w->wire);
}

void world_wire_close(struct world *w)
{
    if (w->wire != NULL) {
        WORLD_ASSERT(w, fclose(w->wire) == 0);
    }
}

void world_wire_ask(struct world *w, unsigned i,
                    const struct service_request *in,
                    const struct service_response *out)
{
    if (w->wire == NULL || strcmp(in->path, "/v1/exchange") != 0) {
        return;
    }
    fprintf(w->wire, "%llu ask %u %u", (unsigned long long)w->now_ms, i,
            faultvfs_is_killed(w->disk) ? 0 : (unsigned)out->status);
    put_body(w->wire, in->content_type, in->body);
    put_body(w->wire, out->content_type, buf_bytes(&out->body));
    fputc('\n', w->wire);
}

void world_wire_hear(struct world *w, unsigned i, const char *type,
                     struct bytes body, enum err err)
{
    if (w->wire == NULL || strncmp(type, "application/", 12) != 0) {
        return;
    }
    fprintf(w->wire, "%llu hear %u %u", (unsigned long long)w->now_ms, i,
            (unsigned)err);
    put_body(w->wire, type, body);
    fputc('\n', w->wire);
}
