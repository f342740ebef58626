#include "ui/kit/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/kit/plural.h"

#define MO_MAGIC     0x950412deu
#define MO_MAX_BYTES ((long)4 * 1024 * 1024)

/* One catalogue at a time; only the UI thread asks for texts. */
static struct {
    char lang[8];
    char *data; /* NULL: English */
    size_t size;
    uint32_t count;
    uint32_t originals; /* offset of the table of (length, offset) */
    uint32_t texts;
    struct plural plural;
} cat = { .lang = "en" };

/* .mo files are made on the machine that reads them: same byte order. */
static uint32_t word_at(const char *data, size_t at)
{
    uint32_t word;

    memcpy(&word, data + at, sizeof(word));
    return word;
}

static enum err read_file(const char *path, char **data_out, size_t *size_out)
{
    FILE *f = fopen(path, "rb");
    char *data = NULL;
    long size = 0;
    enum err err = ERR_BAD_DATA;

    if (f == NULL) {
        return ERR_NOT_FOUND;
    }
    if (fseek(f, 0, SEEK_END) != 0) {
        goto out;
    }
    size = ftell(f);
    if (size < 28 || size > MO_MAX_BYTES || fseek(f, 0, SEEK_SET) != 0) {
        goto out;
    }
    data = malloc((size_t)size + 1);
    if (data == NULL || fread(data, 1, (size_t)size, f) != (size_t)size) {
        free(data);
        goto out;
    }
    data[size] = '\0';
    *data_out = data;
    *size_out = (size_t)size;
    err = ERR_OK;
out:
    fclose(f);
    return err;
}

/* Every string must lie in the file and end with a NUL. */
static bool table_holds(const char *data, size_t size, uint32_t table,
                        uint32_t count)
{
    if (table > size || count > (size - table) / 8) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const size_t len = word_at(data, table + 8 * (size_t)i);
        const size_t at = word_at(data, table + 8 * (size_t)i + 4);

        if (at >= size || len >= size - at || data[at + len] != '\0') {
            return false;
        }
    }
    return true;
}

static const char *lookup(const char *text, size_t *len_out)
{
    uint32_t low = 0;
    uint32_t high = cat.data != NULL ? cat.count : 0;

    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        const char *has =
            cat.data + word_at(cat.data, cat.originals + 8 * (size_t)mid + 4);
        const int order = strcmp(text, has); /* stops at a plural's NUL */
        const size_t at = cat.texts + 8 * (size_t)mid;

        if (order == 0) {
            *len_out = word_at(cat.data, at);
            return cat.data + word_at(cat.data, at + 4);
        }
        if (order < 0) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return NULL;
}

void tr_close(void)
{
    free(cat.data);
    memset(&cat, 0, sizeof(cat));
    snprintf(cat.lang, sizeof(cat.lang), "en");
}

enum err tr_use(const char *dir, const char *lang)
{
    char path[512];
    char *data = NULL;
    size_t size = 0;
    size_t len;
    const char *head;
    enum err err;

    if (strcmp(lang, "en") == 0) {
        tr_close();
        return ERR_OK;
    }
    if (strchr(lang, '/') != NULL || strlen(lang) >= sizeof(cat.lang)) {
        return ERR_NOT_FOUND;
    }
    if (snprintf(path, sizeof(path), "%s/%s.mo", dir, lang) >=
        (int)sizeof(path)) {
        return ERR_TOO_LONG;
    }
    err = read_file(path, &data, &size);
    if (err)
        return err;
    if (word_at(data, 0) != MO_MAGIC ||
        !table_holds(data, size, word_at(data, 12), word_at(data, 8)) ||
        !table_holds(data, size, word_at(data, 16), word_at(data, 8))) {
        free(data);
        return ERR_BAD_DATA;
    }
    tr_close();
    cat.data = data;
    cat.size = size;
    cat.count = word_at(data, 8);
    cat.originals = word_at(data, 12);
    cat.texts = word_at(data, 16);
    snprintf(cat.lang, sizeof(cat.lang), "%.2s", lang);
    head = lookup("", &len);
    plural_parse(&cat.plural, head != NULL ? head : "");
    return ERR_OK;
}

const char *tr_lang(void)
{
    return cat.lang;
}

bool tr_is_rtl(void)
{
    return strcmp(cat.lang, "ar") == 0 || strcmp(cat.lang, "ur") == 0;
}

const char *tr(const char *text)
{
    size_t len;
    const char *found = text[0] != '\0' ? lookup(text, &len) : NULL;

    return found != NULL && found[0] != '\0' ? found : text;
}

const char *trn(const char *one, const char *many, unsigned long n)
{
    size_t len = 0;
    const char *found = lookup(one, &len);
    const char *end;

    if (found == NULL || found[0] == '\0') {
        return n == 1 ? one : many;
    }
    end = found + len;
    for (unsigned long form = plural_form(&cat.plural, n); form > 0; form--) {
        const char *next = found + strlen(found) + 1;

        if (next >= end) {
            break; /* the catalogue has fewer forms than its rule names */
        }
        found = next;
    }
    return found;
}
