/* cli_admin.c - verbs that change or ask the council, running or not. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sync-server/admin.h"
#include "sync-server/cli.h"
#include "sync-server/ipc.h"
#include "sync-server/secret.h"
#include "sync-server/serve.h"

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text,
                           text == NULL ? 0 : strlen(text) };
}

/* The running server's answer; ERR_UNREACHABLE when nobody is there. */
static enum err ask_server(const char *dir, struct bytes request,
                           struct buf *out)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    struct ipc_reader reader;
    struct ipc_frame frame;
    struct buf b;
    enum err err;
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof(at.sun_path), "%.90s/%s", dir, SERVE_CONTROL);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        return ERR_UNREACHABLE;
    }
    ipc_reader_init(&reader);
    buf_init(&b, IPC_FRAME_MAX_BYTES + IPC_HEAD_SIZE);
    ipc_put(&b, IPC_CONTROL, 0, request);
    err = b.err ? b.err : ipc_write(fd, buf_bytes(&b));
    while (!err && (err = ipc_next(&reader, &frame)) == ERR_NOT_FOUND) {
        uint8_t piece[4096];
        const ssize_t got = recv(fd, piece, sizeof(piece), 0);

        err = got <= 0
                  ? ERR_UNREACHABLE
                  : ipc_feed(&reader, (struct bytes){ piece, (size_t)got });
    }
    if (!err) {
        buf_put(out, frame.payload.data, frame.payload.len);
        err = out->err;
    }
    ipc_reader_fini(&reader);
    buf_wipe(&b);
    close(fd);
    return err;
}

/* The running server first: one that is just starting listens here before
 * it says so, and must not find its folder taken by us. */
enum err cli_ask(const char *dir, const struct admin_request *r,
                 struct buf *out)
{
    struct cli_open open;
    struct buf request;
    enum err err;

    buf_init(&request, IPC_FRAME_MAX_BYTES);
    admin_request_put(&request, r);
    err = request.err ? request.err : ask_server(dir, buf_bytes(&request), out);
    if (err == ERR_UNREACHABLE) {
        err = cli_open(dir, &open);
        if (!err) {
            admin_handle(&open.council, buf_bytes(&request), out);
            cli_close(&open);
        }
    }
    buf_wipe(&request);
    return err;
}

enum err cli_run(const char *dir, const struct admin_request *r)
{
    struct bytes text = { NULL, 0 };
    enum err code = ERR_OK, err;
    struct buf out;

    buf_init(&out, IPC_FRAME_MAX_BYTES);
    err = cli_ask(dir, r, &out);
    err = err ? err : admin_answer_parse(buf_bytes(&out), &code, &text);
    if (err == ERR_NOT_FOUND) {
        cli_say("there is no council in %s: call \"init\" first", dir);
    } else if (err) {
        cli_say("%s: %s", dir, err_text(err));
    } else if (code == ERR_FULL) { /* the text is of what was tried */
        cli_say("nothing was done: no space left in %s. Make room and call "
                "this again",
                dir);
        err = code;
    } else if (code) {
        /* A whole sentence says it all. */
        const bool is_told = text.len > 0 && text.data[text.len - 1] == '.';

        cli_say("%.*s%s%s", (int)text.len, (const char *)text.data,
                text.len > 0 && !is_told ? ": " : "",
                is_told ? "" : err_text(code));
        err = code;
    } else {
        printf("%.*s\n", (int)text.len, (const char *)text.data);
    }
    buf_wipe(&out);
    return err;
}

static enum err fill(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    return len <= 256 && getrandom(out, len, 0) == (ssize_t)len ? ERR_OK
                                                                : ERR_IO;
}

/* What the officer signs in to the console with: wrapped, so that not even
 * the control socket sees it. Under it lies the key that reads closed
 * records there; the server gets the public half. Empty without a passphrase
 * file or terminal: such an officer has no console. */
static enum err wrap_passphrase(struct buf *out, struct ec_public *pub)
{
    const struct crypto_random random = { fill, NULL };
    struct ec_key key = { .d = { 0 } };
    struct buf pass;
    enum err err;

    buf_init(&pass, 1024);
    err = cli_passphrase("Passphrase of this officer for the console", &pass);
    err = err ? err : crypto_ec_new(random, &key);
    err =
        err ? err
            : secret_wrap(buf_bytes(&pass),
                          (struct bytes){ key.d, sizeof(key.d) }, random, out);
    *pub = key.pub;
    wipe(&key, sizeof(key));
    buf_wipe(&pass);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err end_access(const char *dir, const char *verb, const char *who)
{
    struct admin_request r = { .count = 2 };

    r.argument[0] = text_bytes(verb);
    r.argument[1] = text_bytes(who);
    return cli_run(dir, &r);
}

enum err cli_device(const struct cli *args)
{
    if (args->revoke == NULL) {
        const struct admin_request all = {
            .argument = { text_bytes("devices") }, .count = 1
        };

        return cli_run(args->dir, &all);
    }
    return end_access(args->dir, "revoke-device", args->revoke);
}

enum err cli_officer(const struct cli *args)
{
    const char *role =
        args->role != NULL ? args->role : "neighbourhood-officer";
    struct admin_request r = { .count = 6 };
    struct ec_public pub;
    struct buf pass;
    enum err err;

