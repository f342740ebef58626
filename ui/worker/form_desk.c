#include "ui/worker/form_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/vrm.h"
#include "ui/worker/form_types.h"
#include "ui/worker/hand_ink.h"

#define NUMBER_DIGITS 18 /* what the core reads */

static const struct form *find(struct form_desk *d, const char *id)
{
    const struct form *form =
        d->find(d->ctx, id, form_draft_version(&d->draft, id));

    if (form != NULL) {
        form_draft_pin(&d->draft, id, form->version);
    }
    return form;
}

static const struct form *find_child(void *ctx, const char *id)
{
    return find(ctx, id);
}

enum err form_desk_open(struct form_desk *d, const char *kind, const char *form,
                        struct bytes kept)
{
    enum err err = ERR_OK;

    form_draft_fini(&d->draft);
    d->path[0] = '\0';
    snprintf(d->form, sizeof(d->form), "%s", form);
    if (kept.len == 0 || form_draft_read(&d->draft, kept) ||
        strcmp(d->draft.kind, kind) != 0) {
        form_draft_fini(&d->draft);
        snprintf(d->draft.kind, sizeof(d->draft.kind), "%s", kind);
        err = form_draft_put(&d->draft, "category", form_types_default(kind));
    }
    if (err) {
        return err;
    }
    return find(d, d->form) != NULL ? ERR_OK : ERR_NOT_FOUND;
}

void form_desk_close(struct form_desk *d)
{
    form_draft_fini(&d->draft);
    d->form[0] = '\0';
    d->path[0] = '\0';
}

/* --- the page --- */

/* "persons.2" without its number; "" for the observation. */
static void field_of(const char *path, char out[VIEW_KEY_SIZE])
{
    snprintf(out, VIEW_KEY_SIZE, "%.*s", (int)strcspn(path, "."), path);
}

static enum err open_page(struct form_desk *d, const char *path,
                          const struct form_desk_now *now,
                          struct form_page *out)
{
    const struct form *form = find(d, d->form);
    const struct form_field *field;
    char key[VIEW_KEY_SIZE];

    *out = (struct form_page){ .form = form,
                               .draft = &d->draft,
                               .path = path,
                               .tier = now->tier,
                               .is_first = now->is_first,
                               .now_ms = now->now_ms,
                               .offset_ms = now->offset_ms,
                               .child = find_child,
                               .ctx = d };
    if (form == NULL) {
        return ERR_NOT_FOUND;
    }
    if (path[0] == '\0') {
        return ERR_OK;
    }
    field_of(path, key);
    field = form_find_key(form, key);
    if (field == NULL) {
        return ERR_NOT_FOUND;
    }
    if (field->type == FORM_TYPE_GROUP) {
        out->group = field;
    } else {
        out->form =
            field->child_form != NULL ? find(d, field->child_form) : NULL;
    }
    return out->form != NULL ? ERR_OK : ERR_NOT_FOUND;
}

static enum ask page_kind(struct form_desk *d)
{
    const struct form *form = find(d, d->form);
    const struct form_field *field;
    char key[VIEW_KEY_SIZE];

    field_of(d->path, key);
    field = form != NULL ? form_find_key(form, key) : NULL;
    return field == NULL                      ? ASK_TEXT
           : field->type == FORM_TYPE_PERSON  ? ASK_PERSON
           : field->type == FORM_TYPE_VEHICLE ? ASK_VEHICLE
                                              : ASK_GROUP;
}

static enum err show(struct form_desk *d, const struct form_desk_now *now,
                     const struct form_problems *problems, struct view_form *v)
{
    struct form_page page;
    enum err err = open_page(d, d->path, now, &page);

    if (!err) {
        err = form_page_fill(&page, problems, v);
    }
    v->page = page_kind(d);
    return err;
}

enum err form_desk_show(struct form_desk *d, const struct form_desk_now *now,
                        struct view_form *v)
{
    return show(d, now, NULL, v);
}

enum err form_desk_check(struct form_desk *d, const struct form_desk_now *now,
                         struct view_form *v, bool *is_whole_out)
{
    const bool lacks_type = form_draft_get(&d->draft, "category")[0] == '\0';
    struct form_problems problems;
    struct form_page page;
    enum err err;

