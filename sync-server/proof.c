#include "sync-server/proof.h"

#include <string.h>

#define MESSAGE_MAX_BYTES ((size_t)16 * 1024) /* 96 nodes and a seal */

struct question {
    struct uuid log;
    bool has_log, has_size, has_leaf, has_old;
    uint64_t size, leaf, old;
};

static enum err parse_number(const char *text, size_t len, uint64_t *out)
{
    *out = 0;
    if (len == 0 || len > 18) {
        return ERR_BAD_DATA;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return ERR_BAD_DATA;
        }
        *out = *out * 10 + (uint64_t)(text[i] - '0');
    }
    return ERR_OK;
}

static bool is_key(const char *key, size_t len, const char *want)
{
    return len == strlen(want) && memcmp(key, want, len) == 0;
}

static enum err parse_pair(const char *pair, size_t len, struct question *q)
{
    const char *eq = memchr(pair, '=', len);
    size_t key_len = eq == NULL ? 0 : (size_t)(eq - pair);
    const char *value = eq == NULL ? NULL : eq + 1;
    size_t value_len = eq == NULL ? 0 : len - key_len - 1;
    char hex[33];

    if (is_key(pair, key_len, "log") && value_len == 32) {
        memcpy(hex, value, 32);
        hex[32] = '\0';
        q->has_log = true;
        return hex_parse(hex, 16, q->log.bytes);
    }
    if (is_key(pair, key_len, "size")) {
        q->has_size = true;
        return parse_number(value, value_len, &q->size);
    }
    if (is_key(pair, key_len, "leaf")) {
        q->has_leaf = true;
        return parse_number(value, value_len, &q->leaf);
    }
    if (is_key(pair, key_len, "old")) {
        q->has_old = true;
        return parse_number(value, value_len, &q->old);
    }
    return ERR_BAD_DATA;
}

static enum err parse(const char *query, struct question *q)
{
    memset(q, 0, sizeof(*q));
    while (*query != '\0') {
        size_t len = strcspn(query, "&");
        enum err err = parse_pair(query, len, q);

        if (err)
            return err;
        query += len + (query[len] == '&' ? 1 : 0);
    }
    return q->has_leaf != q->has_old ? ERR_OK : ERR_BAD_DATA;
}

static enum err prove(struct council *c, const struct question *q,
                      const struct sdb_log *log, struct merkle_proof *out)
{
    struct ledger_reader reader = { c->db, log->ordinal };

    if (q->has_leaf) {
        return q->leaf < q->size
                   ? merkle_prove(q->leaf, q->size, ledger_node, &reader, out)
                   : ERR_NOT_FOUND;
    }
    return q->old <= q->size
               ? merkle_prove_prefix(q->old, q->size, ledger_node, &reader, out)
               : ERR_NOT_FOUND;
}

static enum err put_answer(struct route_call *call, const struct question *q,
                           const struct wire_checkpoint *at,
                           const struct merkle_proof *proof)
{
    struct wire_list_writer nodes;
    struct wire_proof msg;
    struct buf seal;
    enum err err;

    buf_init(&seal, 1024);
    wire_list_begin(&nodes, MESSAGE_MAX_BYTES);
    for (size_t i = 0; i < proof->count; i++) {
        cbor_put_hash(wire_list_item(&nodes), &proof->nodes[i]);
    }
    err = wire_checkpoint_sign(&seal, &call->council->seal_key, at);
    memset(&msg, 0, sizeof(msg));
    msg.log_id = at->log_id;
    msg.size = at->size;
    msg.root = at->root;
    msg.has_index = q->has_leaf;
    msg.index = q->leaf;
    msg.has_old_size = q->has_old;
    msg.old_size = q->old;
    msg.nodes = wire_list_view(&nodes);
    msg.seal = buf_bytes(&seal);
    wire_proof_put(&call->out->body, &msg);
    call->out->content_type = WIRE_TYPE_PLAIN;
    wire_list_fini(&nodes);
    buf_fini(&seal);
    return err ? err : call->out->body.err;
}

enum err proof_get(struct route_call *call)
{
    struct sdb *db = call->council->db;
    struct merkle_proof proof;
    struct wire_checkpoint at;
    struct sdb_log log;
    struct question q;
    enum err err = parse(call->in->query, &q);

    err = err         ? err
          : q.has_log ? sdb_log_find(db, &q.log, &log)
                      : sdb_log_current(db, &log);
    if (err)
        return err;
    if (!q.has_size) {
        q.size = log.size;
    }
    at.log_id = log.id;
    at.size = q.size;
    err = ledger_root_at(db, &log, q.size, &at.root);
    err = err ? err : prove(call->council, &q, &log, &proof);
    return err ? err : put_answer(call, &q, &at, &proof);
}
