/* cli_import.c - a sealed hand-over file, from a stick to the council. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "sync-server/admin.h"
#include "sync-server/cli.h"

#define PATH_BYTES 4096

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

/* FILE.receipt beside the file, or where --receipt says. */
static enum err write_receipts(const struct cli *args, struct bytes replies)
{
    char path[PATH_BYTES + 16];
    char *slash;

    if (args->receipt != NULL) {
        snprintf(path, sizeof(path), "%s", args->receipt);
    } else {
        snprintf(path, sizeof(path), "%s.receipt", args->sealed);
    }
    slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    if (cli_write_file(slash == NULL   ? "."
                       : slash == path ? "/"
                                       : path,
                       slash == NULL ? path : slash + 1, replies)) {
        cli_say("the receipt could not be written: call again with --receipt "
                "FILE; nothing is taken in twice");
        return ERR_IO;
    }
    if (slash != NULL) {
        *slash = '/';
    }
    printf("receipt for the tablet: %s\n", path);
    return ERR_OK;
}

static enum err tell(const struct cli *args, struct bytes answer)
{
    struct bytes words, replies;
    struct cbor_reader r;
    enum err code;

    cbor_open(&r, answer);
    if (cbor_get_array(&r) != 3) {
        return ERR_BAD_DATA;
    }
    code = (enum err)cbor_get_uint_max(&r, ERR__COUNT - 1);
    words = cbor_get_bytes(&r);
    replies = cbor_get_bytes(&r);
    if (cbor_close(&r)) {
        return ERR_BAD_DATA;
    }
    if (code) {
        cli_say("%.*s", (int)words.len, (const char *)words.data);
    } else {
        printf("%.*s\n", (int)words.len, (const char *)words.data);
    }
    if (replies.len > 0) {
        enum err err = write_receipts(args, replies);

        code = code ? code : err;
    }
    return code;
}

enum err cli_import(const struct cli *args)
{
    struct admin_request r = { .count = 2 };
    struct bytes answer = { NULL, 0 };
    char path[PATH_BYTES];
    struct buf out;
    enum err code = ERR_OK, err;

    if (args->sealed == NULL) {
        cli_say("import needs --sealed FILE");
        return ERR_USAGE;
    }
    if (strlen(args->sealed) >= PATH_BYTES ||
        realpath(args->sealed, path) == NULL) {
        cli_say("%s: there is no such file", args->sealed);
        return ERR_NOT_FOUND;
    }
    r.argument[0] = text_bytes("import");
    r.argument[1] = text_bytes(path);
    buf_init(&out, IPC_FRAME_MAX_BYTES);
    err = cli_ask(args->dir, &r, &out);
    err = err ? err : admin_answer_parse(buf_bytes(&out), &code, &answer);
    if (err == ERR_NOT_FOUND) {
        cli_say("there is no council in %s: call \"init\" first", args->dir);
    } else if (err || code) {
        err = err ? err : code;
        cli_say("%s: %s: the server's own user must be able to read it", path,
                err_text(err));
    } else {
        err = tell(args, answer);
    }
    buf_fini(&out);
    return err;
}
