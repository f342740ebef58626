/* scene.c - both machines, made, started and stopped; the journeys. */
#include "tests/torture/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync-server/api_enrol.h"
#include "sync-server/attempts.h"
#include "sync-server/authority.h"
#include "sync-server/council.h"
#include "sync-server/definitions.h"
#include "tests/torture/scene_parts.h"
#include "tests/torture/scene_port.h"

#define START_MS ((int64_t)1790000000000)

/* Making the scene: no fault is due yet. */
#define MUST(call)                                                        \
    do {                                                                  \
        const enum err must_ = (call);                                    \
        if (must_) {                                                      \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, \
                    err_text(must_));                                     \
            abort();                                                      \
        }                                                                 \
    } while (0)

const char *scene_name(enum scene_journey j)
{
    static const char *const names[] = { "save an observation",
                                         "sync with a photo", "enrol" };

    return names[j];
}

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static void new_machine(struct scene *s, struct scene_port *p, uint64_t seed)
{
    const struct sim_port_options o = { &s->now_ms, START_MS, seed };

    MUST(sim_port_new(&o, &p->sim));
    MUST(faultvfs_new(seed, &p->disk));
    scene_port_init(p);
}

/* --- the council --- */

static void publish(struct council *c)
{
    static const char list[] =
        "{\"categories\":[{\"id\":\"ASB\",\"label\":\"ASB\",\"tier\":"
        "\"open\",\"marking\":\"OFFICIAL\",\"form\":\"asb\"}]}";
    char *form = malloc(100000);
    FILE *file = fopen(SOURCE_DIR "/assets/forms/asb.json", "rb");
    size_t len;

    ASSERT(form != NULL && file != NULL);
    len = fread(form, 1, 100000, file);
    fclose(file);
    MUST(definitions_add_categories(c, text_of(list)));
    MUST(definitions_add_form(c, (struct bytes){ (uint8_t *)form, len }));
    free(form);
}

void scene_new_code(struct scene *s, struct council *c)
{
    struct sdb_enrolment e = { .name = "Tablet", .expires_ms = INT64_MAX };

    s->secret[0]++;
    crypto_sha256((struct bytes){ s->secret, sizeof(s->secret) }, &e.secret);
    e.device.bytes[0] = 1;
    e.device.bytes[1] = s->secret[0];
    MUST(council_begin(c));
    MUST(sdb_enrolment_put(c->db, &e));
    MUST(council_commit(c));
}

static void found(struct scene *s)
{
    struct sdb_officer officer = { .number = "4127",
                                   .name = "A. Yusuf",
                                   .is_active = true };
    struct authority_files files;
    struct council *c;
    struct sdb *db;

    MUST(sdb_open("c", faultvfs_name(s->council.disk), &db));
    MUST(council_init(db, &s->council.port, "Westbrook"));
    sdb_close(db);
    MUST(scene_council_on(s));
    c = service_council(s->service);
    s->council_id = c->id;
    memset(s->officer.bytes, 0x44, sizeof(s->officer.bytes));
    officer.id = s->officer;
    MUST(council_begin(c));
    MUST(authority_init(c, "Westbrook", "localhost", text_of("a passphrase"),
                        &files));
    authority_files_fini(&files);
    MUST(sdb_meta_put(c->db, API_META_COUNCIL, text_of("West")));
    MUST(sdb_meta_put(c->db, AUTHORITY_META_LISTENER, text_of("localhost:1")));
    MUST(sdb_officer_put(c->db, &officer));
    MUST(sdb_officer_join_team(c->db, &s->officer, &c->default_team));
    publish(c);
    MUST(council_commit(c));
    MUST(authority_fingerprint(c, &s->root));
    scene_new_code(s, c);
}

enum err scene_council_on(struct scene *s)
{
    const struct service_options o = { "c", faultvfs_name(s->council.disk),
                                       &s->council.port };

    attempts_right("192.0.2.7");
    return service_open(&o, &s->service);
}

void scene_council_off(struct scene *s)
{
    service_close(s->service);
    s->service = NULL;
}

