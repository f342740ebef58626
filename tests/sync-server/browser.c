#include "tests/sync-server/browser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync-server/admin.h"
#include "sync-server/secret.h"

#define ORIGIN "https://council.example"

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static void keep_cookies(struct browser *b)
{
    for (size_t i = 0; i < b->r.header_count; i++) {
        const char *at = b->r.headers[i];

        if (strncmp(at, "Set-Cookie: " SESSION_COOKIE "=", 27) == 0) {
            snprintf(b->session, sizeof(b->session), "%.*s",
                     (int)strcspn(at + 27, ";"), at + 27);
        } else if (strncmp(at, "Set-Cookie: " SESSION_FORM "=", 24) == 0) {
            snprintf(b->form, sizeof(b->form), "%.*s",
                     (int)strcspn(at + 24, ";"), at + 24);
        }
    }
}

const char *browser_ask(struct desk *d, struct browser *b,
                        enum service_method method, const char *path,
                        const char *body)
{
    static struct service_request in;
    const size_t len = strcspn(path, "?");

    memset(&in, 0, sizeof(in));
    in.listener = LISTENER_WEB;
    in.method = method;
    snprintf(in.path, sizeof(in.path), "%.*s", (int)len, path);
    snprintf(in.query, sizeof(in.query), "%s",
             path[len] == '?' ? path + len + 1 : "");
    snprintf(in.host, sizeof(in.host), "council.example");
    snprintf(in.origin, sizeof(in.origin), ORIGIN);
    snprintf(in.address, sizeof(in.address), "192.0.2.1");
    snprintf(in.content_type, sizeof(in.content_type),
             "application/x-www-form-urlencoded");
    snprintf(in.cookie, sizeof(in.cookie),
             SESSION_COOKIE "=%s; " SESSION_FORM "=%s", b->session, b->form);
    in.body = text_of(body);
    buf_fini(&b->r.body);
    service_handle(d->service, &in, &b->r);
    in.body = text_of(""); /* `body` is the caller's */
    keep_cookies(b);
    return buf_text(&b->r.body);
}

void browser_sign_in(struct desk *d, struct browser *b, const char *number,
                     const char *pass)
{
    char body[400];

    memset(b, 0, sizeof(*b));
    (void)browser_ask(d, b, METHOD_GET, "/sign-in", "");
    snprintf(body, sizeof(body), "token=%s&number=%s&passphrase=%s", b->form,
             number, pass);
    (void)browser_ask(d, b, METHOD_POST, "/sign-in", body);
}

void browser_add_officer(struct desk *d, const struct browser_officer *o)
{
    struct admin_request r = { .count = 6 };
    struct council *c = service_council(d->service);
    struct buf wrapped, request, out;
    struct bytes text;
    struct ec_key key;
    enum err code;

    buf_init(&wrapped, SECRET_WRAPPED_MAX);
    buf_init(&request, 8192);
    buf_init(&out, 8192);
    assert_ok(crypto_ec_new(port_random(c->port), &key));
    assert_ok(secret_wrap(text_of(o->pass),
                          (struct bytes){ key.d, sizeof(key.d) },
                          port_random(c->port), &wrapped));
    r.argument[0] = text_of("officer");
    r.argument[1] = text_of(o->number);
    r.argument[2] = text_of(o->name);
    r.argument[3] = text_of(o->role);
    r.argument[4] = buf_bytes(&wrapped);
    r.argument[5] =
        (struct bytes){ (const uint8_t *)&key.pub, sizeof(key.pub) };
    admin_request_put(&request, &r);
    admin_handle(c, buf_bytes(&request), &out);
    assert_ok(admin_answer_parse(buf_bytes(&out), &code, &text));
    assert_ok(code);
    buf_fini(&wrapped);
    buf_fini(&request);
    buf_fini(&out);
}

void browser_keep(const char *name, const char *page)
{
    const char *dir = getenv("PAGE_OUT");
    char path[512];
    FILE *f;

    if (dir == NULL) {
        return;
    }
    snprintf(path, sizeof(path), "%s/%s.html", dir, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    fputs(page, f);
    fclose(f);
}
