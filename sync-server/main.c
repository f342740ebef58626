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

int main(int argc, char **argv)
{
    struct cli args = { .verb = argc > 1 ? argv[1] : "" };

    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        fputs(usage, argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (!read_args(argc, argv, &args))
        return 2;
    if (args.dir == NULL) {
        cli_say("--dir DIR is needed");
        return 2;
    }
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verbs[i].name, args.verb) == 0) {
            const enum err err = verbs[i].fn(&args);

            return err == ERR_OK ? 0 : err == ERR_USAGE ? 2 : 1;
        }
    }
    cli_say("no verb \"%s\"; try --help", args.verb);
    return 2;
}