/* --- the tablet --- */

void scene_tablet_off(struct scene *s)
{
    tablet_close(s->t);
    s->t = NULL;
}

/* --- the journeys --- */

enum err scene_record(struct scene *s)
{
    static const struct tablet_text_field fields[] = {
        { "note", "shouting at the bus stop" },
        { "place", "51.5012345 -3.1912345" },
        { "people_count", "5" },
    };
    uint8_t original[700], small[150];
    const struct tablet_photo photo = {
        .original = { original, sizeof(original) },
        .small = { small, sizeof(small) },
        .media_type = "image/jpeg",
    };
    const struct tablet_new n = { .what = "ASB",
                                  .fields = fields,
                                  .field_count = ARRAY_LEN(fields),
                                  .photos = &photo,
                                  .photo_count = 1 };
    struct uuid id;
    struct buf why;
    enum err err;

    memset(original, 0x5a, sizeof(original));
    memset(small, 0xa5, sizeof(small));
    buf_init(&why, 1000);
    err = tablet_sign_in(s->t, &s->officer);
    err = err ? err : tablet_record(s->t, &n, &id, &why);
    if (!err) {
        ASSERT(s->ack_count < SCENE_ACKS_MAX);
        s->acks[s->ack_count++] = id;
    }
    buf_fini(&why);
    return err;
}

enum err scene_go(struct scene *s, enum scene_journey j)
{
    enum err err;

    if (j == SCENE_SAVE) {
        return scene_record(s);
    }
    if (j == SCENE_SYNC) {
        return scene_sync(s);
    }
    err = scene_enrol(s);
    return err ? err : scene_sync(s);
}

void scene_open(struct scene *s, enum scene_journey j)
{
    memset(s, 0, sizeof(*s));
    new_machine(s, &s->tablet, 5);
    new_machine(s, &s->council, 7);
    found(s);
    if (j != SCENE_ENROL) {
        MUST(scene_enrol(s));
        MUST(scene_sync(s));
    }
    if (j == SCENE_SYNC) {
        MUST(scene_record(s));
    }
    s->message = s->served = 0;
}

void scene_close(struct scene *s)
{
    scene_tablet_off(s);
    scene_council_off(s);
    faultvfs_free(s->tablet.disk);
    faultvfs_free(s->council.disk);
    sim_port_free(s->tablet.sim);
    sim_port_free(s->council.sim);
}

/* --- after the fault --- */

static void calm(struct scene_port *p)
{
    p->plan = p->commit = 0;
    faultvfs_kill_at_sync(p->disk, 0);
    for (int f = 0; f < FAULTVFS__COUNT; f++) {
        faultvfs_plan(p->disk, (enum faultvfs_fault)f, 0, false);
    }
}

void scene_calm(struct scene *s)
{
    calm(&s->tablet);
    calm(&s->council);
    s->cut = SCENE_CUT_NONE;
    s->is_bare = false;
}

static void reboot(struct scene_port *p, uint64_t seed)
{
    if (!faultvfs_is_killed(p->disk)) {
        return;
    }
    faultvfs_reseed(p->disk, seed);
    sim_port_reseed(p->sim, seed);
    faultvfs_restart(p->disk, true);
    sim_port_reboot(p->sim, true);
}

void scene_reboot(struct scene *s, uint64_t seed)
{
    if (faultvfs_is_killed(s->tablet.disk)) {
        scene_tablet_off(s);
    }
    if (faultvfs_is_killed(s->council.disk)) {
        scene_council_off(s);
    }
    reboot(&s->tablet, seed);
    reboot(&s->council, seed);
}

void scene_end(struct scene *s)
{
    scene_tablet_off(s);
    scene_council_off(s);
}

enum err scene_restart(struct scene *s)
{
    enum err err;

    scene_end(s);
    s->now_ms += 1000;
    err = scene_council_on(s);
    if (!err && s->wraps_len > 0) {
        err = scene_tablet_on(s);
    }
    return err;
}
