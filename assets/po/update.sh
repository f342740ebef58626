#!/bin/sh
# Takes the texts out of the sources into beatbook.pot and merges them into
# the catalogues. Needs gettext. Run from the root of the repository.
set -eu
cd "$(dirname "$0")/../.."
xgettext --from-code=UTF-8 -k -ktr:1 -ktrn:1,2 -kN_:1 -L C --no-location \
    --sort-output --package-name=beatbook --copyright-holder=Beatbook \
    -o assets/po/beatbook.pot ui/*.c ui/*.h ui/kit/*.c ui/screens/*.c \
    core/form.c \
    tests/ui/fake_app.c
for po in assets/po/*.po; do
    msgmerge --quiet --update --backup=none --sort-output --no-location \
        "$po" assets/po/beatbook.pot
done
