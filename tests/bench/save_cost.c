/*
 * save_cost.c - what the safety copy costs: the same saves with it and
 * without, in turn, on a real folder.
 *
 * usage: save_cost FOLDER [SAVES]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/evlog.h"
#include "core/limits.h"
#include "platform/linux/machine.h"

#define SAVES_DEFAULT 300
#define WARM_UP       20

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

struct side {
    struct machine *machine;
    struct port_ops ops;
    struct port port;
    struct store *store;
    struct evlog *log;
    double *ms;
};

static void must(enum err err, const char *what)
{
    if (err) {
        fprintf(stderr, "save_cost: %s: %s\n", what, err_text(err));
        exit(1);
    }
}

static void open_side(struct side *s, const char *folder, const char *name,
                      bool is_safe, int saves)
{
    static const uint8_t key[32] = { 7 };
    char dir[1000], path[1100];
    struct machine_options options = { .dir = dir };
    struct evlog_identity id;

    snprintf(dir, sizeof(dir), "%s/%s", folder, name);
    snprintf(path, sizeof(path), "%s/store.db", dir);
    must(machine_open(&options, &s->machine), dir);
    s->ops = *machine_port(s->machine)->ops;
    if (!is_safe) {
        s->ops.safety_write = NULL;
    }
    s->port = (struct port){ &s->ops, machine_port(s->machine)->ctx };
    must(store_open(&(struct store_options){ .path = path,
                                             .key32 = { key, sizeof(key) },
                                             .port = &s->port },
                    &s->store),
         "store");
    memset(&id, 0, sizeof(id));
    must(s->ops.random(s->port.ctx, id.device.bytes, 16), "random");
    must(s->ops.random(s->port.ctx, id.incarnation.bytes, 16), "random");
    must(crypto_ec_new(port_random(&s->port), &id.seal_key), "key");
    id.server_key = id.recovery_key = id.seal_key.pub;
    must(evlog_init(s->store, &id), "init");
    must(evlog_open(s->store, &s->log), "open");
    s->ms = calloc((size_t)saves, sizeof(*s->ms));
}

static void save(struct side *s, int number, int saves)
{
    struct evlog_new e = { .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;
    double began;

    must(s->ops.random(s->port.ctx, e.record.bytes, 16), "random");
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE,
                  "Two people shouting at the bus stop, left "
                  "when spoken to; nothing broken.");
    must(body_end(&w, &body), "body");
    body_fini(&w);
    e.body = buf_bytes(&body);
    began = now_ms();
    must(evlog_append(s->log, &e, 1, NULL), "save");
    if (number >= WARM_UP && number < saves) {
        s->ms[number] = now_ms() - began;
    }
    buf_fini(&body);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double middle(struct side *s, int saves)
{
    qsort(s->ms + WARM_UP, (size_t)(saves - WARM_UP), sizeof(*s->ms), by_size);
    return s->ms[WARM_UP + (saves - WARM_UP) / 2];
}

int main(int argc, char **argv)
{
    const int saves = argc > 2 ? atoi(argv[2]) : SAVES_DEFAULT;
    struct side without, with;
    double a, b;

    if (argc < 2 || saves <= WARM_UP) {
        fprintf(stderr, "usage: save_cost FOLDER [SAVES]\n");
        return 2;
    }
    open_side(&without, argv[1], "without", false, saves);
    open_side(&with, argv[1], "with", true, saves);
    for (int i = 0; i < saves; i++) {
        save(&without, i, saves);
        save(&with, i, saves);
    }
    a = middle(&without, saves);
    b = middle(&with, saves);
    printf("%d saves, median: %.2f ms without the safety copy, %.2f ms with "
           "it: %.2f times\n",
           saves, a, b, b / a);
    evlog_close(without.log);
    evlog_close(with.log);
    store_close(without.store);
    store_close(with.store);
    machine_close(without.machine);
    machine_close(with.machine);
    return 0;
}
