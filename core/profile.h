/*
 * profile.h - which nation's law a council works under: assets/profiles, one
 * of which the council publishes (kind `power`, id "profile").
 *
 *   { "id": "profile", "version", "date", "jurisdiction": "W",
 *     "title": "Wales", "text", ? "sources": [ key ],
 *     ? "to_be_confirmed": true }
 *
 * Jurisdictions are named as powers are: "E", "W", "S", "NI".
 */
#ifndef CORE_PROFILE_H
#define CORE_PROFILE_H

#include "core/base.h"
#include "core/library.h"

#define PROFILE_ID        "profile"
#define PROFILE_CODE_SIZE 8
#define PROFILE_NAME_SIZE 64

struct profile {
    char jurisdiction[PROFILE_CODE_SIZE]; /* "": none was published */
    char title[PROFILE_NAME_SIZE];        /* English msgid */
};

/* ERR_BAD_DATA: not of this shape. */
MUST_USE enum err profile_parse(const char *json, size_t len,
                                struct profile *out);

/* False where the item is another nation's. Without a profile, or for an
 * item that names none, true: what may apply is shown. */
bool profile_has(const struct profile *profile,
                 const struct library_item *item);

#endif /* CORE_PROFILE_H */
