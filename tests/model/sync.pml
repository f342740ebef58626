/*
 * sync.pml - acknowledge, fork, restore and re-key (core/PROTOCOL.md, 4, 5)
 * as a model for spin. README.md says what is left out and why; run.sh runs
 * it.
 *
 * A chain is an int: four bits for each entry, the first lowest: three for
 * the token (what a person wrote: 1..TOKENS), one for "repeats another
 * entry". Its prefix of n entries stands for link(n): equal prefixes, equal
 * links. A set of tokens is a byte, a root is a number never used before.
 */
#ifndef TABLETS
#define TABLETS 2
#endif
#ifndef TOKENS
#define TOKENS 3 /* things that people write; the longest chain, too */
#endif
#ifndef FAULTS
#define FAULTS 3 /* in one run, of any kinds */
#endif
#define COPY    TABLETS /* a folder that is copied from another's */
#define FOLDERS (TABLETS + 1)
#define CHAINS  (TABLETS + 2 * FAULTS + 1) /* incarnations, from 1 on */
#define LOGS    (FAULTS + 2)
#define SIZES   (TOKENS + 4 * FAULTS + 4)

#define REPEATS       8
#define PREFIX(c, n)  ((c) & ((1 << (4 * (n))) - 1))
#define ENTRY(c, i)   (((c) >> (4 * ((i) - 1))) & 15)
#define TOKEN(c, i)   (ENTRY(c, i) & 7)
#define BIT(token)    (1 << (token))
#define NONE 0
#define GAP  1
#define FORK 2

typedef Folder {
    bit on;
    byte device;
    byte now;              /* its incarnation */
    int chain[CHAINS];     /* all that it wrote, closed ones too */
    byte count[CHAINS];
    byte held[CHAINS];     /* under a receipt of the log it knows */
    int again;             /* bit n: chain n is to be sent once more */
    byte log, size, root;  /* its receipt */
    byte got;              /* tokens that it downloaded */
    bit gives;             /* pages to give back */
    byte cert;             /* the certificate that it has */
};
typedef Server {
    int chain[CHAINS];
    byte count[CHAINS];
    bit closed[CHAINS];
    bit parted[CHAINS];    /* ghost: two histories of it arrived */
    byte branch;           /* tokens of other histories */
    byte given;            /* tokens given back, their chain not seen */
    byte log, size;
    byte root[SIZES];      /* of each size of the newest log */
};
typedef Request { /* what is underway since long */
    bit on;
    byte inc, count, from;
    int chain;
};

Folder folder[FOLDERS];
Folder image;              /* a copy of the folder `imaged` */
Folder nothing;            /* all zeros */
byte imaged = 255;
Server server;
Server backup;
Server nobody;             /* all zeros */
bit has_backup;
Request late[FOLDERS];
byte cert[TABLETS];        /* the certificate that still counts */

byte tokens;               /* written so far */
byte faults;
byte chains = TABLETS;     /* incarnations given out */
byte logs = 1;
byte roots = 1;
/* ghosts: acknowledged; lost with the only machine that had it */
byte acked, excused;

/* An answer, valid within one atomic step. */
byte r_stop, r_held;
int r_link;
byte i, k, t, u, sent;
bit settled;

/* --- what is where --- */

inline tokens_of(c_, n_, set_)
{
    k = 1;
    do
    :: k <= n_ -> set_ = set_ | BIT(TOKEN(c_, k)); k++
    :: else -> break
    od
}
inline on_server(set_)
{
    set_ = server.branch | server.given;
    i = 1;
    do
    :: i < CHAINS ->
       tokens_of(server.chain[i], server.count[i], set_);
       i++
    :: else -> break
    od
}
inline in_folder(f_, set_)
{
    set_ = set_ | folder[f_].got;
    i = 1;
    do
    :: i < CHAINS ->
       tokens_of(folder[f_].chain[i], folder[f_].count[i], set_);
       i++
    :: else -> break
    od
}
inline in_folders(set_)
{
    u = 0;
    do
    :: u < FOLDERS ->
       if
       :: folder[u].on -> in_folder(u, set_)
       :: else
       fi;
       u++
    :: else -> break
    od
}

/* --- promises, checked after each step --- */

