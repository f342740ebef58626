#include "sync-server/council.h"

#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/limits.h"

#define META_DEVICE         "device"
#define META_INCARNATION    "incarnation"
#define META_SEAL_KEY       "seal-key"
#define META_TEAM           "default-team"
#define META_HLC            "hlc"
#define HEADER_KIND_VERSION 1

int64_t council_now(const struct council *c)
{
    struct port_time t;

    c->port->ops->now(c->port->ctx, &t);
    return t.wall_ms;
}

static enum err fill(const struct port *port, void *out, size_t len)
{
    return port->ops->random(port->ctx, out, len);
}

static enum err meta_put(struct sdb *db, const char *name, const void *data,
                         size_t len)
{
    return sdb_meta_put(db, name, (struct bytes){ data, len });
}

/* Exactly `len` bytes of a fact. */
static enum err meta_get(struct sdb *db, const char *name, void *out,
                         size_t len)
{
    struct buf value;
    enum err err;

    buf_init(&value, 256);
    err = sdb_meta_get(db, name, &value);
    if (!err && value.len != len) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(out, value.data, len);
    }
    buf_wipe(&value);
    return err;
}

/* --- open --- */

enum err council_open(struct sdb *db, const struct port *port,
                      struct council *out)
{
    enum err err;

    memset(out, 0, sizeof(*out));
    out->db = db;
    out->port = port;
    err = sdb_council_find(db, &out->id);
    if (err)
        return err;
    sdb_use(db, &out->id);
    err = meta_get(db, META_DEVICE, &out->device, sizeof(out->device));
    err = err ? err
              : meta_get(db, META_INCARNATION, &out->head.id,
                         sizeof(out->head.id));
    err = err ? err
              : meta_get(db, META_TEAM, &out->default_team,
                         sizeof(out->default_team));
    err = err ? err
              : meta_get(db, META_SEAL_KEY, out->seal_key.d,
                         sizeof(out->seal_key.d));
    err = err ? err : crypto_ec_derive(&out->seal_key);
    if (err) {
        council_close(out);
    }
    return err;
}

void council_close(struct council *c)
{
    wipe(&c->seal_key, sizeof(c->seal_key));
}

enum err council_begin(struct council *c)
{
    struct uuid own = c->head.id;
    enum err err = sdb_begin(c->db);

    if (err)
        return err;
    err = ledger_load(c->db, &c->ledger);
    err = err ? err : sdb_incarnation_get(c->db, &own, &c->head);
    err = err ? err : meta_get(c->db, META_HLC, &c->hlc, sizeof(c->hlc));
    if (err) {
        sdb_rollback(c->db);
    }
    c->head.id = own;
    c->has_own = false;
    c->loaded_size = c->ledger.log.size;
    c->loaded_hlc = c->hlc;
    return err;
}

static enum err seal_head(struct council *c)
{
    const struct event_seal what = { c->device, c->head.id, c->head.held,
                                     c->head.link };
    const struct event_ref ref = { c->head.id, c->head.held };
    struct buf seal;
    enum err err;

    buf_init(&seal, 1024);
    err = event_seal_put(&seal, &c->seal_key, &what);
    err = err ? err : sdb_seal_put(c->db, &ref, buf_bytes(&seal));
    err = err ? err : sdb_incarnation_put(c->db, &c->head);
    buf_fini(&seal);
    return err;
}

enum err council_commit(struct council *c)
{
    enum err err = ERR_OK;

    if (c->has_own) {
        err = seal_head(c);
    }
    if (!err && c->ledger.log.size != c->loaded_size) {
        err = ledger_save(&c->ledger);
    }
    if (!err && c->hlc != c->loaded_hlc) {
        err = meta_put(c->db, META_HLC, &c->hlc, sizeof(c->hlc));
    }
    if (err) {
        council_rollback(c);
        return err;
    }
    return sdb_commit(c->db);
}

void council_rollback(struct council *c)
{
    sdb_rollback(c->db);
}

/* --- our own events --- */

static enum err make_header(struct council *c, const struct evlog_new *e,
                            const struct hash *commitment, struct buf *out)
{
    struct event_header h;
    struct port_time t;

    memset(&h, 0, sizeof(h));
    c->port->ops->now(c->port->ctx, &t);
    h.envelope = EVENT_ENVELOPE;
    h.device = c->device;
    h.incarnation = c->head.id;
    h.sequence = c->head.held + 1;
    h.hlc = hlc_next(&c->hlc, t.wall_ms);
    h.wall_ms = t.wall_ms;
    h.mono_ms = t.mono_ms;
    h.boot = t.boot;
    h.utc_offset_min = t.utc_offset_min;
    memcpy(h.zone, t.zone, sizeof(h.zone));
    h.officer = e->officer;
    h.record = e->record;
    h.kind = (uint64_t)e->kind;
    h.kind_version = e->kind_version ? e->kind_version : HEADER_KIND_VERSION;
    h.op = (uint64_t)e->op;
    if (e->form != NULL) {
        snprintf(h.form, sizeof(h.form), "%s", e->form);
        h.form_version = e->form_version;
    }
    h.commitment = *commitment;
    return event_header_put(out, &h);
}

