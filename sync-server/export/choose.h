/*
 * choose.h - which events of the log a bundle discloses.
 */
#ifndef SYNC_SERVER_EXPORT_CHOOSE_H
#define SYNC_SERVER_EXPORT_CHOOSE_H

#include "sync-server/export/export.h"

/* One disclosed event; the bytes are copies that the choice owns. */
struct chosen {
    struct bundle_event event;
    struct event_ref ref;
    struct uuid device;
    struct hash header_hash;
    bool has_link; /* false: given back after a restore, chain not seen */
};

/* A seal key that the council granted. */
struct choice_key {
    struct uuid owner;
    struct ec_public pub;
};

struct choice {
    struct chosen *list; /* owned, ascending by position */
    size_t count, cap;
    struct hash *blobs; /* owned, ascending, without repeats */
    size_t blob_count;
    struct choice_key *keys; /* owned: granted to the devices disclosed */
    size_t key_count, key_cap;
};

MUST_USE enum err choose(struct council *c, const struct export_what *what,
                         struct choice *out);
void choice_fini(struct choice *c);

#endif /* SYNC_SERVER_EXPORT_CHOOSE_H */
