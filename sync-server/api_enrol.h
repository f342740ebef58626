/*
 * api_enrol.h - how a tablet gets and keeps its certificate. Messages and
 * refusals: core/enrol.h.
 */
#ifndef SYNC_SERVER_API_ENROL_H
#define SYNC_SERVER_API_ENROL_H

#include "sync-server/route.h"

/* The roles that an officer may have; NULL after the last. */
const char *api_enrol_role(size_t n);

enum err api_ca(struct route_call *call);    /* GET /v1/ca, web: DER */
enum err api_enrol(struct route_call *call); /* POST /v1/enrol, web */
enum err api_renew(struct route_call *call); /* POST /v1/renew, device */
enum err api_rekey(struct route_call *call); /* POST /v1/rekey, web */

/* A device that may rekey once, within a day: an administrator's word. */
#define API_META_REKEY                                    \
    "rekey:" /* and the device's id: deadline, decimal ms \
              */
#define API_META_COUNCIL "council-name"

#endif /* SYNC_SERVER_API_ENROL_H */
