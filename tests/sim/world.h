/*
 * world.h - tablets, a council, a network and people, in one process, one
 * thread and virtual time. Everything random comes from one seed, so a run
 * is repeated by its number.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "core/evlog.h"
#include "core/sync.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "platform/sim/sim_random.h"
#include "sync-server/council.h"
#include "sync-server/service.h"

#define WORLD_TABLETS_MAX 12
#define WORLD_FACTS_MAX   1024
#define WORLD_LATE_MAX    8

/* What happens to a request, and other things that go wrong. */
#define WORLD_FAULTS(X)                                           \
    X(LOST_UP, "request lost")                                    \
    X(LOST_DOWN, "answer lost after the server worked")           \
    X(CUT_DOWN, "answer cut at a byte")                           \
    X(GARBLED, "answer changed on its way")                       \
    X(TWICE, "request delivered twice")                           \
    X(LATE, "request delivered long after it was given up")       \
    X(PORTAL, "a web page in place of the answer")                \
    X(BUSY, "server busy, with Retry-After")                      \
    X(PARTITION, "tablet without network")                        \
    X(ONE_WAY, "requests arrive, answers do not")                 \
    X(TABLET_KILLED, "tablet killed between two disk operations") \
    X(TABLET_POWER, "tablet lost power")                          \
    X(TABLET_DISK, "tablet's disk failed or was full")            \
    X(TABLET_BACK, "tablet put back to an older state")           \
    X(TABLET_CLONED, "tablet's folder copied, both go on")        \
    X(SERVER_KILLED, "server killed between two disk operations") \
    X(SERVER_POWER, "server lost power")                          \
    X(SERVER_DISK, "server's disk failed or was full")            \
    X(SERVER_BACK, "server restored from a backup")               \
    X(REVOKED, "tablet's access ended")                           \
    X(CLOCK, "tablet's clock jumped")                             \
    X(REFUSED, "a body that the server refuses")

#define X(name, text) WORLD_##name,
enum world_fault { WORLD_FAULTS(X) WORLD__COUNT };
#undef X
const char *world_fault_text(enum world_fault f);

struct world_tablet {
    struct sim_port *machine;
    struct faultvfs *disk;
    struct store *store; /* NULL while it is off */
    struct evlog *log;
    struct sync *sync;
    struct uuid device, officer;
    struct hash cert;
    struct ec_key key;
    bool is_clone;
    bool is_back;
    uint64_t deaf_until, one_way_until, off_until;
    bool is_power_loss; /* how it will go down */
    /* the folder as somebody copied it */
    struct faultvfs *copy_disk;
    struct sim_port *copy_machine;
    uint64_t copy_facts; /* facts before that copy */
};

/* Something a person recorded and saw as saved. */
struct world_fact {
    struct uuid record;
    uint64_t token; /* in the note */
    unsigned tablet;
    bool may_be_lost; /* the tablet was put back to before it */
    bool is_refused;
};

/* A request that is still somewhere in the network. */
struct world_late {
    bool is_used;
    unsigned tablet;
    struct sync_request request;
    uint8_t *body;
    size_t body_len;
    uint64_t at_ms;
};

struct world {
    uint64_t seed;
    uint64_t now_ms;
    struct sim_random random;
    struct sim_port *machine; /* the server's */
    struct faultvfs *disk, *backup;
    struct sim_port *backup_machine;
    bool has_backup;
    struct service *service; /* NULL while it is off */
    uint64_t off_until;
    bool is_power_loss;
    struct ec_public server_key;
    struct uuid council;
    unsigned tablet_count;
    struct world_tablet tablets[WORLD_TABLETS_MAX];
    size_t fact_count;
    struct world_fact facts[WORLD_FACTS_MAX];
    struct world_late late[WORLD_LATE_MAX];
    bool is_calm; /* no faults: it must converge */
    uint64_t fired[WORLD__COUNT];
    uint64_t operations;
    struct sha256 *trace;
    bool is_verbose;
};

void world_open(struct world *w, uint64_t seed, unsigned tablets);
void world_close(struct world *w);
void world_trace(struct world *w, const char *what, uint64_t a, uint64_t b);

/* Machines. */
void world_tablet_on(struct world *w, unsigned i);
void world_tablet_off(struct world *w, unsigned i);
void world_server_on(struct world *w);
void world_server_off(struct world *w);

/* One random thing happens. */
void world_act(struct world *w, unsigned i);  /* world_people.c */
void world_harm(struct world *w, unsigned i); /* world_harm.c */
void world_sync(struct world *w, unsigned i); /* world_net.c */
void world_late(struct world *w);
/* Ends a machine that a planned fault has killed. */
void world_reap(struct world *w);

/* No more faults; runs until nothing waits anywhere. False: it never did. */
bool world_settle(struct world *w);
/* The first broken promise in words, or NULL. world_check.c */
const char *world_check(struct world *w, char *text, size_t size);

#define WORLD_ASSERT(w, expr) \
    ((expr) ? (void)0 : world_broken(w, #expr, __FILE__, __LINE__))
_Noreturn void world_broken(struct world *w, const char *what, const char *file,
                            int line);

#endif /* TESTS_SIM_WORLD_H */
