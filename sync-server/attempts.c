#include "sync-server/attempts.h"

#include <string.h>

#include "core/crypto.h"

#define SLOTS 4096

struct slot {
    struct hash name; /* hashed: no addresses or numbers are kept */
    int64_t first_ms;
    unsigned count;
};
static struct slot slots[SLOTS];

static struct slot *slot_of(const char *name, struct hash *hash)
{
    crypto_sha256((struct bytes){ (const uint8_t *)name, strlen(name) }, hash);
    return &slots[(hash->bytes[0] | hash->bytes[1] << 8) % SLOTS];
}

bool attempts_spent(const char *name, int64_t now_ms)
{
    struct hash hash;
    const struct slot *s = slot_of(name, &hash);

    return hash_eq(&s->name, &hash) && s->count >= ATTEMPTS_MAX &&
           now_ms - s->first_ms < ATTEMPTS_WINDOW_MS;
}

void attempts_wrong(const char *name, int64_t now_ms)
{
    struct hash hash;
    struct slot *s = slot_of(name, &hash);

    if (!hash_eq(&s->name, &hash) ||
        now_ms - s->first_ms >= ATTEMPTS_WINDOW_MS) {
        s->name = hash;
        s->first_ms = now_ms;
        s->count = 0;
    }
    s->count++;
}

void attempts_right(const char *name)
{
    struct hash hash;
    struct slot *s = slot_of(name, &hash);

    if (hash_eq(&s->name, &hash)) {
        s->count = 0;
    }
}
