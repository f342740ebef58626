#include "ui/kit/text.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two screens' worth of strings; when full the cache starts again. */
#define CACHE_MAX 1024
#define WORD_MAX  40
#define FAMILIES  "Noto Sans, Noto Sans Arabic, Noto Naskh Arabic, sans-serif"
/* Of Noto Sans, in thousandths of the size (hhea table). */
#define NOTO_ASCENT  1069
#define NOTO_DESCENT 293

struct cached {
    uint64_t key; /* 0: free */
    PangoLayout *layout;
};

struct text_engine {
    PangoFontMap *fonts;
    PangoContext *contexts[2];          /* left-to-right, right-to-left */
    char lang[8];                       /* of both contexts */
    struct cached cache[CACHE_MAX * 2]; /* half full at most */
    int used;
};

static void set_font_options(PangoContext *context)
{
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_destroy(options);
}

enum err text_new(struct text_engine **engine_out)
{
    struct text_engine *e = calloc(1, sizeof(*e));

    if (e == NULL) {
        return ERR_NOMEM;
    }
    e->fonts = pango_cairo_font_map_new();
    for (int i = 0; i < 2; i++) {
        e->contexts[i] = pango_font_map_create_context(e->fonts);
        set_font_options(e->contexts[i]);
        pango_context_set_base_dir(e->contexts[i], i ? PANGO_DIRECTION_RTL
                                                     : PANGO_DIRECTION_LTR);
    }
    *engine_out = e;
    return ERR_OK;
}

static void drop_all(struct text_engine *e)
{
    for (size_t i = 0; i < ARRAY_LEN(e->cache); i++) {
        if (e->cache[i].key != 0) {
            g_object_unref(e->cache[i].layout);
            e->cache[i].key = 0;
        }
    }
    e->used = 0;
}

void text_free(struct text_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    drop_all(engine);
    g_object_unref(engine->contexts[0]);
    g_object_unref(engine->contexts[1]);
    g_object_unref(engine->fonts);
    free(engine);
}

/* Design, tokens 4: small type grows fully, large type less. */
static double grow(enum type type, int percent)
{
    const int size = type_faces[type].size;
    const double more = (percent - 100) / 100.0;

    if (type == TYPE_BAR || type == TYPE_BAR_CLOCK) {
        return 1 + more * 0.5; /* so that a title stays on its one line */
    }
    if (size <= 24) {
        return 1 + more;
    }
    return 1 + more * (size <= 40 ? 0.6 : 0.3);
}

int text_type_size(enum type type, int percent)
{
    const int size = type_faces[type].size;

    return (int)lround(size * grow(type, percent));
}

int text_type_line(enum type type, int percent, const char *lang)
{
    const struct type_face *face = &type_faces[type];
    const double script = strcmp(lang, "ar") == 0 ? 1.15 : 1.0;

    return (int)lround(face->line * grow(type, percent) * script);
}

static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *at = data;

    for (size_t i = 0; i < len; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.*): it loses an int's bytes */
        hash = (hash ^ at[i]) * 0x100000001b3u;
    }
    return hash;
}

static uint64_t job_key(const struct text_job *job)
{
    const int parts[] = {
        (int)job->type,  job->percent, job->width,
        job->one_line,   job->is_rtl,  (int)job->align,
        job->span_count, job->lang[0], job->lang[0] == 0 ? 0 : job->lang[1]
    };
    uint64_t key = mix(0xcbf29ce484222325u, job->text, job->len);

    key = mix(key, parts, sizeof(parts));
    for (int i = 0; i < job->span_count; i++) {
        const struct text_span *s = &job->spans[i];
        const uint32_t bits[] = { s->from, s->to, s->look, s->color };

        key = mix(key, bits, sizeof(bits));
    }
    return key == 0 ? 1 : key;
}

static void add_attr(PangoAttrList *list, PangoAttribute *attr,
                     const struct text_span *s)
{
    attr->start_index = s->from;
    attr->end_index = s->to;
    pango_attr_list_insert(list, attr);
}

static guint16 channel(uint32_t rgb, int shift)
{
    return (guint16)(((rgb >> shift) & 255) * 257);
}