    d->path[0] = '\0';
    err = open_page(d, d->path, now, &page);
    if (!err) {
        err = form_page_check_all(&page, &problems);
    }
    if (!err) {
        err = show(d, now, &problems, v);
    }
    v->lacks_type = lacks_type;
    *is_whole_out = !err && !lacks_type && problems.count == 0;
    if (!*is_whole_out) {
        v->checked++;
    }
    return err;
}

/* --- what a touch does --- */

static enum err follow_strands(struct form_desk *d)
{
    if (!form_types_follows(form_draft_get(&d->draft, "category"))) {
        return ERR_OK;
    }
    return form_draft_put(
        &d->draft, "category",
        form_types_of_strands(form_draft_get(&d->draft, "strands")));
}

static enum err put_number(struct form_desk *d, const char *key, int64_t n)
{
    char text[NUMBER_DIGITS + 8];

    snprintf(text, sizeof(text), "%lld", (long long)n);
    return form_draft_put(&d->draft, key, text);
}

/* A vehicle's mark is kept as it is compared, and its kind said, until the
 * officer says another. */
static enum err tidy_mark(struct form_desk *d, const char *key)
{
    const char *last = strrchr(key, '.');
    char style_key[VIEW_KEY_SIZE];
    char mark[VRM_SIZE];
    const char *style;
    enum err err;

    if (last == NULL || strcmp(last, ".vrm") != 0) {
        return ERR_OK;
    }
    style = vrm_read(form_draft_get(&d->draft, key), mark);
    snprintf(style_key, sizeof(style_key), "%.*s_style", (int)strlen(key), key);
    err = form_draft_put(&d->draft, key, mark);
    if (!err) {
        err =
            form_draft_put(&d->draft, style_key, mark[0] != '\0' ? style : "");
    }
    return err;
}

/* The definition behind an answer's key; NULL: common or unknown. */
static const struct form_field *field_at(struct form_desk *d, const char *key)
{
    const struct form_desk_now now = { .tier = CATEGORY_OPEN };
    const char *last = strrchr(key, '.');
    struct form_page page;
    char path[VIEW_KEY_SIZE];

    snprintf(path, sizeof(path), "%.*s", last != NULL ? (int)(last - key) : 0,
             key);
    if (open_page(d, path, &now, &page)) {
        return NULL;
    }
    return form_find_key(page.form, last != NULL ? last + 1 : key);
}

/* From nothing, the first step up is the least answer or 1. */
static enum err step(struct form_desk *d, const char *key, int by)
{
    const struct form_field *f = field_at(d, key);
    const char *text = form_draft_get(&d->draft, key);
    const int64_t least = f != NULL && f->has_min ? f->min : 0;
    int64_t n = strtoll(text, NULL, 10) + by;

    if (text[0] == '\0') {
        n = by > 0 && least < 1 ? 1 : least;
    }
    n = n < least ? least : n;
    n = f != NULL && f->has_max && n > f->max ? f->max : n;
    return put_number(d, key, n);
}

static enum err put_time(struct form_desk *d, const struct command *cmd,
                         int64_t offset_ms)
{
    if (strcmp(cmd->key, "noted") == 0) {
        d->draft.is_time_set = true;
    }
    return cmd->at_ms == 0 ? form_draft_put(&d->draft, cmd->key, "")
                           : put_number(d, cmd->key, cmd->at_ms - offset_ms);
}

static enum err put_field(struct form_desk *d, const struct command *cmd,
                          int64_t offset_ms)
{
    const bool is_same =
        strcmp(form_draft_get(&d->draft, cmd->key), cmd->text) == 0;

    switch (cmd->act) {
    case FIELD_CHOOSE:
        return form_draft_put(&d->draft, cmd->key, is_same ? "" : cmd->text);
    case FIELD_TOGGLE:
        return form_draft_toggle(&d->draft, cmd->key, cmd->text);
    case FIELD_STEP:
        return step(d, cmd->key, cmd->number);
    case FIELD_TIME:
        return put_time(d, cmd, offset_ms);
    case FIELD_WRITE:
        break;
    }
    return form_draft_put(&d->draft, cmd->key, cmd->text);
}

static enum err drop_row(struct form_desk *d, const char *key)
{
    const char *dot = strchr(key, '.');
    char field[VIEW_KEY_SIZE];

