/* page_sign_in.c - officer number and passphrase, in and out. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/admin.h"
#include "sync-server/attempts.h"
#include "sync-server/authority.h"
#include "sync-server/page.h"
#include "sync-server/secret.h"

static void set_cookie(struct service_response *out, const char *name,
                       const char *value)
{
    route_header(out,
                 "Set-Cookie: %s=%s; Path=/; Secure; HttpOnly; "
                 "SameSite=Strict%s",
                 name, value, value[0] == '\0' ? "; Max-Age=0" : "");
}

/* The form; its token also stands in a cookie of this browser. */
static enum err reply_form(struct route_call *call, int status,
                           const char *number, const char *error)
{
    char token[SESSION_TOKEN];
    struct buf main, problem;
    enum err err = session_random(call->council, token);

    if (err)
        return err;
    buf_init(&main, 64 * 1024);
    buf_init(&problem, 8 * 1024);
    if (error != NULL) {
        const struct html_value values[] = { { "error", error } };

        page_put(&problem, "sign_in_error.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "token", token },
            { "number", number },
            { "raw_error", buf_text(&problem) },
        };

        page_put(&main, "sign_in.html", values, ARRAY_LEN(values));
    }
    set_cookie(call->out, SESSION_FORM, token);
    err = page_reply(call, status, error == NULL ? "Sign in" : "Error: sign in",
                     &main, NULL);
    buf_fini(&main);
    buf_fini(&problem);
    return err;
}

enum err page_sign_in(struct route_call *call)
{
    if (session_find(call->council, call->in) != NULL)
        return page_redirect(call, "/records");
    return reply_form(call, 200, "", NULL);
}

/* Who got in. */
struct entrant {
    struct uuid officer;
    bool has_holder; /* of the console's own key */
    struct ec_key holder;
};

/* What lies under the passphrase: the officer's key for the console; older
 * ones are empty. */
static void take_key(const struct buf *plain, struct entrant *out)
{
    if (plain->len == sizeof(out->holder.d)) {
        memcpy(out->holder.d, plain->data, sizeof(out->holder.d));
        out->has_holder = crypto_ec_derive(&out->holder) == ERR_OK;
    }
}

/* ERR_WRONG_KEY also for an officer who isn't there or has no passphrase,
 * after the same work. */
static enum err check(struct council *c, const char *number,
                      const char *passphrase, struct entrant *out)
{
    const struct bytes pass = { (const uint8_t *)passphrase,
                                strlen(passphrase) };
    char name[sizeof(ADMIN_META_PASS) + UUID_TEXT_SIZE] = ADMIN_META_PASS;
    struct sdb_officer officer;
    struct buf wrapped, plain;
    enum err err;

    buf_init(&wrapped, SECRET_WRAPPED_MAX);
    buf_init(&plain, SECRET_WRAPPED_MAX);
    err = sdb_officer_by_number(c->db, number, &officer);
    if (!err) {
        uuid_format(&officer.id, name + sizeof(ADMIN_META_PASS) - 1);
        err = authority_get(c, name, &wrapped);
    }
    if (err == ERR_NOT_FOUND) {
        err = secret_wrap(pass, (struct bytes){ NULL, 0 }, port_random(c->port),
                          &plain);
        err = err ? err : ERR_WRONG_KEY;
    } else if (!err) {
        err = secret_open(pass, buf_bytes(&wrapped), &plain);
    }
    if (!err && !officer.is_active) {
        err = ERR_WRONG_KEY;
    }
    if (!err) {
        out->officer = officer.id;
        take_key(&plain, out);
    }
    buf_wipe(&wrapped);
    buf_wipe(&plain);
    return err;
}

static enum err let_in(struct route_call *call, const struct entrant *who)
{
    char cookie[SESSION_TOKEN];
    enum err err = session_begin(call->council, &who->officer,
                                 who->has_holder ? &who->holder : NULL, cookie);

    if (err)
        return err;
    set_cookie(call->out, SESSION_COOKIE, cookie);
    set_cookie(call->out, SESSION_FORM, "");
    wipe(cookie, sizeof(cookie));
    return page_redirect(call, "/records");
}

static enum err try_in(struct route_call *call, const char *number,
                       const char *passphrase)
{
    const int64_t now = council_now(call->council);
    char who[80];
    struct entrant entrant = { .has_holder = false };
    enum err err;

    snprintf(who, sizeof(who), "officer %s", number);
    if (attempts_spent(who, now) || attempts_spent(call->in->address, now))
        return reply_form(call, 429, number,
                          "Too many wrong tries. Wait 15 minutes.");
    err = check(call->council, number, passphrase, &entrant);
    if (err == ERR_WRONG_KEY) {
        attempts_wrong(who, now);
        attempts_wrong(call->in->address, now);
        return reply_form(call, 403, number,
                          "The officer number or passphrase is wrong");
    }
    if (err)
        return err;
    attempts_right(who);
    err = let_in(call, &entrant);
    wipe(&entrant, sizeof(entrant));
    return err;
}

enum err page_sign_in_post(struct route_call *call)
{
    char token[SESSION_TOKEN], number[61], passphrase[201];
    enum err err;

    if (!session_cookie(call->in, SESSION_FORM, token) ||
        !session_form_ok(call->in, token))
        return reply_form(call, 403, "",
                          "This form was too old. Please try again.");
    if (!html_form_get(call->in->body, "number", number, sizeof(number)) ||
        !html_form_get(call->in->body, "passphrase", passphrase,
                       sizeof(passphrase)) ||
        number[0] == '\0')
        return reply_form(call, 400, "",
                          "Enter your officer number and passphrase");
    err = try_in(call, number, passphrase);
    wipe(passphrase, sizeof(passphrase));
    return err;
}

enum err page_sign_out(struct route_call *call)
{
    struct session *s = session_find(call->council, call->in);

    if (s != NULL && !session_form_ok(call->in, s->token))
        return page_message(call, 403, "Not signed out",
                            "The request did not come from our page.");
    if (s != NULL) {
        session_end(s);
    }
    set_cookie(call->out, SESSION_COOKIE, "");
    return page_redirect(call, "/sign-in");
}
