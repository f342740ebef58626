/*
 * world.h - tablets, a council, a network and people, in one process, one
 * thread and virtual time. Everything random comes from one seed, so a run
 * is repeated by its number.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include <stdio.h>

#include "core/evlog.h"
#include "core/sync.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "platform/sim/sim_random.h"
#include "sync-server/council.h"
#include "sync-server/sdb_order.h"
#include "sync-server/service.h"

#define WORLD_TABLETS_MAX 64
#define WORLD_FACTS_MAX   1024
#define WORLD_LATE_MAX    8
#define WORLD_BACKUPS_MAX 3
#define WORLD_BASES_MAX   8
#define WORLD_ORDERS_MAX  256
#define WORLD_OPS_COUNTED 200 /* a seed with fewer doesn't count */

#include "tests/sim/faults.def"

#define X(name, permille, row, text) WORLD_##name,
enum world_fault { WORLD_FAULTS(X) WORLD__COUNT };
#undef X
#define WORLD_FIRST_APART WORLD_TABLET_RUINED     /* drawn by themselves */
const char *world_fault_name(enum world_fault f); /* "TABLET_KILLED" */
const char *world_fault_text(enum world_fault f);
const char *world_fault_row(enum world_fault f);

/* What a run is made of, drawn from its seed; the shrinker makes it less. */
struct world_plan {
    uint64_t seed;
    unsigned tablets, steps;
    unsigned weeks_permille;         /* of the steps, in which weeks pass */
    unsigned permille[WORLD__COUNT]; /* at each opportunity; 0: never */
    bool is_encrypted;               /* the tablets' stores */
    bool is_pressed;  /* officers press "try now" when the weather clears */
    const char *wire; /* the file for world_wire.c, or NULL */
};
void world_plan(uint64_t seed, bool is_stub, struct world_plan *out);

/* What one tablet waits for from the network. */
struct world_flight {
    enum { FLIGHT_NONE, FLIGHT_UP, FLIGHT_DOWN } state;
    uint64_t at_ms;    /* arrives */
    uint64_t until_ms; /* then the tablet gives up */
    struct sync_request request;
    struct sync_response response;
    uint8_t *up, *down; /* copies of the bodies */
};

/* The answer before the last one, to come again. */
struct world_stale {
    struct sync_response response;
    uint8_t *body;
};

struct world_tablet {
    struct sim_port *machine;
    struct faultvfs *disk;
    struct store *store; /* NULL while it is off */
    struct evlog *log;
    struct sync *sync;
    struct uuid device, officer;
    struct hash cert;
    struct ec_key key;
    char file[16];  /* of its store */
    unsigned files; /* made anew */
    bool is_ruined; /* it is to be salvaged before it opens */
    bool is_clone;
    bool is_back;
    uint64_t deaf_until, one_way_until, slow_until, mtu_until, off_until;
    uint64_t shaky_until; /* its machine fails beyond the database */
    uint64_t wake_ms;     /* nothing to do before */
    bool is_power_loss;   /* how it will go down */
    struct world_flight flight;
    struct world_stale stale;
    /* the folder as somebody copied it */
    struct faultvfs *copy_disk;
    struct sim_port *copy_machine;
    uint64_t copy_facts; /* facts before that copy */
    char copy_file[16];
};

/* Something a person recorded and saw as saved. */
struct world_fact {
    struct uuid record;
    struct event_ref ref;
    uint64_t token;   /* in the note */
    struct hash blob; /* zero: none */
    unsigned tablet;
    bool may_be_lost; /* the tablet was put back to before it */
    bool is_saved;    /* the officer was told so, whatever came later */
    bool is_counted;  /* so was the counter outside */
    bool is_refused;
    bool is_spoilt; /* its tablet knew it sent when its store was damaged */
    bool is_closed; /* restricted */
    bool is_photo;
    bool is_first;     /* of its record */
    bool is_strike;    /* stands without a value */
    bool is_silent;    /* an operation that says nothing about the record */
    size_t base_count; /* facts whose note it replaces */
    uint16_t bases[WORLD_BASES_MAX];
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
    struct world_plan plan;
    uint64_t now_ms;
    struct sim_random random;
    /* One for each kind: without one of them the others strike as before. */
    struct sim_random chance[WORLD__COUNT];
    struct sim_port *machine; /* the server's */
    struct faultvfs *disk;
    struct faultvfs *backup[WORLD_BACKUPS_MAX];
    struct sim_port *backup_machine[WORLD_BACKUPS_MAX];
    unsigned backups;        /* made */
    size_t restored_facts;   /* facts before the last restore */
    struct service *service; /* NULL while it is off */
    uint64_t off_until, shaky_until;
    bool is_power_loss;
    uint64_t log_size, changed_ms; /* the server's log last grew */
    struct ec_public server_key;
    struct uuid council;
    unsigned tablet_count;
    struct world_tablet tablets[WORLD_TABLETS_MAX];
    size_t fact_count;
    struct world_fact facts[WORLD_FACTS_MAX];
    struct world_late late[WORLD_LATE_MAX];
    /* world_orders.c */
    struct sim_random order_random;
    size_t order_count;
    struct sdb_order orders[WORLD_ORDERS_MAX]; /* the journal */
    struct council_journal journal;
    int64_t order_skew_ms;
    bool is_calm; /* no faults: it must converge */
    uint64_t fired[WORLD__COUNT];
    uint64_t operations, exchanges;
    uint64_t tablet_ms; /* virtual time lived by all tablets together */
    uint64_t heal_ms;   /* from the last fault to convergence */
    struct sha256 *trace;
    FILE *wire; /* NULL: not asked for */
    bool is_verbose;
};

