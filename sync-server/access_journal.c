#include "sync-server/access_journal.h"

#include <stdio.h>
#include <string.h>

#include "sync-server/council.h"

bool access_is_line(uint64_t op)
{
    return op == OP_REVOKE || op == OP_GRANT;
}

/* --- the latest line of one subject --- */

struct newest {
    const struct uuid *subject;
    bool is_found;
    uint64_t op;
    int64_t made_ms;
};

static enum err compare(void *ctx, const struct sdb_order *o)
{
    struct newest *n = ctx;

    if (access_is_line(o->op) && uuid_eq(&o->record, n->subject) &&
        (!n->is_found || o->made_ms > n->made_ms)) {
        n->is_found = true;
        n->op = o->op;
        n->made_ms = o->made_ms;
    }
    return ERR_OK;
}

static enum err find_newest(struct council *c, const struct uuid *subject,
                            struct newest *out)
{
    *out = (struct newest){ .subject = subject };
    return sdb_order_all(c->db, compare, out);
}

/* --- lines --- */

/* Not before our last event, whatever the wall clock says by now. */
static int64_t next_ms(const struct council *c, const struct newest *n)
{
    const int64_t now = council_now(c), own = hlc_ms(c->hlc);
    const int64_t ms = now > own ? now : own;

    return n->is_found && n->made_ms >= ms ? n->made_ms + 1 : ms;
}

enum err access_journal_done(struct council *c, const struct sdb_order *o)
{
    struct sdb_order row = *o;

    row.position = c->ledger.log.base + c->ledger.log.size;
    return sdb_order_add(c->db, &row);
}

enum err access_journal_add(struct council *c, enum event_op op,
                            const struct uuid *subject, const char *word)
{
    const struct crypto_random random = port_random(c->port);
    struct newest newest;
    struct sdb_order o;
    enum err err;

    if (c->journal == NULL)
        return ERR_OK;
    memset(&o, 0, sizeof(o));
    err = random.fill(random.ctx, o.id.bytes, sizeof(o.id.bytes));
    err = err ? err : find_newest(c, subject, &newest);
    if (err)
        return err;
    o.op = (uint64_t)op;
    o.record = *subject;
    o.root = *subject;
    o.made_ms = next_ms(c, &newest);
    snprintf(o.reason, sizeof(o.reason), "%s", word);
    err = c->journal->write(c->journal->ctx, &o);
    return err ? err : access_journal_done(c, &o);
}

enum err access_journal_knows(struct council *c, const struct sdb_order *o,
                              bool *out)
{
    struct newest newest;
    struct sdb_order row;
    enum err err = sdb_order_get(c->db, &o->id, &row);

    *out = !err;
    if (err != ERR_NOT_FOUND)
        return err;
    err = find_newest(c, &o->record, &newest);
    *out = !err && newest.is_found && newest.made_ms >= o->made_ms;
    return err;
}

enum err access_journal_granted_since(struct council *c,
                                      const struct uuid *subject, uint64_t hlc,
                                      bool *out)
{
    struct newest newest;
    const enum err err = find_newest(c, subject, &newest);

    *out = !err && newest.is_found && newest.op == OP_GRANT &&
           newest.made_ms > hlc_ms(hlc);
    return err;
}
