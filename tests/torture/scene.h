/*
 * scene.h - a council and one tablet on two virtual machines, a wire between
 * them in whole HTTP messages, and the three journeys that torture takes:
 *
 *   save    an observation with a photo is recorded
 *   sync    it and its photo go to the council, until both have receipts
 *   enrol   a tablet becomes the council's, then syncs for the first time
 *
 * A journey returns the first error. What it acknowledged before stays in
 * the scene; scene_check() holds both machines to it.
 */
#ifndef TESTS_TORTURE_SCENE_H
#define TESTS_TORTURE_SCENE_H

#include "core/tablet.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "sync-server/http.h"
#include "sync-server/service.h"

/* Calls of the port that can fail, seen before the machine gets them. */
struct scene_port {
    struct port port; /* what the program is given */
    struct sim_port *sim;
    struct faultvfs *disk;
    uint64_t calls, plan;     /* the plan-th fails; 0: none */
    uint64_t commits, commit; /* dies at the commit-th; 0: none */
    bool is_after;            /* when it was done, not before */
    bool is_lasting;
};

#define SCENE_ACKS_MAX 4
#define SCENE_WHY_MAX  200

enum scene_cut { SCENE_CUT_NONE, SCENE_CUT_UP, SCENE_CUT_DOWN };

struct scene {
    uint64_t now_ms;
    struct scene_port tablet, council;
    struct service *service; /* NULL: off */
    struct tablet *t;        /* NULL: off */

    /* what stands beside the database: wraps.cbor, 0 bytes without */
    uint8_t wraps[4096];
    size_t wraps_len;
    uint8_t attempts; /* stores made, each under another name */
    uint8_t key[32];  /* of the tablet's database; known to the wraps only */

    /* of the council */
    struct uuid council_id, officer, device;
    struct hash root, cert;
    uint8_t secret[16];

    /* what was promised */
    size_t ack_count;
    struct uuid acks[SCENE_ACKS_MAX];
    bool is_enrolled;

    /* the wire: message `cut_message` (1..) is cut after `cut_at` bytes */
    enum scene_cut cut;
    uint64_t message, cut_message;
    size_t cut_at;
    bool is_bare; /* a cut answer comes without its length */
    uint64_t served;
    /* Seen before a request is delivered, before an answer is. */
    void (*on_request)(struct scene *s, size_t len);
    void (*on_answer)(struct scene *s, size_t len);
    /* The tablet has made something of message `cut_message`. */
    void (*on_fed)(struct scene *s, enum err err);
    char why[SCENE_WHY_MAX];
};

enum scene_journey { SCENE_SAVE, SCENE_SYNC, SCENE_ENROL, SCENE__COUNT };
const char *scene_name(enum scene_journey j);

/* Everything up to the journey's first step; both machines are on. */
void scene_open(struct scene *s, enum scene_journey j);
void scene_close(struct scene *s);
MUST_USE enum err scene_go(struct scene *s, enum scene_journey j);

/* No more faults. Machines that are dead start again, with power loss. */
void scene_calm(struct scene *s);
void scene_reboot(struct scene *s, uint64_t seed);
/* Programs of both machines end; what is allocated then is the machines'. */
void scene_end(struct scene *s);
/* Programs of both machines end and start again. */
MUST_USE enum err scene_restart(struct scene *s);

/* Takes the journey again where it was not acknowledged, goes on to sync,
 * checks both stores. NULL, or the first broken promise in words. */
const char *scene_check(struct scene *s, enum scene_journey j);
/* Only looks at both stores: clean, and what was acknowledged is there. */
const char *scene_look(struct scene *s);

#endif /* TESTS_TORTURE_SCENE_H */
