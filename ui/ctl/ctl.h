/*
 * ctl.h - the verbs of beatbookctl. Each prints its result on standard
 * output and, on failure, one plain reason with what to do next on
 * standard error; ctl.c turns the error into the exit code of README.md.
 */
#ifndef UI_CTL_CTL_H
#define UI_CTL_CTL_H

#include "ui/session/session.h"

#define CTL_WORDS_MAX  300 /* fields of one record and more */
#define CTL_PHOTOS_MAX 16

/* What stood on the command line; views into argv. */
struct ctl_args {
    const char *verb;
    const char *dir;     /* --dir */
    const char *code;    /* --code */
    const char *officer; /* --officer: number; NULL: the only one */
    const char *gpsd;    /* --gpsd HOST:PORT */
    const char *proxy;   /* --proxy URL */
    const char *tpm;     /* --tpm, as tss2 names it */
    const char *out;     /* --out FILE */
    bool is_json;        /* --json */
    bool is_metered;     /* --metered */
    bool is_once;        /* --once */
    bool is_original;    /* --original */
    bool is_all;         /* --all */
    const char *sealed;  /* --sealed FILE */
    const char *receipt; /* --receipt FILE */
    size_t photo_count;
    const char *photos[CTL_PHOTOS_MAX]; /* --photo */
    size_t word_count;
    const char *words[CTL_WORDS_MAX]; /* the rest, in order */
};
/* ERR_USAGE with a message printed. */
MUST_USE enum err ctl_args_parse(int argc, char **argv, struct ctl_args *out);

/* Prints "beatbookctl: ..." as by printf. */
void ctl_say(const char *format, ...) PRINTF(1, 2);

/*
 * The PIN, from the file that BEATBOOK_PIN_FILE names or from the terminal
 * without echo; twice when it is a new one. Wipe `out`.
 */
MUST_USE enum err ctl_pin(const char *number, bool is_new, struct buf *out);

/* A second PIN in one run: from the file that BEATBOOK_NEW_PIN_FILE names or
 * from the terminal, twice. Wipe `out`. */
MUST_USE enum err ctl_new_pin(const char *number, struct buf *out);

/* Does nothing for so long, at most a second. */
void ctl_pause(uint64_t ms);

/* The officer that was named, or the only one; says why not. */
MUST_USE enum err ctl_choose_officer(const struct ctl_args *args,
                                     const struct keyring *ring,
                                     struct keyring_officer *out);
/* A session in --dir, locked; says why not. */
MUST_USE enum err ctl_open(const struct ctl_args *args, struct session **out);
/* The same, with an officer's PIN asked for. */
MUST_USE enum err ctl_unlock(const struct ctl_args *args, struct session **out);
/* The same, and the officer signed in: to record. */
MUST_USE enum err ctl_sign_in(const struct ctl_args *args,
                              struct session **out);

#define CTL_WIPED                                                           \
    "the council ordered this tablet closed for good, and it is: its keys " \
    "are gone. What was not sent is in the file unsent-*.sealed, if there " \
    "is one; give it to the administrator"

/* Reconcile until nothing waits, or a try failed for the fourth time in a
 * row, with --once for the first; says why it stopped before that. */
MUST_USE enum err ctl_reconcile(struct session *s, const struct ctl_args *args);

/* The verbs. */
MUST_USE enum err ctl_enrol(const struct ctl_args *args);
MUST_USE enum err ctl_codes(const struct ctl_args *args);
MUST_USE enum err ctl_officer(const struct ctl_args *args);
MUST_USE enum err ctl_duress(const struct ctl_args *args);
MUST_USE enum err ctl_record(const struct ctl_args *args);
MUST_USE enum err ctl_change(const struct ctl_args *args); /* set, strike */
MUST_USE enum err ctl_import(const struct ctl_args *args);
MUST_USE enum err ctl_sync(const struct ctl_args *args);
MUST_USE enum err ctl_rekey(const struct ctl_args *args);
MUST_USE enum err ctl_status(const struct ctl_args *args);
MUST_USE enum err ctl_export(const struct ctl_args *args);
MUST_USE enum err ctl_export_sealed(const struct ctl_args *args);
MUST_USE enum err ctl_import_receipt(const struct ctl_args *args);
MUST_USE enum err ctl_carry(const struct ctl_args *args);
MUST_USE enum err ctl_parcels(const struct ctl_args *args);
MUST_USE enum err ctl_salvage(const struct ctl_args *args);
MUST_USE enum err ctl_photos(const struct ctl_args *args);
MUST_USE enum err ctl_photo(const struct ctl_args *args);
MUST_USE enum err ctl_shared(const struct ctl_args *args);
MUST_USE enum err ctl_fsck(const struct ctl_args *args);
MUST_USE enum err ctl_conflicts(const struct ctl_args *args);
MUST_USE enum err ctl_resolve(const struct ctl_args *args);
MUST_USE enum err ctl_rebuild(const struct ctl_args *args);

#endif /* UI_CTL_CTL_H */
