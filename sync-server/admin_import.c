#include "sync-server/admin_import.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cbor.h"
#include "core/handover.h"
#include "core/limits.h"
#include "sync-server/handover.h"

static enum err read_file(void *ctx, uint8_t *out, size_t len, size_t *got_out)
{
    const int *fd = ctx;
    ssize_t got;

    do {
        got = read(*fd, out, len);
    } while (got < 0 && errno == EINTR);
    *got_out = got > 0 ? (size_t)got : 0;
    return got < 0 ? ERR_IO : ERR_OK;
}

static enum err open_file(const char *path, int *out)
{
    struct stat st;

    *out = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (*out < 0) {
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_DENIED;
    }
    if (fstat(*out, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(*out);
        return ERR_BAD_DATA;
    }
    return ERR_OK;
}

enum err admin_import(struct council *c, const char *path, struct buf *out)
{
    struct handover_report report;
    struct buf words, replies;
    int fd;
    enum err code, err = open_file(path, &fd);

    if (err)
        return err;
    buf_init(&words, 4096);
    buf_init(&replies, HANDOVER_REPLY_MAX_BYTES);
    code = handover_import(c, read_file, &fd, &report, &replies);
    handover_explain(&report, code, &words);
    cbor_put_array(out, 3);
    cbor_put_uint(out, (uint64_t)code);
    cbor_put_bytes(out, words.data, words.len);
    cbor_put_bytes(out, replies.data, report.device[0] ? replies.len : 0);
    err = words.err ? words.err : out->err;
    buf_fini(&words);
    buf_fini(&replies);
    close(fd);
    return err;
}