void world_open(struct world *w, const struct world_plan *plan);
void world_close(struct world *w);
void world_trace(struct world *w, const char *what, uint64_t a, uint64_t b);

/* What went over the wire, for tests/model. world_wire.c */
void world_wire_open(struct world *w);
void world_wire_close(struct world *w);
void world_wire_ask(struct world *w, unsigned i,
                    const struct service_request *in,
                    const struct service_response *out);
void world_wire_hear(struct world *w, unsigned i, const char *type,
                     struct bytes body, enum err err);

/* Draws one fault; false in calm weather and where the plan has none. */
bool world_strikes(struct world *w, enum world_fault f);
uint64_t world_below(struct world *w, uint64_t n);

/* Machines. */
void world_tablet_on(struct world *w, unsigned i);
void world_tablet_off(struct world *w, unsigned i);
void world_server_on(struct world *w);
void world_server_off(struct world *w);
/* Ends a machine that a planned fault has killed. */
void world_reap(struct world *w);

/* One step of the weather: time passes, people act, things break. */
void world_step(struct world *w); /* world_time.c */
/* What the plan promises happens at least once: a kill, a partition. */
void world_promised(struct world *w, unsigned step);

/* One random thing happens. */
void world_act(struct world *w, unsigned i);  /* world_people.c */
void world_look(struct world *w);             /* a console client */
void world_harm(struct world *w, unsigned i); /* world_harm.c */
void world_calm_machine(struct sim_port *machine);
void world_sync(struct world *w, unsigned i); /* world_net.c */
void world_drop_flight(struct world *w, unsigned i);
void world_late(struct world *w);

/* No more faults; runs until nothing waits anywhere. False: it never did. */
bool world_settle(struct world *w);
/* The first broken promise in words, or NULL. world_check.c */
const char *world_check(struct world *w, char *text, size_t size);

/* Every note that stands is shown, no other. world_merge.c */
bool world_merge_holds(struct world *w, unsigned tablet, size_t *fact_out);
/* What an entry of ours says, 0 for another's. */
uint64_t world_token(struct bytes body);

/* Stores damaged for good: world_salvage.c. */
bool world_has_safety(const struct world_plan *plan);
void world_salvage_plan(struct world_plan *plan);
void world_ruin(struct world *w, unsigned i);
MUST_USE enum err world_salvage(struct world *w, unsigned i);
struct store_options world_store_options(struct world *w,
                                         struct world_tablet *t);
/* The server is about to be put back. */
void world_salvage_restore(struct world *w);
/* Nobody has that fact, or its file, any more, and by no fault of ours: its
 * page was damaged once it was sent, and the server put back. */
bool world_is_excused(struct world *w, size_t fact);
bool world_is_file_excused(struct world *w, size_t fact);

/* Restricted records: world_tiers.c. */
void world_tiers_plan(struct world_plan *plan);
/* In place of what `body` holds, as only this tablet can read it. */
MUST_USE enum err world_close_body(struct world_tablet *t,
                                   const struct uuid *record, struct buf *body);
/* world_token() of what that tablet, or any of them, can read. */
uint64_t world_read(struct world_tablet *t, struct bytes header,
                    struct bytes body);
uint64_t world_read_any(struct world *w, struct bytes header,
                        struct bytes body);
/* True when it has a restricted entry of another tablet's. */
bool world_holds_others(struct world *w, unsigned tablet);

/* What the council orders: world_orders.c. */
bool world_has_orders(const struct world_plan *plan);
void world_orders_plan(struct world_plan *plan);
enum err world_orders_replay(struct world *w);
void world_orders_act(struct world *w);
/* Of each fact: is its record erased? */
void world_orders_erased(struct world *w, struct sdb *db, bool *out);
/* A fact, and 1, whose erased words a tablet still has; 0: none. */
size_t world_orders_left(struct world *w, unsigned tablet, const bool *erased);

/* Photos of colleagues: world_photos.c. `files`: the whole one, the small. */
struct body_writer;
void world_photos_plan(struct world_plan *plan);
bool world_take_photo(struct world *w, struct world_tablet *t,
                      struct hash files[2]);
void world_put_photo(struct body_writer *w, const struct hash files[2]);
/* Somebody asks for one; files have time to come. */
void world_photos_act(struct world *w, unsigned i);
/* What is wrong with them on a tablet, or NULL. */
const char *world_photos_wrong(struct world *w, unsigned tablet,
                               struct sdb *server);
MUST_USE enum err world_put_file(struct world_tablet *t,
                                 struct sim_random *random, size_t len,
                                 struct hash *name);

#define WORLD_ASSERT(w, expr) \
    ((expr) ? (void)0 : world_broken(w, #expr, __FILE__, __LINE__))
_Noreturn void world_broken(struct world *w, const char *what, const char *file,
                            int line);

#endif /* TESTS_SIM_WORLD_H */
