/* ctl_shared.c - closed records, as the officer whose PIN was right reads
 * them. They are in no export: this prints to the screen only. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/tablet_list.h"
#include "core/tier.h"
#include "ui/ctl/ctl.h"

#define LIST_MAX       1000
#define TEXT_MAX_SHOWN 4096

static enum err print_item(void *ctx, const struct tablet_item *item)
{
    char id[UUID_TEXT_SIZE];

    (void)ctx;
    if (item->tier != TIER_OPEN && item->kind != KIND_RESTRICTED &&
        item->kind != KIND_SEALED) {
        uuid_format(&item->id, id);
        printf("%s %s %s\n", id,
               item->tier == TIER_SEALED ? "sealed" : "restricted",
               item->category[0] != '\0' ? item->category : item->form);
    }
    return ERR_OK;
}

static void print_value(struct bytes value)
{
    struct cbor_reader r;
    struct bytes text;
    int64_t number;

    cbor_open_gated(&r, value);
    text = cbor_get_text(&r);
    if (!r.err) {
        printf("%.*s\n", (int)text.len, (const char *)text.data);
        return;
    }
    cbor_open_gated(&r, value);
    number = cbor_get_int(&r);
    if (!r.err) {
        printf("%" PRId64 "\n", number);
        return;
    }
    for (size_t i = 0; i < value.len && i < TEXT_MAX_SHOWN; i++) {
        printf("%02x", value.data[i]);
    }
    putchar('\n');
}

static enum err print_field(void *ctx, const struct tablet_field *f)
{
    ++*(size_t *)ctx;
    printf("%" PRIu64 " ", f->id);
    if (f->value.data == NULL) {
        puts("(struck)");
    } else {
        print_value(f->value);
    }
    return ERR_OK;
}

static enum err print_record(struct tablet *t, const char *text)
{
    struct tablet_item item;
    struct uuid id;
    size_t count = 0;
    enum err err = uuid_parse(text, &id);

    if (err) {
        ctl_say("\"%s\" isn't the id of a record", text);
        return ERR_USAGE;
    }
    err = tablet_item(t, &id, &item);
    if (!err && item.tier != TIER_OPEN) {
        err = tablet_fields(t, &id, print_field, &count);
    }
    if (err == ERR_NOT_FOUND || (!err && count == 0)) {
        ctl_say("no such record was shared with this officer");
        return ERR_NOT_FOUND;
    }
    return err;
}

enum err ctl_shared(const struct ctl_args *args)
{
    const struct tablet_filter all = { .max = LIST_MAX };
    struct session *s;
    enum err err = ctl_unlock(args, &s);

    if (err) {
        return err;
    }
    if (args->word_count > 0) {
        err = print_record(session_tablet(s), args->words[0]);
    } else {
        err = tablet_records(session_tablet(s), &all, print_item, NULL);
    }
    session_close(s);
    return err;
}
