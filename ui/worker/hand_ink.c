#include "ui/worker/hand_ink.h"

#include <string.h>

void hand_ink_show(const struct strokes *from, struct view_ink *to)
{
    memset(to, 0, sizeof(*to));
    to->width = (int16_t)from->width;
    to->height = (int16_t)from->height;
    for (int s = 0, i = 0; s < from->stroke_count; s++) {
        const int end = s + 1 < from->stroke_count ? from->strokes[s + 1].first
                                                   : from->point_count;

        if (s > 0 && to->count < VIEW_INK_POINTS) {
            to->points[2 * to->count] = INT16_MIN;
            to->points[2 * to->count++ + 1] = 0;
        }
        for (; i < end && to->count < VIEW_INK_POINTS; i++, to->count++) {
            to->points[2 * to->count] = from->points[2 * i];
            to->points[2 * to->count + 1] = from->points[2 * i + 1];
        }
    }
}

void hand_ink_take(const struct view_ink *from, struct strokes *to)
{
    int stroke = 0;

    strokes_begin(to, from->width, from->height);
    for (int i = 0; i < from->count; i++) {
        const bool is_lift = from->points[2 * i] == INT16_MIN;

        if (i == 0 || is_lift) {
            strokes_down(to,
                         stroke < from->stroke_count ? from->at_ms[stroke] : 0);
            stroke++;
        }
        if (!is_lift) {
            strokes_point(to, from->points[2 * i], from->points[2 * i + 1]);
        }
    }
}
