#include "platform/linux/clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "platform/linux/fsfile.h"

void clock_boot(struct uuid *out)
{
    struct buf text;

    memset(out, 0, sizeof(*out));
    buf_init(&text, 64);
    if (!fsfile_read(AT_FDCWD, "/proc/sys/kernel/random/boot_id", &text)) {
        if (text.len >= UUID_TEXT_SIZE - 1) {
            text.data[UUID_TEXT_SIZE - 1] = '\0';
            if (uuid_parse((const char *)text.data, out)) {
                memset(out, 0, sizeof(*out));
            }
        }
    }
    buf_fini(&text);
}

/* Letters, digits and the few signs of a zone name; else "". */
static bool take_zone(const char *name, char out[ZONE_MAX])
{
    size_t len = strcspn(name, "\r\n");

    if (len == 0 || len >= ZONE_MAX ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789_+-/") < len) {
        return false;
    }
    memcpy(out, name, len);
    out[len] = '\0';
    return true;
}

static bool zone_of_link(char out[ZONE_MAX])
{
    static const char mark[] = "zoneinfo/";
    char target[256];
    ssize_t len = readlink("/etc/localtime", target, sizeof(target) - 1);
    const char *at;

    if (len <= 0) {
        return false;
    }
    target[len] = '\0';
    at = strstr(target, mark);
    return at && take_zone(at + strlen(mark), out);
}

static bool zone_of_file(char out[ZONE_MAX])
{
    struct buf text;
    bool found;

    buf_init(&text, 128);
    found = !fsfile_read(AT_FDCWD, "/etc/timezone", &text) &&
            take_zone(buf_text(&text), out);
    buf_fini(&text);
    return found;
}

void clock_zone(char out[ZONE_MAX])
{
    const char *tz = getenv("TZ");

    out[0] = '\0';
    if (tz && tz[0]) {
        take_zone(tz + (tz[0] == ':'), out);
    } else if (!zone_of_link(out)) {
        (void)zone_of_file(out);
    }
}

static int64_t to_ms(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

uint64_t clock_mono_ms(void)
{
    struct timespec t;

    ASSERT(clock_gettime(CLOCK_BOOTTIME, &t) == 0);
    return (uint64_t)to_ms(t);
}

void clock_read(struct port_time *out)
{
    struct timespec wall;
    struct tm local;

    ASSERT(clock_gettime(CLOCK_REALTIME, &wall) == 0);
    out->wall_ms = to_ms(wall);
    out->mono_ms = clock_mono_ms();
    out->utc_offset_min =
        localtime_r(&wall.tv_sec, &local) ? (int)(local.tm_gmtoff / 60) : 0;
}
