/*
 * scene_parts.h - what the files of the scene share.
 */
#ifndef TESTS_TORTURE_SCENE_PARTS_H
#define TESTS_TORTURE_SCENE_PARTS_H

#include "sync-server/council.h"
#include "tests/torture/scene.h"

MUST_USE enum err scene_council_on(struct scene *s);
void scene_council_off(struct scene *s);
void scene_tablet_off(struct scene *s);
/* An administrator makes another code. */
void scene_new_code(struct scene *s, struct council *c);

/* scene.c, scene_sync.c, scene_enrol.c: what the journeys are made of. */
MUST_USE enum err scene_record(struct scene *s);
MUST_USE enum err scene_sync(struct scene *s);
MUST_USE enum err scene_enrol(struct scene *s);
/* With the PIN: the wraps, then the store. ERR_NOT_FOUND without wraps. */
MUST_USE enum err scene_tablet_on(struct scene *s);

#endif /* TESTS_TORTURE_SCENE_PARTS_H */
