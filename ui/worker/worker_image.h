/*
 * worker_image.h - a small derivative decoded for the screen.
 */
#ifndef UI_WORKER_WORKER_IMAGE_H
#define UI_WORKER_WORKER_IMAGE_H

#include "ui/bridge.h"

/* Posts the JPEG `small` (made by our own photo child) as image `id`.
 * ERR_BAD_DATA when it can't be decoded or is empty. */
MUST_USE enum err worker_post_image(struct bridge *bridge, uint32_t id,
                                    struct bytes small);

#endif /* UI_WORKER_WORKER_IMAGE_H */
