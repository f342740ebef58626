/* main.c - beatbook-server: the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync-server/cli.h"

static const char usage[] =
    "usage: beatbook-server VERB --dir DIR ...\n"
    "  init    --council NAME [--host NAME] [--assets DIR]\n"
    "  serve   --listen HOST:PORT [--web HOST:PORT] [--metrics HOST:PORT]\n"
    "          [--user NAME] [--backup DIR | --backup none]\n"
    "                               a segment a minute; default DIR/backup\n"
    "  officer --add NUMBER --name NAME [--role ROLE]\n"
    "                               asks for this officer's passphrase for\n"
    "                               the console; again for a number that is\n"
    "                               there: a new passphrase, one more role\n"
    "  officer --revoke NUMBER | device --revoke NAME_OR_ID\n"
    "                               end somebody's, a tablet's access\n"
    "  device                       lists all tablets: id, name, last seen\n"
    "  enrol   --device NAME [--kiosk] [--weak-storage] [--officer NUMBER]\n"
    "  rekey   --device NAME_OR_ID  let a tablet with an expired certificate\n"
    "                               ask for a new one, for a day\n"
    "  wipe    [--device NAME_OR_ID --reason TEXT]\n"
    "                               a lost tablet destroys its keys;\n"
    "                               alone: who was told, who has obeyed\n"
    "  renew-ca --safe DIR [--new-root]   once a year: a new issuing CA\n"
    "  export  --bundle OUT [--record ID | --patrol ID | --notice NUMBER]\n"
    "  areas   --file FILE.geojson   beats, hotspots, orders, streets: all\n"
    "                               there are; one left out is withdrawn\n"
    "  profile --file FILE.json      whose law: assets/profiles/wales.json\n"
    "  policy  --file FILE.json      check-ins, minutes that count:\n"
    "                               assets/policy.json, changed\n"
    "  cards   --file FILE.json      who holds which powers, until when\n"
    "  briefing | task --file F.json [--officer NUMBER]\n"
    "                               goes to the tablets of the team\n"
    "  erase   --record ID --reason TEXT [--officer NUMBER]\n"
    "  hold | release --record ID --reason TEXT [--officer NUMBER]\n"
    "                               while a hold stands nothing is erased\n"
    "  erasures                     and the tablets that did not confirm\n"
    "  import  --sealed FILE [--receipt OUT]   a tablet's hand-over file\n"
    "  fingerprint\n"
    "  fsck                         does all that is stored fit together?\n"
    "  verify  [BACKUP]             does the newest backup? (DIR/backup)\n"
    "  backup  OUT                  one whole copy, into a new folder\n"
    "  restore FROM [--until 2026-01-31T09:30] [--erasures JOURNAL]\n"
    "                               FROM: such a copy, or a BACKUP; times\n"
    "                               in UTC; --dir: a new folder\n"
    "Passphrases come from a prompt or the file BEATBOOK_PASSPHRASE_FILE.\n"
    "ROLE: neighbourhood-officer (else), enforcement-officer,\n"
    "  cohesion-officer, cctv-operative, team-leader, safeguarding-lead,\n"
    "  safeguarding-deputy, administrator, auditor, lead-member. Who has\n"
    "  administrator never sees content on the console.\n"
    "Files to start from: assets/demo/areas.geojson, and the briefings and\n"
    "  tasks of assets/demo/council.json; a task's \"due\" wants its day,\n"
    "  too: 2026-10-23T10:45.\n";

/* An exit code is this and the number of the error, as with beatbookctl. */
#define EXIT_ERR_BASE 10

static const struct {
    const char *name;
    enum err (*fn)(const struct cli *args);
} verbs[] = {
    { "init", cli_init },         { "serve", cli_serve },
    { "officer", cli_officer },   { "enrol", cli_enrol },
    { "rekey", cli_rekey },       { "wipe", cli_wipe },
    { "renew-ca", cli_renew_ca }, { "import", cli_import },
    { "export", cli_export },     { "fingerprint", cli_fingerprint },
    { "verify", cli_verify },     { "fsck", cli_fsck },
    { "backup", cli_backup },     { "restore", cli_restore },
    { "erase", cli_order },       { "hold", cli_order },
    { "release", cli_order },     { "erasures", cli_erasures },
    { "device", cli_device },     { "areas", cli_areas },
    { "briefing", cli_brief },    { "task", cli_brief },
    { "profile", cli_areas },     { "cards", cli_areas },
    { "policy", cli_areas },
};

