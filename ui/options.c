/* options.c - the words after "beatbook" on the command line (shell.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/shell.h"

/* Ten keys of 56 dp beside the widest rail; keyboard, field and top bar. */
#define WIDTH_LEAST  740
#define HEIGHT_LEAST 600
#define SIDE_MOST    8192
#define SCALE_MOST   400 /* per cent: 640 dpi */

static bool parse_size(const char *text, struct shell_options *o)
{
    int w = 0;
    int h = 0;
    char end = 0;

    if (sscanf(text, "%5dx%5d%c", &w, &h, &end) != 2 || w < WIDTH_LEAST ||
        h < HEIGHT_LEAST || w > SIDE_MOST || h > SIDE_MOST) {
        return false;
    }
    o->width = w;
    o->height = h;
    return true;
}

static bool parse_theme(const char *text, struct shell_options *o)
{
    static const char *const names[THEME__COUNT] = { "day", "night",
                                                     "contrast" };

    for (int i = 0; i < THEME__COUNT; i++) {
        if (strcmp(text, names[i]) == 0) {
            o->theme = (enum theme_id)i;
            return true;
        }
    }
    return false;
}

static bool parse_percent(const char *text, int most, int *out)
{
    char *end = NULL;
    const long n = strtol(text, &end, 10);

    if (*end != '\0' || n < 100 || n > most) {
        return false;
    }
    *out = (int)n;
    return true;
}

/* "sound", "shake", "both" or "none". */
static bool parse_cues(const char *text, struct shell_options *o)
{
    o->has_sound = strcmp(text, "sound") == 0 || strcmp(text, "both") == 0;
    o->has_shake = strcmp(text, "shake") == 0 || strcmp(text, "both") == 0;
    return o->has_sound || o->has_shake || strcmp(text, "none") == 0;
}

static bool parse_one(const char *name, const char *value,
                      struct shell_options *o, const char **dir)
{
    if (strcmp(name, "--dir") == 0) {
        *dir = value;
        return true;
    }
    if (strcmp(name, "--script") == 0) {
        o->script = value;
        return true;
    }
    if (strcmp(name, "--map") == 0) {
        o->map = value;
        return true;
    }
    if (strcmp(name, "--link") == 0) {
        o->is_metered = strcmp(value, "metered") == 0;
        return o->is_metered || strcmp(value, "free") == 0;
    }
    if (strcmp(name, "--lang") == 0) {
        o->lang = value;
        return true;
    }
    if (strcmp(name, "--cues") == 0) {
        return parse_cues(value, o);
    }
    if (strcmp(name, "--size") == 0) {
        return parse_size(value, o);
    }
    if (strcmp(name, "--theme") == 0) {
        return parse_theme(value, o);
    }
    if (strcmp(name, "--scale") == 0) {
        return parse_percent(value, SCALE_MOST, &o->scale);
    }
    if (strcmp(name, "--text") == 0) {
        return parse_percent(value, 200, &o->percent);
    }
    return false;
}

static const char usage[] =
    "usage: beatbook --dir DIR [option...]\n"
    "  --dir DIR      the tablet's folder; beatbookctl enrol makes it\n"
    "  --map FILE     the stored map; else DIR/map.mbtiles, if it is there\n"
    "  --link NAME    metered: paid by the byte, so no originals of photos "
    "and\n"
    "                 20 MiB of photos a day; else free\n"
    "  --size WxH     of the window, at least 740x600\n"
    "  --theme NAME   day, night or contrast\n"
    "  --lang CODE    en, cy or ar\n"
    "  --text PERCENT size of the text, 100 to 200\n"
    "  --scale PERCENT  pixels for 100 of the design's: a screen of 320 dpi\n"
    "                 wants 200\n"
    "  --cues NAME    what a touch did is felt and heard: sound, shake, both\n"
    "                 or none; shake is felt where the tablet can\n"
    "  --script FILE  taps, types and takes pictures by itself\n"
    "Theme, text size and language can be changed on the screen, too.\n"
    "BEATBOOK_GPSD=HOST:PORT says where positions come from.\n"
    "\n"
    "Keys: Tab and Shift+Tab, arrows, Enter or Space, Esc (back);\n"
    "F6 the next area; Alt+1 to Alt+5 Patrol, Map, Notebook, Briefing, Sync;\n"
    "Ctrl+N new notebook entry, Ctrl+S save, Ctrl+Z undo; F1 help;\n"
    "F12 held for two seconds: SOS.\n";

void shell_help(void)
{
    fputs(usage, stdout);
}

bool shell_parse(int argc, char **argv, struct shell_options *options,
                 const char **dir)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 >= argc || !parse_one(argv[i], argv[i + 1], options, dir)) {
            fprintf(stderr, "beatbook: cannot use %s%s%s; try --help\n",
                    argv[i], i + 1 < argc ? " " : "",
                    i + 1 < argc ? argv[i + 1] : "");
            return false;
        }
    }
    if (options->width * 100 < WIDTH_LEAST * options->scale ||
        options->height * 100 < HEIGHT_LEAST * options->scale) {
        fprintf(stderr, "beatbook: a window of %dx%d is too small at %d %%\n",
                options->width, options->height, options->scale);
        return false;
    }
    return true;
}
