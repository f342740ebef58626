/*
 * machine.h - one folder on this machine, with all that core/port.h asks
 * for: clocks, random, blob files, counter, log, position.
 */
#ifndef PLATFORM_LINUX_MACHINE_H
#define PLATFORM_LINUX_MACHINE_H

#include "core/port.h"

struct machine; /* opaque */
struct keystore;
struct location;

struct machine_options {
    const char *dir;       /* made when missing; its parent must exist */
    const char *log_name;  /* file inside DIR/log; NULL: standard error */
    bool is_exclusive;     /* hold DIR's lock until close */
    unsigned lock_wait_ms; /* for a program that is just ending */
    const char *tcti;      /* which TPM, see keystore.h */
    const char *gpsd;      /* "host:port"; NULL: no receiver is asked */
};

/*
 * ERR_BUSY when another program holds DIR (is_exclusive), ERR_NOT_FOUND
 * when DIR's parent doesn't exist, ERR_DENIED when it isn't ours.
 */
MUST_USE enum err machine_open(const struct machine_options *options,
                               struct machine **out);
void machine_close(struct machine *m); /* NULL is allowed */

const struct port *machine_port(struct machine *m);
/* Where positions come from; NULL without. */
struct location *machine_location(struct machine *m);
struct keystore *machine_keys(struct machine *m);
int machine_folder(const struct machine *m); /* DIR, open; borrowed */

#endif /* PLATFORM_LINUX_MACHINE_H */
