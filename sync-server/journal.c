#include "sync-server/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "sync-server/access.h"
#include "sync-server/access_journal.h"
#include "sync-server/order.h"

#define PATH_SIZE      1024
#define LINE_SIZE      1024
#define CHECK_BYTES    8
#define FILE_MAX_BYTES ((size_t)64 * 1024 * 1024) /* 200,000 orders */

struct journal {
    char path[2][PATH_SIZE];
    char second[PATH_SIZE]; /* "" without */
    size_t count;
    uint64_t accesses; /* of the last replay */
    struct council_journal hook;
};

/* --- one line --- */

static void put_check(const char *head, const char *reason,
                      char out[2 * CHECK_BYTES + 1])
{
    char all[LINE_SIZE];
    struct hash hash;

    snprintf(all, sizeof(all), "%s %s", head, reason);
    crypto_sha256((struct bytes){ (const uint8_t *)all, strlen(all) }, &hash);
    hex_format(hash.bytes, CHECK_BYTES, out);
}

static int format(const struct sdb_order *o, char out[LINE_SIZE])
{
    char id[UUID_TEXT_SIZE], record[UUID_TEXT_SIZE], root[UUID_TEXT_SIZE];
    char officer[UUID_TEXT_SIZE], check[2 * CHECK_BYTES + 1];
    char head[LINE_SIZE / 2];

    uuid_format(&o->id, id);
    uuid_format(&o->record, record);
    uuid_format(&o->root, root);
    uuid_format(&o->officer, officer);
    snprintf(head, sizeof(head), "%s %s %s %s %s %" PRId64,
             event_op_word(o->op), id, record, root, officer, o->made_ms);
    put_check(head, o->reason, check);
    return snprintf(out, LINE_SIZE, "%s %s %s\n", head, check, o->reason);
}

static bool parse_op(const char *word, uint64_t *out)
{
    static const enum event_op ops[] = { OP_HOLD, OP_RELEASE, OP_ERASE_BODY,
                                         OP_REVOKE, OP_GRANT };

    for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
        if (strcmp(event_op_word(ops[i]), word) == 0) {
            *out = ops[i];
            return true;
        }
    }
    return false;
}

/* A line without its end; ERR_BAD_DATA when it is damaged. */
static enum err parse(const char *line, struct sdb_order *o)
{
    char op[16] = "", id[40] = "", record[40] = "", root[40] = "";
    char officer[40] = "", check[40] = "", want[2 * CHECK_BYTES + 1];
    char head[LINE_SIZE / 2];
    int head_len = 0, at = 0;

    memset(o, 0, sizeof(*o));
    if (sscanf(line, "%15s %39s %39s %39s %39s %" SCNd64 "%n %39s%n", op, id,
               record, root, officer, &o->made_ms, &head_len, check,
               &at) != 7 ||
        at == 0 || line[at] != ' ' || head_len >= (int)sizeof(head))
        return ERR_BAD_DATA;
    snprintf(head, sizeof(head), "%.*s", head_len, line);
    snprintf(o->reason, sizeof(o->reason), "%s", line + at + 1);
    put_check(head, line + at + 1, want);
    if (strcmp(want, check) != 0)
        return ERR_BAD_DATA;
    if (!parse_op(op, &o->op))
        return ERR_NEWER;
    return uuid_parse(id, &o->id) || uuid_parse(record, &o->record) ||
                   uuid_parse(root, &o->root) ||
                   uuid_parse(officer, &o->officer)
               ? ERR_BAD_DATA
               : ERR_OK;
}

/* --- files --- */

static enum err fsync_folder_of(const char *path)
{
    char folder[PATH_SIZE];
    char *slash;
    bool ok;
    int fd;

    snprintf(folder, sizeof(folder), "%s", path);
    slash = strrchr(folder, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? ERR_OK : ERR_IO;
}

/* A line that a crash cut short was never acknowledged: it goes. */
static bool end_last_line(int fd)
{
    const off_t end = lseek(fd, 0, SEEK_END);
    off_t keep = end;
    char c = '\n';

    while (keep > 0 && pread(fd, &c, 1, keep - 1) == 1 && c != '\n') {
        keep--;
    }
    return end >= 0 && (keep == end || ftruncate(fd, keep) == 0);
}

static enum err append_line(const char *path, const char *line, size_t len)
{
    const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
    int fd = open(path, flags);
    const bool is_new = fd < 0 && errno == ENOENT;
    bool ok;

    if (is_new) {
        fd = open(path, flags | O_CREAT, 0600);
    }
    if (fd < 0)
        return errno == ENOSPC ? ERR_FULL : ERR_IO;
    ok = end_last_line(fd) && write(fd, line, len) == (ssize_t)len &&
         fsync(fd) == 0;
    close(fd);
    if (!ok)
        return ERR_IO;
    return is_new ? fsync_folder_of(path) : ERR_OK;
}

static enum err write_order(void *ctx, const struct sdb_order *o)
{
    struct journal *j = ctx;
    char line[LINE_SIZE];
    const int len = format(o, line);
    enum err err = len < 0 || len >= LINE_SIZE ? ERR_TOO_LONG : ERR_OK;

