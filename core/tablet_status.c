/* The status line of beatbookctl: see tablet.h. */
#include "core/tablet_internal.h"

enum err tablet_status_json(struct tablet *t, struct buf *out)
{
    const struct evlog_identity *id = evlog_identity(t->log);
    char device[UUID_TEXT_SIZE], incarnation[UUID_TEXT_SIZE];
    struct evlog_counts c;
    enum err err = evlog_counts(t->log, &c);

    if (err) {
        return err;
    }
    uuid_format(&id->device, device);
    uuid_format(&id->incarnation, incarnation);
    buf_printf(out,
               "{\"events\":%llu,\"waiting\":%llu,\"acknowledged\":%llu,"
               "\"quarantined\":%llu,\"received\":%llu,\"conflicts\":%llu,",
               (unsigned long long)c.own, (unsigned long long)c.waiting,
               (unsigned long long)c.acknowledged,
               (unsigned long long)c.quarantined,
               (unsigned long long)c.received, (unsigned long long)c.conflicts);
    buf_printf(
        out,
        "\"photos\":{\"made\":%llu,\"held\":%llu,\"waiting\":%llu},"
        "\"last_receipt_ms\":%lld,\"restored\":%s,"
        "\"device\":\"%s\",\"incarnation\":\"%s\"}",
        (unsigned long long)c.blobs_own, (unsigned long long)c.blobs_held,
        (unsigned long long)(c.blobs_own - c.blobs_held),
        (long long)c.last_ack_ms, evlog_was_restored(t->log) ? "true" : "false",
        device, incarnation);
    return out->err;
}
