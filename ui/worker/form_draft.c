#include "ui/worker/form_draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"
#include "core/mem.h"

#define FORMAT 1

static void drop(struct form_answer *a)
{
    if (a->text != NULL) {
        wipe(a->text, strlen(a->text));
    }
    mem_free(a->text);
    mem_free(a->key);
}

void form_draft_fini(struct form_draft *d)
{
    for (size_t i = 0; i < d->count; i++) {
        drop(&d->answers[i]);
    }
    mem_free(d->answers);
    *d = (struct form_draft){ .kind = "" };
}

static struct form_answer *find(const struct form_draft *d, const char *key)
{
    for (size_t i = 0; i < d->count; i++) {
        if (strcmp(d->answers[i].key, key) == 0) {
            return &d->answers[i];
        }
    }
    return NULL;
}

const char *form_draft_get(const struct form_draft *d, const char *key)
{
    const struct form_answer *a = find(d, key);

    return a != NULL ? a->text : "";
}

static void take_out(struct form_draft *d, struct form_answer *a)
{
    const size_t at = (size_t)(a - d->answers);

    drop(a);
    d->count--;
    memmove(a, a + 1, (d->count - at) * sizeof(*a));
}

static enum err add(struct form_draft *d, const char *key, const char *text)
{
    struct form_answer *more =
        mem_grow(d->answers, d->count, &d->cap, sizeof(*more));
    struct form_answer a;

    if (more == NULL) {
        return ERR_NOMEM;
    }
    d->answers = more;
    a.key = mem_text(key);
    a.text = mem_text(text);
    if (a.key == NULL || a.text == NULL) {
        drop(&a);
        return ERR_NOMEM;
    }
    d->answers[d->count++] = a;
    return ERR_OK;
}

enum err form_draft_put(struct form_draft *d, const char *key, const char *text)
{
    struct form_answer *a = find(d, key);
    char *copy;

    if (a == NULL) {
        return text[0] == '\0' ? ERR_OK : add(d, key, text);
    }
    if (text[0] == '\0') {
        take_out(d, a);
        return ERR_OK;
    }
    copy = mem_text(text);
    if (copy == NULL) {
        return ERR_NOMEM;
    }
    wipe(a->text, strlen(a->text));
    mem_free(a->text);
    a->text = copy;
    return ERR_OK;
}

/* --- sets: "a;b;c" --- */

static bool is_code(const char *at, const char *code, size_t *len_out)
{
    *len_out = strcspn(at, ";");
    return *len_out == strlen(code) && strncmp(at, code, *len_out) == 0;
}

bool form_draft_has_code(const struct form_draft *d, const char *key,
                         const char *code)
{
    const char *at = form_draft_get(d, key);
    size_t len;

    while (*at != '\0') {
        if (is_code(at, code, &len)) {
            return true;
        }
        at += len + (at[len] == ';');
    }
    return false;
}

enum err form_draft_toggle(struct form_draft *d, const char *key,
                           const char *code)
{
    const bool had = form_draft_has_code(d, key, code);
    const char *at = form_draft_get(d, key);
    struct buf text;
    size_t len;
    enum err err;

    buf_init(&text, TEXT_MAX_BYTES);
    while (*at != '\0') {
        if (!is_code(at, code, &len) && len > 0) {
            buf_printf(&text, "%s%.*s", text.len > 0 ? ";" : "", (int)len, at);
        }
        at += len + (at[len] == ';');
    }
    if (!had) {
        buf_printf(&text, "%s%s", text.len > 0 ? ";" : "", code);
    }
    err = text.err ? text.err : form_draft_put(d, key, buf_text(&text));
    buf_wipe(&text);
    return err;
}

/* --- rows: "field.N.key" --- */

/* N of such a key, and where the rest begins; 0: of another field. */
static int row_of(const char *key, const char *field, const char **rest_out)
{
    const size_t len = strlen(field);
    char *end;
    long number;

    if (strncmp(key, field, len) != 0 || key[len] != '.') {
        return 0;
    }
    number = strtol(key + len + 1, &end, 10);
    if (*end != '.' || number < 1 || number > FORM_ITEMS_MAX) {
        return 0;
    }
    *rest_out = end + 1;
    return (int)number;
}

int form_draft_rows(const struct form_draft *d, const char *field)
{
    const char *rest;
    int most = 0;

    for (size_t i = 0; i < d->count; i++) {
        const int number = row_of(d->answers[i].key, field, &rest);

        most = number > most ? number : most;
    }
    return most;
}