    for (size_t i = 0; i < j->count && !err; i++) {
        err = append_line(j->path[i], line, (size_t)len);
    }
    return err;
}

/* In the folder of backups a photo's file has the same name. */
static void forget_blob(void *ctx, const struct hash *blob)
{
    const struct journal *j = ctx;
    char path[PATH_SIZE + 80], name[65];

    if (j->second[0] == '\0')
        return;
    hex_format(blob->bytes, sizeof(blob->bytes), name);
    snprintf(path, sizeof(path), "%s/blobs/%s", j->second, name);
    (void)unlink(path);
}

enum err journal_open(const char *dir, const char *second, struct journal **out)
{
    struct journal *j = mem_alloc(sizeof(*j));
    const char *dirs[] = { dir, second };

    if (j == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < ARRAY_LEN(dirs) && dirs[i] != NULL; i++) {
        if (snprintf(j->path[i], PATH_SIZE, "%s/" JOURNAL_FILE, dirs[i]) >=
            PATH_SIZE) {
            mem_free(j);
            return ERR_TOO_LONG;
        }
        j->count++;
    }
    snprintf(j->second, sizeof(j->second), "%s", second ? second : "");
    j->hook = (struct council_journal){ write_order, forget_blob, j };
    *out = j;
    return ERR_OK;
}

void journal_close(struct journal *j)
{
    mem_free(j);
}

const struct council_journal *journal_hook(struct journal *j)
{
    return &j->hook;
}

/* --- reading --- */

typedef enum err (*line_fn)(void *ctx, const char *line);

/* Whole lines only; one that is damaged makes the end ERR_BAD_DATA. */
static enum err each_line(const char *path, line_fn fn, void *ctx)
{
    char line[LINE_SIZE];
    bool is_damaged = false;
    enum err err = ERR_OK;
    FILE *f = fopen(path, "re");

    if (f == NULL)
        return errno == ENOENT ? ERR_OK : ERR_IO;
    while ((!err || err == ERR_BAD_DATA) && fgets(line, sizeof(line), f)) {
        char *end = strchr(line, '\n');

        if (end == NULL)
            break; /* cut short: nobody was told that it is done */
        *end = '\0';
        err = fn(ctx, line);
        is_damaged |= err == ERR_BAD_DATA;
    }
    fclose(f);
    if (err && err != ERR_BAD_DATA)
        return err;
    return is_damaged ? ERR_BAD_DATA : ERR_OK;
}

struct replay {
    struct council *c;
    uint64_t redone, accesses;
};

static enum err replay_line(void *ctx, const char *line)
{
    struct replay *r = ctx;
    struct sdb_order o;
    bool is_new = false;
    enum err err = parse(line, &o);

    if (err)
        return err;
    if (access_is_line(o.op)) {
        err = access_redo(r->c, &o, &is_new);
        r->accesses += is_new;
    } else {
        err = order_apply(r->c, &o, &is_new);
        r->redone += is_new && o.op == OP_ERASE_BODY;
    }
    return err == ERR_BAD_DATA ? ERR_IO : err;
}

enum err journal_replay(struct journal *j, struct council *c,
                        uint64_t *redone_out)
{
    struct replay r = { c, 0, 0 };
    bool is_damaged = false;
    enum err err = council_begin(c);

    if (err)
        return err;
    for (size_t i = 0; i < j->count && !err; i++) {
        err = each_line(j->path[i], replay_line, &r);
        is_damaged |= err == ERR_BAD_DATA;
        err = err == ERR_BAD_DATA ? ERR_OK : err;
    }
    if (err) {
        council_rollback(c);
        return err;
    }
    err = council_commit(c);
    err = err ? err : order_flush(c);
    *redone_out = r.redone;
    j->accesses = r.accesses;
    return err ? err : is_damaged ? ERR_BAD_DATA : ERR_OK;
}

enum err journal_attach(const char *dir, const char *second, struct council *c,
                        struct journal **out, uint64_t *redone_out)
{
    enum err err = journal_open(dir, second, out);

    *redone_out = 0;
    if (err)
        return err;
    c->journal = journal_hook(*out);
    if ((*out)->count > 1) { /* orders older than the second folder */
        err = journal_merge((*out)->path[0], (*out)->path[1]);
    }
    if (err)
        return err;
    return journal_replay(*out, c, redone_out);
}

uint64_t journal_accesses(const struct journal *j)
{
    return j->accesses;
}

/* --- merging --- */

struct search {
    const char *line;
    bool is_there;
};

static enum err look(void *ctx, const char *line)
{
    struct search *s = ctx;

    s->is_there |= strcmp(s->line, line) == 0;
    return ERR_OK;
}

static enum err merge_line(void *ctx, const char *line)
{
    const char *to = ctx;
    struct search s = { line, false };
    char whole[LINE_SIZE + 1];
    enum err err = each_line(to, look, &s);

    if (err || s.is_there)
        return err;
    snprintf(whole, sizeof(whole), "%s\n", line);
    return append_line(to, whole, strlen(whole));
}

enum err journal_merge(const char *from, const char *to)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s", to);
    return each_line(from, merge_line, path);
}
