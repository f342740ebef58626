#include "ui/worker/form_types.h"

#include <stdio.h>
#include <string.h>

/* The groups of categories.json behind the tiles, and their icons. */
static const struct {
    const char *kind;  /* as the tile says */
    const char *group; /* id in categories.json */
} groups[] = {
    { "asb", "ASB" },      { "env", "ENV" },        { "hate", "HATE" },
    { "care", "WEL" },     { "suspicious", "SUS" }, { "security", "PSO" },
    { "vehicle", "VEH" },  { "tension", "TEN" },    { "prevent", "PRV" },
    { "engage", "ENG" },   { "survey", "SUR" },     { "asset", "AST" },
    { "training", "TRN" },
};

/* Icons of types; those most often seen on a beat come first on the page. */
static const struct {
    const char *code, *icon;
} types[] = {
    { "ASB-03", "asb" },       { "ASB-09", "bottle" },
    { "ASB-11", "volume" },    { "ASB-12", "beg" },
    { "ASB-04", "neighbour" }, { "ASB-02", "car" },
    { "ASB-16", "bike" },      { "ASB-19", "damage" },
    { "ASB-05", "env" },       { "ASB-06", "paw" },
    { "ASB-13", "spark" },     { "ASB-07", "fence" },
    { "ASB-01", "truck" },     { "ASB-18", "warn" },
    { "ASB-08", "phone" },     { "ASB-10", "eye" },
    { "ASB-20", "ban" },       { "ASB-21", "ban" },
    { "ENV-03", "truck" },     { "ENV-01", "env" },
    { "ENV-04", "edit" },      { "ENV-09", "bin" },
    { "ENV-10", "house" },     { "ENV-07", "paw" },
    { "ENV-06", "warn" },      { "ENV-05", "image" },
    { "ENV-14", "damage" },    { "ENV-13", "lamp" },
    { "ENV-15", "alert" },     { "ENV-12", "bottle" },
    { "ENV-02", "tree" },      { "ENV-11", "beg" },
    { "ENV-08", "paw" },       { "ENV-16", "spark" },
    { "ENV-17", "spark" },     { "WEL-01", "moon" },
    { "WEL-04", "search" },    { "WEL-07", "bottle" },
    { "WEL-05", "kit" },       { "WEL-06", "alert" },
    { "WEL-02", "care" },      { "WEL-03", "person" },
    { "WEL-15", "speech" },    { "WEL-10", "house" },
    { "WEL-11", "spark" },     { "WEL-12", "locate" },
    { "WEL-08", "link" },      { "WEL-09", "link" },
    { "WEL-13", "phone" },     { "WEL-14", "paw" },
    { "PSO-02", "camera" },    { "PSO-03", "lamp" },
    { "PSO-01", "eye" },       { "PSO-04", "fence" },
    { "PSO-05", "key" },       { "PSO-07", "truck" },
    { "PSO-08", "team" },      { "PSO-10", "kit" },
    { "PSO-11", "hate" },      { "PSO-09", "out" },
    { "PSO-06", "tree" },      { "PSO-12", "care" },
    { "PSO-13", "bin" },       { "PSO-14", "person" },
    { "PSO-15", "volume" },    { "PSO-16", "list" },
    { "PSO-17", "review" },    { "VEH-01", "truck" },
    { "VEH-04", "ban" },       { "VEH-02", "car" },
    { "VEH-03", "timer" },     { "VEH-05", "calendar" },
    { "VEH-06", "env" },       { "ENG-02", "neighbour" },
    { "ENG-01", "speech" },    { "ENG-03", "council" },
    { "ENG-04", "team" },      { "ENG-07", "house" },
    { "ENG-05", "flag" },      { "ENG-06", "person" },
    { "ENG-08", "patrol" },    { "ENG-09", "speech" },
    { "SUR-02", "walk" },      { "SUR-01", "shield" },
    { "SUR-05", "house" },     { "SUR-03", "calendar" },
    { "SUR-04", "signal" },    { "AST-02", "kit" },
    { "AST-03", "hate" },      { "AST-04", "care" },
    { "AST-01", "camera" },    { "AST-05", "lamp" },
    { "AST-06", "fence" },     { "TRN-01", "id" },
    { "TRN-02", "team" },      { "TRN-03", "speech" },
    { "TRN-04", "list" },
};

#define HATE "HATE"

static const struct {
    const char *category, *strand;
} strands[] = {
    { "HATE-RACE", "race" },
    { "HATE-REL", "religion" },
    { "HATE-SO", "sexual_orientation" },
    { "HATE-DIS", "disability" },
    { "HATE-TRANS", "transgender" },
    { "HATE-OTHER", "other" },
};

const char *form_types_of_strands(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(strands); i++) {
        if (strcmp(strands[i].strand, text) == 0) {
            return strands[i].category;
        }
    }
    return HATE;
}

bool form_types_follows(const char *category)
{
    for (size_t i = 0; i < ARRAY_LEN(strands); i++) {
        if (strcmp(strands[i].category, category) == 0) {
            return true;
        }
    }
    return strcmp(category, HATE) == 0;
}

const char *form_types_default(const char *kind)
{
    return strcmp(kind, "hate") == 0 ? HATE : "";
}

const char *form_types_group(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        if (strcmp(groups[i].kind, kind) == 0) {
            return groups[i].group;
        }
    }
    return "";
}

static size_t rank_of(const char *code)
{
    size_t i = 0;

    while (i < ARRAY_LEN(types) && strcmp(types[i].code, code) != 0) {
        i++;
    }
    return i;
}

/* Puts one type in its place among those listed so far. */
static void add_type(struct view_log *v, const struct category *c)
{
    const size_t rank = rank_of(c->id);
    int at = v->type_count++;

    while (at > 0 && rank_of(v->types[at - 1].code) > rank) {
        v->types[at] = v->types[at - 1];
        at--;
    }
    v->types[at] = (struct view_type){ .code = "" };
    snprintf(v->types[at].code, VIEW_ID_SIZE, "%s", c->id);
    snprintf(v->types[at].label, VIEW_NAME_SIZE, "%s", c->short_label);
    snprintf(v->types[at].icon, sizeof(v->types[at].icon), "%s",
             rank < ARRAY_LEN(types) ? types[rank].icon : "");
}

void form_types_list(const struct category_list *all, const char *kind,
                     struct view_log *v)
{
    const char *group = form_types_group(kind);

    v->type_count = 0;
    for (size_t i = 0; i < all->count && v->type_count < VIEW_TYPES; i++) {
        const struct category *c = &all->list[i];

        if (strcmp(c->id, group) == 0) {
            snprintf(v->title, sizeof(v->title), "%s", c->label);
            snprintf(v->marking, sizeof(v->marking), "%s", c->marking);
            if (form_types_follows(group)) {
                add_type(v, c);
            }
        }
        if (c->parent != NULL && strcmp(c->parent, group) == 0 &&
            !c->is_retired && !form_types_follows(c->id)) {
            add_type(v, c);
        }
    }
}
