#include "platform/linux/power.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "platform/linux/fsfile.h"

#define POWER_PATH_MAX 512
#define POWER_TEXT_MAX 64

static bool read_word(const char *folder, const char *name,
                      char out[POWER_TEXT_MAX])
{
    char path[POWER_PATH_MAX];
    struct buf text;
    bool ok;

    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >=
        (int)sizeof(path)) {
        return false;
    }
    buf_init(&text, POWER_TEXT_MAX - 1);
    ok = fsfile_read(AT_FDCWD, path, &text) == ERR_OK;
    snprintf(out, POWER_TEXT_MAX, "%s", ok ? buf_text(&text) : "");
    buf_fini(&text);
    return ok;
}

/* Of a device of its own (a stylus, a mouse) nobody asks here. */
static int percent_of(const char *folder)
{
    char type[POWER_TEXT_MAX], scope[POWER_TEXT_MAX], capacity[POWER_TEXT_MAX];
    char *end;
    long n;

    if (!read_word(folder, "type", type) || strncmp(type, "Battery", 7) != 0 ||
        (read_word(folder, "scope", scope) &&
         strncmp(scope, "Device", 6) == 0) ||
        !read_word(folder, "capacity", capacity)) {
        return -1;
    }
    n = strtol(capacity, &end, 10);
    return end != capacity && n >= 0 && n <= 100 ? (int)n : -1;
}

int power_percent(const char *sys)
{
    const char *top = sys != NULL ? sys : "/sys/class/power_supply";
    char path[POWER_PATH_MAX];
    DIR *d = opendir(top);
    struct dirent *e;
    int least = -1;

    while (d != NULL && (e = readdir(d)) != NULL) {
        int n;

        if (e->d_name[0] == '.' || snprintf(path, sizeof(path), "%s/%s", top,
                                            e->d_name) >= (int)sizeof(path)) {
            continue;
        }
        n = percent_of(path);
        least = n >= 0 && (least < 0 || n < least) ? n : least;
    }
    if (d != NULL) {
        closedir(d);
    }
    return least;
}

int64_t power_free_bytes(const char *folder)
{
    struct statvfs s;

    if (statvfs(folder, &s) != 0) {
        return -1;
    }
    return s.f_bavail > INT64_MAX / (s.f_frsize > 0 ? s.f_frsize : 1)
               ? INT64_MAX
               : (int64_t)(s.f_bavail * s.f_frsize);
}
