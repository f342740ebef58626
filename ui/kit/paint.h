/*
 * paint.h - the pen of the widgets: boxes, words and icons by token.
 */
#ifndef UI_KIT_PAINT_H
#define UI_KIT_PAINT_H

#include "ui/kit/ui.h"

uint32_t ui_rgb(const struct ui *ui, enum color color);

/* Returns the command's index for draw_set_height. */
int ui_box(struct ui *ui, struct rect r, enum color fill, enum color edge,
           int edge_w, int radius);
/* A card: surface and hairline, stronger in high contrast. */
int ui_card(struct ui *ui, struct rect r);
void ui_hline(struct ui *ui, int x, int y, int w, enum color color);
/* A square of `size` with its corner at (x, y). */
void ui_icon(struct ui *ui, int x, int y, int size, enum icon icon,
             enum color color);
/* An icon beside text grows with it, to 44 dp at most. */
int ui_icon_size(const struct ui *ui, int size);

/*
 * Words in a box; returns the height they take. With UI_MID they are
 * centred in r.h; else they begin at r.y and r.h is not looked at.
 */
int ui_text(struct ui *ui, struct rect r, enum type type, enum color color,
            int flags, const char *text);
int ui_text_spans(struct ui *ui, struct rect r, enum type type,
                  enum color color, const char *text,
                  const struct text_span *spans, int span_count);

/* Width of the last line of such a text. */
int ui_spans_last_width(struct ui *ui, int width, enum type type,
                        const char *text, const struct text_span *spans,
                        int span_count);

/* Height of such a text. */
int ui_spans_height(struct ui *ui, int width, enum type type, const char *text,
                    const struct text_span *spans, int span_count);
/* Width of one line, and height when wrapped in `width`. */
int ui_text_width(struct ui *ui, enum type type, const char *text);
int ui_text_height(struct ui *ui, enum type type, const char *text, int width);
struct text_size ui_text_size(struct ui *ui, enum type type, const char *text,
                              int width, int flags);
int ui_line(const struct ui *ui, enum type type);

/* printf into the frame's memory. */
const char *ui_fmt(struct ui *ui, const char *format, ...) PRINTF(2, 3);
/* `text` between U+2068 and U+2069: it keeps its own direction. */
const char *ui_iso(struct ui *ui, const char *text);

/* At 125, 150 and 200 % this part has the given size. */
int ui_step(const struct ui *ui, int at_100, int at_150, int at_200);

#endif /* UI_KIT_PAINT_H */
