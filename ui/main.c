/*
 * main.c - beatbook: the tablet's window over a folder that was enrolled.
 *
 *   beatbook --dir DIR [--script FILE] [--map FILE] [--size WxH]
 *            [--theme day|night|contrast] [--lang CODE] [--text PERCENT]
 *
 * BEATBOOK_GPSD names the position daemon, "host:port"; without it the
 * tablet has no receiver and says so. BEATBOOK_CAMERA, BEATBOOK_MICROPHONE
 * and BEATBOOK_SPEAKER name GStreamer elements ("videotestsrc") to be used
 * in place of the machine's own. The map is DIR/map.mbtiles unless
 * another is named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/shell.h"
#include "ui/worker/worker.h"

#define PATH_BYTES 4096 /* a longer one is no file that can be opened */

int main(int argc, char **argv)
{
    struct shell_options options = shell_defaults();
    struct session_options session = { .log_name = "beatbook.log" };
    struct worker *worker;
    char map[PATH_BYTES];
    int status;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        shell_help();
        return 0;
    }
    if (!shell_parse(argc, argv, &options, &session.dir)) {
        return 2;
    }
    if (session.dir == NULL) {
        fprintf(stderr, "beatbook: say which tablet with --dir DIR; "
                        "try --help\n");
        return 2;
    }
    if (options.map == NULL) {
        (void)snprintf(map, sizeof(map), "%s/map.mbtiles", session.dir);
        options.map = map;
    }
    session.is_metered = options.is_metered;
    session.gpsd = getenv("BEATBOOK_GPSD");
    session.camera = getenv("BEATBOOK_CAMERA");
    session.microphone = getenv("BEATBOOK_MICROPHONE");
    session.speaker = getenv("BEATBOOK_SPEAKER");
    if (worker_new(&session, &worker)) {
        fprintf(stderr, "beatbook: out of memory\n");
        return 1;
    }
    status = shell_run(&options, &worker_backend, worker);
    worker_free(worker);
    return status;
}
