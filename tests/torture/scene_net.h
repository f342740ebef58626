/*
 * scene_net.h - one request and its answer as the bytes of HTTP, cut where
 * the scene says.
 */
#ifndef TESTS_TORTURE_SCENE_NET_H
#define TESTS_TORTURE_SCENE_NET_H

#include "tests/torture/scene.h"

struct scene_request {
    enum service_listener listener;
    const char *method, *path;
    const char *content_type; /* NULL: none */
    struct bytes body;
    bool has_upload;
    uint64_t upload_offset, upload_length;
};

struct scene_answer {
    int status;
    char content_type[64];
    struct buf bytes;  /* as they came */
    struct bytes body; /* a view into them */
    bool has_offset;
    uint64_t upload_offset;
    uint32_t retry_after_s;
};
void scene_answer_fini(struct scene_answer *a);

/* ERR_UNREACHABLE: no whole answer came. Free the answer in any case. */
MUST_USE enum err scene_ask(struct scene *s, const struct scene_request *r,
                            struct scene_answer *out);

#endif /* TESTS_TORTURE_SCENE_NET_H */
