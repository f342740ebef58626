/*
 * definitions.h - forms and categories of assets/, published as events of
 * the council, so that tablets get them like everything else.
 */
#ifndef SYNC_SERVER_DEFINITIONS_H
#define SYNC_SERVER_DEFINITIONS_H

#include "core/form.h"
#include "core/policy.h"
#include "core/profile.h"
#include "sync-server/council.h"

/* "label:" and a category's id in sdb_meta: its label, for the console. */
#define DEFINITIONS_META_LABEL "label:"
/* "form:" and a form's id: its JSON as last published. */
#define DEFINITIONS_META_FORM "form:"
/* CARD_ID_PREFIX and an officer's number: the same of the cards. */

/* One event of the council with what is defined (its title) and its JSON. */
MUST_USE enum err definitions_append(struct council *c, enum event_kind kind,
                                     const char *id, const char *json);
/* categories.json: one CATEGORY event for each. Inside a transaction. */
MUST_USE enum err definitions_add_categories(struct council *c,
                                             struct bytes json);
/* One file of forms/: one FORM event. */
MUST_USE enum err definitions_add_form(struct council *c, struct bytes json);
/* One of profiles/: whose law the council works under, read into `out`.
 * Inside a transaction. ERR_BAD_DATA. */
MUST_USE enum err definitions_add_profile(struct council *c, struct bytes json,
                                          struct profile *out);

/* policy.json: what the council decides for patrols. Inside a transaction.
 * ERR_BAD_DATA: see core/policy.h. */
MUST_USE enum err definitions_add_policy(struct council *c, struct bytes json,
                                         struct policy *out);
/* As last published, or policy_before(). */
MUST_USE enum err definitions_policy(struct council *c, struct policy *out);

/*
 * Who holds which powers: { "officers": [ power_card.h ] }, a POWER event for
 * each officer of the file whose cards are others than before. An officer that
 * the file doesn't name keeps what was said last. Inside a transaction;
 * ERR_BAD_DATA, and nothing is to be kept.
 */
MUST_USE enum err definitions_add_cards(struct council *c, struct bytes json);

/* As last published; free with form_free. ERR_NOT_FOUND. */
MUST_USE enum err definitions_form(struct council *c, const char *id,
                                   struct form **form_out);

#endif /* SYNC_SERVER_DEFINITIONS_H */
