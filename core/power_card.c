#include "core/power_card.h"

#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/limits.h"

static bool take(const struct json *text, char *out, size_t size)
{
    if (text == NULL || text->type != JSON_TEXT || text->text[0] == '\0' ||
        strlen(text->text) >= size) {
        return false;
    }
    memcpy(out, text->text, strlen(text->text) + 1);
    return true;
}

/* "2027-03-31", so that days compare as texts. */
static bool take_day(const struct json *text, char out[CARD_DAY_SIZE])
{
    static const char shape[CARD_DAY_SIZE] = "dddd-dd-dd";

    if (!take(text, out, CARD_DAY_SIZE)) {
        return false;
    }
    for (size_t i = 0; i < CARD_DAY_SIZE; i++) {
        if (shape[i] == 'd' ? out[i] < '0' || out[i] > '9'
                            : out[i] != shape[i]) {
            return false;
        }
    }
    return true;
}

static bool take_card(const struct json *object, struct power_card *out)
{
    const struct json *powers = json_get(object, "powers");

    if (!take(json_get(object, "issuer"), out->issuer, sizeof(out->issuer)) ||
        !take_day(json_get(object, "from"), out->from) ||
        !take_day(json_get(object, "until"), out->until) || powers == NULL ||
        powers->type != JSON_ARRAY || powers->count > CARD_POWERS) {
        return false;
    }
    for (const struct json *at = powers->first; at != NULL; at = at->next) {
        if (!take(at, out->powers[out->power_count++], CARD_CODE_SIZE)) {
            return false;
        }
    }
    return out->power_count > 0;
}

static bool take_all(const struct json *root, struct power_cards *out)
{
    const struct json *list = json_get(root, "cards");

    if (list == NULL || list->type != JSON_ARRAY || list->count > CARDS_MAX) {
        return false;
    }
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        if (!take_card(at, &out->items[out->count++])) {
            return false;
        }
    }
    return true;
}

enum err power_cards_parse(const char *json, size_t len,
                           struct power_cards *out)
{
    const struct json *root;
    struct arena arena;
    enum err err;

    memset(out, 0, sizeof(*out));
    arena_init(&arena, 4 * JSON_MAX_BYTES);
    err = json_parse(json, len, &arena, &root);
    if (!err && !take_all(root, out)) {
        memset(out, 0, sizeof(*out));
        err = ERR_BAD_DATA;
    }
    out->is_known = !err;
    arena_fini(&arena);
    return err;
}

bool power_card_holds_on(const struct power_card *card, const char *day)
{
    return strcmp(card->from, day) <= 0 && strcmp(day, card->until) <= 0;
}

static bool has_power(const struct power_card *card, const char *power)
{
    for (size_t i = 0; i < card->power_count; i++) {
        if (strcmp(card->powers[i], power) == 0) {
            return true;
        }
    }
    return false;
}

bool power_cards_have(const struct power_cards *cards, const char *power,
                      const char *day)
{
    for (size_t i = 0; i < cards->count; i++) {
        if (power_card_holds_on(&cards->items[i], day) &&
            has_power(&cards->items[i], power)) {
            return true;
        }
    }
    return false;
}

const struct power_card *power_cards_first_to_end(
    const struct power_cards *cards)
{
    const struct power_card *first = NULL;

    for (size_t i = 0; i < cards->count; i++) {
        if (first == NULL || strcmp(cards->items[i].until, first->until) < 0) {
            first = &cards->items[i];
        }
    }
    return first;
}