static void add_span(PangoAttrList *list, const struct text_span *s)
{
    const guint16 r = channel(s->color, 16);
    const guint16 g = channel(s->color, 8);
    const guint16 b = channel(s->color, 0);

    if (s->look & (TEXT_BOLD | TEXT_LINK)) {
        add_attr(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), s);
    }
    if (s->look & TEXT_STRIKE) {
        add_attr(list, pango_attr_strikethrough_new(TRUE), s);
        add_attr(list, pango_attr_strikethrough_color_new(r, g, b), s);
    }
    if (s->look & TEXT_LINK) {
        add_attr(list, pango_attr_foreground_new(r, g, b), s);
    }
}

static void set_attributes(PangoLayout *layout, const struct text_job *job)
{
    const struct type_face *face = &type_faces[job->type];
    PangoAttrList *list = pango_attr_list_new();

    /* Arabic is never letter-spaced: its letters join. */
    if (face->spacing != 0 && !job->is_rtl) {
        pango_attr_list_insert(list, pango_attr_letter_spacing_new(
                                         face->spacing * PANGO_SCALE / 10));
    }
    pango_attr_list_insert(list, pango_attr_font_features_new("tnum=1"));
    /* A mark at a broken word would be one that nobody wrote. */
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
    for (int i = 0; i < job->span_count; i++) {
        add_span(list, &job->spans[i]);
    }
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

static PangoAlignment pango_side(const struct text_job *job)
{
    switch (job->align) {
    case TEXT_CENTER:
        return PANGO_ALIGN_CENTER;
    case TEXT_END:
        return job->is_rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT;
    default:
        return job->is_rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
    }
}

/* Hebrew, Arabic and their presentation forms (Unicode, Bidi_Class R, AL). */
static bool is_rtl_letter(gunichar c)
{
    return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
           (c >= 0xFE70 && c <= 0xFEFF);
}

/*
 * A paragraph runs as its first strong letter does (design, components 3),
 * inserted values between isolates not counted; without any, as the
 * language does. It stays aligned as the language is.
 */
static bool runs_rtl(const struct text_job *job)
{
    const char *end = job->text + job->len;
    int depth = 0;

    for (const char *at = job->text; at < end; at = g_utf8_next_char(at)) {
        const gunichar c = g_utf8_get_char(at);

        if (c >= 0x2066 && c <= 0x2068) {
            depth++;
        } else if (c == 0x2069) {
            depth -= depth > 0;
        } else if (depth == 0 && g_unichar_isalpha(c)) {
            return is_rtl_letter(c);
        }
    }
    return job->is_rtl;
}

/* Longer than any word of a language: it is broken where the line ends. */
static bool has_endless_word(const struct text_job *job)
{
    size_t letters = 0;

    for (size_t i = 0; i < job->len && letters <= WORD_MAX; i++) {
        const bool is_tail = ((uint8_t)job->text[i] & 0xC0) == 0x80;

        letters = job->text[i] == ' ' || job->text[i] == '\n' ? 0
                  : is_tail                                   ? letters
                                                              : letters + 1;
    }
    return letters > WORD_MAX;
}

static PangoLayout *make_layout(struct text_engine *e,
                                const struct text_job *job)
{
    PangoLayout *layout = pango_layout_new(e->contexts[runs_rtl(job)]);
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, FAMILIES);
    pango_font_description_set_weight(
        font, (PangoWeight)type_faces[job->type].weight);
    pango_font_description_set_absolute_size(
        font, text_type_size(job->type, job->percent) * (double)PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, job->text, (int)job->len);
    set_attributes(layout, job);
    pango_layout_set_alignment(layout, pango_side(job));
    if (job->width > 0) {
        pango_layout_set_width(layout, job->width * PANGO_SCALE);
        pango_layout_set_wrap(layout, has_endless_word(job)
                                          ? PANGO_WRAP_WORD_CHAR
                                          : PANGO_WRAP_WORD);
    }
    if (job->one_line) {
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_height(layout, -1);
    }
    return layout;
}

/* A context's language is part of each of its layouts. */
static void use_language(struct text_engine *e, const char *lang)
{
    if (strcmp(e->lang, lang) == 0) {
        return;
    }
    drop_all(e);
    snprintf(e->lang, sizeof(e->lang), "%s", lang);
    for (int i = 0; i < 2; i++) {
        pango_context_set_language(e->contexts[i],
                                   pango_language_from_string(lang));
    }
}

