/*
 * library.h - what an officer looks up without a network: the documents of
 * assets/library, dated and with the source of each statement.
 *
 *   { "id", "version", "date": "2026-11-22", "title", "icon", "intro",
 *     ? "always": true,                       ; also when nobody is signed in
 *     ? "own": true,              ; about this program: needs no source
 *     "sections": [ + { "title", "items": [ + {
 *        ? "id": of a power, "title", "text",
 *        ? "number": telephone, ? "sources": [ + key ],
 *        ? "also": other words that officers look for,
 *        ? "nations": [ + "E" / "W" / "S" / "NI" ],  ; absent: everywhere
 *        ? "to_be_confirmed": true } ] } ] }
 *
 * An item without a source is one to be confirmed. Texts are English msgids.
 */
#ifndef CORE_LIBRARY_H
#define CORE_LIBRARY_H

#include "core/arena.h"
#include "core/base.h"

#define LIBRARY_SOURCES_MAX 12 /* of one item */
#define LIBRARY_NATIONS_MAX 4

struct library_item {
    const char *id; /* of the power that it is; "" for anything else */
    const char *title, *text;
    const char *number; /* to call; "" when none */
    const char *also;   /* found by these words, too; never shown */
    const char *sources[LIBRARY_SOURCES_MAX];
    size_t source_count;
    const char *nations[LIBRARY_NATIONS_MAX]; /* whose law; none: any */
    size_t nation_count;
    bool is_to_be_confirmed; /* by the council, before live use */
};

struct library_section {
    const char *title;
    const struct library_item *items;
    size_t item_count;
};

struct library_doc {
    const char *id, *date, *title, *icon, *intro;
    bool is_always;
    const struct library_section *sections;
    size_t section_count;
};

/* `out` points into `arena`. ERR_BAD_DATA: not of this shape; else as
 * json_parse(). */
MUST_USE enum err library_parse(const char *json, size_t len,
                                struct arena *arena, struct library_doc *out);

/* True when every word of `words` begins a word of the item, of its section
 * or of its document, in any case; false for no words at all. `say` gives a
 * text in the reader's language, which counts beside the English one. */
typedef const char *(*library_say_fn)(const char *msgid);
bool library_matches(const struct library_doc *doc,
                     const struct library_section *section,
                     const struct library_item *item, library_say_fn say,
                     const char *words);

#endif /* CORE_LIBRARY_H */