enum err form_draft_drop_row(struct form_draft *d, const char *field,
                             int number)
{
    for (size_t i = d->count; i-- > 0;) {
        const char *rest = "";

        if (row_of(d->answers[i].key, field, &rest) == number) {
            take_out(d, &d->answers[i]);
        }
    }
    for (size_t i = 0; i < d->count; i++) {
        const char *rest = "";
        const int at = row_of(d->answers[i].key, field, &rest);
        char key[VIEW_KEY_SIZE];
        char *copy;

        if (at <= number) {
            continue;
        }
        snprintf(key, sizeof(key), "%s.%d.%s", field, at - 1, rest);
        copy = mem_text(key);
        if (copy == NULL) {
            return ERR_NOMEM;
        }
        mem_free(d->answers[i].key);
        d->answers[i].key = copy;
    }
    return ERR_OK;
}

/* --- versions --- */

uint32_t form_draft_version(const struct form_draft *d, const char *form)
{
    for (size_t i = 0; i < d->pin_count; i++) {
        if (strcmp(d->pins[i].form, form) == 0) {
            return d->pins[i].version;
        }
    }
    return 0;
}

void form_draft_pin(struct form_draft *d, const char *form, uint32_t version)
{
    struct form_pin *pin = &d->pins[d->pin_count];

    if (d->pin_count == FORM_DRAFT_PINS || form_draft_version(d, form) != 0) {
        return;
    }
    snprintf(pin->form, sizeof(pin->form), "%s", form);
    pin->version = version;
    d->pin_count++;
}

/* --- as bytes --- */

void form_draft_write(const struct form_draft *d, struct buf *out)
{
    cbor_put_array(out, 5);
    cbor_put_uint(out, FORMAT);
    cbor_put_str(out, d->kind);
    cbor_put_bool(out, d->is_time_set);
    cbor_put_array(out, d->pin_count);
    for (size_t i = 0; i < d->pin_count; i++) {
        cbor_put_array(out, 2);
        cbor_put_str(out, d->pins[i].form);
        cbor_put_uint(out, d->pins[i].version);
    }
    cbor_put_array(out, 2 * d->count);
    for (size_t i = 0; i < d->count; i++) {
        cbor_put_str(out, d->answers[i].key);
        cbor_put_str(out, d->answers[i].text);
    }
}

static void get_text(struct cbor_reader *r, char *out, size_t size)
{
    const struct bytes text = cbor_get_text(r);

    if (text.len >= size) {
        r->err = r->err ? r->err : ERR_TOO_LONG;
        return;
    }
    if (text.len > 0) {
        memcpy(out, text.data, text.len);
    }
    out[text.len] = '\0';
}

static enum err read_answer(struct form_draft *d, struct cbor_reader *r)
{
    char key[VIEW_KEY_SIZE] = "";
    struct bytes text;
    struct buf copy;
    enum err err;

    get_text(r, key, sizeof(key));
    text = cbor_get_text(r);
    if (r->err) {
        return r->err;
    }
    buf_init(&copy, TEXT_MAX_BYTES);
    buf_put(&copy, text.data, text.len);
    err = copy.err ? copy.err : form_draft_put(d, key, buf_text(&copy));
    buf_wipe(&copy);
    return err;
}

enum err form_draft_read(struct form_draft *d, struct bytes data)
{
    struct cbor_reader r;
    enum err err = ERR_OK;
    size_t count;

    cbor_open(&r, data);
    if (cbor_get_array(&r) != 5 || cbor_get_uint(&r) != FORMAT || r.err) {
        return ERR_BAD_DATA;
    }
    get_text(&r, d->kind, sizeof(d->kind));
    d->is_time_set = cbor_get_bool(&r);
    count = cbor_get_array(&r);
    for (size_t i = 0; i < count && !r.err; i++) {
        char form[FORM_ID_MAX + 1] = "";

        if (cbor_get_array(&r) != 2) {
            return ERR_BAD_DATA;
        }
        get_text(&r, form, sizeof(form));
        form_draft_pin(d, form, (uint32_t)cbor_get_uint_max(&r, UINT32_MAX));
    }
    count = cbor_get_array(&r);
    for (size_t i = 0; i + 1 < count && !r.err && !err; i += 2) {
        err = read_answer(d, &r);
    }
    return err ? err : cbor_close(&r);
}
