/*
 * shell.h - the window: SDL events in, frames out, and the script driver.
 *
 * Nothing is drawn while nothing changes: the loop sleeps in SDL until an
 * event, a view or the next tick that a screen wants.
 */
#ifndef UI_SHELL_H
#define UI_SHELL_H

#include "ui/app.h"
#include "ui/kit/tokens.h"

struct shell_options {
    const char *script; /* file, or NULL */
    const char *map;    /* file of the stored map, or NULL */
    bool is_metered;    /* the line is paid by the byte */
    const char *po_dir; /* compiled catalogues */
    const char *lang;   /* "en" */
    int width;
    int height;
    int percent; /* text size */
    int scale;   /* pixels of 100 dp: a screen of 320 dpi wants 200 */
    enum theme_id theme;
    bool has_sound; /* cues, see cue.h */
    bool has_shake;
};

/* The design's own size and look. */
struct shell_options shell_defaults(void);

/* Runs until the window closes or the script ends. The program's exit
 * code: 0, or 1 with the reason on stderr. */
int shell_run(const struct shell_options *options,
              const struct app_backend *backend, void *ctx);

/*
 * Reads the options of `beatbook` into `options` and `dir`; false with a
 * line on stderr for anything it does not know. Texts stay argv's.
 */
bool shell_parse(int argc, char **argv, struct shell_options *options,
                 const char **dir);
/* Says what it does know, on stdout. */
void shell_help(void);

#endif /* UI_SHELL_H */
