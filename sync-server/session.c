#include "sync-server/session.h"

#include <stdio.h>
#include <string.h>

#include "sync-server/html.h"

static struct session sessions[SESSION_MAX];

enum err session_random(struct council *c, char out[SESSION_TOKEN])
{
    const struct crypto_random random = port_random(c->port);
    uint8_t bytes[32];
    enum err err = random.fill(random.ctx, bytes, sizeof(bytes));

    if (!err) {
        hex_format(bytes, sizeof(bytes), out);
    }
    return err;
}

static void key_of(const char *cookie, struct hash *out)
{
    crypto_sha256((struct bytes){ (const uint8_t *)cookie, strlen(cookie) },
                  out);
}

static bool is_over(const struct session *s, int64_t now_ms)
{
    return s->began_ms == 0 || now_ms - s->began_ms > SESSION_LIFE_MS ||
           now_ms - s->used_ms > SESSION_IDLE_MS;
}

enum err session_begin(struct council *c, const struct uuid *officer,
                       const struct ec_key *holder,
                       char cookie_out[SESSION_TOKEN])
{
    const int64_t now = council_now(c);
    struct session *s = &sessions[0];
    enum err err;

    for (size_t i = 0; i < SESSION_MAX; i++) {
        if (is_over(&sessions[i], now)) {
            s = &sessions[i];
            break;
        }
        if (sessions[i].used_ms < s->used_ms) {
            s = &sessions[i]; /* full: the longest idle one has to go */
        }
    }
    session_end(s);
    err = session_random(c, cookie_out);
    err = err ? err : session_random(c, s->token);
    if (err)
        return err;
    key_of(cookie_out, &s->key);
    s->officer = *officer;
    s->has_holder = holder != NULL;
    if (holder != NULL) {
        s->holder = *holder;
    }
    s->began_ms = now;
    s->used_ms = now;
    return ERR_OK;
}

void session_end(struct session *s)
{
    wipe(s, sizeof(*s));
}

void session_end_all(void)
{
    wipe(sessions, sizeof(sessions));
}

bool session_cookie(const struct service_request *in, const char *name,
                    char out[SESSION_TOKEN])
{
    const size_t want = strlen(name);
    const char *at = in->cookie;

    while (*at != '\0') {
        at += strspn(at, "; ");
        if (strncmp(at, name, want) == 0 && at[want] == '=') {
            const char *value = at + want + 1;

            if (strcspn(value, "; ") != SESSION_TOKEN - 1)
                return false;
            memcpy(out, value, SESSION_TOKEN - 1);
            out[SESSION_TOKEN - 1] = '\0';
            return true;
        }
        at += strcspn(at, ";");
    }
    return false;
}

struct session *session_find(struct council *c,
                             const struct service_request *in)
{
    const int64_t now = council_now(c);
    char cookie[SESSION_TOKEN];
    struct sdb_officer officer;
    struct hash key;

    for (size_t i = 0; i < SESSION_MAX; i++) {
        if (sessions[i].began_ms != 0 && is_over(&sessions[i], now)) {
            session_end(&sessions[i]); /* no key lies about */
        }
    }
    if (!session_cookie(in, SESSION_COOKIE, cookie))
        return NULL;
    key_of(cookie, &key);
    for (size_t i = 0; i < SESSION_MAX; i++) {
        struct session *s = &sessions[i];

        if (s->began_ms == 0 || !hash_eq(&s->key, &key))
            continue;
        if (is_over(s, now) ||
            sdb_officer_get(c->db, &s->officer, &officer) != ERR_OK ||
            !officer.is_active) {
            session_end(s);
            return NULL;
        }
        s->used_ms = now;
        return s;
    }
    return NULL;
}

bool session_form_ok(const struct service_request *in, const char *want)
{
    char origin[220], token[SESSION_TOKEN];
    struct hash a, b;

    snprintf(origin, sizeof(origin), "https://%s", in->host);
    if (strcmp(origin, in->origin) != 0 ||
        strcmp(in->content_type, "application/x-www-form-urlencoded") != 0 ||
        !html_form_get(in->body, "token", token, sizeof(token)))
        return false;
    key_of(token, &a); /* equal hashes, compared in constant time */
    key_of(want, &b);
    return hash_eq(&a, &b);
}
