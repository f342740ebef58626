/* cli_brief.c - briefings and tasks out of a file. */
#include <string.h>

#include "core/limits.h"
#include "sync-server/admin.h"
#include "sync-server/cli.h"
#include "sync-server/serve.h"

enum err cli_brief(const struct cli *args)
{
    const char *number = args->officer != NULL ? args->officer : "";
    struct admin_request r = { .count = 3 };
    struct buf json;
    enum err err;

    if (args->file == NULL) {
        cli_say("%s needs --file F.json", args->verb);
        return ERR_USAGE;
    }
    buf_init(&json, JSON_MAX_BYTES);
    err = serve_read_file(args->file[0] == '/' ? "/" : ".", args->file,
                          JSON_MAX_BYTES, &json);
    if (err) {
        cli_say("%s: %s", args->file, err_text(err));
    }
    r.argument[0] = (struct bytes){ (const uint8_t *)"brief", 5 };
    r.argument[1] = buf_bytes(&json);
    r.argument[2] = (struct bytes){ (const uint8_t *)number, strlen(number) };
    err = err ? err : cli_run(args->dir, &r);
    buf_fini(&json);
    return err;
}