/* The row, its leaf and its readers. */
static enum err add_own(struct council *c, struct sdb_event *row,
                        const struct sdb_audience *to)
{
    const struct sdb_audience everybody = { WIRE_SUB_COUNCIL, c->id };
    enum err err = ledger_append(&c->ledger, &row->header_hash, &row->position);

    err = err ? err : sdb_event_add(c->db, row);
    to = to ? to : &everybody;
    if (!err && to->kind != 0) {
        err = sdb_audience_add(c->db, to, row);
    }
    return err;
}

enum err council_append(struct council *c, const struct evlog_new *e,
                        const struct sdb_audience *to,
                        struct event_ref *ref_out)
{
    uint8_t salt[EVENT_SALT_SIZE];
    struct hash commitment;
    struct sdb_event row;
    struct buf header;
    enum err err;

    memset(&row, 0, sizeof(row));
    buf_init(&header, HEADER_MAX_BYTES);
    err = fill(c->port, salt, sizeof(salt));
    if (err)
        return err;
    event_commit(salt, e->body, &commitment);
    err = make_header(c, e, &commitment, &header);
    if (err)
        goto out;
    row.ref = (struct event_ref){ c->head.id, c->head.held + 1 };
    row.device = c->device;
    row.officer = e->officer;
    row.record = e->record;
    row.kind = (uint64_t)e->kind;
    row.op = (uint64_t)e->op;
    row.header = buf_bytes(&header);
    row.salt = (struct bytes){ salt, sizeof(salt) };
    row.body = e->body;
    row.state = SDB_APPLIED;
    row.received_ms = council_now(c);
    row.has_link = true;
    event_link(&c->head.link, row.header, &row.link);
    crypto_sha256(row.header, &row.header_hash);
    err = add_own(c, &row, to);
    if (err)
        goto out;
    c->head.held++;
    c->head.link = row.link;
    c->has_own = true;
    if (ref_out != NULL) {
        *ref_out = row.ref;
    }
out:
    buf_fini(&header);
    return err;
}

