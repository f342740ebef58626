/*
 * records.h - the two files for people in a bundle, computed from its
 * events: records.csv (RFC 4180: one row a record, with all its fields) and
 * records.geojson (RFC 7946). The exporter writes them, the verifier makes
 * them anew and compares, so both are pure functions of the events.
 *
 * Restricted and sealed records never appear. A field in conflict shows all
 * its values, joined by " | ", and the column "conflict" says yes.
 */
#ifndef CORE_RECORDS_H
#define CORE_RECORDS_H

#include "core/buf.h"
#include "core/bundle.h"

/* `events` ascending by position. ERR_NOMEM or ERR_TOO_LONG. */
MUST_USE enum err records_csv(const struct bundle_event *events, size_t count,
                              struct buf *out);
MUST_USE enum err records_geojson(const struct bundle_event *events,
                                  size_t count, struct buf *out);

struct evlog;
/* records.csv of all that this tablet holds and may show. */
MUST_USE enum err records_log_csv(struct evlog *log, struct buf *out);

/* One value (CBOR) as records.csv writes it; data NULL: "(struck)". */
void records_item(struct bytes item, struct buf *out);
/* "2026-10-16T09:42:00.000Z" */
void records_time(int64_t ms, struct buf *out);

#endif /* CORE_RECORDS_H */