/* The options with a value, and where it goes. */
static const struct {
    const char *name;
    size_t offset;
} options[] = {
#define O(text, field)                         \
    {                                          \
        "--" text, offsetof(struct cli, field) \
    }
    O("dir", dir),         O("council", council),   O("listen", listen),
    O("web", web),         O("metrics", metrics),   O("add", add),
    O("name", name),       O("role", role),         O("device", device),
    O("bundle", bundle),   O("record", record),     O("patrol", patrol),
    O("notice", notice),   O("host", host),         O("assets", assets),
    O("share", share),     O("user", user),         O("safe", safe),
    O("reason", reason),   O("backup", backup),     O("until", until),
    O("officer", officer), O("erasures", erasures), O("sealed", sealed),
    O("file", file),       O("receipt", receipt),   O("backup-every", every),
    O("revoke", revoke),
#undef O
};

static const char **place_of(struct cli *args, const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        if (strcmp(options[i].name, name) == 0) {
            void *place = (char *)args + options[i].offset;

            return place;
        }
    }
    return NULL;
}

static bool read_args(int argc, char **argv, struct cli *args)
{
    for (int i = 2; i < argc; i++) {
        const char **place = place_of(args, argv[i]);

        if (strcmp(argv[i], "--kiosk") == 0) {
            args->is_kiosk = true;
        } else if (strcmp(argv[i], "--weak-storage") == 0) {
            args->has_weak_storage = true;
        } else if (strcmp(argv[i], "--new-root") == 0) {
            args->is_new_root = true;
        } else if (place != NULL && i + 1 < argc && *place == NULL) {
            *place = argv[++i];
        } else if (argv[i][0] != '-' && args->operand == NULL) {
            args->operand = argv[i];
        } else {
            cli_say("\"%s\": unknown, said twice, or without its value",
                    argv[i]);
            return false;
        }
    }
    return true;
}

static int exit_code(enum err err)
{
    if (err == ERR_OK) {
        return 0;
    }
    return err == ERR_USAGE ? 2 : EXIT_ERR_BASE + (int)err;
}

static void print_help(FILE *to)
{
    fputs(usage, to);
    fputs("Exit codes: 0 done; 2 wrong use; else:\n", to);
    for (int i = 1; i < (int)ERR__COUNT; i++) {
        if (i != (int)ERR_USAGE) {
            fprintf(to, "  %2d  %s\n", EXIT_ERR_BASE + i,
                    err_text((enum err)i));
        }
    }
}

/* Is `verb` named at the start of this line? "hold | release --record" names
 * two of them. */
static bool line_names(const char *line, const char *verb)
{
    const size_t len = strlen(verb);
    const char *end = strpbrk(line, "\n");

    for (const char *at = line + 2; end != NULL && at < end;) {
        const size_t word = strcspn(at, " \n");
        const char *bar = strstr(at, "| ");

        if (word == len && strncmp(at, verb, len) == 0) {
            return true;
        }
        if (bar == NULL || bar > end) {
            break;
        }
        at = bar + 2;
    }
    return false;
}

/* The lines of the usage that are about one verb. False: it has none. */
static bool print_verb(const char *verb)
{
    const char *line = strchr(usage, '\n') + 1;
    bool is_in = false, found = false;

    while (strncmp(line, "  ", 2) == 0) {
        const char *next = strchr(line, '\n') + 1;

        if (line[2] != ' ') {
            is_in = line_names(line, verb);
        }
        if (is_in) {
            printf("%s%.*s",
                   found ? "" : "usage: beatbook-server VERB --dir DIR ...\n",
                   (int)(next - line), line);
            found = true;
        }
        line = next;
    }
    return found;
}

/* "VERB ... --help", wherever it stands. */
static bool asks_help(int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    struct cli args = { .verb = argc > 1 ? argv[1] : "" };

    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (asks_help(argc, argv) && print_verb(args.verb))
        return 0;
    if (!read_args(argc, argv, &args))
        return 2;
    if (args.dir == NULL) {
        cli_say("--dir DIR is needed");
        return 2;
    }
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verbs[i].name, args.verb) == 0) {
            return exit_code(verbs[i].fn(&args));
        }
    }
    cli_say("no verb \"%s\"; try --help", args.verb);
    return 2;
}
