#include "ui/session/session_practice.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"
#include "platform/linux/fsfile.h"
#include "ui/session/session_internal.h"
#include "ui/session/session_practice_day.h"

#define FOLDER     "practice"
#define OPEN_FILES 16 /* of the walk that removes */

static const struct session_officer officers[] = {
    { .number = "0001",
      .name = "Practice Officer",
      .role = "neighbourhood-officer" },
    { .number = "0002", .name = "Practice Lead", .role = "safeguarding-lead" },
    { .number = "0003",
      .name = "Practice Deputy",
      .role = "safeguarding-deputy" },
};

/* --- the folder --- */

static enum err name_folder(const char *dir, char out[SESSION_PATH_MAX])
{
    const int len = snprintf(out, SESSION_PATH_MAX, "%s/%s", dir, FOLDER);

    return len < 0 || len >= SESSION_PATH_MAX ? ERR_TOO_LONG : ERR_OK;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)at;
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

/* Nothing of another practice is left; a link is removed, not followed. */
static enum err remove_folder(const char *dir)
{
    char path[SESSION_PATH_MAX];
    enum err err = name_folder(dir, path);

    if (!err &&
        nftw(path, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) !=
            0 &&
        errno != ENOENT) {
        err = fsfile_err(errno);
    }
    return err;
}

/* --- a tablet that no council knows --- */

static enum err make_identity(struct session *s, struct evlog_identity *id)
{
    const struct crypto_random random = port_random(session_port(s));
    struct uuid *const ids[] = { &id->council, &id->device, &id->incarnation };
    struct ec_key nobody; /* whose receipts and orders never come */
    enum err err = crypto_ec_new(random, &id->seal_key);

    err = err ? err : crypto_ec_new(random, &nobody);
    for (size_t i = 0; i < ARRAY_LEN(ids) && !err; i++) {
        err = random.fill(random.ctx, ids[i]->bytes, sizeof(ids[i]->bytes));
    }
    if (!err) {
        id->server_key = nobody.pub;
        id->recovery_key = nobody.pub;
    }
    wipe(&nobody, sizeof(nobody));
    return err;
}

static enum err make_store(struct session *s, const struct evlog_identity *id)
{
    char path[SESSION_PATH_MAX];
    struct store_options options = { .path = path,
                                     .key32 = { s->keys.database,
                                                sizeof(s->keys.database) },
                                     .port = session_port(s) };
    struct store *store = NULL;
    enum err err;

    session_store_path(s, path, sizeof(path));
    err = store_open(&options, &store);
    err = err ? err : evlog_init(store, id);
    store_close(store);
    return err;
}

static enum err make_tablet(struct session *s)
{
    const struct port *port = session_port(s);
    struct evlog_identity id = { .council = { { 0 } } };
    enum err err =
        keystore_make(machine_keys(s->machine), port_random(port), true);

    err = err ? err
              : port->ops->random(port->ctx, s->keys.database,
                                  sizeof(s->keys.database));
    err = err ? err : make_identity(s, &id);
    err = err ? err : make_store(s, &id);
    err = err ? err : keyring_new(&id.device, &s->ring);
    err = err ? err
              : keyring_set_recovery(s->ring, &id.recovery_key,
                                     s->keys.database, port_random(port));
    err = err ? err : session_open_tablet(s);
    wipe(&id, sizeof(id));
    return err;
}

/* --- its people --- */

static enum err add_person(struct session *s, const struct session_officer *who)
{
    struct evlog_new e = { .record = who->id,
                           .kind = KIND_OFFICER,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body, *roles;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, who->number);
    body_put_text(&w, OFFICER_NAME, who->name);
    roles = body_field(&w, OFFICER_ROLES);
    cbor_put_array(roles, 2);
    cbor_put_array(roles, 1);
    cbor_put_str(roles, who->role);
    cbor_put_array(roles, 0);
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : evlog_append(tablet_log(s->tablet), &e, 1, NULL);
    buf_fini(&body);
    return err;
}

/* Signed for by this tablet, which is its own council here. */
static enum err certify(struct session *s, const struct session_officer *who,
                        const char *use, const struct ec_public *pub)
{
    const struct crypto_random random = port_random(session_port(s));
    struct evlog_new e = { .kind = KIND_KEY,
                           .kind_version = 1,
                           .op = OP_GRANT };
    struct body_writer w;
    struct buf body, key;
    enum err err = random.fill(random.ctx, e.record.bytes, 16);

    buf_init(&body, BODY_MAX_BYTES);
    buf_init(&key, 256);
    cose_key_put(&key, pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, use);
    body_put_uuid(&w, KEY_OWNER, &who->id);
    body_put_text(&w, KEY_ROLE, who->role);
    err = err ? err : body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : evlog_append(tablet_log(s->tablet), &e, 1, NULL);
    buf_fini(&body);
    buf_fini(&key);
    return err;
}

static enum err add_holder(struct session *s, const struct session_officer *who)
{
    struct ec_key key; /* its secret half is nobody's */
    enum err err = crypto_ec_new(port_random(session_port(s)), &key);

    err = err ? err : certify(s, who, "holder", &key.pub);
    wipe(&key, sizeof(key));
    return err;
}

/* The first one works here; the others are there so that what is closed to
 * all but role holders can be practised, too. */
static enum err add_people(struct session *s, struct uuid *first_out)
{
    const struct crypto_random random = port_random(session_port(s));
    const struct evlog_identity *id = evlog_identity(tablet_log(s->tablet));
    const struct session_officer safe = { .id = id->council, .role = "" };
    enum err err = certify(s, &safe, "recovery", &id->recovery_key);

    for (size_t i = 0; i < ARRAY_LEN(officers) && !err; i++) {
        struct session_officer who = officers[i];

        err = random.fill(random.ctx, who.id.bytes, sizeof(who.id.bytes));
        err = err ? err : add_person(s, &who);
        if (i > 0) {
            err = err ? err : add_holder(s, &who);
            continue;
        }
        *first_out = who.id;
        err = err ? err
                  : session_add_officer(
                        s, &who,
                        (struct bytes){ (const uint8_t *)SESSION_PRACTICE_PIN,
                                        sizeof(SESSION_PRACTICE_PIN) - 1 });
    }
    return err;
}

static enum err make(struct session *s, struct uuid *officer_out)
{
    enum err err = make_tablet(s);

    err = err ? err : evlog_begin(tablet_log(s->tablet));
    if (err) {
        return err;
    }
    err = session_practice_day_define(s);
    err = err ? err : add_people(s, officer_out);
    if (err) {
        evlog_rollback(tablet_log(s->tablet));
        return err;
    }
    err = evlog_commit(tablet_log(s->tablet));
    return err ? err : session_practice_day_play(s, officer_out);
}

enum err session_practice_open(const struct session_options *options,
                               struct session **out, struct uuid *officer_out)
{
    char path[SESSION_PATH_MAX];
    struct session_options own = { .dir = path,
                                   .log_name = options->log_name,
                                   .gpsd = options->gpsd };
    struct session *s = NULL;
    enum err err = remove_folder(options->dir);

    err = err ? err : name_folder(options->dir, path);
    err = err ? err : session_open(&own, &s);
    if (!err) {
        s->is_practice = true;
        err = make(s, officer_out);
    }
    if (err) {
        session_practice_close(options, s);
        return err;
    }
    session_lock(s);
    *out = s;
    return ERR_OK;
}

void session_practice_close(const struct session_options *options,
                            struct session *s)
{
    session_close(s);
    if (remove_folder(options->dir)) {
        return; /* made-up records; the next practice removes them */
    }
}
