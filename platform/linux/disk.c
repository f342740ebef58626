#include "platform/linux/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "platform/linux/fsfile.h"

#define DISK_LAYERS_MAX 8
#define DISK_PATH_MAX   512

static bool starts_with_crypt(const char *path)
{
    struct buf text;
    bool found;

    buf_init(&text, 512);
    found = !fsfile_read(AT_FDCWD, path, &text) &&
            strncmp(buf_text(&text), "CRYPT-", 6) == 0;
    buf_fini(&text);
    return found;
}

/* `device` is a folder of /sys/dev/block or /sys/block. Every disk below
 * must be encrypted: one plain leg of a volume holds plain data. */
static bool is_crypt(const char *device, int layer)
{
    char path[DISK_PATH_MAX];
    size_t below = 0;
    bool all = true;
    struct dirent *e;
    DIR *d;

    snprintf(path, sizeof(path), "%s/dm/uuid", device);
    if (starts_with_crypt(path)) {
        return true;
    }
    snprintf(path, sizeof(path), "%s/slaves", device);
    d = layer < DISK_LAYERS_MAX ? opendir(path) : NULL;
    if (!d) {
        return false;
    }
    while (all && (e = readdir(d)) != NULL) {
        if (e->d_name[0] != '.') {
            int len =
                snprintf(path, sizeof(path), "%s/slaves/%s", device, e->d_name);

            below++;
            all = len < (int)sizeof(path) && is_crypt(path, layer + 1);
        }
    }
    closedir(d);
    return all && below > 0;
}

static bool has_policy(int folder)
{
    struct fscrypt_get_policy_ex_arg arg;

    memset(&arg, 0, sizeof(arg));
    arg.policy_size = sizeof(arg.policy);
    return ioctl(folder, FS_IOC_GET_ENCRYPTION_POLICY_EX, &arg) == 0;
}

/* File systems with own device numbers (btrfs) name their source in the
 * mount table: "id parent maj:min root point options - type source ...". */
static bool source_device(const char *mountinfo, dev_t dev, dev_t *out)
{
    char line[1024], want[32], source[256];
    FILE *f = fopen(mountinfo, "re");
    bool found = false;

    if (!f) {
        return false;
    }
    snprintf(want, sizeof(want), "%u:%u", major(dev), minor(dev));
    while (!found && fgets(line, sizeof(line), f)) {
        char number[32];
        const char *dash = strstr(line, " - ");
        struct stat st;

        if (dash && sscanf(line, "%*s %*s %31s", number) == 1 &&
            strcmp(number, want) == 0 &&
            sscanf(dash, " - %*s %255s", source) == 1 &&
            stat(source, &st) == 0 && S_ISBLK(st.st_mode)) {
            *out = st.st_rdev;
            found = true;
        }
    }
    fclose(f);
    return found;
}

bool disk_is_encrypted(int folder, const char *sys, const char *mountinfo)
{
    char path[DISK_PATH_MAX];
    struct stat st;
    dev_t dev;

    if (has_policy(folder)) {
        return true;
    }
    if (fstat(folder, &st)) {
        return false;
    }
    dev = st.st_dev;
    if (major(dev) == 0 &&
        !source_device(mountinfo ? mountinfo : "/proc/self/mountinfo",
                       st.st_dev, &dev)) {
        return false;
    }
    snprintf(path, sizeof(path), "%s/dev/block/%u:%u", sys ? sys : "/sys",
             major(dev), minor(dev));
    return is_crypt(path, 0);
}

enum err disk_free_bytes(int folder, uint64_t *out)
{
    struct statvfs fs;

    if (fstatvfs(folder, &fs)) {
        return ERR_IO;
    }
    *out = (uint64_t)fs.f_bavail * fs.f_frsize;
    return ERR_OK;
}
