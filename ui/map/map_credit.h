/*
 * map_credit.h - whom to name beside a map: its licence asks for it wherever
 * the map is seen.
 */
#ifndef UI_MAP_MAP_CREDIT_H
#define UI_MAP_MAP_CREDIT_H

#include "core/mappack.h"

/* What the pack says, as plain text: packs of others may have HTML there.
 * "" when it says nothing. */
void map_credit(const struct mappack_facts *facts, char out[MAPPACK_TEXT_SIZE]);

#endif /* UI_MAP_MAP_CREDIT_H */
