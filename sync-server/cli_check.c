/* cli_check.c - fsck: does everything that is stored fit together? */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/merkle.h"
#include "sync-server/cli.h"

/* Where the chain of one incarnation stands. */
struct chain {
    struct uuid id;
    uint64_t sequence;
    struct hash link;
};

struct check {
    struct cli_open *open;
    struct chain *chains;
    size_t chain_count, chain_cap;
    struct sdb_log log;
    struct merkle tree; /* of the current log, made anew */
    uint64_t events, bodies, findings;
};

static void found(struct check *k, const struct sdb_event *e, const char *what)
{
    char id[UUID_TEXT_SIZE];

    uuid_format(&e->ref.incarnation, id);
    printf("position %llu (%s, %llu): %s\n", (unsigned long long)e->position,
           id, (unsigned long long)e->ref.sequence, what);
    k->findings++;
}

static struct chain *chain_of(struct check *k, const struct uuid *id)
{
    for (size_t i = 0; i < k->chain_count; i++) {
        if (uuid_eq(&k->chains[i].id, id))
            return &k->chains[i];
    }
    if (k->chain_count == k->chain_cap) {
        const size_t cap = 2 * k->chain_cap + 16;
        struct chain *more = mem_realloc(k->chains, cap * sizeof(*more));

        if (more == NULL)
            return NULL;
        k->chains = more;
        k->chain_cap = cap;
    }
    k->chains[k->chain_count] = (struct chain){ .id = *id };
    return &k->chains[k->chain_count++];
}

static void check_link(struct check *k, const struct sdb_event *e,
                       struct chain *chain)
{
    struct hash link;

    if (!e->has_link)
        return; /* given back after a restore; its chain is missing */
    if (e->ref.sequence == chain->sequence + 1) {
        event_link(&chain->link, e->header, &link);
        if (!hash_eq(&link, &e->link)) {
            found(k, e, "the link does not follow from the one before");
        }
    }
    chain->sequence = e->ref.sequence;
    chain->link = e->link;
}

static void check_body(struct check *k, const struct sdb_event *e,
                       const struct event_header *h)
{
    struct hash commitment;

    if (e->body.data == NULL || e->salt.len != EVENT_SALT_SIZE)
        return; /* erased, or never held */
    k->bodies++;
    event_commit(e->salt.data, e->body, &commitment);
    if (!hash_eq(&commitment, &h->commitment)) {
        found(k, e, "the body is not the one that the header names");
    }
}

static enum err check_event(void *ctx, const struct sdb_event *e)
{
    struct check *k = ctx;
    struct chain *chain = chain_of(k, &e->ref.incarnation);
    struct event_header h;
    struct hash hash;

    if (chain == NULL)
        return ERR_NOMEM;
    k->events++;
    crypto_sha256(e->header, &hash);
    if (!hash_eq(&hash, &e->header_hash)) {
        found(k, e, "the header is not the one that was logged");
    }
    if (event_header_parse(e->header, &h) == ERR_OK) {
        check_body(k, e, &h);
    }
    check_link(k, e, chain);
    if (e->position < k->log.base)
        return ERR_OK;
    return merkle_append(&k->tree, (struct bytes){ e->header_hash.bytes, 32 },
                         NULL, NULL);
}

/* The tree that the rows make is the tree that the log has. */
static enum err check_log(struct check *k)
{
    struct hash node;
    enum err err = ERR_OK;

    if (k->tree.size != k->log.size) {
        printf("the log has %llu leaves, there are %llu events for it\n",
               (unsigned long long)k->log.size,
               (unsigned long long)k->tree.size);
        k->findings++;
        return ERR_OK;
    }
    for (unsigned level = 0; level < MERKLE_LEVELS && !err; level++) {
        if ((k->tree.size >> level & 1) == 0)
            continue;
        err = sdb_node_get(k->open->db, k->log.ordinal, level,
                           (k->tree.size >> level) - 1, &node);
        if (!err && !hash_eq(&node, &k->tree.frontier[level])) {
            printf("the log's tree differs at level %u\n", level);
            k->findings++;
        }
    }
    return err;
}

enum err cli_fsck(const struct cli *args)
{
    struct cli_open open;
    struct check k = { .open = &open };
    enum err err = cli_open(args->dir, &open);

    if (err == ERR_BUSY) {
        cli_say("a server runs in %s: stop it first", args->dir);
    }
    if (err) {
        cli_say("%s: %s", args->dir, err_text(err));
        return err;
    }
    merkle_init(&k.tree);
    err = sdb_log_current(open.db, &k.log);
    err = err ? err : sdb_event_all(open.db, 0, check_event, &k);
    err = err ? err : check_log(&k);
    mem_free(k.chains);
    cli_close(&open);
    if (err) {
        cli_say("%s: %s", args->dir, err_text(err));
        return err;
    }
    printf("%llu events, %llu bodies, log of %llu leaves: %llu findings\n",
           (unsigned long long)k.events, (unsigned long long)k.bodies,
           (unsigned long long)k.log.size, (unsigned long long)k.findings);
    return k.findings == 0 ? ERR_OK : ERR_BAD_DATA;
}
