/*
 * tokens.h - the design's colours, type and sizes, one name for each.
 *
 * Code asks for a role, the theme gives the value; no screen holds a number
 * that has a unit. Sizes are dp (1 px at 160 dpi), colours 0xRRGGBB.
 */
#ifndef UI_KIT_TOKENS_H
#define UI_KIT_TOKENS_H

#include <stdint.h>

enum theme_id { THEME_DAY, THEME_NIGHT, THEME_CONTRAST, THEME__COUNT };

/* name, what it is for; the order is the order of the palettes. */
/* clang-format off */
#define COLOR_MAP(X)                                                          \
    X(BG) X(SURFACE) X(SUNKEN) X(LINE) X(LINE_STRONG) X(TEXT) X(TEXT_2)       \
    X(PRIMARY) X(ON_PRIMARY) X(PRIMARY_PRESS) X(PRIMARY_TEXT)                 \
    X(PRIMARY_SOFT) X(ON_PRIMARY_SOFT) X(LIVE) X(ON_LIVE) X(LIVE_TEXT)        \
    X(LIVE_MARK) X(SOS) X(ON_SOS) X(DANGER) X(ON_DANGER) X(DANGER_TEXT)       \
    X(DANGER_SOFT) X(ON_DANGER_SOFT) X(WARN) X(ON_WARN) X(WARN_TEXT)          \
    X(WARN_SOFT) X(ON_WARN_SOFT) X(OK) X(ON_OK) X(OK_TEXT) X(OK_SOFT)         \
    X(ON_OK_SOFT) X(SEALED) X(ON_SEALED) X(SEALED_TEXT) X(SEALED_SOFT)        \
    X(ON_SEALED_SOFT) X(RAIL) X(ON_RAIL) X(RAIL_ACTIVE) X(ON_RAIL_ACTIVE)     \
    X(DISABLED) X(ON_DISABLED) X(FOCUS) X(FOCUS_GAP) X(SCRIM) X(PAPER)        \
    X(PAPER_LINE) X(PAPER_MARGIN) X(MAP_LAND) X(MAP_BLOCK) X(MAP_BUILDING)    \
    X(MAP_ROAD) X(MAP_ROAD_MAIN) X(MAP_CASING) X(MAP_WATER) X(MAP_GREEN)      \
    X(MAP_RAIL) X(MAP_LABEL) X(MAP_HALO) X(TRACK) X(BEAT)
/* clang-format on */

#define X(name) COLOR_##name,
enum color { COLOR_MAP(X) COLOR__COUNT };
#undef X

extern const uint32_t palette[THEME__COUNT][COLOR__COUNT];

/* name, size, line, weight, letter spacing in tenths of a dp */
#define TYPE_MAP(X)              \
    X(CAPTION, 14, 20, 400, 0)   \
    X(CAPTION_B, 14, 20, 700, 0) \
    X(RAIL, 14, 18, 700, 0)      \
    X(SMALL, 16, 24, 400, 0)     \
    X(SMALL_B, 16, 24, 700, 0)   \
    X(META, 16, 22, 400, 0)      \
    X(STAT, 16, 20, 700, 0)      \
    X(STAT_M, 16, 20, 400, 0)    \
    X(BODY, 18, 28, 400, 0)      \
    X(BODY_B, 18, 28, 700, 0)    \
    X(BANNER, 18, 26, 400, 0)    \
    X(LABEL, 18, 24, 700, 0)     \
    X(SEG, 18, 22, 700, 0)       \
    X(PAGE, 18, 36, 400, 0)      \
    X(PAGE_B, 18, 36, 700, 0)    \
    X(READ, 22, 34, 400, 0)      \
    X(TITLE_S, 20, 28, 700, 0)   \
    X(TITLE, 24, 32, 700, 0)     \
    X(TITLE_M, 24, 32, 400, 0)   \
    X(BAR, 24, 32, 700, 0)       \
    X(BAR_CLOCK, 20, 28, 700, 0) \
    X(SOS, 24, 28, 700, 0)       \
    X(PIN, 28, 36, 700, 0)       \
    X(HEAD, 32, 40, 700, 0)      \
    X(DISPLAY, 44, 52, 700, 0)   \
    X(NUMERAL, 56, 58, 700, -5)  \
    X(CLOCK, 88, 96, 700, -20)   \
    X(PLATE, 16, 20, 700, 10)

#define X(name, size, line, weight, spacing) TYPE_##name,
enum type { TYPE_MAP(X) TYPE__COUNT };
#undef X

struct type_face {
    uint8_t size;
    uint8_t line;
    int16_t weight;
    int16_t spacing; /* tenths of a dp */
};
extern const struct type_face type_faces[TYPE__COUNT];

/* Sizes, dp. */
#define S_TOUCH_MIN     56
#define S_TOUCH_PRIMARY 72
#define S_WRITTEN_MIN   36 /* WCAG 2.2, 2.5.8 AA asks for 24 */
#define S_TOUCH_GAP     8
#define S_ICON_S        20
#define S_ICON          24
#define S_ICON_M        32
#define S_ICON_L        40
#define S_RAIL          96
#define S_TOPBAR        72
#define S_BOTTOMBAR     88
#define S_ACTIONBAR     104
#define S_MARGIN        24
#define S_GUTTER        16
#define S_ROW           72
#define S_TILE          128
#define S_SOS           80
#define S_BORDER        1
#define S_BORDER_STRONG 2
#define S_FOCUS_WIDTH   4
#define S_FOCUS_GAP     2
#define R_MARK          4
#define R_FIELD         8
#define R_CARD          12
#define R_PANEL         16
#define R_PILL          999

/* Times, ms. */
#define MS_TOAST_STAY 8000
#define MS_HOLD_SOS   2000
#define MS_HOLD_SPOT  600 /* a place on the map */
#define MS_AGAIN      250 /* a second touch this soon is the same one */

#endif /* UI_KIT_TOKENS_H */
