#!/bin/sh
# handover.sh - a tablet that never reached the network: its entries and
# photos go to the council on a stick, twice, cut, damaged, to the wrong
# council, and later by the network, too. Each is taken in once.
#
# usage: sh tests/e2e/handover.sh BUILD_DIR
set -eu
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all "no jq here"
photo=$top/assets/demo/photos/bench.jpg
server() {
    verb=$1
    shift
    "$bin/beatbook-server" "$verb" --dir "$work/server" "$@"
}
# refused WORDS WHAT COMMAND...: fails, and says those words.
refused() {
    words=$1
    what=$2
    shift 2
    if "$@" >"$work/said" 2>&1; then
        not_ok "$what"
    fi
    grep -q "$words" "$work/said" || {
        sed 's/^/# /' "$work/said"
        not_ok "$what: says \"$words\""
    }
    ok "$what: $(tail -n 1 "$work/said" | sed 's/^[a-z-]*: //')"
}

make_council
start_server
enrol_tablet a 4127
enrol_tablet b 4188
check "everything is sent at first" ctl sync a
stop_server
for i in 1 2 3 4 5 6; do
    ctl record a ASB-09 note="offline $i" --photo "$photo" >/dev/null ||
        not_ok "it is recorded"
done
waits=$(status_of a .waiting)
[ "$waits" -gt 0 ] || not_ok "something waits"
check "what waits is written to the stick" ctl export a --sealed "$work/s.bho"
! grep -aq 'offline 1' "$work/s.bho" || not_ok "no word of it stands there"
ok "no word of it can be read on the stick"
[ "$(status_of a .waiting)" = "$waits" ] || not_ok "it still waits here"

size=$(stat -c %s "$work/s.bho")
head -c $((size - 5000)) "$work/s.bho" >"$work/cut.bho"
refused 'make it again' "a cut file" server import --sealed "$work/cut.bho"
cp "$work/s.bho" "$work/bad.bho"
printf 'xxxx' | dd of="$work/bad.bho" bs=1 seek=$((size - 3000)) conv=notrunc \
    2>/dev/null
refused 'damaged or cut' "a damaged file" server import \
    --sealed "$work/bad.bho"
refused 'no hand-over file' "a picture" server import --sealed "$photo"
refused 'no such file' "a missing file" server import --sealed "$work/none"

check "the council takes it in, its server stopped" server import \
    --sealed "$work/s.bho" --receipt "$work/r1"
start_server
check "and again while its server runs" server import --sealed "$work/s.bho"
grep -q ' 0 entries new' "$work/check.log" || {
    sed 's/^/# /' "$work/check.log"
    not_ok "nothing is new the second time"
}
ok "nothing is new the second time"
check "the tablet takes the receipt" ctl import a --receipt "$work/r1"
[ "$(status_of a '.waiting + .files.waiting')" = 0 ] ||
    not_ok "nothing waits any more"
ok "nothing waits any more"
refused 'another tablet' "another's receipt" ctl import b \
    --receipt "$work/s.bho.receipt"
printf 'x' | dd of="$work/r1" bs=1 seek=60 conv=notrunc 2>/dev/null
refused 'was changed' "a changed receipt" ctl import a --receipt "$work/r1"

check "a sync afterwards brings nothing twice" ctl sync a
check "the colleague sees the photos" ctl sync b
[ "$(status_of b '.others_photos.here')" = 6 ] || not_ok "all are here"
check "the tablet's store is whole" ctl fsck a

# Another tablet carries one.
ctl record a ASB-09 note="carried" --photo "$photo" >/dev/null
check "a second file is written" ctl export a --sealed "$work/c.bho"
check "a colleague's tablet takes it along" ctl carry b "$work/c.bho"
refused 'no hand-over file' "a picture is no parcel" ctl carry b "$photo"
check "it goes with the colleague's sync" ctl sync b
ctl parcels b | grep -q ' delivered ' || not_ok "it is delivered"
ok "it is delivered"
check "the colleague has the answer" ctl parcels b \
    "$(ctl parcels b | cut -d ' ' -f 1)" --out "$work/answer"
check "and the author takes it" ctl import a --receipt "$work/answer"
[ "$(status_of a '.waiting + .files.waiting')" = 0 ] ||
    not_ok "nothing waits"
check "the author's own sync goes on" ctl sync a

# Another council can't read it.
stop_server
mv "$work/server" "$work/first"
make_council
refused 'another council' "another council" server import \
    --sealed "$work/s.bho"
rm -rf "$work/server"
mv "$work/first" "$work/server"
check "the council's store is whole" "$bin/beatbook-server" fsck \
    --dir "$work/server"
done_testing
