/* fuzz_body.c - any bytes as the body of an event: no crash, and what is
 * read lies within what was given. */
#include "core/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(struct bytes part, struct bytes whole)
{
    ASSERT(part.len == 0 || (part.data >= whole.data &&
                             part.data + part.len <= whole.data + whole.len));
}

static void try_field(const struct body_field_view *f, struct bytes in)
{
    static struct event_ref refs[BODY_BASES_MAX];
    const struct uuid own = { { 1 } };
    struct body_place place;
    size_t count = 0;

    check_within(f->value, in);
    check_within(f->bases, in);
    if (body_bases(f, &own, refs, &count) == ERR_OK) {
        ASSERT(count <= BODY_BASES_MAX);
        ASSERT(count == 0 || f->bases.len > 0);
    }
    if (body_place_parse(f->value, &place) == ERR_OK) {
        check_within(place.words, in);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct body_view view;
    const struct bytes in = { data, size };

    if (body_parse(in, &view) != ERR_OK) {
        return 0;
    }
    ASSERT(view.field_count <= BODY_FIELDS_MAX);
    for (size_t i = 0; i < view.field_count; i++) {
        ASSERT(body_find(&view, view.fields[i].id) == &view.fields[i]);
        try_field(&view.fields[i], in);
    }
    check_within(view.form, in);
    return 0;
}
