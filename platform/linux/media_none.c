/* media.h on a machine that was built without GStreamer. */
#include "platform/linux/media.h"

bool media_has_camera(const char *source)
{
    (void)source;
    return false;
}

bool media_has_microphone(const char *source)
{
    (void)source;
    return false;
}

enum err media_open(enum media_kind kind, const char *source,
                    struct media **out)
{
    (void)kind;
    (void)source;
    (void)out;
    return ERR_UNSUPPORTED;
}

enum err media_play(struct bytes file, bool is_video, const char *sink,
                    struct media **out)
{
    (void)file;
    (void)is_video;
    (void)sink;
    (void)out;
    return ERR_UNSUPPORTED;
}

void media_close(struct media *m)
{
    (void)m;
}

enum media_state media_state(struct media *m)
{
    (void)m;
    return MEDIA_FAILED;
}

bool media_picture(struct media *m, struct media_picture *out)
{
    (void)m;
    (void)out;
    return false;
}

enum err media_bytes(struct media *m, struct buf *out)
{
    (void)m;
    (void)out;
    return ERR_UNSUPPORTED;
}

int64_t media_length_ms(const struct media *m)
{
    (void)m;
    return 0;
}

void media_end(struct media *m)
{
    (void)m;
}
