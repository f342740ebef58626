/*
 * scene_port.h - a port above the simulated one that fails one call, or dies
 * at one commit. Not for others than the scene.
 */
#ifndef TESTS_TORTURE_SCENE_PORT_H
#define TESTS_TORTURE_SCENE_PORT_H

#include "tests/torture/scene.h"

void scene_port_init(struct scene_port *p);
/* A call that could fail: true when this one does. */
bool scene_port_fails(struct scene_port *p);
/* Something is made durable: before it (false) and after it (true). The
 * machine may die there: then ERR_IO. */
MUST_USE enum err scene_port_commit(struct scene_port *p, bool is_after);

#endif /* TESTS_TORTURE_SCENE_PORT_H */
