/*
 * main.c - beatbook: the tablet's window over a folder that was enrolled.
 *
 *   beatbook --dir DIR [--script FILE] [--size WxH]
 *            [--theme day|night|contrast] [--lang CODE] [--text PERCENT]
 *
 * BEATBOOK_GPSD names the position daemon, "host:port"; without it the
 * tablet has no receiver and says so.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ui/shell.h"
#include "ui/worker/worker.h"

int main(int argc, char **argv)
{
    struct shell_options options = shell_defaults();
    struct session_options session = { .log_name = "beatbook.log" };
    struct worker *worker;
    int status;

    if (!shell_parse(argc, argv, &options, &session.dir)) {
        return 2;
    }
    if (session.dir == NULL) {
        fprintf(stderr, "beatbook: say which tablet with --dir DIR\n");
        return 2;
    }
    session.gpsd = getenv("BEATBOOK_GPSD");
    if (worker_new(&session, &worker)) {
        fprintf(stderr, "beatbook: out of memory\n");
        return 1;
    }
    status = shell_run(&options, &worker_backend, worker);
    worker_free(worker);
    return status;
}
