/*
 * page_devices.h - what the list of tablets and the page of one share. Who
 * looks after tablets sees them; content only who may read records.
 */
#ifndef SYNC_SERVER_PAGE_DEVICES_H
#define SYNC_SERVER_PAGE_DEVICES_H

#include "sync-server/page.h"

struct page_devices {
    struct council *council;
    struct session *session;
    struct page_rights rights;
};
/* Who asks; a refusal was answered then. */
MUST_USE enum err page_devices_start(struct route_call *call,
                                     struct page_devices *out,
                                     bool *is_answered_out);
/* Tags: in use, to be enrolled anew, access ended; was copied. */
void page_put_device_state(const struct sdb_device *d, struct buf *out);

#endif /* SYNC_SERVER_PAGE_DEVICES_H */
