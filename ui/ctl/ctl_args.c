#include <stdlib.h>
#include <string.h>

#include "ui/ctl/ctl.h"

struct option {
    const char *name;
    const char **value; /* takes one */
    bool *flag;         /* or is one */
};

static struct option *find_option(struct option *options, size_t count,
                                  const char *arg)
{
    for (size_t i = 0; i < count; i++) {
        const size_t len = strlen(options[i].name);

        if (strncmp(arg, options[i].name, len) == 0 &&
            (arg[len] == '\0' || (arg[len] == '=' && options[i].value))) {
            return &options[i];
        }
    }
    return NULL;
}

/* "--name value" or "--name=value"; `i` moves to the last word used. */
static const char *value_of(const struct option *o, int argc, char **argv,
                            int *i)
{
    const char *arg = argv[*i] + strlen(o->name);

    if (*arg == '=') {
        return arg + 1;
    }
    return *i + 1 < argc ? argv[++*i] : NULL;
}

static enum err add_word(struct ctl_args *out, const char *word)
{
    if (!out->verb) {
        out->verb = word;
        return ERR_OK;
    }
    if (out->word_count == CTL_WORDS_MAX) {
        ctl_say("more than %d words", CTL_WORDS_MAX);
        return ERR_USAGE;
    }
    out->words[out->word_count++] = word;
    return ERR_OK;
}

static enum err add_photo(struct ctl_args *out, const char *photo)
{
    if (out->photo_count == CTL_PHOTOS_MAX) {
        ctl_say("more than %d photos for one record", CTL_PHOTOS_MAX);
        return ERR_USAGE;
    }
    out->photos[out->photo_count++] = photo;
    return ERR_OK;
}

enum err ctl_args_parse(int argc, char **argv, struct ctl_args *out)
{
    const char *photo = NULL;
    struct option options[] = {
        { "--dir", &out->dir, NULL },
        { "--code", &out->code, NULL },
        { "--officer", &out->officer, NULL },
        { "--gpsd", &out->gpsd, NULL },
        { "--proxy", &out->proxy, NULL },
        { "--tpm", &out->tpm, NULL },
        { "--out", &out->out, NULL },
        { "--photo", &photo, NULL },
        { "--json", NULL, &out->is_json },
        { "--metered", NULL, &out->is_metered },
        { "--once", NULL, &out->is_once },
        { "--original", NULL, &out->is_original },
        { "--all", NULL, &out->is_all },
        { "--sealed", &out->sealed, NULL },
        { "--receipt", &out->receipt, NULL },
    };
    bool only_words = false;
    enum err err = ERR_OK;

    memset(out, 0, sizeof(*out));
    for (int i = 1; i < argc && !err; i++) {
        struct option *o;

        if (only_words || strncmp(argv[i], "--", 2) != 0) {
            err = add_word(out, argv[i]);
            continue;
        }
        only_words = argv[i][2] == '\0'; /* "--" ends the options */
        if (only_words) {
            continue;
        }
        o = find_option(options, ARRAY_LEN(options), argv[i]);
        if (!o) {
            ctl_say("no option \"%s\"; see beatbookctl --help", argv[i]);
            return ERR_USAGE;
        }
        if (o->flag) {
            *o->flag = true;
            continue;
        }
        *o->value = value_of(o, argc, argv, &i);
        if (!*o->value) {
            ctl_say("%s needs a value", o->name);
            return ERR_USAGE;
        }
        if (o->value == &photo) {
            err = add_photo(out, photo);
        }
    }
    if (!out->gpsd) {
        out->gpsd = getenv("BEATBOOK_GPSD"); /* as the window does */
    }
    if (out->gpsd && *out->gpsd == '\0') {
        out->gpsd = NULL;
    }
    if (!err && !out->verb) {
        ctl_say("which command? See beatbookctl --help");
        err = ERR_USAGE;
    }
    if (!err && !out->dir) {
        ctl_say("--dir DIR is missing: the tablet's folder");
        err = ERR_USAGE;
    }
    return err;
}
