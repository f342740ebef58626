/* Feeds each file of the folders named to the fuzz target, as TAP. */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The whole of `path`, its length in `size_out`; NULL when unreadable. */
static uint8_t *read_file(const char *path, size_t *size_out)
{
    struct stat st;
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;

    if (file == NULL)
        return NULL;
    if (fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode)) {
        /* Exactly the size, so that a sanitizer sees one byte too far. */
        data = malloc((size_t)st.st_size + (st.st_size == 0));
    }
    if (data != NULL) {
        *size_out = fread(data, 1, (size_t)st.st_size, file);
    }
    fclose(file);
    return data;
}

/* The number of cases fed; every one that returns is "ok". */
static int replay_folder(const char *folder, int number)
{
    struct dirent **list = NULL;
    const int count = scandir(folder, &list, NULL, alphasort);
    int i;

    for (i = 0; i < count; i++) {
        char path[4096];
        size_t size = 0;
        uint8_t *data = NULL;

        snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
        data = list[i]->d_name[0] == '.' ? NULL : read_file(path, &size);
        if (data != NULL) {
            LLVMFuzzerTestOneInput(data, size);
            number++;
            printf("ok %d - %s\n", number, list[i]->d_name);
        }
        free(data);
        free(list[i]);
    }
    free(list);
    return number;
}

int main(int argc, char **argv)
{
    int number = 0;
    int i;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (i = 1; i < argc; i++) {
        number = replay_folder(argv[i], number);
    }
    if (number == 0) {
        fprintf(stderr, "no corpus file found\n");
    }
    return number == 0;
}