/* The layout stays the engine's. */
static PangoLayout *get_layout(struct text_engine *e,
                               const struct text_job *job)
{
    const uint64_t key = job_key(job);
    size_t at = (size_t)(key % ARRAY_LEN(e->cache));

    use_language(e, job->lang);
    if (e->used >= CACHE_MAX) {
        drop_all(e);
    }
    while (e->cache[at].key != 0) {
        if (e->cache[at].key == key) {
            return e->cache[at].layout;
        }
        at = (at + 1) % ARRAY_LEN(e->cache);
    }
    e->cache[at].key = key;
    e->cache[at].layout = make_layout(e, job);
    e->used++;
    return e->cache[at].layout;
}

static int to_dp(int units)
{
    return (units + PANGO_SCALE - 1) / PANGO_SCALE;
}

struct text_size text_measure(struct text_engine *engine,
                              const struct text_job *job)
{
    PangoLayout *layout = get_layout(engine, job);
    struct text_size size = { 0 };
    PangoLayoutIter *it = pango_layout_get_iter(layout);

    size.line = text_type_line(job->type, job->percent, job->lang);
    do {
        PangoRectangle ink;

        pango_layout_iter_get_line_extents(it, NULL, &ink);
        size.last = to_dp(ink.width);
        size.width = size.last > size.width ? size.last : size.width;
        size.lines++;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
    size.height = size.lines * size.line;
    size.is_cut = pango_layout_is_ellipsized(layout);
    size.too_wide = job->width > 0 && size.width > job->width;
    return size;
}

static double baseline(const struct text_job *job)
{
    const int size = text_type_size(job->type, job->percent);
    const int line = text_type_line(job->type, job->percent, job->lang);
    const double content = size * (NOTO_ASCENT + NOTO_DESCENT) / 1000.0;

    return floor((line - content) / 2 + size * NOTO_ASCENT / 1000.0 + 0.5);
}

void text_draw(struct text_engine *engine, cairo_t *cr,
               const struct text_job *job, int x, int y, uint32_t color)
{
    PangoLayout *layout = get_layout(engine, job);
    const int line = text_type_line(job->type, job->percent, job->lang);
    double base = y + baseline(job);
    PangoLayoutIter *it = pango_layout_get_iter(layout);

    cairo_set_source_rgb(cr, channel(color, 16) / 65535.0,
                         channel(color, 8) / 65535.0,
                         channel(color, 0) / 65535.0);
    do {
        PangoRectangle extents;

        pango_layout_iter_get_line_extents(it, NULL, &extents);
        cairo_move_to(cr, x + extents.x / (double)PANGO_SCALE, base);
        pango_cairo_show_layout_line(cr,
                                     pango_layout_iter_get_line_readonly(it));
        base += line;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
}

static int line_of(PangoLayout *layout, int index)
{
    int line = 0;

    pango_layout_index_to_line_x(layout, index, FALSE, &line, NULL);
    return line;
}

int text_index_at(struct text_engine *engine, const struct text_job *job, int x,
                  int y)
{
    PangoLayout *layout = get_layout(engine, job);
    const int line = text_type_line(job->type, job->percent, job->lang);
    const int count = pango_layout_get_line_count(layout);
    int n = y / line;
    int index = 0;
    int trailing = 0;

    n = n < 0 ? 0 : n;
    n = n >= count ? count - 1 : n;
    pango_layout_line_x_to_index(pango_layout_get_line_readonly(layout, n),
                                 x * PANGO_SCALE, &index, &trailing);
    for (; trailing > 0 && index < (int)job->len; trailing--) {
        index = (int)(g_utf8_next_char(job->text + index) - job->text);
    }
    return index;
}

void text_caret(struct text_engine *engine, const struct text_job *job,
                int index, int *x_out, int *y_out)
{
    PangoLayout *layout = get_layout(engine, job);
    PangoRectangle strong;

    pango_layout_get_cursor_pos(layout, index, &strong, NULL);
    *x_out = strong.x / PANGO_SCALE;
    *y_out = line_of(layout, index) *
             text_type_line(job->type, job->percent, job->lang);
}
