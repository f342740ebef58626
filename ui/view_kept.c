#include "ui/view_kept.h"

#include <string.h>

const char *view_kept_text(const struct view_kept *v, enum kept_kind kind,
                           const char *about)
{
    const struct view_kept_one *one = &v->of[kind];

    return strcmp(one->about, about) == 0 ? one->text : "";
}
