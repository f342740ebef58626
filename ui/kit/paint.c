#include "ui/kit/paint.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ICON_GROWS_TO 44

uint32_t ui_rgb(const struct ui *ui, enum color color)
{
    return palette[ui->theme][color];
}

static uint32_t argb(const struct ui *ui, enum color color)
{
    return color == COLOR_NONE ? 0 : DRAW_RGB(ui_rgb(ui, color));
}

int ui_box(struct ui *ui, struct rect r, enum color fill, enum color edge,
           int edge_w, int radius)
{
    return draw_box(&ui->list, r, argb(ui, fill), argb(ui, edge), edge_w,
                    radius);
}

int ui_card(struct ui *ui, struct rect r)
{
    const int edge_w = ui->theme == THEME_CONTRAST ? S_BORDER_STRONG : S_BORDER;

    return ui_box(ui, r, COLOR_SURFACE, COLOR_LINE, edge_w, R_CARD);
}

void ui_hline(struct ui *ui, int x, int y, int w, enum color color)
{
    (void)ui_box(ui, rect_make(x, y, w, S_BORDER), color, COLOR_NONE, 0, 0);
}

void ui_icon(struct ui *ui, int x, int y, int size, enum icon icon,
             enum color color)
{
    (void)draw_icon(&ui->list, rect_make(x, y, size, size), icon,
                    argb(ui, color), argb(ui, COLOR_ON_LIVE));
}

int ui_icon_size(const struct ui *ui, int size)
{
    const int grown = size * ui->percent / 100;

    if (size >= ICON_GROWS_TO || grown <= ICON_GROWS_TO) {
        return size >= ICON_GROWS_TO ? size : grown;
    }
    return ICON_GROWS_TO;
}

static struct text_job make_job(struct ui *ui, enum type type, int width,
                                int flags, const char *text)
{
    struct text_job job = { .text = text,
                            .len = strlen(text),
                            .type = type,
                            .percent = ui->percent,
                            .width = width,
                            .one_line = (flags & UI_LINE) != 0,
                            .is_rtl = ui->list.is_flipped,
                            .align = TEXT_START,
                            .lang = ui->list.lang };

    if (flags & UI_CENTER) {
        job.align = TEXT_CENTER;
    } else if (flags & UI_END) {
        job.align = TEXT_END;
    }
    return job;
}

static int put_text(struct ui *ui, struct rect r, struct text_job *job,
                    int flags, enum color color)
{
    struct text_size size;

    if (job->len == 0) {
        return 0;
    }
    size = text_measure(ui->engine, job);
    if (flags & UI_MID) {
        r.y += (r.h - size.height) / 2;
    }
    r.h = size.height;
    (void)draw_text(&ui->list, r, job, ui_rgb(ui, color));
    return size.height;
}

int ui_text(struct ui *ui, struct rect r, enum type type, enum color color,
            int flags, const char *text)
{
    struct text_job job = make_job(ui, type, r.w, flags, text);

    return put_text(ui, r, &job, flags, color);
}

int ui_text_spans(struct ui *ui, struct rect r, enum type type,
                  enum color color, const char *text,
                  const struct text_span *spans, int span_count)
{
    struct text_job job = make_job(ui, type, r.w, 0, text);

    job.spans = spans;
    job.span_count = span_count;
    return put_text(ui, r, &job, 0, color);
}

int ui_spans_last_width(struct ui *ui, int width, enum type type,
                        const char *text, const struct text_span *spans,
                        int span_count)
{
    struct text_job job = make_job(ui, type, width, 0, text);

    job.spans = spans;
    job.span_count = span_count;
    return text_measure(ui->engine, &job).last;
}

int ui_spans_height(struct ui *ui, int width, enum type type, const char *text,
                    const struct text_span *spans, int span_count)
{
    struct text_job job = make_job(ui, type, width, 0, text);

    job.spans = spans;
    job.span_count = span_count;
    return text_measure(ui->engine, &job).height;
}

struct text_size ui_text_size(struct ui *ui, enum type type, const char *text,
                              int width, int flags)
{
    struct text_job job = make_job(ui, type, width, flags, text);

    return text_measure(ui->engine, &job);
}

int ui_text_width(struct ui *ui, enum type type, const char *text)
{
    return ui_text_size(ui, type, text, 0, 0).width;
}

int ui_text_height(struct ui *ui, enum type type, const char *text, int width)
{
    if (text[0] == '\0') {
        return 0;
    }
    return ui_text_size(ui, type, text, width, 0).height;
}

int ui_line(const struct ui *ui, enum type type)
{
    return text_type_line(type, ui->percent, ui->list.lang);
}

const char *ui_fmt(struct ui *ui, const char *format, ...)
{
    struct draw_list *l = &ui->list;
    const size_t room = DRAW_TEXT_MAX - l->text_len;
    char *out = l->text + l->text_len;
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(out, room, format, args);
    va_end(args);
    if (len < 0 || (size_t)len >= room) {
        l->is_full = true;
        return "";
    }
    l->text_len += (uint32_t)len + 1;
    return out;
}

const char *ui_iso(struct ui *ui, const char *text)
{
    return ui_fmt(ui, "\u2068%s\u2069", text);
}

int ui_step(const struct ui *ui, int at_100, int at_150, int at_200)
{
    if (ui->percent >= 200) {
        return at_200;
    }
    return ui->percent >= 150 ? at_150 : at_100;
}
