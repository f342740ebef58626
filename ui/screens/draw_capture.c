/* draw_capture.c - the page before the camera: what it sees, one button. */
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/photo.h"

static bool is_ready(const struct photo_page *p, const struct view_capture *v)
{
    return v->state == CAPTURE_LIVE || v->state == CAPTURE_RECORDS ||
           (p->taking == CAPTURE_VOICE && v->state == CAPTURE_OFF);
}

/* --- what kind --- */

static int draw_kinds(struct ui *ui, struct rect r, const struct photo_page *p)
{
    static const char *const keys[] = { "photo", "video", "voice", "sketch" };
    const char *const labels[] = { tr("Photo"), tr("Video"), tr("Voice note"),
                                   tr("Sketch") };
    const struct tabs t = { .id = CTL_PHOTO_KIND,
                            .labels = labels,
                            .keys = keys,
                            .count = 4,
                            .chosen = (int)p->taking - CAPTURE_PHOTO };

    r.h = tabs_height(ui, &t, r.w);
    tabs_draw(ui, r, &t);
    return r.h;
}

/* --- what is seen or heard --- */

struct words {
    enum icon icon;
    const char *title;
    const char *detail;
};

static struct words words_of(const struct photo_page *p,
                             const struct view_capture *v)
{
    const bool is_voice = p->taking == CAPTURE_VOICE;
    const struct words none = {
        is_voice ? ICON_MIC : ICON_CAMERA,
        is_voice ? tr("This tablet has no microphone support")
                 : tr("This tablet has no camera support"),
        tr("Everything else in the log goes on as before.")
    };
    const struct words lost = {
        ICON_WARN,
        is_voice ? tr("The microphone stopped") : tr("The camera stopped"),
        tr("What was taken before is kept, and so is the log.")
    };
    const struct words rests = { ICON_CAMERA, tr("The camera is closed"),
                                 tr("It takes the battery. Open it again.") };
    const struct words starts = { ICON_CAMERA, tr("One moment"),
                                  tr("The camera starts.") };
    const struct words speak = { ICON_MIC, tr("Ready to record"),
                                 tr("Press Record and speak. Say when it is "
                                    "somebody else’s words.") };

    return v->state == CAPTURE_NONE     ? none
           : v->state == CAPTURE_LOST   ? lost
           : is_voice                   ? speak
           : v->state == CAPTURE_STARTS ? starts
                                        : rests;
}

/* In the middle; they scroll where large text leaves too little room. */
static void draw_words(struct ui *ui, struct rect r, const struct words *w)
{
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r);

    y += r.h < 360 ? 0 : (r.h - 240) / 2;
    y +=
        empty_draw(ui, rect_make(r.x, y, r.w, 0), w->icon, w->title, w->detail);
    ui_scroll_end(ui, y);
}

/* "0:12 of 5:00", with a bar. */
static int draw_length(struct ui *ui, struct rect r,
                       const struct view_capture *v)
{
    const char *text =
        ui_fmt(ui, tr("%s of %s"), ui_iso(ui, fmt_clip(ui, v->length_ms)),
               ui_iso(ui, fmt_clip(ui, v->most_ms)));
    int h = ui_text(ui, r, TYPE_TITLE_S, COLOR_TEXT, UI_CENTER, text) + 8;

    progress_draw(ui, rect_make(r.x, r.y + h, r.w, 8),
                  v->most_ms > 0 ? (int)(v->length_ms * 1000 / v->most_ms) : 0);
    return h + 8;
}

static void draw_seen(struct ui *ui, struct rect r, const struct image *image)
{
    int w = r.w;
    int h = r.w * image->height / image->width;

    if (h > r.h) {
        h = r.h;
        w = r.h * image->width / image->height;
    }
    (void)draw_image(&ui->list,
                     rect_make(r.x + (r.w - w) / 2, r.y + (r.h - h) / 2, w, h),
                     image, R_FIELD);
}

static void draw_main(struct ui *ui, struct rect r, const struct photo_page *p,
                      const struct app *app)
{
    const struct view_capture *v = &app_views(app)->capture;
    const struct image *image = app_image(app, v->image);
    const bool is_live = is_ready(p, v) && p->taking != CAPTURE_VOICE;
    const struct words words = words_of(p, v);

    if (v->state == CAPTURE_RECORDS) {
        const int h = draw_length(ui, r, v) + 16;

        r.y += h;
        r.h -= h;
    }
    if (is_live && image != NULL && image->width > 0 && image->height > 0) {
        draw_seen(ui, r, image);
    } else if (v->state == CAPTURE_RECORDS) {
        const int side = ui_icon_size(ui, S_ICON) * 2;

        ui_icon(ui, r.x + (r.w - side) / 2, r.y + (r.h - side) / 2, side,
                ICON_MIC, COLOR_DANGER_TEXT);
    } else {
        draw_words(ui, r, &words);
    }
}

/* --- the button --- */

static void draw_action(struct ui *ui, struct rect row,
                        const struct photo_page *p,
                        const struct view_capture *v)
{
    const bool is_over =
        v->state == CAPTURE_LOST ||
        (v->state == CAPTURE_OFF && p->taking != CAPTURE_VOICE);
    const bool records = v->state == CAPTURE_RECORDS;
    const struct button shoot = {
        .kind = BUTTON_PRIMARY,
        .id = CTL_PHOTO_SHOOT,
        .icon = records                      ? ICON_STOP
                : p->taking == CAPTURE_PHOTO ? ICON_CAMERA
                : p->taking == CAPTURE_VOICE ? ICON_MIC
                                             : ICON_PLAY,
        .label = records                      ? tr("Stop and keep")
                 : v->state == CAPTURE_STARTS ? tr("One moment")
                 : p->taking == CAPTURE_PHOTO ? tr("Take photo")
                                              : tr("Record"),
        .is_disabled = !is_ready(p, v)
    };
    const struct button again = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_PHOTO_AGAIN,
                                  .icon = ICON_RESTART,
                                  .label = tr("Open it again") };

    if (is_over) {
        button_at_end(ui, &row, 0, &again);
    } else if (p->taking != CAPTURE_SCAN && v->state != CAPTURE_NONE) {
        button_at_end(ui, &row, 0, &shoot);
    }
}

void photo_take_draw(const struct photo_page *p, const struct app *app,
                     struct ui *ui)
{
    const struct views *v = app_views(app);
    const bool is_scan = p->taking == CAPTURE_SCAN;
    const struct frame frame = { .title = is_scan ? tr("Scan a code")
                                          : p->taking == CAPTURE_PHOTO
                                              ? tr("Photo")
                                          : p->taking == CAPTURE_VIDEO
                                              ? tr("Video")
                                              : tr("Voice note"),
                                 .has_back = true,
                                 .has_actions = true };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    struct rect r = areas.main;
    int y = r.y + 12;

    if (is_scan) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                     tr("Hold the QR code or barcode before the camera. A "
                        "photo of the log is looked at, too.")) +
             12;
    } else if (v->capture.state != CAPTURE_RECORDS) {
        y += draw_kinds(ui, rect_make(r.x, y, r.w, 0), p) + 12;
    }
    draw_main(ui, rect_make(r.x, y, r.w, r.y + r.h - y - 12), p, app);
    ui_part(ui, UI_ACTIONS);
    draw_action(ui, areas.actions, p, &v->capture);
    ui_part(ui, UI_CONTENT);
}
