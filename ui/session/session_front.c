/*
 * session_front.c - DIR/front.cbor: what the sign-in screen may say before
 * the first PIN opens the database: the council's and the tablet's names,
 * how much waits, and of which officer (whose names are in wraps.cbor).
 *
 * front = { 1: version, 2: council, 3: tablet, 4: waiting, 5: last receipt,
 *           6: [* [officer, waiting]] }
 */
#include <string.h>

#include "core/cbor.h"
#include "platform/linux/fsfile.h"
#include "ui/session/session_internal.h"

#define FRONT_FILE      "front.cbor"
#define FRONT_VERSION   1
#define FRONT_MAX_BYTES ((size_t)1024 + (size_t)KEYRING_SLOTS_MAX * 32)

static void take_text(struct bytes text, char *out, size_t size)
{
    if (text.len < size) {
        memcpy(out, text.data, text.len);
        out[text.len] = '\0';
    }
}

static void get_shares(struct cbor_reader *r, struct session_front *out)
{
    const size_t count = cbor_get_array(r);

    for (size_t i = 0; i < count && !r->err; i++) {
        struct session_share share;

        if (cbor_get_array(r) != 2) {
            break;
        }
        cbor_get_uuid(r, &share.officer);
        share.waiting = cbor_get_uint(r);
        if (!r->err && out->share_count < ARRAY_LEN(out->shares)) {
            out->shares[out->share_count++] = share;
        }
    }
}

static enum err parse(struct bytes in, struct session_front *out)
{
    struct cbor_reader r;
    size_t pairs;

    cbor_open(&r, in);
    pairs = cbor_get_map(&r);
    for (size_t i = 0; i < pairs && !r.err; i++) {
        switch (cbor_get_uint(&r)) {
        case 2:
            take_text(cbor_get_text(&r), out->council, sizeof(out->council));
            break;
        case 3:
            take_text(cbor_get_text(&r), out->tablet, sizeof(out->tablet));
            break;
        case 4:
            out->waiting = cbor_get_uint(&r);
            break;
        case 5:
            out->last_receipt_ms = cbor_get_int(&r);
            break;
        case 6:
            get_shares(&r, out);
            break;
        default:
            cbor_skip(&r);
        }
    }
    return cbor_close(&r);
}

enum err session_front_get(struct session *s, struct session_front *out)
{
    struct buf file;
    enum err err;

    *out = (struct session_front){ .waiting = 0 };
    buf_init(&file, FRONT_MAX_BYTES);
    err = fsfile_read(machine_folder(s->machine), FRONT_FILE, &file);
    if (!err) {
        err = parse(buf_bytes(&file), out);
    }
    buf_fini(&file);
    return err;
}

enum err session_front_put(struct session *s, const struct session_front *f)
{
    struct buf file;
    enum err err;

    buf_init(&file, FRONT_MAX_BYTES);
    cbor_put_map(&file, 6);
    cbor_put_uint(&file, 1);
    cbor_put_uint(&file, FRONT_VERSION);
    cbor_put_uint(&file, 2);
    cbor_put_str(&file, f->council);
    cbor_put_uint(&file, 3);
    cbor_put_str(&file, f->tablet);
    cbor_put_uint(&file, 4);
    cbor_put_uint(&file, f->waiting);
    cbor_put_uint(&file, 5);
    cbor_put_int(&file, f->last_receipt_ms);
    cbor_put_uint(&file, 6);
    cbor_put_array(&file, f->share_count);
    for (size_t i = 0; i < f->share_count; i++) {
        cbor_put_array(&file, 2);
        cbor_put_uuid(&file, &f->shares[i].officer);
        cbor_put_uint(&file, f->shares[i].waiting);
    }
    err = file.err ? file.err
                   : fsfile_replace(machine_folder(s->machine), FRONT_FILE,
                                    buf_bytes(&file));
    buf_fini(&file);
    return err;
}
