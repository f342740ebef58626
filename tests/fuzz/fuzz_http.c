/* fuzz_http.c - any bytes: no crash, and cuts do not change the outcome. */
#include <stdlib.h>
#include <string.h>

#include "sync-server/http.h"
#include "sync-server/ipc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    enum http_step step;
    int status;
    char path[512];
    size_t used;
};

static struct outcome run(const uint8_t *data, size_t size, size_t piece)
{
    struct outcome o = { HTTP_MORE, 0, "", 0 };
    struct http h;

    http_init(&h, LISTENER_DEVICE);
    while (o.used < size && o.step != HTTP_COMPLETE && o.step != HTTP_REFUSED) {
        const size_t left = size - o.used;
        size_t used = 0;

        o.step = http_feed(
            &h, (struct bytes){ data + o.used, left < piece ? left : piece },
            &used);
        o.used += used;
        ASSERT(used > 0 || o.step != HTTP_MORE);
    }
    if (o.step == HTTP_CONTINUE) {
        o.step = HTTP_MORE; /* the body is not here */
    }
    o.status = o.step == HTTP_REFUSED ? h.refusal.status : 0;
    if (o.step == HTTP_COMPLETE) {
        memcpy(o.path, h.request.path, sizeof(o.path));
    }
    http_fini(&h);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct outcome whole = run(data, size, size + 1);
    const struct outcome cut = run(data, size, 3);
    static struct service_request request;
    static struct service_response response;
    struct ipc_peer peer;
    struct bytes body;
    char type[64];

    ASSERT(whole.step == cut.step);
    ASSERT(whole.step == HTTP_REFUSED || whole.used == cut.used);
    ASSERT(whole.status == cut.status);
    ASSERT(strcmp(whole.path, cut.path) == 0);
    (void)!ipc_request_parse((struct bytes){ data, size }, &request);
    (void)!ipc_response_parse((struct bytes){ data, size }, type, &response,
                              &body);
    (void)!ipc_peer_parse((struct bytes){ data, size }, &peer);
    return 0;
}
