/* mvt_geometry.h - a feature's commands into points (for mvt.c only). */
#ifndef CORE_MVT_GEOMETRY_H
#define CORE_MVT_GEOMETRY_H

#include "core/mvt.h"

/*
 * Walks `commands` by the rules of `f->type` (specification 4.3): a line is
 * MoveTo 1, LineTo n; a ring is MoveTo 1, LineTo n, ClosePath 1. `version` 1
 * knew no rules, so there a ClosePath may end a line too. Positions wrap at
 * 32 bits, as encoders count. ERR_BAD_DATA otherwise.
 */
MUST_USE enum err mvt_geometry(struct arena *arena, struct bytes commands,
                               uint32_t version, struct mvt_feature *f);

#endif /* CORE_MVT_GEOMETRY_H */
