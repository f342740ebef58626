#include "core/tablet.h"
#include "core/tablet_internal.h"

enum err tablet_sync(struct tablet *t, struct sync **out)
{
    const struct sync_options options = { .log = t->log,
                                          .port = t->port,
                                          .officers = t->officers,
                                          .officer_count = t->officer_count,
                                          .is_metered = t->is_metered };

    if (t->sync == NULL) {
        const enum err err = sync_open(&options, &t->sync);

        if (err) {
            return err;
        }
        t->sync_close = sync_close;
    }
    *out = t->sync;
    return ERR_OK;
}