enum err council_record(struct council *c, const struct evlog_new *e,
                        size_t count)
{
    enum err err = council_begin(c);

    if (err)
        return err;
    for (size_t i = 0; i < count && !err; i++) {
        err = council_append(c, &e[i], NULL, NULL);
    }
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

static enum err restart_body(const struct wire_checkpoint *old,
                             const struct wire_checkpoint *seen,
                             struct buf *out)
{
    struct body_writer w;
    enum err err;

    body_begin(&w);
    body_put_bytes(&w, LOG_OLD_ID, (struct bytes){ old->log_id.bytes, 16 });
    body_put_int(&w, LOG_OLD_SIZE, (int64_t)old->size);
    body_put_bytes(&w, LOG_OLD_ROOT, (struct bytes){ old->root.bytes, 32 });
    body_put_int(&w, LOG_SEEN_SIZE, (int64_t)seen->size);
    body_put_bytes(&w, LOG_SEEN_ROOT, (struct bytes){ seen->root.bytes, 32 });
    err = body_end(&w, out);
    body_fini(&w);
    return err;
}

enum err council_restart_log(struct council *c,
                             const struct wire_checkpoint *seen)
{
    struct wire_checkpoint old;
    struct uuid id;
    struct buf body;
    struct evlog_new e;
    enum err err;

    ledger_checkpoint(&c->ledger, &old);
    buf_init(&body, BODY_MAX_BYTES);
    err = restart_body(&old, seen, &body);
    err = err ? err : ledger_save(&c->ledger);
    err = err ? err : fill(c->port, &id, sizeof(id));
    err = err ? err : ledger_start(c->db, &id, &c->ledger);
    if (!err) {
        c->loaded_size = 0;
        memset(&e, 0, sizeof(e));
        e.record = id;
        e.kind = KIND_LOG;
        e.op = OP_LOG_RESTART;
        e.body = buf_bytes(&body);
        err = council_append(c, &e, NULL, NULL);
    }
    buf_fini(&body);
    return err;
}

enum err council_new_incarnation(struct council *c)
{
    struct evlog_new e = { .record = c->device,
                           .kind = KIND_DEVICE,
                           .op = OP_NEW_INCARNATION };
    const struct sdb_incarnation old = c->head;
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_bytes(&w, DEVICE_INCARNATION, (struct bytes){ old.id.bytes, 16 });
    body_put_int(&w, DEVICE_SEQUENCE, (int64_t)old.held);
    err = body_end(&w, &body);
    body_fini(&w);
    memset(&c->head, 0, sizeof(c->head));
    c->head.device = c->device;
    c->head.state = SDB_INCARNATION_OPEN;
    err = err ? err : fill(c->port, &c->head.id, sizeof(c->head.id));
    err = err ? err : meta_put(c->db, META_INCARNATION, &c->head.id, 16);
    err = err ? err : sdb_incarnation_put(c->db, &c->head);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    if (err) {
        c->head = old;
    }
    buf_fini(&body);
    return err;
}

/* --- the first day --- */

static enum err first_events(struct council *c, const char *name)
{
    struct body_writer w;
    struct evlog_new e;
    struct buf body, key;
    struct uuid key_id = { { 0 } };
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    buf_init(&key, 256);
    memset(&e, 0, sizeof(e));
    body_begin(&w);
    body_put_text(&w, COUNCIL_NAME, name);
    err = body_end(&w, &body);
    body_fini(&w);
    e.record = c->id;
    e.kind = KIND_COUNCIL;
    e.op = OP_CREATE;
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    err = err ? err : fill(c->port, &key_id, sizeof(key_id));
    buf_reset(&body);
    cose_key_put(&key, &c->seal_key.pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, "server");
    body_put_bytes(&w, KEY_OWNER, (struct bytes){ c->id.bytes, 16 });
    err = err ? err : body_end(&w, &body);
    body_fini(&w);
    e.record = key_id;
    e.kind = KIND_KEY;
    e.op = OP_GRANT;
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    buf_fini(&key);
    return err;
}

static enum err first_rows(struct council *c, const char *name)
{
    struct uuid log_id;
    enum err err = fill(c->port, &c->id, sizeof(c->id));

    err = err ? err : fill(c->port, &c->device, sizeof(c->device));
    err = err ? err : fill(c->port, &c->head.id, sizeof(c->head.id));
    err = err ? err : fill(c->port, &c->default_team, sizeof(c->default_team));
    err = err ? err : fill(c->port, &log_id, sizeof(log_id));
    err = err ? err : crypto_ec_new(port_random(c->port), &c->seal_key);
    err = err ? err : sdb_council_add(c->db, &c->id, name);
    err = err ? err : meta_put(c->db, META_DEVICE, &c->device, 16);
    err = err ? err : meta_put(c->db, META_INCARNATION, &c->head.id, 16);
    err = err ? err : meta_put(c->db, META_TEAM, &c->default_team, 16);
    err = err ? err : meta_put(c->db, META_SEAL_KEY, c->seal_key.d, 32);
    err = err ? err : meta_put(c->db, META_HLC, &c->hlc, sizeof(c->hlc));
    err = err ? err : sdb_team_put(c->db, &c->default_team, "Everybody");
    c->head.device = c->device;
    c->head.state = SDB_INCARNATION_OPEN;
    err = err ? err : sdb_incarnation_put(c->db, &c->head);
    return err ? err : ledger_start(c->db, &log_id, &c->ledger);
}

enum err council_init(struct sdb *db, const struct port *port, const char *name)
{
    struct council c;
    struct uuid found;
    enum err err;

    memset(&c, 0, sizeof(c));
    c.db = db;
    c.port = port;
    err = sdb_council_find(db, &found);
    if (!err) {
        return ERR_EXISTS;
    }
    err = err == ERR_NOT_FOUND ? sdb_begin(db) : err;
    err = err ? err : first_rows(&c, name);
    err = err ? err : first_events(&c, name);
    if (err) {
        sdb_rollback(db);
    } else {
        err = council_commit(&c);
    }
    council_close(&c);
    return err;
}

enum err council_alarm(struct council *c, enum err code,
                       const struct uuid *device,
                       const struct uuid *incarnation, const char *text)
{
    struct sdb_alarm alarm = { .at_ms = council_now(c),
                               .code = code,
                               .device = *device,
                               .incarnation = *incarnation };
    char id[UUID_TEXT_SIZE];

    uuid_format(device, id);
    snprintf(alarm.text, sizeof(alarm.text), "%s", text);
    port_log(c->port, PORT_LOG_WARN, "alarm: %s %s: %s",
             uuid_eq(device, &c->device) ? "this server" : "tablet", id, text);
    return sdb_alarm_add(c->db, &alarm);
}
