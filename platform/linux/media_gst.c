/*
 * media.h by GStreamer 1. A pipeline is written as text, as gst-launch has
 * it; what leaves it is pulled from appsinks, what ends it from its bus.
 */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/media.h"

#define PIPELINE_MAX 1000
#define CAMERAS_MAX  10 /* /dev/video0 .. */

/* Any shape up to PHOTO_LARGE_PX a side; pixels are square. */
#define BGR                                           \
    "video/x-raw,format=BGRx,pixel-aspect-ratio=1/1," \
    "width=(int)[16,1600],height=(int)[16,1600]"
#define PICTURES                                                 \
    "appsink name=pictures max-buffers=1 drop=true async=false " \
    "wait-on-eos=false sync="
#define FILE_SINK "appsink name=file sync=false async=false"

struct media {
    GstElement *pipe;
    GstElement *pictures; /* NULL: none come */
    GstElement *file;     /* NULL: nothing is recorded */
    GstSample *sample;    /* of the picture given last */
    GstBuffer *mapped;    /* of it, while its bytes are lent */
    GstMapInfo map;
    _Atomic int64_t length_ns; /* a thread of GStreamer counts */
    enum media_state state;
};

/* --- what there is --- */

bool media_has_camera(const char *source)
{
    char path[24];

    if (source != NULL) {
        return true;
    }
    for (int i = 0; i < CAMERAS_MAX; i++) {
        (void)snprintf(path, sizeof(path), "/dev/video%d", i);
        if (access(path, R_OK | W_OK) == 0) {
            return true;
        }
    }
    return false;
}

bool media_has_microphone(const char *source)
{
    return source != NULL || access("/dev/snd", R_OK) == 0;
}

/* --- a pipeline --- */

/* The plug-ins are looked for at the first use only: they take memory. */
static bool is_ready(void)
{
    return gst_is_initialized() || gst_init_check(NULL, NULL, NULL);
}

static GstPadProbeReturn count_length(GstPad *pad, GstPadProbeInfo *info,
                                      gpointer ctx)
{
    const GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    struct media *m = ctx;

    (void)pad;
    if (GST_BUFFER_DURATION_IS_VALID(buffer)) {
        atomic_fetch_add(&m->length_ns, (int64_t)GST_BUFFER_DURATION(buffer));
    }
    return GST_PAD_PROBE_OK;
}

/* What goes into the element called "meter" is what was recorded. */
static void watch_length(struct media *m)
{
    GstElement *meter = gst_bin_get_by_name(GST_BIN(m->pipe), "meter");
    GstPad *pad;

    if (meter == NULL) {
        return;
    }
    pad = gst_element_get_static_pad(meter, "sink");
    if (pad != NULL) {
        gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, count_length, m,
                          NULL);
        gst_object_unref(pad);
    }
    gst_object_unref(meter);
}

static enum err parse(const char *text, struct media **out)
{
    struct media *m = mem_alloc(sizeof(*m));
    GError *error = NULL;

    if (m == NULL) {
        return ERR_NOMEM;
    }
    m->pipe = is_ready() ? gst_parse_launch_full(
                               text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error)
                         : NULL;
    if (error != NULL) {
        g_error_free(error);
    }
    if (m->pipe == NULL) { /* a plug-in that isn't installed, mostly */
        mem_free(m);
        return ERR_UNSUPPORTED;
    }
    gst_object_ref_sink(m->pipe);
    m->pictures = gst_bin_get_by_name(GST_BIN(m->pipe), "pictures");
    m->file = gst_bin_get_by_name(GST_BIN(m->pipe), "file");
    watch_length(m);
    *out = m;
    return ERR_OK;
}

static enum err start(struct media *m, struct media **out)
{
    if (gst_element_set_state(m->pipe, GST_STATE_PLAYING) ==
        GST_STATE_CHANGE_FAILURE) {
        media_close(m);
        return ERR_NOT_FOUND;
    }
    *out = m;
    return ERR_OK;
}

/* The pipeline as text; its length as snprintf says it. */
static int describe(enum media_kind kind, const char *source,
                    char text[PIPELINE_MAX])
{
    switch (kind) {
    case MEDIA_LOOK:
        return snprintf(text, PIPELINE_MAX,
                        "%s ! videoconvert ! videoscale ! " BGR " ! " PICTURES
                        "false",
                        source);
    case MEDIA_VIDEO:
        return snprintf(
            text, PIPELINE_MAX,
            "%s ! videoconvert ! videoscale ! videorate ! "
            "video/x-raw,pixel-aspect-ratio=1/1,framerate=15/1,"
            "width=(int)[16,640],height=(int)[16,640] ! tee name=t "
            "t. ! queue leaky=downstream max-size-buffers=2 ! "
            "videoconvert ! " BGR " ! " PICTURES "false "
            "t. ! queue ! videoconvert ! vp8enc name=meter deadline=1 "
            "cpu-used=8 target-bitrate=700000 keyframe-max-dist=30 ! "
            "webmmux streamable=true ! " FILE_SINK,
            source);
    case MEDIA_VOICE:
        return snprintf(
            text, PIPELINE_MAX,
            "%s ! audioconvert ! audioresample ! "
            "audio/x-raw,rate=48000,channels=1 ! opusenc name=meter "
            "bitrate=24000 ! oggmux max-page-delay=200000000 ! " FILE_SINK,
            source);
    }
    return -1;
}

