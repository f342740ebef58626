#include "tests/ui/fake_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "ui/worker/form_desk.h"
#include "ui/worker/form_types.h"

#define FORMS_MAX 24
#define OFFSET_MS ((int64_t)3600000)

struct fake_form {
    struct category_list *categories;
    struct form *forms[FORMS_MAX];
    size_t count;
    struct form_desk desk;
};

/* The whole file; the caller frees it. */
static char *read_file(const char *name, size_t *len_out)
{
    char path[512];
    char *text = malloc(JSON_MAX_BYTES + 1);
    FILE *in;

    snprintf(path, sizeof(path), SOURCE_DIR "/assets/%s", name);
    in = fopen(path, "rb");
    if (in == NULL || text == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        abort();
    }
    *len_out = fread(text, 1, JSON_MAX_BYTES, in);
    fclose(in);
    return text;
}

static const struct form *find_form(void *ctx, const char *id, uint32_t version)
{
    struct fake_form *f = ctx;
    char name[80];
    size_t len;
    char *text;
    enum err err;

    (void)version;
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->forms[i]->id, id) == 0) {
            return f->forms[i];
        }
    }
    if (f->count == FORMS_MAX) {
        return NULL;
    }
    snprintf(name, sizeof(name), "forms/%s.json", id);
    text = read_file(name, &len);
    err = form_parse(text, len, &f->forms[f->count]);
    free(text);
    return err ? NULL : f->forms[f->count++];
}

static struct fake_form *forms_of(struct fake_app *app)
{
    struct fake_form *f = app->forms;
    size_t len;
    char *text;

    if (f != NULL) {
        return f;
    }
    f = calloc(1, sizeof(*f));
    text = read_file("categories.json", &len);
    if (f == NULL || category_list_parse(text, len, &f->categories)) {
        abort();
    }
    free(text);
    f->desk.find = find_form;
    f->desk.ctx = f;
    app->forms = f;
    return f;
}

static const struct category *chosen(const struct fake_form *f)
{
    const struct category *c = category_find(
        f->categories, form_draft_get(&f->desk.draft, "category"));

    return c != NULL ? c
                     : category_find(f->categories,
                                     form_types_group(f->desk.draft.kind));
}

static struct form_desk_now desk_now(const struct fake_app *app)
{
    return (struct form_desk_now){ .tier = chosen(app->forms)->tier,
                                   .is_first =
                                       chosen(app->forms)->priority == 1,
                                   .now_ms = app->v.status.now_ms,
                                   .offset_ms = OFFSET_MS };
}

static void show(struct fake_app *app)
{
    struct fake_form *f = app->forms;
    const struct form_desk_now now = desk_now(app);

    if (form_desk_show(&f->desk, &now, &app->v.form)) {
        abort();
    }
    app->v.form.offer_count = 2;
    snprintf(app->v.form.offers[0].text, sizeof(app->v.form.offers[0].text),
             "Market Place, stall 12");
    snprintf(app->v.form.offers[1].text, sizeof(app->v.form.offers[1].text),
             "Tanner\u2019s Row");
    form_desk_put_draft(&f->desk, OFFSET_MS, &app->v.log.draft);
    snprintf(app->v.log.marking, sizeof(app->v.log.marking), "%s",
             chosen(f)->marking);
    bridge_post(app->bridge, VIEW_FORM, &app->v.form);
}

void fake_form_open(struct fake_app *app, const char *kind)
{
    struct fake_form *f = forms_of(app);
    const struct category *group =
        category_find(f->categories, form_types_group(kind));
    char noted[32];

    if (group == NULL) {
        return; /* no tile's kind: as the worker, which tells it */
    }
    form_types_list(f->categories, kind, &app->v.log);
    if (strcmp(f->desk.draft.kind, kind) != 0 || f->desk.form[0] == '\0') {
        if (form_desk_open(&f->desk, kind, group->form,
                           (struct bytes){ NULL, 0 })) {
            abort();
        }
        snprintf(noted, sizeof(noted), "%lld",
                 (long long)(app->v.status.now_ms - OFFSET_MS));
        if (form_draft_put(&f->desk.draft, "noted", noted) ||
            form_draft_put(&f->desk.draft, "place_name",
                           app->v.log.position.name)) {
            abort();
        }
    }
    f->desk.path[0] = '\0';
    app->v.form.opened++;
    show(app);
}

static bool save(struct fake_app *app)
{
    struct fake_form *f = app->forms;
    const struct form_desk_now now = desk_now(app);
    bool is_whole;

    if (form_desk_check(&f->desk, &now, &app->v.form, &is_whole)) {
        abort();
    }
    bridge_post(app->bridge, VIEW_FORM, &app->v.form);
    if (is_whole) {
        form_desk_close(&f->desk);
    }
    return is_whole;
}

bool fake_form_handle(struct fake_app *app, const struct command *cmd)
{
    struct fake_form *f = forms_of(app);

    if (f->desk.form[0] == '\0') {
        return false;
    }
    if (cmd->kind == CMD_SAVE_FORM) {
        return save(app);
    }
    if (form_desk_handle(&f->desk, cmd, OFFSET_MS)) {
        abort();
    }
    app->v.form.opened +=
        cmd->kind == CMD_OPEN_ROW || cmd->kind == CMD_DROP_ROW;
    show(app);
    return false;
}

const char *fake_form_answer(const struct fake_app *app, const char *key)
{
    return form_draft_get(&app->forms->desk.draft, key);
}

void fake_form_close(struct fake_app *app)
{
    struct fake_form *f = app->forms;

    if (f == NULL) {
        return;
    }
    form_desk_close(&f->desk);
    for (size_t i = 0; i < f->count; i++) {
        form_free(f->forms[i]);
    }
    category_list_free(f->categories);
    free(f);
    app->forms = NULL;
}
