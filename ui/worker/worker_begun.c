/* worker_begun.c - what was begun and not saved: the list of drafts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/tablet_list.h"
#include "ui/worker/worker_internal.h"

struct begun {
    struct worker *w;
    struct view_begun *list;
    int count;
};

/* Of closed categories no note is told on a page that anybody may see. */
static bool is_open(struct worker *w, const char *category)
{
    const struct category_list *all;
    const struct category *c = NULL;

    if (tablet_categories(session_tablet(w->session), &all) == ERR_OK) {
        c = category_find(all, category);
    }
    return c != NULL && c->tier == CATEGORY_OPEN;
}

/* The quick log's; false: of another version of the program. */
static bool read_log(struct worker *w, struct bytes data,
                     struct view_begun *out)
{
    struct draft d;

    if (!worker_draft_read(data, &d)) {
        return false;
    }
    WORKER_PUT(out->what,
               worker_category(w, d.type[0] != '\0'
                                      ? d.type
                                      : form_types_group(out->kind)));
    WORKER_PUT(out->words, d.place[0] != '\0' ? d.place : d.note);
    out->at_ms = d.happened_ms;
    wipe(&d, sizeof(d));
    return true;
}

static const char *first_words(const struct form_draft *d, bool with_note)
{
    static const char *const keys[] = { "place_name", "note", "what" };
    const char *text = "";

    for (size_t i = 0; i < ARRAY_LEN(keys) && text[0] == '\0'; i++) {
        text = i == 0 || with_note ? form_draft_get(d, keys[i]) : "";
    }
    return text;
}

static bool read_form(struct worker *w, struct bytes data,
                      struct view_begun *out)
{
    struct form_draft d = { .kind = "" };
    const char *category;
    const char *noted;

    if (form_draft_read(&d, data)) {
        form_draft_fini(&d);
        return false;
    }
    category = form_draft_get(&d, "category");
    category = category[0] != '\0' ? category : form_types_group(d.kind);
    noted = form_draft_get(&d, "noted");
    WORKER_PUT(out->what, worker_category(w, category));
    WORKER_PUT(out->words, first_words(&d, is_open(w, category)));
    out->at_ms =
        noted[0] != '\0' ? worker_local_ms(w, strtoll(noted, NULL, 10)) : 0;
    form_draft_fini(&d);
    return true;
}

static enum err take_draft(void *ctx, const struct uuid *id, const char *form,
                           struct bytes data)
{
    struct begun *b = ctx;
    struct view_begun one = { .at_ms = 0 };
    bool is_known;

    WORKER_PUT(one.kind, form);
    uuid_format(id, one.id);
    if (strcmp(form, VIEW_ENTRY) == 0) {
        WORKER_PUT(one.what, "Notebook");
        worker_put_some(one.words, sizeof(one.words), data);
        is_known = true;
    } else if (strcmp(form, "asb") == 0) {
        is_known = read_log(b->w, data, &one);
    } else {
        is_known = read_form(b->w, data, &one);
    }
    if (is_known) {
        b->list[b->count++] = one;
    }
    wipe(&one, sizeof(one));
    return b->count == VIEW_BEGUN ? ERR_STOPPED : ERR_OK;
}

void worker_read_begun(struct worker *w, struct view_home *v)
{
    struct begun b = { w, v->begun, 0 };

    wipe(v->begun, sizeof(v->begun));
    if (tablet_drafts(session_tablet(w->session), take_draft, &b)) {
        wipe(v->begun, sizeof(v->begun));
        b.count = 0; /* told where it is opened */
    }
    v->begun_count = b.count;
}

void worker_show_begun(struct worker *w)
{
    worker_read_begun(w, &w->views->home);
    worker_post(w, VIEW_HOME, &w->views->home);
}
