/*
 * script.h - a file that drives the program as a person would, for tests
 * and demonstrations. One step a line; "#" begins a comment.
 *
 *   tap ID           touches a control by its name; scrolls to it first
 *   touch ID         the same as a finger would: a field shows the keyboard
 *   type TEXT        letters into the field, or keys labelled with them
 *   key NAME         tab back-tab enter escape left right up down home end
 *                    erase next-part save undo
 *   hold ID          holds a control as long as SOS needs; the map's ground
 *                    in its middle
 *   draw ID          one stroke of a finger on what can be drawn on
 *   drag ID DX DY    a finger takes the map's ground so many dp along
 *   expect TEXT      TEXT must be on the screen
 *   absent TEXT      TEXT must not be
 *   wait-for TEXT    goes on when TEXT is there; fails after a minute
 *   wait-gone TEXT   goes on when TEXT is not there any more
 *   shot FILE        writes a PNG; a relative FILE lies beside the script
 *   attach FILE      a photo for the open log, as from the camera
 *   theme NAME, lang CODE, text PERCENT
 *   stay             ends the script, but not the program: nothing polls
 *   quit
 *
 * No step sleeps: each waits until the worker rests and the frame is drawn.
 */
#ifndef UI_SCRIPT_H
#define UI_SCRIPT_H

#include "ui/kit/render.h"
#include "ui/nav.h"

#define SCRIPT_LOOK_MS 20 /* how often a waiting script looks again */

enum script_result {
    SCRIPT_GOES_ON,
    SCRIPT_WAITS,
    SCRIPT_ENDED,
    SCRIPT_STAYS, /* no more steps, the window stays open */
    SCRIPT_FAILED /* said why on stderr */
};

struct script;

MUST_USE enum err script_open(const char *path, struct script **script_out);
void script_close(struct script *script); /* NULL is allowed */

/* Makes the next step. The frame of `nav` must be drawn. */
enum script_result script_step(struct script *script, struct nav *nav,
                               const struct render *render, int64_t ms);

#endif /* UI_SCRIPT_H */
