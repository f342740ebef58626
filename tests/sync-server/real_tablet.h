/*
 * real_tablet.h - the tablet's real core on a virtual machine of its own,
 * in front of the council of desk.h: what one records, the other gets.
 */
#ifndef TESTS_SYNC_SERVER_REAL_TABLET_H
#define TESTS_SYNC_SERVER_REAL_TABLET_H

#include "core/tablet_photos.h"
#include "tests/sync-server/desk.h"

struct real_tablet;
/* What the network does to an answer; true: it is lost. */
typedef bool (*real_fault_fn)(struct real_tablet *r,
                              const struct sync_request *q,
                              struct service_response *answer);

struct real_tablet {
    struct desk *desk;
    struct sim_port *sim;
    struct faultvfs *disk;
    struct tablet *t;
    struct uuid device, officer;
    struct ec_key seal_key;
    struct hash cert;
    uint8_t key[32];
    uint64_t sent[4]; /* requests, by method */
    real_fault_fn fault;
    size_t faults_left; /* that `fault` may still do */
};

/* The council's form and category of an observation with photos. */
void real_publish(struct desk *d);
/* An enrolled tablet of the council's one officer, signed in. */
void real_tablet_new(struct desk *d, const char *name, uint64_t seed,
                     struct real_tablet *out);
void real_tablet_free(struct real_tablet *r);
void real_tablet_close(struct real_tablet *r);
enum err real_tablet_open(struct real_tablet *r);

/* One request and its answer; false: nothing to send now. */
bool real_step(struct real_tablet *r);
/* Until the engine is content; virtual time runs. */
void real_sync(struct real_tablet *r);

/* Its store is whole, or fails the test and prints what is not. */
void real_fsck(struct real_tablet *r);

/* An observation with `count` photos of `bytes` bytes each; the first byte
 * of the small picture is its number, counted from `first`. */
void real_photos(struct real_tablet *r, unsigned count, size_t bytes,
                 uint8_t first, struct uuid *record);
/* Its photos, as tablet_photos() tells them. */
size_t real_list(struct real_tablet *r, const struct uuid *record,
                 struct tablet_photo_item *out, size_t max);

#endif /* TESTS_SYNC_SERVER_REAL_TABLET_H */
