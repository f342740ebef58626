#!/bin/sh
# Takes the texts out of the sources and out of the forms, categories,
# library and profiles into beatbook.pot and merges them into the catalogues.
# Needs gettext and jq. Run from the root of the repository.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d "${TMPDIR:-/tmp}/beatbook-po.XXXXXX")
trap 'rm -rf "$work"' EXIT
# What people read of a form or category, as a C file of calls of N_().
{
    echo '/* texts of assets/forms and assets/categories.json */'
    jq -r '[.. | objects |
            (.label?, .short_label?, .hint?, .message?, .unit?, .detail?,
             .marking?)] | map(strings) | unique[] | "N_(\(tojson));"' \
        assets/forms/*.json assets/categories.json |
        LC_ALL=C sort -u
    echo '/* texts of assets/library and assets/profiles */'
    jq -r '[.. | objects | (.title?, .text?, .intro?, .also?)] | map(strings) |
            unique[] | "N_(\(tojson));"' \
        assets/library/*.json assets/profiles/*.json |
        LC_ALL=C sort -u
} >"$work/forms.c"
xgettext --from-code=UTF-8 -k -ktr:1 -ktrn:1,2 -kN_:1 -L C --no-location \
    --sort-output --package-name=beatbook --copyright-holder=Beatbook \
    -o assets/po/beatbook.pot ui/*.c ui/*.h ui/kit/*.c ui/screens/*.c \
    ui/worker/*.c core/form.c \
    tests/ui/fake_app.c "$work/forms.c"
for po in assets/po/*.po; do
    msgmerge --quiet --update --backup=none --sort-output --no-location \
        "$po" assets/po/beatbook.pot
done
