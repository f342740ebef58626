#include "ui/session/session.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/disk.h"
#include "platform/linux/fsfile.h"
#include "platform/linux/reserve.h"
#include "ui/session/session_internal.h"

static enum err read_ring(struct session *s)
{
    struct buf file;
    enum err err;

    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    err = fsfile_read(machine_folder(s->machine), "wraps.cbor", &file);
    if (!err) {
        err = keyring_parse(buf_bytes(&file), &s->ring);
    } else if (err == ERR_NOT_FOUND) {
        err = ERR_OK; /* not enrolled yet */
    }
    buf_fini(&file);
    return err;
}

enum err session_save_ring(struct session *s)
{
    struct buf file;
    enum err err;

    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    err = keyring_put(s->ring, &file);
    if (!err) {
        err = fsfile_replace(machine_folder(s->machine), "wraps.cbor",
                             buf_bytes(&file));
    }
    buf_fini(&file);
    return err;
}

enum err session_open(const struct session_options *options,
                      struct session **out)
{
    const struct machine_options machine = { .dir = options->dir,
                                             .log_name = options->log_name,
                                             .is_exclusive = true,
                                             .tcti = options->tcti,
                                             .gpsd = options->gpsd };
    struct session *s = mem_alloc(sizeof(*s));
    enum err err = ERR_NOMEM;

    if (!s) {
        return ERR_NOMEM;
    }
    s->is_metered = options->is_metered;
    s->dir = mem_text(options->dir);
    s->proxy = mem_text(options->proxy);
    if (s->dir && (s->proxy || !options->proxy)) {
        err = machine_open(&machine, &s->machine);
    }
    if (!err) {
        session_tend_room(s);
        err = read_ring(s);
    }
    if (!err) {
        err = session_wipe_resume(s);
    }
    if (err) {
        session_close(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

void session_close(struct session *s)
{
    if (!s) {
        return;
    }
    session_lock(s);
    keyring_free(s->ring);
    machine_close(s->machine);
    mem_free(s->dir);
    mem_free(s->proxy);
    mem_free(s);
}

const struct port *session_port(struct session *s)
{
    return machine_port(s->machine);
}

const struct keyring *session_keyring(const struct session *s)
{
    return s->ring;
}

struct tablet *session_tablet(struct session *s)
{
    return s->tablet;
}

const struct ec_key *session_officer_key(const struct session *s)
{
    return s->tablet && s->keys.has_officer ? &s->keys.officer : NULL;
}

int session_storage(struct session *s)
{
    return (int)keystore_protection(machine_keys(s->machine));
}

enum err session_free_bytes(struct session *s, uint64_t *out)
{
    return disk_free_bytes(machine_folder(s->machine), out);
}

void session_tend_room(struct session *s)
{
    uint64_t left;

    if (disk_free_bytes(machine_folder(s->machine), &left) == ERR_OK &&
        reserve_tend(machine_folder(s->machine), left)) {
        port_log(machine_port(s->machine), PORT_LOG_WARN,
                 "the disk is full: its reserve is given up for words");
    }
}

void session_store_path(const struct session *s, char *out, size_t size)
{
    snprintf(out, size, "%s/store.db", s->dir);
}

size_t session_officers(const struct session *s,
                        struct uuid out[KEYRING_SLOTS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < keyring_count(s->ring); i++) {
        struct keyring_officer o;

        keyring_get(s->ring, i, &o);
        if (o.has_wrap) {
            out[count++] = o.id;
        }
    }
    return count;
}

enum err session_open_tablet(struct session *s)
{
    struct uuid officers[KEYRING_SLOTS_MAX];
    char path[SESSION_PATH_MAX];
    struct tablet_options options = {
        .store = { .path = path,
                   .key32 = { s->keys.database, sizeof(s->keys.database) },
                   .port = session_port(s) },
        .port = session_port(s),
        .officers = officers,
        .is_metered = s->is_metered
    };
    enum err err;

    options.officer_count = session_officers(s, officers);
    session_finish_salvage(s);
    session_store_path(s, path, sizeof(path));
    err = tablet_open(&options, &s->tablet);
    if (err) {
        return err;
    }
    err = session_wipe_obey(s);
    if (err && s->tablet) { /* an order that can't be obeyed yet */
        session_net_close(s);
        tablet_close(s->tablet);
        s->tablet = NULL;
    }
    return err;
}

void session_lock(struct session *s)
{
    if (s->tablet) {
        if (tablet_sign_out(s->tablet)) {
            port_log(session_port(s), PORT_LOG_WARN,
                     "sign-out could not be recorded");
        }
    }
    session_net_close(s);
    tablet_close(s->tablet);
    s->tablet = NULL;
    memset(&s->officer, 0, sizeof(s->officer));
    wipe(&s->keys, sizeof(s->keys));
}
