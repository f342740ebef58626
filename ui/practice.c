#include "ui/practice.h"

#include "ui/kit/tr.h"

#define BAND_H  28
#define STRIPE  14 /* dp of a stripe and of the gap beside it */
#define WORDS_X 16

int practice_band_height(void)
{
    return BAND_H;
}

/* Stripes as on a barrier: seen from across a room, in any language. */
static void draw_stripes(struct ui *ui, struct rect r)
{
    for (int x = r.x - r.h; x < r.x + r.w; x += 2 * STRIPE) {
        const struct draw_point corners[] = {
            { x, r.y + r.h },
            { x + STRIPE, r.y + r.h },
            { x + STRIPE + r.h, r.y },
            { x + r.h, r.y },
        };

        (void)draw_path(&ui->list, corners, ARRAY_LEN(corners),
                        DRAW_RGB(ui_rgb(ui, COLOR_ON_WARN)), 0, 0);
    }
}

void practice_band_draw(struct ui *ui, int height)
{
    const struct rect r =
        rect_make(0, ui->height, ui->width, height - ui->height);
    const char *words = tr("PRACTICE · made-up records, nothing is sent · "
                           "PIN 000000");
    const int was = ui->percent;
    int w;

    ui->list.height = height;
    ui->percent = 100; /* a fixed mark */
    w = ui_text_width(ui, TYPE_CAPTION_B, words) + 2 * WORDS_X;
    (void)ui_box(ui, r, COLOR_WARN, COLOR_NONE, 0, 0);
    draw_clip(&ui->list, r);
    draw_stripes(ui, r);
    (void)ui_box(ui, rect_make((r.w - w) / 2, r.y, w, r.h), COLOR_WARN,
                 COLOR_NONE, 0, 0);
    (void)ui_text(ui, r, TYPE_CAPTION_B, COLOR_ON_WARN, UI_CENTER | UI_MID,
                  words);
    draw_unclip(&ui->list);
    ui->percent = was;
}
