/*
 * proof.h - GET /v1/proof?log=HEX&size=N&leaf=I (inclusion) or &old=N
 * (consistency): what an outsider needs to check one receipt.
 */
#ifndef SYNC_SERVER_PROOF_H
#define SYNC_SERVER_PROOF_H

#include "sync-server/route.h"

enum err proof_get(struct route_call *call);

#endif /* SYNC_SERVER_PROOF_H */
