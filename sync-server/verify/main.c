/*
 * main.c - beatbook-verify: checks an evidence bundle, offline and alone.
 *
 *   beatbook-verify FOLDER [--anchor FINGERPRINT]
 *
 * Exit 0: all holds and the anchor matches. 3: all holds, no anchor was
 * given. 1: something is wrong, and each finding is named. 2: wrong use.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bundle.h"
#include "core/mem.h"
#include "sync-server/verify/folder.h"

enum { EXIT_HOLDS = 0, EXIT_WRONG = 1, EXIT_USAGE = 2, EXIT_NO_ANCHOR = 3 };

/* One wrong byte can spoil all that follows; nobody reads 28,000 lines. */
#define FINDINGS_TOLD 100

static void tell(void *ctx, const char *what)
{
    uint64_t *told = ctx;

    if (++*told <= FINDINGS_TOLD) {
        printf("WRONG  %s\n", what);
    }
}

/* What holds only in part, and why. */
static void tell_limits(const struct bundle_verdict *v)
{
    if (v->unchained > 0) {
        printf("Note: %llu events were given back to the council after a "
               "restore and are vouched for by its log alone.\n",
               (unsigned long long)v->unchained);
    }
    if (v->restarts > 0) {
        printf("Note: the council's log was begun anew after a restore (%llu "
               "in all); %llu entries that tablets had seen are not in the "
               "log before.\n",
               (unsigned long long)v->restarts, (unsigned long long)v->lost);
    }
    if (v->newer > 0) {
        printf("Note: %llu events were made by a newer version: logged and "
               "sealed, not read.\n",
               (unsigned long long)v->newer);
    }
}

static int verdict(const struct bundle_verdict *v, const char *anchor)
{
    char hex[65];
    struct hash want;

    hex_format(v->anchor.bytes, sizeof(v->anchor.bytes), hex);
    printf("%llu events (%llu with their text), %llu photos and recordings",
           (unsigned long long)v->events, (unsigned long long)v->bodies,
           (unsigned long long)v->blobs);
    if (v->missing_blobs > 0) {
        printf(", %llu had not arrived when this was made",
               (unsigned long long)v->missing_blobs);
    }
    printf("\n");
    if (v->erased > 0) {
        printf("%llu entries were erased by order of the council; that they "
               "were made is still proved.\n",
               (unsigned long long)v->erased);
    }
    tell_limits(v);
    if (v->findings > FINDINGS_TOLD) {
        printf("... and %llu more\n",
               (unsigned long long)(v->findings - FINDINGS_TOLD));
    }
    if (v->findings > 0) {
        printf("This bundle does NOT hold: %llu found wrong.\n",
               (unsigned long long)v->findings);
        return EXIT_WRONG;
    }
    if (anchor == NULL) {
        printf("All holds. Signed by %s:\ncompare this fingerprint with the "
               "one that the council publishes.\n",
               hex);
        return EXIT_NO_ANCHOR;
    }
    if (strlen(anchor) != 64 ||
        hex_parse(anchor, sizeof(want.bytes), want.bytes) ||
        !hash_eq(&want, &v->anchor)) {
        printf("WRONG  " BUNDLE_MANIFEST ": signed by %s, not by the anchor "
               "given\n",
               hex);
        return EXIT_WRONG;
    }
    printf("All holds, and it is signed by the anchor given.\n");
    return EXIT_HOLDS;
}

static const char usage[] =
    "use: beatbook-verify FOLDER [--anchor FINGERPRINT]\n"
    "Says whether the evidence bundle in FOLDER holds. FINGERPRINT is what\n"
    "the council publishes (beatbook-server fingerprint): 64 letters.\n"
    "  0  all holds, and it is signed by that council\n"
    "  3  all holds, but no fingerprint was given to compare with\n"
    "  1  something is wrong; each finding is named\n"
    "  2  wrong use: no such folder, or an option misspelt\n";

/* A word that can't be a bundle must not read as one that does not hold. */
static int wrong_use(const char *folder)
{
    if (folder != NULL) {
        fprintf(stderr, "%s: no such folder\n", folder);
    }
    fputs(usage, stderr);
    return EXIT_USAGE;
}

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int main(int argc, char **argv)
{
    const char *anchor = NULL;
    uint64_t told = 0;
    struct bundle_verdict v;
    struct folder folder;
    enum err err;
    int status;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc == 4 && strcmp(argv[2], "--anchor") == 0) {
        anchor = argv[3];
    } else if (argc != 2) {
        return wrong_use(NULL);
    }
    if (!is_folder(argv[1])) {
        return wrong_use(argv[1]);
    }
    err = folder_read(argv[1], &folder);
    if (err) {
        printf("WRONG  %s: %s\n", folder.wrong,
               err == ERR_BAD_DATA ? "added: a bundle has plain files only"
                                   : err_text(err));
        return EXIT_WRONG;
    }
    err = bundle_verify(folder.files, folder.count, tell, &told, &v);
    if (err) {
        fprintf(stderr, "cannot check: %s\n", err_text(err));
        status = EXIT_WRONG;
    } else {
        status = verdict(&v, anchor);
    }
    folder_free(&folder);
    return status;
}