/* An acknowledged token is on the server or where it can be offered from. */
inline check_kept()
{
    t = 0;
    on_server(t);
    in_folders(t);
    assert((acked & ~(t | excused)) == 0)
}
/* One token stands once in the log, or each further one says "repeats". */
inline check_once()
{
    t = 0;
    i = 1;
    do
    :: i < CHAINS ->
       k = 1;
       do
       :: k <= server.count[i] ->
          if
          :: (ENTRY(server.chain[i], k) & REPEATS) == 0 ->
             assert((t & BIT(TOKEN(server.chain[i], k))) == 0);
             t = t | BIT(TOKEN(server.chain[i], k))
          :: else
          fi;
          k++
       :: else -> break
       od;
       assert(server.parted[i] == server.closed[i]);
       i++
    :: else -> break
    od
}
/* No fault is left to use the copies: forget them, for fewer states. */
inline forget()
{
    imaged = 255;
    has_backup = 0;
    copy_folder(image, nothing);
    copy_server(backup, nobody)
}
inline check()
{
    check_kept();
    check_once();
    if
    :: faults == FAULTS -> forget()
    :: else
    fi;
    i = 0; k = 0; t = 0; u = 0; sent = 0;
    r_stop = 0; r_held = 0; r_link = 0
}

/* --- the server --- */

/* (1) The receipt shown: no prefix of the log, so this is a restored one. */
inline server_compare(f_)
{
    if
#ifndef BREAK_NO_RESTART
    :: folder[f_].log > 0 && (folder[f_].log > server.log ||
       (folder[f_].log == server.log && (folder[f_].size > server.size ||
        server.root[folder[f_].size] != folder[f_].root))) ->
       logs++;
       assert(logs < LOGS);
       server.log = logs;
       server.size = 0;
       i = 0;
       do
       :: i < SIZES -> server.root[i] = 0; i++
       :: else -> break
       od;
       grow()
#endif
    :: else
    fi
}
inline grow()
{
    server.size++;
    assert(server.size < SIZES);
    roots++;
    server.root[server.size] = roots
}
/* (2) The push: `c` of `n` entries, of which those from `from` on came. */
inline server_take(inc_, c_, n_, from_)
{
    r_stop = NONE;
    if
    :: from_ > server.count[inc_] + 1 ->
       r_held = server.count[inc_];
       r_link = server.chain[inc_]
    :: else ->
       k = (n_ < server.count[inc_] -> n_ : server.count[inc_]);
       if
#ifdef BREAK_NO_FORK
       :: server.closed[inc_] ->
#else
       :: server.closed[inc_] ||
          PREFIX(c_, k) != PREFIX(server.chain[inc_], k) ->
#endif
          server.parted[inc_] = server.parted[inc_] |
              (PREFIX(c_, k) != PREFIX(server.chain[inc_], k));
          server.closed[inc_] = 1;
          u = server.branch;
          tokens_of(c_, n_, u);
          server.branch = u;
          r_stop = FORK;
          r_held = server.count[inc_];
          r_link = server.chain[inc_];
          grow()
       :: else ->
          server.parted[inc_] = server.parted[inc_] |
              (PREFIX(c_, k) != PREFIX(server.chain[inc_], k));
          r_held = n_;
          r_link = c_;
          if
          :: n_ > server.count[inc_] ->
             server.chain[inc_] = c_;
             server.count[inc_] = n_;
             grow()
          :: n_ < server.count[inc_] -> r_stop = GAP
          :: else
          fi
       fi
    fi;
    /* What was given back is the leaf of its author's chain from_ here on. */
    u = 0;
    tokens_of(server.chain[inc_], server.count[inc_], u);
    server.given = server.given & ~u
}
inline server_take_back(f_)
{
    if
    :: folder[f_].gives ->
       u = server.given;
       t = 0;
       on_server(t);
       server.given = server.given | (folder[f_].got & ~t);
       if
       :: server.given != u -> grow()
       :: else
       fi
    :: else
    fi
}

/* --- the tablet --- */

