#!/bin/sh
# colleague.sh - a photo that one officer took shows on another's tablet:
# the small picture by itself, the original when it is asked for.
#
# usage: sh tests/e2e/colleague.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
photo=$top/assets/demo/photos/bench.jpg

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
for i in 1 2 3; do
    ctl record a ASB-09 note="bench $i" --photo "$photo" >"$work/record.log" ||
        not_ok "a photo is recorded"
done
[ "$(status_of a '.photos | "\(.held) of \(.made)"')" = "0 of 3" ] ||
    not_ok "nothing has arrived before the sync"
[ "$(status_of a '.incomplete | length')" = 3 ] ||
    not_ok "three records are told as incomplete"
check "the author syncs" ctl sync a
[ "$(status_of a '.photos | "\(.held) of \(.made)"')" = "3 of 3" ] ||
    not_ok "3 of 3 photos arrived"
ok "3 of 3 photos arrived"
[ "$(status_of a '.incomplete | length')" = 0 ] || not_ok "none is incomplete"

check "the colleague syncs" ctl sync b
[ "$(status_of b '.others_photos | "\(.here) of \(.known)"')" = "3 of 3" ] ||
    not_ok "the colleague sees 3 of 3"
ok "the colleague sees 3 of 3"
id=$(ctl photos b | head -n 1 | cut -d ' ' -f 1)
check "the small picture opens" ctl photo b "$id" --out "$work/small.jpg"
head -c 3 "$work/small.jpg" | od -An -tx1 | grep -q 'ff d8 ff' ||
    not_ok "it is a JPEG"
if ctl photo b "$id" --original --out "$work/none.jpg" 2>"$work/said"; then
    not_ok "the original isn't here yet"
fi
grep -q 'comes with the next sync' "$work/said" || not_ok "it says when"
check "the colleague syncs again" ctl sync b
check "the original opens" ctl photo b "$id" --original \
    --out "$work/original.jpg"
cmp -s "$photo" "$work/original.jpg" || not_ok "it is the same, byte by byte"
ok "the original is the same, byte by byte"
check "the colleague's store is whole" ctl fsck b

# A file that changed on the colleague's disk is noticed, never shown.
for file in "$work"/b/blobs/[0-9a-f]*; do
    printf 'x' | dd of="$file" bs=1 seek=200 conv=notrunc 2>/dev/null
done
if ctl photo b "$id" --out "$work/bad.jpg" 2>"$work/said"; then
    not_ok "a changed file is not shown"
fi
[ ! -e "$work/bad.jpg" ] || not_ok "no picture of a changed file"
ok "a changed file is not shown: $(sed 's/.*: //' "$work/said")"
done_testing
