/*
 * worker_image.h - pictures made ready for the screen.
 */
#ifndef UI_WORKER_WORKER_IMAGE_H
#define UI_WORKER_WORKER_IMAGE_H

#include "ui/bridge.h"

/* Posts the JPEG `small` (made by our own photo child) as image `id`.
 * ERR_BAD_DATA when it can't be decoded or is empty. */
MUST_USE enum err worker_post_image(struct bridge *bridge, uint32_t id,
                                    struct bytes small);

/* Rows of 3 bytes a pixel, without padding. */
MUST_USE enum err worker_post_rgb(struct bridge *bridge, uint32_t id,
                                  const uint8_t *rgb, uint32_t width,
                                  uint32_t height);

/* Pictures of which there is one at a time; others are counted from 1. */
#define WORKER_IMAGE_LARGE  0x40000000u
#define WORKER_IMAGE_CAMERA 0x40000001u
#define WORKER_IMAGE_SHOT   0x40000100u /* and the next: of the notebook */

#endif /* UI_WORKER_WORKER_IMAGE_H */
