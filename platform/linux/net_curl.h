/*
 * net_curl.h - one exchange by libcurl, for net*.c only: everything that
 * belongs to a request, and how libcurl's codes become ours.
 */
#ifndef PLATFORM_LINUX_NET_CURL_H
#define PLATFORM_LINUX_NET_CURL_H

#include <curl/curl.h>

#include "platform/linux/net.h"

/* Copies of the options, with NULs. */
struct net_curl_config {
    struct buf url, authority, certificate, key, proxy;
    bool has_proxy;
    size_t answer_max;
};

/* One request, copied, and its answer. */
struct net_curl_job {
    struct net_request request;
    struct buf path, content_type, body;
    struct curl_slist *headers;
    struct buf answer;
    bool is_too_long;
    bool has_offset;
    uint64_t upload_offset;
    char error[CURL_ERROR_SIZE];
};

/* Sets all options of `easy` for this job; ERR_NOMEM. */
MUST_USE enum err net_curl_prepare(CURL *easy,
                                   const struct net_curl_config *config,
                                   struct net_curl_job *job);

/* What the finished transfer means. */
void net_curl_finish(CURL *easy, CURLcode code,
                     const struct net_curl_config *config,
                     struct net_curl_job *job, struct net_answer *out);

#endif /* PLATFORM_LINUX_NET_CURL_H */