inline new_incarnation(f_)
{
    chains++;
    assert(chains < CHAINS);
    i = folder[f_].now;
    folder[f_].now = chains;
    /* What no receipt covers is recorded again and names what it repeats. */
    k = folder[f_].held[i] + 1;
    do
    :: k <= folder[f_].count[i] ->
       folder[f_].chain[chains] = folder[f_].chain[chains] |
#ifdef BREAK_NO_LINK
           ((TOKEN(folder[f_].chain[i], k)) << (4 * folder[f_].count[chains]));
#else
           ((TOKEN(folder[f_].chain[i], k) | REPEATS)
            << (4 * folder[f_].count[chains]));
#endif
       folder[f_].count[chains]++;
       k++
    :: else -> break
    od
}
/* The answer as a whole: log, receipt, events. */
inline tablet_apply(f_, inc_)
{
    assert(folder[f_].log != server.log || server.size >= folder[f_].size);
    if
    :: folder[f_].log != 0 && folder[f_].log != server.log ->
       i = 1;
       do
       :: i < CHAINS ->
          folder[f_].held[i] = 0;
          folder[f_].again = folder[f_].again |
              ((folder[f_].count[i] > 0) << i);
          i++
       :: else -> break
       od;
       folder[f_].gives = folder[f_].got != 0
    :: else -> folder[f_].gives = 0
    fi;
    folder[f_].log = server.log;
    folder[f_].size = server.size;
    folder[f_].root = server.root[server.size];
    folder[f_].again = folder[f_].again & ~(1 << inc_);
    if
    :: r_held <= folder[f_].count[inc_] &&
       r_link == PREFIX(folder[f_].chain[inc_], r_held) ->
       folder[f_].held[inc_] = r_held;
       tokens_of(r_link, r_held, acked)
    :: else -> r_stop = (r_stop == NONE -> FORK : r_stop)
    fi;
    if
    :: r_stop != NONE && inc_ == folder[f_].now -> new_incarnation(f_)
    :: else
    fi;
    /* Events of others: all that are in its audience. */
    t = 0;
    on_server(t);
    folder[f_].got = folder[f_].got | t;
    t = 0
}

/* Its poll would show it that the log is another. */
#define STALE(f) (folder[f].log != server.log ||                \
                  folder[f].size > server.size ||               \
                  server.root[folder[f].size] != folder[f].root)
#define WAITS(f) (folder[f].count[folder[f].now] >                \
                  folder[f].held[folder[f].now])
#define NEEDS(f) (WAITS(f) || folder[f].gives || folder[f].again || \
                  (folder[f].log != 0 && STALE(f)))
#define MAY(f)   (folder[f].on && \
                  folder[f].cert == cert[folder[f].device])
#define FAULT    (faults < FAULTS)

/* The chain that it sends about: former ones first, after a log restart. */
inline choose(f_)
{
    sent = folder[f_].now;
    i = 1;
    do
    :: i < CHAINS ->
       if
       :: (folder[f_].again >> i) & 1 -> sent = i; break
       :: else
       fi;
       i++
    :: else -> break
    od
}
inline deliver(f_)
{
    server_compare(f_);
    server_take(sent, folder[f_].chain[sent], folder[f_].count[sent],
        folder[f_].held[sent] + 1);
    server_take_back(f_)
}
inline keep_request(f_)
{
    late[f_].on = 1;
    late[f_].inc = sent;
    late[f_].chain = folder[f_].chain[sent];
    late[f_].count = folder[f_].count[sent];
    late[f_].from = folder[f_].held[sent] + 1
}
inline write(f_)
{
    i = folder[f_].now;
    tokens++;
    folder[f_].chain[i] = folder[f_].chain[i] |
        (tokens << (4 * folder[f_].count[i]));
    folder[f_].count[i]++
}
inline rekey(f_)
{
    folder[f_].cert = cert[folder[f_].device];
#ifdef BREAK_REKEY_WIPES
    folder[f_].count[folder[f_].now] = folder[f_].held[folder[f_].now];
    folder[f_].chain[folder[f_].now] = PREFIX(folder[f_].chain[folder[f_].now],
        folder[f_].count[folder[f_].now]);
#endif
}

/* --- what happens to machines --- */

inline copy_folder(to_, from_)
{
    to_.on = from_.on;
    to_.device = from_.device;
    to_.now = from_.now;
    i = 0;
    do
    :: i < CHAINS ->
       to_.chain[i] = from_.chain[i];
       to_.count[i] = from_.count[i];
       to_.held[i] = from_.held[i];
       i++
    :: else -> break
    od;
    to_.again = from_.again;
    to_.log = from_.log;
    to_.size = from_.size;
    to_.root = from_.root;
    to_.got = from_.got;
    to_.gives = from_.gives;
    to_.cert = from_.cert
}
inline copy_server(to_, from_)
{
    i = 0;
    do
    :: i < CHAINS ->
       to_.chain[i] = from_.chain[i];
       to_.count[i] = from_.count[i];
       to_.closed[i] = from_.closed[i];
       to_.parted[i] = from_.parted[i];
       i++
    :: else -> break
    od;
    i = 0;
    do
    :: i < SIZES -> to_.root[i] = from_.root[i]; i++
    :: else -> break
    od;
    to_.branch = from_.branch;
    to_.given = from_.given;
    to_.log = from_.log;
    to_.size = from_.size
}
/* What nothing holds any more was lost with the machine that had it. */
inline excuse()
{
    t = 0;
    on_server(t);
    in_folders(t);
    excused = ((1 << (tokens + 1)) - 2) & ~t
}