    if (args->revoke != NULL && args->add == NULL) {
        return end_access(args->dir, "revoke-officer", args->revoke);
    }
    if (args->add == NULL || args->name == NULL) {
        cli_say("officer needs --add NUMBER and --name NAME, or "
                "--revoke NUMBER");
        return ERR_USAGE;
    }
    buf_init(&pass, SECRET_WRAPPED_MAX);
    err = wrap_passphrase(&pass, &pub);
    r.argument[0] = text_bytes("officer");
    r.argument[1] = text_bytes(args->add);
    r.argument[2] = text_bytes(args->name);
    r.argument[3] = text_bytes(role);
    r.argument[4] = buf_bytes(&pass);
    r.argument[5] =
        (struct bytes){ (const uint8_t *)&pub, pass.len > 0 ? sizeof(pub) : 0 };
    err = err ? err : cli_run(args->dir, &r);
    buf_wipe(&pass);
    return err;
}

enum err cli_enrol(const struct cli *args)
{
    struct admin_request r = { .count = 5 };

    if (args->device == NULL) {
        cli_say("enrol needs --device NAME");
        return ERR_USAGE;
    }
    r.argument[4] = text_bytes(args->officer);
    r.argument[0] = text_bytes("enrol");
    r.argument[1] = text_bytes(args->device);
    r.argument[2] = text_bytes(args->is_kiosk ? "kiosk" : "");
    r.argument[3] = text_bytes(args->has_weak_storage ? "weak" : "");
    return cli_run(args->dir, &r);
}

enum err cli_rekey(const struct cli *args)
{
    struct admin_request r = { .count = 2 };

    if (args->device == NULL) {
        cli_say("rekey needs --device ID");
        return ERR_USAGE;
    }
    r.argument[0] = text_bytes("rekey");
    r.argument[1] = text_bytes(args->device);
    return cli_run(args->dir, &r);
}

enum err cli_wipe(const struct cli *args)
{
    struct admin_request r = { .count = 1 };

    r.argument[0] = text_bytes("wipe");
    if (args->device == NULL && args->reason == NULL)
        return cli_run(args->dir, &r);
    if (args->device == NULL || args->reason == NULL) {
        cli_say("wipe needs --device ID and --reason TEXT, or neither");
        return ERR_USAGE;
    }
    r.argument[1] = text_bytes(args->device);
    r.argument[2] = text_bytes(args->reason);
    r.count = 3;
    return cli_run(args->dir, &r);
}

/* The server may not read our files: it gets the content. */
enum err cli_areas(const struct cli *args)
{
    struct admin_request r = { .count = 2 };
    struct buf json;
    enum err err;

    if (args->file == NULL) {
        cli_say("%s needs --file FILE", args->verb);
        return ERR_USAGE;
    }
    buf_init(&json, AREAS_FILE_MAX_BYTES);
    err = serve_read_file(args->file[0] == '/' ? "/" : ".", args->file,
                          AREAS_FILE_MAX_BYTES, &json);
    if (err) {
        cli_say("%s: %s", args->file, err_text(err));
    } else {
        r.argument[0] = text_bytes(args->verb);
        r.argument[1] = buf_bytes(&json);
        err = cli_run(args->dir, &r);
    }
    buf_fini(&json);
    return err;
}

enum err cli_fingerprint(const struct cli *args)
{
    struct admin_request r = { .count = 1 };

    r.argument[0] = text_bytes("fingerprint");
    return cli_run(args->dir, &r);
}

enum err cli_order(const struct cli *args)
{
    struct admin_request r = { .count = 4 };

    if (args->record == NULL || args->reason == NULL) {
        cli_say("%s needs --record ID and --reason TEXT (the reason stays "
                "for good: a case number, no names)",
                args->verb);
        return ERR_USAGE;
    }
    r.argument[0] = text_bytes(args->verb);
    r.argument[1] = text_bytes(args->record);
    r.argument[2] = text_bytes(args->reason);
    r.argument[3] = text_bytes(args->officer);
    return cli_run(args->dir, &r);
}

enum err cli_erasures(const struct cli *args)
{
    struct admin_request r = { .count = 1 };

    r.argument[0] = text_bytes("erasures");
    return cli_run(args->dir, &r);
}

enum err cli_export(const struct cli *args)
{
    struct admin_request r = { .count = 4 };
    char here[2048], path[4096];
    const char *scope = "all", *id = "";

    if (args->bundle == NULL) {
        cli_say("export needs --bundle OUT");
        return ERR_USAGE;
    }
    if (args->record != NULL) {
        scope = "record";
        id = args->record;
    } else if (args->patrol != NULL) {
        scope = "patrol";
        id = args->patrol;
    } else if (args->notice != NULL) {
        scope = "notice";
        id = args->notice;
    }
    /* The server may stand in another folder than we do. */
    if (args->bundle[0] == '/' || getcwd(here, sizeof(here)) == NULL) {
        snprintf(path, sizeof(path), "%s", args->bundle);
    } else {
        snprintf(path, sizeof(path), "%s/%s", here, args->bundle);
    }
    r.argument[0] = text_bytes("export");
    r.argument[1] = text_bytes(path);
    r.argument[2] = text_bytes(scope);
    r.argument[3] = text_bytes(id);
    return cli_run(args->dir, &r);
}
