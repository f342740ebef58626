/*
 * power_card.h - the cards an officer carries: accreditation by a chief officer
 * (Police Reform Act 2002 s.41), authorisation by the council. The council
 * publishes them (kind `power`, id "card/" and the officer's number):
 *
 *   { "id", "officer": number, "cards": [ * {
 *       "route": "csas" / "council", "issuer": tstr,
 *       "from": "2026-04-01", "until": "2027-03-31",   ; days, both hold
 *       "powers": [ + id ] } ] }                       ; as in the library
 *
 * An empty list: that officer holds none. What a card doesn't name, an
 * officer may not do.
 */
#ifndef CORE_POWER_CARD_H
#define CORE_POWER_CARD_H

#include "core/base.h"

#define CARD_ID_PREFIX "card/"
#define CARDS_MAX      4
#define CARD_POWERS    80 /* of one card */
#define CARD_CODE_SIZE 16
#define CARD_NAME_SIZE 64
#define CARD_DAY_SIZE  11 /* "2027-03-31" */
#define CARD_SOON_DAYS 30 /* a new one takes weeks to get */

struct power_card {
    char issuer[CARD_NAME_SIZE];
    char from[CARD_DAY_SIZE], until[CARD_DAY_SIZE];
    char powers[CARD_POWERS][CARD_CODE_SIZE];
    size_t power_count;
};

struct power_cards {
    bool is_known; /* the council has said which */
    struct power_card items[CARDS_MAX];
    size_t count;
};

/* ERR_BAD_DATA: not of this shape, or more than the limits above. */
MUST_USE enum err power_cards_parse(const char *json, size_t len,
                                    struct power_cards *out);

bool power_card_holds_on(const struct power_card *card, const char *day);
/* One of the cards that hold on `day` names that power. */
bool power_cards_have(const struct power_cards *cards, const char *power,
                      const char *day);
/* The one that ends first, lapsed ones included; NULL without any. */
const struct power_card *power_cards_first_to_end(
    const struct power_cards *cards);

#endif /* CORE_POWER_CARD_H */