/* --- nothing more happens: it must have converged --- */

inline check_end()
{
    t = 0;
    on_server(t);
    /* All that was written is there, but for what a machine lost. */
    assert((((1 << (tokens + 1)) - 2) & ~(t | excused)) == 0);
    u = 0;
    do
    :: u < FOLDERS ->
       if
       :: folder[u].on ->
          assert(!WAITS(u));
          i = 1;
          do
          :: i < CHAINS ->
             /* What it counts as held is held, as it wrote it. */
             assert(folder[u].held[i] <= server.count[i] &&
                    PREFIX(folder[u].chain[i], folder[u].held[i]) ==
                    PREFIX(server.chain[i], folder[u].held[i]));
             i++
          :: else -> break
          od
       :: else
       fi;
       u++
    :: else -> break
    od;
    settled = 1
}

#define DONE(what) d_step { what; check() }

proctype Tablet(byte me)
{
end:
    do
    :: atomic { folder[me].on && tokens < TOKENS &&
       folder[me].count[folder[me].now] < TOKENS ->
       DONE(write(me)) }
    :: atomic { MAY(me) && NEEDS(me) ->
       d_step { choose(me); i = 0 };
       if
       :: d_step { deliver(me); tablet_apply(me, sent); check() }
       :: FAULT -> /* the answer is lost */
          d_step { faults++; deliver(me); check() }
       :: FAULT && !late[me].on -> /* the request is late, given up */
          d_step { faults++; keep_request(me); check() }
       :: FAULT && !late[me].on -> /* it arrives now, and once more */
          d_step { faults++; keep_request(me); deliver(me);
             tablet_apply(me, sent); check() }
#ifdef BREAK_ACK_FIRST
       :: FAULT -> /* acknowledged, and gone before it was stored */
          d_step { faults++; r_held = folder[me].count[sent];
             r_link = folder[me].chain[sent]; tablet_apply(me, sent);
             check() }
#endif
       fi }
    :: atomic { late[me].on ->
       if
       :: d_step { server_take(late[me].inc, late[me].chain, late[me].count,
             late[me].from); late[me].on = 0; check() }
       :: late[me].on = 0
       fi;
       late[me].inc = 0; late[me].chain = 0; late[me].count = 0;
       late[me].from = 0 }
    :: atomic { folder[me].on && !MAY(me) -> DONE(rekey(me)) }
    od
}

proctype World()
{
    byte f;
end:
    do
    :: atomic { FAULT && !has_backup ->
       d_step { has_backup = 1; copy_server(backup, server); check() } }
    :: atomic { FAULT && has_backup ->
       d_step { faults++; copy_server(server, backup); excuse(); check() } }
    :: atomic { FAULT && imaged == 255 ->
       select(f : 0 .. TABLETS - 1);
       d_step { imaged = f; copy_folder(image, folder[f]); f = 0; check() } }
    :: atomic { FAULT && imaged != 255 -> /* put back, counter too or not */
       d_step { faults++; f = imaged; copy_folder(folder[f], image); i = 0 };
       if
       :: true
       :: d_step { new_incarnation(f); i = 0 }
       fi;
       d_step { f = 0; excuse(); check() } }
    :: atomic { FAULT && !folder[COPY].on -> /* copied, both go on */
       select(f : 0 .. TABLETS - 1); true;
       d_step { faults++; copy_folder(folder[COPY], folder[f]); i = 0 };
       if
       :: true
       :: d_step { new_incarnation(COPY); i = 0 }
       fi;
       d_step { f = 0; check() } }
    :: atomic { FAULT -> /* a certificate runs out */
       select(f : 0 .. TABLETS - 1);
       d_step { faults++; cert[f]++; f = 0; check() } }
    :: atomic { FAULT -> faults = FAULTS; DONE(skip) } /* no more of them */
    :: atomic { timeout -> d_step { check_end(); check() }; break }
    od
}

init {
    atomic {
        server.log = 1;
        i = 0;
        do
        :: i < TABLETS ->
           folder[i].on = 1;
           folder[i].device = i;
           folder[i].now = i + 1;
           i++
        :: else -> break
        od;
        i = 0;
        do
        :: i < FOLDERS -> run Tablet(i); i++
        :: else -> break
        od;
        i = 0;
        run World()
    }
}

/* With the faults over it comes to rest, whatever the order. */
ltl settles { <> settled }