    if (dot == NULL) {
        return ERR_BAD_DATA;
    }
    field_of(key, field);
    d->path[0] = '\0';
    return form_draft_drop_row(&d->draft, field,
                               (int)strtol(dot + 1, NULL, 10));
}

/* --- a signature: one row, whose answers nobody is asked for --- */

static enum err put_part(struct form_desk *d, const char *key, const char *part,
                         const char *text)
{
    char full[VIEW_KEY_SIZE];

    snprintf(full, sizeof(full), "%.50s.1.%.20s", key, part);
    return form_draft_put(&d->draft, full, text);
}

static enum err put_strokes(struct form_desk *d, const char *key,
                            const struct view_ink *ink)
{
    struct strokes *strokes = mem_alloc(sizeof(*strokes));
    struct buf cbor;
    char *hex = NULL;
    enum err err = strokes == NULL ? ERR_NOMEM : ERR_OK;

    buf_init(&cbor, STROKES_BYTES_MAX);
    if (!err) {
        hand_ink_take(ink, strokes);
        err = strokes_put(&cbor, strokes);
    }
    if (!err) {
        hex = mem_alloc(2 * cbor.len + 1);
        err = hex == NULL ? ERR_NOMEM : ERR_OK;
    }
    if (!err) {
        hex_format(cbor.data, cbor.len, hex);
        err = put_part(d, key, "strokes", hex);
    }
    mem_free(hex);
    buf_wipe(&cbor);
    mem_free(strokes);
    return err;
}

static enum err sign_field(struct form_desk *d, const struct command *cmd,
                           int64_t offset_ms)
{
    const struct form_field *f = field_at(d, cmd->key);
    const struct hand *hand = &cmd->hand;
    char at[NUMBER_DIGITS + 8];
    enum err err;

    if (f == NULL || f->type != FORM_TYPE_SIGNATURE || d->path[0] != '\0') {
        return ERR_BAD_DATA;
    }
    err = form_draft_drop_row(&d->draft, cmd->key, 1);
    if (!err && hand->ink.width > 0) {
        err = put_strokes(d, cmd->key, &hand->ink);
    }
    snprintf(at, sizeof(at), "%lld", (long long)(cmd->at_ms - offset_ms));
    err = err ? err : put_part(d, cmd->key, "typed_name", hand->name);
    err = err ? err : put_part(d, cmd->key, "not_signed", hand->why);
    err = err ? err : put_part(d, cmd->key, "signer", hand->by);
    err = err ? err : put_part(d, cmd->key, "signed_at", at);
    return err || f->signs == NULL
               ? err
               : put_part(d, cmd->key, "statement",
                          form_draft_get(&d->draft, f->signs));
}

enum err form_desk_handle(struct form_desk *d, const struct command *cmd,
                          int64_t offset_ms)
{
    enum err err;

    switch (cmd->kind) {
    case CMD_OPEN_ROW:
        snprintf(d->path, sizeof(d->path), "%s", cmd->key);
        return ERR_OK;
    case CMD_DROP_ROW:
        return drop_row(d, cmd->key);
    case CMD_SIGN_FIELD:
        return sign_field(d, cmd, offset_ms);
    default:
        break;
    }
    err = put_field(d, cmd, offset_ms);
    if (!err) {
        err = follow_strands(d);
    }
    if (!err) {
        err = tidy_mark(d, cmd->key);
    }
    return err;
}

void form_desk_put_draft(const struct form_desk *d, int64_t offset_ms,
                         struct draft *out)
{
    const char *noted = form_draft_get(&d->draft, "noted");
    const char *place = form_draft_get(&d->draft, "place_name");
    const char *category = form_draft_get(&d->draft, "category");

    if (form_types_follows(category)) {
        category = form_types_group(d->draft.kind);
    }
    snprintf(out->kind, sizeof(out->kind), "%s", d->draft.kind);
    snprintf(out->type, sizeof(out->type), "%s", category);
    snprintf(out->place, sizeof(out->place), "%s", place);
    snprintf(out->note, sizeof(out->note), "%s",
             form_draft_get(&d->draft, "note"));
    out->is_place_set = place[0] != '\0';
    out->is_time_set = d->draft.is_time_set;
    out->people = PEOPLE_UNKNOWN;
    out->happened_ms =
        noted[0] != '\0' ? strtoll(noted, NULL, 10) + offset_ms : 0;
}
