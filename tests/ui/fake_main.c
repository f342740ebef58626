/* fake_main.c - the tablet program over the design's sample day. */
#include <string.h>

#include "tests/ui/fake_app.h"
#include "ui/shell.h"

int main(int argc, char **argv)
{
    static struct fake_app fake;
    struct shell_options options = shell_defaults();
    const char *dir = NULL;

    if (!shell_parse(argc, argv, &options, &dir)) {
        return 1;
    }
    /* "--dir open": already signed in, with the half-filled log;
     * "--dir conflict": and one record has two versions;
     * "--dir leader": a team leader with logs to review;
     * "--dir asked": the team leader asks something;
     * "--dir drafts": logs were begun and not saved;
     * "--dir colleague": a colleague is on patrol on this tablet. */
    fake.is_leader = dir != NULL && strcmp(dir, "leader") == 0;
    fake.is_asked = dir != NULL && strcmp(dir, "asked") == 0;
    fake.has_conflict = dir != NULL && strcmp(dir, "conflict") == 0;
    fake.has_drafts = dir != NULL && strcmp(dir, "drafts") == 0;
    fake.has_other_patrol = dir != NULL && strcmp(dir, "colleague") == 0;
    fake.starts_signed_in = fake.has_conflict || fake.is_leader ||
                            fake.is_asked || fake.has_drafts ||
                            (dir != NULL && strcmp(dir, "open") == 0);
    return shell_run(&options, &fake_backend, &fake);
}
