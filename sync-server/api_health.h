/*
 * api_health.h - is it alive, and how much is there: for a load balancer
 * and for Prometheus (text format 0.0.4), on the loopback listener.
 */
#ifndef SYNC_SERVER_API_HEALTH_H
#define SYNC_SERVER_API_HEALTH_H

#include "sync-server/route.h"

enum err api_healthz(struct route_call *call);
enum err api_metrics(struct route_call *call);

#endif /* SYNC_SERVER_API_HEALTH_H */
