/* ctl_carry.c - another tablet's hand-over file, carried to the council. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/handover.h"
#include "core/limits.h"
#include "core/store_parcels.h"
#include "ui/ctl/ctl.h"

/* --- taking one --- */

typedef enum err (*piece_fn)(void *ctx, struct bytes piece);

static enum err each_piece(FILE *f, piece_fn fn, void *ctx)
{
    static uint8_t piece[64 * 1024];
    enum err err = ERR_OK;
    size_t got;

    rewind(f);
    while (!err && (got = fread(piece, 1, sizeof(piece), f)) > 0) {
        err = fn(ctx, (struct bytes){ piece, got });
    }
    return err ? err : ferror(f) ? ERR_IO : ERR_OK;
}

struct look {
    struct sha256 *sum;
    uint64_t size;
    bool is_handover;
};

static enum err look_at(void *ctx, struct bytes piece)
{
    struct look *l = ctx;

    if (l->size == 0) {
        l->is_handover = piece.len >= HANDOVER_MAGIC_SIZE &&
                         memcmp(piece.data, "Bho\x01", 4) == 0;
    }
    l->size += piece.len;
    sha256_add(l->sum, piece);
    return l->size > PARCEL_MAX_BYTES ? ERR_TOO_LONG : ERR_OK;
}

struct store_to {
    const struct port *port;
    struct hash name;
    uint64_t at;
};

static enum err keep_piece(void *ctx, struct bytes piece)
{
    struct store_to *to = ctx;
    enum err err =
        to->port->ops->part_write(to->port->ctx, &to->name, to->at, piece);

    to->at += piece.len;
    return err;
}

static enum err take(struct session *s, FILE *f, struct look *l)
{
    struct store_to to = { .port = session_port(s) };
    struct port_time now;
    enum err err = each_piece(f, look_at, l);

    sha256_end(l->sum, &to.name);
    if (!err && !l->is_handover) {
        err = ERR_BAD_DATA;
    }
    err = err ? err : each_piece(f, keep_piece, &to);
    err =
        err ? err : to.port->ops->part_commit(to.port->ctx, &to.name, &to.name);
    to.port->ops->now(to.port->ctx, &now);
    return err ? err
               : store_parcel_add(tablet_store(session_tablet(s)), &to.name,
                                  l->size, now.wall_ms);
}

static void explain(const char *path, enum err err)
{
    switch (err) {
    case ERR_OK:
        printf("%s is on this tablet: it goes to the council with the next "
               "sync. Nobody can read it here.\n",
               path);
        break;
    case ERR_BAD_DATA:
        ctl_say("%s is no hand-over file (\"export --sealed\" makes one)",
                path);
        break;
    case ERR_TOO_LONG:
        ctl_say("%s is larger than another tablet carries (%zu MiB): bring "
                "it to the council's server",
                path, PARCEL_MAX_BYTES / (1024 * 1024));
        break;
    default:
        ctl_say("%s can't be taken: %s", path, err_text(err));
    }
}

enum err ctl_carry(const struct ctl_args *args)
{
    struct look l = { .size = 0 };
    struct session *s;
    FILE *f;
    enum err err;

    if (args->word_count != 1) {
        ctl_say("carry needs one FILE");
        return ERR_USAGE;
    }
    err = ctl_unlock(args, &s);
    if (err) {
        return err;
    }
    f = fopen(args->words[0], "re");
    if (!f) {
        ctl_say("%s can't be read: %s", args->words[0], strerror(errno));
        err = ERR_NOT_FOUND;
    } else {
        err = sha256_new(&l.sum);
        err = err ? err : take(s, f, &l);
        sha256_free(l.sum);
        fclose(f);
        explain(args->words[0], err);
    }
    session_close(s);
    return err;
}

/* --- what became of them --- */

static enum err print_parcel(void *ctx, const struct store_parcel *p)
{
    static const char *const states[] = { "waiting", "delivered", "refused" };
    char hex[65];

    (void)ctx;
    hex_format(p->name.bytes, sizeof(p->name.bytes), hex);
    printf("%s %s %" PRIu64 " bytes%s%s\n", hex, states[p->state], p->size,
           p->words[0] ? ": " : "", p->words);
    return ERR_OK;
}

static enum err write_answer(struct store *store, const struct ctl_args *args)
{
    struct hash name;
    struct buf answer;
    FILE *f;
    enum err err;

    if (strlen(args->words[0]) != 64 ||
        hex_parse(args->words[0], 32, name.bytes) || !args->out) {
        ctl_say("parcels NAME --out FILE: the name as \"parcels\" prints it");
        return ERR_USAGE;
    }
    buf_init(&answer, HANDOVER_REPLY_MAX_BYTES);
    err = store_parcel_answer(store, &name, &answer);
    if (err) {
        ctl_say("there is no answer to it yet");
    } else {
        f = fopen(args->out, "wxe");
        err = !f || fwrite(answer.data, 1, answer.len, f) != answer.len
                  ? ERR_IO
                  : ERR_OK;
        if (f && fclose(f) != 0) {
            err = ERR_IO;
        }
        if (err) {
            ctl_say("%s can't be written: %s", args->out, strerror(errno));
        }
    }
    buf_fini(&answer);
    return err;
}

enum err ctl_parcels(const struct ctl_args *args)
{
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    err =
        args->word_count == 0
            ? store_parcels(tablet_store(session_tablet(s)), print_parcel, NULL)
            : write_answer(tablet_store(session_tablet(s)), args);
    session_close(s);
    return err;
}
