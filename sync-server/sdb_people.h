/*
 * sdb_people.h - the storage contract, second part: devices and their keys,
 * officers, teams and roles, one-time codes, certificates, alarms.
 *
 * These rows are what the service decides by on every request; the events
 * that say the same to the tablets are appended by council.h.
 */
#ifndef SYNC_SERVER_SDB_PEOPLE_H
#define SYNC_SERVER_SDB_PEOPLE_H

#include "sync-server/sdb.h"

#define SDB_TEXT_MAX 128 /* names and numbers, bytes of UTF-8 with NUL */

/* Stored: append only. */
enum sdb_device_state {
    SDB_DEVICE_ACTIVE = 1,
    SDB_DEVICE_REENROL = 2, /* forked: uploads are taken, nothing goes down */
    SDB_DEVICE_REVOKED = 3  /* uploads are taken into quarantine */
};

struct sdb_device {
    struct uuid id;
    char name[SDB_TEXT_MAX];
    bool is_kiosk;
    bool has_weak_storage;
    enum sdb_device_state state;
    struct ec_public seal_key; /* the newest; older ones: sdb_key_find */
    int64_t enrolled_ms;
    int64_t seen_ms;           /* last request, receive time */
    uint64_t revoked_position; /* 0: never */
    struct uuid forked;        /* incarnation, zero: none */
};
typedef enum err (*sdb_device_fn)(void *ctx, const struct sdb_device *d);

MUST_USE enum err sdb_device_put(struct sdb *db, const struct sdb_device *d);
MUST_USE enum err sdb_device_get(struct sdb *db, const struct uuid *id,
                                 struct sdb_device *out);
MUST_USE enum err sdb_device_all(struct sdb *db, sdb_device_fn fn, void *ctx);

struct sdb_officer {
    struct uuid id;
    char number[SDB_TEXT_MAX]; /* unique in the council */
    char name[SDB_TEXT_MAX];
    bool is_active;
};
typedef enum err (*sdb_officer_fn)(void *ctx, const struct sdb_officer *o);

MUST_USE enum err sdb_officer_put(struct sdb *db, const struct sdb_officer *o);
MUST_USE enum err sdb_officer_get(struct sdb *db, const struct uuid *id,
                                  struct sdb_officer *out);
MUST_USE enum err sdb_officer_by_number(struct sdb *db, const char *number,
                                        struct sdb_officer *out);
MUST_USE enum err sdb_officer_all(struct sdb *db, sdb_officer_fn fn, void *ctx);
/* Adding what is there already is ERR_OK. Role: its name as in the events
 * ("team-leader"). */
MUST_USE enum err sdb_officer_join_team(struct sdb *db,
                                        const struct uuid *officer,
                                        const struct uuid *team);
MUST_USE enum err sdb_officer_add_role(struct sdb *db,
                                       const struct uuid *officer,
                                       const char *role);
MUST_USE enum err sdb_officer_has_role(struct sdb *db,
                                       const struct uuid *officer,
                                       const char *role, bool *out);
MUST_USE enum err sdb_officer_teams(struct sdb *db, const struct uuid *officer,
                                    sdb_id_fn fn, void *ctx);
/* As subscription ids: see enum wire_subscription. */
MUST_USE enum err sdb_officer_roles(struct sdb *db, const struct uuid *officer,
                                    sdb_id_fn fn, void *ctx);
void sdb_role_id(const char *role, struct uuid *out);

MUST_USE enum err sdb_team_put(struct sdb *db, const struct uuid *id,
                               const char *name);
/* Who may open that tablet; downloads are for these officers only. */
MUST_USE enum err sdb_device_allow(struct sdb *db, const struct uuid *device,
                                   const struct uuid *officer);
MUST_USE enum err sdb_device_allows(struct sdb *db, const struct uuid *device,
                                    const struct uuid *officer, bool *out);
/* Every officer allowed on it. */
MUST_USE enum err sdb_device_officers(struct sdb *db, const struct uuid *device,
                                      sdb_id_fn fn, void *ctx);

/* A one-time code: 24 h, five tries, one use. */
struct sdb_enrolment {
    struct hash secret;  /* SHA-256 of the secret; never the secret */
    struct uuid device;  /* that it will become */
    struct uuid officer; /* the only one there; zero: any of the council's */
    char name[SDB_TEXT_MAX];
    bool is_kiosk;
    bool allows_weak_storage;
    int64_t expires_ms;
    unsigned tries;
    int64_t used_ms; /* 0: not yet */
};
MUST_USE enum err sdb_enrolment_put(struct sdb *db,
                                    const struct sdb_enrolment *e);
MUST_USE enum err sdb_enrolment_get(struct sdb *db, const struct hash *secret,
                                    struct sdb_enrolment *out);

struct sdb_certificate {
    struct hash fingerprint; /* SHA-256 of its DER */
    struct uuid device;
    int64_t not_before_ms, not_after_ms;
    bool is_revoked;
};
MUST_USE enum err sdb_certificate_put(struct sdb *db,
                                      const struct sdb_certificate *c);
MUST_USE enum err sdb_certificate_get(struct sdb *db, const struct hash *print,
                                      struct sdb_certificate *out);

/* Shown on the console until somebody closes it. */
struct sdb_alarm {
    uint64_t id; /* filled in by sdb_alarm_add */
    int64_t at_ms;
    enum err code; /* ERR_FORK, ERR_WENT_BACK, ... */
    struct uuid device, incarnation;
    char text[256];
    bool is_closed;
};
typedef enum err (*sdb_alarm_fn)(void *ctx, const struct sdb_alarm *a);
MUST_USE enum err sdb_alarm_add(struct sdb *db, const struct sdb_alarm *a);
MUST_USE enum err sdb_alarm_all(struct sdb *db, sdb_alarm_fn fn, void *ctx);

/* --- blobs: what headers name, and what of it is here --- */

struct sdb_blob {
    struct hash name;
    uint64_t size; /* as the first PATCH said; 0: not known yet */
    bool is_held;
    uint64_t position; /* of the event that named it first */
    int64_t held_ms;
    bool is_erased; /* never wanted, never given */
};
typedef enum err (*sdb_blob_fn)(void *ctx, const struct sdb_blob *b);
/* Those whose file is here since `since_ms`. */
MUST_USE enum err sdb_blob_held(struct sdb *db, int64_t since_ms,
                                sdb_blob_fn fn, void *ctx);
MUST_USE enum err sdb_blob_put(struct sdb *db, const struct sdb_blob *b);
MUST_USE enum err sdb_blob_get(struct sdb *db, const struct hash *name,
                               struct sdb_blob *out);
struct sdb_counts {
    uint64_t events, quarantined, blobs, blobs_held, devices, alarms;
};
MUST_USE enum err sdb_counts(struct sdb *db, struct sdb_counts *out);

#endif /* SYNC_SERVER_SDB_PEOPLE_H */