enum err media_open(enum media_kind kind, const char *source,
                    struct media **out)
{
    const bool is_voice = kind == MEDIA_VOICE;
    const bool has =
        is_voice ? media_has_microphone(source) : media_has_camera(source);
    /* A camera may send JPEG pictures: decodebin finds what they need. */
    const char *own = is_voice ? "autoaudiosrc" : "v4l2src ! decodebin";
    char text[PIPELINE_MAX];
    struct media *m = NULL;
    enum err err;
    int n;

    if (!has) {
        return ERR_NOT_FOUND;
    }
    n = describe(kind, source != NULL ? source : own, text);
    if (n < 0 || n >= PIPELINE_MAX) {
        return ERR_TOO_LONG;
    }
    err = parse(text, &m);
    return err ? err : start(m, out);
}

enum err media_play(struct bytes file, bool is_video, const char *sink,
                    struct media **out)
{
    char text[PIPELINE_MAX];
    struct media *m = NULL;
    GstElement *in;
    GstBuffer *buffer;
    enum err err;
    int n =
        is_video
            ? snprintf(text, sizeof(text),
                       "appsrc name=in ! matroskademux ! vp8dec "
                       "name=meter ! videoconvert ! " BGR " ! " PICTURES "true")
            : snprintf(text, sizeof(text),
                       "appsrc name=in ! oggdemux ! opusdec name=meter ! "
                       "audioconvert ! audioresample ! %s",
                       sink != NULL ? sink : "autoaudiosink");

    if (n < 0 || (size_t)n >= sizeof(text)) {
        return ERR_TOO_LONG;
    }
    err = parse(text, &m);
    if (err)
        return err;
    in = gst_bin_get_by_name(GST_BIN(m->pipe), "in");
    buffer = gst_buffer_new_memdup(file.data, file.len);
    (void)gst_app_src_push_buffer(GST_APP_SRC(in), buffer); /* takes it */
    (void)gst_app_src_end_of_stream(GST_APP_SRC(in));
    gst_object_unref(in);
    return start(m, out);
}

static void give_back(struct media *m)
{
    if (m->mapped != NULL) {
        gst_buffer_unmap(m->mapped, &m->map);
        m->mapped = NULL;
    }
    if (m->sample != NULL) {
        gst_sample_unref(m->sample);
        m->sample = NULL;
    }
}

void media_close(struct media *m)
{
    if (m == NULL) {
        return;
    }
    give_back(m);
    gst_element_set_state(m->pipe, GST_STATE_NULL);
    if (m->pictures != NULL) {
        gst_object_unref(m->pictures);
    }
    if (m->file != NULL) {
        gst_object_unref(m->file);
    }
    gst_object_unref(m->pipe);
    mem_free(m);
}

/* --- what comes out --- */

enum media_state media_state(struct media *m)
{
    GstBus *bus = gst_element_get_bus(m->pipe);
    GstMessage *said;

    while (m->state != MEDIA_FAILED &&
           (said = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR |
                                                 GST_MESSAGE_EOS)) != NULL) {
        m->state = GST_MESSAGE_TYPE(said) == GST_MESSAGE_EOS ? MEDIA_ENDED
                                                             : MEDIA_FAILED;
        gst_message_unref(said);
    }
    gst_object_unref(bus);
    return m->state;
}

bool media_picture(struct media *m, struct media_picture *out)
{
    const GstStructure *shape;
    GstSample *sample =
        m->pictures == NULL
            ? NULL
            : gst_app_sink_try_pull_sample(GST_APP_SINK(m->pictures), 0);
    int width = 0, height = 0;

    if (sample == NULL) {
        return false;
    }
    give_back(m);
    m->sample = sample;
    shape = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
    if (!gst_structure_get_int(shape, "width", &width) ||
        !gst_structure_get_int(shape, "height", &height) || width < 1 ||
        height < 1 ||
        !gst_buffer_map(gst_sample_get_buffer(sample), &m->map, GST_MAP_READ)) {
        return false;
    }
    m->mapped = gst_sample_get_buffer(sample);
    *out = (struct media_picture){ .pixels = m->map.data,
                                   .width = (uint32_t)width,
                                   .height = (uint32_t)height };
    return m->map.size >= (size_t)width * (size_t)height * 4;
}

enum err media_bytes(struct media *m, struct buf *out)
{
    GstSample *sample;

    while (m->file != NULL && !out->err &&
           (sample = gst_app_sink_try_pull_sample(GST_APP_SINK(m->file), 0)) !=
               NULL) {
        GstBuffer *buffer = gst_sample_get_buffer(sample);
        GstMapInfo map;

        if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
            buf_put(out, map.data, map.size);
            gst_buffer_unmap(buffer, &map);
        }
        gst_sample_unref(sample);
    }
    return out->err;
}

int64_t media_length_ms(const struct media *m)
{
    return atomic_load(&m->length_ns) / 1000000;
}

void media_end(struct media *m)
{
    (void)gst_element_send_event(m->pipe, gst_event_new_eos());
}
