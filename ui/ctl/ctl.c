/* ctl.c - the program beatbookctl: which verb, and its exit code. */
#include "ui/ctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Exit codes: 0, 2 for wrong use, else this and the error's number. */
#define EXIT_ERR_BASE 10

void ctl_say(const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fputs("beatbookctl: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static const struct {
    const char *name;
    enum err (*run)(const struct ctl_args *args);
    const char *usage, *what;
} verbs[] = {
    { "enrol", ctl_enrol, "--dir DIR --code CODE --officer NUMBER",
      "join the council; sets that officer's PIN" },
    { "record", ctl_record, "KIND field=value... --dir DIR [--photo FILE]...",
      "record one observation of a category or form; prints its id" },
    { "set", ctl_change, "RECORD field=value... --dir DIR",
      "correct it; what stood before stays in its history" },
    { "strike", ctl_change, "RECORD reason=TEXT --dir DIR",
      "take it out of lists and searches; nothing is deleted" },
    { "import", ctl_import, "police-uk FILE.csv --dir DIR",
      "each row becomes an observation; prints how many" },
    { "sync", ctl_sync, "--dir DIR [--once]",
      "reconcile; 0 when nothing waits. --once: one failure ends it, not "
      "four" },
    { "rekey", ctl_rekey, "--dir DIR [--code CODE]",
      "ask for a new certificate, where the old one ran out" },
    { "status", ctl_status, "--dir DIR --json", "what waits, what arrived" },
    { "export", ctl_export, "--dir DIR [--out FILE]",
      "all readable records as CSV" },
    { "export", ctl_export, "--sealed FILE --dir DIR [--all]",
      "what wasn't sent yet, to be carried to the council by hand" },
    { "import", ctl_import, "--receipt FILE --dir DIR",
      "the council's answer to such a file" },
    { "carry", ctl_carry, "FILE --dir DIR",
      "take another tablet's sealed file along; it goes with the next sync" },
    { "parcels", ctl_parcels, "[NAME --out FILE] --dir DIR",
      "what is carried; the council's answer to one, for its author" },
    { "photos", ctl_photos, "[RECORD] --dir DIR",
      "a record's photos, or all: what arrived, what is here" },
    { "photo", ctl_photo, "PHOTO --dir DIR [--out FILE] [--original]",
      "one picture; asks for an original that isn't here yet" },
    { "conflicts", ctl_conflicts, "--dir DIR [--json]",
      "records that two people wrote differently, with every value" },
    { "resolve", ctl_resolve, "RECORD field=value... --dir DIR",
      "settle one; field#2 takes the second value; struck=yes or =no" },
    { "shared", ctl_shared, "--dir DIR [RECORD]",
      "closed records that this officer reads; one of them whole" },
    { "fsck", ctl_fsck, "--dir DIR", "check every chain, seal, hash, blob" },
    { "salvage", ctl_salvage, "--dir DIR",
      "make a new store from a damaged one, which is kept" },
    { "rebuild", ctl_rebuild, "--dir DIR",
      "make what screens show anew from the events" },
    { "officer", ctl_officer,
      "NUMBER --dir DIR [--officer NUMBER | --code CODE]",
      "give another officer a PIN here, or a new one; a colleague's PIN or\n"
      "      a recovery code opens the tablet for it" },
    { "duress", ctl_duress, "--dir DIR",
      "a second PIN that calls for help and shows little" },
    { "codes", ctl_codes, "--dir DIR",
      "print eight new recovery codes; the old ones are void" },
};

static void print_help(void)
{
    puts("beatbookctl - a Beatbook tablet without a screen\n");
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        printf("  beatbookctl %s %s\n      %s\n", verbs[i].name, verbs[i].usage,
               verbs[i].what);
    }
    puts("\nFor all: [--officer NUMBER] who signs in, where several may;\n"
         "  [--gpsd HOST:PORT] where positions come from, else\n"
         "  BEATBOOK_GPSD says it; [--proxy URL];\n"
         "  [--metered] hold originals of photos back; [--tpm TCTI].\n\n"
         "The PIN is asked for, or stands in the file that BEATBOOK_PIN_FILE\n"
         "names; a new one, in BEATBOOK_NEW_PIN_FILE. Values may be empty "
         "(field=) and hold any UTF-8 text.\n\n"
         "Exit codes: 0 done; 2 wrong use; else:");
    for (int i = 1; i < (int)ERR__COUNT; i++) {
        if (i != (int)ERR_USAGE) {
            printf("  %2d  %s\n", EXIT_ERR_BASE + i, err_text((enum err)i));
        }
    }
}

/* "VERB ... --help", before "--". */
static bool verb_help(int argc, char **argv)
{
    bool is_asked = false;

    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
        is_asked |= strcmp(argv[i], "--help") == 0;
    }
    for (size_t i = 0; is_asked && i < ARRAY_LEN(verbs); i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            printf("usage: beatbookctl %s %s\n    %s\n", verbs[i].name,
                   verbs[i].usage, verbs[i].what);
            return true;
        }
    }
    return false;
}

static int exit_code(enum err err)
{
    if (err == ERR_OK) {
        return 0;
    }
    return err == ERR_USAGE ? 2 : EXIT_ERR_BASE + (int)err;
}

int main(int argc, char **argv)
{
    struct ctl_args args;

    if (argc > 1 &&
        (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_help();
        return 0;
    }
    if (verb_help(argc, argv))
        return 0;
    if (ctl_args_parse(argc, argv, &args)) {
        return exit_code(ERR_USAGE);
    }
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(args.verb, verbs[i].name) == 0) {
            return exit_code(verbs[i].run(&args));
        }
    }
    ctl_say("no command \"%s\"; see beatbookctl --help", args.verb);
    return exit_code(ERR_USAGE);
}
